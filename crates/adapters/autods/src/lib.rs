//! AutoDS's MCP server (streamable HTTP, JSON-RPC 2.0) told in the words of `SupplierSource`.
//!
//! It finds products and tells what they cost, what lies where, and what sending them to the region of the user's settings costs. It has no
//! tool that orders: AutoDS takes orders out of the shop that it is connected to, and nothing here places one. What its tools want is asked
//! first and compared with what is sent; a tool that is gone or wants something else is not called any more, and that is told.
//!
//! Who answers is settled by OAuth 2.1 (RFC 9728, RFC 8414, RFC 7591, PKCE after RFC 7636). AutoDS sends people back to one address alone,
//! `http://localhost:2048/callback`, so whoever logs in brings the address at which the browser ends.

mod client;
mod oauth;
mod read;
mod rpc;
mod schema;
mod tokens;
mod values;

pub use client::Autods;
pub use oauth::{Login, begin, finish};

pub const DEFAULT_BASE: &str = "https://mcp.autods.com/mcp";
