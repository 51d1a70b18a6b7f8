//! Compares the schema excerpt with the real schema: everything that the excerpt has must be there as it is, and what
//! the real schema requires (arguments) must not be missing.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;
use apollo_compiler::Schema;
use apollo_compiler::ast::{FieldDefinition, InputValueDefinition};
use apollo_compiler::schema::ExtendedType;
use serde_json::Value;

/// Type and default of an argument or an input field.
type Inputs = BTreeMap<String, (String, Option<String>)>;

#[derive(Debug, Default, PartialEq)]
struct Field {
    ty: String,
    arguments: Inputs,
    deprecated: bool,
}

#[derive(Debug, Default, PartialEq)]
struct Type {
    kind: &'static str,
    fields: BTreeMap<String, Field>,
    inputs: Inputs,
    /// Interfaces of an object, members of a union, values of an enumeration.
    names: Vec<String>,
}

type Model = BTreeMap<String, Type>;

/// What differs between the excerpt and the real schema at `path`: SDL, or an introspection as JSON.
///
/// # Errors
/// When the file cannot be read as a schema.
pub fn differences(path: &Path) -> anyhow::Result<Vec<String>> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("{} cannot be read", path.display()))?;
    let real = if text.trim_start().starts_with('{') {
        of_introspection(&text)?
    } else {
        of_sdl(&text)?
    };
    anyhow::ensure!(
        real.len() > 100,
        "{} holds {} types: it is not the Admin API's schema",
        path.display(),
        real.len()
    );
    Ok(compare(&of_sdl(crate::graphql::SCHEMA)?, &real))
}

fn compare(ours: &Model, real: &Model) -> Vec<String> {
    let mut out = Vec::new();
    for (name, mine) in ours {
        let Some(theirs) = real.get(name) else {
            out.push(format!("{name} is not in the real schema"));
            continue;
        };
        if mine.kind != theirs.kind {
            out.push(format!(
                "{name} is {} here and {} there",
                mine.kind, theirs.kind
            ));
        }
        let strict = mine.kind == "ENUM";
        if mine.names.iter().any(|n| !theirs.names.contains(n))
            || (strict && mine.names.len() != theirs.names.len())
        {
            out.push(format!(
                "{name} has {:?} here and {:?} there",
                mine.names, theirs.names
            ));
        }
        for (field, f) in &mine.fields {
            match theirs.fields.get(field) {
                None => out.push(format!("{name}.{field} is not in the real schema")),
                Some(t) => {
                    if (&f.ty, f.deprecated) != (&t.ty, t.deprecated) {
                        out.push(format!(
                            "{name}.{field} is {} (deprecated: {}) here and {} ({}) there",
                            f.ty, f.deprecated, t.ty, t.deprecated
                        ));
                    }
                    inputs(
                        &format!("{name}.{field}"),
                        &f.arguments,
                        &t.arguments,
                        &mut out,
                    );
                }
            }
        }
        inputs(name, &mine.inputs, &theirs.inputs, &mut out);
    }
    out
}

fn inputs(place: &str, mine: &Inputs, theirs: &Inputs, out: &mut Vec<String>) {
    for (name, value) in mine {
        if theirs.get(name) != Some(value) {
            out.push(format!(
                "{place}({name}:) is {value:?} here and {:?} there",
                theirs.get(name)
            ));
        }
    }
    let required = theirs.iter().filter(|(name, (ty, default))| {
        ty.ends_with('!') && default.is_none() && !mine.contains_key(*name)
    });
    out.extend(
        required.map(|(name, _)| format!("{place}({name}:) is required there and missing here")),
    );
}

fn of_sdl(text: &str) -> anyhow::Result<Model> {
    let schema = Schema::parse(text, "schema.graphql")
        .map_err(|e| anyhow::anyhow!("the SDL is not valid: {}", e.errors))?;
    let types = schema
        .types
        .iter()
        .filter(|(name, ty)| !ty.is_built_in() && !name.starts_with("__"));
    Ok(types
        .map(|(name, ty)| (name.to_string(), sdl_type(ty)))
        .collect())
}

