//! What the audit tells of calls whose use case has no transaction of its own for an entry.
//!
//! The entry is made after the call succeeded and before it is answered: the two are not one transaction, so a crash in between loses
//! the entry. What changes people, tokens, sessions, secrets, connections, rates and costs, and what starts syncs and agents, is recorded by its use
//! case instead, with the change or before it. Must not know what a call does.

use crate::auth::Caller;
use crate::problem::Problem;
use crate::site::JSON_LIMIT;
use crate::slow;
use crate::state::App;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, HttpRequest, HttpResponse, web};
use domain::audit::NewEntry;
use serde_json::{Value, json};

/// Method, path, word. An area is also the kind of what was changed.
const ACTIONS: &[(&Method, &str, &str)] = &[
    (&Method::POST, "/v1/stores", "store.create"),
    (&Method::POST, "/v1/imports", "import.upload"),
    (&Method::PUT, "/v1/imports/{id}/mapping", "import.map"),
    (&Method::POST, "/v1/imports/{id}/check", "import.check"),
    (&Method::POST, "/v1/imports/{id}/start", "import.start"),
    (&Method::POST, "/v1/imports/{id}/cancel", "import.cancel"),
    (&Method::POST, "/v1/imports/{id}/undo", "import.undo"),
    (
        &Method::DELETE,
        "/v1/imports/mappings/{header_set}",
        "import_mapping.delete",
    ),
    (&Method::POST, "/v1/syncs/{id}/cancel", "sync.cancel"),
    (&Method::POST, "/v1/syncs/{id}/resume", "sync.resume"),
    (&Method::POST, "/v1/runs/{id}/cancel", "run.cancel"),
    (&Method::POST, "/v1/rates/refresh", "rates.refresh"),
    (
        &Method::POST,
        "/v1/ad-accounts/{id}/sync",
        "ad_account.sync",
    ),
    (
        &Method::POST,
        "/v1/supplier-accounts/{id}/sync",
        "supplier_account.sync",
    ),
    (&Method::POST, "/v1/forecasts/refresh", "forecasts.refresh"),
    (
        &Method::POST,
        "/v1/forecasts/runs/{id}/cancel",
        "forecasts.cancel",
    ),
    (
        &Method::POST,
        "/v1/reconciliation/runs",
        "reconciliation.start",
    ),
    (
        &Method::POST,
        "/v1/reconciliation/runs/{id}/cancel",
        "reconciliation.cancel",
    ),
    (
        &Method::POST,
        "/v1/reconciliation/mend",
        "reconciliation.mend",
    ),
    (&Method::POST, "/v1/recosts/{id}/cancel", "recost.cancel"),
    (&Method::POST, "/v1/recosts/{id}/resume", "recost.resume"),
    (
        &Method::PUT,
        "/v1/customers/settings",
        "customers.configure",
    ),
    (
        &Method::GET,
        "/v1/customers/segments/{segment}/export",
        "customers.export",
    ),
    (
        &Method::POST,
        "/v1/privacy/requests/{id}/answer",
        "privacy.answer",
    ),
];

