//! Which access scopes are used, and what is lost without each.

use domain::connection::{MissingScope, Scopes};

struct Use {
    scope: &'static str,
    /// Any of these grants the same; `write_x` always grants `read_x`.
    also: &'static [&'static str],
    costs: &'static str,
    required: bool,
    /// Only for changes that people approve.
    for_changes: bool,
}

const USED: &[Use] = &[
    Use {
        scope: "read_orders",
        also: &[],
        costs: "Without it there are no orders, and so no sales and no profit.",
        required: true,
        for_changes: false,
    },
    Use {
        scope: "read_products",
        also: &[],
        costs: "Without it products and their costs are unknown, and so is profit.",
        required: true,
        for_changes: false,
    },
    Use {
        scope: "read_all_orders",
        also: &[],
        costs: "Without it only the orders of the last 60 days can be read.",
        required: false,
        for_changes: false,
    },
    Use {
        scope: "read_inventory",
        also: &[],
        costs: "Without it stock levels are unknown.",
        required: false,
        for_changes: false,
    },
    Use {
        scope: "read_locations",
        also: &[],
        costs: "Without it locations have no names, and changes of stock are seen only in full exports.",
        required: false,
        for_changes: false,
    },
    Use {
        scope: "read_customers",
        also: &[],
        costs: "Without it new and returning customers cannot be told apart.",
        required: false,
        for_changes: false,
    },
    Use {
        scope: "read_shopify_payments_payouts",
        also: &["read_shopify_payments", "read_shopify_payments_accounts"],
        costs: "Without it payouts of Shopify Payments are not shown.",
        required: false,
        for_changes: false,
    },
    Use {
        scope: "write_products",
        also: &[],
        costs: "Without it approved changes of prices and of products' tags cannot be made, and no drafts of products.",
        required: false,
        for_changes: true,
    },
    Use {
        scope: "write_inventory",
        also: &[],
        costs: "Without it approved changes of stock cannot be made.",
        required: false,
        for_changes: true,
    },
    Use {
        scope: "write_orders",
        also: &[],
        costs: "Without it approved changes of orders' tags cannot be made, and no order can be cancelled.",
        required: false,
        for_changes: true,
    },
    Use {
        scope: "write_merchant_managed_fulfillment_orders",
        also: &["write_third_party_fulfillment_orders"],
        costs: "Without it orders cannot be held back from being sent, or released, and what suppliers sent cannot be told to the shop.",
        required: false,
        for_changes: true,
    },
    Use {
        scope: "write_discounts",
        also: &[],
        costs: "Without it approved discounts cannot be given or ended.",
        required: false,
        for_changes: true,
    },
];

/// The scope of orders older than 60 days.
pub(crate) const ALL_ORDERS: &str = "read_all_orders";

/// Whether a scope, or one that contains it, is granted.
#[must_use]
pub(crate) fn grants(granted: &[String], scope: &str) -> bool {
    let has = |name: &str| granted.iter().any(|g| g == name);
    has(scope)
        || scope
            .strip_prefix("read_")
            .is_some_and(|rest| has(&format!("write_{rest}")))
}

/// What is granted, and what each missing scope costs.
#[must_use]
pub(crate) fn compare(mut granted: Vec<String>) -> Scopes {
    granted.sort();
    granted.dedup();
    let missing = USED
        .iter()
        .filter(|u| {
            !grants(&granted, u.scope) && !u.also.iter().any(|other| grants(&granted, other))
        })
        .map(|u| MissingScope {
            scope: u.scope.to_owned(),
            costs: u.costs.to_owned(),
            required: u.required,
            for_changes: u.for_changes,
        })
        .collect();
    Scopes { granted, missing }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(granted: &[&str]) -> Vec<MissingScope> {
        compare(granted.iter().map(|s| (*s).to_owned()).collect()).missing
    }

    /// What reading misses.
    fn missing(granted: &[&str]) -> Vec<(String, bool)> {
        compared(granted)
            .into_iter()
            .filter(|m| !m.for_changes)
            .map(|m| (m.scope, m.required))
            .collect()
    }

    #[test]
    fn each_missing_scope_is_named_and_a_write_scope_grants_its_read_scope() {
        let all: Vec<_> = USED.iter().map(|u| u.scope).collect();
        assert_eq!(missing(&all), []);
        assert_eq!(compared(&all).len(), 0);
        assert_eq!(compared(&[]).len(), USED.len());
        let some = missing(&[
            "write_orders",
            "read_products",
            "read_inventory",
            "read_locations",
            "read_customers",
            "read_shopify_payments_accounts",
        ]);
        assert_eq!(some, [("read_all_orders".to_owned(), false)]);
    }

    #[test]
    fn what_only_changes_need_is_told_apart() {
        let reading: Vec<_> = USED
            .iter()
            .filter(|u| !u.for_changes)
            .map(|u| u.scope)
            .collect();
        let left = compared(&reading);
        assert_eq!(left.len(), 5, "{left:?}");
        assert!(
            left.iter()
                .all(|m| m.for_changes && !m.required && m.scope.starts_with("write_"))
        );
        let others = ["write_third_party_fulfillment_orders"];
        assert!(
            compared(&others)
                .iter()
                .all(|m| !m.scope.contains("fulfillment"))
        );
    }

    #[test]
    fn what_profit_cannot_do_without_is_required() {
        let required: Vec<_> = missing(&[]).into_iter().filter(|(_, r)| *r).collect();
        assert_eq!(required.len(), 2, "{required:?}");
    }
}
