//! The ads of one campaign. They are read from the platform when somebody looks: an account has many times more ads than ad sets, and
//! few of them are ever looked at. What is told is added up by the platform over the whole range, in the account's days.

use super::campaigns::CampaignRow;
use super::{AdError, Ads, Margin, margin};
use domain::ads::{
    AdAccount, AdFigures, AdLevel, AdSums, PurchaseDefinition, StoredEntity, minor_of_micros,
    purchases_by,
};
use domain::calendar::DayRange;
use domain::ids::{AdAccountId, WorkspaceId};
use std::collections::BTreeMap;

/// So many ads of a campaign are told; the platform's order is kept among those that spent the same.
const MOST: usize = 100;
/// Longest range that is asked for.
const MOST_DAYS: u64 = 366;

#[derive(Debug, Clone)]
pub struct AdRow {
    /// As of a campaign: its `stored.entity.parent` is the ad set.
    pub row: CampaignRow,
    /// The ad set's name; `None`: the ad set was not read yet.
    pub ad_set: Option<String>,
}

#[derive(Debug, Clone)]
pub struct CampaignAds {
    pub account: AdAccount,
    pub range: DayRange,
    pub margin: Margin,
    /// The largest spend first.
    pub ads: Vec<AdRow>,
    /// The platform lists more.
    pub is_cut: bool,
}

impl Ads {
    /// `UnknownCampaign` where the account has no such campaign; `Port` where the platform does not answer.
    pub async fn ads_of(
        &self,
        workspace: WorkspaceId,
        account: AdAccountId,
        number: &str,
        range: Option<DayRange>,
    ) -> Result<CampaignAds, AdError> {
        let account = self.account(workspace, account).await?;
        let store = self
            .stores
            .pick(workspace, Some(account.scope.store))
            .await?;
        let asked = self.range(&store, range)?;
        if asked.len_days() > MOST_DAYS {
            return Err(AdError::TooLong(MOST_DAYS));
        }
        let (scope, ads) = (account.scope, &self.ports.ads);
        let known = ads
            .ad_entities(scope, account.id, AdLevel::Campaign)
            .await?;
        if !known.iter().any(|c| c.entity.id == number) {
            return Err(AdError::UnknownCampaign);
        }
        let Some(currency) = account.current().map(|series| series.currency) else {
            return Err(AdError::UnknownCampaign);
        };
        let range = self.comparable(&account, asked);
        let (margin, _) = margin(&self.ports, &store, asked).await?;
        let source = self.source(&account).await?;
        let told = match source.ads_of(number, range, MOST).await {
            // Deleted at the platform: it has no ads any more.
            Err(error) if error.kind == ports::Kind::NotFound => Default::default(),
            told => told?,
        };
        let sets = ads.ad_entities(scope, account.id, AdLevel::AdSet).await?;
        let sets: BTreeMap<String, String> = sets
            .into_iter()
            .map(|set| (set.entity.id, set.entity.name))
            .collect();
        let definition = PurchaseDefinition::of(account.platform);
        let kind = purchases_by(&definition, &account.conversion_kinds);
        let mut sums: BTreeMap<String, AdSums> = BTreeMap::new();
        for total in told.totals {
            *sums.entry(total.id.clone()).or_default() += total.sums(kind);
        }
        let now = self.ports.clock.now();
        let rows = told.ads.into_iter().map(|ad| {
            let own = sums.remove(&ad.id);
            let of = own.unwrap_or_default();
            let figures: AdFigures = of.figures(margin.share);
            AdRow {
                ad_set: ad.parent.as_ref().and_then(|set| sets.get(set)).cloned(),
                row: CampaignRow {
                    account: account.id,
                    platform: account.platform,
                    currency,
                    figures,
                    spent: minor_of_micros(of.spend, currency).unwrap_or(i64::MAX),
                    sums: of,
                    is_provisional: own.is_some() && account.is_provisional(range.to),
                    // Its days are not told one by one.
                    last_day: None,
                    purchases_by: kind.map(str::to_owned),
                    stored: StoredEntity::new(ad, now),
                },
            }
        });
        let mut rows: Vec<AdRow> = rows.collect();
        rows.sort_by_key(|ad| std::cmp::Reverse(ad.row.sums.spend));
        Ok(CampaignAds {
            range: asked,
            margin,
            ads: rows,
            is_cut: told.is_cut,
            account,
        })
    }
}
