//! `royal secrets …`

use super::{Exit, open, print, print_json};
use crate::compose::Composed;
use crate::config::Settings;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Subcommand;
use comfy_table::Table;
use domain::audit::Actor;
use domain::ids::WorkspaceId;
use secrecy::SecretString;
use std::io::{IsTerminal as _, Read as _};
use zeroize::Zeroizing;

#[derive(Debug, Subcommand)]
pub(super) enum Secrets {
    /// Enter a secret; its value is asked for, or read from stdin
    Set {
        /// E.g. SHOPIFY_ACCESS_TOKEN
        name: String,
    },
    /// List the secrets in the store, without their values
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Remove a secret
    Delete { name: String },
    /// Say where a secret's value comes from, and what was tried before
    Source {
        name: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Make a new key, and seal every secret again with it
    RotateKey,
    /// Seal again what another key than the present one sealed
    Rewrap,
    /// Remove an old key for good; backups that need it cannot be read any more
    DestroyKey {
        /// As `royal secrets check` shows it
        key: String,
    },
    /// Open every secret once, and show the keys
    Check {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Print all secrets, sealed: they open with this installation's keys alone
    Export {
        /// The only form there is
        #[arg(long, required = true)]
        encrypted: bool,
    },
    /// Answer known-answer tests: a JSON object a line in, one a line out
    Vectors,
}

pub(super) async fn run(settings: Settings, command: Secrets) -> Result<(), Exit> {
    // Before the database is opened: a refused value leaves no trace.
    let value = match &command {
        Secrets::Set { name } => Some(read_value(name)?),
        _ => None,
    };
    let composed = open(&settings).await?;
    let done = act(&composed, command, value).await;
    composed.database.close().await;
    done
}

async fn act(
    composed: &Composed,
    command: Secrets,
    value: Option<SecretString>,
) -> Result<(), Exit> {
    let secrets = &composed.secrets;
    match command {
        Secrets::Set { name } => {
            let value = value.unwrap_or_default();
            let entry = secrets
                .set(
                    Actor::command_line(),
                    workspace(composed).await?,
                    &name,
                    &value,
                )
                .await?;
            print(&format!("{} is version {}\n", entry.name, entry.version))
        }
        Secrets::List { json } => list(composed, json).await,
        Secrets::Delete { name } => {
            let workspace = workspace(composed).await?;
            secrets
                .delete(Actor::command_line(), workspace, &name)
                .await?;
            print(&format!("{name} is removed\n"))
        }
        Secrets::Source { name, json } => source(composed, &name, json).await,
        Secrets::RotateKey => {
            let (key, done) = secrets.rotate(Actor::command_line(), None).await?;
            print(&format!(
                "{key} seals now; {} secrets were sealed again\n",
                done.rewrapped
            ))?;
            whole(&done)
        }
        Secrets::Rewrap => {
            let done = secrets.rewrap(Actor::command_line(), |_| ()).await?;
            print(&format!(
                "{} of {} secrets were sealed again\n",
                done.rewrapped, done.seen
            ))?;
            whole(&done)
        }
        Secrets::DestroyKey { key } => {
            secrets.destroy_key(Actor::command_line(), &key).await?;
            print(&format!("{key} is gone\n"))
        }
        Secrets::Check { json } => check(composed, json).await,
        Secrets::Export { encrypted: _ } => export(composed).await,
        Secrets::Vectors => super::secret_vectors::run(),
    }
}

fn whole(done: &application::secrets::Rewrapped) -> Result<(), Exit> {
    match done.damaged.first() {
        None => Ok(()),
        Some(first) => Err(Exit::data(format!(
            "{} secrets do not open and stay as they are, the first is {}: enter them again",
            done.damaged.len(),
            first.name
        ))),
    }
}

/// The installation's first: what stands in the environment is its, too.
async fn workspace(composed: &Composed) -> Result<WorkspaceId, Exit> {
    let all = composed.ports.accounts.workspaces().await?;
    let first = all.first().map(|w| w.id);
    first.ok_or_else(|| Exit::data("there is no workspace yet: `royal user add` makes the first"))
}

async fn list(composed: &Composed, json: bool) -> Result<(), Exit> {
    let all = composed.secrets.list(workspace(composed).await?).await?;
    if json {
        let rows: Vec<_> = all
            .iter()
            .map(|e| {
                serde_json::json!({
                    "name": e.name, "version": e.version, "created_at": e.created_at, "last_used_at": e.last_used_at,
                    "key_id": e.key_id, "fingerprint": e.fingerprint,
                })
            })
            .collect();
        return print_json(&rows);
    }
    if all.is_empty() {
        return print("no secrets in the store\n");
    }
    let mut table = Table::new();
    table.set_header(["name", "version", "entered", "last used", "fingerprint"]);
    for entry in all {
        let day = |at: chrono::DateTime<chrono::Utc>| at.format("%Y-%m-%d").to_string();
        table.add_row([
            entry.name,
            entry.version.to_string(),
            day(entry.created_at),
            entry.last_used_at.map_or_else(|| "never".to_owned(), day),
            entry
                .fingerprint
                .unwrap_or_else(|| "does not open".to_owned()),
        ]);
    }
    print(&format!("{table}\n"))
}

async fn source(composed: &Composed, name: &str, json: bool) -> Result<(), Exit> {
    let resolution = composed
        .secrets
        .resolve(workspace(composed).await?, name)
        .await?;
    let found = resolution.found.as_ref();
    if json {
        let tried: Vec<_> = resolution
            .tried
            .iter()
            .map(|t| serde_json::json!({"source": t.source.as_str(), "whereabouts": t.whereabouts, "failure": t.failure}))
            .collect();
        let found = found.map(|f| {
            serde_json::json!({"source": f.source.as_str(), "whereabouts": f.whereabouts, "obtained_at": f.obtained_at, "stale": f.stale})
        });
        return print_json(&serde_json::json!({"name": name, "found": found, "tried": tried}));
    }
    for place in &resolution.tried {
        let said = place.failure.as_deref().unwrap_or("has none");
        print(&format!(
            "{}: {said} ({})\n",
            place.source.as_str(),
            place.whereabouts
        ))?;
    }
    match found {
        Some(found) => print(&format!(
            "{}: found ({})\n",
            found.source.as_str(),
            found.whereabouts
        )),
        None => Err(Exit::data(format!("no place has {name}"))),
    }
}

async fn check(composed: &Composed, json: bool) -> Result<(), Exit> {
    let check = composed.secrets.check().await?;
    if json {
        let keys: Vec<_> = check
            .keys
            .iter()
            .map(|k| serde_json::json!({"id": k.id, "primary": k.primary, "uses": k.uses, "secrets": k.secrets}))
            .collect();
        let damaged: Vec<_> = check.damaged.iter().map(|(name, why)| serde_json::json!({"workspace": name.workspace, "name": name.name, "reason": why})).collect();
        print_json(&serde_json::json!({"keys": keys, "damaged": damaged}))?;
    } else {
        for key in &check.keys {
            let role = if key.primary { "seals" } else { "opens" };
            print(&format!(
                "{} {role}; {} secrets, sealed {} times\n",
                key.id, key.secrets, key.uses
            ))?;
        }
    }
    match check.damaged.first() {
        None => Ok(()),
        Some((name, why)) => Err(Exit::data(format!(
            "{} secrets do not open, the first is {}: {why}",
            check.damaged.len(),
            name.name
        ))),
    }
}

async fn export(composed: &Composed) -> Result<(), Exit> {
    let workspace = workspace(composed).await?;
    let sealed = composed
        .secrets
        .export(Actor::command_line(), workspace)
        .await?;
    let secrets: Vec<_> = sealed
        .iter()
        .map(|s| serde_json::json!({"name": s.name.name, "version": s.version, "created_at": s.created_at, "blob": STANDARD.encode(&s.blob)}))
        .collect();
    print_json(
        &serde_json::json!({"format": "royal-secrets/1", "workspace": workspace, "secrets": secrets}),
    )
}

/// Asked for without an echo on a terminal, else the whole of stdin without a last line break. Never an argument: those are seen
/// by every process of the machine.
fn read_value(name: &str) -> Result<SecretString, Exit> {
    let unreadable = |e: std::io::Error| Exit::usage(format!("the value cannot be read: {e}"));
    let text = if std::io::stdin().is_terminal() {
        Zeroizing::new(rpassword::prompt_password(format!("{name}: ")).map_err(unreadable)?)
    } else {
        let mut text = Zeroizing::new(String::new());
        let most = 64 * 1024 + 2;
        std::io::stdin()
            .take(most)
            .read_to_string(&mut text)
            .map_err(unreadable)?;
        text
    };
    let value = text.strip_suffix('\n').unwrap_or(&text);
    let value = value.strip_suffix('\r').unwrap_or(value);
    if value.is_empty() {
        return Err(Exit::usage("the value is empty"));
    }
    Ok(SecretString::from(value))
}
