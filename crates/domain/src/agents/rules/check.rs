//! Whether a rule can stand: everything that is wrong with it, at once.

use super::document::{About, Comparator, Condition, Operand, Operation, Rule, SignalFigure, When};
use super::figure::{Figure, Kind};
use crate::agents::schedule::Schedule;
use crate::agents::settings::SettingFault;
use crate::changes::LONGEST_SIGNAL;

const LONGEST_NAME: usize = 80;
const LONGEST_EVENT: usize = 120;
const LONGEST_WORD: usize = 255;
const LONGEST_NOTE: usize = 200;
const MOST_CONDITIONS: usize = 20;
const MOST_TAGS: usize = 10;
/// That leave the house with one signal.
const MOST_FIGURES: usize = 20;
/// Of a price, in ten-thousandths: no write may move one further.
const MOST_PERCENT: i64 = 2_000;
/// Nothing below is let through by the guardrails; nothing above is a price.
const MARGIN: (i64, i64) = (1_500, 9_000);
/// A price that is moved by a share of itself rests for so long.
const LEAST_REST_HOURS: u32 = 24;

/// Where it is, with dots (`if.conditions.0.value`), and what is wrong, as the end of a sentence.
#[must_use]
pub fn check(rule: &Rule) -> Vec<SettingFault> {
    let mut faults = Faults(Vec::new());
    faults.text("name", &rule.name, LONGEST_NAME);
    match &rule.when {
        When::Schedule { schedule } => {
            if let Err(error) = Schedule::parse(schedule) {
                faults.add("when.schedule", error.to_string());
            }
        }
        When::Event { event } => faults.text("when.event", event, LONGEST_EVENT),
    }
    let count = rule.given.conditions.len();
    if !(1..=MOST_CONDITIONS).contains(&count) {
        let message = format!("has 1 to {MOST_CONDITIONS} entries");
        faults.add("if.conditions", message);
    }
    for (no, condition) in rule.given.conditions.iter().enumerate() {
        faults.condition(no, rule.about, condition);
    }
    faults.operation(rule);
    let limits = &rule.limits;
    faults.within("limits.per_run", limits.per_run.into(), (1, 100));
    let cool_down = limits.cool_down_hours;
    faults.within("limits.cool_down_hours", cool_down.into(), (0, 8_760));
    faults.within("limits.valid_hours", limits.valid_hours.into(), (1, 168));
    if !is_settling(&rule.then) && cool_down < LEAST_REST_HOURS {
        let message = match rule.then {
            Operation::Signal { .. } => format!(
                "is at least {LEAST_REST_HOURS} where a signal is sent: the thing still meets the conditions, and the same would be told again and again"
            ),
            _ => format!(
                "is at least {LEAST_REST_HOURS} where a price is moved by a share of itself: the rule would find its own change and move the price on, again and again"
            ),
        };
        faults.add("limits.cool_down_hours", message);
    }
    faults.0
}

/// Whether what it does leaves nothing more to do: a tag that is there is not added again, a price that leaves the margin is not moved. What
/// does not settle would go round and round by itself.
#[must_use]
pub const fn is_settling(operation: &Operation) -> bool {
    !matches!(
        operation,
        Operation::PricePercent { .. } | Operation::Signal { .. }
    )
}

struct Faults(Vec<SettingFault>);

impl Faults {
    fn add(&mut self, key: impl Into<String>, message: impl Into<String>) {
        self.0.push(SettingFault {
            key: key.into(),
            message: message.into(),
        });
    }

    fn text(&mut self, key: &str, text: &str, longest: usize) {
        let length = text.trim().chars().count();
        if !(1..=longest).contains(&length) || text.chars().any(char::is_control) {
            self.add(key, format!("is a line of 1 to {longest} characters"));
        }
    }

    fn within(&mut self, key: &str, number: i64, (least, most): (i64, i64)) {
        if !(least..=most).contains(&number) {
            self.add(key, format!("lies from {least} to {most}"));
        }
    }

    fn words(&mut self, key: &str, words: &[String], most: usize) {
        if !(1..=most).contains(&words.len()) {
            self.add(key, format!("has 1 to {most} entries"));
        }
        let is_word = |w: &String| (1..=LONGEST_WORD).contains(&w.trim().chars().count());
        if !words.iter().all(is_word) {
            self.add(
                key,
                format!("has entries of 1 to {LONGEST_WORD} characters"),
            );
        }
    }

