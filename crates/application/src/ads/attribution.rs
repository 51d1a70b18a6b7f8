//! From where sales came by the shop's own record of visits, beside what platforms claim; the two are never in one figure.

use super::halves::{Half, halves, told, told_alone};
use super::{AdError, Ads, Margin, margin, rates};
use chrono::NaiveDate;
use domain::ads::{
    AdAccount, AdLevel, AdPlatform, AdSums, PurchaseDefinition, StoredEntity, minor_of_micros,
    purchases_by,
};
use domain::attribution::{Model, Touch, plain};
use domain::calendar::DayRange;
use domain::fx::RateTable;
use domain::ids::{AdAccountId, StoreId, WorkspaceId};
use domain::rollup::{Dimension, Measures};
use domain::store::Store;
use ports::PortResult;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone)]
pub struct AttributionQuery {
    pub workspace: WorkspaceId,
    pub store: Option<StoreId>,
    /// `None`: the last 30 days of the store.
    pub range: Option<DayRange>,
    pub model: Model,
}

/// Money is minor units of the store's currency.
#[derive(Debug, Clone, Default)]
pub struct Attributed {
    /// Halves where a sale has two touches.
    pub orders: Decimal,
    pub net_revenue: i64,
    /// Before ads; `None` where a cost is missing.
    pub cm2: Option<i64>,
}

/// What the platform tells of a campaign.
#[derive(Debug, Clone)]
pub struct Claims {
    pub platform: AdPlatform,
    pub account: AdAccountId,
    pub campaign: StoredEntity,
    pub spend: i64,
    pub revenue: i64,
    pub purchases: Decimal,
}

#[derive(Debug, Clone)]
pub struct AttributionRow {
    /// `None`: a campaign that no order names.
    pub touch: Option<Touch>,
    pub own: Attributed,
    /// Of the campaign that the touch names; several touches may name one, then it stands with the largest of them.
    pub claims: Option<Claims>,
}

#[derive(Debug, Clone)]
pub struct AttributionView {
    pub store: Store,
    pub range: DayRange,
    pub model: Model,
    /// The largest net revenue first, then the largest spend. With `not_read` they add up to `total`, to the minor unit.
    pub rows: Vec<AttributionRow>,
    pub total: Attributed,
    /// Orders whose visits were not read, or that the shop has not worked out yet.
    pub not_read: Attributed,
    /// Why platforms' figures are not told.
    pub unavailable: Option<String>,
    pub margin: Margin,
}

