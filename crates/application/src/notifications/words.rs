//! What happened, as people read it.

pub(super) use crate::agents::name_of as agent;
use crate::changes::Fault;
use domain::audit::{ActorKind, Entry, Outcome};
use domain::changes::{ChangeSet, ChangeSetStatus, OperationState, Origin};
use domain::notifications::{News, NoticeFact, NoticeKind};
use serde_json::Value;

pub(super) fn fault(field: &str, message: impl Into<String>) -> Vec<Fault> {
    vec![Fault::new(field, message)]
}

pub(super) fn fact(label: &str, value: impl Into<String>) -> NoticeFact {
    NoticeFact {
        label: label.to_owned(),
        value: value.into(),
    }
}

/// Whose proposals people's own are, among those of agents.
pub(super) const PERSON: &str = "person";

/// A change-set that waits; `None` when somebody, or a policy, has decided on it already.
pub(super) fn waiting(entry: &Entry, set: &ChangeSet) -> Option<News> {
    if set.status != ChangeSetStatus::Proposed {
        return None;
    }
    let (whose, cause) = match &set.origin {
        Origin::Agent { agent: id, .. } => (agent(id), id.clone()),
        Origin::Person | Origin::Undo { .. } => (set.proposed_by.name.clone(), PERSON.to_owned()),
    };
    let mut facts = vec![fact("Proposed by", whose)];
    facts.push(fact("Decide before", utc(set.expires_at)));
    Some(News {
        cause: format!("proposal/{}/{cause}", set.scope.store),
        kind: NoticeKind::ProposalWaiting,
        store: Some(set.scope.store),
        title: format!("{} waits for approval", set.title),
        facts,
        link: format!("/change-sets/{}", set.id),
        ..of_audit(entry)
    })
}

/// A change-set that ended otherwise than it was approved.
pub(super) fn ended(entry: &Entry, set: &ChangeSet) -> Option<News> {
    let after: Value = serde_json::from_str(entry.entry.after.as_deref()?).ok()?;
    let status: ChangeSetStatus = serde_json::from_value(after["status"].clone()).ok()?;
    let drifted = set.operations.iter();
    let drifted = drifted
        .filter(|o| o.state == OperationState::Drifted)
        .count();
    let (kind, what) = match status {
        ChangeSetStatus::Unknown => (NoticeKind::ChangeSetUnknown, "may or may not be in effect"),
        ChangeSetStatus::Failed if drifted > 0 => (
            NoticeKind::ChangeSetDrifted,
            "was not applied: the store changed meanwhile",
        ),
        ChangeSetStatus::Failed => (NoticeKind::ChangeSetFailed, "was not applied"),
        ChangeSetStatus::PartlyApplied => (NoticeKind::ChangeSetFailed, "was applied in part"),
        _ => return None,
    };
    let mut facts = Vec::new();
    if let Some(reason) = entry.entry.reason.as_deref().or(set.error.as_deref()) {
        facts.push(fact("Why", reason));
    }
    Some(News {
        cause: format!("change_set/{}", set.id),
        kind,
        store: Some(set.scope.store),
        title: format!("{} {what}", set.title),
        facts,
        link: format!("/change-sets/{}", set.id),
        ..of_audit(entry)
    })
}

/// A stop that was put on or lifted.
pub(super) fn stop(entry: &Entry) -> Option<News> {
    let told = &entry.entry;
    // A connection is known by its id alone.
    let whose = match told.target_name.as_str() {
        "agent" => format!(" of {}", agent(&told.target_id)),
        "connection" => " of one connection".to_owned(),
        _ => String::new(),
    };
    let (kind, title) = match told.action.as_str() {
        "stop.set" => (
            NoticeKind::StopSet,
            format!("All writes{whose} are stopped"),
        ),
        "stop.lift" => (NoticeKind::StopLifted, format!("Writes{whose} go on")),
        _ => return None,
    };
    let mut facts = vec![fact("By", &told.actor.name)];
    facts.extend(told.reason.as_deref().map(|reason| fact("Why", reason)));
    Some(News {
        cause: format!("audit/{}", entry.seq),
        kind,
        title,
        facts,
        link: "/change-sets".to_owned(),
        ..of_audit(entry)
    })
}

/// An agent that was set back by the program itself.
pub(super) fn lowered(entry: &Entry) -> Option<News> {
    let told = &entry.entry;
    let autonomy = |text: &Option<String>| {
        let value: Value = serde_json::from_str(text.as_deref()?).ok()?;
        value["autonomy"].as_str().map(str::to_owned)
    };
    let was_lowered = told.actor.kind == ActorKind::System
        && autonomy(&told.before).as_deref() == Some("act")
        && autonomy(&told.after).as_deref() != Some("act");
    was_lowered.then(|| News {
        cause: format!("autonomy/{}", told.target_id),
        kind: NoticeKind::AutonomyLowered,
        title: format!("{} asks again before it acts", agent(&told.target_id)),
        facts: told.reason.iter().map(|why| fact("Why", why)).collect(),
        link: format!("/agents/{}", told.target_id),
        ..of_audit(entry)
    })
}

/// A backup that was due and is not there. Why stands in the audit, which is not everybody's to read.
pub(super) fn backup_failed(entry: &Entry) -> News {
    News {
        cause: "backup".to_owned(),
        kind: NoticeKind::BackupFailed,
        title: "The backup that was due could not be made".to_owned(),
        facts: vec![fact(
            "What to do",
            "Look at the audit or the log for the reason; it is tried again every 15 minutes",
        )],
        link: "/health".to_owned(),
        ..of_audit(entry)
    }
}

/// What follows from the entry alone; the rest is the caller's to say.
fn of_audit(entry: &Entry) -> News {
    News {
        key: format!("audit/{}", entry.seq),
        cause: String::new(),
        kind: NoticeKind::ProposalWaiting,
        store: None,
        title: String::new(),
        facts: Vec::new(),
        link: String::new(),
        at: entry.entry.at,
    }
}

/// Whether an entry may be news at all, and about which change-set.
pub(super) fn is_news(entry: &Entry) -> bool {
    let told = &entry.entry;
    match told.action.as_str() {
        "change_set.propose" | "change_set.undo" => told.outcome == Outcome::Done,
        "change_set.end" | "stop.set" | "stop.lift" | "agent.configure" => true,
        crate::backups::FAILED => true,
        _ => false,
    }
}

pub(super) fn utc(at: chrono::DateTime<chrono::Utc>) -> String {
    at.format("%-d %B %Y, %H:%M UTC").to_string()
}
