//! Who the account is, what is in it, and its days.

use crate::client::GoogleAds;
use crate::query;
use crate::wire::{CampaignBudget, Row};
use async_trait::async_trait;
use chrono::Days;
use domain::ads::{
    AdEntity, AdIdentity, AdLevel, AdStatus, Budget, BudgetSpan, InsightDay, RawConversion,
    minor_of_micros,
};
use domain::calendar::DayRange;
use domain::money::Currency;
use ports::ad_platforms::{AdSource, AdsOf};
use ports::{Kind, PortResult, Retry};

#[async_trait]
impl AdSource for GoogleAds {
    async fn identify(&self) -> PortResult<AdIdentity> {
        let operation = "ads.identify";
        let rows = self.rows(operation, query::CUSTOMER).await?;
        let told = rows.into_iter().find_map(|r| r.customer);
        let told = told.ok_or_else(|| self.nonsense(operation, "no customer"))?;
        if told.manager {
            let detail = format!(
                "{} is a manager account: it has no campaigns of its own. Enter the account below it, and this number as the manager.",
                told.id
            );
            return Err(self.error(Kind::Configuration, Retry::Never, operation, detail));
        }
        let currency = Currency::parse(&told.currency_code)
            .map_err(|e| self.nonsense(operation, &e.to_string()))?;
        Ok(AdIdentity {
            external_id: told.id,
            name: told.descriptive_name,
            currency,
            zone: told.time_zone,
            not_running: told.status.filter(|s| s != "ENABLED"),
            is_sandbox: told.test_account || self.is_sandbox,
            // What credentials may do is told by the role of their owner, which the API does not tell: a refused write says so.
            missing: Vec::new(),
        })
    }

    async fn structure(&self, level: AdLevel) -> PortResult<Vec<AdEntity>> {
        let operation = "ads.structure";
        let currency = self.currency(operation).await?;
        let rows = self.rows(operation, query::structure(level)).await?;
        let entities = rows.into_iter().map(|row| {
            self.entity(row, level, currency)
                .ok_or_else(|| self.nonsense(operation, "a row without what was asked for"))
        });
        entities.collect()
    }

    async fn insights(&self, level: AdLevel, range: DayRange) -> PortResult<Vec<InsightDay>> {
        let operation = "ads.insights";
        let (mut parts, mut days) = (vec![range], Vec::new());
        while let Some(part) = parts.pop() {
            match self
                .search(operation, &query::insights(level, part))
                .await?
            {
                Ok(rows) => {
                    days.reserve(rows.len());
                    for row in rows {
                        let day = row_of(row, level)
                            .filter(|d| part.contains(d.day))
                            .ok_or_else(|| {
                                self.nonsense(operation, "a row that was not asked for")
                            })?;
                        days.push(day);
                    }
                }
                Err(_) if part.from < part.to => {
                    let middle = part.from + Days::new((part.len_days() - 1) / 2);
                    parts.push(DayRange {
                        from: part.from,
                        to: middle,
                    });
                    parts.push(DayRange {
                        from: middle + Days::new(1),
                        to: part.to,
                    });
                }
                Err(said) => return Err(self.refused(operation, &said)),
            }
        }
        Ok(days)
    }

    async fn ads_of(&self, campaign: &str, range: DayRange, most: usize) -> PortResult<AdsOf> {
        let operation = "ads.of_campaign";
        let number = campaign.parse::<u64>().map_err(|_| {
            let detail = format!("{campaign:?} is no number of Google's");
            self.error(Kind::NotFound, Retry::Never, operation, detail)
        })?;
        // One more than is told, to know whether there are more.
        let listed = self
            .rows(operation, &query::ads_of(number, most.saturating_add(1)))
            .await?;
        if listed.is_empty() {
            return Ok(AdsOf::default());
        }
        let currency = self.currency(operation).await?;
        let is_cut = listed.len() > most;
        let mut ads = Vec::with_capacity(listed.len());
        for row in listed.into_iter().take(most) {
            let ad = self.entity(row, AdLevel::Ad, currency);
            ads.push(ad.ok_or_else(|| self.nonsense(operation, "a row without its ad"))?);
        }
        let numbers: Vec<&str> = ads.iter().map(|ad| ad.id.as_str()).collect();
        let question = query::totals_of(number, &numbers, range);
        let mut totals = Vec::new();
        for row in self.rows(operation, &question).await? {
            let total = total_of(row, AdLevel::Ad, range.from);
            totals.push(total.ok_or_else(|| self.nonsense(operation, "a row without its ad"))?);
        }
        Ok(AdsOf {
            ads,
            totals,
            is_cut,
        })
    }
}

