//! Changing what is outside, over the fakes: what is let through, what is written how often, and what is left when it fails.

use crate::world::{World, order};
use application::changes::{Approver, ChangeError, Edit, LimitsChange, NewChangeSet, Told};
use chrono::Duration;
use domain::audit::{Actor, ActorKind};
use domain::changes::{
    Action, ChangeSet, ChangeSetStatus as Status, Digest, Guardrails, Limits,
    OperationState as State, Origin, Seen, Tagged, Target,
};
use domain::ids::{ChangeSetId, OrderId, ProductId, RunId, VariantId};
use domain::people::Role;
use ports::audit::AuditFilter;
use ports::changes::{Intended, StopScope};
use ports::source::Fact;
use ports::{Kind, PageRequest, Retry};
use testkit::builders::{LineBuilder, OrderBuilder, ProductBuilder, VariantBuilder, at};
use testkit::fakes::WriteFailure;
use tokio_util::sync::CancellationToken;

const PRODUCT: ProductId = ProductId(1);
const MINUTE: Duration = Duration::minutes(1);

fn person(name: &str) -> Actor {
    Actor::new(ActorKind::Person, Some(name.to_owned()), name, None)
}

fn approver(name: &str) -> Approver {
    Approver {
        actor: person(name),
        role: Role::Operator,
    }
}

fn target(variant: i64) -> Target {
    Target::Variant(PRODUCT, VariantId(variant))
}

fn price(variant: i64, after: i64) -> Edit {
    Edit::Price {
        variant: VariantId(variant),
        after,
    }
}

/// Five variants at 10.00, the fifth without a cost, and an order; the shop shows the same.
async fn world() -> World {
    let world = World::new().await;
    let mut product = ProductBuilder::new(PRODUCT.0).titled("Mug");
    for id in 1..=4 {
        product = product.variant(VariantBuilder::new(id, 1000).cost("4.00", "USD"));
    }
    let product = product.variant(VariantBuilder::new(5, 1000)).build();
    world.shop.put(Fact::Product(Box::new(product)));
    world.shop.put(order(1, 3));
    world.synced().await;
    for id in 1..=5 {
        offered(&world, id, 1000);
    }
    world
}

fn offered(world: &World, variant: i64, price: i64) {
    let compare_at = None;
    world
        .writer
        .put(target(variant), Seen::Variant { price, compare_at });
}

fn prices(world: &World) -> Vec<i64> {
    let price = |id| match world.writer.there(target(id)) {
        Seen::Variant { price, .. } => price,
        other => panic!("{other:?}"),
    };
    (1..=5).map(price).collect()
}

pub(crate) async fn propose(world: &World, edits: Vec<Edit>) -> Result<ChangeSet, ChangeError> {
    let store = world.changes.store(world.workspace, None).await.unwrap();
    let new = NewChangeSet {
        title: None,
        reason: "The supplier raised its prices".into(),
        edits,
        proposed_by: person("ann"),
    };
    world.changes.propose(&store, new).await
}

pub(crate) async fn proposed(world: &World, edits: Vec<Edit>) -> ChangeSet {
    propose(world, edits).await.unwrap()
}

pub(crate) async fn approve(world: &World, set: &ChangeSet) -> Result<ChangeSet, ChangeError> {
    let by = approver("bob");
    let (id, digest) = (set.id, set.digest());
    let changes = &world.changes;
    changes
        .approve(world.workspace, id, &by, &digest, &[], None)
        .await
}

pub(crate) async fn approved(world: &World, edits: Vec<Edit>) -> ChangeSet {
    let set = proposed(world, edits).await;
    approve(world, &set).await.unwrap()
}

async fn stored(world: &World, id: ChangeSetId) -> ChangeSet {
    let found = world.changes.find(world.workspace, id).await;
    found.unwrap().unwrap()
}

/// Runs a worker until the set has ended or waits.
pub(crate) async fn work(world: &World, id: ChangeSetId) -> ChangeSet {
    let stop = CancellationToken::new();
    let worker = tokio::spawn({
        let (changes, stop) = (world.changes.clone(), stop.clone());
        async move { changes.run_worker(stop).await }
    });
    let mut rounds = 0;
    let set = loop {
        let set = stored(world, id).await;
        let waits = set.next_try_at.is_some_and(|at| at > world.now());
        if !set.status.is_work() || waits {
            break set;
        }
        rounds += 1;
        assert!(rounds < 10_000, "it does not end: {set:?}");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    };
    stop.cancel();
    worker.await.unwrap();
    set
}

pub(crate) async fn applied(world: &World, edits: Vec<Edit>) -> ChangeSet {
    let set = approved(world, edits).await;
    work(world, set.id).await
}

pub(crate) fn states(set: &ChangeSet) -> Vec<State> {
    set.operations.iter().map(|o| o.state).collect()
}