    fn condition(&mut self, no: usize, about: About, condition: &Condition) {
        let at = |part: &str| format!("if.conditions.{no}.{part}");
        let figure = condition.figure;
        if figure.about() != about {
            self.add(at("figure"), "is not one of what the rule is about");
            return;
        }
        self.days(at("days"), figure, condition.days);
        let fits = match figure.kind() {
            Kind::Flag => condition.is == Comparator::Equals,
            Kind::Word | Kind::Tags => {
                matches!(condition.is, Comparator::AnyOf | Comparator::NoneOf)
            }
            _ => !matches!(condition.is, Comparator::AnyOf | Comparator::NoneOf),
        };
        if !fits {
            self.add(at("is"), "does not fit the figure");
        }
        let (key, bounds) = (at("value"), figure.bounds());
        match (figure.kind(), &condition.value) {
            (Kind::Flag, Operand::Flag(_)) => {}
            (Kind::Flag, _) => self.add(key, "is either true or false"),
            (Kind::Word | Kind::Tags, Operand::Words(words)) => {
                self.words(&key, words, usize::try_from(bounds.1).unwrap_or(1));
            }
            (Kind::Word | Kind::Tags, _) => self.add(key, "is a list of words"),
            (_, Operand::Number(number)) => self.within(&key, *number, bounds),
            (_, _) => self.add(key, "is a whole number"),
        }
    }

    fn signal(&mut self, about: About, event: &str, figures: &[SignalFigure]) {
        self.text("then.event", event, LONGEST_SIGNAL);
        if figures.len() > MOST_FIGURES {
            let message = format!("has at most {MOST_FIGURES} entries");
            self.add("then.figures", message);
        }
        for (no, one) in figures.iter().enumerate() {
            let at = |part: &str| format!("then.figures.{no}.{part}");
            if one.figure.about() != about {
                self.add(at("figure"), "is not one of what the rule is about");
            }
            self.days(at("days"), one.figure, one.days);
            if figures[..no].contains(one) {
                self.add(at("figure"), "is named twice");
            }
        }
    }

    fn days(&mut self, key: String, figure: Figure, days: Option<u32>) {
        match (figure.is_over_days(), days) {
            (true, Some(1..=365)) | (false, None) => {}
            (true, _) => self.add(key, "lies from 1 to 365"),
            (false, Some(_)) => self.add(key, "is only of figures that count over days"),
        }
    }

    fn operation(&mut self, rule: &Rule) {
        let fits = match &rule.then {
            Operation::PricePercent { .. } | Operation::PriceToMargin { .. } => {
                rule.about == About::Variants
            }
            Operation::HoldOrder { .. } | Operation::ReleaseOrder {} => rule.about == About::Orders,
            Operation::AddTags { .. }
            | Operation::RemoveTags { .. }
            | Operation::Notify {}
            | Operation::Signal { .. } => true,
        };
        if !fits {
            self.add("then.do", "cannot be done to what the rule is about");
        }
        match &rule.then {
            Operation::PricePercent { percent: 0, .. } => {
                self.add("then.percent", "changes nothing");
            }
            Operation::PricePercent { percent, .. } => {
                self.within("then.percent", *percent, (-MOST_PERCENT, MOST_PERCENT));
            }
            Operation::PriceToMargin { margin, .. } => self.within("then.margin", *margin, MARGIN),
            Operation::AddTags { tags } | Operation::RemoveTags { tags } => {
                self.words("then.tags", tags, MOST_TAGS);
                // The provider reads a list where a comma is.
                if tags.iter().any(|t| t.contains(',')) {
                    self.add("then.tags", "has no entry with a comma");
                }
            }
            Operation::HoldOrder { note, .. } => {
                if note.chars().count() > LONGEST_NOTE {
                    let message = format!("has at most {LONGEST_NOTE} characters");
                    self.add("then.note", message);
                }
            }
            Operation::Signal { event, figures } => self.signal(rule.about, event, figures),
            Operation::ReleaseOrder {} | Operation::Notify {} => {}
        }
    }
}
