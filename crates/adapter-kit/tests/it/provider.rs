//! A provider on `127.0.0.1:0` that answers, stalls, cuts the line and talks nonsense as a script says.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use adapter_kit::{HttpClient, Registry, Settings, Url};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

/// A request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    /// From 1.
    pub(crate) number: usize,
    pub(crate) at: Instant,
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: Vec<u8>,
}

/// What happens next on the line, in order.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    Send(Vec<u8>),
    /// Says nothing more, for ever.
    Stall,
    /// Says nothing for a while.
    Wait(std::time::Duration),
}

pub(crate) struct Provider {
    pub(crate) url: Url,
    seen: Arc<Mutex<Vec<Seen>>>,
    open: Arc<Mutex<(usize, usize)>>,
    task: tokio::task::JoinHandle<()>,
}

impl Provider {
    /// The script's acts are played for each request; then the line is closed.
    pub(crate) async fn start(script: impl Fn(&Seen) -> Vec<Act> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/api", listener.local_addr().unwrap())
            .parse()
            .unwrap();
        let (seen, open) = (
            Arc::new(Mutex::new(Vec::new())),
            Arc::new(Mutex::new((0, 0))),
        );
        let (seen_there, open_there) = (Arc::clone(&seen), Arc::clone(&open));
        let script = Arc::new(script);
        let task = tokio::spawn(async move {
            while let Ok((line, _)) = listener.accept().await {
                let (script, seen, open) = (
                    Arc::clone(&script),
                    Arc::clone(&seen_there),
                    Arc::clone(&open_there),
                );
                tokio::spawn(async move { serve(line, script.as_ref(), &seen, &open).await });
            }
        });
        Self {
            url,
            seen,
            open,
            task,
        }
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub(crate) fn calls(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    /// Most requests that were under way at once.
    pub(crate) fn most_at_once(&self) -> usize {
        self.open.lock().unwrap().1
    }

    pub(crate) fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }

    pub(crate) fn client(&self, registry: &Registry) -> HttpClient {
        HttpClient::builder("acme", "shop-1", self.url.clone(), registry)
            .build()
            .unwrap()
    }

    /// A client with the default settings.
    pub(crate) fn plain(&self) -> (HttpClient, Registry) {
        let registry = Registry::new(Settings::default());
        (self.client(&registry), registry)
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.task.abort();
    }
}

type Script = dyn Fn(&Seen) -> Vec<Act> + Send + Sync;

async fn serve(
    mut line: TcpStream,
    script: &Script,
    seen: &Mutex<Vec<Seen>>,
    open: &Mutex<(usize, usize)>,
) {
    let Some(mut request) = read(&mut line).await else {
        return;
    };
    let acts = {
        let mut seen = seen.lock().unwrap();
        request.number = seen.len() + 1;
        seen.push(request.clone());
        script(&request)
    };
    {
        let mut open = open.lock().unwrap();
        open.0 += 1;
        open.1 = open.1.max(open.0);
    }
    for act in acts {
        match act {
            Act::Send(bytes) => {
                if line.write_all(&bytes).await.is_err() {
                    break;
                }
            }
            Act::Wait(time) => tokio::time::sleep(time).await,
            Act::Stall => {
                // Until the other side hangs up.
                let _ = line.read(&mut [0; 1]).await;
            }
        }
    }
    open.lock().unwrap().0 -= 1;
}

async fn read(line: &mut TcpStream) -> Option<Seen> {
    let mut raw = Vec::new();
    let head_end = loop {
        if let Some(at) = raw.windows(4).position(|w| w == b"\r\n\r\n") {
            break at;
        }
        let mut piece = [0; 4096];
        let n = line.read(&mut piece).await.ok().filter(|n| *n > 0)?;
        raw.extend_from_slice(&piece[..n]);
    };
    let head = String::from_utf8(raw[..head_end].to_vec()).unwrap();
    let mut rows = head.split("\r\n");
    let mut first = rows.next()?.split(' ');
    let headers: HashMap<_, _> = rows
        .filter_map(|row| row.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length: usize = headers
        .get("content-length")
        .map_or(0, |v| v.parse().unwrap());
    let mut body = raw[head_end + 4..].to_vec();
    while body.len() < length {
        let mut piece = vec![0; length - body.len()];
        let n = line.read(&mut piece).await.ok().filter(|n| *n > 0)?;
        body.extend_from_slice(&piece[..n]);
    }
    let (method, target) = (first.next()?.to_owned(), first.next()?.to_owned());
    Some(Seen {
        number: 0,
        at: Instant::now(),
        method,
        target,
        headers,
        body,
    })
}

/// Head and body of an answer, whole.
pub(crate) fn answer(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Vec<Act> {
    let body = body.as_ref();
    let mut bytes = head(status, headers, body.len());
    bytes.extend_from_slice(body);
    vec![Act::Send(bytes)]
}

/// Head of an answer that promises `length` bytes.
pub(crate) fn head(status: u16, headers: &[(&str, &str)], length: usize) -> Vec<u8> {
    let mut text =
        format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {length}\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("\r\n");
    text.into_bytes()
}

pub(crate) const JSON: (&str, &str) = ("content-type", "application/json");

pub(crate) fn ok() -> Vec<Act> {
    answer(200, &[JSON], r#"{"ok":true}"#)
}
