//! Laws of [`ports::agents::AgentConfigs`].

use super::members::actions;
use super::tools::{connected, one_wins, race, refused};
use crate::Stores;
use crate::builders::{agent_config, audit_entry, connection, scope};
use domain::agents::AgentConfig;
use domain::ids::{StoreScope, WorkspaceId};
use ports::events::AGENTS_CHANGED;
use ports::{Kind, PortResult};

async fn try_save(stores: &Stores, config: &AgentConfig) -> PortResult<()> {
    let entry = audit_entry(config.scope.workspace, "agent.set");
    stores.agent_configs.save(config, &entry).await
}

async fn save(stores: &Stores, scope: StoreScope, agent: &str, version: i64) -> AgentConfig {
    let config = agent_config(scope, agent, version);
    try_save(stores, &config).await.expect("saved");
    config
}

async fn find(stores: &Stores, scope: StoreScope, agent: &str) -> Option<AgentConfig> {
    let found = stores.agent_configs.find(scope, agent).await;
    found.expect("answered")
}

async fn version(
    stores: &Stores,
    scope: StoreScope,
    agent: &str,
    version: i64,
) -> Option<AgentConfig> {
    let found = stores.agent_configs.version(scope, agent, version).await;
    found.expect("answered")
}

async fn list(stores: &Stores, workspace: WorkspaceId) -> Vec<AgentConfig> {
    stores.agent_configs.list(workspace).await.expect("listed")
}

/// Agents and versions that the log tells of, oldest first.
async fn told(stores: &Stores, workspace: WorkspaceId) -> Vec<(String, Option<i64>)> {
    let events = stores.events.since(workspace, 0, 1000).await;
    let events = events.expect("read").into_iter().map(|e| e.event);
    events
        .filter(|e| e.kind == AGENTS_CHANGED && e.entity_kind == "agent")
        .map(|e| {
            assert_eq!(e.data["agent"], e.entity_id);
            (e.entity_id, e.version)
        })
        .collect()
}

pub async fn the_newest_version_is_found_whole_and_earlier_ones_stay(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    assert_eq!(find(&stores, here, "pricing").await, None);
    let first = save(&stores, here, "pricing", 1).await;
    assert_eq!(find(&stores, here, "pricing").await, Some(first.clone()));
    let second = save(&stores, here, "pricing", 2).await;
    assert_ne!(first, second);
    assert_eq!(find(&stores, here, "pricing").await, Some(second.clone()));
    for (number, expected) in [(0, None), (1, Some(first)), (2, Some(second)), (3, None)] {
        assert_eq!(version(&stores, here, "pricing", number).await, expected);
    }
}

pub async fn settings_of_another_store_agent_or_workspace_are_not_seen(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    save(&stores, here, "pricing", 1).await;
    let borrowed = StoreScope {
        workspace: scope(2, 1).workspace,
        ..here
    };
    for other in [scope(1, 2), scope(2, 1), borrowed] {
        assert_eq!(find(&stores, other, "pricing").await, None);
        assert_eq!(version(&stores, other, "pricing", 1).await, None);
    }
    assert_eq!(find(&stores, here, "Pricing").await, None);
    assert_eq!(version(&stores, here, "stock", 1).await, None);
    assert_eq!(list(&stores, borrowed.workspace).await, []);
}

pub async fn the_newest_versions_are_listed_by_store_and_agent(stores: Stores) {
    let (here, there) = (scope(1, 1), scope(1, 2));
    let there_b = save(&stores, there, "b", 1).await;
    save(&stores, here, "a", 1).await;
    let here_a = save(&stores, here, "a", 2).await;
    let here_big = save(&stores, here, "Z", 1).await;
    save(&stores, scope(2, 1), "a", 1).await;
    let listed = list(&stores, here.workspace).await;
    assert_eq!(listed, [here_big, here_a, there_b]);
}

pub async fn a_version_that_does_not_follow_changes_nothing(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    for early in [0, 2] {
        let refusal = try_save(&stores, &agent_config(here, "pricing", early)).await;
        refused(refusal, Kind::Conflict);
    }
    let first = save(&stores, here, "pricing", 1).await;
    for wrong in [0, 1, 3] {
        let mut config = agent_config(here, "pricing", wrong);
        config.enabled = false;
        refused(try_save(&stores, &config).await, Kind::Conflict);
    }
    assert_eq!(find(&stores, here, "pricing").await, Some(first));
    assert_eq!(actions(&stores, here.workspace).await, ["agent.set"]);
    let told = told(&stores, here.workspace).await;
    assert_eq!(told, [("pricing".to_owned(), Some(1))]);
}

pub async fn a_version_comes_with_its_entry_and_its_event(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    for number in 1..=2 {
        save(&stores, here, "pricing", number).await;
    }
    let entries = actions(&stores, here.workspace).await;
    assert_eq!(entries, ["agent.set", "agent.set"]);
    let expected = [1, 2].map(|version| ("pricing".to_owned(), Some(version)));
    assert_eq!(told(&stores, here.workspace).await, expected);
    assert_eq!(told(&stores, scope(2, 1).workspace).await, []);
}

pub async fn of_many_that_save_the_same_version_one_wins(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    save(&stores, here, "pricing", 1).await;
    let results = race(|n| {
        let configs = stores.agent_configs.clone();
        async move {
            let mut config = agent_config(here, "pricing", 2);
            config.reason = Some(format!("Racer {n}"));
            let entry = audit_entry(here.workspace, "agent.set");
            configs.save(&config, &entry).await
        }
    })
    .await;
    one_wins(&results);
    assert_eq!(actions(&stores, here.workspace).await.len(), 2);
    assert_eq!(told(&stores, here.workspace).await.len(), 2);
}

pub async fn versions_go_with_their_store(stores: Stores) {
    let (gone, stays) = (
        connected(&stores, 1, 1).await,
        connected(&stores, 1, 2).await,
    );
    save(&stores, gone, "pricing", 1).await;
    let kept = save(&stores, stays, "pricing", 1).await;
    let connection = connection(1, 1);
    let purge = Some(connection.store);
    let removed = stores
        .connections
        .remove(gone.workspace, connection.id, purge);
    removed.await.expect("removed");
    assert_eq!(find(&stores, gone, "pricing").await, None);
    assert_eq!(version(&stores, gone, "pricing", 1).await, None);
    assert_eq!(list(&stores, gone.workspace).await, [kept]);
    // A store of the same id starts anew.
    save(&stores, gone, "pricing", 1).await;
}

#[macro_export]
macro_rules! agent_config_laws {
    ($make:ident) => {
        $crate::laws!(
            agents,
            $make,
            [
                the_newest_version_is_found_whole_and_earlier_ones_stay,
                settings_of_another_store_agent_or_workspace_are_not_seen,
                the_newest_versions_are_listed_by_store_and_agent,
                a_version_that_does_not_follow_changes_nothing,
                a_version_comes_with_its_entry_and_its_event,
                of_many_that_save_the_same_version_one_wins,
                versions_go_with_their_store,
            ]
        );
    };
}
