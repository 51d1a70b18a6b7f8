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

pub(crate) fn session(public: &PublicAddress, signed_in: &SignedIn) -> Cookie<'static> {
    build(public, signed_in.session_secret.clone(), MAX_AGE)
}

pub(crate) fn cleared(public: &PublicAddress) -> Cookie<'static> {
    build(public, String::new(), Duration::ZERO)
}

/// The secret that the browser sent.
pub(crate) fn read(request: &HttpRequest) -> Option<String> {
    let cookie = request
        .cookie(SECURE_NAME)
        .or_else(|| request.cookie(LOOPBACK_NAME))?;
    Some(cookie.value().to_owned()).filter(|v| !v.is_empty())
}

fn build(public: &PublicAddress, value: String, max_age: Duration) -> Cookie<'static> {
    let name = if public.is_tls {
        SECURE_NAME
    } else {
        LOOPBACK_NAME
    };
    Cookie::build(name, value)
        .path("/")
        .http_only(true)
        .secure(public.is_tls)
        .same_site(SameSite::Lax)
        .max_age(max_age)
        .finish()
}
