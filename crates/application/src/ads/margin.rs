//! What advertisements leave, in the store's own money: its own share of margin, and each day converted by that day's rate.

use crate::Ports;
use crate::costs::rates_of_days;
use chrono::NaiveDate;
use domain::ads::{AdAccount, AdLevel, AdSums, PurchaseDefinition, minor_of_micros, purchases_by};
use domain::calendar::DayRange;
use domain::fx::RateTable;
use domain::money::Currency;
use domain::report::Figures;
use domain::rollup::{Dimension, Measures};
use domain::store::Store;
use ports::PortResult;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// The store's share of contribution margin before ads in net revenue, of the days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Margin {
    pub share: Option<Decimal>,
    pub source: MarginSource,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MarginSource {
    /// CM2 over net revenue whose cost is known, in minor units of the store.
    Own { cm2: i64, revenue: i64 },
    /// Why there is none.
    Unknown(String),
}

impl Margin {
    fn unknown(why: &str) -> Self {
        Self {
            share: None,
            source: MarginSource::Unknown(why.to_owned()),
        }
    }

    /// Of sums over days.
    #[must_use]
    pub fn of(measures: Measures) -> Self {
        let figures = Figures::of(measures);
        let revenue = figures.net_revenue - figures.net_revenue_without_cost;
        match figures.cm2 {
            None => Self::unknown("the unit costs of what was sold in these days are not known"),
            Some(_) if revenue <= 0 => {
                Self::unknown("no net revenue of these days has known costs")
            }
            Some(cm2) => Self {
                share: Decimal::from(cm2).checked_div(Decimal::from(revenue)),
                source: MarginSource::Own { cm2, revenue },
            },
        }
    }

    /// Why there is none.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match &self.source {
            MarginSource::Own { .. } => None,
            MarginSource::Unknown(why) => Some(why),
        }
    }
}

/// With the store's net revenue of the same days.
pub(crate) async fn margin(
    ports: &Ports,
    store: &Store,
    range: DayRange,
) -> PortResult<(Margin, i64)> {
    let rows = ports
        .reports
        .by_key(store.scope, store.currency, range, Dimension::Total)
        .await?;
    let Some(row) = rows.first() else {
        return Ok((Margin::unknown("no sales of these days are known"), 0));
    };
    let revenue = Figures::of(row.measures).net_revenue;
    Ok((Margin::of(row.measures), revenue))
}

/// Rates of the days between the accounts' currencies and the store's; nothing is asked where all are one.
pub(crate) async fn rates(
    ports: &Ports,
    store: &Store,
    accounts: &[AdAccount],
    range: DayRange,
) -> PortResult<RateTable> {
    let told = accounts.iter().flat_map(|a| &a.series).map(|s| s.currency);
    let mut currencies: Vec<Currency> = told.collect();
    currencies.sort();
    currencies.dedup();
    if currencies.iter().all(|c| *c == store.currency) {
        return Ok(RateTable::empty());
    }
    if !currencies.contains(&store.currency) {
        currencies.push(store.currency);
    }
    rates_of_days(ports, store, currencies, range).await
}

/// One day of a campaign, ad set or ad, in minor units of the store's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AdMargin {
    pub(crate) spend: i64,
    /// Claimed revenue × the store's share of margin, less the spend.
    pub(crate) left: i64,
}

/// By day; days without a row are not there. `Err`: why they cannot be told in the store's currency.
pub(crate) async fn daily(
    ports: &Ports,
    store: &Store,
    account: &AdAccount,
    (level, id): (AdLevel, &str),
    range: DayRange,
    share: Decimal,
) -> PortResult<Result<BTreeMap<NaiveDate, AdMargin>, String>> {
    let rates = rates(ports, store, std::slice::from_ref(account), range).await?;
    let definition = PurchaseDefinition::of(account.platform);
    let kind = purchases_by(&definition, &account.conversion_kinds);
    let rows = ports
        .ads
        .ad_days(account.scope, account.id, level, Some(id), range);
    let mut days = BTreeMap::new();
    for row in rows.await? {
        let Some(currency) = account.currency_on(row.day) else {
            continue;
        };
        let sums = row.sums(kind);
        let rate = match rates.on(row.day, currency, store.currency) {
            Ok(rate) => rate,
            Err(none) => return Ok(Err(none.to_string())),
        };
        let told = |micros| rate.convert(minor_of_micros(micros, currency).ok()?).ok();
        let Some((spend, left)) = told(sums.spend).zip(left(&sums, share).and_then(told)) else {
            return Ok(Err(format!("the sums of {} are too large", row.day)));
        };
        days.insert(row.day, AdMargin { spend, left });
    }
    Ok(Ok(days))
}

/// In millionths of the account's main unit.
fn left(sums: &AdSums, share: Decimal) -> Option<i64> {
    use rust_decimal::prelude::ToPrimitive as _;
    let earned = Decimal::from(sums.revenue).checked_mul(share)?;
    earned.round().to_i64()?.checked_sub(sums.spend)
}
