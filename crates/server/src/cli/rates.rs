//! `royal rates`: exchange rates from the command line.

use super::{Exit, open, print, print_json};
use crate::compose::Composed;
use crate::config::Settings;
use crate::http::rates::status::{Body, status};
use application::rates::{NewRate, RatesError};
use chrono::NaiveDate;
use clap::Subcommand;
use domain::audit::Actor;
use domain::ids::WorkspaceId;
use domain::money::{Currency, parse_decimal};
use rust_decimal::Decimal;

#[derive(Debug, Subcommand)]
pub(super) enum Rates {
    /// Show the published series, the pairs that have rates, and what is missing
    Status {
        /// Print JSON, as the API answers it
        #[arg(long)]
        json: bool,
    },
    /// Read what is new in the published series (`RATES_URL`) now
    Refresh,
    /// Enter a rate: so many units of QUOTE for one of BASE
    Set {
        #[arg(value_name = "DAY")]
        day: NaiveDate,
        #[arg(value_name = "BASE", value_parser = currency)]
        base: Currency,
        #[arg(value_name = "QUOTE", value_parser = currency)]
        quote: Currency,
        #[arg(value_name = "VALUE", value_parser = decimal)]
        value: Decimal,
    },
}

fn currency(text: &str) -> Result<Currency, String> {
    Currency::parse(text).map_err(|e| e.to_string())
}

fn decimal(text: &str) -> Result<Decimal, String> {
    parse_decimal(text).map_err(|e| e.to_string())
}

pub(super) async fn run(settings: Settings, command: Rates) -> Result<(), Exit> {
    let composed = open(&settings).await?;
    let outcome = act(&composed, command).await;
    composed.database.close().await;
    outcome
}

async fn act(composed: &Composed, command: Rates) -> Result<(), Exit> {
    let workspace = workspace(composed).await?;
    match command {
        Rates::Status { json } => {
            let body = status(&composed.rates, workspace).await?;
            if json {
                print_json(&body)
            } else {
                print(&text(&body))
            }
        }
        Rates::Refresh => {
            let id = workspace.to_string();
            super::record(
                composed,
                workspace,
                "rates.refresh",
                ("rates", &id, "rates"),
            )
            .await?;
            let refreshed = composed.rates.refresh(workspace).await?;
            let newest = refreshed
                .newest
                .map_or_else(|| "none".to_owned(), |day| day.to_string());
            print(&format!(
                "{} rates, the newest of {newest}\n",
                refreshed.told
            ))
        }
        Rates::Set {
            day,
            base,
            quote,
            value,
        } => {
            let new = NewRate {
                day,
                base,
                quote,
                value,
            };
            composed
                .rates
                .enter(workspace, Actor::command_line(), "command line", &[new])
                .await?;
            print(&format!("1 {base} = {value} {quote} on {day}\n"))
        }
    }
}

/// The oldest one: the command line is the operator's.
async fn workspace(composed: &Composed) -> Result<WorkspaceId, Exit> {
    let workspaces = composed.ports.accounts.workspaces().await?;
    let first = workspaces.first();
    first
        .map(|w| w.id)
        .ok_or_else(|| Exit::data("there is no workspace yet: create the owner first"))
}

impl From<RatesError> for Exit {
    fn from(error: RatesError) -> Self {
        match error {
            RatesError::Port(error) => error.into(),
            RatesError::NoFeed => Self::configuration(error.to_string()),
            other => Self::usage(other.to_string()),
        }
    }
}

fn text(body: &Body) -> String {
    let mut lines = vec![format!(
        "currency of the workspace: {}; a rate stands in for {} days",
        body.currency.as_deref().unwrap_or("none yet"),
        body.max_rate_age_days
    )];
    lines.push(body.feed.in_words());
    lines.extend(body.series.iter().map(|s| s.in_words()));
    lines.extend(body.missing.iter().map(|m| m.in_words()));
    lines.push(String::new());
    lines.join("\n")
}
