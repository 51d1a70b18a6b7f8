//! One answer by a model: it asks for tools, they are called, and what it says of them passes the sieve.

use super::super::tools::{TOOLS, ToolError};
use super::super::{Assistant, MODEL_KEY, PROPOSALS, Wisher};
use super::listen::Interrupted;
use super::{Priced, data, task};
use crate::people::People;
use domain::assistant::answer::{Answer, Outcome};
use domain::assistant::session::{Message, Turn};
use domain::assistant::sieve::Sieve;
use domain::assistant::spend::Spend;
use ports::models::{Call, Ending, Part, Prompt, Reply, Said, Tokens};
use ports::{PageRequest, PortError, PortResult};
use serde_json::Value;
use uuid::Uuid;

/// Replies of one answer; with the last one no tool can be asked for.
pub const MAX_STEPS: usize = 6;
/// Calls of one answer.
const MAX_CALLS: usize = 16;
/// Calls that cannot be read, after which a model is given up.
const MAX_BROKEN: usize = 3;
/// Changes that are proposed of one answer.
const MAX_PROPOSALS: usize = 3;
/// Of one reply, in tokens.
const MAX_TOKENS: u32 = 1_200;
/// Text is told in pieces of about so many characters, so that a long answer is not a thousand rows.
const PIECE: usize = 32;
/// Of one answer, in characters.
const LONGEST: usize = 12_000;
const LINKS: usize = 6;

/// How an answer came to be.
pub(crate) enum Talked {
    /// Its text was told already.
    Told(Answer, Option<String>),
    /// Nothing was told: the analyst answers. Why no model did.
    Nobody(Vec<String>),
}

/// Why a model did not answer.
enum Fault {
    Interrupted(Interrupted),
    Model(PortError),
    /// It asked for too much, or said nothing.
    Useless(&'static str),
}

impl From<Interrupted> for Fault {
    fn from(why: Interrupted) -> Self {
        Self::Interrupted(why)
    }
}

/// What an answer is made of while it is made.
#[derive(Default)]
struct Speech {
    sieve: Sieve,
    /// Everything that was told.
    text: String,
    /// What is to be told.
    waiting: String,
    /// What tools brought.
    brought: Vec<Answer>,
    /// In whose name something may be proposed.
    wisher: Option<Wisher>,
    calls: usize,
    proposals: usize,
    broken: usize,
}

impl Assistant {
    /// Asks the models in their order.
    pub(crate) async fn talk(&self, turn: &Turn) -> Result<Talked, Interrupted> {
        self.beat(turn).await?;
        let models = &self.models;
        let spent = self.spent_today(turn).await.map_err(Interrupted::Broken)?;
        if models.budget.is_used_up(&spent) {
            let why = "your budget for models is used up for today (UTC)".to_owned();
            return Ok(Talked::Nobody(vec![why]));
        }
        let workspace = turn.session.workspace;
        let today = self.analyst.today(workspace).await;
        let Ok(Some(today)) = today else {
            // Without a store there is nothing that a model could look up.
            return Ok(Talked::Nobody(Vec::new()));
        };
        let before = self.before(turn).await.map_err(Interrupted::Broken)?;
        let mut said = vec![task::task(today)];
        said.extend(task::remembered(&before));
        said.push(Said::Person(turn.question.content.clone()));
        let wisher = self.wisher(turn).await.map_err(Interrupted::Broken)?;
        let mut failures = Vec::new();
        for priced in &models.list {
            let mut speech = Speech {
                wisher: wisher.clone(),
                ..Speech::default()
            };
            speech.sieve.allow(&turn.question.content);
            let fault = match self.speak(turn, priced, said.clone(), &mut speech).await {
                Ok(note) => return Ok(Talked::Told(speech.answer(), note)),
                Err(Fault::Interrupted(Interrupted::Cancelled)) if !speech.text.is_empty() => {
                    let told = self.note(turn, &mut speech, "This answer was cancelled here.");
                    told.await?;
                    return Ok(Talked::Told(speech.answer(), None));
                }
                Err(Fault::Interrupted(why)) => return Err(why),
                Err(Fault::Model(error)) => error.detail,
                Err(Fault::Useless(why)) => why.to_owned(),
            };
            let name = priced.model.name();
            tracing::warn!(model = %name, %fault, session = %turn.session.id, "a model did not answer");
            if !speech.text.is_empty() {
                let note = "The model broke off here, so this answer is not whole.";
                self.note(turn, &mut speech, note).await?;
                return Ok(Talked::Told(
                    speech.answer(),
                    Some(format!("{name}: {fault}")),
                ));
            }
            failures.push(format!("{name}: {fault}"));
        }
        Ok(Talked::Nobody(failures))
    }

