//! Campaigns as a page shows them: what each cost and is claimed to have brought over a range of days, and whether that left profit.
//!
//! The platform's numbers are its own claims. Their profit is estimated with the store's own margin of the same days: the
//! contribution margin before ads (CM2) as a share of net revenue whose cost is known. Where margin is not known there is no
//! POAS, and the reason is told.

use super::pacing::pacing;
use super::{AdError, Ads, Margin, Pacing, margin, rates};
use chrono::{DateTime, NaiveDate, Utc};
use domain::ads::{
    AdAccount, AdFigures, AdLevel, AdSums, PurchaseDefinition, StoredEntity, break_even_roas, mer,
    minor_of_micros, purchases_by, spend_share,
};
use domain::calendar::DayRange;
use domain::changes::{Action, OperationState};
use domain::ids::{AdAccountId, ChangeSetId, StoreId, WorkspaceId};
use domain::money::Currency;
use domain::store::Store;
use ports::PortResult;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone)]
pub struct Campaigns {
    pub workspace: WorkspaceId,
    /// `None`: the first store.
    pub store: Option<StoreId>,
    /// `None`: the last 30 days of the store.
    pub range: Option<DayRange>,
}

#[derive(Debug, Clone)]
pub struct CampaignRow {
    pub account: AdAccountId,
    pub platform: domain::ads::AdPlatform,
    pub stored: StoredEntity,
    pub currency: Currency,
    pub sums: AdSums,
    pub figures: AdFigures,
    /// Spent, in minor units of the account's currency.
    pub spent: i64,
    /// Some of its days in the range may still move.
    pub is_provisional: bool,
    pub last_day: Option<NaiveDate>,
    /// Which kind of conversion counts as a purchase; `None`: the account tells none.
    pub purchases_by: Option<String>,
}

#[derive(Debug, Clone)]
pub struct CampaignsView {
    pub store: Store,
    pub range: DayRange,
    pub accounts: Vec<AdAccount>,
    /// The largest spend first.
    pub rows: Vec<CampaignRow>,
    pub margin: Margin,
    pub break_even_roas: Option<Decimal>,
    /// Of all accounts, converted by each day's rate into the store's currency, minor units; `None` where a rate is missing.
    pub spent: Option<i64>,
    /// Claimed revenue of all, converted like the spend.
    pub claimed: Option<i64>,
    pub purchases: Decimal,
    /// Net revenue of the store in the same days, minor units.
    pub net_revenue: i64,
    pub mer: Option<Decimal>,
    pub spend_share: Option<Decimal>,
    pub new_customer_cac: Option<i64>,
    pub pacing: Pacing,
    /// Why a total is not told.
    pub unavailable: BTreeMap<&'static str, String>,
    pub now: DateTime<Utc>,
}

#[derive(Debug, Clone)]
pub struct AdDayPoint {
    pub day: NaiveDate,
    pub sums: AdSums,
    pub figures: AdFigures,
    pub is_provisional: bool,
}

#[derive(Debug, Clone)]
pub struct CampaignDetail {
    pub row: CampaignRow,
    pub account: AdAccount,
    pub range: DayRange,
    pub margin: Margin,
    /// In which the margin is told.
    pub store_currency: Currency,
    pub break_even_roas: Option<Decimal>,
    pub days: Vec<AdDayPoint>,
    pub ad_sets: Vec<CampaignRow>,
    /// What was changed of it or of its ad sets in these days, newest first.
    pub changes: Vec<AdMark>,
}

/// A change that was written, or may have been.
#[derive(Debug, Clone)]
pub struct AdMark {
    pub set: ChangeSetId,
    pub at: DateTime<Utc>,
    pub action: Action,
    /// The name of what was changed.
    pub label: String,
    /// `None`: the change-set is not known any more.
    pub state: Option<OperationState>,
    pub agent: Option<String>,
}

/// Days without a parameter.
const STANDARD_DAYS: u64 = 30;