impl Ads {
    pub async fn attribution(&self, asked: &AttributionQuery) -> Result<AttributionView, AdError> {
        let store = self.stores.pick(asked.workspace, asked.store).await?;
        let range = self.range(&store, asked.range)?;
        let accounts = self
            .accounts(asked.workspace, Some(store.scope.store))
            .await?;
        let total = self.sums(&store, range, Dimension::Total).await?;
        let total = total.into_values().next().unwrap_or_default();
        let sums = match asked.model {
            Model::First => halves(self.sums(&store, range, Dimension::FirstTouch).await?, 2),
            Model::Last => halves(self.sums(&store, range, Dimension::LastTouch).await?, 2),
            Model::Position => {
                let mut both = halves(self.sums(&store, range, Dimension::FirstTouch).await?, 1);
                for (key, half) in halves(self.sums(&store, range, Dimension::LastTouch).await?, 1)
                {
                    both.entry(key).or_default().add(&half);
                }
                both
            }
        };
        let whole = Half::of(total, 2);
        let mut left = whole.clone();
        for half in sums.values() {
            left.take(half);
        }
        // What was not read is told with the rows, so that an odd unit is nobody's twice.
        let mut told = told(sums.values().chain([&left]));
        let not_read = told.pop().unwrap_or_default();
        let mut rows: Vec<AttributionRow> = sums
            .keys()
            .zip(told)
            .map(|(key, own)| AttributionRow {
                touch: Some(Touch::of_key(key)),
                own,
                claims: None,
            })
            .collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.own.net_revenue));
        let claims = self.claims(&store, &accounts, range).await?;
        let unavailable = claims.as_ref().err().cloned();
        for one in claims.unwrap_or_default() {
            let names = names(&one.campaign);
            let number = one.campaign.entity.id.clone();
            let is_it = |row: &&mut AttributionRow| {
                let names = names.iter().map(String::as_str);
                let touch = row.touch.as_ref();
                row.claims.is_none() && touch.is_some_and(|t| t.names(one.platform, &number, names))
            };
            match rows.iter_mut().find(is_it) {
                Some(row) => row.claims = Some(one),
                None => rows.push(AttributionRow {
                    touch: None,
                    own: Attributed {
                        cm2: Some(0),
                        ..Attributed::default()
                    },
                    claims: Some(one),
                }),
            }
        }
        rows.sort_by_key(|row| {
            let spend = row.claims.as_ref().map_or(0, |c| c.spend);
            std::cmp::Reverse((row.own.net_revenue, spend))
        });
        let (margin, _) = margin(&self.ports, &store, range).await?;
        Ok(AttributionView {
            range,
            model: asked.model,
            rows,
            total: told_alone(&whole),
            not_read,
            unavailable,
            margin,
            store,
        })
    }

    async fn sums(
        &self,
        store: &Store,
        range: DayRange,
        dimension: Dimension,
    ) -> PortResult<BTreeMap<String, Measures>> {
        let reports = &self.ports.reports;
        let rows = reports.by_key(store.scope, store.currency, range, dimension);
        Ok(rows
            .await?
            .into_iter()
            .map(|r| (r.key, r.measures))
            .collect())
    }

    /// What each campaign spent and claims, each day by its own rate; campaigns that did neither are left out. `Err`: why it cannot be told.
    async fn claims(
        &self,
        store: &Store,
        accounts: &[AdAccount],
        range: DayRange,
    ) -> PortResult<Result<Vec<Claims>, String>> {
        let rates = rates(&self.ports, store, accounts, range).await?;
        let mut all = Vec::new();
        for account in accounts {
            let definition = PurchaseDefinition::of(account.platform);
            let kind = purchases_by(&definition, &account.conversion_kinds);
            let ads = &self.ports.ads;
            let days = ads.ad_days(account.scope, account.id, AdLevel::Campaign, None, range);
            let mut by_campaign: BTreeMap<String, (i64, i64, i64)> = BTreeMap::new();
            for row in days.await? {
                let told = in_store(&rates, account, store, row.day, &row.sums(kind));
                match told {
                    Ok((spend, revenue, purchases)) => {
                        let sums = by_campaign.entry(row.id).or_default();
                        sums.0 = sums.0.saturating_add(spend);
                        sums.1 = sums.1.saturating_add(revenue);
                        sums.2 = sums.2.saturating_add(purchases);
                    }
                    Err(why) => return Ok(Err(why)),
                }
            }
            let entities = ads
                .ad_entities(account.scope, account.id, AdLevel::Campaign)
                .await?;
            for campaign in entities {
                if let Some((spend, revenue, purchases)) = by_campaign.remove(&campaign.entity.id) {
                    all.push(Claims {
                        platform: account.platform,
                        account: account.id,
                        campaign,
                        spend,
                        revenue,
                        purchases: Decimal::new(purchases, 6).normalize(),
                    });
                }
            }
        }
        Ok(Ok(all))
    }
}

/// A name that it has or had.
pub(crate) fn names(campaign: &StoredEntity) -> BTreeSet<String> {
    let earlier = campaign.earlier_names.iter().map(|e| e.name.clone());
    earlier.chain([campaign.entity.name.clone()]).collect()
}

/// The names by which links may speak of campaigns that are added up: what two campaigns of a platform are called, or were, is the first
/// one's alone, so that no visit counts twice.
#[derive(Debug, Default)]
pub(super) struct OwnNames {
    taken: BTreeSet<(&'static str, String)>,
}

impl OwnNames {
    pub(super) fn of(&mut self, platform: AdPlatform, campaign: &StoredEntity) -> BTreeSet<String> {
        let channel = platform.channel();
        let is_free = |name: &String| self.taken.insert((channel, plain(name)));
        names(campaign).into_iter().filter(is_free).collect()
    }
}

/// Spend and claimed revenue in minor units of the store, and purchases in millionths.
pub(super) fn in_store(
    rates: &RateTable,
    account: &AdAccount,
    store: &Store,
    day: NaiveDate,
    sums: &AdSums,
) -> Result<(i64, i64, i64), String> {
    let Some(currency) = account.currency_on(day) else {
        return Ok((0, 0, 0));
    };
    let rate = rates.on(day, currency, store.currency);
    let rate = rate.map_err(|none| none.to_string())?;
    let told = |micros| {
        let minor = minor_of_micros(micros, currency).map_err(|e| e.to_string())?;
        rate.convert(minor).map_err(|e| e.to_string())
    };
    Ok((told(sums.spend)?, told(sums.revenue)?, sums.purchases))
}
