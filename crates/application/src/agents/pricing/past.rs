//! The past of prices, costs and sales, and the policy over it.

use super::sums::costs_of;
use super::{ids, price_histories, products, refused, sales, zone};
use crate::agents::agent::Gathering;
use crate::agents::halt::Halt;
use crate::agents::rehearse::{Unwanted, Watched};
use crate::changes::label;
use chrono::NaiveDate;
use domain::agents::pricing::{DayCosts, Facts, History, PastVariant, SPEC, decide};
use domain::agents::{Rehearsal, Rehearser, Repeats, Values};
use domain::calendar::DayRange;
use domain::rollup::Dimension;

/// Prices and costs as they became known, and the sales of every day up to the last one that is rehearsed.
pub(in crate::agents) async fn past(
    of: &Gathering,
    (_, to): (NaiveDate, NaiveDate),
    status: Option<&str>,
) -> Result<History, Halt> {
    let (ports, store) = (&of.ports, &of.store);
    let first = ports.orders.span(store.scope).await?.first_day;
    let from = first.unwrap_or(to).min(to);
    let range = DayRange::new(from, to).map_err(|error| refused(error.to_string()))?;
    let products = products(of, status).await?;
    let variants = ids(&products);
    of.progress.all(variants.len() as u64);
    let (reports, currency) = (&ports.reports, store.currency);
    let total = reports.by_day(store.scope, currency, range, Dimension::Total, "");
    let costs = total
        .await?
        .into_iter()
        .map(|r| costs_of(r.day, &r.measures));
    let costs: Vec<DayCosts> = costs.filter(|c| c.units > 0).collect();
    let mut sales = sales(of, range).await?;
    let book = ports.catalog.cost_book(store.scope).await?;
    let mut prices = price_histories(of, &variants).await?;
    let with_product = products.iter().flat_map(|stored| {
        let product = &stored.product;
        product
            .variants
            .iter()
            .map(move |variant| (product, variant))
    });
    let variants = with_product.map(|(product, variant)| PastVariant {
        product: product.id,
        variant: variant.id,
        label: label(product, variant),
        tags: product.tags.clone(),
        listed_at: Some(product.created_at),
        sales: sales.remove(&variant.id).unwrap_or_default(),
        without_stock: Vec::new(),
        prices: prices.remove(&variant.id).unwrap_or_default(),
        costs: book.history(variant.id).to_vec(),
    });
    Ok(History {
        currency,
        zone: zone(of)?,
        from,
        variants: variants.collect(),
        costs,
    })
}

pub(in crate::agents) fn rehearse(
    past: &History,
    values: &Values,
    (from, to): (NaiveDate, NaiveDate),
    seed: u64,
    watched: &Watched,
) -> Result<Rehearsal, Unwanted> {
    let days = SPEC.number(values, "history");
    domain::agents::rehearse(
        Rehearser::new(from, to, past.zone, Repeats::AfterEffect),
        past.rests_on(),
        |day, told| {
            watched.next()?;
            Ok(Facts {
                told,
                ..past.known_at(day, days)
            })
        },
        |facts, now| decide(facts, values, now, seed),
    )
}
