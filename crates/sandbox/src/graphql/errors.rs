//! Errors in the shapes that were seen on real shops: static ones with camelCase codes, HTTP 200, no `data`.

use apollo_compiler::ast::{self, Definition, Selection};
use apollo_compiler::parser::SourceMap;
use apollo_compiler::validation::DiagnosticList;
use serde_json::{Value, json};

/// The errors of a document that is not valid.
pub(crate) fn of_document(source: &str, list: &DiagnosticList) -> Vec<Value> {
    let names = Names::of(source);
    let all: Vec<Value> = list.iter().map(|d| diagnostic(&d, &names)).collect();
    // A document that cannot be parsed is not looked at further.
    if let Some(syntax) = all
        .iter()
        .find(|e| e["extensions"]["code"] == "PARSE_ERROR")
    {
        return vec![syntax.clone()];
    }
    // What could not be read leaves its parent empty: that is no error of its own.
    let follows = |error: &Value| {
        let path = error["path"].as_array();
        let below = |other: &Value| match (path, other["path"].as_array()) {
            (Some(mine), Some(theirs)) => theirs.len() > mine.len() && theirs.starts_with(mine),
            _ => false,
        };
        error["extensions"]["code"] == "selectionMismatch" && all.iter().any(below)
    };
    all.iter().filter(|e| !follows(e)).cloned().collect()
}

fn diagnostic(
    d: &apollo_compiler::diagnostic::Diagnostic<'_, apollo_compiler::validation::DiagnosticData>,
    names: &Names,
) -> Value {
    let at = d
        .line_column_range()
        .map(|r| (r.start.line, r.start.column));
    let said = d
        .error
        .unstable_compat_message()
        .unwrap_or_else(|| d.error.to_string());
    let quoted: Vec<&str> = said.split('"').skip(1).step_by(2).collect();
    let word = |n: usize| quoted.get(n).copied().unwrap_or_default();
    let path = at.map(|a| names.path(a)).unwrap_or_default();
    let (message, extensions) = match d.error.unstable_error_name() {
        Some("UndefinedField") => (
            format!("Field '{}' doesn't exist on type '{}'", word(0), word(1)),
            json!({"code": "undefinedField", "typeName": word(1), "fieldName": word(0)}),
        ),
        Some("UndefinedArgument") => {
            let field = word(1)
                .rsplit('.')
                .next()
                .unwrap_or_default()
                .split('(')
                .next()
                .unwrap_or_default();
            (
                format!("Field '{field}' doesn't accept argument '{}'", word(0)),
                json!({"code": "argumentNotAccepted", "name": field, "typeName": "Field", "argumentName": word(0)}),
            )
        }
        Some("RequiredArgument") => (
            format!(
                "Field '{}' is missing required arguments: {}",
                word(0),
                word(1)
            ),
            json!({"code": "missingRequiredArguments", "className": "Field", "name": word(0), "arguments": word(1)}),
        ),
        Some("RequiredField") => {
            let (object, field) = word(0).split_once('.').unwrap_or((word(0), ""));
            (
                format!(
                    "Argument '{field}' on InputObject '{object}' is required. Expected type {}",
                    word(1)
                ),
                json!({"code": "missingRequiredInputObjectAttribute", "argumentName": field, "argumentType": word(1), "inputObjectType": object}),
            )
        }
        Some("UndefinedInputValue") => (
            format!(
                "InputObject '{}' doesn't accept argument '{}'",
                word(1),
                word(0)
            ),
            json!({"code": "argumentNotAccepted", "name": word(1), "typeName": "InputObject", "argumentName": word(0)}),
        ),
        Some("MissingSubselection") => {
            let field = word(0);
            // The diagnostic names the parent's type, real shops the field's own.
            let definition = super::schema().type_field(word(1), field).ok();
            let ty = definition.map_or(word(1), |f| f.ty.inner_named_type().as_str());
            (
                format!(
                    "Field must have selections (field '{field}' returns {ty} but has no selections. Did you mean '{field} {{ ... }}'?)"
                ),
                json!({"code": "selectionMismatch", "nodeName": format!("field '{field}'"), "typeName": ty}),
            )
        }
        Some("SubselectionOnScalarType" | "SubselectionOnEnumType") => (
            format!(
                "Selections can't be made on scalars (field '{}' returns {} but has selections)",
                word(0),
                word(1)
            ),
            json!({"code": "selectionMismatch", "nodeName": format!("field '{}'", word(0)), "typeName": word(1)}),
        ),
        Some("UnusedVariable") => {
            let variable = word(0).trim_start_matches('$');
            (
                format!(
                    "Variable ${variable} is declared by {} but not used",
                    names.operation_name()
                ),
                json!({"code": "variableNotUsed", "variableName": variable}),
            )
        }
        Some("UndefinedVariable") => {
            let variable = word(0).trim_start_matches('$');
            (
                format!(
                    "Variable ${variable} is used by {} but not declared",
                    names.operation_name()
                ),
                json!({"code": "variableNotDefined", "variableName": variable}),
            )
        }
        Some("UndefinedDirective") => (
            format!("Directive {} is not defined", word(0)),
            json!({"code": "undefinedDirective", "directiveName": word(0).trim_start_matches('@')}),
        ),
        Some(
            "UndefinedTypeInNamedFragmentTypeCondition"
            | "UndefinedTypeInInlineFragmentTypeCondition"
            | "UndefinedDefinition",
        ) => (
            format!(
                "No such type {0}, so it can't be a fragment condition",
                word(0)
            ),
            json!({"code": "undefinedType", "typeName": word(0)}),
        ),
        Some(
            "UndefinedEnumValue"
            | "UnsupportedValueType"
            | "IntCoercionError"
            | "FloatCoercionError",
        ) => (
            said.clone(),
            json!({"code": "argumentLiteralsIncompatible", "typeName": "Field"}),
        ),
        Some("DisallowedVariableUsage") => (
            said.clone(),
            json!({"code": "variableMismatch", "variableName": word(0).trim_start_matches('$')}),
        ),
        Some(other) => (said.clone(), json!({"code": camel(other)})),
        None => {
            let (line, column) = at.unwrap_or((1, 1));
            (
                format!("{} at [{line}, {column}]", said.trim_end_matches('.')),
                json!({"code": "PARSE_ERROR"}),
            )
        }
    };
    let mut error = json!({"message": message, "extensions": extensions});
    if let Some((line, column)) = at {
        error["locations"] = json!([{"line": line, "column": column}]);
    }
    if !path.is_empty() && error["extensions"]["code"] != "PARSE_ERROR" {
        error["path"] = json!(path);
    }
    error
}

