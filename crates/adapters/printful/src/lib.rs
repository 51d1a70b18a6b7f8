//! Printful's API v2 told in the words of `SupplierSource` and `SupplierOrders`.
//!
//! Printful prints on demand. A product of its catalogue can be looked at, and with a design, a template that is saved there, it can be
//! ordered: `71` is a thing without a print, `71:wolf` the same with the design `wolf`. Stock is yes or no for a region. Prices, rates and
//! orders are told in the currency of the store there, which is asked for and never assumed.
//!
//! An order is created as a draft, which costs nothing, and is found again by a number of ours. What it costs is counted a moment later;
//! only the confirmation charges for it.

mod catalogue;
mod client;
mod orders;
mod regions;
mod values;
mod webhook;
mod wire;

pub use client::Printful;

pub const DEFAULT_BASE: &str = "https://api.printful.com";
