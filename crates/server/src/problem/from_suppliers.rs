//! Failures of supplier accounts as problems.

use super::{FieldError, Problem};
use actix_web::http::StatusCode;
use application::suppliers::SupplierError;

impl From<SupplierError> for Problem {
    fn from(error: SupplierError) -> Self {
        let text = error.to_string();
        let conflict = |slug, title| Self::new(StatusCode::CONFLICT, slug, title, text.clone());
        let refused = |field: &'static str| {
            let errors = vec![FieldError::new(field, text.clone())];
            Self::unprocessable("supplier-account-refused", errors)
        };
        if let SupplierError::Contract(faults) = &error {
            let errors = faults
                .iter()
                .map(|fault| FieldError::new(&format!("rest.{}", fault.field), fault.told.clone()));
            return Self::unprocessable("supplier-account-refused", errors.collect());
        }
        match error {
            SupplierError::UnknownAccount => Self::not_found("supplier account"),
            SupplierError::UnknownRun => Self::not_found("run"),
            SupplierError::Ended => conflict("wrong-status", "Not now"),
            SupplierError::AlreadyRunning(_) => conflict("already-running", "It is being read"),
            SupplierError::AlreadyConnected => conflict("already-connected", "Connected already"),
            SupplierError::ChangedMeanwhile => conflict("conflict", "Changed meanwhile"),
            SupplierError::CannotDo(_) | SupplierError::BadAddress(_) => refused("platform"),
            SupplierError::Contract(_) => refused("rest"),
            SupplierError::NoLogin(_) => refused("platform"),
            SupplierError::LoginOver | SupplierError::BadLogin(_) => refused("came_to"),
            SupplierError::BadCredentials(_) => refused("api_key"),
            SupplierError::Watchlist(fault) => refused(fault.field()),
            SupplierError::Store(error) => error.into(),
            SupplierError::Port(error) => error.into(),
        }
    }
}
