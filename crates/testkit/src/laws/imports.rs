//! Imports: versions, leases, one writer a store, the journal's chain.

use super::tools::{connected, one_wins, race, refused};
use crate::Stores;
use crate::builders::at;
use chrono::Duration;
use domain::ids::{ImportId, StoreScope};
use domain::import::{
    FileFacts, Import, ImportKind, ImportStatus, Mapping, Place, Progress, Row, RowProblem, Styles,
};
use ports::imports::{Replaced, SavedMapping};
use ports::{Kind, PageRequest};
use serde_json::json;
use uuid::Uuid;

fn id(n: u32) -> ImportId {
    ImportId(Uuid::from_u128(u128::from(n) + 7_000))
}

pub(super) fn import(scope: StoreScope, n: u32) -> Import {
    Import {
        id: id(n),
        scope,
        file: FileFacts {
            name: format!("{n}.csv"),
            bytes: 10,
            sha256: format!("{n:064}"),
            encoding: "utf-8".to_owned(),
            delimiter: ',',
            headers: vec!["SKU".to_owned()],
            skipped_rows: 0,
        },
        status: ImportStatus::Mapping,
        mapping: None,
        mapping_reused: false,
        faults: Vec::new(),
        styles: Styles::default(),
        progress: Progress::default(),
        report: None,
        good_rows_only: false,
        place: Place::default(),
        undone: 0,
        error: None,
        same_as: None,
        created_at: at("2026-01-01T00:00:00Z") + Duration::seconds(i64::from(n)),
        started_at: None,
        finished_at: None,
        resumed: 0,
        version: 1,
    }
}

async fn stored(stores: &Stores, scope: StoreScope, n: u32, status: ImportStatus) -> Import {
    let new = import(scope, n);
    stores.imports.create(&new).await.expect("created");
    if status == ImportStatus::Mapping {
        return new;
    }
    let changed = Import { status, ..new };
    stores.imports.replace(&changed).await.expect("replaced")
}

fn now() -> chrono::DateTime<chrono::Utc> {
    at("2026-02-01T00:00:00Z")
}

const LEASE: Duration = Duration::seconds(10);

pub async fn an_old_version_replaces_nothing(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let first = stored(&stores, scope, 1, ImportStatus::Mapping).await;
    let next = stores.imports.replace(&first).await.expect("replaced");
    assert_eq!(next.version, first.version + 1);
    refused(stores.imports.replace(&first).await, Kind::Conflict);
    let found = stores
        .imports
        .find(scope.workspace, first.id)
        .await
        .expect("found");
    assert_eq!(found, Some(next));
}

pub async fn of_one_store_one_import_writes(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let mut all = Vec::new();
    for n in 1..=super::tools::RACERS {
        let one = stored(&stores, scope, n, ImportStatus::Mapping).await;
        all.push(Import {
            status: ImportStatus::Importing,
            ..one
        });
    }
    let results = race(|n| {
        let (imports, one) = (stores.imports.clone(), all[n as usize - 1].clone());
        async move { imports.replace(&one).await }
    })
    .await;
    one_wins(&results);
    let other = connected(&stores, 1, 2).await;
    stored(&stores, other, 99, ImportStatus::Importing).await;
}

pub async fn work_is_claimed_by_one_caller_only(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    stored(&stores, scope, 1, ImportStatus::Mapping).await;
    stored(&stores, scope, 2, ImportStatus::Checking).await;
    let claims = race(|_| {
        let imports = stores.imports.clone();
        async move { imports.claim(now(), LEASE).await.expect("asked") }
    })
    .await;
    let won: Vec<_> = claims.into_iter().flatten().collect();
    assert_eq!(won.len(), 1);
    assert_eq!((won[0].import.id, won[0].import.resumed), (id(2), 0));
    let later = now() + LEASE;
    let again = stores
        .imports
        .claim(later, LEASE)
        .await
        .expect("asked")
        .expect("expired");
    assert_eq!(again.import.resumed, 1, "its worker died");
    refused(
        stores.imports.advance(&won[0], later, LEASE).await,
        Kind::Conflict,
    );
    let mut done = again;
    done.import.status = ImportStatus::Checked;
    stores
        .imports
        .advance(&done, later, LEASE)
        .await
        .expect("its end is saved");
    let late = later + LEASE + LEASE;
    assert_eq!(
        stores.imports.claim(late, LEASE).await.expect("asked"),
        None
    );
    refused(
        stores.imports.advance(&done, late, LEASE).await,
        Kind::Conflict,
    );
}

