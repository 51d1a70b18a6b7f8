//! Accounts at suppliers with an interface: `/v1/supplier-accounts`.

use super::contract::ContractBody;
use super::view::{AccountBody, RunBody, WatchBody};
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::http::offers::view::PlatformBody;
use crate::http::reports::query::store_id;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::http::header;
use actix_web::{HttpResponse, web};
use application::suppliers::{NewSupplierAccount, WatchlistChange};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

// What the sandbox answers to, and where; nothing of it is secret.
const CJ_SANDBOX: (&str, &str) = ("CJ1000@api@sandbox", "cj");
const AUTODS_SANDBOX: (&str, &str) = ("", "autods/mcp");
const CONTRACT_SANDBOX: (&str, &str) = ("rest_sandbox", "rest-supplier");
const PRINTFUL_SANDBOX: (&str, &str) = ("pf_sandbox", "printful");

/// A login that was begun, and where it ended.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SupplierLoginDone)]
pub(crate) struct LoginDone {
    #[schema(format = "uuid")]
    id: String,
    /// The whole address at which the browser ended.
    #[schema(max_length = 4000)]
    came_to: String,
}

#[derive(Deserialize, ToSchema)]
#[schema(as = NewSupplierAccount)]
pub(crate) struct Body {
    platform: PlatformBody,
    /// The sandbox that runs beside this server; no key is needed.
    #[serde(default)]
    sandbox: bool,
    #[schema(value_type = Option<String>, format = "password")]
    api_key: Option<SecretString>,
    /// In place of a key, where the platform has none to enter.
    login: Option<LoginDone>,
    /// A contract of one's own in place of the platform's interface, which AutoDS and Spocket may have. Nobody has verified it.
    rest: Option<ContractBody>,
    watch: WatchBody,
    #[schema(format = "uuid")]
    store_id: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SupplierWatchlistChange)]
pub(crate) struct WatchChange {
    /// Of the account that was looked at.
    version: i64,
    watch: WatchBody,
    /// In place of the contract that stands, at the same host; absent: it stays.
    rest: Option<ContractBody>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierAccountList)]
pub(crate) struct ListBody {
    supplier_accounts: Vec<AccountBody>,
    total: usize,
}

/// Key and address of the sandbox that runs beside this server.
pub(super) fn sandbox_of(
    app: &App,
    platform: PlatformBody,
) -> Result<(SecretString, String), Problem> {
    let (key, path) = match platform {
        PlatformBody::Autods => AUTODS_SANDBOX,
        PlatformBody::Printful => PRINTFUL_SANDBOX,
        _ => CJ_SANDBOX,
    };
    Ok((SecretString::from(key.to_owned()), beside(app, path)?))
}

/// An address of the sandbox that runs beside this server.
fn beside(app: &App, path: &str) -> Result<String, Problem> {
    let sandbox = app.sandboxes.first().ok_or_else(|| {
        let message = "no sandbox runs beside this server: start royal-sandbox and set SANDBOX_URL";
        let errors = vec![FieldError::new("sandbox", message)];
        Problem::unprocessable("sandbox-unavailable", errors)
    })?;
    Ok(format!("{}/{path}", sandbox.trim_end_matches('/')))
}

/// The contract as it stands, or at the sandbox.
pub(super) fn place_of_contract(
    app: &App,
    rest: ContractBody,
    sandbox: bool,
) -> Result<ContractBody, Problem> {
    if !sandbox {
        return Ok(rest);
    }
    Ok(rest.at(beside(app, CONTRACT_SANDBOX.1)?))
}

/// As it was entered, that of the sandbox, or that of the settings for the address that they name; empty where there is none.
pub(super) async fn key_of_contract(
    app: &App,
    who: &Caller,
    platform: PlatformBody,
    base_url: &str,
    sandbox: bool,
    entered: Option<SecretString>,
) -> Result<SecretString, Problem> {
    let entered = entered.filter(|key| !key.expose_secret().trim().is_empty());
    if let Some(key) = entered {
        return Ok(key);
    }
    if sandbox {
        return Ok(SecretString::from(CONTRACT_SANDBOX.0.to_owned()));
    }
    let workspace = who.workspace.id;
    let kept = app
        .suppliers
        .contract_key(workspace, platform.into(), base_url);
    Ok(kept
        .await?
        .unwrap_or_else(|| SecretString::from(String::new())))
}

/// Key and address: as they were entered, of the sandbox, or what a login gave.
async fn way(
    body: &Body,
    app: &App,
    who: &Caller,
) -> Result<(SecretString, Option<String>), Problem> {
    let sandbox = match body.sandbox {
        true => Some(sandbox_of(app, body.platform)?),
        false => None,
    };
    if let Some(login) = &body.login {
        let id = own_id(&login.id, "supplier login")?;
        let platform = body.platform.into();
        let given = app
            .suppliers
            .finish_login(who.workspace.id, platform, id, &login.came_to);
        return Ok((given.await?, sandbox.map(|(_, base)| base)));
    }
    if matches!(body.platform, PlatformBody::Autods) {
        let message = "is needed: AutoDS has no key to enter";
        let errors = vec![FieldError::new("login", message)];
        return Err(Problem::unprocessable("supplier-account-refused", errors));
    }
    if let Some((key, base)) = sandbox {
        return Ok((key, Some(base)));
    }
    let key = body.api_key.clone().ok_or_else(|| {
        let errors = vec![FieldError::new("api_key", "is needed for this platform")];
        Problem::unprocessable("supplier-account-refused", errors)
    })?;
    Ok((key, None))
}

