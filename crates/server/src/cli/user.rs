//! `royal user add`

use super::{Exit, open, print, print_json};
use crate::config::Settings;
use crate::setup_code::SetupCodeFile;
use clap::Subcommand;
use domain::people::Role;
use secrecy::SecretString;
use std::io::Read as _;

#[derive(Debug, Subcommand)]
pub(super) enum User {
    /// Add a person; the first one becomes the owner of a new workspace
    Add(Add),
}

#[derive(Debug, clap::Args)]
pub(super) struct Add {
    /// Address to sign in with
    #[arg(long)]
    email: String,
    /// viewer, analyst, operator, admin or owner
    #[arg(long)]
    role: Role,
    /// Read the password from stdin (its first line)
    #[arg(long, required = true)]
    password_stdin: bool,
    /// What the first workspace is called
    #[arg(long)]
    workspace: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(settings: Settings, command: User) -> Result<(), Exit> {
    let User::Add(add) = command;
    let password = read_password()?;
    let composed = open(&settings).await?;
    let added = composed
        .people
        .add_user(&add.email, add.role, password, add.workspace.as_deref())
        .await;
    let (user, workspace) = added?;
    // With somebody to sign in, the set-up code is worth nothing.
    SetupCodeFile::in_folder(&settings.data_dir).remove();
    composed.database.close().await;
    if add.json {
        return print_json(&serde_json::json!({
            "id": user.id, "email": user.email.as_str(), "role": user.role.as_str(),
            "workspace": { "id": workspace.id, "name": workspace.name },
        }));
    }
    print(&format!(
        "{} is {} of {}\n",
        user.email.as_str(),
        user.role,
        workspace.name
    ))
}

/// The first line, without its end.
fn read_password() -> Result<SecretString, Exit> {
    let mut text = String::new();
    let read = std::io::stdin().take(4096).read_to_string(&mut text);
    read.map_err(|e| Exit::usage(format!("the password cannot be read from stdin: {e}")))?;
    let line = text.lines().next().unwrap_or_default();
    if line.is_empty() {
        return Err(Exit::usage("there is no password on stdin"));
    }
    Ok(SecretString::from(line))
}
