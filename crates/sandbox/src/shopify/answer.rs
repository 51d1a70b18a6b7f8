//! One GraphQL request: validated, priced, executed, answered in Shopify's shapes.

use apollo_compiler::ExecutableDocument;
use apollo_compiler::executable::Operation;
use apollo_compiler::request::coerce_variable_values;
use serde_json::{Map, Value, json};

use super::{change, mutation};
use crate::app::{App, lock};
use crate::faults::WriteFault;
use crate::graphql::execute::Writer;
use crate::graphql::plan::{Compiler, Plan};
use crate::graphql::value::Object;
use crate::graphql::{Document, cost, errors, schema};

/// The body of a request.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct Request {
    pub query: String,
    #[serde(default)]
    pub variables: Option<Map<String, Value>>,
    #[serde(default, rename = "operationName")]
    pub operation_name: Option<String>,
}

/// The answer's body: HTTP 200 whatever happened. `None`: it was lost on its way, there or back.
pub(crate) fn answer(app: &crate::app::Shared, request: &Request, version: &str) -> Option<String> {
    let refused = |errors: Value| Some(json!({"errors": errors}).to_string());
    match prepare(request) {
        Err(errors) => refused(errors.into()),
        Ok((document, variables)) => {
            match document.operations.get(request.operation_name.as_deref()) {
                Ok(operation) => run(app, &document, operation, &variables, version),
                Err(_) if request.operation_name.is_some() => {
                    let name = request.operation_name.as_deref().unwrap_or_default();
                    refused(json!([{"message": format!("No operation named \"{name}\"")}]))
                }
                Err(_) => refused(json!([{"message": "An operation name is required"}])),
            }
        }
    }
}

fn prepare(request: &Request) -> Result<(Document, Map<String, Value>), Vec<Value>> {
    let document =
        ExecutableDocument::parse_and_validate(schema(), &request.query, "query.graphql")
            .map_err(|e| errors::of_document(&request.query, &e.errors))?;
    let given = request.variables.clone().unwrap_or_default();
    let operation = document
        .operations
        .get(request.operation_name.as_deref())
        .ok();
    let variables = match operation {
        Some(operation) => variables(operation, given)?,
        None => given,
    };
    Ok((document, variables))
}

fn variables(
    operation: &Operation,
    given: Map<String, Value>,
) -> Result<Map<String, Value>, Vec<Value>> {
    let shaped = serde_json::from_value(Value::Object(given.clone())).unwrap_or_default();
    match coerce_variable_values(schema(), operation, &shaped) {
        Ok(values) => Ok(match serde_json::to_value(&*values) {
            Ok(Value::Object(map)) => map,
            _ => given,
        }),
        Err(problem) => Err(vec![invalid_variable(
            operation,
            &given,
            &problem.message().to_string(),
        )]),
    }
}

fn invalid_variable(operation: &Operation, given: &Map<String, Value>, said: &str) -> Value {
    let named = operation
        .variables
        .iter()
        .find(|v| said.contains(v.name.as_str()));
    let (name, ty) = named.map_or((String::new(), String::new()), |v| {
        (v.name.to_string(), v.ty.to_string())
    });
    let value = given.get(&name).cloned().unwrap_or(Value::Null);
    let explanation = if value.is_null() {
        "Expected value to not be null".to_owned()
    } else {
        said.to_owned()
    };
    json!({
        "message": format!("Variable ${name} of type {ty} was provided invalid value"),
        "locations": [{"line": 1, "column": 1}],
        "extensions": {"code": "INVALID_VARIABLE", "value": value, "problems": [{"path": [], "explanation": explanation}]},
    })
}

