//! Streams that stay open: how long an event takes to all of them and what each costs in memory; how fast ordinary requests are answered
//! beside a thousand conversations; and how soon the built-in analyst begins to answer.

use crate::load;
use crate::measure::{Bench, Figure, percentile_99};
use crate::product::memory_mb;
use anyhow::{Context as _, Result, ensure};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

pub const DELIVERY: &str = "streams_delivery_p99_ms";
pub const EACH: &str = "streams_kb_each";
pub const BESIDE: &str = "assistant_streams_requests_p99_ms";
pub const TALK_EACH: &str = "assistant_streams_kb_each";
pub const NAMES: [&str; 4] = [DELIVERY, EACH, BESIDE, TALK_EACH];
/// Over the large shop.
pub const FIRST_TOKEN: &str = "assistant_first_token_p99_ms";

/// Orders of the shop beside the streams.
pub const ORDERS: u64 = 10_000;
/// A person may have so many.
const PER_PERSON: usize = 64;
/// So many are being opened at a time.
const OPENING: usize = 32;
const EVENTS: usize = 20;
/// Of ordinary requests.
const PER_SECOND: f64 = 50.0;
/// What a merchant asks without a model; each of them is understood.
const QUESTIONS: [&str; 10] = [
    "What was my net profit yesterday?",
    "What was revenue by day in the last 30 days?",
    "Which products made the most profit last month?",
    "How many orders were there in the last 7 days?",
    "Compare net profit of the last 28 days with the 28 days before",
    "What runs out soon?",
    "Why did profit fall in the last 7 days?",
    "Refunds by product in the last 90 days",
    "Revenue by country this year",
    "What is the average order value this month?",
];

/// How many streams are opened.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub events: usize,
    pub talks: usize,
}

impl Default for Size {
    fn default() -> Self {
        Self {
            events: 10_000,
            talks: 1_000,
        }
    }
}

/// Who may have the next streams, and by which header.
struct Person {
    cookie: String,
    csrf: String,
}

/// What is read of a frame's data: the client's work is missing on the other side.
#[derive(Debug, Deserialize)]
struct Told<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    at: Option<DateTime<Utc>>,
}

/// When a frame was made, as far as it says so, and when it arrived.
type Arrival = (Option<DateTime<Utc>>, DateTime<Utc>);

/// An open stream whose frames are handed on until it is dropped.
struct Stream(JoinHandle<()>);

impl Drop for Stream {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Bench<'_> {
    /// # Errors
    /// Where a stream breaks off or an event does not reach each of them.
    pub async fn streams(&self, size: Size) -> Result<Vec<Figure>> {
        self.sync_ended(None).await?;
        // Others watch than talk: the product needs a moment to notice that a stream was let go of.
        let talkers = size.talks.div_ceil(PER_PERSON);
        let mut people = Vec::new();
        for n in 0..talkers + size.events.div_ceil(PER_PERSON) {
            people.push(self.person(n).await?);
        }
        let (talkers, watchers) = people.split_at(talkers);
        let mut figures = Vec::new();
        if self.plan.wants(&[BESIDE, TALK_EACH]) {
            figures.extend(self.talks(talkers, size.talks).await?);
        }
        if self.plan.wants(&[DELIVERY, EACH]) {
            figures.extend(self.events(watchers, size.events).await?);
        }
        Ok(figures)
    }

    async fn person(&self, n: usize) -> Result<Person> {
        let cookie = self.joined(&format!("watcher{n}@example.com")).await?;
        let request = format!(
            "GET /v1/auth/me HTTP/1.1\r\nhost: {}\r\ncookie: {cookie}\r\n\r\n",
            self.address()
        );
        let session = self.answer("the session", request.into_bytes()).await?;
        let csrf = session["csrf_token"].as_str().context("no csrf token")?;
        Ok(Person {
            csrf: csrf.to_owned(),
            cookie,
        })
    }

