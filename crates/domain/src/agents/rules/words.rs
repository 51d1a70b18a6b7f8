//! A rule as a sentence.

use super::document::{About, Comparator, Condition, Match, Operand, Operation, Rule, When};
use super::figure::Kind;

/// What the rule does, without its name: amounts are told in minor units, because a rule knows no currency.
#[must_use]
pub fn sentence(rule: &Rule) -> String {
    let when = match &rule.when {
        When::Schedule { schedule } => format!("On the schedule {schedule}"),
        When::Event { event } => format!("After {event}"),
    };
    let joint = match rule.given.of {
        Match::All => " and ",
        Match::Any => " or ",
    };
    let conditions: Vec<_> = rule.given.conditions.iter().map(told).collect();
    let what = match rule.about {
        About::Variants => "variants",
        About::Orders => "orders",
    };
    format!(
        "{when}: {} {what} with {}.",
        doing(&rule.then),
        conditions.join(joint)
    )
}

fn told(condition: &Condition) -> String {
    let comparator = match condition.is {
        Comparator::AtLeast => "at least",
        Comparator::AtMost => "at most",
        Comparator::Above => "above",
        Comparator::Below => "below",
        Comparator::Equals => "equal to",
        Comparator::AnyOf => "any of",
        Comparator::NoneOf => "none of",
    };
    let days = condition.days.map(|days| format!(" in {days} days"));
    let kind = condition.figure.kind();
    let value = match &condition.value {
        Operand::Flag(true) => "yes".to_owned(),
        Operand::Flag(false) => "no".to_owned(),
        Operand::Number(n) if kind == Kind::Share => percent(*n),
        Operand::Number(n) if kind == Kind::Hours => format!("{n} hours"),
        Operand::Number(n) if kind == Kind::Days => format!("{n} days"),
        Operand::Number(n) if kind == Kind::Money => format!("{n} minor units"),
        Operand::Number(n) => n.to_string(),
        Operand::Words(words) => words.join(", "),
    };
    format!(
        "{}{} {comparator} {value}",
        condition.figure.label(),
        days.unwrap_or_default()
    )
}

fn doing(operation: &Operation) -> String {
    match operation {
        Operation::PricePercent { percent: by, .. } if *by < 0 => {
            format!("lower the price by {} of", percent(-by))
        }
        Operation::PricePercent { percent: by, .. } => {
            format!("raise the price by {} of", percent(*by))
        }
        Operation::PriceToMargin { margin, .. } => {
            format!("set the price to a unit margin of {} of", percent(*margin))
        }
        Operation::AddTags { tags } => format!("add the tags {} to", tags.join(", ")),
        Operation::RemoveTags { tags } => format!("remove the tags {} from", tags.join(", ")),
        Operation::HoldOrder { .. } => "hold".to_owned(),
        Operation::ReleaseOrder {} => "release".to_owned(),
        Operation::Notify {} => "tell of".to_owned(),
        Operation::Signal { event, .. } => format!("signal {event} to GitHub about"),
    }
}

/// Of a share in ten-thousandths.
pub(super) fn percent(share: i64) -> String {
    let sign = if share < 0 { "-" } else { "" };
    let share = share.unsigned_abs();
    match share % 100 {
        0 => format!("{sign}{} %", share / 100),
        part => format!("{sign}{}.{part:02} %", share / 100),
    }
}
