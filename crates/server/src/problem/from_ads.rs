//! Failures of ad accounts and campaigns as problems.

use super::{FieldError, Problem};
use actix_web::http::StatusCode;
use application::ads::AdError;

impl From<AdError> for Problem {
    fn from(error: AdError) -> Self {
        let text = error.to_string();
        let conflict = |slug, title| Self::new(StatusCode::CONFLICT, slug, title, text.clone());
        let refused = |field: &'static str| {
            let errors = vec![FieldError::new(field, text.clone())];
            Self::unprocessable("ad-account-refused", errors)
        };
        match error {
            AdError::UnknownAccount => Self::not_found("ad account"),
            AdError::UnknownCampaign => Self::not_found("campaign"),
            AdError::TooLong(_) => Self::invalid(vec![FieldError::new("from", text)]),
            AdError::UnknownRun => Self::not_found("run"),
            AdError::Ended => conflict("wrong-status", "Not now"),
            AdError::AlreadyRunning(_) => conflict("already-running", "It is being read"),
            AdError::AlreadyConnected => conflict("already-connected", "Connected already"),
            AdError::BadAccount(_) => refused("number"),
            AdError::BadCredentials(_) | AdError::MissingGrant(_) => refused("access_token"),
            AdError::Store(error) => error.into(),
            AdError::Customers(error) => error.into(),
            AdError::Port(error) => error.into(),
        }
    }
}
