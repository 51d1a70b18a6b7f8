//! Finds what happened: forwards through the audit, which is written with its causes, and over what ended badly.

use super::Notifications;
use super::words::{self, fact, utc};
use chrono::{DateTime, Duration, Utc};
use domain::audit::Entry;
use domain::connection::ConnectionState;
use domain::forecast::score::DriftState;
use domain::ids::{ChangeSetId, WorkspaceId};
use domain::notifications::{Channel, News, NoticeKind};
use domain::sync::SyncStatus;
use ports::{PageRequest, PortResult};
use std::collections::BTreeSet;
use std::sync::PoisonError;

const ENTRIES: u32 = 200;
/// What ended longer ago is no news any more; shorter than notices are remembered.
pub(super) const NEWS: Duration = Duration::days(14);
/// Of what recently began, so many are looked at each time.
pub(super) const NEWEST: u32 = 50;
/// Names that a process remembers.
const MOST_KNOWN: usize = 10_000;
/// A token that expires so soon is told of.
const BEFORE_EXPIRY: Duration = Duration::days(7);

impl Notifications {
    /// Goes on through the audit of every workspace; answers how many notices began.
    pub async fn follow(&self) -> PortResult<usize> {
        let mut begun = 0;
        for workspace in self.ports.accounts.workspaces().await? {
            loop {
                let seen = self.ports.notices.seen(workspace.id).await?.audit;
                let entries = self.ports.audit.walk(workspace.id, seen, ENTRIES).await?;
                let Some(last) = entries.last().map(|e| e.seq) else {
                    break;
                };
                let mut news = Vec::new();
                for entry in entries.iter().filter(|e| words::is_news(e)) {
                    news.extend(self.news_of(workspace.id, entry).await?);
                }
                begun += self.record(workspace.id, &news, Some(last)).await?;
            }
        }
        Ok(begun)
    }

    /// Looks at what ended badly, what differs, what is down and what expires, in every workspace.
    pub async fn sweep(&self) -> PortResult<usize> {
        let mut begun = 0;
        let now = self.ports.clock.now();
        for workspace in self.ports.accounts.workspaces().await? {
            let workspace = workspace.id;
            let since = self.ports.notices.seen(workspace).await?.since;
            let since = since.map_or(now - NEWS, |since| since.max(now - NEWS));
            let mut news = self.ended_badly(workspace, since, now).await?;
            news.extend(self.differing(workspace).await?);
            news.extend(self.drifting(workspace, now).await?);
            news.extend(self.mornings(workspace, since).await?);
            news.extend(self.down(workspace, now).await?);
            news.extend(self.expiring(workspace, now).await?);
            let channels = self.ports.notice_settings.channels(workspace).await?;
            news.extend(channels.iter().filter_map(switched_off));
            news.retain(|n| n.at >= since && !self.is_known(workspace, &n.key));
            begun += self.record(workspace, &news, None).await?;
            self.learn(workspace, news);
        }
        Ok(begun)
    }

    async fn record(
        &self,
        workspace: WorkspaceId,
        news: &[News],
        audit: Option<i64>,
    ) -> PortResult<usize> {
        if news.is_empty() && audit.is_none() {
            return Ok(0);
        }
        let now = self.ports.clock.now();
        let begun = self
            .ports
            .notices
            .record(workspace, news, audit, now)
            .await?;
        if !news.is_empty() {
            self.hub.wake();
        }
        Ok(begun.len())
    }

    async fn news_of(&self, workspace: WorkspaceId, entry: &Entry) -> PortResult<Option<News>> {
        let told = &entry.entry;
        match told.action.as_str() {
            "stop.set" | "stop.lift" => return Ok(words::stop(entry)),
            "agent.configure" => return Ok(words::lowered(entry)),
            crate::backups::FAILED => return Ok(Some(words::backup_failed(entry))),
            _ => {}
        }
        let Ok(id) = told.target_id.parse::<ChangeSetId>() else {
            return Ok(None);
        };
        let set = self.ports.changes.find(workspace, id).await?;
        // It was removed with its store.
        let Some(set) = set else {
            return Ok(None);
        };
        Ok(match told.action.as_str() {
            "change_set.end" => words::ended(entry, &set),
            _ => words::waiting(entry, &set),
        })
    }

    pub(super) fn is_known(&self, workspace: WorkspaceId, key: &str) -> bool {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.contains(&(workspace, key.to_owned()))
    }

    fn learn(&self, workspace: WorkspaceId, news: Vec<News>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() > MOST_KNOWN {
            known.clear();
        }
        known.extend(news.into_iter().map(|n| (workspace, n.key)));
    }

