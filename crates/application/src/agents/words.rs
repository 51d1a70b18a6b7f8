//! What a run came to, in sentences for people.

use domain::agents::Autonomy;
use domain::changes::{ChangeSet, ChangeSetStatus, OperationState};

/// What became of the findings of a run.
#[derive(Default)]
pub(super) struct Told {
    pub(super) proposed: u32,
    pub(super) by_policy: u32,
    pub(super) told: u32,
    pub(super) waiting: u32,
    pub(super) over: u32,
}

pub(super) fn sentence(autonomy: Autonomy, told: &Told) -> String {
    let mut parts = Vec::new();
    if autonomy == Autonomy::Observe {
        parts.push(format!(
            "{} findings told, nothing proposed: it observes",
            told.told
        ));
    } else {
        parts.push(match told.proposed {
            0 => "nothing new to propose".to_owned(),
            n => format!("{n} proposed"),
        });
        if told.by_policy > 0 {
            parts.push(format!(
                "{} of them let through by the policy",
                told.by_policy
            ));
        }
        if told.told > 0 {
            parts.push(format!("{} findings told", told.told));
        }
    }
    if told.waiting > 0 {
        parts.push(format!("{} wait already", told.waiting));
    }
    if told.over > 0 {
        parts.push(format!("{} left out: more than its budget", told.over));
    }
    parts.join(", ")
}

/// What the sets came to, and why the run counts as failed: nothing came into effect, because the shop refused it or its answer was lost.
pub(super) fn ending(sets: &[ChangeSet]) -> (String, Option<String>) {
    use ChangeSetStatus as S;
    let words = [
        ("applied", S::Applied),
        ("partly applied", S::PartlyApplied),
        ("rejected", S::Rejected),
        ("expired", S::Expired),
        ("failed", S::Failed),
        ("unknown", S::Unknown),
        ("undone", S::Undone),
    ];
    let counted = words.iter().filter_map(|(word, status)| {
        let count = sets.iter().filter(|s| s.status == *status).count();
        (count > 0).then(|| format!("{count} {word}"))
    });
    let counted: Vec<_> = counted.collect();
    let proposals = match sets.len() {
        1 => "1 proposal".to_owned(),
        n => format!("{n} proposals"),
    };
    let came = sets
        .iter()
        .any(|s| s.status.is_in_effect() || s.status == S::Undone);
    let broke = sets.iter().filter(|_| !came).find(|s| {
        let mut operations = s.operations.iter();
        s.status == S::Unknown || operations.any(|o| o.state == OperationState::Failed)
    });
    let why = broke.map(|s| s.error.clone().unwrap_or_else(|| s.title.clone()));
    (format!("{proposals}: {}", counted.join(", ")), why)
}
