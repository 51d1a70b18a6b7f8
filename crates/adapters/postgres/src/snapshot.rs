//! Dumps by PostgreSQL's own tools, `pg_dump` and `pg_restore`, which must be there for it (Debian: `postgresql-client`).

use crate::errors::{PROVIDER, Place};
use ports::{Kind, PortError, PortResult, Retry};
use std::path::Path;
use std::process::Stdio;
use tokio::process::Command;

/// A URL without its password, and the password: programs' arguments are seen by everybody on the machine, their environment is not.
#[derive(Clone)]
pub(crate) struct Access {
    url: String,
    password: Option<String>,
}

impl std::fmt::Debug for Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Access").finish_non_exhaustive()
    }
}

impl Access {
    /// `url` was parsed before.
    pub(crate) fn of(url: &str) -> Self {
        let Ok(mut parsed) = url::Url::parse(url) else {
            return Self {
                url: url.to_owned(),
                password: None,
            };
        };
        let decode = |p: &str| {
            percent_encoding::percent_decode_str(p)
                .decode_utf8_lossy()
                .into_owned()
        };
        let password = parsed.password().map(decode);
        // A URL of this scheme can have one, so it can have none.
        let _ = parsed.set_password(None);
        Self {
            url: parsed.into(),
            password,
        }
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        if let Some(password) = &self.password {
            command.env("PGPASSWORD", password);
        }
        command
            .env("PGAPPNAME", "royal backup")
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }
}

/// One transaction's view of everything, compressed and readable to this user only.
pub(crate) async fn write(access: &Access, place: &Place, into: &Path) -> PortResult<()> {
    let mut command = access.command("pg_dump");
    command
        .args(["--format=custom", "--no-owner", "--no-privileges", "--file"])
        .arg(into)
        .arg("--dbname")
        .arg(&access.url);
    run(command, "pg_dump", "snapshot", place).await?;
    let only_us = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    let set = std::fs::set_permissions(into, only_us);
    set.map_err(|e| {
        let detail = format!("{} cannot be kept from others: {e}", into.display());
        error(Kind::Unavailable, "snapshot", detail)
    })
}

/// Loads a dump into an empty database, all of it or nothing.
///
/// # Errors
/// `Conflict` when the database has tables; `Corrupt` when the dump cannot be loaded.
pub async fn restore(url: &str, dump: &Path) -> PortResult<()> {
    let options = crate::backend::parse(url)?;
    let place = crate::backend::place(&options);
    let tables = crate::backend::tables(&options, &place).await?;
    if tables > 0 {
        let detail = format!(
            "database {} has {tables} tables: a backup is restored into an empty one. Create it, restore into it, and point DATABASE_URL to it",
            place.database
        );
        return Err(error(Kind::Conflict, "restore", detail));
    }
    let access = Access::of(url);
    let mut command = access.command("pg_restore");
    command
        .args([
            "--no-owner",
            "--no-privileges",
            "--single-transaction",
            "--exit-on-error",
            "--dbname",
        ])
        .arg(&access.url)
        .arg(dump);
    run(command, "pg_restore", "restore", &place).await
}

async fn run(
    mut command: Command,
    program: &'static str,
    operation: &'static str,
    place: &Place,
) -> PortResult<()> {
    let output = command.output().await.map_err(|e| {
        let detail = match e.kind() {
            std::io::ErrorKind::NotFound => format!(
                "{program} is not installed here: install PostgreSQL's client programs (Debian: postgresql-client) of the server's version"
            ),
            _ => format!("{program} cannot be started: {e}"),
        };
        error(Kind::Configuration, operation, detail)
    })?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.trim().lines().next_back().unwrap_or("without a word");
    let detail = format!(
        "{program} failed for database {} at {}: {said}",
        place.database, place.host
    );
    let kind = if said.contains("No space left") {
        Kind::StorageFull
    } else {
        Kind::Unavailable
    };
    Err(error(kind, operation, detail))
}

fn error(kind: Kind, operation: &'static str, detail: String) -> PortError {
    PortError::new(kind, Retry::Never, PROVIDER, operation, detail)
}
