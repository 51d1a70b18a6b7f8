//! Members, links, grants, audits and request keys that let too much through.

use super::{caught, let_others_in, saboteur, sound};
use chrono::{DateTime, Utc};
use domain::audit::{Checkpoint, Entry, NewEntry, ORIGIN};
use domain::ids::{LinkId, TokenId, UserId, WorkspaceId};
use domain::people::{Link, Member, Role, User, Workspace};
use ports::accounts::{SecretHash, Session};
use ports::audit::{AuditFilter, AuditLog};
use ports::grants::{Grants, ListedToken};
use ports::idempotency::{Claim, Idempotency, RequestKey, StoredAnswer};
use ports::members::{Links, Members};
use ports::{Kind, Page, PageRequest, PortResult};
use std::sync::{Arc, Mutex};
use testkit::Stores;
use testkit::fakes::FakeDatabase;
use testkit::laws::{audit, grants, idempotency, links, members};

/// Says yes to whoever is told that they are the last owner.
struct Leaderless {
    db: Arc<FakeDatabase>,
}

saboteur! {
    Members for Leaderless {
        async fn set_disabled(
            &self,
            workspace: WorkspaceId,
            user: UserId,
            since: Option<DateTime<Utc>>,
            entry: &NewEntry,
        ) -> PortResult<()> {
            match self.db.set_disabled(workspace, user, since, entry).await {
                Err(e) if e.kind == Kind::Conflict => Ok(()),
                answer => answer,
            }
        }

        /// Keeps the sessions of whoever had the old password.
        async fn set_password(
            &self,
            _user: UserId,
            _password_hash: &str,
            _keep: Option<&SecretHash>,
            _entry: &NewEntry,
        ) -> PortResult<()> {
            Ok(())
        }
    } else self {
        fn members(workspace: WorkspaceId) -> Vec<Member>;
        fn found(workspace: &Workspace, owner: &User, password_hash: &str, entry: &NewEntry) -> ();
        fn add_service(user: &User, name: &str, entry: &NewEntry) -> ();
        fn set_role(workspace: WorkspaceId, user: UserId, role: Role, entry: &NewEntry) -> ();
    }
}

#[tokio::test]
async fn a_workspace_without_an_owner_is_caught() {
    let leaderless = || {
        let (db, stores) = sound();
        Stores {
            members: Arc::new(Leaderless { db }),
            ..stores
        }
    };
    caught(members::the_last_owner_stays(leaderless())).await;
    caught(members::a_new_password_ends_the_other_sessions(leaderless())).await;
}

/// Looks whether the link is open, lets others in, and says yes.
struct ManyTimes {
    db: Arc<FakeDatabase>,
}

saboteur! {
    Links for ManyTimes {
        async fn accept_invitation(
            &self,
            hash: &SecretHash,
            now: DateTime<Utc>,
            user: &User,
            password_hash: &str,
            entry: &NewEntry,
        ) -> PortResult<()> {
            let open = self.db.link(hash, now).await?;
            let_others_in().await;
            match self.db.accept_invitation(hash, now, user, password_hash, entry).await {
                Err(_) if open.is_some() => Ok(()),
                answer => answer,
            }
        }
    } else self {
        fn create_link(link: &Link, hash: &SecretHash, entry: &NewEntry) -> ();
        fn link(hash: &SecretHash, now: DateTime<Utc>) -> Option<Link>;
        fn links(workspace: WorkspaceId, now: DateTime<Utc>) -> Vec<Link>;
        fn revoke_link(workspace: WorkspaceId, id: LinkId, entry: &NewEntry) -> ();
        fn accept_reset(hash: &SecretHash, now: DateTime<Utc>, password_hash: &str, entry: &NewEntry) -> ();
    }
}

#[tokio::test]
async fn a_link_for_many_is_caught() {
    let (db, stores) = sound();
    let stores = Stores {
        links: Arc::new(ManyTimes { db }),
        ..stores
    };
    caught(links::an_invitation_makes_one_user_once(stores)).await;
}

/// Says that it took back what it keeps.
struct Keeper {
    db: Arc<FakeDatabase>,
}

