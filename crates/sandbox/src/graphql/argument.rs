//! Values of arguments: literals with the request's variables put in and the schema's defaults added.

use apollo_compiler::ast;
use apollo_compiler::executable::Field;
use serde_json::{Map, Value};

/// The arguments of one field.
#[derive(Debug, Clone, Default)]
pub(crate) struct Arguments(Vec<(String, Value)>);

impl Arguments {
    pub(crate) fn of(field: &Field, variables: &Map<String, Value>) -> Self {
        let given = |name: &str| {
            field
                .arguments
                .iter()
                .find(|a| a.name.as_str() == name)
                .and_then(|a| literal(&a.value, variables))
        };
        let pairs = field.definition.arguments.iter().filter_map(|definition| {
            let name = definition.name.as_str();
            let value = given(name).or_else(|| {
                definition
                    .default_value
                    .as_ref()
                    .and_then(|d| literal(d, variables))
            })?;
            Some((name.to_owned(), value))
        });
        Self(pairs.collect())
    }

    /// Equal for equal arguments.
    pub(crate) fn fingerprint(&self) -> String {
        serde_json::to_string(&self.0).unwrap_or_default()
    }

    #[cfg(test)]
    pub(crate) fn for_tests<const N: usize>(pairs: [(&str, Value); N]) -> Self {
        Self(pairs.map(|(name, value)| (name.to_owned(), value)).into())
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v)
            .filter(|v| !v.is_null())
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Value::as_str)
    }

    pub(crate) fn number(&self, name: &str) -> Option<i64> {
        self.get(name).and_then(Value::as_i64)
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        self.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    pub(crate) fn list(&self, name: &str) -> Vec<&str> {
        match self.get(name) {
            Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(one)) => vec![one.as_str()],
            _ => Vec::new(),
        }
    }
}

/// `None` for a variable that was not given.
fn literal(value: &ast::Value, variables: &Map<String, Value>) -> Option<Value> {
    Some(match value {
        ast::Value::Null => Value::Null,
        ast::Value::Enum(name) => Value::String(name.to_string()),
        ast::Value::Variable(name) => variables.get(name.as_str())?.clone(),
        ast::Value::String(text) => Value::String(text.clone()),
        ast::Value::Float(number) => number
            .try_to_f64()
            .ok()
            .and_then(serde_json::Number::from_f64)
            .map_or(Value::Null, Value::Number),
        ast::Value::Int(number) => number
            .as_str()
            .parse::<i64>()
            .map_or(Value::Null, Value::from),
        ast::Value::Boolean(flag) => Value::Bool(*flag),
        ast::Value::List(items) => Value::Array(
            items
                .iter()
                .map(|i| literal(i, variables).unwrap_or(Value::Null))
                .collect(),
        ),
        ast::Value::Object(fields) => Value::Object(
            fields
                .iter()
                .filter_map(|(name, v)| Some((name.to_string(), literal(v, variables)?)))
                .collect(),
        ),
    })
}
