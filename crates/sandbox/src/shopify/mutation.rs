//! The writes that a reading product needs: bulk operations and webhook subscriptions.

use std::sync::Arc;

use serde_json::json;

use super::{bulk, bulk_rules};
use crate::app::Shared;
use crate::graphql::argument::Arguments;
use crate::graphql::plan::PlanField;
use crate::graphql::resolve::{UserError, subscription_object, user_errors};
use crate::graphql::value::{Object, Value};
use crate::store::ids;

type Errors = Vec<UserError>;

/// Carries one root field out and gives its payload.
pub(crate) fn run(app: &Shared, field: &PlanField, version: &str) -> Value<'static> {
    let arguments = &field.arguments;
    match field.name.as_str() {
        "bulkOperationRunQuery" => run_query(app, arguments),
        "bulkOperationCancel" => cancel(app, arguments),
        "webhookSubscriptionCreate" => subscribe(app, arguments, version),
        "webhookSubscriptionUpdate" => update(app, arguments),
        "webhookSubscriptionDelete" => unsubscribe(app, arguments),
        "__typename" => Value::text("Mutation"),
        _ => Value::Unknown,
    }
}

fn payload(
    ty: &'static str,
    name: &'static str,
    object: Option<Object<'static>>,
    errors: Errors,
    error_type: &'static str,
) -> Value<'static> {
    Value::made(
        ty,
        vec![
            (name, object.map_or(Value::Null, Value::Object)),
            ("userErrors", user_errors(error_type, errors)),
        ],
    )
}

fn run_query(app: &Shared, arguments: &Arguments) -> Value<'static> {
    let query = arguments.text("query").unwrap_or_default();
    let answer = |object, errors| {
        payload(
            "BulkOperationRunQueryPayload",
            "bulkOperation",
            object,
            errors,
            "BulkOperationUserError",
        )
    };
    let problems = bulk_rules::check(query);
    if !problems.is_empty() {
        return answer(
            None,
            problems
                .into_iter()
                .map(|m| (Some(vec!["query"]), m, Some("INVALID")))
                .collect(),
        );
    }
    match bulk::begin(app, query, arguments.flag("groupObjects")) {
        Ok(job) => {
            app.note(
                "bulkOperationRunQuery",
                None,
                json!({"id": ids::gid("BulkOperation", job.number)}),
            );
            answer(Some(job.object_as_created()), Vec::new())
        }
        Err(busy) => answer(None, vec![(None, busy, Some("OPERATION_IN_PROGRESS"))]),
    }
}

fn cancel(app: &Shared, arguments: &Arguments) -> Value<'static> {
    let answer = |object, errors| {
        payload(
            "BulkOperationCancelPayload",
            "bulkOperation",
            object,
            errors,
            "UserError",
        )
    };
    let number = arguments
        .text("id")
        .and_then(ids::parse)
        .filter(|(kind, _)| *kind == "BulkOperation")
        .map(|(_, n)| n);
    match number.and_then(|n| app.jobs.find(n)) {
        None => answer(
            None,
            vec![(
                Some(vec!["id"]),
                "Bulk operation does not exist".to_owned(),
                None,
            )],
        ),
        Some(job) if job.running() => {
            job.cancel();
            app.note(
                "bulkOperationCancel",
                None,
                json!({"id": ids::gid("BulkOperation", job.number)}),
            );
            answer(Some(job.object(app)), Vec::new())
        }
        Some(job) => {
            let message = format!(
                "A bulk operation cannot be canceled when it is {}",
                job.status().to_lowercase()
            );
            answer(Some(job.object(app)), vec![(None, message, None)])
        }
    }
}

fn uri_of(arguments: &Arguments) -> String {
    let input = arguments.get("webhookSubscription");
    let text = |name: &str| {
        input
            .and_then(|i| i.get(name))
            .and_then(serde_json::Value::as_str)
    };
    text("uri")
        .or_else(|| text("callbackUrl"))
        .unwrap_or_default()
        .to_owned()
}

