//! The price of a query. Derived from 8 460 prices that real shops charged: scalars are free, an object costs 1, a
//! connection `2 + f(n) × (1 + node)` with `f(n) = max(1, ⌊2 ln n⌋)`, root counts 10, a mutation 10.

use serde_json::{Map, Value};

use super::plan::{Compiler, Plan, PlanField};

/// The most that one query may cost.
pub(crate) const LIMIT: u64 = 1000;

const FREE: [&str; 4] = ["MoneyV2", "MoneyBag", "MailingAddress", "LocationAddress"];

/// How many nodes a page of `n` counts for.
pub(crate) fn page(n: i64) -> u64 {
    // ⌊2 ln n⌋ as thresholds: the smallest n of each value, e^(k/2) rounded up.
    const STEPS: [i64; 10] = [2, 3, 5, 8, 13, 21, 34, 55, 91, 149];
    const LAST: i64 = 245;
    match n {
        i64::MIN..=0 => 0,
        LAST.. => 11,
        n => (STEPS.iter().filter(|s| **s <= n).count() as u64).max(1),
    }
}

/// What a query would cost; `None` for one that the excerpt of the schema does not know whole.
#[must_use]
pub fn of_query(query: &str, variables: &Map<String, Value>) -> Option<u64> {
    let document =
        apollo_compiler::ExecutableDocument::parse_and_validate(super::schema(), query, "q")
            .ok()?;
    let scopes: Vec<String> = crate::SCOPES.map(str::to_owned).into();
    let mut compiler = Compiler {
        document: &document,
        variables,
        scopes: &scopes,
        bulk: true,
        errors: Vec::new(),
    };
    let plan = compiler.operation(document.operations.get(None).ok()?)?;
    Some(requested(&plan))
}

/// What an operation costs before it runs.
pub(crate) fn requested(plan: &Plan) -> u64 {
    let fields = plan.by_type.first().map_or(&[][..], |(_, f)| f);
    let mutation = plan.ty == "Mutation";
    fields
        .iter()
        .map(|f| if mutation { 10 + payload(f) } else { root(f) })
        .sum()
}

fn root(field: &PlanField) -> u64 {
    if field.name.ends_with("Count") {
        10
    } else {
        field_cost(field)
    }
}

/// The first level of a mutation's answer is free.
fn payload(field: &PlanField) -> u64 {
    let Some(plan) = &field.plan else { return 0 };
    let inner = plan.by_type.iter().flat_map(|(_, fields)| fields);
    inner
        .filter(|f| f.name != "userErrors")
        .map(|f| f.plan.as_ref().map_or(0, selection))
        .sum()
}

fn field_cost(field: &PlanField) -> u64 {
    let Some(plan) = &field.plan else { return 0 };
    if plan.is_connection() {
        let n = field
            .arguments
            .number("first")
            .or_else(|| field.arguments.number("last"))
            .unwrap_or(0);
        return 2 + page(n) * node(plan);
    }
    if FREE.contains(&plan.ty.as_str()) || plan.ty == "PageInfo" {
        0
    } else {
        1 + selection(plan)
    }
}

/// What one node of a connection counts for: itself and what is selected of it, twice when `nodes` and `edges` are.
fn node(connection: &Plan) -> u64 {
    let fields = connection.fields(&connection.ty);
    let nodes = fields
        .iter()
        .filter(|f| f.name == "nodes")
        .filter_map(|f| f.plan.as_ref());
    let edges = fields
        .iter()
        .filter(|f| f.name == "edges")
        .filter_map(|f| f.plan.as_ref());
    let through = edges
        .flat_map(|e| e.by_type.iter().flat_map(|(_, fields)| fields))
        .filter_map(|f| f.plan.as_ref());
    nodes
        .chain(through)
        .map(|p| 1 + selection(p))
        .sum::<u64>()
        .max(1)
}

fn selection(plan: &Plan) -> u64 {
    plan.by_type
        .iter()
        .map(|(_, fields)| fields.iter().map(field_cost).sum())
        .max()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn pages_count_as_on_real_shops() {
        let seen = [0, 1, 3, 5, 10, 20, 50, 100, 250].map(page);
        assert_eq!(seen, [0, 1, 2, 3, 4, 5, 7, 9, 11]);
    }
}
