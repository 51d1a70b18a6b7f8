//! Numbers and places of this adapter, with their defaults.

use std::path::PathBuf;
use std::time::Duration;

/// The version of the Admin API that this release was made for.
pub const API_VERSION: &str = "2026-10";

/// How the adapter waits and where it keeps what does not fit into memory.
#[derive(Debug, Clone)]
pub struct Config {
    /// Folder for the parts of an export while it is joined. Default: the system's folder for temporary files.
    pub spool: PathBuf,
    /// First wait between two looks at a bulk operation; each further one is half as long again. Default 0.5 s.
    pub poll_first: Duration,
    /// Longest wait between two looks. Default 10 s.
    pub poll_longest: Duration,
    /// A bulk operation that prepares no further record for this long is given up. Default 20 min.
    pub stalled_after: Duration,
    /// A bulk operation that is not ready by then is given up. Default 4 h.
    pub bulk_deadline: Duration,
    /// How long to wait for a free slot while other programs' operations run. Default 10 min.
    pub slot_wait: Duration,
    /// Size up to which a part of an export is joined in memory. Default 4 MiB.
    pub partition_bytes: u64,
    /// Orders, products and customers of one page of changes.
    pub orders_page: u32,
    pub products_page: u32,
    pub customers_page: u32,
    /// Rows after which reading a stream of changes starts at the last row's time again. Shopify pages at most 25 000 deep.
    pub deep_paging: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            spool: std::env::temp_dir(),
            poll_first: Duration::from_millis(500),
            poll_longest: Duration::from_secs(10),
            stalled_after: Duration::from_secs(20 * 60),
            bulk_deadline: Duration::from_secs(4 * 3600),
            slot_wait: Duration::from_secs(600),
            partition_bytes: 4 << 20,
            orders_page: 20,
            products_page: 25,
            customers_page: 200,
            deep_paging: 20_000,
        }
    }
}
