//! Laws of [`ports::traces::WorkTraces`].

use crate::Stores;
use crate::builders::{at, workspace};
use ports::traces::TraceContext;
use uuid::Uuid;

/// Instantiates these laws, as [`crate::all_laws`] does for all ports.
#[macro_export]
macro_rules! trace_laws {
    ($make:ident) => {
        $crate::laws!(
            traces,
            $make,
            [
                the_newest_one_counts,
                a_trace_is_not_seen_nor_changed_by_another_workspace,
                what_was_noted_before_is_forgotten
            ]
        );
    };
}

fn trace(n: u8) -> TraceContext {
    let text = format!("00-0af7651916cd43dd8448eb211c80319c-b7ad6b71692033{n:02x}-01");
    TraceContext::parse(&text).expect("one")
}

async fn note(stores: &Stores, of: u32, work: u128, n: u8) {
    let noted_at = at("2026-03-01") + chrono::Duration::minutes(i64::from(n));
    let (of, work) = (workspace(of).id, Uuid::from_u128(work));
    let traces = &stores.work_traces;
    let noted = traces.note_trace(of, work, &trace(n), noted_at).await;
    noted.expect("noted");
}

async fn of(stores: &Stores, of: u32, work: u128) -> Option<TraceContext> {
    let (of, work) = (workspace(of).id, Uuid::from_u128(work));
    let found = stores.work_traces.trace_of(of, work).await;
    found.expect("read")
}

pub async fn the_newest_one_counts(stores: Stores) {
    assert_eq!(of(&stores, 1, 7).await, None);
    note(&stores, 1, 7, 1).await;
    note(&stores, 1, 8, 2).await;
    assert_eq!(of(&stores, 1, 7).await, Some(trace(1)));
    note(&stores, 1, 7, 3).await;
    assert_eq!(of(&stores, 1, 7).await, Some(trace(3)));
    assert_eq!(of(&stores, 1, 8).await, Some(trace(2)));
}

pub async fn a_trace_is_not_seen_nor_changed_by_another_workspace(stores: Stores) {
    note(&stores, 1, 7, 1).await;
    note(&stores, 2, 7, 2).await;
    assert_eq!(of(&stores, 1, 7).await, Some(trace(1)));
    assert_eq!(of(&stores, 2, 7).await, None);
}

pub async fn what_was_noted_before_is_forgotten(stores: Stores) {
    for n in 1..=3 {
        note(&stores, 1, n.into(), n).await;
    }
    let before = at("2026-03-01") + chrono::Duration::minutes(2);
    let forgotten = stores.work_traces.prune_traces(before).await;
    assert_eq!(forgotten.expect("pruned"), 1);
    assert_eq!(of(&stores, 1, 1).await, None);
    assert_eq!(of(&stores, 1, 2).await, Some(trace(2)));
}
