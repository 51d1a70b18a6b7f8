//! The adapter over real HTTP: against the sandbox store, and against small servers that answer what a test says.

mod documents;
mod sandbox_store;
mod support;
