//! One figure over some days: its value, how it stands against other days, and its rows.

use super::names::{Match, Row};
use super::say;
use super::{Analyst, AnswerError, Shop};
use crate::reports::{FigureValue, ProfitReport, ReportRow, Split, Subject};
use domain::assistant::answer::{Amount, Answer, Outcome, Source, Table, TableRow};
use domain::assistant::question::{By, FigureQuestion, Named, Span};
use domain::money::Currency;
use domain::passport::{self, Definition};

/// Rows of a table; of days so many that a quarter is whole.
const SHOWN: usize = 20;
const SHOWN_PERIODS: usize = 100;

/// A value, or why there is none.
pub(super) struct Told {
    pub(super) value: Option<Amount>,
    pub(super) reason: Option<String>,
    pub(super) source: Source,
    /// What a reader has to know about it.
    pub(super) note: Option<String>,
}

impl Analyst {
    pub(super) async fn figure(
        &self,
        shop: &Shop,
        question: &FigureQuestion,
    ) -> Result<Answer, AnswerError> {
        let Some(definition) = passport::find(question.figure) else {
            return Ok(Answer::of(Outcome::NotKnown, "There is no such figure."));
        };
        if let Some(named) = &question.of {
            return self.figure_of(shop, question, definition, named).await;
        }
        let now = self.told(shop, definition, &question.span).await?;
        let title = definition.title;
        let days = say::days(&question.span);
        let mut text = sentence(title, &days, &now);
        let mut facts = vec![say::fact(
            format!("{title} {}", question.span.words),
            now.value,
            now.reason.clone(),
            now.source.clone(),
        )];
        if let Some(against) = &question.against {
            let is_open = question.span.range.to == shop.today;
            let other = say::other_days(&question.span, against, is_open);
            let then = self.told(shop, definition, &other).await?;
            text += &versus(&now, &then, &other);
            let label = format!("{title} {}", other.words);
            facts.push(say::fact(label, then.value, then.reason, then.source));
        }
        if let Some(note) = &now.note {
            text += &format!(" {note}");
        }
        let outcome = match now.value {
            Some(_) => Outcome::Answered,
            None => Outcome::NotKnown,
        };
        let mut answer = Answer {
            facts,
            ..Answer::of(outcome, text)
        };
        if let Some(split) = question.split {
            let table = self.table(shop, question, definition, split).await?;
            answer.table = Some(table);
        }
        let link = say::page("/pnl", question.span.range);
        Ok(answer.link("Profit and loss of these days", link))
    }

    /// The figure over all that the stores sold.
    pub(super) async fn told(
        &self,
        shop: &Shop,
        definition: &'static Definition,
        span: &Span,
    ) -> Result<Told, AnswerError> {
        let query = shop.query(span);
        let reports = &self.desk.reports;
        let figure = reports.figure(&query, Subject::All, definition.name);
        let Some(figure) = figure.await? else {
            return Ok(Told::unknown(definition, span, "There is no such figure."));
        };
        Ok(Told::of(definition, span, &figure))
    }

