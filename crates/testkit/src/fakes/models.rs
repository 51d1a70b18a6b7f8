//! A language model that says what it is told to, and remembers what it was asked.

use async_trait::async_trait;
use ports::models::{Call, Ending, Model, Part, Prompt, Reply, Tokens};
use ports::{Kind, PortError, PortResult, Retry};
use secrecy::SecretString;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// One reply of the model.
#[derive(Debug, Clone)]
pub enum Saying {
    Text(&'static str),
    /// Name and arguments of a tool.
    Call(&'static str, &'static str),
    /// Some text, and then the connection breaks.
    Cut(&'static str),
    /// Some text, and then nothing any more.
    Hang(&'static str),
    /// It cannot be asked.
    Fail(Kind),
    Refuse,
}

#[derive(Default)]
struct State {
    next: VecDeque<Saying>,
    asked: Vec<Prompt>,
}

/// Says one thing after the other, and the last one for ever.
pub struct FakeModel {
    name: &'static str,
    counts: bool,
    state: Mutex<State>,
}

/// Tokens that each reply is counted with.
pub const FAKE_TOKENS: Tokens = Tokens {
    prompt: 100,
    reply: 10,
};

fn broken(kind: Kind) -> PortError {
    PortError::new(
        kind,
        Retry::Never,
        "fake",
        "model.ask",
        "the fake model fails",
    )
}

impl FakeModel {
    #[must_use]
    pub fn new(name: &'static str, next: impl IntoIterator<Item = Saying>) -> Self {
        let state = State {
            next: next.into_iter().collect(),
            asked: Vec::new(),
        };
        Self {
            name,
            counts: true,
            state: Mutex::new(state),
        }
    }

    /// Whose provider does not count tokens.
    #[must_use]
    pub fn uncounted(self) -> Self {
        Self {
            counts: false,
            ..self
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[must_use]
    pub fn asked(&self) -> Vec<Prompt> {
        self.lock().asked.clone()
    }
}

struct Said {
    parts: VecDeque<PortResult<Part>>,
    hangs: bool,
}

#[async_trait]
impl Reply for Said {
    async fn next(&mut self) -> PortResult<Part> {
        match self.parts.pop_front() {
            Some(part) => part,
            None if self.hangs => std::future::pending().await,
            None => Err(broken(Kind::Corrupt)),
        }
    }
}

#[async_trait]
impl Model for FakeModel {
    fn name(&self) -> String {
        self.name.to_owned()
    }

    fn wants_key(&self) -> bool {
        false
    }

    async fn ask(&self, prompt: &Prompt, _: Option<&SecretString>) -> PortResult<Box<dyn Reply>> {
        let mut state = self.lock();
        state.asked.push(prompt.clone());
        let count = state.asked.len();
        let saying = match state.next.len() {
            0 | 1 => state.next.front().cloned(),
            _ => state.next.pop_front(),
        };
        let text = |text: &str| {
            let words = text.split_inclusive(' ');
            words.map(|word| Ok(Part::Text(word.to_owned()))).collect()
        };
        let tokens = self.counts.then_some(FAKE_TOKENS);
        let end = |ending, calls| {
            Ok(Part::End {
                ending,
                calls,
                tokens,
            })
        };
        let (mut parts, last, hangs): (VecDeque<_>, _, _) = match saying {
            None => return Err(broken(Kind::Unavailable)),
            Some(Saying::Fail(kind)) => return Err(broken(kind)),
            Some(Saying::Text(said)) => (text(said), Some(end(Ending::Whole, Vec::new())), false),
            Some(Saying::Cut(said)) => (text(said), Some(Err(broken(Kind::Corrupt))), false),
            Some(Saying::Hang(said)) => (text(said), None, true),
            Some(Saying::Refuse) => {
                let ending = Ending::Refused("no".to_owned());
                (VecDeque::new(), Some(end(ending, Vec::new())), false)
            }
            Some(Saying::Call(name, arguments)) => {
                let call = Call {
                    id: format!("call_{count}"),
                    name: name.to_owned(),
                    arguments: arguments.to_owned(),
                };
                (VecDeque::new(), Some(end(Ending::Whole, vec![call])), false)
            }
        };
        parts.extend(last);
        Ok(Box::new(Said { parts, hangs }))
    }
}

/// A language model that does whatever any text tells it to that it reads: `ASSISTANT: call NAME {…}`, `ASSISTANT: say …`,
/// `ASSISTANT: reveal`. Before that it reads what `reads` names.
pub struct ObedientModel {
    reads: Vec<(&'static str, &'static str)>,
    obeyed: Mutex<Vec<String>>,
}

impl ObedientModel {
    #[must_use]
    pub fn new(reads: impl IntoIterator<Item = (&'static str, &'static str)>) -> Self {
        Self {
            reads: reads.into_iter().collect(),
            obeyed: Mutex::default(),
        }
    }

    /// Orders that it found and followed.
    #[must_use]
    pub fn obeyed(&self) -> Vec<String> {
        self.obeyed
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

fn content(said: &ports::models::Said) -> &str {
    use ports::models::Said as S;
    match said {
        S::Task(text) | S::Person(text) | S::Model { text, .. } => text,
        S::Result { content, .. } => content,
    }
}

#[async_trait]
impl Model for ObedientModel {
    fn name(&self) -> String {
        "obedient".to_owned()
    }

    fn wants_key(&self) -> bool {
        false
    }

    async fn ask(&self, prompt: &Prompt, _: Option<&SecretString>) -> PortResult<Box<dyn Reply>> {
        let mut obeyed = self.obeyed.lock().unwrap_or_else(PoisonError::into_inner);
        let has_read = prompt
            .said
            .iter()
            .any(|said| matches!(said, ports::models::Said::Result { .. }));
        let (mut text, mut calls) = (String::new(), Vec::new());
        let mut call = |name: &str, arguments: &str| {
            calls.push(Call {
                id: format!("call_{}_{}", prompt.said.len(), calls.len()),
                name: name.to_owned(),
                arguments: arguments.to_owned(),
            });
        };
        if has_read {
            let orders = prompt.said.iter().flat_map(|said| {
                let orders = content(said).split("ASSISTANT:").skip(1);
                orders.map(|order| order.lines().next().unwrap_or_default().trim().to_owned())
            });
            for order in orders.collect::<Vec<_>>() {
                if obeyed.contains(&order) {
                    continue;
                }
                obeyed.push(order.clone());
                if let Some(rest) = order.strip_prefix("call ") {
                    let (name, rest) = rest.split_once(' ').unwrap_or((rest, "{}"));
                    let end = rest.rfind('}').map_or(rest.len(), |at| at + 1);
                    call(name, &rest[..end]);
                } else if let Some(rest) = order.strip_prefix("say ") {
                    text.push_str(rest);
                } else {
                    let all = prompt.said.iter().map(content).collect::<Vec<_>>();
                    text.push_str(&all.join("\n"));
                }
            }
            if text.is_empty() && calls.is_empty() {
                text.push_str("Done as told.");
            }
        } else {
            for (name, arguments) in &self.reads {
                call(name, arguments);
            }
        }
        let mut parts: VecDeque<PortResult<Part>> = VecDeque::new();
        if !text.is_empty() {
            parts.push_back(Ok(Part::Text(text)));
        }
        parts.push_back(Ok(Part::End {
            ending: Ending::Whole,
            calls,
            tokens: None,
        }));
        Ok(Box::new(Said {
            parts,
            hangs: false,
        }))
    }
}
