//! The month: what is spent of it, what it comes to at the pace of the last week, and what was set for it.

use super::rates;
use crate::Ports;
use chrono::{Datelike as _, Days, NaiveDate};
use domain::ads::{AdAccount, minor_of_micros};
use domain::agents::marketing::SPEC;
use domain::calendar::DayRange;
use domain::store::Store;
use ports::PortResult;

/// Of all accounts, in minor units of the store's currency. Days are those of the store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pacing {
    pub spent: Option<i64>,
    /// With the mean of the last seven whole days for each that is left, today included; `None` without a whole day in them.
    pub projected: Option<i64>,
    /// As the agent over advertisements is set; `None`: no limit.
    pub limit: Option<i64>,
    /// Why nothing is told.
    pub unknown: Option<String>,
}

const WEEK: u64 = 7;

pub(crate) async fn pacing(
    ports: &Ports,
    store: &Store,
    accounts: &[AdAccount],
    today: NaiveDate,
) -> PortResult<Pacing> {
    let config = ports.agent_configs.find(store.scope, &SPEC.id).await?;
    let values = config.map(|config| config.values).unwrap_or_default();
    let limit = Some(SPEC.number(&values, "month_budget")).filter(|limit| *limit > 0);
    let first = today.with_day(1).unwrap_or(today);
    let week = today.checked_sub_days(Days::new(WEEK)).unwrap_or(today);
    let range = DayRange {
        from: first.min(week),
        to: today,
    };
    let table = rates(ports, store, accounts, range).await?;
    let (mut spent, mut recent) = (0_i64, 0_i64);
    for account in accounts {
        let rows = ports.ads.ad_spend(account.scope, account.id, range);
        for (day, micros) in rows.await? {
            let Some(currency) = account.currency_on(day) else {
                continue;
            };
            let rate = match table.on(day, currency, store.currency) {
                Ok(rate) => rate,
                Err(none) => {
                    return Ok(Pacing {
                        limit,
                        unknown: Some(none.to_string()),
                        ..Pacing::default()
                    });
                }
            };
            let told = minor_of_micros(micros, currency).ok();
            let minor = told.and_then(|m| rate.convert(m).ok()).unwrap_or_default();
            if day >= first {
                spent = spent.saturating_add(minor);
            }
            if week <= day && day < today {
                recent = recent.saturating_add(minor);
            }
        }
    }
    let left = today.iter_days().take_while(|d| d.month() == today.month());
    let left = i64::try_from(left.count()).unwrap_or(1);
    let of_today = accounts.is_empty().then_some(0);
    let projected = match of_today {
        Some(none) => none,
        // What today has cost so far is in what is spent, and in the mean of a whole day.
        None => spent.saturating_add(recent.saturating_mul(left) / 7),
    };
    Ok(Pacing {
        spent: Some(spent),
        projected: (recent > 0).then_some(projected),
        limit,
        unknown: None,
    })
}
