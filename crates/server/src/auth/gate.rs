//! The gate: credentials, then role and scopes, then, for a browser, proof that its own page asked.

use super::permission::Access;
use super::{Permission, address, cookie};
use crate::compose::within_workspace;
use crate::problem::Problem;
use crate::request::asked;
use crate::state::App;
use crate::throttle::Standing;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap};
use actix_web::http::{Method, Uri};
use actix_web::middleware::Next;
use actix_web::{Error, FromRequest, HttpMessage as _, HttpRequest, HttpResponse, web};
use application::people::{Origin, Principal, Via};
use std::fmt::Write as _;
use std::future::{Ready, ready};
use std::net::IpAddr;
use std::ops::Deref;
use std::sync::Arc;
use subtle::ConstantTimeEq as _;

const CSRF_HEADER: &str = "x-csrf-token";

/// Who is calling; there only behind the gate.
#[derive(Debug, Clone)]
pub(crate) struct Caller(Arc<Principal>);

impl Caller {
    pub(crate) fn may(&self, permission: Permission) -> bool {
        permission.is_granted(self.0.user.role, scopes(&self.0))
    }

    /// A browser's cookie, which other sites' pages may use without knowing it.
    pub(crate) fn is_session(&self) -> bool {
        matches!(self.0.via, Via::Session { .. })
    }

    /// Names who is calling: a person over all their browsers, or one token.
    pub(crate) fn key(&self) -> String {
        key_of(&self.0)
    }

    /// For what only some values of a request ask for; what the whole route asks for stands in the table.
    pub(crate) fn need(&self, permission: Permission) -> Result<(), Problem> {
        if self.may(permission) {
            return Ok(());
        }
        Err(missing(permission, !scopes(&self.0).is_empty()))
    }
}

/// A person over all their browsers, or one token.
fn key_of(principal: &Principal) -> String {
    // Every request has it: with room from the start it is not moved while it grows.
    let mut key = String::with_capacity(64);
    let _ = match &principal.via {
        Via::Token { id, .. } => write!(key, "token:{id}"),
        Via::Session { .. } => write!(key, "user:{}", principal.user.id),
    };
    key
}

fn scopes(principal: &Principal) -> &[String] {
    match &principal.via {
        Via::Token { scopes, .. } => scopes,
        Via::Session { .. } => &[],
    }
}

fn missing(permission: Permission, is_scoped: bool) -> Problem {
    Problem::forbidden(format!(
        "this needs the permission {} (role {} or higher{})",
        permission.as_str(),
        permission.role(),
        if is_scoped {
            ", and the scope of that name on the token"
        } else {
            ""
        },
    ))
}

impl Deref for Caller {
    type Target = Principal;
    fn deref(&self) -> &Principal {
        &self.0
    }
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let found = request.extensions().get::<Self>().cloned();
        ready(found.ok_or_else(Problem::unauthorized))
    }
}

/// Where the request comes from, for limits and the audit; see [`super::address`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct ClientAddress(pub(crate) Option<IpAddr>);

impl FromRequest for CallerOrigin {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(origin(request))))
    }
}

/// Address and browser, as the audit and lists of sessions tell them.
#[derive(Debug, Clone)]
pub(crate) struct CallerOrigin(pub(crate) Origin);

fn origin(request: &HttpRequest) -> Origin {
    Origin {
        address: client_address(request).map(|ip| ip.to_string()),
        agent: agent(request).map(str::to_owned),
    }
}

/// Whether [`origin`] says just that, found out without making it.
fn is_from(request: &HttpRequest, origin: &Origin) -> bool {
    let address = origin.address.as_deref().map(str::parse);
    let address = address.transpose().ok();
    address == Some(client_address(request)) && origin.agent.as_deref() == agent(request)
}

/// What the browser says that it is, at most 300 characters of it.
fn agent(request: &HttpRequest) -> Option<&str> {
    // Nothing but ASCII has a text here.
    let agent = request.headers().get(header::USER_AGENT)?.to_str().ok()?;
    Some(agent.get(..300).unwrap_or(agent))
}

