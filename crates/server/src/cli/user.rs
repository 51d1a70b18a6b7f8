//! `royal user add`, `royal user reset` and `royal user reset-second-factor`

use super::{Exit, open, print, print_json};
use crate::config::Settings;
use crate::setup_code::SetupCodeFile;
use application::letters::{Sent, link_address};
use clap::Subcommand;
use domain::people::Role;
use secrecy::SecretString;
use std::io::Read as _;

#[derive(Debug, Subcommand)]
pub(super) enum User {
    /// Add a person; the first one becomes the owner of a new workspace
    Add(Add),
    /// Print a link by which a person sets a new password: it works once, for a day
    Reset(ResetPassword),
    /// Take the second factor away from a person who lost it: their password is enough again
    ResetSecondFactor(Reset),
}

#[derive(Debug, clap::Args)]
pub(super) struct ResetPassword {
    /// Address they sign in with
    #[arg(long)]
    email: String,
    /// Send the link there by mail (SMTP_HOST) in place of printing it
    #[arg(long)]
    mail: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct Reset {
    /// Address they sign in with
    #[arg(long)]
    email: String,
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
    /// Make another workspace of this name, with the person as its owner
    #[arg(long, value_name = "NAME", conflicts_with = "workspace")]
    new_workspace: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(settings: Settings, command: User) -> Result<(), Exit> {
    match command {
        User::Add(add) => add_user(settings, add).await,
        User::Reset(reset) => print_link(settings, reset).await,
        User::ResetSecondFactor(reset) => reset_factor(settings, reset).await,
    }
}

async fn reset_factor(settings: Settings, reset: Reset) -> Result<(), Exit> {
    let composed = open(&settings).await?;
    let done = composed.people.reset_factor_by_email(&reset.email).await;
    composed.database.close().await;
    let user = done?;
    print(&format!(
        "{} signs in with the password alone\n",
        user.email.as_str()
    ))
}

async fn print_link(settings: Settings, reset: ResetPassword) -> Result<(), Exit> {
    let composed = open(&settings).await?;
    if reset.mail && composed.letters.sender().is_none() {
        return Err(Exit::usage("there is no mail server: set SMTP_HOST"));
    }
    let made = composed.people.reset_link_by_email(&reset.email).await?;
    let local = format!("http://localhost:{}", settings.port);
    let origin = settings.public_url.as_deref().unwrap_or(&local);
    let address = link_address(Some(origin), &made.secret);
    let sent = if reset.mail {
        composed.letters.send(&made, &address).await?
    } else {
        Sent::NotSetUp
    };
    composed.database.close().await;
    match sent {
        Sent::NotSetUp => print(&format!("{address}\n")),
        Sent::Taken => print(&format!("sent to {}\n", made.link.email.as_str())),
        Sent::Later(reason) => Err(Exit::unavailable(format!(
            "{reason}; a running server tries it again"
        ))),
        Sent::Failed(reason) => Err(Exit::unavailable(reason)),
    }
}

async fn add_user(settings: Settings, add: Add) -> Result<(), Exit> {
    if add.new_workspace.is_some() && add.role != Role::Owner {
        return Err(Exit::usage(
            "the first person of a new workspace is its owner: --role owner",
        ));
    }
    let password = read_password()?;
    let composed = open(&settings).await?;
    let people = &composed.people;
    let added = match &add.new_workspace {
        Some(name) if !people.needs_owner().await? => {
            people.found(name, &add.email, password).await
        }
        name => {
            let name = name.as_deref().or(add.workspace.as_deref());
            people.add_user(&add.email, add.role, password, name).await
        }
    };
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
