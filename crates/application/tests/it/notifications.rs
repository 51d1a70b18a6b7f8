//! What people are told, over the fakes: once, counted, when they want it, and as often as it takes.

use crate::world::World;
use application::notifications::{ChannelDraft, Notifications};
use application::people::People;
use chrono::Duration;
use domain::audit::{Actor, NewEntry};
use domain::notifications::{
    Channel, ChannelKind, DeliveryState, How, Notice, NoticeKind, Preferences, QuietHours,
};
use domain::sync::{SyncFailure, SyncStatus};
use ports::PageRequest;
use ports::changes::StopScope;
use ports::notices::{DeliveryFilter, NoticeFilter};
use secrecy::SecretString;
use testkit::builders::{sync_run, user};
use testkit::fakes::Sending;

fn service(world: &World) -> Notifications {
    let people = People::new(world.ports.clone());
    let url = Some("https://royal.example/".to_owned());
    Notifications::new(world.ports.clone(), world.hub.clone(), people, url)
}

fn at_once() -> Preferences {
    Preferences {
        info: How::Now,
        warning: How::Now,
        ..Preferences::OF_PERSON
    }
}

async fn channel(world: &World, kind: ChannelKind, preferences: Preferences) -> Channel {
    let draft = ChannelDraft {
        name: "Ops".to_owned(),
        url: Some(SecretString::from(
            "https://hooks.slack.com/services/s3cret",
        )),
        preferences,
        enabled: true,
    };
    let (notices, by) = (service(world), Actor::system());
    let made = notices.create_channel(world.workspace, kind, draft, &by);
    made.await.unwrap().channel
}

async fn notices(world: &World) -> Vec<Notice> {
    let (page, filter) = (PageRequest::first(50), NoticeFilter::default());
    let reader = user(1, 1).id;
    let found = service(world)
        .list(world.workspace, reader, &filter, &page)
        .await;
    found.unwrap().items.into_iter().map(|l| l.notice).collect()
}

async fn stop(world: &World) {
    let (scope, by) = (StopScope::All, Actor::system());
    let stopped = world.changes.stop(world.workspace, scope, "a test", &by);
    stopped.await.unwrap();
}

async fn lift(world: &World) {
    let (scope, by) = (StopScope::All, Actor::system());
    let lifted = world.changes.lift(world.workspace, &scope, "enough", &by);
    lifted.await.unwrap();
}

async fn state(world: &World) -> (DeliveryState, u32, Option<String>) {
    let (page, filter) = (PageRequest::first(50), DeliveryFilter::default());
    let found = service(world)
        .deliveries(world.workspace, &filter, &page)
        .await
        .unwrap();
    let newest = found.items.first().unwrap();
    (newest.state, newest.tries, newest.last_error.clone())
}

#[tokio::test]
async fn a_stop_is_told_once_however_often_the_audit_is_looked_through() {
    let world = World::new().await;
    channel(&world, ChannelKind::Slack, at_once()).await;
    stop(&world).await;
    // Each time by another process that knows nothing of the one before.
    for _ in 0..3 {
        service(&world).work_once(true).await.unwrap();
    }
    lift(&world).await;
    service(&world).work_once(true).await.unwrap();
    let told = notices(&world).await;
    let kinds: Vec<_> = told.iter().map(|n| n.kind).collect();
    assert!(kinds.contains(&NoticeKind::StopSet) && kinds.contains(&NoticeKind::StopLifted));
    assert_eq!(kinds.len(), 2);
    let given = world.messenger.given();
    assert_eq!(given.len(), 2, "{given:?}");
    assert_eq!(given[0].2, ["All writes are stopped"]);
}

#[tokio::test]
async fn what_was_interrupted_between_two_steps_goes_on() {
    let world = World::new().await;
    channel(&world, ChannelKind::Webhook, at_once()).await;
    stop(&world).await;
    assert_eq!(service(&world).follow().await.unwrap(), 1);
    // It was recorded, and its process died.
    assert_eq!(service(&world).follow().await.unwrap(), 0);
    assert_eq!(service(&world).plan().await.unwrap(), 1);
    assert_eq!(service(&world).plan().await.unwrap(), 0);
    // Whoever claims it dies before anything is sent.
    let now = world.now();
    let claim = world
        .ports
        .deliveries
        .claim_delivery(now, Duration::seconds(90))
        .await;
    let claimed = claim.unwrap().unwrap();
    assert_eq!(service(&world).deliver().await.unwrap(), 0, "it is held");
    world.clock.advance(Duration::seconds(90));
    assert_eq!(service(&world).deliver().await.unwrap(), 1);
    let given = world.messenger.given();
    assert_eq!((given.len(), given[0].0), (1, claimed.delivery.id));
    assert_eq!(state(&world).await, (DeliveryState::Sent, 2, None));
}

