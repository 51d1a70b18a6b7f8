//! Connections that are kept or removed wrongly.

use super::{caught, saboteur, sound};
use domain::connection::Connection;
use domain::ids::{ConnectionId, StoreId, WorkspaceId};
use domain::store::Store;
use ports::connections::ConnectionStore;
use ports::{Kind, PortResult};
use std::sync::Arc;
use testkit::Stores;
use testkit::fakes::FakeDatabase;
use testkit::laws::{connection_removals, connections, workspaces};

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    /// Says yes to a second connection of a shop.
    NoConflict,
    /// Removes the connection, but never the store's facts.
    NoPurge,
    /// Asks for no workspace.
    AnyWorkspace,
}

struct Connections {
    db: Arc<FakeDatabase>,
    flaw: Flaw,
}

fn with(flaw: Flaw) -> Stores {
    let (db, stores) = sound();
    Stores {
        connections: Arc::new(Connections { db, flaw }),
        ..stores
    }
}

saboteur! {
    ConnectionStore for Connections {
        async fn save(&self, connection: &Connection, store: &Store) -> PortResult<()> {
            match ConnectionStore::save(&*self.db, connection, store).await {
                Err(e) if e.kind == Kind::Conflict && self.flaw == Flaw::NoConflict => Ok(()),
                answer => answer,
            }
        }

        async fn find(
            &self,
            workspace: WorkspaceId,
            id: ConnectionId,
        ) -> PortResult<Option<Connection>> {
            if self.flaw == Flaw::AnyWorkspace {
                return self.db.find_anywhere(id).await;
            }
            ConnectionStore::find(&*self.db, workspace, id).await
        }

        async fn remove(
            &self,
            workspace: WorkspaceId,
            id: ConnectionId,
            purge_store: Option<StoreId>,
        ) -> PortResult<()> {
            let purge = purge_store.filter(|_| self.flaw != Flaw::NoPurge);
            ConnectionStore::remove(&*self.db, workspace, id, purge).await
        }
    } else self {
        fn save_store(store: &Store) -> ();
        fn update(connection: &Connection) -> ();
        fn find_anywhere(id: ConnectionId) -> Option<Connection>;
        fn list(workspace: Option<WorkspaceId>) -> Vec<Connection>;
        fn stores(workspace: WorkspaceId) -> Vec<Store>;
    }
}

#[tokio::test]
async fn a_second_connection_of_a_shop_is_caught() {
    let flaw = Flaw::NoConflict;
    caught(connections::a_second_connection_to_the_same_shop_is_a_conflict(with(flaw))).await;
    caught(connections::of_many_connections_to_one_shop_at_once_one_is_saved(with(flaw))).await;
}

#[tokio::test]
async fn facts_that_outlive_a_purge_are_caught() {
    caught(connection_removals::a_purge_leaves_nothing_of_the_store(
        with(Flaw::NoPurge),
    ))
    .await;
}

#[tokio::test]
async fn a_connection_of_any_workspace_is_caught() {
    let flaw = Flaw::AnyWorkspace;
    caught(workspaces::connections_of_another_workspace_are_not_seen(
        with(flaw),
    ))
    .await;
}
