//! What replicas share, in Redis: rings of the event log, presence, request quotas, and providers' cost buckets.
//!
//! Nothing here is the only place of anything: events, work and money stand in the database, and every figure in Redis is made anew when it
//! is lost. So Redis may go away at any moment; each call then fails within half a second, the next ones at once, and the callers go on
//! with what their own process knows. All keys begin with a prefix, so that installations may share one server; it needs version 6.2 or newer,
//! no persistence and no cluster.
//!
//! Limits: a ring is kept among the last thousand; points of a call that never settled count as spent until the provider's next word.

mod bell;
mod buckets;
mod limits;
mod link;
mod presence;

pub use link::{RedisPlace, RedisShared};
