//! Accounts at ad platforms: `/v1/ad-accounts`.

use super::view::{AccountBody, PlatformBody, RunBody};
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::http::reports::query::store_id;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::http::header;
use actix_web::{HttpResponse, web};
use application::ads::{ConnectAd, NewAdAccount};
use ports::ad_platforms::AdAuth;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

// What the sandbox answers to; nothing of it is secret.
const SANDBOX_META: (&str, &str) = ("1234567890123456", "meta-sandbox-token");
const SANDBOX_GOOGLE: &str = "1234567890";

/// Meta needs `number` and `access_token`; Google Ads needs `number`, `client_id`, `client_secret` and `refresh_token`. With
/// `sandbox` nothing else is needed.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewAdAccount)]
pub(crate) struct Body {
    platform: PlatformBody,
    /// The sandbox that runs beside this server.
    #[serde(default)]
    sandbox: bool,
    /// `act_1234567890` of Meta, `123-456-7890` of Google.
    number: Option<String>,
    #[schema(value_type = Option<String>, format = "password")]
    access_token: Option<SecretString>,
    /// Meta: with it every call proves that it comes from the app.
    #[schema(value_type = Option<String>, format = "password")]
    app_secret: Option<SecretString>,
    client_id: Option<String>,
    #[schema(value_type = Option<String>, format = "password")]
    client_secret: Option<SecretString>,
    #[schema(value_type = Option<String>, format = "password")]
    refresh_token: Option<SecretString>,
    /// Google: no longer needed; sent only where it is there.
    #[schema(value_type = Option<String>, format = "password")]
    developer_token: Option<SecretString>,
    /// Google: the manager account through which it is reached.
    manager_number: Option<String>,
    #[schema(format = "uuid")]
    store_id: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AdAccountList)]
pub(crate) struct ListBody {
    ad_accounts: Vec<AccountBody>,
    total: usize,
}

impl Body {
    fn connect(self, app: &App) -> Result<ConnectAd, Problem> {
        if self.sandbox {
            return self.of_sandbox(app);
        }
        let mut errors = Vec::new();
        let mut need = |field: &'static str, there: bool| {
            if !there {
                errors.push(FieldError::new(field, "is needed for this platform"));
            }
        };
        need(
            "number",
            self.number.as_ref().is_some_and(|n| !n.trim().is_empty()),
        );
        match self.platform {
            PlatformBody::Meta => need("access_token", self.access_token.is_some()),
            PlatformBody::GoogleAds => {
                need("client_id", self.client_id.is_some());
                need("client_secret", self.client_secret.is_some());
                need("refresh_token", self.refresh_token.is_some());
            }
        }
        if !errors.is_empty() {
            return Err(Problem::unprocessable("ad-account-refused", errors));
        }
        let none = || SecretString::from(String::new());
        let auth = match self.platform {
            PlatformBody::Meta => AdAuth::Token {
                token: self.access_token.unwrap_or_else(none),
                app_secret: self.app_secret,
            },
            PlatformBody::GoogleAds => AdAuth::Refresh {
                client_id: self.client_id.unwrap_or_default(),
                client_secret: self.client_secret.unwrap_or_else(none),
                refresh_token: self.refresh_token.unwrap_or_else(none),
                developer_token: self.developer_token,
            },
        };
        Ok(ConnectAd {
            platform: self.platform.into(),
            external_id: self.number.unwrap_or_default().trim().to_owned(),
            login_account: self.manager_number,
            base_url: None,
            api_version: None,
            auth,
        })
    }

    fn of_sandbox(self, app: &App) -> Result<ConnectAd, Problem> {
        let Some(sandbox) = app.sandboxes.first() else {
            let message =
                "no sandbox runs beside this server: start royal-sandbox and set SANDBOX_URL";
            let errors = vec![FieldError::new("sandbox", message)];
            return Err(Problem::unprocessable("sandbox-unavailable", errors));
        };
        let secret = |text: &str| SecretString::from(text.to_owned());
        let (number, folder, auth) = match self.platform {
            PlatformBody::Meta => (
                SANDBOX_META.0,
                "meta",
                AdAuth::Token {
                    token: secret(SANDBOX_META.1),
                    app_secret: None,
                },
            ),
            PlatformBody::GoogleAds => (
                SANDBOX_GOOGLE,
                "google-ads",
                AdAuth::Refresh {
                    client_id: "google-sandbox".to_owned(),
                    client_secret: secret("google-sandbox-secret"),
                    refresh_token: secret("google-sandbox-refresh"),
                    developer_token: None,
                },
            ),
        };
        Ok(ConnectAd {
            platform: self.platform.into(),
            external_id: number.to_owned(),
            login_account: None,
            base_url: Some(format!("{}/{folder}", sandbox.trim_end_matches('/'))),
            api_version: None,
            auth,
        })
    }
}

