//! `/v1/supplier-matches`: which products of suppliers people say are the same thing, or are not.

use crate::auth::Caller;
use crate::http::reports::query::store_id;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::web;
use application::opportunities::{MatchWish, TitledMatch};
use chrono::{DateTime, Utc};
use domain::ids::SupplierProductId;
use domain::opportunity::{SameAs, SameBy};
use domain::supplier::{OfferMatch, Verdict};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = OfferVerdict)]
pub(crate) enum VerdictBody {
    Same,
    Different,
    /// What was said before is taken back.
    Open,
}

impl From<VerdictBody> for Verdict {
    fn from(verdict: VerdictBody) -> Self {
        match verdict {
            VerdictBody::Same => Self::Same,
            VerdictBody::Different => Self::Different,
            VerdictBody::Open => Self::Open,
        }
    }
}

impl From<Verdict> for VerdictBody {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Same => Self::Same,
            Verdict::Different => Self::Different,
            Verdict::Open => Self::Open,
        }
    }
}

#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = OfferSameBy)]
pub(crate) enum SameByBody {
    /// Somebody said so.
    Person,
    Barcode,
    /// The same words in the title.
    Title,
    /// Nearly the same words.
    NearTitle,
    /// Nearly the same picture, and enough of the words.
    Image,
}

/// Another offer that it is taken for the same thing as.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierLeadSame)]
pub(crate) struct SameBody {
    #[schema(format = "uuid")]
    supplier_product_id: String,
    by: SameByBody,
    /// The number of 14 digits that both have.
    barcode: Option<String>,
    /// Percent of the words that both titles share.
    words: Option<i64>,
    /// Bits of 64 by which the pictures differ, where they are the reason.
    picture_bits: Option<u32>,
}

impl From<&SameAs> for SameBody {
    fn from(same: &SameAs) -> Self {
        let picture_bits = match same.by {
            SameBy::Image { distance, .. } => Some(distance),
            _ => None,
        };
        let (by, barcode, words) = match &same.by {
            SameBy::Person => (SameByBody::Person, None, None),
            SameBy::Barcode { code } => (SameByBody::Barcode, Some(code.clone()), None),
            SameBy::Title => (SameByBody::Title, None, None),
            SameBy::NearTitle { share } => (SameByBody::NearTitle, None, Some(share / 100)),
            SameBy::Image { share, .. } => (SameByBody::Image, None, Some(share / 100)),
        };
        Self {
            supplier_product_id: same.product.to_string(),
            by,
            barcode,
            words,
            picture_bits,
        }
    }
}

/// What somebody said of two products.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierMatch)]
pub(crate) struct MatchBody {
    #[schema(format = "uuid")]
    product_id: String,
    title: Option<String>,
    #[schema(format = "uuid")]
    other_id: String,
    other_title: Option<String>,
    verdict: VerdictBody,
    reason: Option<String>,
    by: String,
    at: DateTime<Utc>,
}

impl MatchBody {
    fn of(of: &OfferMatch, (title, other_title): (Option<String>, Option<String>)) -> Self {
        Self {
            product_id: of.pair.one.to_string(),
            title,
            other_id: of.pair.other.to_string(),
            other_title,
            verdict: of.verdict.into(),
            reason: of.reason.clone(),
            by: of.by.name.clone(),
            at: of.at,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierMatchList)]
pub(crate) struct ListBody {
    matches: Vec<MatchBody>,
    total: usize,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewSupplierMatch)]
pub(crate) struct Body {
    #[schema(format = "uuid")]
    product_id: String,
    /// Of each of these it is said.
    #[schema(min_items = 1, max_items = 100)]
    other_ids: Vec<String>,
    verdict: VerdictBody,
    reason: Option<String>,
    #[schema(format = "uuid")]
    store_id: Option<String>,
}

fn product(field: &'static str, text: &str) -> Result<SupplierProductId, Problem> {
    text.parse().map_err(|_| {
        let errors = vec![FieldError::new(field, "is no id")];
        Problem::unprocessable("opportunity-refused", errors)
    })
}

#[utoipa::path(
    get, path = "/v1/supplier-matches", operation_id = "supplier_matches", tag = "opportunities",
    summary = "Which products of suppliers people said are the same thing, or are not",
    params(Query),
    responses((status = 200, body = ListBody))
)]
pub(crate) async fn list(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<ListBody>, Problem> {
    let id = store_id(query.store_id.as_deref())?;
    let store = app.opportunities.store(who.workspace.id, id).await?;
    let said = app.opportunities.matches(&store).await?;
    let matches: Vec<_> = said
        .into_iter()
        .map(|TitledMatch { of, titles }| MatchBody::of(&of, titles))
        .collect();
    Ok(web::Json(ListBody {
        total: matches.len(),
        matches,
    }))
}

#[utoipa::path(
    post, path = "/v1/supplier-matches", operation_id = "set_supplier_matches", tag = "opportunities",
    summary = "Says that products are the same thing, that they are not, or takes back what was said; everything is scored anew",
    request_body = Body,
    responses(
        (status = 200, body = ListBody),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "a product is not known here, or is itself; `errors` names each"),
    )
)]
pub(crate) async fn set(
    app: web::Data<App>,
    who: Caller,
    body: web::Json<Body>,
) -> Result<web::Json<ListBody>, Problem> {
    let body = body.into_inner();
    let id = store_id(body.store_id.as_deref())?;
    let store = app.opportunities.store(who.workspace.id, id).await?;
    let others = body.other_ids.iter().map(|o| product("other_ids", o));
    let wish = MatchWish {
        product: product("product_id", &body.product_id)?,
        others: others.collect::<Result<_, _>>()?,
        verdict: body.verdict.into(),
        reason: body.reason,
    };
    let said = app
        .opportunities
        .set_matches(&store, wish, &who.actor())
        .await?;
    let matches: Vec<_> = said
        .iter()
        .map(|of| MatchBody::of(of, (None, None)))
        .collect();
    Ok(web::Json(ListBody {
        total: matches.len(),
        matches,
    }))
}
