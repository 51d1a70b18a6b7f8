//! `GET /v1/guardrails`, `PUT /v1/guardrails`

use crate::auth::Caller;
use crate::http::agents::store::Query;
use crate::http::amounts::optional_amount;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::web;
use application::changes::LimitsChange;
use chrono::{DateTime, Utc};
use domain::changes::alone::RefundLimits;
use domain::changes::{BOUNDS, Guardrails, Hours, Limits};
use domain::money::{Currency, Money};
use domain::store::Store;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Full hours of the store's clock from 0 to 23: the first one included, the last one not; over midnight where the first is the later one.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GuardrailHours)]
pub(crate) struct HoursBody {
    from: u32,
    to: u32,
}

/// Shares are ten-thousandths: `2000` is 20 %.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GuardrailLimits)]
pub(crate) struct LimitsBody {
    /// How far one change may move a price.
    price_step: i64,
    /// How far all changes of one price within 24 hours may move it together.
    price_day: i64,
    /// Writes in the store within 24 hours.
    operations_day: u32,
    /// Hours for which an agent leaves a thing alone after it was changed.
    cool_down: u32,
    /// The least share of a price that an agent leaves after the cost of the unit.
    margin: i64,
    /// How far all changes of an advertisement's budget within 24 hours may raise it together.
    ad_budget: i64,
    /// What all refunds of one change-set may come to that the person approves who proposed it; a decimal string in the store's currency. More is
    /// approved by a second person. Null: as much as anybody likes. It has to be said, so that no limit goes by being left out.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(required = true)]
    refund_alone: Option<String>,
    /// The same of all refunds of one person within 24 hours.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(required = true)]
    refund_day: Option<String>,
    /// When agents may begin to apply what no person approved; null: at any time.
    hours: Option<HoursBody>,
}

impl LimitsBody {
    fn of(limits: &Limits, currency: Currency) -> Self {
        Self {
            price_step: limits.price_step,
            price_day: limits.price_day,
            operations_day: limits.operations_day,
            cool_down: limits.cool_down,
            margin: limits.margin,
            ad_budget: limits.ad_budget,
            refund_alone: optional_amount(limits.refunds.alone, currency),
            refund_day: optional_amount(limits.refunds.day, currency),
            hours: limits.hours.map(|h| HoursBody {
                from: h.from,
                to: h.to,
            }),
        }
    }

    fn read(&self, currency: Currency) -> Result<Limits, Problem> {
        let mut faults = Vec::new();
        let mut money = |key: &str, text: Option<&str>| {
            let read = text.map(|text| Money::parse(text, currency)).transpose();
            read.unwrap_or_else(|error| {
                faults.push(FieldError::new(&format!("limits.{key}"), error.to_string()));
                None
            })
            .map(|money| money.minor)
        };
        let refunds = RefundLimits {
            alone: money("refund_alone", self.refund_alone.as_deref()),
            day: money("refund_day", self.refund_day.as_deref()),
        };
        if !faults.is_empty() {
            return Err(Problem::unprocessable("change-refused", faults));
        }
        Ok(Limits {
            price_step: self.price_step,
            price_day: self.price_day,
            operations_day: self.operations_day,
            cool_down: self.cool_down,
            margin: self.margin,
            ad_budget: self.ad_budget,
            refunds,
            hours: self.hours.map(|h| Hours {
                from: h.from,
                to: h.to,
            }),
        })
    }
}

/// What a limit may be set to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GuardrailBounds)]
pub(crate) struct BoundsBody {
    key: &'static str,
    min: i64,
    max: i64,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Guardrails)]
pub(crate) struct GuardrailsBody {
    store: String,
    /// 0: nobody set anything, the defaults hold.
    version: i64,
    limits: LimitsBody,
    defaults: LimitsBody,
    bounds: Vec<BoundsBody>,
    /// Of amounts.
    currency: String,
    /// Whose hours they are.
    timezone: String,
    /// Null where nobody set anything.
    updated_at: Option<DateTime<Utc>>,
    updated_by: Option<String>,
    reason: Option<String>,
}

impl GuardrailsBody {
    fn of(guardrails: &Guardrails, store: &Store) -> Self {
        let is_set = guardrails.version > 0;
        let bounds = BOUNDS.map(|b| BoundsBody {
            key: b.key,
            min: b.min,
            max: b.max,
        });
        Self {
            store: guardrails.scope.store.to_string(),
            version: guardrails.version,
            limits: LimitsBody::of(&guardrails.limits, store.currency),
            defaults: LimitsBody::of(&Limits::default(), store.currency),
            currency: store.currency.to_string(),
            bounds: bounds.into(),
            timezone: store.timezone.clone(),
            updated_at: is_set.then_some(guardrails.updated_at),
            updated_by: is_set.then(|| guardrails.updated_by.name.clone()),
            reason: guardrails.reason.clone(),
        }
    }
}

/// All limits as they are to be from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GuardrailsChange)]
pub(crate) struct Body {
    /// Of the limits that were looked at; anything else is refused.
    version: i64,
    limits: LimitsBody,
    /// Needed where more is let through than before.
    reason: Option<String>,
}

#[utoipa::path(
    get, path = "/v1/guardrails", operation_id = "find_guardrails", tag = "changes",
    summary = "How far changes may go in a store",
    params(Query),
    responses((status = 200, body = GuardrailsBody), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn find(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<GuardrailsBody>, Problem> {
    let store = query.pick(&app, &who).await?;
    let guardrails = app.changes.guardrails(&store).await?;
    Ok(web::Json(GuardrailsBody::of(&guardrails, &store)))
}

#[utoipa::path(
    put, path = "/v1/guardrails", operation_id = "set_guardrails", tag = "changes",
    summary = "Sets how far changes may go in a store",
    description = "They hold for the next write, whoever approved it, that of sets that are under way among them.",
    params(Query),
    request_body = Body,
    responses(
        (status = 200, body = GuardrailsBody),
        (status = 404, response = crate::openapi::ProblemResponse),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "somebody else set them first"),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "a limit is out of its bounds, or the reason is missing; `errors` names each"),
    )
)]
pub(crate) async fn set(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
    body: web::Json<Body>,
) -> Result<web::Json<GuardrailsBody>, Problem> {
    let store = query.pick(&app, &who).await?;
    let body = body.into_inner();
    let change = LimitsChange {
        version: body.version,
        limits: body.limits.read(store.currency)?,
        reason: body.reason,
    };
    let by = who.actor();
    let guardrails = app.changes.set_guardrails(&store, change, &by).await?;
    Ok(web::Json(GuardrailsBody::of(&guardrails, &store)))
}
