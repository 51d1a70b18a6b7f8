//! The shop behind gates. A provider that loses an answer says so by `Reconcile`, as the port asks of adapters.

use crate::gate::Gate;
use crate::plant::Plant;
use crate::tally::Sent;
use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::DayRange;
use domain::changes::{Action, Seen, Target};
use domain::connection::WebhookState;
use domain::ids::{CustomerId, OrderId};
use domain::money::Currency;
use domain::outreach::{Checkout, Contact};
use domain::reconciliation::{Presence, Sales};
use domain::supplier::Recipient;
use domain::sync::FactKind;
use futures::StreamExt as _;
use futures::stream::{self, BoxStream};
use ports::oracle::{HeadPage, SalesOracle};
use ports::source::{
    ChangeCursor, ChangePage, ExportItem, ExportRequest, FactRef, Fetched, LinkState,
    NotificationReader, SourceBundle, SourceIdentity, SourceSettings, SourceTotals, StoreSource,
    StoreSources,
};
use ports::writer::StoreWriter;
use ports::{Kind, PortError, PortResult, Retry};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use testkit::fakes::FakeSources;
use uuid::Uuid;

pub(crate) struct GatedSources {
    pub(crate) gate: Arc<Gate>,
    pub(crate) shops: Arc<FakeSources>,
    pub(crate) plant: Option<Plant>,
}

impl StoreSources for GatedSources {
    fn open(&self, settings: SourceSettings) -> PortResult<Arc<dyn StoreSource>> {
        Ok(Arc::new(GatedSource {
            gate: Arc::clone(&self.gate),
            shop: self.shops.open(settings)?,
        }))
    }

    fn writer(&self, settings: &SourceSettings) -> PortResult<Arc<dyn StoreWriter>> {
        Ok(Arc::new(GatedWriter {
            gate: Arc::clone(&self.gate),
            shop: self.shops.writer(settings)?,
            plant: self.plant,
        }))
    }

    fn resolve(&self, shop: &str, base_url: Option<&str>) -> PortResult<(String, String)> {
        self.shops.resolve(shop, base_url)
    }

    fn reader(&self) -> Arc<dyn NotificationReader> {
        self.shops.reader()
    }

    fn links(&self) -> Vec<LinkState> {
        self.shops.links()
    }

    fn default_api_version(&self) -> &'static str {
        self.shops.default_api_version()
    }
}

struct GatedWriter {
    gate: Arc<Gate>,
    shop: Arc<dyn StoreWriter>,
    plant: Option<Plant>,
}

impl GatedWriter {
    fn error(kind: Kind, retry: Retry, detail: &str) -> PortError {
        PortError::new(kind, retry, "simulation", "change", detail)
    }

    fn lost(&self) -> PortError {
        if self.plant == Some(Plant::LostAnswerAsRefusal) {
            return Self::throttled();
        }
        Self::error(Kind::Unavailable, Retry::Reconcile, "the answer was lost")
    }

    fn throttled() -> PortError {
        let wait = Retry::After(Duration::from_secs(2));
        Self::error(Kind::RateLimited, wait, "asks for fewer calls")
    }
}

#[async_trait]
impl StoreWriter for GatedWriter {
    async fn look(&self, targets: &[Target]) -> PortResult<Vec<Seen>> {
        self.gate.before("shop.look").await?;
        let seen = self.shop.look(targets).await;
        self.gate.after("shop.look").await?;
        seen
    }

    async fn apply(&self, action: &Action, key: Uuid) -> PortResult<()> {
        self.gate.slowly("shop.apply").await;
        let (is_turned_away, is_dropped) = match (self.gate.fails(), self.gate.fails()) {
            (true, _) => (self.gate.roll(|dice| dice.one_in(2)), true),
            (false, _) => (false, false),
        };
        let note = |may_be_made: bool| Sent {
            key,
            action: action.clone(),
            may_be_made,
        };
        let noted = |sent: Sent| self.gate.tally.lock().sent.push(sent);
        if is_dropped {
            let (error, sent) = match is_turned_away {
                true => (Self::throttled(), note(false)),
                // It never arrived, and whoever sent it cannot know that.
                false => (self.lost(), note(false)),
            };
            noted(sent);
            self.gate.slowly("shop.apply is dropped").await;
            return Err(error);
        }
        let made = self.shop.apply(action, key).await;
        noted(note(made.is_ok()));
        self.gate.slowly("shop.apply is answered").await;
        match made {
            Ok(()) if self.gate.fails() => Err(self.lost()),
            answer => answer,
        }
    }

