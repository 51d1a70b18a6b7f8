//! Channels whose spend people and files tell, by campaign. On a day that an account tells, what was told of the same channel is left out,
//! as in reports.

use super::sales::{Called, OwnSales, Sales};
use super::{cost_each, ratio};
use crate::Ports;
use crate::costs::rates_of_days;
use chrono::NaiveDate;
use domain::calendar::DayRange;
use domain::customers::{LtvPoint, Payback, payback};
use domain::inputs::{AdSpend, Input, InputKind};
use domain::money::Currency;
use domain::store::Store;
use ports::inputs::InputQuery;
use ports::page::MAX_LIMIT;
use ports::{PageRequest, PortResult};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// Money is minor units of the store's currency.
#[derive(Debug, Clone)]
pub struct OtherChannel {
    /// As it was told, in small letters.
    pub channel: String,
    /// `None`: the channel as a whole.
    pub campaign: Option<String>,
    pub spend: i64,
    /// On which something was told.
    pub days: u64,
    pub last_day: Option<NaiveDate>,
    /// Of the last visits that name it; `None`: no order of these days does, or it has no name.
    pub own: Option<OwnSales>,
    pub poas: Option<Decimal>,
    pub new_customers: u64,
    pub cac: Option<i64>,
    pub payback: Payback,
}

pub(super) struct FileSpend {
    channel: String,
    campaign: Option<String>,
    names: BTreeSet<String>,
    pub(super) days: BTreeMap<NaiveDate, i64>,
}

impl FileSpend {
    pub(super) fn spend(&self) -> i64 {
        self.days.values().sum()
    }

    pub(super) fn judged(&self, told: &Sales, ltv: &[LtvPoint]) -> OtherChannel {
        let called = Called {
            source: &self.channel,
            number: self.campaign.as_deref().unwrap_or_default(),
            names: &self.names,
        };
        let (own, new_customers) = (told.own(called), told.new_customers(called));
        let cac = cost_each(self.spend(), new_customers);
        OtherChannel {
            channel: self.channel.clone(),
            campaign: self.campaign.clone(),
            spend: self.spend(),
            days: self.days.len() as u64,
            last_day: self.days.keys().next_back().copied(),
            poas: own.and_then(|own| ratio(own.cm2, self.spend())),
            own,
            new_customers,
            cac,
            payback: cac.map_or(Payback::Unknown, |cac| payback(ltv, cac)),
        }
    }
}

/// `Err`: which amount cannot be told in the store's currency.
pub(super) async fn read(
    ports: &Ports,
    store: &Store,
    range: DayRange,
) -> PortResult<Result<Vec<FileSpend>, String>> {
    let all = spends(ports, store, range).await?;
    let channel = |spend: &AdSpend| spend.channel.trim().to_lowercase();
    let by_accounts = all.iter().filter(|spend| spend.account.is_some());
    let by_accounts: BTreeSet<(String, NaiveDate)> =
        by_accounts.map(|of| (channel(of), of.day)).collect();
    let theirs = all.into_iter().filter(|of| of.account.is_none());
    let theirs: Vec<AdSpend> = theirs
        .filter(|of| !by_accounts.contains(&(channel(of), of.day)))
        .collect();
    let mut currencies: Vec<Currency> = theirs.iter().map(|of| of.currency).collect();
    currencies.push(store.currency);
    currencies.sort();
    currencies.dedup();
    let rates = if currencies.len() > 1 {
        rates_of_days(ports, store, currencies, range).await?
    } else {
        domain::fx::RateTable::empty()
    };
    let mut found: BTreeMap<(String, Option<String>), FileSpend> = BTreeMap::new();
    for spend in theirs {
        let rate = match rates.on(spend.day, spend.currency, store.currency) {
            Ok(rate) => rate,
            Err(none) => return Ok(Err(none.to_string())),
        };
        let amount = match rate.convert(spend.amount) {
            Ok(amount) => amount,
            Err(error) => return Ok(Err(error.to_string())),
        };
        let channel = channel(&spend);
        let campaign = spend.campaign.filter(|name| !name.trim().is_empty());
        let key = (channel.clone(), campaign.clone());
        let of = found.entry(key).or_insert_with(|| FileSpend {
            channel,
            names: campaign.iter().cloned().collect(),
            campaign,
            days: BTreeMap::new(),
        });
        *of.days.entry(spend.day).or_default() += amount;
    }
    let mut found: Vec<FileSpend> = found.into_values().collect();
    found.sort_by_key(|of| std::cmp::Reverse(of.spend()));
    Ok(Ok(found))
}

async fn spends(ports: &Ports, store: &Store, range: DayRange) -> PortResult<Vec<AdSpend>> {
    let query = InputQuery {
        days: Some(range),
        ..InputQuery::of(InputKind::AdSpend)
    };
    let (mut page, mut all) = (PageRequest::first(MAX_LIMIT), Vec::new());
    loop {
        let found = ports.inputs.list(store.scope, &query, &page).await?;
        let told = found.items.into_iter().map(|record| record.input);
        all.extend(told.filter_map(|input| match input {
            Input::AdSpend(spend) => Some(spend),
            _ => None,
        }));
        page.cursor = found.next_cursor;
        if page.cursor.is_none() {
            return Ok(all);
        }
    }
}
