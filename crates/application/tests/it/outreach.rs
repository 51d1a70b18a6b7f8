//! Segments of people who may be written to: who is in them, who agreed, and that nobody is told twice or too often.

use crate::world::World;
use application::notifications::{ChannelDraft, Notifications};
use application::outreach::{LimitsChange, Outreach, OutreachError, Way};
use application::people::People;
use chrono::Duration;
use domain::audit::{Actor, ActorKind};
use domain::ids::{ChannelId, CheckoutId, CustomerId, ProductId};
use domain::notifications::{ChannelKind, How, Preferences};
use domain::outreach::{
    Checkout, Consent, Contact, Delivery, DeliveryState, ExportState, LeftOut, MarketingState,
    OutreachChannel, OutreachExport, OutreachLimits, Reach, SegmentRule, WAITS,
};
use domain::privacy::PrivacyKind;
use domain::store::Store;
use ports::outreach::{HELD, Release};
use ports::source::{Fact, PrivacyNotice};
use testkit::builders::{LineBuilder, OrderBuilder, at};
use testkit::fakes::Sending;
use uuid::Uuid;

fn ann() -> Actor {
    Actor::new(ActorKind::Person, Some("ann".to_owned()), "ann", None)
}

fn sale(id: i64, customer: i64, on: &str, product: i64) -> Fact {
    let sold = at(on);
    let line = LineBuilder::new(1, 1, 1_000).product(product);
    Fact::Order(Box::new(
        OrderBuilder::new(id)
            .sold_at(sold)
            .updated_at(sold)
            .customer(customer)
            .line(line)
            .paid(Some(50))
            .build(),
    ))
}

fn contact(customer: i64, state: MarketingState) -> Contact {
    let reach = |address: String| Reach {
        address,
        consent: Consent {
            state,
            since: Some(at("2026-01-01T00:00:00Z")),
        },
    };
    Contact {
        customer: CustomerId(customer),
        name: Some(format!("Person {customer}")),
        email: Some(reach(format!("p{customer}@example.com"))),
        phone: None,
    }
}

/// The first came lately, the second comes back, the third stayed away, the fourth did not agree, the fifth is not shown.
async fn world() -> (World, Outreach, Store) {
    let world = World::new().await;
    for (id, customer, on, product) in [
        (1, 1, "2026-06-20T10:00:00Z", 1),
        (2, 2, "2026-05-20T10:00:00Z", 1),
        (3, 2, "2026-06-25T10:00:00Z", 2),
        (4, 3, "2026-01-05T10:00:00Z", 1),
        (5, 4, "2026-06-21T10:00:00Z", 2),
        (6, 5, "2026-06-22T10:00:00Z", 2),
    ] {
        world.shop.put(sale(id, customer, on, product));
    }
    world.synced().await;
    let yes = MarketingState::Subscribed;
    world.shop.set_contacts(vec![
        contact(1, yes),
        contact(2, yes),
        contact(3, yes),
        contact(4, MarketingState::Unsubscribed),
    ]);
    let outreach = Outreach::new(world.ports.clone(), world.connections.clone());
    let store = outreach.store(world.workspace, None).await.unwrap();
    (world, outreach, store)
}

fn way(rule: SegmentRule) -> Way {
    Way {
        rule,
        channel: OutreachChannel::Email,
        by: ann(),
    }
}

async fn named(outreach: &Outreach, store: &Store, rule: SegmentRule) -> Vec<i64> {
    let made = outreach.export(store, &way(rule)).await.unwrap();
    made.people.iter().map(|of| of.customer.0).collect()
}

