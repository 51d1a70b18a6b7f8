//! `GET /v1/metrics`: the key figures that clients of the earlier system show, computed from data or null with a reason.

use crate::auth::Caller;
use crate::http::agents::counts::counts;
use crate::http::amounts::{amount, optional_amount};
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use application::reports::{
    CurrencyChoice, ProfitReport, ReportError, ReportQuery, Split, StoreChoice,
};
use application::stores::StoreError;
use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::Grain;
use domain::passport::{self, Value};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Of the last thirty days of the first store.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Performance)]
pub(crate) struct PerformanceBody {
    currency: String,
    from: NaiveDate,
    to: NaiveDate,
    orders: i64,
    revenue: String,
    net_profit: Option<String>,
    average_order_value: Option<String>,
}

#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = KeyFigures)]
pub(crate) struct Body {
    revenue_progress: Option<f64>,
    target_revenue: Option<String>,
    /// Net profit in percent of the net revenue whose cost is known, over the last thirty days.
    profit_margin_avg: Option<f64>,
    automation_level: Option<f64>,
    total_agents: u32,
    active_agents: u32,
    /// Those that wait for somebody.
    total_opportunities: Option<u64>,
    approved_products: Option<u64>,
    /// Found since the day of the store began.
    daily_discoveries: Option<u64>,
    system_uptime: Option<f64>,
    performance: Option<PerformanceBody>,
    unavailable: BTreeMap<String, String>,
    timestamp: DateTime<Utc>,
}

#[utoipa::path(
    get, path = "/v1/metrics", operation_id = "key_figures", tag = "reports",
    summary = "Key figures of the store",
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(app: web::Data<App>, who: Caller) -> Result<web::Json<Body>, Problem> {
    let asked = ReportQuery {
        workspace: who.workspace.id,
        store: StoreChoice::First,
        currency: CurrencyChoice::Usual,
        from: None,
        to: None,
        compare: None,
    };
    let agents = counts(&app, who.workspace.id).await?;
    let mut body = Body {
        total_agents: agents.total,
        active_agents: agents.active,
        timestamp: app.now(),
        ..Body::default()
    };
    match app.reports.profit(&asked, Split::Period(Grain::Day)).await {
        Ok(report) => body.fill(&report),
        Err(ReportError::Store(StoreError::NoStore)) => {
            for field in ["profit_margin_avg", "performance"] {
                body.is_unknown(field, "no store is connected yet");
            }
        }
        Err(error) => return Err(error.into()),
    }
    body.is_unknown("revenue_progress", "no revenue target is set");
    body.is_unknown("target_revenue", "no revenue target is set");
    body.is_unknown(
        "automation_level",
        "how much is done without people is not measured yet",
    );
    match app.opportunities.sums_of(who.workspace.id).await? {
        Some(sums) => {
            body.total_opportunities = Some(sums.waiting);
            body.approved_products = Some(sums.approved);
            body.daily_discoveries = Some(sums.discovered);
        }
        None => {
            for field in [
                "total_opportunities",
                "approved_products",
                "daily_discoveries",
            ] {
                body.is_unknown(field, "no supplier's catalogue was imported yet");
            }
        }
    }
    body.is_unknown(
        "system_uptime",
        "availability is not recorded; /health tells the time since the start",
    );
    Ok(web::Json(body))
}

impl Body {
    fn is_unknown(&mut self, field: &str, reason: &str) {
        self.unavailable.insert(field.to_owned(), reason.to_owned());
    }

    fn fill(&mut self, report: &ProfitReport) {
        let (figures, currency) = (&report.total.figures, report.view.currency);
        self.profit_margin_avg = match value(report, "profit_margin") {
            Some(Value::Quotient(margin)) => (margin * Decimal::ONE_HUNDRED).to_f64(),
            _ => None,
        };
        if self.profit_margin_avg.is_none() {
            self.is_unknown(
                "profit_margin_avg",
                "no sales with a known cost in the last thirty days",
            );
        }
        self.performance = Some(PerformanceBody {
            currency: currency.to_string(),
            from: report.view.range.from,
            to: report.view.range.to,
            orders: figures.measures.orders,
            revenue: amount(figures.net_revenue, currency),
            net_profit: optional_amount(figures.net_profit, currency),
            average_order_value: match value(report, "average_order_value") {
                Some(Value::Money(each)) => Some(amount(each, currency)),
                _ => None,
            },
        });
    }
}

/// As its passport has it.
fn value(report: &ProfitReport, name: &str) -> Option<Value> {
    (passport::find(name)?.read)(&report.total.figures)
}
