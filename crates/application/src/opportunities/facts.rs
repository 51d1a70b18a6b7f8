//! What the store's own orders, products and costs say about selling something new.

use crate::Ports;
use crate::costs::rates_of_days;
use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::calendar::DayRange;
use domain::fx::RateTable;
use domain::inputs::{Input, InputKind};
use domain::money::Currency;
use domain::opportunity::{Category, FeeModel, Figure, OwnFacts};
use domain::rollup::{Dimension, UNKNOWN};
use domain::store::Store;
use ports::catalog::ProductQuery;
use ports::page::MAX_LIMIT;
use ports::reports::KeyRow;
use ports::{PageRequest, PortResult};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

const DAYS: u64 = 90;
const AD_DAYS: u64 = 30;
/// Where most orders go: so many ten-thousandths of them, in at most so many countries.
const MAIN_SHARE: i64 = 8_000;
const MOST_COUNTRIES: usize = 5;

fn last(today: NaiveDate, days: u64) -> DayRange {
    DayRange {
        from: today - Days::new(days - 1),
        to: today,
    }
}

/// What one unit of each currency is worth in the store's; without those that no rate is known of.
pub(crate) async fn worth(
    ports: &Ports,
    store: &Store,
    mut currencies: BTreeSet<Currency>,
    today: NaiveDate,
) -> PortResult<BTreeMap<Currency, Decimal>> {
    currencies.remove(&store.currency);
    if currencies.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut asked: Vec<_> = currencies.iter().copied().collect();
    asked.push(store.currency);
    let table = rates_of_days(ports, store, asked, last(today, 1)).await?;
    let worth = currencies.into_iter().filter_map(|currency| {
        let rate = table.on(today, currency, store.currency).ok()?;
        Some((currency, rate.units(Decimal::ONE).ok()?))
    });
    Ok(worth.collect())
}

/// `currencies` are those that suppliers ask for.
pub(super) async fn gather(
    ports: &Ports,
    store: &Store,
    mut currencies: BTreeSet<Currency>,
    now: DateTime<Utc>,
) -> PortResult<OwnFacts> {
    let today = crate::ingest::calendar(store)?.day_of(now);
    let book = ports.catalog.cost_book(store.scope).await?;
    currencies.extend(book.currencies().iter().copied());
    let mut own = OwnFacts {
        currency: store.currency,
        countries: countries(&by_key(ports, store, today, Dimension::Country).await?),
        fee: fee(ports, store, today).await?,
        ad_cost: ad_cost(ports, store, today).await?,
        categories: BTreeMap::new(),
        all: Category::default(),
        prices: Vec::new(),
        rates: worth(ports, store, currencies, today).await?,
        trends: ports.opportunities.trends(store.scope).await?,
    };
    let sold: BTreeSet<String> = by_key(ports, store, today, Dimension::Product)
        .await?
        .into_iter()
        .filter(|row| row.measures.units > 0)
        .map(|row| row.key)
        .collect();
    let query = ProductQuery {
        status: Some("active".to_owned()),
        ..ProductQuery::default()
    };
    let mut page = PageRequest::first(MAX_LIMIT);
    loop {
        let found = ports.catalog.list(store.scope, &query, &page).await?;
        for product in found.items.into_iter().map(|stored| stored.product) {
            let mut of = Category {
                offered: 1,
                sold: u32::from(sold.contains(&product.id.to_string())),
                ..Category::default()
            };
            for variant in &product.variants {
                own.prices.push(variant.price);
                let cost = book.cost_at(variant.id, now);
                let cost = cost.and_then(|(cost, _)| own.own(cost.amount, cost.currency));
                if let Some(cost) = cost {
                    of.priced(variant.price, cost);
                }
            }
            let name = product.product_type.trim().to_lowercase();
            if !name.is_empty() {
                add(own.categories.entry(name).or_default(), &of);
            }
            add(&mut own.all, &of);
        }
        page.cursor = found.next_cursor;
        if page.cursor.is_none() {
            return Ok(own);
        }
    }
}

/// Where most orders of late went, the most first.
pub(crate) async fn main_countries(ports: &Ports, store: &Store) -> PortResult<Vec<String>> {
    let today = crate::ingest::calendar(store)?.day_of(ports.clock.now());
    let rows = by_key(ports, store, today, Dimension::Country).await?;
    Ok(countries(&rows).into_iter().map(|(code, _)| code).collect())
}

