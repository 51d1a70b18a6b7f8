//! Mappings of suppliers' variants, and orders that suppliers send.

use super::store::numbered;
use super::{at, currency};
use domain::audit::Actor;
use domain::ids::{
    ChangeSetId, LineId, OrderId, StoreScope, SupplierAccountId, SupplierProductId, VariantId,
};
use domain::supplier::{
    MappingOrigin, OurRef, ShipTime, SupplierMapping, SupplierOrder, SupplyLine, SupplyPlan,
};
use rust_decimal::Decimal;

/// Of the product of that number.
#[must_use]
pub fn supplier_mapping(scope: StoreScope, variant: i64, product: u32) -> SupplierMapping {
    let (variant, product) = (
        VariantId(variant),
        SupplierProductId(numbered(41, product, 0)),
    );
    SupplierMapping {
        id: SupplierMapping::id_of(scope, variant, product),
        scope,
        variant,
        title: format!("Variant {variant}"),
        product,
        supplier_variant: "SKU-1".to_owned(),
        pieces: 1,
        origin: MappingOrigin::Person,
        off: false,
        at: at("2026-03-01T00:00:00Z"),
        by: Actor::system(),
        version: 1,
    }
}

/// Of these lines of the order, two pieces each at five dollars, in so many parts of it.
#[must_use]
pub fn supplier_order(scope: StoreScope, order: i64, part: u16, lines: &[i64]) -> SupplierOrder {
    let our_ref = OurRef::of(scope.store, OrderId(order), part);
    let line = |line: &i64| SupplyLine {
        line: LineId(*line),
        variant: VariantId(*line),
        title: format!("Lamp {line}"),
        units: 2,
        product: SupplierProductId(numbered(41, 1, 0)),
        external_id: format!("V{line}"),
        pieces: 2,
        piece_cost: Decimal::from(5),
    };
    let goods = 1_000 * i64::try_from(lines.len()).unwrap_or(0);
    let plan = SupplyPlan {
        id: SupplyPlan::id_of(&our_ref, scope),
        our_ref,
        account: SupplierAccountId(numbered(22, 1, 0)),
        supplier: "CJdropshipping".to_owned(),
        order: OrderId(order),
        order_name: format!("#{order}"),
        lines: lines.iter().map(line).collect(),
        country: "US".to_owned(),
        ships_from: "CN".to_owned(),
        service: "CJPacket".to_owned(),
        days: Some(ShipTime {
            min_days: 4,
            max_days: 9,
        }),
        currency: currency("USD"),
        goods,
        shipping: 471,
        tolerance: 200,
        sold_for: goods * 3,
        cost: (goods + 471) * 102 / 100,
        accepts_loss: false,
    };
    let set = ChangeSetId(numbered(42, 1, 0));
    let created = at("2026-03-01T00:00:00Z") + chrono::Duration::seconds(order);
    SupplierOrder::open(scope, set, plan, created)
}
