//! Variants with their stock, cover and orders as the API writes them.

use crate::http::amounts::{amount, optional_amount, unit_amount};
use crate::http::forecasts::view::HistoryBody;
use application::inventory::{Demand, Item, Lead, Place};
use chrono::NaiveDate;
use domain::inventory_plan::{Abc, Cover, LeadSource, LeadTime, Reorder, State, Urgency, Xyz};
use domain::money::Currency;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident as $schema:ident from $domain:ident { $($variant:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        #[schema(as = $schema)]
        pub(crate) enum $name { $($variant),+ }

        impl From<$domain> for $name {
            fn from(value: $domain) -> Self {
                match value { $($domain::$variant => Self::$variant),+ }
            }
        }

        impl From<$name> for $domain {
            fn from(value: $name) -> Self {
                match value { $($name::$variant => Self::$variant),+ }
            }
        }
    };
}

words! {
    /// Nothing left; under 3, 7 and 14 days of cover; more; not counted or not forecast.
    UrgencyBody as InventoryUrgency from Urgency { Out, Critical, High, Medium, Low, Unknown }
}

words! {
    StateBody as InventoryState from State { Reorder, Overstock, Dead, Slow, Untracked }
}

words! {
    LeadSourceBody as LeadTimeSource from LeadSource { Variant, Orders, Vendor, Store }
}

/// By margin over 90 days: the first 80 % of it, the next 15, the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AbcClass)]
pub(crate) enum AbcBody {
    A,
    B,
    C,
    Unknown,
}

impl AbcBody {
    pub(crate) fn of(class: Option<Abc>) -> Self {
        match class {
            Some(Abc::A) => Self::A,
            Some(Abc::B) => Self::B,
            Some(Abc::C) => Self::C,
            None => Self::Unknown,
        }
    }

    pub(crate) const fn class(self) -> Option<Abc> {
        match self {
            Self::A => Some(Abc::A),
            Self::B => Some(Abc::B),
            Self::C => Some(Abc::C),
            Self::Unknown => None,
        }
    }
}

/// By how much weeks differ: steady, changing, erratic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = XyzClass)]
pub(crate) enum XyzBody {
    X,
    Y,
    Z,
    Unknown,
}

impl XyzBody {
    pub(crate) fn of(class: Option<Xyz>) -> Self {
        match class {
            Some(Xyz::X) => Self::X,
            Some(Xyz::Y) => Self::Y,
            Some(Xyz::Z) => Self::Z,
            None => Self::Unknown,
        }
    }

