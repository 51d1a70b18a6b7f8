//! Which campaigns that run now sell which products, as far as the store's own orders tell: by the last visit before each, as everywhere else.
//!
//! It says which product was sold, not which one the advertisement showed, for the platforms do not tell that. A campaign that no order names
//! touches nothing here.

use super::CampaignRef;
use super::reference;
use super::sales::{Called, sales};
use crate::Ports;
use crate::ads::attribution::OwnNames;
use domain::ads::{AdLevel, AdStatus};
use domain::calendar::DayRange;
use domain::ids::ProductId;
use domain::store::Store;
use ports::PortResult;
use std::collections::{BTreeMap, BTreeSet};

/// Days of orders and spend that are looked at, today among them.
const DAYS: u64 = 30;

/// A campaign that runs, with what it sold of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveCampaign {
    pub campaign: CampaignRef,
    pub orders: i64,
    pub units: i64,
}

/// What campaigns that run now sold of products.
#[derive(Debug, Clone, Default)]
pub struct LiveAds {
    /// Of each product the one that sold most of it first; products of none are left out.
    pub by_product: BTreeMap<ProductId, Vec<LiveCampaign>>,
    /// `None`: nothing was looked at.
    pub range: Option<DayRange>,
    /// Orders whose visits were not read: they are no campaign's here.
    pub orders_not_read: u64,
    /// Why nothing is told.
    pub why: Option<String>,
}

/// Of these products, over the last 30 days of the store. Campaigns without a day of spend in them are not asked for.
pub(crate) async fn live(
    ports: &Ports,
    store: &Store,
    products: &BTreeSet<ProductId>,
) -> PortResult<LiveAds> {
    if products.is_empty() {
        return Ok(LiveAds::default());
    }
    let mut accounts = ports.ads.ad_accounts(store.scope.workspace).await?;
    accounts.retain(|account| account.scope == store.scope);
    if accounts.is_empty() {
        return Ok(LiveAds {
            why: Some("no ad account of this store is connected".to_owned()),
            ..LiveAds::default()
        });
    }
    let today = crate::ingest::calendar(store)?.day_of(ports.clock.now());
    let range = DayRange {
        from: today - chrono::Days::new(DAYS - 1),
        to: today,
    };
    let told = sales(ports, store, range, &BTreeMap::new()).await?;
    let mut by_product: BTreeMap<ProductId, Vec<LiveCampaign>> = BTreeMap::new();
    let mut own_names = OwnNames::default();
    for account in &accounts {
        let level = AdLevel::Campaign;
        let days = ports
            .ads
            .ad_days(account.scope, account.id, level, None, range);
        let spent: BTreeSet<String> = days.await?.into_iter().map(|day| day.id).collect();
        let entities = ports.ads.ad_entities(account.scope, account.id, level);
        for stored in entities.await? {
            if !spent.contains(&stored.entity.id) {
                continue;
            }
            let names = own_names.of(account.platform, &stored);
            let campaign = reference(account, stored);
            if campaign.status != AdStatus::Active {
                continue;
            }
            let called = Called {
                source: account.platform.channel(),
                number: &campaign.number,
                names: &names,
            };
            for (product, own) in told.by_product(called) {
                if own.units > 0 && products.contains(&product) {
                    by_product.entry(product).or_default().push(LiveCampaign {
                        campaign: campaign.clone(),
                        orders: own.orders,
                        units: own.units,
                    });
                }
            }
        }
    }
    for of in by_product.values_mut() {
        of.sort_by_key(|one| (std::cmp::Reverse(one.units), one.campaign.number.clone()));
    }
    Ok(LiveAds {
        by_product,
        range: Some(range),
        orders_not_read: told.not_read,
        why: None,
    })
}
