//! The ads of one campaign, and what each of them was over a range of days: two calls, whatever the account holds.

use crate::client::MetaAds;
use crate::read::{fields_of, report};
use crate::wire::{Insight, Listed, Thing};
use domain::ads::AdLevel;
use domain::calendar::DayRange;
use ports::ad_platforms::AdsOf;
use ports::{Kind, PortResult, Retry};
use serde_json::json;

pub(crate) async fn read(
    meta: &MetaAds,
    campaign: &str,
    range: DayRange,
    most: usize,
) -> PortResult<AdsOf> {
    let operation = "ads.of_campaign";
    // It becomes part of an address.
    if campaign.is_empty() || !campaign.bytes().all(|b| b.is_ascii_digit()) {
        let detail = format!("{campaign:?} is no number of Meta's");
        return Err(meta.error(Kind::NotFound, Retry::Never, operation, detail));
    }
    let limit = ("limit", most.to_string());
    let query = [("fields", fields_of(AdLevel::Ad).to_owned()), limit.clone()];
    let path = format!("{campaign}/ads");
    let listed: Listed<Thing> = match meta.get(operation, &path, &query).await? {
        Ok(listed) => listed,
        Err(said) => return Err(meta.refused(operation, &said)),
    };
    let is_cut = listed.paging.is_some_and(|paging| paging.next.is_some());
    if listed.data.is_empty() {
        return Ok(AdsOf::default());
    }
    let currency = meta.currency(operation).await?;
    let ads = listed.data.into_iter();
    let ads = ads.map(|ad| meta.entity(ad, AdLevel::Ad, currency));
    let ads = ads.collect::<PortResult<Vec<_>>>()?;
    let numbers: Vec<&str> = ads.iter().map(|ad| ad.id.as_str()).collect();
    let only = json!([{ "field": "ad.id", "operator": "IN", "value": numbers }]);
    // The whole range in one row.
    let mut query = report(AdLevel::Ad, range);
    query.retain(|(name, _)| *name != "time_increment");
    query.extend([("filtering", only.to_string()), limit]);
    let path = format!("{campaign}/insights");
    let told: Listed<Insight> = match meta.get(operation, &path, &query).await? {
        Ok(told) => told,
        Err(said) => return Err(meta.refused(operation, &said)),
    };
    let totals = told.data.into_iter();
    let totals = totals.map(|row| meta.row(row, AdLevel::Ad, range));
    Ok(AdsOf {
        totals: totals.collect::<PortResult<_>>()?,
        ads,
        is_cut,
    })
}
