//! Laws of [`ports::outreach::OutreachStore`].

use super::members::actions;
use super::tools::{connected, one_wins, race, refused};
use crate::Stores;
use crate::builders::{at, audit_entry, connection};
use chrono::Duration;
use domain::audit::Actor;
use domain::ids::{ChannelId, CustomerId, OutreachExportId, StoreScope};
use domain::outreach::{
    Cap, Cause, Claim, Delivery, DeliveryState, ExportState, LeftOut, OutreachChannel,
    OutreachExport, OutreachLimits, OutreachSettings,
};
use ports::Kind;
use ports::outreach::{HELD, OutreachLease, Release};
use std::collections::BTreeMap;
use uuid::Uuid;

fn export(scope: StoreScope, number: u128, when: &str) -> OutreachExport {
    OutreachExport {
        id: OutreachExportId(Uuid::from_u128(number)),
        scope,
        segment: "new".to_owned(),
        channel: OutreachChannel::Email,
        via: "csv".to_owned(),
        by: Actor::system(),
        at: at(when),
        state: ExportState::Made,
        members: 3,
        told: 0,
        left_out: BTreeMap::from([(LeftOut::NoConsent, 1)]),
        delivery: None,
    }
}

fn cap(most: u32, since: &str) -> Cap {
    Cap {
        most,
        since: at(since),
    }
}

fn wanted(pairs: &[(i64, &str)]) -> Vec<(CustomerId, Cause)> {
    let pairs = pairs.iter();
    pairs
        .map(|(id, cause)| (CustomerId(*id), Cause((*cause).to_owned())))
        .collect()
}

const DAY: &str = "2026-02-01T09:00:00Z";
const LATER: &str = "2026-02-09T09:00:00Z";

pub async fn nobody_is_told_twice_for_a_cause_nor_too_often(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let port = &stores.outreach;
    let entry = audit_entry(here.workspace, "segment.export");
    let asked = wanted(&[(1, "new:a"), (2, "new:a"), (1, "repeat:2"), (1, "new:a")]);
    let first = export(here, 1, DAY);
    let week = cap(1, "2026-01-25T09:00:00Z");
    let (claims, made) = port
        .claim_outreach(&first, &asked, week, &entry)
        .await
        .expect("claimed");
    let too_often = Claim::LeftOut(LeftOut::TooOften);
    let already = Claim::LeftOut(LeftOut::AlreadyTold);
    assert_eq!(claims, [Claim::Granted, Claim::Granted, too_often, already]);
    assert_eq!(made.told, 2);
    let left = BTreeMap::from([
        (LeftOut::NoConsent, 1),
        (LeftOut::AlreadyTold, 1),
        (LeftOut::TooOften, 1),
    ]);
    assert_eq!(made.left_out, left);
    // A week later another cause is one, and the same cause never.
    let second = export(here, 2, LATER);
    let asked = wanted(&[(1, "new:a"), (1, "repeat:2")]);
    let (claims, _) = port
        .claim_outreach(&second, &asked, cap(1, "2026-02-02T09:00:00Z"), &entry)
        .await
        .expect("claimed");
    assert_eq!(claims, [already, Claim::Granted]);
    let told = port.told(here, CustomerId(1)).await.expect("answered");
    let told: Vec<(String, _)> = told.into_iter().map(|t| (t.cause.0, t.at)).collect();
    assert_eq!(
        told,
        [
            ("new:a".to_owned(), at(DAY)),
            ("repeat:2".to_owned(), at(LATER))
        ]
    );
    let exports = port.outreach_exports(here, 10).await.expect("answered");
    assert_eq!(exports.len(), 2);
    assert_eq!(exports[1], made);
    let newest = port.outreach_exports(here, 1).await.expect("answered");
    assert_eq!(newest[0].id, second.id);
    assert_eq!(actions(&stores, here.workspace).await.len(), 2);
    // Another store knows nothing of it.
    let there = connected(&stores, 1, 2).await;
    assert!(
        port.told(there, CustomerId(1))
            .await
            .expect("answered")
            .is_empty()
    );
    assert!(
        port.outreach_exports(there, 9)
            .await
            .expect("answered")
            .is_empty()
    );
}

pub async fn who_is_merged_was_told_what_the_other_was(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let entry = audit_entry(here.workspace, "segment.export");
    let asked = wanted(&[(1, "new:a"), (2, "new:a"), (1, "high:9")]);
    let made = export(here, 1, DAY);
    let week = cap(9, "2026-01-25T09:00:00Z");
    let port = &stores.outreach;
    let claimed = port.claim_outreach(&made, &asked, week, &entry).await;
    claimed.expect("claimed");
    let merged = stores
        .privacy
        .merge(here, CustomerId(1), CustomerId(2), at(LATER));
    merged.await.expect("merged");
    let told = port.told(here, CustomerId(2)).await.expect("answered");
    let causes: Vec<String> = told.into_iter().map(|t| t.cause.0).collect();
    assert_eq!(causes, ["high:9", "new:a"]);
    let gone = port.told(here, CustomerId(1)).await.expect("answered");
    assert!(gone.is_empty());
}

