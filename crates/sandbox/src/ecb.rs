//! Reference rates in the European Central Bank's format: made up, repeatable, on working days only, with faults on demand.
//!
//! `GET /ecb/eurofxref-daily.xml`, `…-hist-90d.xml`, `…-hist.xml`. A rate depends on its day and currency alone, so that every
//! file, and every sandbox, tells the same one. `GET /__rates?from=&to=&currency=` tells them to tests.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use actix_web::HttpResponse;
use actix_web::web::{Data, Path, Query};
use chrono::{DateTime, Datelike as _, Days, NaiveDate, Weekday};
use serde::Deserialize;
use serde_json::json;

use crate::app::App;
use crate::random::Random;

/// Currency, its usual rate in the last of its decimals, decimals.
const CURRENCIES: [(&str, i64, u32); 29] = [
    ("USD", 11_600, 4),
    ("JPY", 17_800, 2),
    ("CZK", 24_300, 3),
    ("DKK", 74_680, 4),
    ("GBP", 87_200, 5),
    ("HUF", 38_500, 2),
    ("PLN", 42_500, 4),
    ("RON", 50_800, 4),
    ("SEK", 109_500, 4),
    ("CHF", 9_350, 4),
    ("ISK", 14_700, 2),
    ("NOK", 117_000, 4),
    ("TRY", 489_000, 4),
    ("AUD", 17_800, 4),
    ("BRL", 62_300, 4),
    ("CAD", 16_200, 4),
    ("CNY", 82_400, 4),
    ("HKD", 90_300, 4),
    ("IDR", 1_930_000, 2),
    ("ILS", 37_800, 4),
    ("INR", 1_031_000, 4),
    ("KRW", 170_500, 2),
    ("MXN", 213_000, 4),
    ("MYR", 48_200, 4),
    ("NZD", 20_400, 4),
    ("PHP", 68_200, 3),
    ("SGD", 15_100, 4),
    ("THB", 37_800, 3),
    ("ZAR", 201_000, 4),
];
/// Days of the whole series.
const ALL: u64 = 1100;
/// The hour (UTC) at which a day's rates are published.
const PUBLISHED: i64 = 15;

/// Weekends, and the days on which no bank of the area works.
pub(crate) fn is_published(day: NaiveDate) -> bool {
    let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    let holiday = matches!((day.month(), day.day()), (1, 1) | (5, 1) | (12, 25 | 26));
    !weekend && !holiday
}

/// Within two percent of the usual rate.
pub(crate) fn rate(day: NaiveDate, currency: usize) -> String {
    let (_, usual, decimals) = CURRENCIES[currency];
    let seed = u64::try_from(day.num_days_from_ce()).unwrap_or(0) * 64 + currency as u64;
    let mut random = Random::new(seed ^ 0xeccb);
    let value = usual + usual * random.within(-200, 200) / 10_000;
    let digits = format!("{value:0>width$}", width = decimals as usize + 1);
    let (whole, fraction) = digits.split_at(digits.len() - decimals as usize);
    format!("{whole}.{fraction}")
}

/// Newest first.
fn days(now: i64, span: u64) -> Vec<NaiveDate> {
    let Some(now) = DateTime::from_timestamp(now - PUBLISHED * 3600, 0) else {
        return Vec::new();
    };
    let today = now.date_naive();
    (0..span)
        .filter_map(|n| today.checked_sub_days(Days::new(n)))
        .filter(|day| is_published(*day))
        .collect()
}

fn table(days: &[NaiveDate]) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<gesmes:Envelope xmlns:gesmes=\"http://www.gesmes.org/xml/2002-08-01\" \
         xmlns=\"http://www.ecb.int/vocabulary/2002-08-01/eurofxref\">\n\t<gesmes:subject>Reference rates</gesmes:subject>\n\t\
         <gesmes:Sender>\n\t\t<gesmes:name>Sandbox</gesmes:name>\n\t</gesmes:Sender>\n\t<Cube>\n",
    );
    for day in days {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "\t\t<Cube time='{day}'>");
        for (at, (code, ..)) in CURRENCIES.iter().enumerate() {
            let _ = writeln!(
                out,
                "\t\t\t<Cube currency='{code}' rate='{}'/>",
                rate(*day, at)
            );
        }
        out.push_str("\t\t</Cube>\n");
    }
    out.push_str("\t</Cube>\n</gesmes:Envelope>\n");
    out
}

pub(crate) async fn file(app: Data<App>, name: Path<String>) -> HttpResponse {
    let found = match name.as_str() {
        "eurofxref-daily.xml" => days(app.now(), 7).into_iter().take(1).collect(),
        "eurofxref-hist-90d.xml" => days(app.now(), 90),
        "eurofxref-hist.xml" => days(app.now(), ALL),
        _ => return HttpResponse::NotFound().finish(),
    };
    if app.strikes("rates_down") {
        return HttpResponse::ServiceUnavailable().body("down for maintenance");
    }
    // Days that are missing in the middle: the table is whole, but has a hole.
    let gap = app.rate("rates_gap_days");
    let kept = found
        .into_iter()
        .enumerate()
        .filter(|(at, _)| f64::from(u32::try_from(*at).unwrap_or(u32::MAX)) >= gap)
        .map(|(_, day)| day)
        .collect::<Vec<_>>();
    let mut text = table(&kept);
    if app.strikes("rates_cut") {
        text.truncate(text.len() / 2);
    }
    if app.strikes("rates_nonsense") {
        text = text.replace("rate='1", "rate='N/A");
    }
    HttpResponse::Ok().content_type("text/xml").body(text)
}

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    from: NaiveDate,
    to: NaiveDate,
    currency: String,
}

/// Rates for one euro by day, only on days that have one.
pub(crate) async fn told(asked: Query<Asked>) -> HttpResponse {
    let Some(at) = CURRENCIES.iter().position(|(c, ..)| *c == asked.currency) else {
        return crate::http::refuse("no such currency");
    };
    let rates: BTreeMap<String, String> = asked
        .from
        .iter_days()
        .take_while(|day| *day <= asked.to)
        .filter(|day| is_published(*day))
        .map(|day| (day.to_string(), rate(day, at)))
        .collect();
    HttpResponse::Ok().json(json!({ "base": "EUR", "quote": asked.currency, "rates": rates }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_the_same_whoever_asks_and_near_the_usual_one() {
        let day: NaiveDate = "2026-11-26".parse().unwrap();
        assert_eq!(rate(day, 0), rate(day, 0));
        let usd: f64 = rate(day, 0).parse().unwrap();
        assert!((1.13..1.19).contains(&usd), "{usd}");
        let gbp = rate(day, 4);
        assert!(gbp.starts_with("0.") && gbp.len() == 7, "{gbp}");
    }

    #[test]
    fn a_day_is_published_in_the_afternoon() {
        let at = |text: &str| text.parse::<DateTime<chrono::Utc>>().unwrap().timestamp();
        let newest = |text| days(at(text), 7)[0].to_string();
        assert_eq!(newest("2026-11-27T14:59:00Z"), "2026-11-26");
        assert_eq!(newest("2026-11-27T15:00:00Z"), "2026-11-27");
        assert_eq!(newest("2026-11-29T20:00:00Z"), "2026-11-27", "a Sunday");
    }
}
