//! Rules that undo each other: what one does the other takes back, for as long as both go on.

use super::document::{Comparator, Condition, Match, Operand, Operation, Rule};
use super::figure::{Figure, Kind};
use std::collections::BTreeSet;

/// Why two rules of one store must not both be on; `None`: they do not meet.
///
/// Conditions keep two rules apart where no thing can meet both, by a figure that neither of them changes: a tag that is given below a stock and
/// taken away above it goes round only as the stock does.
#[must_use]
pub fn undoes(one: &Rule, two: &Rule) -> Option<String> {
    if one.about != two.about {
        return None;
    }
    let what = opposed(&one.then, &two.then)?;
    (!are_apart(one, two)).then(|| {
        format!(
            "would go round with the rule “{}”: {what}, and no condition keeps the two apart",
            two.name
        )
    })
}

fn opposed(one: &Operation, two: &Operation) -> Option<String> {
    use Operation as O;
    match (one, two) {
        (O::AddTags { tags }, O::RemoveTags { tags: other }) => shared(tags, other)
            .map(|tag| format!("that one takes away the tag {tag}, which this one gives")),
        (O::RemoveTags { tags }, O::AddTags { tags: other }) => shared(tags, other)
            .map(|tag| format!("that one gives the tag {tag}, which this one takes away")),
        (O::HoldOrder { .. }, O::ReleaseOrder {}) | (O::ReleaseOrder {}, O::HoldOrder { .. }) => {
            Some("one holds the orders that the other one releases".to_owned())
        }
        (O::PricePercent { percent: up, .. }, O::PricePercent { percent: down, .. }) => {
            (up.signum() != down.signum())
                .then(|| "one raises the prices that the other one lowers".to_owned())
        }
        (O::PriceToMargin { margin, .. }, O::PriceToMargin { margin: other, .. }) => {
            (margin != other).then(|| "both set the same prices, to different margins".to_owned())
        }
        (O::PricePercent { .. }, O::PriceToMargin { .. })
        | (O::PriceToMargin { .. }, O::PricePercent { .. }) => {
            Some("one moves the prices that the other one sets".to_owned())
        }
        _ => None,
    }
}

fn key(word: &str) -> String {
    word.trim().to_lowercase()
}

fn keys(words: &[String]) -> BTreeSet<String> {
    words.iter().map(|w| key(w)).collect()
}

fn shared(one: &[String], two: &[String]) -> Option<String> {
    keys(one).intersection(&keys(two)).next().cloned()
}

/// Whether nothing can meet both.
fn are_apart(one: &Rule, two: &Rule) -> bool {
    let binds = |rule: &Rule| rule.given.of == Match::All || rule.given.conditions.len() == 1;
    if !binds(one) || !binds(two) {
        return false;
    }
    let stays = |c: &&Condition| !changes(&one.then, c) && !changes(&two.then, c);
    one.given.conditions.iter().filter(stays).any(|a| {
        let others = two.given.conditions.iter().filter(stays);
        others
            .filter(|b| b.figure == a.figure && b.days == a.days)
            .any(|b| exclude(a, b))
    })
}

/// Whether an operation may change what a condition asks for.
fn changes(operation: &Operation, condition: &Condition) -> bool {
    match operation {
        Operation::PricePercent { .. } | Operation::PriceToMargin { .. } => {
            // That sales follow the price is up to customers, and takes its time.
            matches!(condition.figure, Figure::Price | Figure::UnitMargin)
        }
        Operation::AddTags { tags } | Operation::RemoveTags { tags } => match &condition.value {
            Operand::Words(words) if condition.figure.kind() == Kind::Tags => {
                shared(tags, words).is_some()
            }
            _ => false,
        },
        Operation::HoldOrder { .. } | Operation::ReleaseOrder {} => {
            condition.figure == Figure::FulfillmentState
        }
        Operation::Notify {} | Operation::Signal { .. } => false,
    }
}

/// Whether no value meets both; of the same figure.
fn exclude(a: &Condition, b: &Condition) -> bool {
    match (&a.value, &b.value) {
        (Operand::Flag(a), Operand::Flag(b)) => a != b,
        (Operand::Number(_), Operand::Number(_)) => match (range(a), range(b)) {
            (Some((low, high)), Some((least, most))) => high < least || most < low,
            _ => false,
        },
        (Operand::Words(one), Operand::Words(two)) => {
            let (one, two) = (keys(one), keys(two));
            match (a.is, b.is) {
                (Comparator::AnyOf, Comparator::NoneOf) => one.is_subset(&two),
                (Comparator::NoneOf, Comparator::AnyOf) => two.is_subset(&one),
                // A thing has many tags, and one word of each other kind.
                (Comparator::AnyOf, Comparator::AnyOf) => {
                    a.figure.kind() == Kind::Word && one.is_disjoint(&two)
                }
                _ => false,
            }
        }
        _ => false,
    }
}

/// The values that meet a condition, both ends included.
fn range(condition: &Condition) -> Option<(i64, i64)> {
    let Operand::Number(number) = condition.value else {
        return None;
    };
    Some(match condition.is {
        Comparator::AtLeast => (number, i64::MAX),
        Comparator::Above => (number.saturating_add(1), i64::MAX),
        Comparator::AtMost => (i64::MIN, number),
        Comparator::Below => (i64::MIN, number.saturating_sub(1)),
        Comparator::Equals => (number, number),
        Comparator::AnyOf | Comparator::NoneOf => return None,
    })
}
