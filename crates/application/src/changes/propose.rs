//! Proposing by hand.

use super::edits::Edit;
use super::evidence::risk;
use super::{ChangeError, Changes, Fault};
use chrono::Duration;
use domain::ads::AdStatus;
use domain::audit::{Actor, NewEntry};
use domain::changes::plan::{self, Wanted};
use domain::changes::{
    Action, AdSwitch, ChangeSet, ChangeSetStatus, Effect, Evidence, Origin, Risk,
};
use domain::ids::{ChangeSetId, ConnectionId, StoreScope};
use domain::store::Store;
use serde_json::json;
use uuid::Uuid;

/// A proposal rests on what was known then; nobody should decide on what was known last week.
pub(super) const VALID_FOR: Duration = Duration::hours(24);
const LONGEST_TITLE: usize = 120;
const LONGEST_REASON: usize = 1_000;
pub(super) const NO_HISTORY: &str = "no price history to learn from yet";

#[derive(Debug, Clone)]
pub struct NewChangeSet {
    /// Made from the edits when left out.
    pub title: Option<String>,
    pub reason: String,
    pub edits: Vec<Edit>,
    pub proposed_by: Actor,
}

/// What a new set is made of.
pub(super) struct Draft {
    pub(super) id: ChangeSetId,
    pub(super) scope: StoreScope,
    pub(super) connection: ConnectionId,
    pub(super) title: String,
    pub(super) reason: String,
    pub(super) origin: Origin,
    pub(super) proposed_by: Actor,
    pub(super) wanted: Vec<Wanted>,
    pub(super) evidence: Vec<Evidence>,
    pub(super) effect: Option<Effect>,
    pub(super) effect_unknown: Option<String>,
    pub(super) risk: Risk,
    pub(super) valid: Duration,
}

impl Changes {
    /// Nothing is written outside before somebody approves it.
    pub async fn propose(
        &self,
        store: &Store,
        new: NewChangeSet,
    ) -> Result<ChangeSet, ChangeError> {
        self.propose_as(ChangeSetId(Uuid::now_v7()), store, new)
            .await
    }

    /// As [`Self::propose`], under an id that follows from what it is for: what was proposed under it already is answered.
    pub(crate) async fn propose_as(
        &self,
        id: ChangeSetId,
        store: &Store,
        new: NewChangeSet,
    ) -> Result<ChangeSet, ChangeError> {
        let workspace = store.scope.workspace;
        if let Some(known) = self.find(workspace, id).await? {
            return Ok(known);
        }
        let connection = self.ports.connections.find(workspace, store.connection);
        let connection = connection.await?.ok_or(ChangeError::NoConnection)?;
        let title = text(
            "title",
            new.title.as_deref().unwrap_or_default(),
            LONGEST_TITLE,
        )?;
        let reason = text("reason", &new.reason, LONGEST_REASON)?;
        let read = self.read(store, &new.edits).await?;
        let actions = || read.wanted.iter().map(|w| &w.action);
        let costs = self.costs(store, actions()).await?;
        let discounted = self.discounted(store, actions()).await?;
        let evidence = self.evidence(store, &read.wanted, &read.catalogue, &costs);
        let limits = self.limits(store.scope).await?;
        let draft = Draft {
            id,
            scope: store.scope,
            connection: connection.id,
            title: if title.is_empty() {
                title_of(&read.wanted)
            } else {
                title
            },
            reason,
            origin: Origin::Person,
            proposed_by: new.proposed_by,
            evidence: evidence.await?,
            effect: None,
            effect_unknown: Some(effect_unknown(&read.wanted).to_owned()),
            valid: VALID_FOR,
            risk: risk(&limits, &read.wanted, &costs, &discounted),
            wanted: read.wanted,
        };
        self.put_forward(draft, "change_set.propose").await
    }

    /// Stores it, and tells whoever watches.
    pub(super) async fn put_forward(
        &self,
        draft: Draft,
        word: &str,
    ) -> Result<ChangeSet, ChangeError> {
        let now = self.ports.clock.now();
        let id = draft.id;
        let set = ChangeSet {
            id,
            scope: draft.scope,
            connection: draft.connection,
            title: draft.title,
            reason: draft.reason,
            origin: draft.origin,
            proposed_by: draft.proposed_by,
            status: ChangeSetStatus::Proposed,
            version: 1,
            operations: plan::operations(id, draft.wanted),
            evidence: draft.evidence,
            effect: draft.effect,
            effect_unknown: draft.effect_unknown,
            risk: draft.risk,
            created_at: now,
            expires_at: now + draft.valid,
            approval: None,
            rejection: None,
            started_at: None,
            finished_at: None,
            next_try_at: None,
            error: None,
            undone_by: None,
            outcomes: Vec::new(),
        };
        let entry = self.entry(&set, &set.proposed_by, word);
        let entry = entry.because(&set.reason).after(&json!({
            "digest": set.digest(), "operations": set.operations.len(), "origin": set.origin,
        }));
        self.ports.changes.propose(&set, &entry).await?;
        self.hub.wake();
        Ok(set)
    }

