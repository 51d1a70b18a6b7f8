//! Second factors that accept too much, and journeys that never end.

use super::{caught, let_others_in, saboteur, sound};
use chrono::{DateTime, Utc};
use domain::audit::NewEntry;
use domain::ids::{EnrolmentId, UserId, WorkspaceId};
use domain::people::User;
use domain::second_factor::{PendingSignIn, SecondFactor};
use ports::PortResult;
use ports::accounts::SecretHash;
use ports::identities::{Identities, Journey};
use ports::second_factors::SecondFactors;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use testkit::Stores;
use testkit::fakes::FakeDatabase;
use testkit::laws::{identities, second_factors};

/// Looks first and writes later, and counts tries only for whoever comes alone.
struct Hasty {
    db: Arc<FakeDatabase>,
}

saboteur! {
    SecondFactors for Hasty {
        async fn accept_step(&self, user: UserId, enrolment: EnrolmentId, step: i64) -> PortResult<bool> {
            let known = self.db.second_factor(user).await?;
            let fits = known.is_some_and(|f| f.enrolment == enrolment);
            let_others_in().await;
            self.db.accept_step(user, enrolment, step).await?;
            Ok(fits)
        }

        async fn take_try(&self, _user: UserId, _now: DateTime<Utc>) -> PortResult<Option<DateTime<Utc>>> {
            Ok(None)
        }

        /// A code that was used is a code that was there.
        async fn accept_recovery(&self, user: UserId, hash: &SecretHash, entry: &NewEntry) -> PortResult<bool> {
            self.db.accept_recovery(user, hash, entry).await?;
            Ok(true)
        }

        async fn end_pending(&self, hash: &SecretHash) -> PortResult<bool> {
            self.db.end_pending(hash).await?;
            Ok(true)
        }

        /// Takes the factor and leaves who waits for it.
        async fn remove_factor(&self, user: UserId, _entry: &NewEntry) -> PortResult<EnrolmentId> {
            let found = self.db.second_factor(user).await?;
            Ok(found.expect("there").enrolment)
        }
    } else self {
        fn second_factor(user: UserId) -> Option<SecondFactor>;
        fn protected_users(workspace: WorkspaceId) -> Vec<UserId>;
        fn enrol(user: UserId, enrolment: EnrolmentId, now: DateTime<Utc>) -> Option<EnrolmentId>;
        fn confirm_factor(user: UserId, enrolment: EnrolmentId, step: i64, now: DateTime<Utc>, recovery: &[SecretHash], entry: &NewEntry) -> ();
        fn replace_recovery(user: UserId, recovery: &[SecretHash], entry: &NewEntry) -> ();
        fn create_pending(pending: &PendingSignIn, hash: &SecretHash, now: DateTime<Utc>) -> ();
        fn pending(hash: &SecretHash, now: DateTime<Utc>) -> Option<PendingSignIn>;
    }
}

#[tokio::test]
async fn codes_that_work_twice_are_caught() {
    let hasty = || {
        let (db, stores) = sound();
        Stores {
            second_factors: Arc::new(Hasty { db }),
            ..stores
        }
    };
    caught(second_factors::a_step_is_accepted_once_and_none_before_it(
        hasty(),
    ))
    .await;
    caught(second_factors::a_recovery_code_is_accepted_once(hasty())).await;
    caught(second_factors::tries_are_counted_before_they_are_looked_at(
        hasty(),
    ))
    .await;
    caught(second_factors::a_pending_sign_in_expires_and_ends_once(
        hasty(),
    ))
    .await;
    caught(second_factors::a_removed_factor_takes_its_codes_along(
        hasty(),
    ))
    .await;
}

/// Remembers every journey for ever, and makes people before it looks whose identity it is.
struct Faithful {
    db: Arc<FakeDatabase>,
    journeys: Mutex<BTreeMap<SecretHash, Journey>>,
}

saboteur! {
    Identities for Faithful {
        async fn put_journey(&self, journey: &Journey, hash: &SecretHash, _now: DateTime<Utc>) -> PortResult<()> {
            self.journeys.lock().unwrap().insert(*hash, journey.clone());
            Ok(())
        }

        async fn take_journey(&self, hash: &SecretHash, _now: DateTime<Utc>) -> PortResult<Option<Journey>> {
            Ok(self.journeys.lock().unwrap().get(hash).cloned())
        }

        /// The last one who comes with it has it.
        async fn link_identity(&self, issuer: &str, subject: &str, user: UserId, entry: &NewEntry) -> PortResult<()> {
            let _ = self.db.link_identity(issuer, subject, user, entry).await;
            Ok(())
        }

        async fn create_identity(&self, issuer: &str, subject: &str, user: &User, entry: &NewEntry) -> PortResult<()> {
            let _ = self.db.create_identity(issuer, subject, user, entry).await;
            Ok(())
        }
    } else self {
        fn identity_user(issuer: &str, subject: &str) -> Option<UserId>;
    }
}

#[tokio::test]
async fn journeys_without_an_end_and_shared_identities_are_caught() {
    let faithful = || {
        let (db, stores) = sound();
        let journeys = Mutex::default();
        Stores {
            identities: Arc::new(Faithful { db, journeys }),
            ..stores
        }
    };
    caught(identities::a_journey_ends_once_and_in_time(faithful())).await;
    caught(identities::an_identity_is_one_user(faithful())).await;
    caught(identities::a_new_person_comes_with_their_identity_or_not_at_all(faithful())).await;
}