fn row_of(row: Row, level: AdLevel) -> Option<InsightDay> {
    let day = row.segments.as_ref()?.date;
    total_of(row, level, day)
}

/// What a row tells, under this day.
fn total_of(row: Row, level: AdLevel, day: chrono::NaiveDate) -> Option<InsightDay> {
    let id = match level {
        AdLevel::Campaign => row.campaign?.id,
        AdLevel::AdSet => row.ad_group?.id,
        AdLevel::Ad => row.ad_group_ad?.ad.id,
    };
    let m = row.metrics;
    let told = [
        ("conversions", m.conversions, m.conversions_value),
        (
            "conversions_by_conversion_date",
            m.conversions_by_conversion_date,
            m.conversions_value_by_conversion_date,
        ),
        (
            "all_conversions",
            m.all_conversions,
            m.all_conversions_value,
        ),
    ];
    let told = told
        .into_iter()
        .filter(|(_, count, value)| *count != 0 || *value != 0);
    let conversions = told.map(|(kind, count, value)| RawConversion {
        kind: kind.to_owned(),
        count,
        value: Some(value),
    });
    Some(InsightDay {
        level,
        id,
        day,
        spend: m.cost_micros,
        impressions: m.impressions,
        clicks: m.clicks,
        reach: None,
        conversions: conversions.collect(),
        attribution: None,
    })
}

impl GoogleAds {
    pub(crate) async fn currency(&self, operation: &'static str) -> PortResult<Currency> {
        let rows = self.rows(operation, query::CUSTOMER).await?;
        let told = rows.into_iter().find_map(|r| r.customer);
        let told = told.ok_or_else(|| self.nonsense(operation, "no customer"))?;
        Currency::parse(&told.currency_code).map_err(|e| self.nonsense(operation, &e.to_string()))
    }

    pub(crate) fn entity(&self, row: Row, level: AdLevel, currency: Currency) -> Option<AdEntity> {
        let entity = |id, name, parent, word: Option<&str>| AdEntity {
            level,
            id,
            parent,
            name,
            status: status(word),
            delivery: None,
            objective: None,
            budget: None,
            created_at: None,
        };
        Some(match level {
            AdLevel::Campaign => {
                let campaign = row.campaign?;
                AdEntity {
                    delivery: campaign.primary_status,
                    objective: campaign.advertising_channel_type,
                    budget: row.campaign_budget.and_then(|b| budget(b, currency)),
                    ..entity(campaign.id, campaign.name, None, campaign.status.as_deref())
                }
            }
            AdLevel::AdSet => {
                let group = row.ad_group?;
                let parent = row.campaign.map(|c| c.id);
                AdEntity {
                    delivery: group.primary_status,
                    ..entity(group.id, group.name, parent, group.status.as_deref())
                }
            }
            AdLevel::Ad => {
                let ad = row.ad_group_ad?;
                let parent = row.ad_group.map(|g| g.id);
                entity(ad.ad.id, ad.ad.name, parent, ad.status.as_deref())
            }
        })
    }
}

/// A budget of a period of its own has a total; any other is a day's.
fn budget(told: CampaignBudget, currency: Currency) -> Option<Budget> {
    let (span, micros) = match (told.amount_micros, told.total_amount_micros) {
        (0, 0) => return None,
        (0, total) => (BudgetSpan::Lifetime, total),
        (day, _) => (BudgetSpan::Day, day),
    };
    Some(Budget {
        span,
        minor: minor_of_micros(micros, currency).ok()?,
        resource: told.resource_name,
        is_shared: told.explicitly_shared || told.reference_count > 1,
    })
}

pub(crate) fn status(word: Option<&str>) -> AdStatus {
    match word {
        Some("ENABLED") => AdStatus::Active,
        Some("PAUSED") => AdStatus::Paused,
        Some("REMOVED") => AdStatus::Deleted,
        _ => AdStatus::Other,
    }
}
