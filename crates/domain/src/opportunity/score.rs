//! The score of five factors, from 0 to 100.

use super::facts::OwnFacts;
use super::landed::{Lead, Span};
use super::matching::{Group, Sketch, groups};
use super::settings::ScoreSettings;
use super::{times, trend};
use crate::agents::pricing::Endings;
use crate::ids::{OpportunityId, StoreScope};
use crate::money::Currency;
use crate::scoring::{Figure, Points, Weighed, divide};
use crate::supplier::{Platform, SupplierProduct};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

/// A margin that no price reaches is a mistake in the costs.
const MOST_MARGIN: i64 = 9_500;
/// How far above the computed price one with the store's ending may lie, in percent.
const ENDING_ROOM: i64 = 10;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactorName {
    Margin,
    Trend,
    Viability,
    Reliability,
    Shipping,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactorScore {
    pub name: FactorName,
    /// Percent, as it is set; of what counts it is more where other factors are missing.
    pub weight: u32,
    /// What was found, in words.
    pub found: Option<String>,
    pub points: Figure<Points>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Potential {
    Low,
    Medium,
    High,
}

/// Amounts are minor units of the store's currency, shares ten-thousandths, scores hundredths.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opportunity {
    pub scope: StoreScope,
    pub id: OpportunityId,
    pub title: String,
    pub description: Option<String>,
    pub image: Option<String>,
    pub category: Option<String>,
    pub platform: Platform,
    pub currency: Currency,
    /// For which it could be sold.
    pub price: Figure<i64>,
    /// What the supplier says that it sells for.
    pub told_price: Option<Span>,
    pub payment_fee: Figure<i64>,
    pub ad_cost: Figure<i64>,
    /// All that is known of its cost, from product to advertisement; only where product, shipping and payment are known.
    pub landed: Figure<Span>,
    pub margin: Figure<Span>,
    /// So much may an order cost in advertisements before it loses money.
    pub break_even: Figure<i64>,
    pub factors: Vec<FactorScore>,
    pub score: Option<i64>,
    /// Between which the score lies, whatever the missing factors are.
    pub interval: Span,
    /// Percent of the weights that have a source.
    pub completeness: i64,
    pub potential: Option<Potential>,
    /// The best first.
    pub leads: Vec<Lead>,
    /// ISO 3166-1 alpha-2, `*` for wherever the supplier sends to.
    pub ships_to: Vec<String>,
    pub settings_version: i64,
    pub computed_at: DateTime<Utc>,
}

/// Products with the same words in their title are offers of the same thing. `None` without a title.
#[must_use]
pub fn group_key(product: &SupplierProduct) -> Option<String> {
    title_key(product.title.as_deref()?)
}

/// The words of a title in small letters; `None` where it has none.
#[must_use]
pub fn title_key(title: &str) -> Option<String> {
    let words = title
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_lowercase);
    let key = words.collect::<Vec<_>>().join(" ");
    (!key.is_empty()).then_some(key)
}

/// Of offers that were put together by their title alone.
#[must_use]
pub fn assess(
    offers: &[&SupplierProduct],
    own: &OwnFacts,
    settings: (&ScoreSettings, i64),
    now: DateTime<Utc>,
) -> Option<Opportunity> {
    let sketches = offers.iter().filter_map(|p| Sketch::of(p)).collect();
    let group = groups(sketches, &[]).into_iter().next()?;
    assess_group(&group, offers, own, settings, now)
}

