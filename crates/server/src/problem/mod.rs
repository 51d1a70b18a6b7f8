//! The only place where a failure becomes an HTTP answer (RFC 9457), with the members that clients of the earlier system read.
//!
//! A 5xx body carries no cause; the chain is logged once, when the answer is made. Which failure becomes which problem stands in
//! `from`.

mod from;
mod from_ads;
mod from_analysis;
mod from_assistant;
mod from_changes;
mod from_goods;
mod from_opportunities;
mod from_outreach;
mod from_pictures;
mod from_suppliers;
mod from_supply;
mod from_support;

use crate::request;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};
use application::changes::Fault;
use serde::Serialize;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;
use utoipa::ToSchema;

/// What is wrong with one field of a request, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct FieldError {
    pub(crate) field: String,
    pub(crate) message: String,
}

impl FieldError {
    pub(crate) fn new(field: &str, message: impl Into<String>) -> Self {
        Self {
            field: field.to_owned(),
            message: message.into(),
        }
    }

    /// Most messages go on from the field's name (`title is empty`); what is a sentence of its own is set apart.
    fn told(&self) -> String {
        let Self { field, message } = self;
        let first = message.split(' ').next().unwrap_or_default();
        match first {
            "a" | "an" | "the" | "this" | "there" | "no" => format!("{field}: {message}"),
            _ => format!("{field} {message}"),
        }
    }

    pub(crate) fn all(faults: &[Fault]) -> Vec<Self> {
        let faults = faults.iter();
        faults
            .map(|fault| Self::new(&fault.field, fault.message.clone()))
            .collect()
    }
}

/// The body of every refusal and failure (`application/problem+json`).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemBody {
    /// Names the kind of problem; stable.
    #[serde(rename = "type")]
    #[schema(rename = "type", format = "uri-reference")]
    kind: String,
    title: String,
    status: u16,
    detail: String,
    instance: String,
    /// The title, as the earlier system called it.
    error: String,
    /// The detail, as the earlier system called it.
    message: String,
    path: String,
    request_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<Vec<FieldError>>,
    /// The run that is in the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    sync_id: Option<String>,
    /// The agent's run that is in the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    run_id: Option<String>,
}

#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    slug: &'static str,
    title: &'static str,
    detail: String,
    extra: Box<Extra>,
}

/// What only some problems have.
#[derive(Debug, Default)]
struct Extra {
    errors: Vec<FieldError>,
    sync_id: Option<String>,
    run_id: Option<String>,
    retry_after: Option<Duration>,
    cause: Option<Box<dyn StdError + Send + Sync>>,
}

