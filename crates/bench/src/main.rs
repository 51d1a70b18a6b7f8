//! `royal-bench`: called by `cargo xtask bench`; prints a JSON object a figure, progress on stderr.

use anyhow::{Context as _, Result};
use bench::measure::{Bench, NAMES, Plan, Speeds, growth};
use bench::product::{Place, Product};
use bench::{
    PRODUCTS, Serving, Shop, ads, database, forecast, night, replicas, serve, streams, suppliers,
};
use chrono::{SubsecRound as _, Utc};
use clap::Parser;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

#[derive(Debug, Parser)]
#[command(
    name = "royal-bench",
    about = "Measures a built royal over shops of any size"
)]
struct Arguments {
    /// The program to measure
    #[arg(long)]
    royal: PathBuf,
    /// A PostgreSQL in which databases can be made; SQLite without
    #[arg(long)]
    postgres: Option<String>,
    /// Orders of the large shop; the small one has a tenth
    #[arg(long, default_value_t = 1_000_000)]
    orders: u64,
    /// Length of each load of requests
    #[arg(long, default_value_t = 10.0)]
    seconds: f64,
    /// Where files are put
    #[arg(long)]
    folder: Option<PathBuf>,
    /// A server to hold reads against (crates/bench/fastify, installed); without it they are not
    #[arg(long)]
    fastify: Option<PathBuf>,
    /// What to measure (default: all)
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(NAMES.iter().chain(forecast::NAMES)))]
    names: Vec<String>,
}

#[tokio::main]
async fn main() -> Result<()> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let arguments = Arguments::parse();
    let plan = Plan {
        names: arguments.names.clone(),
        seconds: arguments.seconds,
    };
    let base = match &arguments.folder {
        Some(folder) => tempfile::tempdir_in(folder)?,
        None => tempfile::tempdir()?,
    };
    if forecast::wanted(&plan) {
        let size = forecast::Size::default();
        let royal = |from: &Path, to: &Path| forecast::run(&arguments.royal, from, to);
        for figure in forecast::measure(&royal, base.path(), &plan, size, &say)? {
            print(&figure)?;
        }
    }
    if plan.wants_queue() {
        for figure in of_queue(&arguments, &plan, base.path()).await? {
            print(&figure)?;
        }
    }
    if plan.wants_night() {
        for figure in of_night(&arguments, &plan, base.path()).await? {
            print(&figure)?;
        }
    }
    if plan.wants_ads() {
        for figure in of_ads(&arguments, &plan, base.path()).await? {
            print(&figure)?;
        }
    }
    if plan.wants_suppliers() {
        for figure in of_suppliers(&arguments, &plan, base.path()).await? {
            print(&figure)?;
        }
    }
    if plan.wants_streams() {
        for figure in of_streams(&arguments, &plan, base.path()).await? {
            print(&figure)?;
        }
    }
    if plan.wants_replicas() && arguments.postgres.is_some() {
        for figure in of_replicas(&arguments, &plan, base.path()).await? {
            print(&figure)?;
        }
    }
    if !plan.wants_shop() {
        return Ok(());
    }
    let small = if plan.wants_growth() {
        Some(one(&arguments, &plan, base.path(), arguments.orders / 10, false).await?)
    } else {
        None
    };
    let (speeds, place) = one(&arguments, &plan, base.path(), arguments.orders, true).await?;
    if let Some((small, _)) = small {
        for figure in growth(&plan, &place, small, speeds) {
            print(&figure)?;
        }
    }
    Ok(())
}

async fn of_queue(
    arguments: &Arguments,
    plan: &Plan,
    base: &Path,
) -> Result<Vec<bench::measure::Figure>> {
    let Some(server) = &arguments.postgres else {
        let place = Place::Sqlite(base.join("queue.db"));
        return bench::queue::measure(plan, &place, &say).await;
    };
    let name = format!("royal_bench_{}_queue", std::process::id());
    let url = database::create(server, &name).await?;
    let figures = bench::queue::measure(plan, &Place::Postgres(url.clone()), &say).await;
    database::drop(server, &url).await?;
    figures
}

/// A product over a shop, in a folder and a database of its own.
struct Opened {
    shop: Serving,
    product: Product,
    folder: PathBuf,
}