fn sdl_type(ty: &ExtendedType) -> Type {
    let sorted = |mut names: Vec<String>| {
        names.sort();
        names
    };
    match ty {
        ExtendedType::Scalar(_) => Type {
            kind: "SCALAR",
            ..Type::default()
        },
        ExtendedType::Object(o) => Type {
            kind: "OBJECT",
            fields: o
                .fields
                .values()
                .map(|f| (f.name.to_string(), sdl_field(f)))
                .collect(),
            names: sorted(
                o.implements_interfaces
                    .iter()
                    .map(|i| i.to_string())
                    .collect(),
            ),
            ..Type::default()
        },
        ExtendedType::Interface(i) => Type {
            kind: "INTERFACE",
            fields: i
                .fields
                .values()
                .map(|f| (f.name.to_string(), sdl_field(f)))
                .collect(),
            ..Type::default()
        },
        ExtendedType::Union(u) => Type {
            kind: "UNION",
            names: sorted(u.members.iter().map(|m| m.to_string()).collect()),
            ..Type::default()
        },
        ExtendedType::Enum(e) => Type {
            kind: "ENUM",
            names: sorted(e.values.keys().map(ToString::to_string).collect()),
            ..Type::default()
        },
        ExtendedType::InputObject(i) => Type {
            kind: "INPUT_OBJECT",
            inputs: i.fields.values().map(|f| sdl_input(f)).collect(),
            ..Type::default()
        },
    }
}

fn sdl_field(field: &FieldDefinition) -> Field {
    let arguments = field.arguments.iter().map(|a| sdl_input(a)).collect();
    Field {
        ty: field.ty.to_string(),
        arguments,
        deprecated: field.directives.get("deprecated").is_some(),
    }
}

fn sdl_input(input: &InputValueDefinition) -> (String, (String, Option<String>)) {
    (
        input.name.to_string(),
        (
            input.ty.to_string(),
            input.default_value.as_ref().map(ToString::to_string),
        ),
    )
}

fn of_introspection(text: &str) -> anyhow::Result<Model> {
    let whole: Value = serde_json::from_str(text).context("the introspection is not JSON")?;
    let schema = find_schema(&whole).context("no __schema in the introspection")?;
    let types = schema["types"]
        .as_array()
        .context("no types in the introspection")?;
    Ok(types
        .iter()
        .map(|t| (word(&t["name"]), json_type(t)))
        .collect())
}

fn find_schema(value: &Value) -> Option<&Value> {
    let object = value.as_object()?;
    object
        .get("__schema")
        .or_else(|| object.values().find_map(find_schema))
}

fn word(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn rows(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn json_type(t: &Value) -> Type {
    let kind = [
        "SCALAR",
        "OBJECT",
        "INTERFACE",
        "UNION",
        "ENUM",
        "INPUT_OBJECT",
    ]
    .into_iter()
    .find(|k| t["kind"] == *k)
    .unwrap_or("");
    let list = match kind {
        "OBJECT" => &t["interfaces"],
        "UNION" => &t["possibleTypes"],
        "ENUM" => &t["enumValues"],
        _ => &Value::Null,
    };
    let mut names: Vec<String> = rows(list).iter().map(|n| word(&n["name"])).collect();
    names.sort();
    let fields = rows(&t["fields"]).iter().map(|f| {
        let field = Field {
            ty: json_ref(&f["type"]),
            arguments: rows(&f["args"]).iter().map(json_input).collect(),
            deprecated: f["isDeprecated"] == true,
        };
        (word(&f["name"]), field)
    });
    Type {
        kind,
        fields: fields.collect(),
        inputs: rows(&t["inputFields"]).iter().map(json_input).collect(),
        names,
    }
}

fn json_input(input: &Value) -> (String, (String, Option<String>)) {
    (
        word(&input["name"]),
        (
            json_ref(&input["type"]),
            input["defaultValue"].as_str().map(str::to_owned),
        ),
    )
}

fn json_ref(ty: &Value) -> String {
    match ty["kind"].as_str() {
        Some("NON_NULL") => format!("{}!", json_ref(&ty["ofType"])),
        Some("LIST") => format!("[{}]", json_ref(&ty["ofType"])),
        _ => word(&ty["name"]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_of_any_kind_is_found() {
        let real = of_sdl("type QueryRoot { shop(id: ID!, n: Int = 2): Shop! old: String @deprecated } type Shop { name: String! } enum E { A B }").unwrap();
        let same = of_sdl("type QueryRoot { shop(id: ID!, n: Int = 2): Shop! } enum E { A B } type Shop { name: String! }").unwrap();
        assert_eq!(compare(&same, &real), Vec::<String>::new());
        let other = of_sdl("type QueryRoot { shop(n: Int = 3): Shop old: String } enum E { A } type Shop { nom: String } type More { a: Int }").unwrap();
        let found = compare(&other, &real);
        assert_eq!(found.len(), 7, "{found:#?}");
    }
}
