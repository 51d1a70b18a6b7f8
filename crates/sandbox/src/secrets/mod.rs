//! Secret managers over their real protocols: HashiCorp Vault (`/vault`) and AWS Secrets Manager (`/aws`).
//!
//! `POST /__secrets` sets what they hold and how they misbehave.

mod aws;
mod vault;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use actix_web::web::{Data, Json, ServiceConfig};
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::app::lock;

/// What both managers hold.
#[derive(Default)]
pub(crate) struct Managers(Mutex<State>);

#[derive(Default)]
struct State {
    /// `mount/path` of Vault and the names of AWS.
    entries: BTreeMap<String, Map<String, Value>>,
    /// Deleted, so that Vault answers 404 with a body.
    deleted: BTreeSet<String>,
    /// Vault's tokens with their end; the first one never ends.
    tokens: BTreeMap<String, Option<Instant>>,
    token_seconds: u64,
    renewals: u64,
    sign_ins: u64,
    /// How often the agent lent keys.
    lent: u64,
    sealed: bool,
    slow_ms: u64,
    forbidden: bool,
    throttled: u32,
}

/// What can be changed; what is left out stays.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    #[serde(default)]
    put: BTreeMap<String, Map<String, Value>>,
    #[serde(default)]
    delete: Vec<String>,
    sealed: Option<bool>,
    slow_ms: Option<u64>,
    forbidden: Option<bool>,
    /// So many of the next calls are told to come later.
    throttled: Option<u32>,
    /// Life of the tokens that are given from now on.
    token_seconds: Option<u64>,
    #[serde(default)]
    revoke_tokens: bool,
}

/// The token that always works, as the Shopify one does.
const TOKEN: &str = "sandbox";

pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .route("/__secrets", web::get().to(show))
        .route("/__secrets", web::post().to(change))
        .configure(vault::routes)
        .configure(aws::routes);
}

async fn show(managers: Data<Managers>) -> HttpResponse {
    let state = lock(&managers.0);
    let names: Vec<_> = state.entries.keys().collect();
    HttpResponse::Ok().json(json!({"entries": names, "sealed": state.sealed, "renewals": state.renewals, "sign_ins": state.sign_ins, "lent": state.lent}))
}

async fn change(managers: Data<Managers>, change: Json<Change>) -> HttpResponse {
    let change = change.into_inner();
    let mut state = lock(&managers.0);
    for (name, fields) in change.put {
        state.deleted.remove(&name);
        state.entries.insert(name, fields);
    }
    for name in change.delete {
        state.entries.remove(&name);
        state.deleted.insert(name);
    }
    state.sealed = change.sealed.unwrap_or(state.sealed);
    state.slow_ms = change.slow_ms.unwrap_or(state.slow_ms);
    state.forbidden = change.forbidden.unwrap_or(state.forbidden);
    state.throttled = change.throttled.unwrap_or(state.throttled);
    state.token_seconds = change.token_seconds.unwrap_or(state.token_seconds);
    if change.revoke_tokens {
        state.tokens.clear();
    }
    HttpResponse::NoContent().finish()
}

impl Managers {
    /// Waits as long as the fault says.
    async fn dawdle(&self) {
        let wait = lock(&self.0).slow_ms;
        if wait > 0 {
            tokio::time::sleep(Duration::from_millis(wait)).await;
        }
    }
}