    async fn figure_of(
        &self,
        shop: &Shop,
        question: &FigureQuestion,
        definition: &'static Definition,
        named: &Named,
    ) -> Result<Answer, AnswerError> {
        if question.split.is_some() {
            let text = "A figure of one thing I do not split further. Ask for the thing, or for the split.";
            return Ok(Answer::of(Outcome::AskedBack, text));
        }
        let found = match self.find(shop, named, &question.span).await? {
            Match::One(found) => found,
            Match::None => {
                let name = &named.name;
                let text = format!(
                    "Nothing that was sold within a year is called “{name}”: no product, variant, country, channel or store."
                );
                return Ok(Answer::of(Outcome::AskedBack, text).link("Products", "/products"));
            }
            Match::Several(labels) => {
                let name = &named.name;
                let text = format!("Which “{name}” do you mean? {}.", labels.join(", "));
                let title = definition.title.to_lowercase();
                let ways = labels
                    .iter()
                    .map(|label| format!("{title} of \"{label}\" {}", question.span.words));
                return Ok(Answer {
                    suggestions: ways.collect(),
                    ..Answer::of(Outcome::AskedBack, text)
                });
            }
        };
        let now = self
            .told_of(shop, definition, &question.span, &found)
            .await?;
        let (title, label) = (definition.title, &found.label);
        let subject = format!("{title} of {label}");
        let mut text = sentence(&subject, &say::days(&question.span), &now);
        let mut facts = vec![say::fact(
            format!("{subject} {}", question.span.words),
            now.value,
            now.reason.clone(),
            now.source.clone(),
        )];
        if let Some(against) = &question.against {
            let is_open = question.span.range.to == shop.today;
            let other = say::other_days(&question.span, against, is_open);
            let then = self.told_of(shop, definition, &other, &found).await?;
            text += &versus(&now, &then, &other);
            let label = format!("{subject} {}", other.words);
            facts.push(say::fact(label, then.value, then.reason, then.source));
        }
        let outcome = match now.value {
            Some(_) => Outcome::Answered,
            None => Outcome::NotKnown,
        };
        let answer = Answer {
            facts,
            ..Answer::of(outcome, text)
        };
        Ok(answer.link(label, found.link(question.span.range)))
    }

    async fn told_of(
        &self,
        shop: &Shop,
        definition: &'static Definition,
        span: &Span,
        found: &Row,
    ) -> Result<Told, AnswerError> {
        let query = shop.query(span);
        let report = self.desk.reports.profit(&query, found.split).await?;
        let quiet = ReportRow::new(found.key.clone(), found.label.clone(), Default::default());
        let row = report.rows.iter().find(|row| row.key == found.key);
        let currency = report.view.currency;
        let (value, reason) = read(definition, row.unwrap_or(&quiet), &report, currency);
        Ok(Told {
            value,
            reason,
            source: Source {
                name: format!("report.{}", definition.name),
                from: Some(span.range.from),
                to: Some(span.range.to),
                as_of: report.as_of,
                link: found.link(span.range),
            },
            note: None,
        })
    }

    async fn table(
        &self,
        shop: &Shop,
        question: &FigureQuestion,
        definition: &'static Definition,
        by: By,
    ) -> Result<Table, AnswerError> {
        let query = shop.query(&question.span);
        let report = self.desk.reports.profit(&query, split(by)).await?;
        let currency = report.view.currency;
        let mut rows: Vec<TableRow> = report
            .rows
            .iter()
            .map(|row| TableRow {
                label: row.label.clone(),
                values: vec![read(definition, row, &report, currency).0],
                link: Row::of(by, row).map(|r| r.link(question.span.range)),
            })
            .collect();
        let is_series = matches!(by, By::Period(_));
        if !is_series {
            rows.sort_by(|a, b| size(b).cmp(&size(a)).then(a.label.cmp(&b.label)));
        }
        let shown = if is_series { SHOWN_PERIODS } else { SHOWN };
        let left_out = rows.len().saturating_sub(shown) as u64;
        rows.truncate(shown);
        Ok(Table {
            columns: vec![heading(by).to_owned(), definition.title.to_owned()],
            rows,
            left_out,
            is_series,
        })
    }
}

impl Told {
    fn of(definition: &'static Definition, span: &Span, figure: &FigureValue) -> Self {
        let currency = figure.report.view.currency;
        let value = figure
            .value
            .map(|value| say::amount(definition, value, currency));
        Self {
            value,
            reason: figure.reason.clone(),
            note: note(definition, &figure.report),
            source: Source {
                name: format!("passport.{}", definition.name),
                from: Some(span.range.from),
                to: Some(span.range.to),
                as_of: figure.report.as_of,
                link: say::page("/", span.range),
            },
        }
    }

    fn unknown(definition: &Definition, span: &Span, reason: &str) -> Self {
        Self {
            value: None,
            reason: Some(reason.to_owned()),
            note: None,
            source: Source {
                name: format!("passport.{}", definition.name),
                from: Some(span.range.from),
                to: Some(span.range.to),
                as_of: None,
                link: say::page("/", span.range),
            },
        }
    }
}

