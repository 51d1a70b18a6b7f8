//! What several do to runs at the same moment goes into one transaction: while one is committed, the next one gathers. A commit waits
//! for the disk and keeps the row that numbers events; so it is worth many runs.
//!
//! Whoever asks is answered when their part is durable. Where a part would not be done as asked (an old fence, a wish to cancel,
//! another run that holds), the transaction is undone and each part is done by itself, so that nobody suffers for a neighbour.

use super::lease::Saving;
use crate::audit::record;
use crate::{Backend, Database, Writer, events};
use chrono::{DateTime, Duration, Utc};
use domain::agents::{AgentRun, RunStatus};
use domain::audit::NewEntry;
use ports::events::runs_changed;
use ports::runs::RunLease;
use ports::{Kind, PortError, PortResult, Retry};
use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot::{Sender, channel};

/// Of one transaction; more would keep the first of them waiting.
const MOST: usize = 128;

pub(super) type Tell<T> = Sender<PortResult<T>>;

pub(super) struct Claiming {
    pub(super) now: DateTime<Utc>,
    pub(super) lease: Duration,
    pub(super) limit: usize,
}

pub(super) struct Creating {
    pub(super) run: AgentRun,
    /// What the audit tells of it.
    pub(super) entry: Option<NewEntry>,
}

/// A part of a transaction, and who waits for it.
pub(super) enum Asked {
    Create(Box<Creating>, Tell<()>),
    Save(Box<Saving>, Tell<AgentRun>),
    Claim(Claiming, Tell<Vec<RunLease>>),
}

/// Those who wait for the next transaction.
#[derive(Debug, Default)]
pub(crate) struct Line(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    asked: Vec<Asked>,
    /// How many work the line off.
    leads: usize,
}

impl std::fmt::Debug for Waiting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} waiting", self.asked.len())
    }
}

/// Works the line off; lets go of all who wait when it ends before that, e.g. with the runtime.
struct Lead {
    line: Arc<Line>,
    is_over: bool,
}

impl Drop for Lead {
    fn drop(&mut self) {
        if !self.is_over {
            let mut waiting = self.line.waiting();
            waiting.leads -= 1;
            if waiting.leads == 0 {
                waiting.asked.clear();
            }
        }
    }
}

impl Line {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the caller has to see to it that the line is worked off.
    fn join(&self, asked: Asked, most_leads: usize) -> bool {
        let mut waiting = self.waiting();
        waiting.asked.push(asked);
        let leads = waiting.leads < most_leads;
        waiting.leads += usize::from(leads);
        leads
    }

    /// In the order in which they came; of one run one part, since a transaction sees it once. Empty: nobody waits, and the caller does not
    /// lead any more.
    fn next(&self) -> Vec<Asked> {
        let mut waiting = self.waiting();
        let (mut these, mut others) = (Vec::new(), Vec::new());
        let (mut runs, mut claims) = (HashSet::new(), false);
        for asked in waiting.asked.drain(..) {
            let fits = these.len() < MOST
                && match &asked {
                    Asked::Create(creating, _) => runs.insert(creating.run.id),
                    Asked::Save(saving, _) => runs.insert(saving.run.id),
                    Asked::Claim(..) => !std::mem::replace(&mut claims, true),
                };
            if fits {
                these.push(asked);
            } else {
                others.push(asked);
            }
        }
        waiting.asked = others;
        waiting.leads -= usize::from(these.is_empty());
        these
    }
}

/// What became of a transaction for several.
enum Outcome {
    /// With what was claimed.
    Done(Vec<RunLease>),
    /// Nothing was changed.
    Undone,
    /// It may have been committed.
    Unknown(PortError),
}

impl<B: Backend> Database<B> {
    /// Answers when it is durable, or why it is not.
    pub(super) async fn ask<T>(
        &self,
        operation: &'static str,
        asked: impl FnOnce(Tell<T>) -> Asked,
    ) -> PortResult<T> {
        let (tell, told) = channel();
        if self.1.join(asked(tell), B::WRITERS) {
            let line = Self(Arc::clone(&self.0), Arc::clone(&self.1));
            // Not ours to give up: others wait for it when the caller does not any more.
            tokio::spawn(async move { line.work_off().await });
        }
        told.await.unwrap_or_else(|_| {
            let retry = Retry::Reconcile;
            let detail = "the program ends; look whether it was stored";
            let provider = B::PROVIDER;
            Err(PortError::new(
                Kind::Unavailable,
                retry,
                provider,
                operation,
                detail,
            ))
        })
    }

