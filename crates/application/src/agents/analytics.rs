//! What the analyst is told — the figures of each day, the draft of the brief, what was found before — and what it writes: the brief of a day, once,
//! and its unusual days.

use super::agent::{Agent, Booked, Due, Gathering, Known, Readiness};
use super::halt::Halt;
use super::pricing::zone;
use super::rehearse::{Unwanted, Watched};
use super::{AgentError, Fault};
use crate::analysis::Reading;
use crate::ingest::calendar;
use crate::reports::ReportError;
use async_trait::async_trait;
use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use domain::agents::analytics::{self, Facts, History, Outcome, SPEC, book, decide};
use domain::agents::{AgentSpec, Decision, Rehearsal, Rehearser, Repeats, Values, rehearse};
use domain::analysis::detect::WINDOW;
use domain::analysis::{Brief, Moved};
use domain::ids::WorkspaceId;
use domain::notifications::{How, NoticeKind, Preferences};
use domain::people::UserKind;
use domain::store::Store;
use ports::page::MAX_LIMIT;
use ports::{PageRequest, PortResult};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Of the parameters of a run: the day that it tells of.
const DAY: &str = "day";
/// Days before those that a look is about, and some to make up for days without an entry.
const PAST: u64 = WINDOW as u64 + 1;

/// The agent over the days of a store.
pub(super) struct Analytics;

/// The newest day that is over.
fn last_day(store: &Store, now: DateTime<Utc>) -> PortResult<NaiveDate> {
    Ok(calendar(store)?.day_of(now) - Days::new(1))
}

fn end_of(store: &Store, day: NaiveDate) -> PortResult<DateTime<Utc>> {
    Ok(calendar(store)?.start_of(day + Days::new(1)))
}

fn halt(error: ReportError) -> Halt {
    match error {
        ReportError::Port(error) => error.into(),
        error => Halt::Hopeless(error.to_string()),
    }
}

