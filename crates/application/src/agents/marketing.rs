//! What the policy of advertisements is told: accounts with their rates and margins, campaigns with their days, and what orders say that
//! they sold.

use super::agent::{Agent, Gathering, Known};
use super::halt::Halt;
use super::orders::all;
use super::past::{declined_since, open_subjects};
use super::pricing::zone;
use super::rehearse::{Unwanted, Watched};
use crate::ads::{Margin, margin, names, rates};
use crate::ingest::calendar;
use async_trait::async_trait;
use chrono::{DateTime, Datelike as _, Days, Duration, NaiveDate, Utc};
use domain::ads::{
    AccountState, AdAccount, AdLevel, InsightDay, PurchaseDefinition, StoredEntity,
    minor_of_micros, purchases_by,
};
use domain::agents::marketing::{
    AccountFacts, AdDayFacts, CampaignFacts, Facts, GoodsFacts, History, PastCampaign, PastMargin,
    Rehearsed, SPEC, SetFacts, decide,
};
use domain::agents::{AgentSpec, Decision, Rehearsal, Rehearser, Repeats, Values};
use domain::attribution::Touch;
use domain::calendar::{Calendar, DayRange};
use domain::catalog::Variant;
use domain::changes::Limits;
use domain::ids::VariantId;
use domain::report::Figures;
use domain::rollup::{Dimension, Measures};
use ports::catalog::ProductQuery;
use ports::orders::OrderQuery;
use ports::page::MAX_LIMIT;
use ports::{PageRequest, PortResult};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use std::collections::{BTreeMap, BTreeSet};

/// Days before those that are judged: clicks are compared over six weeks.
const BEFORE_DAYS: u64 = 45;
/// Sales of so many days tell what a usual order leaves.
const ORDER_DAYS: u64 = 90;

/// Orders of so many days tell what a campaign sells.
const GOODS_DAYS: u64 = 60;

/// The agent over advertisements.
pub(super) struct Advertisements;

#[async_trait]
impl Agent for Advertisements {
    const KINDS: &'static [&'static str] = &["pause", "budget", "tired"];
    type Facts = Facts;
    type Past = History;

    fn spec() -> &'static AgentSpec {
        &SPEC
    }

    async fn gather(of: &Gathering) -> Result<Facts, Halt> {
        gather(of).await
    }

    fn decide(facts: &Facts, values: &Values, now: DateTime<Utc>, seed: u64) -> Decision {
        decide(facts, values, now, seed)
    }

    async fn past(of: &Gathering, days: (NaiveDate, NaiveDate)) -> Result<(History, String), Halt> {
        let past = past(of, days).await?;
        let count: usize = past.campaigns.iter().map(|c| c.days.len()).sum();
        let told = format!("{} campaigns with {count} days", past.campaigns.len());
        Ok((past, told))
    }

    fn rehearse(
        past: &History,
        values: &Values,
        (from, to): (NaiveDate, NaiveDate),
        seed: u64,
        watched: &Watched,
    ) -> Result<Rehearsal, Unwanted> {
        let calendar = Calendar::of(past.zone);
        let mut rehearser = Rehearser::new(from, to, past.zone, Repeats::AfterEffect);
        let mut followed = Rehearsed::default();
        while let (Some(day), Some(now)) = (rehearser.day(), rehearser.now()) {
            watched.next()?;
            let end = calendar.start_of(day.succ_opt().unwrap_or(day));
            let facts = Facts {
                told: rehearser.told(),
                ..past.known_at(day, end)
            };
            let mut decision = decide(&facts, values, now, seed);
            past.follow(day, &mut decision, &mut followed);
            rehearser.take(decision);
        }
        Ok(rehearser.finish(&past.rests_on(&followed)))
    }
}

impl Known for Facts {
    fn as_of(&self) -> Option<DateTime<Utc>> {
        self.as_of
    }

    fn brought_up(&self) -> &BTreeSet<String> {
        &self.told
    }

    fn told(&self) -> String {
        let days: usize = self.campaigns.iter().map(|c| c.days.len()).sum();
        format!(
            "{} campaigns of {} ad accounts, with {days} days",
            self.campaigns.len(),
            self.accounts.len()
        )
    }
}

async fn accounts(of: &Gathering) -> PortResult<Vec<AdAccount>> {
    let scope = of.store.scope;
    let mut accounts = of.ports.ads.ad_accounts(scope.workspace).await?;
    accounts.retain(|account| account.scope == scope);
    Ok(accounts)
}

