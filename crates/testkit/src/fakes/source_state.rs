//! What a provider in memory has, and what it was told to do.

use super::source::{SourceCall, SourceOperation};
use chrono::{DateTime, Utc};
use domain::connection::WebhookState;
use domain::ids::{InventoryItemId, LocationId};
use domain::outreach::{Checkout, Contact};
use domain::sync::FactKind;
use ports::source::{ExportRequest, Fact, FactRef, SourceBundle, SourceIdentity};
use ports::{Kind, PortError, Retry};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

#[derive(Debug, Clone, Copy)]
pub(super) struct Failure {
    pub kind: Kind,
    pub retry: Retry,
}

impl Failure {
    pub(super) fn error(self) -> PortError {
        let detail = format!("the test ordered {:?}", self.kind);
        PortError::new(self.kind, self.retry, "fake", "source", detail)
    }
}

pub(super) struct SourceState {
    pub identity: SourceIdentity,
    pub webhooks: WebhookState,
    pub bundles: Vec<SourceBundle>,
    pub contacts: Vec<Contact>,
    pub checkouts: Vec<Checkout>,
    pub facts: Vec<Fact>,
    pub deleted: Vec<(FactRef, DateTime<Utc>)>,
    pub forbidden: BTreeSet<FactKind>,
    pub failures: BTreeMap<SourceOperation, VecDeque<Failure>>,
    pub breaks: VecDeque<(usize, Failure)>,
    pub exports: BTreeMap<String, ExportRequest>,
    pub started: u32,
    pub page_size: usize,
    pub calls: Vec<SourceCall>,
}

impl SourceState {
    pub(super) fn new(identity: SourceIdentity) -> Self {
        Self {
            identity,
            webhooks: WebhookState::Ok,
            bundles: Vec::new(),
            contacts: Vec::new(),
            checkouts: Vec::new(),
            facts: Vec::new(),
            deleted: Vec::new(),
            forbidden: BTreeSet::new(),
            failures: BTreeMap::new(),
            breaks: VecDeque::new(),
            exports: BTreeMap::new(),
            started: 0,
            page_size: 100,
            calls: Vec::new(),
        }
    }

    pub(super) fn put(&mut self, fact: Fact) {
        let id = FactId::of(&fact);
        match self.facts.iter_mut().find(|old| FactId::of(old) == id) {
            Some(old) => *old = fact,
            None => self.facts.push(fact),
        }
    }

    pub(super) fn new_token(&mut self, request: &ExportRequest) -> String {
        self.started += 1;
        let token = format!("export-{}", self.started);
        self.exports.insert(token.clone(), request.clone());
        token
    }

    /// Orders by the time at which they were created, in the order in which they were put.
    pub(super) fn exported(&self, request: &ExportRequest) -> Vec<Fact> {
        let within = |fact: &&Fact| match fact {
            Fact::Order(order) => {
                request.from.is_none_or(|from| from <= order.created_at)
                    && request.until.is_none_or(|until| order.created_at < until)
            }
            _ => true,
        };
        let of_kind = self.facts.iter().filter(|f| fact_kind(f) == request.kind);
        of_kind.filter(within).cloned().collect()
    }
}

/// What makes two facts copies of one thing.
#[derive(PartialEq, Eq)]
enum FactId {
    Ref(FactRef),
    Location(LocationId),
    Level(InventoryItemId, LocationId),
    Payout(domain::ids::PayoutId),
}

impl FactId {
    fn of(fact: &Fact) -> Self {
        match fact {
            Fact::Order(order) => Self::Ref(FactRef::Order(order.id)),
            Fact::Product(product) => Self::Ref(FactRef::Product(product.id)),
            Fact::Customer(customer) => Self::Ref(FactRef::Customer(customer.id)),
            Fact::Location(location) => Self::Location(location.id),
            Fact::Level(level) => Self::Level(level.item, level.location),
            Fact::Payout(payout) => Self::Payout(payout.id),
        }
    }
}

pub(super) const fn fact_kind(fact: &Fact) -> FactKind {
    match fact {
        Fact::Order(_) => FactKind::Orders,
        Fact::Product(_) => FactKind::Products,
        Fact::Customer(_) => FactKind::Customers,
        Fact::Location(_) => FactKind::Locations,
        Fact::Level(_) => FactKind::Inventory,
        Fact::Payout(_) => FactKind::Payouts,
    }
}

pub(super) fn fact_ref(fact: &Fact) -> Option<FactRef> {
    match FactId::of(fact) {
        FactId::Ref(of) => Some(of),
        FactId::Location(_) | FactId::Level(..) | FactId::Payout(_) => None,
    }
}

pub(super) const fn ref_kind(of: FactRef) -> FactKind {
    match of {
        FactRef::Order(_) => FactKind::Orders,
        FactRef::Product(_) => FactKind::Products,
        FactRef::Customer(_) => FactKind::Customers,
    }
}

/// `None` where the provider does not date changes.
pub(super) fn fact_time(fact: &Fact) -> Option<DateTime<Utc>> {
    match fact {
        Fact::Order(order) => Some(order.updated_at),
        Fact::Product(product) => Some(product.updated_at),
        Fact::Customer(customer) => Some(customer.updated_at),
        Fact::Level(level) => Some(level.updated_at),
        Fact::Location(_) | Fact::Payout(_) => None,
    }
}
