//! What a message is about and how soon it has to be answered, by words that stand in it. English words; what none of them says is of no topic, and
//! of the usual priority.

use chrono::Duration;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// Where is it?
    Delivery,
    /// It came broken, or something else came.
    Damaged,
    Return,
    Refund,
    Cancel,
    /// Another address, size or colour, before it is sent.
    Change,
    Invoice,
    Other,
}

impl Topic {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Delivery => "delivery",
            Self::Damaged => "damaged",
            Self::Return => "return",
            Self::Refund => "refund",
            Self::Cancel => "cancel",
            Self::Change => "change",
            Self::Invoice => "invoice",
            Self::Other => "other",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    Low,
    Normal,
    Urgent,
}

impl Priority {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Normal => "normal",
            Self::Urgent => "urgent",
        }
    }
}

/// Within which an answer is owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    pub urgent: i64,
    pub normal: i64,
    pub low: i64,
}

impl Hours {
    #[must_use]
    pub fn of(&self, priority: Priority) -> Duration {
        Duration::hours(match priority {
            Priority::Urgent => self.urgent,
            Priority::Normal => self.normal,
            Priority::Low => self.low,
        })
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Triage {
    pub topic: Topic,
    pub priority: Priority,
    /// Why, each with the words that say it.
    pub reasons: Vec<String>,
}

/// Words of a topic; the first topic with a word wins, so that the more pressing ones stand first.
const TOPICS: &[(Topic, &[&str])] = &[
    (
        Topic::Damaged,
        &[
            "damaged",
            "broken",
            "defective",
            "faulty",
            "smashed",
            "cracked",
            "wrong item",
            "wrong product",
            "wrong size",
            "missing item",
            "not what i ordered",
        ],
    ),
    (
        Topic::Cancel,
        &[
            "cancel",
            "cancellation",
            "do not want it any more",
            "ordered by mistake",
        ],
    ),
    (
        Topic::Change,
        &[
            "change the address",
            "change my address",
            "wrong address",
            "change my order",
            "different size",
            "different address",
        ],
    ),
    (
        Topic::Refund,
        &[
            "refund",
            "money back",
            "charged twice",
            "double charged",
            "overcharged",
        ],
    ),
    (
        Topic::Return,
        &["return", "send it back", "send back", "exchange"],
    ),
    (
        Topic::Delivery,
        &[
            "where is my",
            "where's my",
            "tracking",
            "not arrived",
            "has not come",
            "hasn't arrived",
            "still waiting",
            "delivery",
            "shipped yet",
            "when will",
        ],
    ),
    (Topic::Invoice, &["invoice", "receipt", "vat number"]),
];

const URGENT: &[&str] = &[
    "chargeback",
    "dispute",
    "lawyer",
    "legal action",
    "fraud",
    "scam",
    "injured",
    "injury",
    "allergic",
    "fire",
    "burned",
    "unauthorized",
    "unauthorised",
    "urgent",
    "asap",
];

const LOW: &[&str] = &[
    "thank you so much",
    "just wanted to say",
    "newsletter",
    "unsubscribe",
    "feedback",
];

/// By rules alone: the same words, the same triage. Text of buyers is looked at, never followed.
#[must_use]
pub fn triage(subject: &str, text: &str) -> Triage {
    let words = normal(&format!("{subject}\n{text}"));
    let find = |list: &[&'static str]| list.iter().find(|w| stands(&words, w)).copied();
    let mut reasons = Vec::new();
    let found = TOPICS
        .iter()
        .find_map(|(topic, list)| Some((*topic, find(list)?)));
    let topic = match found {
        Some((topic, word)) => {
            reasons.push(format!("“{word}” stands in it"));
            topic
        }
        None => Topic::Other,
    };
    let priority = match (find(URGENT), topic, find(LOW)) {
        (Some(word), _, _) => {
            reasons.push(format!("urgent, because “{word}” stands in it"));
            Priority::Urgent
        }
        (None, Topic::Damaged, _) => {
            reasons.push("urgent, because what came is not as it should be".to_owned());
            Priority::Urgent
        }
        (None, Topic::Cancel | Topic::Change, _) => {
            reasons.push("urgent, because it can only be done before it is sent".to_owned());
            Priority::Urgent
        }
        (None, Topic::Other, Some(word)) => {
            reasons.push(format!("low, because “{word}” stands in it"));
            Priority::Low
        }
        _ => Priority::Normal,
    };
    Triage {
        topic,
        priority,
        reasons,
    }
}

/// Names of orders that a text may mean: `#1001`, and `order 1001` or `order no. 1001` as `#1001`; each once, at most five.
#[must_use]
pub fn order_names(text: &str) -> Vec<String> {
    const MOST: usize = 5;
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '!' | '?'))
        .filter(|w| !w.is_empty())
        .collect();
    let digits = |word: &str| {
        let bare = word.trim_start_matches('#').trim_end_matches(['.', ':']);
        let fits = (3..=12).contains(&bare.len()) && bare.chars().all(|c| c.is_ascii_digit());
        fits.then(|| bare.to_owned())
    };
    let mut seen = BTreeSet::new();
    let mut names = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let before = |back: usize| {
            at.checked_sub(back)
                .and_then(|i| words.get(i))
                .map(|w| w.to_lowercase())
        };
        let is_named = word.starts_with('#')
            || before(1).is_some_and(|w| w.trim_end_matches([':', '.']) == "order")
            || (before(1)
                .is_some_and(|w| matches!(w.trim_end_matches(['.', ':']), "no" | "number" | "nr"))
                && before(2).is_some_and(|w| w == "order"));
        if let Some(number) = digits(word).filter(|_| is_named)
            && seen.insert(number.clone())
        {
            names.push(format!("#{number}"));
        }
        if names.len() == MOST {
            break;
        }
    }
    names
}

/// In lower case, with one space between words and none but these.
pub(super) fn normal(text: &str) -> String {
    let mut words = String::from(" ");
    for c in text.to_lowercase().chars() {
        let c = if c == '’' { '\'' } else { c };
        if c.is_alphanumeric() || c == '\'' {
            words.push(c);
        } else if !words.ends_with(' ') {
            words.push(' ');
        }
    }
    if !words.ends_with(' ') {
        words.push(' ');
    }
    words
}

/// As whole words: *return* is not in *returned*, but *returns* is none either.
pub(super) fn stands(words: &str, of: &str) -> bool {
    words.contains(&format!(" {of} "))
}
