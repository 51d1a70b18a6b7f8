//! A shop that can be changed, in memory: what is in it, what was done to it, and when it fails.

use async_trait::async_trait;
use domain::changes::{Action, RefundTarget, Seen, SeenRefund, Target, Verdict};
use domain::ids::{OrderId, ProductId};
use domain::supplier::Recipient;
use ports::writer::StoreWriter;
use ports::{Kind, PortError, PortResult, Retry};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use uuid::Uuid;

/// How a write ends that a test does not let come through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WriteFailure {
    /// It is made, and its answer is lost.
    LostAfter,
    /// It is lost on its way: nothing is made, and nobody can tell.
    LostBefore,
    /// The provider refuses it by its own rules, in these words.
    Refused(String),
    /// The provider asks for fewer calls; nothing is made.
    Throttled,
    /// The scope of this name is not granted.
    Forbidden(String),
    /// Somebody else changes the same thing to this just before it arrives.
    Overtaken(Seen),
}

/// A change that was made. A repeat that changed nothing is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WriteEffect {
    pub key: Uuid,
    pub action: Action,
    pub before: Seen,
    pub after: Seen,
}

#[derive(Default)]
struct State {
    there: BTreeMap<Target, Seen>,
    recipients: BTreeMap<OrderId, Recipient>,
    /// Actions that came through, by key.
    answered: BTreeMap<Uuid, Action>,
    /// Failures by the number of the write that they strike, the first being 1.
    failures: BTreeMap<usize, WriteFailure>,
    looks_fail: VecDeque<(Kind, Retry)>,
    /// Every write that arrived, repeats and failures among them.
    writes: Vec<(Action, Uuid)>,
    looks: Vec<Vec<Target>>,
    effects: Vec<WriteEffect>,
}

/// Behaves as [`StoreWriter`] says: the same key has its effect once, and what was not planned on is refused.
#[derive(Default)]
pub struct FakeWriter {
    state: Mutex<State>,
}

impl FakeWriter {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The shop has this from now on.
    pub fn put(&self, target: Target, seen: Seen) {
        self.lock().there.insert(place(&target), seen);
    }

    /// To whom the order is sent from now on.
    pub fn send_to(&self, order: OrderId, recipient: Recipient) {
        self.lock().recipients.insert(order, recipient);
    }

    /// What the shop has now.
    #[must_use]
    pub fn there(&self, target: Target) -> Seen {
        self.lock().there(&target)
    }

    /// The next write that has no failure yet ends so; several are used up one after the other.
    pub fn fail_next(&self, failure: WriteFailure) {
        let mut state = self.lock();
        let mut number = state.writes.len() + 1;
        while state.failures.contains_key(&number) {
            number += 1;
        }
        state.failures.insert(number, failure);
    }

    /// The `nth` write from now on ends so; 1 is the next one.
    pub fn fail_nth(&self, nth: usize, failure: WriteFailure) {
        let mut state = self.lock();
        let number = state.writes.len() + nth.max(1);
        state.failures.insert(number, failure);
    }

    /// The next look fails; several are used up one after the other.
    pub fn fail_look(&self, kind: Kind, retry: Retry) {
        self.lock().looks_fail.push_back((kind, retry));
    }

    /// Changes that were made, oldest first.
    #[must_use]
    pub fn effects(&self) -> Vec<WriteEffect> {
        self.lock().effects.clone()
    }

    /// All writes that arrived, oldest first.
    #[must_use]
    pub fn writes(&self) -> Vec<(Action, Uuid)> {
        self.lock().writes.clone()
    }

    /// What was looked at, oldest first.
    #[must_use]
    pub fn looks(&self) -> Vec<Vec<Target>> {
        self.lock().looks.clone()
    }
}

impl State {
    fn there(&self, target: &Target) -> Seen {
        let mut seen = self
            .there
            .get(&place(target))
            .cloned()
            .unwrap_or(Seen::Gone);
        if let (Target::Refund(what), Seen::Refund(shown)) = (target, &mut seen) {
            let is_ours = |effect: &WriteEffect| matches!(&effect.action, Action::RefundOrder(r) if r.what.mark == what.mark);
            shown.made = shown.made.filter(|_| self.effects.iter().any(is_ours));
        }
        seen
    }

    /// The change itself, at most once for a key.
    fn make(&mut self, action: &Action, key: Uuid) -> PortResult<()> {
        if let Some(earlier) = self.answered.get(&key) {
            if earlier == action {
                return Ok(());
            }
            let detail = format!("the key {key} was used for another change");
            return Err(error(Kind::Rejected, Retry::Never, detail));
        }
        let before = self.there(&action.target());
        match action.verdict(&before) {
            Verdict::Drifted => {
                let detail = format!("{before:?} is not what {} was planned on", action.kind());
                return Err(error(Kind::Conflict, Retry::Never, detail));
            }
            Verdict::Done => {}
            Verdict::Ready => {
                let after = changed(action, before.clone());
                self.there.insert(place(&action.target()), after.clone());
                self.effects.push(WriteEffect {
                    key,
                    action: action.clone(),
                    before,
                    after,
                });
            }
        }
        self.answered.insert(key, action.clone());
        Ok(())
    }
}

/// A shop computes a refund before it has a name, too.
fn place(target: &Target) -> Target {
    match target {
        Target::Refund(what) => Target::Refund(RefundTarget {
            mark: None,
            ..what.clone()
        }),
        target => target.clone(),
    }
}

