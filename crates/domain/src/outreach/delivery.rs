//! An export on its way to a webhook: how often it was tried, when it is tried again, and what is known of whether it arrived.
//!
//! Each try has the export's own number as its id, so that whoever takes it can tell a repeat. By itself it is sent again only where the last
//! try is known not to have been taken: nothing of it left, or the other side said so. Where nobody knows, a person decides.

use super::{ExportState, OutreachExport};
use crate::ids::ChannelId;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

/// Seconds until the next try, after the first one, the second one …
pub const WAITS: [i64; 5] = [30, 120, 600, 3_600, 14_400];
/// What the other side asks for is waited for up to this.
const LONGEST_WAIT: Duration = Duration::days(1);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// It was not taken, and is tried again.
    Waiting,
    /// Somebody sends it just now.
    Sending,
    Taken,
    /// Nobody knows whether it arrived: it is not sent again by itself.
    Unknown,
    /// Refused for good, tried too often, or let go by a person.
    GivenUp,
}

impl DeliveryState {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::Taken => "taken",
            Self::Unknown => "unknown",
            Self::GivenUp => "given_up",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    pub channel: ChannelId,
    pub state: DeliveryState,
    /// Begun.
    pub tries: u32,
    /// Of [`DeliveryState::Waiting`].
    pub due_at: Option<DateTime<Utc>>,
    /// When the last try ended.
    pub tried_at: Option<DateTime<Utc>>,
    /// Why the last try did not arrive, or what is not known of it.
    pub reason: Option<String>,
    /// One of the tries may have arrived, whatever a later one was told: whom it names counts as told.
    pub may_be_there: bool,
}

/// How a try ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tried {
    Taken,
    /// Not taken. `asked`: the wait that the other side named. `answered`: it answered that it failed, and may have kept some of it.
    Again {
        asked: Duration,
        answered: bool,
        why: String,
    },
    /// Refused for good, or it cannot be sent any more.
    Refused(String),
    /// It left, and nothing came back.
    Unknown(String),
}

impl Delivery {
    /// Which is about to be tried.
    #[must_use]
    pub const fn new(channel: ChannelId) -> Self {
        Self {
            channel,
            state: DeliveryState::Waiting,
            tries: 0,
            due_at: None,
            tried_at: None,
            reason: None,
            may_be_there: false,
        }
    }

    /// Before it is sent: a try that nobody sees end may have arrived.
    pub fn begin(&mut self) {
        self.state = DeliveryState::Sending;
        self.tries = self.tries.saturating_add(1);
        self.due_at = None;
    }

    /// It could not even be made: that is a try, too.
    pub fn not_made(&mut self, why: String, now: DateTime<Utc>) {
        self.tries = self.tries.saturating_add(1);
        let again = Tried::Again {
            asked: Duration::zero(),
            answered: false,
            why,
        };
        self.end(again, now);
    }

    pub fn end(&mut self, how: Tried, now: DateTime<Utc>) {
        self.tried_at = Some(now);
        self.due_at = None;
        (self.state, self.reason) = match how {
            Tried::Taken => (DeliveryState::Taken, None),
            Tried::Refused(why) => (DeliveryState::GivenUp, Some(why)),
            Tried::Unknown(why) => {
                self.may_be_there = true;
                (DeliveryState::Unknown, Some(why))
            }
            Tried::Again {
                asked,
                answered,
                why,
            } => {
                self.may_be_there |= answered;
                let nth = usize::try_from(self.tries.saturating_sub(1)).unwrap_or(usize::MAX);
                match WAITS.get(nth) {
                    Some(wait) => {
                        let wait = Duration::seconds(*wait).max(asked.min(LONGEST_WAIT));
                        self.due_at = Some(now + wait);
                        (DeliveryState::Waiting, Some(why))
                    }
                    None => (DeliveryState::GivenUp, Some(why)),
                }
            }
        };
    }

    /// Whether a person may let it go.
    #[must_use]
    pub const fn may_be_given_up(&self) -> bool {
        matches!(self.state, DeliveryState::Waiting | DeliveryState::Unknown)
    }

    /// Whether a person may have it tried now. Where it may have arrived only if whoever takes it drops repeats of an id: the person says so.
    #[must_use]
    pub const fn may_be_tried(&self, drops_repeats: bool) -> bool {
        match self.state {
            // One that answered with a failure is tried again by itself, too.
            DeliveryState::Waiting => true,
            // Else nobody counts as told any more, and it is exported anew.
            DeliveryState::Unknown | DeliveryState::GivenUp => self.may_be_there && drops_repeats,
            DeliveryState::Sending | DeliveryState::Taken => false,
        }
    }
}

impl OutreachExport {
    /// Given up, and nothing of it can be there: nobody counts as told.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        let lost = |of: &Delivery| of.state == DeliveryState::GivenUp && !of.may_be_there;
        self.state == ExportState::Made && self.delivery.as_ref().is_some_and(lost)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    fn again(asked: i64, answered: bool) -> Tried {
        Tried::Again {
            asked: Duration::seconds(asked),
            answered,
            why: "busy".to_owned(),
        }
    }

    #[test]
    fn it_is_tried_a_bounded_number_of_times_with_growing_waits() {
        let mut of = Delivery::new(ChannelId(Uuid::nil()));
        for (nth, wait) in WAITS.into_iter().enumerate() {
            of.begin();
            assert_eq!(of.state, DeliveryState::Sending);
            of.end(again(0, false), at(0));
            assert_eq!(of.state, DeliveryState::Waiting, "{nth}");
            assert_eq!(of.due_at, Some(at(wait)));
        }
        of.begin();
        of.end(again(0, false), at(0));
        assert_eq!((of.state, of.due_at), (DeliveryState::GivenUp, None));
        assert_eq!(of.tries, 6);
        assert_eq!(of.reason.as_deref(), Some("busy"));
    }

    #[test]
    fn what_the_other_side_asks_for_is_waited_for_and_not_for_ever() {
        let mut of = Delivery::new(ChannelId(Uuid::nil()));
        of.begin();
        of.end(again(900, false), at(0));
        assert_eq!(of.due_at, Some(at(900)));
        of.begin();
        of.end(again(1_000_000, false), at(0));
        assert_eq!(of.due_at, Some(at(86_400)));
    }

    #[test]
    fn what_may_be_there_is_sent_again_only_where_repeats_are_dropped() {
        let mut of = Delivery::new(ChannelId(Uuid::nil()));
        of.begin();
        assert!(!of.may_be_tried(true), "somebody sends it");
        of.end(Tried::Unknown("no answer".to_owned()), at(0));
        assert_eq!(of.due_at, None);
        assert!(!of.may_be_tried(false) && of.may_be_tried(true) && of.may_be_given_up());
        of.begin();
        of.end(Tried::Refused("gone".to_owned()), at(1));
        assert!(of.may_be_there, "an earlier try may have arrived");
        let mut never = Delivery::new(ChannelId(Uuid::nil()));
        never.begin();
        never.end(Tried::Refused("gone".to_owned()), at(1));
        assert!(!never.may_be_there && !never.may_be_tried(true));
    }
}
