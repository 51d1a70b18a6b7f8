//! Failures of orders at suppliers as problems.

use super::{FieldError, Problem};
use actix_web::http::StatusCode;
use application::supply::SupplyError;

impl From<SupplyError> for Problem {
    fn from(error: SupplyError) -> Self {
        let text = error.to_string();
        match error {
            SupplyError::Invalid(faults) => {
                Self::unprocessable("supply-refused", FieldError::all(&faults))
            }
            SupplyError::UnknownMapping => Self::not_found("supplier mapping"),
            SupplyError::UnknownOrder => Self::not_found("order"),
            SupplyError::UnknownSupplierOrder => Self::not_found("supplier order"),
            SupplyError::UnknownAccount => Self::not_found("supplier account"),
            SupplyError::ChangedMeanwhile => {
                Self::new(StatusCode::CONFLICT, "conflict", "Changed meanwhile", text)
            }
            SupplyError::NotSigned => {
                let title = "The signature does not fit";
                Self::new(StatusCode::UNAUTHORIZED, "bad-signature", title, text)
            }
            SupplyError::Store(error) => error.into(),
            SupplyError::Change(error) => error.into(),
            SupplyError::Port(error) => error.into(),
        }
    }
}
