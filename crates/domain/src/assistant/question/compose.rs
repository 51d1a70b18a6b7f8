//! Phrases put together to a question.

use super::figures::{FIGURES, Names};
use super::lexicon::{
    ADVICE, COMMANDS, DOING, FILLERS, MEANING, MOVES, RANKS, Rank, SELLERS, SPLIT_WORDS, SPLITS,
    THINGS, WHY,
};
use super::numbers::number;
use super::phrase;
use super::span::{self, Found, Span};
use super::topics::{SUBJECTS, Subject};
use super::words::{self, Word};
use super::{Against, By, MAX_CHARS, MAX_RANKED, Named, Reading, Unsure};
use chrono::NaiveDate;

/// What a text asks on a day of the store.
#[must_use]
pub fn read(text: &str, today: NaiveDate) -> Reading {
    let outcome = if text.chars().count() > MAX_CHARS {
        Err(Unsure::TooLong)
    } else {
        let words = words::split(text);
        Parts::gather(&words, today).and_then(|parts| parts.question(today))
    };
    match outcome {
        Ok(question) => Reading::Understood(question),
        Err(unsure) => Reading::Unsure(unsure),
    }
}

/// What was found in a text.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) figures: Vec<Names>,
    pub(super) subject: Option<Subject>,
    pub(super) span: Option<Span>,
    pub(super) ahead: Option<u32>,
    pub(super) against: Option<Against>,
    /// It is so many days before those that it is about.
    pub(super) days_before: Option<u32>,
    pub(super) split: Option<By>,
    /// Rows that were named without saying that they split: `which products`.
    pub(super) thing: Option<By>,
    pub(super) rank: Option<Rank>,
    pub(super) limit: Option<usize>,
    pub(super) named: Option<Named>,
    pub(super) is_why: bool,
    pub(super) is_meaning: bool,
    pub(super) is_advice: bool,
    pub(super) has_moved: bool,
    pub(super) has_choice: bool,
    pub(super) leftover: Vec<String>,
}

impl Parts {
    fn gather(words: &[Word], today: NaiveDate) -> Result<Self, Unsure> {
        if words.is_empty() {
            return Err(Unsure::Empty);
        }
        let polite = phrase::any(
            &["please", "can you", "could you", "could you please"],
            words,
        );
        let start = polite.unwrap_or(0);
        let figure_first = phrase::longest(FIGURES, &words[start..]).is_some_and(|(_, n)| n > 1);
        // `Increase in sales` is a noun.
        let is_noun = words
            .get(start + 1)
            .is_some_and(|w| matches!(w.text.as_str(), "in" | "of"));
        let is_command = phrase::any(COMMANDS, &words[start..]).is_some();
        if is_command && !figure_first && !is_noun {
            return Err(Unsure::Command);
        }
        let mut parts = Self {
            is_advice: phrase::any(ADVICE, words).is_some(),
            ..Self::default()
        };
        let mut at = 0;
        while at < words.len() {
            at += parts.take(words, at, today)?;
        }
        Ok(parts)
    }

