//! Quotas by the generic cell rate algorithm, in one script and by the server's clock: one key holds the moment when everything is there again.

use crate::RedisShared;
use async_trait::async_trait;
use ports::PortResult;
use ports::rate_limits::{Quota, RateLimits, Taken};
use redis::Script;
use std::sync::LazyLock;
use std::time::Duration;

/// In microseconds; answers what remains, and the wait or -1.
static TAKE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local whole = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now) + interval
local wait = whole - interval * burst - now
if wait > 0 then return {0, wait} end
redis.call('SET', KEYS[1], string.format('%.0f', whole), 'PX', math.ceil((whole - now) / 1000))
return {math.floor((interval * burst - (whole - now)) / interval), -1}
",
    )
});

#[async_trait]
impl RateLimits for RedisShared {
    async fn take(&self, quota: &Quota, key: &str) -> PortResult<Taken> {
        let interval = u64::try_from(quota.interval().as_micros())
            .unwrap_or(u64::MAX)
            .max(1);
        let mut call = TAKE.prepare_invoke();
        call.key(self.0.key(&format!("limit:{}:{key}", quota.name)))
            .arg(interval)
            .arg(quota.requests);
        let (remaining, wait): (u32, i64) = self
            .0
            .call("limits.take", |mut to| async move {
                call.invoke_async(&mut to).await
            })
            .await?;
        Ok(Taken {
            remaining,
            wait: u64::try_from(wait).ok().map(Duration::from_micros),
        })
    }

    /// Keys expire when everything is there again.
    async fn upkeep(&self) {}
}