async fn gather(of: &Gathering) -> Result<Facts, Halt> {
    let accounts = accounts(of).await?;
    of.progress.all(accounts.len() as u64);
    let today = calendar(&of.store)?.day_of(of.now);
    let (mut known, mut campaigns) = (Vec::new(), Vec::new());
    let sold = if accounts.is_empty() {
        Sold::default()
    } else {
        sold(of).await?
    };
    for account in &accounts {
        let Some(facts) = account_facts(of, account, today).await? else {
            of.progress.more(1);
            continue;
        };
        let from = of.number("window").unsigned_abs() + BEFORE_DAYS;
        let range = DayRange {
            from: facts
                .final_through
                .unwrap_or(today)
                .min(today)
                .checked_sub_days(Days::new(from))
                .unwrap_or(today),
            to: today.max(facts.read_through.unwrap_or(today)),
        };
        campaigns.extend(campaigns_of(of, account, range, &sold).await?);
        known.push(facts);
        of.progress.more(1);
    }
    let rest = Duration::days(of.number("declined_rest"));
    let mut told = open_subjects(of).await?;
    told.extend(declined_since(of, of.now - rest).await?);
    let limits = of.ports.guardrails.guardrails(of.store.scope).await?;
    Ok(Facts {
        currency: of.store.currency,
        today,
        as_of: accounts.iter().filter_map(|a| a.last_synced_at).max(),
        limits: limits.map_or_else(Limits::default, |set| set.limits),
        month_spent: month_spent(of, &accounts, today).await?,
        order_margin: order_margin(of, today).await?,
        accounts: known,
        campaigns,
        told,
    })
}

/// `None`: it was never read.
async fn account_facts(
    of: &Gathering,
    account: &AdAccount,
    today: NaiveDate,
) -> Result<Option<AccountFacts>, Halt> {
    let Some(series) = account.current() else {
        return Ok(None);
    };
    let share = match account.final_through {
        None => Err("no day of its account is final yet".to_owned()),
        Some(to) => {
            let window = of.number("window").unsigned_abs().max(1);
            let range = DayRange {
                from: to.checked_sub_days(Days::new(window - 1)).unwrap_or(to),
                to,
            };
            millionths(&margin(&of.ports, &of.store, range).await?.0)
        }
    };
    let recent = DayRange {
        from: today - Days::new(1),
        to: today,
    };
    let table = rates(&of.ports, &of.store, std::slice::from_ref(account), recent).await?;
    let rate = table.on(today, series.currency, of.store.currency).ok();
    let closed = match (account.state, account.missing.first()) {
        (AccountState::Reauthorize | AccountState::Down, _) => Some(format!(
            "its account cannot be reached: {}",
            account.state_reason.as_deref().unwrap_or("access is gone")
        )),
        (_, Some(missing)) => Some(format!("nothing can be changed: {}", missing.costs)),
        _ => None,
    };
    Ok(Some(AccountFacts {
        id: account.id,
        name: account.name.clone(),
        platform: account.platform,
        currency: series.currency,
        rate: rate.and_then(|rate| rate.convert(1_000_000).ok()),
        final_through: account.final_through,
        read_through: account.read_through,
        margin: share.as_ref().ok().copied(),
        margin_unknown: share.err(),
        closed,
    }))
}

fn millionths(margin: &Margin) -> PastMargin {
    let share = margin
        .share
        .and_then(|s| s.checked_mul(Decimal::from(1_000_000)));
    let share = share.and_then(|s| s.round().to_i64());
    share.ok_or_else(|| margin.reason().unwrap_or("it is not known").to_owned())
}

