//! Settings as types.

use super::ConfigError;
use super::backups::BackupSettings;
use super::connected::{BigQueryPlace, GithubPlace, bigquery, github};
use super::managers::{aws, vault};
use super::models::{ModelsPlace, models};
use super::outside::{AdsPlace, OidcPlace, SmtpPlace, SuppliersPlace, ads, oidc, smtp, suppliers};
use super::replicas::ReplicaSettings;
use super::values::Values;
use crate::auth::Network;
use application::secrets::LOOKED_UP;
use secrecy::SecretString;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;
use url::Url;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppEnv {
    Development,
    Testing,
    Production,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

/// Where the facts are kept.
#[derive(Debug, Clone)]
pub enum DatabasePlace {
    Sqlite(PathBuf),
    /// Holds a password.
    Postgres(SecretString),
}

/// A shop whose settings stand in the environment.
#[derive(Clone)]
pub struct ShopifyEnvironment {
    pub shop: String,
    pub client_id: Option<String>,
}

/// How a HashiCorp Vault is signed in to.
#[derive(Clone)]
pub enum VaultSignIn {
    Token(SecretString),
    AppRole {
        role_id: String,
        secret_id: SecretString,
    },
}

#[derive(Clone)]
pub struct VaultPlace {
    pub address: String,
    pub sign_in: VaultSignIn,
    pub namespace: Option<String>,
    pub mount: String,
    pub path: String,
    /// A file of certificates in PEM.
    pub ca_file: Option<PathBuf>,
}

/// What the agent beside a container wants to hear.
#[derive(Clone)]
pub enum AgentAuthorization {
    Token(SecretString),
    File(PathBuf),
}

/// Where keys of AWS come from.
#[derive(Clone)]
pub enum AwsSignIn {
    Keys {
        access_key_id: String,
        secret_access_key: SecretString,
        session_token: Option<SecretString>,
    },
    /// Lent by the agent beside the container.
    Container {
        url: Url,
        authorization: Option<AgentAuthorization>,
    },
}

#[derive(Clone)]
pub struct AwsPlace {
    pub endpoint: String,
    pub region: String,
    pub sign_in: AwsSignIn,
    pub secret_name: String,
}

/// Where secrets are looked up, besides our own store.
#[derive(Clone)]
pub struct SecretPlaces {
    /// Name and value of each setting that is a secret's name, from the environment and the file.
    pub environment: Vec<(String, SecretString)>,
    pub folder: PathBuf,
    pub vault: Option<VaultPlace>,
    pub aws: Option<AwsPlace>,
}

/// How many requests are taken in a window; 0: as many as come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimits {
    /// Of one person or token.
    pub caller: u32,
    /// Of one address, without credentials.
    pub address: u32,
    pub window: Duration,
}

#[derive(Clone)]
pub struct Settings {
    pub host: IpAddr,
    pub port: u16,
    /// Without a slash at the end.
    pub public_url: Option<String>,
    pub app_env: AppEnv,
    pub command_center_url: Option<String>,
    pub cors_origins: Vec<String>,
    /// Without slashes at the end; the first one is offered first.
    pub sandbox_urls: Vec<String>,
    pub trusted_proxies: Vec<Network>,
    pub shutdown_grace: Duration,
    pub rate_limits: RateLimits,
    pub replicas: ReplicaSettings,
    pub data_dir: PathBuf,
    pub database: DatabasePlace,
    pub secret_key: Option<SecretString>,
    pub secret_key_previous: Option<SecretString>,
    pub secret_passphrase: Option<SecretString>,
    pub secret_places: SecretPlaces,
    /// What takes our letters.
    pub smtp: Option<SmtpPlace>,
    /// Where people may sign in besides here.
    pub oidc: Option<OidcPlace>,
    pub ads: AdsPlace,
    pub suppliers: SuppliersPlace,
    pub models: ModelsPlace,
    /// Whose issues tell what is wrong.
    pub github: Option<GithubPlace>,
    /// What gets every store's days.
    pub bigquery: Option<BigQueryPlace>,
    /// Where notices may go beside public addresses.
    pub notify_allowed_hosts: Vec<String>,
    pub notify_timeout: Duration,
    pub sync_interval: Duration,
    pub work_lease: Duration,
    pub import_max_bytes: u64,
    pub backups: BackupSettings,
    pub log_level: String,
    pub log_format: LogFormat,
    /// A collector of traces, without a slash at the end.
    pub otlp_endpoint: Option<String>,
    pub metrics_enabled: bool,
    pub streaming_enabled: bool,
    pub metrics_token: Option<SecretString>,
    /// Folder of the published series of exchange rates, without a slash at the end.
    pub rates_url: Option<String>,
    pub rates_interval: Duration,
    pub breaker_failures: u32,
    pub breaker_recovery: Duration,
    pub shopify: Option<ShopifyEnvironment>,
    pub shopify_api_version: Option<String>,
    pub shopify_base_url: Option<String>,
}

