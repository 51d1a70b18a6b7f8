//! Writes the answer to a plan as JSON text, straight from the records.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::cost::page;
use super::plan::{Plan, PlanField};
use super::resolve::{Context, resolve};
use super::value::{Connection, Node, Object, Value};

/// A connection met while writing a row of a bulk file: its rows come later.
#[derive(Debug)]
pub(crate) struct Nested<'a, 'p> {
    pub nodes: Vec<Node<'a>>,
    pub plan: &'p Plan,
}

#[derive(Debug)]
pub(crate) struct Writer<'a, 'p> {
    pub context: &'a Context<'a>,
    pub out: String,
    /// Present while a bulk file is written.
    pub nested: Option<Vec<Nested<'a, 'p>>>,
    /// Fields that the schema has and no resolver answers.
    pub unknown: Vec<String>,
}

impl<'a, 'p> Writer<'a, 'p> {
    pub(crate) fn new(context: &'a Context<'a>, bulk: bool) -> Self {
        Self {
            context,
            out: String::new(),
            nested: bulk.then(Vec::new),
            unknown: Vec::new(),
        }
    }

    /// Writes the object and gives what it cost.
    pub(crate) fn object(&mut self, object: &Object<'a>, plan: &'p Plan) -> u64 {
        self.out.push('{');
        let cost = self.fields(object, plan);
        self.out.push('}');
        cost
    }

    /// The fields alone, without braces.
    pub(crate) fn fields(&mut self, object: &Object<'a>, plan: &'p Plan) -> u64 {
        let ty = object.type_name();
        let (mut cost, mut first) = (0, true);
        for field in plan.fields(ty) {
            let value = match (
                self.value_of(object, ty, field),
                self.nested.as_mut(),
                &field.plan,
            ) {
                (Value::Connection(connection), Some(nested), Some(inner)) => {
                    nested.push(Nested {
                        nodes: connection.nodes,
                        plan: inner,
                    });
                    continue;
                }
                (value, ..) => value,
            };
            if !first {
                self.out.push(',');
            }
            first = false;
            self.string(&field.key);
            self.out.push(':');
            cost += self.value(value, field);
        }
        cost
    }

    /// One field whose value is known already.
    pub(crate) fn entry(&mut self, field: &'p PlanField, value: Value<'a>) {
        self.string(&field.key);
        self.out.push(':');
        self.value(value, field);
    }

