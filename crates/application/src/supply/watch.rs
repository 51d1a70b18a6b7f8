//! What another price or stock at a supplier means for what the store sells: which listings it touches, what may be done, and from whom else it
//! is had. Nothing is done by itself.

use super::Supply;
use crate::ads::{LiveAds, live};
use crate::opportunities::{fee, main_countries, worth};
use domain::ids::{OpportunityId, ProductId, SupplierMappingId, SupplierProductId, VariantId};
use domain::opportunity::OpportunitySettings;
use domain::store::Store;
use domain::supplier::{
    Alert, Presence, Price, Sold, SupplierMapping, SupplierProduct, SupplierVariant, alerts,
    price_for, with_ending,
};
use ports::opportunities::OpportunityFilter;
use ports::page::MAX_LIMIT;
use ports::supplier_book::MappingFilter;
use ports::{PageRequest, PortResult};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// Mappings that are looked at, at most; the rest is counted.
const MOST_MAPPINGS: usize = 2_000;

/// Somebody else who has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instead {
    pub product: SupplierProductId,
    pub supplier: String,
    /// The only variant of it; `None`: somebody has to choose.
    pub variant: Option<String>,
    /// What one piece costs there, in minor units of the store's currency.
    pub goods: Option<i64>,
    /// It is mapped already: orders choose between both by themselves.
    pub mapped: bool,
}

#[derive(Debug, Clone)]
pub struct Touched {
    pub mapping: SupplierMappingId,
    pub own: ProductId,
    pub variant: VariantId,
    pub title: String,
    /// The store's word of the product: `active`, `draft`.
    pub status: String,
    pub product: SupplierProductId,
    pub supplier: String,
    pub sold: Sold,
    pub alerts: Vec<Alert>,
    /// That leaves the smallest margin that is asked for, with the store's ending.
    pub price: Option<i64>,
    pub instead: Vec<Instead>,
}

#[derive(Debug, Clone)]
pub struct WatchTold {
    /// Those with an alert, the most urgent first.
    pub touched: Vec<Touched>,
    pub looked_at: usize,
    /// Mappings that were not looked at.
    pub left: u64,
    /// Ten-thousandths of the price.
    pub least: i64,
    /// Why no payment fee is in it.
    pub no_fee: Option<String>,
    /// Campaigns that run now and sold what is touched.
    pub ads: LiveAds,
}

/// A variant that the store offers.
struct Listed {
    product: ProductId,
    status: String,
    price: i64,
}

