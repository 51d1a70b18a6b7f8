//! Rules as the API writes them.

use super::document::{AboutBody, DocumentBody, FigureBody};
use crate::http::agents::view::{AutonomyBody, StatusBody, status};
use crate::http::runs::view::StatusBody as RunStatusBody;
use application::agents::{KeptRule, RuleVersion, rule_agent};
use chrono::{DateTime, Utc};
use domain::agents::rules::{About, Figure, Kind, Rule, sentence};
use domain::agents::{AgentRun, Decision};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// The last time that it looked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RuleRun)]
pub(crate) struct LastRunBody {
    #[schema(format = "uuid")]
    id: String,
    status: RunStatusBody,
    at: DateTime<Utc>,
    looked_at: u64,
    /// Things that met its conditions and were not left alone.
    hits: u32,
    summary: Option<String>,
}

impl LastRunBody {
    fn of(run: &AgentRun) -> Self {
        Self {
            id: run.id.to_string(),
            status: run.status.into(),
            at: run.started_at.unwrap_or(run.created_at),
            looked_at: run.looked_at,
            hits: run.proposals,
            summary: run.summary.clone(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = KeptRule)]
pub(crate) struct RuleBody {
    #[schema(format = "uuid")]
    id: String,
    /// Under which its runs, its autonomy and its rehearsals are found.
    agent_id: String,
    /// Grows with each change.
    version: i64,
    enabled: bool,
    autonomy: AutonomyBody,
    status: StatusBody,
    #[schema(value_type = DocumentBody)]
    rule: Value,
    /// What it says, in words.
    sentence: String,
    next_run_at: Option<DateTime<Utc>>,
    last_run: Option<LastRunBody>,
    /// Runs of the last thirty days.
    runs: u64,
    failed: u64,
    /// Its change-sets that wait for a decision.
    waiting: u64,
    /// What keeps it from doing what it says: no repository is connected for its signals.
    warning: Option<String>,
    updated_at: DateTime<Utc>,
    updated_by: String,
}

impl RuleBody {
    pub(crate) fn of(kept: &KeptRule) -> Self {
        let standing = &kept.standing;
        let config = &standing.config;
        Self {
            id: kept.id.to_string(),
            agent_id: rule_agent(kept.id),
            version: config.version,
            enabled: config.enabled,
            autonomy: config.autonomy.into(),
            status: status(standing),
            rule: written(&kept.rule),
            sentence: sentence(&kept.rule),
            next_run_at: standing.next_at,
            last_run: kept
                .last_run
                .as_ref()
                .map(|last| LastRunBody::of(&last.run)),
            runs: standing.statistics.total,
            failed: standing.statistics.failed,
            waiting: standing.waiting,
            warning: kept.warning.clone(),
            updated_at: config.updated_at,
            updated_by: config.updated_by.name.clone(),
        }
    }
}

/// There are no maps with other keys than texts in it: this cannot fail.
fn written(rule: &Rule) -> Value {
    serde_json::to_value(rule).unwrap_or_default()
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RuleVersion)]
pub(crate) struct VersionBody {
    version: i64,
    #[schema(value_type = DocumentBody)]
    rule: Value,
    sentence: String,
    enabled: bool,
    autonomy: AutonomyBody,
    at: DateTime<Utc>,
    by: String,
    reason: Option<String>,
}

impl VersionBody {
    pub(crate) fn of(version: &RuleVersion) -> Self {
        Self {
            version: version.version,
            rule: written(&version.rule),
            sentence: sentence(&version.rule),
            enabled: version.enabled,
            autonomy: version.autonomy.into(),
            at: version.at,
            by: version.by.name.clone(),
            reason: version.reason.clone(),
        }
    }
}

/// How the values of a figure are read.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RuleFigureKind)]
pub(crate) enum KindBody {
    Count,
    /// Minor units of the store's currency.
    Money,
    /// Ten-thousandths: 1500 is 15 %.
    Share,
    Days,
    Hours,
    Flag,
    /// One word of the provider's.
    Word,
    Tags,
}

impl From<Kind> for KindBody {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Count => Self::Count,
            Kind::Money => Self::Money,
            Kind::Share => Self::Share,
            Kind::Days => Self::Days,
            Kind::Hours => Self::Hours,
            Kind::Flag => Self::Flag,
            Kind::Word => Self::Word,
            Kind::Tags => Self::Tags,
        }
    }
}

/// A figure that conditions can ask for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RuleFigureSpec)]
pub(crate) struct FigureSpecBody {
    #[schema(value_type = FigureBody)]
    figure: Value,
    label: String,
    about: AboutBody,
    kind: KindBody,
    /// Whether it is counted over days.
    over_days: bool,
    /// Both included; of words, how many there may be.
    min: i64,
    max: i64,
}

pub(crate) fn figures() -> Vec<FigureSpecBody> {
    let spec = |figure: Figure| FigureSpecBody {
        figure: serde_json::to_value(figure).unwrap_or_default(),
        label: figure.label().to_owned(),
        about: match figure.about() {
            About::Variants => AboutBody::Variants,
            About::Orders => AboutBody::Orders,
        },
        kind: figure.kind().into(),
        over_days: figure.is_over_days(),
        min: figure.bounds().0,
        max: figure.bounds().1,
    };
    Figure::ALL.into_iter().map(spec).collect()
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RuleHit)]
pub(crate) struct HitBody {
    title: String,
    /// What was found of it.
    reason: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RuleNote)]
pub(crate) struct NoteBody {
    about: String,
    text: String,
}

/// What the rule would propose at this moment.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RulePreview)]
pub(crate) struct PreviewBody {
    looked_at: u64,
    /// In the order in which they would be proposed.
    hits: Vec<HitBody>,
    /// What was left alone, and what could not be judged.
    notes: Vec<NoteBody>,
}

impl PreviewBody {
    pub(crate) fn of(decision: Decision) -> Self {
        let hits = decision.proposals.into_iter().map(|p| HitBody {
            title: p.title,
            reason: p.reason,
        });
        let notes = decision.notes.into_iter().map(|n| NoteBody {
            about: n.about,
            text: n.text,
        });
        Self {
            looked_at: decision.looked_at,
            hits: hits.collect(),
            notes: notes.collect(),
        }
    }
}
