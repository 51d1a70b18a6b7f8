//! Something that people should know, and how often it happened.

use crate::ids::{NoticeId, StoreId, WorkspaceId};
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What goes on with the same cause joins the notice about it for so long; after that it is told anew.
pub const TOLD_ONCE_HOURS: i64 = 24;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Info,
    Warning,
    /// Passes through quiet hours.
    Critical,
}

impl Severity {
    pub const ALL: [Self; 3] = [Self::Info, Self::Warning, Self::Critical];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $severity:ident;)+) => {
        /// All that is told. How bad it is follows from it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum NoticeKind { $($(#[$doc])* $name),+ }

        impl NoticeKind {
            pub const ALL: [Self; [$($text),+].len()] = [$(Self::$name),+];

            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }

            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity),+ }
            }
        }
    };
}

kinds! {
    /// A change-set waits for somebody's yes or no.
    ProposalWaiting = "proposal_waiting", Info;
    /// A change-set came into effect in part, or not at all.
    ChangeSetFailed = "change_set_failed", Warning;
    /// The provider's state was not what was planned on, so nothing was sent.
    ChangeSetDrifted = "change_set_drifted", Warning;
    /// Nobody can tell whether a write happened: a person has to look.
    ChangeSetUnknown = "change_set_unknown", Critical;
    RunFailed = "run_failed", Warning;
    /// Its worker died again and again.
    RunDead = "run_dead", Critical;
    /// An agent's predictions did not come true, so it asks again.
    AutonomyLowered = "autonomy_lowered", Warning;
    StopSet = "stop_set", Critical;
    StopLifted = "stop_lifted", Warning;
    SyncFailed = "sync_failed", Warning;
    ImportFailed = "import_failed", Warning;
    RecostFailed = "recost_failed", Warning;
    ReconciliationFailed = "reconciliation_failed", Warning;
    ForecastFailed = "forecast_failed", Warning;
    /// Days differ from the provider's own totals, and nothing explains it.
    ReconciliationDiffers = "reconciliation_differs", Warning;
    /// Forecasts miss by more than they used to.
    ForecastDrifts = "forecast_drifts", Warning;
    /// A figure of a day was not what its own past says.
    AnomalyFound = "anomaly_found", Warning;
    /// What the day before brought.
    DailyBrief = "daily_brief", Info;
    /// The provider does not answer, or refuses our credentials.
    ConnectionDown = "connection_down", Critical;
    TokenExpires = "token_expires", Warning;
    /// A place that notices go to failed for long, and was switched off.
    ChannelOff = "channel_off", Warning;
    /// The backup that was due could not be made.
    BackupFailed = "backup_failed", Warning;
}

/// A line of a notice, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeFact {
    pub label: String,
    pub value: String,
}

/// One thing that happened, before anybody knows whether it belongs to a notice that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// Names the happening, so that finding it again counts nothing.
    pub key: String,
    /// Names its cause; what goes on with the same one is told once and counted.
    pub cause: String,
    pub kind: NoticeKind,
    pub store: Option<StoreId>,
    pub title: String,
    pub facts: Vec<NoticeFact>,
    /// Where to look, as an address inside the command center.
    pub link: String,
    pub at: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    pub id: NoticeId,
    pub workspace: WorkspaceId,
    pub store: Option<StoreId>,
    pub kind: NoticeKind,
    pub severity: Severity,
    pub title: String,
    pub facts: Vec<NoticeFact>,
    pub link: String,
    pub cause: String,
    pub first_at: DateTime<Utc>,
    pub last_at: DateTime<Utc>,
    /// How often it happened.
    pub count: u64,
    /// What it was about is over: nobody has to do anything about it any more.
    #[serde(default)]
    pub settled_at: Option<DateTime<Utc>>,
}

impl Notice {
    /// Its id follows from what it tells first.
    #[must_use]
    pub fn first(workspace: WorkspaceId, news: &News) -> Self {
        Self {
            id: NoticeId(Uuid::new_v5(&workspace.0, news.key.as_bytes())),
            workspace,
            store: news.store,
            kind: news.kind,
            severity: news.kind.severity(),
            title: news.title.clone(),
            facts: news.facts.clone(),
            link: news.link.clone(),
            cause: news.cause.clone(),
            first_at: news.at,
            last_at: news.at,
            count: 1,
            settled_at: None,
        }
    }

    /// Whether it goes on with this one; what is over does not go on.
    #[must_use]
    pub fn is_joined_by(&self, news: &News) -> bool {
        let over = self.first_at + Duration::hours(TOLD_ONCE_HOURS);
        self.settled_at.is_none() && self.cause == news.cause && news.at < over
    }

    /// It happened again: what is shown is the newest of it.
    pub fn join(&mut self, news: &News) {
        self.count += 1;
        if news.at >= self.last_at {
            self.last_at = news.at;
            self.title.clone_from(&news.title);
            self.facts.clone_from(&news.facts);
            self.link.clone_from(&news.link);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn news(at: DateTime<Utc>, title: &str) -> News {
        News {
            key: title.to_owned(),
            cause: "sync/1".to_owned(),
            kind: NoticeKind::SyncFailed,
            store: None,
            title: title.to_owned(),
            facts: Vec::new(),
            link: "/connections".to_owned(),
            at,
        }
    }

    #[test]
    fn what_goes_on_is_counted_and_after_a_day_told_anew() {
        let at = DateTime::UNIX_EPOCH;
        let workspace = WorkspaceId(Uuid::from_u128(1));
        let mut notice = Notice::first(workspace, &news(at, "first"));
        let hours = |n| at + Duration::hours(n);
        assert!(notice.is_joined_by(&news(hours(23), "second")));
        assert!(!notice.is_joined_by(&news(hours(TOLD_ONCE_HOURS), "anew")));
        notice.join(&news(hours(5), "second"));
        notice.join(&news(hours(3), "found late"));
        assert_eq!((notice.count, notice.last_at), (3, hours(5)));
        assert_eq!(notice.title, "second", "the newest is shown");
        notice.settled_at = Some(hours(6));
        assert!(!notice.is_joined_by(&news(hours(7), "once more")));
    }

    #[test]
    fn kinds_are_stored_by_their_words() {
        for kind in NoticeKind::ALL {
            let word = serde_json::to_value(kind).unwrap();
            assert_eq!(word, kind.as_str());
        }
    }
}
