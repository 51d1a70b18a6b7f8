//! What a sandbox is started with.

use std::path::PathBuf;

use crate::faults::Faults;
use crate::store::Seconds;

/// All settings; [`Options::default`] is the full store on a free port.
#[derive(Debug, Clone)]
pub struct Options {
    /// 0 takes a free port.
    pub port: u16,
    /// The address to listen on.
    pub bind: std::net::IpAddr,
    /// How clients reach the sandbox, for the addresses of bulk files; where it listens without.
    pub public_url: Option<String>,
    pub seed: u64,
    /// How many orders the generated store has, over `days` days.
    pub orders: usize,
    pub days: i64,
    /// The shop's name.
    pub name: String,
    /// ISO 4217; a generated store may have any, an imported file has pounds.
    pub currency: String,
    /// IANA zone of the shop's days.
    pub zone: String,
    /// Lines of invoices instead of a generated store (columns of the UCI Online Retail data).
    pub file: Option<PathBuf>,
    /// Unit cost of imported goods in percent of their price; unknown without.
    pub file_cost_percent: Option<u32>,
    /// Orders per minute that keep coming.
    pub live: f64,
    pub faults: Faults,
    /// The virtual time at the start; the real time without.
    pub now: Option<Seconds>,
    /// Cost points: the bucket's size and what comes back per second.
    pub bucket: u32,
    pub restore: u32,
    /// How long a bulk operation takes at least, in milliseconds.
    pub bulk_ms: u64,
    /// Scopes of the token.
    pub scopes: Vec<String>,
    /// The version that answers, whatever was asked for; the asked one without.
    pub answer_version: Option<String>,
    /// Real seconds that stand for one hour of retries.
    pub retry_hour_seconds: f64,
}

/// Everything that a profit product asks for, to read and to change what people approve.
pub const SCOPES: [&str; 18] = [
    "read_orders",
    "read_all_orders",
    "read_products",
    "read_inventory",
    "read_locations",
    "read_customers",
    "read_returns",
    "read_order_edits",
    "read_fulfillments",
    "read_discounts",
    "read_shopify_payments_payouts",
    "read_shopify_payments_accounts",
    "read_reports",
    "write_products",
    "write_inventory",
    "write_orders",
    "write_merchant_managed_fulfillment_orders",
    "write_discounts",
];

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            bind: std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST),
            public_url: None,
            seed: 1,
            orders: 12_000,
            days: 548,
            name: "Royal Equips Sandbox".to_owned(),
            currency: "USD".to_owned(),
            zone: "America/New_York".to_owned(),
            file: None,
            file_cost_percent: None,
            live: 0.0,
            faults: Faults::default(),
            now: None,
            bucket: 2_000,
            restore: 100,
            bulk_ms: 250,
            scopes: SCOPES.map(str::to_owned).into(),
            answer_version: None,
            retry_hour_seconds: 2.0,
        }
    }
}
