//! Shopify's products export, old and new format: rows of one handle become one [`Product`].
//!
//! The export has no ids; they are made from handle and SKU, so that the same product is the same in the next file.

use super::cells::Cells;
use super::mapping::Layout;
use super::orders::split_tags;
use super::row::{Row, RowProblem};
use super::{IMPORTED_AT, stable_id};
use crate::catalog::{Product, UnitCost, Variant};
use crate::ids::{ProductId, StoreId, VariantId};
use crate::money::Currency;
use std::collections::BTreeSet;

#[derive(Debug, Clone, Copy)]
pub struct ProductContext {
    pub store: StoreId,
    pub currency: Currency,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadProduct {
    pub product: Product,
    pub notes: Vec<RowProblem>,
}

/// Whether a row is more than one more picture of its product.
#[must_use]
pub fn is_variant_row(row: &Row, layout: &Layout) -> bool {
    ["sku", "price", "option1", "cost", "inventory"]
        .into_iter()
        .filter_map(|field| layout.index(field))
        .any(|index| !row.cell(index).trim().is_empty())
}

/// `rows` are all rows of one handle.
pub fn read_product(
    rows: &[Row],
    layout: &Layout,
    context: &ProductContext,
) -> Result<ReadProduct, Vec<RowProblem>> {
    let Some(first) = rows.first() else {
        return Err(Vec::new());
    };
    let mut cells = Cells::new(first, layout);
    let handle = cells.needed("handle");
    let title = cells.needed("title");
    let head = Cells::new(first, layout);
    let mut problems = cells.problems;
    let mut notes = Vec::new();
    let mut variants = Vec::new();
    let mut skus = BTreeSet::new();
    for row in rows.iter().filter(|row| is_variant_row(row, layout)) {
        let mut cells = Cells::new(row, layout);
        let variant = read_variant(
            &mut cells,
            handle.unwrap_or_default(),
            context,
            &mut skus,
            &mut notes,
        );
        problems.extend(cells.problems);
        variants.extend(variant);
    }
    let (Some(handle), Some(title), true) = (handle, title, problems.is_empty()) else {
        return Err(problems);
    };
    let status = match (head.text("status"), head.flag("published")) {
        (Some(status), _) => status.to_lowercase(),
        (None, Some(false)) => "draft".to_owned(),
        (None, _) => "active".to_owned(),
    };
    let text = |field| head.text(field).unwrap_or_default().to_owned();
    Ok(ReadProduct {
        product: Product {
            id: ProductId(stable_id(context.store, "product", handle)),
            title: title.to_owned(),
            vendor: text("vendor"),
            product_type: text("type"),
            status,
            handle: handle.to_owned(),
            image_url: head.text("image").map(str::to_owned),
            tags: split_tags(head.text("tags")),
            created_at: IMPORTED_AT,
            updated_at: IMPORTED_AT,
            variants,
        },
        notes,
    })
}

fn read_variant(
    cells: &mut Cells<'_>,
    handle: &str,
    context: &ProductContext,
    skus: &mut BTreeSet<String>,
    notes: &mut Vec<RowProblem>,
) -> Option<Variant> {
    let price = cells
        .needed("price")
        .and_then(|_| cells.amount("price", context.currency));
    let compare_at_price = cells.amount("compare_at_price", context.currency);
    let cost = cells.positive("cost");
    let options: Vec<&str> = ["option1", "option2", "option3"]
        .into_iter()
        .filter_map(|field| cells.text(field))
        .collect();
    let title = match options[..] {
        [] => "Default Title".to_owned(),
        _ => options.join(" / "),
    };
    let sku = cells.text("sku").map(str::to_owned);
    let own_sku = sku.as_ref().filter(|s| skus.insert((*s).clone()));
    if sku.is_some() && own_sku.is_none() {
        notes.push(RowProblem::noted(
            cells.row,
            cells.layout.header("sku"),
            "stands at another variant of this product too: told apart by its options",
        ));
    }
    let id = match own_sku {
        Some(sku) => variant_of_sku(context.store, sku),
        None => VariantId(stable_id(
            context.store,
            "variant",
            &format!("{handle}\n{title}"),
        )),
    };
    let inventory = cells.decimal("inventory").map(|d| d.trunc());
    Some(Variant {
        id,
        title,
        sku,
        barcode: cells.text("barcode").map(str::to_owned),
        price: price?,
        compare_at_price,
        inventory_item: None,
        inventory_quantity: inventory.and_then(|d| rust_decimal::prelude::ToPrimitive::to_i64(&d)),
        tracked: None,
        unit_cost: cost.map(|amount| UnitCost {
            amount,
            currency: context.currency,
        }),
        updated_at: IMPORTED_AT,
    })
}

/// The variant of a SKU that no provider has numbered.
#[must_use]
pub fn variant_of_sku(store: StoreId, sku: &str) -> VariantId {
    VariantId(stable_id(store, "sku", sku))
}
