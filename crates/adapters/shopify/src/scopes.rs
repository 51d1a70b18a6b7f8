//! Which access scopes are used, and what is lost without each.

use domain::connection::{MissingScope, Scopes};

struct Use {
    scope: &'static str,
    /// Any of these grants the same; `write_x` always grants `read_x`.
    also: &'static [&'static str],
    costs: &'static str,
    required: bool,
}

const USED: &[Use] = &[
    Use {
        scope: "read_orders",
        also: &[],
        costs: "Without it there are no orders, and so no sales and no profit.",
        required: true,
    },
    Use {
        scope: "read_products",
        also: &[],
        costs: "Without it products and their costs are unknown, and so is profit.",
        required: true,
    },
    Use {
        scope: "read_all_orders",
        also: &[],
        costs: "Without it only the orders of the last 60 days can be read.",
        required: false,
    },
    Use {
        scope: "read_inventory",
        also: &[],
        costs: "Without it stock levels are unknown.",
        required: false,
    },
    Use {
        scope: "read_locations",
        also: &[],
        costs: "Without it locations have no names, and changes of stock are seen only in full exports.",
        required: false,
    },
    Use {
        scope: "read_customers",
        also: &[],
        costs: "Without it new and returning customers cannot be told apart.",
        required: false,
    },
    Use {
        scope: "read_shopify_payments_payouts",
        also: &["read_shopify_payments", "read_shopify_payments_accounts"],
        costs: "Without it payouts of Shopify Payments are not shown.",
        required: false,
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
        })
        .collect();
    Scopes { granted, missing }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing(granted: &[&str]) -> Vec<(String, bool)> {
        let scopes = compare(granted.iter().map(|s| (*s).to_owned()).collect());
        scopes
            .missing
            .into_iter()
            .map(|m| (m.scope, m.required))
            .collect()
    }

    #[test]
    fn each_missing_scope_is_named_and_a_write_scope_grants_its_read_scope() {
        let all: Vec<_> = USED.iter().map(|u| u.scope).collect();
        assert_eq!(missing(&all), []);
        assert_eq!(missing(&[]).len(), USED.len());
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
    fn what_profit_cannot_do_without_is_required() {
        let required: Vec<_> = missing(&[]).into_iter().filter(|(_, r)| *r).collect();
        assert_eq!(required.len(), 2, "{required:?}");
    }
}