    async fn work_off(&self) {
        let line = Arc::clone(&self.1);
        let mut lead = Lead {
            line,
            is_over: false,
        };
        loop {
            let asked = lead.line.next();
            match asked.len() {
                0 => break,
                1 => self.each(asked).await,
                _ => self.all(asked).await,
            }
        }
        // Whoever joined since then leads.
        lead.is_over = true;
    }

    async fn each(&self, all: Vec<Asked>) {
        for asked in all {
            // Nobody may wait any more.
            match asked {
                Asked::Create(creating, tell) => drop(tell.send(self.create_run(&creating).await)),
                Asked::Save(saving, tell) => drop(tell.send(self.save_run(*saving).await)),
                Asked::Claim(claiming, tell) => drop(tell.send(self.claim_runs(&claiming).await)),
            }
        }
    }

    async fn all(&self, all: Vec<Asked>) {
        match self.together(&all).await {
            Ok(Outcome::Done(mut claimed)) => {
                for asked in all {
                    match asked {
                        Asked::Create(_, tell) => drop(tell.send(Ok(()))),
                        Asked::Save(saving, tell) => drop(tell.send(Ok(saving.run))),
                        Asked::Claim(_, tell) => drop(tell.send(Ok(std::mem::take(&mut claimed)))),
                    }
                }
            }
            // What one of them asked may be what failed.
            Ok(Outcome::Undone) | Err(_) => self.each(all).await,
            Ok(Outcome::Unknown(error)) => {
                for asked in all {
                    match asked {
                        Asked::Create(_, tell) => drop(tell.send(Err(same(&error)))),
                        Asked::Save(_, tell) => drop(tell.send(Err(same(&error)))),
                        Asked::Claim(_, tell) => drop(tell.send(Err(same(&error)))),
                    }
                }
            }
        }
    }

    /// All of it as it was asked for, or nothing.
    async fn together(&self, all: &[Asked]) -> PortResult<Outcome> {
        let (mut saved, mut created, mut claiming) = (Vec::new(), Vec::new(), None);
        for asked in all {
            match asked {
                Asked::Create(creating, _) => created.push(creating.as_ref()),
                Asked::Save(saving, _) => saved.push(saving.as_ref()),
                Asked::Claim(claim, _) => claiming = Some(claim),
            }
        }
        if saved.iter().any(|s| s.run.status == RunStatus::Cancelling) {
            return Ok(Outcome::Undone);
        }
        let mut tx = self.0.write_to_growing("runs.together").await?;
        // Ends before beginnings: what ends may be what holds another one back.
        if !Self::save_all(&mut tx, &saved).await? || !Self::insert_all(&mut tx, &created).await? {
            tx.undo().await?;
            return Ok(Outcome::Undone);
        }
        let saves = saved.iter().map(|s| runs_changed(&s.run, s.at));
        let creates = created
            .iter()
            .map(|c| runs_changed(&c.run, c.run.created_at));
        let mut told: Vec<_> = saves.chain(creates).collect();
        let mut claimed = Vec::new();
        if let Some(claiming) = claiming {
            let (leases, taken) = Self::take_up_runs(&mut tx, claiming).await?;
            claimed = leases;
            told.extend(taken);
        }
        if told.is_empty() {
            tx.undo().await?;
            return Ok(Outcome::Done(claimed));
        }
        // In one order, so that two programs never wait for each other in a ring.
        let mut entries: Vec<_> = created.iter().filter_map(|c| c.entry.clone()).collect();
        entries.sort_by_key(|entry| entry.workspace);
        record(&mut tx, &entries).await?;
        events::append(&mut tx, &told).await?;
        Ok(match tx.commit().await {
            Ok(()) => Outcome::Done(claimed),
            Err(error) => Outcome::Unknown(error),
        })
    }
}

/// The cause stays with the first who logs it.
fn same(error: &PortError) -> PortError {
    PortError::new(
        error.kind,
        error.retry,
        error.provider,
        error.operation,
        error.detail.clone(),
    )
}
