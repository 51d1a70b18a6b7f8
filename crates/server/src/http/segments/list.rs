//! `GET /v1/segments`, `GET /v1/segments/{id}`, `GET /v1/segment-exports`

use super::delivery::DeliveryBody;
use crate::auth::Caller;
use crate::http::reports::query::store_id;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::web;
use chrono::{DateTime, Utc};
use domain::ids::ProductId;
use domain::outreach::{
    ExportState, LeftOut, OutreachChannel, OutreachExport, SegmentRule, Thresholds,
};
use domain::store::Store;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    pub(super) store_id: Option<String>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct OneQuery {
    /// Of `bought`: which product.
    product_id: Option<String>,
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
}

pub(super) async fn pick(app: &App, who: &Caller, store: Option<&str>) -> Result<Store, Problem> {
    Ok(app
        .outreach
        .store(who.workspace.id, store_id(store)?)
        .await?)
}

/// The segment of a word, with the product that `bought` needs.
pub(super) fn rule(word: &str, product: Option<&str>) -> Result<SegmentRule, Problem> {
    let fault = |message: &str| Problem::invalid(vec![FieldError::new("product_id", message)]);
    let rule = match word {
        "new" => SegmentRule::New,
        "repeat" => SegmentRule::Repeat,
        "lapsed" => SegmentRule::Lapsed,
        "high_value" => SegmentRule::HighValue,
        "abandoned_checkout" => SegmentRule::AbandonedCheckout,
        "bought" => {
            let product = product.ok_or_else(|| fault("is needed for this segment"))?;
            let product: ProductId = product.parse().map_err(|_| fault("is no product"))?;
            return Ok(SegmentRule::Bought(product));
        }
        _ => return Err(Problem::not_found("segment")),
    };
    match product {
        Some(_) => Err(fault("goes with `bought` alone")),
        None => Ok(rule),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = OutreachChannel)]
pub(crate) enum ChannelBody {
    Email,
    Sms,
}

impl From<ChannelBody> for OutreachChannel {
    fn from(body: ChannelBody) -> Self {
        match body {
            ChannelBody::Email => Self::Email,
            ChannelBody::Sms => Self::Sms,
        }
    }
}

impl From<OutreachChannel> for ChannelBody {
    fn from(channel: OutreachChannel) -> Self {
        match channel {
            OutreachChannel::Email => Self::Email,
            OutreachChannel::Sms => Self::Sms,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OutreachSegment)]
pub(crate) struct SegmentBody {
    /// `new`, `repeat`, `lapsed`, `high_value`, `bought` or `abandoned_checkout`.
    id: String,
    /// People in it, whether or not they agreed to be written to; null: counted when it is asked for alone.
    members: Option<u64>,
    /// Who is in it, as a sentence.
    about: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OutreachSegmentList)]
pub(crate) struct ListBody {
    segments: Vec<SegmentBody>,
    total: usize,
}

fn about(rule: SegmentRule, by: &Thresholds) -> String {
    match rule {
        SegmentRule::New => format!(
            "One order so far, within the last {} days",
            by.limits.new_days
        ),
        SegmentRule::Repeat => "At least two orders".to_owned(),
        SegmentRule::Lapsed => format!(
            "No order for more than {} days",
            by.customers.at_risk_after_days
        ),
        SegmentRule::HighValue => format!(
            "More than {} {} of net revenue so far",
            by.customers.vip_above, by.currency
        ),
        SegmentRule::Bought(_) => "Bought one product, and kept it".to_owned(),
        SegmentRule::AbandonedCheckout => format!(
            "Left a checkout {} hours to {} days ago, and bought nothing since",
            by.limits.checkout_hours, by.limits.checkout_days
        ),
    }
}

