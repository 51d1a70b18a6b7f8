//! The product as it is shipped: a process with an owner, a token and a shop in its environment.

use crate::shop::SECRET;
use anyhow::{Context as _, Result, bail, ensure};
use std::io::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const OWNER: &str = "bench@example.com";
const READY_LIMIT: Duration = Duration::from_secs(60);

/// Where the product keeps what it knows.
#[derive(Debug, Clone)]
pub enum Place {
    /// The file in the data folder.
    Sqlite(PathBuf),
    Postgres(String),
}

impl Place {
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "sqlite",
            Self::Postgres(_) => "postgres",
        }
    }
}

/// A product that answers, whoever started it.
#[derive(Debug, Clone)]
pub struct Target {
    pub url: String,
    pub token: String,
    pub place: Place,
    /// Whose memory is looked at.
    pub pid: u32,
}

/// A running `royal`; stopped when dropped.
pub struct Product {
    pub target: Target,
    child: Child,
}

impl Product {
    /// Starts it over an empty folder and database. It reads the shop at `shop` by itself; `more` are settings beside the usual ones.
    pub fn start(
        royal: &Path,
        folder: &Path,
        database: Option<&str>,
        shop: &str,
        more: &[(&str, String)],
    ) -> Result<Self> {
        let port = free_port()?;
        // The same settings as it serves with: the first command seals with the key of them.
        let command = |arguments: &[&str]| {
            let mut command = program(royal, folder, database, port, arguments);
            command.envs(more.iter().map(|(name, value)| (*name, value)));
            command
        };
        let added = said(
            &mut command(&[
                "user",
                "add",
                "--email",
                OWNER,
                "--role",
                "owner",
                "--password-stdin",
            ]),
            "a long enough password\n",
        );
        added.context("royal user add")?;
        let token = said(
            &mut command(&["token", "create", "--user", OWNER, "--name", "bench"]),
            "",
        );
        let token = token.context("royal token create")?.trim().to_owned();
        Self::serve(royal, folder, database, shop, more, (port, token))
    }

    /// One more process over the database of another one, which knows its token; in a folder of its own.
    pub fn beside(
        royal: &Path,
        folder: &Path,
        database: &str,
        shop: &str,
        more: &[(&str, String)],
        token: &str,
    ) -> Result<Self> {
        let known = (free_port()?, token.to_owned());
        Self::serve(royal, folder, Some(database), shop, more, known)
    }

    fn serve(
        royal: &Path,
        folder: &Path,
        database: Option<&str>,
        shop: &str,
        more: &[(&str, String)],
        (port, token): (u16, String),
    ) -> Result<Self> {
        let log = std::fs::File::create(folder.join("royal.log"))?;
        let child = program(royal, folder, database, port, &["serve"])
            .env("SHOPIFY_SHOP", "bench")
            .env("SHOPIFY_ACCESS_TOKEN", "shpat_bench")
            .env("SHOPIFY_API_SECRET", SECRET)
            .env("SHOPIFY_BASE_URL", shop)
            .envs(more.iter().map(|(name, value)| (*name, value)))
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .with_context(|| format!("{} could not be started", royal.display()))?;
        let place = match database {
            Some(url) => Place::Postgres(url.to_owned()),
            None => Place::Sqlite(folder.join("royal.db")),
        };
        let mut product = Self {
            target: Target {
                url: format!("http://127.0.0.1:{port}"),
                token,
                place,
                pid: child.id(),
            },
            child,
        };
        product.wait_until_ready(port, folder)?;
        Ok(product)
    }

    /// Asks it to end and waits until it has.
    pub fn end(mut self) -> Result<()> {
        let asked = Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status()?;
        ensure!(asked.success(), "royal could not be asked to end");
        let how = self.child.wait()?;
        ensure!(how.success(), "royal ended badly ({how})");
        Ok(())
    }

    fn wait_until_ready(&mut self, port: u16, folder: &Path) -> Result<()> {
        let began = Instant::now();
        while !is_listened_on(port) {
            if let Some(how) = self.child.try_wait()? {
                let log = std::fs::read_to_string(folder.join("royal.log")).unwrap_or_default();
                bail!("royal ended before it was ready ({how})\n{log}");
            }
            ensure!(began.elapsed() < READY_LIMIT, "royal was not ready in time");
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

fn is_listened_on(port: u16) -> bool {
    // A port that nobody listens on may be given to this very connection, which then speaks to itself.
    let connected = std::net::TcpStream::connect(("127.0.0.1", port));
    connected.is_ok_and(|one| one.local_addr().is_ok_and(|from| from.port() != port))
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

fn program(
    royal: &Path,
    folder: &Path,
    database: Option<&str>,
    port: u16,
    arguments: &[&str],
) -> Command {
    let mut command = Command::new(royal);
    command.args(arguments).current_dir(folder);
    for name in ["DATABASE_URL", "SHOPIFY_BASE_URL"] {
        command.env_remove(name);
    }
    command
        .env("DATA_DIR", folder)
        .env("PORT", port.to_string())
        // The load comes from as many places as it says.
        .env("TRUSTED_PROXIES", "127.0.0.1")
        // What is measured is how much it bears, not how much it lets in; that it counts belongs to it.
        .env("RATE_LIMIT_REQUESTS", "50000000")
        .env("LOG_LEVEL", "warn");
    if let Some(database) = database {
        command.env("DATABASE_URL", database);
    }
    command
}

impl Drop for Product {
    fn drop(&mut self) {
        // What was measured is over; nothing of it is kept.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn said(command: &mut Command, input: &str) -> Result<String> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.as_bytes())?;
    }
    let out = child.wait_with_output()?;
    ensure!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr).trim()
    );
    Ok(String::from_utf8(out.stdout)?)
}

/// Seconds of processor time that a process has used.
pub(crate) fn cpu_seconds(pid: u32) -> Option<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // After the name, which may hold anything: the 14th and 15th field, in hundredths.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?;
    Some(ticks / 100.0)
}

/// From now on `VmHWM` tells what a process needs from now on.
pub(crate) fn forget_peak(pid: u32) -> Result<()> {
    std::fs::write(format!("/proc/{pid}/clear_refs"), "5").context("the peak of the memory")
}

/// Of `VmHWM` or `VmRSS`, in 10⁶ bytes.
pub(crate) fn memory_mb(pid: u32, field: &str) -> Result<f64> {
    let status =
        std::fs::read_to_string(format!("/proc/{pid}/status")).context("the memory of royal")?;
    let kib = status.lines().find_map(|line| {
        let rest = line.strip_prefix(field)?.strip_prefix(':')?;
        rest.trim().strip_suffix("kB")?.trim().parse::<f64>().ok()
    });
    Ok(kib.with_context(|| format!("no {field}"))? * 1024.0 / 1e6)
}