fn client_address(request: &HttpRequest) -> Option<IpAddr> {
    let proxies = app(request).map_or(&[][..], |app| &app.trusted_proxies);
    let forwarded = request.headers().get_all(header::X_FORWARDED_FOR);
    let forwarded = forwarded.filter_map(|v| v.to_str().ok());
    address::client(request.peer_addr().map(|a| a.ip()), forwarded, proxies)
}

impl FromRequest for ClientAddress {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(client_address(request))))
    }
}

/// Lets through what `access` allows; everything else is answered here.
pub(crate) async fn gate(
    access: Access,
    limited: bool,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let admitted = admit(access, request.request()).await;
    let standing = match limited {
        true => count(request.request(), &admitted).await,
        false => None,
    };
    let over = standing.as_ref().and_then(Standing::refusal);
    let admitted = admitted.map_err(|refused| refused.problem);
    let answered = match over.map_or(admitted, Err) {
        Ok(caller) => {
            let answer = match caller {
                Some(caller) => {
                    let workspace = caller.workspace.id;
                    request.extensions_mut().insert(caller);
                    // A database with row-level security shows nothing of another one, whatever a statement forgets.
                    within_workspace(workspace, next.call(request)).await
                }
                None => next.call(request).await,
            };
            answer.map(ServiceResponse::map_into_boxed_body)
        }
        Err(problem) => Ok(request.into_response(HttpResponse::from_error(problem))),
    };
    answered.map(|mut response| {
        if let Some(standing) = &standing {
            standing.tell(response.headers_mut());
        }
        response
    })
}

/// Who is known is counted by name, whoever is not by address; also those who are refused.
async fn count(
    request: &HttpRequest,
    admitted: &Result<Option<Caller>, Refused>,
) -> Option<Standing> {
    let throttle = &app(request).ok()?.throttle;
    let known = match admitted {
        Ok(caller) => caller.as_ref().map(Caller::key),
        Err(refused) => refused.known.as_deref().map(key_of),
    };
    match known {
        Some(known) => throttle.caller(&known).await,
        None => throttle.address(client_address(request)).await,
    }
}

struct Refused {
    problem: Problem,
    /// Who asked; there when it was for what was asked.
    known: Option<Arc<Principal>>,
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self {
            problem,
            known: None,
        }
    }
}

async fn admit(access: Access, request: &HttpRequest) -> Result<Option<Caller>, Refused> {
    match access {
        Access::Signed => Ok(None),
        Access::Open => Ok(own_page(request).map(|()| None)?),
        Access::Metrics if is_open_metrics(request) => Ok(None),
        Access::Metrics => authorise(Permission::HealthRead, request).await.map(Some),
        Access::Needs(permission) => authorise(permission, request).await.map(Some),
    }
}

async fn authorise(permission: Permission, request: &HttpRequest) -> Result<Caller, Refused> {
    let principal = authenticate(request)
        .await?
        .ok_or_else(Problem::unauthorized)?;
    match granted(permission, &principal, request) {
        Ok(()) => Ok(Caller(principal)),
        Err(problem) => Err(Refused {
            problem,
            known: Some(principal),
        }),
    }
}

fn granted(
    permission: Permission,
    principal: &Principal,
    request: &HttpRequest,
) -> Result<(), Problem> {
    let scopes = scopes(principal);
    if !permission.is_granted(principal.user.role, scopes) {
        return Err(missing(permission, !scopes.is_empty()));
    }
    if let Via::Session { csrf_token, .. } = &principal.via {
        own_page(request)?;
        csrf(request, csrf_token)?;
    }
    Ok(())
}

/// A token outranks a cookie: a script that sends one means it.
async fn authenticate(request: &HttpRequest) -> Result<Option<Arc<Principal>>, Problem> {
    let app = app(request)?;
    let found = if let Some(token) = bearer(request.headers()) {
        let look = || app.people.by_token(token, origin(request));
        app.answers.principal("token", token, asked(), look).await?
    } else if let Some(secret) = cookie::read(request) {
        let look = || app.people.by_session(&secret, origin(request));
        let kept = app.answers.principal("session", &secret, asked(), look);
        kept.await?
    } else {
        None
    };
    Ok(found.map(|principal| {
        // Who it is may be known from the request before; where this one comes from is not.
        if is_from(request, &principal.origin) {
            return principal;
        }
        Arc::new(Principal {
            origin: origin(request),
            ..Principal::clone(&principal)
        })
    }))
}

