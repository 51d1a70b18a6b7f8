//! `royal backup`

use super::{Exit, print, print_json};
use crate::compose::{BackupSeal, backup_origin, backup_seal};
use crate::config::Settings;
use indicatif::HumanBytes;
use ports::clock::{Clock as _, SystemClock};
use secrecy::SecretString;
use std::io::IsTerminal as _;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// New file to write, e.g. royal-before-upgrade.age
    file: PathBuf,
    /// Leave the keyring out: the secrets in it then open only where the keyring or SECRET_KEY is
    #[arg(long)]
    without_keyring: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(mut settings: Settings, args: Args) -> Result<(), Exit> {
    if args.file.exists() {
        let file = args.file.display();
        return Err(Exit::data(format!("{file} is there already")));
    }
    settings.backups.with_keyring &= !args.without_keyring;
    let seal = match backup_seal(&settings.backups)? {
        Some(seal) => seal,
        None => ask()?,
    };
    let origin = backup_origin(&settings).await?;
    let made = origin.back_up(&args.file, &seal, SystemClock.now()).await;
    origin.database.close().await;
    let manifest = made?;
    let bytes = std::fs::metadata(&args.file).map_or(0, |m| m.len());
    if args.json {
        return print_json(&serde_json::json!({
            "file": args.file, "bytes": bytes, "created_at": manifest.created_at, "schema": manifest.schema,
            "has_keyring": manifest.has_keyring, "files": manifest.files.len(),
        }));
    }
    let keyring = match manifest.has_keyring {
        true => "with the keyring",
        false => "without a keyring: its secrets open only where the keyring or SECRET_KEY is",
    };
    print(&format!(
        "{}: {}, {} files, {keyring}\n",
        args.file.display(),
        HumanBytes(bytes),
        manifest.files.len()
    ))
}

/// Twice, since a typing error would be found when it is too late.
fn ask() -> Result<BackupSeal, Exit> {
    if !std::io::stdin().is_terminal() {
        return Err(Exit::configuration(
            "backups are encrypted: set BACKUP_RECIPIENTS or BACKUP_PASSPHRASE",
        ));
    }
    let unreadable = |e: std::io::Error| Exit::usage(format!("it cannot be read: {e}"));
    let first = rpassword::prompt_password("Passphrase for the backup: ").map_err(unreadable)?;
    let again = rpassword::prompt_password("Once more: ").map_err(unreadable)?;
    if first != again {
        return Err(Exit::usage("they differ"));
    }
    BackupSeal::passphrase(SecretString::from(first)).map_err(Exit::usage)
}