#[async_trait]
impl Agent for Analytics {
    const KINDS: &'static [&'static str] = &["unusual"];
    const BOOKS: bool = true;
    const CATCHES_UP: bool = true;

    type Facts = Facts;
    type Past = History;

    fn spec() -> &'static AgentSpec {
        &SPEC
    }

    /// It is morning, the day before is read, or nobody waits for it any more, and nothing is written of it yet.
    async fn readiness(of: &Due<'_>) -> PortResult<Readiness> {
        let (store, day) = (of.store, last_day(of.store, of.now)?);
        if of.ports.orders.as_of(store.scope).await?.is_none() {
            return Ok(Readiness::Waits("the first order of the store".to_owned()));
        }
        if of.ports.analysis.brief(store.scope, day).await?.is_some() {
            return Ok(Readiness::Done);
        }
        let midnight = end_of(store, day)?;
        let patience = Duration::hours(of.spec.number(of.values, "patience"));
        let reading = Reading::new(of.ports.clone());
        if of.now - midnight >= patience || reading.is_read(store, midnight).await? {
            return Ok(Readiness::Ready);
        }
        Ok(Readiness::Waits(format!(
            "a sync that begins after {day} and succeeds, for at most {} hours of the new day",
            patience.num_hours()
        )))
    }

    fn parameters(store: &Store, now: DateTime<Utc>, asked: Value) -> Result<Value, AgentError> {
        let day = last_day(store, now)?;
        let mut given = match asked {
            Value::Object(given) => given,
            _ => serde_json::Map::new(),
        };
        let is_other = |asked: &Value| asked.as_str() != Some(&day.to_string());
        if given.get(DAY).is_some_and(is_other) {
            let message = format!("is {day}, the last day that is over, or left out");
            return Err(AgentError::Invalid(vec![Fault::new(
                "parameters.day",
                message,
            )]));
        }
        given.insert(DAY.to_owned(), json!(day));
        Ok(Value::Object(given))
    }

    async fn gather(of: &Gathering) -> Result<Facts, Halt> {
        let (ports, store) = (&of.ports, &of.store);
        let given = of.parameters.get(DAY).and_then(Value::as_str);
        let day = match given.and_then(|day| day.parse().ok()) {
            Some(day) => day,
            None => last_day(store, of.now)?,
        };
        let reading = Reading::new(ports.clone());
        let as_of = ports.orders.as_of(store.scope).await?;
        let is_read = reading.is_read(store, end_of(store, day)?).await?;
        let again = u64::try_from(of.number("again")).unwrap_or(1);
        let mut facts = Facts {
            as_of,
            scope: store.scope,
            currency: store.currency,
            day,
            is_read,
            days: Vec::new(),
            known: known(of, day - Days::new(again - 1), day).await?,
            draft: None,
            written: ports.analysis.brief(store.scope, day).await?,
            told: BTreeSet::new(),
        };
        // Of a store without any order there is nothing to say.
        if as_of.is_none() {
            return Ok(facts);
        }
        if is_read {
            let from = day - Days::new(PAST + again);
            facts.days = reading.days(store, (from, day)).await.map_err(halt)?;
        }
        let draft = reading.draft(store, day, is_read, of.now).await;
        facts.draft = Some(draft.map_err(halt)?);
        Ok(facts)
    }

    fn decide(facts: &Facts, values: &Values, now: DateTime<Utc>, seed: u64) -> Decision {
        decide(facts, values, now, seed)
    }

    async fn past(
        of: &Gathering,
        (from, to): (NaiveDate, NaiveDate),
    ) -> Result<(History, String), Halt> {
        let again = u64::try_from(of.number("again")).unwrap_or(1);
        let first = from - Days::new(PAST + again);
        let reading = Reading::new(of.ports.clone());
        let days = reading.days(&of.store, (first, to)).await;
        let days = days.map_err(halt)?;
        let told = format!("the figures of {} days", days.len());
        let past = History {
            zone: zone(of)?,
            scope: of.store.scope,
            currency: of.store.currency,
            days,
        };
        Ok((past, told))
    }

    fn rehearse(
        past: &History,
        values: &Values,
        (from, to): (NaiveDate, NaiveDate),
        seed: u64,
        watched: &Watched,
    ) -> Result<Rehearsal, Unwanted> {
        rehearse(
            Rehearser::new(from, to, past.zone, Repeats::Never),
            History::RESTS_ON,
            |day, told| {
                watched.next()?;
                Ok(past.known_at(day, told))
            },
            |facts, now| decide(facts, values, now, seed),
        )
    }

    async fn book(facts: &Facts, of: &Gathering) -> Result<Booked, Halt> {
        let book = book(facts, &of.values, of.now, of.run);
        let (port, scope) = (&of.ports.analysis, of.store.scope);
        let mut lines = Vec::new();
        if let Some((days, found)) = &book.looked {
            port.save_anomalies(scope, *days, found, of.now).await?;
            lines.push(format!(
                "{} to {} were searched: {} unusual, of which {} are new; {} usual by now",
                days.from,
                days.to,
                found.len(),
                book.new,
                book.closed.len()
            ));
            let closed = book.closed.iter();
            lines.extend(closed.map(|k| format!("usual by now, its figures moved: {}", k.title)));
        }
        let summary = brief(of, facts.day, &book.brief, &mut lines).await?;
        Ok(Booked { lines, summary })
    }
}

