//! Counts that cannot be. That more is promised than lies there is none of them: a shop may sell what it does not have yet.

use super::decide::{Policy, note, or_unknown};
use super::facts::{LevelFacts, VariantFacts};
use crate::agents::decision::{Decision, Handling, Proposal};
use crate::changes::plan::Wanted;
use crate::changes::{Action, Risk};
use crate::ids::LocationId;
use std::collections::BTreeMap;

const MOST_AT_ONCE: usize = 50;

/// One proposal for each place: whoever looks after it counts there.
pub(super) fn corrections(policy: &Policy<'_>, variants: &[&VariantFacts], into: &mut Decision) {
    let mut places: BTreeMap<LocationId, Vec<(&VariantFacts, &LevelFacts)>> = BTreeMap::new();
    for variant in variants {
        for level in &variant.below_nothing {
            places
                .entry(level.location)
                .or_default()
                .push((variant, level));
        }
    }
    for (location, found) in places {
        let subject = format!("stock:{location}");
        if policy.facts.told.contains(&subject) {
            continue;
        }
        let mut wanted = Vec::new();
        for (variant, level) in found {
            match corrected(policy, variant, level) {
                Ok(one) if wanted.len() < MOST_AT_ONCE => wanted.push((one, variant, level)),
                Ok(_) => into.notes.push(note(
                    &variant.label,
                    "its count is impossible, too; it comes with the next look",
                )),
                Err(text) => into.notes.push(note(&variant.label, text)),
            }
        }
        if !wanted.is_empty() {
            into.proposals.push(proposal(policy, subject, &wanted));
        }
    }
}

fn corrected(
    policy: &Policy<'_>,
    variant: &VariantFacts,
    level: &LevelFacts,
) -> Result<Wanted, String> {
    let after = level.available.saturating_sub(level.on_hand.min(0));
    if level.on_hand >= 0 {
        let promised = or_unknown(level.committed);
        return Err(format!(
            "{} are available, because {promised} are promised and {} lie there: nothing is wrong with that count",
            level.available, level.on_hand
        ));
    }
    if policy.number("correct") == 0 {
        return Err(format!(
            "{} lie there, which cannot be; the settings correct nothing",
            level.on_hand
        ));
    }
    if after < 0 {
        return Err(format!(
            "{} lie there, which cannot be; more are promised than there are, so that only a count tells what is left",
            level.on_hand
        ));
    }
    Ok(Wanted {
        action: Action::Inventory {
            item: level.item,
            location: level.location,
            before: level.available,
            after,
        },
        label: variant.label.clone(),
    })
}

fn proposal(
    policy: &Policy<'_>,
    subject: String,
    found: &[(Wanted, &VariantFacts, &LevelFacts)],
) -> Proposal {
    let place = found.first().and_then(|(_, _, level)| level.place.clone());
    let place = place.unwrap_or_else(|| "a place without a name".to_owned());
    let title = match found {
        [(wanted, ..)] => format!("Count of {} at {place}", wanted.label),
        _ => format!("{} counts at {place}", found.len()),
    };
    let tables = found.iter().map(|(wanted, _, level)| {
        policy.table(
            &wanted.label,
            [
                ("Lie there", level.on_hand.to_string()),
                ("Promised", or_unknown(level.committed)),
                ("Available", level.available.to_string()),
            ],
        )
    });
    Proposal {
        subject,
        title,
        reason: "Fewer than nothing cannot lie anywhere: something was sent or taken that was never counted in. The count is set to nothing; what \
                 really lies there somebody has to count"
            .to_owned(),
        evidence: tables.collect(),
        wanted: found.iter().map(|(wanted, ..)| wanted.clone()).collect(),
        effect: None,
        effect_unknown: Some("what really lies there is not known before it is counted".to_owned()),
        risk: Risk {
            score: 350,
            reasons: vec!["what really lies there is not known".to_owned()],
        },
        confidence: 500,
        handling: Handling::Ask,
        valid_hours: policy.valid_hours(),
    }
}
