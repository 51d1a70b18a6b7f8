//! Failures of forecasts, inventory and purchase orders as problems.

use super::{FieldError, Problem};
use actix_web::http::StatusCode;
use application::forecasts::ForecastError;
use application::inventory::InventoryError;
use application::purchases::PurchaseError;
use domain::purchase::Refusal;

impl From<ForecastError> for Problem {
    fn from(error: ForecastError) -> Self {
        let text = error.to_string();
        let conflict = |slug, title| Self::new(StatusCode::CONFLICT, slug, title, text.clone());
        match error {
            ForecastError::UnknownRun => Self::not_found("run"),
            ForecastError::AlreadyRunning(run) => {
                let problem = conflict("already-running", "Already under way");
                match run {
                    Some(id) => problem.with_run(id),
                    None => problem,
                }
            }
            ForecastError::Ended => conflict("run-ended", "Over already"),
            ForecastError::NothingSold => conflict("nothing-sold", "Nothing to learn from"),
            ForecastError::Store(error) => error.into(),
            ForecastError::Port(error) => error.into(),
        }
    }
}

impl From<InventoryError> for Problem {
    fn from(error: InventoryError) -> Self {
        let text = error.to_string();
        match error {
            InventoryError::Invalid(faults) => {
                Self::unprocessable("settings-refused", FieldError::all(&faults))
            }
            InventoryError::SetMeanwhile => {
                Self::new(StatusCode::CONFLICT, "conflict", "Changed meanwhile", text)
            }
            InventoryError::Store(error) => error.into(),
            InventoryError::Port(error) => error.into(),
        }
    }
}

/// Whoever's yes an order of goods needs, and what is wrong with it.
impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let text = refusal.to_string();
        let needs = |slug| Self::new(StatusCode::FORBIDDEN, slug, "Not by you", text.clone());
        match refusal {
            Refusal::WrongStatus => {
                Self::new(StatusCode::CONFLICT, "wrong-status", "Not now", text)
            }
            Refusal::NeedsSomebodyElse => needs("needs-somebody-else"),
            Refusal::NeedsAdmin => needs("needs-admin"),
            Refusal::TooMuch(at) => {
                let field = format!("lines[{at}].quantity");
                Self::unprocessable("order-refused", vec![FieldError::new(&field, text)])
            }
            Refusal::Empty | Refusal::TooLarge | Refusal::BadReceipt => {
                Self::unprocessable("order-refused", vec![FieldError::new("lines", text)])
            }
        }
    }
}

impl From<PurchaseError> for Problem {
    fn from(error: PurchaseError) -> Self {
        let text = error.to_string();
        let conflict = |slug, title| Self::new(StatusCode::CONFLICT, slug, title, text.clone());
        match error {
            PurchaseError::UnknownOrder => Self::not_found("purchase order"),
            PurchaseError::UnknownSupplier => Self::not_found("supplier"),
            PurchaseError::Invalid(faults) => {
                Self::unprocessable("order-refused", FieldError::all(&faults))
            }
            PurchaseError::ChangedMeanwhile => conflict("conflict", "Changed meanwhile"),
            PurchaseError::NoMail(_) => conflict("no-mail", "No mail"),
            PurchaseError::Refused(refusal) => refusal.into(),
            PurchaseError::Store(error) => error.into(),
            PurchaseError::Port(error) => error.into(),
        }
    }
}
