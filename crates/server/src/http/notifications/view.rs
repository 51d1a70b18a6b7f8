//! Notices and preferences as the API writes and reads them.

use crate::problem::{FieldError, Problem};
use chrono::{DateTime, NaiveTime, Utc};
use domain::notifications::{How, Notice, NoticeKind, Preferences, QuietHours, Severity};
use ports::notices::{ListedNotice, Unread};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! same {
    ($domain:ident and $body:ident: $($variant:ident),+ $(,)?) => {
        impl From<$domain> for $body {
            fn from(value: $domain) -> Self {
                match value { $($domain::$variant => Self::$variant),+ }
            }
        }

        impl From<$body> for $domain {
            fn from(value: $body) -> Self {
                match value { $($body::$variant => Self::$variant),+ }
            }
        }
    };
}
pub(crate) use same;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Severity)]
pub(crate) enum SeverityBody {
    Info,
    Warning,
    Critical,
}

same!(Severity and SeverityBody: Info, Warning, Critical);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = NoticeKind)]
pub(crate) enum KindBody {
    ProposalWaiting,
    ChangeSetFailed,
    ChangeSetDrifted,
    ChangeSetUnknown,
    RunFailed,
    RunDead,
    AutonomyLowered,
    StopSet,
    StopLifted,
    SyncFailed,
    ImportFailed,
    RecostFailed,
    ReconciliationFailed,
    ForecastFailed,
    ReconciliationDiffers,
    ForecastDrifts,
    AnomalyFound,
    DailyBrief,
    ConnectionDown,
    TokenExpires,
    ChannelOff,
    BackupFailed,
}

same!(NoticeKind and KindBody:
    ProposalWaiting, ChangeSetFailed, ChangeSetDrifted, ChangeSetUnknown, RunFailed, RunDead, AutonomyLowered, StopSet,
    StopLifted, SyncFailed, ImportFailed, RecostFailed, ReconciliationFailed, ForecastFailed, ReconciliationDiffers, ForecastDrifts, AnomalyFound, DailyBrief, ConnectionDown,
    TokenExpires, ChannelOff, BackupFailed,
);

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NoticeFact)]
pub(crate) struct FactBody {
    label: String,
    value: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Notice)]
pub(crate) struct NoticeBody {
    #[schema(format = "uuid")]
    id: String,
    kind: KindBody,
    severity: SeverityBody,
    title: String,
    facts: Vec<FactBody>,
    /// Where to look: an address inside the command center.
    link: String,
    #[schema(format = "uuid")]
    store_id: Option<String>,
    first_at: DateTime<Utc>,
    last_at: DateTime<Utc>,
    /// How often it happened; what goes on with the same cause is told once a day.
    count: u64,
    /// Whether this person read it, or nobody has to any more.
    is_read: bool,
    /// Since when what it is about is over: somebody decided, or nobody did in time.
    settled_at: Option<DateTime<Utc>>,
}

impl From<ListedNotice> for NoticeBody {
    fn from(listed: ListedNotice) -> Self {
        let Notice {
            id,
            store,
            kind,
            severity,
            title,
            facts,
            link,
            first_at,
            last_at,
            count,
            settled_at,
            ..
        } = listed.notice;
        let facts = facts.into_iter().map(|fact| FactBody {
            label: fact.label,
            value: fact.value,
        });
        Self {
            id: id.to_string(),
            kind: kind.into(),
            severity: severity.into(),
            title,
            facts: facts.collect(),
            link,
            store_id: store.map(|id| id.to_string()),
            first_at,
            last_at,
            count,
            is_read: listed.read || settled_at.is_some(),
            settled_at,
        }
    }
}

/// What one has not read.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UnreadNotices)]
pub(crate) struct UnreadBody {
    total: u64,
    info: u64,
    warning: u64,
    critical: u64,
}

impl From<Unread> for UnreadBody {
    fn from(unread: Unread) -> Self {
        let Unread {
            info,
            warning,
            critical,
        } = unread;
        Self {
            total: info + warning + critical,
            info,
            warning,
            critical,
        }
    }
}

/// Nothing but the Inbox, at once, or with others once a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = HowToTell)]
pub(crate) enum HowBody {
    Off,
    Now,
    Digest,
}

same!(How and HowBody: Off, Now, Digest);

/// Times of the day; `until` may lie on the next one.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = QuietHours)]
pub(crate) struct QuietBody {
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", example = "22:00")]
    from: String,
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", example = "07:00")]
    until: String,
}

/// What is told by severity, and when.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NotificationPreferences)]
pub(crate) struct PreferencesBody {
    info: HowBody,
    warning: HowBody,
    critical: HowBody,
    /// What comes then waits for their end; what is critical does not.
    #[serde(default)]
    quiet: Option<QuietBody>,
    /// When the digest goes out.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", example = "08:00")]
    digest_at: String,
    /// Whose clock these times are read off, e.g. `Europe/Berlin`; null: the store's.
    #[serde(default)]
    zone: Option<String>,
}

fn shown(time: NaiveTime) -> String {
    time.format("%H:%M").to_string()
}

impl From<&Preferences> for PreferencesBody {
    fn from(wanted: &Preferences) -> Self {
        let quiet = wanted.quiet.map(|quiet| QuietBody {
            from: shown(quiet.from),
            until: shown(quiet.until),
        });
        Self {
            info: wanted.info.into(),
            warning: wanted.warning.into(),
            critical: wanted.critical.into(),
            quiet,
            digest_at: shown(wanted.digest_at),
            zone: wanted.zone.map(|zone| zone.name().to_owned()),
        }
    }
}

fn time(field: &str, text: &str) -> Result<NaiveTime, Problem> {
    let parsed = (text.len() == 5).then(|| NaiveTime::parse_from_str(text, "%H:%M"));
    match parsed {
        Some(Ok(time)) => Ok(time),
        _ => Err(wrong(field, "is a time of the day such as 08:00")),
    }
}

fn wrong(field: &str, message: &str) -> Problem {
    let field = format!("preferences.{field}");
    Problem::unprocessable(
        "notifications-refused",
        vec![FieldError::new(&field, message)],
    )
}

impl PreferencesBody {
    pub(crate) fn read(&self) -> Result<Preferences, Problem> {
        let quiet = match &self.quiet {
            None => None,
            Some(quiet) => {
                let from = time("quiet.from", &quiet.from)?;
                let until = time("quiet.until", &quiet.until)?;
                let quiet = QuietHours::new(from, until);
                Some(quiet.ok_or_else(|| wrong("quiet", "begin and end at different times"))?)
            }
        };
        let zone = match &self.zone {
            None => None,
            Some(name) => {
                let unknown = "is no time zone; one is called Europe/Berlin, for example";
                Some(name.parse().map_err(|_| wrong("zone", unknown))?)
            }
        };
        Ok(Preferences {
            info: self.info.into(),
            warning: self.warning.into(),
            critical: self.critical.into(),
            quiet,
            digest_at: time("digest_at", &self.digest_at)?,
            zone,
        })
    }
}
