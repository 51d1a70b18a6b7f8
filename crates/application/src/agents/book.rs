//! The end of a run of an agent that proposes nothing: what it found is told, and written into our own books.

use super::facts::Written;
use super::halt::{Halt, Progress};
use super::run::{Runner, Session};
use domain::agents::{Decision, LogLevel, RunStatus};

impl Runner {
    pub(super) async fn book(
        &mut self,
        session: &Session,
        written: &Written,
        decision: &Decision,
    ) -> Result<(), Halt> {
        self.held.begin("write");
        // Whoever takes over knows what was decided before anything came of it.
        self.held.save().await?;
        self.not_stopped().await?;
        for found in &decision.proposals {
            let line = format!("{}: {}", found.title, found.reason);
            self.held.say(LogLevel::Info, &line);
        }
        let progress = Progress::default();
        // As of when the facts were read: who takes over writes the same.
        let of = self.gathering(session, written.now, &progress);
        let booked = self.held.kept(written.facts.book(&of), &progress).await??;
        for line in &booked.lines {
            self.held.say(LogLevel::Info, line);
        }
        self.held.done("write", booked.summary.clone());
        self.held.end(RunStatus::Succeeded, Some(booked.summary));
        self.held.put_down().await
    }
}
