//! Answers of reports that are given again while nothing was written, and who a credential belongs to.
//!
//! A report of two years is half a megabyte that changes only when something is stored. What [`Kept`] promises holds here: no answer is
//! older than its question. Must not know what a report says.

use crate::auth::Caller;
use crate::request::asked;
use crate::state::App;
use actix_web::body::{BoxBody, MessageBody, to_bytes_limited};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, HttpRequest, HttpResponse, web};
use application::kept::{Freshness, Kept};
use application::people::Principal;
use ports::PortResult;
use ports::marks::ChangeMarks;
use sha2::{Digest as _, Sha256};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Routes whose answers are a function of what is stored and of the day.
const KEPT: &[&str] = &[
    "/v1/reports/profit",
    "/v1/reports/pulse",
    "/v1/metrics",
    "/v1/inventory",
    "/v1/opportunities",
];
/// The clock moves what "today" and "thirty days" mean.
const LONGEST: Duration = Duration::from_secs(10);
/// A credential expires by the clock, too.
const LONGEST_PRINCIPAL: Duration = Duration::from_secs(1);
/// What another process changed about a credential is seen this much later at most; what this one changed, at once. A question to the
/// database for each request costs several times what answering a small one does.
const PRINCIPAL_BEHIND: Duration = Duration::from_millis(50);
const MOST: usize = 16;
const MOST_PRINCIPALS: usize = 256;
/// Larger ones are made anew each time.
const MAX_BODY: usize = 2 << 20;
/// What nobody asked for this long is let go.
const UNUSED: Duration = Duration::from_secs(60);

pub(crate) const fn are_kept(path: &str) -> bool {
    let mut n = 0;
    while n < KEPT.len() {
        if same(KEPT[n].as_bytes(), path.as_bytes()) {
            return true;
        }
        n += 1;
    }
    false
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    let mut n = 0;
    while n < a.len() && n < b.len() && a[n] == b[n] {
        n += 1;
    }
    n == a.len() && n == b.len()
}

#[derive(Clone)]
struct Said {
    headers: header::HeaderMap,
    body: web::Bytes,
}

pub(crate) struct Answers {
    freshness: Arc<Freshness>,
    said: Kept<Said>,
    principals: Kept<Option<Arc<Principal>>>,
}

/// Why an answer is not kept.
enum Apart {
    /// Answered with something else than a page of a usual size.
    Answered(ServiceResponse<BoxBody>),
    Failed(Error),
}

impl Answers {
    pub(crate) fn new(marks: Arc<dyn ChangeMarks>) -> Self {
        let freshness = Arc::new(Freshness::new(marks));
        Self {
            said: Kept::new(Arc::clone(&freshness), LONGEST, MOST),
            principals: Kept::new(Arc::clone(&freshness), LONGEST_PRINCIPAL, MOST_PRINCIPALS)
                .lenient(PRINCIPAL_BEHIND),
            freshness,
        }
    }

    /// Whom a secret belongs to. Only its hash is kept.
    pub(crate) async fn principal<Look: Future<Output = PortResult<Option<Principal>>>>(
        &self,
        kind: &str,
        secret: &str,
        asked: Instant,
        look: impl FnOnce() -> Look,
    ) -> PortResult<Option<Arc<Principal>>> {
        let hash = Sha256::new_with_prefix(kind).chain_update("/");
        let hash = hash.chain_update(secret).finalize();
        let look = || async { Ok(look().await?.map(Arc::new)) };
        self.principals.get(hash.as_slice(), asked, look).await
    }

    /// A request that may have written something was answered here.
    pub(crate) fn changed(&self) {
        self.freshness.changed();
    }

    pub(crate) fn upkeep(&self) {
        self.said.forget_unused(UNUSED);
        self.principals.forget_unused(UNUSED);
    }
}

/// Around a handler behind the gate: the same caller who asks the same gets the same while it is true.
pub(crate) async fn keep(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let http = request.request().clone();
    let app = request.app_data::<web::Data<App>>().cloned();
    let (Some(app), Some(question)) = (app, question(&http)) else {
        let answered = next.call(request).await?;
        return Ok(answered.map_into_boxed_body());
    };
    let make = || async { said(next.call(request).await.map_err(Apart::Failed)?).await };
    match app
        .answers
        .said
        .get(question.as_bytes(), asked(), make)
        .await
    {
        Ok(said) => {
            let mut response = HttpResponse::with_body(StatusCode::OK, said.body);
            *response.headers_mut() = said.headers;
            Ok(ServiceResponse::new(http, response).map_into_boxed_body())
        }
        Err(Apart::Answered(response)) => Ok(response),
        Err(Apart::Failed(error)) => Err(error),
    }
}

/// Everything that an answer depends on beside what is stored; `None` for who has not come through the gate.
fn question(request: &HttpRequest) -> Option<String> {
    let extensions = request.extensions();
    let user = &extensions.get::<Caller>()?.user;
    let accept = request.headers().get(header::ACCEPT);
    let accept = accept.and_then(|a| a.to_str().ok()).unwrap_or_default();
    Some(format!(
        "{} {}/{}/{} {} {accept}",
        request.method(),
        user.workspace,
        user.id,
        user.role,
        request.uri()
    ))
}

async fn said(response: ServiceResponse<impl MessageBody + 'static>) -> Result<Said, Apart> {
    if response.status() != StatusCode::OK {
        return Err(Apart::Answered(response.map_into_boxed_body()));
    }
    let (request, response) = response.into_parts();
    let (head, body) = response.into_parts();
    let headers = head.headers().clone();
    let whole = to_bytes_limited(body, usize::MAX).await;
    let body = match whole {
        Ok(Ok(body)) => body,
        Ok(Err(error)) => return Err(Apart::Failed(error.into().into())),
        Err(_) => web::Bytes::new(),
    };
    if body.len() > MAX_BODY {
        let response = head.set_body(BoxBody::new(body));
        return Err(Apart::Answered(ServiceResponse::new(request, response)));
    }
    Ok(Said { headers, body })
}
