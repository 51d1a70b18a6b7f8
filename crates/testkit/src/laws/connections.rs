//! Laws of [`ports::connections::ConnectionStore`].

use super::tools::{connected, one_wins, race, refused};
use crate::Stores;
use crate::builders::{at, connection, day, scope, store, store_of};
use domain::connection::{
    AuthKind, Connection, ConnectionState, LastError, MissingScope, WebhookState,
};
use ports::Kind;

/// The same shop as number 1 of workspace 1, under the id and store of `number`.
fn same_shop(number: u32) -> Connection {
    Connection {
        domain: connection(1, 1).domain,
        base_url: connection(1, 1).base_url,
        ..connection(1, number)
    }
}

pub async fn a_connection_reads_back_whole(stores: Stores) {
    connected(&stores, 1, 1).await;
    let mut full = connection(1, 2);
    full.api_version_answered = Some("2026-07".to_owned());
    full.is_sandbox = true;
    full.auth = AuthKind::ClientCredentials;
    full.state = ConnectionState::Degraded;
    full.state_reason = Some("no webhooks".to_owned());
    full.scopes.missing.push(MissingScope {
        scope: "read_customers".to_owned(),
        costs: "No customer is named.".to_owned(),
        required: false,
        for_changes: false,
    });
    full.webhooks = WebhookState::Missing("the address is private".to_owned());
    full.backfill_from = Some(day("2020-02-29"));
    full.last_success_at = Some(at("2026-01-02T03:04:05Z"));
    full.last_error = Some(LastError {
        at: at("2026-01-02T03:04:06Z"),
        message: "no answer".to_owned(),
        remedy: "wait".to_owned(),
    });
    full.from_environment = true;
    stores
        .connections
        .save(&full, &store_of(&full))
        .await
        .expect("saved");
    let found = stores.connections.find(full.workspace, full.id).await;
    assert_eq!(found.expect("answered"), Some(full.clone()));
    let found = stores.connections.find_anywhere(full.id).await;
    assert_eq!(found.expect("answered"), Some(full.clone()));
    let kept = stores
        .connections
        .stores(full.workspace)
        .await
        .expect("listed");
    assert_eq!(kept, [store(1, 1), store_of(&full)]);
    let unknown = connection(1, 9).id;
    assert_eq!(
        stores
            .connections
            .find_anywhere(unknown)
            .await
            .expect("answered"),
        None
    );
}

pub async fn saving_again_replaces_connection_and_store(stores: Stores) {
    connected(&stores, 1, 1).await;
    let mut changed = connection(1, 1);
    changed.name = "Renamed".to_owned();
    changed.domain = "renamed.example".to_owned();
    let mut of = store_of(&changed);
    of.timezone = "Europe/Berlin".to_owned();
    stores.connections.save(&changed, &of).await.expect("saved");
    let listed = stores.connections.list(None).await.expect("listed");
    assert_eq!(listed, [changed.clone()]);
    assert_eq!(
        stores
            .connections
            .stores(changed.workspace)
            .await
            .expect("listed"),
        [of]
    );
}

pub async fn a_second_connection_to_the_same_shop_is_a_conflict(stores: Stores) {
    connected(&stores, 1, 1).await;
    let second = same_shop(2);
    refused(
        stores.connections.save(&second, &store_of(&second)).await,
        Kind::Conflict,
    );
    let found = stores
        .connections
        .find_anywhere(second.id)
        .await
        .expect("answered");
    assert_eq!(found, None);
    let kept = stores
        .connections
        .stores(second.workspace)
        .await
        .expect("listed");
    assert_eq!(kept, [store(1, 1)], "nothing was written");

    let sandbox = Connection {
        base_url: "http://127.0.0.1:4010".to_owned(),
        ..same_shop(3)
    };
    stores
        .connections
        .save(&sandbox, &store_of(&sandbox))
        .await
        .expect("another base URL");
    let elsewhere = Connection {
        domain: connection(1, 1).domain,
        base_url: connection(1, 1).base_url,
        ..connection(2, 1)
    };
    stores
        .connections
        .save(&elsewhere, &store_of(&elsewhere))
        .await
        .expect("another workspace");
}

pub async fn of_many_connections_to_one_shop_at_once_one_is_saved(stores: Stores) {
    let results = race(|n| {
        let (connections, connection) = (stores.connections.clone(), same_shop(n + 1));
        async move { connections.save(&connection, &store_of(&connection)).await }
    })
    .await;
    one_wins(&results);
    assert_eq!(
        stores.connections.list(None).await.expect("listed").len(),
        1
    );
}

pub async fn an_update_replaces_the_connection_alone(stores: Stores) {
    connected(&stores, 1, 1).await;
    let mut changed = connection(1, 1);
    changed.state = ConnectionState::Down;
    changed.name = "Renamed".to_owned();
    stores.connections.update(&changed).await.expect("updated");
    let found = stores
        .connections
        .find_anywhere(changed.id)
        .await
        .expect("answered");
    assert_eq!(found, Some(changed.clone()));
    let kept = stores
        .connections
        .stores(changed.workspace)
        .await
        .expect("listed");
    assert_eq!(kept, [store(1, 1)]);
    refused(
        stores.connections.update(&connection(1, 2)).await,
        Kind::NotFound,
    );
    assert_eq!(
        stores.connections.list(None).await.expect("listed").len(),
        1
    );
}

pub async fn connections_are_listed_oldest_first(stores: Stores) {
    for (workspace, number) in [(1, 3), (2, 2), (1, 1), (1, 4)] {
        connected(&stores, workspace, number).await;
    }
    let numbers = |list: &[Connection]| -> Vec<_> { list.iter().map(|c| c.name.clone()).collect() };
    let all = stores.connections.list(None).await.expect("listed");
    assert_eq!(numbers(&all), ["Shop 1", "Shop 2", "Shop 3", "Shop 4"]);
    let workspace = scope(1, 1).workspace;
    let own = stores
        .connections
        .list(Some(workspace))
        .await
        .expect("listed");
    assert_eq!(numbers(&own), ["Shop 1", "Shop 3", "Shop 4"]);
    let of: Vec<_> = stores.connections.stores(workspace).await.expect("listed");
    assert_eq!(of, [store(1, 1), store(1, 3), store(1, 4)]);
}

#[macro_export]
macro_rules! connection_laws {
    ($make:ident) => {
        $crate::laws!(
            connections,
            $make,
            [
                a_connection_reads_back_whole,
                saving_again_replaces_connection_and_store,
                a_second_connection_to_the_same_shop_is_a_conflict,
                of_many_connections_to_one_shop_at_once_one_is_saved,
                an_update_replaces_the_connection_alone,
                connections_are_listed_oldest_first,
            ]
        );
        $crate::laws!(
            connection_removals,
            $make,
            [
                a_removed_connection_takes_its_webhooks_and_sync_state_with_it,
                a_store_outlives_its_connection,
                a_purge_leaves_nothing_of_the_store,
            ]
        );
    };
}
