//! The centre: money, the store's calendar, orders, catalogue and the ledger, as pure synchronous code.
//!
//! Knows no clock, no randomness, no database, no network and no vendor: time and ids come in as arguments, so that
//! every figure can be recomputed from recorded facts.

pub mod ads;
pub mod agents;
pub mod analysis;
pub mod assistant;
pub mod attribution;
pub mod audit;
pub mod calendar;
pub mod catalog;
pub mod changes;
pub mod connection;
pub mod customer;
pub mod customers;
pub mod forecast;
pub mod fx;
pub mod holidays;
pub mod ids;
pub mod import;
pub mod incident;
pub mod inputs;
pub mod inventory;
pub mod inventory_plan;
pub mod job;
pub mod ledger;
pub mod letter;
pub mod money;
pub mod notifications;
pub mod opportunity;
pub mod order;
pub mod outreach;
pub mod passkey;
pub mod passport;
pub mod payout;
pub mod people;
pub mod prices;
pub mod privacy;
pub mod purchase;
pub mod reconciliation;
pub mod recost;
pub mod report;
pub mod rollup;
pub mod scoring;
pub mod second_factor;
pub mod store;
pub mod supplier;
pub mod support;
pub mod sync;
pub mod warehouse;
pub mod work;
