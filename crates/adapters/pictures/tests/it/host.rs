//! Answers requests on a free port of 127.0.0.1 by their paths, and counts them.

use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

#[derive(Clone, Default)]
pub(crate) struct Answer {
    pub(crate) status: &'static str,
    /// Whole lines.
    pub(crate) headers: String,
    pub(crate) body: Vec<u8>,
    pub(crate) wait: Duration,
    /// More than there is of the body.
    pub(crate) says_length: Option<u64>,
}

impl Answer {
    pub(crate) fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self {
            status: "200 OK",
            headers: "content-type: image/jpeg\r\n".to_owned(),
            body: body.into(),
            ..Self::default()
        }
    }

    pub(crate) fn to(location: &str) -> Self {
        Self {
            status: "302 Found",
            headers: format!("location: {location}\r\n"),
            ..Self::default()
        }
    }
}

type By = Arc<dyn Fn(&str) -> Answer + Send + Sync>;

#[derive(Clone)]
pub(crate) struct Host {
    pub(crate) port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Host {
    /// `by` is told the head of each request.
    pub(crate) async fn start(by: impl Fn(&str) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let (kept, by): (_, By) = (Arc::clone(&asked), Arc::new(by));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, Arc::clone(&by), Arc::clone(&kept)));
            }
        });
        Self { port, asked }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}/{path}", self.port)
    }

    /// Heads of the requests that came.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

async fn talk(mut stream: TcpStream, by: By, asked: Arc<Mutex<Vec<String>>>) {
    let mut text = Vec::new();
    let mut buffer = [0; 4096];
    while !text.windows(4).any(|w| w == b"\r\n\r\n") {
        match stream.read(&mut buffer).await {
            Ok(n) if n > 0 => text.extend_from_slice(&buffer[..n]),
            _ => return,
        }
    }
    let head = String::from_utf8_lossy(&text).into_owned();
    let answer = by(&head);
    asked.lock().unwrap().push(head);
    tokio::time::sleep(answer.wait).await;
    let length = answer.says_length.unwrap_or(answer.body.len() as u64);
    let head = format!(
        "HTTP/1.1 {}\r\ncontent-length: {length}\r\nconnection: close\r\n{}\r\n",
        answer.status, answer.headers
    );
    stream.write_all(head.as_bytes()).await.ok();
    stream.write_all(&answer.body).await.ok();
}
