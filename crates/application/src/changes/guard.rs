//! What the guard is told: writes of the day that may have had an effect, stops, and costs.

use super::Changes;
use super::discount::{Discounted, priced};
use chrono::{DateTime, Utc};
use domain::agents::Budget;
use domain::changes::alone::Alone;
use domain::changes::budget::{Allowance, Spend};
use domain::changes::guardrails::{self, Asked, Earlier, Facts, Held, StopSign};
use domain::changes::{Action, ChangeSet, Limits, Operation, OperationState};
use domain::ids::{ChangeSetId, VariantId};
use domain::money::Currency;
use domain::store::Store;
use ports::PortResult;
use ports::changes::{Intent, Past, Stop, StopScope};
use std::collections::{BTreeMap, BTreeSet};

/// What is gathered before the transaction of an intent; whatever comes in between is in the transaction's own view.
#[derive(Debug, Default)]
pub(super) struct Known {
    costs: BTreeMap<VariantId, i64>,
    discounted: Discounted,
    /// Writes that were let through and are known to have had no effect, or to have been taken back.
    without_effect: BTreeSet<(ChangeSetId, u32)>,
    /// Who stands alone behind the set, and the store's currency.
    alone: Option<(String, Currency)>,
    /// Of the agent whose set it is, with the currency in which it is told.
    allowance: Option<(Allowance, Currency)>,
}

/// From when on earlier writes matter.
pub(super) fn since(limits: &Limits, now: DateTime<Utc>) -> DateTime<Utc> {
    now - guardrails::DAY.max(limits.cool_down())
}

pub(super) fn signs(stops: &[Stop]) -> Vec<StopSign<'_>> {
    fn sign(stop: &Stop) -> StopSign<'_> {
        let held = match &stop.scope {
            StopScope::All => Held::All,
            StopScope::Agent(name) => Held::Agent(name),
            StopScope::Connection(id) => Held::Connection(id),
        };
        let reason = &stop.reason;
        StopSign { held, reason }
    }
    stops.iter().map(sign).collect()
}

impl Known {
    /// Whether an operation may be written now.
    pub(super) fn judge(
        &self,
        limits: &Limits,
        set: &ChangeSet,
        operation: &Operation,
        past: &Past,
        now: DateTime<Utc>,
    ) -> Result<(), String> {
        let earlier = past.intents.iter().map(|i| self.earlier(i));
        let earlier: Vec<_> = earlier.collect();
        let asked_for = Intent::of(set, operation.no, now);
        let spend = self
            .allowance
            .zip(asked_for)
            .map(|((allowance, currency), intent)| Spend {
                allowance,
                stake: intent.stake,
                calls: intent.calls,
                currency,
            });
        let asked = Asked {
            set: set.id,
            no: operation.no,
            connection: set.connection,
            origin: &set.origin,
            action: &operation.action,
            at: now,
            spend,
            alone: self.alone.as_ref().map(|(person, currency)| Alone {
                person,
                currency: *currency,
            }),
        };
        let unit_cost = match &operation.action {
            Action::Price { variant, .. } => self.costs.get(variant).copied(),
            _ => None,
        };
        let discounted = match &operation.action {
            Action::Discount(discount) => priced(&self.discounted, discount),
            _ => Vec::new(),
        };
        let facts = Facts {
            unit_cost,
            discounted: &discounted,
        };
        guardrails::check(limits, &asked, &earlier, &signs(&past.stops), facts)
    }

    /// Judges all operations that are to be written, each as if those before it had been: the first that would be refused, and why.
    pub(super) fn first_refused(
        &self,
        limits: &Limits,
        set: &ChangeSet,
        mut past: Past,
        now: DateTime<Utc>,
    ) -> Option<(u32, String)> {
        let approved = set.operations.iter();
        for operation in approved.filter(|o| o.state == OperationState::Approved) {
            if let Err(sentence) = self.judge(limits, set, operation, &past, now) {
                return Some((operation.no, sentence));
            }
            past.intents.extend(Intent::of(set, operation.no, now));
        }
        None
    }

    fn earlier<'a>(&self, intent: &'a Intent) -> Earlier<'a> {
        Earlier {
            set: intent.set,
            no: intent.no,
            action: &intent.action,
            at: intent.at,
            agent: intent.agent.as_deref(),
            stake: intent.stake,
            calls: intent.calls,
            alone: intent.alone.as_deref(),
            is_void: self.without_effect.contains(&(intent.set, intent.no)),
        }
    }
}

impl Changes {
    pub(super) async fn known(&self, store: &Store, set: &ChangeSet) -> PortResult<Known> {
        let now = self.ports.clock.now();
        let actions = || set.operations.iter().map(|o| &o.action);
        let costs = self.costs(store, actions()).await?;
        let discounted = self.discounted(store, actions()).await?;
        let since = since(&self.limits(set.scope).await?, now);
        let intents = self.ports.changes.intents(set.scope, since).await?;
        let sets: BTreeSet<ChangeSetId> = intents.iter().map(|i| i.set).collect();
        let mut without_effect = BTreeSet::new();
        for id in sets.into_iter().filter(|id| *id != set.id) {
            let found = self.ports.changes.find(set.scope.workspace, id).await?;
            let operations = found.into_iter().flat_map(|s| s.operations);
            let gone = operations.filter(|o| o.state.is_without_effect());
            without_effect.extend(gone.map(|o| (id, o.no)));
        }
        let allowance = match set.origin.agent() {
            Some((agent, _)) => {
                let config = self.ports.agent_configs.find(set.scope, agent).await?;
                let budget = config.map_or_else(Budget::default, |config| config.budget);
                Some((budget.allowance(), store.currency))
            }
            None => None,
        };
        Ok(Known {
            costs,
            discounted,
            without_effect,
            alone: set.alone().map(|person| (person, store.currency)),
            allowance,
        })
    }
}
