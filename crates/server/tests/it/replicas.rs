//! Two servers over one PostgreSQL and one Redis: what they share, and how they go on while Redis is away.

use crate::databases::Place;
use crate::support::{Client, TestServer, server, until};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use testkit::redis::RedisServer;

const KEY: &str = "one key that both of the replicas know";
/// A process looks at the log so often by itself.
const LOOK: Duration = Duration::from_secs(2);

struct Pair {
    place: Place,
    redis: RedisServer,
    one: TestServer,
    other: TestServer,
    owner: Client,
}

impl Pair {
    async fn new(more: &[(&str, &str)]) -> Self {
        let (place, redis) = (Place::postgres().await, RedisServer::start());
        let mut settings = place.settings();
        settings.push(("REDIS_URL", redis.url()));
        settings.push(("SECRET_KEY", KEY.to_owned()));
        let settings = settings.iter().map(|(k, v)| (*k, v.as_str()));
        let settings: Vec<_> = settings.chain(more.iter().copied()).collect();
        let one = server(&settings).await;
        let owner = one.owner().await;
        Self {
            other: server(&settings).await,
            place,
            redis,
            one,
            owner,
        }
    }

    fn there(&self) -> Client {
        self.owner.at(self.other.running.url())
    }

    /// Written by the first one.
    async fn publish(&self, number: u32) {
        let me = self.owner.read("/v1/auth/me").await;
        let workspace = me["workspace"]["id"].as_str().unwrap().parse().unwrap();
        let hub = &self.one.running.composed().events;
        let entity = ("report", number.to_string());
        let data = json!({ "n": number });
        let told = hub.publish(workspace, "report.changed", entity, data);
        told.await.unwrap();
    }

    async fn end(self) {
        self.one.running.stop().await;
        self.other.running.stop().await;
        self.place.remove().await;
    }
}

/// A stream that is read event by event.
struct Ear {
    response: Response,
    text: String,
}

impl Ear {
    async fn open(client: &Client, path: &str) -> Self {
        let response = client.get(path).await;
        assert_eq!(response.status(), 200);
        Self {
            response,
            text: String::new(),
        }
    }

