//! Rules that signal automations outside: each thing once in its rest, after a yes, and never again where an answer was lost.

use crate::world::{World, order, product};
use application::agents::{Agents, KeptRule, RuleChange};
use application::changes::{Approver, Changes};
use application::people::People;
use application::tracking::{TOKEN, Tracking};
use chrono::Duration;
use domain::agents::{Autonomy, RunStatus};
use domain::audit::{Actor, ActorKind};
use domain::changes::{ChangeSet, ChangeSetStatus as Status, OperationState as State};
use domain::people::Role;
use domain::store::Store;
use ports::PageRequest;
use ports::changes::ChangeFilter;
use ports::secrets::SecretName;
use ports::tracker::Tracker;
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::fakes::FakeTracker;
use tokio_util::sync::CancellationToken;

struct It {
    world: World,
    changes: Changes,
    agents: Agents,
    tracker: Arc<FakeTracker>,
    store: Store,
}

fn ann() -> Actor {
    Actor::new(ActorKind::Person, Some("ann".into()), "ann", None)
}

/// Two orders of 20.00; with a repository, or without.
async fn it(connected: bool) -> It {
    let world = World::new().await;
    world.shop.put(product("4.00"));
    world.shop.put(order(1, 5));
    world.shop.put(order(2, 6));
    world.synced().await;
    let tracker = Arc::new(FakeTracker::default());
    let own = connected.then(|| Arc::clone(&tracker) as Arc<dyn Tracker>);
    let name = SecretName {
        workspace: world.workspace,
        name: TOKEN.to_owned(),
    };
    let (vault, token) = (&world.ports.vault, "github_pat".into());
    let put = vault.put(&name, &token, world.now());
    put.await.unwrap();
    let people = People::new(world.ports.clone());
    let tracking = Tracking::new(world.ports.clone(), people, own, None);
    let changes = world.changes.clone().with_tracking(tracking);
    let agents = Agents::new(world.ports.clone(), world.hub.clone(), changes.clone());
    let store = changes.store(world.workspace, None).await.unwrap();
    It {
        world,
        changes,
        agents,
        tracker,
        store,
    }
}

impl It {
    async fn rule(&self) -> KeptRule {
        let rule = json!({
            "name": "Large orders", "about": "orders",
            "when": { "by": "schedule", "schedule": "0 6 * * *" },
            "if": { "match": "all", "conditions": [{ "figure": "total", "is": "at_least", "value": 1000 }] },
            "then": { "do": "signal", "event": "large_order", "figures": [{ "figure": "total" }] },
        });
        let change = RuleChange {
            rule: Some(serde_json::from_value(rule).unwrap()),
            autonomy: Some(Autonomy::Propose),
            ..RuleChange::default()
        };
        self.agents
            .create_rule(&self.store, change, ann())
            .await
            .unwrap()
    }

    /// One look of the rule, until it waits for people or has ended; how many sets it proposed.
    async fn looks(&self, rule: &KeptRule) -> usize {
        let agent = application::agents::rule_agent(rule.id);
        let run = self.agents.start(&self.store, &agent, Value::Null, ann());
        let id = run.await.unwrap().id;
        self.work(async || {
            let run = self
                .agents
                .find(self.world.workspace, id)
                .await
                .unwrap()
                .unwrap();
            run.status == RunStatus::WaitingApproval || !run.status.is_open()
        })
        .await;
        let run = self
            .agents
            .find(self.world.workspace, id)
            .await
            .unwrap()
            .unwrap();
        run.change_sets.len()
    }

