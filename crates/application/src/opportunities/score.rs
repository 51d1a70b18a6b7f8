//! Scoring everything that suppliers offer to a store.

use super::facts::gather;
use super::settings::settings;
use crate::Ports;
use crate::events::EventHub;
use domain::ids::SupplierProductId;
use domain::money::Currency;
use domain::opportunity::{assess, group_key};
use domain::store::Store;
use domain::supplier::{SupplierProduct, SupplierVariant};
use ports::page::MAX_LIMIT;
use ports::suppliers::OfferFilter;
use ports::{PageRequest, PortResult};
use std::collections::{BTreeMap, BTreeSet};

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
    groups: BTreeMap<String, Vec<SupplierProductId>>,
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
        loop {
            let port = &self.ports.suppliers;
            let found = port.list_offers(store.scope, &filter, &page).await?;
            for product in &found.items {
                overview.currencies.extend(currencies(product));
                let is_there = product.variants.iter().any(|v| !v.gone);
                if let Some(key) = group_key(product).filter(|_| is_there) {
                    overview.groups.entry(key).or_default().push(product.id);
                }
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
        let set = settings(&self.ports, store).await?;
        let overview = self.overview(store).await?;
        let own = gather(&self.ports, store, overview.currencies, now).await?;
        let groups: Vec<_> = overview.groups.into_values().collect();
        for batch in groups.chunks(BATCH) {
            let ids: Vec<_> = batch.iter().flatten().copied().collect();
            let products = self.ports.suppliers.offers(scope, &ids).await?;
            let products: BTreeMap<_, _> = products.iter().map(|p| (p.id, p)).collect();
            let found = batch.iter().filter_map(|ids| {
                let offers: Vec<_> = ids
                    .iter()
                    .filter_map(|id| products.get(id).copied())
                    .collect();
                assess(&offers, &own, (&set.settings, set.version), now)
            });
            let found: Vec<_> = found.collect();
            let port = &self.ports.opportunities;
            port.save_opportunities(scope, &found).await?;
        }
        self.ports
            .opportunities
            .settle_opportunities(scope, now)
            .await?;
        self.hub.wake();
        Ok(())
    }
}