fn add(sum: &mut Category, more: &Category) {
    sum.offered += more.offered;
    sum.sold += more.sold;
    sum.margins.extend(&more.margins);
}

async fn by_key(
    ports: &Ports,
    store: &Store,
    today: NaiveDate,
    dimension: Dimension,
) -> PortResult<Vec<KeyRow>> {
    let range = last(today, DAYS);
    let reports = &ports.reports;
    reports
        .by_key(store.scope, store.currency, range, dimension)
        .await
}

fn countries(rows: &[KeyRow]) -> Vec<(String, i64)> {
    let all: i64 = rows.iter().map(|r| r.measures.orders.max(0)).sum();
    let known = rows
        .iter()
        .filter(|r| r.key != UNKNOWN && r.measures.orders > 0);
    let mut known: Vec<_> = known.map(|r| (r.key.clone(), r.measures.orders)).collect();
    known.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let mut main: Vec<(String, i64)> = Vec::new();
    for (country, orders) in known.into_iter().take(MOST_COUNTRIES) {
        if main.iter().map(|(_, share)| share).sum::<i64>() >= MAIN_SHARE {
            break;
        }
        main.push((country, orders * 10_000 / all));
    }
    main.retain(|(_, share)| *share > 0);
    main
}

/// What payments cost of late; where nobody tells it, what the dearest rule says.
pub(crate) async fn fee(
    ports: &Ports,
    store: &Store,
    today: NaiveDate,
) -> PortResult<Figure<FeeModel>> {
    let total = by_key(ports, store, today, Dimension::Total).await?;
    let total = total.first().map(|r| r.measures).unwrap_or_default();
    let base = total.fees_actual + total.fees_estimated;
    if base > 0 && total.payment_fees > 0 {
        let share = (total.payment_fees * 10_000 + base / 2) / base;
        let source = "own payment fees of the last 90 days, as a share of their net sales";
        return Ok(Figure::known(FeeModel { share, fixed: 0 }, source));
    }
    let rules = ports.inputs.all(store.scope, InputKind::FeeRule).await?;
    let rules = rules.into_iter().filter_map(|record| match record.input {
        Input::FeeRule(rule) if rule.currency == store.currency => Some(rule),
        _ => None,
    });
    let in_force = rules.filter(|rule| rule.valid_from.is_none_or(|from| from <= today));
    let dearest = in_force.max_by_key(|rule| (rule.basis_points, rule.fixed));
    Ok(match dearest {
        Some(rule) => Figure::known(
            FeeModel {
                share: rule.basis_points,
                fixed: rule.fixed,
            },
            format!("the fee rule of {}", rule.gateway),
        ),
        None => {
            Figure::unknown("no payment fees are known of the last 90 days, and no fee rule is set")
        }
    })
}

/// What an order cost in advertisements of late.
async fn ad_cost(ports: &Ports, store: &Store, today: NaiveDate) -> PortResult<Figure<i64>> {
    let range = last(today, AD_DAYS);
    let spend = ports.inputs.spend_by_day(store.scope, range).await?;
    if spend.is_empty() {
        return Ok(Figure::unknown(
            "no ad spend of the last 30 days is connected or imported",
        ));
    }
    let mut currencies: BTreeSet<Currency> = spend.iter().map(|row| row.currency).collect();
    let table = if currencies.insert(store.currency) && currencies.len() == 1 {
        RateTable::empty()
    } else {
        rates_of_days(ports, store, currencies.into_iter().collect(), range).await?
    };
    let mut sum: i64 = 0;
    for row in &spend {
        let rate = match table.on(row.day, row.currency, store.currency) {
            Ok(rate) => rate,
            Err(error) => return Ok(Figure::unknown(error.to_string())),
        };
        sum = sum.saturating_add(rate.convert(row.amount).unwrap_or(0));
    }
    let reports = &ports.reports;
    let rows = reports
        .by_key(store.scope, store.currency, range, Dimension::Total)
        .await?;
    let orders = rows.first().map_or(0, |r| r.measures.orders);
    if orders <= 0 {
        return Ok(Figure::unknown(
            "no orders of the last 30 days share the ad spend",
        ));
    }
    let source = format!("own ad spend of the last 30 days over {orders} orders");
    Ok(Figure::known((sum + orders / 2) / orders, source))
}
