//! Why a price was left alone.

use super::facts::Facts;
use crate::agents::decision::Note;
use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Left {
    UnknownCost,
    OtherCurrency,
    NoFloor,
    Free,
    NoStock,
    /// At the present price.
    TooFewDays,
    NotSold,
    WrongSign,
    Rests,
    Declined,
    /// Said once for all, and why the effect of a rule is unknown.
    NoChanges,
}

impl Left {
    pub(super) const fn why(self) -> &'static str {
        match self {
            Self::UnknownCost => "the unit cost is unknown",
            Self::OtherCurrency => "the unit cost is in another currency than the price",
            Self::NoFloor => "the unit cost is too large for a price",
            Self::Free => "the price is zero",
            Self::NoStock => "there is nothing in stock",
            Self::TooFewDays => {
                "the present price has not been seen for seven whole days with something to sell"
            }
            Self::NotSold => "nothing was sold at the present price",
            Self::WrongSign => {
                "what was observed would mean that a higher price sells more, which is not believed"
            }
            Self::Rests => "the price was changed a short while ago",
            Self::Declined => "people left the price as it is a short while ago",
            Self::NoChanges => {
                "no change of price has been seen in this store yet that shows how demand answers"
            }
        }
    }
}

/// Names that a note gives before it counts the rest.
const MOST_NAMES: usize = 10;

/// One for each reason.
pub(super) fn notes(
    left: &[(Left, &str)],
    facts: &Facts,
    has_changes: bool,
    over: usize,
) -> Vec<Note> {
    let note = |about: &str, text: String| Note {
        about: about.to_owned(),
        text,
    };
    let mut notes = Vec::new();
    if !has_changes && !facts.variants.is_empty() {
        let text = format!(
            "{} (from {} to {}): no price is moved for the sake of demand",
            Left::NoChanges.why(),
            facts.from,
            facts.until
        );
        notes.push(note("Demand", text));
    }
    let mut by_reason: BTreeMap<Left, Vec<&str>> = BTreeMap::new();
    for (why, label) in left {
        by_reason.entry(*why).or_default().push(label);
    }
    for (why, labels) in by_reason {
        let named = labels.len().min(MOST_NAMES);
        let mut names = labels[..named].join(", ");
        if labels.len() > named {
            names = format!("{names} and {} more", labels.len() - named);
        }
        let text = format!("left alone, because {}", why.why());
        notes.push(note(&names, text));
    }
    if over > 0 {
        let text = format!("{over} more were found than one run proposes");
        notes.push(note("Proposals", text));
    }
    notes
}
