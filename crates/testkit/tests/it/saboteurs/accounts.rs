//! Accounts, credentials and sealed secrets that let too much through.

use super::{caught, let_others_in, saboteur, sound};
use chrono::{DateTime, Utc};
use domain::audit::NewEntry;
use domain::ids::{UserId, WorkspaceId};
use domain::people::{ApiToken, Email, User, Workspace};
use ports::accounts::{Accounts, Credentials, SecretHash, Session};
use ports::secrets::{ListedSecret, SealedSecret, SecretBlobs, SecretName};
use ports::{Kind, PortResult};
use std::sync::Arc;
use testkit::Stores;
use testkit::fakes::FakeDatabase;
use testkit::laws::{accounts, credentials, secrets};

/// Looks whether it is the first, lets others in, and says yes.
struct EveryoneIsFirst {
    db: Arc<FakeDatabase>,
}

saboteur! {
    Accounts for EveryoneIsFirst {
        async fn create_first(
            &self,
            workspace: &Workspace,
            owner: &User,
            password_hash: &str,
            entries: &[NewEntry],
        ) -> PortResult<()> {
            let late = self.db.has_users().await?;
            let_others_in().await;
            match self.db.create_first(workspace, owner, password_hash, entries).await {
                Err(_) if !late => Ok(()),
                answer => answer,
            }
        }
    } else self {
        fn create_user(user: &User, password_hash: &str, entries: &[NewEntry]) -> ();
        fn has_users() -> bool;
        fn user_by_email(email: &Email) -> Option<(User, String)>;
        fn user(id: UserId) -> Option<(User, Workspace)>;
        fn workspaces() -> Vec<Workspace>;
        fn set_setting(name: &str, value: Option<&str>) -> ();
        fn setting(name: &str) -> Option<String>;
        fn workspace(id: WorkspaceId) -> Option<Workspace>;
    }
}

#[tokio::test]
async fn two_first_workspaces_are_caught() {
    let (db, stores) = sound();
    let stores = Stores {
        accounts: Arc::new(EveryoneIsFirst { db }),
        ..stores
    };
    caught(accounts::of_many_first_workspaces_at_once_one_wins(stores)).await;
}

/// Credentials that never expire.
struct Eternal {
    db: Arc<FakeDatabase>,
}

saboteur! {
    Credentials for Eternal {
        async fn session(
            &self,
            hash: &SecretHash,
            _now: DateTime<Utc>,
        ) -> PortResult<Option<Session>> {
            self.db.session(hash, DateTime::UNIX_EPOCH).await
        }

        async fn token(
            &self,
            hash: &SecretHash,
            _now: DateTime<Utc>,
        ) -> PortResult<Option<ApiToken>> {
            self.db.token(hash, DateTime::UNIX_EPOCH).await
        }
    } else self {
        fn create_session(session: &Session, entries: &[NewEntry]) -> ();
        fn touch_session(hash: &SecretHash, seen_at: DateTime<Utc>) -> ();
        fn end_session(hash: &SecretHash) -> ();
        fn create_token(token: &ApiToken, hash: &SecretHash, entries: &[NewEntry]) -> ();
        fn prune(before: DateTime<Utc>) -> u64;
    }
}

#[tokio::test]
async fn credentials_that_never_expire_are_caught() {
    let eternal = || {
        let (db, stores) = sound();
        Stores {
            credentials: Arc::new(Eternal { db }),
            ..stores
        }
    };
    caught(credentials::a_session_lives_until_it_expires(eternal())).await;
    caught(credentials::a_token_lives_until_it_expires(eternal())).await;
}

/// Any version will do, and the last one stays.
struct AnyVersion {
    db: Arc<FakeDatabase>,
}

saboteur! {
    SecretBlobs for AnyVersion {
        async fn store(&self, sealed: &SealedSecret) -> PortResult<()> {
            match self.db.store(sealed).await {
                Err(e) if e.kind == Kind::Conflict => Ok(()),
                answer => answer,
            }
        }
    } else self {
        fn load(name: &SecretName) -> Option<SealedSecret>;
        fn erase(name: &SecretName) -> ();
        fn replace(sealed: &SealedSecret, old: &[u8]) -> bool;
        fn walk(after: Option<&SecretName>, limit: u32) -> Vec<ListedSecret>;
        fn used(name: &SecretName, at: DateTime<Utc>) -> ();
    }
}

/// Seals again whatever lies there.
struct Blind {
    db: Arc<FakeDatabase>,
}

saboteur! {
    SecretBlobs for Blind {
        async fn replace(&self, sealed: &SealedSecret, _old: &[u8]) -> PortResult<bool> {
            let stored = self.db.load(&sealed.name).await?;
            match stored {
                Some(stored) => self.db.replace(sealed, &stored.blob).await,
                None => Ok(false),
            }
        }
    } else self {
        fn store(sealed: &SealedSecret) -> ();
        fn load(name: &SecretName) -> Option<SealedSecret>;
        fn erase(name: &SecretName) -> ();
        fn walk(after: Option<&SecretName>, limit: u32) -> Vec<ListedSecret>;
        fn used(name: &SecretName, at: DateTime<Utc>) -> ();
    }
}

#[tokio::test]
async fn a_replacement_without_a_look_is_caught() {
    let (db, stores) = sound();
    let stores = Stores {
        secrets: Arc::new(Blind { db }),
        ..stores
    };
    caught(secrets::a_blob_is_replaced_in_its_own_version_only(stores)).await;
}

#[tokio::test]
async fn versions_in_any_order_are_caught() {
    let any = || {
        let (db, stores) = sound();
        Stores {
            secrets: Arc::new(AnyVersion { db }),
            ..stores
        }
    };
    caught(secrets::a_version_that_is_not_the_next_is_a_conflict(any())).await;
    caught(secrets::of_many_next_versions_at_once_one_is_stored(any())).await;
}
