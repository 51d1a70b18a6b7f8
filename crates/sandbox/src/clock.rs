//! `/__clock`: the shop's time. It goes forward only, and with `date` or `advance_days` the shop trades on the days that pass.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, web};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::{App, Shared, lock};
use crate::days::{Passed, live_on};
use crate::graphql::resolve::time;
use crate::http::refuse;
use crate::store::Seconds;

const A_DAY: Seconds = 86_400;
/// So many days may pass at once.
const MOST_DAYS: i64 = 400;
/// Whoever reads a clock and sets it to what was read is a little late.
const LATE: Seconds = 300;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    now: Option<DateTime<chrono::FixedOffset>>,
    date: Option<NaiveDate>,
    advance_seconds: Option<Seconds>,
    advance_days: Option<Seconds>,
    /// Whether the shop trades until then.
    live: Option<bool>,
}

pub(crate) async fn show(app: Data<App>) -> HttpResponse {
    HttpResponse::Ok().json(json!({"now": time(app.now())}))
}

/// `{"date": "2026-11-22"}`, `{"advance_days": 60}`, `{"now": "2026-11-22T08:00:00Z"}` or `{"advance_seconds": 3600}`; `"live"` says
/// whether orders come meanwhile: without it they do for the first two.
pub(crate) async fn set(app: Data<App>, body: Json<Value>) -> HttpResponse {
    let asked: Asked = match serde_json::from_value(body.into_inner()) {
        Ok(asked) => asked,
        Err(problem) => return refuse(&problem.to_string()),
    };
    let app = app.into_inner();
    let given = [
        asked.now.is_some(),
        asked.date.is_some(),
        asked.advance_seconds.is_some(),
        asked.advance_days.is_some(),
    ];
    if given.into_iter().filter(|g| *g).count() != 1 {
        return refuse("give one of now, date, advance_seconds, advance_days");
    }
    let passed = web::block(move || pass(&app, &asked)).await;
    match passed {
        Ok(Ok(passed)) => HttpResponse::Ok().json(passed),
        Ok(Err(problem)) => HttpResponse::UnprocessableEntity().json(json!({"error": problem})),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}

fn pass(app: &Shared, asked: &Asked) -> Result<Value, String> {
    let mut traded = lock(&app.traded);
    let from = app.now();
    let to = target(app, asked, from)?;
    let trades = asked
        .live
        .unwrap_or(asked.date.is_some() || asked.advance_days.is_some());
    let passed = if trades {
        if to - from > MOST_DAYS * A_DAY {
            return Err(format!("at most {MOST_DAYS} days pass at once"));
        }
        // Nothing is left out between two steps, though the real clock has gone on between them.
        let start = traded.filter(|t| (0..=LATE).contains(&(from - t)));
        *traded = Some(to);
        live_on(app, start.unwrap_or(from), to)
    } else {
        Passed::default()
    };
    // The real clock has gone on meanwhile.
    if to > from {
        app.set_now(to);
    }
    Ok(json!({
        "now": time(app.now()), "orders": passed.orders, "changes": passed.changes, "deliveries": passed.deliveries,
    }))
}

/// The moment that is asked for; what lies a little before now, or earlier on today's date, is now.
fn target(app: &Shared, asked: &Asked, from: Seconds) -> Result<Seconds, String> {
    let zone = app.read().shop.zone;
    let back = |what: String| {
        Err(format!(
            "the clock does not go back: it is {} and {what} is earlier",
            time(from)
        ))
    };
    if let Some(date) = asked.date {
        let today = zone.timestamp_opt(from, 0).earliest();
        let today = today.map(|t| t.date_naive());
        if today.is_some_and(|today| date < today) {
            return back(date.to_string());
        }
        // Where summer time begins at midnight, a day begins an hour later.
        let begins = [0, 1].into_iter().find_map(|hour| {
            let local = date.and_time(NaiveTime::from_hms_opt(hour, 0, 0)?);
            zone.from_local_datetime(&local).earliest()
        });
        let begins = begins.map(|t| t.timestamp());
        return begins
            .map(|at| at.max(from))
            .ok_or_else(|| format!("{date} has no beginning"));
    }
    let days = asked.advance_days.map(|days| days.saturating_mul(A_DAY));
    let by = asked.advance_seconds.or(days).unwrap_or(0);
    if by < 0 {
        return back(format!("{by} seconds from now"));
    }
    let Some(now) = asked.now.map(|now| now.timestamp()) else {
        let to = from.checked_add(by).filter(|to| *to < 253_402_300_800);
        return to.ok_or_else(|| "that is after the year 9999".to_owned());
    };
    if now < from - LATE {
        return back(time(now));
    }
    Ok(now.max(from))
}
