//! Laws of [`ports::members::Members`].

use super::tools::{race, refused};
use crate::Stores;
use crate::builders::{at, audit_entry, session, user, workspace};
use domain::audit::Walk;
use domain::ids::WorkspaceId;
use domain::people::{Email, Member, Role, User, UserKind};
use ports::Kind;

pub(super) async fn owner(stores: &Stores) -> User {
    let owner = user(1, 1);
    let made = stores
        .accounts
        .create_first(&workspace(1), &owner, "hash", &[])
        .await;
    made.expect("set up");
    owner
}

/// With an owner, and one more user of the role.
pub(super) async fn with(stores: &Stores, role: Role) -> (User, User) {
    let owner = owner(stores).await;
    let other = User { role, ..user(1, 2) };
    let made = stores.accounts.create_user(&other, "other", &[]).await;
    made.expect("created");
    (owner, other)
}

pub(super) async fn actions(stores: &Stores, workspace: WorkspaceId) -> Vec<String> {
    let entries = stores.audit.walk(workspace, 0, 100).await.expect("walked");
    let mut walk = Walk::new(Vec::new());
    for entry in &entries {
        walk.step(entry).expect("the chain holds");
    }
    entries.into_iter().map(|e| e.entry.action).collect()
}

async fn find(stores: &Stores, user: &User) -> Member {
    let members = stores.members.members(user.workspace).await;
    let mut found = members.expect("listed").into_iter();
    found.find(|m| m.user.id == user.id).expect("a member")
}

pub async fn members_are_listed_oldest_first(stores: Stores) {
    let (owner, other) = with(&stores, Role::Viewer).await;
    let used = session(&other, 1);
    let kept = stores.credentials.create_session(&used, &[]).await;
    kept.expect("created");
    let younger = User {
        created_at: at("2026-01-02"),
        ..user(1, 3)
    };
    let made = stores.accounts.create_user(&younger, "third", &[]).await;
    made.expect("created");
    let members = stores.members.members(owner.workspace).await;
    let members = members.expect("listed");
    let ids: Vec<_> = members.iter().map(|m| m.user.id).collect();
    assert_eq!(ids, [owner.id, other.id, younger.id]);
    let seen: Vec<_> = members.iter().map(|m| m.last_seen_at).collect();
    assert_eq!(seen, [None, Some(used.last_seen_at), None]);
    assert!(members.iter().all(|m| m.kind == UserKind::Person));
}

pub async fn a_second_workspace_sees_nothing_of_the_first(stores: Stores) {
    let (owner, other) = with(&stores, Role::Viewer).await;
    let founder = user(2, 9);
    let entry = audit_entry(founder.workspace, "workspace.create");
    let members = &stores.members;
    members
        .found(&workspace(2), &founder, "hash", &entry)
        .await
        .expect("founded");
    let listed = members.members(founder.workspace).await.expect("listed");
    assert_eq!(
        listed.iter().map(|m| m.user.id).collect::<Vec<_>>(),
        [founder.id]
    );
    let there = founder.workspace;
    let entry = audit_entry(there, "user.role");
    refused(
        members.set_role(there, other.id, Role::Admin, &entry).await,
        Kind::NotFound,
    );
    let since = Some(at("2026-02-01"));
    refused(
        members.set_disabled(there, other.id, since, &entry).await,
        Kind::NotFound,
    );
    assert_eq!(find(&stores, &other).await.user.role, Role::Viewer);
    assert_eq!(actions(&stores, there).await, ["workspace.create"]);
    assert!(actions(&stores, owner.workspace).await.is_empty());
    let twin = User {
        email: owner.email,
        ..user(3, 8)
    };
    refused(
        members.found(&workspace(3), &twin, "hash", &entry).await,
        Kind::Conflict,
    );
    assert_eq!(
        stores
            .accounts
            .workspace(twin.workspace)
            .await
            .expect("asked"),
        None
    );
}

pub async fn a_service_account_has_a_name_and_no_password(stores: Stores) {
    let owner = owner(&stores).await;
    let id = user(1, 5).id;
    let service = User {
        email: Email::of_service(id),
        role: Role::Analyst,
        ..user(1, 5)
    };
    let entry = audit_entry(owner.workspace, "service_account.create");
    let added = stores
        .members
        .add_service(&service, "Nightly", &entry)
        .await;
    added.expect("added");
    let found = find(&stores, &service).await;
    assert_eq!(found.kind, UserKind::Service);
    assert_eq!(found.label(), "Nightly");
    let again = stores.members.add_service(&service, "Twin", &entry).await;
    refused(again, Kind::Conflict);
    let entry = audit_entry(owner.workspace, "user.password");
    let set = stores.members.set_password(id, "hash", None, &entry).await;
    refused(set, Kind::NotFound);
    assert_eq!(
        actions(&stores, owner.workspace).await,
        ["service_account.create"]
    );
}

