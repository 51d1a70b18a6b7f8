//! Lines of orders.

use domain::ids::{LineId, ProductId, VariantId};
use domain::order::OrderLine;

/// One line of an order. Amounts are minor units of the order's currency.
#[derive(Debug, Clone)]
pub struct LineBuilder(pub(super) OrderLine);

impl LineBuilder {
    /// `unit_price` is before discounts and contains tax when the order's taxes are included. The product gets the variant's
    /// number divided by ten, so that variants 10 to 19 are of product 1.
    #[must_use]
    pub fn new(variant: i64, quantity: i64, unit_price: i64) -> Self {
        let product = variant / 10;
        Self(OrderLine {
            id: LineId(0),
            product: Some(ProductId(product)),
            variant: Some(VariantId(variant)),
            title: format!("Product {product}"),
            variant_title: Some(format!("Variant {variant}")),
            sku: Some(format!("SKU-{variant}")),
            quantity,
            current_quantity: quantity,
            unit_price,
            discount: 0,
            tax: 0,
            gift_card: false,
            requires_shipping: None,
            grams: None,
        })
    }

    /// Of no product in the catalogue.
    #[must_use]
    pub fn custom(title: &str, quantity: i64, unit_price: i64) -> Self {
        let mut line = Self::new(0, quantity, unit_price);
        line.0.product = None;
        line.0.variant = None;
        line.0.variant_title = None;
        line.0.sku = None;
        line.titled(title)
    }

    #[must_use]
    pub fn titled(mut self, title: &str) -> Self {
        self.0.title = title.to_owned();
        self
    }

    #[must_use]
    pub fn variant_titled(mut self, title: Option<&str>) -> Self {
        self.0.variant_title = title.map(ToOwned::to_owned);
        self
    }

    #[must_use]
    pub fn product(mut self, product: i64) -> Self {
        self.0.product = Some(ProductId(product));
        self
    }

    #[must_use]
    pub fn sku(mut self, sku: &str) -> Self {
        self.0.sku = Some(sku.to_owned());
        self
    }

    /// Of the whole line.
    #[must_use]
    pub fn discount(mut self, discount: i64) -> Self {
        self.0.discount = discount;
        self
    }

    /// Of the whole line, after discounts; on top of the price, or part of it when the order's taxes are included.
    #[must_use]
    pub fn tax(mut self, tax: i64) -> Self {
        self.0.tax = tax;
        self
    }

    #[must_use]
    pub fn gift_card(mut self) -> Self {
        self.0.gift_card = true;
        self
    }

    /// Sent by nobody: a download, a service.
    #[must_use]
    pub fn digital(mut self) -> Self {
        self.0.requires_shipping = Some(false);
        self
    }

    /// What one unit weighs.
    #[must_use]
    pub fn grams(mut self, grams: i64) -> Self {
        self.0.grams = Some(grams);
        self
    }
}