impl Opened {
    async fn of(
        arguments: &Arguments,
        base: &Path,
        name: &str,
        (orders, products): (u64, u64),
        more: Vec<(&'static str, String)>,
    ) -> Result<Self> {
        let folder = base.join(name);
        std::fs::create_dir_all(&folder)?;
        let shop = made(orders, products, &folder).await?;
        let url = match &arguments.postgres {
            Some(server) => {
                let name = format!("royal_bench_{}_{name}", std::process::id());
                Some(database::create(server, &name).await?)
            }
            None => None,
        };
        let royal = &arguments.royal;
        let royal = royal
            .canonicalize()
            .with_context(|| royal.display().to_string())?;
        let (at, address) = (folder.clone(), shop.base_url.clone());
        let started = move || Product::start(&royal, &at, url.as_deref(), &address, &more);
        let product = tokio::task::spawn_blocking(started).await??;
        Ok(Self {
            shop,
            product,
            folder,
        })
    }

    fn bench<'a>(&'a self, plan: &'a Plan) -> Bench<'a> {
        Bench {
            plan,
            shop: &self.shop,
            target: &self.product.target,
            folder: &self.folder,
            say: &say,
        }
    }

    async fn close(self, arguments: &Arguments) -> Result<Place> {
        let place = self.product.target.place.clone();
        drop(self.product);
        self.shop.stop().await;
        if let (Place::Postgres(url), Some(server)) = (&place, &arguments.postgres) {
            database::drop(server, url).await?;
        }
        std::fs::remove_dir_all(&self.folder)?;
        Ok(place)
    }
}

async fn of_night(
    arguments: &Arguments,
    plan: &Plan,
    base: &Path,
) -> Result<Vec<bench::measure::Figure>> {
    let size = (arguments.orders, night::PRODUCTS);
    let opened = Opened::of(arguments, base, "night", size, Vec::new()).await?;
    let figures = opened.bench(plan).night().await;
    opened.close(arguments).await?;
    figures
}

async fn of_ads(
    arguments: &Arguments,
    plan: &Plan,
    base: &Path,
) -> Result<Vec<bench::measure::Figure>> {
    let market = ads::market(ads::Size::default()).await?;
    let more = vec![("SANDBOX_URL", market.base_url.clone())];
    let opened = Opened::of(arguments, base, "ads", (ads::ORDERS, PRODUCTS), more).await?;
    let figures = opened.bench(plan).ads().await;
    opened.close(arguments).await?;
    market.stop().await;
    figures
}

async fn of_suppliers(
    arguments: &Arguments,
    plan: &Plan,
    base: &Path,
) -> Result<Vec<bench::measure::Figure>> {
    let size = (suppliers::ORDERS, PRODUCTS);
    let opened = Opened::of(arguments, base, "suppliers", size, Vec::new()).await?;
    let figures = opened.bench(plan).suppliers(suppliers::PRODUCTS).await;
    opened.close(arguments).await?;
    figures
}

async fn of_streams(
    arguments: &Arguments,
    plan: &Plan,
    base: &Path,
) -> Result<Vec<bench::measure::Figure>> {
    let size = (streams::ORDERS, PRODUCTS);
    let opened = Opened::of(arguments, base, "streams", size, Vec::new()).await?;
    let figures = opened.bench(plan).streams(streams::Size::default()).await;
    opened.close(arguments).await?;
    figures
}

/// Over PostgreSQL only: an embedded database is one process's.
async fn of_replicas(
    arguments: &Arguments,
    plan: &Plan,
    base: &Path,
) -> Result<Vec<bench::measure::Figure>> {
    let size = (replicas::ORDERS, PRODUCTS);
    let settings = replicas::settings();
    let opened = Opened::of(arguments, base, "replicas", size, settings).await?;
    opened.bench(plan).sync_ended(None).await?;
    let Opened {
        shop,
        product,
        folder,
    } = opened;
    let royal = arguments.royal.canonicalize()?;
    let Place::Postgres(url) = product.target.place.clone() else {
        anyhow::bail!("several processes need a PostgreSQL");
    };
    let yard = replicas::Yard {
        royal: &royal,
        folder: &folder,
        database: &url,
        shop: &shop,
        say: &say,
    };
    let figures = yard.measure(plan, product).await;
    shop.stop().await;
    if let Some(server) = &arguments.postgres {
        database::drop(server, &url).await?;
    }
    std::fs::remove_dir_all(&folder)?;
    figures
}

async fn one(
    arguments: &Arguments,
    plan: &Plan,
    base: &Path,
    orders: u64,
    whole: bool,
) -> Result<(Speeds, Place)> {
    let size = (orders, PRODUCTS);
    let opened = Opened::of(arguments, base, &orders.to_string(), size, Vec::new()).await?;
    let speeds = if whole {
        let (figures, speeds) = opened
            .bench(plan)
            .whole(arguments.fastify.as_deref())
            .await?;
        for figure in figures {
            print(&figure)?;
        }
        speeds
    } else {
        opened.bench(plan).speeds().await?
    };
    Ok((speeds, opened.close(arguments).await?))
}

async fn made(orders: u64, products: u64, folder: &Path) -> Result<Serving> {
    let shop = Shop {
        orders,
        products,
        now: Utc::now().trunc_subsecs(0),
    };
    let began = Instant::now();
    let shown = std::sync::atomic::AtomicU64::new(0);
    let progress = move |done: u64| {
        let step = done / 100_000;
        if shown.swap(step, std::sync::atomic::Ordering::Relaxed) != step {
            say(&format!("the shop's file: {done} of {orders} orders"));
        }
    };
    let serving = serve(shop, folder, progress).await?;
    say(&format!(
        "a shop of {orders} orders, made in {:.1} s",
        began.elapsed().as_secs_f64()
    ));
    Ok(serving)
}

fn say(text: &str) {
    eprintln!("{text}");
}

fn print(figure: &bench::measure::Figure) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", serde_json::to_string(figure)?)?;
    Ok(out.flush()?)
}
