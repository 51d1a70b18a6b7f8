//! Second factors: what is known of one, and how long somebody waits who guesses at its codes.

use crate::ids::{EnrolmentId, UserId};
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

/// An authenticator of a person. Its key lies in the secret store, under the enrolment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondFactor {
    pub user: UserId,
    pub enrolment: EnrolmentId,
    pub created_at: DateTime<Utc>,
    /// `None`: no code came yet, and sign-in does not ask for one.
    pub confirmed_at: Option<DateTime<Utc>>,
    pub recovery_codes_left: u32,
}

/// A sign-in whose password was right and whose code is missing. Lets nobody in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingSignIn {
    pub user: UserId,
    pub expires_at: DateTime<Utc>,
}

/// Tries in a row that cost nothing.
const FREE_TRIES: u32 = 4;
const FIRST_WAIT: Duration = Duration::seconds(30);
/// Of a million codes three are right at a time: with this, guessing for a year finds one in some forty.
const LONGEST_WAIT: Duration = Duration::hours(1);

/// How long until the next try, after so many in a row that brought no right code.
#[must_use]
pub fn wait_after(tries: u32) -> Option<Duration> {
    let doublings = tries.checked_sub(FREE_TRIES + 1)?;
    let factor = 1_i32.checked_shl(doublings).filter(|f| *f > 0);
    let wait = factor.and_then(|f| FIRST_WAIT.checked_mul(f));
    Some(wait.map_or(LONGEST_WAIT, |w| w.min(LONGEST_WAIT)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_guesses_waits_longer_each_time_and_never_for_good() {
        assert_eq!(wait_after(0), None);
        assert_eq!(wait_after(4), None);
        assert_eq!(wait_after(5), Some(Duration::seconds(30)));
        assert_eq!(wait_after(6), Some(Duration::seconds(60)));
        assert_eq!(wait_after(11), Some(Duration::seconds(1920)));
        for many in [12, 36, 37, 500, u32::MAX] {
            assert_eq!(wait_after(many), Some(LONGEST_WAIT), "{many}");
        }
    }
}
