//! Laws of [`ports::audit::AuditLog`].

use super::members::actions;
use super::tools::{RACERS, race, refused};
use crate::Stores;
use crate::builders::{at, audit_entry, user};
use domain::audit::{Actor, ActorKind, Checkpoint, NewEntry, Outcome};
use domain::ids::WorkspaceId;
use ports::audit::AuditFilter;
use ports::{Kind, PageRequest};
use serde_json::json;

fn here() -> WorkspaceId {
    user(1, 1).workspace
}

fn there() -> WorkspaceId {
    user(2, 1).workspace
}

/// Everything that an entry may hold.
fn full() -> NewEntry {
    let address = Some("203.0.113.7".to_owned());
    let actor = Actor::new(
        ActorKind::Person,
        Some("u-1".into()),
        "Ada@example.com",
        address,
    );
    let at = at("2026-02-01T12:00:00.123456Z");
    NewEntry::done(
        here(),
        at,
        actor,
        "user.role",
        ("user", "u-2", "Eve's \"ä\""),
    )
    .outcome(Outcome::Refused)
    .before(&json!({ "role": "viewer" }))
    .after(&json!({ "role": "owner", "n": [1, null] }))
    .because("not above one's own role\nat all")
}

async fn record(stores: &Stores, entries: &[NewEntry]) {
    stores.audit.record(entries).await.expect("recorded");
}

pub async fn entries_are_kept_as_they_were_chained(stores: Stores) {
    assert_eq!(stores.audit.head(here()).await.expect("asked"), 0);
    record(&stores, &[full(), audit_entry(here(), "token.create")]).await;
    record(&stores, &[audit_entry(there(), "token.create")]).await;
    record(&stores, &[audit_entry(here(), "token.revoke")]).await;
    let walked = stores.audit.walk(here(), 0, 10).await.expect("walked");
    assert_eq!(walked[0].entry, full());
    let numbers: Vec<_> = walked.iter().map(|e| e.seq).collect();
    assert_eq!(numbers, [1, 2, 3]);
    assert_eq!(actions(&stores, there()).await, ["token.create"]);
    assert_eq!(
        actions(&stores, here()).await,
        ["user.role", "token.create", "token.revoke"]
    );
    assert_eq!(stores.audit.head(here()).await.expect("asked"), 3);
    let rest = stores.audit.walk(here(), 1, 1).await.expect("walked");
    assert_eq!(rest, walked[1..2]);
}

pub async fn many_at_once_make_no_fork_and_no_gap(stores: Stores) {
    let results = race(|n| {
        let audit = stores.audit.clone();
        let workspace = if n % 3 == 0 { there() } else { here() };
        async move {
            let entry = audit_entry(workspace, &format!("race.{n}"));
            audit.record(&[entry.clone(), entry]).await
        }
    })
    .await;
    assert!(results.iter().all(Result::is_ok));
    let mut all = actions(&stores, here()).await;
    all.extend(actions(&stores, there()).await);
    assert_eq!(all.len(), 2 * RACERS as usize);
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), RACERS as usize);
}

pub async fn a_list_is_newest_first_and_narrowed(stores: Stores) {
    record(&stores, &[full(), audit_entry(here(), "token.create")]).await;
    record(&stores, &[audit_entry(here(), "tokens.other")]).await;
    record(&stores, &[audit_entry(there(), "token.create")]).await;
    let list = async |filter: AuditFilter| {
        let page = stores
            .audit
            .entries(here(), &filter, &PageRequest::first(10))
            .await;
        let page = page.expect("listed");
        assert_eq!(page.total, Some(page.items.len() as u64));
        page.items.iter().map(|e| e.seq).collect::<Vec<_>>()
    };
    let any = AuditFilter::default;
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(list(any()).await, [3, 2, 1]);
    let area = AuditFilter {
        action: text("token"),
        ..any()
    };
    assert_eq!(list(area).await, [2]);
    let whole = AuditFilter {
        action: text("user.role"),
        ..any()
    };
    assert_eq!(list(whole).await, [1]);
    let actor = AuditFilter {
        actor: text("u-1"),
        ..any()
    };
    assert_eq!(list(actor).await, [1]);
    let refused = AuditFilter {
        outcome: Some(Outcome::Refused),
        ..any()
    };
    assert_eq!(list(refused).await, [1]);
    let search = AuditFilter {
        search: text("ADA@"),
        ..any()
    };
    assert_eq!(list(search).await, [1]);
    let search = AuditFilter {
        search: text(" thing one"),
        ..any()
    };
    assert_eq!(list(search).await, [3, 2]);
    let from = AuditFilter {
        from: Some(full().at),
        ..any()
    };
    assert_eq!(list(from).await, [1]);
    let until = AuditFilter {
        until: Some(full().at),
        ..any()
    };
    assert_eq!(list(until).await, [3, 2]);
}

pub async fn pages_follow_one_another(stores: Stores) {
    let entries: Vec<_> = (0..7)
        .map(|n| audit_entry(here(), &format!("a.{n}")))
        .collect();
    record(&stores, &entries).await;
    let filter = AuditFilter::default();
    let mut request = PageRequest::first(3);
    let mut seen = Vec::new();
    loop {
        let page = stores.audit.entries(here(), &filter, &request).await;
        let page = page.expect("listed");
        seen.extend(page.items.iter().map(|e| e.seq));
        // What comes meanwhile shifts nothing.
        record(&stores, &[audit_entry(here(), "later")]).await;
        match page.next_cursor {
            Some(next) => request.cursor = Some(next),
            None => break,
        }
        if seen.len() < 4 {
            continue;
        }
        break;
    }
    assert_eq!(seen, [7, 6, 5, 4, 3, 2]);
    let other = AuditFilter {
        action: Some("a".into()),
        ..filter
    };
    let foreign = stores.audit.entries(here(), &other, &request).await;
    refused(foreign, Kind::Rejected);
}

pub async fn checkpoints_are_kept(stores: Stores) {
    let checkpoint = |seq, byte| Checkpoint {
        seq,
        hash: [byte; 32],
        at: at("2026-02-01T12:00:00.000001Z"),
        signature: vec![byte; 32],
    };
    let put = async |c: &Checkpoint| stores.audit.put_checkpoint(here(), c).await;
    put(&checkpoint(9, 1)).await.expect("kept");
    put(&checkpoint(3, 2)).await.expect("kept");
    refused(put(&checkpoint(9, 3)).await, Kind::Conflict);
    let kept = stores.audit.checkpoints(here()).await.expect("read");
    assert_eq!(kept, [checkpoint(3, 2), checkpoint(9, 1)]);
    let other = stores.audit.checkpoints(there()).await.expect("read");
    assert_eq!(other, []);
}

#[macro_export]
macro_rules! audit_laws {
    ($make:ident) => {
        $crate::laws!(
            audit,
            $make,
            [
                entries_are_kept_as_they_were_chained,
                many_at_once_make_no_fork_and_no_gap,
                a_list_is_newest_first_and_narrowed,
                pages_follow_one_another,
                checkpoints_are_kept,
            ]
        );
    };
}