/// All that are listed now, with their days in the account's present currency and zone.
async fn campaigns_of(
    of: &Gathering,
    account: &AdAccount,
    range: DayRange,
    sold: &Sold,
) -> PortResult<Vec<CampaignFacts>> {
    let ads = &of.ports.ads;
    let listed = |level| ads.ad_entities(account.scope, account.id, level);
    let is_there = |stored: &StoredEntity| stored.vanished_at.is_none();
    let mut sets: BTreeMap<String, Vec<SetFacts>> = BTreeMap::new();
    for set in listed(AdLevel::AdSet).await?.into_iter().filter(is_there) {
        let Some(parent) = set.entity.parent else {
            continue;
        };
        sets.entry(parent).or_default().push(SetFacts {
            id: set.entity.id,
            name: set.entity.name,
            status: set.entity.status,
            budget: set.entity.budget,
        });
    }
    let mut days = days_of(of, account, range).await?;
    let zone = account
        .current()
        .and_then(|s| Calendar::parse(&s.zone).ok());
    let campaigns = listed(AdLevel::Campaign).await?.into_iter();
    let campaigns = campaigns.filter(is_there).map(|stored| {
        let days = days.remove(&stored.entity.id).unwrap_or_default();
        let created = stored.entity.created_at.zip(zone.as_ref());
        let created = created.map(|(at, zone)| zone.day_of(at));
        let names = names(&stored);
        let known = CampaignFacts {
            account: account.id,
            sets: sets.remove(&stored.entity.id).unwrap_or_default(),
            id: stored.entity.id,
            name: stored.entity.name,
            status: stored.entity.status,
            budget: stored.entity.budget,
            first_day: created.or_else(|| days.first().map(|d| d.day)),
            days,
            goods: None,
        };
        CampaignFacts {
            goods: goods(account, &names, &known, sold),
            ..known
        }
    });
    Ok(campaigns.collect())
}

/// Units by the last touch of their orders, with what of them cannot be sold now.
async fn sold(of: &Gathering) -> PortResult<Sold> {
    let today = calendar(&of.store)?.day_of(of.now);
    let query = OrderQuery {
        from: Some(today - Days::new(GOODS_DAYS)),
        ..OrderQuery::default()
    };
    let mut units: BTreeMap<Touch, BTreeMap<VariantId, (i64, String)>> = BTreeMap::new();
    for stored in all(of, &query).await? {
        let order = stored.order;
        let Some(journey) = order.journey.filter(|_| !order.test) else {
            continue;
        };
        let touch = journey.last_touch();
        if touch.campaign.is_none() {
            continue;
        }
        let of_touch = units.entry(touch).or_default();
        for line in order.lines {
            let Some(variant) = line.variant else {
                continue;
            };
            let sold = of_touch.entry(variant).or_insert((0, line.title));
            sold.0 += line.current_quantity;
        }
    }
    let mut gone = BTreeSet::new();
    if !units.is_empty() {
        let mut page = PageRequest::first(MAX_LIMIT);
        loop {
            let query = ProductQuery::default();
            let found = of.ports.catalog.list(of.store.scope, &query, &page).await?;
            let variants = found.items.iter().flat_map(|p| &p.product.variants);
            let is_gone = |v: &&Variant| {
                v.tracked == Some(true) && v.inventory_quantity.is_some_and(|left| left <= 0)
            };
            gone.extend(variants.filter(is_gone).map(|v| v.id));
            page.cursor = found.next_cursor;
            if page.cursor.is_none() {
                break;
            }
        }
    }
    Ok(Sold { units, gone })
}

#[derive(Default)]
struct Sold {
    units: BTreeMap<Touch, BTreeMap<VariantId, (i64, String)>>,
    gone: BTreeSet<VariantId>,
}

/// `None`: no order names the campaign.
fn goods(
    account: &AdAccount,
    names: &BTreeSet<String>,
    campaign: &CampaignFacts,
    sold: &Sold,
) -> Option<GoodsFacts> {
    let mut units: BTreeMap<VariantId, (i64, &str)> = BTreeMap::new();
    for (touch, variants) in &sold.units {
        let names = names.iter().map(String::as_str);
        if touch.names(account.platform, &campaign.id, names) {
            for (variant, (count, title)) in variants {
                units.entry(*variant).or_insert((0, title)).0 += count;
            }
        }
    }
    if units.is_empty() {
        return None;
    }
    let all = units.values().map(|(count, _)| count).sum();
    let gone = units.into_iter().filter(|(id, _)| sold.gone.contains(id));
    let mut gone: Vec<(i64, &str)> = gone.map(|(_, told)| told).collect();
    gone.sort_by(|(a, one), (b, two)| (b, one).cmp(&(a, two)));
    Some(GoodsFacts {
        units: all,
        gone: gone.iter().map(|(count, _)| count).sum(),
        titles: gone.iter().map(|(_, title)| (*title).to_owned()).collect(),
    })
}

