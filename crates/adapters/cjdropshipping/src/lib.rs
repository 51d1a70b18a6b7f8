//! CJdropshipping's API 2.0 told in the words of `SupplierSource` and `SupplierOrders`.
//!
//! Answers come with status 200 and are read by the `code` in their envelope. Tokens live for 15 days and are kept sealed: a process that
//! starts logs in no more than one that runs. A day has so many points: reading a catalogue leaves a part of them to orders, and when they
//! are used up only calls that cost points are refused. Everything is priced in US dollars.
//!
//! An order is created with `payType` 3, which pays nothing, and is found again by our own number.

mod client;
mod codes;
mod loose;
mod orders;
mod read;
mod tokens;
mod webhook;
mod wire;

pub use client::Cj;

pub const DEFAULT_BASE: &str = "https://developers.cjdropshipping.com/api2.0/v1";
/// Points that a catalogue leaves to what orders need: 1 of 25 of the least that an account has in a day.
pub const KEPT_POINTS: u64 = 2_000;
