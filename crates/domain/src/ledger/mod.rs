//! The ledger: signed amounts of one kind, on one local day, for one order. Every money report is a sum of entries.
//!
//! [`derive`] makes the entries of an order from its dated agreements, its transactions and the costs that were valid;
//! it is a pure function, so the same facts give the same ledger however often and in whatever order they arrived.

mod book;
mod costs;
mod derive;
mod fees;
mod shipping;
mod unknown;

pub use book::{Basis, EntryKind, EntryReason, Ledger, LedgerCheck, LedgerEntry};
pub use derive::{DERIVATION, derive, derive_told};
pub use unknown::{Conversion, CostPart, CostsKnown, Gap, Unknown, explain};
