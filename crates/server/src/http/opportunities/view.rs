//! Opportunities as the API writes them.

use super::matches::SameBody;
use crate::http::amounts::amount;
use crate::http::offers::view::{PlatformBody, PresenceBody, address};
use chrono::{DateTime, Utc};
use domain::money::Currency;
use domain::opportunity::{
    CountryTime, Decision, FactorName, FactorScore, Figure, Lead, Opportunity, Potential, Span,
    Watch, Watched,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = OpportunityStatus)]
pub(crate) enum StatusBody {
    /// It waits for somebody.
    Proposed,
    Approved,
    Rejected,
    /// It waits again from some moment on.
    Snoozed,
}

impl From<Watch> for StatusBody {
    fn from(watch: Watch) -> Self {
        match watch {
            Watch::Proposed => Self::Proposed,
            Watch::Approved => Self::Approved,
            Watch::Rejected => Self::Rejected,
            Watch::Snoozed => Self::Snoozed,
        }
    }
}

impl From<StatusBody> for Watch {
    fn from(status: StatusBody) -> Self {
        match status {
            StatusBody::Proposed => Self::Proposed,
            StatusBody::Approved => Self::Approved,
            StatusBody::Rejected => Self::Rejected,
            StatusBody::Snoozed => Self::Snoozed,
        }
    }
}

#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[schema(as = ProfitPotential)]
pub(crate) enum PotentialBody {
    High,
    Medium,
    Low,
}

/// An amount in the store's currency with its source, or the reason why there is none.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SourcedAmount)]
pub(crate) struct FigureBody {
    /// The dearer end, where it is a range.
    value: Option<String>,
    low: Option<String>,
    source: Option<String>,
    reason: Option<String>,
}

impl FigureBody {
    fn span(figure: &Figure<Span>, currency: Currency) -> Self {
        let show = |minor| amount(minor, currency);
        let known = figure.value.is_some();
        Self {
            value: figure.value.map(|s| show(s.high)),
            low: figure.value.map(|s| show(s.low)),
            source: known.then(|| figure.why.clone()),
            reason: (!known).then(|| figure.why.clone()),
        }
    }

    fn one(figure: &Figure<i64>, currency: Currency) -> Self {
        let span = figure.value.map(|v| Span { low: v, high: v });
        let span = Figure {
            value: span,
            why: figure.why.clone(),
        };
        Self::span(&span, currency)
    }
}

/// What it costs until it is with a customer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LandedCost)]
pub(crate) struct LandedBody {
    product: FigureBody,
    /// To the countries that most of the store's orders go to.
    shipping: FigureBody,
    duties: FigureBody,
    payment_fee: FigureBody,
    ad_cost: FigureBody,
    /// Only where product, shipping and payment are known; its source says what is not in it.
    total: FigureBody,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ScoreFactorName)]
pub(crate) enum FactorNameBody {
    Margin,
    Trend,
    Viability,
    Reliability,
    Shipping,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ScoreFactor)]
pub(crate) struct FactorBody {
    name: FactorNameBody,
    /// Percent, as it is set. Where factors are missing, the others share their weight.
    weight: u32,
    /// From 0 to 100; null where no source tells it.
    points: Option<i64>,
    low: Option<i64>,
    high: Option<i64>,
    /// What was found, in words.
    found: Option<String>,
    source: Option<String>,
    reason: Option<String>,
}

impl From<&FactorScore> for FactorBody {
    fn from(factor: &FactorScore) -> Self {
        let points = factor.points.value;
        let why = &factor.points.why;
        Self {
            name: match factor.name {
                FactorName::Margin => FactorNameBody::Margin,
                FactorName::Trend => FactorNameBody::Trend,
                FactorName::Viability => FactorNameBody::Viability,
                FactorName::Reliability => FactorNameBody::Reliability,
                FactorName::Shipping => FactorNameBody::Shipping,
            },
            weight: factor.weight,
            points: points.map(|p| p.value),
            low: points.map(|p| p.low),
            high: points.map(|p| p.high),
            found: factor.found.clone(),
            source: points.is_some().then(|| why.clone()),
            reason: points.is_none().then(|| why.clone()),
        }
    }
}

/// How long it takes to a country, with processing where that is told.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierLeadTime)]
pub(crate) struct TimeBody {
    /// ISO 3166-1 alpha-2.
    country: String,
    /// Percent of the store's orders that go there.
    orders_percent: f64,
    /// Null: nobody tells.
    min_days: Option<u32>,
    max_days: Option<u32>,
    /// `api:` with the reading in which it was quoted, `file:` with the SHA-256 of the list.
    source: Option<String>,
    /// Of several tellings the oldest.
    observed_at: Option<DateTime<Utc>>,
}