    fn value_of(&mut self, object: &Object<'a>, ty: &'static str, field: &PlanField) -> Value<'a> {
        if field.denied {
            return Value::Null;
        }
        if field.name == "__typename" {
            return Value::text(ty);
        }
        if field.nullable && self.context.nulls(object, &field.name) {
            return Value::Null;
        }
        let value = resolve(self.context, object, &field.name, &field.arguments);
        if matches!(value, Value::Unknown) {
            self.unknown.push(format!("{ty}.{}", field.name));
            return Value::Null;
        }
        if field.enumeration && self.context.strange(object, &field.name) {
            return Value::text("SANDBOX_FUTURE_VALUE");
        }
        value
    }

    fn value(&mut self, value: Value<'a>, field: &'p PlanField) -> u64 {
        match (value, &field.plan) {
            (Value::Object(object), Some(plan)) => {
                let free = matches!(
                    object,
                    Object::Bag(..) | Object::Money(..) | Object::Address(..)
                );
                let inner = self.object(&object, plan);
                if free { 0 } else { 1 + inner }
            }
            (Value::List(items), _) => {
                self.out.push('[');
                let mut most = 0;
                for (n, item) in items.into_iter().enumerate() {
                    if n > 0 {
                        self.out.push(',');
                    }
                    most = most.max(self.value(item, field));
                }
                self.out.push(']');
                most
            }
            (Value::Connection(connection), Some(plan)) => self.connection(connection, plan, field),
            (scalar, _) => {
                self.scalar(scalar);
                0
            }
        }
    }

    fn scalar(&mut self, value: Value<'a>) {
        match value {
            Value::Bool(flag) => self.out.push_str(if flag { "true" } else { "false" }),
            Value::Int(n) => {
                let _ = write!(self.out, "{n}");
            }
            Value::Text(text) => self.string(&text),
            Value::Raw(json) => self.out.push_str(&json),
            _ => self.out.push_str("null"),
        }
    }

    fn connection(&mut self, connection: Connection<'a>, plan: &'p Plan, field: &PlanField) -> u64 {
        let (nodes, more) = cut(connection.nodes, field);
        let mut node_cost = 0;
        self.out.push('{');
        for (n, part) in plan.fields(&plan.ty).iter().enumerate() {
            if n > 0 {
                self.out.push(',');
            }
            self.string(&part.key);
            self.out.push(':');
            match (part.name.as_str(), &part.plan) {
                ("nodes", Some(inner)) => node_cost = node_cost.max(self.nodes(&nodes, inner)),
                ("edges", Some(inner)) => node_cost = node_cost.max(self.edges(&nodes, inner)),
                ("pageInfo", Some(inner)) => self.page_info(&nodes, more, inner),
                ("__typename", _) => self.string(&plan.ty),
                _ => self.out.push_str("null"),
            }
        }
        self.out.push('}');
        2 + page(nodes.len() as i64) * (1 + node_cost)
    }

    fn nodes(&mut self, nodes: &[Node<'a>], plan: &'p Plan) -> u64 {
        self.out.push('[');
        let mut most = 0;
        for (n, node) in nodes.iter().enumerate() {
            if n > 0 {
                self.out.push(',');
            }
            most = most.max(self.object(&node.object, plan));
        }
        self.out.push(']');
        most
    }

    fn edges(&mut self, nodes: &[Node<'a>], plan: &'p Plan) -> u64 {
        self.out.push('[');
        let mut most = 0;
        for (n, node) in nodes.iter().enumerate() {
            self.out.push_str(if n > 0 { ",{" } else { "{" });
            for (m, part) in plan.fields(&plan.ty).iter().enumerate() {
                if m > 0 {
                    self.out.push(',');
                }
                self.string(&part.key);
                self.out.push(':');
                match (part.name.as_str(), &part.plan) {
                    ("node", Some(inner)) => most = most.max(self.object(&node.object, inner)),
                    ("cursor", _) => self.string(&cursor(node)),
                    _ => self.string(&plan.ty),
                }
            }
            self.out.push('}');
        }
        self.out.push(']');
        most
    }

    fn page_info(&mut self, nodes: &[Node<'a>], (before, after): (bool, bool), plan: &Plan) {
        self.out.push('{');
        for (n, part) in plan.fields("PageInfo").iter().enumerate() {
            if n > 0 {
                self.out.push(',');
            }
            self.string(&part.key);
            self.out.push(':');
            let end = match part.name.as_str() {
                "hasNextPage" => Value::Bool(after),
                "hasPreviousPage" => Value::Bool(before),
                "startCursor" => Value::maybe(nodes.first().map(cursor)),
                "endCursor" => Value::maybe(nodes.last().map(cursor)),
                _ => Value::text("PageInfo"),
            };
            self.scalar(end);
        }
        self.out.push('}');
    }

    fn string(&mut self, text: &str) {
        self.out
            .push_str(&serde_json::to_string(text).unwrap_or_default());
    }
}

/// Opaque, and tied to the order of the list: the sort key and the tie-breaker.
fn cursor(node: &Node<'_>) -> String {
    STANDARD.encode(format!("{}:{}", node.key.0, node.key.1))
}

fn parse(cursor: &str) -> Option<(i64, i64)> {
    let text = String::from_utf8(STANDARD.decode(cursor).ok()?).ok()?;
    let (a, b) = text.split_once(':')?;
    Some((a.parse().ok()?, b.parse().ok()?))
}

/// The page, and whether there is something before and after it.
fn cut<'a>(mut nodes: Vec<Node<'a>>, field: &PlanField) -> (Vec<Node<'a>>, (bool, bool)) {
    let arguments = &field.arguments;
    let reverse = arguments.flag("reverse");
    if reverse {
        nodes.reverse();
    }
    let past = |key: (i64, i64), mark: (i64, i64)| if reverse { key < mark } else { key > mark };
    let mut from = 0;
    let mut to = nodes.len();
    if let Some(mark) = arguments.text("after").and_then(parse) {
        from = nodes.partition_point(|n| !past(n.key, mark));
    }
    if let Some(mark) = arguments.text("before").and_then(parse) {
        to = nodes.partition_point(|n| n.key != mark && !past(n.key, mark));
    }
    to = to.max(from);
    let size = |name: &str| arguments.number(name).and_then(|n| usize::try_from(n).ok());
    if let Some(first) = size("first") {
        to = to.min(from + first);
    } else if let Some(last) = size("last") {
        from = from.max(to.saturating_sub(last));
    }
    let more = (from > 0, to < nodes.len());
    nodes.truncate(to);
    nodes.drain(..from);
    (nodes, more)
}
