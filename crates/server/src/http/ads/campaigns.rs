//! Campaigns judged by profit: `/v1/campaigns`.

use super::view::{AccountBody, CampaignBody, DayBody, MarginBody, number};
use crate::auth::Caller;
use crate::http::amounts::optional_amount;
use crate::http::changes::value::{self, ValueBody};
use crate::http::changes::view::StateBody;
use crate::http::ids::own_id;
use crate::http::reports::query::store_id;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::web;
use application::ads::{AdMark, Campaigns};
use chrono::{DateTime, NaiveDate, Utc};
use domain::ads::{AdStatus, BudgetSpan};
use domain::calendar::DayRange;
use domain::money::Currency;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// First day; the last 30 days of the store when both are left out.
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
}

pub(super) fn range(
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
) -> Result<Option<DayRange>, Problem> {
    match (from, to) {
        (None, None) => Ok(None),
        (Some(from), Some(to)) => DayRange::new(from, to)
            .map(Some)
            .map_err(|e| Problem::invalid(vec![FieldError::new("from", e.to_string())])),
        _ => {
            let message = "give both days, or none";
            Err(Problem::invalid(vec![FieldError::new("to", message)]))
        }
    }
}

/// Totals are in `currency`, the store's: each day's amounts are converted by that day's rate. What cannot be told is null, and
/// `unavailable` says why.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CampaignList)]
pub(crate) struct Body {
    /// The largest spend first.
    campaigns: Vec<CampaignBody>,
    total: usize,
    active: usize,
    /// Daily budgets of what is active, where all are in the store's currency.
    total_budget: Option<String>,
    total_spent: Option<String>,
    total_conversions: f64,
    average_roas: Option<f64>,
    /// Margin of all claimed revenue for each unit of spend.
    poas: Option<f64>,
    break_even_roas: Option<f64>,
    /// Whole net revenue of the store for each unit of spend.
    mer: Option<f64>,
    /// The inverse of `mer`: the share of net revenue that is spent on advertisements.
    spend_share: Option<f64>,
    new_customer_cac: Option<String>,
    claimed_revenue: Option<String>,
    pacing: PacingBody,
    margin: MarginBody,
    currency: String,
    from: NaiveDate,
    to: NaiveDate,
    ad_accounts: Vec<AccountBody>,
    unavailable: BTreeMap<String, String>,
    timestamp: DateTime<Utc>,
}

/// The store's month so far, in its currency.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CampaignPacing)]
pub(crate) struct PacingBody {
    spent: Option<String>,
    /// At the pace of the last seven whole days; null where nothing was spent in them.
    projected: Option<String>,
    /// As the agent over advertisements is set; null: no limit.
    limit: Option<String>,
    /// Why nothing is told.
    unknown: Option<String>,
}

#[utoipa::path(
    get, path = "/v1/campaigns", operation_id = "campaigns", tag = "campaigns",
    summary = "Campaigns of all ad accounts of a store, judged by profit",
    params(Query),
    responses((status = 200, body = Body))
)]
pub(crate) async fn list(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let asked = Campaigns {
        workspace: who.workspace.id,
        store: store_id(query.store_id.as_deref())?,
        range: range(query.from, query.to)?,
    };
    let view = app.ads.campaigns(&asked).await?;
    let currency = view.store.currency;
    let is_active = |s: AdStatus| s == AdStatus::Active;
    let active = || {
        let rows = view.rows.iter();
        rows.filter(move |r| is_active(r.stored.entity.status))
    };
    let mut unavailable: BTreeMap<String, String> = view
        .unavailable
        .iter()
        .map(|(field, why)| ((*field).to_owned(), why.clone()))
        .collect();
    let foreign = active().any(|r| r.currency != currency);
    let budgets = active().filter_map(|r| r.stored.entity.budget.as_ref());
    let budgets = budgets
        .filter(|b| b.span == BudgetSpan::Day)
        .map(|b| b.minor);
    let total_budget = (!foreign).then(|| budgets.sum::<i64>());
    if foreign {
        let why = "budgets are in other currencies than the store's";
        unavailable.insert("total_budget".to_owned(), why.to_owned());
    }
    let ratio = |a: Option<i64>, b: Option<i64>| {
        let (a, b) = (Decimal::from(a?), Decimal::from(b?));
        a.checked_div(b)
    };
    let roas = ratio(view.claimed, view.spent);
    if let Some(why) = view.margin.reason() {
        for field in ["poas", "break_even_roas"] {
            unavailable.insert(field.to_owned(), why.to_owned());
        }
    }
    let mut ad_accounts = Vec::new();
    for account in &view.accounts {
        let last = app.ads.latest(account).await?;
        ad_accounts.push(AccountBody::of(account, last.as_ref()));
    }
    let days = view.range.len_days();
    let campaigns: Vec<_> = view
        .rows
        .iter()
        .map(|row| CampaignBody::of(row, &view.margin, days))
        .collect();
    Ok(web::Json(Body {
        total: campaigns.len(),
        active: active().count(),
        total_budget: optional_amount(total_budget, currency),
        total_spent: optional_amount(view.spent, currency),
        total_conversions: view.purchases.to_f64().unwrap_or(0.0),
        average_roas: number(roas),
        poas: number(roas.zip(view.margin.share).map(|(r, m)| r * m)),
        break_even_roas: number(view.break_even_roas),
        mer: number(view.mer),
        spend_share: number(view.spend_share),
        new_customer_cac: optional_amount(view.new_customer_cac, currency),
        claimed_revenue: optional_amount(view.claimed, currency),
        pacing: PacingBody {
            spent: optional_amount(view.pacing.spent, currency),
            projected: optional_amount(view.pacing.projected, currency),
            limit: optional_amount(view.pacing.limit, currency),
            unknown: view.pacing.unknown,
        },
        margin: MarginBody::of(&view.margin, currency),
        currency: currency.to_string(),
        from: view.range.from,
        to: view.range.to,
        campaigns,
        ad_accounts,
        unavailable,
        timestamp: view.now,
    }))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct DayQuery {
    /// First day; the last 30 days of the store when both are left out.
    pub(super) from: Option<NaiveDate>,
    pub(super) to: Option<NaiveDate>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CampaignDetail)]