impl Problem {
    pub(crate) fn new(
        status: StatusCode,
        slug: &'static str,
        title: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            status,
            slug,
            title,
            detail: detail.into(),
            extra: Box::default(),
        }
    }

    /// 400: what was sent cannot be understood.
    pub(crate) fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "bad-request",
            "Bad request",
            detail,
        )
    }

    /// 400 with the fields that are wrong.
    pub(crate) fn invalid(errors: Vec<FieldError>) -> Self {
        let detail: Vec<String> = errors.iter().map(FieldError::told).collect();
        let mut problem = Self::new(
            StatusCode::BAD_REQUEST,
            "validation",
            "Validation failed",
            detail.join("; "),
        );
        problem.extra.errors = errors;
        problem
    }

    /// 422: well-formed, but it does not work out there.
    pub(crate) fn unprocessable(slug: &'static str, errors: Vec<FieldError>) -> Self {
        let mut problem = Self::invalid(errors);
        problem.status = StatusCode::UNPROCESSABLE_ENTITY;
        problem.slug = slug;
        problem.title = "It did not work with what was entered";
        problem
    }

    pub(crate) fn unauthorized() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            "Not signed in",
            "sign in, or send an API token: Authorization: Bearer …",
        )
    }

    pub(crate) fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", "Not allowed", detail)
    }

    pub(crate) fn csrf(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "csrf",
            "Refused to protect you",
            detail,
        )
    }

    pub(crate) fn not_found(thing: &str) -> Self {
        let detail = format!("there is no such {thing} here");
        Self::new(StatusCode::NOT_FOUND, "not-found", "Not found", detail)
    }

    /// 415: sent in a form that is not read here.
    pub(crate) fn unsupported(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported-media-type",
            "Unsupported media type",
            detail,
        )
    }

    pub(crate) fn too_large(limit: usize) -> Self {
        let detail = format!("the body is larger than {limit} bytes");
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-large",
            "Too large",
            detail,
        )
    }

    pub(crate) fn late() -> Self {
        Self::new(
            StatusCode::REQUEST_TIMEOUT,
            "late",
            "Too slow",
            "the body did not come in time; send it again",
        )
    }

    /// One answer to every passkey that does not let somebody in.
    pub(crate) fn passkey_refused() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "passkey-refused",
            "Not signed in",
            "the passkey was not accepted; try again, or sign in with your password",
        )
    }

    pub(crate) fn too_many(retry_after: Duration) -> Self {
        let seconds = retry_after.as_secs().max(1);
        let detail = format!("too many tries; go on in {seconds} s");
        let mut problem = Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too-many-requests",
            "Too many requests",
            detail,
        );
        problem.extra.retry_after = Some(Duration::from_secs(seconds));
        problem
    }

    /// 429 from a limit on requests, which leaves room again after `wait`.
    pub(crate) fn throttled(wait: Duration) -> Self {
        let seconds = wait.as_secs_f64().ceil().max(1.0);
        let mut problem = Self::too_many(Duration::from_secs_f64(seconds));
        problem.detail = format!("too many requests; go on in {seconds} s");
        problem
    }

    /// 409: the same request is being done.
    pub(crate) fn under_way() -> Self {
        let mut problem = Self::new(
            StatusCode::CONFLICT,
            "idempotency-key-in-use",
            "Under way",
            "the request with this Idempotency-Key is still being done; ask again in 1 s",
        );
        problem.extra.retry_after = Some(Duration::from_secs(1));
        problem
    }

    /// 503 with a sentence that needs no cause.
    pub(crate) fn unavailable(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "unavailable",
            "Not available now",
            detail,
        )
    }

    pub(crate) fn caused_by(mut self, cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.extra.cause = Some(cause.into());
        self
    }

    pub(crate) fn with_sync(mut self, id: impl fmt::Display) -> Self {
        self.extra.sync_id = Some(id.to_string());
        self
    }

    pub(crate) fn with_run(mut self, id: impl fmt::Display) -> Self {
        self.extra.run_id = Some(id.to_string());
        self
    }

    fn body(&self) -> ProblemBody {
        let here = request::current();
        ProblemBody {
            kind: format!("/problems/{}", self.slug),
            title: self.title.to_owned(),
            status: self.status.as_u16(),
            detail: self.detail.clone(),
            instance: here.path.clone(),
            error: self.title.to_owned(),
            message: self.detail.clone(),
            path: here.path.clone(),
            request_id: here.id.clone(),
            errors: (!self.extra.errors.is_empty()).then(|| self.extra.errors.clone()),
            sync_id: self.extra.sync_id.clone(),
            run_id: self.extra.run_id.clone(),
        }
    }

    fn log(&self) {
        if self.status.is_server_error() {
            let mut chain = Vec::new();
            let mut next: Option<&(dyn StdError + 'static)> = match &self.extra.cause {
                Some(cause) => Some(cause.as_ref()),
                None => None,
            };
            while let Some(error) = next {
                chain.push(error.to_string());
                next = error.source();
            }
            tracing::error!(
                problem = self.slug,
                status = self.status.as_u16(),
                cause = chain.join(": "),
                "{}",
                self.detail
            );
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.slug, self.detail)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        self.log();
        let mut response = HttpResponse::build(self.status);
        response.content_type("application/problem+json");
        response.insert_header((header::CACHE_CONTROL, "no-store"));
        if let Some(wait) = self.extra.retry_after {
            response.insert_header((header::RETRY_AFTER, wait.as_secs()));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        // A struct of strings always serialises.
        response.body(serde_json::to_string(&self.body()).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::{FieldError, Problem};

    #[test]
    fn a_message_that_is_a_sentence_of_its_own_is_set_apart_from_its_field() {
        let errors = vec![
            FieldError::new("title", "is empty"),
            FieldError::new("file", "the file is empty"),
            FieldError::new("day", "theirs is another one"),
        ];
        assert_eq!(
            Problem::invalid(errors).detail,
            "title is empty; file: the file is empty; day theirs is another one"
        );
    }
}