    /// From the time that an event bears, which the product gives it before it writes it, to its arrival at each stream.
    async fn events(&self, people: &[Person], count: usize) -> Result<Vec<Figure>> {
        let before = memory_mb(self.target.pid, "VmRSS")?;
        let (sink, mut arrived) = mpsc::unbounded_channel();
        let wanted: Vec<_> = (0..count).map(|_| "/v1/stream".to_owned()).collect();
        let streams = self.opened(people, wanted, "stops.changed", &sink).await?;
        let each = (memory_mb(self.target.pid, "VmRSS")? - before) * 1e3 / count as f64;
        self.say(&format!(
            "{count} streams are open, {each:.1} kB of memory each"
        ));
        let mut times = Vec::with_capacity(EVENTS * count);
        for n in 0..EVENTS {
            let scope = json!({ "kind": "agent", "id": "pricing" });
            let (path, body) = if n % 2 == 0 {
                ("/v1/stops", json!({ "scope": scope, "reason": "A bench" }))
            } else {
                (
                    "/v1/stops/lift",
                    json!({ "scope": scope, "reason": "It is over" }),
                )
            };
            self.post(path, &body).await?;
            for _ in 0..count {
                let next = tokio::time::timeout(Duration::from_secs(60), arrived.recv());
                let (told, at): Arrival = next
                    .await
                    .context("an event that did not arrive")?
                    .context("all streams broke off")?;
                let told = told.context("no time")?;
                times.push((at - told).as_seconds_f64().max(0.0) * 1e3);
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        drop(streams);
        let slowest = percentile_99(&mut times);
        self.say(&format!(
            "{EVENTS} events to {count} streams: p99 {slowest:.1} ms"
        ));
        Ok(vec![
            self.figure(DELIVERY, slowest, "ms"),
            self.figure(EACH, each.max(0.001), "kB"),
        ])
    }

    /// Ordinary requests beside open conversations, of which one after the other is asked something.
    async fn talks(&self, people: &[Person], count: usize) -> Result<Vec<Figure>> {
        let before = memory_mb(self.target.pid, "VmRSS")?;
        let (sink, mut answered) = mpsc::unbounded_channel();
        let mut sessions = Vec::new();
        for n in 0..count {
            let who = &people[n / PER_PERSON];
            let body = json!({ "agent_type": "general" });
            let session = self.told(who, "/agents/session", &body).await?;
            let id = session["session_id"].as_str().context("no session")?;
            sessions.push(id.to_owned());
        }
        let path = |id: &String| format!("/agents/stream?session_id={id}&last_event_id=0");
        let wanted = sessions.iter().map(path).collect();
        let streams = self.opened(people, wanted, "done", &sink).await?;
        let each = (memory_mb(self.target.pid, "VmRSS")? - before) * 1e3 / count as f64;
        self.say(&format!(
            "{count} conversations are open, {each:.1} kB of memory each"
        ));
        let over = AtomicBool::new(false);
        let asking = async {
            let mut asked = 0_usize;
            while !over.load(Ordering::Relaxed) {
                let n = asked * 37 % count;
                let question = QUESTIONS[asked % QUESTIONS.len()];
                self.ask(&people[n / PER_PERSON], &sessions[n], question)
                    .await?;
                let next = tokio::time::timeout(Duration::from_secs(60), answered.recv());
                next.await.context("a question without an answer")?;
                asked += 1;
            }
            anyhow::Ok(asked)
        };
        let loading = async {
            let number = (self.plan.seconds * PER_SECOND).ceil() as usize;
            let path = "/v1/orders?limit=20";
            let request = load::get(self.address(), path, &self.target.token);
            let requests = vec![request; number.max(10)];
            let outcome = load::open(self.address(), requests, PER_SECOND, 200).await;
            over.store(true, Ordering::Relaxed);
            outcome
        };
        let (asked, outcome) = tokio::join!(asking, loading);
        let (asked, outcome) = (asked?, outcome?);
        drop(streams);
        self.say(&format!(
            "beside them {asked} questions were answered; requests p50 {:.2} ms, p99 {:.2} ms",
            outcome.p50_ms, outcome.p99_ms
        ));
        Ok(vec![
            self.figure(BESIDE, outcome.p99_ms, "ms"),
            self.figure(TALK_EACH, each.max(0.001), "kB"),
        ])
    }

    /// From when a question is sent to the first words of its answer, on a stream that is open already; a question at a time.
    pub(crate) async fn first_token(&self) -> Result<Figure> {
        self.at_rest().await?;
        let who = self.person(usize::MAX).await?;
        let session = self.told(&who, "/agents/session", &json!({})).await?;
        let id = session["session_id"].as_str().context("no session")?;
        let (words, mut began) = mpsc::unbounded_channel();
        let (ends, mut ended) = mpsc::unbounded_channel();
        let path = format!("/agents/stream?session_id={id}&last_event_id=0");
        let people = std::slice::from_ref(&who);
        let _words = self
            .opened(people, vec![path.clone()], "delta", &words)
            .await?;
        let _ends = self.opened(people, vec![path], "done", &ends).await?;
        let rounds = (self.plan.seconds * 2.0).ceil() as usize;
        let (mut times, mut whole) = (Vec::new(), Vec::new());
        for question in QUESTIONS.iter().cycle().take(rounds * QUESTIONS.len()) {
            let asked = Instant::now();
            self.ask(&who, id, question).await?;
            let first = tokio::time::timeout(Duration::from_secs(60), began.recv());
            first
                .await
                .with_context(|| format!("no answer to {question}"))?;
            times.push(asked.elapsed().as_secs_f64() * 1e3);
            let end = tokio::time::timeout(Duration::from_secs(60), ended.recv());
            end.await
                .with_context(|| format!("no end of the answer to {question}"))?;
            whole.push(asked.elapsed().as_secs_f64() * 1e3);
            // The rest of its words.
            while began.try_recv().is_ok() {}
        }
        for (n, question) in QUESTIONS.iter().enumerate() {
            let of_it = |all: &[f64]| {
                let mut all: Vec<f64> = all
                    .iter()
                    .skip(n)
                    .step_by(QUESTIONS.len())
                    .copied()
                    .collect();
                all.sort_by(f64::total_cmp);
                let middle = all.get(all.len() / 2).copied().unwrap_or_default();
                (middle, all.last().copied().unwrap_or_default())
            };
            let ((first, slowest), (end, latest)) = (of_it(&times), of_it(&whole));
            self.say(&format!(
                "{question} {first:.1} ms (longest {slowest:.1} ms), its end {end:.1} ms ({latest:.1} ms)"
            ));
        }
        let count = times.len();
        let slowest = percentile_99(&mut times);
        let middle = times[count / 2];
        self.say(&format!(
            "{count} questions: the first words after {middle:.1} ms (median), {slowest:.1} ms (p99); the last ones after {:.1} ms (p99)",
            percentile_99(&mut whole)
        ));
        Ok(self.figure(FIRST_TOKEN, slowest, "ms"))
    }

    async fn ask(&self, who: &Person, session: &str, question: &str) -> Result<()> {
        let body = json!({ "session_id": session, "role": "user", "content": question });
        self.told(who, "/agents/message", &body).await.map(|_| ())
    }

    async fn told(&self, who: &Person, path: &str, body: &Value) -> Result<Value> {
        let headers = [
            ("cookie", who.cookie.clone()),
            ("x-csrf-token", who.csrf.clone()),
            ("idempotency-key", uuid::Uuid::new_v4().to_string()),
        ];
        let request = load::post(self.address(), path, &headers, body.to_string().as_bytes());
        self.answer(path, request).await
    }

    /// Opens a stream for each path, [`PER_PERSON`] of each person. Of their frames those of the type go to `sink`, with the time of
    /// their arrival.
    async fn opened(
        &self,
        people: &[Person],
        paths: Vec<String>,
        kind: &'static str,
        sink: &mpsc::UnboundedSender<Arrival>,
    ) -> Result<Vec<Stream>> {
        let gate = Arc::new(tokio::sync::Semaphore::new(OPENING));
        let open = Arc::new(AtomicUsize::new(0));
        let count = paths.len();
        let mut streams = Vec::with_capacity(count);
        for (n, path) in paths.into_iter().enumerate() {
            let request = format!(
                "GET {path} HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\n\r\n",
                self.address(),
                people[n / PER_PERSON].cookie
            );
            let (address, sink) = (self.address().to_owned(), sink.clone());
            let (gate, open) = (Arc::clone(&gate), Arc::clone(&open));
            streams.push(Stream(tokio::spawn(async move {
                // The end of one is noticed by what does not arrive.
                let _ = follow(&address, &request, kind, &sink, &gate, &open).await;
            })));
        }
        let began = Instant::now();
        while open.load(Ordering::Relaxed) < count {
            let ended = streams.iter().filter(|s| s.0.is_finished()).count();
            ensure!(ended == 0, "{ended} of {count} streams broke off");
            ensure!(
                began.elapsed() < Duration::from_secs(120),
                "{} of {count} streams were opened",
                open.load(Ordering::Relaxed)
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(streams)
    }
}

async fn follow(
    address: &str,
    request: &str,
    kind: &str,
    sink: &mpsc::UnboundedSender<Arrival>,
    gate: &tokio::sync::Semaphore,
    open: &AtomicUsize,
) -> Result<()> {
    let turn = gate.acquire().await?;
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let mut stream = BufReader::with_capacity(2 << 10, stream);
    stream.write_all(request.as_bytes()).await?;
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    ensure!(line.contains(" 200 "), "a stream was answered {line}");
    // The end of the head.
    while line.trim_end() != "" {
        line.clear();
        ensure!(stream.read_line(&mut line).await? > 0, "it broke off");
    }
    open.fetch_add(1, Ordering::Relaxed);
    drop(turn);
    loop {
        line.clear();
        ensure!(stream.read_line(&mut line).await? > 0, "it broke off");
        if let Some(data) = line.strip_prefix("data: ") {
            let at = Utc::now();
            let told: Told<'_> = serde_json::from_str(data)?;
            if told.kind == kind && sink.send((told.at, at)).is_err() {
                return Ok(());
            }
        }
    }
}
