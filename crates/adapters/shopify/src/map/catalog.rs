//! Products and variants.

use super::amounts::{Amounts, Of};
use super::order::word;
use super::{Unreadable, id};
use crate::wire;
use domain::catalog::{Product, UnitCost, Variant};
use domain::money::{Currency, parse_decimal};

/// `currency`: the shop's, in which bare prices are.
///
/// # Errors
/// The product, the field and why.
pub fn product(wire: &wire::Product, currency: Currency) -> Result<Product, Unreadable> {
    let of = Of {
        what: "product",
        name: wire.title.as_deref().unwrap_or_default(),
        id: wire.id.as_deref().unwrap_or("without id"),
    };
    let amounts = Amounts { of, currency };
    let updated_at = of.need("updatedAt", wire.updated_at)?;
    let media = wire
        .featured_media
        .as_ref()
        .and_then(|m| m.preview.as_ref());
    let variants = wire.variants.iter().flat_map(|c| c.iter());
    let mut product = Product {
        id: id(&of, "id", wire.id.as_deref())?,
        title: wire.title.clone().unwrap_or_default(),
        vendor: wire.vendor.clone().unwrap_or_default(),
        product_type: wire.product_type.clone().unwrap_or_default(),
        status: word(wire.status.as_deref()),
        handle: wire.handle.clone().unwrap_or_default(),
        image_url: media.and_then(|p| p.image.as_ref()?.url.clone()),
        tags: wire.tags.clone().unwrap_or_default(),
        created_at: of.need("createdAt", wire.created_at)?,
        updated_at,
        variants: variants
            .map(|v| variant(v, &amounts, updated_at))
            .collect::<Result<_, _>>()?,
    };
    product.variants.sort_by_key(|v| v.id);
    Ok(product)
}

fn variant(
    wire: &wire::Variant,
    amounts: &Amounts<'_>,
    product_updated_at: chrono::DateTime<chrono::Utc>,
) -> Result<Variant, Unreadable> {
    let of = &amounts.of;
    let item = wire.inventory_item.as_ref();
    let tracked = item.and_then(|i| i.tracked);
    let price = of.need("variants.price", wire.price.as_deref())?;
    let before = wire.compare_at_price.as_deref();
    Ok(Variant {
        id: id(of, "variants.id", wire.id.as_deref())?,
        title: wire.title.clone().unwrap_or_default(),
        sku: wire.sku.clone().filter(|s| !s.is_empty()),
        barcode: wire.barcode.clone().filter(|s| !s.is_empty()),
        price: amounts.text("variants.price", price)?,
        compare_at_price: before
            .map(|p| amounts.text("variants.compareAtPrice", p))
            .transpose()?,
        inventory_item: match item.and_then(|i| i.id.as_deref()) {
            Some(text) => Some(id(of, "variants.inventoryItem", Some(text))?),
            None => None,
        },
        inventory_quantity: wire.inventory_quantity.filter(|_| tracked != Some(false)),
        tracked,
        unit_cost: unit_cost(of, item.and_then(|i| i.unit_cost.as_ref()))?,
        updated_at: wire.updated_at.unwrap_or(product_updated_at),
    })
}

/// A cost that is not there is unknown, which is not zero.
fn unit_cost(of: &Of<'_>, cost: Option<&wire::Money>) -> Result<Option<UnitCost>, Unreadable> {
    let field = "variants.inventoryItem.unitCost";
    let Some(cost) = cost else { return Ok(None) };
    let amount = of.need(field, cost.amount.as_deref())?;
    Ok(Some(UnitCost {
        amount: parse_decimal(amount).map_err(|e| of.refuse(field, e))?,
        currency: of.currency(field, cost.currency_code.as_deref())?,
    }))
}
