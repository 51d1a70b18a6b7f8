//! Failures of suppliers' pictures as problems.

use super::Problem;
use actix_web::http::StatusCode;
use application::pictures::PictureError;

impl From<PictureError> for Problem {
    fn from(error: PictureError) -> Self {
        let text = error.to_string();
        let none = |title| Self::new(StatusCode::NOT_FOUND, "no-picture", title, text.clone());
        match error {
            PictureError::Unknown => Self::not_found("supplier product"),
            PictureError::Untold => none("No picture"),
            PictureError::NoPicture(_) => none("No picture that is shown"),
            PictureError::Away(_) => Self::new(
                StatusCode::BAD_GATEWAY,
                "picture-away",
                "The supplier's host does not answer",
                text,
            ),
            PictureError::Store(error) => error.into(),
            PictureError::Port(error) => error.into(),
        }
    }
}
