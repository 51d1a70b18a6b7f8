//! One GraphQL call: token, version, cost, errors. Knows no kind of fact.

use crate::config::Config;
use crate::documents::{Document, Gate};
use crate::errors::{About, Said, translate};
use crate::memory::Memory;
use crate::notes::Notes;
use crate::shop::Shop;
use crate::verdict::verdict;
use crate::wire::{Envelope, GraphError};
use adapter_kit::header::{HeaderName, LOCATION};
use adapter_kit::{Access, Effect, HttpClient, Method, Request, Response, Url};
use ports::source::SourceAuth;
use ports::{Kind, PortError, PortResult, Retry};
use secrecy::SecretString;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::sync::Arc;

pub(crate) const PROVIDER: &str = "shopify";
const TOKEN_HEADER: HeaderName = HeaderName::from_static("x-shopify-access-token");

/// The way to one shop under one set of credentials.
pub(crate) struct Client {
    pub(crate) http: HttpClient,
    /// The token endpoint fails apart from the API.
    pub(crate) tokens: HttpClient,
    /// Result files lie on another host.
    pub(crate) files: HttpClient,
    pub(crate) shop: Shop,
    pub(crate) version: String,
    pub(crate) auth: SourceAuth,
    pub(crate) memory: Arc<Memory>,
    pub(crate) config: Config,
}

/// Data, and the fields in it that were refused.
#[derive(Debug)]
pub(crate) struct Answer<T> {
    pub(crate) data: T,
    pub(crate) denied: Vec<GraphError>,
}