fn sentence(subject: &str, days: &str, told: &Told) -> String {
    match (&told.value, &told.reason) {
        (Some(value), _) => format!("{subject} {days}: {}.", value.words()),
        (None, Some(reason)) => format!("{subject} {days} is not known: {reason}"),
        (None, None) => format!("{subject} {days} is not known."),
    }
}

fn versus(now: &Told, then: &Told, other: &Span) -> String {
    let with = say::days(other);
    let both = now.value.zip(then.value);
    let said = both.and_then(|(now, then)| say::compared(now, then, &with));
    match (said, &then.reason) {
        (Some(said), _) => format!(" {said}"),
        (None, Some(reason)) if then.value.is_none() => {
            format!(" Of {with} it is not known: {reason}")
        }
        (None, _) => String::new(),
    }
}

/// Which costs are not in a profit, and how much of it is covered.
fn note(definition: &Definition, report: &ProfitReport) -> Option<String> {
    let mut notes = Vec::new();
    if let Some(missing) = report.excludes.0.get(definition.name) {
        let names: Vec<&str> = missing
            .iter()
            .map(|name| passport::find(name).map_or(*name, |d| d.title))
            .collect();
        let names = names.join(", ").to_lowercase();
        notes.push(format!(
            "Not in it, because nobody told all of it: {names}."
        ));
    }
    let is_profit = definition.covered.contains(&passport::Covered::Cost);
    if let Some(shares) = report.total.coverage.cost.filter(|_| is_profit)
        && shares.missing > 0
    {
        let percent = (10_000 - shares.missing) as f64 / 100.0;
        notes.push(format!(
            "Costs are known for {percent:.0} % of net sales; the rest is left out."
        ));
    }
    let has_day_costs = definition.covered.contains(&passport::Covered::AdSpend)
        || ["ad_spend", "fixed_costs", "cm3", "net_profit"].contains(&definition.name);
    let lacking = report.unavailable.notes.iter();
    let lacking = lacking.filter(|n| has_day_costs && n.code == "day_costs_without_rate");
    notes.extend(lacking.map(|note| note.message.clone()));
    (!notes.is_empty()).then(|| notes.join(" "))
}

/// What a row tells of a figure, or why it does not.
pub(super) fn read(
    definition: &'static Definition,
    row: &ReportRow,
    report: &ProfitReport,
    currency: Currency,
) -> (Option<Amount>, Option<String>) {
    let is_money = definition.unit != passport::Unit::Count;
    if let Some(reason) = row.withheld.as_ref().filter(|_| is_money) {
        return (None, Some(reason.clone()));
    }
    let value = (definition.read)(&row.figures).map(|v| say::amount(definition, v, currency));
    let reason = report.unavailable.fields.get(definition.name).cloned();
    let reason = reason.unwrap_or_else(|| "These rows do not tell it.".to_owned());
    (value, value.is_none().then_some(reason))
}

pub(super) fn split(by: By) -> Split {
    match by {
        By::Period(grain) => Split::Period(grain),
        By::Store => Split::Store,
        By::Product => Split::Product,
        By::Variant => Split::Variant,
        By::Channel => Split::Channel,
        By::Country => Split::Country,
    }
}

pub(super) fn heading(by: By) -> &'static str {
    use domain::calendar::Grain;
    match by {
        By::Period(Grain::Day) => "Day",
        By::Period(Grain::Week) => "Week",
        By::Period(Grain::Month) => "Month",
        By::Store => "Store",
        By::Product => "Product",
        By::Variant => "Variant",
        By::Channel => "Channel",
        By::Country => "Country",
    }
}

/// For sorting: what is not known stands last.
pub(super) fn size(row: &TableRow) -> Option<rust_decimal::Decimal> {
    row.values
        .first()
        .copied()
        .flatten()
        .map(|value| match value {
            Amount::Money { minor, .. } => minor.into(),
            Amount::Count { count } => count.into(),
            Amount::Days { days } => days.into(),
            Amount::Ratio { ratio } => ratio,
            Amount::Percent { quotient } => quotient,
        })
}
