//! `royal audit verify` and `royal audit export`

use super::{Exit, open, print, print_json};
use crate::compose::Composed;
use crate::config::Settings;
use clap::Subcommand;
use domain::audit::Entry;
use domain::ids::WorkspaceId;
use serde_json::{Value, json};

#[derive(Debug, Subcommand)]
pub(super) enum Audit {
    /// Walk the chain of every workspace; exit 65 names the first entry that was changed, removed or put in by hand
    Verify(Verify),
    /// Print every entry, oldest first, one JSON object a line
    Export(Export),
}

#[derive(Debug, clap::Args)]
pub(super) struct Verify {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct Export {
    /// Only of this workspace (its id); of all when left out
    #[arg(long)]
    workspace: Option<WorkspaceId>,
}

pub(super) async fn run(settings: Settings, command: Audit) -> Result<(), Exit> {
    let composed = open(&settings).await?;
    let ended = match command {
        Audit::Verify(args) => verify(&composed, &args).await,
        Audit::Export(args) => export(&composed, &args).await,
    };
    composed.database.close().await;
    ended
}

async fn verify(composed: &Composed, args: &Verify) -> Result<(), Exit> {
    let mut broken = Vec::new();
    let mut report = Vec::new();
    for workspace in composed.audit.workspaces().await? {
        let verdict = composed.audit.verify(workspace.id).await?;
        let fault = verdict.broken.as_ref().map(ToString::to_string);
        if args.json {
            report.push(json!({
                "workspace": workspace.id, "name": workspace.name, "holds": fault.is_none(), "entries": verdict.entries,
                "checkpoints": verdict.checkpoints, "signed_at": verdict.signed_at, "unsigned": verdict.unsigned,
                "broken_at": verdict.broken.as_ref().map(|b| b.seq), "fault": fault,
            }));
        } else if fault.is_none() {
            let signed = match verdict.signed_at {
                Some(at) => format!(
                    "signed {} ({} after that)",
                    at.to_rfc3339(),
                    verdict.unsigned
                ),
                None => "not signed yet".to_owned(),
            };
            print(&format!(
                "{}: {} entries hold, {signed}\n",
                workspace.name, verdict.entries
            ))?;
        }
        broken.extend(fault.map(|fault| format!("{}: {fault}", workspace.name)));
    }
    if args.json {
        print_json(&report)?;
    }
    match broken.is_empty() {
        true => Ok(()),
        false => Err(Exit::data(broken.join("; "))),
    }
}

async fn export(composed: &Composed, args: &Export) -> Result<(), Exit> {
    let mut workspaces: Vec<_> = composed
        .audit
        .workspaces()
        .await?
        .into_iter()
        .map(|w| w.id)
        .collect();
    workspaces.retain(|id| args.workspace.is_none_or(|wanted| wanted == *id));
    if workspaces.is_empty() && args.workspace.is_some() {
        return Err(Exit::data("there is no such workspace"));
    }
    for workspace in workspaces {
        let mut seq = 0;
        loop {
            let entries = composed.audit.after(workspace, seq).await?;
            let Some(last) = entries.last() else {
                break;
            };
            seq = last.seq;
            let lines: Vec<String> = entries.iter().map(|e| line(e).to_string() + "\n").collect();
            print(&lines.concat())?;
        }
    }
    Ok(())
}

fn line(row: &Entry) -> Value {
    let entry = &row.entry;
    let json = |text: &Option<String>| -> Option<Value> {
        text.as_deref().and_then(|t| serde_json::from_str(t).ok())
    };
    json!({
        "workspace": entry.workspace, "seq": row.seq, "at": entry.at,
        "actor": {
            "kind": entry.actor.kind, "id": entry.actor.id, "name": entry.actor.name, "address": entry.actor.address,
        },
        "action": entry.action, "outcome": entry.outcome,
        "target": { "kind": entry.target_kind, "id": entry.target_id, "name": entry.target_name },
        "before": json(&entry.before), "after": json(&entry.after), "reason": entry.reason,
        "previous": hex::encode(row.previous), "hash": hex::encode(row.hash),
    })
}