#[utoipa::path(
    get, path = "/v1/supplier-accounts", operation_id = "supplier_accounts", tag = "opportunities",
    summary = "Connected suppliers, oldest first, each with its latest reading",
    responses((status = 200, body = ListBody))
)]
pub(crate) async fn list(app: web::Data<App>, who: Caller) -> Result<web::Json<ListBody>, Problem> {
    let mut supplier_accounts = Vec::new();
    for account in app.suppliers.accounts(who.workspace.id, None).await? {
        let last = app.suppliers.latest(&account).await?;
        supplier_accounts.push(AccountBody::of(&account, last.as_ref()));
    }
    Ok(web::Json(ListBody {
        total: supplier_accounts.len(),
        supplier_accounts,
    }))
}

#[utoipa::path(
    post, path = "/v1/supplier-accounts", operation_id = "connect_supplier", tag = "opportunities",
    summary = "Connects a supplier, after asking it who answers, and reads what the watch list finds there",
    request_body = Body,
    responses(
        (status = 201, body = AccountBody),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "the platform is connected to the store already"),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "the platform has no interface, the key does not work or the watch list cannot be looked for; `errors` names the field"),
    )
)]
pub(crate) async fn create(
    app: web::Data<App>,
    who: Caller,
    body: web::Json<Body>,
) -> Result<HttpResponse, Problem> {
    let body = body.into_inner();
    let store = store_id(body.store_id.as_deref())?;
    let rest = body.rest.clone();
    let rest = rest.map(|rest| place_of_contract(&app, rest, body.sandbox));
    let rest = rest.transpose()?;
    let (api_key, base_url) = match &rest {
        Some(rest) => {
            let (at, key) = (rest.base_url(), body.api_key.clone());
            let key = key_of_contract(&app, &who, body.platform, at, body.sandbox, key);
            (key.await?, None)
        }
        None => way(&body, &app, &who).await?,
    };
    let new = NewSupplierAccount {
        workspace: who.workspace.id,
        store,
        platform: body.platform.into(),
        base_url,
        api_key,
        rest: rest.map(ContractBody::read).transpose()?,
        watch: body.watch.into(),
        actor: who.actor(),
    };
    let account = app.suppliers.connect(new).await?;
    let run = app.suppliers.start(who.workspace.id, account.id).await?;
    let place = format!("/v1/supplier-accounts/{}", account.id);
    Ok(HttpResponse::Created()
        .insert_header((header::LOCATION, place))
        .json(AccountBody::of(&account, Some(&run))))
}

#[utoipa::path(
    get, path = "/v1/supplier-accounts/{id}", operation_id = "supplier_account", tag = "opportunities",
    summary = "One connected supplier, with its latest reading",
    params(("id" = String, Path)),
    responses((status = 200, body = AccountBody))
)]
pub(crate) async fn find(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<web::Json<AccountBody>, Problem> {
    let id = own_id(&id, "supplier account")?;
    let account = app.suppliers.account(who.workspace.id, id).await?;
    let last = app.suppliers.latest(&account).await?;
    // A reading tells the account before it ends: read after it, the account is not of before its end.
    let account = app.suppliers.account(who.workspace.id, id).await?;
    Ok(web::Json(AccountBody::of(&account, last.as_ref())))
}

#[utoipa::path(
    put, path = "/v1/supplier-accounts/{id}", operation_id = "set_supplier_watchlist", tag = "opportunities",
    summary = "Sets what is looked for at the supplier; what is known already is read on",
    params(("id" = String, Path)),
    request_body = WatchChange,
    responses(
        (status = 200, body = AccountBody),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "it was changed otherwise meanwhile"),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "it cannot be looked for; `errors` names the field"),
    )
)]
pub(crate) async fn set(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    body: web::Json<WatchChange>,
) -> Result<web::Json<AccountBody>, Problem> {
    let id = own_id(&id, "supplier account")?;
    let body = body.into_inner();
    let change = WatchlistChange {
        version: body.version,
        watch: body.watch.into(),
        rest: body.rest.map(ContractBody::read).transpose()?,
    };
    let set = app
        .suppliers
        .set_watchlist(who.workspace.id, id, change, who.actor());
    let account = set.await?;
    let last = app.suppliers.latest(&account).await?;
    Ok(web::Json(AccountBody::of(&account, last.as_ref())))
}

#[utoipa::path(
    delete, path = "/v1/supplier-accounts/{id}", operation_id = "disconnect_supplier", tag = "opportunities",
    summary = "Takes a supplier away with its key; what it told stays",
    params(("id" = String, Path)),
    responses((status = 204, description = "it is gone"))
)]
pub(crate) async fn remove(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id = own_id(&id, "supplier account")?;
    app.suppliers
        .disconnect(who.workspace.id, id, who.actor())
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

#[utoipa::path(
    post, path = "/v1/supplier-accounts/{id}/sync", operation_id = "sync_supplier", tag = "opportunities",
    summary = "Queues a reading of what is known and of what the watch list finds",
    params(("id" = String, Path)),
    responses(
        (status = 202, body = RunBody),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "it is being read"),
    )
)]
pub(crate) async fn sync(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id = own_id(&id, "supplier account")?;
    let run = app.suppliers.start(who.workspace.id, id).await?;
    Ok(HttpResponse::Accepted()
        .insert_header((header::LOCATION, format!("/v1/supplier-accounts/{id}")))
        .json(RunBody::of(&run)))
}