pub async fn a_wish_to_cancel_reaches_the_worker_and_another_end_takes_its_lease(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    stored(&stores, scope, 1, ImportStatus::Importing).await;
    let mut lease = stores
        .imports
        .claim(now(), LEASE)
        .await
        .expect("asked")
        .expect("work");
    let wish = Import {
        status: ImportStatus::Cancelling,
        ..lease.import.clone()
    };
    stores.imports.replace(&wish).await.expect("wished");
    lease.import.place.row = 7;
    let heard = stores
        .imports
        .advance(&lease, now(), LEASE)
        .await
        .expect("still held");
    assert_eq!(
        (heard.status, heard.place.row),
        (ImportStatus::Cancelling, 7)
    );

    stored(&stores, scope, 2, ImportStatus::Checking).await;
    let lease = stores
        .imports
        .claim(now(), LEASE)
        .await
        .expect("asked")
        .expect("work");
    let end = Import {
        status: ImportStatus::Cancelled,
        ..lease.import.clone()
    };
    stores.imports.replace(&end).await.expect("ended");
    refused(
        stores.imports.advance(&lease, now(), LEASE).await,
        Kind::Conflict,
    );
}

pub async fn imports_are_listed_newest_first_and_by_store(stores: Stores) {
    let (one, two) = (
        connected(&stores, 1, 1).await,
        connected(&stores, 1, 2).await,
    );
    let foreign = connected(&stores, 2, 3).await;
    for (n, scope) in [(1, one), (2, two), (3, one), (4, foreign)] {
        stored(&stores, scope, n, ImportStatus::Mapping).await;
    }
    let list = |store| {
        let imports = stores.imports.clone();
        async move {
            let mut page = PageRequest::first(1);
            let mut ids = Vec::new();
            loop {
                let answer = imports
                    .list(one.workspace, store, &page)
                    .await
                    .expect("listed");
                ids.extend(answer.items.iter().map(|i| i.id));
                match answer.next_cursor {
                    Some(cursor) => page.cursor = Some(cursor),
                    None => return ids,
                }
            }
        }
    };
    assert_eq!(list(None).await, [id(3), id(2), id(1)]);
    assert_eq!(list(Some(one.store)).await, [id(3), id(1)]);
    let found = stores
        .imports
        .find(one.workspace, id(4))
        .await
        .expect("asked");
    assert_eq!(found, None, "another workspace's");
}

pub async fn the_same_content_is_known_while_its_import_stands(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let sha = import(scope, 1).file.sha256;
    let waiting = stored(&stores, scope, 1, ImportStatus::Mapping).await;
    let standing = stores.imports.standing(scope, &sha).await.expect("asked");
    assert_eq!(standing, None);
    let done = Import {
        status: ImportStatus::Done,
        ..waiting
    };
    let done = stores.imports.replace(&done).await.expect("replaced");
    let standing = stores.imports.standing(scope, &sha).await.expect("asked");
    assert_eq!(standing, Some(id(1)));
    let undone = Import {
        status: ImportStatus::Undone,
        ..done
    };
    stores.imports.replace(&undone).await.expect("replaced");
    let standing = stores.imports.standing(scope, &sha).await.expect("asked");
    assert_eq!(standing, None);
}

pub async fn problems_keep_their_order_over_pages(stores: Stores) {
    let all: Vec<RowProblem> = (1..=7)
        .map(|n| RowProblem::refused(&Row::of(n, &["x"]), Some("SKU"), Some("x"), "is odd"))
        .collect();
    stores
        .import_notes
        .add_problems(id(1), &all[..3])
        .await
        .expect("added");
    stores
        .import_notes
        .add_problems(id(1), &all[3..])
        .await
        .expect("added");
    stores
        .import_notes
        .add_problems(id(2), &all[..1])
        .await
        .expect("added");
    let mut page = PageRequest::first(3);
    let mut seen = Vec::new();
    loop {
        let answer = stores
            .import_notes
            .problems(id(1), &page)
            .await
            .expect("listed");
        assert_eq!(answer.total, Some(7));
        seen.extend(answer.items);
        match answer.next_cursor {
            Some(cursor) => page.cursor = Some(cursor),
            None => break,
        }
    }
    assert_eq!(seen, all);
    stores
        .import_notes
        .clear_problems(id(1))
        .await
        .expect("cleared");
    let left = stores
        .import_notes
        .problems(id(1), &PageRequest::first(9))
        .await
        .expect("listed");
    assert_eq!(left.items, []);
    let others = stores
        .import_notes
        .problems(id(2), &PageRequest::first(9))
        .await
        .expect("listed");
    assert_eq!(others.items.len(), 1);
}

