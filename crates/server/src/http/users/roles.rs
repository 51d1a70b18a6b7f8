//! `GET /v1/roles`

use crate::auth::{Access, Permission};
use crate::routes::table;
use actix_web::web;
use domain::people::Role;
use serde::Serialize;
use utoipa::ToSchema;

/// A permission; also the name of a token's scope.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Permission)]
pub(crate) struct PermissionBody {
    name: String,
    /// The lowest role that has it.
    role: String,
    /// What it opens, as `METHOD /path`.
    operations: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RoleTable)]
pub(crate) struct Body {
    /// From the least to the most; each may do what the ones before it may.
    roles: Vec<String>,
    permissions: Vec<PermissionBody>,
}

#[utoipa::path(
    get, path = "/v1/roles", operation_id = "roles", tag = "people",
    summary = "The table of roles, permissions and operations",
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle() -> web::Json<Body> {
    let table = table();
    let operations = |permission: Permission| {
        let opened = table.iter().filter(|e| match e.access {
            Access::Needs(needed) => needed == permission,
            Access::Metrics => permission == Permission::HealthRead,
            Access::Open | Access::Signed => false,
        });
        opened
            .map(|e| format!("{} {}", e.method, e.documented_path()))
            .collect()
    };
    let permissions = Permission::ALL.into_iter().map(|p| PermissionBody {
        name: p.as_str().to_owned(),
        role: p.role().as_str().to_owned(),
        operations: operations(p),
    });
    web::Json(Body {
        roles: Role::ALL.iter().map(|r| r.as_str().to_owned()).collect(),
        permissions: permissions.collect(),
    })
}
