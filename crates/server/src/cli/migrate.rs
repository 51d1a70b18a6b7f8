//! `royal migrate`

use super::{Exit, open, print, print_json};
use crate::config::Settings;
use serde::Serialize;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Applied {
    version: i64,
    name: String,
}

pub(super) async fn run(settings: Settings, args: Args) -> Result<(), Exit> {
    let composed = open(&settings).await?;
    let applied = composed.migrations.iter().map(|m| Applied {
        version: m.version,
        name: m.name.clone(),
    });
    let applied: Vec<Applied> = applied.collect();
    composed.database.close().await;
    if args.json {
        return print_json(&serde_json::json!({ "applied": applied }));
    }
    if applied.is_empty() {
        return print("the database is at this version already\n");
    }
    let lines = applied
        .iter()
        .map(|m| format!("applied {} {}\n", m.version, m.name));
    print(&lines.collect::<String>())
}
