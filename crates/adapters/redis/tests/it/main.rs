//! Over a real Redis: the laws of what replicas share, and what happens while it is away.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod away;
mod together;

use adapter_redis::{RedisPlace, RedisShared};
use testkit::laws::replicas::{Installation, Process};
use testkit::redis::RedisServer;
use uuid::Uuid;

fn shared(url: String, prefix: &str, replica: u128) -> RedisShared {
    let place = RedisPlace {
        url,
        prefix: prefix.to_owned(),
        replica: Uuid::from_u128(replica),
    };
    RedisShared::new(place).unwrap()
}

async fn make() -> Installation {
    let server = RedisServer::start();
    Installation {
        one: Process::of(shared(server.url(), "royal", 1)),
        other: Process::of(shared(server.url(), "royal", 2)),
        keep: Box::new(server),
    }
}

testkit::replica_laws!(make);