#[tokio::test]
async fn a_message_is_tried_five_times_with_longer_waits_and_then_given_up() {
    let world = World::new().await;
    channel(&world, ChannelKind::Webhook, at_once()).await;
    world.messenger.behave([Sending::Busy(None); 9]);
    stop(&world).await;
    service(&world).work_once(false).await.unwrap();
    for (tries, wait) in (1..).zip([30, 60, 300, 900]) {
        assert_eq!(world.messenger.given().len(), tries);
        world.clock.advance(Duration::seconds(wait - 1));
        assert_eq!(
            service(&world).deliver().await.unwrap(),
            0,
            "it waits {wait} s"
        );
        world.clock.advance(Duration::seconds(1));
        assert_eq!(service(&world).deliver().await.unwrap(), 1);
    }
    let given = world.messenger.given();
    assert!(
        given.iter().all(|(id, ..)| *id == given[0].0),
        "always the same id"
    );
    assert_eq!(
        state(&world).await,
        (DeliveryState::Dead, 5, Some("it said no".to_owned()))
    );
    world.clock.advance(Duration::hours(1));
    assert_eq!(service(&world).deliver().await.unwrap(), 0);
}

#[tokio::test]
async fn a_wait_that_is_asked_for_wins_and_a_refusal_ends_it() {
    let world = World::new().await;
    channel(&world, ChannelKind::Slack, at_once()).await;
    let minute = std::time::Duration::from_secs(61);
    world
        .messenger
        .behave([Sending::Busy(Some(minute)), Sending::Refuse]);
    stop(&world).await;
    service(&world).work_once(false).await.unwrap();
    world.clock.advance(Duration::seconds(60));
    assert_eq!(service(&world).deliver().await.unwrap(), 0);
    world.clock.advance(Duration::seconds(1));
    assert_eq!(service(&world).deliver().await.unwrap(), 1);
    assert_eq!(state(&world).await.0, DeliveryState::Dead);
}

#[tokio::test]
async fn a_channel_that_is_gone_is_switched_off_and_that_is_told() {
    let world = World::new().await;
    let made = channel(&world, ChannelKind::Slack, at_once()).await;
    world.messenger.behave([Sending::Gone]);
    stop(&world).await;
    service(&world).work_once(true).await.unwrap();
    service(&world).work_once(true).await.unwrap();
    let stored = service(&world)
        .channel(world.workspace, made.id)
        .await
        .unwrap();
    assert!(!stored.enabled && stored.off_reason.is_some());
    let off = notices(&world).await;
    let off: Vec<_> = off
        .iter()
        .filter(|n| n.kind == NoticeKind::ChannelOff)
        .collect();
    assert_eq!(off.len(), 1);
    assert!(off[0].title.starts_with("Ops was switched off"));
    lift(&world).await;
    service(&world).work_once(true).await.unwrap();
    assert_eq!(
        world.messenger.given().len(),
        1,
        "nothing goes there any more"
    );
    let draft = ChannelDraft {
        name: "Ops".to_owned(),
        url: None,
        preferences: at_once(),
        enabled: true,
    };
    let by = Actor::system();
    let set = service(&world)
        .set_channel(world.workspace, made.id, &draft, &by)
        .await
        .unwrap();
    assert!(set.enabled && set.off_reason.is_none());
    stop(&world).await;
    service(&world).work_once(true).await.unwrap();
    assert_eq!(
        world.messenger.given().len(),
        2,
        "the address is still known"
    );
}

#[tokio::test]
async fn a_digest_tells_all_that_came_in_one_message() {
    let world = World::new().await;
    let wanted = Preferences {
        critical: How::Digest,
        warning: How::Digest,
        zone: "Europe/Berlin".parse().ok(),
        ..Preferences::OF_PERSON
    };
    channel(&world, ChannelKind::Slack, wanted).await;
    stop(&world).await;
    service(&world).work_once(false).await.unwrap();
    world.clock.advance(Duration::hours(2));
    lift(&world).await;
    service(&world).work_once(false).await.unwrap();
    assert!(world.messenger.given().is_empty());
    // Eight in Berlin is six in UTC.
    world
        .clock
        .set(testkit::builders::at("2026-07-02T06:00:00Z"));
    for _ in 0..3 {
        service(&world).work_once(false).await.unwrap();
    }
    let given = world.messenger.given();
    assert_eq!(given.len(), 1);
    assert_eq!(given[0].2, ["All writes are stopped", "Writes go on"]);
}

