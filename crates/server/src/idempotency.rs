//! Requests that may be sent twice: `Idempotency-Key`.
//!
//! A key belongs to a caller (a person or a token), a route and a workspace, and stands for one request: its method, address, content type and
//! body. It is kept for seven days (`People::prune`).
//!
//! **What holds.** The key is claimed in a transaction before the handler runs, and the answer is stored in one after it: two transactions
//! beside the handler's own, so that every handler is covered without knowing of it. While a process lives, a key's effect happens
//! once, also when the client hangs up in the middle: the handler runs on by itself. A claim is held by a lease that its process
//! extends. When that process dies between the effect and the stored answer, the lease ends after [`LEASE`] and a repeat is
//! done anew; what then keeps the effect single is the state that the handler meets (a run that is under way, a connection that is there).
//! So it is at most once without a crash, and at least once over one.
//!
//! **What is stored.** Answers below 400, and failures of which nobody knows whether they had an effect (5xx other than 503). A refusal
//! had none and frees the key.
//!
//! **What takes no part** stands in [`FREE`]: answers with a secret that is shown once or with a person's data never lie in the database
//! for a week, and a password does not lend its hash to a fingerprint.
//!
//! **Uploads** are not held in memory: their fingerprint has the length that was announced in place of the body.

use crate::auth::{Access, Caller};
use crate::problem::Problem;
use crate::request;
use crate::site::JSON_LIMIT;
use crate::slow;
use crate::state::App;
use actix_web::body::{BoxBody, MessageBody, to_bytes};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, HttpRequest, HttpResponse, rt, web};
use ports::idempotency::{Claim, RequestKey, StoredAnswer};
use sha2::{Digest as _, Sha256};
use std::time::Duration;
use tracing::Instrument as _;

pub(crate) const HEADER: &str = "idempotency-key";
const REPLAYED: &str = "idempotent-replayed";
const MAX_KEY: usize = 255;
/// A claim is free again this long after its process was last heard of.
const LEASE: chrono::Duration = chrono::Duration::seconds(30);
const EXTEND_EVERY: Duration = Duration::from_secs(10);

/// What a key means to a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeats {
    /// Nothing: it changes nothing, or it stands in [`FREE`].
    Free,
    Optional,
    /// It starts a job or changes money.
    Required,
}

/// Posts that start a job or change money.
pub const REQUIRED: &[&str] = &[
    "/v1/connections",
    "/v1/imports",
    "/v1/imports/{id}/check",
    "/v1/imports/{id}/start",
    "/v1/imports/{id}/undo",
    "/v1/syncs",
    "/v1/github/dispatches",
    "/v1/warehouse/runs",
    "/v1/syncs/{id}/resume",
    "/v1/rates/refresh",
    "/v1/forecasts/refresh",
    "/v1/ad-accounts",
    "/v1/ad-accounts/{id}/sync",
    "/v1/purchase-orders",
    "/v1/purchase-orders/{id}/receive",
    "/v1/reconciliation/runs",
    "/v1/reconciliation/mend",
    "/v1/secret-keys/rotate",
    "/v1/costs/changes",
    "/v1/recosts/{id}/resume",
    "/v1/agents/{id}/rehearsals",
    "/v1/agents/{id}/rewind",
    "/v1/change-sets",
    "/v1/change-sets/{id}/approve",
    "/v1/change-sets/{id}/undo",
];

/// Changes that no key makes single, with the reason.
pub const FREE: &[(&str, &str)] = &[
    ("/v1/tokens", "its answer shows a secret"),
    ("/v1/invitations", "its answer shows a secret"),
    ("/v1/users/{id}/reset-link", "its answer shows a secret"),
    (
        "/v1/privacy/requests/{id}/answer",
        "its answer is a person's data",
    ),
    ("/v1/segments/{id}/export", "its answer is people's data"),
    ("/v1/auth/password", "its body is a password"),
    ("/v1/auth/second-factor", "its answer shows a secret"),
    ("/v1/auth/second-factor/confirm", "its answer shows secrets"),
    (
        "/v1/auth/second-factor/recovery-codes",
        "its answer shows secrets",
    ),
    (
        "/v1/auth/second-factor/remove",
        "its body is a password and a code that works once",
    ),
    (
        "/v1/auth/passkeys/challenge",
        "its body is a password and a code that works once",
    ),
    ("/v1/auth/passkeys", "its challenge is answered once"),
    (
        "/v1/secrets/{name}",
        "its body is a secret, and putting it twice is putting it once",
    ),
    (
        "/v1/notification-channels",
        "its answer shows a secret, and its body may be one",
    ),
    (
        "/v1/notification-channels/{id}",
        "its body may be a secret, and setting it twice is setting it once",
    ),
    (
        "/v1/notification-channels/{id}/secret",
        "its answer shows a secret",
    ),
    ("/v1/auth/logout", "it ends what the key would belong to"),
    ("/v1/costs/preview", "it changes nothing"),
    ("/v1/rules/preview", "it changes nothing"),
    ("/v1/rules/{id}/preview", "it changes nothing"),
];