/// Calls other than reading that leave no entry, with the reason.
pub const SILENT: &[(&str, &str)] = &[
    (
        "/v1/auth/second-factor",
        "a key counts for nothing until a code of it confirms it",
    ),
    (
        "/v1/auth/passkeys/challenge",
        "a challenge counts for nothing until it is answered",
    ),
    (
        "/v1/auth/login/passkey/challenge",
        "a challenge lets nobody in until it is answered",
    ),
    ("/v1/auth/link", "it looks at a link and changes nothing"),
    (
        "/v1/connections/{id}/check",
        "it asks the provider and changes nothing",
    ),
    (
        "/v1/notifications/read",
        "what somebody has read is nobody else's to know",
    ),
    (
        "/v1/notification-channels/{id}/test",
        "the test is kept among the messages",
    ),
    ("/v1/warehouse/test", "it asks BigQuery and changes nothing"),
    ("/v1/github/test", "it asks GitHub and changes nothing"),
    ("/v1/costs/preview", "it computes and changes nothing"),
    (
        "/v1/supplier-mapping-file/preview",
        "it looks and changes nothing",
    ),
    ("/v1/trend-file/preview", "it looks and changes nothing"),
    ("/v1/rules/preview", "it looks and changes nothing"),
    ("/v1/rules/{id}/preview", "it looks and changes nothing"),
    (
        "/v1/runs/{id}/replay",
        "it decides again and changes nothing",
    ),
    ("/events", "the event itself is kept"),
    (
        "/mcp",
        "its tools read; what they propose is kept by itself",
    ),
    (
        "/agents/session",
        "what somebody asks the assistant is nobody else's to know",
    ),
    (
        "/agents/session/{id}",
        "what somebody asks the assistant is nobody else's to know",
    ),
    (
        "/agents/session/{id}/cancel",
        "what somebody asks the assistant is nobody else's to know",
    ),
    (
        "/agents/message",
        "what somebody asks the assistant is nobody else's to know",
    ),
    (
        "/v1/webhooks/cjdropshipping/{account}",
        "the supplier calls; it only has something looked at again",
    ),
    (
        "/v1/supplier-contracts/test",
        "it asks the supplier and changes nothing",
    ),
    (
        "/v1/supplier-logins",
        "a login connects nothing until it has ended; connecting is recorded",
    ),
    (
        "/v1/webhooks/printful/{account}",
        "the supplier calls; it only has something looked at again",
    ),
    (
        "/v1/webhooks/support/{store}",
        "a buyer writes; the ticket's own entry is kept",
    ),
    (
        "/v1/webhooks/shopify/{connection}",
        "the provider calls; what it changed is in the orders' history",
    ),
];

/// Larger bodies are told by their size.
const MOST_TOLD: usize = 16 * 1024;

/// The word for a route, where it is recorded here.
#[must_use]
pub fn action(method: &Method, path: &str) -> Option<&'static str> {
    let found = ACTIONS.iter().find(|(m, p, _)| *m == method && *p == path);
    found.map(|(_, _, action)| *action)
}

/// Around a handler behind the gate.
pub(crate) async fn record(
    action: &'static str,
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let http = request.request().clone();
    let said = match said(&mut request).await {
        Ok(said) => said,
        Err(problem) => return Ok(request.into_response(HttpResponse::from_error(problem))),
    };
    let response = next.call(request).await?.map_into_boxed_body();
    if !response.status().is_success() {
        return Ok(response);
    }
    let place = response.headers().get(header::LOCATION);
    let place = place.and_then(|p| p.to_str().ok());
    let Some((app, entry)) = entry(action, &http, place, said) else {
        return Ok(response);
    };
    match app.audit.record(&entry).await {
        Ok(()) => Ok(response),
        Err(error) => {
            let problem = Problem::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "not-recorded",
                "Not recorded",
                "it was done, but could not be recorded in the audit",
            );
            let response = HttpResponse::from_error(problem.caused_by(error));
            Ok(ServiceResponse::new(http, response))
        }
    }
}

/// What a call with a JSON body asked for: settings, costs, rates, choices. None of these bodies holds a secret.
async fn said(request: &mut ServiceRequest) -> Result<Option<Value>, Problem> {
    let kind = request.headers().get(header::CONTENT_TYPE);
    let is_json = kind.is_some_and(|k| k.as_bytes().starts_with(b"application/json"));
    if !is_json || request.path() == "/v1/imports" {
        return Ok(None);
    }
    let body = slow::whole(request, JSON_LIMIT).await?;
    if body.len() > MOST_TOLD {
        return Ok(Some(json!({ "bytes": body.len() })));
    }
    Ok(serde_json::from_slice(&body).ok())
}

fn entry(
    action: &str,
    http: &HttpRequest,
    place: Option<&str>,
    said: Option<Value>,
) -> Option<(web::Data<App>, NewEntry)> {
    let app = http.app_data::<web::Data<App>>()?.clone();
    let caller = http.extensions().get::<Caller>().cloned()?;
    let named: Vec<&str> = http.match_info().iter().map(|(_, value)| value).collect();
    let id = if named.is_empty() {
        place
            .and_then(|p| p.rsplit('/').next())
            .unwrap_or_default()
            .to_owned()
    } else {
        named.join("/")
    };
    let kind = action.split('.').next().unwrap_or_default();
    let target = (kind, id.as_str(), http.path());
    let entry = NewEntry::done(
        caller.workspace.id,
        app.now(),
        caller.actor(),
        action,
        target,
    );
    let entry = match said {
        Some(said) => entry.after(&said),
        None => entry,
    };
    Some((app, entry))
}
