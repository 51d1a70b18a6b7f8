//! A policy over the store's own past: what it would have proposed on each day, seeing only what was known then.

use super::agent::Agent;
use super::halt::{Halt, Progress};
use super::run::{Runner, Session};
use chrono::NaiveDate;
use domain::agents::{LogLevel, Rehearsal, RunStatus, Values};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The past of a store, as some agent sees it.
pub(super) trait Remembered: Send {
    fn rehearse(
        &self,
        values: &Values,
        days: (NaiveDate, NaiveDate),
        seed: u64,
        watched: &Watched,
    ) -> Result<Rehearsal, Unwanted>;
}

/// As this agent sees it.
pub(super) struct Recalled<A: Agent>(pub(super) A::Past);

impl<A: Agent> Remembered for Recalled<A> {
    fn rehearse(
        &self,
        values: &Values,
        days: (NaiveDate, NaiveDate),
        seed: u64,
        watched: &Watched,
    ) -> Result<Rehearsal, Unwanted> {
        A::rehearse(&self.0, values, days, seed, watched)
    }
}

/// Tells whoever computes that nobody waits for it any more, when it is dropped.
struct Wanted(Arc<AtomicBool>);

impl Drop for Wanted {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// How a rehearsal is told that it is not wanted any more, and tells how far it is.
pub struct Watched {
    pub(super) gone: Arc<AtomicBool>,
    pub(super) progress: Progress,
}

/// Nobody waits for it any more.
#[derive(Debug)]
pub struct Unwanted;

impl Watched {
    /// Before each day.
    pub fn next(&self) -> Result<(), Unwanted> {
        if self.gone.load(Ordering::Relaxed) {
            return Err(Unwanted);
        }
        self.progress.more(1);
        Ok(())
    }
}

impl Runner {
    /// Proposes nothing: its result is the rehearsal itself.
    pub(super) async fn rehearse(
        &mut self,
        session: &Session,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<(), Halt> {
        self.is_whole(session).await?;
        let history = self.recall(session, (from, to)).await?;
        self.held.begin("rehearse");
        self.held.note().await?;
        let progress = Progress::default();
        progress.all((to - from).num_days().unsigned_abs() + 1);
        let gone = Arc::<AtomicBool>::default();
        let watched = Watched {
            gone: Arc::clone(&gone),
            progress: progress.clone(),
        };
        let _wanted = Wanted(gone);
        let (values, seed) = (session.values.clone(), self.held.lease.run.seed);
        let work = tokio::task::spawn_blocking(move || {
            history.rehearse(&values, (from, to), seed, &watched)
        });
        let rehearsed = self.held.kept(work, &progress).await?;
        let broke = |error| Halt::Hopeless(format!("the policy broke off: {error}"));
        let rehearsed = rehearsed.map_err(broke)?.map_err(|_| Halt::Leaving)?;
        self.rehearsed(rehearsed).await
    }

    async fn recall(
        &mut self,
        session: &Session,
        days: (NaiveDate, NaiveDate),
    ) -> Result<Box<dyn Remembered>, Halt> {
        self.held.begin("gather");
        self.held.note().await?;
        let progress = Progress::default();
        let gathering = self.gathering(session, self.held.now(), &progress);
        let (history, told) = self.held.kept(gathering.history(days), &progress).await??;
        self.held
            .say(LogLevel::Info, &format!("the past is read: {told}"));
        self.held.done("gather", told);
        Ok(history)
    }

    async fn rehearsed(&mut self, mut rehearsal: Rehearsal) -> Result<(), Halt> {
        // What each proposal rests on is shown with a real one; here it would be the greater part of a year.
        let proposals = rehearsal.days.iter_mut().flat_map(|d| &mut d.proposals);
        proposals.for_each(|p| p.evidence.clear());
        let (count, days) = (rehearsal.proposals, rehearsal.days.len());
        let sentence = format!(
            "{count} proposals on {days} days, at most {} on one",
            rehearsal.busiest
        );
        self.held.say(LogLevel::Info, &sentence);
        self.held.done("rehearse", sentence.clone());
        let run = &mut self.held.lease.run;
        run.looked_at = days as u64;
        run.proposals = u32::try_from(count).unwrap_or(u32::MAX);
        run.rehearsal = Some(rehearsal);
        self.held.end(RunStatus::Succeeded, Some(sentence));
        self.held.put_down().await
    }
}