pub async fn a_mapping_is_kept_by_its_columns_in_its_workspace(stores: Stores) {
    let (one, two) = (
        connected(&stores, 1, 1).await,
        connected(&stores, 2, 2).await,
    );
    let saved = |set: &str, name: &str, second: i64| SavedMapping {
        header_set: set.to_owned(),
        name: name.to_owned(),
        mapping: Mapping::empty(ImportKind::Costs),
        saved_at: now() + Duration::seconds(second),
    };
    let notes = &stores.import_notes;
    for (set, name, second) in [("a", "old", 1), ("b", "b", 2), ("a", "new", 3)] {
        notes
            .save_mapping(one.workspace, &saved(set, name, second))
            .await
            .expect("saved");
    }
    let all = notes.mappings(one.workspace).await.expect("listed");
    let names: Vec<&str> = all.iter().map(|m| m.name.as_str()).collect();
    assert_eq!(names, ["new", "b"]);
    let found = notes.mapping(one.workspace, "a").await.expect("asked");
    assert_eq!(found, Some(saved("a", "new", 3)));
    assert_eq!(
        notes.mapping(two.workspace, "a").await.expect("asked"),
        None
    );
    notes
        .forget_mapping(one.workspace, "a")
        .await
        .expect("forgotten");
    assert_eq!(
        notes.mapping(one.workspace, "a").await.expect("asked"),
        None
    );
}

fn was(thing: i64, before: Option<i64>) -> Replaced {
    Replaced {
        kind: "order".to_owned(),
        id: thing,
        before: before.map(|n| json!({ "n": n })),
    }
}

pub async fn what_was_replaced_first_stays(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let journal = &stores.import_journal;
    journal
        .record(scope, id(1), &[was(5, None), was(6, Some(1))])
        .await
        .expect("recorded");
    journal
        .record(scope, id(1), &[was(5, Some(9)), was(7, None)])
        .await
        .expect("recorded");
    let open = journal.open(scope, id(1), 10).await.expect("read");
    let entries: Vec<_> = open.iter().map(|e| e.replaced.clone()).collect();
    assert_eq!(entries, [was(5, None), was(6, Some(1)), was(7, None)]);
    assert!(open.iter().all(|e| !e.overwritten));
    assert_eq!(journal.open(scope, id(1), 2).await.expect("read").len(), 2);
    assert!(journal.has(scope, "order").await.expect("asked"));
    assert!(!journal.has(scope, "product").await.expect("asked"));
}

pub async fn a_later_import_inherits_what_an_undone_one_had_replaced(stores: Stores) {
    let (scope, other) = (
        connected(&stores, 1, 1).await,
        connected(&stores, 1, 2).await,
    );
    let journal = &stores.import_journal;
    journal
        .record(scope, id(1), &[was(5, None)])
        .await
        .expect("recorded");
    journal
        .record(scope, id(2), &[was(5, Some(1))])
        .await
        .expect("recorded");
    journal
        .record(scope, id(3), &[was(5, Some(2))])
        .await
        .expect("recorded");
    journal
        .record(other, id(4), &[was(5, Some(3))])
        .await
        .expect("recorded");
    let open = journal.open(scope, id(1), 10).await.expect("read");
    assert!(open[0].overwritten);
    journal
        .settle(scope, id(1), &[was(5, None)])
        .await
        .expect("settled");
    assert_eq!(journal.open(scope, id(1), 10).await.expect("read"), []);
    let second = journal.open(scope, id(2), 10).await.expect("read");
    assert_eq!(
        (second[0].replaced.clone(), second[0].overwritten),
        (was(5, None), true)
    );
    let third = journal.open(scope, id(3), 10).await.expect("read");
    assert_eq!(
        (third[0].replaced.clone(), third[0].overwritten),
        (was(5, Some(2)), false)
    );
    let theirs = journal.open(other, id(4), 10).await.expect("read");
    assert_eq!(
        (theirs[0].replaced.clone(), theirs[0].overwritten),
        (was(5, Some(3)), false)
    );
}

/// The laws of imports.
#[macro_export]
macro_rules! import_laws {
    ($make:ident) => {
        $crate::laws!(
            imports,
            $make,
            [
                an_old_version_replaces_nothing,
                of_one_store_one_import_writes,
                work_is_claimed_by_one_caller_only,
                a_wish_to_cancel_reaches_the_worker_and_another_end_takes_its_lease,
                imports_are_listed_newest_first_and_by_store,
                the_same_content_is_known_while_its_import_stands,
                problems_keep_their_order_over_pages,
                a_mapping_is_kept_by_its_columns_in_its_workspace,
                what_was_replaced_first_stays,
                a_later_import_inherits_what_an_undone_one_had_replaced,
            ]
        );
    };
}