fn camel(name: &str) -> String {
    let mut letters = name.chars();
    letters
        .next()
        .map_or_else(String::new, |c| c.to_lowercase().chain(letters).collect())
}

/// Where fields stand in a source, for the path of an error: `["query Name", "orders", "nodes", "nonsense"]`.
struct Names {
    at: Vec<((usize, usize), Vec<String>)>,
    operation: Option<String>,
}

impl Names {
    fn of(source: &str) -> Self {
        let document = ast::Document::parse(source, "query.graphql").unwrap_or_else(|e| e.partial);
        let mut names = Self {
            at: Vec::new(),
            operation: None,
        };
        for definition in &document.definitions {
            let (title, selections) = match definition {
                Definition::OperationDefinition(o) => {
                    names.operation = o.name.as_ref().map(ToString::to_string);
                    let name = o
                        .name
                        .as_ref()
                        .map_or_else(String::new, |n| format!(" {n}"));
                    (
                        format!("{}{name}", o.operation_type.name()),
                        &o.selection_set,
                    )
                }
                Definition::FragmentDefinition(f) => {
                    (format!("fragment {}", f.name), &f.selection_set)
                }
                _ => continue,
            };
            names.walk(&[title], selections, &document.sources);
        }
        names
    }

    fn walk(&mut self, path: &[String], selections: &[Selection], sources: &SourceMap) {
        for selection in selections {
            let (node, step, inner) = match selection {
                Selection::Field(f) => (
                    f.location(),
                    f.response_name().to_string(),
                    Some(&f.selection_set),
                ),
                Selection::InlineFragment(i) => {
                    let on = i
                        .type_condition
                        .as_ref()
                        .map_or_else(|| "...".to_owned(), |t| format!("... on {t}"));
                    (i.location(), on, Some(&i.selection_set))
                }
                Selection::FragmentSpread(s) => {
                    (s.location(), format!("... {}", s.fragment_name), None)
                }
            };
            let here: Vec<String> = path.iter().cloned().chain([step]).collect();
            if let Some(range) = node.and_then(|n| n.line_column_range(sources)) {
                self.at
                    .push(((range.start.line, range.start.column), here.clone()));
            }
            self.walk(&here, inner.map_or(&[][..], |s| s.as_slice()), sources);
        }
    }

    /// The innermost selection that begins at or before the position.
    fn path(&self, at: (usize, usize)) -> Vec<String> {
        let nearest = self
            .at
            .iter()
            .filter(|(start, _)| *start <= at)
            .max_by_key(|(start, _)| *start);
        nearest.map(|(_, path)| path.clone()).unwrap_or_default()
    }

    fn operation_name(&self) -> &str {
        self.operation.as_deref().unwrap_or("anonymous query")
    }
}

/// A field that the token's scopes do not reach.
pub(crate) fn access_denied(field: &str, scope: &str, path: &[String]) -> Value {
    json!({
        "message": format!("Access denied for {field} field. Required access: `{scope}` access scope."),
        "path": path,
        "extensions": {
            "code": "ACCESS_DENIED",
            "documentation": "https://shopify.dev/api/usage/access-scopes",
            "requiredAccess": format!("`{scope}` access scope."),
        },
    })
}

pub(crate) fn plain(message: &str, code: &str, path: &[String]) -> Value {
    let mut error = json!({"message": message, "extensions": {"code": code}});
    if !path.is_empty() {
        error["path"] = json!(path);
    }
    error
}
