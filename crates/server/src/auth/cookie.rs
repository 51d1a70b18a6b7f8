//! The session's cookie: out of the reach of scripts and of other sites.

use crate::state::PublicAddress;
use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use application::people::SignedIn;

/// Over TLS the prefix binds the cookie to this very host; browsers refuse it on plain http.
const SECURE_NAME: &str = "__Host-royal_session";
const LOOPBACK_NAME: &str = "royal_session";
/// The server ends sessions earlier by itself.
const MAX_AGE: Duration = Duration::days(30);

/// Of a browser that is at the provider of identities.
const SECURE_AWAY: &str = "__Host-royal_away";
const LOOPBACK_AWAY: &str = "royal_away";
const AWAY_AGE: Duration = Duration::minutes(10);

pub(crate) fn session(public: &PublicAddress, signed_in: &SignedIn) -> Cookie<'static> {
    build(
        public,
        name(public),
        signed_in.session_secret.clone(),
        MAX_AGE,
    )
}

pub(crate) fn cleared(public: &PublicAddress) -> Cookie<'static> {
    build(public, name(public), String::new(), Duration::ZERO)
}

/// Binds the way to the provider to this browser. Comes back with it, since the way back is a navigation (`Lax`).
pub(crate) fn away(public: &PublicAddress, state: &str) -> Cookie<'static> {
    build(public, away_name(public), state.to_owned(), AWAY_AGE)
}

pub(crate) fn cleared_away(public: &PublicAddress) -> Cookie<'static> {
    build(public, away_name(public), String::new(), Duration::ZERO)
}

pub(crate) fn read_away(request: &HttpRequest) -> Option<String> {
    let cookie = request
        .cookie(SECURE_AWAY)
        .or_else(|| request.cookie(LOOPBACK_AWAY))?;
    Some(cookie.value().to_owned()).filter(|v| !v.is_empty())
}

fn away_name(public: &PublicAddress) -> &'static str {
    if public.is_tls {
        SECURE_AWAY
    } else {
        LOOPBACK_AWAY
    }
}

fn name(public: &PublicAddress) -> &'static str {
    if public.is_tls {
        SECURE_NAME
    } else {
        LOOPBACK_NAME
    }
}

/// The secret that the browser sent.
pub(crate) fn read(request: &HttpRequest) -> Option<String> {
    let cookie = request
        .cookie(SECURE_NAME)
        .or_else(|| request.cookie(LOOPBACK_NAME))?;
    Some(cookie.value().to_owned()).filter(|v| !v.is_empty())
}

fn build(
    public: &PublicAddress,
    name: &'static str,
    value: String,
    max_age: Duration,
) -> Cookie<'static> {
    Cookie::build(name, value)
        .path("/")
        .http_only(true)
        .secure(public.is_tls)
        .same_site(SameSite::Lax)
        .max_age(max_age)
        .finish()
}
