//! Work over many things on several threads, answered in their order.

use ports::PortResult;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;

/// Answers that may wait for an earlier one that takes longer.
const AHEAD: usize = 64;

/// Calls `work` for 0 to `count` and hands the answers to `take` in this order. The first error of `take` ends it.
pub(crate) fn in_order<T: Send>(
    threads: usize,
    count: usize,
    work: impl Fn(usize) -> T + Sync,
    take: &mut dyn FnMut(T) -> PortResult<()>,
) -> PortResult<()> {
    if threads < 2 || count < 2 {
        return (0..count).try_for_each(|at| take(work(at)));
    }
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let (send, receive) = sync_channel(AHEAD);
        for _ in 0..threads.min(count) {
            let (send, next, work) = (send.clone(), &next, &work);
            scope.spawn(move || {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    // Nobody listens any more after an error.
                    if at >= count || send.send((at, work(at))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(send);
        let mut early = BTreeMap::new();
        let mut due = 0;
        for (at, answer) in receive {
            early.insert(at, answer);
            while let Some(answer) = early.remove(&due) {
                due += 1;
                take(answer)?;
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ports::{Kind, PortError, Retry};

    #[test]
    fn answers_come_in_order() {
        let mut seen = Vec::new();
        in_order(3, 500, |at| at * 2, &mut |answer| {
            seen.push(answer);
            Ok(())
        })
        .unwrap();
        assert_eq!(seen, (0..500).map(|at| at * 2).collect::<Vec<_>>());
    }

    #[test]
    fn an_error_ends_it() {
        let mut taken = 0;
        let ended = in_order(2, 100_000, |at| at, &mut |at| {
            taken += 1;
            if at == 10 {
                return Err(PortError::new(
                    Kind::Cancelled,
                    Retry::Never,
                    "test",
                    "take",
                    "enough",
                ));
            }
            Ok(())
        });
        assert_eq!(ended.unwrap_err().kind, Kind::Cancelled);
        assert_eq!(taken, 11);
    }
}