    async fn recipient(&self, order: OrderId) -> PortResult<Option<Recipient>> {
        self.gate.before("shop.recipient").await?;
        let recipient = self.shop.recipient(order).await;
        self.gate.after("shop.recipient").await?;
        recipient
    }
}

struct GatedSource {
    gate: Arc<Gate>,
    shop: Arc<dyn StoreSource>,
}

/// Through the gate, there and back.
macro_rules! through {
    ($self:ident, $name:literal, $call:expr) => {{
        $self.gate.before($name).await?;
        let answer = $call.await;
        $self.gate.after($name).await?;
        answer
    }};
}

#[async_trait]
impl StoreSource for GatedSource {
    async fn identify(&self) -> PortResult<SourceIdentity> {
        through!(self, "shop.identify", self.shop.identify())
    }

    async fn totals(&self) -> PortResult<SourceTotals> {
        through!(self, "shop.totals", self.shop.totals())
    }

    fn export(
        &self,
        request: ExportRequest,
        token: Option<String>,
    ) -> BoxStream<'_, PortResult<ExportItem>> {
        let opened = async move {
            match self.gate.before("shop.export").await {
                Ok(()) => self.shop.export(request, token),
                Err(error) => stream::once(async move { Err(error) }).boxed(),
            }
        };
        let items = stream::once(opened).flatten();
        let each = items.then(move |item| async move {
            self.gate.after("shop.export").await?;
            item
        });
        // An export ends with its first error.
        each.scan(false, |ended, item| {
            let told = (!*ended).then_some(());
            *ended |= item.is_err();
            std::future::ready(told.map(|()| item))
        })
        .boxed()
    }

    async fn abandon(&self, token: &str) -> PortResult<()> {
        through!(self, "shop.abandon", self.shop.abandon(token))
    }

    async fn changes(&self, kind: FactKind, cursor: &ChangeCursor) -> PortResult<ChangePage> {
        through!(self, "shop.changes", self.shop.changes(kind, cursor))
    }

    async fn fetch(&self, refs: &[FactRef]) -> PortResult<Vec<Fetched>> {
        through!(self, "shop.fetch", self.shop.fetch(refs))
    }

    async fn bundles(&self) -> PortResult<Vec<SourceBundle>> {
        through!(self, "shop.bundles", self.shop.bundles())
    }

    async fn contacts(&self, people: &[CustomerId]) -> PortResult<Vec<Contact>> {
        through!(self, "shop.contacts", self.shop.contacts(people))
    }

    async fn checkouts(&self, since: DateTime<Utc>) -> PortResult<Vec<Checkout>> {
        through!(self, "shop.checkouts", self.shop.checkouts(since))
    }

    async fn subscribe(&self, callback: &str) -> PortResult<WebhookState> {
        through!(self, "shop.subscribe", self.shop.subscribe(callback))
    }
}

#[async_trait]
impl SalesOracle for GatedSource {
    async fn sales_by_day(
        &self,
        range: DayRange,
        currency: Currency,
    ) -> PortResult<BTreeMap<NaiveDate, Sales>> {
        through!(self, "shop.sales", self.shop.sales_by_day(range, currency))
    }

    async fn sales_by_order(
        &self,
        day: NaiveDate,
        currency: Currency,
    ) -> PortResult<BTreeMap<OrderId, Sales>> {
        through!(self, "shop.sales", self.shop.sales_by_order(day, currency))
    }

    async fn heads(
        &self,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
        page: Option<&str>,
    ) -> PortResult<HeadPage> {
        through!(self, "shop.heads", self.shop.heads(from, until, page))
    }

    async fn look_up(&self, ids: &[OrderId]) -> PortResult<BTreeMap<OrderId, Presence>> {
        through!(self, "shop.look_up", self.shop.look_up(ids))
    }
}
