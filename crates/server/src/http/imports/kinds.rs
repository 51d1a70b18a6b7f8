//! `GET /v1/imports/kinds`

use super::view::KindBody;
use crate::problem::Problem;
use actix_web::web;
use domain::import::{ImportKind, Need};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportField)]
pub(crate) struct FieldBody {
    key: &'static str,
    label: &'static str,
    required: bool,
    /// At least one of the fields with the same words is needed.
    one_of: Option<&'static str>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportKindInfo)]
pub(crate) struct KindInfo {
    kind: KindBody,
    label: &'static str,
    about: &'static str,
    fields: Vec<FieldBody>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportKindList)]
pub(crate) struct Body {
    kinds: Vec<KindInfo>,
    /// The largest file that is taken, in bytes.
    max_bytes: u64,
}

#[utoipa::path(
    get, path = "/v1/imports/kinds", operation_id = "import_kinds", tag = "imports",
    summary = "Kinds of files with their fields",
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(app: web::Data<crate::state::App>) -> Result<web::Json<Body>, Problem> {
    let kinds = ImportKind::ALL.into_iter().map(|kind| {
        let spec = kind.spec();
        KindInfo {
            kind: kind.into(),
            label: spec.label,
            about: spec.about,
            fields: spec
                .fields
                .iter()
                .map(|f| FieldBody {
                    key: f.key,
                    label: f.label,
                    required: f.need == Need::Required,
                    one_of: match f.need {
                        Need::OneOf(group) => Some(group),
                        Need::Required | Need::Optional => None,
                    },
                })
                .collect(),
        }
    });
    Ok(web::Json(Body {
        kinds: kinds.collect(),
        max_bytes: app.imports.cap(),
    }))
}
