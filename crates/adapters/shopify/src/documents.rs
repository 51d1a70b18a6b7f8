//! The GraphQL documents, as plain files, and what is left out of them where a shop does not grant or know a field.
//!
//! A line that ends in `# gate: name …` belongs to those gates; a closed gate takes its lines out of the document, so that one
//! missing scope costs one column and not the whole answer.

use std::collections::BTreeSet;

/// A part of the documents that a shop may refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gate {
    /// Names and e-mail addresses: protected customer data.
    Personal,
    /// Countries of addresses: protected customer data.
    Address,
    /// Which customer ordered.
    Customer,
    /// Which product and variant a line sold.
    Product,
    Inventory,
    /// Unit costs.
    Cost,
    Channel,
    Image,
    /// The provider's own count of nested records.
    Count,
    /// Visits before an order.
    Journey,
    /// Telephone numbers: protected customer data.
    Phone,
    /// Whether people agreed to marketing.
    Consent,
}

impl Gate {
    pub const ALL: [Self; 12] = [
        Self::Personal,
        Self::Address,
        Self::Customer,
        Self::Product,
        Self::Inventory,
        Self::Cost,
        Self::Channel,
        Self::Image,
        Self::Count,
        Self::Journey,
        Self::Phone,
        Self::Consent,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Personal => "personal",
            Self::Address => "address",
            Self::Customer => "customer",
            Self::Product => "product",
            Self::Inventory => "inventory",
            Self::Cost => "cost",
            Self::Channel => "channel",
            Self::Image => "image",
            Self::Count => "count",
            Self::Journey => "journey",
            Self::Phone => "phone",
            Self::Consent => "consent",
        }
    }

    /// The gate that a field stands behind, by the field's own name.
    #[must_use]
    pub fn of_field(field: &str) -> Option<Self> {
        Some(match field {
            "displayName" | "email" | "defaultEmailAddress" | "emailAddress" => Self::Personal,
            "shippingAddress" | "billingAddress" | "defaultAddress" | "countryCodeV2" => {
                Self::Address
            }
            "customer" => Self::Customer,
            "product" | "variant" => Self::Product,
            "inventoryItem" | "inventoryQuantity" | "tracked" => Self::Inventory,
            "unitCost" => Self::Cost,
            "attribution" | "app" => Self::Channel,
            "featuredMedia" | "preview" => Self::Image,
            "variantsCount" => Self::Count,
            "customerJourneySummary" | "firstVisit" | "lastVisit" | "utmParameters" => {
                Self::Journey
            }
            "defaultPhoneNumber" | "phoneNumber" => Self::Phone,
            "marketingState" | "marketingUpdatedAt" | "smsMarketingConsent" => Self::Consent,
            _ => return None,
        })
    }

    /// What is not known while the gate is closed.
    #[must_use]
    pub const fn costs(self) -> &'static str {
        match self {
            Self::Personal => {
                "customers are shown without names and e-mail addresses (protected customer data is not granted)"
            }
            Self::Address => {
                "sales are not split by country (addresses are protected customer data that is not granted)"
            }
            Self::Customer => "orders are not linked to customers (read_customers)",
            Self::Product => "sales are not split by product (read_products)",
            Self::Inventory => "stock and unit costs of variants are unknown (read_inventory)",
            Self::Cost => {
                "unit costs are unknown: the app's user needs the permission to view product costs"
            }
            Self::Channel => "the channel is known only by its source name",
            Self::Image => "products are shown without pictures",
            Self::Journey => {
                "sales are not attributed to campaigns: visits before orders are not told"
            }
            Self::Phone => {
                "nobody can be written to by SMS (telephone numbers are protected customer data that is not granted)"
            }
            Self::Consent => {
                "nobody can be written to: whether people agreed to marketing is not told"
            }
            Self::Count => "the number of variants cannot be compared with the shop's own count",
        }
    }
}

/// A document of one operation with the fragments that it needs.
#[derive(Debug, Clone, Copy)]
pub struct Document {
    /// Of the port's operation, for messages and measurements.
    pub operation: &'static str,
    /// Points that it probably costs.
    pub cost: f64,
    parts: &'static [&'static str],
}