/// The rule of a route.
#[must_use]
pub fn rule(method: &Method, path: &str, access: Access) -> Repeats {
    let free = matches!(*method, Method::GET | Method::HEAD)
        || !matches!(access, Access::Needs(_))
        || FREE.iter().any(|(free, _)| *free == path);
    if free {
        Repeats::Free
    } else if *method == Method::POST && REQUIRED.contains(&path) {
        Repeats::Required
    } else {
        Repeats::Optional
    }
}

/// How a request goes on.
enum Begun {
    /// Without a key.
    Unkeyed,
    Mine(Held),
    Answered(StoredAnswer),
}

/// A claim of ours.
#[derive(Clone)]
struct Held {
    app: web::Data<App>,
    key: RequestKey,
}

/// Around a handler behind the gate.
pub(crate) async fn once(
    rule: Repeats,
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    match begin(rule, &mut request).await {
        Ok(Begun::Unkeyed) => {
            let answered = next.call(request).await?;
            Ok(answered.map_into_boxed_body())
        }
        Ok(Begun::Answered(answer)) => Ok(request.into_response(again(answer))),
        Ok(Begun::Mine(held)) => held.run(request, next).await,
        Err(problem) => Ok(request.into_response(HttpResponse::from_error(problem))),
    }
}

async fn begin(rule: Repeats, request: &mut ServiceRequest) -> Result<Begun, Problem> {
    let Some(key) = sent_key(request.headers())? else {
        return match rule {
            Repeats::Required => Err(missing()),
            Repeats::Free | Repeats::Optional => Ok(Begun::Unkeyed),
        };
    };
    let http = request.request().clone();
    let caller = request.extensions().get::<Caller>().cloned();
    let (Some(app), Some(caller)) = (http.app_data::<web::Data<App>>(), caller) else {
        return Ok(Begun::Unkeyed);
    };
    let key = RequestKey {
        workspace: caller.workspace.id,
        principal: caller.key(),
        route: format!(
            "{} {}",
            http.method(),
            http.match_pattern().unwrap_or_default()
        ),
        key,
    };
    let print = fingerprint(&http, request).await?;
    let now = app.now();
    match app
        .idempotency
        .claim(&key, &print, now, now + LEASE)
        .await?
    {
        Claim::Mine => Ok(Begun::Mine(Held {
            app: app.clone(),
            key,
        })),
        Claim::Done(answer) => Ok(Begun::Answered(answer)),
        Claim::Running => Err(Problem::under_way()),
        Claim::Different => Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "idempotency-key-reused",
            "Key used before",
            "this Idempotency-Key stands for another request: take a new one for each",
        )),
    }
}

/// 1 to 255 visible characters of ASCII.
fn sent_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut sent = headers.get_all(HEADER);
    let Some(first) = sent.next() else {
        return Ok(None);
    };
    let bytes = first.as_bytes();
    let fits = (1..=MAX_KEY).contains(&bytes.len())
        && bytes.iter().all(u8::is_ascii_graphic)
        && sent.next().is_none();
    match first.to_str() {
        Ok(key) if fits => Ok(Some(key.to_owned())),
        _ => Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "idempotency-key-invalid",
            "Not a key",
            "Idempotency-Key is sent once and has 1 to 255 visible characters of ASCII, e.g. a UUID",
        )),
    }
}

fn missing() -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "idempotency-key-missing",
        "No Idempotency-Key",
        "send a new Idempotency-Key (e.g. a UUID) with each such request, and the same one when you repeat it",
    )
}

