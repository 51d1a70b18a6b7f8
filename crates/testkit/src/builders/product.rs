//! Products and variants.

use super::{at, currency};
use chrono::{DateTime, Utc};
use domain::catalog::{Product, UnitCost, Variant};
use domain::ids::{InventoryItemId, ProductId, VariantId};
use rust_decimal::Decimal;

/// A variant; its stock item has the same number.
#[derive(Debug, Clone)]
pub struct VariantBuilder(Variant);

impl VariantBuilder {
    /// `price` in minor units.
    #[must_use]
    pub fn new(id: i64, price: i64) -> Self {
        Self(Variant {
            id: VariantId(id),
            title: format!("Variant {id}"),
            sku: Some(format!("SKU-{id}")),
            barcode: None,
            price,
            compare_at_price: None,
            inventory_item: Some(InventoryItemId(id)),
            inventory_quantity: Some(10),
            tracked: Some(true),
            unit_cost: None,
            updated_at: at("2026-01-01T00:00:00Z"),
        })
    }

    #[must_use]
    pub fn titled(mut self, title: &str) -> Self {
        self.0.title = title.to_owned();
        self
    }

    #[must_use]
    pub fn sku(mut self, sku: &str) -> Self {
        self.0.sku = Some(sku.to_owned());
        self
    }

    #[must_use]
    pub fn barcode(mut self, barcode: &str) -> Self {
        self.0.barcode = Some(barcode.to_owned());
        self
    }

    /// A decimal such as `"4.1250"`.
    ///
    /// # Panics
    /// When it is none, or there is no such currency.
    #[must_use]
    pub fn cost(mut self, amount: &str, code: &str) -> Self {
        self.0.unit_cost = Some(UnitCost {
            amount: Decimal::from_str_exact(amount).expect("a decimal"),
            currency: currency(code),
        });
        self
    }
}

/// An active product of 1 January 2026 without variants.
#[derive(Debug, Clone)]
pub struct ProductBuilder(Product);

impl ProductBuilder {
    #[must_use]
    pub fn new(id: i64) -> Self {
        let created_at = at("2026-01-01T00:00:00Z");
        Self(Product {
            id: ProductId(id),
            title: format!("Product {id}"),
            vendor: "Acme".to_owned(),
            product_type: "Goods".to_owned(),
            status: "active".to_owned(),
            handle: format!("product-{id}"),
            image_url: None,
            tags: Vec::new(),
            created_at,
            updated_at: created_at,
            variants: Vec::new(),
        })
    }

    #[must_use]
    pub fn titled(mut self, title: &str) -> Self {
        self.0.title = title.to_owned();
        self
    }

    #[must_use]
    pub fn vendor(mut self, vendor: &str) -> Self {
        self.0.vendor = vendor.to_owned();
        self
    }

    #[must_use]
    pub fn product_type(mut self, product_type: &str) -> Self {
        self.0.product_type = product_type.to_owned();
        self
    }

    #[must_use]
    pub fn status(mut self, status: &str) -> Self {
        self.0.status = status.to_owned();
        self
    }

    /// Created and last updated.
    #[must_use]
    pub fn created_at(mut self, at: DateTime<Utc>) -> Self {
        self.0.created_at = at;
        self.updated_at(at)
    }

    #[must_use]
    pub fn updated_at(mut self, at: DateTime<Utc>) -> Self {
        self.0.updated_at = at;
        self
    }

    #[must_use]
    pub fn variant(mut self, variant: VariantBuilder) -> Self {
        self.0.variants.push(variant.0);
        self
    }

    #[must_use]
    pub fn build(self) -> Product {
        self.0
    }
}