saboteur! {
    Grants for Keeper {
        async fn revoke_token(
            &self,
            _workspace: WorkspaceId,
            _id: TokenId,
            _entry: &NewEntry,
        ) -> PortResult<()> {
            Ok(())
        }
    } else self {
        fn tokens(workspace: WorkspaceId, user: Option<UserId>) -> Vec<ListedToken>;
        fn sessions(user: UserId, now: DateTime<Utc>) -> Vec<Session>;
        fn revoke_session(user: UserId, hash: &SecretHash, entry: &NewEntry) -> ();
        fn revoke_other_sessions(user: UserId, keep: &SecretHash, entry: &NewEntry) -> u64;
    }
}

#[tokio::test]
async fn a_token_that_is_kept_is_caught() {
    let (db, stores) = sound();
    let stores = Stores {
        grants: Arc::new(Keeper { db }),
        ..stores
    };
    caught(grants::a_revoked_token_lets_nobody_in(stores)).await;
}

/// Looks at the last entry, lets others in, and chains to what it saw.
#[derive(Default)]
struct Forked {
    rows: Mutex<Vec<Entry>>,
}

#[async_trait::async_trait]
impl AuditLog for Forked {
    async fn record(&self, entries: &[NewEntry]) -> PortResult<()> {
        for entry in entries {
            let last = {
                let rows = self.rows.lock().unwrap();
                let mut of = rows.iter().filter(|e| e.entry.workspace == entry.workspace);
                of.next_back().map_or((0, ORIGIN), |e| (e.seq, e.hash))
            };
            let_others_in().await;
            let chained = entry.clone().chained(last.0 + 1, last.1);
            self.rows.lock().unwrap().push(chained);
        }
        Ok(())
    }

    async fn entries(
        &self,
        _: WorkspaceId,
        _: &AuditFilter,
        _: &PageRequest,
    ) -> PortResult<Page<Entry>> {
        Ok(Page {
            items: Vec::new(),
            total: None,
            next_cursor: None,
        })
    }

    async fn walk(&self, workspace: WorkspaceId, after: i64, _: u32) -> PortResult<Vec<Entry>> {
        let rows = self.rows.lock().unwrap();
        let of = rows.iter().filter(|e| e.entry.workspace == workspace);
        Ok(of.filter(|e| e.seq > after).cloned().collect())
    }

    async fn head(&self, _: WorkspaceId) -> PortResult<i64> {
        Ok(0)
    }

    async fn put_checkpoint(&self, _: WorkspaceId, _: &Checkpoint) -> PortResult<()> {
        Ok(())
    }

    async fn checkpoints(&self, _: WorkspaceId) -> PortResult<Vec<Checkpoint>> {
        Ok(Vec::new())
    }
}

#[tokio::test]
async fn a_chain_with_a_fork_is_caught() {
    let (_, stores) = sound();
    let stores = Stores {
        audit: Arc::new(Forked::default()),
        ..stores
    };
    caught(audit::many_at_once_make_no_fork_and_no_gap(stores)).await;
}

/// Everybody is the first.
struct Again {
    db: Arc<FakeDatabase>,
}

saboteur! {
    Idempotency for Again {
        async fn claim(
            &self,
            key: &RequestKey,
            fingerprint: &[u8; 32],
            now: DateTime<Utc>,
            until: DateTime<Utc>,
        ) -> PortResult<Claim> {
            match self.db.claim(key, fingerprint, now, until).await? {
                Claim::Running => Ok(Claim::Mine),
                other => Ok(other),
            }
        }
    } else self {
        fn extend(key: &RequestKey, until: DateTime<Utc>) -> ();
        fn finish(key: &RequestKey, answer: &StoredAnswer) -> ();
        fn release(key: &RequestKey) -> ();
        fn forget(before: DateTime<Utc>) -> u64;
    }
}

#[tokio::test]
async fn a_request_that_is_done_twice_is_caught() {
    let (db, stores) = sound();
    let stores = Stores {
        idempotency: Arc::new(Again { db }),
        ..stores
    };
    caught(idempotency::of_many_at_once_one_does_it(stores)).await;
}
