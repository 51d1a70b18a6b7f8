//! Deterministic simulation: one seed is one history of three replicas, and the same seed is the same history.
//!
//! Use cases of the application run as they are, over the fakes of the testkit. Every call of a port goes through a gate
//! (`gate.rs`), before it and after it: there the call takes its time, fails, loses its answer after it was carried out, or never
//! comes back because its replica was killed. Time is tokio's paused clock, on one thread; chance is a generator with the seed. People
//! propose, approve, take back and stop; the shop changes orders and sends webhooks in any order, several times or never. Then
//! it grows calm, the work is given time to end, and `check.rs` holds what must be true.
//!
//! What is simulated: change-sets, syncs, webhooks, and the audit and the rollups under them. What is not: agents, imports, forecasts and
//! notices, the HTTP in front, and the SQL behind; those have their own tests. The fakes obey the laws of the databases.

mod book;
mod check;
mod gate;
mod history;
mod people;
mod plant;
mod provider;
mod replica;
mod storage;
mod tally;
mod virtual_clock;
mod world;

pub use history::{History, Options, run};
pub use plant::Plant;
