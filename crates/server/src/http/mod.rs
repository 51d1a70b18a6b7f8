//! HTTP in, use case, HTTP out: one file for each endpoint.

pub(crate) mod amounts;
pub(crate) mod auth;
pub(crate) mod connections;
pub(crate) mod figures;
pub(crate) mod customers;
pub(crate) mod ids;
pub(crate) mod imports;
pub(crate) mod orders;
pub(crate) mod paging;
pub(crate) mod privacy;
pub(crate) mod products;
pub(crate) mod rates;
pub(crate) mod reports;
pub(crate) mod service;
pub(crate) mod setup;
pub(crate) mod stores;
pub(crate) mod stream;
pub(crate) mod syncs;
pub(crate) mod webhooks;
pub(crate) mod workspace;
