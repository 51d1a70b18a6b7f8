//! The kinds of files, each with its fields and the headers by which they are known. One place for each.

use super::fields::{ORDERS, PRODUCTS};
use super::offer_fields::OFFERS;
use super::table_fields::{AD_SPEND, COSTS, FEES, FIXED, RATES, SHIPPING};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportKind {
    Orders,
    Products,
    Costs,
    ShippingCosts,
    PaymentFees,
    AdSpend,
    FixedCosts,
    ExchangeRates,
    SupplierOffers,
}

/// Whether a file without the field can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    Required,
    Optional,
    /// At least one of the fields with the same word.
    OneOf(&'static str),
}

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    Text,
    Number,
    /// A number, or a range of two.
    Price,
    Date,
}

#[derive(Debug, Clone, Copy)]
pub struct FieldSpec {
    pub key: &'static str,
    pub label: &'static str,
    pub need: Need,
    pub kind: FieldKind,
    /// Headers as [`super::normalise`] makes them.
    pub synonyms: &'static [&'static str],
}

#[derive(Debug, Clone, Copy)]
pub struct KindSpec {
    pub kind: ImportKind,
    pub label: &'static str,
    pub about: &'static str,
    pub fields: &'static [FieldSpec],
}

const KINDS: &[KindSpec] = &[
    KindSpec {
        kind: ImportKind::Orders,
        label: "Orders",
        about: "Shopify's orders export: one row a line item",
        fields: ORDERS,
    },
    KindSpec {
        kind: ImportKind::Products,
        label: "Products",
        about: "Shopify's products export, in its old or new format",
        fields: PRODUCTS,
    },
    KindSpec {
        kind: ImportKind::Costs,
        label: "Product costs",
        about: "What a unit costs, by SKU or variant id",
        fields: COSTS,
    },
    KindSpec {
        kind: ImportKind::ShippingCosts,
        label: "Shipping costs",
        about: "What shipping an order costs you, by country, weight and order value",
        fields: SHIPPING,
    },
    KindSpec {
        kind: ImportKind::PaymentFees,
        label: "Payment fees",
        about: "What each payment gateway keeps",
        fields: FEES,
    },
    KindSpec {
        kind: ImportKind::AdSpend,
        label: "Ad spend",
        about: "Spend by day or month, channel and campaign",
        fields: AD_SPEND,
    },
    KindSpec {
        kind: ImportKind::FixedCosts,
        label: "Fixed costs",
        about: "Rent, software, wages … by day or month",
        fields: FIXED,
    },
    KindSpec {
        kind: ImportKind::ExchangeRates,
        label: "Exchange rates",
        about: "What one unit of a currency is worth in another",
        fields: RATES,
    },
    KindSpec {
        kind: ImportKind::SupplierOffers,
        label: "Supplier catalogue",
        about: "What suppliers offer: prices, stock and shipping, one row a variant",
        fields: OFFERS,
    },
];

impl ImportKind {
    pub const ALL: [Self; 9] = [
        Self::Orders,
        Self::Products,
        Self::Costs,
        Self::ShippingCosts,
        Self::PaymentFees,
        Self::AdSpend,
        Self::FixedCosts,
        Self::ExchangeRates,
        Self::SupplierOffers,
    ];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Products => "products",
            Self::Costs => "costs",
            Self::ShippingCosts => "shipping_costs",
            Self::PaymentFees => "payment_fees",
            Self::AdSpend => "ad_spend",
            Self::FixedCosts => "fixed_costs",
            Self::ExchangeRates => "exchange_rates",
            Self::SupplierOffers => "supplier_offers",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == text)
    }

    #[must_use]
    pub fn spec(self) -> &'static KindSpec {
        // Each kind has its row, which a test holds.
        KINDS
            .iter()
            .find(|spec| spec.kind == self)
            .unwrap_or(&KINDS[0])
    }
}

impl KindSpec {
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&'static FieldSpec> {
        self.fields.iter().find(|f| f.key == key)
    }
}

/// The kind whose required fields are all there, the one with most columns known; `None` when none is or two know as many.
#[must_use]
pub fn kind_of_headers(headers: &[String]) -> Option<ImportKind> {
    let mut best: Vec<(usize, usize, ImportKind)> = Vec::new();
    for spec in KINDS {
        let mapping = super::Mapping::propose(spec.kind, headers);
        if mapping.faults(headers).is_empty() {
            let required = spec
                .fields
                .iter()
                .filter(|f| f.need == Need::Required)
                .count();
            best.push((mapping.columns.len(), required, spec.kind));
        }
    }
    best.sort_unstable_by(|a, b| b.cmp(a));
    match best[..] {
        [] => None,
        [first, second, ..] if (first.0, first.1) == (second.0, second.1) => None,
        [first, ..] => Some(first.2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::normalise;

    #[test]
    fn every_kind_has_a_row_and_its_synonyms_are_normal() {
        for kind in ImportKind::ALL {
            assert_eq!(kind.spec().kind, kind);
            assert_eq!(ImportKind::parse(kind.as_str()), Some(kind));
            for field in kind.spec().fields {
                for synonym in field.synonyms {
                    assert_eq!(normalise(synonym), *synonym);
                }
            }
        }
    }

    #[track_caller]
    fn check(headers: &str, expected: Option<ImportKind>) {
        let headers: Vec<String> = headers.split(',').map(str::to_owned).collect();
        assert_eq!(kind_of_headers(&headers), expected, "{headers:?}");
    }

    #[test]
    fn kinds_are_known_by_their_headers() {
        check(
            "Name,Currency,Subtotal,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price",
            Some(ImportKind::Orders),
        );
        check(
            "Handle,Title,Variant SKU,Variant Price,Cost per item",
            Some(ImportKind::Products),
        );
        check(
            "Title,URL handle,SKU,Price,Cost per item",
            Some(ImportKind::Products),
        );
        check("SKU,Cost,Currency,Valid from", Some(ImportKind::Costs));
        check(
            "Artikelnummer,Einkaufspreis,Währung,Gültig ab",
            Some(ImportKind::Costs),
        );
        check("Référence,Coût unitaire,Devise", Some(ImportKind::Costs));
        check(
            "Country,Min weight,Max weight,Cost,Currency",
            Some(ImportKind::ShippingCosts),
        );
        check("Gateway,Percent,Fixed fee", Some(ImportKind::PaymentFees));
        check("Date,Channel,Campaign,Spend", Some(ImportKind::AdSpend));
        check("Month,Name,Amount,Currency", Some(ImportKind::FixedCosts));
        check("Date,Base,Quote,Rate", Some(ImportKind::ExchangeRates));
        check(
            "Product ID,Title,Variant SKU,Cost,Currency,Stock,Shipping time",
            Some(ImportKind::SupplierOffers),
        );
        check(
            "ProductId,BuyId,Supplier,SupplierRegion,VariantSKU",
            Some(ImportKind::SupplierOffers),
        );
        check("Foo,Bar", None);
    }
}
