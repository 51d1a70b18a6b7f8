//! Failures of opportunities and supplier catalogues as problems.

use super::{FieldError, Problem};
use actix_web::http::StatusCode;
use application::opportunities::OpportunityError;

impl From<OpportunityError> for Problem {
    fn from(error: OpportunityError) -> Self {
        let text = error.to_string();
        let conflict = |slug, title| Self::new(StatusCode::CONFLICT, slug, title, text.clone());
        match error {
            OpportunityError::Unknown => Self::not_found("opportunity"),
            OpportunityError::UnknownOffer => Self::not_found("supplier product"),
            OpportunityError::UnknownTrend => Self::not_found("trend"),
            OpportunityError::ChangedMeanwhile | OpportunityError::SetMeanwhile => {
                conflict("conflict", "Changed meanwhile")
            }
            OpportunityError::Decided(_) => conflict("wrong-status", "Not now"),
            OpportunityError::Gone => conflict("not-offered", "Not offered any more"),
            OpportunityError::Invalid(faults) => {
                Self::unprocessable("opportunity-refused", FieldError::all(&faults))
            }
            OpportunityError::Change(error) => error.into(),
            OpportunityError::Store(error) => error.into(),
            OpportunityError::Port(error) => error.into(),
        }
    }
}
