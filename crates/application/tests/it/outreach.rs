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
    Checkout, Consent, Contact, ExportState, LeftOut, MarketingState, OutreachChannel,
    OutreachLimits, Reach, SegmentRule,
};
use domain::privacy::PrivacyKind;
use domain::store::Store;
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
    // Nobody counts as told; busy twice, then taken, all under one id.
    world
        .messenger
        .behave([Sending::Busy(None), Sending::Busy(None), Sending::Take]);
    let made = outreach.send(&store, &way(rule), channel).await.unwrap();
    assert_eq!(made.export.told, 3);
    let posted = world.messenger.posted();
    let tries: Vec<_> = posted.iter().skip(1).map(|(id, _, _)| *id).collect();
    assert_eq!(tries, vec![made.export.id.0; 3]);
    let body: serde_json::Value = serde_json::from_str(&posted[3].2).unwrap();
    assert_eq!(body["type"], "segment.exported");
    assert_eq!(body["data"]["people"][0]["address"], "p1@example.com");
    // Busy for good: it may have arrived, and is not sent to them again.
    world.clock.advance(Duration::days(30));
    let rule = SegmentRule::Repeat;
    world.messenger.behave([Sending::Busy(None); 3]);
    let unknown = outreach.send(&store, &way(rule), channel).await;
    assert!(matches!(unknown, Err(OutreachError::MayHaveArrived(_))));
    assert!(named(&outreach, &store, rule).await.is_empty());
    let nobody = outreach
        .send(&store, &way(rule), ChannelId(Uuid::nil()))
        .await;
    assert!(matches!(nobody, Err(OutreachError::UnknownChannel)));
}

#[tokio::test(start_paused = true)]
async fn what_is_refused_after_a_try_that_may_have_arrived_may_be_there() {
    let (world, outreach, store) = world().await;
    let channel = webhook(&world).await;
    let rule = SegmentRule::Bought(ProductId(1));
    world
        .messenger
        .behave([Sending::Busy(None), Sending::Refuse]);
    let unknown = outreach.send(&store, &way(rule), channel).await;
    assert!(matches!(unknown, Err(OutreachError::MayHaveArrived(_))));
    assert!(named(&outreach, &store, rule).await.is_empty());
}
