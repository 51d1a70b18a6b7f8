//! Advertisements: accounts, what runs in them, what each day cost and is claimed to have brought, and the figures that judge it.
//!
//! Must not know: how a platform is asked, how any of it is stored.

mod account;
mod figures;
mod insight;
mod micros;
pub mod outcome;
mod run;
mod structure;
#[cfg(test)]
mod tests;
pub mod waste;

pub use account::{AccountState, AdAccount, AdIdentity, AdPlatform, MissingGrant, Series};
pub use figures::{AdFigures, AdSums, break_even_roas, mer, spend_share};
pub use insight::{InsightDay, PurchaseDefinition, RawConversion, purchases_by};
pub use micros::{Micros, minor_of_micros, parse_micros};
pub use run::AdSyncRun;
pub use structure::{AdEntity, AdLevel, AdStatus, Budget, BudgetSpan, EarlierName, StoredEntity};