/// HTTPS only, except to this machine: a test has no certificate.
fn address_problem(uri: &str) -> Option<String> {
    if uri.is_empty() {
        return Some("Address can't be blank".to_owned());
    }
    let parsed = url::Url::parse(uri).ok();
    let host = parsed
        .as_ref()
        .and_then(|u| u.host_str())
        .unwrap_or_default();
    let scheme = parsed.as_ref().map_or("", |u| u.scheme());
    match scheme {
        "https" => None,
        "http" if matches!(host, "localhost" | "127.0.0.1" | "[::1]") => None,
        "" => Some("Address is invalid".to_owned()),
        other => Some(format!("Address protocol {other}:// is not supported")),
    }
}

fn subscribe(app: &Shared, arguments: &Arguments, version: &str) -> Value<'static> {
    let answer = |object, errors| {
        payload(
            "WebhookSubscriptionCreatePayload",
            "webhookSubscription",
            object,
            errors,
            "UserError",
        )
    };
    let (uri, topic) = (
        uri_of(arguments),
        arguments.text("topic").unwrap_or_default(),
    );
    let field = || Some(vec!["webhookSubscription", "callbackUrl"]);
    if let Some(problem) = address_problem(&uri) {
        return answer(None, vec![(field(), problem, None)]);
    }
    if app
        .hub
        .all()
        .iter()
        .any(|s| s.topic == topic && s.uri == uri)
    {
        return answer(
            None,
            vec![(
                field(),
                "Address for this topic has already been taken".to_owned(),
                None,
            )],
        );
    }
    let subscription = app.hub.add(
        topic,
        &uri,
        arguments.get("webhookSubscription"),
        app.now(),
        version,
    );
    app.note(
        "webhookSubscriptionCreate",
        None,
        json!({"topic": topic, "uri": uri}),
    );
    answer(Some(subscription_object(&subscription)), Vec::new())
}

fn numbered(arguments: &Arguments) -> Option<i64> {
    arguments
        .text("id")
        .and_then(ids::parse)
        .map(|(_, n)| n - ids::WEBHOOK)
}

fn missing() -> Errors {
    vec![(
        Some(vec!["id"]),
        "Webhook subscription does not exist".to_owned(),
        None,
    )]
}

fn update(app: &Shared, arguments: &Arguments) -> Value<'static> {
    let answer = |object, errors| {
        payload(
            "WebhookSubscriptionUpdatePayload",
            "webhookSubscription",
            object,
            errors,
            "UserError",
        )
    };
    let uri = uri_of(arguments);
    if let Some(problem) = address_problem(&uri).filter(|_| !uri.is_empty()) {
        return answer(
            None,
            vec![(
                Some(vec!["webhookSubscription", "callbackUrl"]),
                problem,
                None,
            )],
        );
    }
    let changed = numbered(arguments).and_then(|n| {
        app.hub
            .change(n, &uri, arguments.get("webhookSubscription"), app.now())
    });
    match changed {
        Some(s) => {
            app.note(
                "webhookSubscriptionUpdate",
                None,
                json!({"topic": s.topic, "uri": s.uri}),
            );
            answer(Some(subscription_object(&s)), Vec::new())
        }
        None => answer(None, missing()),
    }
}

fn unsubscribe(app: &Shared, arguments: &Arguments) -> Value<'static> {
    let gone = numbered(arguments).filter(|n| app.hub.remove(*n));
    let id = gone.map_or(Value::Null, |n| {
        Value::text(ids::gid("WebhookSubscription", ids::WEBHOOK + n))
    });
    if gone.is_some() {
        app.note(
            "webhookSubscriptionDelete",
            None,
            json!({"id": arguments.text("id")}),
        );
    }
    let errors = if gone.is_some() {
        Vec::new()
    } else {
        missing()
    };
    Value::Object(Object::Made(
        "WebhookSubscriptionDeletePayload",
        Arc::new(vec![
            ("deletedWebhookSubscriptionId", id),
            ("userErrors", user_errors("UserError", errors)),
        ]),
    ))
}
