//! Webhooks that are taken twice or lost.

use super::{caught, let_others_in, saboteur, sound};
use chrono::{DateTime, Duration, Utc};
use domain::ids::ConnectionId;
use ports::PortResult;
use ports::inbox::{Accepted, Claimed, Delivery, Inbox, InboxState};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use testkit::Stores;
use testkit::fakes::FakeDatabase;
use testkit::laws::inbox;

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    /// Looks for the key, lets others in, and then writes.
    CheckThenWrite,
    /// A claim hides nothing.
    NoLease,
    /// What is finished is forgotten with its key.
    ForgetsKeys,
}

struct Webhooks {
    db: Arc<FakeDatabase>,
    flaw: Flaw,
    keys: Mutex<BTreeSet<String>>,
    accepted: Mutex<u32>,
}

fn with(flaw: Flaw) -> Stores {
    let (db, stores) = sound();
    let webhooks = Webhooks {
        db,
        flaw,
        keys: Mutex::default(),
        accepted: Mutex::default(),
    };
    Stores {
        inbox: Arc::new(webhooks),
        ..stores
    }
}

impl Webhooks {
    async fn check_then_write(&self, delivery: &Delivery) -> PortResult<Accepted> {
        let key = delivery.dedupe_key.clone();
        if self.keys.lock().unwrap().contains(&key) {
            return Ok(Accepted::Duplicate);
        }
        let_others_in().await;
        let number = {
            let mut accepted = self.accepted.lock().unwrap();
            *accepted += 1;
            *accepted
        };
        let unlike = Delivery {
            dedupe_key: format!("{key}-{number}"),
            ..delivery.clone()
        };
        self.db.accept(&unlike).await?;
        self.keys.lock().unwrap().insert(key);
        Ok(Accepted::New)
    }
}

saboteur! {
    Inbox for Webhooks {
        async fn accept(&self, delivery: &Delivery) -> PortResult<Accepted> {
            if self.flaw == Flaw::CheckThenWrite {
                return self.check_then_write(delivery).await;
            }
            self.db.accept(delivery).await
        }

        async fn claim(
            &self,
            now: DateTime<Utc>,
            lease: Duration,
            limit: u32,
        ) -> PortResult<Vec<Claimed>> {
            let lease = if self.flaw == Flaw::NoLease { Duration::zero() } else { lease };
            Inbox::claim(&*self.db, now, lease, limit).await
        }

        async fn done(&self, ids: &[i64], now: DateTime<Utc>) -> PortResult<()> {
            self.db.done(ids, now).await?;
            if self.flaw == Flaw::ForgetsKeys {
                Inbox::prune(&*self.db, now + Duration::seconds(1)).await?;
            }
            Ok(())
        }
    } else self {
        fn failed(id: i64, error: &str, again_at: Option<DateTime<Utc>>) -> ();
        fn state(connection: Option<ConnectionId>) -> InboxState;
        fn prune(finished_before: DateTime<Utc>) -> u64;
    }
}

#[tokio::test]
async fn check_then_write_is_caught() {
    caught(inbox::of_equal_keys_at_once_exactly_one_is_new(with(
        Flaw::CheckThenWrite,
    )))
    .await;
}

#[tokio::test]
async fn a_claim_without_lease_is_caught() {
    caught(inbox::a_claim_hides_until_its_lease_ends(with(
        Flaw::NoLease,
    )))
    .await;
    caught(inbox::claims_at_once_share_nothing(with(Flaw::NoLease))).await;
}

#[tokio::test]
async fn forgotten_keys_are_caught() {
    let stores = with(Flaw::ForgetsKeys);
    caught(inbox::a_finished_delivery_never_comes_back_and_its_key_stays_known(stores)).await;
}
