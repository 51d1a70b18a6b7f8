//! Advertisements: which campaigns lose money and are paused, which may spend less or more, which advertise what is not there.
//!
//! Judged by POAS (profit on ad spend: the platform's claimed revenue × the store's own share of margin, over the spend), on days whose
//! figures are final: a platform adds claims to a day for weeks, so that a fresh day always looks worse than it is. No rule speaks before a
//! campaign has spent and sold enough. Budgets move in steps, once a day, and together never past the month's own limit.
//!
//! Facts are whole numbers, so that they are the same to the bit when they are read again.

mod decide;
mod facts;
mod history;
mod judge;
mod spec;
mod steps;
mod what_if;

pub use decide::decide;
pub use facts::{AccountFacts, AdDayFacts, CampaignFacts, Facts, GoodsFacts, SetFacts};
pub use history::{History, PastCampaign, PastMargin, Rehearsed};
pub use spec::SPEC;
pub use what_if::{AdStanding, BudgetAfter, LessSpend, less_spend, standings};

#[cfg(test)]
mod tests;
