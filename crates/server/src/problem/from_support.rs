//! Failures of tickets as problems.

use super::{FieldError, Problem};
use actix_web::http::StatusCode;
use application::support::SupportError;

impl From<SupportError> for Problem {
    fn from(error: SupportError) -> Self {
        let text = error.to_string();
        match error {
            SupportError::Unknown => Self::not_found("ticket"),
            SupportError::ChangedMeanwhile => {
                Self::new(StatusCode::CONFLICT, "conflict", "Changed meanwhile", text)
            }
            SupportError::Undelivered(_) => {
                Self::new(StatusCode::CONFLICT, "reply-unsure", "Not sent again", text)
            }
            SupportError::NoMail | SupportError::NoAddress => Self::new(
                StatusCode::CONFLICT,
                "cannot-send",
                "Nothing can be sent",
                text,
            ),
            SupportError::NotSigned | SupportError::NoSecret => {
                Self::new(StatusCode::UNAUTHORIZED, "not-signed", "Not signed", text)
            }
            SupportError::Invalid(faults) => {
                Self::unprocessable("ticket-refused", FieldError::all(&faults))
            }
            SupportError::Store(error) => error.into(),
            SupportError::Port(error) => error.into(),
        }
    }
}
