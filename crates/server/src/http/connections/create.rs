//! `POST /v1/connections`

use super::view::ConnectionBody;
use crate::auth::Caller;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::http::header;
use actix_web::{HttpResponse, web};
use application::connections::NewConnection;
use chrono::NaiveDate;
use domain::connection::Provider;
use domain::ids::WorkspaceId;
use ports::source::SourceAuth;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use utoipa::ToSchema;

// What the sandbox answers to; nothing of it is secret.
const SANDBOX_SHOP: &str = "sandbox";
const SANDBOX_TOKEN: &str = "shpat_sandbox";
const SANDBOX_SECRET: &str = "sandbox";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ProviderName)]
pub(crate) enum ProviderName {
    Shopify,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ConnectionKind)]
pub(crate) enum Kind {
    /// The sandbox store that runs beside this server; of several the first that is not connected yet.
    Sandbox,
    Shopify,
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = Backfill)]
pub(crate) struct BackfillBody {
    /// First day to read orders from; everything when left out.
    from: Option<NaiveDate>,
}

/// For `shopify`: `shop` and either `access_token` or both `client_id` and `client_secret`. `sandbox` needs nothing.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewConnection)]
pub(crate) struct Body {
    provider: ProviderName,
    kind: Kind,
    /// A shop's name, domain or address: `acme`, `acme.myshopify.com`, `https://admin.shopify.com/store/acme`.
    shop: Option<String>,
    #[schema(value_type = Option<String>, format = "password")]
    access_token: Option<SecretString>,
    client_id: Option<String>,
    #[schema(value_type = Option<String>, format = "password")]
    client_secret: Option<SecretString>,
    /// Secrets that sign the shop's webhooks, newest first.
    #[schema(value_type = Option<Vec<String>>)]
    webhook_secrets: Option<Vec<SecretString>>,
    backfill: Option<BackfillBody>,
    /// Starts the first sync at once.
    start_sync: Option<bool>,
}

#[utoipa::path(
    post, path = "/v1/connections", operation_id = "connect", tag = "connections",
    summary = "Connects a store, after asking it who it is",
    request_body = Body,
    responses(
        (status = 201, body = ConnectionBody),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "this shop is connected already"),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "a token, shop or scope does not work; `errors` names the field and the remedy"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    body: web::Json<Body>,
) -> Result<HttpResponse, Problem> {
    let body = body.into_inner();
    let start_sync = body.start_sync.unwrap_or(false);
    let new = body.into_new(&app, &who).await?;
    let view = app.connections.connect(new).await?;
    let id = view.connection.id;
    if start_sync {
        app.syncs.start(who.workspace.id, id, None, None).await?;
    }
    let view = app.connections.find(who.workspace.id, id).await?;
    let view = view.ok_or_else(|| Problem::not_found("connection"))?;
    Ok(HttpResponse::Created()
        .insert_header((header::LOCATION, format!("/v1/connections/{id}")))
        .json(ConnectionBody::of(&view, app.now())))
}

impl Body {
    async fn into_new(self, app: &App, who: &Caller) -> Result<NewConnection, Problem> {
        let (workspace, actor) = (who.workspace.id, who.actor());
        let ProviderName::Shopify = self.provider;
        let backfill_from = self.backfill.as_ref().and_then(|b| b.from);
        match self.kind {
            Kind::Sandbox => {
                let base_url = free_sandbox(app, workspace).await?.ok_or_else(|| {
                    let message = "no sandbox runs beside this server: start royal-sandbox and set SANDBOX_URL";
                    Problem::unprocessable("sandbox-unavailable", vec![FieldError::new("kind", message)])
                })?;
                Ok(NewConnection {
                    workspace,
                    provider: Provider::Shopify,
                    shop: SANDBOX_SHOP.to_owned(),
                    base_url: Some(base_url),
                    api_version: app.shopify.api_version.clone(),
                    auth: SourceAuth::AccessToken(SecretString::from(SANDBOX_TOKEN)),
                    webhook_secrets: vec![SecretString::from(SANDBOX_SECRET)],
                    backfill_from,
                    from_environment: false,
                    actor,
                })
            }
            Kind::Shopify => Ok(NewConnection {
                workspace,
                provider: Provider::Shopify,
                base_url: app.shopify.base_url.clone(),
                api_version: app.shopify.api_version.clone(),
                auth: self.auth()?,
                shop: self
                    .shop
                    .filter(|s| !s.trim().is_empty())
                    .ok_or_else(|| missing("shop"))?,
                webhook_secrets: self.webhook_secrets.unwrap_or_default(),
                backfill_from,
                from_environment: false,
                actor,
            }),
        }
    }

    fn auth(&self) -> Result<SourceAuth, Problem> {
        let given = |s: &&SecretString| !s.expose_secret().trim().is_empty();
        if let Some(token) = self.access_token.as_ref().filter(given) {
            return Ok(SourceAuth::AccessToken(token.clone()));
        }
        let client_id = self.client_id.as_ref().filter(|s| !s.trim().is_empty());
        match (client_id, self.client_secret.as_ref().filter(given)) {
            (None, None) => Err(missing("access_token")),
            (Some(_), None) => Err(missing("client_secret")),
            (None, Some(_)) => Err(missing("client_id")),
            (Some(id), Some(secret)) => Ok(SourceAuth::ClientCredentials {
                client_id: id.trim().to_owned(),
                client_secret: secret.clone(),
            }),
        }
    }
}

/// The first sandbox that is not connected yet, else the first one.
async fn free_sandbox(app: &App, workspace: WorkspaceId) -> Result<Option<String>, Problem> {
    if app.sandboxes.len() < 2 {
        return Ok(app.sandboxes.first().cloned());
    }
    let connected = app.connections.list(workspace).await?;
    let is_free = |url: &&String| connected.iter().all(|c| c.connection.base_url != **url);
    let free = app.sandboxes.iter().find(is_free);
    Ok(free.or(app.sandboxes.first()).cloned())
}

fn missing(field: &str) -> Problem {
    Problem::invalid(vec![FieldError::new(field, "is needed")])
}
