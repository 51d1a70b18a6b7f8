//! `ROYAL_CONTRACTS`: prices that real shops charged, as lines of JSON with `query`, `variables`, `requestedQueryCost`.
use std::collections::HashSet;

use serde_json::Value;

#[test]
fn prices_are_those_of_real_shops() {
    let file = crate::path_from("ROYAL_CONTRACTS").join("shopify/query_cost_samples.jsonl");
    let text = std::fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    let (mut same, mut other, mut seen) = (0, Vec::new(), HashSet::new());
    for line in text.lines() {
        let sample: Value = serde_json::from_str(line).unwrap();
        let query = sample["query"].as_str().unwrap_or_default();
        let variables = sample["variables"].as_object().cloned().unwrap_or_default();
        let Some(mine) = sandbox::cost_of_query(query, &variables) else {
            continue;
        };
        if !seen.insert((query.to_owned(), sample["variables"].to_string())) {
            continue;
        }
        let real = sample["requestedQueryCost"].as_f64().unwrap_or_default();
        if mine as f64 == real {
            same += 1;
        } else {
            other.push(format!("{mine} instead of {real}: {query}"));
        }
    }
    let share = same * 100 / (same + other.len()).max(1);
    let examples = other
        .iter()
        .take(8)
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join("\n");
    assert!(
        same > 50 && share >= 88,
        "{same} the same, {} not\n{examples}",
        other.len()
    );
}