impl Client {
    #[must_use]
    pub(crate) fn about(&self) -> About<'_> {
        About {
            shop: &self.shop.domain,
            version: &self.version,
        }
    }

    pub(crate) fn error(
        &self,
        kind: Kind,
        retry: Retry,
        operation: &'static str,
        detail: impl Into<String>,
    ) -> PortError {
        PortError::new(kind, retry, PROVIDER, operation, detail)
    }

    pub(crate) fn said(&self, operation: &'static str, said: Said<'_>) -> PortError {
        let trouble = translate(said, self.about());
        self.error(trouble.kind, trouble.retry, operation, trouble.detail)
    }

    pub(crate) fn unreadable(
        &self,
        operation: &'static str,
        why: &crate::map::Unreadable,
    ) -> PortError {
        let detail = format!("{}: {why}", self.shop.domain);
        self.error(Kind::Corrupt, Retry::Never, operation, detail)
    }

    pub(crate) fn not_granted(
        &self,
        operation: &'static str,
        field: &str,
        scope: &str,
    ) -> PortError {
        let said = Said::Graph {
            code: "ACCESS_DENIED",
            message: "",
            field,
            required: Some(scope),
        };
        self.said(operation, said)
    }

    /// A read. A refused field comes back null and stands in the notes; a refused field without which there is no answer
    /// at all is left out of the document, and out of all later ones.
    ///
    /// # Errors
    /// As [`HttpClient::send`]; `Forbidden` when what was asked for is not granted; `Corrupt` when a filter was not understood.
    pub(crate) async fn read<T: DeserializeOwned>(
        &self,
        document: &Document,
        variables: Value,
        notes: &mut Notes,
    ) -> PortResult<T> {
        let answer = self.ask(document, variables, Effect::Read, notes).await?;
        for denied in &answer.denied {
            self.note_denied(denied, notes);
        }
        Ok(answer.data)
    }

    /// A read of which nothing may be missing: what was refused would look like what is not there.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub(crate) async fn read_whole<T: DeserializeOwned>(
        &self,
        document: &Document,
        variables: Value,
    ) -> PortResult<T> {
        let mut notes = Notes::default();
        let asked = self
            .ask(document, variables, Effect::Read, &mut notes)
            .await;
        let answer: Answer<T> = asked?;
        if answer.denied.is_empty() {
            Ok(answer.data)
        } else {
            Err(self.graph_error(document, &answer.denied))
        }
    }

    /// A write that carries no key: never repeated blindly.
    ///
    /// # Errors
    /// As [`Self::read`]; `Retry::Reconcile` when the answer was lost.
    pub(crate) async fn write<T: DeserializeOwned>(
        &self,
        document: &Document,
        variables: Value,
        notes: &mut Notes,
    ) -> PortResult<T> {
        let effect = Effect::Write { idempotent: false };
        Ok(self.ask(document, variables, effect, notes).await?.data)
    }

    /// A change of the shop. What was refused as not granted was not made, whatever else stands in the answer. `keyed`: it carries
    /// the provider's own idempotency key, so a lost one is repeated at once.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub(crate) async fn change<T: DeserializeOwned>(
        &self,
        document: &Document,
        variables: Value,
        keyed: bool,
    ) -> PortResult<T> {
        let effect = Effect::Write { idempotent: keyed };
        let mut notes = Notes::default();
        let asked = self.ask(document, variables, effect, &mut notes).await;
        let answer: Answer<T> = match asked {
            // Each of the tries may have come through.
            Err(e) if keyed => return Err(unsure(e, effect)),
            other => other?,
        };
        if answer.denied.is_empty() {
            Ok(answer.data)
        } else {
            Err(self.graph_error(document, &answer.denied))
        }
    }

    /// A read only for its refusals.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub(crate) async fn probe<T: DeserializeOwned>(
        &self,
        document: &Document,
        variables: Value,
        notes: &mut Notes,
    ) -> PortResult<Vec<GraphError>> {
        let answer: Answer<T> = self.ask(document, variables, Effect::Read, notes).await?;
        Ok(answer.denied)
    }

    fn note_denied(&self, denied: &GraphError, notes: &mut Notes) {
        let field = denied.field().unwrap_or("a field");
        let what = Gate::of_field(field).map_or("", Gate::costs);
        notes.add(
            "scope_missing",
            format!("{} does not grant {field}: {what}", self.shop.domain),
        );
    }

    /// One document, again without the parts that this shop refuses or does not know.
    async fn ask<T: DeserializeOwned>(
        &self,
        document: &Document,
        variables: Value,
        effect: Effect,
        notes: &mut Notes,
    ) -> PortResult<Answer<T>> {
        loop {
            let text = document.text(&self.memory.closed());
            let response = self.post(document, &text, &variables, effect).await?;
            self.compare_version(&response, notes);
            let envelope: Envelope<T> = response.json().map_err(|e| unsure(e, effect))?;
            let errors = envelope.errors.unwrap_or_default();
            self.refuse_search_warnings(document, envelope.extensions.as_ref())?;
            match envelope.data {
                Some(data) if errors.iter().all(|e| e.code() == "ACCESS_DENIED") => {
                    return Ok(Answer {
                        data,
                        denied: errors,
                    });
                }
                _ => {}
            }
            if !self.close_gates(&errors, notes) {
                return Err(unsure(self.graph_error(document, &errors), effect));
            }
        }
    }

    /// Closes the gates behind which refused or unknown fields stand; `false` when there is nothing more to close.
    pub(crate) fn close_gates(&self, errors: &[GraphError], notes: &mut Notes) -> bool {
        let mut closed = false;
        for error in errors {
            let unknown = error.code() == "undefinedField";
            if error.code() != "ACCESS_DENIED" && !unknown {
                return false;
            }
            let Some(gate) = error.field().and_then(Gate::of_field) else {
                return false;
            };
            if self.memory.close(gate) {
                closed = true;
                let code = if unknown {
                    "field_unknown"
                } else {
                    "scope_missing"
                };
                notes.add(code, format!("{}: {}", self.shop.domain, gate.costs()));
            }
        }
        closed
    }

    pub(crate) fn graph_error(&self, document: &Document, errors: &[GraphError]) -> PortError {
        // A throttled or broken answer outranks what was refused beside it: it passes.
        let passing =
            |e: &&GraphError| matches!(e.code(), "THROTTLED" | "INTERNAL_SERVER_ERROR" | "TIMEOUT");
        let Some(error) = errors.iter().find(passing).or_else(|| errors.first()) else {
            return self.error(
                Kind::Corrupt,
                Retry::After(std::time::Duration::from_secs(5)),
                document.operation,
                format!(
                    "{} answered with neither data nor errors.",
                    self.shop.domain
                ),
            );
        };
        self.said(
            document.operation,
            Said::Graph {
                code: error.code(),
                message: &error.message,
                field: error.field().unwrap_or("what was asked for"),
                required: error
                    .extensions
                    .as_ref()
                    .and_then(|e| e.required_access.as_deref()),
            },
        )
    }

    fn refuse_search_warnings(
        &self,
        document: &Document,
        extensions: Option<&crate::wire::Extensions>,
    ) -> PortResult<()> {
        let notes = extensions
            .and_then(|e| e.search.as_deref())
            .unwrap_or_default();
        let warned = notes
            .iter()
            .find_map(|n| n.warnings.as_ref().filter(|w| !w.is_empty()));
        match warned {
            None => Ok(()),
            Some(warnings) => {
                let message = Value::Array(warnings.clone()).to_string();
                Err(self.said(document.operation, Said::Search { message: &message }))
            }
        }
    }

    fn compare_version(&self, response: &Response, notes: &mut Notes) {
        let Some(answered) = response.header("x-shopify-api-version") else {
            return;
        };
        self.memory.set_answered(answered);
        if answered != self.version {
            notes.add(
                "version_fell_forward",
                format!(
                    "{} was asked for Admin API {} and answered with {answered}: the version is retired or not there yet. Set the API version to {} or update this program.",
                    self.shop.domain, self.version, crate::config::API_VERSION
                ),
            );
        }
    }

    async fn post(
        &self,
        document: &Document,
        text: &str,
        variables: &Value,
        effect: Effect,
    ) -> PortResult<Response> {
        let mut renewed = false;
        loop {
            let token = self
                .memory
                .token
                .get(&self.auth, &self.tokens, self.about())
                .await?;
            let request = self.request(document, text, variables, effect, &token, renewed);
            let sent = self.http.send(&request).await;
            let response = sent.map_err(|e| self.name_credentials(e))?;
            let status = response.status.as_u16();
            if status == 401 && !renewed {
                renewed = self.memory.token.drop_refused(&self.auth, &token).await;
                if renewed {
                    continue;
                }
            }
            if !response.status.is_success() {
                let redirect = response
                    .header(LOCATION.as_str())
                    .and_then(|l| Url::parse(l).ok())
                    .and_then(|u| u.host_str().map(str::to_owned));
                let said = Said::Status {
                    status,
                    redirect: redirect.as_deref(),
                };
                return Err(self.said(document.operation, said));
            }
            return Ok(response);
        }
    }

    fn request(
        &self,
        document: &Document,
        text: &str,
        variables: &Value,
        effect: Effect,
        token: &SecretString,
        renewed: bool,
    ) -> Request {
        // A token that can be fetched anew is no broken credential until the new one is refused too.
        let renewable = matches!(self.auth, SourceAuth::ClientCredentials { .. }) && !renewed;
        Request::new(
            document.operation,
            Method::POST,
            format!("admin/api/{}/graphql.json", self.version),
            effect,
        )
        .secret_header(TOKEN_HEADER, token)
        .json(&json!({ "query": text, "variables": variables }))
        .cost(document.cost)
        .classify(move |response| verdict(response, renewable))
    }

    /// The transport's own words for refused credentials do not say where to find better ones.
    fn name_credentials(&self, error: PortError) -> PortError {
        let status = match error.kind {
            Kind::Unauthorized => 401,
            Kind::Forbidden => 403,
            _ => return error,
        };
        let said = Said::Status {
            status,
            redirect: None,
        };
        self.said(error.operation, said).with_source(error)
    }
}

/// An answer that says nothing about a write leaves open whether it was made.
fn unsure(mut error: PortError, effect: Effect) -> PortError {
    let says_nothing = matches!(
        error.kind,
        Kind::Unavailable | Kind::Corrupt | Kind::Cancelled
    );
    if effect.access() == Access::Write && says_nothing {
        error.retry = Retry::Reconcile;
    }
    error
}
