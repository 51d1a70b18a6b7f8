//! How the numbers and dates of a file are written, decided over the whole file before any row is believed.

use super::date::{self, DateOrder};
use super::kinds::FieldKind;
use super::mapping::{Choice, Layout, Question};
use super::number::{self, NumberStyle, is_exponent};
use super::row::Row;
use crate::supplier::sides;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The decisions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Styles {
    /// Field → style; a field that is not here writes whole numbers, which every style reads alike.
    pub numbers: BTreeMap<String, NumberStyle>,
    pub dates: Option<DateOrder>,
    /// Orders are told apart by their names, because the ids are unreadable.
    pub orders_by_name: bool,
}

#[derive(Debug, Clone, Default)]
struct Votes {
    dot: u64,
    comma: u64,
    either: u64,
    /// Row and value of the first that leaves it open.
    example: Option<(u64, String)>,
}

impl Votes {
    fn count(&mut self, row: u64, text: &str) {
        match number::hint(text) {
            number::Hint::Nothing => {}
            number::Hint::Sure(NumberStyle::Dot) => self.dot += 1,
            number::Hint::Sure(NumberStyle::Comma) => self.comma += 1,
            number::Hint::Either => {
                self.either += 1;
                self.example.get_or_insert_with(|| (row, text.to_owned()));
            }
        }
    }
}

/// What the rows say, gathered one by one.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    numbers: BTreeMap<&'static str, Votes>,
    day_first: u64,
    month_first: u64,
    either: u64,
    date_example: Option<(u64, String, String)>,
    shortened_ids: u64,
    id_example: Option<(u64, String)>,
    pub rows: u64,
}

impl Evidence {
    pub fn look_at(&mut self, row: &Row, layout: &Layout) {
        self.rows += 1;
        for (field, index) in layout.fields(FieldKind::Number) {
            let text = row.cell(index);
            self.numbers
                .entry(field.key)
                .or_default()
                .count(row.number, text);
        }
        for (field, index) in layout.fields(FieldKind::Price) {
            let text = row.cell(index);
            let votes = self.numbers.entry(field.key).or_default();
            let (low, high) = sides(text).map_or((text, None), |(low, high)| (low, Some(high)));
            votes.count(row.number, low);
            if let Some(high) = high {
                votes.count(row.number, high);
            }
        }
        for (field, index) in layout.fields(FieldKind::Date) {
            let text = row.cell(index);
            match date::hint(text) {
                date::Hint::Nothing => {}
                date::Hint::Sure(DateOrder::DayFirst) => self.day_first += 1,
                date::Hint::Sure(DateOrder::MonthFirst) => self.month_first += 1,
                date::Hint::Either => {
                    self.either += 1;
                    let header = layout.header(field.key).unwrap_or(field.label);
                    self.date_example
                        .get_or_insert_with(|| (row.number, header.to_owned(), text.to_owned()));
                }
            }
        }
        if let Some(index) = layout.index("id") {
            let text = row.cell(index);
            if is_exponent(text) {
                self.shortened_ids += 1;
                self.id_example
                    .get_or_insert_with(|| (row.number, text.to_owned()));
            }
        }
    }

    /// The decisions, and what only a person can decide. Answers that were given already count.
    #[must_use]
    pub fn decide(&self, layout: &Layout) -> (Styles, Vec<Question>) {
        let mut styles = Styles::default();
        let mut questions = Vec::new();
        self.decide_numbers(layout, &mut styles, &mut questions);
        self.decide_dates(layout, &mut styles, &mut questions);
        if self.shortened_ids > 0 {
            match layout.mapping.answer("order_ids") {
                Some("by_name") => styles.orders_by_name = true,
                _ => questions.push(self.ask_ids(layout)),
            }
        }
        (styles, questions)
    }

    fn decide_numbers(&self, layout: &Layout, styles: &mut Styles, questions: &mut Vec<Question>) {
        let all = |of: fn(&Votes) -> u64| self.numbers.values().map(of).sum::<u64>();
        // The columns of one file were written by one program: where one leaves it open, the others tell.
        let file = match (all(|v| v.dot), all(|v| v.comma)) {
            (0, 0) => None,
            (_, 0) => Some(NumberStyle::Dot),
            (0, _) => Some(NumberStyle::Comma),
            _ => None,
        };
        for (field, votes) in &self.numbers {
            let key = format!("decimals:{field}");
            let answer = match layout.mapping.answer(&key) {
                Some("dot") => Some(NumberStyle::Dot),
                Some("comma") => Some(NumberStyle::Comma),
                _ => None,
            };
            let own = match (votes.dot, votes.comma) {
                (0, 0) => None,
                (_, 0) => Some(NumberStyle::Dot),
                (0, _) => Some(NumberStyle::Comma),
                // Both: most rows are right, and the others are refused one by one.
                (dot, comma) if dot >= comma => Some(NumberStyle::Dot),
                _ => Some(NumberStyle::Comma),
            };
            match own.or(answer).or(file) {
                Some(style) => {
                    styles.numbers.insert((*field).to_owned(), style);
                }
                None if votes.either > 0 => {
                    let (row, example) = votes.example.clone().unwrap_or_default();
                    let plain: String =
                        example.chars().filter(|c| *c != '.' && *c != ',').collect();
                    let pointed = example.replace(',', ".");
                    let (dot, comma) = if example.contains('.') {
                        (pointed, plain)
                    } else {
                        (plain, pointed)
                    };
                    questions.push(Question {
                        key,
                        column: layout.header(field).map(str::to_owned),
                        row: Some(row),
                        question: format!("What does {example:?} mean?"),
                        example: Some(example),
                        choices: vec![
                            Choice::new("dot", format!("{dot} (a dot before decimals)")),
                            Choice::new("comma", format!("{comma} (a comma before decimals)")),
                        ],
                    });
                }
                None => {}
            }
        }
    }

