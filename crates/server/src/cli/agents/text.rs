//! Agents and their runs as a terminal shows them.

use crate::http::amounts::amount;
use application::agents::{Replay, Standing};
use domain::agents::{AgentRun, Rehearsal};
use domain::changes::Effect;
use domain::money::Currency;
use std::fmt::Write as _;

pub(super) fn agent(standing: &Standing) -> String {
    let (spec, config) = (&standing.spec, &standing.config);
    let statistics = &standing.statistics;
    let state = match (&standing.stop, &standing.open_run) {
        (Some(stop), _) => format!("stopped: {}", stop.reason),
        _ if !config.enabled => "disabled".to_owned(),
        (None, Some(run)) => run.status.as_str().to_owned(),
        (None, None) => "idle".to_owned(),
    };
    let next = standing.next_at.map_or_else(
        || "not by itself".to_owned(),
        |at| at.format("%F %H:%M UTC").to_string(),
    );
    format!(
        "{:20} {}\n  {}\n  {state}; {}; {} runs in 30 days, {} failed; {} proposals wait; next {next}\n",
        spec.id,
        spec.name,
        spec.decides,
        config.autonomy.as_str(),
        statistics.total,
        statistics.failed,
        standing.waiting,
    )
}

pub(super) fn replay(replay: &Replay) -> String {
    let verdict = if replay.same {
        "the same proposals, bit for bit"
    } else {
        "not the same"
    };
    format!(
        "{verdict}: {} proposals\n  facts     {}\n  recorded  {}\n  replayed  {}\n",
        replay.proposals, replay.facts_sha256, replay.recorded_sha256, replay.replayed_sha256
    )
}

pub(super) fn run(run: &AgentRun, currency: Currency) -> String {
    let mut out = format!("run {} {}\n", run.id, run.status.as_str());
    for step in &run.steps {
        let result = step.result.as_deref().unwrap_or("under way");
        // Writing to a string cannot fail.
        let _ = writeln!(out, "  {:10} {result}", step.name);
    }
    if let Some(summary) = &run.summary {
        let _ = writeln!(out, "{summary}");
    }
    for set in &run.change_sets {
        let _ = writeln!(out, "  change-set {set}");
    }
    if let Some(rehearsal) = &run.rehearsal {
        out.push_str(&self::rehearsal(rehearsal, currency));
    }
    out
}

fn rehearsal(rehearsal: &Rehearsal, currency: Currency) -> String {
    let mut out = format!(
        "{} to {}: {} proposals, at most {} on a day\n",
        rehearsal.from, rehearsal.to, rehearsal.proposals, rehearsal.busiest
    );
    for day in rehearsal.days.iter().filter(|d| !d.proposals.is_empty()) {
        let effect = day.effect.as_ref();
        let effect = effect.map_or_else(String::new, |e| format!("  {}", between(e, currency)));
        let _ = writeln!(out, "{}  {}{effect}", day.day, day.proposals.len());
        for proposal in &day.proposals {
            let _ = writeln!(out, "  {}", proposal.title);
        }
    }
    if let Some(effect) = &rehearsal.effect {
        let _ = writeln!(out, "against doing nothing: {}", between(effect, currency));
    }
    if let Some(worst) = rehearsal.worst {
        let _ = writeln!(out, "the worst day: {worst}");
    }
    let _ = writeln!(out, "{}", rehearsal.explanation);
    out
}

fn between(effect: &Effect, currency: Currency) -> String {
    let money = |minor| amount(minor, currency);
    format!(
        "{} ({} to {}) {currency}",
        money(effect.mean),
        money(effect.low),
        money(effect.high)
    )
}