impl Document {
    /// The text without the lines of the closed gates.
    #[must_use]
    pub fn text(&self, closed: &BTreeSet<Gate>) -> String {
        let lines = self.parts.iter().flat_map(|part| part.lines());
        let mut text = String::new();
        for line in lines {
            let (code, gates) = line.split_once("# gate:").unwrap_or((line, ""));
            let shut = |gate: &Gate| gates.split_whitespace().any(|name| name == gate.name());
            if !closed.iter().any(shut) {
                text.push_str(code.trim_end());
                text.push('\n');
            }
        }
        text
    }
}

macro_rules! documents {
    ($($(#[$doc:meta])* $name:ident: $operation:literal, $cost:literal, [$($file:literal),+];)+) => {
        $($(#[$doc])* pub const $name: Document = Document {
            operation: $operation,
            cost: $cost,
            parts: &[$(include_str!(concat!("documents/", $file, ".graphql"))),+],
        };)+

        /// Every document with its name, for the tests that hold them against the schema.
        pub const ALL: &[(&str, Document)] = &[$((stringify!($name), $name)),+];
    };
}

documents! {
    IDENTITY: "store.identify", 3.0, ["identity"];
    TOTAL_ORDERS: "store.totals", 15.0, ["totals_orders"];
    TOTAL_PRODUCTS: "store.totals", 10.0, ["totals_products"];
    TOTAL_CUSTOMERS: "store.totals", 10.0, ["totals_customers"];
    BULK_ORDERS: "orders.export", 10.0, ["bulk_orders"];
    BULK_PRODUCTS: "products.export", 10.0, ["bulk_products"];
    BULK_CUSTOMERS: "customers.export", 10.0, ["bulk_customers"];
    BULK_INVENTORY: "inventory.export", 10.0, ["bulk_inventory"];
    BULK_START: "bulk.start", 10.0, ["bulk_start"];
    BULK_POLL: "bulk.poll", 1.0, ["bulk_poll"];
    BULK_LIST: "bulk.list", 8.0, ["bulk_list"];
    BULK_CANCEL: "bulk.cancel", 10.0, ["bulk_cancel"];
    ORDERS_PAGE: "orders.changes", 650.0, ["orders_page", "order_parts", "line_parts", "shipping_parts", "sale_parts", "refund_line_parts"];
    ORDERS_BY_ID: "orders.fetch", 130.0, ["orders_by_id", "order_parts", "line_parts", "shipping_parts", "sale_parts", "refund_line_parts"];
    ORDER_LINES: "orders.lines", 70.0, ["order_lines", "line_parts"];
    ORDER_SHIPPING: "orders.shipping", 15.0, ["order_shipping", "shipping_parts"];
    ORDER_AGREEMENTS: "orders.agreements", 40.0, ["order_agreements", "sale_parts"];
    REFUND_LINES: "orders.refunds", 20.0, ["refund_lines", "refund_line_parts"];
    REFUND_LINES_REST: "orders.refunds", 30.0, ["refund_lines_rest", "refund_line_parts"];
    PRODUCTS_PAGE: "products.changes", 160.0, ["products_page", "product_parts", "variant_parts"];
    PRODUCTS_BY_ID: "products.fetch", 30.0, ["products_by_id", "product_parts", "variant_parts"];
    PRODUCT_VARIANTS: "products.variants", 40.0, ["product_variants", "variant_parts"];
    CUSTOMERS_PAGE: "customers.changes", 25.0, ["customers_page", "customer_parts"];
    CUSTOMERS_BY_ID: "customers.fetch", 10.0, ["customers_by_id", "customer_parts"];
    CONTACTS: "customers.contacts", 200.0, ["contacts"];
    ABANDONED_CHECKOUTS: "checkouts.list", 30.0, ["abandoned_checkouts"];
    LOCATIONS: "locations.list", 12.0, ["locations"];
    LEVELS_PAGE: "inventory.changes", 50.0, ["levels_page"];
    BUNDLES_PAGE: "products.bundles", 150.0, ["bundles_page"];
    ITEMS_PAGE: "products.costs", 85.0, ["items_page"];
    DELETIONS: "products.deletions", 15.0, ["deletions"];
    SALES_REPORT: "sales.report", 10.0, ["sales_report"];
    ORDER_HEADS: "orders.heads", 60.0, ["order_heads", "head_parts"];
    ORDER_HEADS_BY_ID: "orders.look_up", 100.0, ["order_heads_by_id", "head_parts"];
    PAYOUTS: "payouts.list", 40.0, ["payouts"];
    WEBHOOKS_LIST: "webhooks.list", 15.0, ["webhooks_list"];
    WEBHOOK_CREATE: "webhooks.create", 10.0, ["webhook_create"];
    LOOK_VARIANTS: "changes.look", 1.0, ["look_variants"];
    LOOK_STOCK: "changes.look", 3.0, ["look_stock"];
    LOOK_TAGS: "changes.look", 1.0, ["look_tags"];
    LOOK_HOLDS: "changes.look_holds", 25.0, ["look_holds"];
    VARIANT_PRICES_SET: "changes.price", 10.0, ["variant_prices_set"];
    STOCK_SET: "changes.inventory", 10.0, ["stock_set"];
    TAGS_ADD: "changes.add_tags", 10.0, ["tags_add"];
    TAGS_REMOVE: "changes.remove_tags", 10.0, ["tags_remove"];
    HOLD: "changes.hold", 10.0, ["hold"];
    RELEASE_HOLD: "changes.release", 10.0, ["release_hold"];
    LOOK_ORDERS: "changes.look", 1.0, ["look_orders"];
    LOOK_SHIPPING: "changes.look_shipping", 60.0, ["look_shipping"];
    RECIPIENT: "changes.recipient", 3.0, ["recipient"];
    FULFILLMENT_CREATE: "changes.ship", 10.0, ["fulfillment_create"];
    TRACKING_UPDATE: "changes.ship", 50.0, ["tracking_update"];
    ORDER_CANCEL: "changes.cancel", 10.0, ["order_cancel"];
    LOOK_REFUNDS: "changes.look_refund", 60.0, ["look_refunds"];
    SUGGESTED_REFUND: "changes.look_refund", 20.0, ["suggested_refund"];
    REFUND_CREATE: "changes.refund", 20.0, ["refund_create"];
    JOB: "changes.job", 1.0, ["job"];
    LOOK_CODE: "changes.look_discount", 25.0, ["look_code", "gets_parts"];
    LOOK_TAGGED: "changes.look_discount", 60.0, ["look_tagged", "gets_parts"];
    LOOK_AUTOMATIC: "changes.look_discount", 25.0, ["look_automatic", "gets_parts"];
    DISCOUNT_CODE_CREATE: "changes.discount", 10.0, ["discount_code_create"];
    DISCOUNT_AUTOMATIC_CREATE: "changes.discount", 10.0, ["discount_automatic_create"];
    DISCOUNT_CODE_END: "changes.end_discount", 10.0, ["discount_code_end"];
    DISCOUNT_AUTOMATIC_END: "changes.end_discount", 10.0, ["discount_automatic_end"];
    DISCOUNT_CODE_DELETE: "changes.delete_discount", 10.0, ["discount_code_delete"];
    DISCOUNT_AUTOMATIC_DELETE: "changes.delete_discount", 10.0, ["discount_automatic_delete"];
    LOOK_HANDLE: "changes.look_handle", 12.0, ["look_handle"];
    LOOK_SOLD: "changes.look_sold", 4.0, ["look_sold"];
    PRODUCT_SET: "changes.draft", 20.0, ["product_set"];
    PRODUCT_DELETE: "changes.delete_draft", 10.0, ["product_delete"];
}

/// A bulk document with its filter; Shopify takes no variables there.
#[must_use]
pub fn bulk_text(document: &Document, closed: &BTreeSet<Gate>, filter: &str) -> String {
    let escaped = filter.replace('\\', "\\\\").replace('"', "\\\"");
    document.text(closed).replace("__FILTER__", &escaped)
}

#[cfg(test)]
mod tests {
    use super::*;
    use apollo_compiler::ast::{Document as Ast, Selection};

    #[test]
    fn a_closed_gate_takes_its_lines_out() {
        let all = BULK_PRODUCTS.text(&BTreeSet::new());
        assert!(all.contains("unitCost") && !all.contains('#'), "{all}");
        let without = BULK_PRODUCTS.text(&BTreeSet::from([Gate::Inventory]));
        assert!(!without.contains("inventory") && without.contains("sku"));
        Ast::parse(without, "bulk.graphql").unwrap();
    }

    #[test]
    fn documents_are_readable_whatever_gates_are_closed() {
        for gate in Gate::ALL {
            for (name, document) in ALL {
                let text = document.text(&BTreeSet::from([gate]));
                assert!(Ast::parse(text, *name).is_ok(), "{name} without {gate:?}");
            }
        }
    }

    /// Connections on the way down, `(all, deepest nesting)`; a connection is what selects `edges`.
    fn connections(selections: &[Selection], depth: usize) -> (usize, usize) {
        let mut all = (0, depth);
        for selection in selections {
            let (inner, is) = match selection {
                Selection::Field(f) => {
                    let edges = f.selection_set.iter().any(
                        |s| matches!(s, Selection::Field(f) if f.name == "edges" || f.name == "nodes"),
                    );
                    (&f.selection_set, edges)
                }
                Selection::InlineFragment(i) => (&i.selection_set, false),
                Selection::FragmentSpread(_) => panic!("bulk documents carry no fragments"),
            };
            let below = connections(inner, depth + usize::from(is));
            all = (all.0 + below.0 + usize::from(is), all.1.max(below.1));
        }
        all
    }

    fn check_nodes(selections: &[Selection], inside_list: bool, name: &str) {
        for selection in selections {
            match selection {
                Selection::Field(f) => {
                    assert_ne!(f.name, "nodes", "{name}: edges and node only");
                    assert_ne!(f.name, "pageInfo", "{name}: pages mean nothing in bulk");
                    assert!(
                        !(inside_list && f.name == "edges"),
                        "{name}: no connection inside a list"
                    );
                    if f.name == "node" {
                        let has_id = f.selection_set.iter().any(|s| {
                            matches!(s, Selection::Field(f) if f.name == "id" && f.alias.is_none())
                        });
                        assert!(has_id, "{name}: every node selects its id");
                    }
                    let list = ["transactions", "refunds", "taxLines", "discountAllocations"];
                    let inside = inside_list || list.contains(&f.name.as_str());
                    check_nodes(&f.selection_set, inside, name);
                }
                Selection::InlineFragment(i) => check_nodes(&i.selection_set, inside_list, name),
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    #[test]
    fn bulk_documents_keep_the_rules_of_bulk_queries() {
        let bulk = [
            ("orders", BULK_ORDERS),
            ("products", BULK_PRODUCTS),
            ("customers", BULK_CUSTOMERS),
            ("inventory", BULK_INVENTORY),
        ];
        for (name, document) in bulk {
            let text = bulk_text(&document, &BTreeSet::new(), "created_at:>='2026-01-01'");
            assert!(text.len() <= 65_535);
            let ast = Ast::parse(text, name).unwrap();
            assert_eq!(ast.definitions.len(), 1, "{name}: one operation");
            let operation = ast.definitions[0].as_operation_definition().unwrap();
            let (all, depth) = connections(&operation.selection_set, 0);
            assert!((1..=5).contains(&all), "{name}: {all} connections");
            // The root connection is not nested in another one.
            assert!(depth - 1 <= 2, "{name}: {depth} deep");
            check_nodes(&operation.selection_set, false, name);
        }
    }

    #[test]
    fn a_filter_cannot_leave_its_string() {
        let text = bulk_text(&BULK_CUSTOMERS, &BTreeSet::new(), r#"a:"b" \"#);
        assert!(text.contains(r#"query: "a:\"b\" \\""#), "{text}");
        Ast::parse(text, "escaped.graphql").unwrap();
    }
}
