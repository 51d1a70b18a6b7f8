//! What people ask about their own data: answered within thirty days, forgotten for good.
//!
//! A request is on disk before anything is done about it, and is worked off until it succeeds. To forget a customer means: their
//! record goes, words in their orders go, stored webhooks are reduced to numbers, freed pages are overwritten; amounts stay under
//! the provider's bare number, which says nothing once the provider has forgotten it too. Whoever is forgotten is remembered by
//! that number alone, so that no later sync brings them back.

use crate::Ports;
use crate::connections::Connections;
use crate::ingest::Ingest;
use crate::stores::StoreError;
use chrono::{DateTime, Utc};
use domain::audit::Actor;
use domain::connection::Connection;
use domain::ids::{CustomerId, OrderId, PrivacyRequestId, StoreScope, WorkspaceId};
use domain::order::Order;
use domain::outreach::Told;
use domain::people::Email;
use domain::privacy::{ANSWER_WITHIN, PrivacyKind, PrivacyRequest, PrivacyState};
use domain::store::Store;
use domain::support::SupportTicket;
use ports::orders::OrderQuery;
use ports::source::PrivacyNotice;
use ports::support::TicketFilter;
use ports::{Page, PageRequest, PortResult};
use serde::Serialize;
use std::sync::Arc;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// Between two looks at what is pending.
const LOOK_EVERY: std::time::Duration = std::time::Duration::from_secs(30);
const PAGE: u32 = 250;

#[derive(Clone)]
pub struct Privacy {
    ports: Ports,
    connections: Connections,
    ingest: Ingest,
    arrived: Arc<Notify>,
}

/// Everything that is held about a customer.
#[derive(Debug, Serialize)]
pub struct Disclosure {
    pub request: PrivacyRequest,
    pub generated_at: DateTime<Utc>,
    pub shop: String,
    /// As the shop gave it; `None` when it is not held.
    pub customer: Option<domain::customer::Customer>,
    /// What was computed of their orders.
    pub sums: Option<domain::customers::Standing>,
    pub orders: Vec<Order>,
    /// What they wrote, with what was answered and noted.
    pub tickets: Vec<SupportTicket>,
    /// Which exports of segments named them, and for what cause.
    pub outreach: Vec<Told>,
}

#[derive(Debug, thiserror::Error)]
pub enum DisclosureError {
    #[error("there is no such request")]
    Unknown,
    #[error("this request asks for nothing to be told")]
    NotADataRequest,
    #[error("what was held about this customer has been deleted since")]
    Forgotten,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Port(#[from] ports::PortError),
}

impl Privacy {
    #[must_use]
    pub fn new(ports: Ports, connections: Connections) -> Self {
        Self {
            ingest: connections.ingest.clone(),
            ports,
            connections,
            arrived: Arc::default(),
        }
    }

    /// Durable when it returns.
    pub async fn receive(&self, connection: &Connection, notice: PrivacyNotice) -> PortResult<()> {
        let now = self.ports.clock.now();
        let request = PrivacyRequest {
            id: PrivacyRequestId(uuid::Uuid::now_v7()),
            scope: domain::ids::StoreScope {
                workspace: connection.workspace,
                store: connection.store,
            },
            connection: connection.id,
            kind: notice.kind,
            state: PrivacyState::Pending,
            key: notice.key,
            customer: notice.customer,
            orders: notice.orders,
            received_at: now,
            due_at: now + ANSWER_WITHIN,
            settled_at: None,
            note: None,
        };
        self.ports.privacy.receive(&request).await?;
        self.arrived.notify_one();
        Ok(())
    }

