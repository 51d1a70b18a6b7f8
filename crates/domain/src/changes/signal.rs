//! A signal to the automations beside the repository: what happened, and figures about it.
//!
//! There is no key against a second one, and nobody outside tells whether one arrived. So it is sent once: that it went out is written down here,
//! and one whose answer was lost is looked for by a person.

use super::action::{Seen, Verdict};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// Of its name, in characters.
pub const LONGEST_SIGNAL: usize = 100;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signal {
    /// What automations listen for.
    pub event: String,
    /// The thing that it tells of: `variant:42`, `order:7`.
    pub thing: String,
    /// At most ten properties at the top.
    pub payload: Value,
    /// Under which it is written down that it went out; `None` before it has a name.
    pub mark: Option<Uuid>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SignalTarget {
    pub mark: Option<Uuid>,
    /// Event and thing.
    pub entity: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenSignal {
    /// Why none can be sent; `None`: one can.
    pub why_not: Option<String>,
    pub went_out: bool,
}

impl Signal {
    #[must_use]
    pub fn target(&self) -> SignalTarget {
        SignalTarget {
            mark: self.mark,
            entity: format!("signal:{}/{}", self.event, self.thing),
        }
    }

    pub(super) const fn verdict(seen: &Seen) -> Verdict {
        match seen {
            Seen::Signal(SeenSignal { went_out: true, .. }) => Verdict::Done,
            Seen::Signal(SeenSignal { why_not: None, .. }) => Verdict::Ready,
            _ => Verdict::Drifted,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::changes::plan::named;
    use crate::changes::{Action, Reversibility};

    #[test]
    fn it_is_sent_where_it_can_be_and_known_again_when_it_went_out() {
        let seen = |why_not: Option<&str>, went_out| {
            Signal::verdict(&Seen::Signal(SeenSignal {
                why_not: why_not.map(str::to_owned),
                went_out,
            }))
        };
        assert_eq!(seen(None, false), Verdict::Ready);
        assert_eq!(seen(None, true), Verdict::Done);
        assert_eq!(seen(Some("no repository"), true), Verdict::Done);
        assert_eq!(seen(Some("no repository"), false), Verdict::Drifted);
    }

    #[test]
    fn nothing_takes_it_back_and_it_is_never_sent_again() {
        let action = Action::Signal(Signal {
            event: "stock_low".to_owned(),
            thing: "variant:42".to_owned(),
            payload: Value::Null,
            mark: None,
        });
        assert_eq!(action.entity(), "signal:stock_low/variant:42");
        assert_eq!(action.reversibility(), Reversibility::Irreversible);
        assert!(action.inverse().is_none() && !action.is_harmless_again());
        assert!(!action.moves_money() && !action.is_of_the_shop());
        let key = Uuid::from_u128(7);
        let Action::Signal(signal) = named(action, key) else {
            panic!("it stays what it is");
        };
        assert_eq!(signal.target().mark, Some(key));
    }
}
