//! Cost buckets, one hash an account: what the provider said, what is left of it by the server's clock, the end of a pause, and the
//! points of each call under way.

use crate::RedisShared;
use async_trait::async_trait;
use ports::PortResult;
use ports::cost_buckets::{CostBuckets, Level, Turn};
use redis::Script;
use std::sync::LazyLock;
use std::time::Duration;
use uuid::Uuid;

/// Longer than any call: points of a call that is older are no longer held against what the provider says.
const CALL_MICROS: u64 = 600_000_000;

/// Shared by all scripts: `now`, the clock in microseconds; `left()`, points now or nil; `put(points)`. Everything is forgotten a day after
/// the last word.
const COMMON: &str = r"
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local function num(field) return tonumber(redis.call('HGET', KEYS[1], field) or nil) end
local function left()
  local capacity = num('capacity')
  if not capacity then return nil end
  return math.min(capacity, num('available') + math.max(0, now - num('at')) * num('rate') / 1000000)
end
local function put(points)
  redis.call('HSET', KEYS[1], 'available', string.format('%.6f', points), 'at', string.format('%.0f', now))
end
local function keep() redis.call('EXPIRE', KEYS[1], 86400) end
";

fn script(body: &str) -> Script {
    Script::new(&format!("{COMMON}{body}"))
}

/// Arguments: call, cost. Answers the wait in microseconds, 0 when granted.
static RESERVE: LazyLock<Script> = LazyLock::new(|| {
    script(
        r"
local paused, points, cost = num('paused'), left(), tonumber(ARGV[2])
if paused and paused > now then return paused - now end
if points then
  local needed = math.min(cost, num('capacity'))
  if points + 0.000001 < needed then
    return math.max(1000, math.ceil(math.min((needed - points) / num('rate'), 86400) * 1000000))
  end
  put(points - cost)
end
redis.call('HSET', KEYS[1], 'call:' .. ARGV[1], ARGV[2] .. ' ' .. string.format('%.0f', now))
keep()
return 0
",
    )
});

/// Arguments: call, points spent or an empty text.
static SETTLE: LazyLock<Script> = LazyLock::new(|| {
    script(
        r"
local held = redis.call('HGET', KEYS[1], 'call:' .. ARGV[1])
if not held then return 0 end
redis.call('HDEL', KEYS[1], 'call:' .. ARGV[1])
local cost, points = tonumber(string.match(held, '^%S+')), left()
if points and ARGV[2] ~= '' then
  put(math.min(num('capacity'), points + cost - tonumber(ARGV[2])))
end
return 0
",
    )
});

/// Arguments: capacity, available, rate, longest call.
static OBSERVE: LazyLock<Script> = LazyLock::new(|| {
    script(
        r"
local all, aside = redis.call('HGETALL', KEYS[1]), 0
for i = 1, #all, 2 do
  if string.sub(all[i], 1, 5) == 'call:' then
    local cost, since = string.match(all[i + 1], '^(%S+) (%S+)$')
    if now - tonumber(since) > tonumber(ARGV[4]) then
      redis.call('HDEL', KEYS[1], all[i])
    else
      aside = aside + tonumber(cost)
    end
  end
end
local capacity = tonumber(ARGV[1])
redis.call('HSET', KEYS[1], 'capacity', ARGV[1], 'rate', ARGV[3])
put(math.max(0, math.min(capacity, tonumber(ARGV[2]))) - aside)
keep()
return 0
",
    )
});

/// Argument: microseconds.
static PAUSE: LazyLock<Script> = LazyLock::new(|| {
    script(
        r"
local until_ = math.max(num('paused') or 0, now + tonumber(ARGV[1]))
redis.call('HSET', KEYS[1], 'paused', string.format('%.0f', until_))
keep()
return 0
",
    )
});

#[async_trait]
impl CostBuckets for RedisShared {
    async fn reserve(&self, account: &str, call: Uuid, cost: f64) -> PortResult<Turn> {
        let cost = if cost.is_finite() { cost.max(0.0) } else { 0.0 };
        let arguments = [call.to_string(), format!("{cost:.6}")];
        let wait = self
            .run("buckets.reserve", &RESERVE, account, &arguments)
            .await?;
        Ok(match wait {
            0 => Turn::Granted,
            wait => Turn::Wait(Duration::from_micros(wait)),
        })
    }

    async fn settle(&self, account: &str, call: Uuid, spent: Option<f64>) -> PortResult<()> {
        let spent = spent.filter(|points| points.is_finite());
        let spent = spent.map_or_else(String::new, |points| format!("{:.6}", points.max(0.0)));
        let arguments = [call.to_string(), spent];
        self.run("buckets.settle", &SETTLE, account, &arguments)
            .await?;
        Ok(())
    }

    async fn observe(&self, account: &str, level: Level) -> PortResult<()> {
        if !level.is_sane() {
            return Ok(());
        }
        let figures = [level.capacity, level.available, level.restore_rate];
        let mut arguments: Vec<String> = figures.iter().map(|f| format!("{f:.6}")).collect();
        arguments.push(CALL_MICROS.to_string());
        self.run("buckets.observe", &OBSERVE, account, &arguments)
            .await?;
        Ok(())
    }

    async fn pause(&self, account: &str, wait: Duration) -> PortResult<()> {
        let micros = u64::try_from(wait.as_micros()).unwrap_or(u64::MAX);
        let arguments = [micros.to_string()];
        self.run("buckets.pause", &PAUSE, account, &arguments)
            .await?;
        Ok(())
    }
}

impl RedisShared {
    async fn run(
        &self,
        operation: &'static str,
        script: &Script,
        account: &str,
        arguments: &[String],
    ) -> PortResult<u64> {
        let mut call = script.prepare_invoke();
        call.key(self.0.key(&format!("bucket:{account}")));
        for argument in arguments {
            call.arg(argument);
        }
        self.0
            .call(operation, |mut to| async move {
                call.invoke_async(&mut to).await
            })
            .await
    }
}