impl From<&CountryTime> for TimeBody {
    fn from(time: &CountryTime) -> Self {
        Self {
            country: time.country.clone(),
            orders_percent: hundredths(time.share),
            min_days: time.days.map(|d| d.min_days),
            max_days: time.days.map(|d| d.max_days),
            source: time.source.clone(),
            observed_at: time.observed_at,
        }
    }
}

/// Somebody who offers it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierLead)]
pub(crate) struct LeadBody {
    #[schema(format = "uuid")]
    supplier_product_id: String,
    platform: PlatformBody,
    supplier: Option<String>,
    ships_from: Option<String>,
    url: Option<String>,
    presence: PresenceBody,
    /// Every variant has one price; nobody orders at a range.
    orderable: bool,
    product: FigureBody,
    shipping: FigureBody,
    min_days: Option<u32>,
    max_days: Option<u32>,
    /// To each of the store's main countries, the most important first.
    times: Vec<TimeBody>,
    /// From 0 to 5.
    rating: Option<f64>,
    observed_at: DateTime<Utc>,
    /// Whether the supplier tells a picture: `/v1/supplier-products/{id}/image` shows it.
    has_image: bool,
    /// With which of the others it is taken for the same thing, and by what.
    same: Vec<SameBody>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OpportunityDecision)]
pub(crate) struct DecisionBody {
    status: StatusBody,
    by: String,
    at: DateTime<Utc>,
    reason: Option<String>,
    until: Option<DateTime<Utc>>,
    /// What an approval proposed to the shop.
    #[schema(format = "uuid")]
    change_set_id: Option<String>,
}

impl From<&Decision> for DecisionBody {
    fn from(decision: &Decision) -> Self {
        Self {
            status: decision.watch.into(),
            by: decision.by.name.clone(),
            at: decision.at,
            reason: decision.reason.clone(),
            until: decision.until,
            change_set_id: decision.change_set.map(|id| id.to_string()),
        }
    }
}

/// Between which the score lies, whatever the missing factors are.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ScoreInterval)]
pub(crate) struct IntervalBody {
    pub(crate) low: f64,
    pub(crate) high: f64,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Opportunity)]
pub(crate) struct OpportunityBody {
    #[schema(format = "uuid")]
    id: String,
    #[schema(format = "uuid")]
    store_id: String,
    title: String,
    description: Option<String>,
    category: Option<String>,
    image_url: Option<String>,
    /// `"19.99"` or `"19.99–24.99"` with the currency behind it: the suggested price, to the supplier's own where that is higher.
    price_range: Option<String>,
    currency: String,
    trend_score: Option<f64>,
    profit_potential: Option<PotentialBody>,
    platform: PlatformBody,
    /// The best first.
    supplier_leads: Vec<LeadBody>,
    market_insights: Option<String>,
    search_volume: Option<u64>,
    competition_level: Option<String>,
    seasonal_factor: Option<f64>,
    /// Percent of the weights that have a source.
    confidence_score: i64,
    /// Percent of the price, at the dearer end of the costs.
    profit_margin: Option<f64>,
    /// At the cheaper end.
    profit_margin_high: Option<f64>,
    monthly_searches: Option<u64>,
    discovered_at: DateTime<Utc>,
    agent_source: Option<String>,
    /// From 0 to 100.
    score: Option<f64>,
    interval: IntervalBody,
    factors: Vec<FactorBody>,
    /// For which it could be sold.
    price: FigureBody,
    /// What the supplier says that it sells for.
    supplier_price: Option<String>,
    landed_cost: LandedBody,
    /// So much may an order cost in advertisements before it loses money.
    break_even_cost_per_order: FigureBody,
    /// ISO 3166-1 alpha-2, `*` for wherever the supplier sends to.
    ships_to: Vec<String>,
    status: StatusBody,
    /// Counts decisions: what a decision is made to.
    version: i64,
    decision: Option<DecisionBody>,
    /// No supplier offers it any more.
    gone: bool,
    settings_version: i64,
    computed_at: DateTime<Utc>,
    /// Field → why it is null.
    unavailable: BTreeMap<String, String>,
}

/// Hundredths as a number.
#[expect(clippy::cast_precision_loss, reason = "at most some ten thousands")]
pub(crate) fn hundredths(value: i64) -> f64 {
    value as f64 / 100.0
}

fn lead(lead: &Lead, currency: Currency) -> LeadBody {
    LeadBody {
        supplier_product_id: lead.product.to_string(),
        platform: lead.platform.into(),
        supplier: lead.supplier.clone(),
        ships_from: lead.ships_from.clone(),
        url: address(lead.url.as_ref()),
        presence: lead.presence.into(),
        orderable: lead.orderable,
        product: FigureBody::span(&lead.offered.product, currency),
        shipping: FigureBody::span(&lead.offered.shipping, currency),
        min_days: lead.days.value.map(|d| d.min_days),
        max_days: lead.days.value.map(|d| d.max_days),
        times: lead.times.iter().map(Into::into).collect(),
        rating: lead.rating.value.map(hundredths),
        observed_at: lead.observed_at,
        has_image: lead.image.is_some(),
        same: lead.same.iter().map(Into::into).collect(),
    }
}

