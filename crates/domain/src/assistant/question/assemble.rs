//! What was found in a text as one question, or why it is none.

use super::compose::Parts;
use super::figures::is_better_low;
use super::lexicon::Rank;
use super::span::Span;
use super::topics::Subject;
use super::{
    Against, By, FigureQuestion, Question, RANKED, RankingQuestion, Topic, Unsure, WhyQuestion,
};
use chrono::NaiveDate;

/// Days that a question is about when it names none.
const USUAL_DAYS: u64 = 30;
/// The same where a change is to be explained.
const USUAL_WHY_DAYS: u64 = 7;

impl Parts {
    pub(super) fn question(mut self, today: NaiveDate) -> Result<Question, Unsure> {
        if !self.leftover.is_empty() {
            return Err(Unsure::Words(self.leftover));
        }
        if let Some(days) = self.days_before {
            let Some(span) = &self.span else {
                return Err(Unsure::Days(format!("the {days} days before")));
            };
            if span.range.len_days() != u64::from(days) {
                let before = span.before(days).map(Against::Span);
                let before = before.ok_or_else(|| Unsure::Days(format!("{days} days before")))?;
                self.against = Some(before);
            }
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
            (None, Some(Rank::Best | Rank::Worst | Rank::Both)) => "net_profit",
            (None, _) => return Err(Unsure::About),
        };
        let low = is_better_low(figure);
        let descending = match self.rank {
            None | Some(Rank::Most) => true,
            Some(Rank::Least) => false,
            Some(Rank::Best | Rank::Both) => !low,
            Some(Rank::Worst) => low,
        };
        Ok(Question::Ranking(RankingQuestion {
            by,
            figure,
            descending,
            both_ends: self.rank == Some(Rank::Both),
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