impl Ads {
    pub async fn campaigns(&self, asked: &Campaigns) -> Result<CampaignsView, AdError> {
        let store = self.stores.pick(asked.workspace, asked.store).await?;
        let range = self.range(&store, asked.range)?;
        let accounts = self
            .accounts(asked.workspace, Some(store.scope.store))
            .await?;
        let (margin, net_revenue) = margin(&self.ports, &store, range).await?;
        let (mut rows, mut unavailable) = (Vec::new(), BTreeMap::new());
        for account in &accounts {
            rows.extend(
                self.rows(account, AdLevel::Campaign, range, &margin)
                    .await?,
            );
        }
        rows.sort_by(|a, b| {
            b.sums
                .spend
                .cmp(&a.sums.spend)
                .then_with(|| a.stored.entity.id.cmp(&b.stored.entity.id))
        });
        let (spent, claimed) = self
            .totals(&store, &accounts, range, &mut unavailable)
            .await?;
        let purchases: i64 = rows.iter().map(|r| r.sums.purchases).sum();
        let break_even = break_even_roas(margin.share);
        let new_customers = self.new_customers(&store, range).await?;
        let new_customer_cac = spent
            .filter(|_| new_customers > 0)
            .map(|s| (s + new_customers / 2) / new_customers);
        let today = crate::ingest::calendar(&store)?.day_of(self.ports.clock.now());
        let pacing = pacing(&self.ports, &store, &accounts, today).await?;
        Ok(CampaignsView {
            range,
            margin,
            break_even_roas: break_even,
            mer: spent.and_then(|s| mer(net_revenue, s)),
            spend_share: spent.and_then(|s| spend_share(net_revenue, s)),
            purchases: Decimal::new(purchases, 6).normalize(),
            now: self.ports.clock.now(),
            store,
            accounts,
            rows,
            spent,
            claimed,
            net_revenue,
            new_customer_cac,
            pacing,
            unavailable,
        })
    }

    pub async fn campaign(
        &self,
        workspace: WorkspaceId,
        account: AdAccountId,
        number: &str,
        range: Option<DayRange>,
    ) -> Result<CampaignDetail, AdError> {
        let account = self.account(workspace, account).await?;
        let store = self
            .stores
            .pick(workspace, Some(account.scope.store))
            .await?;
        let range = self.range(&store, range)?;
        let (margin, _) = margin(&self.ports, &store, range).await?;
        let campaigns = self
            .rows(&account, AdLevel::Campaign, range, &margin)
            .await?;
        let row = campaigns.into_iter().find(|r| r.stored.entity.id == number);
        let row = row.ok_or(AdError::UnknownCampaign)?;
        let mut ad_sets = self.rows(&account, AdLevel::AdSet, range, &margin).await?;
        ad_sets.retain(|r| r.stored.entity.parent.as_deref() == Some(number));
        ad_sets.sort_by_key(|r| std::cmp::Reverse(r.sums.spend));
        let changes = self.marks(&account, number, &ad_sets, range).await?;
        let told = self.comparable(&account, range);
        let days = self.ports.ads.ad_days(
            account.scope,
            account.id,
            AdLevel::Campaign,
            Some(number),
            told,
        );
        let days = days.await?.into_iter().map(|day| {
            let sums = day.sums(row.purchases_by.as_deref());
            AdDayPoint {
                day: day.day,
                sums,
                figures: sums.figures(margin.share),
                is_provisional: account.is_provisional(day.day),
            }
        });
        Ok(CampaignDetail {
            days: days.collect(),
            break_even_roas: break_even_roas(margin.share),
            row,
            account,
            range,
            margin,
            store_currency: store.currency,
            ad_sets,
            changes,
        })
    }

    pub(super) fn range(&self, store: &Store, asked: Option<DayRange>) -> PortResult<DayRange> {
        if let Some(range) = asked {
            return Ok(range);
        }
        let today = crate::ingest::calendar(store)?.day_of(self.ports.clock.now());
        let from = today - chrono::Days::new(STANDARD_DAYS - 1);
        Ok(DayRange { from, to: today })
    }

    async fn marks(
        &self,
        account: &AdAccount,
        campaign: &str,
        ad_sets: &[CampaignRow],
        range: DayRange,
    ) -> PortResult<Vec<AdMark>> {
        let sets: BTreeSet<&str> = ad_sets
            .iter()
            .map(|r| r.stored.entity.id.as_str())
            .collect();
        let is_its = |action: &Action| {
            action.ad().is_some_and(|thing| {
                thing.account == account.id
                    && match thing.level {
                        AdLevel::Campaign => thing.id == campaign,
                        AdLevel::AdSet => sets.contains(thing.id.as_str()),
                        AdLevel::Ad => false,
                    }
            })
        };
        let since = range.from.and_time(chrono::NaiveTime::MIN).and_utc();
        let changes = &self.ports.changes;
        let intents = changes.intents(account.scope, since).await?.into_iter();
        let mut marks = Vec::new();
        for intent in intents.filter(|i| is_its(&i.action)) {
            let set = changes.find(account.scope.workspace, intent.set).await?;
            let operation = set.as_ref().and_then(|set| set.operation(intent.no));
            marks.push(AdMark {
                set: intent.set,
                at: intent.at,
                label: operation.map(|o| o.label.clone()).unwrap_or_default(),
                state: operation.map(|o| o.state),
                agent: intent.agent,
                action: intent.action,
            });
        }
        marks.sort_by_key(|mark| std::cmp::Reverse(mark.at));
        Ok(marks)
    }