#[utoipa::path(
    get, path = "/v1/ad-accounts", operation_id = "ad_accounts", tag = "campaigns",
    summary = "Accounts at ad platforms, oldest first, each with its latest reading",
    responses((status = 200, body = ListBody))
)]
pub(crate) async fn list(app: web::Data<App>, who: Caller) -> Result<web::Json<ListBody>, Problem> {
    let mut ad_accounts = Vec::new();
    for account in app.ads.accounts(who.workspace.id, None).await? {
        let last = app.ads.latest(&account).await?;
        ad_accounts.push(AccountBody::of(&account, last.as_ref()));
    }
    Ok(web::Json(ListBody {
        total: ad_accounts.len(),
        ad_accounts,
    }))
}

#[utoipa::path(
    post, path = "/v1/ad-accounts", operation_id = "connect_ad_account", tag = "campaigns",
    summary = "Connects an account, after asking the platform who it is, and reads it",
    request_body = Body,
    responses(
        (status = 201, body = AccountBody),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "this account is connected already"),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "a token, number or grant does not work; `errors` names the field"),
    )
)]
pub(crate) async fn create(
    app: web::Data<App>,
    who: Caller,
    body: web::Json<Body>,
) -> Result<HttpResponse, Problem> {
    let body = body.into_inner();
    let store = store_id(body.store_id.as_deref())?;
    let new = NewAdAccount {
        workspace: who.workspace.id,
        store,
        connect: body.connect(&app)?,
        from_environment: false,
        actor: who.actor(),
    };
    let account = app.ads.connect(new).await?;
    let run = app.ads.start(who.workspace.id, account.id).await?;
    Ok(HttpResponse::Created()
        .insert_header((header::LOCATION, format!("/v1/ad-accounts/{}", account.id)))
        .json(AccountBody::of(&account, Some(&run))))
}

#[utoipa::path(
    get, path = "/v1/ad-accounts/{id}", operation_id = "ad_account", tag = "campaigns",
    summary = "One account, with its latest reading",
    params(("id" = String, Path)),
    responses((status = 200, body = AccountBody))
)]
pub(crate) async fn find(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<web::Json<AccountBody>, Problem> {
    let id = own_id(&id, "ad account")?;
    let account = app.ads.account(who.workspace.id, id).await?;
    let last = app.ads.latest(&account).await?;
    Ok(web::Json(AccountBody::of(&account, last.as_ref())))
}

#[utoipa::path(
    delete, path = "/v1/ad-accounts/{id}", operation_id = "disconnect_ad_account", tag = "campaigns",
    summary = "Takes an account away, with its days and what it told of ad spend; nothing changes at the platform",
    params(("id" = String, Path)),
    responses((status = 204, description = "it is gone"))
)]
pub(crate) async fn remove(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id = own_id(&id, "ad account")?;
    app.ads
        .disconnect(who.workspace.id, id, who.actor())
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

#[utoipa::path(
    post, path = "/v1/ad-accounts/{id}/sync", operation_id = "sync_ad_account", tag = "campaigns",
    summary = "Queues a reading of all days that may still move",
    params(("id" = String, Path)),
    responses(
        (status = 202, body = RunBody),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "it is being read (`run_id`)"),
    )
)]
pub(crate) async fn sync(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id = own_id(&id, "ad account")?;
    let run = app.ads.start(who.workspace.id, id).await?;
    Ok(HttpResponse::Accepted()
        .insert_header((header::LOCATION, format!("/v1/ad-accounts/{id}")))
        .json(RunBody::of(&run)))
}
