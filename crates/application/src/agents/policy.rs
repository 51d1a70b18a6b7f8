//! What the policy of an agent that may act lets through without a person.

use super::run::Session;
use domain::agents::{AgentConfig, Handling, Proposal};
use domain::changes::{ChangeSet, RiskBand};
use domain::money::format_minor;

/// The setting that says what a change may mean at most; an agent without it lets nothing through that has an effect on money.
const LARGEST_EFFECT: &str = "largest_effect";

/// Why the policy may let it through, or why a person has to look.
pub(super) fn may_apply(
    session: &Session,
    config: &AgentConfig,
    writes: u32,
    proposal: &Proposal,
    set: &ChangeSet,
) -> Result<String, String> {
    if proposal.handling != Handling::Apply {
        return Err("the policy wants people to look".to_owned());
    }
    if proposal.risk.band() != RiskBand::Low {
        return Err("its risk is not low".to_owned());
    }
    let currency = session.store.currency;
    let most = largest_effect(session);
    let effect = match proposal.effect {
        Some(effect) => {
            let largest = effect.low.unsigned_abs().max(effect.high.unsigned_abs());
            let largest = largest.max(effect.mean.unsigned_abs());
            if largest > most.unsigned_abs() {
                let most = format_minor(most, currency);
                return Err(format!("it may mean more than {most} {currency}"));
            }
            format!(
                "at most {} {currency}",
                format_minor(i64::try_from(largest).unwrap_or(i64::MAX), currency)
            )
        }
        // What moves no money has no effect to be told; what moves a price has to tell it.
        None if moves_money(set) => return Err("nobody can tell its effect".to_owned()),
        None => "it moves no money".to_owned(),
    };
    let count = u32::try_from(set.operations.len()).unwrap_or(u32::MAX);
    if count > writes {
        let most = config.budget.writes_per_day;
        return Err(format!(
            "{most} writes a day are made without asking, and they are used up"
        ));
    }
    Ok(format!(
        "confidence {}.{} %, low risk, {effect}",
        proposal.confidence / 10,
        proposal.confidence % 10
    ))
}

/// Of the version of the settings that the run uses: that one was rehearsed.
fn largest_effect(session: &Session) -> i64 {
    match session.spec.field(LARGEST_EFFECT) {
        Some(_) => session.spec.number(&session.values, LARGEST_EFFECT),
        None => 0,
    }
}

fn moves_money(set: &ChangeSet) -> bool {
    set.operations.iter().any(|o| o.action.moves_money())
}