    /// Whose question it is, if they may propose changes. What is proposed of it has ids that follow from the question, so whoever takes over
    /// proposes nothing twice.
    async fn wisher(&self, turn: &Turn) -> PortResult<Option<Wisher>> {
        if !self.ports.conversations.may_propose(turn).await? {
            return Ok(None);
        }
        let user = self.ports.accounts.user(turn.session.user).await?;
        let user = user.map(|(user, _)| user);
        let own = user.filter(|user| user.workspace == turn.session.workspace);
        Ok(own.and_then(|user| Wisher::of(&user, turn.question.id.0)))
    }

    /// What the person's models used today.
    async fn spent_today(&self, turn: &Turn) -> PortResult<Spend> {
        let day = self.ports.clock.now().date_naive();
        let session = &turn.session;
        let port = &self.ports.conversations;
        port.spent(session.workspace, session.user, day).await
    }

    /// What was said before the question.
    async fn before(&self, turn: &Turn) -> PortResult<Vec<Message>> {
        let (port, session) = (&self.ports.conversations, &turn.session);
        let (mut page, mut all) = (PageRequest::first(ports::page::MAX_LIMIT), Vec::new());
        loop {
            let found = port.messages(session.workspace, session.id, &page).await?;
            for message in found.items {
                if message.id == turn.question.id {
                    return Ok(all);
                }
                all.push(message);
            }
            match found.next_cursor {
                Some(next) => page.cursor = Some(next),
                None => return Ok(all),
            }
        }
    }

    /// Until the model has said what it wants to say. A note is told with the answer as an error.
    async fn speak(
        &self,
        turn: &Turn,
        priced: &Priced,
        said: Vec<Said>,
        speech: &mut Speech,
    ) -> Result<Option<String>, Fault> {
        let key = match priced.model.wants_key() {
            true => People::new(self.ports.clone())
                .installation_secret(MODEL_KEY)
                .await
                .map_err(Fault::Model)?,
            false => None,
        };
        let mut prompt = Prompt {
            said,
            tools: task::offers(speech.wisher.is_some()),
            max_tokens: MAX_TOKENS,
        };
        for step in 1..=MAX_STEPS {
            if step == MAX_STEPS {
                prompt.tools.clear();
            }
            let asked = priced.model.ask(&prompt, key.as_ref());
            let reply = self.held(turn, asked).await?.map_err(Fault::Model)?;
            let bytes = bytes_of(&prompt);
            let heard = self.hear(turn, reply, speech, (priced, bytes)).await?;
            let (text, ending, calls) = heard;
            match ending {
                Ending::Whole if calls.is_empty() => {
                    if text.trim().is_empty() && speech.text.trim().is_empty() {
                        return Err(Fault::Useless("it said nothing"));
                    }
                    self.finish(turn, speech).await?;
                    return Ok(None);
                }
                Ending::Whole => {}
                Ending::Refused(_) if speech.text.trim().is_empty() => {
                    return Err(Fault::Useless("it refused to answer"));
                }
                Ending::Refused(_) | Ending::Filtered | Ending::Cut => {
                    let note = "The model ended here, so this answer may not be whole.";
                    self.note(turn, speech, note).await?;
                    return Ok(Some("the model ended early".to_owned()));
                }
            }
            prompt.said.push(Said::Model {
                text,
                calls: calls.clone(),
            });
            for call in calls {
                let content = self
                    .held(turn, self.carry_out(turn, &call, speech))
                    .await??;
                prompt.said.push(Said::Result {
                    call: call.id,
                    content,
                });
            }
        }
        Err(Fault::Useless("it asked for tools again and again"))
    }

