//! Answers that are given again while they are true.
//!
//! An answer is true for a question when it was made from what was stored at the time of the question or later: because nothing was
//! written since it was made (equal marks), or because it was made after the question came. So many who ask at once share one
//! computation, and nobody ever gets a figure from before his question.

use ports::PortResult;
use ports::marks::{ChangeMarks, Mark};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The newest mark, shared by those who ask at the same time.
pub struct Freshness {
    marks: Arc<dyn ChangeMarks>,
    seen: tokio::sync::Mutex<Option<(Instant, Mark)>>,
}

impl Freshness {
    #[must_use]
    pub fn new(marks: Arc<dyn ChangeMarks>) -> Self {
        Self {
            marks,
            seen: tokio::sync::Mutex::default(),
        }
    }

    /// A mark that was taken at `asked` or later.
    async fn since(&self, asked: Instant) -> PortResult<Mark> {
        let mut seen = self.seen.lock().await;
        if let Some((at, mark)) = &*seen
            && *at >= asked
        {
            return Ok(mark.clone());
        }
        let at = Instant::now();
        let mark = self.marks.mark().await?;
        *seen = Some((at, mark.clone()));
        Ok(mark)
    }
}

struct Answer<V> {
    value: V,
    /// Before anything was read for it.
    began: Instant,
    mark: Option<Mark>,
}

type Slot<V> = Arc<tokio::sync::Mutex<Option<Answer<V>>>>;

/// Answers by question.
pub struct Kept<V> {
    freshness: Arc<Freshness>,
    /// Answers speak of the time, too: after this long they are made again.
    longest: Duration,
    most: usize,
    slots: Mutex<HashMap<String, (Slot<V>, Instant)>>,
}

impl<V: Clone> Kept<V> {
    #[must_use]
    pub fn new(freshness: Arc<Freshness>, longest: Duration, most: usize) -> Self {
        Self {
            freshness,
            longest,
            most,
            slots: Mutex::default(),
        }
    }

    /// The answer to the question that came at `asked`, made by `make` when none is true. What fails is not kept.
    pub async fn get<E>(
        &self,
        question: String,
        asked: Instant,
        make: impl Future<Output = Result<V, E>>,
    ) -> Result<V, E> {
        let slot = self.slot(question);
        let mut held = slot.lock().await;
        if let Some(answer) = held.as_ref().filter(|a| a.began >= asked) {
            return Ok(answer.value.clone());
        }
        // Without a mark the answer is made, and nobody after this moment gets it.
        let mark = self.freshness.since(asked).await.ok();
        let still =
            |a: &&Answer<V>| mark.is_some() && a.mark == mark && a.began.elapsed() < self.longest;
        if let Some(answer) = held.as_ref().filter(still) {
            return Ok(answer.value.clone());
        }
        let began = Instant::now();
        let value = make.await?;
        *held = Some(Answer {
            value: value.clone(),
            began,
            mark,
        });
        Ok(value)
    }

    /// The least used goes when there are too many.
    fn slot(&self, question: String) -> Slot<V> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if slots.len() >= self.most && !slots.contains_key(&question) {
            let oldest = slots.iter().min_by_key(|(_, (_, used))| *used);
            if let Some(oldest) = oldest.map(|(question, _)| question.clone()) {
                slots.remove(&oldest);
            }
        }
        let (slot, used) = slots
            .entry(question)
            .or_insert_with(|| (Slot::default(), now));
        *used = now;
        Arc::clone(slot)
    }

    /// Lets go of what nobody asked for lately.
    pub fn forget_unused(&self, for_longer_than: Duration) {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.retain(|_, (_, used)| used.elapsed() < for_longer_than);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_trait::async_trait;
    use std::convert::Infallible;
    use std::sync::atomic::{AtomicU64, Ordering};

    /// A store of one number; each change is a new mark.
    #[derive(Default)]
    struct Store(AtomicU64);

    #[async_trait]
    impl ChangeMarks for Store {
        async fn mark(&self) -> PortResult<Mark> {
            Ok(Mark(self.0.load(Ordering::SeqCst).to_string()))
        }
    }

    struct World {
        store: Arc<Store>,
        kept: Kept<u64>,
        made: AtomicU64,
    }

    impl World {
        fn new(longest: Duration) -> Self {
            let store = Arc::new(Store::default());
            let freshness = Arc::new(Freshness::new(Arc::clone(&store) as _));
            Self {
                kept: Kept::new(freshness, longest, 2),
                store,
                made: AtomicU64::new(0),
            }
        }

        async fn ask(&self, question: &str, asked: Instant) -> u64 {
            let make = async {
                self.made.fetch_add(1, Ordering::SeqCst);
                let value = self.store.0.load(Ordering::SeqCst);
                tokio::task::yield_now().await;
                Ok::<_, Infallible>(value)
            };
            let Ok(value) = self.kept.get(question.to_owned(), asked, make).await;
            value
        }

        fn made(&self) -> u64 {
            self.made.load(Ordering::SeqCst)
        }
    }

    const LONG: Duration = Duration::from_secs(600);

    #[tokio::test]
    async fn an_answer_is_given_again_until_something_is_written() {
        let world = World::new(LONG);
        for _ in 0..3 {
            assert_eq!(world.ask("a", Instant::now()).await, 0);
        }
        assert_eq!(world.made(), 1);
        world.store.0.store(7, Ordering::SeqCst);
        assert_eq!(world.ask("a", Instant::now()).await, 7);
        assert_eq!(world.made(), 2);
    }

    #[tokio::test]
    async fn an_answer_grows_old_by_the_clock() {
        let world = World::new(Duration::ZERO);
        world.ask("a", Instant::now()).await;
        world.ask("a", Instant::now()).await;
        assert_eq!(world.made(), 2);
    }

    #[tokio::test]
    async fn who_asks_at_once_shares_and_who_asks_later_does_not() {
        let world = World::new(Duration::ZERO);
        let asked = Instant::now();
        let together = (0..5).map(|_| world.ask("a", asked));
        futures::future::join_all(together).await;
        assert_eq!(world.made(), 1);
        world.ask("a", Instant::now()).await;
        assert_eq!(world.made(), 2);
    }

    #[tokio::test]
    async fn questions_are_apart_and_the_least_used_is_forgotten() {
        let world = World::new(LONG);
        for question in ["a", "b", "a", "c", "a"] {
            world.ask(question, Instant::now()).await;
        }
        assert_eq!(world.made(), 3, "a, b, c");
        world.ask("b", Instant::now()).await;
        assert_eq!(world.made(), 4, "b had to go for c");
        world.kept.forget_unused(Duration::ZERO);
        world.ask("a", Instant::now()).await;
        assert_eq!(world.made(), 5);
    }

    #[tokio::test]
    async fn a_failure_is_not_kept() {
        let world = World::new(LONG);
        let failed = world.kept.get("a".to_owned(), Instant::now(), async {
            Err::<u64, _>("no")
        });
        assert_eq!(failed.await, Err("no"));
        assert_eq!(world.ask("a", Instant::now()).await, 0);
        assert_eq!(world.made(), 1);
    }
}