pub(crate) struct DetailBody {
    campaign: CampaignBody,
    ad_account: AccountBody,
    /// Ad sets of Meta, ad groups of Google; the largest spend first.
    ad_sets: Vec<CampaignBody>,
    /// Days on which it ran, oldest first, in the account's zone.
    days: Vec<DayBody>,
    /// What was changed of it or of its ad sets in these days, newest first.
    changes: Vec<ChangeBody>,
    margin: MarginBody,
    break_even_roas: Option<f64>,
    from: NaiveDate,
    to: NaiveDate,
}

/// A change that was written, or may have been.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CampaignChange)]
pub(crate) struct ChangeBody {
    change_set: String,
    at: DateTime<Utc>,
    /// `ad_status` or `ad_budget`
    kind: String,
    /// The name of what was changed.
    label: String,
    before: Option<ValueBody>,
    after: Option<ValueBody>,
    /// As in the operations of change-sets; null: the change-set is not known any more.
    state: Option<StateBody>,
    /// Null: a person's.
    agent: Option<String>,
}

impl ChangeBody {
    fn of(mark: &AdMark, currency: Currency) -> Self {
        let (before, after) = value::of(&mark.action, currency);
        Self {
            change_set: mark.set.to_string(),
            at: mark.at,
            kind: mark.action.kind().to_owned(),
            label: mark.label.clone(),
            before,
            after,
            state: mark.state.map(Into::into),
            agent: mark.agent.clone(),
        }
    }
}

#[utoipa::path(
    get, path = "/v1/campaigns/{id}", operation_id = "campaign", tag = "campaigns",
    summary = "One campaign with its days and ad sets",
    params(("id" = String, Path, description = "As a list tells it: the account and the platform's number"), DayQuery),
    responses((status = 200, body = DetailBody))
)]
pub(crate) async fn find(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    query: web::Query<DayQuery>,
) -> Result<web::Json<DetailBody>, Problem> {
    let unknown = || Problem::not_found("campaign");
    let (account, number_) = id.split_once('.').ok_or_else(unknown)?;
    let account = own_id(account, "campaign")?;
    let range = range(query.from, query.to)?;
    let detail = app.ads.campaign(who.workspace.id, account, number_, range);
    let detail = detail.await?;
    let days = detail.range.len_days();
    let last = app.ads.latest(&detail.account).await?;
    let currency = detail.row.currency;
    let body = |row| CampaignBody::of(row, &detail.margin, days);
    Ok(web::Json(DetailBody {
        campaign: body(&detail.row),
        ad_account: AccountBody::of(&detail.account, last.as_ref()),
        ad_sets: detail.ad_sets.iter().map(body).collect(),
        days: detail
            .days
            .iter()
            .map(|d| DayBody::of(d, currency))
            .collect(),
        changes: detail
            .changes
            .iter()
            .map(|c| ChangeBody::of(c, detail.store_currency))
            .collect(),
        margin: MarginBody::of(&detail.margin, detail.store_currency),
        break_even_roas: number(detail.break_even_roas),
        from: detail.range.from,
        to: detail.range.to,
    }))
}
