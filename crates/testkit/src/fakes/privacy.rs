//! Requests about personal data, and who is forgotten.

use super::database::FakeDatabase;
use super::paging;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::ids::{ConnectionId, CustomerId, OrderId, PrivacyRequestId, StoreScope, WorkspaceId};
use domain::privacy::{Identities, PrivacyRequest, PrivacyState};
use ports::privacy::{PrivacyStore, Redacted, StoredBody};
use ports::{Page, PageRequest, PortResult};

#[async_trait]
impl PrivacyStore for FakeDatabase {
    async fn receive(&self, request: &PrivacyRequest) -> PortResult<PrivacyRequest> {
        let mut state = self.lock();
        let same = |r: &&PrivacyRequest| {
            (r.scope, r.kind, &r.key) == (request.scope, request.kind, &request.key)
        };
        if let Some(known) = state.privacy.iter().find(same) {
            return Ok(known.clone());
        }
        state.privacy.push(request.clone());
        Ok(request.clone())
    }

    async fn requests(
        &self,
        workspace: WorkspaceId,
        page: &PageRequest,
    ) -> PortResult<Page<PrivacyRequest>> {
        let state = self.lock();
        let of = state
            .privacy
            .iter()
            .filter(|r| r.scope.workspace == workspace);
        let key = |r: &PrivacyRequest| (!r.received_at.timestamp_micros(), !r.id.0.as_u128());
        let rows = of.map(|r| (key(r), r.clone())).collect();
        paging::page("privacy", "privacy.requests", rows, page)
    }

    async fn request(
        &self,
        workspace: WorkspaceId,
        id: PrivacyRequestId,
    ) -> PortResult<Option<PrivacyRequest>> {
        let state = self.lock();
        let found = state.privacy.iter().find(|r| r.id == id).cloned();
        Ok(found.filter(|r| r.scope.workspace == workspace))
    }

    async fn in_state(&self, state: PrivacyState) -> PortResult<Vec<PrivacyRequest>> {
        let mut found: Vec<_> = self.lock().privacy.clone();
        found.retain(|r| r.state == state);
        found.sort_by_key(|r| (r.received_at, r.id));
        found.truncate(100);
        Ok(found)
    }

    async fn settle(
        &self,
        id: PrivacyRequestId,
        to: PrivacyState,
        at: DateTime<Utc>,
        note: &str,
    ) -> PortResult<()> {
        let mut state = self.lock();
        for request in state.privacy.iter_mut().filter(|r| r.id == id) {
            request.state = to;
            request.settled_at = Some(at);
            request.note = Some(note.to_owned());
        }
        Ok(())
    }

    async fn forget(
        &self,
        scope: StoreScope,
        customers: &[CustomerId],
        orders: &[OrderId],
        _at: DateTime<Utc>,
    ) -> PortResult<Redacted> {
        let mut state = self.lock();
        let data = state.store(scope);
        data.forgotten.extend(customers);
        data.forgotten_orders.extend(orders);
        let before = data.customers.len();
        data.customers.retain(|id, _| !customers.contains(id));
        data.days_revision += 1;
        let theirs = |c: Option<CustomerId>| c.is_some_and(|c| customers.contains(&c));
        let orders = data.orders.values().filter(|o| theirs(o.order.customer));
        let done = Redacted {
            profiles: (before - data.customers.len()) as u64,
            orders: orders.count() as u64,
        };
        state.outreach.forget(scope, customers);
        Ok(done)
    }

    async fn merge(
        &self,
        scope: StoreScope,
        from: CustomerId,
        into: CustomerId,
        _at: DateTime<Utc>,
    ) -> PortResult<()> {
        let mut state = self.lock();
        let data = state.store(scope);
        if from != into {
            data.merges.remove(&into);
            data.merges.insert(from, into);
            data.customers.remove(&from);
            data.days_revision += 1;
            state.outreach.merge(scope, from, into);
            state.support.merge(scope, from, into);
        }
        Ok(())
    }

    async fn identities(
        &self,
        scope: StoreScope,
        customers: &[CustomerId],
        orders: &[OrderId],
    ) -> PortResult<Identities> {
        let mut state = self.lock();
        let data = state.store(scope);
        let mut identities = Identities::default();
        for customer in customers {
            let mut now = *customer;
            while let Some(next) = data.merges.get(&now) {
                now = *next;
            }
            if now != *customer {
                identities.became.insert(*customer, now);
            }
            let both = [*customer, now].into_iter();
            identities
                .forgotten
                .extend(both.filter(|c| data.forgotten.contains(c)));
        }
        let gone = orders.iter().filter(|o| data.forgotten_orders.contains(o));
        identities.forgotten_orders = gone.copied().collect();
        Ok(identities)
    }

    async fn bodies(&self, connection: ConnectionId, after: i64) -> PortResult<Vec<StoredBody>> {
        let state = self.lock();
        let open = state.inbox.iter().filter(|(id, row)| {
            **id > after && row.delivery.connection == connection && row.finished_at.is_none()
        });
        Ok(open
            .map(|(id, row)| StoredBody {
                id: *id,
                topic: row.delivery.topic.clone(),
                body: row.delivery.body.clone(),
            })
            .collect())
    }

    async fn replace_body(&self, id: i64, body: &[u8]) -> PortResult<()> {
        if let Some(row) = self.lock().inbox.get_mut(&id) {
            row.delivery.body = body.to_vec();
        }
        Ok(())
    }

    /// Memory keeps nothing of what is gone.
    async fn wipe_deleted(&self) -> PortResult<()> {
        Ok(())
    }
}
