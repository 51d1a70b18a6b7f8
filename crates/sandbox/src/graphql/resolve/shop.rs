//! The shop itself, and the objects of the app's own bulk operations and subscriptions.

use std::sync::Arc;

use chrono::{Offset, TimeZone};

use super::super::value::{Object, Value};
use super::{Context, id, time};
use crate::store::{Seconds, ids};

pub(super) fn field<'a>(context: &'a Context<'a>, field: &str) -> Value<'a> {
    let shop = &context.store.shop;
    let now = shop.zone.timestamp_opt(context.now, 0).earliest();
    let minutes = now.map_or(0, |t| t.offset().fix().local_minus_utc() / 60);
    match field {
        "id" => id("Shop", 91_740_864_812),
        "name" => Value::text(shop.name.as_str()),
        "myshopifyDomain" => Value::text(shop.domain.as_str()),
        "url" => Value::text(format!("https://{}", shop.domain)),
        "primaryDomain" => Value::made(
            "Domain",
            vec![
                ("host", Value::text(shop.domain.as_str())),
                ("id", id("Domain", 118_000_001)),
                ("sslEnabled", Value::Bool(true)),
                ("url", Value::text(format!("https://{}", shop.domain))),
            ],
        ),
        "currencyCode" => Value::text(shop.currency),
        "enabledPresentmentCurrencies" => {
            let mut codes = vec![shop.currency];
            codes.extend(
                context
                    .store
                    .places
                    .iter()
                    .filter_map(|p| p.money)
                    .map(|m| m.0),
            );
            codes.sort_unstable();
            codes.dedup();
            Value::List(codes.into_iter().map(Value::text).collect())
        }
        "ianaTimezone" => Value::text(shop.zone.name()),
        "timezoneAbbreviation" => Value::maybe(now.map(|t| t.format("%Z").to_string())),
        "timezoneOffset" => Value::text(format!(
            "{}{:02}{:02}",
            if minutes < 0 { '-' } else { '+' },
            minutes.abs() / 60,
            minutes.abs() % 60
        )),
        "timezoneOffsetMinutes" => Value::Int(i64::from(minutes)),
        "email" | "contactEmail" => Value::text("owner@example.com"),
        "shopOwnerName" => Value::text("Sandbox Owner"),
        "description" => Value::Null,
        "createdAt" => Value::text(time(shop.opened)),
        "updatedAt" => Value::text(time(context.now)),
        "taxesIncluded" | "setupRequired" => Value::Bool(false),
        "taxShipping" => Value::Bool(true),
        "orderNumberFormatPrefix" => Value::text("#"),
        "orderNumberFormatSuffix" => Value::text(""),
        "weightUnit" => Value::text("GRAMS"),
        "plan" => Value::made(
            "ShopPlan",
            vec![
                ("displayName", Value::text("Development")),
                ("partnerDevelopment", Value::Bool(true)),
                ("publicDisplayName", Value::text("Development")),
                ("shopifyPlus", Value::Bool(false)),
            ],
        ),
        _ => Value::Unknown,
    }
}

/// A bulk operation as the Admin API shows it.
#[expect(
    clippy::too_many_arguments,
    reason = "one argument per field of the type"
)]
pub(crate) fn bulk_object<'a>(
    number: i64,
    status: &'static str,
    error: Option<&'static str>,
    query: String,
    created: Seconds,
    completed: Option<Seconds>,
    counts: (u64, u64),
    size: Option<u64>,
    urls: (Option<String>, Option<String>),
) -> Object<'a> {
    Object::Made(
        "BulkOperation",
        Arc::new(vec![
            ("completedAt", Value::maybe(completed.map(time))),
            ("createdAt", Value::text(time(created))),
            ("errorCode", error.map_or(Value::Null, Value::text)),
            ("fileSize", Value::maybe(size.map(|s| s.to_string()))),
            ("id", id("BulkOperation", number)),
            ("objectCount", Value::text(counts.0.to_string())),
            ("partialDataUrl", Value::maybe(urls.1)),
            ("query", Value::text(query)),
            ("rootObjectCount", Value::text(counts.1.to_string())),
            ("status", Value::text(status)),
            ("type", Value::text("QUERY")),
            ("url", Value::maybe(urls.0)),
        ]),
    )
}

/// A webhook subscription as the Admin API shows it.
pub(crate) fn subscription_object<'a>(s: &crate::shopify::webhooks::Subscription) -> Object<'a> {
    let words =
        |list: &[String]| Value::List(list.iter().map(|w| Value::text(w.clone())).collect());
    let version = |handle: &str| {
        Value::made(
            "ApiVersion",
            vec![
                ("displayName", Value::text(handle.to_owned())),
                ("handle", Value::text(handle.to_owned())),
                ("supported", Value::Bool(true)),
            ],
        )
    };
    Object::Made(
        "WebhookSubscription",
        Arc::new(vec![
            ("apiVersion", version(&s.version)),
            ("callbackUrl", Value::text(s.uri.clone())),
            ("createdAt", Value::text(time(s.created))),
            ("filter", Value::text(s.filter.clone())),
            ("format", Value::text("JSON")),
            ("id", id("WebhookSubscription", ids::WEBHOOK + s.number)),
            ("includeFields", words(&s.include)),
            (
                "legacyResourceId",
                Value::text((ids::WEBHOOK + s.number).to_string()),
            ),
            ("metafieldNamespaces", Value::List(Vec::new())),
            ("name", Value::maybe(s.name.clone())),
            ("topic", Value::text(s.topic.clone())),
            ("updatedAt", Value::text(time(s.updated))),
            ("uri", Value::text(s.uri.clone())),
        ]),
    )
}

/// The path of the field, the message, and a code where the type has one.
pub(crate) type UserError = (Option<Vec<&'static str>>, String, Option<&'static str>);

/// `userErrors`: field path, message, and a code where the type has one.
pub(crate) fn user_errors<'a>(ty: &'static str, errors: Vec<UserError>) -> Value<'a> {
    let one = |(field, message, code): UserError| {
        let path = field.map_or(Value::Null, |f| {
            Value::List(f.into_iter().map(Value::text).collect())
        });
        Value::made(
            ty,
            vec![
                ("field", path),
                ("message", Value::text(message)),
                ("code", code.map_or(Value::Null, Value::text)),
            ],
        )
    };
    Value::List(errors.into_iter().map(one).collect())
}
