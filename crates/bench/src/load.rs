//! Requests over kept connections: as many as get through, or so many a second. A client of a few lines, because each cycle that it
//! takes is missing on the other side.

use anyhow::{Context as _, Result, ensure};
use memchr::memmem;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until};

/// One connection to `host:port`.
pub(crate) struct Connection {
    stream: TcpStream,
    held: Vec<u8>,
}

pub(crate) struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
    /// Name and value of the first cookie that it sets.
    pub cookie: Option<String>,
}

impl Connection {
    pub(crate) async fn open(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address)
            .await
            .with_context(|| format!("{address} does not answer"))?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            held: Vec::with_capacity(64 << 10),
        })
    }

    /// Sends the bytes of a request and reads one answer.
    pub(crate) async fn ask(&mut self, request: &[u8]) -> Result<Answer> {
        self.stream.write_all(request).await?;
        self.held.clear();
        let (head, status, length, cookie) = loop {
            ensure!(
                self.stream.read_buf(&mut self.held).await? > 0,
                "the connection was closed"
            );
            if let Some(end) = end(&self.held) {
                let text = std::str::from_utf8(&self.held[..end])?;
                break (end + 4, status(text)?, content_length(text)?, cookie(text));
            }
        };
        self.held
            .reserve((head + length).saturating_sub(self.held.len()));
        while self.held.len() < head + length {
            ensure!(
                self.stream.read_buf(&mut self.held).await? > 0,
                "the answer was cut"
            );
        }
        Ok(Answer {
            status,
            body: self.held[head..head + length].to_vec(),
            cookie,
        })
    }

    /// As [`Self::ask`], without a copy of the body: answers status and length.
    async fn measure(&mut self, request: &[u8]) -> Result<(u16, usize)> {
        self.stream.write_all(request).await?;
        self.held.clear();
        loop {
            ensure!(
                self.stream.read_buf(&mut self.held).await? > 0,
                "the connection was closed"
            );
            let Some(end) = end(&self.held) else {
                continue;
            };
            let text = std::str::from_utf8(&self.held[..end])?;
            let (status, length) = (status(text)?, content_length(text)?);
            let mut left = (end + 4 + length).saturating_sub(self.held.len());
            while left > 0 {
                self.held.clear();
                let read = self.stream.read_buf(&mut self.held).await?;
                ensure!(read > 0, "the answer was cut");
                left = left.saturating_sub(read);
            }
            return Ok((status, length));
        }
    }
}

/// Where the head of an answer ends.
fn end(bytes: &[u8]) -> Option<usize> {
    memmem::find(bytes, b"\r\n\r\n")
}

fn status(head: &str) -> Result<u16> {
    head.split(' ')
        .nth(1)
        .and_then(|s| s.parse().ok())
        .context("an answer without a status")
}

fn cookie(head: &str) -> Option<String> {
    head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let value = value.split(';').next()?.trim();
        name.eq_ignore_ascii_case("set-cookie")
            .then(|| value.to_owned())
    })
}

fn content_length(head: &str) -> Result<usize> {
    let named = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse().ok())?
    });
    Ok(named.unwrap_or(0))
}

pub(crate) fn get(address: &str, path: &str, token: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\naccept: application/json\r\n\r\n").into_bytes()
}

pub(crate) fn post(address: &str, path: &str, headers: &[(&str, String)], body: &[u8]) -> Vec<u8> {
    send("POST", address, path, headers, body)
}

/// As [`post`], by another method.
pub(crate) fn send(
    method: &str,
    address: &str,
    path: &str,
    headers: &[(&str, String)],
    body: &[u8],
) -> Vec<u8> {
    let mut request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        request += &format!("{name}: {value}\r\n");
    }
    let mut request = (request + "\r\n").into_bytes();
    request.extend_from_slice(body);
    request
}

/// How requests were answered.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Outcome {
    pub per_second: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
    /// Of one body.
    pub bytes: usize,
}

/// Asks the same over and over on so many connections; what comes before `warm_up` is over does not count.
pub(crate) async fn closed(
    address: &str,
    request: Vec<u8>,
    connections: usize,
    warm_up: Duration,
    span: Duration,
) -> Result<Outcome> {
    let request = Arc::new(request);
    let (from, until) = (Instant::now() + warm_up, Instant::now() + warm_up + span);
    let tasks: Vec<_> = (0..connections)
        .map(|_| {
            let (address, request) = (address.to_owned(), Arc::clone(&request));
            tokio::spawn(async move {
                let mut connection = Connection::open(&address).await?;
                let (mut times, mut bytes) = (Vec::new(), 0);
                loop {
                    let began = Instant::now();
                    if began >= until {
                        return Ok::<_, anyhow::Error>((times, bytes));
                    }
                    let (status, length) = connection.measure(&request).await?;
                    ensure!(status == 200, "answered {status}");
                    bytes = length;
                    if began >= from {
                        times.push(began.elapsed());
                    }
                }
            })
        })
        .collect();
    let (mut times, mut bytes) = (Vec::new(), 0);
    for task in tasks {
        let (some, length) = task.await??;
        times.extend(some);
        bytes = length;
    }
    outcome(times, span, bytes)
}

/// Sends each request at its time, `per_second` of them; how long an answer takes counts from when it was due.
pub(crate) async fn open(
    address: &str,
    requests: Vec<Vec<u8>>,
    per_second: f64,
    accepted: u16,
) -> Result<Outcome> {
    const CONNECTIONS: usize = 8;
    let count = requests.len();
    let began = Instant::now() + Duration::from_millis(50);
    let due = move |n: usize| began + Duration::from_secs_f64(n as f64 / per_second);
    let mut shares: Vec<Vec<(usize, Vec<u8>)>> = (0..CONNECTIONS).map(|_| Vec::new()).collect();
    for (n, request) in requests.into_iter().enumerate() {
        shares[n % CONNECTIONS].push((n, request));
    }
    let tasks: Vec<_> = shares
        .into_iter()
        .map(|share| {
            let address = address.to_owned();
            tokio::spawn(async move {
                let mut connection = Connection::open(&address).await?;
                let mut times = Vec::new();
                for (n, request) in share {
                    sleep_until(due(n)).await;
                    let (status, _) = connection.measure(&request).await?;
                    ensure!(status == accepted, "answered {status}");
                    times.push(due(n).elapsed());
                }
                Ok::<_, anyhow::Error>(times)
            })
        })
        .collect();
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await??);
    }
    outcome(times, Duration::from_secs_f64(count as f64 / per_second), 0)
}

fn outcome(mut times: Vec<Duration>, span: Duration, bytes: usize) -> Result<Outcome> {
    ensure!(!times.is_empty(), "nothing was answered in time");
    times.sort_unstable();
    let at = |share: f64| {
        let place = ((times.len() as f64 * share).ceil() as usize).clamp(1, times.len()) - 1;
        times[place].as_secs_f64() * 1e3
    };
    Ok(Outcome {
        per_second: times.len() as f64 / span.as_secs_f64(),
        p50_ms: at(0.50),
        p99_ms: at(0.99),
        bytes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slowest_hundredth_is_what_counts() {
        let times = (1..=200).map(Duration::from_millis).collect();
        let outcome = outcome(times, Duration::from_secs(2), 7).unwrap();
        assert!((outcome.p50_ms - 100.0).abs() < 1e-9 && (outcome.p99_ms - 198.0).abs() < 1e-9);
        assert!((outcome.per_second - 100.0).abs() < 1e-9);
    }
}
