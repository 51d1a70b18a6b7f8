//! Logs go to stderr: text for people, JSON lines for machines.

use crate::config::{LogFormat, Settings};
use std::io::IsTerminal as _;
use tracing_subscriber::EnvFilter;

/// Once a process; what cannot be parsed becomes `info`.
pub(crate) fn start(settings: &Settings) {
    let wanted = settings.log_level.as_str();
    // A bare level is about us; whoever wants the libraries' chatter too writes a filter.
    let is_level = matches!(wanted, "error" | "warn" | "info");
    let others = if wanted == "error" { "error" } else { "warn" };
    let quiet = format!("{wanted},sqlx={others},actix_server={others}");
    let filter = EnvFilter::try_new(if is_level { &quiet } else { wanted });
    let filter = filter.unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    // A second start in one process (tests) keeps the first.
    let _ = match settings.log_format {
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
        LogFormat::Text => builder
            .with_ansi(std::io::stderr().is_terminal())
            .with_target(false)
            .try_init(),
    };
}
