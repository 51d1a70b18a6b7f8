//! Why a figure changed: of profit an exact bridge, of others what they are made of.

use super::ranking::lower;
use super::say;
use super::{Analyst, AnswerError, Shop};
use crate::reports::{Split, side};
use domain::assistant::answer::{Amount, Answer, Outcome, Table, TableRow};
use domain::assistant::bridge::bridge;
use domain::assistant::question::{Span, WhyQuestion};
use domain::passport::{self, Role};

/// Causes that are named in the sentence; the table has all.
const SAID: usize = 3;

impl Analyst {
    pub(super) async fn why(
        &self,
        shop: &Shop,
        question: &WhyQuestion,
    ) -> Result<Answer, AnswerError> {
        let Some(definition) = passport::find(question.figure) else {
            return Ok(Answer::of(Outcome::NotKnown, "There is no such figure."));
        };
        let is_open = question.span.range.to == shop.today;
        let other = say::other_days(&question.span, &question.against, is_open);
        let now = self.told(shop, definition, &question.span).await?;
        let then = self.told(shop, definition, &other).await?;
        let title = definition.title;
        let (days, with) = (say::days(&question.span), say::days(&other));
        let mut text = match (now.value, then.value) {
            (Some(value), Some(before)) => {
                let said = say::compared(value, before, &with).unwrap_or_default();
                format!("{title} {days}: {}. {said}", value.words())
            }
            _ => {
                let reason = now.reason.as_ref().or(then.reason.as_ref());
                let reason = reason.map_or_else(String::new, |r| format!(" {r}"));
                let text = format!(
                    "{title} of {days} or of {with} is not known, so its change cannot be explained.{reason}"
                );
                return Ok(Answer::of(Outcome::NotKnown, text));
            }
        };
        let facts = vec![
            say::fact(
                format!("{title} {}", question.span.words),
                now.value,
                None,
                now.source,
            ),
            say::fact(
                format!("{title} {}", other.words),
                then.value,
                None,
                then.source,
            ),
        ];
        let parts = match question.figure {
            "net_profit" => self.profit_parts(shop, &question.span, &other).await?,
            _ => None,
        };
        let rows = match parts {
            Some(rows) => rows,
            None => {
                self.inputs(shop, definition, &question.span, &other)
                    .await?
            }
        };
        let said: Vec<String> = rows.iter().take(SAID).filter_map(part_words).collect();
        if !said.is_empty() {
            text += &format!(" What changed most: {}.", said.join(", "));
        }
        if let Some(note) = &now.note {
            text += &format!(" {note}");
        }
        let table = (!rows.is_empty()).then(|| Table {
            columns: vec!["Cause".to_owned(), "Change".to_owned()],
            rows,
            left_out: 0,
            is_series: false,
        });
        let answer = Answer {
            facts,
            table,
            ..Answer::of(Outcome::Answered, text)
        };
        let link = say::page("/pnl", question.span.range);
        Ok(answer.link("Profit and loss of these days", link))
    }

    /// `None` where amounts are withheld or profit is not known.
    async fn profit_parts(
        &self,
        shop: &Shop,
        span: &Span,
        other: &Span,
    ) -> Result<Option<Vec<TableRow>>, AnswerError> {
        let reports = &self.desk.reports;
        let after = reports.profit(&shop.query(span), Split::Product).await?;
        let before = reports.profit(&shop.query(other), Split::Product).await?;
        if after.total.withheld.is_some() || before.total.withheld.is_some() {
            return Ok(None);
        }
        let currency = after.view.currency;
        let parts = bridge(&side(&before), &side(&after));
        Ok(parts.map(|parts| {
            let row = |(cause, minor): (domain::assistant::bridge::Cause, i64)| TableRow {
                label: cause.title().to_owned(),
                values: vec![Some(Amount::Money { minor, currency })],
                link: None,
            };
            parts.into_iter().map(row).collect()
        }))
    }

    /// How the parts of a formula changed.
    async fn inputs(
        &self,
        shop: &Shop,
        definition: &'static passport::Definition,
        span: &Span,
        other: &Span,
    ) -> Result<Vec<TableRow>, AnswerError> {
        let mut rows = Vec::new();
        for (role, name) in definition.inputs {
            let Some(input) = passport::find(name) else {
                continue;
            };
            let now = self.told(shop, input, span).await?.value;
            let then = self.told(shop, input, other).await?.value;
            let sign = if *role == Role::Minus { -1 } else { 1 };
            let change = match (now, then) {
                (
                    Some(Amount::Money { minor, currency }),
                    Some(Amount::Money { minor: was, .. }),
                ) => {
                    let minor = sign * (minor - was);
                    Some(Amount::Money { minor, currency })
                }
                (Some(Amount::Count { count }), Some(Amount::Count { count: was })) => {
                    let count = sign * (count - was);
                    Some(Amount::Count { count })
                }
                _ => None,
            };
            rows.push(TableRow {
                label: input.title.to_owned(),
                values: vec![change],
                link: None,
            });
        }
        rows.sort_by_key(|row| std::cmp::Reverse(super::figure::size(row).map(|s| s.abs())));
        Ok(rows)
    }
}

fn part_words(row: &TableRow) -> Option<String> {
    let value = row.values.first().copied().flatten()?;
    let sign = match value {
        Amount::Money { minor, .. } if minor > 0 => "+",
        Amount::Count { count } if count > 0 => "+",
        Amount::Money { minor: 0, .. } | Amount::Count { count: 0 } => return None,
        _ => "",
    };
    Some(format!("{} {sign}{}", lower(&row.label), value.words()))
}
