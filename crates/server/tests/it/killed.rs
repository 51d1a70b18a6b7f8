//! `kill -9` at any moment: what was accepted is there after the next start, once.
//!
//! The product runs as a process of its own and is killed; the shop lives on in the test.

use crate::databases::Place;
use crate::support::{Client, PASSWORD, until};
use serde_json::{Value, json};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

const KILLS: u64 = 20;

pub(crate) struct Product {
    /// What is started next.
    pub(crate) program: PathBuf,
    folder: TempDir,
    place: Place,
    /// The same over restarts: webhooks go to where they went before.
    port: u16,
    pub(crate) shop: sandbox::Running,
    token: String,
    /// Settings beside the usual ones, and over them.
    more: Vec<(&'static str, String)>,
}

/// A running server; killed when it is dropped.
pub(crate) struct Alive {
    child: Child,
    pub(crate) client: Client,
}

impl Alive {
    pub(crate) fn token(&self) -> Option<String> {
        self.client.token.clone()
    }

    /// Asked to end, as by whoever runs it; answers how it ended.
    pub(crate) async fn terminate(mut self) -> std::process::ExitStatus {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        loop {
            if let Some(ended) = self.child.try_wait().unwrap() {
                return ended;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Runs no instruction until it is woken, and does not know of it.
    pub(crate) fn stand_still(&self) {
        self.signal(rustix::process::Signal::STOP);
    }

    pub(crate) fn wake(&self) {
        self.signal(rustix::process::Signal::CONT);
    }

    fn signal(&self, signal: rustix::process::Signal) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, signal).unwrap();
    }

    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Product {
    /// An owner, a token, and a shop in the environment.
    pub(crate) async fn new(options: sandbox::Options) -> Self {
        Self::over(options, Place::Embedded).await
    }

    pub(crate) async fn over(options: sandbox::Options, place: Place) -> Self {
        Self::with(options, place, Vec::new()).await
    }

    pub(crate) async fn with(
        options: sandbox::Options,
        place: Place,
        more: Vec<(&'static str, String)>,
    ) -> Self {
        let program = PathBuf::from(env!("CARGO_BIN_EXE_royal"));
        Self::begun_by(program, options, place, more).await
    }

    /// Its data are made by this program, which may be of another release.
    pub(crate) async fn begun_by(
        program: PathBuf,
        options: sandbox::Options,
        place: Place,
        more: Vec<(&'static str, String)>,
    ) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let shop = sandbox::start(options).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().to_owned();
        let settings = [place.settings(), more.clone()].concat();
        let made_by = program.clone();
        let token = tokio::task::spawn_blocking(move || {
            let program = || with(program_in(&made_by, &data), &settings);
            told(
                program(),
                &[
                    "user",
                    "add",
                    "--email",
                    "a@example.com",
                    "--role",
                    "owner",
                    "--password-stdin",
                ],
                PASSWORD,
            );
            told(
                program(),
                &["token", "create", "--user", "a@example.com", "--name", "t"],
                "",
            )
        })
        .await
        .unwrap();
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        Self {
            program,
            folder,
            place,
            port,
            shop,
            token: token.trim().to_owned(),
            more,
        }
    }

    /// Starts the server on this data and waits until it is ready.
    pub(crate) async fn start(&self) -> Alive {
        self.start_in(self.folder.path(), self.port).await
    }

    /// One of several processes.
    pub(crate) async fn start_in(&self, data: &Path, port: u16) -> Alive {
        self.start_as(data, port, &[]).await
    }

    pub(crate) async fn start_as(
        &self,
        data: &Path,
        port: u16,
        settings: &[(&str, &str)],
    ) -> Alive {
        let run = data.join("royal.run");
        let _ = std::fs::remove_file(&run);
        let child = with(program_in(&self.program, data), &self.place.settings())
            .env("PORT", port.to_string())
            .env("SHOPIFY_SHOP", "sandbox")
            .env("SHOPIFY_ACCESS_TOKEN", "shpat_sandbox")
            .env("SHOPIFY_API_SECRET", "sandbox")
            .env("SHOPIFY_BASE_URL", &self.shop.base_url)
            .env("WORK_LEASE", "1")
            .env("RATE_LIMIT_REQUESTS", "0")
            .env("SYNC_INTERVAL", "3600")
            .env("NOTIFY_ALLOWED_HOSTS", "127.0.0.1")
            .envs(self.more.iter().map(|(name, value)| (*name, value)))
            .envs(settings.iter().copied())
            .spawn()
            .unwrap();
        let url = until(|| async {
            let text = std::fs::read_to_string(&run).ok()?;
            Some(text.trim().to_owned()).filter(|url| !url.is_empty())
        })
        .await;
        let mut client = Client::new(&url);
        client.token = Some(self.token.clone());
        let alive = Alive { child, client };
        until(|| async {
            let answer = alive
                .client
                .request(reqwest::Method::GET, "/readyz")
                .send()
                .await
                .ok()?;
            (answer.status() == 200).then_some(())
        })
        .await;
        alive
    }

    /// The shop's own figures, held against the report to the cent.
    async fn agrees(&self, alive: &Alive) -> bool {
        self.agrees_with(&alive.client).await
    }

    pub(crate) async fn agrees_with(&self, client: &Client) -> bool {
        let truth = Client::new(&self.shop.base_url).read("/__truth").await;
        let days = truth["days"].as_array().unwrap();
        let day = |day: Option<&Value>| day.unwrap()["date"].as_str().unwrap().to_owned();
        let (from, to) = (day(days.first()), day(days.last()));
        let report = client
            .read(&format!("/v1/reports/profit?by=month&from={from}&to={to}"))
            .await;
        let same = [
            "orders",
            "units",
            "gross_sales",
            "discounts",
            "total_sales",
            "cost_of_goods",
            "payment_fees",
        ];
        same.iter()
            .all(|figure| report["total"][figure] == truth["total"][figure])
    }

    pub(crate) async fn doctor_is_content(&self) {
        let settings = [self.place.settings(), self.more.clone()].concat();
        let program = with(program_in(&self.program, self.folder.path()), &settings);
        let text = tokio::task::spawn_blocking(move || told(program, &["doctor", "--json"], ""))
            .await
            .unwrap();
        let found: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(found["sound"], true, "{found}");
    }

    pub(crate) fn place(&self) -> &Place {
        &self.place
    }

    pub(crate) async fn remove(self) {
        self.place.remove().await;
    }
}

/// The first owner of a folder.
pub(crate) fn owner_of(data: &Path) {
    let args = [
        "user",
        "add",
        "--email",
        "a@example.com",
        "--role",
        "owner",
        "--password-stdin",
    ];
    say(data, &args, PASSWORD);
}

pub(crate) fn royal(data: &Path) -> Command {
    program_in(Path::new(env!("CARGO_BIN_EXE_royal")), data)
}

fn program_in(program: &Path, data: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("DATA_DIR", data)
        .env("LOG_LEVEL", "error")
        .env("APP_ENV", "testing");
    command
        .current_dir(data)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::inherit());
    command
}

fn with(mut program: Command, settings: &[(&'static str, String)]) -> Command {
    let pairs = settings.iter().map(|(name, value)| (*name, value.as_str()));
    program.envs(pairs);
    program
}

pub(crate) fn say(data: &Path, args: &[&str], stdin: &str) -> String {
    told(royal(data), args, stdin)
}

fn told(mut program: Command, args: &[&str], stdin: &str) -> String {
    let mut child = program
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "royal {args:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Moments that differ from kill to kill and not from run to run.
pub(crate) fn moment(kill: u64) -> Duration {
    Duration::from_millis(40 + kill.wrapping_mul(0x9E37_79B9) % 900)
}

pub(crate) fn shop(orders: usize) -> sandbox::Options {
    sandbox::Options {
        orders,
        days: 200,
        bulk_ms: 150,
        // As a shop of the largest plan, so that the load is not what its budget lets through.
        bucket: 20_000,
        restore: 1_000,
        retry_hour_seconds: 0.5,
        ..sandbox::Options::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_times_in_a_backfill_nothing_is_lost_or_doubled() {
    let product = Product::new(shop(2500)).await;
    for kill in 0..KILLS {
        let alive = product.start().await;
        tokio::time::sleep(moment(kill)).await;
        alive.kill();
    }
    let alive = product.start().await;
    let run = until(|| async {
        let syncs = alive.client.read("/v1/syncs").await;
        let runs = syncs["syncs"].as_array()?;
        // A look at what changed since may already stand before it.
        let run = runs.iter().find(|run| run["kind"] == "backfill")?.clone();
        (run["status"] == "succeeded").then_some(run)
    })
    .await;
    assert!(run["resumed_times"].as_i64().unwrap() > 0, "{run}");
    until(|| async { product.agrees(&alive).await.then_some(()) }).await;
    alive.kill();
    product.doctor_is_content().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_times_in_a_burst_of_webhooks_nothing_is_lost_or_doubled() {
    let product = Product::new(shop(150)).await;
    let alive = product.start().await;
    until(|| async {
        let syncs = alive.client.read("/v1/syncs").await;
        let runs = syncs["syncs"].as_array()?;
        runs.iter()
            .any(|run| run["kind"] == "backfill" && run["status"] == "succeeded")
            .then_some(())
    })
    .await;
    let mut alive = alive;
    for kill in 0..KILLS {
        let events = Client::new(&product.shop.base_url);
        for kind in ["order_create", "refund", "edit_add", "order_create"] {
            // 409: no order fits just now.
            events.post("/__events", &json!({ "kind": kind })).await;
        }
        tokio::time::sleep(moment(kill) / 4).await;
        alive.kill();
        alive = product.start().await;
    }
    until(|| async { product.agrees(&alive).await.then_some(()) }).await;
    alive.kill();
    product.doctor_is_content().await;
}
