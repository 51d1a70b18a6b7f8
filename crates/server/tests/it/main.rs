//! The server over real HTTP: composed over SQLite in a folder of its own, on a free port of 127.0.0.1, with the sandbox as the
//! provider.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod ad_profit;
mod ads;
mod ads_environment;
mod agent_commands;
mod agent_runs;
mod agents;
mod analysis;
mod assistant;
mod assistant_models;
mod audit;
mod backups;
mod changes;
mod circuits;
mod clocks;
mod command_line;
mod connected;
mod costs;
mod currencies;
mod customers;
mod databases;
mod elsewhere;
mod exports;
mod figures;
mod files;
mod first_run;
mod forecast;
mod gate;
mod idempotency;
mod imports;
mod inventory;
mod killed;
mod killed_runs;
mod kinds;
mod mail;
mod mcp;
mod monitoring;
mod notifications;
mod openapi;
mod opportunities;
mod orders;
mod outages;
mod passkeys;
mod people;
mod pictures;
mod privacy;
mod problems;
mod recommendations;
mod reconciliation;
mod refunds;
mod replicas;
mod reports;
mod rest_suppliers;
mod row_security;
mod rules;
mod second_factor;
mod secrets;
mod secrets_canary;
mod segments;
mod sign_in;
mod sockets;
mod stock;
mod stopped_replicas;
mod stopping;
mod stream;
mod suppliers;
mod suppliers_others;
mod supply;
mod support;
mod support_tickets;
mod syncs;
mod three_replicas;
mod throttle;
mod tokens;
mod traces;
#[cfg(feature = "earlier-release")]
mod two_releases;
mod walk;
mod webhooks;
