//! The command `royal-sandbox`.

use std::io::Write;
use std::path::PathBuf;

use clap::Parser;
use sandbox::{Faults, Options};

/// A Shopify store on this machine: its real protocol, a deterministic history, faults on demand.
#[derive(Debug, Parser)]
#[command(name = "royal-sandbox", version)]
struct Arguments {
    /// Port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 10_900)]
    port: u16,
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1")]
    bind: std::net::IpAddr,
    /// How clients reach it, for the addresses of bulk files (behind a proxy or in a container).
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Lines of invoices as CSV (columns of the UCI Online Retail data) instead of a generated store.
    #[arg(long, value_name = "FILE")]
    orders: Option<PathBuf>,
    /// Unit cost of imported goods, in percent of their price; unknown without.
    #[arg(long, value_name = "PERCENT")]
    cost_percent: Option<u32>,
    /// New orders per minute, with refunds and edits among them.
    #[arg(long, value_name = "RATE", default_value_t = 0.0)]
    live: f64,
    /// Faults with their rates: throttle=0.1,status=0.05,slow=0.2,…
    #[arg(long, value_name = "K=RATE,…", default_value = "")]
    faults: String,
    /// How many orders the generated store has.
    #[arg(long, default_value_t = 12_000)]
    size: usize,
    /// Over how many days.
    #[arg(long, default_value_t = 548)]
    days: i64,
    /// The shop's name
    #[arg(long, default_value = "Royal Equips Sandbox")]
    name: String,
    #[arg(long, default_value = "USD")]
    currency: String,
    #[arg(long, default_value = "America/New_York")]
    zone: String,
    /// The virtual time at the start (RFC 3339).
    #[arg(long)]
    now: Option<chrono::DateTime<chrono::Utc>>,
    /// Size of the cost bucket.
    #[arg(long, default_value_t = 2_000)]
    bucket: u32,
    /// Cost points that come back per second.
    #[arg(long, default_value_t = 100)]
    restore: u32,
    /// Least duration of a bulk operation, in milliseconds.
    #[arg(long, default_value_t = 250)]
    bulk_ms: u64,
    /// Scopes of the token, separated by commas.
    #[arg(long, value_delimiter = ',')]
    scopes: Option<Vec<String>>,
    /// The version that answers, whatever was asked for.
    #[arg(long)]
    answer_version: Option<String>,
    /// Real seconds that stand for an hour of webhook retries.
    #[arg(long, default_value_t = 2.0)]
    retry_hour_seconds: f64,
}

impl Arguments {
    fn options(self) -> anyhow::Result<Options> {
        let standard = Options::default();
        Ok(Options {
            port: self.port,
            bind: self.bind,
            public_url: self.public_url,
            seed: self.seed,
            orders: self.size,
            days: self.days,
            name: self.name,
            currency: self.currency,
            zone: self.zone,
            file: self.orders,
            file_cost_percent: self.cost_percent,
            live: self.live,
            faults: Faults::parse(&self.faults).map_err(anyhow::Error::msg)?,
            now: self.now.map(|t| t.timestamp()),
            bucket: self.bucket,
            restore: self.restore,
            bulk_ms: self.bulk_ms,
            scopes: self.scopes.unwrap_or(standard.scopes),
            answer_version: self.answer_version,
            retry_hour_seconds: self.retry_hour_seconds,
        })
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let filter =
        tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn".into());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    let mut running = sandbox::start(Arguments::parse().options()?).await?;
    writeln!(
        std::io::stdout(),
        "royal-sandbox listens on {}",
        running.base_url
    )?;
    std::io::stdout().flush()?;
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
        () = running.wait() => {}
    }
    running.stop().await;
    Ok(())
}
