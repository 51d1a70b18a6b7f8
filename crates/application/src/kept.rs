//! Answers that are given again while they are true.
//!
//! An answer is true for a question when it was made from what was stored at the time of the question or later: because nothing was
//! written since it was made (equal marks), or because it was made after the question came. So many who ask at once share one
//! computation, and nobody ever gets a figure from before his question.
//!
//! A mark costs a question to the database. Where that is most of the work, a [`Kept`] may be [`Kept::lenient`]: it goes by a mark that is a
//! few milliseconds old, if this process changed nothing since. Then only what another process wrote within that time is missed. While
//! somebody goes on asking, the next mark is looked for before that time is over, and nobody waits for it.

use ports::PortResult;
use ports::marks::{ChangeMarks, Mark};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The newest mark, shared by those who ask at the same time.
pub struct Freshness {
    marks: Arc<dyn ChangeMarks>,
    known: Mutex<Known>,
    /// One looks, the others wait for what he sees.
    look: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Default)]
struct Known {
    seen: Option<(Instant, Arc<Mark>)>,
    /// By this process, as far as it was told.
    changed: Option<Instant>,
}

impl Known {
    /// A mark that is good for a question that came at `asked`, and how long before it was taken.
    fn mark(&self, asked: Instant, leniency: Duration) -> Option<(Arc<Mark>, Duration)> {
        let (at, mark) = self.seen.as_ref()?;
        let is_since = *at >= asked;
        let is_ours = self.changed.is_none_or(|changed| changed < *at);
        let age = asked.saturating_duration_since(*at);
        (is_since || is_ours && age <= leniency).then(|| (Arc::clone(mark), age))
    }
}

/// What is inside is whole after every statement, so a poisoned lock is taken all the same.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Freshness {
    #[must_use]
    pub fn new(marks: Arc<dyn ChangeMarks>) -> Self {
        Self {
            marks,
            known: Mutex::default(),
            look: Arc::default(),
        }
    }

    /// This process has written something: from now on even who is lenient sees it.
    pub fn changed(&self) {
        lock(&self.known).changed = Some(Instant::now());
    }

    /// A mark that was taken at `asked` or later, or so little before it as is allowed.
    async fn since(self: &Arc<Self>, asked: Instant, leniency: Duration) -> PortResult<Arc<Mark>> {
        let known = || lock(&self.known).mark(asked, leniency);
        if let Some((mark, age)) = known() {
            if age > leniency / 2 {
                self.look_ahead();
            }
            return Ok(mark);
        }
        let _only = self.look.lock().await;
        match known() {
            Some((mark, _)) => Ok(mark),
            None => self.see().await,
        }
    }

    /// Has the next mark looked for, unless somebody does already.
    fn look_ahead(self: &Arc<Self>) {
        let Ok(only) = Arc::clone(&self.look).try_lock_owned() else {
            return;
        };
        let this = Arc::clone(self);
        tokio::spawn(async move {
            let _only = only;
            // Who asks next looks himself, and is told why it fails.
            let _ = this.see().await;
        });
    }

    async fn see(&self) -> PortResult<Arc<Mark>> {
        let at = Instant::now();
        let mark = Arc::new(self.marks.mark().await?);
        lock(&self.known).seen = Some((at, Arc::clone(&mark)));
        Ok(mark)
    }
}

struct Answer<V> {
    value: V,
    /// Before anything was read for it.
    began: Instant,
    mark: Option<Arc<Mark>>,
}

struct Slot<V> {
    answer: Mutex<Option<Answer<V>>>,
    /// One makes, the others wait for what he made.
    make: tokio::sync::Mutex<()>,
}

impl<V> Default for Slot<V> {
    fn default() -> Self {
        Self {
            answer: Mutex::default(),
            make: tokio::sync::Mutex::default(),
        }
    }
}

/// By question, with when it was last asked.
type Slots<V> = HashMap<Vec<u8>, (Arc<Slot<V>>, Instant)>;

/// Answers by question.
pub struct Kept<V> {
    freshness: Arc<Freshness>,
    /// Answers speak of the time, too: after this long they are made again.
    longest: Duration,
    most: usize,
    leniency: Duration,
    slots: Mutex<Slots<V>>,
}

impl<V: Clone> Kept<V> {
    #[must_use]
    pub fn new(freshness: Arc<Freshness>, longest: Duration, most: usize) -> Self {
        Self {
            freshness,
            longest,
            most,
            leniency: Duration::ZERO,
            slots: Mutex::default(),
        }
    }

    /// Goes by a mark that was taken so long before the question, if this process changed nothing since.
    #[must_use]
    pub fn lenient(self, leniency: Duration) -> Self {
        Self { leniency, ..self }
    }

