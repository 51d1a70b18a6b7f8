//! Something that is wrong, from its beginning until it is over, as a tracker outside is told of it: one issue for one cause.
//!
//! Names of people, messages of providers and figures stay here: a tracker is read by others. Told are what kind of thing it is, which part it
//! is about, when, how often, and where to look.
//!
//! Must not know: which tracker, who looks.

use crate::ids::{StoreId, WorkspaceId};
use crate::notifications::{Notice, NoticeKind};
use chrono::{DateTime, Duration, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What goes on is told again at most so often; what comes back after it was over, at once.
pub const TELL_AGAIN_AFTER: Duration = Duration::hours(1);
/// What nobody can ask about is taken to be over when it did not happen for so long.
pub const QUIET: Duration = Duration::hours(24);
/// What ended longer ago is forgotten when its issue says so.
pub const REMEMBERED: Duration = Duration::days(90);

/// Whether a kind of notice is something that is wrong; the others are for people alone.
#[must_use]
pub const fn is_incident(kind: NoticeKind) -> bool {
    title(kind).is_some()
}

/// A sentence that is the same for all of a kind. `None`: it is no incident.
#[must_use]
pub const fn title(kind: NoticeKind) -> Option<&'static str> {
    Some(match kind {
        NoticeKind::SyncFailed => "A sync failed",
        NoticeKind::ConnectionDown => "A provider does not answer, or refuses our credentials",
        NoticeKind::BackupFailed => "The backup that was due could not be made",
        NoticeKind::ReconciliationFailed => "Days could not be compared with the provider's totals",
        NoticeKind::ReconciliationDiffers => "Days differ from the provider's totals",
        NoticeKind::RecostFailed => "Orders could not be booked again with changed costs",
        NoticeKind::ForecastFailed => "Forecasts could not be made",
        NoticeKind::ImportFailed => "An import failed",
        NoticeKind::RunFailed => "A run of an agent failed",
        NoticeKind::RunDead => "A run of an agent was given up",
        NoticeKind::AnomalyFound => "A figure of a day was unusual",
        NoticeKind::ChangeSetUnknown => "Nobody can tell whether a change was made",
        NoticeKind::ChannelOff => "A channel of notices was switched off",
        NoticeKind::ProposalWaiting
        | NoticeKind::ChangeSetFailed
        | NoticeKind::ChangeSetDrifted
        | NoticeKind::AutonomyLowered
        | NoticeKind::StopSet
        | NoticeKind::StopLifted
        | NoticeKind::ForecastDrifts
        | NoticeKind::DailyBrief
        | NoticeKind::TokenExpires => return None,
    })
}

/// Why it is taken to be over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// The same thing was done again, and succeeded.
    Succeeded,
    /// It is usual again, or somebody has looked at it.
    Settled,
    /// It did not happen for [`QUIET`].
    Quiet,
}

impl Ending {
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Succeeded => "the same was done again and succeeded",
            Self::Settled => "it is as it should be, or somebody has looked at it",
            Self::Quiet => "it did not happen again for 24 hours",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Over {
    pub at: DateTime<Utc>,
    pub ending: Ending,
}

/// Where it stands outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssueRef {
    pub number: u64,
    /// For people.
    pub url: String,
}

/// What the issue says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The last time of it that it tells.
    pub last_at: DateTime<Utc>,
    pub over: bool,
    /// When that was told.
    pub at: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    pub workspace: WorkspaceId,
    /// What it goes on with; names of parts and their numbers alone.
    pub cause: String,
    pub kind: NoticeKind,
    pub store: Option<StoreId>,
    /// Inside the command center.
    pub link: String,
    pub first_at: DateTime<Utc>,
    pub last_at: DateTime<Utc>,
    /// At least so often.
    pub count: u64,
    pub over: Option<Over>,
    pub issue: Option<IssueRef>,
    pub told: Option<Told>,
    /// Tries since the last one that arrived.
    pub tries: u32,
    pub last_error: Option<String>,
}

/// What the tracker has to be told next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It has no issue yet.
    Open,
    /// It happened again; `back`: after it was over.
    Again { back: bool },
    /// It is over.
    Close,
}

impl Incident {
    /// From the notices of one cause; `None` when there are none, or it is no incident.
    #[must_use]
    pub fn of(notices: &[Notice]) -> Option<Self> {
        let newest = notices.iter().max_by_key(|n| n.last_at)?;
        is_incident(newest.kind).then(|| Self {
            workspace: newest.workspace,
            cause: newest.cause.clone(),
            kind: newest.kind,
            store: newest.store,
            link: newest.link.clone(),
            first_at: notices
                .iter()
                .map(|n| n.first_at)
                .min()
                .unwrap_or(newest.first_at),
            last_at: newest.last_at,
            count: notices.iter().map(|n| n.count).sum(),
            over: None,
            issue: None,
            told: None,
            tries: 0,
            last_error: None,
        })
    }