pub async fn of_exports_at_once_one_names_a_person(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let entry = audit_entry(here.workspace, "segment.export");
    let results = race(|number| {
        let (port, entry) = (stores.outreach.clone(), entry.clone());
        let export = export(here, 10 + u128::from(number), DAY);
        async move {
            // Each for a cause of its own: the limit over all of them is what counts.
            let asked = wanted(&[(1, &format!("cause:{number}"))]);
            let week = cap(1, "2026-01-25T09:00:00Z");
            port.claim_outreach(&export, &asked, week, &entry).await
        }
    })
    .await;
    let granted = results.iter().filter(|result| {
        let (claims, _) = result.as_ref().expect("claimed");
        claims[0] == Claim::Granted
    });
    assert_eq!(granted.count(), 1);
    let told = stores.outreach.told(here, CustomerId(1)).await;
    assert_eq!(told.expect("answered").len(), 1);
}

fn sent(scope: StoreScope, number: u128, when: &str) -> OutreachExport {
    OutreachExport {
        delivery: Some(Delivery::new(ChannelId(Uuid::from_u128(9)))),
        ..export(scope, number, when)
    }
}

fn waiting(export: &OutreachExport, until: &str) -> OutreachExport {
    let mut export = export.clone();
    let delivery = export.delivery.as_mut().expect("it is sent");
    delivery.state = DeliveryState::Waiting;
    delivery.due_at = Some(at(until));
    export
}

/// Held by its maker, then due when it says, by one caller; who comes late writes nothing.
pub async fn what_waits_is_held_by_one_and_due_when_it_says(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let port = &stores.outreach;
    let entry = audit_entry(here.workspace, "segment.export");
    let open = cap(9, DAY);
    let asked = wanted(&[(1, "new:a"), (2, "new:a"), (3, "new:a")]);
    let (file, made) = (export(here, 1, DAY), sent(here, 2, DAY));
    let claimed = port.claim_outreach(&file, &asked[..1], open, &entry).await;
    claimed.expect("claimed");
    let (_, made) = port
        .claim_outreach(&made, &asked[1..], open, &entry)
        .await
        .expect("claimed");
    let lease = Duration::minutes(2);
    let early = port.claim_sending(at(DAY) + HELD - Duration::seconds(1), lease);
    assert_eq!(early.await.expect("answered"), None, "its maker has it");
    let mine = OutreachLease {
        export: waiting(&made, LATER),
        fence: 1,
    };
    let put = port.advance_sending(&mine, None, Release::Nobody).await;
    put.expect("stored");
    refused(
        port.advance_sending(&mine, None, Release::Nobody).await,
        Kind::Conflict,
    );
    let early = port.claim_sending(at(LATER) - Duration::seconds(1), lease);
    assert_eq!(early.await.expect("answered"), None, "it is not due");
    let results = race(|_| {
        let port = port.clone();
        async move { port.claim_sending(at(LATER), lease).await }
    })
    .await;
    let mut taken = results.into_iter().filter_map(|one| one.expect("answered"));
    let first = taken.next().expect("one has it");
    assert_eq!(taken.next(), None);
    assert_eq!(first.export, mine.export);
    // Its holder dies: who takes it up next has the last word.
    let next = port.claim_sending(at(LATER) + lease, lease).await;
    let next = next.expect("answered").expect("it is due again");
    refused(
        port.advance_sending(&first, None, Release::Nobody).await,
        Kind::Conflict,
    );
    let held = at(LATER) + lease + lease;
    port.advance_sending(&next, Some(held), Release::These(&[CustomerId(2)]))
        .await
        .expect("stored");
    let people = port.outreach_people(here, made.id).await;
    assert_eq!(people.expect("answered"), wanted(&[(3, "new:a")]));
    let mut over = next.clone();
    let delivery = over.export.delivery.as_mut().expect("it is sent");
    delivery.end(domain::outreach::Tried::Taken, held);
    let put = port.advance_sending(&over, None, Release::Nobody).await;
    put.expect("stored");
    let nothing = port.claim_sending(held + lease, lease).await;
    assert_eq!(
        nothing.expect("answered"),
        None,
        "it is over, and a file never was due"
    );
    let found = port.outreach_export(here, made.id).await;
    assert_eq!(found.expect("answered"), Some(over.export));
    let there = connected(&stores, 1, 2).await;
    let found = port.outreach_export(there, made.id).await;
    assert_eq!(found.expect("answered"), None);
}