/// SHA-256 over method, address, content type and body, each after its length. The body is put back.
async fn fingerprint(
    http: &HttpRequest,
    request: &mut ServiceRequest,
) -> Result<[u8; 32], Problem> {
    let header = |name: header::HeaderName| {
        let value = http.headers().get(name);
        value.map(HeaderValue::as_bytes).unwrap_or_default()
    };
    let body = if http.path() == "/v1/imports" {
        web::Bytes::copy_from_slice(header(header::CONTENT_LENGTH))
    } else {
        slow::whole(request, JSON_LIMIT).await?
    };
    let uri = http.uri().to_string();
    let parts: [&[u8]; 4] = [
        http.method().as_str().as_bytes(),
        uri.as_bytes(),
        header(header::CONTENT_TYPE),
        &body,
    ];
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    Ok(hash.finalize().into())
}

impl Held {
    /// Does it to its end, whether or not somebody waits for the answer.
    async fn run(
        self,
        request: ServiceRequest,
        next: Next<impl MessageBody + 'static>,
    ) -> Result<ServiceResponse<BoxBody>, Error> {
        let http = request.request().clone();
        let work = async move {
            let extended = rt::spawn(self.clone().extend());
            let answered = next.call(request).await;
            extended.abort();
            self.conclude(answered).await
        };
        let work = request::within(request::current(), work);
        match rt::spawn(work.instrument(tracing::Span::current())).await {
            Ok(answered) => answered,
            // It ended in a way that says nothing about its effect: the lease decides.
            Err(error) => {
                let problem = Problem::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "internal",
                    "Something went wrong",
                    "the request could not be done to its end",
                );
                let problem = problem.caused_by(error);
                let response = HttpResponse::from_error(problem);
                Ok(ServiceResponse::new(http, response))
            }
        }
    }

    async fn extend(self) {
        loop {
            tokio::time::sleep(EXTEND_EVERY).await;
            let until = self.app.now() + LEASE;
            if let Err(error) = self.app.idempotency.extend(&self.key, until).await {
                tracing::warn!(%error, "a claim on an Idempotency-Key could not be extended");
            }
        }
    }

    async fn conclude(
        &self,
        answered: Result<ServiceResponse<impl MessageBody + 'static>, Error>,
    ) -> Result<ServiceResponse<BoxBody>, Error> {
        let response = match answered {
            Ok(response) => response,
            Err(error) => {
                self.release(error.as_response_error().status_code()).await;
                return Err(error);
            }
        };
        let status = response.status();
        if had_no_effect(status) {
            self.release(status).await;
            return Ok(response.map_into_boxed_body());
        }
        let (http, response) = response.into_parts();
        let (response, body) = response.into_parts();
        let body = to_bytes(body).await.map_err(Into::into)?;
        let text = |name: header::HeaderName| {
            let value = response.headers().get(name)?.to_str().ok()?;
            Some(value.to_owned())
        };
        let answer = StoredAnswer {
            status: status.as_u16(),
            content_type: text(header::CONTENT_TYPE),
            location: text(header::LOCATION),
            body: body.to_vec(),
        };
        if let Err(error) = self.app.idempotency.finish(&self.key, &answer).await {
            tracing::error!(%error, "an answer could not be stored; until the claim ends a repeat is put off");
        }
        let response = response.set_body(BoxBody::new(body));
        Ok(ServiceResponse::new(http, response))
    }

    async fn release(&self, status: StatusCode) {
        if !had_no_effect(status) {
            return;
        }
        if let Err(error) = self.app.idempotency.release(&self.key).await {
            tracing::warn!(%error, "a claim could not be released; it ends by itself");
        }
    }
}

/// Refused, or nobody was there to do it.
fn had_no_effect(status: StatusCode) -> bool {
    status.is_client_error() || status == StatusCode::SERVICE_UNAVAILABLE
}

fn again(answer: StoredAnswer) -> HttpResponse {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let mut response = HttpResponse::build(status);
    response.insert_header((REPLAYED, "true"));
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    if let Some(kind) = answer.content_type {
        response.insert_header((header::CONTENT_TYPE, kind));
    }
    if let Some(place) = answer.location {
        response.insert_header((header::LOCATION, place));
    }
    response.body(answer.body)
}