impl Supply {
    /// Of every variant that is mapped to a supplier's, those of which something has to be known.
    pub async fn touched(&self, store: &Store) -> PortResult<WatchTold> {
        let mut mappings = Vec::new();
        let (filter, mut page) = (MappingFilter::default(), PageRequest::first(MAX_LIMIT));
        let mut all = 0;
        loop {
            let found = self.mappings(store, &filter, &page).await?;
            all = found.total.unwrap_or(all);
            mappings.extend(found.items);
            page.cursor = found.next_cursor;
            if page.cursor.is_none() || mappings.len() >= MOST_MAPPINGS {
                break;
            }
        }
        mappings.truncate(MOST_MAPPINGS);
        let wanted: BTreeSet<VariantId> = mappings.iter().map(|m| m.variant).collect();
        let (mut listed, mut prices) = (BTreeMap::new(), Vec::new());
        self.each_variant(store, |product, variant| {
            prices.push(variant.price);
            if wanted.contains(&variant.id) {
                let status = product.status.clone();
                listed.insert(
                    variant.id,
                    Listed {
                        product: product.id,
                        status,
                        price: variant.price,
                    },
                );
            }
        })
        .await?;
        let products = self.products_of(store, &mappings).await?;
        let now = self.ports.clock.now();
        let today = crate::ingest::calendar(store)?.day_of(now);
        let currencies = products.values().flat_map(|p| &p.variants);
        let currencies: BTreeSet<_> = currencies
            .filter_map(|v| Some(v.cost.as_ref()?.value.currency))
            .collect();
        let rates = worth(&self.ports, store, currencies, today).await?;
        let countries = main_countries(&self.ports, store).await?;
        let fee = fee(&self.ports, store, today).await?;
        let set = self.ports.opportunities.opportunity_settings(store.scope);
        let least = least_of(set.await?.as_ref());
        let here = |amount: Decimal, currency| {
            let rate = if currency == store.currency {
                Decimal::ONE
            } else {
                *rates.get(&currency)?
            };
            domain::money::round_to_minor(amount.checked_mul(rate)?, store.currency).ok()
        };
        let others = self.others(store, &mappings).await?;
        let looked_at = mappings.len();
        let mut touched = Vec::new();
        for mapping in &mappings {
            let (Some(own), Some(product)) =
                (listed.get(&mapping.variant), products.get(&mapping.product))
            else {
                continue;
            };
            let variant = mapping.of(product);
            let price_of = |price: &Price| here(price.range.high, price.currency);
            let pieces = i64::from(mapping.pieces);
            let cost = variant.and_then(|v| v.cost.as_ref());
            // Nobody orders at a range.
            let single = cost.filter(|c| c.value.range.single().is_some());
            let goods = single.and_then(|c| price_of(&c.value)?.checked_mul(pieces));
            let sent = variant.and_then(|v| {
                let offers = countries.iter().filter_map(|c| v.shipping_to(c));
                let first = offers.filter_map(|o| o.cost.as_ref()).next();
                first.or_else(|| v.shipping.iter().find_map(|o| o.value.cost.as_ref()))
            });
            let shipping = sent.and_then(price_of).unwrap_or(0);
            let points = self.ports.suppliers.offer_prices(store.scope, product.id);
            let points = points.await?;
            let mut of_variant = points
                .iter()
                .filter(|p| p.variant == mapping.supplier_variant);
            let before = of_variant.nth(1).and_then(|p| price_of(&p.price));
            let stock = variant.and_then(|v| v.stock.as_ref()).map(|s| s.value);
            let sold = Sold {
                price: own.price,
                cost: goods.map(|goods| goods.saturating_add(shipping)),
                goods,
                goods_before: before.and_then(|b| b.checked_mul(pieces)),
                fee: fee.value.map(|f| f.of(own.price)),
                is_gone: variant.is_none_or(|v| v.gone),
                is_out: stock.is_some_and(|s| s.presence == Presence::Out),
            };
            let alerts = alerts(&sold, least);
            if alerts.is_empty() {
                continue;
            }
            let model = fee.value.map_or((0, 0), |f| (f.share, f.fixed));
            let bare = sold.cost.and_then(|cost| price_for(cost, model, least));
            let price = bare
                .filter(|bare| *bare > own.price)
                .map(|bare| with_ending(bare, store.currency, &prices));
            let own_mapped: BTreeSet<_> = mappings
                .iter()
                .filter(|m| m.variant == mapping.variant)
                .map(|m| m.product)
                .collect();
            let same = others.get(&mapping.product).into_iter().flatten();
            let instead = same
                .filter(|p| p.id != product.id)
                .filter_map(|other| instead(other, own_mapped.contains(&other.id), &price_of));
            let mut instead: Vec<Instead> = instead.collect();
            instead.sort_by_key(|i| (i.goods.unwrap_or(i64::MAX), i.product));
            touched.push(Touched {
                mapping: mapping.id,
                own: own.product,
                variant: mapping.variant,
                title: mapping.title.clone(),
                status: own.status.clone(),
                product: product.id,
                supplier: named(product),
                sold,
                alerts,
                price,
                instead,
            });
        }
        let sold: BTreeSet<ProductId> = touched.iter().map(|t| t.own).collect();
        let ads = live(&self.ports, store, &sold).await?;
        touched.sort_by_key(|t| (urgency(t.alerts.first()), t.variant, t.mapping));
        Ok(WatchTold {
            touched,
            looked_at,
            left: all.saturating_sub(looked_at as u64),
            least,
            no_fee: fee.value.is_none().then_some(fee.why),
            ads,
        })
    }