    /// The answer to the question that came at `asked`, made by `make` when none is true. What fails is not kept.
    pub async fn get<E, Made: Future<Output = Result<V, E>>>(
        &self,
        question: &[u8],
        asked: Instant,
        make: impl FnOnce() -> Made,
    ) -> Result<V, E> {
        let slot = self.slot(question);
        // Without a mark the answer is made, and nobody after this moment gets it.
        let mark = self.freshness.since(asked, self.leniency).await.ok();
        if let Some(value) = self.still(&slot, asked, mark.as_deref()) {
            return Ok(value);
        }
        let _only = slot.make.lock().await;
        if let Some(value) = self.still(&slot, asked, mark.as_deref()) {
            return Ok(value);
        }
        let began = Instant::now();
        // On the heap: who is answered at once does not carry it about.
        let value = Box::pin(make()).await?;
        *lock(&slot.answer) = Some(Answer {
            value: value.clone(),
            began,
            mark,
        });
        Ok(value)
    }

    fn still(&self, slot: &Slot<V>, asked: Instant, mark: Option<&Mark>) -> Option<V> {
        let held = lock(&slot.answer);
        let answer = held.as_ref()?;
        let is_unchanged = mark.is_some()
            && answer.mark.as_deref() == mark
            && answer.began.elapsed() < self.longest;
        (answer.began >= asked || is_unchanged).then(|| answer.value.clone())
    }

    /// The least used goes when there are too many.
    fn slot(&self, question: &[u8]) -> Arc<Slot<V>> {
        let mut slots = lock(&self.slots);
        let now = Instant::now();
        if let Some((slot, used)) = slots.get_mut(question) {
            *used = now;
            return Arc::clone(slot);
        }
        if slots.len() >= self.most {
            let oldest = slots.iter().min_by_key(|(_, (_, used))| *used);
            if let Some(oldest) = oldest.map(|(question, _)| question.clone()) {
                slots.remove(&oldest);
            }
        }
        let slot = Arc::<Slot<V>>::default();
        slots.insert(question.to_owned(), (Arc::clone(&slot), now));
        slot
    }

    /// Lets go of what nobody asked for lately.
    pub fn forget_unused(&self, for_longer_than: Duration) {
        lock(&self.slots).retain(|_, (_, used)| used.elapsed() < for_longer_than);
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
        freshness: Arc<Freshness>,
        kept: Kept<u64>,
        made: AtomicU64,
    }

    impl World {
        fn new(longest: Duration) -> Self {
            let store = Arc::new(Store::default());
            let freshness = Arc::new(Freshness::new(Arc::clone(&store) as _));
            Self {
                kept: Kept::new(Arc::clone(&freshness), longest, 2),
                freshness,
                store,
                made: AtomicU64::new(0),
            }
        }

        fn lenient(leniency: Duration) -> Self {
            let world = Self::new(2 * LONG);
            let kept = world.kept.lenient(leniency);
            Self { kept, ..world }
        }

        async fn ask(&self, question: &str, asked: Instant) -> u64 {
            let make = || async {
                self.made.fetch_add(1, Ordering::SeqCst);
                let value = self.store.0.load(Ordering::SeqCst);
                tokio::task::yield_now().await;
                Ok::<_, Infallible>(value)
            };
            let Ok(value) = self.kept.get(question.as_bytes(), asked, make).await;
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

    /// Strict: each question looks. Lenient: who asks within the time goes by the mark before, but never past a change of one's own.
    #[tokio::test]
    async fn who_is_lenient_misses_for_a_moment_what_others_wrote_and_nothing_of_his_own() {
        let world = World::lenient(LONG);
        let began = Instant::now();
        assert_eq!(world.ask("a", began).await, 0);
        world.store.0.store(1, Ordering::SeqCst);
        assert_eq!(world.ask("a", Instant::now()).await, 0, "by another one");
        let later = Instant::now() + LONG + Duration::from_secs(1);
        assert_eq!(world.ask("a", later).await, 1, "after the time");

        world.store.0.store(2, Ordering::SeqCst);
        world.freshness.changed();
        assert_eq!(world.ask("a", Instant::now()).await, 2, "one's own");
    }

    /// Nobody waits for a mark while somebody asks: the one that asks late in the time has the next one looked for.
    #[tokio::test]
    async fn who_is_lenient_has_the_next_mark_looked_for_in_time() {
        let world = World::lenient(LONG);
        let began = Instant::now();
        assert_eq!(world.ask("a", began).await, 0);
        world.store.0.store(1, Ordering::SeqCst);
        let early = began + LONG / 4;
        assert_eq!(world.ask("a", early).await, 0);
        tokio::task::yield_now().await;
        assert_eq!(world.ask("a", early).await, 0, "too early for a look");
        assert_eq!(world.ask("a", began + LONG * 3 / 4).await, 0);
        tokio::task::yield_now().await;
        assert_eq!(world.ask("a", early).await, 1, "looked for by then");
    }

    #[tokio::test]
    async fn a_failure_is_not_kept() {
        let world = World::new(LONG);
        let failed = world
            .kept
            .get(b"a", Instant::now(), || async { Err::<u64, _>("no") });
        assert_eq!(failed.await, Err("no"));
        assert_eq!(world.ask("a", Instant::now()).await, 0);
        assert_eq!(world.made(), 1);
    }
}
