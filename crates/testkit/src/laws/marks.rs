//! Laws of [`ports::marks::ChangeMarks`].

use super::orders::{order, seen};
use super::tools::connected;
use crate::Stores;

/// Instantiates these laws, as [`crate::all_laws`] does for all ports.
#[macro_export]
macro_rules! mark_laws {
    ($make:ident) => {
        $crate::laws!(
            marks,
            $make,
            [
                every_commit_changes_the_mark,
                what_is_read_between_equal_marks_is_the_same
            ]
        );
    };
}

pub async fn every_commit_changes_the_mark(stores: Stores) {
    let mut marks = vec![stores.marks.mark().await.expect("told")];
    let scope = connected(&stores, 1, 1).await;
    marks.push(stores.marks.mark().await.expect("told"));
    for version in 1..=5 {
        let batch = [order(1, version)];
        let saved = stores.orders.save(scope, &batch, seen()).await;
        saved.expect("saved");
        marks.push(stores.marks.mark().await.expect("told"));
    }
    let set = stores.accounts.set_setting("motto", Some("be exact")).await;
    set.expect("set");
    marks.push(stores.marks.mark().await.expect("told"));
    for (n, mark) in marks.iter().enumerate() {
        assert!(
            !marks[n + 1..].contains(mark),
            "{mark:?} came back: {marks:?}"
        );
    }
}

/// While others write: a value that was read after a mark was taken is the newest one whenever the mark is the same afterwards.
pub async fn what_is_read_between_equal_marks_is_the_same(stores: Stores) {
    let accounts = stores.accounts.clone();
    let writer = tokio::spawn(async move {
        for n in 0..50 {
            let set = accounts.set_setting("n", Some(&n.to_string())).await;
            set.expect("set");
            tokio::task::yield_now().await;
        }
    });
    let number = || async {
        let value = stores.accounts.setting("n").await.expect("read");
        value.and_then(|v| v.parse::<i32>().ok()).unwrap_or(-1)
    };
    while !writer.is_finished() {
        let before = stores.marks.mark().await.expect("told");
        let first = number().await;
        let second = number().await;
        if stores.marks.mark().await.expect("told") == before {
            assert_eq!(first, second, "it changed under an equal mark");
        }
    }
    writer.await.expect("written");
    assert_eq!(number().await, 49);
}
