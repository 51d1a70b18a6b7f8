//! Mappings, routes and orders at suppliers as answers.

use crate::http::amounts::{amount, share, unit_amount};
use application::supply::{LineRoutes, SuggestedMapping, SupplyOffer};
use chrono::{DateTime, Utc};
use domain::money::{Currency, Money};
use domain::supplier::{
    MappingOrigin, Parcel, Route, ServiceScore, ShipTime, SupplierMapping, SupplierOrder,
    SupplierOrderState, SupplierProduct, SupplyPlan,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplyMoney)]
pub(crate) struct MoneyBody {
    amount: String,
    currency: String,
}

impl From<Money> for MoneyBody {
    fn from(money: Money) -> Self {
        Self {
            amount: amount(money.minor, money.currency),
            currency: money.currency.to_string(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierMappingOrigin)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OriginBody {
    Draft,
    Sku,
    Barcode,
    Person,
    File,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierMapping)]
pub(crate) struct MappingBody {
    #[schema(format = "uuid")]
    id: String,
    version: i64,
    variant_id: String,
    /// As it was called when it was mapped.
    title: String,
    #[schema(format = "uuid")]
    supplier_product_id: String,
    /// Null where the offer is not there any more.
    supplier: Option<String>,
    supplier_title: Option<String>,
    /// Whether the supplier tells a picture: `/v1/supplier-products/{id}/image` shows it.
    has_image: bool,
    /// The key of the supplier's variant.
    supplier_variant: String,
    /// Pieces that one unit needs.
    pieces: u32,
    origin: OriginBody,
    /// Whether the supplier still offers that variant.
    is_offered: bool,
    at: DateTime<Utc>,
    by: String,
}

impl MappingBody {
    pub(crate) fn of(mapping: &SupplierMapping, product: Option<&SupplierProduct>) -> Self {
        let supplier = product.map(|p| {
            let name = p.supplier.clone();
            name.unwrap_or_else(|| p.platform.name().to_owned())
        });
        let variant = product.and_then(|p| mapping.of(p));
        Self {
            id: mapping.id.to_string(),
            version: mapping.version,
            variant_id: mapping.variant.to_string(),
            title: mapping.title.clone(),
            supplier_product_id: mapping.product.to_string(),
            supplier,
            supplier_title: product.and_then(|p| p.title.clone()),
            has_image: product.is_some_and(|p| p.image.is_some()),
            supplier_variant: mapping.supplier_variant.clone(),
            pieces: mapping.pieces,
            origin: match mapping.origin {
                MappingOrigin::Draft { .. } => OriginBody::Draft,
                MappingOrigin::Sku => OriginBody::Sku,
                MappingOrigin::Barcode => OriginBody::Barcode,
                MappingOrigin::Person => OriginBody::Person,
                MappingOrigin::File | MappingOrigin::Import { .. } => OriginBody::File,
            },
            is_offered: variant.is_some_and(|v| !v.gone),
            at: mapping.at,
            by: mapping.by.name.clone(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierMappingSuggestion)]
pub(crate) struct SuggestionBody {
    variant_id: String,
    title: String,
    #[schema(format = "uuid")]
    supplier_product_id: String,
    supplier: String,
    supplier_title: Option<String>,
    /// Whether the supplier tells a picture: `/v1/supplier-products/{id}/image` shows it.
    has_image: bool,
    supplier_variant: String,
    /// The barcode that both have, as a GTIN of 14 digits; null where it is not the reason.
    barcode: Option<String>,
    /// The SKU that both have, as the supplier writes it; null where it is not the reason.
    sku: Option<String>,
}

impl From<SuggestedMapping> for SuggestionBody {
    fn from(found: SuggestedMapping) -> Self {
        Self {
            variant_id: found.found.variant.to_string(),
            title: found.title,
            supplier_product_id: found.found.product.to_string(),
            supplier: found.supplier,
            supplier_title: found.supplier_title,
            has_image: found.has_image,
            supplier_variant: found.found.supplier_variant,
            barcode: found.found.barcode,
            sku: found.found.sku,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplyDays)]
pub(crate) struct DaysBody {
    min: u32,
    max: u32,
}

impl From<ShipTime> for DaysBody {
    fn from(days: ShipTime) -> Self {
        Self {
            min: days.min_days,
            max: days.max_days,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierService)]
pub(crate) struct ServiceBody {
    /// Of orders that ended, the share that was there in time, from 0 to 1; null below five orders.
    share: Option<f64>,
    orders: u32,
}

impl From<ServiceScore> for ServiceBody {
    fn from(kept: ServiceScore) -> Self {
        Self {
            share: kept.share.map(share),
            orders: kept.orders,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplyRoute)]
pub(crate) struct RouteBody {
    #[schema(format = "uuid")]
    mapping_id: String,
    supplier: String,
    ships_from: String,
    service: String,
    goods: MoneyBody,
    shipping: MoneyBody,
    /// Both in the store's currency; null where no rate of today is known.
    landed: Option<String>,
    days: Option<DaysBody>,
    kept: ServiceBody,
    /// From 0 to 1, made of cost, time and service; one that is not known is null and left out.
    score: f64,
    score_cost: Option<f64>,
    score_time: Option<f64>,
    score_service: Option<f64>,
}

impl RouteBody {
    fn of(route: &Route, currency: Currency) -> Self {
        Self {
            mapping_id: route.mapping.to_string(),
            supplier: route.supplier.clone(),
            ships_from: route.ships_from.clone(),
            service: route.service.clone(),
            goods: route.goods.into(),
            shipping: route.shipping.into(),
            landed: route.landed.map(|minor| amount(minor, currency)),
            days: route.days.map(Into::into),
            kept: route.kept.into(),
            score: share(route.score.total),
            score_cost: route.score.cost.map(share),
            score_time: route.score.time.map(share),
            score_service: route.score.service.map(share),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplyRefusal)]
pub(crate) struct RefusedBody {
    #[schema(format = "uuid")]
    mapping_id: String,
    supplier: String,
    why: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplyLine)]
pub(crate) struct LineBody {
    line_id: String,
    title: String,
    units: i64,
    /// Without tax.
    sold_for: String,
    /// Why nobody can be asked for it now.
    against: Option<String>,
    /// The best first.
    routes: Vec<RouteBody>,
    refused: Vec<RefusedBody>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplyOffer)]
pub(crate) struct OfferBody {
    order_id: String,
    name: String,
    currency: String,
    country: Option<String>,
    lines: Vec<LineBody>,
    /// What was ordered of it before, newest first.
    supplier_orders: Vec<OrderBody>,
}

impl OfferBody {
    pub(crate) fn of(offer: &SupplyOffer, currency: Currency) -> Self {
        let line = |line: &LineRoutes| LineBody {
            line_id: line.line.to_string(),
            title: line.title.clone(),
            units: line.units,
            sold_for: amount(line.sold_for, currency),
            against: line.against.clone(),
            routes: line
                .routes
                .iter()
                .map(|r| RouteBody::of(r, currency))
                .collect(),
            refused: line
                .refused
                .iter()
                .map(|(mapping, supplier, why)| RefusedBody {
                    mapping_id: mapping.to_string(),
                    supplier: supplier.clone(),
                    why: why.to_string(),
                })
                .collect(),
        };
        let standing = offer.standing.iter();
        Self {
            order_id: offer.order.to_string(),
            name: offer.name.clone(),
            currency: currency.to_string(),
            country: offer.country.clone(),
            lines: offer.lines.iter().map(line).collect(),
            supplier_orders: standing.map(|o| OrderBody::of(o, currency)).collect(),
        }
    }
}

#[derive(Debug, Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SupplierOrderState)]
pub(crate) enum StateBody {
    Placing,
    Unpaid,
    Paid,
    Shipped,
    Delivered,
    Cancelled,
    Unclear,
}

impl From<SupplierOrderState> for StateBody {
    fn from(state: SupplierOrderState) -> Self {
        use SupplierOrderState as S;
        match state {
            S::Placing => Self::Placing,
            S::Unpaid => Self::Unpaid,
            S::Paid => Self::Paid,
            S::Shipped => Self::Shipped,
            S::Delivered => Self::Delivered,
            S::Cancelled => Self::Cancelled,
            S::Unclear => Self::Unclear,
        }
    }
}

impl From<StateBody> for SupplierOrderState {
    fn from(state: StateBody) -> Self {
        use StateBody as S;
        match state {
            S::Placing => Self::Placing,
            S::Unpaid => Self::Unpaid,
            S::Paid => Self::Paid,
            S::Shipped => Self::Shipped,
            S::Delivered => Self::Delivered,
            S::Cancelled => Self::Cancelled,
            S::Unclear => Self::Unclear,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierParcel)]
pub(crate) struct ParcelBody {
    number: String,
    carrier: Option<String>,
    url: Option<String>,
    /// Whether it was handed on to the shop.
    told: bool,
    /// What it holds; null: the supplier does not tell it, and it is taken to hold all that is left.
    items: Option<Vec<ParcelItemBody>>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierParcelItem)]
pub(crate) struct ParcelItemBody {
    /// Of the order at the shop.
    line_id: String,
    title: String,
    /// Of the supplier's variant.
    pieces: u32,
}

fn held_in(plan: &SupplyPlan, parcel: &Parcel) -> Option<Vec<ParcelItemBody>> {
    let items = parcel.items.as_ref()?.iter();
    let items = items.filter_map(|item| {
        let line = plan.lines.get(usize::from(item.line))?;
        Some(ParcelItemBody {
            line_id: line.line.to_string(),
            title: line.title.clone(),
            pieces: item.pieces,
        })
    });
    Some(items.collect())
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierOrderLine)]
pub(crate) struct OrderLineBody {
    line_id: String,
    variant_id: String,
    title: String,
    units: i64,
    pieces: u32,
    /// In the order's currency.
    piece_cost: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierOrder)]
pub(crate) struct OrderBody {
    #[schema(format = "uuid")]
    id: String,
    /// The number under which the supplier knows it.
    our_ref: String,
    /// As the supplier calls it.
    supplier_ref: Option<String>,
    supplier: String,
    order_id: String,
    order_name: String,
    #[schema(format = "uuid")]
    change_set_id: String,
    state: StateBody,
    /// Why it stands as it does.
    why: Option<String>,
    lines: Vec<OrderLineBody>,
    ships_from: String,
    country: String,
    service: String,
    days: Option<DaysBody>,
    quoted: MoneyBody,
    /// As the supplier told it last; null before.
    total: Option<MoneyBody>,
    /// In the store's currency, without tax.
    sold_for: String,
    /// Whether its cost stands at the sale.
    booked: bool,
    parcels: Vec<ParcelBody>,
    created_at: DateTime<Utc>,
    paid_at: Option<DateTime<Utc>>,
    shipped_at: Option<DateTime<Utc>>,
    delivered_at: Option<DateTime<Utc>>,
    looked_at: Option<DateTime<Utc>>,
}

impl OrderBody {
    pub(crate) fn of(order: &SupplierOrder, currency: Currency) -> Self {
        let plan = &order.plan;
        let parcel = |p: &Parcel| ParcelBody {
            number: p.number.clone(),
            carrier: p.carrier.clone(),
            url: p.url.clone(),
            told: order.told.contains(&p.number),
            items: held_in(plan, p),
        };
        Self {
            id: plan.id.to_string(),
            our_ref: plan.our_ref.as_str().to_owned(),
            supplier_ref: order.supplier_ref.clone(),
            supplier: plan.supplier.clone(),
            order_id: plan.order.to_string(),
            order_name: plan.order_name.clone(),
            change_set_id: order.change_set.to_string(),
            state: order.state.into(),
            why: order.why.clone(),
            lines: plan
                .lines
                .iter()
                .map(|l| OrderLineBody {
                    line_id: l.line.to_string(),
                    variant_id: l.variant.to_string(),
                    title: l.title.clone(),
                    units: l.units,
                    pieces: l.pieces,
                    piece_cost: unit_amount(l.piece_cost, plan.currency),
                })
                .collect(),
            ships_from: plan.ships_from.clone(),
            country: plan.country.clone(),
            service: plan.service.clone(),
            days: plan.days.map(Into::into),
            quoted: plan.quoted().into(),
            total: order.total.map(Into::into),
            sold_for: amount(plan.sold_for, currency),
            booked: order.booked,
            parcels: order.parcels.iter().map(parcel).collect(),
            created_at: order.created_at,
            paid_at: order.paid_at,
            shipped_at: order.shipped_at,
            delivered_at: order.delivered_at,
            looked_at: order.looked_at,
        }
    }
}
