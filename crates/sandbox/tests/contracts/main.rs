//! The sandbox against what is real and not part of this repository: Shopify's schema, recorded prices of queries, a retailer's
//! transactions. Each test names the variable that it reads and fails without it.

mod prices;
mod sales;
mod schema;

use std::path::PathBuf;

fn path_from(variable: &str) -> PathBuf {
    let path = std::env::var_os(variable).unwrap_or_else(|| panic!("{variable} must be set"));
    PathBuf::from(path)
}
