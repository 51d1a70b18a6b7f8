//! What a bulk query must look like, with the messages of real shops.

use apollo_compiler::ExecutableDocument;
use apollo_compiler::executable::{Field, Selection, SelectionSet};

use crate::graphql::{Document, schema};

/// The problems of a query, none when it may run.
pub(crate) fn check(query: &str) -> Vec<String> {
    if query.len() > 65_535 {
        return vec!["Query is too long (maximum is 65535 bytes)".to_owned()];
    }
    let document = match ExecutableDocument::parse_and_validate(schema(), query, "bulk.graphql") {
        Ok(document) => document,
        Err(e) => {
            let found = crate::graphql::errors::of_document(query, &e.errors);
            let words: Vec<&str> = found.iter().filter_map(|v| v["message"].as_str()).collect();
            return vec![format!("Invalid bulk query: {}", words.join(", "))];
        }
    };
    let mut operations = document.operations.iter();
    let (Some(operation), None) = (operations.next(), operations.next()) else {
        return vec!["Bulk queries must contain exactly one operation.".to_owned()];
    };
    if !operation.is_query() {
        return vec!["Invalid operation type. Only `query` operations are supported.".to_owned()];
    }
    let mut seen = Seen::new(&document);
    seen.walk(&operation.selection_set, 0, false, None);
    seen.problems(&operation.selection_set)
}

struct Seen<'a> {
    document: &'a Document,
    connections: usize,
    depth: usize,
    nodes: Vec<String>,
    in_list: bool,
    without_id: Vec<String>,
}

impl<'a> Seen<'a> {
    fn new(document: &'a Document) -> Self {
        Self {
            document,
            connections: 0,
            depth: 0,
            nodes: Vec::new(),
            in_list: false,
            without_id: Vec::new(),
        }
    }

    fn fields(&self, set: &'a SelectionSet) -> Vec<&'a Field> {
        let mut out: Vec<&'a Field> = Vec::new();
        for selection in &set.selections {
            match selection {
                Selection::Field(f) => out.push(f),
                Selection::InlineFragment(i) => out.extend(self.fields(&i.selection_set)),
                Selection::FragmentSpread(s) => {
                    if let Some(fragment) = self.document.fragments.get(&s.fragment_name) {
                        out.extend(self.fields(&fragment.selection_set));
                    }
                }
            }
        }
        out
    }

    fn walk(
        &mut self,
        set: &'a SelectionSet,
        depth: usize,
        in_list: bool,
        parent: Option<(&'a str, &'a SelectionSet)>,
    ) {
        for field in self.fields(set) {
            let connection = field.ty().inner_named_type().ends_with("Connection");
            if connection {
                self.connections += 1;
                self.depth = self.depth.max(depth + 1);
                self.in_list |= in_list;
                if let Some((name, node)) = parent {
                    let has_id = self
                        .fields(node)
                        .iter()
                        .any(|f| f.name == "id" && f.alias.is_none());
                    if !has_id && !self.without_id.iter().any(|n| n == name) {
                        self.without_id.push(name.to_owned());
                    }
                }
                let inner = self.fields(&field.selection_set);
                if inner.iter().any(|f| f.name == "nodes") {
                    self.nodes.push(field.name.to_string());
                }
                for edges in inner.into_iter().filter(|f| f.name == "edges") {
                    for node in self
                        .fields(&edges.selection_set)
                        .into_iter()
                        .filter(|f| f.name == "node")
                    {
                        self.walk(
                            &node.selection_set,
                            depth + 1,
                            in_list,
                            Some((field.name.as_str(), &node.selection_set)),
                        );
                    }
                }
            } else if !field.selection_set.is_empty() {
                self.walk(
                    &field.selection_set,
                    depth,
                    in_list || field.ty().is_list(),
                    parent,
                );
            }
        }
    }

    fn problems(&self, root: &'a SelectionSet) -> Vec<String> {
        let mut out = Vec::new();
        for name in ["node", "nodes"] {
            if self.fields(root).iter().any(|f| f.name == name) {
                out.push(format!(
                    "Bulk queries cannot contain a top level `{name}` field."
                ));
            }
        }
        if !self.nodes.is_empty() {
            let names: Vec<String> = self.nodes.iter().map(|n| format!("'{n}'")).collect();
            out.push(format!(
                "All connection fields in a bulk query must select their contents using 'edges' > 'node', e.g: '{} {{ edges {{ node {{'. Selecting via 'nodes' is not supported. Invalid connection fields: {}.",
                self.nodes[0],
                names.join(", ")
            ));
        }
        if self.connections == 0 {
            out.push("Bulk queries must contain at least one connection.".to_owned());
        }
        if self.connections > 5 {
            out.push("Bulk queries cannot contain more than 5 connections.".to_owned());
        }
        // The root connection is no nesting: `orders { agreements { sales } }` is two deep.
        if self.depth > 3 {
            out.push(
                "Bulk queries cannot contain connections with a nesting depth greater than 2."
                    .to_owned(),
            );
        }
        if self.in_list {
            out.push("Queries that contain a connection field within a list field are not currently supported.".to_owned());
        }
        if !self.without_id.is_empty() {
            out.push(format!(
                "The parent 'node' field for a nested connection must select the 'id' field without an alias and must be of 'ID' return type. Connection fields without 'id': {}.",
                self.without_id.join(", ")
            ));
        }
        out
    }
}