    /// The next event's id and number.
    async fn next(&mut self) -> (i64, u64) {
        loop {
            if let Some((frame, rest)) = self.text.split_once("\n\n") {
                let field = |name| frame.lines().find_map(|l| l.strip_prefix(name));
                let found = field("id: ").zip(field("data: ")).map(|(id, data)| {
                    let data: Value = serde_json::from_str(data).unwrap();
                    (id.parse().unwrap(), data["data"]["n"].as_u64().unwrap())
                });
                self.text = rest.to_owned();
                match found {
                    Some(found) => return found,
                    None => continue,
                }
            }
            let chunk = tokio::time::timeout(Duration::from_secs(60), self.response.chunk());
            let chunk = chunk.await.expect("an event in time").unwrap().unwrap();
            self.text.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }
}

async fn health(client: &Client, wanted: impl Fn(&Value) -> bool) -> Value {
    until(|| async {
        let health = client.read("/health").await;
        wanted(&health).then_some(health)
    })
    .await
}

fn names(health: &Value) -> Vec<&str> {
    let replicas = health["replicas"].as_array().into_iter().flatten();
    replicas.map(|r| r["id"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_of_one_is_told_by_the_other_at_once_and_a_stream_goes_on_there() {
    const ROUNDS: u32 = 10;
    let pair = Pair::new(&[]).await;
    let there = pair.there();
    let mut ear = Ear::open(&there, "/v1/stream?last_event_id=0").await;
    pair.publish(0).await;
    let (mut last, n) = ear.next().await;
    assert_eq!(n, 0);
    let began = Instant::now();
    for round in 1..ROUNDS {
        pair.publish(round).await;
        let (id, n) = ear.next().await;
        assert_eq!((n, id > last), (u64::from(round), true));
        last = id;
    }
    // Without a ring each round takes as long as it takes until the next look.
    assert!(began.elapsed() < LOOK * ROUNDS / 2, "{:?}", began.elapsed());
    drop(ear);
    pair.publish(ROUNDS).await;
    // Read here until then, and on there; and the other way round.
    for client in [&pair.owner, &there] {
        let path = format!("/v1/stream?last_event_id={last}");
        let mut ear = Ear::open(client, &path).await;
        assert_eq!(ear.next().await.1, u64::from(ROUNDS));
    }
    pair.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_has_as_much_over_both_as_over_one() {
    let limits = [("RATE_LIMIT_REQUESTS", "8"), ("RATE_LIMIT_WINDOW", "86400")];
    let pair = Pair::new(&limits).await;
    let there = pair.there();
    let mut answers = Vec::new();
    for n in 0..10 {
        let client = if n % 2 == 0 { &pair.owner } else { &there };
        answers.push(client.get("/v1/syncs").await.status());
    }
    let (in_, out) = answers.split_at(8);
    assert!(in_.iter().all(|s| *s == 200), "{answers:?}");
    assert!(
        out.iter().all(|s| *s == StatusCode::TOO_MANY_REQUESTS),
        "{answers:?}"
    );
    pair.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_redis_each_goes_on_by_itself_says_so_and_loses_nothing() {
    let mut pair = Pair::new(&[]).await;
    let there = pair.there();
    // The first connection may take a moment.
    let is_whole = |h: &Value| names(h).len() == 2 && h["status"] == "healthy";
    let both = health(&pair.owner, is_whole).await;
    let seen_there = health(&there, |h| names(h).len() == 2).await;
    assert_eq!(names(&both), names(&seen_there));
    assert_eq!(both["replicas"][0]["role"], "all");

    let mut ear = Ear::open(&there, "/v1/stream?last_event_id=0").await;
    pair.redis.kill();
    for n in 0..3 {
        pair.publish(n).await;
        assert_eq!(ear.next().await.1, u64::from(n), "told, if a little later");
    }
    let away = health(&pair.owner, |h| h["components"]["redis"] == "degraded").await;
    assert_eq!(away["status"], "degraded");
    assert_eq!(away["replicas"], Value::Null, "nobody knows");
    let told = away["recommendations"].to_string();
    assert!(told.contains("redis: away since"), "{told}");
    // Servers of one test process share their figures, so that only the names are looked for.
    let figures = pair.owner.get("/metrics").await.text().await.unwrap();
    for name in ["royal_redis_up ", "royal_replicas "] {
        assert!(figures.contains(name), "{name}");
    }
    // It can do without.
    assert_eq!(pair.owner.get("/readyz").await.status(), 200);

    pair.redis.start_again();
    health(&there, |h| {
        names(h).len() == 2 && h["components"]["redis"] == "healthy"
    })
    .await;
    for n in 3..6 {
        pair.publish(n).await;
        assert_eq!(ear.next().await.1, u64::from(n));
    }
    // Who is put down says goodbye.
    let Pair {
        place, one, other, ..
    } = pair;
    one.running.stop().await;
    health(&there, |h| names(h).len() == 1).await;
    other.running.stop().await;
    place.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_without_redis_is_no_failed_start() {
    let mut redis = RedisServer::start();
    redis.kill();
    let server = server(&[("REDIS_URL", &redis.url())]).await;
    let owner = server.owner().await;
    let away = health(&owner, |h| h["components"]["redis"] == "degraded").await;
    assert_eq!(away["status"], "degraded");
    redis.start_again();
    let here = health(&owner, |h| h["components"]["redis"] == "healthy").await;
    assert_eq!(names(&here).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_alone_sees_itself() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    let health = owner.read("/health").await;
    assert_eq!(names(&health).len(), 1, "{health}");
    assert_eq!(health["components"].get("redis"), None);
}
