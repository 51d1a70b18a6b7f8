//! Money given back: what the shop computes is what is approved, another state is refused, and it is never sent twice.

use crate::changes::{applied, approve, approved, faults, propose, proposed, says, states, work};
use crate::world::World;
use application::changes::{Approver, ChangeError, Edit, LimitsChange, RefundEdit, RestockWish};
use domain::audit::{Actor, ActorKind, Outcome};
use domain::changes::alone::RefundLimits;
use domain::changes::{
    Action, ChangeSet, ChangeSetStatus as Status, Limits, OperationState as State, RefundRestock,
    RefundTarget, Reversibility, Seen, SeenRefund, Target,
};
use domain::ids::{LineId, LocationId, OrderId};
use domain::money::{Currency, Money};
use domain::people::Role;
use ports::PageRequest;
use ports::audit::AuditFilter;
use ports::source::Fact;
use testkit::builders::{LineBuilder, OrderBuilder, at};
use testkit::fakes::WriteFailure;

const ORDER: OrderId = OrderId(9);
/// The first line of order 9, as builders number them.
const LINE: LineId = LineId(901);

fn wish(units: i64) -> RefundEdit {
    RefundEdit {
        order: ORDER,
        lines: vec![(LINE, units)],
        restock: RestockWish::Nothing,
        shipping: false,
        notify_customer: false,
        note: "arrived broken".to_owned(),
    }
}

fn edit(units: i64) -> Vec<Edit> {
    vec![Edit::RefundOrder(wish(units))]
}

fn target(units: i64) -> Target {
    Target::Refund(RefundTarget {
        order: ORDER,
        lines: vec![(LINE, units)],
        restock: RefundRestock::Nothing,
        shipping: false,
        mark: None,
    })
}

fn shows(amount: Option<i64>, refunded: i64) -> Seen {
    let eur = Currency::parse("EUR").unwrap();
    Seen::Refund(SeenRefund {
        amount,
        paid_in: amount.map(|minor| Money::new(minor * 9 / 10, eur)),
        most: 2_000,
        refunded,
        made: None,
    })
}

/// Two units at 10.00; for one of them the shop would give back 9.00 USD, which are 8.10 EUR.
async fn world() -> World {
    let world = World::new().await;
    let when = at("2026-06-20T10:00:00Z");
    let order = OrderBuilder::new(ORDER.0).sold_at(when).updated_at(when);
    let order = order.named("#1009").line(LineBuilder::new(10, 2, 1_000));
    world
        .shop
        .put(Fact::Order(Box::new(order.paid(Some(50)).build())));
    world.synced().await;
    world.writer.put(target(1), shows(Some(900), 0));
    world
}

fn sent(world: &World) -> usize {
    world.writer.writes().len()
}

