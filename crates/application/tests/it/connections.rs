use crate::world::{SHOP, World};
use application::connections::{ConnectError, EnvironmentConnection};
use domain::audit::Actor;
use domain::connection::{ConnectionState, MissingScope};
use domain::ids::VariantId;
use ports::source::{SourceAuth, SourceBundle, SourceIdentity, StoreSource as _};
use ports::{Kind, Retry};
use secrecy::SecretString;
use testkit::fakes::{SourceCall, SourceOperation};

#[tokio::test]
async fn a_connection_is_probed_before_anything_is_kept() {
    let world = World::new().await;
    world
        .shop
        .fail_next(SourceOperation::Identify, Kind::Unauthorized, Retry::Never);
    let refused = world.connections.connect(world.wanted("acme")).await;
    assert!(matches!(refused, Err(ConnectError::BadCredentials(_))));
    let nobody = world.connections.connect(world.wanted("nobody")).await;
    assert!(matches!(nobody, Err(ConnectError::BadShop(_))));
    assert!(
        world
            .connections
            .list(world.workspace)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn what_profit_needs_must_be_granted_the_rest_degrades() {
    let world = World::new().await;
    let grant = async |required, for_changes| {
        let identity = world.shop.identify().await.unwrap();
        let missing = MissingScope {
            scope: "read_orders".into(),
            costs: "no orders".into(),
            required,
            for_changes,
        };
        let scopes = domain::connection::Scopes {
            granted: vec![],
            missing: vec![missing],
        };
        world
            .shop
            .set_identity(SourceIdentity { scopes, ..identity });
    };
    grant(true, false).await;
    let refused = world.connections.connect(world.wanted("acme")).await;
    assert!(matches!(refused, Err(ConnectError::MissingScopes(m)) if m[0].scope == "read_orders"));
    grant(false, false).await;
    let view = world.connected().await;
    assert_eq!(view.connection.state, ConnectionState::Degraded);
    assert!(
        view.connection
            .state_reason
            .unwrap()
            .contains("read_orders")
    );
}

#[tokio::test]
async fn what_only_changes_need_leaves_a_connection_whole() {
    let world = World::new().await;
    let identity = world.shop.identify().await.unwrap();
    let missing = MissingScope {
        scope: "write_products".into(),
        costs: "no changes of prices".into(),
        required: false,
        for_changes: true,
    };
    let scopes = domain::connection::Scopes {
        granted: vec![],
        missing: vec![missing],
    };
    world
        .shop
        .set_identity(SourceIdentity { scopes, ..identity });
    let connection = world.connected().await.connection;
    assert_eq!(connection.state, ConnectionState::Ok);
    assert_eq!(connection.state_reason, None);
    assert_eq!(connection.scopes.missing.len(), 1);
}

#[tokio::test]
async fn the_same_shop_is_connected_once() {
    let world = World::new().await;
    world.connected().await;
    let again = world
        .connections
        .connect(world.wanted("https://acme.example/"))
        .await;
    assert!(matches!(again, Err(ConnectError::AlreadyConnected)));
}

#[tokio::test]
async fn webhooks_are_asked_for_under_the_public_address() {
    let world = World::new().await;
    let id = world.connected().await.connection.id;
    let expected = format!("https://royal.example/v1/webhooks/shopify/{id}");
    assert!(
        world
            .shop
            .calls()
            .contains(&SourceCall::Subscribe(expected))
    );
}

#[tokio::test]
async fn the_environment_s_connection_is_made_once_and_renewed() {
    let world = World::new().await;
    let wanted = |token: &str| EnvironmentConnection {
        shop: SHOP.into(),
        base_url: None,
        api_version: None,
        auth: SourceAuth::AccessToken(SecretString::from(token.to_owned())),
        webhook_secrets: vec![],
    };
    let first = world
        .connections
        .ensure_from_environment(&wanted("a"))
        .await
        .unwrap()
        .unwrap();
    world.clock.advance(chrono::Duration::hours(1));
    let second = world
        .connections
        .ensure_from_environment(&wanted("b"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (first.id, first.store, first.created_at),
        (second.id, second.store, second.created_at)
    );
    assert!(second.from_environment);
    assert_eq!(
        world.connections.list(world.workspace).await.unwrap().len(),
        1
    );
}

#[tokio::test]
async fn a_removed_connection_takes_its_credentials_along_and_leaves_its_store() {
    let world = World::new().await;
    let connection = world.connected().await.connection;
    assert!(
        world
            .connections
            .remove(world.workspace, connection.id, false, Actor::system())
            .await
            .unwrap()
    );
    assert!(
        !world
            .connections
            .remove(world.workspace, connection.id, false, Actor::system())
            .await
            .unwrap()
    );
    let name = ports::secrets::SecretName {
        workspace: world.workspace,
        name: format!("connection/{}/auth", connection.id),
    };
    assert!(world.ports.vault.get(&name).await.unwrap().is_none());
    assert_eq!(
        world
            .ports
            .connections
            .stores(world.workspace)
            .await
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn bundles_are_asked_of_the_shop_and_what_settings_would_refuse_is_named() {
    let world = World::new().await;
    let store = world.connected().await.store.unwrap();
    let bundle = |id, parts: Option<&[i64]>| SourceBundle {
        variant: VariantId(id),
        components: parts.map(|p| p.iter().map(|v| (VariantId(*v), 2)).collect()),
    };
    let told = vec![
        bundle(1, Some(&[10, 11])),
        bundle(2, Some(&[1])),
        bundle(3, None),
    ];
    world.shop.set_bundles(told);
    let found = world.connections.shop_bundles(&store).await.unwrap();
    assert_eq!(found.bundles.keys().map(|id| id.0).collect::<Vec<_>>(), [1]);
    assert_eq!(
        found
            .left_out
            .iter()
            .map(|(id, _)| id.0)
            .collect::<Vec<_>>(),
        [2, 3]
    );
    world
        .shop
        .fail_next(SourceOperation::Bundles, Kind::Forbidden, Retry::Never);
    let refused = world.connections.shop_bundles(&store).await.unwrap_err();
    assert_eq!(refused.kind, Kind::Forbidden);
}