pub async fn a_role_is_changed(stores: Stores) {
    let (owner, other) = with(&stores, Role::Viewer).await;
    let entry = audit_entry(owner.workspace, "user.role");
    let members = &stores.members;
    let changed = members
        .set_role(owner.workspace, other.id, Role::Owner, &entry)
        .await;
    changed.expect("changed");
    assert_eq!(find(&stores, &other).await.user.role, Role::Owner);
    let stepped_down = members
        .set_role(owner.workspace, owner.id, Role::Admin, &entry)
        .await;
    stepped_down.expect("another owner is there");
    assert_eq!(actions(&stores, owner.workspace).await.len(), 2);
}

pub async fn the_last_owner_stays(stores: Stores) {
    let (owner, other) = with(&stores, Role::Owner).await;
    let members = &stores.members;
    let entry = audit_entry(owner.workspace, "user.disable");
    let since = Some(at("2026-02-01"));
    let gone = members
        .set_disabled(owner.workspace, other.id, since, &entry)
        .await;
    gone.expect("the first owner is there");
    let demoted = members
        .set_role(owner.workspace, owner.id, Role::Admin, &entry)
        .await;
    refused(demoted, Kind::Conflict);
    let disabled = members
        .set_disabled(owner.workspace, owner.id, since, &entry)
        .await;
    refused(disabled, Kind::Conflict);
    assert_eq!(find(&stores, &owner).await.user.role, Role::Owner);
    assert_eq!(actions(&stores, owner.workspace).await.len(), 1);
}

pub async fn of_two_owners_who_step_down_at_once_one_stays(stores: Stores) {
    let (owner, other) = with(&stores, Role::Owner).await;
    let results = race(|n| {
        let (members, workspace) = (stores.members.clone(), owner.workspace);
        let user = if n % 2 == 0 { owner.id } else { other.id };
        async move {
            let entry = audit_entry(workspace, "user.role");
            members
                .set_role(workspace, user, Role::Viewer, &entry)
                .await
        }
    })
    .await;
    assert!(results.iter().any(Result::is_ok));
    let members = stores.members.members(owner.workspace).await;
    let owners = members
        .expect("listed")
        .into_iter()
        .filter(|m| m.user.role == Role::Owner);
    assert_eq!(owners.count(), 1);
}

pub async fn a_deactivated_user_is_found_no_more_and_their_sessions_end(stores: Stores) {
    let (owner, other) = with(&stores, Role::Viewer).await;
    let (theirs, mine) = (session(&other, 1), session(&owner, 2));
    for session in [&theirs, &mine] {
        let kept = stores.credentials.create_session(session, &[]).await;
        kept.expect("created");
    }
    let entry = audit_entry(owner.workspace, "user.disable");
    let set = async |since| {
        let changed = stores
            .members
            .set_disabled(owner.workspace, other.id, since, &entry)
            .await;
        changed.expect("changed");
    };
    set(Some(at("2026-02-01"))).await;
    let accounts = &stores.accounts;
    assert_eq!(accounts.user(other.id).await.expect("asked"), None);
    let by_email = accounts.user_by_email(&other.email).await;
    assert_eq!(by_email.expect("asked"), None);
    let session = async |hash| {
        let found = stores.credentials.session(hash, theirs.created_at).await;
        found.expect("asked")
    };
    assert_eq!(session(&theirs.hash).await, None);
    assert_eq!(session(&mine.hash).await, Some(mine.clone()));
    assert_eq!(
        find(&stores, &other).await.disabled_at,
        Some(at("2026-02-01"))
    );
    let taken = accounts.create_user(&other, "hash", &[]).await;
    refused(taken, Kind::Conflict);
    set(None).await;
    assert!(accounts.user(other.id).await.expect("asked").is_some());
    assert_eq!(session(&theirs.hash).await, None, "they sign in anew");
}

pub async fn a_new_password_ends_the_other_sessions(stores: Stores) {
    let (owner, other) = with(&stores, Role::Viewer).await;
    let sessions = [session(&other, 1), session(&other, 2), session(&owner, 3)];
    for session in &sessions {
        let kept = stores.credentials.create_session(session, &[]).await;
        kept.expect("created");
    }
    let entry = audit_entry(owner.workspace, "user.password");
    let keep = Some(&sessions[1].hash);
    let set = stores
        .members
        .set_password(other.id, "new", keep, &entry)
        .await;
    set.expect("set");
    let mut left = Vec::new();
    for session in &sessions {
        let found = stores
            .credentials
            .session(&session.hash, session.created_at)
            .await;
        left.push(found.expect("asked").is_some());
    }
    assert_eq!(left, [false, true, true]);
    let found = stores.accounts.user_by_email(&other.email).await;
    assert_eq!(found.expect("asked").expect("there").1, "new");
    let nobody = stores
        .members
        .set_password(user(1, 77).id, "new", None, &entry)
        .await;
    refused(nobody, Kind::NotFound);
}

#[macro_export]
macro_rules! member_laws {
    ($make:ident) => {
        $crate::laws!(
            members,
            $make,
            [
                members_are_listed_oldest_first,
                a_second_workspace_sees_nothing_of_the_first,
                a_service_account_has_a_name_and_no_password,
                a_role_is_changed,
                the_last_owner_stays,
                of_two_owners_who_step_down_at_once_one_stays,
                a_deactivated_user_is_found_no_more_and_their_sessions_end,
                a_new_password_ends_the_other_sessions,
            ]
        );
    };
}