fn given(set: &ChangeSet) -> (i64, Money) {
    match &set.operations[0].action {
        Action::RefundOrder(refund) => (refund.amount, refund.paid_in),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_shop_computes_is_approved_given_back_once_and_never_taken_back() {
    let world = world().await;
    let set = proposed(&world, edit(1)).await;
    assert_eq!(set.title, "Refund of #1009");
    let eur = Currency::parse("EUR").unwrap();
    assert_eq!(given(&set), (900, Money::new(810, eur)));
    assert_eq!(set.reversibility(), Reversibility::Irreversible);
    assert!(
        set.risk
            .reasons
            .iter()
            .any(|r| r == "nothing takes it back")
    );
    assert_eq!(set.evidence[0].title, "Order #1009");
    // A budget of money counts what is given back, to the cent.
    assert_eq!(set.stake(), Some(900));
    assert_eq!(sent(&world), 0, "nobody approved it yet");
    approve(&world, &set).await.unwrap();
    let set = work(&world, set.id).await;
    assert_eq!(
        (set.status, states(&set)),
        (Status::Applied, vec![State::Applied])
    );
    assert_eq!(sent(&world), 1);
    let undo = world
        .changes
        .undo(world.workspace, set.id, &crate::support::ann(), None)
        .await;
    assert!(undo.is_err(), "{undo:?}");
    // The same again is another refund, and the shop gives nothing back for it.
    let told = faults(propose(&world, edit(1)).await);
    assert_eq!(told[0].0, "edits[0].lines");
    assert!(told[0].1.contains("nothing"), "{told:?}");
}

#[tokio::test(start_paused = true)]
async fn another_sum_or_a_refund_meanwhile_is_not_what_was_approved() {
    let world = world().await;
    for (now, words) in [
        (shows(Some(899), 0), "would give back 8.99 USD by now"),
        (shows(Some(900), 100), "1.00 USD were given back"),
        (shows(None, 0), "gives nothing back"),
    ] {
        world.writer.put(target(1), shows(Some(900), 0));
        let set = approved(&world, edit(1)).await;
        world.writer.put(target(1), now);
        let set = work(&world, set.id).await;
        assert_eq!(
            (set.status, states(&set)),
            (Status::Failed, vec![State::Drifted])
        );
        says(&set, 1, words);
    }
    assert_eq!(sent(&world), 0);
}

#[tokio::test(start_paused = true)]
async fn a_refund_whose_answer_is_lost_is_looked_for_and_never_sent_again() {
    let world = world().await;
    world.writer.fail_next(WriteFailure::LostAfter);
    let set = applied(&world, edit(1)).await;
    assert_eq!(set.status, Status::Applied, "{:?}", set.error);
    assert_eq!((sent(&world), world.writer.effects().len()), (1, 1));

    world.writer.put(target(1), shows(Some(900), 0));
    world.writer.fail_next(WriteFailure::LostBefore);
    let set = applied(&world, edit(1)).await;
    assert_eq!(set.status, Status::Unknown, "{:?}", set.error);
    assert_eq!((sent(&world), world.writer.effects().len()), (2, 1));
    assert!(set.error.unwrap().contains("the answer was lost"));
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_refunded_is_told_with_its_place() {
    let world = world().await;
    let wrong = [
        (
            RefundEdit {
                order: OrderId(7),
                ..wish(1)
            },
            "order_id",
            "not known",
        ),
        (
            RefundEdit {
                lines: Vec::new(),
                ..wish(1)
            },
            "lines",
            "from 1 to",
        ),
        (
            RefundEdit {
                lines: vec![(LineId(4), 1)],
                ..wish(1)
            },
            "lines",
            "no line",
        ),
        (
            RefundEdit {
                lines: vec![(LINE, 1), (LINE, 1)],
                ..wish(1)
            },
            "lines",
            "twice",
        ),
        (wish(3), "lines", "from 1 to 2"),
        (wish(0), "lines", "from 1 to 2"),
        (
            RefundEdit {
                restock: RestockWish::Returned(Some(LocationId(77))),
                ..wish(1)
            },
            "location_id",
            "no place",
        ),
        (
            RefundEdit {
                note: "x".repeat(201),
                ..wish(1)
            },
            "note",
            "200",
        ),
    ];
    for (edit, field, words) in wrong {
        let told = faults(propose(&world, vec![Edit::RefundOrder(edit)]).await);
        assert_eq!(told[0].0, format!("edits[0].{field}"), "{told:?}");
        assert!(told[0].1.contains(words), "{told:?}");
    }
    // What the first gives back changes what the shop computes for the second.
    let two = vec![Edit::RefundOrder(wish(1)), Edit::RefundOrder(wish(1))];
    let told = faults(propose(&world, two).await);
    assert_eq!(told[0].0, "edits[1].kind");
}

/// One refund at most so much alone, all of a day at most so much.
async fn limited(world: &World, alone: i64, day: i64) {
    let store = world.changes.store(world.workspace, None).await.unwrap();
    let version = world.changes.guardrails(&store).await.unwrap().version;
    let refunds = RefundLimits {
        alone: Some(alone),
        day: Some(day),
    };
    let limits = Limits {
        refunds,
        ..Limits::default()
    };
    let reason = Some("four eyes".to_owned());
    let change = LimitsChange {
        version,
        limits,
        reason,
    };
    let by = ann().actor;
    let set = world.changes.set_guardrails(&store, change, &by);
    set.await.unwrap();
}

fn ann() -> Approver {
    Approver {
        actor: crate::support::ann(),
        role: Role::Operator,
    }
}

async fn by(world: &World, set: &ChangeSet, who: &Approver) -> Result<ChangeSet, ChangeError> {
    let (id, digest) = (set.id, set.digest());
    let changes = &world.changes;
    changes
        .approve(world.workspace, id, who, &digest, &[], None)
        .await
}

async fn audited(world: &World, outcome: Outcome) -> usize {
    let (filter, page) = (AuditFilter::default(), PageRequest::first(200));
    let entries = world.ports.audit.entries(world.workspace, &filter, &page);
    let entries = entries.await.unwrap().items.into_iter();
    let is_it = |e: &domain::audit::Entry| {
        e.entry.action == "change_set.approve" && e.entry.outcome == outcome
    };
    entries.filter(is_it).count()
}

#[tokio::test(start_paused = true)]
async fn what_is_more_than_one_person_gives_back_alone_is_approved_by_another() {
    let world = world().await;
    let set = proposed(&world, edit(1)).await;
    // Nothing is set: as before, whoever proposed it may approve it.
    limited(&world, 899, 5_000).await;
    let Err(ChangeError::NeedsSecond(why)) = by(&world, &set, &ann()).await else {
        panic!("9.00 USD are more than 8.99 USD");
    };
    assert!(
        why.contains("at most 8.99 USD at once, and this is 9.00 USD"),
        "{why}"
    );
    assert_eq!(audited(&world, Outcome::Refused).await, 1);
    // The other one's script is no other person.
    let script = Actor::new(ActorKind::Token, Some("bob".into()), "bob's script", None);
    let script = Approver {
        actor: script,
        role: Role::Operator,
    };
    let refused = by(&world, &set, &script).await;
    assert!(
        matches!(refused, Err(ChangeError::NeedsSecond(_))),
        "{refused:?}"
    );
    approve(&world, &set).await.unwrap();
    let set = work(&world, set.id).await;
    assert_eq!((set.status, sent(&world)), (Status::Applied, 1));
    assert_eq!(audited(&world, Outcome::Done).await, 1);
}

#[tokio::test(start_paused = true)]
async fn what_one_person_gives_back_alone_adds_up_over_the_day() {
    let world = world().await;
    limited(&world, 900, 1_700).await;
    let first = proposed(&world, edit(1)).await;
    by(&world, &first, &ann()).await.unwrap();
    let store = world.changes.store(world.workspace, None).await.unwrap();
    let left = async || {
        let actor = ann().actor;
        let found = world.changes.refund_allowance(&store, &actor, |_| true);
        let found = found.await.unwrap();
        (found.used, found.left())
    };
    assert_eq!(
        left().await,
        (900, Some(800)),
        "what is approved counts, made or not"
    );
    assert_eq!(work(&world, first.id).await.status, Status::Applied);
    assert_eq!(left().await, (900, Some(800)));
    world.writer.put(target(1), shows(Some(900), 900));
    let second = proposed(&world, edit(1)).await;
    let Err(ChangeError::NeedsSecond(why)) = by(&world, &second, &ann()).await else {
        panic!("18.00 USD within a day");
    };
    assert!(
        why.contains("9.00 USD are given back") && why.contains("waits until"),
        "{why}"
    );
    world.clock.advance(chrono::Duration::hours(25));
    assert_eq!(left().await, (0, Some(900)));
}

/// What was approved while more was allowed is held back by the guard, in the transaction of its write.
#[tokio::test(start_paused = true)]
async fn a_limit_that_is_set_after_the_approval_holds_for_the_write() {
    let world = world().await;
    let set = proposed(&world, edit(1)).await;
    by(&world, &set, &ann()).await.unwrap();
    limited(&world, 100, 100).await;
    let set = work(&world, set.id).await;
    assert_eq!((states(&set), sent(&world)), (vec![State::Refused], 0));
    says(&set, 1, "somebody else than who proposed it");
}
