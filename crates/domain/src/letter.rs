//! Letters that are owed: kept until a relay took them, or nobody can use them any more.

use crate::ids::{LetterId, LinkId, PurchaseOrderId, WorkspaceId};
use crate::people::Email;
use chrono::{DateTime, Duration, Utc};

/// What a letter is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Errand {
    /// Somebody forgot the password of this address, which may be nobody's.
    Forgotten { email: Email },
    /// A one-time link; its secret lies in the secret store.
    Link {
        workspace: WorkspaceId,
        link: LinkId,
        email: Email,
    },
    /// An order of goods, to its supplier; the letter has the order's id.
    Purchase {
        workspace: WorkspaceId,
        order: PurchaseOrderId,
        email: Email,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwedLetter {
    pub id: LetterId,
    pub errand: Errand,
    pub created_at: DateTime<Utc>,
    /// How often somebody took it up.
    pub attempts: u32,
}

const FIRST_WAIT: Duration = Duration::minutes(1);
const LONGEST_WAIT: Duration = Duration::hours(1);
/// A relay that is away for longer is told to people instead.
const PATIENCE: Duration = Duration::days(1);

impl OwedLetter {
    /// When it is tried again after so many attempts; `None`: it is given up.
    #[must_use]
    pub fn next_try(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let doublings = self.attempts.saturating_sub(1).min(16);
        let wait = FIRST_WAIT * 2_i32.pow(doublings);
        let next = now + wait.min(LONGEST_WAIT);
        (next - self.created_at <= PATIENCE).then_some(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn tries_come_further_apart_and_end_after_a_day() {
        let start = DateTime::UNIX_EPOCH;
        let mut letter = OwedLetter {
            id: LetterId(Uuid::nil()),
            errand: Errand::Forgotten {
                email: Email::parse("ada@example.com").unwrap(),
            },
            created_at: start,
            attempts: 0,
        };
        let mut now = start;
        let mut waits = Vec::new();
        loop {
            letter.attempts += 1;
            let Some(next) = letter.next_try(now) else {
                break;
            };
            waits.push((next - now).num_minutes());
            now = next;
        }
        assert_eq!(waits[..8], [1, 2, 4, 8, 16, 32, 60, 60]);
        assert!(now - start <= PATIENCE && now - start > PATIENCE - LONGEST_WAIT);
        letter.attempts = u32::MAX;
        assert_eq!(letter.next_try(start), Some(start + LONGEST_WAIT));
    }
}
