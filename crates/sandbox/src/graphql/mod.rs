//! The Admin API's GraphQL: documents are parsed and validated against the real schema's excerpt, compiled to a plan,
//! priced, and executed over the shop's records.

pub mod argument;
pub mod cost;
pub mod errors;
pub mod execute;
pub mod plan;
pub mod resolve;
pub mod search;
pub mod value;

use std::sync::OnceLock;

use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema};

/// The excerpt of the real schema that the sandbox executes.
pub const SCHEMA: &str = include_str!("../../schema/admin.graphql");

/// The parsed excerpt.
pub fn schema() -> &'static Valid<Schema> {
    static PARSED: OnceLock<Valid<Schema>> = OnceLock::new();
    PARSED.get_or_init(|| {
        Schema::parse_and_validate(SCHEMA, "admin.graphql").unwrap_or_else(|e| panic!("the schema excerpt is part of this program: {e}"))
    })
}

/// A document that may be executed.
pub type Document = Valid<ExecutableDocument>;
