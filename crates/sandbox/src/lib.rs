#![doc = include_str!("../README.md")]

pub mod ads;
mod app;
pub mod autods;
pub mod bigquery;
pub mod cj;
mod clock;
mod days;
mod demand;
mod ecb;
mod events;
mod faults;
mod generate;
pub mod github;
mod graphql;
mod http;
mod money;
pub mod oidc;
pub mod openai;
mod options;
mod people_events;
mod pictures;
mod plant;
pub mod printful;
#[cfg(test)]
mod proofs;
mod random;
pub mod rest_supplier;
pub mod schema_check;
mod secrets;
mod shopify;
mod store;
mod truth;

use std::net::TcpListener;
use std::sync::Arc;

use actix_web::dev::ServerHandle;
use actix_web::web::{Data, JsonConfig, PayloadConfig};
use actix_web::{App as Service, HttpServer};
use anyhow::Context as _;

pub use app::App;
pub use faults::{Faults, NAMES as FAULTS};
pub use generate::Plan;
pub use graphql::cost::of_query as cost_of_query;
pub use options::{Options, SCOPES};

/// A sandbox that listens. It stops when it is dropped.
#[derive(Debug)]
pub struct Running {
    /// `http://127.0.0.1:12345`.
    pub base_url: String,
    app: Arc<App>,
    handle: ServerHandle,
    server: Option<tokio::task::JoinHandle<std::io::Result<()>>>,
}

impl Running {
    /// Waits until the server has stopped by itself.
    pub async fn wait(&mut self) {
        if let Some(server) = self.server.take() {
            let _ = server.await;
        }
    }

    pub async fn stop(&self) {
        self.handle.stop(false).await;
        self.app.clear();
    }

    /// Changes a fault's rate, like `POST /__faults`.
    ///
    /// # Errors
    /// Names the fault that is unknown.
    pub fn fault(&self, name: &str, rate: f64) -> Result<(), String> {
        app::lock(&self.app.faults).set(name, rate)
    }
}

impl Running {
    /// Changes that were made and repeats of them, like `GET /__writes`.
    #[must_use]
    pub fn writes(&self) -> serde_json::Value {
        app::lock(&self.app.writes).to_json()
    }
}

impl Running {
    /// Changes the ad accounts, like `POST /__ads`.
    ///
    /// # Errors
    /// Says what is wrong with the change.
    pub fn ads_change(&self, body: &serde_json::Value) -> Result<(), String> {
        ads::apply(&self.app, body)
    }

    /// The days of an ad account as they are told now, like `GET /__ads/days`; null for an unknown platform.
    #[must_use]
    pub fn ads_days(
        &self,
        platform: &str,
        from: chrono::NaiveDate,
        to: chrono::NaiveDate,
    ) -> serde_json::Value {
        ads::truth(&self.app, platform, from, to).unwrap_or_default()
    }

    /// One answer of a platform with all that it may tell: `campaigns`, `adsets` or `insights` of Meta. Null for others.
    #[must_use]
    pub fn ads_sample(&self, platform: &str, what: &str) -> serde_json::Value {
        ads::sample(&self.app, platform, what).unwrap_or_default()
    }

    /// Changes the supplier, like `POST /__cj`.
    ///
    /// # Errors
    /// Says what is wrong with the change.
    pub fn cj_change(&self, body: &serde_json::Value) -> Result<(), String> {
        cj::apply(&self.app, body)
    }

    /// What the supplier was asked and paid, like `GET /__cj`.
    #[must_use]
    pub fn cj(&self) -> serde_json::Value {
        cj::told(&self.app)
    }

    /// Answers of the supplier about its first product, by the names of its calls.
    #[must_use]
    pub fn cj_sample(&self) -> serde_json::Value {
        cj::sample(&self.app)
    }

    /// Changes the printer, like `POST /__printful`.
    ///
    /// # Errors
    /// Says what is wrong with the change.
    pub fn printful_change(&self, body: &serde_json::Value) -> Result<(), String> {
        printful::apply(&self.app, body)
    }

    /// What the printer was asked and paid, like `GET /__printful`.
    #[must_use]
    pub fn printful(&self) -> serde_json::Value {
        printful::told(&self.app)
    }

    /// Answers of the printer about its first product, by the names of their shapes.
    #[must_use]
    pub fn printful_sample(&self) -> serde_json::Value {
        printful::sample(&self.app)
    }

    /// As the printer would sign this message now; empty where nobody listens.
    #[must_use]
    pub fn printful_signature(&self, body: &[u8]) -> String {
        printful::signature(&self.app, body)
    }

    /// Changes the finder of products, like `POST /__autods`.
    ///
    /// # Errors
    /// Says what is wrong with the change.
    pub fn autods_change(&self, body: &serde_json::Value) -> Result<(), String> {
        autods::apply(&self.app, body)
    }

    /// What the finder of products was asked, like `GET /__autods`.
    #[must_use]
    pub fn autods(&self) -> serde_json::Value {
        autods::told(&self.app)
    }

    /// Answers of the finder's tools about its first product.
    #[must_use]
    pub fn autods_sample(&self) -> serde_json::Value {
        autods::sample(&self.app)
    }