#[utoipa::path(
    get, path = "/v1/segments", operation_id = "segments", tag = "segments",
    summary = "Segments of people who may be written to",
    params(Query),
    responses((status = 200, body = ListBody))
)]
pub(crate) async fn list(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<ListBody>, Problem> {
    let store = pick(&app, &who, query.store_id.as_deref()).await?;
    let (sized, by) = app.outreach.segments(&store).await?;
    let mut segments: Vec<SegmentBody> = sized
        .iter()
        .map(|of| SegmentBody {
            id: of.rule.as_str().to_owned(),
            members: of.members,
            about: about(of.rule, &by),
        })
        .collect();
    segments.push(SegmentBody {
        id: "bought".to_owned(),
        members: None,
        about: about(SegmentRule::Bought(ProductId(0)), &by),
    });
    Ok(web::Json(ListBody {
        total: segments.len(),
        segments,
    }))
}

#[utoipa::path(
    get, path = "/v1/segments/{id}", operation_id = "segment", tag = "segments",
    summary = "How many people are in a segment now",
    description = "Of abandoned checkouts the shop is asked. Nobody is named, and whether people agreed is asked only when they are exported.",
    params(("id" = String, Path, description = "an id of /v1/segments"), OneQuery),
    responses((status = 200, body = SegmentBody))
)]
pub(crate) async fn find(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    query: web::Query<OneQuery>,
) -> Result<web::Json<SegmentBody>, Problem> {
    let rule = rule(&id, query.product_id.as_deref())?;
    let store = pick(&app, &who, query.store_id.as_deref()).await?;
    let members = app.outreach.members(&store, rule).await?;
    let (_, by) = app.outreach.segments(&store).await?;
    Ok(web::Json(SegmentBody {
        id: id.into_inner(),
        members: Some(members.len() as u64),
        about: about(rule, &by),
    }))
}

/// Why people of the segment are not in it.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = SegmentLeftOut)]
pub(crate) struct LeftOutBody {
    /// The shop does not know or show them.
    not_known: u64,
    no_address: u64,
    /// Only a clear yes is one.
    no_consent: u64,
    /// For the same cause.
    already_told: u64,
    /// Something else of late.
    too_often: u64,
    /// They were not in the segment any more when it was sent again.
    no_longer: u64,
}

/// Names nobody.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SegmentExport)]
pub(crate) struct ExportBody {
    #[schema(format = "uuid")]
    id: String,
    /// A segment's id; of `bought` with the product.
    segment: String,
    channel: ChannelBody,
    /// `csv`, or the name of the channel that it was sent to.
    via: String,
    at: DateTime<Utc>,
    by: String,
    members: u64,
    /// Named by it.
    told: u64,
    left_out: LeftOutBody,
    /// It was refused by whom it was sent to: nobody counts as told.
    taken_back: bool,
    /// Of one that is sent; null: a file.
    delivery: Option<DeliveryBody>,
}

impl ExportBody {
    pub(super) fn of(export: &OutreachExport) -> Self {
        let count = |why: LeftOut| export.left_out.get(&why).copied().unwrap_or(0);
        Self {
            id: export.id.to_string(),
            segment: export.segment.clone(),
            channel: export.channel.into(),
            via: export.via.clone(),
            at: export.at,
            by: export.by.name.clone(),
            members: export.members,
            told: export.told,
            left_out: LeftOutBody {
                not_known: count(LeftOut::NotKnown),
                no_address: count(LeftOut::NoAddress),
                no_consent: count(LeftOut::NoConsent),
                already_told: count(LeftOut::AlreadyTold),
                too_often: count(LeftOut::TooOften),
                no_longer: count(LeftOut::NoLonger),
            },
            taken_back: export.state == ExportState::TakenBack,
            delivery: export.delivery.as_ref().map(DeliveryBody::of),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SegmentExportList)]
pub(crate) struct ExportsBody {
    /// The newest hundred, newest first.
    exports: Vec<ExportBody>,
    total: usize,
}

#[utoipa::path(
    get, path = "/v1/segment-exports", operation_id = "segment_exports", tag = "segments",
    summary = "Exports of segments that were made, and how many people each named",
    params(Query),
    responses((status = 200, body = ExportsBody))
)]
pub(crate) async fn exports(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<ExportsBody>, Problem> {
    let store = pick(&app, &who, query.store_id.as_deref()).await?;
    let exports = app.outreach.exports(&store).await?;
    let exports: Vec<ExportBody> = exports.iter().map(ExportBody::of).collect();
    Ok(web::Json(ExportsBody {
        total: exports.len(),
        exports,
    }))
}
