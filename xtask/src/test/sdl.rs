//! A GraphQL introspection result as a schema document, which is what GraphQL libraries read.
//! Descriptions are left out; names, types, defaults and deprecations are all there.
use std::fmt::Write;

use anyhow::{Context, Result};
use serde_json::Value;

/// Scalars that every GraphQL schema has.
const BUILT_IN: [&str; 5] = ["Int", "Float", "String", "Boolean", "ID"];
const BUILT_IN_DIRECTIVES: [&str; 5] = ["include", "skip", "deprecated", "specifiedBy", "oneOf"];

pub(super) fn from_introspection(json: &Value) -> Result<String> {
    let schema = &json["data"]["__schema"];
    let schema = if schema.is_null() {
        &json["__schema"]
    } else {
        schema
    };
    let mut sdl = String::from("schema {\n");
    for (operation, key) in [("query", "queryType"), ("mutation", "mutationType")] {
        if let Some(name) = schema[key]["name"].as_str() {
            let _ = writeln!(sdl, "  {operation}: {name}");
        }
    }
    sdl.push_str("}\n");
    for directive in list(&schema["directives"]) {
        if !BUILT_IN_DIRECTIVES.contains(&name(directive)?) {
            let places: Vec<_> = list(&directive["locations"])
                .filter_map(Value::as_str)
                .collect();
            let arguments = arguments(&directive["args"])?;
            let _ = writeln!(
                sdl,
                "\ndirective @{}{arguments} on {}",
                name(directive)?,
                places.join(" | ")
            );
        }
    }
    let types = schema["types"]
        .as_array()
        .context("no types: not an introspection result")?;
    for kind in types {
        if !name(kind)?.starts_with("__") && !BUILT_IN.contains(&name(kind)?) {
            sdl.push('\n');
            sdl.push_str(&definition(kind)?);
        }
    }
    Ok(sdl)
}

fn definition(kind: &Value) -> Result<String> {
    let name = name(kind)?;
    Ok(match kind["kind"].as_str().unwrap_or_default() {
        "SCALAR" => format!("scalar {name}\n"),
        "UNION" => format!(
            "union {name} = {}\n",
            names(&kind["possibleTypes"])?.join(" | ")
        ),
        "ENUM" => block(&format!("enum {name}"), &kind["enumValues"], enum_value)?,
        "INPUT_OBJECT" => {
            let one_of = if kind["isOneOf"] == true {
                " @oneOf"
            } else {
                ""
            };
            block(
                &format!("input {name}{one_of}"),
                &kind["inputFields"],
                input,
            )?
        }
        "OBJECT" => block(
            &format!("type {name}{}", implements(kind)?),
            &kind["fields"],
            field,
        )?,
        "INTERFACE" => block(
            &format!("interface {name}{}", implements(kind)?),
            &kind["fields"],
            field,
        )?,
        other => anyhow::bail!("type {name} is of the unknown kind {other:?}"),
    })
}

fn block(head: &str, members: &Value, print: impl Fn(&Value) -> Result<String>) -> Result<String> {
    let mut text = format!("{head} {{\n");
    for member in list(members) {
        let _ = writeln!(text, "  {}", print(member)?);
    }
    text.push_str("}\n");
    Ok(text)
}

fn enum_value(value: &Value) -> Result<String> {
    Ok(format!("{}{}", name(value)?, deprecated(value)))
}

fn field(field: &Value) -> Result<String> {
    let (name, arguments) = (name(field)?, arguments(&field["args"])?);
    let kind = type_of(&field["type"])?;
    Ok(format!("{name}{arguments}: {kind}{}", deprecated(field)))
}

fn arguments(arguments: &Value) -> Result<String> {
    let printed: Vec<_> = list(arguments).map(input).collect::<Result<_>>()?;
    Ok(if printed.is_empty() {
        String::new()
    } else {
        format!("({})", printed.join(", "))
    })
}

/// An argument or a field of an input. Its default stands in the result as GraphQL text already.
fn input(value: &Value) -> Result<String> {
    let default = value["defaultValue"]
        .as_str()
        .map_or(String::new(), |d| format!(" = {d}"));
    let (name, kind) = (name(value)?, type_of(&value["type"])?);
    Ok(format!("{name}: {kind}{default}{}", deprecated(value)))
}

fn implements(kind: &Value) -> Result<String> {
    let names = names(&kind["interfaces"])?;
    Ok(if names.is_empty() {
        String::new()
    } else {
        format!(" implements {}", names.join(" & "))
    })
}

fn type_of(reference: &Value) -> Result<String> {
    Ok(match reference["kind"].as_str() {
        Some("NON_NULL") => format!("{}!", type_of(&reference["ofType"])?),
        Some("LIST") => format!("[{}]", type_of(&reference["ofType"])?),
        _ => name(reference)?.to_owned(),
    })
}

fn deprecated(member: &Value) -> String {
    if member["isDeprecated"] != true {
        return String::new();
    }
    match &member["deprecationReason"] {
        // A JSON string is a GraphQL string.
        reason @ Value::String(_) => format!(" @deprecated(reason: {reason})"),
        _ => " @deprecated".to_owned(),
    }
}

fn names(values: &Value) -> Result<Vec<&str>> {
    list(values).map(name).collect()
}

fn name(value: &Value) -> Result<&str> {
    value["name"]
        .as_str()
        .context("a part of the schema has no name")
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_kind_is_printed() {
        let int = json!({"kind": "SCALAR", "name": "Int"});
        let required = json!({"kind": "NON_NULL", "ofType": {"kind": "LIST", "ofType": int}});
        let result = json!({"data": {"__schema": {
            "queryType": {"name": "Query"}, "mutationType": null,
            "directives": [{"name": "idempotent", "locations": ["FIELD"], "args": [{"name": "key", "type": int}]}, {"name": "skip"}],
            "types": [
                {"kind": "SCALAR", "name": "Int"},
                {"kind": "SCALAR", "name": "Money"},
                {"kind": "OBJECT", "name": "__Type"},
                {"kind": "UNION", "name": "Owner", "possibleTypes": [{"name": "A"}, {"name": "B"}]},
                {"kind": "ENUM", "name": "Sort", "enumValues": [{"name": "ID"}, {"name": "OLD", "isDeprecated": true, "deprecationReason": "a \"word\""}]},
                {"kind": "INPUT_OBJECT", "name": "In", "isOneOf": true, "inputFields": [{"name": "n", "type": int, "defaultValue": "1"}]},
                {"kind": "INTERFACE", "name": "Node", "interfaces": [], "fields": [{"name": "id", "args": [], "type": int}]},
                {"kind": "OBJECT", "name": "Query", "interfaces": [{"name": "Node"}, {"name": "Named"}], "fields": [
                    {"name": "id", "args": [{"name": "a", "type": required}, {"name": "b", "type": int, "defaultValue": "2"}], "type": required},
                ]},
            ],
        }}});
        let expected = "schema {\n  query: Query\n}\n\ndirective @idempotent(key: Int) on FIELD\n\nscalar Money\n\n\
            union Owner = A | B\n\nenum Sort {\n  ID\n  OLD @deprecated(reason: \"a \\\"word\\\"\")\n}\n\n\
            input In @oneOf {\n  n: Int = 1\n}\n\ninterface Node {\n  id: Int\n}\n\n\
            type Query implements Node & Named {\n  id(a: [Int]!, b: Int = 2): [Int]!\n}\n";
        assert_eq!(from_introspection(&result).unwrap(), expected);
    }

    #[test]
    fn something_else_is_refused() {
        assert!(from_introspection(&json!({"data": null})).is_err());
    }
}