    /// Products of suppliers that are the same thing as a mapped one.
    async fn others(
        &self,
        store: &Store,
        mappings: &[SupplierMapping],
    ) -> PortResult<BTreeMap<SupplierProductId, Vec<SupplierProduct>>> {
        let wanted: BTreeSet<_> = mappings.iter().map(|m| m.product).collect();
        let mut groups: BTreeMap<SupplierProductId, (OpportunityId, Vec<SupplierProductId>)> =
            BTreeMap::new();
        let (filter, mut page) = (OpportunityFilter::default(), PageRequest::first(MAX_LIMIT));
        let now = self.ports.clock.now();
        // Only things that several offer; most are offered by one.
        loop {
            let port = &self.ports.opportunities;
            let found = port.opportunities(store.scope, &filter, now, &page).await?;
            for of in found.items.iter().map(|w| &w.opportunity) {
                if of.leads.len() > 1 {
                    let ids: Vec<_> = of.leads.iter().map(|l| l.product).collect();
                    let mine = ids.iter().filter(|id| wanted.contains(id));
                    groups.extend(mine.map(|id| (*id, (of.id, ids.clone()))));
                }
            }
            page.cursor = found.next_cursor;
            if page.cursor.is_none() || groups.len() == wanted.len() {
                break;
            }
        }
        let ids: BTreeSet<_> = groups.values().flat_map(|(_, ids)| ids).copied().collect();
        let ids: Vec<_> = ids.into_iter().collect();
        let products = self.ports.suppliers.offers(store.scope, &ids).await?;
        let products: BTreeMap<_, _> = products.into_iter().map(|p| (p.id, p)).collect();
        let each = groups.into_iter().map(|(id, (_, ids))| {
            let there = ids.iter().filter_map(|id| products.get(id).cloned());
            (id, there.collect())
        });
        Ok(each.collect())
    }
}

fn named(product: &SupplierProduct) -> String {
    let own = product.supplier.clone();
    own.unwrap_or_else(|| product.platform.name().to_owned())
}

fn least_of(set: Option<&OpportunitySettings>) -> i64 {
    let usual = domain::opportunity::ScoreSettings::default().minimum_margin;
    set.map_or(usual, |set| set.settings.minimum_margin)
}

/// `None`: nothing of it is to be had.
fn instead(
    product: &SupplierProduct,
    mapped: bool,
    price_of: &impl Fn(&Price) -> Option<i64>,
) -> Option<Instead> {
    let is_there = |v: &&SupplierVariant| {
        let presence = v.stock.as_ref().map(|s| s.value.presence);
        !v.gone && presence != Some(Presence::Out)
    };
    let there: Vec<_> = product.variants.iter().filter(is_there).collect();
    let cheapest = there
        .iter()
        .filter_map(|v| price_of(&v.cost.as_ref()?.value));
    let goods = cheapest.min();
    let variant = match there.as_slice() {
        [] => return None,
        [one] => Some(one.key.clone()),
        _ => None,
    };
    Some(Instead {
        product: product.id,
        supplier: named(product),
        variant,
        goods,
        mapped,
    })
}

const fn urgency(alert: Option<&Alert>) -> (u8, i64) {
    match alert {
        Some(Alert::Loses { left }) => (0, *left),
        Some(Alert::Gone) => (1, 0),
        Some(Alert::OutOfStock) => (2, 0),
        Some(Alert::Thin { margin }) => (3, *margin),
        Some(Alert::Dearer { by }) => (4, -*by),
        Some(Alert::CostUnknown) => (5, 0),
        None => (6, 0),
    }
}
