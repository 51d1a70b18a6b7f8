//! A mail server over real TCP that does as it is told, and remembers what it was told.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What becomes of the next letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Manner {
    Take,
    /// Answers the recipient with this line, e.g. `451 come back later`.
    Say(String),
    /// Takes the letter and never says so.
    Silent,
    /// Takes the letter and cuts the line.
    Cut,
}

#[derive(Default)]
struct State {
    manners: VecDeque<Manner>,
    letters: Vec<String>,
    commands: Vec<String>,
}

/// Listens on a free port of 127.0.0.1 until it is dropped. Without TLS.
pub struct SmtpServer {
    pub port: u16,
    state: Arc<Mutex<State>>,
    serving: JoinHandle<()>,
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl SmtpServer {
    /// `login`: the one user and password that it knows.
    ///
    /// # Panics
    /// When no port is free.
    pub async fn start(login: Option<(&str, &str)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let state = Arc::<Mutex<State>>::default();
        // AUTH PLAIN: nobody in particular, user, password.
        let known = login.map(|(user, password)| format!("\0{user}\0{password}"));
        let (shared, known) = (Arc::clone(&state), known.map(|text| STANDARD.encode(text)));
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (state, known) = (Arc::clone(&shared), known.clone());
                // A client that hangs up in the middle ends its own conversation only.
                tokio::spawn(async move { talk(stream, &state, known.as_deref()).await });
            }
        });
        Self {
            port,
            state,
            serving,
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What becomes of the next letters; after them all are taken.
    pub fn behave(&self, manners: impl IntoIterator<Item = Manner>) {
        self.lock().manners = manners.into_iter().collect();
    }

    /// As they came, headers and all.
    #[must_use]
    pub fn letters(&self) -> Vec<String> {
        self.lock().letters.clone()
    }

    /// Every line but those of letters.
    #[must_use]
    pub fn commands(&self) -> Vec<String> {
        self.lock().commands.clone()
    }

    /// The first letter that comes.
    ///
    /// # Panics
    /// When none comes in half a minute.
    pub async fn letter(&self) -> String {
        for _ in 0..600 {
            if let Some(letter) = self.letters().first() {
                return letter.clone();
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("no letter came; it was told {:?}", self.commands());
    }
}

async fn talk(stream: TcpStream, state: &Mutex<State>, known: Option<&str>) -> Option<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    let lock = || state.lock().unwrap_or_else(PoisonError::into_inner);
    let mut manner = Manner::Take;
    let mut is_known = known.is_none();
    write.write_all(b"220 relay.test\r\n").await.ok()?;
    loop {
        let line = lines.next_line().await.ok()??;
        lock().commands.push(line.clone());
        let word = line.split(' ').next().unwrap_or_default();
        let answer = match word.to_ascii_uppercase().as_str() {
            "EHLO" if known.is_some() => "250-relay.test\r\n250 AUTH PLAIN".to_owned(),
            "EHLO" => "250 relay.test".to_owned(),
            "AUTH" => {
                is_known = known.is_some_and(|k| line.ends_with(k));
                let answer = if is_known {
                    "235 welcome"
                } else {
                    "535 5.7.8 who are you"
                };
                answer.to_owned()
            }
            "MAIL" if !is_known => "530 5.7.0 sign in first".to_owned(),
            "MAIL" => {
                manner = lock().manners.pop_front().unwrap_or(Manner::Take);
                "250 ok".to_owned()
            }
            "RCPT" => match &manner {
                Manner::Say(line) => line.clone(),
                _ => "250 ok".to_owned(),
            },
            "DATA" => {
                write.write_all(b"354 go on\r\n").await.ok()?;
                let mut letter = String::new();
                loop {
                    let line = lines.next_line().await.ok()??;
                    if line == "." {
                        break;
                    }
                    letter.push_str(line.strip_prefix('.').unwrap_or(&line));
                    letter.push('\n');
                }
                lock().letters.push(letter);
                match manner {
                    Manner::Silent => {
                        tokio::time::sleep(Duration::from_secs(600)).await;
                        return None;
                    }
                    Manner::Cut => return None,
                    _ => "250 taken".to_owned(),
                }
            }
            "QUIT" => {
                write.write_all(b"221 bye\r\n").await.ok()?;
                return Some(());
            }
            _ => "250 ok".to_owned(),
        };
        write.write_all(answer.as_bytes()).await.ok()?;
        write.write_all(b"\r\n").await.ok()?;
    }
}