#[tokio::test(start_paused = true)]
async fn only_who_agreed_is_named_and_for_one_cause_once() {
    let (world, outreach, store) = world().await;
    let made = outreach
        .export(&store, &way(SegmentRule::New))
        .await
        .unwrap();
    let people: Vec<_> = made
        .people
        .iter()
        .map(|of| (of.customer.0, of.address.as_str(), of.cause.0.as_str()))
        .collect();
    assert_eq!(people, [(1, "p1@example.com", "new:2026-06-20")]);
    let export = &made.export;
    assert_eq!((export.members, export.told), (3, 1));
    assert_eq!(export.left_out[&LeftOut::NoConsent], 1);
    assert_eq!(export.left_out[&LeftOut::NotKnown], 1);
    // The same cause never again, however long ago.
    world.clock.advance(Duration::days(8));
    assert!(named(&outreach, &store, SegmentRule::New).await.is_empty());
    // No number to send to.
    let sms = Way {
        channel: OutreachChannel::Sms,
        ..way(SegmentRule::Repeat)
    };
    let made = outreach.export(&store, &sms).await.unwrap();
    assert_eq!(made.export.left_out[&LeftOut::NoAddress], 1);
    let kept = outreach.exports(&store).await.unwrap();
    assert_eq!(kept.len(), 3);
    assert_eq!(kept[2].by.name, "ann");
}

#[tokio::test(start_paused = true)]
async fn a_person_is_told_no_more_often_than_the_limits_let_over_all_segments() {
    let (world, outreach, store) = world().await;
    let bought = |product| SegmentRule::Bought(ProductId(product));
    assert_eq!(named(&outreach, &store, bought(1)).await, [1, 2, 3]);
    // The second was told something: not again within the week.
    assert!(
        named(&outreach, &store, SegmentRule::Repeat)
            .await
            .is_empty()
    );
    world.clock.advance(Duration::days(7));
    assert!(
        named(&outreach, &store, SegmentRule::Repeat)
            .await
            .is_empty()
    );
    world.clock.advance(Duration::seconds(1));
    assert_eq!(named(&outreach, &store, SegmentRule::Repeat).await, [2]);
    let more = OutreachLimits {
        most: 2,
        ..OutreachLimits::default()
    };
    let change = |version, limits| LimitsChange { version, limits };
    let set = outreach.set_settings(&store, change(0, more), &ann()).await;
    assert_eq!(set.unwrap().version, 1);
    assert_eq!(named(&outreach, &store, bought(2)).await, [2]);
    let stale = outreach.set_settings(&store, change(0, more), &ann()).await;
    assert!(matches!(stale, Err(OutreachError::SetMeanwhile)));
    let none = OutreachLimits { most: 0, ..more };
    let wrong = outreach.set_settings(&store, change(1, none), &ann()).await;
    assert!(matches!(wrong, Err(OutreachError::Invalid(faults)) if faults[0].field == "most"));
}

#[tokio::test(start_paused = true)]
async fn a_checkout_is_followed_once_unless_something_was_bought_since() {
    let (world, outreach, store) = world().await;
    let cart = |id, customer, on: &str| Checkout {
        id: CheckoutId(id),
        customer: Some(CustomerId(customer)),
        created_at: at(on),
        updated_at: at(on),
        completed_at: None,
        total: 4_500,
        currency: "USD".parse().unwrap(),
        url: Some(format!("https://acme.example/c/{id}")),
    };
    let mut done = cart(4, 3, "2026-06-30T10:00:00Z");
    done.completed_at = Some(done.updated_at);
    world.shop.set_checkouts(vec![
        cart(1, 1, "2026-06-30T10:00:00Z"),
        cart(2, 1, "2026-06-29T10:00:00Z"),
        // Bought on that day.
        cart(3, 2, "2026-06-25T09:00:00Z"),
        done,
        cart(5, 3, "2026-07-01T09:00:00Z"),
    ]);
    let rule = SegmentRule::AbandonedCheckout;
    let made = outreach.export(&store, &way(rule)).await.unwrap();
    let people: Vec<_> = made
        .people
        .iter()
        .map(|of| {
            (
                of.customer.0,
                of.cause.0.as_str(),
                of.checkout.as_ref().unwrap().id.0,
            )
        })
        .collect();
    assert_eq!(people, [(1, "checkout:1", 1)]);
    // An hour later the last one is four hours old, and the first was told of his.
    world.clock.advance(Duration::hours(1));
    assert_eq!(named(&outreach, &store, rule).await, [3]);
}

