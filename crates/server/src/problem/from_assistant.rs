//! What cannot be said to the assistant, in the words that clients of the earlier system know.

use super::Problem;
use actix_web::http::StatusCode;
use application::assistant::SayError;

impl From<SayError> for Problem {
    fn from(error: SayError) -> Self {
        match error {
            SayError::Unknown => Self::new(
                StatusCode::NOT_FOUND,
                "not-found",
                "Not found",
                error.to_string(),
            ),
            SayError::Port(error) => error.into(),
            other => Self::bad_request(other.to_string()),
        }
    }
}
