//! Workspaces, people, sessions and tokens, by number.

use super::at;
use super::store::{numbered, scope};
use domain::audit::{Actor, NewEntry};
use domain::ids::{LinkId, TokenId, UserId, WorkspaceId};
use domain::people::{ApiToken, Email, Link, LinkKind, Role, User, Workspace};
use ports::accounts::Session;

#[must_use]
pub fn workspace(number: u32) -> Workspace {
    Workspace {
        id: scope(number, 0).workspace,
        name: format!("Workspace {number}"),
        created_at: at("2026-01-01T00:00:00Z"),
    }
}

/// `user-{number}@example.com` in the workspace.
///
/// # Panics
/// Never: the address is one.
#[must_use]
pub fn user(workspace: u32, number: u32) -> User {
    User {
        id: UserId(numbered(4, number, workspace)),
        workspace: scope(workspace, 0).workspace,
        email: Email::parse(&format!("user-{number}@example.com")).expect("an address"),
        role: Role::Owner,
        created_at: at("2026-01-01T00:00:00Z"),
    }
}

/// From noon to noon of the next day, 1 February 2026.
#[must_use]
pub fn session(user: &User, number: u8) -> Session {
    Session {
        hash: [number; 32],
        user: user.id,
        csrf_token: format!("csrf-{number}"),
        created_at: at("2026-02-01T12:00:00Z"),
        last_seen_at: at("2026-02-01T12:00:00Z"),
        expires_at: at("2026-02-02T12:00:00Z"),
        address: Some("203.0.113.7".to_owned()),
        agent: None,
    }
}

/// One that expires on 1 March 2026.
#[must_use]
pub fn api_token(user: &User, number: u32) -> ApiToken {
    ApiToken {
        id: TokenId(numbered(5, number, 0)),
        workspace: user.workspace,
        user: user.id,
        name: format!("Token {number}"),
        scopes: vec!["reports:read".to_owned()],
        created_at: at("2026-02-01T12:00:00Z"),
        expires_at: Some(at("2026-03-01T12:00:00Z")),
    }
}

/// An open invitation of `user-{number}@example.com` until 8 February 2026.
///
/// # Panics
/// Never: the address is one.
#[must_use]
pub fn invitation(workspace: u32, number: u32) -> Link {
    Link {
        id: LinkId(numbered(6, number, workspace)),
        workspace: scope(workspace, 0).workspace,
        kind: LinkKind::Invitation,
        email: Email::parse(&format!("user-{number}@example.com")).expect("an address"),
        role: Role::Analyst,
        user: None,
        created_at: at("2026-02-01T12:00:00Z"),
        expires_at: at("2026-02-08T12:00:00Z"),
    }
}

/// Something that somebody did on 1 February 2026.
#[must_use]
pub fn audit_entry(workspace: WorkspaceId, action: &str) -> NewEntry {
    let target = ("thing", "1", "Thing One");
    NewEntry::done(
        workspace,
        at("2026-02-01T12:00:00Z"),
        Actor::command_line(),
        action,
        target,
    )
}