    /// What was found since; answers whether it changed anything. Notices are forgotten some time, so a count never goes back.
    pub fn absorb(&mut self, found: &Self) -> bool {
        let before = self.clone();
        self.count = self.count.max(found.count);
        self.first_at = self.first_at.min(found.first_at);
        if found.last_at > self.last_at {
            self.last_at = found.last_at;
            self.kind = found.kind;
            self.link.clone_from(&found.link);
        }
        if self.over.is_some_and(|over| self.last_at > over.at) {
            self.over = None;
        }
        *self != before
    }

    /// The number that its issue is found again by.
    #[must_use]
    pub fn number(&self) -> Uuid {
        let text = format!("incident/{}", self.cause);
        Uuid::new_v5(&self.workspace.0, text.as_bytes())
    }

    /// `None`: the issue says all there is. What was over before it was told needs no issue.
    #[must_use]
    pub fn step(&self, now: DateTime<Utc>) -> Option<Step> {
        let (Some(_), Some(told)) = (&self.issue, self.told) else {
            return self.over.is_none().then_some(Step::Open);
        };
        match (self.over.is_some(), told.over) {
            (true, false) => Some(Step::Close),
            (true, true) => None,
            (false, true) => Some(Step::Again { back: true }),
            (false, false) => {
                let again = self.last_at > told.last_at && now - told.at >= TELL_AGAIN_AFTER;
                again.then_some(Step::Again { back: false })
            }
        }
    }

    /// When [`Self::step`] may answer something, if nothing else happens.
    #[must_use]
    pub fn due_at(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        if self.step(now).is_some() {
            return Some(now);
        }
        let told = self.told?;
        let waits = self.over.is_none() && !told.over && self.last_at > told.last_at;
        waits.then_some(told.at + TELL_AGAIN_AFTER)
    }

    /// Hidden in the issue, so that it is found again whatever people make of its title.
    #[must_use]
    pub fn marker(&self) -> String {
        format!("<!-- royal-equips:incident:{} -->", self.number())
    }

    /// Hidden in a comment: the same step has the same one.
    #[must_use]
    pub fn comment_marker(&self, step: Step) -> String {
        let (word, at) = match step {
            Step::Open => ("open", self.first_at),
            Step::Again { .. } => ("again", self.last_at),
            Step::Close => ("over", self.over.map_or(self.last_at, |over| over.at)),
        };
        let at = at.timestamp_micros();
        format!("<!-- royal-equips:told:{}:{word}:{at} -->", self.number())
    }

    #[must_use]
    pub fn title(&self) -> &'static str {
        title(self.kind).unwrap_or("Something is wrong")
    }

    /// In Markdown. `public_url`: where the command center is, without a slash behind.
    #[must_use]
    pub fn body(&self, public_url: Option<&str>) -> String {
        let mut text = format!(
            "**{}.**\n\n| | |\n|---|---|\n| About | `{}` |\n",
            self.title(),
            self.cause.replace('`', "'")
        );
        if let Some(store) = self.store {
            text.push_str(&format!("| Store | `{store}` |\n"));
        }
        text.push_str(&format!(
            "| First seen | {} |\n| Last seen | {} |\n| Times | {} |\n",
            utc(self.first_at),
            utc(self.last_at),
            self.count
        ));
        text.push_str(&match public_url {
            Some(url) => format!(
                "\nThe reason is told [in the command center]({url}{}).\n",
                self.link
            ),
            None => format!(
                "\nThe reason is told in the command center under `{}`.\n",
                self.link
            ),
        });
        text.push_str(
            "\nThis issue is commented on when it happens again, and closed when it is over.\n\n",
        );
        text.push_str(&self.marker());
        text
    }

    /// What a comment says at this step, with its marker.
    #[must_use]
    pub fn comment(&self, step: Step) -> String {
        let text = match step {
            Step::Open => format!("Seen {}.", utc(self.last_at)),
            Step::Again { back: true } => format!("It came back: last seen {}.", utc(self.last_at)),
            Step::Again { back: false } => format!(
                "It happened again: last seen {}, {} times in all.",
                utc(self.last_at),
                self.count
            ),
            Step::Close => {
                let over = self.over.unwrap_or(Over {
                    at: self.last_at,
                    ending: Ending::Settled,
                });
                format!(
                    "It is over since {}: {}.",
                    utc(over.at),
                    over.ending.words()
                )
            }
        };
        format!("{text}\n\n{}", self.comment_marker(step))
    }

    /// The tracker says it now.
    pub fn told(&mut self, step: Step, issue: IssueRef, now: DateTime<Utc>) {
        self.issue = Some(issue);
        self.told = Some(Told {
            last_at: self.last_at,
            over: step == Step::Close,
            at: now,
        });
        self.tries = 0;
        self.last_error = None;
    }
}

