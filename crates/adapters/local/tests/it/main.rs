//! Two seats of one hall obey the laws of what replicas share.

use adapter_local::Hall;
use testkit::laws::replicas::{Installation, Process};
use uuid::Uuid;

async fn make() -> Installation {
    let hall = Hall::default();
    Installation {
        one: Process::of(hall.seat(Uuid::from_u128(1))),
        other: Process::of(hall.seat(Uuid::from_u128(2))),
        keep: Box::new(hall),
    }
}

testkit::replica_laws!(make);
