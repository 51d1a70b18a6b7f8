//! Redactions that are forgotten themselves.

use super::{caught, saboteur, sound};
use chrono::{DateTime, Utc};
use domain::ids::{ConnectionId, CustomerId, OrderId, PrivacyRequestId, StoreScope, WorkspaceId};
use domain::privacy::{Identities, PrivacyRequest, PrivacyState};
use ports::privacy::{PrivacyStore, Redacted, StoredBody};
use ports::{Page, PageRequest, PortResult};
use std::sync::Arc;
use testkit::Stores;
use testkit::fakes::FakeDatabase;
use testkit::laws::privacy;

/// Says that it was done, and follows a merge one step only.
struct Careless {
    db: Arc<FakeDatabase>,
}

saboteur! {
    PrivacyStore for Careless {
        async fn forget(
            &self,
            _scope: StoreScope,
            _customers: &[CustomerId],
            _orders: &[OrderId],
            _at: DateTime<Utc>,
        ) -> PortResult<Redacted> {
            Ok(Redacted { profiles: 1, orders: 1 })
        }

        async fn identities(
            &self,
            scope: StoreScope,
            customers: &[CustomerId],
            orders: &[OrderId],
        ) -> PortResult<Identities> {
            let mut identities = self.db.identities(scope, customers, orders).await?;
            identities.became.pop_first();
            Ok(identities)
        }
    } else self {
        fn receive(request: &PrivacyRequest) -> PrivacyRequest;
        fn requests(workspace: WorkspaceId, page: &PageRequest) -> Page<PrivacyRequest>;
        fn request(workspace: WorkspaceId, id: PrivacyRequestId) -> Option<PrivacyRequest>;
        fn in_state(state: PrivacyState) -> Vec<PrivacyRequest>;
        fn settle(id: PrivacyRequestId, state: PrivacyState, at: DateTime<Utc>, note: &str) -> ();
        fn merge(scope: StoreScope, from: CustomerId, into: CustomerId, at: DateTime<Utc>) -> ();
        fn bodies(connection: ConnectionId, after: i64) -> Vec<StoredBody>;
        fn replace_body(id: i64, body: &[u8]) -> ();
        fn wipe_deleted() -> ();
    }
}

fn broken() -> Stores {
    let (db, stores) = sound();
    Stores {
        privacy: Arc::new(Careless { db }),
        ..stores
    }
}

#[tokio::test]
async fn a_redaction_that_was_only_said_is_caught() {
    caught(privacy::the_forgotten_do_not_come_back(broken())).await;
}

#[tokio::test]
async fn half_a_chain_of_merges_is_caught() {
    caught(privacy::a_chain_of_merges_leads_to_its_end(broken())).await;
}
