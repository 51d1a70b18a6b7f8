//! What is seen of a discount.

use super::amounts::Of;
use super::change::of;
use super::{Unreadable, id};
use crate::wire;
use domain::changes::{DiscountScope, Seen, Terms};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use std::collections::BTreeSet;
use std::str::FromStr;

/// # Errors
/// The discount, the field and why.
pub fn discount_seen(wire: &wire::DiscountNode) -> Result<Seen, Unreadable> {
    let of = of("discount", wire.id.as_deref());
    let Some(row) = wire.discount.as_ref().filter(|d| d.status.is_some()) else {
        // Of another sort: by an app, for shipping, buy one and get one.
        return Ok(Seen::Discount {
            terms: None,
            has_ended: false,
            is_used: true,
        });
    };
    Ok(Seen::Discount {
        terms: terms(&of, row)?,
        has_ended: row.status.as_deref() == Some("EXPIRED"),
        is_used: of.need("asyncUsageCount", row.async_usage_count)? > 0,
    })
}

/// `None` where it gives something else than a share of prices.
fn terms(of: &Of<'_>, row: &wire::DiscountRow) -> Result<Option<Terms>, Unreadable> {
    let gets = of.need("customerGets", row.customer_gets.as_ref())?;
    let share = gets.value.percentage.as_ref().and_then(share);
    let (Some(share), Some(on)) = (share, scope(of, &gets.items)?) else {
        return Ok(None);
    };
    Ok(Some(Terms {
        share,
        starts_at: of.need("startsAt", row.starts_at)?,
        ends_at: row.ends_at,
        on,
    }))
}

/// `0.125` is 1250 ten-thousandths.
fn share(percentage: &serde_json::Number) -> Option<i64> {
    let part = Decimal::from_str(&percentage.to_string()).ok()?;
    let share = part.checked_mul(Decimal::from(10_000))?;
    share.round().to_i64()
}

fn scope(of: &Of<'_>, items: &wire::GetsItems) -> Result<Option<DiscountScope>, Unreadable> {
    if items.all_items == Some(true) {
        return Ok(Some(DiscountScope::All));
    }
    let variants = items.product_variants.as_ref();
    if variants.is_some_and(|v| v.count() > 0) {
        return Ok(None);
    }
    Ok(match (&items.products, &items.collections) {
        (Some(products), _) => Some(DiscountScope::Products(ids(of, products)?)),
        (None, Some(collections)) => Some(DiscountScope::Collections(ids(of, collections)?)),
        (None, None) => None,
    })
}

fn ids<T: FromStr + Ord>(
    of: &Of<'_>,
    rows: &wire::Connection<wire::Made>,
) -> Result<BTreeSet<T>, Unreadable> {
    let rows = rows.iter();
    rows.map(|row| id(of, "id", row.id.as_deref())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::ProductId;
    use serde_json::{Value, json};

    fn seen(discount: Value) -> Seen {
        let node = json!({ "id": "gid://shopify/DiscountCodeNode/1", "discount": discount });
        discount_seen(&serde_json::from_value(node).unwrap()).unwrap()
    }

    fn row(value: Value, items: Value) -> Value {
        json!({
            "status": "ACTIVE", "startsAt": "2026-06-01T00:00:00Z", "endsAt": null, "asyncUsageCount": 0,
            "customerGets": { "value": value, "items": items },
        })
    }

    #[test]
    fn only_shares_of_prices_have_terms_that_can_be_compared() {
        let products = json!({ "products": { "nodes": [{ "id": "gid://shopify/Product/7" }] }, "productVariants": { "nodes": [] } });
        let Seen::Discount { terms, .. } = seen(row(json!({ "percentage": 0.125 }), products))
        else {
            panic!("a discount");
        };
        let terms = terms.unwrap();
        assert_eq!(terms.share, 1_250);
        let on = DiscountScope::Products(BTreeSet::from([ProductId(7)]));
        assert_eq!(terms.on, on);
        let without = |discount| match seen(discount) {
            Seen::Discount { terms, .. } => terms.is_none(),
            _ => false,
        };
        assert!(without(json!({})), "of an app");
        assert!(
            without(row(json!({}), json!({ "allItems": true }))),
            "an amount"
        );
        let variants = json!({ "products": { "nodes": [] }, "productVariants": { "nodes": [{ "id": "gid://shopify/ProductVariant/1" }] } });
        assert!(without(row(json!({ "percentage": 0.1 }), variants)));
    }
}