    async fn work(&self, is_done: impl AsyncFn() -> bool) {
        let stop = CancellationToken::new();
        let (one, two) = (stop.clone(), stop.clone());
        let (changes, agents) = (self.changes.clone(), self.agents.clone());
        let workers = [
            tokio::spawn(async move { changes.run_worker(one).await }),
            tokio::spawn(async move { agents.run_worker(two).await }),
        ];
        for _ in 0..10_000 {
            if is_done().await {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            self.world.clock.advance(Duration::milliseconds(100));
        }
        stop.cancel();
        for worker in workers {
            worker.await.unwrap();
        }
    }

    async fn sets(&self, status: Status) -> Vec<ChangeSet> {
        let filter = ChangeFilter {
            status: Some(status),
            ..ChangeFilter::default()
        };
        let page = PageRequest::first(100);
        let found = self
            .changes
            .list(self.world.workspace, &filter, &page)
            .await;
        let mut found = found.unwrap().items;
        found.sort_by_key(|s| s.title.clone());
        found
    }

    async fn approved(&self, set: &ChangeSet) -> ChangeSet {
        let by = Approver {
            actor: ann(),
            role: Role::Operator,
        };
        let (workspace, digest) = (self.world.workspace, set.digest());
        let approved = self
            .changes
            .approve(workspace, set.id, &by, &digest, &[], None);
        approved.await.unwrap();
        let find = async || self.changes.find(workspace, set.id).await.unwrap().unwrap();
        self.work(async || !find().await.status.is_work()).await;
        find().await
    }

    fn sent(&self) -> Vec<(String, Value)> {
        self.tracker.signals.lock().unwrap().clone()
    }
}

#[tokio::test(start_paused = true)]
async fn a_thing_is_told_once_after_a_yes_with_the_figures_that_the_rule_names() {
    let it = it(true).await;
    let rule = it.rule().await;
    assert_eq!(rule.warning, None);
    assert_eq!(it.looks(&rule).await, 2);
    assert_eq!(it.sent(), [], "nobody said yes");
    let waiting = it.sets(Status::Proposed).await;
    let set = it.approved(&waiting[0]).await;
    let states: Vec<_> = set.operations.iter().map(|o| o.state).collect();
    assert_eq!(
        (set.status, states),
        (Status::Applied, vec![State::Applied])
    );
    let sent = it.sent();
    let [(event, payload)] = sent.as_slice() else {
        panic!("{sent:?}");
    };
    assert_eq!(event, "large_order");
    assert_eq!(payload["figures"], json!({ "total": "20.00" }));
    assert_eq!(
        (&payload["about"], &payload["rule"]),
        (&json!("order"), &json!("Large orders"))
    );
    // The one waits, and the other rests.
    assert_eq!(it.looks(&rule).await, 0);
    assert!(
        it.changes
            .undo(it.world.workspace, set.id, &ann(), None)
            .await
            .is_err()
    );
    it.world.clock.advance(Duration::hours(25));
    assert_eq!(
        it.looks(&rule).await,
        1,
        "what nobody answered rests a day longer"
    );
}

#[tokio::test(start_paused = true)]
async fn a_signal_whose_answer_is_lost_is_not_known_and_never_sent_again() {
    let it = it(true).await;
    let rule = it.rule().await;
    it.looks(&rule).await;
    it.tracker.lose(1);
    let set = it.approved(&it.sets(Status::Proposed).await[0]).await;
    assert_eq!(set.status, Status::Unknown, "{:?}", set.operations[0].error);
    assert_eq!(it.sent().len(), 1);
    it.world.clock.advance(Duration::hours(1));
    it.work(async || false).await;
    assert_eq!(it.sent().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn without_a_repository_the_rule_warns_and_nothing_is_sent() {
    let it = it(false).await;
    let rule = it.rule().await;
    let warning = rule.warning.clone().unwrap();
    assert!(warning.contains("GITHUB_REPOSITORY"), "{warning}");
    assert_eq!(it.looks(&rule).await, 2);
    let set = it.approved(&it.sets(Status::Proposed).await[0]).await;
    assert_eq!(set.operations[0].state, State::Drifted);
    let why = set.operations[0].error.clone().unwrap();
    assert!(why.contains("no repository is connected"), "{why}");
    assert_eq!(it.sent(), []);
}