    /// One reply: its text is told as it comes.
    async fn hear(
        &self,
        turn: &Turn,
        mut reply: Box<dyn Reply>,
        speech: &mut Speech,
        (priced, bytes): (&Priced, usize),
    ) -> Result<(String, Ending, Vec<Call>), Fault> {
        let mut text = String::new();
        let ended = loop {
            let part = match self.held(turn, reply.next()).await {
                Ok(Ok(part)) => part,
                Ok(Err(error)) => break Err(Fault::Model(error)),
                Err(why) => break Err(Fault::Interrupted(why)),
            };
            match part {
                Part::Text(more) => {
                    text.push_str(&more);
                    let passed = speech.sieve.push(&more);
                    if let Err(why) = self.pass(turn, speech, &passed).await {
                        break Err(Fault::Interrupted(why));
                    }
                    if speech.text.chars().count() > LONGEST {
                        break Err(Fault::Useless("it does not come to an end"));
                    }
                }
                Part::End {
                    ending,
                    calls,
                    tokens,
                } => break Ok((ending, calls, tokens)),
            }
        };
        // What was said is paid for, however it ended.
        let counted = ended.as_ref().ok().and_then(|(_, _, tokens)| *tokens);
        let spend = spend(priced, counted, bytes, text.len());
        let day = self.ports.clock.now().date_naive();
        let (port, session) = (&self.ports.conversations, &turn.session);
        let kept = port.spend(session.workspace, session.user, day, &spend);
        kept.await.map_err(Interrupted::Broken)?;
        let (ending, calls, _) = ended?;
        let rest = speech.sieve.finish();
        self.pass(turn, speech, &rest).await?;
        Ok((text, ending, calls))
    }

    /// What a call brought, or what is wrong with it, for the model.
    async fn carry_out(
        &self,
        turn: &Turn,
        call: &Call,
        speech: &mut Speech,
    ) -> Result<String, Fault> {
        speech.calls += 1;
        if speech.calls > MAX_CALLS {
            return Err(Fault::Useless("it asked for too many tools"));
        }
        let broken = |speech: &mut Speech, why: String| {
            speech.broken += 1;
            match speech.broken >= MAX_BROKEN {
                true => Err(Fault::Useless("its calls cannot be read")),
                false => Ok(format!("error: {why}")),
            }
        };
        let arguments = match serde_json::from_str::<Value>(&call.arguments) {
            Ok(arguments) => arguments,
            Err(error) => return broken(speech, format!("the arguments are no JSON: {error}")),
        };
        if PROPOSALS.iter().any(|tool| tool.name == call.name) {
            speech.proposals += 1;
            if speech.proposals > MAX_PROPOSALS {
                return Ok(format!(
                    "error: of one question at most {MAX_PROPOSALS} changes are proposed"
                ));
            }
        }
        let (workspace, wisher) = (turn.session.workspace, speech.wisher.as_ref());
        let called = self.analyst.act(workspace, wisher, &call.name, arguments);
        match called.await {
            Ok(answer) => {
                let tool = TOOLS
                    .iter()
                    .chain(PROPOSALS)
                    .find(|tool| tool.name == call.name);
                let title = tool.map_or(call.name.as_str(), |tool| tool.title);
                speech.sieve.learn(title, &answer);
                let mark = Uuid::new_v4().simple().to_string();
                let told = data::fenced(&data::words(&answer), &mark);
                speech.brought.push(answer);
                Ok(told)
            }
            Err(error @ (ToolError::Unknown(_) | ToolError::Arguments(_))) => {
                broken(speech, error.to_string())
            }
            Err(ToolError::Answer(error)) => {
                Ok(format!("error: it could not be looked up: {error}"))
            }
        }
    }