#[tokio::test(start_paused = true)]
async fn who_is_forgotten_is_in_no_segment_and_leaves_nothing_here() {
    let (world, outreach, store) = world().await;
    let bought = SegmentRule::Bought(ProductId(1));
    assert_eq!(named(&outreach, &store, bought).await, [1, 2, 3]);
    let connection = world.ports.connections.list(None).await.unwrap().remove(0);
    let notice = PrivacyNotice {
        kind: PrivacyKind::CustomerRedact,
        key: "k".to_owned(),
        customer: Some(CustomerId(2)),
        orders: vec![],
    };
    world.privacy.receive(&connection, notice).await.unwrap();
    world.privacy.work_once().await.unwrap();
    let told = &world.ports.outreach;
    assert!(
        told.told(store.scope, CustomerId(2))
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(
        told.told(store.scope, CustomerId(3)).await.unwrap().len(),
        1
    );
    let members = outreach.members(&store, bought).await.unwrap();
    let members: Vec<i64> = members.iter().map(|m| m.customer.0).collect();
    assert_eq!(members, [1, 3]);
}

/// A webhook that is switched on.
async fn webhook(world: &World) -> ChannelId {
    let people = People::new(world.ports.clone());
    let notices = Notifications::new(world.ports.clone(), world.hub.clone(), people, None);
    let draft = ChannelDraft {
        name: "Mail tool".to_owned(),
        url: Some("https://mail.example/in".to_owned().into()),
        preferences: Preferences {
            info: How::Now,
            warning: How::Now,
            ..Preferences::OF_PERSON
        },
        enabled: true,
    };
    let (kind, by) = (ChannelKind::Webhook, ann());
    let made = notices.create_channel(world.workspace, kind, draft, &by);
    made.await.unwrap().channel.id
}

#[tokio::test(start_paused = true)]
async fn what_is_sent_is_signed_once_and_taken_back_where_it_was_refused() {
    let (world, outreach, store) = world().await;
    let channel = webhook(&world).await;
    let rule = SegmentRule::Bought(ProductId(1));
    world.messenger.behave([Sending::Refuse]);
    let refused = outreach.send(&store, &way(rule), channel).await;
    assert!(matches!(refused, Err(OutreachError::NotTaken(_))));
    let kept = outreach.exports(&store).await.unwrap();
    assert_eq!(kept[0].state, ExportState::TakenBack);
    // Nobody counts as told: it may be sent anew, under another id.
    let made = outreach.send(&store, &way(rule), channel).await.unwrap();
    assert_eq!(made.export.told, 3);
    assert_eq!(delivery(&made.export).state, DeliveryState::Taken);
    let posted = world.messenger.posted();
    assert_eq!(posted.len(), 2);
    assert_ne!(posted[0].0, posted[1].0);
    let body: serde_json::Value = serde_json::from_str(&posted[1].2).unwrap();
    assert_eq!(body["type"], "segment.exported");
    assert_eq!(body["data"]["people"][0]["address"], "p1@example.com");
    let nobody = outreach
        .send(&store, &way(rule), ChannelId(Uuid::nil()))
        .await;
    assert!(matches!(nobody, Err(OutreachError::UnknownChannel)));
}

fn delivery(export: &OutreachExport) -> &Delivery {
    export.delivery.as_ref().unwrap()
}

async fn newest(outreach: &Outreach, store: &Store) -> OutreachExport {
    outreach.exports(store).await.unwrap().remove(0)
}

/// Customers that each message named.
fn named_by(world: &World) -> Vec<Vec<String>> {
    let posted = world.messenger.posted().into_iter();
    let people = posted.map(|(_, _, body)| {
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        let people = body["data"]["people"].as_array().unwrap().clone();
        let ids = people.iter();
        ids.map(|of| of["customer_id"].as_str().unwrap().to_owned())
            .collect()
    });
    people.collect()
}

#[tokio::test(start_paused = true)]
async fn what_was_not_taken_is_tried_again_under_one_id_and_asks_for_consent_each_time() {
    let (world, outreach, store) = world().await;
    let channel = webhook(&world).await;
    let rule = SegmentRule::Bought(ProductId(1));
    world
        .messenger
        .behave([Sending::Unreachable, Sending::Unreachable, Sending::Take]);
    let made = outreach.send(&store, &way(rule), channel).await.unwrap();
    let of = delivery(&made.export);
    let first = (of.state, of.tries, of.may_be_there);
    assert_eq!(first, (DeliveryState::Waiting, 1, false));
    assert_eq!(of.reason.as_deref(), Some("it said no"));
    // Not before it is due; another process takes it up.
    assert!(!outreach.send_due().await.unwrap());
    let elsewhere = Outreach::new(world.ports.clone(), world.connections.clone());
    world.clock.advance(Duration::seconds(30));
    assert!(elsewhere.send_due().await.unwrap());
    // The third withdrew their consent meanwhile: they are not named, and may be told by another export.
    let (yes, no) = (MarketingState::Subscribed, MarketingState::Unsubscribed);
    let contacts = vec![contact(1, yes), contact(2, yes), contact(3, no)];
    world.shop.set_contacts(contacts);
    world.clock.advance(Duration::seconds(120));
    assert!(elsewhere.send_due().await.unwrap());
    let kept = newest(&outreach, &store).await;
    let of = delivery(&kept);
    assert_eq!((of.state, of.tries), (DeliveryState::Taken, 3));
    assert_eq!((of.due_at, &of.reason), (None, &None));
    assert_eq!((kept.told, kept.left_out[&LeftOut::NoConsent]), (2, 1));
    let ids: Vec<Uuid> = world.messenger.posted().iter().map(|p| p.0).collect();
    assert_eq!(ids, vec![made.export.id.0; 3]);
    let all = vec!["1", "2", "3"];
    assert_eq!(named_by(&world), [all.clone(), all, vec!["1", "2"]]);
    world.clock.advance(Duration::days(1));
    assert!(!outreach.send_due().await.unwrap());
    let told = world.ports.outreach.told(store.scope, CustomerId(3)).await;
    assert!(told.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn tries_are_bounded_and_what_never_arrived_is_taken_back() {
    let (world, outreach, store) = world().await;
    let channel = webhook(&world).await;
    let rule = SegmentRule::Bought(ProductId(1));
    world.messenger.behave([Sending::Unreachable; 6]);
    outreach.send(&store, &way(rule), channel).await.unwrap();
    for wait in WAITS {
        world.clock.advance(Duration::seconds(wait));
        assert!(outreach.send_due().await.unwrap());
    }
    let kept = newest(&outreach, &store).await;
    let of = delivery(&kept);
    assert_eq!((of.state, of.tries), (DeliveryState::GivenUp, 6));
    assert_eq!(kept.state, ExportState::TakenBack);
    world.clock.advance(Duration::days(2));
    assert!(!outreach.send_due().await.unwrap());
    assert_eq!(world.messenger.posted().len(), 6);
    assert_eq!(named(&outreach, &store, rule).await, [1, 2, 3]);
    let again = outreach.try_again(&store, kept.id, true, &ann()).await;
    assert!(matches!(again, Err(OutreachError::CannotBe(_))));
}

#[tokio::test(start_paused = true)]
async fn what_may_have_arrived_is_sent_again_only_by_who_says_that_repeats_are_dropped() {
    let (world, outreach, store) = world().await;
    let channel = webhook(&world).await;
    let rule = SegmentRule::Bought(ProductId(1));
    world.messenger.behave([Sending::Silent]);
    let unknown = outreach.send(&store, &way(rule), channel).await;
    assert!(matches!(unknown, Err(OutreachError::MayHaveArrived(_))));
    world.clock.advance(Duration::days(3));
    assert!(!outreach.send_due().await.unwrap(), "not by itself");
    assert!(named(&outreach, &store, rule).await.is_empty());
    let id = outreach
        .exports(&store)
        .await
        .unwrap()
        .into_iter()
        .find(|export| export.delivery.is_some())
        .unwrap()
        .id;
    let refused = outreach.try_again(&store, id, false, &ann()).await;
    assert!(matches!(refused, Err(OutreachError::CannotBe(_))));
    outreach.try_again(&store, id, true, &ann()).await.unwrap();
    assert!(outreach.send_due().await.unwrap());
    let posted = world.messenger.posted();
    assert_eq!([posted[0].0, posted[1].0], [id.0, id.0]);
    let over = outreach.give_up(&store, id, &ann()).await;
    assert!(matches!(over, Err(OutreachError::CannotBe(_))));
}

#[tokio::test(start_paused = true)]
async fn whoever_dies_while_it_is_on_its_way_leaves_it_unknown_and_between_tries_nothing_is_lost() {
    let (world, outreach, store) = world().await;
    let channel = webhook(&world).await;
    let rule = SegmentRule::Bought(ProductId(1));
    world.messenger.behave([Sending::Busy(None)]);
    let made = outreach.send(&store, &way(rule), channel).await.unwrap();
    assert!(
        delivery(&made.export).may_be_there,
        "it answered with a failure"
    );
    // It is claimed, and its sender dies before it says that it sends it.
    world.clock.advance(Duration::seconds(30));
    let port = &world.ports.outreach;
    let now = || world.ports.clock.now();
    assert!(port.claim_sending(now(), HELD).await.unwrap().is_some());
    assert!(!outreach.send_due().await.unwrap());
    world.clock.advance(HELD);
    // The next one says so, and dies then.
    let mut lease = port.claim_sending(now(), HELD).await.unwrap().unwrap();
    lease.export.delivery.as_mut().unwrap().begin();
    let until = Some(now() + HELD);
    port.advance_sending(&lease, until, Release::Nobody)
        .await
        .unwrap();
    world.clock.advance(HELD);
    assert!(outreach.send_due().await.unwrap());
    let kept = newest(&outreach, &store).await;
    assert_eq!(delivery(&kept).state, DeliveryState::Unknown);
    assert_eq!(
        world.messenger.posted().len(),
        1,
        "not sent again by itself"
    );
    let left = outreach.give_up(&store, kept.id, &ann()).await.unwrap();
    assert_eq!(
        left.state,
        ExportState::Made,
        "whom it names counts as told"
    );
    assert!(named(&outreach, &store, rule).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_person_lets_go_what_waits_or_has_it_tried_at_once() {
    let (world, outreach, store) = world().await;
    let channel = webhook(&world).await;
    let rule = SegmentRule::Bought(ProductId(1));
    world
        .messenger
        .behave([Sending::Unreachable, Sending::Unreachable, Sending::Take]);
    let made = outreach.send(&store, &way(rule), channel).await.unwrap();
    let left = outreach.give_up(&store, made.export.id, &ann()).await;
    assert_eq!(left.unwrap().state, ExportState::TakenBack);
    let made = outreach.send(&store, &way(rule), channel).await.unwrap();
    assert!(!outreach.send_due().await.unwrap());
    let id = made.export.id;
    outreach.try_again(&store, id, false, &ann()).await.unwrap();
    assert!(outreach.send_due().await.unwrap());
    let kept = newest(&outreach, &store).await;
    assert_eq!(delivery(&kept).state, DeliveryState::Taken);
    let file = outreach
        .export(&store, &way(SegmentRule::New))
        .await
        .unwrap();
    let file = outreach.give_up(&store, file.export.id, &ann()).await;
    assert!(matches!(file, Err(OutreachError::NotSent)));
}
