//! The first ones of something in the order of a figure.

use super::figure::{heading, read, size, split};
use super::names::Row;
use super::say;
use super::{Analyst, AnswerError, Shop};
use domain::assistant::answer::{Answer, Outcome, Source, Table, TableRow};
use domain::assistant::question::{By, RankingQuestion};
use domain::passport;
use domain::rollup::{CUSTOM_ITEMS, WHOLE_ORDER};

/// Named in the sentence; the table has all.
const SAID: usize = 3;

impl Analyst {
    pub(super) async fn ranking(
        &self,
        shop: &Shop,
        question: &RankingQuestion,
    ) -> Result<Answer, AnswerError> {
        let Some(definition) = passport::find(question.figure) else {
            return Ok(Answer::of(Outcome::NotKnown, "There is no such figure."));
        };
        let query = shop.query(&question.span);
        let report = self.desk.reports.profit(&query, split(question.by)).await?;
        let currency = report.view.currency;
        let (mut rows, mut unknown) = (Vec::new(), 0_u64);
        for row in &report.rows {
            // What belongs to whole orders is no product, and a day without a sale no bad day.
            let is_quiet = matches!(question.by, By::Period(_)) && row.figures.measures.orders == 0;
            if is_quiet || [CUSTOM_ITEMS, WHOLE_ORDER].contains(&row.key.as_str()) {
                continue;
            }
            match read(definition, row, &report, currency).0 {
                Some(value) => rows.push(TableRow {
                    label: row.label.clone(),
                    values: vec![Some(value)],
                    link: Row::of(question.by, row).map(|r| r.link(question.span.range)),
                }),
                None => unknown += 1,
            }
        }
        rows.sort_by(|a, b| {
            let order = match question.descending {
                true => size(b).cmp(&size(a)),
                false => size(a).cmp(&size(b)),
            };
            order.then(a.label.cmp(&b.label))
        });
        let shown = if question.both_ends {
            2 * question.limit
        } else {
            question.limit
        };
        let left_out = rows.len().saturating_sub(shown) as u64;
        // From both ends, with what lies between left out.
        let last = rows.split_off(rows.len().min(question.limit));
        let last = &last[last.len().saturating_sub(shown - question.limit)..];
        let ends = rows.len();
        rows.extend_from_slice(last);
        let days = say::days(&question.span);
        let (title, things) = (definition.title, things(question.by));
        let link = say::page("/pnl", question.span.range);
        if rows.is_empty() {
            let reason = report.unavailable.fields.get(definition.name);
            let text = match reason {
                Some(reason) => format!("{title} by {things} {days} is not known: {reason}"),
                None => format!("Nothing was sold {days} that {title} could be ranked by."),
            };
            let answer = Answer::of(Outcome::NotKnown, text);
            return Ok(answer.link("Profit and loss of these days", link));
        }
        let order = if question.descending { "Most" } else { "Least" };
        let said = |row: &TableRow| {
            let value = row.values.first().copied().flatten();
            let value = value.map_or_else(String::new, |v| v.words());
            format!("{} ({value})", row.label)
        };
        let first: Vec<String> = rows[..ends].iter().take(SAID).map(said).collect();
        let mut text = format!("{order} {} {days}: {}.", lower(title), first.join(", "));
        if question.both_ends && rows.len() > ends {
            let other = if question.descending { "Least" } else { "Most" };
            let last: Vec<String> = rows[ends..].iter().rev().take(SAID).map(said).collect();
            text += &format!(" {other}: {}.", last.join(", "));
        }
        if unknown > 0 {
            text += &format!(" Of {unknown} more it is not known.");
        }
        let facts = rows
            .iter()
            .map(|row| {
                let source = Source {
                    name: format!("report.{}", definition.name),
                    from: Some(question.span.range.from),
                    to: Some(question.span.range.to),
                    as_of: report.as_of,
                    link: row.link.clone().unwrap_or_else(|| link.clone()),
                };
                let value = row.values.first().copied().flatten();
                say::fact(row.label.clone(), value, None, source)
            })
            .collect();
        let answer = Answer {
            facts,
            table: Some(Table {
                columns: vec![heading(question.by).to_owned(), title.to_owned()],
                rows,
                left_out,
                is_series: false,
            }),
            ..Answer::of(Outcome::Answered, text)
        };
        Ok(answer.link("Profit and loss of these days", link))
    }
}

fn things(by: By) -> String {
    heading(by).to_lowercase()
}

/// A title within a sentence: abbreviations keep their capitals.
pub(super) fn lower(title: &str) -> String {
    let mut chars = title.chars();
    match (chars.next(), chars.next()) {
        (Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().collect::<String>() + &title[first.len_utf8()..]
        }
        _ => title.to_owned(),
    }
}