/// Whether the browser's cookie is worth nothing any more. When nobody can tell, it is not.
pub(crate) async fn is_ended(request: &HttpRequest) -> bool {
    cookie::read(request).is_some() && matches!(authenticate(request).await, Ok(None))
}

fn app(request: &HttpRequest) -> Result<&web::Data<App>, Problem> {
    request
        .app_data::<web::Data<App>>()
        .ok_or_else(|| Problem::unavailable("the server is not composed"))
}

pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Loopback asks for nothing; from elsewhere the metrics token will do.
fn is_open_metrics(request: &HttpRequest) -> bool {
    let loopback = request
        .peer_addr()
        .is_some_and(|a| a.ip().to_canonical().is_loopback());
    // Behind a proxy on this machine everybody comes from loopback.
    let proxied = request.headers().contains_key(header::X_FORWARDED_FOR)
        || request.headers().contains_key(header::FORWARDED);
    let token = app(request).ok().and_then(|app| app.metrics_token.as_ref());
    let fits = |expected: &secrecy::SecretString| {
        use secrecy::ExposeSecret as _;
        bearer(request.headers()).is_some_and(|given| {
            bool::from(given.as_bytes().ct_eq(expected.expose_secret().as_bytes()))
        })
    };
    (loopback && !proxied) || token.is_some_and(fits)
}

fn changes_state(method: &Method) -> bool {
    !matches!(
        *method,
        Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE
    )
}

/// A browser says where a request comes from (Fetch Metadata, else Origin); another site's page is refused.
fn own_page(request: &HttpRequest) -> Result<(), Problem> {
    if changes_state(request.method()) && is_elsewhere(request) {
        return Err(Problem::csrf("the request comes from another site's page"));
    }
    Ok(())
}

/// Whether another site's page asks, as far as browsers tell.
pub(crate) fn is_elsewhere(request: &HttpRequest) -> bool {
    let text = |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok());
    match text("sec-fetch-site") {
        Some(site) => !matches!(site, "same-origin" | "none"),
        None => text("origin").is_some_and(|origin| !is_own_origin(origin, request)),
    }
}

fn is_own_origin(origin: &str, request: &HttpRequest) -> bool {
    let host = request
        .headers()
        .get(header::HOST)
        .and_then(|v| v.to_str().ok());
    let authority = origin
        .parse::<Uri>()
        .ok()
        .and_then(|u| u.authority().map(ToString::to_string));
    let is_public = app(request).is_ok_and(|app| app.public.origin.as_deref() == Some(origin));
    is_public || (authority.is_some() && authority.as_deref() == host)
}

/// Whether a page asks that is neither our own nor allowed by name. A name that somebody pointed at this machine is nobody's own, so
/// that an equal `Host` proves nothing (DNS rebinding): only the public address, an address in numbers and this machine's own name do.
pub(crate) fn is_foreign_page(request: &HttpRequest) -> bool {
    let Some(origin) = request.headers().get(header::ORIGIN) else {
        return false;
    };
    let Ok(origin) = origin.to_str() else {
        return true;
    };
    if request.extensions().contains::<crate::cors::Allowed>() {
        return false;
    }
    let is_public = app(request).is_ok_and(|app| app.public.origin.as_deref() == Some(origin));
    let host = origin.parse::<Uri>().ok();
    let host = host.as_ref().and_then(|uri| uri.host());
    let is_fixed = host.is_some_and(|host| {
        let numbers = host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost" || numbers.parse::<std::net::IpAddr>().is_ok()
    });
    !(is_public || (is_fixed && is_own_origin(origin, request)))
}

fn csrf(request: &HttpRequest, expected: &str) -> Result<(), Problem> {
    if !changes_state(request.method()) {
        return Ok(());
    }
    let given = request
        .headers()
        .get(CSRF_HEADER)
        .map_or(&b""[..], |v| v.as_bytes());
    if bool::from(given.ct_eq(expected.as_bytes())) {
        Ok(())
    } else {
        Err(Problem::csrf(
            "X-CSRF-Token is missing or old: send the csrf_token of /v1/auth/me",
        ))
    }
}