impl Settings {
    pub(super) fn parse(values: &Values) -> Result<Self, ConfigError> {
        let app_env = values
            .parse("APP_ENV", "development, testing or production", app_env)?
            .unwrap_or(AppEnv::Development);
        let grace = if app_env == AppEnv::Production { 5 } else { 0 };
        let data_dir = PathBuf::from(values.text("DATA_DIR").unwrap_or("data"));
        Ok(Self {
            host: values
                .parse("HOST", "an IP address, e.g. 127.0.0.1", parsed)?
                .unwrap_or(IpAddr::from([127, 0, 0, 1])),
            port: values
                .parse("PORT", "a port from 0 to 65535", parsed)?
                .unwrap_or(10_000),
            public_url: http_url(values, "PUBLIC_URL")?,
            app_env,
            command_center_url: http_url(values, "COMMAND_CENTER_URL")?,
            cors_origins: origins(values)?,
            sandbox_urls: http_urls(values, "SANDBOX_URL")?,
            trusted_proxies: proxies(values)?,
            shutdown_grace: seconds(values, "SHUTDOWN_GRACE", grace, 0)?,
            rate_limits: rate_limits(values)?,
            replicas: ReplicaSettings::parse(values)?,
            database: database(values, &data_dir)?,
            data_dir,
            secret_key: secret(values, "SECRET_KEY"),
            secret_key_previous: secret(values, "SECRET_KEY_PREVIOUS"),
            secret_passphrase: secret(values, "SECRET_PASSPHRASE"),
            secret_places: secret_places(values)?,
            smtp: smtp(values)?,
            oidc: oidc(values)?,
            ads: ads(values)?,
            suppliers: suppliers(values)?,
            models: models(values)?,
            github: github(values)?,
            bigquery: bigquery(values)?,
            notify_allowed_hosts: hosts(values, "NOTIFY_ALLOWED_HOSTS"),
            notify_timeout: seconds(values, "NOTIFY_TIMEOUT", 10, 1)?,
            sync_interval: seconds(values, "SYNC_INTERVAL", 300, 1)?,
            work_lease: seconds(values, "WORK_LEASE", 15, 1)?,
            import_max_bytes: values
                .parse(
                    "IMPORT_MAX_BYTES",
                    "a number of bytes from 1",
                    parsed::<u64>,
                )?
                .filter(|n| *n > 0)
                .unwrap_or(1 << 30),
            backups: BackupSettings::parse(values)?,
            log_level: values.text("LOG_LEVEL").unwrap_or("info").to_lowercase(),
            log_format: values
                .parse("LOG_FORMAT", "text or json", log_format)?
                .unwrap_or(LogFormat::Text),
            otlp_endpoint: http_url(values, "OTEL_EXPORTER_OTLP_ENDPOINT")?,
            metrics_enabled: values
                .parse("ENABLE_METRICS", "true or false", boolean)?
                .unwrap_or(true),
            streaming_enabled: values
                .parse("ENABLE_STREAMING", "true or false", boolean)?
                .unwrap_or(true),
            metrics_token: secret(values, "METRICS_TOKEN"),
            rates_url: http_url(values, "RATES_URL")?,
            rates_interval: seconds(values, "RATES_INTERVAL", 21_600, 60)?,
            breaker_failures: values
                .parse(
                    "CIRCUIT_BREAKER_FAILURE_THRESHOLD",
                    "a number from 1",
                    positive,
                )?
                .unwrap_or(5),
            breaker_recovery: seconds(values, "CIRCUIT_BREAKER_RECOVERY_TIMEOUT", 60, 1)?,
            shopify: shopify(values),
            shopify_api_version: values.text("SHOPIFY_API_VERSION").map(str::to_owned),
            shopify_base_url: http_url(values, "SHOPIFY_BASE_URL")?,
        })
    }

    /// Whether only this machine reaches the server.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.host.is_loopback()
    }
}

pub(super) fn parsed<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

pub(super) fn positive(text: &str) -> Option<u32> {
    text.parse().ok().filter(|n| *n > 0)
}

fn rate_limits(values: &Values) -> Result<RateLimits, ConfigError> {
    let number = |name, default| {
        let given = values.parse(name, "a number of requests; 0 for no limit", parsed)?;
        Ok::<u32, ConfigError>(given.unwrap_or(default))
    };
    Ok(RateLimits {
        caller: number("RATE_LIMIT_REQUESTS", 6_000)?,
        address: number("RATE_LIMIT_ANONYMOUS_REQUESTS", 600)?,
        window: seconds(values, "RATE_LIMIT_WINDOW", 60, 1)?,
    })
}

fn app_env(text: &str) -> Option<AppEnv> {
    match text.to_lowercase().as_str() {
        "development" | "dev" => Some(AppEnv::Development),
        "testing" | "test" => Some(AppEnv::Testing),
        "production" | "prod" => Some(AppEnv::Production),
        _ => None,
    }
}

/// Names of hosts, with commas or blanks between them.
pub(super) fn hosts(values: &Values, name: &str) -> Vec<String> {
    let text = values.text(name).unwrap_or_default();
    let hosts = text.split([',', ' ']).filter(|host| !host.is_empty());
    hosts.map(str::to_owned).collect()
}

