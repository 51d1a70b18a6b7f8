//! What the policy is told, and what is known of the past.

use super::policy::{Facts, ProductFacts, SPEC, decide};
use application::agents::{Agent, Gathering, Halt, Known, Unwanted, Watched, open_subjects};
use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use domain::agents::{AgentSpec, Decision, Rehearsal, Rehearser, Repeats, Values, rehearse};
use ports::PageRequest;
use ports::catalog::ProductQuery;
use ports::page::MAX_LIMIT;
use std::collections::BTreeSet;

pub struct UntypedProducts;

/// Products as they are now: nobody wrote down how they were.
pub struct Past {
    facts: Facts,
    timezone: String,
}

#[async_trait]
impl Agent for UntypedProducts {
    const KINDS: &'static [&'static str] = &["type"];

    type Facts = Facts;
    type Past = Past;

    fn spec() -> &'static AgentSpec {
        &SPEC
    }

    async fn gather(of: &Gathering) -> Result<Facts, Halt> {
        let (mut products, mut as_of) = (Vec::new(), None);
        let (query, mut page) = (ProductQuery::default(), PageRequest::first(MAX_LIMIT));
        loop {
            let found = of.ports.catalog.list(of.store.scope, &query, &page).await?;
            for stored in found.items {
                as_of = as_of.max(Some(stored.observed_at));
                products.push(ProductFacts {
                    id: stored.product.id,
                    title: stored.product.title,
                    product_type: stored.product.product_type,
                    tags: stored.product.tags,
                    created_at: stored.product.created_at,
                });
            }
            page.cursor = found.next_cursor;
            if page.cursor.is_none() {
                break;
            }
        }
        // Facts are the same whatever order a database has.
        products.sort_by_key(|p| p.id);
        Ok(Facts {
            as_of,
            products,
            told: open_subjects(of).await?,
        })
    }

    fn decide(facts: &Facts, values: &Values, now: DateTime<Utc>, seed: u64) -> Decision {
        decide(facts, values, now, seed)
    }

    async fn past(of: &Gathering, _days: (NaiveDate, NaiveDate)) -> Result<(Past, String), Halt> {
        let past = Past {
            facts: Self::gather(of).await?,
            timezone: of.store.timezone.clone(),
        };
        let told = format!("{} products as they are now", past.facts.products.len());
        Ok((past, told))
    }

    fn rehearse(
        past: &Past,
        values: &Values,
        (from, to): (NaiveDate, NaiveDate),
        seed: u64,
        watched: &Watched,
    ) -> Result<Rehearsal, Unwanted> {
        // Days are the store's; a zone that cannot be read was refused when the store was made.
        let zone = past.timezone.parse().map_err(|_| Unwanted)?;
        rehearse(
            Rehearser::new(from, to, zone, Repeats::Never),
            "Since when a product has its type nobody wrote down: it is taken as it is now.",
            |day, told| {
                watched.next()?;
                let known = past
                    .facts
                    .products
                    .iter()
                    .filter(|p| p.created_at.date_naive() <= day);
                Ok(Facts {
                    as_of: None,
                    products: known.cloned().collect(),
                    told,
                })
            },
            |facts, now| decide(facts, values, now, seed),
        )
    }
}

impl Known for Facts {
    fn as_of(&self) -> Option<DateTime<Utc>> {
        self.as_of
    }

    fn brought_up(&self) -> &BTreeSet<String> {
        &self.told
    }

    fn told(&self) -> String {
        format!("{} products", self.products.len())
    }
}
