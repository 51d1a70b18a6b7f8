//! The only place where a failure becomes an HTTP answer (RFC 9457), with the members that clients of the earlier system read.
//!
//! A 5xx body carries no cause; the chain is logged once, when the answer is made.

use crate::request;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};
use application::connections::ConnectError;
use application::inbox::AcceptError;
use application::people::{SetUpError, SignInError};
use application::reports::ReportError;
use application::stores::StoreError;
use application::sync::SyncError;
use ports::source::NotificationRefusal;
use ports::{Kind, PortError, Retry};
use serde::Serialize;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;
use utoipa::ToSchema;

/// What is wrong with one field of a request, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    pub field: String,
    pub message: String,
}

impl FieldError {
    pub(crate) fn new(field: &str, message: impl Into<String>) -> Self {
        Self {
            field: field.to_owned(),
            message: message.into(),
        }
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
}

#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    slug: &'static str,
    title: &'static str,
    detail: String,
    errors: Vec<FieldError>,
    sync_id: Option<String>,
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
            errors: Vec::new(),
            sync_id: None,
            retry_after: None,
            cause: None,
        }
    }

    /// 400: what was sent cannot be understood.
    pub(crate) fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad-request", "Bad request", detail)
    }

    /// 400 with the fields that are wrong.
    pub(crate) fn invalid(errors: Vec<FieldError>) -> Self {
        let detail: Vec<String> = errors
            .iter()
            .map(|e| format!("{} {}", e.field, e.message))
            .collect();
        let mut problem = Self::new(
            StatusCode::BAD_REQUEST,
            "validation",
            "Validation failed",
            detail.join("; "),
        );
        problem.errors = errors;
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
        Self::new(StatusCode::FORBIDDEN, "csrf", "Refused to protect you", detail)
    }

    pub(crate) fn not_found(thing: &str) -> Self {
        let detail = format!("there is no such {thing} here");
        Self::new(StatusCode::NOT_FOUND, "not-found", "Not found", detail)
    }

    pub(crate) fn too_large(limit: usize) -> Self {
        let detail = format!("the body is larger than {limit} bytes");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "Too large", detail)
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
        problem.retry_after = Some(Duration::from_secs(seconds));
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
        self.cause = Some(cause.into());
        self
    }

    pub(crate) fn with_sync(mut self, id: impl fmt::Display) -> Self {
        self.sync_id = Some(id.to_string());
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
            path: here.path,
            request_id: here.id,
            errors: (!self.errors.is_empty()).then(|| self.errors.clone()),
            sync_id: self.sync_id.clone(),
        }
    }

    fn log(&self) {
        if self.status.is_server_error() {
            let mut chain = Vec::new();
            let mut next: Option<&(dyn StdError + 'static)> = match &self.cause {
                Some(cause) => Some(cause.as_ref()),
                None => None,
            };
            while let Some(error) = next {
                chain.push(error.to_string());
                next = error.source();
            }
            tracing::error!(problem = self.slug, status = self.status.as_u16(), cause = chain.join(": "), "{}", self.detail);
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
        if let Some(wait) = self.retry_after {
            response.insert_header((header::RETRY_AFTER, wait.as_secs()));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        // A struct of strings always serialises.
        response.body(serde_json::to_string(&self.body()).unwrap_or_default())
    }
}

impl From<PortError> for Problem {
    fn from(error: PortError) -> Self {
        let provider = error.provider;
        let problem = match error.kind {
            Kind::NotFound => Self::not_found("thing"),
            Kind::Conflict => Self::new(
                StatusCode::CONFLICT,
                "conflict",
                "Changed meanwhile",
                error.detail.clone(),
            ),
            Kind::Rejected => Self::bad_request(error.detail.clone()),
            Kind::Configuration | Kind::Unsupported => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "unprocessable",
                "It cannot work like this",
                error.detail.clone(),
            ),
            Kind::StorageFull => Self::new(
                StatusCode::INSUFFICIENT_STORAGE,
                "storage-full",
                "No room on the disk",
                "make room on the disk of DATA_DIR; nothing that was stored before is lost",
            ),
            Kind::Unauthorized | Kind::Forbidden => Self::new(
                StatusCode::BAD_GATEWAY,
                "provider-refused",
                "The provider refused",
                format!("{provider} refused our credentials or scopes: look at the connection"),
            ),
            Kind::RateLimited | Kind::Unavailable | Kind::CircuitOpen | Kind::Cancelled => {
                Self::unavailable(format!("{provider} is not available now; try again"))
            }
            _ => Self::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
                "Something is broken here",
                "the log has the cause under this request id",
            ),
        };
        let wait = match error.retry {
            Retry::After(wait) => Some(wait.max(Duration::from_secs(1))),
            Retry::Never | Retry::Reconcile => None,
        };
        Self {
            retry_after: wait,
            ..problem.caused_by(error)
        }
    }
}

