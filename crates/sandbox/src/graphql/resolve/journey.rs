//! `Order.customerJourneySummary`.

use super::super::value::Value;
use super::{id, time};
use crate::ads::{campaign_id, campaign_name, group_id, group_name};
use crate::store::Order;
use crate::store::journey::{Came, journey};

/// Null for what was not sold on the web.
pub(super) fn summary<'a>(o: &Order) -> Value<'a> {
    let Some((first, last)) = journey(o) else {
        return Value::Null;
    };
    let count = if first == last { 1 } else { 2 };
    let fields = vec![
        ("ready", Value::Bool(true)),
        ("customerOrderIndex", Value::Null),
        ("daysToConversion", Value::Int(count - 1)),
        ("firstVisit", visit(o, first, 2 * 86_400)),
        ("lastVisit", visit(o, last, 600)),
    ];
    Value::made("CustomerJourneySummary", fields)
}

fn visit<'a>(o: &Order, came: Came, before: i64) -> Value<'a> {
    let page = format!("/products/p{}", o.index % 40);
    let utm = |source: &str, medium: &str, campaign: &str, term: Option<String>| {
        let fields = vec![
            ("source", Value::text(source.to_owned())),
            ("medium", Value::text(medium.to_owned())),
            ("campaign", Value::text(campaign.to_owned())),
            ("content", Value::Null),
            ("term", Value::maybe(term)),
        ];
        Value::made("UTMParameters", fields)
    };
    let (source, referrer, page, utm) = match came {
        Came::Direct => ("direct", None, page, Value::Null),
        Came::Search => ("Google", Some("https://www.google.com/"), page, Value::Null),
        Came::Mail => {
            let page = format!("{page}?utm_source=newsletter&utm_medium=email&utm_campaign=weekly");
            let utm = utm("newsletter", "email", "weekly", None);
            ("Email", None, page, utm)
        }
        Came::Campaign {
            is_meta: true,
            position,
        } => {
            let campaign = campaign_id("meta", position).to_string();
            let (below, term) = below(o, position);
            let page = format!(
                "{page}?utm_source=facebook&utm_medium=paid&utm_campaign={campaign}{below}&fbclid=x"
            );
            let utm = utm("facebook", "paid", &campaign, term);
            ("Facebook", Some("https://l.facebook.com/"), page, utm)
        }
        // Google tags its links by itself.
        Came::Campaign {
            is_meta: false,
            position,
        } => {
            let campaign = campaign_id("google_ads", position);
            let group = match o.index % 4 {
                at @ 0..=1 => {
                    let group = group_id("google_ads", position, u64::from(at));
                    format!("&adgroupid={group}")
                }
                _ => String::new(),
            };
            let page = format!("{page}?gclid=x{}&gad_campaignid={campaign}{group}", o.index);
            ("Google", Some("https://www.google.com/"), page, Value::Null)
        }
    };
    let fields = vec![
        (
            "id",
            id(
                "CustomerVisit",
                i64::from(o.index) * 2 + i64::from(before > 600),
            ),
        ),
        ("occurredAt", Value::text(time(o.placed - before))),
        ("source", Value::text(source)),
        ("referrerUrl", Value::maybe(referrer.map(str::to_owned))),
        (
            "landingPage",
            Value::text(format!("https://sandbox.example{page}")),
        ),
        ("utmParameters", utm),
    ];
    Value::made("CustomerVisit", fields)
}

/// What a link of Meta says below its campaign, as people set links up: the ad set's number, its name as a term, something of their own, or
/// nothing. With the term.
fn below(o: &Order, position: u64) -> (String, Option<String>) {
    match o.index % 5 {
        at @ 0..=1 => {
            let set = group_id("meta", position, u64::from(at));
            (format!("&adset_id={set}"), None)
        }
        2 => {
            let place = usize::try_from(position).unwrap_or_default();
            let name = group_name(campaign_name(place), 1);
            (String::new(), Some(name))
        }
        3 => ("&utm_content=video-3".to_owned(), None),
        _ => (String::new(), None),
    }
}
