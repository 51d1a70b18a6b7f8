//! What an adapter asks for: where, with what effect, within which limits.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::key::Effect;
use crate::response::Response;
use crate::verdict::{Classify, Verdict};

/// Which body a 2xx answer must carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// `application/json` or `…+json`, and well-formed; anything else is a failure.
    Json,
    Anything,
}

#[derive(Debug, Clone)]
pub(crate) enum Target {
    /// Below the client's base URL.
    Path(String),
    /// Elsewhere: gets none of the client's headers.
    Absolute(Url),
}

/// One call, described. Repeating it sends exactly the same bytes.
#[derive(Clone)]
pub struct Request {
    pub(crate) operation: &'static str,
    pub(crate) effect: Effect,
    pub(crate) method: Method,
    pub(crate) target: Target,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Bytes>,
    pub(crate) cost: f64,
    pub(crate) expect: Expect,
    pub(crate) total: Option<Duration>,
    pub(crate) first_byte: Option<Duration>,
    pub(crate) slow_after: Option<Duration>,
    pub(crate) max_body: Option<usize>,
    pub(crate) classify: Option<Classify>,
    /// A credential that no header can carry; reported when the request is sent.
    pub(crate) bad_header: Option<HeaderName>,
}

impl Request {
    /// `operation` is the port's name of what is done, e.g. `orders.page`; `path` is appended to the base URL's path.
    #[must_use]
    pub fn new(
        operation: &'static str,
        method: Method,
        path: impl Into<String>,
        effect: Effect,
    ) -> Self {
        Self::to(operation, method, Target::Path(path.into()), effect)
    }

    /// A read with GET.
    #[must_use]
    pub fn get(operation: &'static str, path: impl Into<String>) -> Self {
        Self::new(operation, Method::GET, path, Effect::Read)
    }

    /// A read of a URL that the provider gave, e.g. a file to download. The client's headers are not sent there.
    #[must_use]
    pub fn get_url(operation: &'static str, url: Url) -> Self {
        Self::to(operation, Method::GET, Target::Absolute(url), Effect::Read)
            .expect(Expect::Anything)
    }

    fn to(operation: &'static str, method: Method, target: Target, effect: Effect) -> Self {
        Self {
            operation,
            effect,
            method,
            target,
            query: Vec::new(),
            headers: HeaderMap::new(),
            body: None,
            cost: 1.0,
            expect: Expect::Json,
            total: None,
            first_byte: None,
            slow_after: None,
            max_body: None,
            classify: None,
            bad_header: None,
        }
    }

    /// Appends one parameter to the query string.
    #[must_use]
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// A header that no log shows; overrides the client's of the same name.
    #[must_use]
    pub fn secret_header(mut self, name: HeaderName, value: &SecretString) -> Self {
        match secret_value(value) {
            Some(value) => drop(self.headers.insert(name, value)),
            None => self.bad_header = Some(name),
        }
        self
    }

    #[must_use]
    pub fn json(self, body: &serde_json::Value) -> Self {
        self.body(
            HeaderValue::from_static("application/json"),
            body.to_string(),
        )
    }

    /// `application/x-www-form-urlencoded`.
    #[must_use]
    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        let text = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        self.body(
            HeaderValue::from_static("application/x-www-form-urlencoded"),
            text,
        )
    }

    #[must_use]
    pub fn body(mut self, content_type: HeaderValue, body: impl Into<Bytes>) -> Self {
        self.headers.insert(CONTENT_TYPE, content_type);
        self.body = Some(body.into());
        self
    }

    /// Points that the call will probably cost in the provider's own count. Default 1.
    #[must_use]
    pub fn cost(mut self, points: f64) -> Self {
        self.cost = points;
        self
    }

    /// Default [`Expect::Json`].
    #[must_use]
    pub fn expect(mut self, expect: Expect) -> Self {
        self.expect = expect;
        self
    }

    /// Limit of the whole step with its waits and tries; what is left of a job's deadline.
    #[must_use]
    pub fn within(mut self, total: Duration) -> Self {
        self.total = Some(total);
        self
    }

    /// Limit until the answer's head, and the line above which the call counts as slow (a model: 60 s).
    #[must_use]
    pub fn first_byte_within(mut self, limit: Duration) -> Self {
        self.first_byte = Some(limit);
        self.slow_after = Some(limit);
        self
    }

    /// Largest body, when the client's cap does not fit.
    #[must_use]
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = Some(bytes);
        self
    }

    /// Reads this call's answer in its own way instead of the client's.
    #[must_use]
    pub fn classify(
        mut self,
        classify: impl Fn(&Response) -> Verdict + Send + Sync + 'static,
    ) -> Self {
        self.classify = Some(Arc::new(classify));
        self
    }

    pub(crate) fn url(&self, base: &Url) -> Url {
        let mut url = match &self.target {
            Target::Absolute(url) => url.clone(),
            Target::Path(path) => {
                let mut url = base.clone();
                let joined = format!(
                    "{}/{}",
                    base.path().trim_end_matches('/'),
                    path.trim_start_matches('/')
                );
                url.set_path(if path.is_empty() {
                    base.path()
                } else {
                    &joined
                });
                url
            }
        };
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        url
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("operation", &self.operation)
            .field("effect", &self.effect)
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}

pub(crate) fn secret_value(secret: &SecretString) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(secret.expose_secret()).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// Scheme, host and port: what a message may name of a URL.
pub(crate) fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}
