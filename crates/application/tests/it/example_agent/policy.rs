//! Products without a type: they are in no filter of the shop, and customers do not find them.

use chrono::{DateTime, Utc};
use domain::agents::{AgentSpec, Decision, Field, Handling, Note, Proposal, Unit, Values};
use domain::changes::plan::Wanted;
use domain::changes::{Action, Evidence, EvidenceRow, Risk, Tagged};
use domain::ids::ProductId;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeSet;

pub static SPEC: AgentSpec = AgentSpec {
    id: Cow::Borrowed("untyped_products"),
    name: Cow::Borrowed("Products without a type"),
    decides: Cow::Borrowed("Which products to tag because they have no type."),
    capabilities: &["tags products that have no type"],
    schedule: Cow::Borrowed("0 7 * * *"),
    triggers: Cow::Borrowed(&[Cow::Borrowed("products.changed")]),
    time_limit_s: 60,
    fields: &[Field::new(
        "most_proposals",
        "Proposals a run",
        "In the order of their numbers.",
        Unit::Count,
        20,
        (1, 200),
    )],
};

pub const TAG: &str = "needs-type";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    pub as_of: Option<DateTime<Utc>>,
    /// All that are offered, by number.
    pub products: Vec<ProductFacts>,
    pub told: BTreeSet<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductFacts {
    pub id: ProductId,
    pub title: String,
    pub product_type: String,
    pub tags: Vec<String>,
    pub created_at: DateTime<Utc>,
}

/// The same arguments, the same decision: no clock, no chance, no question to anybody.
#[must_use]
pub fn decide(facts: &Facts, values: &Values, now: DateTime<Utc>, _seed: u64) -> Decision {
    let untyped = facts.products.iter().filter(|p| {
        p.product_type.trim().is_empty() && !p.tags.iter().any(|t| t.eq_ignore_ascii_case(TAG))
    });
    let mut proposals: Vec<_> = untyped.map(|p| proposal(p, facts, now)).collect();
    proposals.retain(|p| !facts.told.contains(&p.subject));
    let most = usize::try_from(SPEC.number(values, "most_proposals")).unwrap_or(0);
    let over = proposals.len().saturating_sub(most);
    proposals.truncate(most);
    let note = Note {
        about: "Proposals".to_owned(),
        text: format!("{over} more were found than one run proposes"),
    };
    Decision {
        proposals,
        notes: if over > 0 { vec![note] } else { vec![] },
        looked_at: facts.products.len() as u64,
    }
}

fn proposal(product: &ProductFacts, facts: &Facts, now: DateTime<Utc>) -> Proposal {
    Proposal {
        // The kind, and the number of the thing: one that waits already is not proposed twice.
        subject: format!("type:{}", product.id),
        title: format!("Tag {}: {TAG}", product.title),
        reason: "it has no type, so that no filter of the shop shows it".to_owned(),
        wanted: vec![Wanted {
            action: Action::AddTags {
                target: Tagged::Product(product.id),
                tags: vec![TAG.to_owned()],
            },
            label: product.title.clone(),
        }],
        evidence: vec![Evidence {
            title: "Product".to_owned(),
            observed_at: facts.as_of.unwrap_or(now),
            rows: vec![EvidenceRow {
                label: "Type".to_owned(),
                value: "none".to_owned(),
            }],
        }],
        effect: None,
        effect_unknown: Some("a tag by itself moves no money".to_owned()),
        risk: Risk {
            score: 0,
            reasons: vec!["a tag can be taken off again".to_owned()],
        },
        confidence: 1_000,
        handling: Handling::Apply,
        valid_hours: 24,
    }
}
