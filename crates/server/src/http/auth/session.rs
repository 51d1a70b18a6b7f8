//! Who is signed in, as the API writes it.

use crate::auth::Permission;
use application::people::{Principal, SignedIn, Via};
use domain::ids::{UserId, WorkspaceId};
use domain::people::{Role, User, Workspace};
use serde::Serialize;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::sync::LazyLock;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = User)]
pub(crate) struct UserBody<'a> {
    #[schema(value_type = String)]
    id: UserId,
    email: &'a str,
    /// viewer, analyst, operator, admin or owner; each may do what the ones before it may.
    role: &'static str,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Workspace)]
pub(crate) struct WorkspaceBody<'a> {
    #[schema(value_type = String)]
    id: WorkspaceId,
    name: &'a str,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Session)]
pub(crate) struct SessionBody<'a> {
    user: UserBody<'a>,
    workspace: WorkspaceBody<'a>,
    #[schema(value_type = Vec<String>)]
    permissions: Cow<'static, RawValue>,
    /// To be sent back as `X-CSRF-Token` with every state-changing call; null for an API token, which needs none.
    csrf_token: Option<&'a str>,
}

impl<'a> SessionBody<'a> {
    pub(crate) fn of(who: &'a Principal) -> Self {
        match &who.via {
            Via::Session { csrf_token, .. } => {
                Self::build(&who.user, &who.workspace, &[], Some(csrf_token))
            }
            Via::Token { scopes, .. } => Self::build(&who.user, &who.workspace, scopes, None),
        }
    }

    /// Just signed in.
    pub(crate) fn new(signed_in: &'a SignedIn) -> Self {
        let csrf_token = Some(signed_in.csrf_token.as_str());
        Self::build(&signed_in.user, &signed_in.workspace, &[], csrf_token)
    }

    fn build(
        user: &'a User,
        workspace: &'a Workspace,
        scopes: &[String],
        csrf_token: Option<&'a str>,
    ) -> Self {
        Self {
            user: UserBody::of(user),
            workspace: WorkspaceBody::of(workspace),
            permissions: permissions(user.role, scopes),
            csrf_token,
        }
    }
}

/// What a role may do within scopes, as JSON writes it. Every page asks for it, and who has no scopes has one of a few answers.
fn permissions(role: Role, scopes: &[String]) -> Cow<'static, RawValue> {
    static OF_ROLES: LazyLock<[Box<RawValue>; Role::ALL.len()]> =
        LazyLock::new(|| Role::ALL.map(|role| written(role, &[])));
    let of_role = OF_ROLES.get(role as usize).filter(|_| scopes.is_empty());
    of_role.map_or_else(
        || Cow::Owned(written(role, scopes)),
        |all| Cow::Borrowed(all.as_ref()),
    )
}

fn written(role: Role, scopes: &[String]) -> Box<RawValue> {
    let all = Permission::ALL.into_iter();
    let granted = all.filter(|p| p.is_granted(role, scopes));
    let names: Vec<&str> = granted.map(Permission::as_str).collect();
    serde_json::value::to_raw_value(&names).unwrap_or_default()
}

impl<'a> UserBody<'a> {
    fn of(user: &'a User) -> Self {
        Self {
            id: user.id,
            email: user.email.as_str(),
            role: user.role.as_str(),
        }
    }
}

impl<'a> WorkspaceBody<'a> {
    fn of(workspace: &'a Workspace) -> Self {
        Self {
            id: workspace.id,
            name: &workspace.name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permissions_are_those_of_the_role_within_the_scopes() {
        let told = |role, scopes: &[&str]| -> Vec<String> {
            let scopes: Vec<_> = scopes.iter().map(ToString::to_string).collect();
            serde_json::from_str(permissions(role, &scopes).get()).unwrap()
        };
        for role in Role::ALL {
            let granted = |p: &Permission| role >= p.role();
            let all = Permission::ALL.into_iter().filter(granted);
            let all: Vec<_> = all.map(Permission::as_str).collect();
            assert_eq!(told(role, &[]), all, "{role}");
        }
        assert_eq!(
            told(Role::Viewer, &["orders:read", "costs:write"]),
            ["orders:read"]
        );
    }
}