    /// About a set.
    pub(super) fn entry(&self, set: &ChangeSet, actor: &Actor, word: &str) -> NewEntry {
        let (now, id) = (self.ports.clock.now(), set.id.to_string());
        let target = ("change_set", id.as_str(), set.title.as_str());
        NewEntry::done(set.scope.workspace, now, actor.clone(), word, target)
    }
}

fn text(field: &str, given: &str, longest: usize) -> Result<String, ChangeError> {
    let given = given.trim();
    if given.chars().count() > longest {
        let message = format!("has at most {longest} characters");
        return Err(ChangeError::Invalid(vec![Fault::new(field, message)]));
    }
    Ok(given.to_owned())
}

/// Why nobody can tell what it brings.
pub(super) fn effect_unknown(wanted: &[Wanted]) -> &'static str {
    let all = |is: fn(&Action) -> bool| wanted.iter().all(|w| is(&w.action));
    if all(|a| matches!(a, Action::CancelOrder(_))) {
        "what a cancelled order would have brought stands on its own page; nobody can tell who orders again"
    } else if all(|a| matches!(a, Action::RefundOrder(_))) {
        "what is given back stands on its own page; nobody can tell who buys again because of it"
    } else if all(|a| matches!(a, Action::Discount(_))) {
        "nobody can tell yet who buys because of a discount, and who would have bought without it"
    } else if all(|a| a.ad().is_some()) {
        "what sells without an advertisement is not known; its own past stands beside it"
    } else if all(|a| matches!(a, Action::SupplierOrder(_))) {
        "what was sold is sold already; what is left of it stands beside this"
    } else if all(|a| a.purchase().is_some()) {
        "what goods bring is known once they are sold"
    } else if all(|a| !a.moves_money()) {
        "by itself it moves no money"
    } else {
        NO_HISTORY
    }
}

/// "Price of Mug", "3 prices", "5 changes".
fn title_of(wanted: &[Wanted]) -> String {
    let Some(first) = wanted.first() else {
        return String::new();
    };
    let kind = first.action.kind();
    let (one, many) = match first.action {
        Action::Price { .. } => ("Price", "prices"),
        Action::CompareAtPrice { .. } => ("Compare-at price", "compare-at prices"),
        Action::Inventory { .. } => ("Stock", "stocks"),
        Action::AddTags { .. } | Action::RemoveTags { .. } => ("Tags", "changes of tags"),
        Action::HoldOrder { .. } => ("Hold", "holds"),
        Action::ReleaseOrder { .. } => ("Release", "releases"),
        Action::CancelOrder(_) => ("Cancellation", "cancellations"),
        Action::RefundOrder(_) => ("Refund", "refunds"),
        Action::Discount(_) => ("Discount", "discounts"),
        Action::EndDiscount(_) => ("End of the discount", "ends of discounts"),
        Action::ProductDraft(_) => ("Draft", "drafts"),
        Action::DeleteDraft(_) => ("Removal of the draft", "removals of drafts"),
        Action::PurchaseOrder(_) => ("Order of goods", "orders of goods"),
        Action::CancelPurchase(_) => (
            "Cancellation of the order",
            "cancellations of orders of goods",
        ),
        Action::AdStatus(AdSwitch {
            after: AdStatus::Paused,
            ..
        }) => ("Pause", "pauses"),
        Action::AdStatus(_) => ("Restart", "restarts"),
        Action::AdBudget(_) => ("Budget", "budgets"),
        Action::NewCampaign(_) => ("Making", "new campaigns"),
        Action::RetireCampaign(_) => ("Removal", "removals of campaigns"),
        Action::SupplierOrder(_) => ("Supplier order", "supplier orders"),
        Action::CallOffSupply(_) => ("Call-off of the supplier order", "call-offs"),
        Action::Ship(_) => ("Shipment", "shipments"),
        Action::Signal(_) => ("Signal about", "signals"),
    };
    let count = wanted.len();
    let title = match count {
        1 if matches!(first.action, Action::Discount(_) | Action::EndDiscount(_)) => {
            format!("{one} {}", first.label)
        }
        1 if matches!(first.action, Action::Signal(_)) => format!("{one} {}", first.label),
        1 => format!("{one} of {}", first.label),
        n if wanted.iter().all(|w| w.action.kind() == kind) => format!("{n} {many}"),
        n => format!("{n} changes"),
    };
    title.chars().take(LONGEST_TITLE).collect()
}