/// What is there after the change.
fn changed(action: &Action, seen: Seen) -> Seen {
    match (action, seen) {
        (Action::Price { after, .. }, Seen::Variant { compare_at, .. }) => Seen::Variant {
            price: *after,
            compare_at,
        },
        (Action::CompareAtPrice { after, .. }, Seen::Variant { price, .. }) => Seen::Variant {
            price,
            compare_at: *after,
        },
        (Action::Inventory { after, .. }, Seen::Stock { .. }) => Seen::Stock { available: *after },
        (Action::AddTags { tags, .. }, Seen::Tags { tags: mut there }) => {
            for tag in tags {
                if !there.iter().any(|t| same_tag(t, tag)) {
                    there.push(tag.trim().to_owned());
                }
            }
            Seen::Tags { tags: there }
        }
        (Action::RemoveTags { tags, .. }, Seen::Tags { tags: mut there }) => {
            there.retain(|t| !tags.iter().any(|tag| same_tag(t, tag)));
            Seen::Tags { tags: there }
        }
        (Action::HoldOrder { handle, .. }, Seen::Holds { mut handles, .. }) => {
            if !handles.contains(handle) {
                handles.push(handle.clone());
            }
            let can_hold = false;
            Seen::Holds { handles, can_hold }
        }
        (Action::ReleaseOrder { handle, .. }, Seen::Holds { mut handles, .. }) => {
            handles.retain(|h| h != handle);
            let can_hold = handles.is_empty();
            Seen::Holds { handles, can_hold }
        }
        (Action::CancelOrder(_), Seen::Order { is_sent, total, .. }) => Seen::Order {
            is_cancelled: true,
            is_sent,
            total,
        },
        (Action::RefundOrder(refund), Seen::Refund(seen)) => Seen::Refund(SeenRefund {
            amount: None,
            paid_in: None,
            most: seen.most - refund.amount,
            refunded: seen.refunded + refund.amount,
            made: Some(refund.amount),
        }),
        (Action::Discount(discount), Seen::Gone) => Seen::Discount {
            terms: Some(discount.terms.clone()),
            has_ended: false,
            is_used: false,
        },
        (Action::EndDiscount(_), Seen::Discount { terms, is_used, .. }) if is_used => {
            Seen::Discount {
                terms,
                has_ended: true,
                is_used,
            }
        }
        (Action::ProductDraft(draft), Seen::Gone) => Seen::Product {
            product: MADE,
            is_draft: true,
            was_offered: false,
            is_sold: false,
            title: draft.title.clone(),
            prices: draft.variants.iter().map(|v| v.price).collect(),
        },
        (Action::Ship(shipment), Seen::Shipping(mut seen)) => {
            if shipment.known.is_empty() {
                for (line, units) in &shipment.units {
                    let open = seen.open.iter_mut().filter(|(l, _)| l == line);
                    open.for_each(|(_, left)| *left -= units);
                }
                seen.open.retain(|(_, left)| *left > 0);
            }
            let numbers = shipment.parcels.iter().map(|p| p.number.clone());
            seen.numbers.extend(numbers);
            Seen::Shipping(seen)
        }
        (Action::EndDiscount(_) | Action::DeleteDraft(_), _) => Seen::Gone,
        (_, seen) => seen,
    }
}

/// The number of every product that is made here.
const MADE: ProductId = ProductId(9_000);

fn same_tag(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

fn error(kind: Kind, retry: Retry, detail: impl Into<String>) -> PortError {
    PortError::new(kind, retry, "fake", "change", detail)
}

fn lost() -> PortError {
    let detail = "the test ordered that the answer is lost";
    error(Kind::Unavailable, Retry::Reconcile, detail)
}

#[async_trait]
impl StoreWriter for FakeWriter {
    async fn look(&self, targets: &[Target]) -> PortResult<Vec<Seen>> {
        let mut state = self.lock();
        state.looks.push(targets.to_vec());
        if let Some((kind, retry)) = state.looks_fail.pop_front() {
            return Err(error(kind, retry, format!("the test ordered {kind:?}")));
        }
        Ok(targets.iter().map(|t| state.there(t)).collect())
    }

    async fn apply(&self, action: &Action, key: Uuid) -> PortResult<()> {
        let mut state = self.lock();
        state.writes.push((action.clone(), key));
        let number = state.writes.len();
        match state.failures.remove(&number) {
            None => state.make(action, key),
            Some(WriteFailure::LostAfter) => {
                state.make(action, key)?;
                Err(lost())
            }
            Some(WriteFailure::LostBefore) => Err(lost()),
            Some(WriteFailure::Refused(words)) => Err(error(Kind::Rejected, Retry::Never, words)),
            Some(WriteFailure::Throttled) => {
                let wait = Retry::After(Duration::from_secs(2));
                Err(error(Kind::RateLimited, wait, "asks for fewer calls"))
            }
            Some(WriteFailure::Forbidden(scope)) => {
                let detail = format!("{scope} is not granted");
                Err(error(Kind::Forbidden, Retry::Never, detail))
            }
            Some(WriteFailure::Overtaken(seen)) => {
                state.there.insert(place(&action.target()), seen);
                state.make(action, key)
            }
        }
    }

    async fn recipient(&self, order: OrderId) -> PortResult<Option<Recipient>> {
        Ok(self.lock().recipients.get(&order).cloned())
    }
}
