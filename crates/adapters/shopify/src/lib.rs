#![doc = include_str!("../README.md")]

mod auth;
mod bulk;
mod bulk_checks;
mod bundles;
mod changes;
mod client;
pub mod config;
pub mod documents;
pub mod errors;
mod export;
mod fetch;
mod identity;
pub mod map;
mod memory;
mod nested;
mod notes;
mod oracle;
mod orders;
mod outreach;
mod scopes;
pub mod shop;
mod source;
mod stock;
mod times;
mod verdict;
pub mod webhooks;
pub mod wire;
mod writer;

pub use config::Config;
pub use notes::Notes;
pub use source::ShopifySources;