/// Of offers of the same thing, each with a title; `None` where nobody tells what any of them costs.
#[must_use]
pub fn assess_group(
    group: &Group,
    offers: &[&SupplierProduct],
    own: &OwnFacts,
    (settings, settings_version): (&ScoreSettings, i64),
    now: DateTime<Utc>,
) -> Option<Opportunity> {
    let mut leads: Vec<(Lead, &SupplierProduct)> =
        offers.iter().map(|p| (Lead::of(p, own), *p)).collect();
    leads.retain(|(lead, _)| lead.offered.product.value.is_some());
    for (lead, _) in &mut leads {
        lead.same = group.same(lead.product);
    }
    leads.sort_by_key(|(lead, _)| lead.rank());
    let (best, product) = leads.first()?;
    let key = &group.key;
    let told_price = told_price(product, own);
    let cost = best.offered.product.value?;
    let price = price(product, cost, told_price, own);
    let payment_fee = match (price.value, own.fee.value) {
        (Some(price), Some(fee)) => Figure::known(fee.of(price), own.fee.why.clone()),
        (None, _) => Figure::unknown(price.why.clone()),
        (_, None) => Figure::unknown(own.fee.why.clone()),
    };
    let before_ads = before_ads(best, &payment_fee);
    let landed = match (&before_ads.value, own.ad_cost.value) {
        (Some(span), Some(ads)) => Figure::known(
            span.and(Span {
                low: ads,
                high: ads,
            }),
            "the sum of all parts that are known",
        ),
        (Some(span), None) => Figure::known(
            *span,
            format!("without advertisements: {}", own.ad_cost.why),
        ),
        (None, _) => before_ads.clone(),
    };
    let margin = match (price.value, landed.value) {
        (Some(price), Some(landed)) => {
            let share = |cost: i64| divide((price - cost).saturating_mul(10_000), price);
            Figure::known(
                Span {
                    low: share(landed.high),
                    high: share(landed.low),
                },
                "the price less what it costs until it is with a customer",
            )
        }
        (None, _) => Figure::unknown(price.why.clone()),
        (_, None) => Figure::unknown(landed.why.clone()),
    };
    let break_even = match (price.value, before_ads.value) {
        (Some(price), Some(cost)) => {
            Figure::known(price - cost.high, "the price less all but advertisements")
        }
        (None, _) => Figure::unknown(price.why.clone()),
        (_, None) => Figure::unknown(before_ads.why),
    };
    let factors = factors(best, product, &margin, own, settings, now);
    let weighed = factors.iter().map(|f| (f.weight, f.points.value));
    let weighed = Weighed::of(weighed);
    let score = weighed.score;
    let potential = potential(score, &margin, settings);
    let mut ships_to = BTreeSet::new();
    for (_, product) in &leads {
        let variants = product.variants.iter().filter(|v| !v.gone);
        for offer in variants.flat_map(|v| &v.shipping) {
            ships_to.insert(offer.value.to.clone().unwrap_or_else(|| "*".to_owned()));
        }
    }
    let scope = product.scope;
    Some(Opportunity {
        scope,
        id: OpportunityId(Uuid::new_v5(
            &scope.store.0,
            format!("opportunity\n{key}").as_bytes(),
        )),
        title: product.title.clone()?,
        description: product.description.clone(),
        image: product.image.clone(),
        category: product.category.clone(),
        platform: product.platform,
        currency: own.currency,
        told_price,
        payment_fee,
        ad_cost: own.ad_cost.clone(),
        landed,
        margin,
        break_even,
        score,
        interval: Span {
            low: weighed.low,
            high: weighed.high,
        },
        completeness: weighed.completeness,
        potential,
        factors,
        ships_to: ships_to.into_iter().collect(),
        settings_version,
        computed_at: now,
        price,
        leads: leads.into_iter().map(|(lead, _)| lead).collect(),
    })
}

/// All that is paid but advertisements; only where product, shipping and payment are known.
fn before_ads(lead: &Lead, fee: &Figure<i64>) -> Figure<Span> {
    let parts = (
        lead.offered.product.value,
        lead.offered.shipping.value,
        fee.value,
    );
    let (Some(product), Some(shipping), Some(fee)) = parts else {
        let reasons = [
            (parts.0.is_none(), &lead.offered.product.why),
            (parts.1.is_none(), &lead.offered.shipping.why),
            (parts.2.is_none(), &fee.why),
        ];
        let missing = reasons.iter().filter(|(is_missing, _)| *is_missing);
        let why: Vec<&str> = missing.map(|(_, why)| why.as_str()).collect();
        return Figure::unknown(why.join("; "));
    };
    let none = Span { low: 0, high: 0 };
    let fee = Span {
        low: fee,
        high: fee,
    };
    let duties = lead.offered.duties.value.unwrap_or(none);
    let sum = product.and(shipping).and(duties).and(fee);
    Figure::known(
        sum,
        "product, shipping, payment and duties where they are known",
    )
}

fn told_price(product: &SupplierProduct, own: &OwnFacts) -> Option<Span> {
    let there = product.variants.iter().filter(|v| !v.gone);
    let told = there.filter_map(|v| Some(v.sell_price.as_ref()?.value));
    let amounts = told.filter_map(|p| {
        let amount = |amount| own.own(amount, p.currency);
        Some((amount(p.range.low)?, amount(p.range.high)?))
    });
    let amounts: Vec<_> = amounts.collect();
    Some(Span {
        low: amounts.iter().map(|(low, _)| *low).min()?,
        high: amounts.iter().map(|(_, high)| *high).max()?,
    })
}

