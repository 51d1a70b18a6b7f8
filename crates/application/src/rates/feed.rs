//! Keeping up with a published series: how much of it to ask for, when to look again, what went wrong.

use super::{Rates, RatesError, first_changed};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use domain::ids::WorkspaceId;
use ports::rates::{FeedSpan, FeedState, StoredRate};
use ports::{PortError, PortResult};

/// First wait after a failure; each further one in a row is twice as long.
const FIRST_WAIT_MINUTES: i64 = 5;
/// The ninety days of the shorter series, with a few to spare.
const QUARTER_DAYS: i64 = 80;
const BATCH: usize = 2000;

/// What a reading brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refreshed {
    /// Rates that were told.
    pub told: usize,
    pub newest: Option<NaiveDate>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedCondition {
    /// `RATES_URL` is not set.
    Off,
    /// Set up, but never read yet.
    Waiting,
    Ok,
    Failing,
}

#[derive(Debug, Clone)]
pub struct FeedView {
    pub condition: FeedCondition,
    pub url: Option<String>,
    pub publisher: Option<String>,
    /// Of the series that is set up now.
    pub state: Option<FeedState>,
}

impl Rates {
    pub async fn feed(&self, workspace: WorkspaceId) -> PortResult<FeedView> {
        let Some(feed) = &self.ports.rate_feed else {
            return Ok(FeedView {
                condition: FeedCondition::Off,
                url: None,
                publisher: None,
                state: None,
            });
        };
        let state = self.state(workspace, &feed.url()).await?;
        let condition = match &state {
            None => FeedCondition::Waiting,
            Some(state) if state.error.is_some() => FeedCondition::Failing,
            Some(_) => FeedCondition::Ok,
        };
        Ok(FeedView {
            condition,
            url: Some(feed.url()),
            publisher: Some(feed.publisher()),
            state,
        })
    }

    /// What is known of this series; nothing of another one.
    async fn state(&self, workspace: WorkspaceId, url: &str) -> PortResult<Option<FeedState>> {
        let state = self.ports.rates.feed_state(workspace).await?;
        Ok(state.filter(|state| state.url == url))
    }

    /// Reads what is new. How it went is kept, whatever it was.
    pub async fn refresh(&self, workspace: WorkspaceId) -> Result<Refreshed, RatesError> {
        let Some(feed) = &self.ports.rate_feed else {
            return Err(RatesError::NoFeed);
        };
        let now = self.ports.clock.now();
        let known = self.state(workspace, &feed.url()).await?;
        let newest = known.as_ref().and_then(|state| state.newest);
        let span = span(newest, now.date_naive());
        let mut state = known.unwrap_or_else(|| FeedState {
            url: feed.url(),
            last_attempt_at: now,
            last_success_at: None,
            newest: None,
            error: None,
            failures: 0,
        });
        state.last_attempt_at = now;
        match feed.read(span).await {
            Ok(rates) => {
                let told = rates.len();
                let newest = rates.iter().map(|r| r.day).max();
                let stored: Vec<_> = rates
                    .into_iter()
                    .map(|rate| StoredRate {
                        rate,
                        origin: feed.publisher(),
                        import: None,
                        observed_at: now,
                    })
                    .collect();
                let mut first = None;
                for batch in stored.chunks(BATCH) {
                    let replaced = self.ports.rates.save(workspace, batch, None).await?;
                    let days = first.into_iter().chain(first_changed(batch, &replaced));
                    first = days.min();
                }
                state.newest = state.newest.max(newest);
                state.last_success_at = Some(now);
                (state.error, state.failures) = (None, 0);
                self.ports.rates.set_feed_state(workspace, &state).await?;
                self.changed(workspace, told).await?;
                if first.is_some() {
                    self.costs.rates_changed(workspace, first).await?;
                }
                Ok(Refreshed {
                    told,
                    newest: state.newest,
                })
            }
            Err(error) => Err(self.failed(workspace, state, error).await?.into()),
        }
    }

    async fn failed(
        &self,
        workspace: WorkspaceId,
        mut state: FeedState,
        error: PortError,
    ) -> PortResult<PortError> {
        state.error = Some(error.detail.clone());
        state.failures = state.failures.saturating_add(1);
        self.ports.rates.set_feed_state(workspace, &state).await?;
        self.changed(workspace, 0).await?;
        Ok(error)
    }

    /// Refreshes where that is due: every so often after a success, sooner after a failure. When it was last tried is stored, so that a
    /// restart changes nothing.
    pub async fn refresh_due(&self, every: Duration) -> PortResult<()> {
        let Some(feed) = &self.ports.rate_feed else {
            return Ok(());
        };
        for workspace in self.ports.accounts.workspaces().await? {
            let state = self.state(workspace.id, &feed.url()).await?;
            if state.is_some_and(|state| next_at(&state, every) > self.ports.clock.now()) {
                continue;
            }
            match self.refresh(workspace.id).await {
                Ok(refreshed) => {
                    tracing::info!(rates = refreshed.told, newest = ?refreshed.newest, "exchange rates were read");
                }
                Err(error) => tracing::warn!(%error, "exchange rates could not be read"),
            }
        }
        Ok(())
    }
}

/// No more than what is new.
fn span(newest: Option<NaiveDate>, today: NaiveDate) -> FeedSpan {
    match newest.map(|newest| (today - newest).num_days()) {
        Some(..=1) => FeedSpan::Day,
        Some(..=QUARTER_DAYS) => FeedSpan::Quarter,
        _ => FeedSpan::All,
    }
}

fn next_at(state: &FeedState, every: Duration) -> DateTime<Utc> {
    if state.error.is_none() {
        return state.last_attempt_at + every;
    }
    let doubled = FIRST_WAIT_MINUTES << state.failures.saturating_sub(1).min(10);
    state.last_attempt_at + Duration::minutes(doubled).min(every)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_new_is_asked_for() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let today = day("2026-11-27");
        assert_eq!(span(None, today), FeedSpan::All);
        assert_eq!(span(Some(day("2026-11-26")), today), FeedSpan::Day);
        assert_eq!(span(Some(day("2026-11-24")), today), FeedSpan::Quarter);
        assert_eq!(span(Some(day("2026-08-01")), today), FeedSpan::All);
        assert_eq!(span(Some(day("2026-11-28")), today), FeedSpan::Day);
    }

    #[test]
    fn failures_are_tried_again_sooner_and_then_later_and_later() {
        let at = DateTime::UNIX_EPOCH;
        let mut state = FeedState {
            url: String::new(),
            last_attempt_at: at,
            last_success_at: None,
            newest: None,
            error: None,
            failures: 0,
        };
        let every = Duration::hours(6);
        assert_eq!(next_at(&state, every) - at, every);
        state.error = Some("down".to_owned());
        let waits = [1, 2, 5, 40].map(|failures| {
            state.failures = failures;
            (next_at(&state, every) - at).num_minutes()
        });
        assert_eq!(waits, [5, 10, 80, 360]);
    }
}
