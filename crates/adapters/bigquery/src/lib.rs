//! BigQuery's REST API v2 told in the words of `Warehouse`: load jobs of single days.
//!
//! A job has a name of ours, so that it may be sent again; what is there already is it. It writes one partition (`table$YYYYMMDD`) and nothing
//! else, whole or not at all. That a job failed stands in its state alone: the answer about it is a 200 like any other.

mod errors;
mod load;
mod token;

use adapter_kit::header::{AUTHORIZATION, HeaderValue};
use adapter_kit::settings::Limits;
use adapter_kit::{
    Effect, HttpClient, Method, Registry, Request, Response, Snapshot, StatusCode, Url,
};
use async_trait::async_trait;
use domain::ids::StoreId;
use domain::warehouse::MirrorTable;
use errors::{PROVIDER, error, is_passing, refused, verdict};
use ports::source::LinkState;
use ports::warehouse::{DayLoad, JobState, Warehouse, WarehouseCheck};
use ports::{Kind, PortError, PortResult, Retry};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use std::time::Duration;
use token::Tokens;

pub const DEFAULT_BASE: &str = "https://bigquery.googleapis.com/bigquery/v2";
pub const DEFAULT_UPLOAD: &str = "https://bigquery.googleapis.com/upload/bigquery/v2";
pub const DEFAULT_TOKENS: &str = "https://oauth2.googleapis.com/token";
/// An upload may take longer than a question.
const UPLOAD: Duration = Duration::from_secs(120);

/// Where it is, and what is written there.
#[derive(Debug, Clone)]
pub struct BigQuerySettings {
    pub base_url: String,
    pub upload_url: String,
    pub token_url: String,
    pub project: String,
    pub dataset: String,
    /// `EU`, `US`, a region: the dataset's own.
    pub location: String,
}

pub struct BigQuery {
    http: HttpClient,
    uploads: HttpClient,
    tokens: Tokens,
    registry: Registry,
    settings: BigQuerySettings,
    /// `project.dataset`
    account: String,
    host: String,
}

fn wrong(detail: String) -> PortError {
    error(Kind::Configuration, Retry::Never, "connect", detail)
}

fn address(name: &str, text: &str) -> PortResult<Url> {
    Url::parse(text.trim_end_matches('/')).map_err(|e| wrong(format!("{name} is no address: {e}")))
}

/// Projects may have a domain before them, `example.com:shop`; datasets have letters, digits and underscores.
fn fits(text: &str, more: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || more.contains(c);
    (1..=1024).contains(&text.len()) && text.chars().all(fits)
}

impl BigQuery {
    /// # Errors
    /// `Configuration` when an address or a name cannot be right.
    pub fn new(settings: BigQuerySettings, registry: &Registry) -> PortResult<Self> {
        for (name, text, more) in [
            ("BIGQUERY_PROJECT_ID", &settings.project, "-.:"),
            ("BIGQUERY_DATASET", &settings.dataset, "_"),
            ("BIGQUERY_LOCATION", &settings.location, "-"),
        ] {
            if !fits(text, more) {
                return Err(wrong(format!("{name} cannot be {text}")));
            }
        }
        let account = format!("{}.{}", settings.project, settings.dataset);
        let base = address("BIGQUERY_BASE_URL", &settings.base_url)?;
        let host = base.host_str().unwrap_or_default().to_owned();
        let client = |url, limits| {
            HttpClient::builder(PROVIDER, account.clone(), url, registry)
                .limits(limits)
                .classify(verdict)
                .build()
        };
        let uploads = Limits {
            first_byte: UPLOAD,
            total: UPLOAD * 2,
            ..Limits::default()
        };
        let tokens = HttpClient::builder(
            PROVIDER,
            format!("{account}/tokens"),
            address("BIGQUERY_TOKEN_URL", &settings.token_url)?,
            registry,
        )
        .build()?;
        Ok(Self {
            http: client(base, Limits::default())?,
            uploads: client(
                address("BIGQUERY_UPLOAD_URL", &settings.upload_url)?,
                uploads,
            )?,
            tokens: Tokens::new(tokens, settings.token_url.clone()),
            registry: registry.clone(),
            settings,
            account,
            host,
        })
    }