fn run(
    app: &crate::app::Shared,
    document: &Document,
    operation: &Operation,
    variables: &Map<String, Value>,
    version: &str,
) -> Option<String> {
    let scopes = app.scopes();
    let mut compiler = Compiler {
        document,
        variables,
        scopes: &scopes,
        bulk: false,
        errors: Vec::new(),
    };
    let plan = compiler.operation(operation);
    let mut problems = compiler.errors;
    if problems
        .iter()
        .any(|e| e["extensions"]["code"] == "BAD_REQUEST")
    {
        return Some(json!({"errors": problems}).to_string());
    }
    let requested = plan.as_ref().map_or(1, cost::requested);
    if requested > cost::LIMIT {
        let message = format!(
            "Query cost is {requested}, which exceeds the single query max cost limit ({}).",
            cost::LIMIT
        );
        let extensions = json!({"code": "MAX_COST_EXCEEDED", "cost": requested, "maxCost": cost::LIMIT,
            "documentation": "https://shopify.dev/api/usage/rate-limits"});
        return Some(
            json!({"errors": [{"message": message, "extensions": extensions}]}).to_string(),
        );
    }
    let fault = change::strike(app, plan.as_ref());
    if fault == Some(WriteFault::Unsent) {
        return None;
    }
    if fault == Some(WriteFault::Throttled) || app.strikes("throttle") {
        lock(&app.bucket).drain();
    }
    if !lock(&app.bucket).take(requested) {
        return Some(throttled(app, requested));
    }
    if app.strikes("internal") {
        let id = uuid::Uuid::new_v4();
        let message = format!(
            "Internal error. Looks like something went wrong on our end.\nRequest ID: {id}-{} (include this in support requests).",
            app.now()
        );
        return Some(json!({"errors": [{"message": message, "extensions": {"requestId": format!("{id}-{}", app.now()), "code": "INTERNAL_SERVER_ERROR"}}]}).to_string());
    }
    let (data, actual, search) = match &plan {
        Some(plan) if operation.is_mutation() => {
            let refused = fault == Some(WriteFault::Refused);
            write(app, plan, (&scopes, version), refused, &mut problems)
        }
        Some(plan) => read(app, plan, &scopes, &mut problems),
        None => ("null".to_owned(), 1, Vec::new()),
    };
    let actual = actual.min(requested);
    let text = finish(app, data, &problems, (requested, actual), search);
    if fault == Some(WriteFault::Overtaken) {
        change::overtake(app, plan.as_ref());
    }
    let is_lost = matches!(fault, Some(WriteFault::Lost | WriteFault::Overtaken));
    (!is_lost).then_some(text)
}

fn finish(
    app: &App,
    data: String,
    problems: &[Value],
    (requested, actual): (u64, u64),
    search: Vec<Value>,
) -> String {
    let mut bucket = lock(&app.bucket);
    bucket.give(requested - actual);
    let mut extensions = json!({"cost": {"requestedQueryCost": requested, "actualQueryCost": actual, "throttleStatus": bucket.status()}});
    if !search.is_empty() {
        extensions["search"] = Value::Array(search);
    }
    let mut out = String::with_capacity(data.len() + 256);
    out.push_str("{\"data\":");
    out.push_str(&data);
    if !problems.is_empty() {
        out.push_str(",\"errors\":");
        out.push_str(&Value::Array(problems.to_vec()).to_string());
    }
    out.push_str(",\"extensions\":");
    out.push_str(&extensions.to_string());
    out.push('}');
    out
}

fn throttled(app: &App, requested: u64) -> String {
    let status = lock(&app.bucket).status();
    json!({
        "errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED", "documentation": "https://shopify.dev/api/usage/rate-limits"}}],
        "extensions": {"cost": {"requestedQueryCost": requested, "actualQueryCost": null, "throttleStatus": status}},
    })
    .to_string()
}

fn read(
    app: &App,
    plan: &Plan,
    scopes: &[String],
    problems: &mut Vec<Value>,
) -> (String, u64, Vec<Value>) {
    let store = app.read();
    let context = app.context(&store, scopes);
    let mut writer = Writer::new(&context, false);
    let mut actual = writer.object(&Object::Query, plan);
    let counts = plan
        .by_type
        .iter()
        .flat_map(|(_, f)| f)
        .filter(|f| f.name.ends_with("Count"))
        .count() as u64;
    actual += counts * 9;
    for field in &writer.unknown {
        problems.push(errors::plain(
            &format!("the sandbox does not resolve {field}"),
            "INTERNAL_SERVER_ERROR",
            &[],
        ));
    }
    let data = std::mem::take(&mut writer.out);
    drop(writer);
    let search = context.warnings.take();
    (data, actual, search)
}

fn write(
    app: &crate::app::Shared,
    plan: &Plan,
    (scopes, version): (&[String], &str),
    refused: bool,
    problems: &mut Vec<Value>,
) -> (String, u64, Vec<Value>) {
    let fields = plan.fields("Mutation");
    let mut done = Vec::new();
    for field in fields {
        if field.denied {
            done.push(crate::graphql::value::Value::Null);
        } else if change::is_change(&field.name) {
            let outcome = change::run(app, field, scopes, refused);
            problems.extend(outcome.error);
            done.push(outcome.value);
        } else {
            done.push(mutation::run(app, field, version));
        }
    }
    let store = app.read();
    let context = app.context(&store, scopes);
    let mut writer = Writer::new(&context, false);
    writer.out.push('{');
    for (n, (field, value)) in fields.iter().zip(done).enumerate() {
        if n > 0 {
            writer.out.push(',');
        }
        writer.entry(field, value);
    }
    writer.out.push('}');
    (
        std::mem::take(&mut writer.out),
        10 * fields.len() as u64,
        Vec::new(),
    )
}