fn utc(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::NoticeId;
    use crate::notifications::{NoticeFact, Severity};

    fn hours(n: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + Duration::hours(n)
    }

    fn notice(first: i64, last: i64, count: u64) -> Notice {
        Notice {
            id: NoticeId(Uuid::from_u128(first.unsigned_abs().into())),
            workspace: WorkspaceId(Uuid::from_u128(1)),
            store: None,
            kind: NoticeKind::SyncFailed,
            severity: Severity::Warning,
            title: "Ada Lovelace's shop failed".to_owned(),
            facts: vec![NoticeFact {
                label: "Why".to_owned(),
                value: "ada@example.com is unknown".to_owned(),
            }],
            link: "/syncs/1".to_owned(),
            cause: "sync/1".to_owned(),
            first_at: hours(first),
            last_at: hours(last),
            count,
            settled_at: None,
        }
    }

    fn issue() -> IssueRef {
        IssueRef {
            number: 7,
            url: "https://github.com/o/r/issues/7".to_owned(),
        }
    }

    #[test]
    fn one_issue_from_the_first_time_until_it_is_over_and_when_it_comes_back() {
        let mut incident = Incident::of(&[notice(0, 2, 3), notice(30, 31, 2)]).unwrap();
        assert_eq!((incident.count, incident.last_at), (5, hours(31)));
        assert_eq!(incident.step(hours(31)), Some(Step::Open));
        incident.told(Step::Open, issue(), hours(31));
        assert_eq!(incident.step(hours(99)), None, "nothing is new");
        assert!(!incident.absorb(&Incident::of(&[notice(0, 2, 3)]).unwrap()));
        // Again, but not at once.
        let again = Incident::of(&[notice(31, 32, 9)]).unwrap();
        assert!(incident.absorb(&again));
        let minutes = |n| hours(31) + Duration::minutes(n);
        assert_eq!(incident.step(minutes(59)), None);
        assert_eq!(incident.due_at(minutes(59)), Some(minutes(60)));
        let step = Step::Again { back: false };
        assert_eq!(incident.step(minutes(60)), Some(step));
        incident.told(step, issue(), minutes(60));
        assert_eq!(incident.due_at(hours(99)), None);
        // Over, and back.
        incident.over = Some(Over {
            at: hours(40),
            ending: Ending::Succeeded,
        });
        assert_eq!(incident.step(hours(40)), Some(Step::Close));
        incident.told(Step::Close, issue(), hours(40));
        assert_eq!(incident.step(hours(400)), None);
        assert!(incident.absorb(&Incident::of(&[notice(50, 50, 1)]).unwrap()));
        let back = Step::Again { back: true };
        assert_eq!(incident.step(hours(50)), Some(back));
        incident.told(back, issue(), hours(50));
        assert_eq!((incident.step(hours(50)), incident.count), (None, 9));
    }

    #[test]
    fn what_was_over_before_it_was_told_has_no_issue() {
        let mut incident = Incident::of(&[notice(0, 0, 1)]).unwrap();
        incident.over = Some(Over {
            at: hours(1),
            ending: Ending::Quiet,
        });
        assert_eq!(incident.step(hours(2)), None);
    }

    #[test]
    fn an_issue_says_nothing_about_people() {
        let incident = Incident::of(&[notice(0, 0, 1)]).unwrap();
        let mut all = incident.body(Some("https://royal.example.com"));
        all.push_str(incident.title());
        for step in [Step::Open, Step::Again { back: true }, Step::Close] {
            all.push_str(&incident.comment(step));
        }
        assert!(!all.contains("Ada") && !all.contains('@'), "{all}");
        assert!(all.contains("https://royal.example.com/syncs/1"));
        assert!(all.contains(&incident.marker()));
    }

    #[test]
    fn markers_tell_causes_workspaces_and_steps_apart() {
        let here = Incident::of(&[notice(0, 0, 1)]).unwrap();
        let mut there = here.clone();
        there.workspace = WorkspaceId(Uuid::from_u128(2));
        let mut other = here.clone();
        other.cause = "sync/2".to_owned();
        assert_ne!(here.marker(), there.marker());
        assert_ne!(here.marker(), other.marker());
        let again = Step::Again { back: false };
        assert_ne!(here.comment_marker(again), here.comment_marker(Step::Close));
        let mut later = here.clone();
        later.last_at = hours(1);
        assert_ne!(here.comment_marker(again), later.comment_marker(again));
    }

    #[test]
    fn kinds_for_people_alone_are_no_incidents() {
        assert!(!is_incident(NoticeKind::DailyBrief));
        let mut brief = notice(0, 0, 1);
        brief.kind = NoticeKind::DailyBrief;
        assert_eq!(Incident::of(&[brief]), None);
        assert_eq!(Incident::of(&[]), None);
    }
}
