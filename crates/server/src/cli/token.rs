//! `royal token create`

use super::{Exit, open, print, print_json};
use crate::auth::Permission;
use crate::config::Settings;
use chrono::Duration;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(super) enum Token {
    /// Create an API token and print it, once
    Create(Create),
}

#[derive(Debug, clap::Args)]
pub(super) struct Create {
    /// Address of the person it acts for
    #[arg(long)]
    user: String,
    /// What it is for
    #[arg(long)]
    name: String,
    /// What it may do, e.g. reports:read; everything its user may when left out
    #[arg(long = "scope", value_name = "SCOPE")]
    scopes: Vec<String>,
    /// How long it is valid: 90d, 12h, 30m; for ever when left out
    #[arg(long, value_name = "TIME", value_parser = span)]
    expires: Option<Duration>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(settings: Settings, command: Token) -> Result<(), Exit> {
    let Token::Create(create) = command;
    if let Some(unknown) = create
        .scopes
        .iter()
        .find(|s| Permission::parse(s).is_none())
    {
        let known: Vec<_> = Permission::ALL.iter().map(|p| p.as_str()).collect();
        return Err(Exit::usage(format!(
            "there is no scope {unknown}; scopes are {}",
            known.join(", ")
        )));
    }
    let composed = open(&settings).await?;
    let made = composed
        .people
        .create_token(&create.user, &create.name, create.scopes, create.expires)
        .await;
    let (secret, token) = made?;
    composed.database.close().await;
    if create.json {
        return print_json(&serde_json::json!({
            "token": secret, "id": token.id, "name": token.name, "scopes": token.scopes, "expires_at": token.expires_at,
        }));
    }
    print(&format!("{secret}\n"))
}

fn span(text: &str) -> Result<Duration, String> {
    let wrong = || format!("{text:?} is not a time such as 90d, 12h or 30m");
    let unit = text.chars().last().ok_or_else(wrong)?;
    let number: i64 = text[..text.len() - unit.len_utf8()]
        .parse()
        .map_err(|_| wrong())?;
    let span = match unit {
        'd' => Duration::try_days(number),
        'h' => Duration::try_hours(number),
        'm' => Duration::try_minutes(number),
        's' => Duration::try_seconds(number),
        _ => None,
    };
    // A thousand years are for ever.
    span.filter(|s| *s > Duration::zero() && s.num_days() < 365_000)
        .ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_numbers_with_a_unit() {
        assert_eq!(span("90d"), Ok(Duration::days(90)));
        assert_eq!(span("12h"), Ok(Duration::hours(12)));
        for bad in ["", "d", "90", "-1d", "0d", "9999999999d", "1w", "é"] {
            assert!(span(bad).is_err(), "{bad}");
        }
    }
}