    /// Tells what passed the sieve, once it is enough.
    async fn pass(
        &self,
        turn: &Turn,
        speech: &mut Speech,
        passed: &str,
    ) -> Result<(), Interrupted> {
        speech.waiting.push_str(passed);
        if speech.waiting.chars().count() < PIECE {
            return Ok(());
        }
        self.let_go(turn, speech).await
    }

    async fn let_go(&self, turn: &Turn, speech: &mut Speech) -> Result<(), Interrupted> {
        let told = std::mem::take(&mut speech.waiting);
        // Blank lines before anything was said are nobody's.
        let told = match speech.text.is_empty() {
            true => told.trim_start().to_owned(),
            false => told,
        };
        self.tell(turn, &told).await?;
        speech.text.push_str(&told);
        Ok(())
    }

    async fn finish(&self, turn: &Turn, speech: &mut Speech) -> Result<(), Interrupted> {
        self.let_go(turn, speech).await?;
        if speech.brought.is_empty() {
            let note = "Nothing of the store was looked up for this.";
            self.note(turn, speech, note).await?;
        }
        Ok(())
    }

    /// A sentence of ours below what the model said.
    async fn note(&self, turn: &Turn, speech: &mut Speech, note: &str) -> Result<(), Interrupted> {
        self.let_go(turn, speech).await?;
        let told = format!("\n\n({note})");
        self.tell(turn, &told).await?;
        speech.text.push_str(&told);
        Ok(())
    }
}

impl Speech {
    /// The text with the figures that it speaks of, the last table, and where to look further.
    fn answer(&mut self) -> Answer {
        let outcome = match self.brought.iter().any(|a| a.outcome == Outcome::Answered) {
            true => Outcome::Answered,
            false => Outcome::NotKnown,
        };
        let mut answer = Answer::of(outcome, std::mem::take(&mut self.text));
        answer.facts = self.sieve.cited();
        let tables = self.brought.iter().rev().filter_map(|a| a.table.as_ref());
        answer.table = tables.into_iter().next().cloned();
        for link in self.brought.iter().flat_map(|a| &a.links) {
            if answer.links.len() < LINKS && !answer.links.contains(link) {
                answer.links.push(link.clone());
            }
        }
        answer
    }
}

pub(crate) fn bytes_of(prompt: &Prompt) -> usize {
    let said = prompt.said.iter().map(|said| match said {
        Said::Task(text) | Said::Person(text) => text.len(),
        Said::Model { text, calls } => {
            let calls = calls.iter().map(|c| c.name.len() + c.arguments.len());
            text.len() + calls.sum::<usize>()
        }
        Said::Result { content, .. } => content.len(),
    });
    let tools = prompt
        .tools
        .iter()
        .map(|t| t.name.len() + t.description.len() + t.schema.to_string().len());
    said.sum::<usize>() + tools.sum::<usize>()
}

/// As the provider counted, else as many as it can be.
pub(crate) fn spend(
    priced: &Priced,
    counted: Option<Tokens>,
    prompt: usize,
    reply: usize,
) -> Spend {
    let guessed = Tokens {
        prompt: Spend::guess(prompt),
        reply: Spend::guess(reply),
    };
    let tokens = counted.unwrap_or(guessed);
    let sum = tokens.prompt.saturating_add(tokens.reply);
    Spend {
        tokens: sum,
        estimated: match counted {
            Some(_) => 0,
            None => sum,
        },
        micros: priced
            .price
            .map_or(0, |price| price.micros(tokens.prompt, tokens.reply)),
    }
}
