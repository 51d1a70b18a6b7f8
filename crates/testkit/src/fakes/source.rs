//! A provider in memory, told by a test what it has and when it fails.

use super::source_state::{Failure, SourceState, fact_kind, fact_ref, fact_time};
use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::DayRange;
use domain::connection::WebhookState;
use domain::ids::{CustomerId, OrderId};
use domain::money::Currency;
use domain::outreach::{Checkout, Contact};
use domain::reconciliation::{Head, Presence, Sales};
use domain::sync::FactKind;
use futures::stream::{self, BoxStream, StreamExt as _};
use ports::oracle::{HeadPage, SalesOracle};
use ports::source::{
    ChangeCursor, ChangePage, ExportItem, ExportRequest, Fact, FactRef, Fetched, SourceBundle,
    SourceIdentity, SourceTotals, StoreSource,
};
use ports::{Kind, PortError, PortResult, Retry};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Which method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SourceOperation {
    Identify,
    Totals,
    Export,
    Abandon,
    Changes,
    Fetch,
    Subscribe,
    Heads,
    LookUp,
    Bundles,
    Contacts,
    Checkouts,
}

/// A call that arrived, in words that a test can compare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceCall {
    Identify,
    Totals,
    /// With the token that was given.
    Export(ExportRequest, Option<String>),
    Abandon(String),
    Changes(FactKind, ChangeCursor),
    Fetch(Vec<FactRef>),
    /// With the callback.
    Subscribe(String),
    Heads(DateTime<Utc>, DateTime<Utc>),
    LookUp(Vec<OrderId>),
    Bundles,
    Contacts(Vec<CustomerId>),
    Checkouts,
}

impl SourceCall {
    const fn operation(&self) -> SourceOperation {
        match self {
            Self::Identify => SourceOperation::Identify,
            Self::Totals => SourceOperation::Totals,
            Self::Export(..) => SourceOperation::Export,
            Self::Abandon(_) => SourceOperation::Abandon,
            Self::Changes(..) => SourceOperation::Changes,
            Self::Fetch(_) => SourceOperation::Fetch,
            Self::Subscribe(_) => SourceOperation::Subscribe,
            Self::Heads(..) => SourceOperation::Heads,
            Self::LookUp(_) => SourceOperation::LookUp,
            Self::Bundles => SourceOperation::Bundles,
            Self::Contacts(_) => SourceOperation::Contacts,
            Self::Checkouts => SourceOperation::Checkouts,
        }
    }
}

/// Behaves as [`StoreSource`] says: what was put is exported, listed as changed and fetched; what was deleted is gone.
pub struct FakeSource {
    state: Mutex<SourceState>,
}

impl FakeSource {
    #[must_use]
    pub fn new(identity: SourceIdentity) -> Self {
        Self {
            state: Mutex::new(SourceState::new(identity)),
        }
    }

