//! What is known about the request that is being answered: its id and path, for answers and logs alike.

use actix_web::http::header::{HeaderMap, HeaderName};
use std::sync::Arc;
use uuid::Uuid;

#[derive(Debug, Clone)]
pub(crate) struct Current {
    pub(crate) id: String,
    pub(crate) path: String,
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
        Arc::new(Current {
            id: Uuid::now_v7().to_string(),
            path: String::new(),
        })
    })
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
        .map_or_else(|| Uuid::now_v7().to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

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