fn landed(of: &Opportunity) -> LandedBody {
    let nothing = || Figure::unknown("nobody offers it");
    let offered = of.leads.first().map(|lead| &lead.offered);
    let part = |figure: Option<&Figure<Span>>| match figure {
        Some(figure) => FigureBody::span(figure, of.currency),
        None => FigureBody::span(&nothing(), of.currency),
    };
    LandedBody {
        product: part(offered.map(|o| &o.product)),
        shipping: part(offered.map(|o| &o.shipping)),
        duties: part(offered.map(|o| &o.duties)),
        payment_fee: FigureBody::one(&of.payment_fee, of.currency),
        ad_cost: FigureBody::one(&of.ad_cost, of.currency),
        total: FigureBody::span(&of.landed, of.currency),
    }
}

fn price_range(of: &Opportunity) -> Option<String> {
    let low = of.price.value?;
    let high = of.told_price.map_or(low, |told| told.high).max(low);
    let show = |minor| amount(minor, of.currency);
    Some(if low == high {
        format!("{} {}", show(low), of.currency)
    } else {
        format!("{}–{} {}", show(low), show(high), of.currency)
    })
}

/// Points of the factor, from 0 to 100.
fn trend_score(of: &Opportunity) -> Option<f64> {
    let trend = of.factors.iter().find(|f| f.name == FactorName::Trend)?;
    trend.points.value.map(|p| hundredths(p.value * 100))
}

fn unavailable(of: &Opportunity) -> BTreeMap<String, String> {
    let mut reasons = BTreeMap::new();
    let mut say = |field: &str, reason: &str| {
        reasons.insert(field.to_owned(), reason.to_owned());
    };
    let no_source = "no source of it is connected";
    if let Some(trend) = of.factors.iter().find(|f| f.name == FactorName::Trend)
        && trend.points.value.is_none()
    {
        say("trend_score", &trend.points.why);
    }
    for field in [
        "market_insights",
        "search_volume",
        "competition_level",
        "seasonal_factor",
        "monthly_searches",
    ] {
        say(field, no_source);
    }
    say("agent_source", "a supplier's list brought it, no agent");
    if of.price.value.is_none() {
        say("price_range", &of.price.why);
    }
    if of.margin.value.is_none() {
        say("profit_margin", &of.margin.why);
        say("profit_margin_high", &of.margin.why);
    }
    if of.score.is_none() {
        say("score", "no factor has a source");
        say("profit_potential", "no factor has a source");
    }
    reasons
}

impl OpportunityBody {
    pub(crate) fn of(watched: &Watched, now: DateTime<Utc>) -> Self {
        let of = &watched.opportunity;
        Self {
            id: of.id.to_string(),
            store_id: of.scope.store.to_string(),
            title: of.title.clone(),
            description: of.description.clone(),
            category: of.category.clone(),
            image_url: address(of.image.as_ref()),
            price_range: price_range(of),
            currency: of.currency.to_string(),
            trend_score: trend_score(of),
            profit_potential: of.potential.map(|potential| match potential {
                Potential::High => PotentialBody::High,
                Potential::Medium => PotentialBody::Medium,
                Potential::Low => PotentialBody::Low,
            }),
            platform: of.platform.into(),
            supplier_leads: of.leads.iter().map(|l| lead(l, of.currency)).collect(),
            market_insights: None,
            search_volume: None,
            competition_level: None,
            seasonal_factor: None,
            confidence_score: of.completeness,
            profit_margin: of.margin.value.map(|m| hundredths(m.low)),
            profit_margin_high: of.margin.value.map(|m| hundredths(m.high)),
            monthly_searches: None,
            discovered_at: watched.discovered_at,
            agent_source: None,
            score: of.score.map(hundredths),
            interval: IntervalBody {
                low: hundredths(of.interval.low),
                high: hundredths(of.interval.high),
            },
            factors: of.factors.iter().map(Into::into).collect(),
            price: FigureBody::one(&of.price, of.currency),
            supplier_price: of.told_price.map(|told| amount(told.low, of.currency)),
            landed_cost: landed(of),
            break_even_cost_per_order: FigureBody::one(&of.break_even, of.currency),
            ships_to: of.ships_to.clone(),
            status: watched.watch(now).into(),
            version: watched.version,
            decision: watched.decision.as_ref().map(Into::into),
            gone: watched.gone,
            settings_version: of.settings_version,
            computed_at: of.computed_at,
            unavailable: unavailable(of),
        }
    }
}
