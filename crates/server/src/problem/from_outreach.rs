//! Failures of segments and their exports as problems.

use super::{FieldError, Problem};
use actix_web::http::StatusCode;
use application::outreach::OutreachError;

impl From<OutreachError> for Problem {
    fn from(error: OutreachError) -> Self {
        let text = error.to_string();
        let of = |status, slug, title| Self::new(status, slug, title, text.clone());
        match error {
            OutreachError::Invalid(faults) => {
                Self::unprocessable("segment-settings-refused", FieldError::all(&faults))
            }
            OutreachError::SetMeanwhile => {
                of(StatusCode::CONFLICT, "conflict", "Changed meanwhile")
            }
            OutreachError::NoShop => of(StatusCode::CONFLICT, "no-shop", "No shop is connected"),
            OutreachError::UnknownChannel => Self::not_found("channel"),
            OutreachError::BadChannel(_) | OutreachError::TooMany { .. } => {
                let errors = vec![FieldError::new("to", text.clone())];
                Self::unprocessable("segment-not-sent", errors)
            }
            OutreachError::NotTaken(_) => of(StatusCode::BAD_GATEWAY, "not-taken", "Not taken"),
            OutreachError::MayHaveArrived(_) => of(
                StatusCode::BAD_GATEWAY,
                "may-have-arrived",
                "Nobody knows whether it arrived",
            ),
            OutreachError::UnknownExport => Self::not_found("segment-export"),
            OutreachError::NotSent | OutreachError::CannotBe(_) | OutreachError::TriedMeanwhile => {
                of(StatusCode::CONFLICT, "conflict", "Not possible now")
            }
            OutreachError::Store(error) => error.into(),
            OutreachError::Customers(error) => error.into(),
            OutreachError::Port(error) => error.into(),
        }
    }
}