/// As own products of the category are priced, else as all own products are, else as the supplier says.
fn price(product: &SupplierProduct, cost: Span, told: Option<Span>, own: &OwnFacts) -> Figure<i64> {
    let category = product.category.as_deref();
    let of_category = own.category(category).and_then(|c| c.margin());
    let of_category = of_category.map(|(margin, n)| {
        let name = category.unwrap_or_default();
        (
            margin,
            format!("the margin of {n} own variants of the type {name}"),
        )
    });
    let of_all = || {
        let (margin, n) = own.all.margin()?;
        Some((
            margin,
            format!("the margin of {n} own variants of all types"),
        ))
    };
    let usual = of_category.or_else(of_all);
    if let Some((margin, source)) = usual.filter(|(m, _)| (0..=MOST_MARGIN).contains(m))
        && cost.high > 0
    {
        let bare = divide(cost.high.saturating_mul(10_000), 10_000 - margin);
        let most = bare + bare * ENDING_ROOM / 100;
        let endings = Endings::of(own.currency, own.prices.iter().copied());
        let price = endings.first(bare, most).unwrap_or(bare);
        let percent = divide(margin, 100);
        return Figure::known(price, format!("{source}: {percent} %"));
    }
    match told {
        Some(told) if told.low > 0 => Figure::known(told.low, "the supplier's suggestion"),
        _ => Figure::unknown(
            "fewer than 3 own variants have a known cost, and the supplier suggests no price",
        ),
    }
}

fn step(value: i64, steps: &[(i64, i64)], else_: i64) -> i64 {
    let found = steps.iter().find(|(from, _)| value >= *from);
    found.map_or(else_, |(_, points)| *points)
}

fn of_margin(share: i64) -> i64 {
    step(share, &[(6_000, 100), (4_500, 80), (3_000, 60)], 20)
}

fn of_rating(hundredths: i64) -> i64 {
    step(hundredths, &[(450, 95), (400, 80), (350, 65)], 40)
}

fn of_sell_through(share: i64) -> i64 {
    step(share, &[(6_667, 90), (3_333, 70)], 40)
}

fn percent(share: i64) -> String {
    let tenths = divide(share, 10);
    let sign = if tenths < 0 { "-" } else { "" };
    format!("{sign}{}.{} %", tenths.abs() / 10, tenths.abs() % 10)
}

fn factors(
    best: &Lead,
    product: &SupplierProduct,
    margin: &Figure<Span>,
    own: &OwnFacts,
    settings: &ScoreSettings,
    now: DateTime<Utc>,
) -> Vec<FactorScore> {
    let weights = &settings.weights;
    let factor = |name, weight, found: Option<String>, points| FactorScore {
        name,
        weight,
        found,
        points,
    };
    let margin_points = match margin.value {
        Some(span) => Figure::known(
            Points {
                low: of_margin(span.low),
                value: of_margin(span.low),
                high: of_margin(span.high),
            },
            margin.why.clone(),
        ),
        None => Figure::unknown(margin.why.clone()),
    };
    let category = own.category(product.category.as_deref());
    let sold = category.and_then(|c| Some((c.sell_through()?, c)));
    let (viable, viability) = match sold {
        Some((share, c)) => (
            Some(format!(
                "{} of {} own products of the type sold",
                c.sold, c.offered
            )),
            Figure::known(
                Points::sure(of_sell_through(share)),
                "own sales of the last 90 days",
            ),
        ),
        None => (
            None,
            Figure::unknown("fewer than 3 own products are of its type"),
        ),
    };
    let rated = best.rating.value;
    let reliability = match rated {
        Some(rating) => Figure::known(Points::sure(of_rating(rating)), best.rating.why.clone()),
        None => Figure::unknown(best.rating.why.clone()),
    };
    let title = product.title.as_deref().unwrap_or_default();
    let (trending, trend) = trend::factor(own, title, product.category.as_deref(), now);
    let time = best.days.value;
    let shipping = match time {
        Some(time) => Figure::known(times::points(time, &best.times), best.days.why.clone()),
        None => Figure::unknown(best.days.why.clone()),
    };
    vec![
        factor(
            FactorName::Margin,
            weights.margin,
            margin.value.map(|m| percent(m.low)),
            margin_points,
        ),
        factor(FactorName::Trend, weights.trend, trending, trend),
        factor(FactorName::Viability, weights.viability, viable, viability),
        factor(
            FactorName::Reliability,
            weights.reliability,
            rated.map(|r| format!("{}.{:02} of 5", r / 100, r % 100)),
            reliability,
        ),
        factor(
            FactorName::Shipping,
            weights.shipping,
            time.map(|t| times::found(t, &best.times)),
            shipping,
        ),
    ]
}

/// A high one has a margin that is known and enough.
fn potential(
    score: Option<i64>,
    margin: &Figure<Span>,
    settings: &ScoreSettings,
) -> Option<Potential> {
    let score = score?;
    let enough = margin.value.map(|m| m.low >= settings.minimum_margin);
    Some(match enough {
        Some(false) => Potential::Low,
        Some(true) if score >= i64::from(settings.high_potential) * 100 => Potential::High,
        _ => Potential::Medium,
    })
}
