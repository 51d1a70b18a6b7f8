//! What people say of two products of suppliers: that they are the same thing, or that they are not.

use super::{Opportunities, OpportunityError};
use crate::changes::Fault;
use domain::audit::{Actor, NewEntry};
use domain::ids::SupplierProductId;
use domain::store::Store;
use domain::supplier::{OfferMatch, OfferPair, Verdict};
use ports::PortResult;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// Products that are told apart from one, or put together with it, at once.
const MOST_OTHERS: usize = 100;
/// Pairs that a store has at most.
const MOST_PAIRS: usize = 20_000;
const LONGEST_REASON: usize = 500;

#[derive(Debug, Clone)]
pub struct MatchWish {
    pub product: SupplierProductId,
    pub others: Vec<SupplierProductId>,
    pub verdict: Verdict,
    pub reason: Option<String>,
}

/// What was said, with what people know both by.
#[derive(Debug, Clone)]
pub struct TitledMatch {
    pub of: OfferMatch,
    /// `None`: it has no title, or is not there any more.
    pub titles: (Option<String>, Option<String>),
}

fn fault<T>(field: &str, message: impl Into<String>) -> Result<T, OpportunityError> {
    Err(OpportunityError::Invalid(vec![Fault::new(field, message)]))
}

impl Opportunities {
    /// By pair.
    pub async fn matches(&self, store: &Store) -> PortResult<Vec<TitledMatch>> {
        let said = self.ports.suppliers.offer_matches(store.scope).await?;
        let ids: BTreeSet<_> = said
            .iter()
            .flat_map(|m| [m.pair.one, m.pair.other])
            .collect();
        let ids: Vec<_> = ids.into_iter().collect();
        let products = self.ports.suppliers.offers(store.scope, &ids).await?;
        let titles: BTreeMap<_, _> = products.into_iter().map(|p| (p.id, p.title)).collect();
        let title = |id| titles.get(&id).cloned().flatten();
        let titled = said.into_iter().map(|of| TitledMatch {
            titles: (title(of.pair.one), title(of.pair.other)),
            of,
        });
        Ok(titled.collect())
    }

    /// Says it of each of the others, and scores everything anew: doing it again changes nothing but who said it and when.
    pub async fn set_matches(
        &self,
        store: &Store,
        wish: MatchWish,
        by: &Actor,
    ) -> Result<Vec<OfferMatch>, OpportunityError> {
        let reason = wish.reason.as_deref().map(str::trim);
        let reason = reason.filter(|r| !r.is_empty()).map(str::to_owned);
        if reason
            .as_ref()
            .is_some_and(|r| r.chars().count() > LONGEST_REASON)
        {
            return fault("reason", format!("has at most {LONGEST_REASON} characters"));
        }
        let others: BTreeSet<_> = wish.others.iter().copied().collect();
        if others.is_empty() || others.len() > MOST_OTHERS {
            return fault("other_ids", format!("are 1 to {MOST_OTHERS}"));
        }
        let pairs = others.iter().map(|o| OfferPair::of(wish.product, *o));
        let Some(pairs) = pairs.collect::<Option<Vec<_>>>() else {
            return fault("other_ids", "has the product itself in it");
        };
        let mut ids: Vec<_> = others.into_iter().collect();
        ids.push(wish.product);
        let products = self.ports.suppliers.offers(store.scope, &ids).await?;
        if products.len() != ids.len() {
            let is_own = products.iter().any(|p| p.id == wish.product);
            let field = if is_own { "other_ids" } else { "product_id" };
            return fault(field, "is no product of a supplier here");
        }
        if wish.verdict != Verdict::Open {
            let known = self.ports.suppliers.offer_matches(store.scope).await?;
            if known.len() + pairs.len() > MOST_PAIRS {
                return fault("other_ids", format!("{MOST_PAIRS} pairs are kept at most"));
            }
        }
        let now = self.ports.clock.now();
        let matches: Vec<_> = pairs
            .into_iter()
            .map(|pair| OfferMatch {
                scope: store.scope,
                pair,
                verdict: wish.verdict,
                reason: reason.clone(),
                by: by.clone(),
                at: now,
            })
            .collect();
        let product = products.iter().find(|p| p.id == wish.product);
        let title = product.and_then(|p| p.title.clone()).unwrap_or_default();
        let id = wish.product.to_string();
        let target = ("supplier_product", id.as_str(), title.as_str());
        let workspace = store.scope.workspace;
        let entry = NewEntry::done(workspace, now, by.clone(), "supplier_match.set", target);
        let entry = entry.after(&json!({
            "verdict": wish.verdict.as_str(),
            "others": ids.iter().filter(|o| **o != wish.product).collect::<Vec<_>>(),
        }));
        let entry = match &reason {
            Some(reason) => entry.because(reason),
            None => entry,
        };
        let port = &self.ports.suppliers;
        port.set_offer_matches(store.scope, &matches, &entry)
            .await?;
        self.scoring.rescore(store).await?;
        Ok(matches)
    }
}
