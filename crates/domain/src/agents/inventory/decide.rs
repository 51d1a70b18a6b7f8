//! From facts to proposals.

use super::corrections::corrections;
use super::facts::{Facts, VariantFacts};
use super::lines::Planned;
use super::orders::orders;
use super::relief::relief;
use super::spec::SPEC;
use crate::agents::decision::{Decision, Note};
use crate::agents::settings::Values;
use crate::changes::{Evidence, EvidenceRow};
use crate::money::{Currency, Money};
use chrono::{DateTime, Utc};

/// What every part of the policy is told.
pub(super) struct Policy<'a> {
    pub(super) facts: &'a Facts,
    pub(super) values: &'a Values,
    pub(super) now: DateTime<Utc>,
}

/// Pure: the same facts, in whatever order, give the same proposals. Nothing of it is left to chance, so that the seed has no part in it.
#[must_use]
pub fn decide(facts: &Facts, values: &Values, now: DateTime<Utc>, _seed: u64) -> Decision {
    let policy = Policy { facts, values, now };
    let mut variants: Vec<&VariantFacts> = facts.variants.iter().collect();
    variants.sort_by_key(|v| v.variant);
    let review = policy.days("review");
    let planned: Vec<Planned<'_>> = variants
        .iter()
        .map(|v| Planned::of(facts, v, review))
        .collect();
    let mut decision = Decision {
        looked_at: planned.len() as u64,
        ..Decision::default()
    };
    orders(&policy, &planned, &mut decision);
    corrections(&policy, &variants, &mut decision);
    relief(&policy, &planned, &mut decision);
    decision
}

impl Policy<'_> {
    pub(super) fn number(&self, key: &str) -> i64 {
        SPEC.number(self.values, key)
    }

    pub(super) fn days(&self, key: &str) -> u32 {
        u32::try_from(self.number(key)).unwrap_or(1)
    }

    pub(super) fn valid_hours(&self) -> u32 {
        u32::try_from(self.number("valid")).unwrap_or(24)
    }

    pub(super) fn money(&self, minor: i64) -> String {
        money(minor, self.facts.currency)
    }

    pub(super) fn table<'b>(
        &self,
        title: &str,
        rows: impl IntoIterator<Item = (&'b str, String)>,
    ) -> Evidence {
        let rows = rows.into_iter().map(|(label, value)| EvidenceRow {
            label: label.to_owned(),
            value,
        });
        Evidence {
            title: title.to_owned(),
            observed_at: self.facts.as_of.unwrap_or(self.now),
            rows: rows.collect(),
        }
    }
}

pub(super) fn money(minor: i64, currency: Currency) -> String {
    format!("{} {currency}", Money::new(minor, currency))
}

pub(super) fn note(about: &str, text: impl Into<String>) -> Note {
    Note {
        about: about.to_owned(),
        text: text.into(),
    }
}

pub(super) fn or_unknown(count: Option<i64>) -> String {
    count.map_or_else(|| "not counted".to_owned(), |n| n.to_string())
}
