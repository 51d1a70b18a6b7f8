//! Phrases put together to a question.

use super::figures::{FIGURES, Names, is_better_low};
use super::lexicon::{
    ADVICE, COMMANDS, DOING, FILLERS, MEANING, MOVES, RANKS, Rank, SELLERS, SPLIT_WORDS, SPLITS,
    THINGS, WHY,
};
use super::numbers::number;
use super::phrase;
use super::span::{self, Found, Span};
use super::topics::{SUBJECTS, Subject};
use super::words::{self, Word};
use super::{
    Against, By, FigureQuestion, MAX_CHARS, MAX_RANKED, Named, Question, RANKED, RankingQuestion,
    Reading, Topic, Unsure, WhyQuestion,
};
use chrono::NaiveDate;

/// Days that a question is about when it names none.
const USUAL_DAYS: u64 = 30;
/// The same where a change is to be explained.
const USUAL_WHY_DAYS: u64 = 7;

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
struct Parts {
    figures: Vec<Names>,
    subject: Option<Subject>,
    span: Option<Span>,
    ahead: Option<u32>,
    against: Option<Against>,
    split: Option<By>,
    /// Rows that were named without saying that they split: `which products`.
    thing: Option<By>,
    rank: Option<Rank>,
    limit: Option<usize>,
    named: Option<Named>,
    is_why: bool,
    is_meaning: bool,
    is_advice: bool,
    has_moved: bool,
    has_choice: bool,
    leftover: Vec<String>,
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

    fn question(self, today: NaiveDate) -> Result<Question, Unsure> {
        if !self.leftover.is_empty() {
            return Err(Unsure::Words(self.leftover));
        }
        if let (Some(span), Some(Against::Span(other))) = (&self.span, &self.against)
            && span.range == other.range
        {
            return Err(Unsure::Days(other.words.clone()));
        }
        if let Some(subject) = self.subject {
            return self.topic(subject, today);
        }
        if self.ahead.is_some() {
            // What lies ahead is told of units alone, and only by forecasts.
            return match &self.figures[..] {
                [["units"]] => Ok(Question::Topic(Topic::Demand(self.ahead))),
                _ => Err(Unsure::Days("days that lie ahead".to_owned())),
            };
        }
        let figure = match &self.figures[..] {
            [] => None,
            [[one]] => Some(*one),
            [several] => return Err(Unsure::Several(several.to_vec())),
            [first, second, ..] => {
                let titles = [first, second].into_iter().flat_map(|names| names.first());
                return Err(Unsure::Several(titles.copied().collect()));
            }
        };
        if self.is_meaning {
            return match figure {
                Some(figure) if self.span.is_none() => Ok(Question::Meaning(figure)),
                _ => Err(Unsure::About),
            };
        }
        if self.is_advice {
            return Err(Unsure::About);
        }
        if self.is_why {
            return self.why(figure, today);
        }
        let ranked = self.split.or(self.thing).filter(|_| {
            self.rank.is_some() || self.has_choice && self.split.is_none() && self.named.is_none()
        });
        if let Some(by) = ranked {
            return self.ranking_of(by, figure, today);
        }
        let Some(figure) = figure else {
            return Err(Unsure::About);
        };
        // Rows that were named to no end, or a rank without rows: half of the question would be left out.
        let is_loss = self.rank == Some(Rank::Worst) && figure == "net_profit";
        if self.thing.is_some_and(|thing| thing != By::Store) || self.rank.is_some() && !is_loss {
            return Err(Unsure::About);
        }
        let against = self
            .against
            .or_else(|| self.has_moved.then_some(Against::Previous));
        Ok(Question::Figure(FigureQuestion {
            figure,
            span: self.span.unwrap_or_else(|| Span::usual(USUAL_DAYS, today)),
            against,
            split: self.split,
            of: self.named,
        }))
    }

    fn why(self, figure: Option<&'static str>, today: NaiveDate) -> Result<Question, Unsure> {
        if self.named.is_some() || self.split.is_some() {
            return Err(Unsure::About);
        }
        Ok(Question::Why(WhyQuestion {
            figure: figure.unwrap_or("net_profit"),
            span: self
                .span
                .unwrap_or_else(|| Span::usual(USUAL_WHY_DAYS, today)),
            against: self.against.unwrap_or(Against::Previous),
        }))
    }

    fn ranking_of(
        self,
        by: By,
        figure: Option<&'static str>,
        today: NaiveDate,
    ) -> Result<Question, Unsure> {
        if self.named.is_some() || self.against.is_some() {
            return Err(Unsure::About);
        }
        let figure = match (figure, self.rank) {
            (Some(figure), _) => figure,
            (None, Some(Rank::Best | Rank::Worst)) => "net_profit",
            (None, _) => return Err(Unsure::About),
        };
        let low = is_better_low(figure);
        let descending = match self.rank {
            None | Some(Rank::Most) => true,
            Some(Rank::Least) => false,
            Some(Rank::Best) => !low,
            Some(Rank::Worst) => low,
        };
        Ok(Question::Ranking(RankingQuestion {
            by,
            figure,
            descending,
            limit: self.limit.unwrap_or(RANKED),
            span: self.span.unwrap_or_else(|| Span::usual(USUAL_DAYS, today)),
        }))
    }

    fn topic(self, subject: Subject, today: NaiveDate) -> Result<Question, Unsure> {
        let foreign = self
            .figures
            .iter()
            .flat_map(|names| names.first())
            .find(|figure| !subject.speaks_of(figure));
        if let Some(figure) = foreign {
            return Err(Unsure::Several(vec![subject.name(), figure]));
        }
        if let Some(named) = self.named {
            return Err(Unsure::Words(vec![named.name]));
        }
        if self.against.is_some() {
            return Err(Unsure::About);
        }
        let has_days = matches!(subject, Subject::AgentWork | Subject::LosingAds);
        let looks_ahead = matches!(
            subject,
            Subject::RunsOut | Subject::Demand | Subject::ToOrder
        );
        let is_now = |span: &Span| span.range.to == today && span.range.from == today;
        let past = self.span.filter(|span| has_days || !is_now(span));
        let recent = matches!(subject, Subject::Suppliers | Subject::StuckOrders);
        if past.is_some() && !has_days && !recent || self.ahead.is_some() && !looks_ahead {
            return Err(Unsure::About);
        }
        let span = |days| past.clone().unwrap_or_else(|| Span::usual(days, today));
        Ok(Question::Topic(match subject {
            Subject::RunsOut => Topic::RunsOut(self.ahead),
            Subject::ToOrder => Topic::ToOrder,
            Subject::Demand => Topic::Demand(self.ahead),
            Subject::Waiting => Topic::Waiting,
            Subject::AgentWork => Topic::AgentWork(span(2)),
            Subject::StuckOrders => Topic::StuckOrders,
            Subject::ToSell => Topic::ToSell,
            Subject::Suppliers => Topic::Suppliers,
            Subject::LosingAds => Topic::LosingAds(span(USUAL_DAYS)),
            Subject::Health => Topic::Health,
            Subject::Help => Topic::Help,
        }))
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