    fn decide_dates(&self, layout: &Layout, styles: &mut Styles, questions: &mut Vec<Question>) {
        let answer = match layout.mapping.answer("date_order") {
            Some("day_first") => Some(DateOrder::DayFirst),
            Some("month_first") => Some(DateOrder::MonthFirst),
            _ => None,
        };
        styles.dates = match (self.day_first, self.month_first) {
            (0, 0) => answer,
            (_, 0) => Some(DateOrder::DayFirst),
            (0, _) => Some(DateOrder::MonthFirst),
            // A file that contradicts itself: a person says what the open ones mean, the others speak for themselves.
            _ => answer,
        };
        if styles.dates.is_none() && self.either > 0 {
            let (row, column, example) = self.date_example.clone().unwrap_or_default();
            questions.push(Question {
                key: "date_order".to_owned(),
                column: Some(column),
                row: Some(row),
                question: format!("What does {example:?} mean?"),
                choices: vec![
                    Choice::new("day_first", shown(&example, DateOrder::DayFirst)),
                    Choice::new("month_first", shown(&example, DateOrder::MonthFirst)),
                ],
                example: Some(example),
            });
        }
    }

    fn ask_ids(&self, layout: &Layout) -> Question {
        let (row, example) = self.id_example.clone().unwrap_or_default();
        Question {
            key: "order_ids".to_owned(),
            column: layout.header("id").map(str::to_owned),
            row: Some(row),
            question: format!(
                "A spreadsheet shortened {} order ids ({example}): their last digits are lost. Tell orders apart by their names instead?",
                self.shortened_ids
            ),
            example: Some(example),
            choices: vec![Choice::new(
                "by_name",
                "Yes, by name; when the store is connected later, its own orders take their place",
            )],
        }
    }
}

fn shown(text: &str, order: DateOrder) -> String {
    let words = match order {
        DateOrder::DayFirst => "day first",
        DateOrder::MonthFirst => "month first",
    };
    match date::parse_moment(text, Some(order)) {
        Ok(moment) => format!("{} ({words})", moment.day.format("%-d %B %Y")),
        Err(_) => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ImportKind, Mapping};
    use super::*;

    fn decide(rows: &[[&str; 3]], answers: &[(&str, &str)]) -> (Styles, Vec<Question>) {
        let headers: Vec<String> = ["SKU", "Cost", "Valid from"].map(str::to_owned).to_vec();
        let mut mapping = Mapping::propose(ImportKind::Costs, &headers);
        for (key, value) in answers {
            mapping
                .answers
                .insert((*key).to_owned(), (*value).to_owned());
        }
        let layout = Layout::new(&mapping, &headers, Styles::default());
        let mut evidence = Evidence::default();
        for (i, cells) in rows.iter().enumerate() {
            evidence.look_at(&Row::of(i as u64 + 2, cells), &layout);
        }
        evidence.decide(&layout)
    }

    #[test]
    fn one_row_of_many_decides_for_all() {
        let (styles, questions) = decide(
            &[["A", "1.234", "11/10/24"], ["B", "7,50", "25/10/24"]],
            &[],
        );
        assert_eq!(styles.numbers.get("cost"), Some(&NumberStyle::Comma));
        assert_eq!(styles.dates, Some(DateOrder::DayFirst));
        assert_eq!(questions, []);
    }

    #[test]
    fn what_no_row_decides_is_asked_with_an_example() {
        let (_, questions) = decide(&[["A", "1.234", "11/10/24"]], &[]);
        let keys: Vec<&str> = questions.iter().map(|q| q.key.as_str()).collect();
        assert_eq!(keys, ["decimals:cost", "date_order"]);
        assert_eq!(
            questions[0].choices[0].label,
            "1.234 (a dot before decimals)"
        );
        assert_eq!(
            questions[0].choices[1].label,
            "1234 (a comma before decimals)"
        );
        assert_eq!(questions[1].choices[0].label, "11 October 2024 (day first)");
        assert_eq!(questions[1].row, Some(2));
    }

    #[test]
    fn an_answer_settles_it() {
        let answers = [("decimals:cost", "comma"), ("date_order", "month_first")];
        let (styles, questions) = decide(&[["A", "1.234", "11/10/24"]], &answers);
        assert_eq!(styles.numbers.get("cost"), Some(&NumberStyle::Comma));
        assert_eq!(styles.dates, Some(DateOrder::MonthFirst));
        assert_eq!(questions, []);
    }
}
