//! `GET /v1/figures`

use super::view::{FormulaBody, PeerBody};
use actix_web::web;
use domain::passport::{self, Definition};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FigureDefinition)]
pub(crate) struct DefinitionBody {
    name: String,
    title: String,
    /// `money`, `count`, `ratio`, `percent` (0.1234 is 12.34 %) or `days`.
    unit: String,
    formula: FormulaBody,
    /// Names of the figures that it is made of.
    inputs: Vec<String>,
    elsewhere: Vec<PeerBody>,
    /// Of its passport; add `store`, `from`, `to`, `currency`.
    href: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FigureList)]
pub(crate) struct Body {
    /// In the order in which they build on each other.
    figures: Vec<DefinitionBody>,
    total: usize,
    /// There is one page.
    next_cursor: Option<String>,
}

#[utoipa::path(
    get, path = "/v1/figures", operation_id = "figures", tag = "reports",
    summary = "All figures by name, with their formulas",
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle() -> web::Json<Body> {
    let figures: Vec<_> = passport::all().map(DefinitionBody::of).collect();
    web::Json(Body {
        total: figures.len(),
        figures,
        next_cursor: None,
    })
}

impl DefinitionBody {
    fn of(definition: &Definition) -> Self {
        Self {
            name: definition.name.to_owned(),
            title: definition.title.to_owned(),
            unit: definition.unit.as_str().to_owned(),
            formula: FormulaBody::of(definition),
            inputs: definition
                .inputs
                .iter()
                .map(|(_, name)| (*name).to_owned())
                .collect(),
            elsewhere: PeerBody::of(definition),
            href: format!("/v1/figures/{}", definition.name),
        }
    }
}
