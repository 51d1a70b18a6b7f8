//! What an agent is: said once, in its folder, and shown by the interface as it stands here.

use super::settings::{SettingFault, Value, Values};
use std::borrow::Cow;

/// A text that the program brings along, or that somebody wrote: rules are agents whose texts are people's.
pub type Text = Cow<'static, str>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentSpec {
    /// `pricing_optimizer`; used in addresses, never changed.
    pub id: Text,
    pub name: Text,
    /// One sentence: what it decides.
    pub decides: Text,
    pub capabilities: &'static [&'static str],
    /// A cron pattern in the store's zone; empty: no schedule starts it.
    pub schedule: Text,
    /// Types of events that start it.
    pub triggers: Cow<'static, [Text]>,
    /// After which a run is ended.
    pub time_limit_s: u32,
    /// Each weight and threshold of its policy, in the order in which they are shown.
    pub fields: &'static [Field],
}

/// How the number of a setting is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Ten-thousandths: 1500 is 15 %.
    Share,
    Count,
    Hours,
    Days,
    /// Points of a score.
    Points,
    /// Ten-thousandths of something without a unit: 20000 is 2.0.
    Ratio,
    /// Minor units of the store's currency.
    Money,
    /// On or off.
    Flag,
    /// Words, for instance tags.
    Words,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// `minimum_margin`
    pub key: &'static str,
    pub label: &'static str,
    /// What it does, and where its default is from.
    pub help: &'static str,
    pub unit: Unit,
    /// Of a number; of a flag 0 or 1; words have none (0).
    pub default: i64,
    /// Both included; of words, how many there may be.
    pub min: i64,
    pub max: i64,
}

impl AgentSpec {
    /// Whether events of a type start it.
    #[must_use]
    pub fn wants(&self, event_type: &str) -> bool {
        self.triggers.iter().any(|t| t == event_type)
    }

    #[must_use]
    pub fn field(&self, key: &str) -> Option<&'static Field> {
        self.fields.iter().find(|f| f.key == key)
    }

    /// What is set, with defaults for what is not.
    #[must_use]
    pub fn number(&self, values: &Values, key: &str) -> i64 {
        match values.get(key) {
            Some(Value::Number(n)) => *n,
            Some(Value::Flag(on)) => i64::from(*on),
            Some(Value::Words(_) | Value::Rule(_)) | None => {
                self.field(key).map_or(0, |f| f.default)
            }
        }
    }

    #[must_use]
    pub fn flag(&self, values: &Values, key: &str) -> bool {
        self.number(values, key) != 0
    }

    #[must_use]
    pub fn words<'a>(&self, values: &'a Values, key: &str) -> &'a [String] {
        match values.get(key) {
            Some(Value::Words(words)) => words,
            _ => &[],
        }
    }

    /// Whether the values are of this agent, of the right kind, and within their bounds: everything that is wrong, at once.
    ///
    /// # Errors
    /// One fault for each value that cannot stand.
    pub fn check(&self, values: &Values) -> Result<(), Vec<SettingFault>> {
        let faults: Vec<_> = values
            .iter()
            .filter_map(|(key, value)| {
                // A rule stands for itself ([`super::rules::check`]).
                if matches!(value, Value::Rule(_)) && key == super::rules::KEY {
                    return None;
                }
                let message = match self.field(key) {
                    Some(field) => field.refuses(value)?,
                    None => "is not a setting of this agent".to_owned(),
                };
                Some(SettingFault {
                    key: key.clone(),
                    message,
                })
            })
            .collect();
        if faults.is_empty() {
            Ok(())
        } else {
            Err(faults)
        }
    }
}

/// The longest word of a setting, in characters.
const LONGEST_WORD: usize = 255;

impl Field {
    /// With its bounds, both included.
    pub const fn new(
        key: &'static str,
        label: &'static str,
        help: &'static str,
        unit: Unit,
        default: i64,
        (min, max): (i64, i64),
    ) -> Self {
        Self {
            key,
            label,
            help,
            unit,
            default,
            min,
            max,
        }
    }

    /// What is wrong with a value; `None`: nothing.
    #[must_use]
    pub fn refuses(&self, value: &Value) -> Option<String> {
        let within = |n: i64| (self.min..=self.max).contains(&n);
        match (self.unit, value) {
            (Unit::Flag, Value::Flag(_)) => None,
            (Unit::Flag, _) => Some("is either on or off".to_owned()),
            (Unit::Words, Value::Words(words)) => {
                let count = i64::try_from(words.len()).unwrap_or(i64::MAX);
                if count > self.max {
                    Some(format!("has at most {} entries", self.max))
                } else if words
                    .iter()
                    .any(|w| w.trim().is_empty() || w.chars().count() > LONGEST_WORD)
                {
                    Some(format!("has entries of 1 to {LONGEST_WORD} characters"))
                } else {
                    None
                }
            }
            (Unit::Words, _) => Some("is a list of words".to_owned()),
            (_, Value::Number(n)) if within(*n) => None,
            (_, Value::Number(_)) => Some(format!("lies from {} to {}", self.min, self.max)),
            (_, _) => Some("is a number".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static SPEC: AgentSpec = AgentSpec {
        id: Cow::Borrowed("a"),
        name: Cow::Borrowed("A"),
        decides: Cow::Borrowed(""),
        capabilities: &[],
        schedule: Cow::Borrowed("0 * * * *"),
        triggers: Cow::Borrowed(&[]),
        time_limit_s: 1,
        fields: &[
            Field {
                key: "margin",
                label: "",
                help: "",
                unit: Unit::Share,
                default: 1500,
                min: 0,
                max: 9000,
            },
            Field {
                key: "tags",
                label: "",
                help: "",
                unit: Unit::Words,
                default: 0,
                min: 0,
                max: 2,
            },
            Field {
                key: "on",
                label: "",
                help: "",
                unit: Unit::Flag,
                default: 1,
                min: 0,
                max: 1,
            },
        ],
    };

    #[track_caller]
    fn check(key: &str, value: Value, expected: Option<&str>) {
        let values = Values::from([(key.to_owned(), value)]);
        let found = SPEC.check(&values).err().map(|f| f[0].message.clone());
        assert_eq!(found.as_deref(), expected);
    }

    #[test]
    fn a_value_outside_its_range_or_of_another_kind_is_refused_with_the_range() {
        check("margin", Value::Number(9000), None);
        check("margin", Value::Number(9001), Some("lies from 0 to 9000"));
        check("margin", Value::Flag(true), Some("is a number"));
        check("tags", Value::Words(vec!["x".into()]), None);
        let many = Value::Words(vec!["x".into(); 3]);
        check("tags", many, Some("has at most 2 entries"));
        check("on", Value::Number(1), Some("is either on or off"));
        check(
            "other",
            Value::Number(1),
            Some("is not a setting of this agent"),
        );
    }

    #[test]
    fn what_is_not_set_has_its_default() {
        let values = Values::from([("margin".to_owned(), Value::Number(7))]);
        assert_eq!(SPEC.number(&values, "margin"), 7);
        assert_eq!(SPEC.number(&Values::new(), "margin"), 1500);
        assert!(SPEC.flag(&Values::new(), "on"));
    }
}