fn log_format(text: &str) -> Option<LogFormat> {
    match text.to_lowercase().as_str() {
        "text" => Some(LogFormat::Text),
        "json" => Some(LogFormat::Json),
        _ => None,
    }
}

pub(super) fn boolean(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Some(true),
        "false" | "0" | "no" | "off" => Some(false),
        _ => None,
    }
}

pub(super) fn secret(values: &Values, name: &str) -> Option<SecretString> {
    values.text(name).map(SecretString::from)
}

pub(super) fn seconds(
    values: &Values,
    name: &'static str,
    default: u64,
    least: u64,
) -> Result<Duration, ConfigError> {
    let number = |text: &str| {
        text.trim_end_matches(['s', ' '])
            .parse()
            .ok()
            .filter(|n| *n >= least)
    };
    let given = values.parse(name, "a whole number of seconds, large enough", number)?;
    Ok(Duration::from_secs(given.unwrap_or(default)))
}

pub(super) fn http_url(values: &Values, name: &'static str) -> Result<Option<String>, ConfigError> {
    values.parse(
        name,
        "an address that begins with http:// or https://",
        |text| {
            let url = Url::parse(text).ok()?;
            let fits = matches!(url.scheme(), "http" | "https") && url.host().is_some();
            fits.then(|| text.trim_end_matches('/').to_owned())
        },
    )
}

fn http_urls(values: &Values, name: &'static str) -> Result<Vec<String>, ConfigError> {
    let one = |text: &str| {
        let url = Url::parse(text.trim()).ok()?;
        let fits = matches!(url.scheme(), "http" | "https") && url.host().is_some();
        fits.then(|| text.trim().trim_end_matches('/').to_owned())
    };
    let expected = "addresses that begin with http:// or https://, separated by commas";
    let all = values.parse(name, expected, |text| {
        text.split(',').map(one).collect::<Option<Vec<_>>>()
    })?;
    Ok(all.unwrap_or_default())
}

fn origins(values: &Values) -> Result<Vec<String>, ConfigError> {
    let origin = |text: &str| {
        let url = Url::parse(text.trim()).ok()?;
        matches!(url.scheme(), "http" | "https").then(|| url.origin().ascii_serialization())
    };
    let expected = "origins such as https://shop.example.com, separated by commas";
    let all = values.parse("CORS_ALLOWED_ORIGINS", expected, |text| {
        text.split(',').map(origin).collect::<Option<Vec<_>>>()
    })?;
    Ok(all.unwrap_or_default())
}

fn proxies(values: &Values) -> Result<Vec<Network>, ConfigError> {
    let expected = "addresses or ranges such as 10.0.0.0/8, separated by commas";
    let all = values.parse("TRUSTED_PROXIES", expected, |text| {
        text.split(',')
            .map(|t| t.parse().ok())
            .collect::<Option<Vec<_>>>()
    })?;
    Ok(all.unwrap_or_default())
}

fn database(values: &Values, data_dir: &Path) -> Result<DatabasePlace, ConfigError> {
    let Some(text) = values.text("DATABASE_URL") else {
        return Ok(DatabasePlace::Sqlite(data_dir.join("royal.db")));
    };
    if text.starts_with("postgres://") || text.starts_with("postgresql://") {
        return Ok(DatabasePlace::Postgres(SecretString::from(text)));
    }
    let path = text
        .strip_prefix("sqlite:")
        .map(|p| p.strip_prefix("//").unwrap_or(p));
    match path
        .map(|p| p.split('?').next().unwrap_or(p))
        .filter(|p| !p.is_empty())
    {
        Some(path) => Ok(DatabasePlace::Sqlite(PathBuf::from(path))),
        // The value may hold a password.
        None => Err(ConfigError::Invalid {
            key: "DATABASE_URL",
            value: "…".to_owned(),
            place: "the settings".to_owned(),
            expected: "postgres://… or sqlite:path",
        }),
    }
}

fn secret_places(values: &Values) -> Result<SecretPlaces, ConfigError> {
    let named = LOOKED_UP.iter().filter_map(|name| {
        let value = secret(values, name)?;
        Some(((*name).to_owned(), value))
    });
    let folder = values.text("SECRETS_DIR").unwrap_or("/run/secrets");
    Ok(SecretPlaces {
        environment: named.collect(),
        folder: PathBuf::from(folder),
        vault: vault(values)?,
        aws: aws(values)?,
    })
}

/// A setting that another one needs.
pub(super) fn needed(
    values: &Values,
    name: &'static str,
    why: &'static str,
) -> Result<String, ConfigError> {
    values
        .text(name)
        .map(str::to_owned)
        .ok_or(ConfigError::Missing { key: name, why })
}

/// What is not given here is looked up when it is needed.
fn shopify(values: &Values) -> Option<ShopifyEnvironment> {
    Some(ShopifyEnvironment {
        shop: values.text("SHOPIFY_SHOP")?.to_owned(),
        client_id: values.text("SHOPIFY_CLIENT_ID").map(str::to_owned),
    })
}