    async fn differing(&self, workspace: WorkspaceId) -> PortResult<Vec<News>> {
        let page = PageRequest::first(NEWEST);
        let runs = self
            .ports
            .reconciliations
            .list(workspace, None, &page)
            .await?;
        let runs = runs.items.into_iter().filter_map(|run| {
            let at = run.finished_at?;
            let days = run.tally.unexplained;
            (run.status == SyncStatus::Succeeded && days > 0).then(|| News {
                key: format!("reconciliation/{}", run.id),
                cause: format!("differs/{}", run.scope.store),
                kind: NoticeKind::ReconciliationDiffers,
                store: Some(run.scope.store),
                title: match days {
                    1 => "One day differs from the provider's totals".to_owned(),
                    n => format!("{n} days differ from the provider's totals"),
                },
                facts: vec![fact(
                    "Compared",
                    format!("{} to {}", run.range.from, run.range.to),
                )],
                link: "/reconciliation".to_owned(),
                at,
            })
        });
        Ok(runs.collect())
    }

    /// Forecasts that miss by more than they used to, as the newest night of a store found.
    async fn drifting(&self, workspace: WorkspaceId, now: DateTime<Utc>) -> PortResult<Vec<News>> {
        let page = PageRequest::first(NEWEST);
        let runs = self
            .ports
            .forecast_runs
            .list(workspace, None, &page)
            .await?;
        let mut stores = BTreeSet::new();
        let nights = runs.items.into_iter().filter(|run| {
            let recent = run.finished_at.is_some_and(|at| at >= now - NEWS);
            recent && run.drift.is_some() && stores.insert(run.scope.store)
        });
        let news = nights.filter_map(|run| {
            let (at, drift) = (run.finished_at?, run.drift?);
            let (recent, past) = (drift.recent?, drift.past?);
            (drift.state == DriftState::Drifting).then(|| News {
                key: format!("drift/{}", run.id),
                cause: format!("drift/{}", run.scope.store),
                kind: NoticeKind::ForecastDrifts,
                store: Some(run.scope.store),
                title: "Forecasts miss by more than they used to".to_owned(),
                facts: vec![
                    fact("Error of the last 28 days (MASE)", format!("{recent:.2}")),
                    fact("Before", format!("{past:.2}")),
                ],
                link: "/accuracy".to_owned(),
                at,
            })
        });
        Ok(news.collect())
    }

    async fn down(&self, workspace: WorkspaceId, now: DateTime<Utc>) -> PortResult<Vec<News>> {
        let all = self.ports.connections.list(Some(workspace)).await?;
        let down = all.into_iter().filter(|c| c.state == ConnectionState::Down);
        let news = down.map(|connection| {
            // One outage, however often it is looked at.
            let since = connection.last_success_at.unwrap_or(connection.created_at);
            let failed = connection.last_error.as_ref();
            let why = connection.state_reason.as_deref();
            let why = why.or(failed.map(|e| e.message.as_str()));
            News {
                key: format!("down/{}/{}", connection.id, since.timestamp_micros()),
                cause: format!("down/{}", connection.id),
                kind: NoticeKind::ConnectionDown,
                store: Some(connection.store),
                title: format!(
                    "{} does not answer, or refuses our credentials",
                    connection.name
                ),
                facts: why.map(|why| fact("Why", why)).into_iter().collect(),
                link: "/connections".to_owned(),
                at: failed.map_or(now, |e| e.at),
            }
        });
        Ok(news.collect())
    }

    /// Names of tokens are not everybody's to know.
    async fn expiring(&self, workspace: WorkspaceId, now: DateTime<Utc>) -> PortResult<Vec<News>> {
        let tokens = self.ports.grants.tokens(workspace, None).await?;
        let soon = tokens.into_iter().filter_map(|listed| {
            let token = listed.token;
            let at = token.expires_at?;
            // What was made for a few days is not told of.
            let is_long = at - token.created_at > BEFORE_EXPIRY;
            (at > now && at - now <= BEFORE_EXPIRY && is_long).then(|| News {
                key: format!("token/{}", token.id),
                cause: format!("token/{}", token.id),
                kind: NoticeKind::TokenExpires,
                store: None,
                title: "An API token expires within a week".to_owned(),
                facts: vec![fact("Expires", utc(at))],
                link: "/settings/tokens".to_owned(),
                at: now,
            })
        });
        Ok(soon.collect())
    }
}

fn switched_off(channel: &Channel) -> Option<News> {
    let why = channel.off_reason.as_deref()?;
    let since = channel.failing_since?;
    Some(News {
        key: format!("channel/{}/{}", channel.id, since.timestamp_micros()),
        cause: format!("channel/{}", channel.id),
        kind: NoticeKind::ChannelOff,
        store: None,
        title: format!("{} was switched off: it takes no notices", channel.name),
        facts: vec![fact("Why", why)],
        link: "/settings/notifications".to_owned(),
        at: since,
    })
}
