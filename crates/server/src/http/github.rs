//! `/v1/github`: the tracker of issues, what it was told, and signals to the automations beside it.

use crate::auth::Caller;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::{HttpResponse, web};
use application::tracking::{Tracked, TrackingError};
use chrono::{DateTime, Utc};
use domain::incident::{Incident, Over};
use ports::Kind;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// Incidents of one answer.
const MOST: usize = 100;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IncidentOver)]
pub(crate) struct OverBody {
    at: DateTime<Utc>,
    /// A sentence without a capital letter.
    why: &'static str,
}

impl OverBody {
    fn of(over: Over) -> Self {
        Self {
            at: over.at,
            why: over.ending.words(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IncidentIssue)]
pub(crate) struct IssueBody {
    number: u64,
    url: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Incident)]
pub(crate) struct IncidentBody {
    id: uuid::Uuid,
    /// The kind of its notices.
    kind: &'static str,
    title: &'static str,
    /// What goes on with the same one is the same incident.
    cause: String,
    /// Where its reason is told, inside the command center.
    link: String,
    first_at: DateTime<Utc>,
    last_at: DateTime<Utc>,
    /// How often it happened, at least.
    count: u64,
    /// Null while it goes on.
    over: Option<OverBody>,
    /// Null until GitHub has it; what was over before never has one.
    issue: Option<IssueBody>,
    /// Why GitHub could not be told the newest of it.
    last_error: Option<String>,
}

impl IncidentBody {
    fn of(incident: Incident) -> Self {
        Self {
            id: incident.number(),
            kind: incident.kind.as_str(),
            title: incident.title(),
            over: incident.over.map(OverBody::of),
            issue: incident.issue.map(|issue| IssueBody {
                number: issue.number,
                url: issue.url,
            }),
            cause: incident.cause,
            link: incident.link,
            first_at: incident.first_at,
            last_at: incident.last_at,
            count: incident.count,
            last_error: incident.last_error,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GithubRepository)]
pub(crate) struct RepositoryBody {
    /// Repository and host, e.g. octo/shop at api.github.com.
    place: String,
    /// Whether there is a token; whether it works a test tells.
    has_token: bool,
    /// How the last calls fared; null before the first one.
    last_success_at: Option<DateTime<Utc>>,
    last_failure_at: Option<DateTime<Utc>>,
    last_failure: Option<String>,
    /// Up to 100: those that go on first, then the newest.
    incidents: Vec<IncidentBody>,
}

impl RepositoryBody {
    fn of(tracked: Tracked) -> Self {
        let newest = tracked.links.iter().filter(|l| l.last_failure_at.is_some());
        let failed = newest.max_by_key(|l| l.last_failure_at).cloned();
        Self {
            place: tracked.place,
            has_token: tracked.has_token,
            last_success_at: tracked.links.iter().filter_map(|l| l.last_success_at).max(),
            last_failure_at: failed.as_ref().and_then(|l| l.last_failure_at),
            last_failure: failed.and_then(|l| l.last_failure),
            incidents: tracked
                .incidents
                .into_iter()
                .take(MOST)
                .map(IncidentBody::of)
                .collect(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Github)]
pub(crate) struct Body {
    /// Null: none is set, or it belongs to another workspace.
    repository: Option<RepositoryBody>,
}

#[utoipa::path(
    get, path = "/v1/github", operation_id = "github", tag = "connections",
    summary = "The repository whose issues tell what is wrong, and what it was told",
    description = "It belongs to the installation's first workspace.",
    responses((status = 200, body = Body))
)]
pub(crate) async fn find(app: web::Data<App>, who: Caller) -> Result<web::Json<Body>, Problem> {
    let repository = match app.tracking.standing(who.workspace.id).await {
        Ok(tracked) => Some(RepositoryBody::of(tracked)),
        Err(TrackingError::Unset) => None,
        Err(error) => return Err(told(error)),
    };
    Ok(web::Json(Body { repository }))
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GithubTest)]
pub(crate) struct TestBody {
    works: bool,
    /// As GitHub writes it; null when it does not work.
    name: Option<String>,
    /// Whether anybody may read its issues; null when GitHub does not say.
    public: Option<bool>,
    /// Whether issues can be opened there.
    takes_issues: bool,
    /// Calls left in this hour.
    calls_left: Option<u64>,
    /// Of how many.
    calls_limit: Option<u64>,
    /// Why it does not work.
    problem: Option<String>,
}

#[utoipa::path(
    post, path = "/v1/github/test", operation_id = "test_github", tag = "connections",
    summary = "Ask GitHub whether the repository is there and takes issues",
    description = "Changes nothing there. That it does not work is an answer, too.",
    responses((status = 200, body = TestBody))
)]
pub(crate) async fn test(app: web::Data<App>, who: Caller) -> Result<web::Json<TestBody>, Problem> {
    let checked = app.tracking.check(who.workspace.id).await;
    Ok(web::Json(match checked {
        Ok(told) => TestBody {
            works: true,
            name: Some(told.name),
            public: told.public,
            takes_issues: told.takes_issues,
            calls_left: told.calls_left.map(|(left, _)| left),
            calls_limit: told.calls_left.map(|(_, limit)| limit),
            problem: None,
        },
        Err(TrackingError::Unset) => return Err(told(TrackingError::Unset)),
        Err(error) => TestBody {
            works: false,
            name: None,
            public: None,
            takes_issues: false,
            calls_left: None,
            calls_limit: None,
            problem: Some(match error {
                TrackingError::Port(error) => error.detail,
                other => other.to_string(),
            }),
        },
    }))
}

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = GithubDispatch)]
pub(crate) struct Dispatch {
    /// What workflows listen for (`on: repository_dispatch: types`); 1 to 100 characters.
    #[schema(min_length = 1, max_length = 100)]
    event_type: String,
    /// Up to 10 properties at its top, and 64 KiB in all; kept in the audit.
    #[schema(value_type = Option<std::collections::BTreeMap<String, Value>>)]
    client_payload: Option<Value>,
}