/// By campaign.
async fn days_of(
    of: &Gathering,
    account: &AdAccount,
    range: DayRange,
) -> PortResult<BTreeMap<String, Vec<AdDayFacts>>> {
    let begun = account.current().and_then(|s| s.from);
    let range = DayRange {
        from: begun
            .map_or(range.from, |b| b.max(range.from))
            .min(range.to),
        to: range.to,
    };
    let definition = PurchaseDefinition::of(account.platform);
    let kind = purchases_by(&definition, &account.conversion_kinds);
    let rows = of
        .ports
        .ads
        .ad_days(account.scope, account.id, AdLevel::Campaign, None, range);
    let mut days: BTreeMap<String, Vec<AdDayFacts>> = BTreeMap::new();
    for row in rows.await? {
        let day = day_of(&row, kind);
        days.entry(row.id).or_default().push(day);
    }
    Ok(days)
}

fn day_of(row: &InsightDay, kind: Option<&str>) -> AdDayFacts {
    let sums = row.sums(kind);
    AdDayFacts {
        day: row.day,
        spend: sums.spend,
        revenue: sums.revenue,
        purchases: sums.purchases,
        impressions: sums.impressions,
        clicks: sums.clicks,
    }
}

/// From the first of the month to what was read; `None` where a rate is missing.
async fn month_spent(
    of: &Gathering,
    accounts: &[AdAccount],
    today: NaiveDate,
) -> PortResult<Option<i64>> {
    let range = DayRange {
        from: today.with_day(1).unwrap_or(today),
        to: today,
    };
    let table = rates(&of.ports, &of.store, accounts, range).await?;
    let mut sum = 0_i64;
    for account in accounts {
        let ads = &of.ports.ads;
        for (day, micros) in ads.ad_spend(account.scope, account.id, range).await? {
            let Some(currency) = account.currency_on(day) else {
                continue;
            };
            let told = table.on(day, currency, of.store.currency).ok();
            let minor = minor_of_micros(micros, currency).ok();
            let told = told.zip(minor);
            match told.and_then(|(rate, minor)| rate.convert(minor).ok()) {
                Some(minor) => sum = sum.saturating_add(minor),
                None => return Ok(None),
            }
        }
    }
    Ok(Some(sum))
}

/// Contribution margin before ads by order.
async fn order_margin(of: &Gathering, today: NaiveDate) -> PortResult<Option<i64>> {
    let range = DayRange {
        from: today - Days::new(ORDER_DAYS),
        to: today,
    };
    let (scope, currency) = (of.store.scope, of.store.currency);
    let rows = of
        .ports
        .reports
        .by_key(scope, currency, range, Dimension::Total)
        .await?;
    let figures = rows.first().map(|row| Figures::of(row.measures));
    Ok(figures.and_then(|f| f.cm2?.checked_div(f.measures.orders)))
}

/// Everything that is known of the campaigns, from what the first of the days is judged by.
async fn past(of: &Gathering, (from, to): (NaiveDate, NaiveDate)) -> Result<History, Halt> {
    let now = gather(of).await?;
    let window = of.number("window").unsigned_abs().max(1);
    let range = DayRange {
        from: from
            .checked_sub_days(Days::new(window + BEFORE_DAYS))
            .unwrap_or(from),
        to: now.today,
    };
    let mut campaigns = Vec::new();
    for account in accounts(of).await? {
        let mut days = days_of(of, &account, range).await?;
        let listed = of
            .ports
            .ads
            .ad_entities(account.scope, account.id, AdLevel::Campaign);
        // What is gone by now ran then.
        campaigns.extend(listed.await?.into_iter().filter_map(|stored| {
            Some(PastCampaign {
                account: account.id,
                days: days.remove(&stored.entity.id)?,
                id: stored.entity.id,
                name: stored.entity.name,
            })
        }));
    }
    let measures = daily(of, range).await?;
    let mut margins = BTreeMap::new();
    for account in &now.accounts {
        for day in from.iter_days().take_while(|day| *day <= to) {
            let key = (day, account.platform);
            if margins.contains_key(&key) {
                continue;
            }
            if let Some(last) = History::final_at(account, day) {
                let first = last.checked_sub_days(Days::new(window - 1)).unwrap_or(last);
                let mut sum = Measures::default();
                for (_, of_day) in measures.range(first..=last) {
                    sum += *of_day;
                }
                margins.insert(key, millionths(&Margin::of(sum)));
            }
        }
    }
    Ok(History {
        zone: zone(of)?,
        now,
        campaigns,
        margins,
    })
}

async fn daily(of: &Gathering, range: DayRange) -> PortResult<BTreeMap<NaiveDate, Measures>> {
    let (scope, currency) = (of.store.scope, of.store.currency);
    let rows = of
        .ports
        .reports
        .by_day_and_key(scope, currency, range, Dimension::Total)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.day, row.measures))
        .collect())
}
