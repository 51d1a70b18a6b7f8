//! Scoring everything that suppliers offer to a store.

use super::facts::gather;
use super::settings::settings;
use crate::Ports;
use crate::events::EventHub;
use domain::money::Currency;
use domain::opportunity::{Sketch, assess_group, groups};
use domain::store::Store;
use domain::supplier::{SupplierProduct, SupplierVariant};
use ports::page::MAX_LIMIT;
use ports::suppliers::OfferFilter;
use ports::{Kind, PageRequest, PortError, PortResult, Retry};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Things that are scored and stored together.
const BATCH: usize = 200;

#[derive(Clone)]
pub(crate) struct Scoring {
    ports: Ports,
    hub: EventHub,
}

/// What is offered, in short: whatever is scored is read again.
#[derive(Default)]
struct Overview {
    sketches: Vec<Sketch>,
    currencies: BTreeSet<Currency>,
}

fn currencies(product: &SupplierProduct) -> impl Iterator<Item = Currency> + '_ {
    let prices = |v: &SupplierVariant| {
        let told = [&v.cost, &v.sell_price, &v.duties];
        let told: Vec<_> = told
            .into_iter()
            .flatten()
            .map(|t| t.value.currency)
            .collect();
        let sent = v.shipping.iter().filter_map(|o| o.value.cost.as_ref());
        let sent: Vec<_> = sent.map(|price| price.currency).collect();
        told.into_iter().chain(sent)
    };
    product.variants.iter().flat_map(prices)
}

impl Scoring {
    pub(crate) fn new(ports: Ports, hub: EventHub) -> Self {
        Self { ports, hub }
    }

    async fn overview(&self, store: &Store) -> PortResult<Overview> {
        let (filter, mut page) = (OfferFilter::default(), PageRequest::first(MAX_LIMIT));
        let mut overview = Overview::default();
        let notes = &self.ports.picture_notes;
        let pictures: BTreeMap<_, _> = notes
            .picture_hashes(store.scope)
            .await?
            .into_iter()
            .collect();
        let sketch = |of: &SupplierProduct| {
            let picture = pictures.get(&of.id).copied();
            Some(Sketch::of(of)?.showing(picture))
        };
        loop {
            let port = &self.ports.suppliers;
            let found = port.list_offers(store.scope, &filter, &page).await?;
            for product in &found.items {
                overview.currencies.extend(currencies(product));
                overview.sketches.extend(sketch(product));
            }
            page.cursor = found.next_cursor;
            if page.cursor.is_none() {
                return Ok(overview);
            }
        }
    }

    /// Sets the figures of all opportunities of the store; doing it again changes nothing but their time.
    pub(crate) async fn rescore(&self, store: &Store) -> PortResult<()> {
        let (scope, now) = (store.scope, self.ports.clock.now());
        let round = Uuid::now_v7();
        let set = settings(&self.ports, store).await?;
        let overview = self.overview(store).await?;
        let own = gather(&self.ports, store, overview.currencies, now).await?;
        let said = self.ports.suppliers.offer_matches(scope).await?;
        let sketches = overview.sketches;
        // Titles of a large catalogue are compared for a while; nobody else waits for it.
        let work = tokio::task::spawn_blocking(move || groups(sketches, &said));
        let groups = work.await.map_err(|error| {
            let detail = error.to_string();
            PortError::new(
                Kind::Cancelled,
                Retry::Never,
                "royal",
                "opportunities.group",
                detail,
            )
        })?;
        for batch in groups.chunks(BATCH) {
            let ids: Vec<_> = batch.iter().flat_map(|g| &g.members).copied().collect();
            let products = self.ports.suppliers.offers(scope, &ids).await?;
            let products: BTreeMap<_, _> = products.iter().map(|p| (p.id, p)).collect();
            let found = batch.iter().filter_map(|group| {
                let offers: Vec<_> = group
                    .members
                    .iter()
                    .filter_map(|id| products.get(id).copied())
                    .collect();
                assess_group(group, &offers, &own, (&set.settings, set.version), now)
            });
            let found: Vec<_> = found.collect();
            let port = &self.ports.opportunities;
            port.save_opportunities(scope, round, &found).await?;
        }
        self.ports
            .opportunities
            .settle_opportunities(scope, round, now)
            .await?;
        self.hub.wake();
        Ok(())
    }
}