#[track_caller]
pub(crate) fn says(set: &ChangeSet, no: u32, words: &str) {
    let error = set.operation(no).unwrap().error.clone().unwrap_or_default();
    assert!(error.contains(words), "{error:?}");
}

pub(crate) fn faults(outcome: Result<ChangeSet, ChangeError>) -> Vec<(String, String)> {
    match outcome {
        Err(ChangeError::Invalid(faults)) => {
            let faults = faults.into_iter();
            faults.map(|f| (f.field, f.message)).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_approved_is_written_once_read_back_and_taken_back() {
    let world = world().await;
    let set = proposed(&world, vec![price(1, 1100), price(2, 900)]).await;
    assert_eq!(set.title, "2 prices");
    assert_eq!(set.expires_at - set.created_at, Duration::hours(24));
    let titles: Vec<_> = set.evidence.iter().map(|e| e.title.as_str()).collect();
    let expected = [
        "Price now",
        "Cost of a unit",
        "Units sold in the last 30 days",
    ];
    assert_eq!(titles, expected);
    assert_eq!(set.evidence[1].rows[0].value, "4.00 USD");
    assert!(set.effect.is_none() && set.effect_unknown.is_some());
    assert!(world.writer.writes().is_empty(), "nobody approved it yet");

    approve(&world, &set).await.unwrap();
    let set = work(&world, set.id).await;
    assert_eq!((set.status, set.error.as_deref()), (Status::Applied, None));
    assert_eq!(states(&set), [State::Applied, State::Applied]);
    assert_eq!(prices(&world), [1100, 900, 1000, 1000, 1000]);
    let keys: Vec<_> = world.writer.writes().into_iter().map(|w| w.1).collect();
    assert_eq!(keys, [set.operations[0].key, set.operations[1].key]);

    let undo = world
        .changes
        .undo(world.workspace, set.id, &person("ann"), None)
        .await
        .unwrap();
    assert_eq!(undo.origin, Origin::Undo { of: set.id });
    let again = world
        .changes
        .undo(world.workspace, set.id, &person("ann"), None)
        .await;
    assert!(matches!(again, Err(ChangeError::UndoUnderWay)), "{again:?}");
    approve(&world, &undo).await.unwrap();
    // One fifth less takes a quarter to come back from: no limit but a stop holds it.
    let undo = work(&world, undo.id).await;
    assert_eq!(undo.status, Status::Applied, "{:?}", undo.error);
    assert_eq!(prices(&world), [1000; 5]);
    let original = stored(&world, set.id).await;
    assert_eq!(
        (original.status, original.undone_by),
        (Status::Undone, Some(undo.id))
    );
    let again = world
        .changes
        .undo(world.workspace, set.id, &person("ann"), None)
        .await;
    assert!(
        matches!(again, Err(ChangeError::NothingToUndo)),
        "{again:?}"
    );
}

#[tokio::test]
async fn each_fault_of_a_proposal_is_named() {
    let world = world().await;
    let nothing = propose(&world, Vec::new()).await;
    assert_eq!(faults(nothing)[0].0, "edits");
    let tags = |tags: &[&str]| Edit::AddTags {
        target: Tagged::Order(OrderId(1)),
        tags: tags.iter().map(|t| (*t).to_owned()).collect(),
    };
    let wrong = propose(
        &world,
        vec![
            price(77, 900),
            price(1, -1),
            price(2, 1000),
            price(3, 1300),
            price(4, 1100),
            price(4, 1150),
            tags(&["a,b"]),
            Edit::HoldOrder {
                order: OrderId(99),
                note: String::new(),
            },
        ],
    )
    .await;
    let fields: Vec<_> = faults(wrong).into_iter().map(|f| f.0).collect();
    let expected = [
        "edits[0].variant_id",
        "edits[1].after",
        "edits[2].after",
        "edits[3].after",
        "edits[5].kind",
        "edits[6].tags",
        "edits[7].order_id",
    ];
    assert_eq!(fields, expected);
    let many = (0..101).map(|n| price(n, 1)).collect();
    assert!(faults(propose(&world, many).await)[0].1.contains("100"));
    let thin = proposed(&world, vec![price(5, 1100)]).await;
    let reasons = thin.risk.reasons.join("; ");
    assert!(reasons.contains("cost is unknown"), "{reasons}");
}

#[tokio::test(start_paused = true)]
async fn a_decision_is_made_once_in_time_and_on_what_was_looked_at() {
    let world = world().await;
    let set = proposed(&world, vec![price(1, 1100), price(2, 1100)]).await;
    let other = Digest("00".into());
    let by = approver("bob");
    let changes = &world.changes;
    let refused = changes
        .approve(world.workspace, set.id, &by, &other, &[], None)
        .await;
    assert!(matches!(refused, Err(ChangeError::OtherDigest)));
    let digest = set.digest();
    for reject in [&[3][..], &[1, 2]] {
        let refused = changes.approve(world.workspace, set.id, &by, &digest, reject, None);
        assert_eq!(faults(refused.await)[0].0, "reject");
    }
    // Two at once: one of them decides.
    let (one, two) = tokio::join!(approve(&world, &set), approve(&world, &set));
    let decided = [&one, &two].iter().filter(|o| o.is_ok()).count();
    assert_eq!(decided, 1, "{one:?} {two:?}");
    let late = changes
        .reject(world.workspace, set.id, &by.actor, None)
        .await;
    assert!(matches!(late, Err(ChangeError::NotWaiting(_))), "{late:?}");

    let set = proposed(&world, vec![price(3, 1100)]).await;
    world.clock.advance(Duration::hours(24));
    let late = approve(&world, &set).await;
    assert!(matches!(late, Err(ChangeError::Expired)), "{late:?}");
    assert_eq!(stored(&world, set.id).await.status, Status::Expired);
    assert_eq!(prices(&world)[2], 1000);
}

#[tokio::test(start_paused = true)]
async fn what_is_left_out_is_not_written_and_what_is_rejected_never() {
    let world = world().await;
    let set = proposed(&world, vec![price(1, 1100), price(2, 1100)]).await;
    let (by, digest) = (approver("ann"), set.digest());
    let changes = &world.changes;
    let partly = changes
        .approve(
            world.workspace,
            set.id,
            &by,
            &digest,
            &[1],
            Some("not this one"),
        )
        .await
        .unwrap();
    let set = work(&world, partly.id).await;
    assert_eq!(states(&set), [State::Rejected, State::Applied]);
    assert_eq!(set.status, Status::Applied);
    let set = proposed(&world, vec![price(3, 1100)]).await;
    let rejected = changes
        .reject(world.workspace, set.id, &by.actor, Some("too dear"))
        .await
        .unwrap();
    assert_eq!(
        rejected.rejection.unwrap().note.as_deref(),
        Some("too dear")
    );
    assert_eq!(prices(&world), [1000, 1100, 1000, 1000, 1000]);
}

#[tokio::test]
async fn nobody_lets_an_agents_proposal_through_but_a_person() {
    let world = world().await;
    let mut set = proposed(&world, vec![price(1, 1100)]).await;
    set.id = ChangeSetId(uuid::Uuid::from_u128(9));
    set.origin = Origin::Agent {
        agent: "pricing".into(),
        run: RunId(uuid::Uuid::nil()),
    };
    set.proposed_by = Actor::system();
    let entry = domain::audit::NewEntry::done(
        world.workspace,
        world.now(),
        Actor::system(),
        "change_set.propose",
        ("change_set", "9", "9"),
    );
    world.ports.changes.propose(&set, &entry).await.unwrap();
    let system = Approver {
        actor: Actor::system(),
        role: Role::Owner,
    };
    let digest = set.digest();
    let changes = &world.changes;
    let refused = changes
        .approve(world.workspace, set.id, &system, &digest, &[], None)
        .await;
    assert!(matches!(refused, Err(ChangeError::NeedsPerson)));
    approve(&world, &set).await.unwrap();
    // Whoever approves their own is an operator or higher.
    let own = proposed(&world, vec![price(2, 1100)]).await;
    let low = Approver {
        actor: person("ann"),
        role: Role::Analyst,
    };
    let digest = own.digest();
    let refused = changes
        .approve(world.workspace, own.id, &low, &digest, &[], None)
        .await;
    assert!(matches!(refused, Err(ChangeError::OwnProposal)));
}

#[tokio::test(start_paused = true)]
async fn what_drifted_before_the_first_write_leaves_everything_as_it_is() {
    let world = world().await;
    let set = approved(&world, vec![price(1, 1100), price(2, 1100)]).await;
    offered(&world, 2, 1050);
    let set = work(&world, set.id).await;
    assert_eq!(set.status, Status::Failed);
    assert_eq!(states(&set), [State::Skipped, State::Drifted]);
    says(&set, 2, "10.50 USD by now; this was planned on 10.00 USD");
    assert!(world.writer.writes().is_empty());
    // What is so already needs no write.
    offered(&world, 3, 1100);
    let set = applied(&world, vec![price(3, 1100), price(4, 1100)]).await;
    assert_eq!(states(&set), [State::Already, State::Applied]);
    assert_eq!(set.status, Status::Applied);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_of_the_third_puts_back_the_first_two() {
    let world = world().await;
    let edits = || (1..=5).map(|id| price(id, 1100)).collect();
    let words = "Price is managed elsewhere";
    world
        .writer
        .fail_nth(3, WriteFailure::Refused(words.into()));
    let set = applied(&world, edits()).await;
    assert_eq!(set.status, Status::Failed);
    let expected = [
        State::Compensated,
        State::Compensated,
        State::Failed,
        State::Skipped,
        State::Skipped,
    ];
    assert_eq!(states(&set), expected);
    says(&set, 3, words);
    assert_eq!(prices(&world), [1000; 5]);
    let undone: Vec<_> = world
        .writer
        .effects()
        .iter()
        .map(|e| e.action.entity())
        .collect();
    let order = ["variant:1", "variant:2", "variant:2", "variant:1"];
    assert_eq!(undone, order, "the last one first");
    // What had no effect in the end takes nothing from the limit of the day.
    let set = applied(&world, vec![price(1, 1190)]).await;
    assert_eq!(set.status, Status::Applied, "{:?}", set.error);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_put_back_stays_and_is_told() {
    let world = world().await;
    let refuse = |words: &str| WriteFailure::Refused(words.to_owned());
    world.writer.fail_nth(3, refuse("no"));
    // The fourth write puts the second one back.
    world.writer.fail_nth(4, refuse("never again"));
    let set = applied(&world, vec![price(1, 1100), price(2, 1100), price(3, 1100)]).await;
    assert_eq!(set.status, Status::PartlyApplied);
    let expected = [State::Compensated, State::Applied, State::Failed];
    assert_eq!(states(&set), expected);
    says(&set, 2, "never again");
    assert!(set.error.unwrap().starts_with("1 of 3"));
    assert_eq!(prices(&world)[..3], [1000, 1100, 1000]);
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_looked_for_before_anything_is_sent_again() {
    let world = world().await;
    world.writer.fail_next(WriteFailure::LostAfter);
    let set = applied(&world, vec![price(1, 1100)]).await;
    assert_eq!(set.status, Status::Applied);
    assert_eq!(
        world.writer.writes().len(),
        1,
        "it was seen, not sent again"
    );

    world.writer.fail_next(WriteFailure::LostBefore);
    let set = applied(&world, vec![price(2, 1100)]).await;
    assert_eq!(set.status, Status::Applied);
    let writes = world.writer.writes();
    assert_eq!(writes.len(), 3);
    assert_eq!(writes[1].1, writes[2].1, "the same key");
    assert_eq!(world.writer.effects().len(), 2);

    // Nothing can be seen at first, and then the answer is lost twice: the set waits each time, and is written once.
    let set = approved(&world, vec![price(3, 1100)]).await;
    let now = Retry::After(std::time::Duration::ZERO);
    world.writer.fail_look(Kind::Unavailable, now);
    world.writer.fail_next(WriteFailure::LostBefore);
    world.writer.fail_next(WriteFailure::LostAfter);
    let waiting = work(&world, set.id).await;
    assert_eq!(states(&waiting), [State::Approved]);
    world.clock.advance(Duration::seconds(30));
    let waiting = work(&world, set.id).await;
    assert_eq!(states(&waiting), [State::Intended]);
    world.clock.advance(Duration::seconds(60));
    let set = work(&world, set.id).await;
    assert_eq!(set.status, Status::Applied, "{:?}", set.error);
    assert_eq!(world.writer.effects().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn what_is_stored_other_than_it_was_approved_is_not_written() {
    let world = world().await;
    let mut set = approved(&world, vec![price(1, 1100)]).await;
    set.operations[0].action = Action::Price {
        product: PRODUCT,
        variant: VariantId(1),
        before: 1000,
        after: 1200,
    };
    let target = ("change_set", "x", "x");
    let (at, by) = (world.now(), Actor::system());
    let entry = domain::audit::NewEntry::done(world.workspace, at, by, "test", target);
    world.ports.changes.decide(&set, &entry).await.unwrap();
    let set = work(&world, set.id).await;
    assert_eq!(set.status, Status::Failed);
    says(&set, 1, "not what was approved");
    assert!(world.writer.writes().is_empty());
}

/// A worker dies between sending and the answer; `sent` says whether the write arrived.
async fn killed(world: &World, sent: bool) -> ChangeSet {
    let set = approved(world, vec![price(1, 1100), price(2, 1100)]).await;
    let lease = Duration::seconds(15);
    let store = &world.ports.changes;
    let claimed = store.claim(world.now(), lease).await.unwrap().unwrap();
    let mut intended = claimed.set.clone();
    intended.operations[0].state = State::Intended;
    intended.operations[0].intended_at = Some(world.now());
    let (now, guard) = (world.now(), &|_: &ports::changes::Past| Ok(()));
    let stored = store.intend(&claimed, &intended, 1, now, guard, now, lease);
    assert!(matches!(stored.await.unwrap(), Intended::Stored(_)));
    if sent {
        let operation = &intended.operations[0];
        let outcome = world.sent(&operation.action, operation.key);
        outcome.await;
    }
    // Nobody else may touch it before the lease has ended.
    assert!(store.claim(now, lease).await.unwrap().is_none());
    world.clock.advance(Duration::seconds(16));
    set
}

#[tokio::test(start_paused = true)]
async fn whoever_takes_over_from_a_dead_worker_looks_first() {
    for sent in [true, false] {
        let world = world().await;
        let set = killed(&world, sent).await;
        let set = work(&world, set.id).await;
        assert_eq!(set.status, Status::Applied, "{:?}", set.error);
        assert_eq!(states(&set), [State::Applied, State::Applied]);
        assert_eq!(world.writer.effects().len(), 2, "each once: {sent}");
        assert_eq!(prices(&world)[..2], [1100, 1100]);
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_sent_and_then_changed_by_others_is_not_known() {
    let world = world().await;
    let set = killed(&world, false).await;
    offered(&world, 1, 1234);
    let set = work(&world, set.id).await;
    assert_eq!(set.status, Status::Unknown);
    assert_eq!(states(&set), [State::Unknown, State::Skipped]);
    says(&set, 1, "the answer was lost");
    assert!(world.writer.effects().is_empty());
}

async fn unknown(world: &World) -> ChangeSet {
    let set = killed(world, false).await;
    offered(world, 1, 1234);
    work(world, set.id).await
}

async fn settle(
    world: &World,
    set: &ChangeSet,
    told: &[Told],
    note: Option<&str>,
) -> Result<ChangeSet, ChangeError> {
    let by = Actor::system();
    let changes = &world.changes;
    changes
        .settle(world.workspace, set.id, &by, told, note)
        .await
}

#[tokio::test(start_paused = true)]
async fn what_is_not_known_is_settled_by_what_the_shop_shows_later() {
    for (shown, state, status) in [
        (1100, State::Applied, Status::PartlyApplied),
        (1000, State::Failed, Status::Failed),
        (1234, State::Unknown, Status::Unknown),
    ] {
        let world = world().await;
        let set = unknown(&world).await;
        offered(&world, 1, shown);
        // Nobody's word counts against what the shop shows.
        let set = settle(&world, &set, &[], None).await.unwrap();
        assert_eq!(states(&set)[0], state, "{shown}");
        assert_eq!(set.status, status);
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_shop_does_not_tell_a_person_says_with_a_reason() {
    let world = world().await;
    let set = unknown(&world).await;
    let told = [Told {
        no: 1,
        in_effect: false,
    }];
    let without = settle(&world, &set, &told, None).await;
    assert!(matches!(without, Err(ChangeError::Invalid(f)) if f[0].field == "note"));
    let other = [Told {
        no: 2,
        in_effect: true,
    }];
    let wrong = settle(&world, &set, &other, Some("seen")).await;
    assert!(matches!(wrong, Err(ChangeError::Invalid(f)) if f[0].field == "outcomes[0].no"));
    let settled = settle(&world, &set, &told, Some("a colleague set 12.34"))
        .await
        .unwrap();
    assert_eq!(settled.status, Status::Failed);
    assert!(world.writer.effects().is_empty(), "settling writes nothing");
    let filter = AuditFilter {
        action: Some("change_set.settle".into()),
        ..AuditFilter::default()
    };
    let page = PageRequest::first(10);
    let entries = world.ports.audit.entries(world.workspace, &filter, &page);
    let entries = entries.await.unwrap().items;
    assert_eq!(entries.len(), 1);
    assert_eq!(
        entries[0].entry.reason.as_deref(),
        Some("a colleague set 12.34")
    );
    let again = settle(&world, &settled, &[], None).await;
    assert!(matches!(again, Err(ChangeError::NothingUnknown)));
}

#[tokio::test(start_paused = true)]
async fn the_provider_answering_twice_has_one_effect() {
    let world = world().await;
    let set = applied(&world, vec![price(1, 1100)]).await;
    let operation = &set.operations[0];
    world.sent(&operation.action, operation.key).await;
    assert_eq!(world.writer.effects().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_asks_for_time_gets_it_and_then_it_has_failed() {
    let world = world().await;
    for _ in 0..5 {
        world.writer.fail_next(WriteFailure::Throttled);
    }
    let set = approved(&world, vec![price(1, 1100)]).await;
    for wait in [30, 60, 300, 900] {
        let waiting = work(&world, set.id).await;
        let at = waiting.next_try_at.unwrap();
        assert_eq!(at - world.now(), Duration::seconds(wait));
        assert_eq!(waiting.status, Status::Applying);
        world.clock.advance(Duration::seconds(wait));
    }
    let set = work(&world, set.id).await;
    assert_eq!(set.status, Status::Failed);
    says(&set, 1, "fewer calls");
    assert_eq!(world.writer.writes().len(), 5);
    let set = applied(&world, vec![price(1, 1150)]).await;
    assert_eq!(set.status, Status::Applied, "{:?}", set.error);
}

#[tokio::test(start_paused = true)]
async fn many_small_changes_do_not_add_up_to_a_large_one() {
    let world = world().await;
    let mut price_now = 1000;
    let mut refused = None;
    for _ in 0..10 {
        let next = price_now * 104 / 100;
        let set = applied(&world, vec![price(1, next)]).await;
        world.clock.advance(MINUTE);
        if set.status != Status::Applied {
            refused = Some(set);
            break;
        }
        price_now = next;
        let product = ProductBuilder::new(PRODUCT.0)
            .titled("Mug")
            .variant(VariantBuilder::new(1, price_now).cost("4.00", "USD"));
        let batch = [product.updated_at(world.now()).build()];
        let scope = world.scope().await;
        world
            .ports
            .catalog
            .save(scope, &batch, world.now())
            .await
            .unwrap();
    }
    let refused = refused.expect("the sum is limited");
    assert_eq!(states(&refused), [State::Refused]);
    says(&refused, 1, "more than 25 %");
    assert!((1200..=1250).contains(&price_now), "{price_now}");
    assert_eq!(prices(&world)[0], price_now);
}

async fn limited(
    world: &World,
    limits: Limits,
    reason: Option<&str>,
) -> Result<Guardrails, ChangeError> {
    let store = world.changes.store(world.workspace, None).await.unwrap();
    let version = world.changes.guardrails(&store).await.unwrap().version;
    let change = LimitsChange {
        version,
        limits,
        reason: reason.map(str::to_owned),
    };
    let by = person("ann");
    world.changes.set_guardrails(&store, change, &by).await
}

#[tokio::test(start_paused = true)]
async fn limits_hold_for_what_was_approved_before_they_were_set() {
    let world = world().await;
    let set = approved(&world, vec![price(1, 1200)]).await;
    let narrow = Limits {
        price_step: 1_000,
        price_day: 1_000,
        ..Limits::default()
    };
    assert_eq!(limited(&world, narrow, None).await.unwrap().version, 1);
    let set = work(&world, set.id).await;
    assert_eq!(states(&set), [State::Refused]);
    says(&set, 1, "at most 10 %");
    let faults = faults(propose(&world, vec![price(1, 1101)]).await);
    assert!(faults[0].1.contains("at most 10 %"), "{faults:?}");

    let wide = Limits {
        price_step: 3_000,
        price_day: 3_000,
        ..narrow
    };
    let silent = limited(&world, wide, None).await;
    let Err(ChangeError::Invalid(faults)) = silent else {
        panic!("{silent:?}")
    };
    assert_eq!(faults[0].field, "reason");
    let bad = Limits {
        margin: 9_001,
        ..narrow
    };
    let Err(ChangeError::Invalid(faults)) = limited(&world, bad, None).await else {
        panic!("a limit is switched off")
    };
    assert_eq!(faults[0].field, "limits.margin");
    let set = limited(&world, wide, Some("A sale")).await.unwrap();
    assert_eq!((set.version, set.reason.as_deref()), (2, Some("A sale")));
    let set = applied(&world, vec![price(1, 1300)]).await;
    assert_eq!(set.status, Status::Applied, "{set:?}");

    let store = world.changes.store(world.workspace, None).await.unwrap();
    let outdated = LimitsChange {
        version: 1,
        limits: narrow,
        reason: None,
    };
    let by = person("bob");
    let outdated = world.changes.set_guardrails(&store, outdated, &by).await;
    assert!(matches!(outdated, Err(ChangeError::SetMeanwhile)));
    let filter = AuditFilter {
        action: Some("guardrails.set".into()),
        ..AuditFilter::default()
    };
    let page = PageRequest::first(10);
    let entries = world.ports.audit.entries(world.workspace, &filter, &page);
    let entries = entries.await.unwrap().items;
    assert_eq!(entries.len(), 2);
    assert!(
        entries[0]
            .entry
            .before
            .as_ref()
            .unwrap()
            .contains(r#""price_step":1000"#)
    );
}

#[tokio::test(start_paused = true)]
async fn while_a_stop_is_on_nothing_is_approved_or_written() {
    let world = world().await;
    let changes = &world.changes;
    let (before, waiting) = (
        approved(&world, vec![price(1, 1100)]).await,
        proposed(&world, vec![price(2, 1100)]).await,
    );
    let ann = person("ann");
    let all = StopScope::All;
    let nameless = changes.stop(world.workspace, all.clone(), " ", &ann).await;
    assert!(matches!(nameless, Err(ChangeError::Invalid(_))));
    let stops = changes.stop(world.workspace, all.clone(), "prices are wrong", &ann);
    assert_eq!(stops.await.unwrap().len(), 1);
    let refused = approve(&world, &waiting).await;
    assert!(
        matches!(&refused, Err(ChangeError::Stopped(why)) if why.contains("prices are wrong")),
        "{refused:?}"
    );
    let before = work(&world, before.id).await;
    assert_eq!(states(&before), [State::Refused]);
    says(&before, 1, "the emergency stop is on: prices are wrong");
    assert!(world.writer.writes().is_empty());
    let unknown = StopScope::Connection(uuid::Uuid::nil().to_string());
    let unknown = changes.stop(world.workspace, unknown, "x", &ann).await;
    assert!(matches!(unknown, Err(ChangeError::Invalid(_))));
    changes
        .lift(world.workspace, &all, "they are right again", &ann)
        .await
        .unwrap();
    let again = changes.lift(world.workspace, &all, "twice", &ann).await;
    assert!(matches!(again, Err(ChangeError::UnknownStop)));
    approve(&world, &waiting).await.unwrap();
    assert_eq!(work(&world, waiting.id).await.status, Status::Applied);
}

#[tokio::test(start_paused = true)]
async fn a_stop_between_two_writes_leaves_what_is_there() {
    let world = world().await;
    let set = killed(&world, true).await;
    let (all, ann) = (StopScope::All, person("ann"));
    let stop = world.changes.stop(world.workspace, all, "now", &ann);
    stop.await.unwrap();
    let set = work(&world, set.id).await;
    assert_eq!(states(&set), [State::Applied, State::Refused]);
    assert_eq!(set.status, Status::PartlyApplied);
    says(&set, 1, "could not be put back: the emergency stop is on");
    assert_eq!(world.writer.writes().len(), 1, "nothing after the stop");
}

#[tokio::test(start_paused = true)]
async fn orders_are_tagged_held_and_released() {
    let world = world().await;
    let order = OrderId(1);
    let tags = Target::Tags(Tagged::Order(order));
    world.writer.put(
        tags.clone(),
        Seen::Tags {
            tags: vec!["vip".into()],
        },
    );
    let holds = Target::Holds(order);
    let handles = Vec::new();
    world.writer.put(
        holds.clone(),
        Seen::Holds {
            handles,
            can_hold: true,
        },
    );
    let set = applied(
        &world,
        vec![
            Edit::AddTags {
                target: Tagged::Order(order),
                tags: vec!["review".into(), " Review ".into()],
            },
            Edit::HoldOrder {
                order,
                note: "looks odd".into(),
            },
        ],
    )
    .await;
    assert_eq!(set.status, Status::Applied, "{:?}", set.error);
    let expected = Seen::Tags {
        tags: vec!["vip".into(), "review".into()],
    };
    assert_eq!(world.writer.there(tags), expected);
    let note = String::new();
    let release = applied(&world, vec![Edit::ReleaseOrder { order, note }]).await;
    assert_eq!(release.status, Status::Applied, "{:?}", release.error);
    let free = Seen::Holds {
        handles: Vec::new(),
        can_hold: true,
    };
    assert_eq!(world.writer.there(holds), free);
}

/// Forty days before the change and `after` days from it on: each day `own` units of variant 1 and ten units each of variants 2 to 4, at 10.00.
async fn traded(after: i64, own: i64) -> World {
    let world = World::new().await;
    let mut product = ProductBuilder::new(PRODUCT.0).titled("Mug");
    for id in 1..=4 {
        product = product.variant(VariantBuilder::new(id, 1000).cost("4.00", "USD"));
    }
    world.shop.put(Fact::Product(Box::new(product.build())));
    for day in -after..=40 {
        let sold = at("2026-07-01T10:00:00Z") - Duration::days(day);
        let mut order = OrderBuilder::new(100 + day).sold_at(sold).updated_at(sold);
        let units = if day < 0 { own } else { 2 };
        order = order.line(LineBuilder::new(1, units, 1000).product(1));
        for variant in 2..=4 {
            order = order.line(LineBuilder::new(variant, 10, 1000).product(1));
        }
        world.shop.put(Fact::Order(Box::new(order.build())));
    }
    world.synced().await;
    for id in 1..=4 {
        offered(&world, id, 1000);
    }
    world
}

#[tokio::test(start_paused = true)]
async fn what_a_price_brought_is_measured_when_its_days_are_over() {
    let world = traded(28, 3).await;
    let set = applied(&world, vec![price(1, 1050)]).await;
    assert_eq!(set.status, Status::Applied);
    // The shop's own orders say which days are over: the last one is never complete.
    assert_eq!(world.changes.measure_due().await.unwrap(), 3);
    world.clock.advance(Duration::days(29));
    assert_eq!(world.changes.measure_due().await.unwrap(), 1);
    assert_eq!(world.changes.measure_due().await.unwrap(), 0);
    let set = stored(&world, set.id).await;
    let windows: Vec<_> = set.outcomes.iter().map(|o| o.window_days).collect();
    assert_eq!(windows, [1, 3, 7, 28]);
    for outcome in &set.outcomes {
        // One unit more a day, at 10.00 less 4.00; nothing else moved, so there is no spread.
        let effect = outcome.effect.unwrap();
        assert_eq!(effect.mean, 600 * i64::from(outcome.window_days));
        assert!(outcome.method.contains("3 variants"), "{}", outcome.method);
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_taken_back_within_the_days_cannot_be_told() {
    let world = traded(10, 2).await;
    let set = applied(&world, vec![price(1, 1050)]).await;
    let by = person("ann");
    let undo = world.changes.undo(world.workspace, set.id, &by, None).await;
    let undo = approve(&world, &undo.unwrap()).await.unwrap();
    work(&world, undo.id).await;
    world.changes.measure_due().await.unwrap();
    let set = stored(&world, set.id).await;
    let first = &set.outcomes[0];
    assert_eq!(first.effect, None);
    assert_eq!(
        first.unknown.as_deref(),
        Some("it was taken back on 2026-07-01")
    );
}

#[tokio::test(start_paused = true)]
async fn a_young_store_tells_nothing_about_a_change() {
    let world = world().await;
    let set = applied(&world, vec![price(1, 1100)]).await;
    world.clock.advance(Duration::days(5));
    assert_eq!(world.changes.measure_due().await.unwrap(), 2);
    let set = stored(&world, set.id).await;
    assert_eq!(set.outcomes[0].effect, None);
    let why = set.outcomes[0].unknown.as_deref().unwrap();
    assert!(why.contains("four weeks"), "{why}");
}

/// Budgets hold agents, notices people: both are told of what is over.
mod notices {
    use super::*;
    use application::notifications::{ChannelDraft, Notifications};
    use application::people::People;
    use domain::notifications::{ChannelKind, How, Notice, NoticeKind, Preferences};
    use ports::notices::{DeliveryFilter, NoticeFilter};
    use testkit::builders::user;

    fn service(world: &World) -> Notifications {
        let people = People::new(world.ports.clone());
        Notifications::new(world.ports.clone(), world.hub.clone(), people, None)
    }

    async fn waiting(world: &World, unread: bool) -> Vec<Notice> {
        let notices = service(world);
        notices.work_once(true).await.unwrap();
        let (page, reader) = (PageRequest::first(50), user(1, 1).id);
        let filter = NoticeFilter {
            unread,
            severity: None,
        };
        let found = notices.list(world.workspace, reader, &filter, &page);
        let items = found.await.unwrap().items.into_iter().map(|l| l.notice);
        items
            .filter(|n| n.kind == NoticeKind::ProposalWaiting)
            .collect()
    }

    #[tokio::test]
    async fn a_notice_of_what_waits_ends_with_the_last_decision() {
        let world = world().await;
        let first = proposed(&world, vec![price(1, 1_050)]).await;
        let second = proposed(&world, vec![price(2, 1_050)]).await;
        let told = waiting(&world, true).await;
        assert_eq!((told.len(), told[0].count), (1, 2));
        approve(&world, &first).await.unwrap();
        assert_eq!(waiting(&world, true).await.len(), 1, "one still waits");
        let by = person("bob");
        let no = world.changes.reject(world.workspace, second.id, &by, None);
        no.await.unwrap();
        assert_eq!(waiting(&world, true).await, []);
        let over = waiting(&world, false).await;
        assert!(over[0].settled_at.is_some(), "{over:?}");
        // Another one is told anew, within the same day.
        proposed(&world, vec![price(3, 1_050)]).await;
        let anew = waiting(&world, true).await;
        assert!(anew.len() == 1 && anew[0].id != over[0].id, "{anew:?}");
    }

    #[tokio::test]
    async fn what_nobody_decided_in_time_is_over_and_in_no_digest() {
        let world = world().await;
        let draft = ChannelDraft {
            name: "Ops".to_owned(),
            url: Some("https://hooks.slack.com/services/s3cret".into()),
            preferences: Preferences {
                info: How::Digest,
                // Far from now: nothing is sent before it is over.
                ..Preferences::OF_PERSON
            },
            enabled: true,
        };
        let notices = service(&world);
        let by = Actor::system();
        let made = notices.create_channel(world.workspace, ChannelKind::Slack, draft, &by);
        made.await.unwrap();
        let set = proposed(&world, vec![price(1, 1_050)]).await;
        assert_eq!(waiting(&world, true).await.len(), 1);
        let owed = async || {
            let (page, filter) = (PageRequest::first(50), DeliveryFilter::default());
            let owed = notices.deliveries(world.workspace, &filter, &page).await;
            owed.unwrap().items.len()
        };
        assert_eq!(owed().await, 1, "the digest");
        // Over before anybody looks, and before the digest is due.
        let now = world.now();
        world.clock.advance(set.expires_at - now);
        assert_eq!(waiting(&world, true).await, []);
        assert_eq!(owed().await, 0);
        assert_eq!(world.messenger.given(), []);
    }
}
