//! Failures of the analyst's mornings as problems.

use super::{FieldError, Problem};
use actix_web::http::StatusCode;
use application::analysis::AnalysisError;

impl From<AnalysisError> for Problem {
    fn from(error: AnalysisError) -> Self {
        let text = error.to_string();
        match error {
            AnalysisError::Unknown => Self::not_found("anomaly"),
            AnalysisError::ChangedMeanwhile => {
                Self::new(StatusCode::CONFLICT, "conflict", "Changed meanwhile", text)
            }
            AnalysisError::Invalid(faults) => {
                Self::unprocessable("anomaly-mark-refused", FieldError::all(&faults))
            }
            AnalysisError::Store(error) => error.into(),
            AnalysisError::Port(error) => error.into(),
        }
    }
}
