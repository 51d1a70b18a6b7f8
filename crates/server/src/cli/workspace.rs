//! `royal workspace list` and `royal workspace delete`

use super::{Exit, export, open, print, print_json};
use crate::compose::{Belongings, Composed, belongings, uploads};
use crate::config::Settings;
use clap::Subcommand;
use domain::audit::{Actor, NewEntry};
use domain::ids::{ImportId, WorkspaceId};
use domain::people::Workspace;
use serde_json::json;
use std::io::{BufRead as _, IsTerminal as _, Write as _};

#[derive(Debug, Subcommand)]
pub(super) enum WorkspaceCommand {
    /// Those that are here, and those that were deleted
    List(List),
    /// Delete everything of one: asked twice, and there is no way back but a backup. Stop the product first
    Delete(Delete),
}

#[derive(Debug, clap::Args)]
pub(super) struct List {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct Delete {
    /// Its id
    workspace: WorkspaceId,
    /// Its name, instead of the first question
    #[arg(long, requires = "yes")]
    name: Option<String>,
    /// Instead of the second question
    #[arg(long, requires = "name")]
    yes: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(settings: Settings, command: WorkspaceCommand) -> Result<(), Exit> {
    // Migrates: what stays of a deleted one has a table of its own.
    let composed = open(&settings).await?;
    let database = belongings(&settings).await?;
    let ended = match command {
        WorkspaceCommand::List(args) => list(&composed, database.as_ref(), &args).await,
        WorkspaceCommand::Delete(args) => {
            delete(&settings, &composed, database.as_ref(), &args).await
        }
    };
    database.close().await;
    composed.database.close().await;
    ended
}

async fn list(composed: &Composed, database: &dyn Belongings, args: &List) -> Result<(), Exit> {
    let here = composed.audit.workspaces().await?;
    let deleted = database.deletions().await?;
    if args.json {
        let here: Vec<_> = here
            .iter()
            .map(|w| json!({ "id": w.id, "name": w.name, "created_at": w.created_at }))
            .collect();
        let deleted: Vec<_> = deleted
            .iter()
            .map(|(id, name, at, by)| {
                json!({ "id": id, "name": name, "deleted_at": at, "deleted_by": by })
            })
            .collect();
        return print_json(&json!({ "workspaces": here, "deleted": deleted }));
    }
    for workspace in here {
        print(&format!("{}  {}\n", workspace.id, workspace.name))?;
    }
    for (id, name, at, by) in deleted {
        let at = at.to_rfc3339();
        print(&format!("{id}  {name} (deleted {at} by {by})\n"))?;
    }
    Ok(())
}

async fn delete(
    settings: &Settings,
    composed: &Composed,
    database: &dyn Belongings,
    args: &Delete,
) -> Result<(), Exit> {
    let workspace = export::of(composed, Some(args.workspace)).await?;
    agreed(&workspace, args)?;
    if crate::occupied::server_of(&settings.data_dir).is_some() {
        let detail =
            "the product is running on this data: stop the product first; nothing was deleted";
        return Err(Exit::data(detail));
    }
    let files = uploads_of(composed, workspace.id).await?;
    let id = workspace.id.to_string();
    let target = ("workspace", id.as_str(), workspace.name.as_str());
    let now = composed.ports.clock.now();
    let actor = Actor::command_line();
    let entry = NewEntry::done(workspace.id, now, actor, "workspace.delete", target);
    let deleted = database.delete_workspace(&entry).await?;
    let folder = uploads(settings);
    let wiped = database.wipe_deleted().await;
    // One that cannot be removed keeps none of the others.
    let mut removed = Ok(());
    for file in &files {
        if let Err(error) = folder.remove(*file).await {
            removed = Err(error);
        }
    }
    if args.json {
        print_json(&json!({ "name": deleted.name, "rows": deleted.rows, "files": files.len() }))?;
    } else {
        print(&format!(
            "{} is deleted: {} rows, {} files. Backups and exports that were made before still hold it.\n",
            deleted.name,
            deleted.rows,
            files.len()
        ))?;
    }
    removed?;
    Ok(wiped?)
}

/// Twice, by words that nobody types by accident.
fn agreed(workspace: &Workspace, args: &Delete) -> Result<(), Exit> {
    let name = &workspace.name;
    if let Some(given) = &args.name {
        return match given == name {
            true => Ok(()),
            false => Err(Exit::usage(format!(
                "the workspace is called {name:?}, not {given:?}: nothing was deleted"
            ))),
        };
    }
    if !std::io::stdin().is_terminal() {
        return Err(Exit::usage(
            "nobody can be asked here: give --name NAME --yes",
        ));
    }
    let asked = [
        (
            format!("Everything of {name:?} goes: orders, costs, people, its audit. Its name: "),
            name.as_str(),
        ),
        (
            "There is no way back but a backup. Type delete: ".to_owned(),
            "delete",
        ),
    ];
    for (question, expected) in asked {
        eprint!("{question}");
        std::io::stderr().flush().ok();
        let mut answer = String::new();
        let read = std::io::stdin().lock().read_line(&mut answer);
        read.map_err(|e| Exit::usage(format!("it cannot be read: {e}")))?;
        if answer.trim_end_matches(['\r', '\n']) != expected {
            return Err(Exit::usage("nothing was deleted"));
        }
    }
    Ok(())
}

/// Of the files that lie in the folder, those that its imports name.
async fn uploads_of(composed: &Composed, workspace: WorkspaceId) -> Result<Vec<ImportId>, Exit> {
    let mut found = Vec::new();
    for (id, _) in composed.ports.import_files.list().await? {
        if composed.ports.imports.find(workspace, id).await?.is_some() {
            found.push(id);
        }
    }
    Ok(found)
}
