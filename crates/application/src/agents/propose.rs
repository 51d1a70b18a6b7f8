//! From findings to change-sets, and from what people make of those to the end of the run.

use super::halt::Halt;
use super::policy::may_apply;
use super::run::{Runner, Session};
use super::words::{Told, ending, sentence};
use super::{stop_of, told};
use crate::changes::{ChangeError, Proposer, set_id};
use chrono::Duration;
use domain::agents::{AgentConfig, Autonomy, Decision, Handling, LogLevel, Proposal, RunStatus};
use domain::changes::{ChangeSet, ChangeSetStatus, Origin};
use ports::PortResult;

/// How soon a waiting run looks by itself; whoever decides wakes it.
const LOOK_AGAIN: Duration = Duration::seconds(60);
/// The first look: somebody may have decided while the run was put down.
const LOOK_FIRST: Duration = Duration::seconds(5);

/// What is left of the agent's budget, and what is proposed already.
struct Room {
    config: AgentConfig,
    autonomy: Autonomy,
    proposals: u32,
    writes: u32,
    /// Sets that wait or are under way.
    open: Vec<ChangeSet>,
}

impl Runner {
    pub(super) async fn propose(
        &mut self,
        session: &Session,
        decision: Decision,
    ) -> Result<(), Halt> {
        self.held.begin("propose");
        if decision.proposals.is_empty() {
            self.held.note().await?;
        } else {
            // Whoever takes over knows what was decided before anything came of it.
            self.held.save().await?;
        }
        // Also where there is nothing to propose: who asks finds out that it was stopped.
        self.not_stopped().await?;
        let mut room = self.room(session).await?;
        let mut came_to = Told::default();
        for proposal in &decision.proposals {
            self.treat(session, &mut room, proposal, &mut came_to)
                .await?;
        }
        let sentence = sentence(room.autonomy, &came_to);
        self.held.say(LogLevel::Info, &sentence);
        self.held.done("propose", sentence.clone());
        if self.held.lease.run.change_sets.is_empty() {
            self.held.end(RunStatus::Succeeded, Some(sentence));
        } else {
            self.held.lease.run.summary = Some(sentence);
            self.held.lease.run.status = RunStatus::WaitingApproval;
            self.held.lease.run.run_at = self.held.now() + LOOK_FIRST;
        }
        self.held.put_down().await
    }

    pub(super) async fn not_stopped(&self) -> Result<(), Halt> {
        let run = &self.held.lease.run;
        let stops = self.agents.ports.stops.stops(run.scope.workspace).await?;
        match stop_of(&stops, &run.agent) {
            Some(stop) => Err(Halt::Stopped(told(stop))),
            None => Ok(()),
        }
    }

    /// The autonomy is the lower one of when it started and now: who lowers it means the runs under way, too.
    async fn room(&self, session: &Session) -> Result<Room, Halt> {
        let (agents, run) = (&self.agents, &self.held.lease.run);
        let now = agents.config(&session.store, &session.spec).await?;
        let configs = &agents.ports.agent_configs;
        let then = configs.version(run.scope, &run.agent, run.config_version);
        let then = then.await?.map_or(Autonomy::Observe, |c| c.autonomy);
        let mut open = Vec::new();
        for status in [
            ChangeSetStatus::Proposed,
            ChangeSetStatus::Approved,
            ChangeSetStatus::Applying,
        ] {
            open.extend(agents.sets(run.scope, &run.agent, status).await?);
        }
        let written = agents.writes_by_policy(run.scope, &run.agent).await?;
        let own = u32::try_from(run.change_sets.len()).unwrap_or(u32::MAX);
        Ok(Room {
            autonomy: now.autonomy.min(then),
            proposals: now.budget.proposals_per_run.saturating_sub(own),
            writes: now.budget.writes_per_day.saturating_sub(written),
            config: now,
            open,
        })
    }

