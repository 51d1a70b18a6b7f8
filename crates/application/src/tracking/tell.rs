//! Tells the tracker what an incident's issue has to say next.

use super::{DESK, Held, LABEL, LEASE, Tracking, TrackingError};
use chrono::Duration;
use domain::incident::{Incident, IssueRef, Step};
use ports::dockets::Docket;
use ports::tracker::{NewIssue, Tracker};
use ports::{Kind, PortError, PortResult, Retry};
use secrecy::SecretString;

/// Incidents that are told one after the other before anything else is looked at: GitHub asks for no more than 80 new things a minute.
const AT_ONCE: u32 = 10;
/// Steps of one incident in a row: opened, and closed, and what a deleted issue costs.
const MOST_STEPS: usize = 4;
/// After a try whose end nobody knows: what was on its way has arrived by then.
const RECONCILE_AFTER: Duration = Duration::seconds(60);
const FIRST_WAIT: Duration = Duration::seconds(60);
const LONGEST_WAIT: Duration = Duration::hours(1);
/// Of an error, as it is kept.
const LONGEST_ERROR: usize = 500;

impl Tracking {
    /// Tells what is due; answers how many incidents were looked after.
    pub async fn tell_due(&self) -> PortResult<usize> {
        let Some(tracker) = &self.tracker else {
            return Ok(0);
        };
        let now = self.ports.clock.now();
        let due = self.ports.dockets.due_dockets(DESK, now, AT_ONCE).await?;
        let mut told = 0;
        for docket in due {
            if let Some((docket, mut held)) = self.claim(docket).await? {
                let outcome = self.tell(tracker.as_ref(), &mut held.incident).await;
                self.put_down(&docket, held, outcome).await?;
                told += 1;
            }
        }
        Ok(told)
    }

    /// `None`: somebody else has it.
    async fn claim(&self, docket: Docket) -> PortResult<Option<(Docket, Held)>> {
        let mut held = Held::of(&docket)?;
        let until = self.ports.clock.now() + LEASE;
        held.held_until = Some(until);
        let claimed = held.docket(docket.version + 1, Some(until));
        let put = self.ports.dockets.put_docket(&claimed).await?;
        Ok(put.then_some((claimed, held)))
    }

    async fn put_down(
        &self,
        docket: &Docket,
        mut held: Held,
        outcome: Result<(), TrackingError>,
    ) -> PortResult<()> {
        let now = self.ports.clock.now();
        held.held_until = None;
        let due_at = match outcome {
            Ok(()) => held.incident.due_at(now),
            Err(error) => {
                let incident = &mut held.incident;
                incident.tries = incident.tries.saturating_add(1);
                let wait = wait(&error, incident.tries);
                let text = error.to_string();
                tracing::warn!(error = text, "the tracker could not be told of an incident");
                incident.last_error = Some(text.chars().take(LONGEST_ERROR).collect());
                Some(now + wait)
            }
        };
        let next = held.docket(docket.version + 1, due_at);
        // Whoever has it by now looks at the tracker first.
        self.ports.dockets.put_docket(&next).await?;
        Ok(())
    }

    async fn tell(
        &self,
        tracker: &dyn Tracker,
        incident: &mut Incident,
    ) -> Result<(), TrackingError> {
        let token = self.token().await?;
        for _ in 0..MOST_STEPS {
            let now = self.ports.clock.now();
            let Some(step) = incident.step(now) else {
                return Ok(());
            };
            match self.take(tracker, &token, incident, step).await {
                Ok(issue) => incident.told(step, issue, now),
                // Somebody deleted the issue: it is looked for, and opened anew.
                Err(error) if error.kind == Kind::NotFound && incident.issue.is_some() => {
                    incident.issue = None;
                    incident.told = None;
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    async fn take(
        &self,
        tracker: &dyn Tracker,
        token: &SecretString,
        incident: &Incident,
        step: Step,
    ) -> PortResult<IssueRef> {
        let issue = match (&incident.issue, step) {
            (Some(issue), _) => issue.clone(),
            (None, _) => {
                let marker = incident.marker();
                match tracker.find_issue(token, LABEL, &marker).await? {
                    None => {
                        let issue = NewIssue {
                            title: incident.title().to_owned(),
                            body: incident.body(self.public_url.as_deref()),
                            label: LABEL.to_owned(),
                        };
                        return tracker.open_issue(token, &issue).await;
                    }
                    Some(found) if found.open => return Ok(found.issue),
                    // It was closed, and is forgotten here: the same thing is wrong again.
                    Some(found) => {
                        let back = Step::Again { back: true };
                        say(tracker, token, incident, found.issue.number, back).await?;
                        tracker.set_open(token, found.issue.number, true).await?;
                        return Ok(found.issue);
                    }
                }
            }
        };
        say(tracker, token, incident, issue.number, step).await?;
        match step {
            Step::Close => tracker.set_open(token, issue.number, false).await?,
            Step::Again { back: true } => tracker.set_open(token, issue.number, true).await?,
            Step::Open | Step::Again { back: false } => {}
        }
        Ok(issue)
    }
}

/// Once, whatever became of an earlier try.
async fn say(
    tracker: &dyn Tracker,
    token: &SecretString,
    incident: &Incident,
    number: u64,
    step: Step,
) -> PortResult<()> {
    let marker = incident.comment_marker(step);
    if tracker.has_comment(token, number, &marker).await? {
        return Ok(());
    }
    tracker
        .comment(token, number, &incident.comment(step))
        .await
}

/// Twice as long after each try, up to an hour; never sooner than the tracker asks.
fn wait(error: &TrackingError, tries: u32) -> Duration {
    let doubled = FIRST_WAIT * 2_i32.pow(tries.saturating_sub(1).min(6));
    let usual = doubled.min(LONGEST_WAIT);
    match error {
        TrackingError::Port(PortError {
            retry: Retry::After(asked),
            ..
        }) => usual.max(Duration::from_std(*asked).unwrap_or(LONGEST_WAIT)),
        TrackingError::Port(PortError {
            retry: Retry::Reconcile,
            ..
        }) => usual.max(RECONCILE_AFTER),
        _ => usual,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_up_to_an_hour_and_obey_the_tracker() {
        let never = |tries| wait(&TrackingError::NoToken, tries).num_seconds();
        assert_eq!((never(1), never(3), never(99)), (60, 240, 3600));
        let limited = |seconds| {
            let retry = Retry::After(std::time::Duration::from_secs(seconds));
            PortError::new(Kind::RateLimited, retry, "github", "x", "x").into()
        };
        assert_eq!(wait(&limited(900), 1).num_seconds(), 900);
        assert_eq!(wait(&limited(1), 2).num_seconds(), 120);
    }
}