    pub(crate) const fn class(self) -> Option<Xyz> {
        match self {
            Self::X => Some(Xyz::X),
            Self::Y => Some(Xyz::Y),
            Self::Z => Some(Xyz::Z),
            Self::Unknown => None,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InventoryLocation)]
pub(crate) struct LocationBody {
    id: String,
    name: Option<String>,
    on_hand: Option<i64>,
    available: Option<i64>,
    committed: Option<i64>,
    incoming: Option<i64>,
}

impl From<&Place> for LocationBody {
    fn from(place: &Place) -> Self {
        Self {
            id: place.level.location.to_string(),
            name: place.name.clone(),
            on_hand: place.level.on_hand,
            available: place.level.available,
            committed: place.level.committed,
            incoming: place.level.incoming,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InventoryDemand)]
pub(crate) struct DemandBody {
    /// Expected, over the days that are told.
    per_day: Option<f64>,
    next_28: Option<f64>,
    sold_7: i64,
    sold_28: i64,
    sold_90: i64,
    /// Of what was there within 28 days, the share that sold.
    sell_through: Option<f64>,
    /// An estimate of what was not sold in 28 days because it was out.
    lost_28: Option<f64>,
    history: HistoryBody,
}

impl DemandBody {
    fn of(demand: &Demand, sell_through: Option<f64>) -> Self {
        Self {
            per_day: demand.per_day,
            next_28: demand.next_28,
            sold_7: demand.sold_7,
            sold_28: demand.sold_28,
            sold_90: demand.sold_90,
            sell_through,
            lost_28: demand.lost_28,
            history: HistoryBody::of(demand.history),
        }
    }
}

/// Null: later than in a year.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StockOut)]
pub(crate) struct StockOutBody {
    /// Sooner in one of ten cases.
    earliest: Option<NaiveDate>,
    expected: Option<NaiveDate>,
    /// Later in one of ten cases.
    latest: Option<NaiveDate>,
    /// Past the days that are forecast: at the rate of the last week of them.
    beyond_forecast: bool,
}

impl From<&Cover> for StockOutBody {
    fn from(cover: &Cover) -> Self {
        let out = cover.stock_out;
        Self {
            earliest: out.earliest,
            expected: out.expected,
            latest: out.latest,
            beyond_forecast: out.beyond_forecast,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InventoryLeadTime)]
pub(crate) struct LeadBody {
    mean_days: f64,
    sd_days: f64,
    source: LeadSourceBody,
    /// Own orders that it was learned from.
    orders: usize,
}

impl From<&Lead> for LeadBody {
    fn from(lead: &Lead) -> Self {
        Self {
            mean_days: lead.time.mean_days,
            sd_days: lead.time.sd_days,
            source: lead.source.into(),
            orders: lead.orders,
        }
    }
}

/// How long goods take.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LeadTime)]
pub(crate) struct LeadTimeBody {
    #[schema(minimum = 0, maximum = 365)]
    pub(crate) mean_days: f64,
    #[schema(minimum = 0, maximum = 365)]
    pub(crate) sd_days: f64,
}

impl From<LeadTime> for LeadTimeBody {
    fn from(lead: LeadTime) -> Self {
        Self {
            mean_days: lead.mean_days,
            sd_days: lead.sd_days,
        }
    }
}

impl From<LeadTimeBody> for LeadTime {
    fn from(lead: LeadTimeBody) -> Self {
        Self {
            mean_days: lead.mean_days,
            sd_days: lead.sd_days,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InventoryReorder)]
pub(crate) struct ReorderBody {
    /// Order when no more than this is there or under way.
    point: Option<f64>,
    safety_stock: Option<f64>,
    /// The last day on which an order comes before the expected stock-out; may lie in the past.
    order_by: Option<NaiveDate>,
    /// 0: nothing now.
    quantity: Option<i64>,
    economic_quantity: Option<f64>,
    unit_cost: Option<String>,
    /// Of the quantity.
    cost: Option<String>,
}

impl ReorderBody {
    fn of(item: &Item, currency: Currency) -> Self {
        let reorder = item.plan.reorder;
        let of = |figure: fn(Reorder) -> f64| reorder.map(figure);
        Self {
            point: of(|r| r.point),
            safety_stock: of(|r| r.safety_stock),
            order_by: item.plan.order_by,
            quantity: reorder.map(|r| r.quantity),
            economic_quantity: reorder.and_then(|r| r.economic),
            unit_cost: item.unit_cost.map(|cost| unit_amount(cost, currency)),
            cost: optional_amount(item.order_cost, currency),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InventoryOverstock)]
pub(crate) struct OverstockBody {
    units: Option<i64>,
    value: Option<String>,
}

/// Null is unknown, and `unavailable` says why.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InventoryItem)]
pub(crate) struct ItemBody {
    pub(crate) variant_id: String,
    product_id: String,
    title: String,
    sku: Option<String>,
    vendor: Option<String>,
    product_type: Option<String>,
    image_url: Option<String>,
    tracked: Option<bool>,
    on_hand: Option<i64>,
    available: Option<i64>,
    committed: Option<i64>,
    /// As the provider has it.
    incoming: Option<i64>,
    /// Of own purchase orders that are under way.
    on_order: i64,
    /// Received from own orders, and not counted by the shop yet.
    uncounted: i64,
    /// Available, incoming, on order and not counted yet.
    position: Option<i64>,
    locations: Vec<LocationBody>,
    demand: DemandBody,
    /// Null also where it lasts longer than a year.
    cover_days: Option<f64>,
    stock_out: Option<StockOutBody>,
    urgency: UrgencyBody,
    abc: AbcBody,
    xyz: XyzBody,
    states: Vec<StateBody>,
    lead_time: Option<LeadBody>,
    reorder: ReorderBody,
    /// What lies there, at cost.
    value: Option<String>,
    overstock: OverstockBody,
    /// Within 180 days, or as many as tell dead stock where these are more.
    last_sold_on: Option<NaiveDate>,
    unavailable: BTreeMap<String, String>,
}

impl ItemBody {
    pub(crate) fn of(item: &Item, currency: Currency) -> Self {
        let (variant, product) = (&item.offer.variant, &item.offer.product);
        let some = |text: &String| (!text.is_empty()).then(|| text.clone());
        let cover = item.plan.cover.as_ref();
        Self {
            variant_id: variant.id.to_string(),
            product_id: product.id.to_string(),
            title: item.title.clone(),
            sku: variant.sku.clone(),
            vendor: some(&product.vendor),
            product_type: some(&product.product_type),
            image_url: product.image_url.clone(),
            tracked: variant.tracked,
            on_hand: item.position.on_hand,
            available: item.position.available,
            committed: item.position.committed,
            incoming: item.position.incoming,
            on_order: item.position.on_order,
            uncounted: item.position.uncounted,
            position: item.position.total(),
            locations: item.places.iter().map(Into::into).collect(),
            demand: DemandBody::of(&item.demand, item.plan.sell_through),
            cover_days: cover.and_then(|c| c.days),
            stock_out: cover.map(Into::into),
            urgency: item.plan.urgency.into(),
            abc: AbcBody::of(item.abc),
            xyz: XyzBody::of(item.xyz),
            states: item.plan.states.iter().map(|s| (*s).into()).collect(),
            lead_time: item.lead.as_ref().map(Into::into),
            reorder: ReorderBody::of(item, currency),
            value: optional_amount(item.value, currency),
            overstock: OverstockBody {
                units: item.plan.overstock.map(|o| o.units),
                value: item.overstock_value.map(|v| amount(v, currency)),
            },
            last_sold_on: item.last_sold_on,
            unavailable: unavailable(item),
        }
    }
}

fn unavailable(item: &Item) -> BTreeMap<String, String> {
    let mut reasons: BTreeMap<String, String> = BTreeMap::new();
    for (figure, why) in &item.unknown {
        let fields: &[&str] = match *figure {
            "stock" => &["available", "cover_days", "stock_out", "position"],
            "demand" => &[
                "demand.per_day",
                "demand.next_28",
                "cover_days",
                "stock_out",
            ],
            "reorder" => &["reorder.point", "reorder.quantity"],
            "unit_cost" => &["reorder.unit_cost", "reorder.cost"],
            "economic_quantity" => &["reorder.economic_quantity"],
            "lost_28" => &["demand.lost_28"],
            other => &[other],
        };
        for field in fields {
            reasons
                .entry((*field).to_owned())
                .or_insert_with(|| why.clone());
        }
    }
    let cover = item.plan.cover.as_ref();
    if cover.is_some_and(|c| c.days.is_none()) {
        let why = "it lasts longer than a year";
        reasons.insert("cover_days".to_owned(), why.to_owned());
    }
    reasons
}