    /// With a token; with another one where it is refused.
    async fn send(
        &self,
        http: &HttpClient,
        credential: &SecretString,
        request: Request,
    ) -> PortResult<Response> {
        let mut response = None;
        for _ in 0..2 {
            let token = self.tokens.token(credential).await?;
            let bearer = SecretString::from(format!("Bearer {}", token.expose_secret()));
            let request = request.clone().secret_header(AUTHORIZATION, &bearer);
            let answer = http.send(&request).await?;
            let is_refused = answer.status == StatusCode::UNAUTHORIZED;
            response = Some(answer);
            if !is_refused {
                break;
            }
            self.tokens.forget().await;
        }
        response.ok_or_else(|| wrong("nothing was asked".to_owned()))
    }

    async fn read(&self, credential: &SecretString, request: Request) -> PortResult<Response> {
        let response = self.send(&self.http, credential, request).await?;
        if response.status.is_success() {
            Ok(response)
        } else {
            Err(refused(&response, &self.account))
        }
    }

    fn path(&self, rest: &str) -> String {
        format!("projects/{}/{rest}", self.settings.project)
    }
}

#[async_trait]
impl Warehouse for BigQuery {
    fn place(&self) -> String {
        format!("{} at {}", self.account, self.host)
    }

    fn table_name(&self, table: MirrorTable, store: StoreId) -> String {
        load::table_name(table, store)
    }

    fn links(&self) -> Vec<LinkState> {
        let all = self.registry.snapshot().into_iter();
        let own = all.filter(|s| {
            s.key.provider == PROVIDER && s.key.account.starts_with(self.account.as_str())
        });
        own.map(Snapshot::link).collect()
    }

    async fn check(&self, credential: &SecretString) -> PortResult<WarehouseCheck> {
        let dataset = self.path(&format!("datasets/{}", self.settings.dataset));
        let found = self
            .read(credential, Request::get("dataset.read", dataset))
            .await?;
        let found: Value = found.json()?;
        let location = found["location"].as_str().unwrap_or_default().to_owned();
        if !location.eq_ignore_ascii_case(&self.settings.location) {
            let detail = format!(
                "{} is in {location}: set BIGQUERY_LOCATION to that, not {}",
                self.account, self.settings.location
            );
            return Err(wrong(detail));
        }
        // A dry run costs nothing, and needs the right to run jobs.
        let query = json!({"query": "SELECT 1", "useLegacySql": false, "dryRun": true,
            "location": self.settings.location});
        let query = Request::new(
            "query.try",
            Method::POST,
            self.path("queries"),
            Effect::Read,
        )
        .json(&query);
        self.read(credential, query).await?;
        Ok(WarehouseCheck {
            name: found["id"].as_str().unwrap_or(&self.account).to_owned(),
            location,
        })
    }

    async fn load(&self, credential: &SecretString, job: &str, day: &DayLoad) -> PortResult<()> {
        let (content_type, body) = load::body(&self.settings, job, day);
        let content_type = HeaderValue::from_str(&content_type)
            .map_err(|_| wrong("the job's name cannot be sent".to_owned()))?;
        // The name makes a second copy the first one.
        let effect = Effect::Write { idempotent: true };
        let request = Request::new("load.start", Method::POST, self.path("jobs"), effect)
            .query("uploadType", "multipart")
            .body(content_type, body);
        let response = self.send(&self.uploads, credential, request).await?;
        match response.status {
            status if status.is_success() || status == StatusCode::CONFLICT => Ok(()),
            _ => Err(refused(&response, &self.account)),
        }
    }

    async fn job(&self, credential: &SecretString, job: &str) -> PortResult<Option<JobState>> {
        let request = Request::get("load.look", self.path(&format!("jobs/{job}")))
            .query("location", &self.settings.location);
        let response = self.send(&self.http, credential, request).await?;
        if response.status == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        if !response.status.is_success() {
            return Err(refused(&response, &self.account));
        }
        let told: Value = response.json()?;
        let status = &told["status"];
        Ok(Some(match status["state"].as_str() {
            Some("DONE") if status["errorResult"].is_object() => {
                let text = |name: &str| status["errorResult"][name].as_str().unwrap_or_default();
                JobState::Failed {
                    reason: format!("{}: {}", text("reason"), text("message")),
                    again: is_passing(text("reason")),
                }
            }
            Some("DONE") => {
                let rows = told["statistics"]["load"]["outputRows"].as_str();
                JobState::Done {
                    rows: rows.and_then(|rows| rows.parse().ok()).unwrap_or(0),
                }
            }
            _ => JobState::Running,
        }))
    }
}
