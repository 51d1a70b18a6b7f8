//! `POST /v1/costs/changes`: the one way in for all changes of inputs; the other routes of costs come through here too.

use super::entry::{Content, key_of};
use super::parse::Reader;
use super::recosts::RecostBody;
use crate::auth::Caller;
use crate::http::reports::query::store_id;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::web;
use application::costs::{Change, Told};
use domain::inputs::{Expect, Input, InputChange, InputKind, Origin, ShippingRate};
use domain::store::Store;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// At most so many in one list; files are imported.
const MOST: usize = 1_000;

/// Either `entry`, to be put in its place, or `remove`, the id of one to be taken away.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(as = CostChange)]
pub(crate) struct ChangeBody {
    pub(crate) entry: Option<Content>,
    pub(crate) remove: Option<String>,
    /// The revision that was looked at; when another one stands there by now, nothing is changed (409).
    pub(crate) revision: Option<i64>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = CostChanges)]
pub(crate) struct Body {
    /// Made all together or not at all.
    pub(crate) changes: Vec<ChangeBody>,
    #[schema(format = "uuid")]
    pub(crate) store_id: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CostChangeResult)]
pub(crate) struct ResultBody {
    pub(crate) revision: i64,
    /// Books the affected orders again; null when no order hangs on the change.
    pub(crate) run: Option<RecostBody>,
}

#[utoipa::path(
    post, path = "/v1/costs/changes", operation_id = "change_costs", tag = "costs",
    summary = "Changes costs, shipping rates, fee rules, ad spend and fixed costs together, and books the affected orders again",
    request_body = Body,
    responses(
        (status = 200, body = ResultBody),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "somebody else changed it first"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    body: web::Json<Body>,
) -> Result<web::Json<ResultBody>, Problem> {
    let store = store_of(&app, &who, body.store_id.as_deref()).await?;
    let changes = read(&app, &who, &store, &body.changes, true).await?;
    apply(&app, &who, &store, &changes, "costs.change").await
}

pub(crate) async fn store_of(
    app: &App,
    who: &Caller,
    store: Option<&str>,
) -> Result<Store, Problem> {
    Ok(app.costs.store(who.workspace.id, store_id(store)?).await?)
}

pub(crate) async fn apply(
    app: &App,
    who: &Caller,
    store: &Store,
    changes: &[InputChange],
    action: &'static str,
) -> Result<web::Json<ResultBody>, Problem> {
    let summary = summary(changes);
    let told = Told {
        actor: who.actor(),
        action,
    };
    let Change { applied, run } = app
        .costs
        .apply(store, changes, &summary, Some(who.user.id), Some(told))
        .await?;
    Ok(web::Json(ResultBody {
        revision: applied.revision,
        run: run.as_ref().map(RecostBody::of),
    }))
}

/// Reads changes as they were sent; `in_list` names fields by their place.
pub(crate) async fn read(
    app: &App,
    who: &Caller,
    store: &Store,
    bodies: &[ChangeBody],
    in_list: bool,
) -> Result<Vec<InputChange>, Problem> {
    if bodies.is_empty() || bodies.len() > MOST {
        let message = format!("has from 1 to {MOST} changes");
        return Err(Problem::invalid(vec![FieldError::new("changes", message)]));
    }
    let origin = Origin::person(Some(who.user.id), app.now());
    let (mut changes, mut errors) = (Vec::new(), Vec::new());
    for (place, body) in bodies.iter().enumerate() {
        let prefix = if in_list {
            format!("changes[{place}].")
        } else {
            String::new()
        };
        match read_one(store, body, origin, &prefix)? {
            Ok(change) => changes.push(change),
            Err(wrong) => errors.extend(wrong),
        }
    }
    if !errors.is_empty() {
        return Err(Problem::invalid(errors));
    }
    no_overlap(app, store, &changes).await?;
    Ok(changes)
}

fn read_one(
    store: &Store,
    body: &ChangeBody,
    origin: Origin,
    prefix: &str,
) -> Result<Result<InputChange, Vec<FieldError>>, Problem> {
    let expect = body.revision.map_or(Expect::Anything, Expect::Revision);
    let wrong =
        |field: &str, message: &str| vec![FieldError::new(&format!("{prefix}{field}"), message)];
    Ok(match (&body.entry, &body.remove) {
        (Some(content), None) => {
            let calendar = store
                .calendar()
                .map_err(|e| Problem::bad_request(e.to_string()))?;
            Reader::new(store, calendar, prefix.to_owned())
                .read(content)
                .map(|input| InputChange::put(input, origin).expecting(expect))
        }
        (None, Some(id)) => key_of(id)
            .map(|key| InputChange::remove(key).expecting(expect))
            .ok_or_else(|| wrong("remove", "is not the id of an entry")),
        _ => Err(wrong("entry", "is needed, or `remove`, and not both")),
    })
}

/// An order must be meant by one row of the shipping table at most.
async fn no_overlap(app: &App, store: &Store, changes: &[InputChange]) -> Result<(), Problem> {
    let rate_of = |input: &Input| match input {
        Input::ShippingRate(rate) => Some(rate.clone()),
        _ => None,
    };
    let put = |c: &InputChange| c.to.as_ref().and_then(|(input, _)| rate_of(input));
    let new: Vec<ShippingRate> = changes.iter().filter_map(put).collect();
    if new.is_empty() {
        return Ok(());
    }
    let kept = app.costs.all(store, InputKind::ShippingRate).await?;
    let touched = |record: &domain::inputs::InputRecord| {
        let key = record.input.key();
        changes.iter().any(|c| c.key == key)
    };
    let kept = kept.iter().filter(|r| !touched(r));
    let kept: Vec<ShippingRate> = kept.filter_map(|r| rate_of(&r.input)).collect();
    for (place, rate) in new.iter().enumerate() {
        let others = kept.iter().chain(&new[..place]);
        if others.into_iter().any(|other| other.overlaps(rate)) {
            let zone = rate.country.as_deref().unwrap_or("the rest of the world");
            let message =
                format!("overlaps another row for {zone}: an order could be meant by both");
            let fields = ["min_grams", "min_value"].map(|f| FieldError::new(f, message.clone()));
            return Err(Problem::invalid(fields.to_vec()));
        }
    }
    Ok(())
}

/// What a list of runs says of it.
fn summary(changes: &[InputChange]) -> String {
    let what = match changes.first().map(|c| c.key.kind) {
        Some(InputKind::VariantCost | InputKind::LineCost) => "Costs",
        Some(InputKind::DefaultCost) => "Default cost",
        Some(InputKind::ShippingRate | InputKind::OrderShipping) => "Shipping costs",
        Some(InputKind::FeeRule) => "Payment fees",
        Some(InputKind::AdSpend) => "Ad spend",
        Some(InputKind::FixedCost) => "Fixed costs",
        None => "Nothing",
    };
    match changes.len() {
        1 => format!("{what} changed"),
        n => format!("{what} changed, {n} entries"),
    }
}
