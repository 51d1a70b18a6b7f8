//! What is known about the request that is being answered: its id, path, row of the table and arrival, for answers, logs and figures alike.

use actix_web::http::header::{HeaderMap, HeaderName};
use chrono::Utc;
use rand::Rng as _;
use std::sync::{Arc, OnceLock};
use std::time::Instant;
use uuid::Uuid;

#[derive(Debug)]
pub(crate) struct Current {
    pub(crate) id: String,
    pub(crate) path: String,
    /// When it arrived.
    pub(crate) asked: Instant,
    /// The row of the table that it came to, as it is written there; asking the router again goes over all of them.
    pub(crate) row: OnceLock<&'static str>,
}

impl Current {
    pub(crate) fn new(id: String, path: String) -> Self {
        Self {
            id,
            path,
            asked: Instant::now(),
            row: OnceLock::new(),
        }
    }
}

tokio::task_local! {
    static CURRENT: Arc<Current>;
}

/// Made once: a look by its text makes it each time.
pub(crate) static ID_HEADER: HeaderName = HeaderName::from_static("x-request-id");
const MAX_ID: usize = 128;

/// Runs `work` as a part of answering the request.
pub(crate) async fn within<T>(current: Arc<Current>, work: impl Future<Output = T>) -> T {
    CURRENT.scope(current, work).await
}

/// The request that is being answered; a new id when none is, which happens to what the server itself refuses.
pub(crate) fn current() -> Arc<Current> {
    CURRENT.try_with(Arc::clone).unwrap_or_else(|_| {
        let path = String::new();
        Arc::new(Current::new(made().to_string(), path))
    })
}

/// Notes the row of the table that the request came to.
pub(crate) fn came_to(row: &'static str) {
    // Outside of a request there is nobody to tell.
    let _ = CURRENT.try_with(|current| current.row.set(row));
}

/// When the request arrived that is being answered.
pub(crate) fn asked() -> Instant {
    let known = CURRENT.try_with(|current| current.asked);
    known.unwrap_or_else(|_| Instant::now())
}

/// A version 7 id, made without asking the kernel for chance each time.
fn made() -> Uuid {
    let mut chance = [0; 10];
    rand::rng().fill_bytes(&mut chance);
    let now = u64::try_from(Utc::now().timestamp_millis()).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(now, &chance).into_uuid()
}

/// The caller's id when it is a sane one: 1 to 128 letters, digits, `-`, `_`, `.`, `:`.
pub(crate) fn id(headers: &HeaderMap) -> String {
    let given = headers.get(&ID_HEADER).and_then(|v| v.to_str().ok());
    let sane = |id: &&str| {
        (1..=MAX_ID).contains(&id.len())
            && id
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-_.:".contains(&b))
    };
    given
        .filter(sane)
        .map_or_else(|| made().to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    #[test]
    fn ids_are_of_version_7_and_each_is_another() {
        let (one, other) = (made(), made());
        assert_ne!(one, other);
        let since = |id: Uuid| id.get_timestamp().map(|at| at.to_unix().0);
        let now = u64::try_from(Utc::now().timestamp()).unwrap();
        assert!(since(one).is_some_and(|at| now.abs_diff(at) < 60), "{one}");
        assert_eq!(one.get_version_num(), 7);
    }

    #[test]
    fn only_sane_ids_are_taken_over() {
        let with = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(ID_HEADER.clone(), HeaderValue::from_str(text).unwrap());
            id(&headers)
        };
        assert_eq!(with("trace-1.a:B_2"), "trace-1.a:B_2");
        for bad in ["", "a b", "<script>", &"x".repeat(129)] {
            assert_ne!(with(bad), bad);
        }
    }
}