/// Of what somebody saw: not of what it has become since. Whoever held it writes nothing any more.
pub async fn a_decision_is_of_what_was_seen(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let port = &stores.outreach;
    let entry = audit_entry(here.workspace, "segment.export");
    let asked = wanted(&[(1, "new:a"), (2, "new:a")]);
    let other = export(here, 1, DAY);
    let claimed = port.claim_outreach(&other, &asked[..1], cap(9, DAY), &entry);
    claimed.await.expect("claimed");
    let made = sent(here, 2, DAY);
    let (_, made) = port
        .claim_outreach(&made, &asked[1..], cap(9, DAY), &entry)
        .await
        .expect("claimed");
    let held = OutreachLease {
        export: made.clone(),
        fence: 1,
    };
    let mut given_up = made.clone();
    given_up.state = ExportState::TakenBack;
    let delivery = given_up.delivery.as_mut().expect("it is sent");
    delivery.state = DeliveryState::GivenUp;
    let before = actions(&stores, here.workspace).await.len();
    let decide = |seen: OutreachExport| {
        let (port, decided, entry) = (port.clone(), given_up.clone(), entry.clone());
        async move {
            let release = Release::Everybody;
            port.decide_sending(&seen, &decided, release, &entry).await
        }
    };
    refused(decide(waiting(&made, LATER)).await, Kind::Conflict);
    assert_eq!(actions(&stores, here.workspace).await.len(), before);
    let results = race(|_| decide(made.clone())).await;
    one_wins(&results);
    assert_eq!(actions(&stores, here.workspace).await.len(), before + 1);
    refused(
        port.advance_sending(&held, None, Release::Nobody).await,
        Kind::Conflict,
    );
    let found = port.outreach_export(here, made.id).await;
    assert_eq!(found.expect("answered"), Some(given_up.clone()));
    let told = port.told(here, CustomerId(2)).await.expect("answered");
    assert!(told.is_empty(), "nobody of it counts as told");
    let told = port.told(here, CustomerId(1)).await.expect("answered");
    assert_eq!(told.len(), 1, "another export's people stay");
    let late = at(LATER) + HELD;
    let nothing = port.claim_sending(late, HELD).await;
    assert_eq!(nothing.expect("answered"), None);
}

pub async fn who_is_forgotten_is_forgotten_here_too(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let port = &stores.outreach;
    let entry = audit_entry(here.workspace, "segment.export");
    let asked = wanted(&[(1, "new:a"), (2, "new:a")]);
    let first = export(here, 1, DAY);
    let claimed = port.claim_outreach(&first, &asked, cap(9, DAY), &entry);
    claimed.await.expect("claimed");
    let forgotten = stores
        .privacy
        .forget(here, &[CustomerId(1)], &[], at(LATER))
        .await;
    forgotten.expect("forgotten");
    assert!(
        port.told(here, CustomerId(1))
            .await
            .expect("answered")
            .is_empty()
    );
    assert_eq!(
        port.told(here, CustomerId(2))
            .await
            .expect("answered")
            .len(),
        1
    );
}

pub async fn settings_follow_one_another_and_all_goes_with_its_store(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let port = &stores.outreach;
    let settings = |version| OutreachSettings {
        scope: here,
        version,
        limits: OutreachLimits::default(),
        updated_at: at(DAY),
        updated_by: Actor::system(),
    };
    let entry = audit_entry(here.workspace, "segments.set");
    assert_eq!(port.outreach_settings(here).await.expect("answered"), None);
    refused(
        port.set_outreach_settings(&settings(2), &entry).await,
        Kind::Conflict,
    );
    let set = port.set_outreach_settings(&settings(1), &entry).await;
    set.expect("set");
    let results = race(|_| {
        let (port, settings, entry) = (port.clone(), settings(2), entry.clone());
        async move { port.set_outreach_settings(&settings, &entry).await }
    })
    .await;
    one_wins(&results);
    let found = port.outreach_settings(here).await.expect("answered");
    assert_eq!(found, Some(settings(2)));
    let asked = wanted(&[(1, "new:a")]);
    let first = export(here, 1, DAY);
    let claimed = port.claim_outreach(&first, &asked, cap(9, DAY), &entry);
    claimed.await.expect("claimed");
    let connection = connection(1, 1);
    let removed = stores
        .connections
        .remove(here.workspace, connection.id, Some(connection.store))
        .await;
    removed.expect("removed");
    assert_eq!(port.outreach_settings(here).await.expect("answered"), None);
    assert!(
        port.told(here, CustomerId(1))
            .await
            .expect("answered")
            .is_empty()
    );
    assert!(
        port.outreach_exports(here, 9)
            .await
            .expect("answered")
            .is_empty()
    );
}

#[macro_export]
macro_rules! outreach_laws {
    ($make:ident) => {
        $crate::laws!(
            outreach,
            $make,
            [
                nobody_is_told_twice_for_a_cause_nor_too_often,
                who_is_merged_was_told_what_the_other_was,
                of_exports_at_once_one_names_a_person,
                what_waits_is_held_by_one_and_due_when_it_says,
                a_decision_is_of_what_was_seen,
                who_is_forgotten_is_forgotten_here_too,
                settings_follow_one_another_and_all_goes_with_its_store,
            ]
        );
    };
}