    /// A shop in US dollars and New York's days that grants everything.
    #[must_use]
    pub fn shop(domain: &str) -> Self {
        Self::new(SourceIdentity {
            name: domain.split('.').next().unwrap_or(domain).to_owned(),
            domain: domain.to_owned(),
            currency: crate::builders::currency("USD"),
            timezone: "America/New_York".to_owned(),
            scopes: domain::connection::Scopes::default(),
            api_version: super::sources::API_VERSION.to_owned(),
            is_sandbox: false,
            warnings: Vec::new(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, SourceState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn set_identity(&self, identity: SourceIdentity) {
        self.lock().identity = identity;
    }

    /// The provider has this from now on, in place of what it had under the same id.
    pub fn put(&self, fact: Fact) {
        self.lock().put(fact);
    }

    /// The provider deletes it at that time.
    pub fn delete(&self, gone: FactRef, at: DateTime<Utc>) {
        let mut state = self.lock();
        state.facts.retain(|fact| fact_ref(fact) != Some(gone));
        state.deleted.push((gone, at));
    }

    /// Exports and changes of the kind are `Forbidden` from now on.
    pub fn forbid(&self, kind: FactKind) {
        self.lock().forbidden.insert(kind);
    }

    /// The next call of the method fails; several are used up one after the other.
    pub fn fail_next(&self, operation: SourceOperation, kind: Kind, retry: Retry) {
        let failure = Failure { kind, retry };
        self.lock()
            .failures
            .entry(operation)
            .or_default()
            .push_back(failure);
    }

    /// The next export breaks off with an error after so many facts.
    pub fn break_export_after(&self, facts: usize, kind: Kind, retry: Retry) {
        self.lock()
            .breaks
            .push_back((facts, Failure { kind, retry }));
    }

    /// Facts on one page of changes; 100 at first.
    pub fn set_page_size(&self, facts: usize) {
        self.lock().page_size = facts.max(1);
    }

    pub fn set_contacts(&self, contacts: Vec<Contact>) {
        self.lock().contacts = contacts;
    }

    pub fn set_checkouts(&self, checkouts: Vec<Checkout>) {
        self.lock().checkouts = checkouts;
    }

    pub fn set_bundles(&self, bundles: Vec<SourceBundle>) {
        self.lock().bundles = bundles;
    }

    pub fn set_webhooks(&self, webhooks: WebhookState) {
        self.lock().webhooks = webhooks;
    }

    /// All calls so far, oldest first.
    #[must_use]
    pub fn calls(&self) -> Vec<SourceCall> {
        self.lock().calls.clone()
    }

    /// Notes the call and answers its failure when one was ordered.
    fn called(&self, call: SourceCall) -> PortResult<MutexGuard<'_, SourceState>> {
        let mut state = self.lock();
        let operation = call.operation();
        state.calls.push(call);
        let failure = state.failures.entry(operation).or_default().pop_front();
        match failure {
            Some(failure) => Err(failure.error()),
            None => Ok(state),
        }
    }

    fn export_items(
        &self,
        request: ExportRequest,
        token: Option<String>,
    ) -> Vec<PortResult<ExportItem>> {
        let kind = request.kind;
        let call = SourceCall::Export(request.clone(), token.clone());
        let mut state = match self.called(call) {
            Ok(state) => state,
            Err(error) => return vec![Err(error)],
        };
        if state.forbidden.contains(&kind) {
            return vec![Err(forbidden(kind))];
        }
        let token = token.unwrap_or_else(|| state.new_token(&request));
        let Some(export) = state.exports.get(&token) else {
            let detail = format!("the export {token} is not known");
            let error = PortError::new(Kind::NotFound, Retry::Never, "fake", "export", detail);
            return vec![Err(error)];
        };
        // The whole export again: facts may repeat.
        let facts = state.exported(&export.clone());
        let count = facts.len() as u64;
        let mut items = vec![
            Ok(ExportItem::Token(token)),
            Ok(ExportItem::Preparing { records: count }),
        ];
        items.extend(facts.into_iter().map(|fact| Ok(ExportItem::Fact(fact))));
        match state.breaks.pop_front() {
            Some((after, failure)) => {
                items.truncate(2 + after);
                items.push(Err(failure.error()));
            }
            None => items.push(Ok(ExportItem::End { facts: count })),
        }
        items
    }
}

fn forbidden(kind: FactKind) -> PortError {
    let detail = format!("{} are not granted", kind.as_str());
    PortError::new(Kind::Forbidden, Retry::Never, "fake", "export", detail)
}

#[async_trait]
impl StoreSource for FakeSource {
    async fn identify(&self) -> PortResult<SourceIdentity> {
        Ok(self.called(SourceCall::Identify)?.identity.clone())
    }

    async fn totals(&self) -> PortResult<SourceTotals> {
        let state = self.called(SourceCall::Totals)?;
        let count = |kind| {
            let facts = state.facts.iter().filter(|f| fact_kind(f) == kind);
            Some(facts.count() as u64)
        };
        Ok(SourceTotals {
            orders: count(FactKind::Orders),
            products: count(FactKind::Products),
            customers: count(FactKind::Customers),
            oldest_order: state.facts.iter().filter_map(order_created_at).min(),
        })
    }

    fn export(
        &self,
        request: ExportRequest,
        token: Option<String>,
    ) -> BoxStream<'_, PortResult<ExportItem>> {
        stream::once(async move { stream::iter(self.export_items(request, token)) })
            .flatten()
            .boxed()
    }

    async fn abandon(&self, token: &str) -> PortResult<()> {
        let mut state = self.called(SourceCall::Abandon(token.to_owned()))?;
        state.exports.remove(token);
        Ok(())
    }

    async fn changes(&self, kind: FactKind, cursor: &ChangeCursor) -> PortResult<ChangePage> {
        let state = self.called(SourceCall::Changes(kind, cursor.clone()))?;
        if state.forbidden.contains(&kind) {
            return Err(forbidden(kind));
        }
        let start = cursor
            .page
            .as_deref()
            .and_then(|p| p.parse().ok())
            .unwrap_or(0_usize);
        let mut facts: Vec<_> = state
            .facts
            .iter()
            .filter(|f| fact_kind(f) == kind)
            .filter(|f| fact_time(f).is_none_or(|at| cursor.since <= at))
            .cloned()
            .collect();
        facts.sort_by_key(fact_time);
        let end = start + state.page_size;
        let more = end < facts.len();
        let deleted = state.deleted.iter().filter(|(gone, at)| {
            start == 0 && super::source_state::ref_kind(*gone) == kind && cursor.since <= *at
        });
        Ok(ChangePage {
            deleted: deleted.map(|(gone, _)| *gone).collect(),
            facts: facts
                .into_iter()
                .skip(start)
                .take(state.page_size)
                .collect(),
            warnings: Vec::new(),
            next: more.then(|| ChangeCursor {
                since: cursor.since,
                page: Some(end.to_string()),
            }),
        })
    }

    async fn fetch(&self, refs: &[FactRef]) -> PortResult<Vec<Fetched>> {
        let state = self.called(SourceCall::Fetch(refs.to_vec()))?;
        let fetch = |wanted: &FactRef| {
            let found = state.facts.iter().find(|f| fact_ref(f) == Some(*wanted));
            found.map_or(Fetched::Gone(*wanted), |f| Fetched::Found(f.clone()))
        };
        Ok(refs.iter().map(fetch).collect())
    }

    async fn bundles(&self) -> PortResult<Vec<SourceBundle>> {
        Ok(self.called(SourceCall::Bundles)?.bundles.clone())
    }

    async fn contacts(&self, people: &[CustomerId]) -> PortResult<Vec<Contact>> {
        let state = self.called(SourceCall::Contacts(people.to_vec()))?;
        let told = state.contacts.iter();
        let told = told.filter(|contact| people.contains(&contact.customer));
        Ok(told.cloned().collect())
    }

    async fn checkouts(&self, since: DateTime<Utc>) -> PortResult<Vec<Checkout>> {
        let state = self.called(SourceCall::Checkouts)?;
        let told = state.checkouts.iter();
        Ok(told.filter(|c| c.updated_at >= since).cloned().collect())
    }

    async fn subscribe(&self, callback: &str) -> PortResult<WebhookState> {
        let state = self.called(SourceCall::Subscribe(callback.to_owned()))?;
        Ok(state.webhooks.clone())
    }
}

/// What is sold is what orders are worth now: there is no sales report behind it.
#[async_trait]
impl SalesOracle for FakeSource {
    async fn sales_by_day(
        &self,
        _range: DayRange,
        _currency: Currency,
    ) -> PortResult<BTreeMap<NaiveDate, Sales>> {
        Err(no_report())
    }

    async fn sales_by_order(
        &self,
        _day: NaiveDate,
        _currency: Currency,
    ) -> PortResult<BTreeMap<OrderId, Sales>> {
        Err(no_report())
    }

    async fn heads(
        &self,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
        _page: Option<&str>,
    ) -> PortResult<HeadPage> {
        let state = self.called(SourceCall::Heads(from, until))?;
        let heads = state.facts.iter().filter_map(head);
        Ok(HeadPage {
            heads: heads
                .filter(|h| from <= h.processed_at && h.processed_at < until)
                .collect(),
            next: None,
        })
    }

    async fn look_up(&self, ids: &[OrderId]) -> PortResult<BTreeMap<OrderId, Presence>> {
        let state = self.called(SourceCall::LookUp(ids.to_vec()))?;
        let presence = |id: &OrderId| {
            let found = state.facts.iter().filter_map(head).find(|h| h.id == *id);
            (*id, found.map_or(Presence::Gone, Presence::Found))
        };
        Ok(ids.iter().map(presence).collect())
    }
}

fn no_report() -> PortError {
    let detail = "there is no sales report";
    PortError::new(
        Kind::Forbidden,
        Retry::Never,
        "fake",
        "sales.by_day",
        detail,
    )
}

fn head(fact: &Fact) -> Option<Head> {
    match fact {
        Fact::Order(order) => Some(Head {
            id: order.id,
            name: order.name.clone(),
            processed_at: order.processed_at,
            updated_at: order.updated_at,
            cancelled_at: order.cancelled_at,
            test: order.test,
            currency: order.currency,
            current_total: order.totals.current_total,
        }),
        _ => None,
    }
}

fn order_created_at(fact: &Fact) -> Option<DateTime<Utc>> {
    match fact {
        Fact::Order(order) => Some(order.created_at),
        _ => None,
    }
}
