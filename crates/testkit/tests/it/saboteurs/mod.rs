//! A law that cannot fail is no law: each of these databases is broken in its own way, and a law says so.

mod accounts;
mod catalog;
mod changes;
mod connections;
mod customers;
mod events;
mod goods;
mod imports;
mod inbox;
mod inputs;
mod jobs;
mod marks;
mod notices;
mod orders;
mod passkeys;
mod people;
mod privacy;
mod rates;
mod reconciliations;
mod recosts;
mod reports;
mod runs;
mod second_factors;
mod store_facts;
mod syncs;
mod vault;

use std::future::Future;
use std::sync::Arc;
use testkit::Stores;
use testkit::fakes::FakeDatabase;

/// A sound database and its ports, of which a saboteur replaces one.
fn sound() -> (Arc<FakeDatabase>, Stores) {
    let db = Arc::new(FakeDatabase::new());
    (db.clone(), Stores::of(db, ()))
}

/// The law has to fail. Its panic is the proof, and is printed.
async fn caught(law: impl Future<Output = ()> + Send + 'static) {
    let outcome = tokio::spawn(law).await;
    assert!(outcome.is_err(), "the law did not notice");
}

/// Lets others in, between a check and what relies on it. On the one thread of these tests that is sure: all racers check
/// before the first goes on.
async fn let_others_in() {
    for _ in 0..5 {
        tokio::task::yield_now().await;
    }
}

/// A port with some methods of its own; the others are those of the sound database.
macro_rules! saboteur {
    ($port:ident for $saboteur:ident { $($own:tt)* } else $self:ident {
        $(fn $name:ident($($arg:ident: $ty:ty),* $(,)?) -> $answer:ty;)*
    }) => {
        #[async_trait::async_trait]
        impl $port for $saboteur {
            $($own)*
            $(async fn $name(&$self, $($arg: $ty),*) -> ports::PortResult<$answer> {
                $port::$name(&*$self.db, $($arg),*).await
            })*
        }
    };
}
use saboteur;
