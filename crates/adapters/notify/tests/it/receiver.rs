//! Takes requests on a free port of 127.0.0.1 and answers them as it was told.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

#[derive(Clone)]
pub(crate) enum Answer {
    /// Status line, further headers, body.
    Say(&'static str, &'static str, &'static str),
    /// Says nothing for so long.
    Slow(Duration),
    Cut,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Got {
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Got {
    pub(crate) fn header(&self, name: &str) -> &str {
        let mut lines = self.head.lines();
        let line = lines.find_map(|l| l.split_once(": ").filter(|(n, _)| *n == name));
        line.map_or("", |(_, value)| value)
    }
}

#[derive(Clone)]
pub(crate) struct Receiver {
    pub(crate) port: u16,
    got: Arc<Mutex<Vec<Got>>>,
}

impl Receiver {
    pub(crate) async fn start(answers: impl IntoIterator<Item = Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let got = Arc::<Mutex<Vec<Got>>>::default();
        let (kept, mut answers): (_, VecDeque<Answer>) =
            (Arc::clone(&got), answers.into_iter().collect());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let answer = answers.pop_front();
                let answer = answer.unwrap_or(Answer::Say("200 OK", "", "ok"));
                tokio::spawn(talk(stream, answer, Arc::clone(&kept)));
            }
        });
        Self { port, got }
    }

    pub(crate) fn got(&self) -> Vec<Got> {
        self.got.lock().unwrap().clone()
    }
}

async fn talk(mut stream: TcpStream, answer: Answer, got: Arc<Mutex<Vec<Got>>>) {
    let mut text = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let n = stream.read(&mut buffer).await.unwrap_or(0);
        text.extend_from_slice(&buffer[..n]);
        let whole = String::from_utf8_lossy(&text).into_owned();
        if let Some((head, body)) = whole.split_once("\r\n\r\n") {
            let request = Got {
                head: head.to_owned(),
                body: body.to_owned(),
            };
            let length: usize = request.header("content-length").parse().unwrap_or(0);
            if body.len() >= length || n == 0 {
                got.lock().unwrap().push(request);
                break;
            }
        } else if n == 0 {
            return;
        }
    }
    match answer {
        Answer::Cut => {}
        Answer::Slow(time) => tokio::time::sleep(time).await,
        Answer::Say(status, headers, body) => {
            let length = body.len();
            let text = format!(
                "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n{body}"
            );
            stream.write_all(text.as_bytes()).await.ok();
        }
    }
}