#[utoipa::path(
    post, path = "/v1/github/dispatches", operation_id = "dispatch_github", tag = "connections",
    summary = "Send a repository_dispatch to the repository's workflows",
    description = "Sent once. Where GitHub's answer is lost nobody knows whether it arrived: it is not sent again by itself, and the answer says so.",
    request_body = Dispatch,
    responses((status = 204, description = "GitHub took it"))
)]
pub(crate) async fn dispatch(
    app: web::Data<App>,
    who: Caller,
    body: web::Json<Dispatch>,
) -> Result<HttpResponse, Problem> {
    let body = body.into_inner();
    let payload = body.client_payload.unwrap_or_else(|| serde_json::json!({}));
    let sent = app
        .tracking
        .signal(who.workspace.id, who.actor(), &body.event_type, &payload)
        .await;
    match sent {
        Ok(()) => Ok(HttpResponse::NoContent().finish()),
        Err(TrackingError::Port(error)) if error.kind == Kind::Rejected => {
            let field = FieldError::new("event_type", error.detail);
            Err(Problem::invalid(vec![field]))
        }
        Err(error) => Err(told(error)),
    }
}

fn told(error: TrackingError) -> Problem {
    match error {
        TrackingError::Unset => Problem::not_found("repository"),
        TrackingError::NoToken => Problem::invalid(vec![FieldError::new(
            "token",
            TrackingError::NoToken.to_string(),
        )]),
        // What GitHub says is for whoever can mend it.
        TrackingError::Port(error)
            if matches!(
                error.kind,
                Kind::NotFound | Kind::Forbidden | Kind::Unauthorized
            ) =>
        {
            Problem::invalid(vec![FieldError::new("repository", error.detail)])
        }
        TrackingError::Port(error) => error.into(),
    }
}