#[tokio::test]
async fn quiet_hours_hold_what_is_not_critical() {
    let world = World::new().await;
    let time = |hour| chrono::NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
    let wanted = Preferences {
        quiet: QuietHours::new(time(11), time(15)),
        zone: "UTC".parse().ok(),
        ..at_once()
    };
    channel(&world, ChannelKind::Slack, wanted).await;
    stop(&world).await;
    lift(&world).await;
    service(&world).work_once(false).await.unwrap();
    assert_eq!(world.messenger.given().len(), 1, "the stop is critical");
    world.clock.advance(Duration::hours(3));
    service(&world).work_once(false).await.unwrap();
    assert_eq!(world.messenger.given().len(), 2);
}

#[tokio::test]
async fn syncs_that_fail_are_one_notice_of_their_connection() {
    let world = World::new().await;
    let connection = world.connected().await.connection;
    for number in 1..=3 {
        let mut run = sync_run(&connection, number);
        run.created_at = world.now();
        world.ports.syncs.create(&run, None).await.unwrap();
        let lease = world
            .ports
            .syncs
            .claim(world.now(), Duration::minutes(1))
            .await;
        let mut lease = lease.unwrap().unwrap();
        lease.run.status = SyncStatus::Failed;
        lease.run.finished_at = Some(world.now());
        lease.run.error = Some(SyncFailure {
            message: "it does not answer".to_owned(),
            remedy: String::new(),
        });
        let advanced = world
            .ports
            .syncs
            .advance(&lease, world.now(), Duration::minutes(1));
        advanced.await.unwrap();
        for _ in 0..2 {
            service(&world).sweep().await.unwrap();
        }
        world.clock.advance(Duration::minutes(5));
    }
    let told = notices(&world).await;
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].kind, told[0].count), (NoticeKind::SyncFailed, 3));
    assert_eq!(told[0].facts[0].value, "it does not answer");
}

#[tokio::test]
async fn an_agent_that_is_set_back_by_itself_is_told_and_one_that_a_person_sets_is_not() {
    let world = World::new().await;
    let entry = |by| {
        let target = ("agent", "pricing_optimizer", "Pricing");
        NewEntry::done(world.workspace, world.now(), by, "agent.configure", target)
            .before(&serde_json::json!({ "autonomy": "act" }))
            .after(&serde_json::json!({ "autonomy": "propose" }))
            .because("1 of its 9 measured predictions came true")
    };
    let person = Actor::new(domain::audit::ActorKind::Person, None, "ann", None);
    let both = [entry(person), entry(Actor::system())];
    world.ports.audit.record(&both).await.unwrap();
    service(&world).work_once(true).await.unwrap();
    let told = notices(&world).await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].kind, NoticeKind::AutonomyLowered);
}

#[tokio::test]
async fn a_test_is_sent_once_at_once_and_kept() {
    let world = World::new().await;
    let made = channel(&world, ChannelKind::Webhook, at_once()).await;
    world.messenger.behave([Sending::Busy(None)]);
    let sent = service(&world)
        .test_channel(world.workspace, made.id)
        .await
        .unwrap();
    assert_eq!((sent.state, sent.test), (DeliveryState::Dead, true));
    world.clock.advance(Duration::seconds(1));
    let sent = service(&world)
        .test_channel(world.workspace, made.id)
        .await
        .unwrap();
    assert_eq!(sent.state, DeliveryState::Sent);
    service(&world).work_once(true).await.unwrap();
    assert_eq!(
        world.messenger.given().len(),
        2,
        "nothing is sent again by itself"
    );
    assert_eq!(state(&world).await.0, DeliveryState::Sent);
    let stored = service(&world)
        .channel(world.workspace, made.id)
        .await
        .unwrap();
    assert!(stored.failing_since.is_none() && stored.last_sent_at.is_some());
}

#[tokio::test]
async fn machines_are_told_at_once() {
    let world = World::new().await;
    let draft = ChannelDraft {
        name: "Ledger".to_owned(),
        url: Some(SecretString::from("https://example.com/in")),
        preferences: Preferences::OF_PERSON,
        enabled: true,
    };
    let (kind, by) = (ChannelKind::Webhook, Actor::system());
    let refused = service(&world)
        .create_channel(world.workspace, kind, draft, &by)
        .await;
    assert!(refused.is_err());
    assert!(
        service(&world)
            .channels(world.workspace)
            .await
            .unwrap()
            .is_empty()
    );
}
