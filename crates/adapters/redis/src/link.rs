//! The connection: opened when it is first needed, again by itself, and left alone for a moment when it does not answer.

use ports::{Kind, PortError, PortResult, Retry};
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, RedisError, RedisResult};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use uuid::Uuid;

pub(crate) const PROVIDER: &str = "redis";
/// A call that takes longer has failed: callers wait for it on their way to an answer.
const PATIENCE: Duration = Duration::from_millis(500);
/// After a failure nobody waits again for so long.
const REST: Duration = Duration::from_secs(1);
const CONNECT: Duration = Duration::from_secs(2);
/// Between two tries to connect at most.
const MOST_DELAY: Duration = Duration::from_secs(2);

#[derive(Debug, Clone)]
pub struct RedisPlace {
    /// `redis://[user:password@]host[:port][/db]`, or `rediss://` with TLS.
    pub url: String,
    /// Before every key.
    pub prefix: String,
    /// This process.
    pub replica: Uuid,
}

/// One process's way to what replicas share. Cheap to clone.
#[derive(Clone)]
pub struct RedisShared(pub(crate) Arc<Link>);

pub(crate) struct Link {
    pub(crate) client: Client,
    pub(crate) prefix: String,
    pub(crate) replica: Uuid,
    manager: ConnectionManager,
    rests_until: Mutex<Option<Instant>>,
}

impl RedisShared {
    /// Opens no connection yet; must be called within a runtime.
    ///
    /// # Errors
    /// `Configuration` when the address is none of Redis.
    pub fn new(place: RedisPlace) -> PortResult<Self> {
        let wrong = |e: RedisError| {
            PortError::new(
                Kind::Configuration,
                Retry::Never,
                PROVIDER,
                "open",
                "REDIS_URL is not an address like redis://host:6379/0 or rediss://user:password@host:6380/0",
            )
            .with_source(e)
        };
        let client = Client::open(place.url.as_str()).map_err(wrong)?;
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(CONNECT))
            .set_response_timeout(Some(PATIENCE))
            .set_max_delay(MOST_DELAY);
        let manager =
            ConnectionManager::new_lazy_with_config(client.clone(), config).map_err(wrong)?;
        Ok(Self(Arc::new(Link {
            client,
            prefix: place.prefix,
            replica: place.replica,
            manager,
            rests_until: Mutex::new(None),
        })))
    }
}

impl Link {
    pub(crate) fn key(&self, rest: &str) -> String {
        format!("{}:{rest}", self.prefix)
    }

    /// One call, or its refusal at once while the server is left alone.
    pub(crate) async fn call<T, F>(
        &self,
        operation: &'static str,
        act: impl FnOnce(ConnectionManager) -> F,
    ) -> PortResult<T>
    where
        F: Future<Output = RedisResult<T>>,
    {
        if self.rests() {
            return Err(away(operation, "Redis did not answer a moment ago"));
        }
        match tokio::time::timeout(PATIENCE, act(self.manager.clone())).await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => Err(self.failed(operation, error)),
            Err(_) => {
                self.rest();
                Err(away(operation, "Redis did not answer within 500 ms"))
            }
        }
    }

    fn failed(&self, operation: &'static str, error: RedisError) -> PortError {
        // Its own refusals (a full memory, a missing right) are no reason to leave it alone.
        if error.is_io_error() || error.is_timeout() || error.is_unrecoverable_error() {
            self.rest();
        }
        away(operation, "Redis cannot be used").with_source(error)
    }

    fn rests(&self) -> bool {
        let until = *self
            .rests_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        until.is_some_and(|until| Instant::now() < until)
    }

    fn rest(&self) {
        let until = Instant::now() + REST;
        *self
            .rests_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(until);
    }
}

/// The detail says what; the log has the cause.
pub(crate) fn away(operation: &'static str, detail: &str) -> PortError {
    PortError::new(
        Kind::Unavailable,
        Retry::After(REST),
        PROVIDER,
        operation,
        format!("{detail}; this process goes on with what it knows by itself"),
    )
}

/// What stands in Redis is not ours.
pub(crate) fn nonsense(
    operation: &'static str,
    error: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> PortError {
    PortError::new(
        Kind::Corrupt,
        Retry::Never,
        PROVIDER,
        operation,
        "what stands in Redis is not what this program writes: give the installation a REDIS_PREFIX of its own",
    )
    .with_source(error)
}
