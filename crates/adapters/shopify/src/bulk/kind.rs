//! What differs between the kinds of facts that are exported in bulk.

use crate::documents::{
    BULK_CUSTOMERS, BULK_INVENTORY, BULK_ORDERS, BULK_PRODUCTS, CUSTOMERS_PAGE, Document,
    ITEMS_PAGE, ORDERS_PAGE, PRODUCTS_PAGE,
};
use domain::sync::FactKind;
use ports::source::ExportRequest;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BulkKind {
    Orders,
    Products,
    Customers,
    Inventory,
}

impl BulkKind {
    /// `None` for what is read page by page.
    #[must_use]
    pub(crate) const fn of(kind: FactKind) -> Option<Self> {
        match kind {
            FactKind::Orders => Some(Self::Orders),
            FactKind::Products => Some(Self::Products),
            FactKind::Customers => Some(Self::Customers),
            FactKind::Inventory => Some(Self::Inventory),
            FactKind::Shop | FactKind::Locations | FactKind::Payouts => None,
        }
    }

    #[must_use]
    pub(crate) const fn document(self) -> &'static Document {
        match self {
            Self::Orders => &BULK_ORDERS,
            Self::Products => &BULK_PRODUCTS,
            Self::Customers => &BULK_CUSTOMERS,
            Self::Inventory => &BULK_INVENTORY,
        }
    }

    /// Asks for the same fields page by page: its errors name what a refused bulk operation does not.
    #[must_use]
    pub(crate) const fn probe(self) -> (&'static Document, Option<&'static str>) {
        match self {
            Self::Orders => (&ORDERS_PAGE, Some("CREATED_AT")),
            Self::Products => (&PRODUCTS_PAGE, Some("UPDATED_AT")),
            Self::Customers => (&CUSTOMERS_PAGE, Some("UPDATED_AT")),
            Self::Inventory => (&ITEMS_PAGE, None),
        }
    }

    /// The type in the global ids of the rows without a parent.
    #[must_use]
    pub(crate) const fn root(self) -> &'static str {
        match self {
            Self::Orders => "Order",
            Self::Products => "Product",
            Self::Customers => "Customer",
            Self::Inventory => "InventoryItem",
        }
    }

    /// Whether rows below the root may be parents themselves.
    #[must_use]
    pub(crate) const fn is_deep(self) -> bool {
        matches!(self, Self::Orders)
    }

    /// Only orders are exported in windows of time.
    #[must_use]
    pub(crate) fn filter(self, request: &ExportRequest) -> String {
        if self != Self::Orders {
            return String::new();
        }
        let mut parts = Vec::new();
        if let Some(from) = request.from {
            parts.push(format!("created_at:>='{}'", crate::times::text(from)));
        }
        if let Some(until) = request.until {
            parts.push(format!("created_at:<'{}'", crate::times::text(until)));
        }
        parts.join(" AND ")
    }
}
