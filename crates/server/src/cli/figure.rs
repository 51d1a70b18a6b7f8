//! `royal figure NAME`: a figure with its passport, the same as the API answers.

use super::report::{chosen_currency, chosen_store, workspace};
use super::{Exit, open, print, print_json};
use crate::config::Settings;
use crate::http::figures::view::{PassportBody, SourceBody};
use application::reports::{CurrencyChoice, ReportQuery, StoreChoice, Subject};
use chrono::NaiveDate;
use domain::passport;
use std::fmt::Write as _;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Name of the figure, e.g. `net_profit`; without one, all names are listed
    name: Option<String>,
    /// First day of the store's calendar (default: thirty days up to --to)
    #[arg(long, value_name = "DAY")]
    from: Option<NaiveDate>,
    /// Last day, included (default: today)
    #[arg(long, value_name = "DAY")]
    to: Option<NaiveDate>,
    /// Id of the store, or all (default: the first one)
    #[arg(long, value_name = "ID", value_parser = chosen_store)]
    store: Option<StoreChoice>,
    /// Currency of the amounts: a code, or workspace (default: the store's own; the workspace's for all)
    #[arg(long, value_name = "CODE", value_parser = chosen_currency)]
    currency: Option<CurrencyChoice>,
    /// Print JSON, as the API answers it
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(settings: Settings, args: Args) -> Result<(), Exit> {
    let Some(name) = args.name else {
        return print(&names());
    };
    let composed = open(&settings).await?;
    let asked = ReportQuery {
        workspace: workspace(&composed, args.store).await?,
        store: args.store.unwrap_or_default(),
        currency: args.currency.unwrap_or_default(),
        from: args.from,
        to: args.to,
        compare: None,
    };
    let found = composed
        .reports
        .passport(&asked, Subject::All, &name)
        .await?;
    composed.database.close().await;
    let Some(passport) = found else {
        return Err(Exit::data(format!(
            "there is no figure {name}; `royal figure` lists them"
        )));
    };
    let body = PassportBody::of(&passport);
    if args.json {
        print_json(&body)
    } else {
        print(&text(&body))
    }
}

fn names() -> String {
    let mut out = String::new();
    for figure in passport::all() {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{:<26} {}", figure.name, figure.title);
    }
    out
}

fn text(p: &PassportBody) -> String {
    let mut lines = vec![
        format!(
            "{}  {}",
            p.title,
            shown(p.value.as_ref(), p.currency.as_ref())
        ),
        format!(
            "{} · {} to {} · {}",
            p.store.name,
            p.from,
            p.to,
            p.timezone.as_deref().unwrap_or("each store's own days")
        ),
    ];
    lines.extend(p.reason.iter().map(|reason| format!("unknown: {reason}")));
    lines.push(String::new());
    lines.push(p.formula.words.clone());
    lines.push(format!("= {}", p.formula.symbols));
    for input in &p.inputs {
        lines.push(format!("  {}", input.in_words()));
    }
    lines.push(String::new());
    lines.extend(p.sources.iter().map(SourceBody::in_words));
    let rates = p
        .rates
        .iter()
        .map(|r| format!("converted: {}", r.in_words()));
    lines.extend(rates);
    if !p.excludes.is_empty() {
        lines.push(format!("not in it: {}", p.excludes.join(", ")));
    }
    lines.extend(p.notes.iter().map(|n| format!("note: {}", n.message)));
    lines.push(format!("rounding: {}", p.rounding));
    for peer in &p.elsewhere {
        lines.push(format!("elsewhere: {}", peer.in_words()));
    }
    lines.push(String::new());
    lines.join("\n")
}

fn shown(value: Option<&String>, currency: Option<&String>) -> String {
    match (value, currency) {
        (Some(value), Some(currency)) => format!("{value} {currency}"),
        (Some(value), None) => value.clone(),
        (None, _) => "?".to_owned(),
    }
}
