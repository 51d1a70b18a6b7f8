//! Laws of [`ports::outreach::OutreachStore`].

use super::members::actions;
use super::tools::{connected, one_wins, race, refused};
use crate::Stores;
use crate::builders::{at, audit_entry, connection};
use domain::audit::Actor;
use domain::ids::{CustomerId, OutreachExportId, StoreScope};
use domain::outreach::{
    Cap, Cause, Claim, ExportState, LeftOut, OutreachChannel, OutreachExport, OutreachLimits,
    OutreachSettings,
};
use ports::Kind;
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

pub async fn what_did_not_arrive_is_taken_back_once(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let port = &stores.outreach;
    let entry = audit_entry(here.workspace, "segment.export");
    let (kept, lost) = (export(here, 1, DAY), export(here, 2, LATER));
    let open = cap(9, DAY);
    for (export, cause) in [(&kept, "new:a"), (&lost, "new:b")] {
        let asked = wanted(&[(1, cause), (2, cause)]);
        let claimed = port.claim_outreach(export, &asked, open, &entry).await;
        claimed.expect("claimed");
    }
    assert!(port.take_back_outreach(here, lost.id).await.expect("done"));
    assert!(!port.take_back_outreach(here, lost.id).await.expect("done"));
    let other = connected(&stores, 1, 2).await;
    assert!(!port.take_back_outreach(other, kept.id).await.expect("done"));
    let told = port.told(here, CustomerId(2)).await.expect("answered");
    assert_eq!(told.len(), 1);
    let exports = port.outreach_exports(here, 9).await.expect("answered");
    assert_eq!(exports[0].state, ExportState::TakenBack);
    assert_eq!(exports[1].state, ExportState::Made);
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
                what_did_not_arrive_is_taken_back_once,
                who_is_forgotten_is_forgotten_here_too,
                settings_follow_one_another_and_all_goes_with_its_store,
            ]
        );
    };
}
