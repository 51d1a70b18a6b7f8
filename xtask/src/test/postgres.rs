//! A PostgreSQL server for one run of the tests: in a temporary folder, on a free port of loopback, gone afterwards.
use std::{
    fs,
    os::unix::{fs::chown, process::CommandExt},
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use rustix::process::Signal;

use crate::{
    net,
    process::{Running, pause, say},
    temp::TempDir,
    tools,
    workspace::output,
};

const READY_LIMIT: Duration = Duration::from_secs(60);

/// Fields are dropped in this order: the server stops before its folder goes.
#[derive(Debug)]
pub(crate) struct Postgres {
    _server: Running,
    _dir: TempDir,
    port: u16,
}

impl Postgres {
    /// For tests: they end the product at bad moments, never the database, so it may be fast instead of durable.
    pub(crate) fn start() -> Result<Self> {
        Self::start_with(&["fsync=off", "max_connections=300"])
    }

    /// As it is when nobody configures anything: for measurements.
    pub(crate) fn start_durable() -> Result<Self> {
        Self::start_with(&[])
    }

    fn start_with(settings: &[&str]) -> Result<Self> {
        let programs = tools::postgres_programs()?;
        let account = Account::to_run_as()?;
        let dir = TempDir::new("postgres")?;
        if let Some(Account { uid, gid }) = account {
            chown(dir.path(), Some(uid), Some(gid)).context("the folder for PostgreSQL")?;
        }
        let program = |name: &str| {
            let mut command = Command::new(programs.join(name));
            command.current_dir(dir.path());
            if let Some(Account { uid, gid }) = account {
                command.uid(uid).gid(gid);
            }
            command
        };
        let data = dir.path().join("data");
        let mut initdb = program("initdb");
        initdb.arg("--pgdata").arg(&data);
        initdb.args(["--username=postgres", "--auth=trust", "--no-sync"]);
        initdb.args(["--encoding=UTF8", "--locale=C"]);
        output(&mut initdb, "initdb")?;

        let port = net::free_port()?;
        let mut postgres = program("postgres");
        postgres
            .arg("-D")
            .arg(&data)
            .args(["-p", &port.to_string()]);
        let sockets = format!("unix_socket_directories={}", dir.path().display());
        let own = ["listen_addresses=127.0.0.1", &sockets];
        for setting in own.iter().chain(settings) {
            postgres.args(["-c", *setting]);
        }
        let mut server = Running::start_reading(&mut postgres, "postgres", |line| {
            if line.contains("FATAL:") || line.contains("PANIC:") {
                say(&format!("postgres | {line}"));
            }
        })?
        .stopping_with(Signal::INT);
        wait_until_ready(&mut server, &data)?;
        Ok(Self {
            _server: server,
            _dir: dir,
            port,
        })
    }

    /// A superuser: the tests make databases of their own.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }
}

/// The eighth line of `postmaster.pid` becomes `ready` when connections are accepted.
fn wait_until_ready(server: &mut Running, data: &Path) -> Result<()> {
    let started = Instant::now();
    let ready = || {
        let text = fs::read_to_string(data.join("postmaster.pid")).unwrap_or_default();
        text.lines()
            .nth(7)
            .is_some_and(|state| state.trim() == "ready")
    };
    while !ready() {
        if let Some(how) = server.ended()? {
            bail!("PostgreSQL ended before it was ready ({how})");
        }
        if started.elapsed() > READY_LIMIT {
            bail!("PostgreSQL was not ready after {} s", READY_LIMIT.as_secs());
        }
        pause()?;
    }
    Ok(())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Account {
    uid: u32,
    gid: u32,
}

impl Account {
    /// PostgreSQL refuses to run as root: then it runs as its own user, or as nobody.
    fn to_run_as() -> Result<Option<Self>> {
        if !rustix::process::geteuid().is_root() {
            return Ok(None);
        }
        let users = fs::read_to_string("/etc/passwd").context("/etc/passwd")?;
        let account = ["postgres", "nobody"]
            .into_iter()
            .find_map(|name| Self::find(&users, name));
        account.map(Some).context(
            "we are root, PostgreSQL refuses to be, and there is no user postgres or nobody",
        )
    }

    fn find(users: &str, name: &str) -> Option<Self> {
        users.lines().find_map(|line| {
            let fields: Vec<_> = line.split(':').collect();
            (fields.first() == Some(&name)).then_some(())?;
            Some(Self {
                uid: fields.get(2)?.parse().ok()?,
                gid: fields.get(3)?.parse().ok()?,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_found_by_its_whole_name() {
        let users = "root:x:0:0::/root:/bin/sh\npostgres2:x:7:7::/:/bin/sh\npostgres:x:101:104::/:/bin/sh\n";
        let found = Account::find(users, "postgres");
        assert_eq!(found, Some(Account { uid: 101, gid: 104 }));
        assert_eq!(Account::find(users, "nobody"), None);
    }
}