    /// Takes what stands at a place; how many words that are.
    fn take(&mut self, words: &[Word], at: usize, today: NaiveDate) -> Result<usize, Unsure> {
        let here = &words[at..];
        if here[0].is_quoted {
            self.name(None, &here[0].raw)?;
            return Ok(1);
        }
        if let Some(taken) = phrase::any(WHY, here) {
            self.is_why = true;
            return Ok(taken);
        }
        if let Some(taken) = self.comparison(here, today)? {
            return Ok(taken);
        }
        if let Some(taken) = phrase::any(DOING, here) {
            self.figures.push(&["net_profit"]);
            self.has_moved = true;
            return Ok(taken);
        }
        if let Some(taken) = self.subject(here)? {
            return Ok(taken);
        }
        if let Some(taken) = self.ranking(here) {
            return Ok(taken);
        }
        if let Some(taken) = self.figure(here) {
            return Ok(taken);
        }
        if let Some(taken) = self.rows(here)? {
            return Ok(taken);
        }
        if let Some(taken) = self.days(here, today)? {
            return Ok(taken);
        }
        if let Some(taken) = self.names(words, at, today)? {
            return Ok(taken);
        }
        if let Some((by, taken)) = phrase::longest(THINGS, here) {
            self.thing = self.thing.or(Some(by));
            return Ok(taken);
        }
        if let Some(taken) = phrase::any(MEANING, here) {
            self.is_meaning = true;
            return Ok(taken);
        }
        if let Some(taken) = phrase::any(MOVES, here) {
            self.has_moved = true;
            return Ok(taken);
        }
        if let Some(taken) = phrase::any(FILLERS, here) {
            self.has_choice |= here[0].text == "which";
            return Ok(taken);
        }
        // `Did a supplier … go late?`
        if self.subject == Some(Subject::Suppliers) && here[0].text == "late" {
            return Ok(1);
        }
        self.leftover.push(here[0].raw.clone());
        Ok(1)
    }

    /// `versus last year`, `than the week before`.
    fn comparison(&mut self, here: &[Word], today: NaiveDate) -> Result<Option<usize>, Unsure> {
        const JOINTS: &[&str] = &[
            "versus to",
            "compare with",
            "compare to",
            "compares with",
            "compares to",
            "with",
            "versus with",
            "versus",
            "against",
            "than",
            "than in",
            "than on",
            "more than",
            "less than",
            "year over year",
            "week over week",
            "month over month",
        ];
        const BEFORE: &[(&str, Against)] = &[
            ("previous period", Against::Previous),
            ("period before", Against::Previous),
            ("previous days", Against::Previous),
            ("day before", Against::Previous),
            ("week before", Against::Previous),
            ("month before", Against::Previous),
            ("days before", Against::Previous),
            ("before", Against::Previous),
            ("year before", Against::YearBefore),
            ("last year", Against::YearBefore),
            ("same period last year", Against::YearBefore),
            ("same days last year", Against::YearBefore),
            ("same time last year", Against::YearBefore),
            ("same month last year", Against::YearBefore),
            ("same week last year", Against::YearBefore),
            ("year ago", Against::YearBefore),
        ];
        let Some(lead) = phrase::any(JOINTS, here) else {
            return Ok(None);
        };
        if here[0].text == "year" && lead == 3 {
            self.compare(Against::YearBefore)?;
            return Ok(Some(lead));
        }
        let article = phrase::any(&["the", "a"], &here[lead..]).unwrap_or(0);
        let rest = &here[lead + article..];
        let before = BEFORE
            .iter()
            .filter_map(|(words, against)| Some((against, phrase::any(&[words], rest)?)))
            .max_by_key(|(_, taken)| *taken);
        if let Some((against, taken)) = before {
            self.compare(against.clone())?;
            return Ok(Some(lead + article + taken));
        }
        if here[0].text == "week" || here[0].text == "month" {
            self.compare(Against::Previous)?;
            return Ok(Some(lead));
        }
        if let Some((days, taken)) = span::days_before(rest) {
            self.days_before = Some(days);
            self.compare(Against::Previous)?;
            return Ok(Some(lead + article + taken));
        }
        match span::read(rest, today) {
            Some((Found::Past(span), taken)) => {
                self.compare(Against::Span(span))?;
                Ok(Some(lead + article + taken))
            }
            Some((_, taken)) => Err(days_as_written(&rest[..taken])),
            None => Ok(None),
        }
    }

    fn compare(&mut self, against: Against) -> Result<(), Unsure> {
        if self.against.replace(against).is_some() {
            return Err(Unsure::Several(vec!["one comparison", "another one"]));
        }
        Ok(())
    }