/// Writes the brief, unless there is one of another run by now.
async fn brief(
    of: &Gathering,
    day: NaiveDate,
    outcome: &Outcome,
    lines: &mut Vec<String>,
) -> Result<String, Halt> {
    let port = &of.ports.analysis;
    let (brief, is_stored) = match outcome {
        Outcome::Nothing => {
            return Ok("There are no orders yet, so there is nothing to tell".to_owned());
        }
        Outcome::Stands => {
            return Ok(format!(
                "The brief of {day} stands: no figure of it has moved"
            ));
        }
        Outcome::First(brief) => (brief, port.save_brief(brief).await?),
        Outcome::Again(brief) => (brief, port.replace_brief(brief).await?),
    };
    if !is_stored {
        let stored = port.brief(of.store.scope, day).await?;
        let is_ours = |b: &Brief| b.run == Some(of.run) && b.version == brief.version;
        if !stored.as_ref().is_some_and(is_ours) {
            return Ok(format!(
                "The brief of {day} was written by somebody else meanwhile, and stands"
            ));
        }
    }
    if brief.version > 1 {
        lines.extend(brief.moved.iter().map(|figure| moved(brief, figure)));
        let which: Vec<_> = brief.moved.iter().map(|m| m.title.as_str()).collect();
        return Ok(match which.as_slice() {
            [] => format!(
                "The brief of {day} is written again: its figures stand, what is told of them moved"
            ),
            which => format!(
                "The brief of {day} is written again: {} moved",
                which.join(", ")
            ),
        });
    }
    lines.push(owed(of).await?);
    Ok(format!("The brief of {day} is written"))
}

fn moved(brief: &Brief, figure: &Moved) -> String {
    let words = |number: Option<i64>| {
        let told = number.map(|n| figure.kind.words(n, brief.currency));
        told.unwrap_or_else(|| "not known".to_owned())
    };
    format!(
        "{} moved from {} to {}",
        figure.title,
        words(figure.from),
        words(figure.to)
    )
}

/// Whom it is told beside the Inbox, as they set it.
async fn owed(of: &Gathering) -> PortResult<String> {
    let (ports, workspace) = (&of.ports, of.store.scope.workspace);
    let wants = |of: &Preferences| of.how(NoticeKind::DailyBrief.severity()) != How::Off;
    let channels = ports.notice_settings.channels(workspace).await?;
    let channels = channels
        .iter()
        .filter(|c| c.enabled && wants(&c.preferences));
    let letters = match ports.mail.is_some() {
        true => format!(
            "{} people have it by mail",
            letters(of, workspace, wants).await?
        ),
        false => "nobody has it by mail, which is not set up".to_owned(),
    };
    Ok(format!(
        "the Inbox tells it; {letters}; {} channels are told",
        channels.count()
    ))
}

async fn letters(
    of: &Gathering,
    workspace: WorkspaceId,
    wants: impl Fn(&Preferences) -> bool,
) -> PortResult<usize> {
    let mut letters = 0;
    for member in of.ports.members.members(workspace).await? {
        if member.kind != UserKind::Person || member.disabled_at.is_some() {
            continue;
        }
        let settings = &of.ports.notice_settings;
        let said = settings.preferences(workspace, member.user.id).await?;
        letters += usize::from(wants(&said.unwrap_or(Preferences::OF_PERSON)));
    }
    Ok(letters)
}

/// Unusual days that were found before, of these days, and are not closed.
async fn known(
    of: &Gathering,
    from: NaiveDate,
    to: NaiveDate,
) -> PortResult<Vec<analytics::Known>> {
    let (mut known, mut page) = (Vec::new(), PageRequest::first(MAX_LIMIT));
    loop {
        let port = &of.ports.analysis;
        let found = port.anomalies(of.store.scope, None, &page).await?;
        let is_end = found.items.last().is_none_or(|k| k.anomaly.day < from);
        let of_days = found.items.iter().filter(|k| !k.gone);
        let of_days = of_days.map(|k| &k.anomaly);
        let of_days = of_days.filter(|a| (from..=to).contains(&a.day));
        known.extend(of_days.map(analytics::Known::of));
        page.cursor = found.next_cursor;
        if is_end || page.cursor.is_none() {
            known.sort_by_key(|k| k.id);
            return Ok(known);
        }
    }
}

impl Known for Facts {
    fn as_of(&self) -> Option<DateTime<Utc>> {
        self.as_of
    }

    fn brought_up(&self) -> &BTreeSet<String> {
        &self.told
    }

    fn told(&self) -> String {
        let day = self.day;
        match (self.draft.is_some(), self.is_read) {
            (false, _) => "no orders".to_owned(),
            (true, false) => format!("{day}, of which orders may be missing"),
            (true, true) => format!("{day}, beside {} days of its past", self.days.len()),
        }
    }
}