    /// Until cancelled; a request that has begun is finished.
    pub async fn run_worker(&self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            if let Err(error) = self.work_once().await {
                tracing::warn!(%error, "requests about personal data could not be read");
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.arrived.notified() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    /// Works off what is pending; answers how many requests were settled.
    pub async fn work_once(&self) -> PortResult<usize> {
        let mut settled = 0;
        for request in self.ports.privacy.in_state(PrivacyState::Pending).await? {
            match self.work_off(&request).await {
                Ok(()) => settled += 1,
                Err(error) => {
                    tracing::warn!(%error, request = %request.id, "a request about personal data is tried again");
                }
            }
        }
        Ok(settled)
    }

    async fn work_off(&self, request: &PrivacyRequest) -> PortResult<()> {
        let (state, note) = match request.kind {
            PrivacyKind::DataRequest => (
                PrivacyState::Ready,
                "What is held can be downloaded and sent to the customer.".to_owned(),
            ),
            PrivacyKind::CustomerRedact => (PrivacyState::Done, self.forget(request).await?),
            PrivacyKind::ShopRedact => (PrivacyState::Done, self.forget_shop(request).await?),
        };
        let now = self.ports.clock.now();
        self.ports
            .privacy
            .settle(request.id, state, now, &note)
            .await
    }

    async fn forget(&self, request: &PrivacyRequest) -> PortResult<String> {
        let scope = request.scope;
        let named: Vec<CustomerId> = request.customer.into_iter().collect();
        let known = self.ports.privacy.identities(scope, &named, &[]).await?;
        let mut customers = named.clone();
        customers.extend(named.iter().map(|c| known.now(*c)));
        customers.dedup();
        // While their addresses are known: a run that is broken off here begins with them anew.
        let beside = self.by_address(scope, &customers).await?;
        let beside: Vec<_> = beside.iter().map(|ticket| ticket.id).collect();
        let tickets = &self.ports.support;
        tickets.forget_tickets(scope, &customers, &beside).await?;
        let now = self.ports.clock.now();
        let done = self
            .ports
            .privacy
            .forget(scope, &customers, &request.orders, now)
            .await?;
        if let Some(store) = self.store(request).await? {
            for customer in &customers {
                self.ingest.rebook_customer(&store, *customer).await?;
            }
            self.ingest.rebook(&store, &request.orders).await?;
        }
        self.reduce_bodies(request).await?;
        self.ports.privacy.wipe_deleted().await?;
        Ok(format!(
            "{} record(s) deleted; {} order(s) kept by number, without words.",
            done.profiles, done.orders
        ))
    }

    /// Bodies that an earlier release stored whole.
    async fn reduce_bodies(&self, request: &PrivacyRequest) -> PortResult<()> {
        let reader = self.ports.sources.reader();
        let mut after = 0;
        loop {
            let bodies = self.ports.privacy.bodies(request.connection, after).await?;
            let Some(last) = bodies.last() else {
                return Ok(());
            };
            after = last.id;
            for stored in &bodies {
                let reduced = reader.reduce(&stored.topic, &stored.body);
                if reduced != stored.body {
                    self.ports.privacy.replace_body(stored.id, &reduced).await?;
                }
            }
        }
    }

    async fn forget_shop(&self, request: &PrivacyRequest) -> PortResult<String> {
        let workspace = request.scope.workspace;
        let there = self
            .connections
            .remove(workspace, request.connection, true, Actor::system())
            .await?;
        self.ports.privacy.wipe_deleted().await?;
        Ok(if there {
            "The connection and everything of its store were deleted."
        } else {
            "The store had been deleted before."
        }
        .to_owned())
    }

    async fn store(&self, request: &PrivacyRequest) -> PortResult<Option<Store>> {
        let stores = self
            .ports
            .connections
            .stores(request.scope.workspace)
            .await?;
        Ok(stores.into_iter().find(|s| s.scope == request.scope))
    }

    pub async fn list(
        &self,
        workspace: WorkspaceId,
        page: &PageRequest,
    ) -> PortResult<Page<PrivacyRequest>> {
        self.ports.privacy.requests(workspace, page).await
    }

    /// Everything that is held about the customer of a data request, read now: no copy of it is kept. The request counts as
    /// answered from then on.
    pub async fn disclose(
        &self,
        workspace: WorkspaceId,
        id: PrivacyRequestId,
    ) -> Result<Disclosure, DisclosureError> {
        let request = self.ports.privacy.request(workspace, id).await?;
        let mut request = request.ok_or(DisclosureError::Unknown)?;
        if request.kind != PrivacyKind::DataRequest {
            return Err(DisclosureError::NotADataRequest);
        }
        let store = self
            .store(&request)
            .await?
            .ok_or(DisclosureError::Forgotten)?;
        let named: Vec<CustomerId> = request.customer.into_iter().collect();
        let known = self
            .ports
            .privacy
            .identities(store.scope, &named, &[])
            .await?;
        if !known.forgotten.is_empty() {
            return Err(DisclosureError::Forgotten);
        }
        let customer = request.customer.map(|c| known.now(c));
        let disclosure = self.gather(&store, &request, customer).await?;
        let now = self.ports.clock.now();
        let note = "What is held was downloaded, to be sent to the customer.";
        self.ports
            .privacy
            .settle(request.id, PrivacyState::Done, now, note)
            .await?;
        request.state = PrivacyState::Done;
        request.settled_at = Some(now);
        request.note = Some(note.to_owned());
        Ok(Disclosure {
            request,
            ..disclosure
        })
    }

    async fn gather(
        &self,
        store: &Store,
        request: &PrivacyRequest,
        customer: Option<CustomerId>,
    ) -> PortResult<Disclosure> {
        let mut orders = Vec::new();
        let (mut person, mut sums) = (None, None);
        let (mut tickets, mut outreach) = (Vec::new(), Vec::new());
        if let Some(id) = customer {
            let own = TicketFilter {
                customer: Some(id),
                ..TicketFilter::default()
            };
            tickets = self.tickets(store.scope, &own).await?;
            tickets.extend(self.by_address(store.scope, &[id]).await?);
            outreach = self.ports.outreach.told(store.scope, id).await?;
            person = self.ports.facts.customer(store.scope, id).await?;
            let found = self
                .ports
                .customers
                .find(store.scope, store.currency, id)
                .await?;
            sums = found.map(|row| row.standing);
            let query = OrderQuery {
                customer: Some(id),
                ..OrderQuery::default()
            };
            let mut page = PageRequest {
                cursor: None,
                limit: PAGE,
            };
            loop {
                let got = self.ports.orders.list(store.scope, &query, &page).await?;
                orders.extend(got.items.into_iter().map(|o| o.order));
                match got.next_cursor {
                    Some(cursor) => page.cursor = Some(cursor),
                    None => break,
                }
            }
        }
        let beside: Vec<OrderId> = request
            .orders
            .iter()
            .copied()
            .filter(|id| orders.iter().all(|o| o.id != *id))
            .collect();
        for id in beside {
            let found = self.ports.orders.find(store.scope, id).await?;
            orders.extend(found.map(|o| o.order));
        }
        Ok(Disclosure {
            request: request.clone(),
            generated_at: self.ports.clock.now(),
            shop: store.domain.clone(),
            customer: person,
            sums,
            orders,
            tickets,
            outreach,
        })
    }

    /// Of nobody who is known, from an address of one of these.
    async fn by_address(
        &self,
        scope: StoreScope,
        customers: &[CustomerId],
    ) -> PortResult<Vec<SupportTicket>> {
        let mut addresses = Vec::new();
        for id in customers {
            let customer = self.ports.facts.customer(scope, *id).await?;
            addresses.extend(customer.and_then(|c| c.email));
        }
        if addresses.is_empty() {
            return Ok(Vec::new());
        }
        let mut tickets = self.tickets(scope, &TicketFilter::default()).await?;
        tickets.retain(|ticket| {
            let is = |from: &Email| {
                let same = |a: &String| a.trim().eq_ignore_ascii_case(from.as_str());
                addresses.iter().any(same)
            };
            ticket.customer.is_none() && ticket.from.as_ref().is_some_and(is)
        });
        Ok(tickets)
    }

    async fn tickets(
        &self,
        scope: StoreScope,
        filter: &TicketFilter,
    ) -> PortResult<Vec<SupportTicket>> {
        let mut tickets = Vec::new();
        let mut page = PageRequest {
            cursor: None,
            limit: PAGE,
        };
        loop {
            let support = &self.ports.support;
            let got = support.tickets(scope, filter, &page).await?;
            tickets.extend(got.items);
            match got.next_cursor {
                Some(cursor) => page.cursor = Some(cursor),
                None => return Ok(tickets),
            }
        }
    }
}