    fn subject(&mut self, here: &[Word]) -> Result<Option<usize>, Unsure> {
        let Some((subject, taken)) = phrase::longest(SUBJECTS, here) else {
            return Ok(None);
        };
        let figure = phrase::longest(FIGURES, here).map_or(0, |(_, taken)| taken);
        if figure > taken {
            return Ok(None);
        }
        match self.subject {
            Some(Subject::Help) | None => self.subject = Some(subject),
            Some(other) if other == subject || subject == Subject::Help => {}
            // `What should I order before it runs out` is about ordering; `suppliers that went late` about suppliers.
            Some(Subject::ToOrder) if subject == Subject::RunsOut => {}
            Some(Subject::RunsOut) if subject == Subject::ToOrder => self.subject = Some(subject),
            Some(other) => return Err(Unsure::Several(vec![other.name(), subject.name()])),
        }
        Ok(Some(taken))
    }

    fn figure(&mut self, here: &[Word]) -> Option<usize> {
        let (names, taken) = phrase::longest(FIGURES, here)?;
        // `Sales channels` are rows, not a figure.
        let rows = phrase::longest(THINGS, here).map_or(0, |(_, taken)| taken);
        if rows > taken {
            return None;
        }
        let is_loss = here[0].text.starts_with("los");
        if is_loss && self.rank.is_none() {
            self.rank = Some(Rank::Worst);
            self.has_choice |= self.thing.is_some();
        }
        if !self.figures.contains(&names) {
            self.figures.push(names);
        }
        Some(taken)
    }

    /// `best sellers`, `top 10`, `10 best`, `worst`.
    fn ranking(&mut self, here: &[Word]) -> Option<usize> {
        let count = |word: Option<&Word>| {
            let word = word.filter(|w| !w.is_quoted && !matches!(w.text.as_str(), "a" | "an"))?;
            let count = number(&word.text)? as usize;
            (1..=MAX_RANKED).contains(&count).then_some(count)
        };
        if let Some(limit) = count(here.first()) {
            let ranked = phrase::longest(RANKS, here.get(1..)?).is_some()
                || phrase::longest(SELLERS, here.get(1..)?).is_some();
            if ranked {
                self.limit = Some(limit);
                return Some(1);
            }
        }
        if let Some((rank, taken)) = phrase::longest(SELLERS, here) {
            self.rank = Some(rank);
            self.thing = self.thing.or(Some(By::Product));
            self.has_choice = true;
            self.figures.push(&["units"]);
            return Some(taken);
        }
        let (rank, taken) = phrase::longest(RANKS, here)?;
        self.rank = Some(rank);
        match count(here.get(taken)) {
            Some(limit) => {
                self.limit = Some(limit);
                Some(taken + 1)
            }
            None => Some(taken),
        }
    }

    /// `by product`, `daily`.
    fn rows(&mut self, here: &[Word]) -> Result<Option<usize>, Unsure> {
        let one_word = phrase::longest(SPLIT_WORDS, here);
        let split = one_word.or_else(|| {
            let lead = phrase::any(SPLITS, here)?;
            let (by, taken) = phrase::longest(THINGS, &here[lead..])?;
            Some((by, lead + taken))
        });
        let Some((by, taken)) = split else {
            return Ok(None);
        };
        if self.split.replace(by).is_some_and(|other| other != by) {
            return Err(Unsure::Several(vec!["one split", "another one"]));
        }
        Ok(Some(taken))
    }

    fn days(&mut self, here: &[Word], today: NaiveDate) -> Result<Option<usize>, Unsure> {
        match span::read(here, today) {
            None => Ok(None),
            Some((Found::Wrong, taken)) => Err(days_as_written(&here[..taken])),
            Some((Found::Ahead(days), taken)) => {
                self.ahead = Some(days);
                Ok(Some(taken))
            }
            Some((Found::Past(span), taken)) => {
                match &self.span {
                    None => self.span = Some(span),
                    Some(same) if same.range == span.range => {}
                    // `Yesterday, today`: the later ones beside the earlier ones, where they are as many.
                    Some(first)
                        if self.against.is_none()
                            && first.range.len_days() == span.range.len_days() =>
                    {
                        let (early, late) = match first.range.from < span.range.from {
                            true => (first.clone(), span),
                            false => (span, first.clone()),
                        };
                        self.against = Some(Against::Span(early));
                        self.span = Some(late);
                    }
                    Some(_) => return Err(Unsure::Several(vec!["one period", "another one"])),
                }
                Ok(Some(taken))
            }
        }
    }

