//! The questions in Google's query language.

use domain::ads::AdLevel;
use domain::calendar::DayRange;

/// Who the account is.
pub(crate) const CUSTOMER: &str = "SELECT customer.id, customer.descriptive_name, customer.currency_code, customer.time_zone, \
     customer.status, customer.manager, customer.test_account FROM customer";

/// All that is not removed; what was removed is told by its absence.
#[must_use]
pub const fn structure(level: AdLevel) -> &'static str {
    match level {
        AdLevel::Campaign => {
            "SELECT campaign.id, campaign.name, campaign.status, campaign.primary_status, campaign.advertising_channel_type, \
             campaign_budget.resource_name, campaign_budget.amount_micros, campaign_budget.total_amount_micros, \
             campaign_budget.period, campaign_budget.explicitly_shared, campaign_budget.reference_count \
             FROM campaign WHERE campaign.status != 'REMOVED'"
        }
        AdLevel::AdSet => {
            "SELECT ad_group.id, ad_group.name, ad_group.status, ad_group.primary_status, campaign.id \
             FROM ad_group WHERE ad_group.status != 'REMOVED'"
        }
        AdLevel::Ad => {
            "SELECT ad_group_ad.ad.id, ad_group_ad.ad.name, ad_group_ad.status, ad_group.id \
             FROM ad_group_ad WHERE ad_group_ad.status != 'REMOVED'"
        }
    }
}

const METRICS: &str = "metrics.impressions, metrics.clicks, metrics.cost_micros, metrics.conversions, \
     metrics.conversions_value, metrics.conversions_by_conversion_date, metrics.conversions_value_by_conversion_date, \
     metrics.all_conversions, metrics.all_conversions_value";

/// The first ads of a campaign, by their numbers.
pub(crate) fn ads_of(campaign: u64, most: usize) -> String {
    let all = structure(AdLevel::Ad);
    format!("{all} AND campaign.id = {campaign} ORDER BY ad_group_ad.ad.id LIMIT {most}")
}

/// What these ads of a campaign were, the whole range in one row each.
pub(crate) fn totals_of(campaign: u64, ads: &[&str], range: DayRange) -> String {
    format!(
        "SELECT ad_group_ad.ad.id, {METRICS} FROM ad_group_ad WHERE segments.date BETWEEN '{}' AND '{}' \
         AND campaign.id = {campaign} AND ad_group_ad.ad.id IN ({})",
        range.from,
        range.to,
        ads.join(", ")
    )
}

/// Days of what runs and of what was removed meanwhile.
#[must_use]
pub fn insights(level: AdLevel, range: DayRange) -> String {
    let (id, from) = match level {
        AdLevel::Campaign => ("campaign.id", "campaign"),
        AdLevel::AdSet => ("ad_group.id", "ad_group"),
        AdLevel::Ad => ("ad_group_ad.ad.id", "ad_group_ad"),
    };
    format!(
        "SELECT {id}, segments.date, {METRICS} FROM {from} WHERE segments.date BETWEEN '{}' AND '{}'",
        range.from, range.to
    )
}

/// One thing as it is now.
pub(crate) fn one(level: AdLevel, id: u64) -> String {
    let of = match level {
        AdLevel::Campaign => "campaign.id",
        AdLevel::AdSet => "ad_group.id",
        AdLevel::Ad => "ad_group_ad.ad.id",
    };
    let (select, _) = structure(level)
        .split_once(" WHERE ")
        .unwrap_or((structure(level), ""));
    format!("{select} WHERE {of} = {id}")
}