    async fn treat(
        &mut self,
        session: &Session,
        room: &mut Room,
        proposal: &Proposal,
        came_to: &mut Told,
    ) -> Result<(), Halt> {
        let (title, reason) = (&proposal.title, &proposal.reason);
        if proposal.wanted.is_empty() || proposal.handling == Handling::Notify {
            came_to.told += 1;
            self.held.say(LogLevel::Info, &format!("{title}: {reason}"));
            return Ok(());
        }
        if room.autonomy == Autonomy::Observe {
            came_to.told += 1;
            self.held
                .say(LogLevel::Info, &format!("would propose: {title}. {reason}"));
            return Ok(());
        }
        let id = set_id(self.held.lease.run.id, &proposal.subject);
        let is_own = self.held.lease.run.change_sets.contains(&id);
        if !is_own && waits_already(&room.open, proposal, id) {
            came_to.waiting += 1;
            self.held
                .say(LogLevel::Info, &format!("waits already: {title}"));
            return Ok(());
        }
        if !is_own && room.proposals == 0 {
            came_to.over += 1;
            self.held.say(
                LogLevel::Warn,
                &format!("more than the budget of a run: {title}"),
            );
            return Ok(());
        }
        self.not_stopped().await?;
        let run = &self.held.lease.run;
        let (agent, run_id, config_version) = (run.agent.clone(), run.id, run.config_version);
        let by = Proposer {
            agent: &agent,
            name: &session.spec.name,
            run: run_id,
            config_version,
        };
        let changes = self.agents.changes.clone();
        let set = changes.propose_for(&session.store, &by, proposal).await;
        let set = set.map_err(halt_of)?;
        came_to.proposed += 1;
        if !is_own {
            room.proposals -= 1;
            self.held.lease.run.change_sets.push(set.id);
            self.held.say(LogLevel::Info, &format!("proposed: {title}"));
            self.held.save().await?;
        }
        if set.is_by_policy() {
            came_to.by_policy += 1;
        } else if set.status == ChangeSetStatus::Proposed && room.autonomy == Autonomy::Act {
            match may_apply(session, &room.config, room.writes, proposal, &set) {
                Ok(why) => {
                    let why = format!(
                        "by the policy of {}, settings version {config_version}, run {run_id}: {why}",
                        session.spec.name
                    );
                    self.let_through(&by, &set, &why, room, came_to).await?;
                }
                Err(why) => self
                    .held
                    .say(LogLevel::Info, &format!("asked for: {title}; {why}")),
            }
        }
        Ok(())
    }

    async fn let_through(
        &mut self,
        by: &Proposer<'_>,
        set: &ChangeSet,
        why: &str,
        room: &mut Room,
        came_to: &mut Told,
    ) -> Result<(), Halt> {
        let title = &set.title;
        match self.agents.changes.approve_by_policy(set, by, why).await {
            Ok(set) => {
                came_to.by_policy += 1;
                let count = u32::try_from(set.operations.len()).unwrap_or(u32::MAX);
                room.writes = room.writes.saturating_sub(count);
                self.held
                    .say(LogLevel::Info, &format!("let through {why}: {title}"));
            }
            Err(ChangeError::Port(error)) => return Err(error.into()),
            // People were faster, or a stop came: it waits, or is decided on.
            Err(error) => self.held.say(
                LogLevel::Warn,
                &format!("not let through: {title}; {error}"),
            ),
        }
        self.held.save().await
    }

    /// What became of the run's sets: it ends when all are decided on and made.
    pub(super) async fn look_at_sets(&mut self) -> Result<(), Halt> {
        let sets = self.own_sets().await?;
        let any = |is: fn(&ChangeSet) -> bool| sets.iter().any(is);
        let waits = any(|s| s.status == ChangeSetStatus::Proposed);
        let is_made = any(|s| s.status.is_work());
        if waits || is_made {
            let now = self.held.now();
            let expires = sets
                .iter()
                .filter(|s| s.status == ChangeSetStatus::Proposed);
            let expires = expires.map(|s| s.expires_at + Duration::seconds(1)).min();
            let later = now + LOOK_AGAIN;
            self.held.lease.run.run_at =
                expires.map_or(later, |at| at.max(now + LOOK_FIRST).min(later));
            self.held.lease.run.status = if waits {
                RunStatus::WaitingApproval
            } else {
                RunStatus::Applying
            };
            return self.held.put_down().await;
        }
        let (summary, broke) = ending(&sets);
        self.held.say(LogLevel::Info, &summary);
        self.held.lease.run.error.clone_from(&broke);
        let status = match broke {
            Some(_) => RunStatus::Failed,
            None => RunStatus::Succeeded,
        };
        self.held.end(status, Some(summary));
        self.held.put_down().await
    }

    async fn own_sets(&self) -> PortResult<Vec<ChangeSet>> {
        let run = &self.held.lease.run;
        let mut sets = Vec::new();
        for id in &run.change_sets {
            sets.extend(self.agents.changes.find(run.scope.workspace, *id).await?);
        }
        Ok(sets)
    }
}

/// Whether another run of the agent brought the subject up, and it is open still.
fn waits_already(open: &[ChangeSet], proposal: &Proposal, id: domain::ids::ChangeSetId) -> bool {
    open.iter()
        .filter(|set| set.id != id)
        .any(|set| match &set.origin {
            Origin::Agent { run, .. } => set_id(*run, &proposal.subject) == set.id,
            Origin::Person | Origin::Undo { .. } => false,
        })
}

fn halt_of(error: ChangeError) -> Halt {
    match error {
        ChangeError::Port(error) => error.into(),
        error => Halt::Hopeless(error.to_string()),
    }
}
