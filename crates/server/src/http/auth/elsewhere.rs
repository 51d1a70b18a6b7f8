//! `GET /v1/auth/oidc` and `GET /v1/auth/oidc/callback`: a browser's way to the provider of identities and back.

use crate::auth::{CallerOrigin, ClientAddress, cookie};
use crate::problem::Problem;
use crate::state::App;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use application::people::ElsewhereError;
use serde::Deserialize;
use subtle::ConstantTimeEq as _;
use utoipa::IntoParams;

const ACCOUNT: &str = "sign-in elsewhere";

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Departure {
    /// A path of the command center to go to afterwards.
    next: Option<String>,
}

#[utoipa::path(
    get, path = "/v1/auth/oidc", operation_id = "sign_in_elsewhere", tag = "people",
    summary = "Sends the browser to the provider of identities",
    params(Departure),
    responses((status = 302, description = "to the provider, or back to the page of the sign-in with `refused`"))
)]
pub(crate) async fn depart(app: web::Data<App>, query: web::Query<Departure>) -> HttpResponse {
    let next = query.next.as_deref().unwrap_or("/");
    match app.elsewhere.depart(next).await {
        Ok(away) => HttpResponse::Found()
            .cookie(cookie::away(&app.public, &away.state))
            .insert_header((header::LOCATION, away.url))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .finish(),
        Err(error) => back(&app, error),
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Arrival {
    code: Option<String>,
    state: Option<String>,
    /// In place of a code.
    error: Option<String>,
}

#[utoipa::path(
    get, path = "/v1/auth/oidc/callback", operation_id = "arrive_from_elsewhere", tag = "people",
    summary = "Where the provider of identities sends the browser back to",
    params(Arrival),
    responses((status = 302, description = "signed in, or back to the page of the sign-in with `refused`"))
)]
pub(crate) async fn arrive(
    app: web::Data<App>,
    request: HttpRequest,
    address: ClientAddress,
    from: CallerOrigin,
    query: web::Query<Arrival>,
) -> Result<HttpResponse, Problem> {
    app.login_limits.check_address(address)?;
    let arrival = query.into_inner();
    // The state of this browser, so that nobody is signed in with somebody else's answer.
    let (known, state) = (cookie::read_away(&request), arrival.state);
    let fits = known.zip(state).filter(|(known, state)| {
        let equal = known.as_bytes().ct_eq(state.as_bytes());
        bool::from(equal)
    });
    let Some((_, state)) = fits else {
        app.login_limits.failed(address, ACCOUNT);
        return Ok(back(&app, ElsewhereError::Lost));
    };
    let code = match (&arrival.code, &arrival.error) {
        (Some(code), None) => Ok(code.as_str()),
        (_, error) => Err(error.as_deref().unwrap_or("it sent no code")),
    };
    match app.elsewhere.arrive(&state, code, &from.0).await {
        Ok((signed_in, next)) => Ok(HttpResponse::Found()
            .cookie(cookie::session(&app.public, &signed_in))
            .cookie(cookie::cleared_away(&app.public))
            .insert_header((header::LOCATION, format!("/command-center{next}")))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .finish()),
        Err(error) => {
            app.login_limits.failed(address, ACCOUNT);
            Ok(back(&app, error))
        }
    }
}

/// A page for people, with a word that it knows; the reason stands in the audit and in the log.
fn back(app: &App, error: ElsewhereError) -> HttpResponse {
    let word = match &error {
        ElsewhereError::NotSetUp => "not-set-up",
        ElsewhereError::Lost => "lost",
        ElsewhereError::Declined(_) => "declined",
        ElsewhereError::Unproved(_) => "unproved",
        ElsewhereError::NoAddress => "no-address",
        ElsewhereError::NoRole => "no-role",
        ElsewhereError::Deactivated => "deactivated",
        ElsewhereError::Port(_) => "unavailable",
    };
    if let ElsewhereError::Port(error) = &error {
        tracing::warn!(%error, "sign-in elsewhere failed");
    }
    HttpResponse::build(StatusCode::FOUND)
        .cookie(cookie::cleared_away(&app.public))
        .insert_header((
            header::LOCATION,
            format!("/command-center/login?refused={word}"),
        ))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .finish()
}
