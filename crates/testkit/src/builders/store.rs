//! Scopes, connections, stores and runs, all by number: `scope(2, 1)` is workspace 2, store 1.

use super::{at, currency};
use chrono::{DateTime, Duration, Utc};
use domain::connection::{AuthKind, Connection, ConnectionState, Provider, Scopes, WebhookState};
use domain::ids::{ConnectionId, StoreId, StoreScope, SyncId, WorkspaceId};
use domain::store::Store;
use domain::sync::{SyncKind, SyncRun};
use uuid::Uuid;

#[must_use]
pub fn scope(workspace: u32, store: u32) -> StoreScope {
    StoreScope {
        workspace: WorkspaceId(numbered(1, workspace, 0)),
        store: StoreId(numbered(2, store, workspace)),
    }
}

/// The connection of [`scope`]`(workspace, number)`, to the shop `shop-{number}.example`.
#[must_use]
pub fn connection(workspace: u32, number: u32) -> Connection {
    let scope = scope(workspace, number);
    connection_of(scope, ConnectionId(numbered(3, number, workspace)), number)
}

#[must_use]
pub fn connection_of(scope: StoreScope, id: ConnectionId, number: u32) -> Connection {
    Connection {
        id,
        workspace: scope.workspace,
        store: scope.store,
        provider: Provider::Shopify,
        name: format!("Shop {number}"),
        domain: format!("shop-{number}.example"),
        base_url: format!("https://shop-{number}.example"),
        api_version: "2026-10".to_owned(),
        api_version_answered: None,
        is_sandbox: false,
        auth: AuthKind::AccessToken,
        state: ConnectionState::Ok,
        state_reason: None,
        scopes: Scopes {
            granted: vec!["read_orders".to_owned(), "read_products".to_owned()],
            missing: Vec::new(),
        },
        webhooks: WebhookState::Unknown,
        backfill_from: None,
        created_at: created_at(number),
        last_success_at: None,
        last_error: None,
        from_environment: false,
    }
}

#[must_use]
pub fn store(workspace: u32, number: u32) -> Store {
    store_of(&connection(workspace, number))
}

#[must_use]
pub fn store_of(connection: &Connection) -> Store {
    Store {
        scope: StoreScope {
            workspace: connection.workspace,
            store: connection.store,
        },
        connection: connection.id,
        name: connection.name.clone(),
        domain: connection.domain.clone(),
        currency: currency("USD"),
        timezone: "America/New_York".to_owned(),
        is_sandbox: connection.is_sandbox,
        created_at: connection.created_at,
    }
}

/// A queued backfill of the connection.
#[must_use]
pub fn sync_run(connection: &Connection, number: u32) -> SyncRun {
    let scope = StoreScope {
        workspace: connection.workspace,
        store: connection.store,
    };
    let id = SyncId(Uuid::from_u128(
        connection.id.0.as_u128() ^ (u128::from(number) << 64) ^ (7 << 120),
    ));
    SyncRun::queued(
        id,
        scope,
        connection.id,
        SyncKind::Backfill,
        created_at(number),
    )
}

/// Later numbers are younger.
fn created_at(number: u32) -> DateTime<Utc> {
    at("2026-01-01T00:00:00Z") + Duration::minutes(i64::from(number))
}

/// Unlike for unlike arguments.
pub(super) fn numbered(kind: u8, number: u32, within: u32) -> Uuid {
    Uuid::from_u128((u128::from(kind) << 112) | (u128::from(within) << 40) | u128::from(number))
}