    /// Changes the supplier with a REST interface, like `POST /__rest_supplier`.
    ///
    /// # Errors
    /// Says what is wrong with the change.
    pub fn rest_supplier_change(&self, body: &serde_json::Value) -> Result<(), String> {
        rest_supplier::apply(&self.app, body)
    }

    /// What the supplier with a REST interface was asked, like `GET /__rest_supplier`.
    #[must_use]
    pub fn rest_supplier(&self) -> serde_json::Value {
        rest_supplier::told(&self.app)
    }

    /// What the language models were asked, like `GET /__openai`.
    #[must_use]
    pub fn models(&self) -> serde_json::Value {
        openai::told(&self.app)
    }

    /// What stands at the tracker, like `GET /__github`.
    #[must_use]
    pub fn github(&self) -> serde_json::Value {
        github::told(&self.app)
    }

    /// What the warehouse holds and was asked, like `GET /__bigquery`.
    #[must_use]
    pub fn bigquery(&self) -> serde_json::Value {
        bigquery::told(&self.app)
    }

    /// Changes the tracker, like `POST /__github`.
    ///
    /// # Errors
    /// Says what is wrong with the change.
    pub fn github_change(&self, body: &serde_json::Value) -> Result<(), String> {
        github::apply(&self.app, body)
    }

    /// Sets the clock, in seconds since 1970.
    pub fn set_now(&self, now: i64) {
        self.app.set_now(now);
    }

    /// Accounts and changes that were sent, like `GET /__ads`.
    #[must_use]
    pub fn ads(&self) -> serde_json::Value {
        app::lock(&self.app.ads).to_json()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.app.clear();
        let handle = self.handle.clone();
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move { handle.stop(false).await });
        }
    }
}

/// Makes the store and listens. Must be called inside a Tokio runtime.
///
/// # Errors
/// When the port is taken, the zone or the currency is unknown, or the file cannot be read.
pub async fn start(options: Options) -> anyhow::Result<Running> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let store = tokio::task::spawn_blocking({
        let options = options.clone();
        move || make_store(&options)
    })
    .await
    .context("the store could not be made")??;
    let listener = TcpListener::bind((options.bind, options.port))
        .with_context(|| format!("port {} cannot be used", options.port))?;
    let base_url = format!("http://{}", listener.local_addr()?);
    let folder = std::env::temp_dir().join(format!(
        "royal-sandbox-{}-{}",
        std::process::id(),
        uuid::Uuid::new_v4().simple()
    ));
    std::fs::create_dir_all(&folder).context("the folder for bulk files cannot be made")?;
    let rate = options.live;
    let app = Arc::new(App::new(options, store, folder));
    let public = app.options.public_url.clone();
    let _ = app.base_url.set(public.unwrap_or_else(|| base_url.clone()));
    let _ = app.hub.runtime.set(tokio::runtime::Handle::current());
    if rate > 0.0 {
        tokio::spawn(events::live(Arc::downgrade(&app), rate));
    }
    let shared = Arc::clone(&app);
    let managers = Data::new(secrets::Managers::default());
    let server = HttpServer::new(move || {
        Service::new()
            .app_data(Data::from(Arc::clone(&shared)))
            .app_data(PayloadConfig::new(4 << 20))
            .app_data(JsonConfig::default().limit(4 << 20))
            .app_data(managers.clone())
            .configure(http::routes)
            .configure(secrets::routes)
            .configure(ads::routes)
            .configure(cj::routes)
            .configure(pictures::routes)
            .configure(printful::routes)
            .configure(autods::routes)
            .configure(rest_supplier::routes)
            .configure(openai::routes)
            .configure(github::routes)
            .configure(bigquery::routes)
    })
    .workers(2)
    .shutdown_timeout(1)
    .disable_signals()
    .listen(listener)?
    .run();
    let handle = server.handle();
    Ok(Running {
        base_url,
        app,
        handle,
        server: Some(tokio::spawn(server)),
    })
}

fn make_store(options: &Options) -> anyhow::Result<store::Store> {
    if let Some(file) = &options.file {
        return generate::uci::load(file, options.file_cost_percent);
    }
    const CURRENCIES: [&str; 10] = [
        "USD", "EUR", "GBP", "CAD", "AUD", "CHF", "SEK", "JPY", "KWD", "BHD",
    ];
    let currency = CURRENCIES.into_iter().find(|c| *c == options.currency);
    let currency = currency.with_context(|| {
        format!(
            "no store in {}; possible are {}",
            options.currency,
            CURRENCIES.join(", ")
        )
    })?;
    let zone = options
        .zone
        .parse()
        .map_err(|_| anyhow::anyhow!("{} is no time zone", options.zone))?;
    let now = options
        .now
        .unwrap_or_else(|| chrono::Utc::now().timestamp());
    let mut store = generate::shop(&Plan {
        seed: options.seed,
        orders: options.orders,
        days: options.days.max(1),
        currency,
        zone,
        now,
    });
    store.shop.name.clone_from(&options.name);
    Ok(store)
}
