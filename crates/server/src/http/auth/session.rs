//! Who is signed in, as the API writes it.

use crate::auth::Permission;
use application::people::{Principal, SignedIn, Via};
use domain::people::{User, Workspace};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = User)]
pub(crate) struct UserBody {
    id: String,
    email: String,
    /// viewer, analyst, operator, admin or owner; each may do what the ones before it may.
    role: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Workspace)]
pub(crate) struct WorkspaceBody {
    id: String,
    name: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Session)]
pub(crate) struct SessionBody {
    user: UserBody,
    workspace: WorkspaceBody,
    permissions: Vec<&'static str>,
    /// To be sent back as `X-CSRF-Token` with every state-changing call; null for an API token, which needs none.
    csrf_token: Option<String>,
}

impl SessionBody {
    pub(crate) fn of(who: &Principal) -> Self {
        match &who.via {
            Via::Session { csrf_token, .. } => {
                Self::build(&who.user, &who.workspace, &[], Some(csrf_token.clone()))
            }
            Via::Token { scopes, .. } => Self::build(&who.user, &who.workspace, scopes, None),
        }
    }

    /// Just signed in.
    pub(crate) fn new(signed_in: &SignedIn) -> Self {
        let csrf_token = Some(signed_in.csrf_token.clone());
        Self::build(&signed_in.user, &signed_in.workspace, &[], csrf_token)
    }

    fn build(
        user: &User,
        workspace: &Workspace,
        scopes: &[String],
        csrf_token: Option<String>,
    ) -> Self {
        let permissions = Permission::ALL
            .into_iter()
            .filter(|p| p.is_granted(user.role, scopes))
            .map(Permission::as_str)
            .collect();
        Self {
            user: UserBody::of(user),
            workspace: WorkspaceBody::of(workspace),
            permissions,
            csrf_token,
        }
    }
}

impl UserBody {
    fn of(user: &User) -> Self {
        Self {
            id: user.id.to_string(),
            email: user.email.as_str().to_owned(),
            role: user.role.as_str().to_owned(),
        }
    }
}

impl WorkspaceBody {
    fn of(workspace: &Workspace) -> Self {
        Self {
            id: workspace.id.to_string(),
            name: workspace.name.clone(),
        }
    }
}