    /// Days that were told in the currency and zone of now: others cannot be added to them.
    pub(super) fn comparable(&self, account: &AdAccount, range: DayRange) -> DayRange {
        let begun = account.current().and_then(|s| s.from);
        DayRange {
            from: begun
                .map_or(range.from, |b| b.max(range.from))
                .min(range.to),
            to: range.to,
        }
    }

    async fn rows(
        &self,
        account: &AdAccount,
        level: AdLevel,
        range: DayRange,
        margin: &Margin,
    ) -> PortResult<Vec<CampaignRow>> {
        let Some(currency) = account.current().map(|s| s.currency) else {
            return Ok(Vec::new());
        };
        let definition = PurchaseDefinition::of(account.platform);
        let kind = purchases_by(&definition, &account.conversion_kinds);
        let days = self.comparable(account, range);
        let ads = &self.ports.ads;
        let sums = ads
            .ad_sums(account.scope, account.id, level, days, kind)
            .await?;
        let mut sums: BTreeMap<String, _> = sums.into_iter().map(|s| (s.id.clone(), s)).collect();
        let entities = ads.ad_entities(account.scope, account.id, level).await?;
        let mut rows = Vec::with_capacity(entities.len());
        for stored in entities {
            let told = sums.remove(&stored.entity.id);
            // What is long gone and spent nothing in these days is not in the way.
            if told.is_none() && stored.vanished_at.is_some() {
                continue;
            }
            let (of, last_day) =
                told.map_or((AdSums::default(), None), |t| (t.sums, Some(t.last_day)));
            rows.push(CampaignRow {
                account: account.id,
                platform: account.platform,
                stored,
                currency,
                figures: of.figures(margin.share),
                spent: minor_of_micros(of.spend, currency).unwrap_or(i64::MAX),
                sums: of,
                is_provisional: last_day.is_some_and(|d| account.is_provisional(d)),
                last_day,
                purchases_by: kind.map(str::to_owned),
            });
        }
        Ok(rows)
    }

    /// People whose first order is of these days.
    async fn new_customers(&self, store: &Store, range: DayRange) -> PortResult<i64> {
        let customers = &self.ports.customers;
        let counts = customers
            .counts_in(store.scope, store.currency, range)
            .await?;
        Ok(i64::try_from(counts.new).unwrap_or(i64::MAX))
    }

    /// Spend and claimed revenue of all accounts in the store's currency, each day by its own rate.
    async fn totals(
        &self,
        store: &Store,
        accounts: &[AdAccount],
        range: DayRange,
        unavailable: &mut BTreeMap<&'static str, String>,
    ) -> PortResult<(Option<i64>, Option<i64>)> {
        let rates = rates(&self.ports, store, accounts, range).await?;
        let (mut spent, mut claimed) = (Some(0_i64), Some(0_i64));
        for account in accounts {
            let definition = PurchaseDefinition::of(account.platform);
            let kind = purchases_by(&definition, &account.conversion_kinds);
            let ads = &self.ports.ads;
            let days = ads.ad_days(account.scope, account.id, AdLevel::Campaign, None, range);
            let mut by_day: BTreeMap<NaiveDate, AdSums> = BTreeMap::new();
            for row in days.await? {
                *by_day.entry(row.day).or_default() += row.sums(kind);
            }
            for (day, sums) in by_day {
                let Some(currency) = account.currency_on(day) else {
                    continue;
                };
                match rates.on(day, currency, store.currency) {
                    Ok(rate) => {
                        let told = |micros| {
                            let minor = minor_of_micros(micros, currency).ok()?;
                            rate.convert(minor).ok()
                        };
                        spent = spent.zip(told(sums.spend)).map(|(a, b)| a + b);
                        claimed = claimed.zip(told(sums.revenue)).map(|(a, b)| a + b);
                    }
                    Err(none) => {
                        (spent, claimed) = (None, None);
                        for field in ["total_spent", "average_roas", "mer", "new_customer_cac"] {
                            unavailable.entry(field).or_insert_with(|| none.to_string());
                        }
                    }
                }
            }
        }
        Ok((spent, claimed))
    }
}