impl From<SetUpError> for Problem {
    fn from(error: SetUpError) -> Self {
        let field = |field, message: String| Self::invalid(vec![FieldError::new(field, message)]);
        match error {
            SetUpError::AlreadyDone => Self::new(
                StatusCode::CONFLICT,
                "setup-done",
                "Already set up",
                error.to_string(),
            ),
            SetUpError::WrongCode => Self::new(
                StatusCode::FORBIDDEN,
                "setup-code-wrong",
                "Wrong set-up code",
                error.to_string(),
            ),
            SetUpError::EmailTaken => Self::new(
                StatusCode::CONFLICT,
                "email-taken",
                "Address taken",
                error.to_string(),
            ),
            SetUpError::Email(error) => field("email", error.to_string()),
            SetUpError::Password(error) => field("password", error.to_string()),
            SetUpError::Port(error) => error.into(),
        }
    }
}

impl From<SignInError> for Problem {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Refused => Self::new(
                StatusCode::UNAUTHORIZED,
                "sign-in-refused",
                "Not signed in",
                error.to_string(),
            ),
            SignInError::Port(error) => error.into(),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NoStore => Self::new(
                StatusCode::NOT_FOUND,
                "no-store",
                "No store yet",
                "no store is connected yet: connect one under Connections",
            ),
            StoreError::UnknownStore => Self::not_found("store"),
            StoreError::Port(error) => error.into(),
        }
    }
}

impl From<ReportError> for Problem {
    fn from(error: ReportError) -> Self {
        match error {
            ReportError::Store(error) => error.into(),
            ReportError::Range(error) => {
                Self::invalid(vec![FieldError::new("from", error.to_string())])
            }
            ReportError::Port(error) => error.into(),
        }
    }
}

impl From<ConnectError> for Problem {
    fn from(error: ConnectError) -> Self {
        let slug = "connection-refused";
        match error {
            ConnectError::BadShop(reason) => Self::unprocessable(slug, vec![FieldError::new("shop", reason)]),
            ConnectError::BadCredentials(reason) => {
                Self::unprocessable(slug, vec![FieldError::new("access_token", reason)])
            }
            ConnectError::MissingScopes(missing) => {
                let errors = missing.iter().map(|m| {
                    let message = format!("{} is not granted: {}. Grant it to the app and try again", m.scope, m.costs);
                    FieldError::new("scopes", message)
                });
                Self::unprocessable(slug, errors.collect())
            }
            ConnectError::AlreadyConnected => Self::new(
                StatusCode::CONFLICT,
                "already-connected",
                "Connected already",
                "this shop is connected already",
            ),
            ConnectError::Port(error) => error.into(),
        }
    }
}

impl From<SyncError> for Problem {
    fn from(error: SyncError) -> Self {
        let conflict = |error: &SyncError| {
            Self::new(StatusCode::CONFLICT, "sync-conflict", "Not possible now", error.to_string())
        };
        match error {
            SyncError::UnknownConnection => Self::not_found("connection"),
            SyncError::UnknownSync => Self::not_found("sync"),
            SyncError::AlreadyRunning(Some(id)) => conflict(&error).with_sync(id),
            SyncError::AlreadyRunning(None) | SyncError::Ended | SyncError::NotResumable => {
                conflict(&error)
            }
            SyncError::Port(error) => error.into(),
        }
    }
}

impl From<AcceptError> for Problem {
    fn from(error: AcceptError) -> Self {
        match error {
            AcceptError::UnknownConnection => Self::not_found("connection"),
            AcceptError::Refused(NotificationRefusal::Unreadable(_)) => {
                Self::bad_request(error.to_string())
            }
            AcceptError::Refused(
                NotificationRefusal::BadSignature | NotificationRefusal::NoSignature,
            ) => Self::new(
                StatusCode::UNAUTHORIZED,
                "bad-signature",
                "Not signed by the provider",
                error.to_string(),
            ),
            // The provider sends it again.
            AcceptError::Port(error) => {
                Self::unavailable("the webhook could not be stored; send it again").caused_by(error)
            }
        }
    }
}