    /// `of blue mugs`, `in Germany`, `for sku AB-12`, `how many mugs did we sell`.
    fn names(
        &mut self,
        words: &[Word],
        at: usize,
        today: NaiveDate,
    ) -> Result<Option<usize>, Unsure> {
        const LEADS: &[(&str, Option<By>)] = &[
            ("of", None),
            ("for", None),
            ("in", None),
            ("from", None),
            ("on", None),
            ("with", None),
            ("through", None),
            ("how many", None),
        ];
        let here = &words[at..];
        let lead = phrase::longest(LEADS, here);
        let after = lead.map_or(0, |(_, taken)| taken);
        let article = phrase::any(&["the", "our", "my"], &here[after..]).unwrap_or(0);
        let kind = phrase::longest(THINGS, &here[after + article..]);
        let (by, begin) = match (lead, kind) {
            (Some(_), None) => (None, after + article),
            (_, Some((by, taken))) => (Some(by), after + article + taken),
            (None, None) => return Ok(None),
        };
        let name: Vec<&Word> = here[begin..]
            .iter()
            .enumerate()
            .take_while(|(i, _)| is_name(words, at + begin + i, today))
            .map(|(_, word)| word)
            .collect();
        let end = begin + name.len();
        if name.is_empty() {
            // A quoted name may follow its kind: `product "Mug"`.
            if let (Some(by), Some(quoted)) = (by, here.get(begin).filter(|w| w.is_quoted)) {
                self.name(Some(by), &quoted.raw)?;
                return Ok(Some(begin + 1));
            }
            return Ok(None);
        }
        if here[0].text == "how" {
            self.figures.push(&["units"]);
        }
        let raw: Vec<&str> = name.iter().map(|w| w.raw.as_str()).collect();
        self.name(by, &raw.join(" "))?;
        Ok(Some(end))
    }

    fn name(&mut self, by: Option<By>, name: &str) -> Result<(), Unsure> {
        let name = name.trim().to_owned();
        if self.named.replace(Named { by, name }).is_some() {
            return Err(Unsure::Several(vec!["one name", "another one"]));
        }
        Ok(())
    }
}

/// Whether a word can be part of a name: nothing else explains it.
fn is_name(words: &[Word], at: usize, today: NaiveDate) -> bool {
    let here = &words[at..];
    !here[0].is_quoted
        && phrase::longest(FIGURES, here).is_none()
        && phrase::longest(SUBJECTS, here).is_none()
        && phrase::longest(SPLIT_WORDS, here).is_none()
        && phrase::longest(RANKS, here).is_none()
        && phrase::any(SPLITS, here).is_none()
        && phrase::any(WHY, here).is_none()
        && phrase::any(MEANING, here).is_none()
        && phrase::any(MOVES, here).is_none()
        && phrase::any(FILLERS, here).is_none()
        && phrase::any(&["versus", "against", "than"], here).is_none()
        && phrase::any(NARROWING, here).is_none()
        && span::read(here, today).is_none()
}

/// Words that narrow or turn around what is asked: nothing of that is understood, so they are asked back.
const NARROWING: &[&str] = &[
    "not",
    "no",
    "without",
    "excluding",
    "except",
    "only",
    "minus",
    "before",
    "after",
    "until",
    "unless",
    "under",
    "above",
    "below",
    "between",
    "should",
    "must",
    "first",
    "last",
    "past",
    "next",
    "half",
    "hour",
    "hours",
    "minutes",
    "morning",
    "afternoon",
    "evening",
    "weekends",
    "week",
    "weeks",
    "month",
    "months",
    "year",
    "years",
];

fn days_as_written(words: &[Word]) -> Unsure {
    let raw: Vec<&str> = words.iter().map(|w| w.raw.as_str()).collect();
    Unsure::Days(raw.join(" "))
}
