//! `Order.risk`.

use super::super::value::Value;
use crate::store::risk::Level;
use crate::store::{Order, Store};

pub(super) fn summary<'a>(store: &Store, o: &Order) -> Value<'a> {
    let (level, facts) = store.risk_of(o);
    let facts = facts.iter().map(|(sentiment, description)| {
        let fields = vec![
            ("description", Value::text(*description)),
            ("sentiment", Value::text(sentiment.name())),
        ];
        Value::made("RiskFact", fields)
    });
    let assessment = vec![
        ("facts", Value::List(facts.collect())),
        // Shopify itself.
        ("provider", Value::Null),
        ("riskLevel", Value::text(level.name())),
    ];
    let assessments = if level == Level::None {
        Vec::new()
    } else {
        vec![Value::made("OrderRiskAssessment", assessment)]
    };
    let summary = vec![
        ("assessments", Value::List(assessments)),
        ("recommendation", Value::text(level.recommendation())),
    ];
    Value::made("OrderRiskSummary", summary)
}
