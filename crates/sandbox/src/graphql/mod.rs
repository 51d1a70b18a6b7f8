//! The Admin API's GraphQL: documents are parsed and validated against the real schema's excerpt, compiled to a plan,
//! priced, and executed over the shop's records.

pub(crate) mod argument;
pub(crate) mod cost;
pub(crate) mod errors;
pub(crate) mod execute;
pub(crate) mod plan;
pub(crate) mod resolve;
pub(crate) mod search;
pub(crate) mod value;

use std::sync::OnceLock;

use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema};

/// The excerpt of the real schema that the sandbox executes.
pub(crate) const SCHEMA: &str = include_str!("../../schema/admin.graphql");

/// The parsed excerpt.
pub(crate) fn schema() -> &'static Valid<Schema> {
    static PARSED: OnceLock<Valid<Schema>> = OnceLock::new();
    PARSED.get_or_init(|| {
        Schema::parse_and_validate(SCHEMA, "admin.graphql")
            .unwrap_or_else(|e| panic!("the schema excerpt is part of this program: {e}"))
    })
}

/// A document that may be executed.
pub(crate) type Document = Valid<ExecutableDocument>;
