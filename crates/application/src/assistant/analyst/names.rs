//! What a name in a question means in this store.

use super::figure::split;
use super::say;
use super::{Analyst, AnswerError, Shop};
use crate::reports::{ReportRow, Split};
use domain::assistant::question::{By, Named, Span};
use domain::calendar::DayRange;
use std::str::FromStr as _;

/// Names are looked up among what was sold within so many days, or on the days that are asked about.
const LOOKED_BACK: u64 = 365;
/// So many are named where several fit.
const NAMED: usize = 6;

/// Names of countries that people use and the standard does not.
const USED: &[(&str, &str)] = &[
    ("uk", "GB"),
    ("great britain", "GB"),
    ("britain", "GB"),
    ("england", "GB"),
    ("america", "US"),
    ("the states", "US"),
    ("holland", "NL"),
    ("czech republic", "CZ"),
    ("south korea", "KR"),
    ("korea", "KR"),
];

/// A thing that rows of reports are made of.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) by: By,
    pub(super) split: Split,
    pub(super) key: String,
    pub(super) label: String,
}

#[derive(Debug)]
pub(super) enum Match {
    None,
    One(Row),
    /// Labels of those that fit.
    Several(Vec<String>),
}

impl Row {
    pub(super) fn of(by: By, row: &ReportRow) -> Option<Self> {
        (!matches!(by, By::Period(_))).then(|| Self {
            by,
            split: split(by),
            key: row.key.clone(),
            label: row.label.clone(),
        })
    }

    pub(super) fn link(&self, range: DayRange) -> String {
        let is_id = self.key.bytes().all(|b| b.is_ascii_digit());
        match self.by {
            By::Product if is_id => say::page(&format!("/products/{}", self.key), range),
            _ => say::page("/pnl", range),
        }
    }
}

impl Analyst {
    pub(super) async fn find(
        &self,
        shop: &Shop,
        named: &Named,
        span: &Span,
    ) -> Result<Match, AnswerError> {
        let kinds = match named.by {
            Some(By::Period(_)) => return Ok(Match::None),
            Some(one) => vec![one],
            None => vec![
                By::Country,
                By::Channel,
                By::Store,
                By::Product,
                By::Variant,
            ],
        };
        let mut wide = Span::last(LOOKED_BACK, shop.today);
        wide.range.from = wide.range.from.min(span.range.from);
        let (mut exact, mut parts) = (Vec::new(), Vec::new());
        for by in kinds {
            let query = shop.query(&wide);
            let report = self.desk.reports.profit(&query, split(by)).await?;
            for row in report.rows.iter().filter_map(|row| Row::of(by, row)) {
                match fits(&row, &named.name) {
                    Some(true) => exact.push(row),
                    Some(false) => parts.push(row),
                    None => {}
                }
            }
        }
        // A product with one variant of the same name is one thing.
        let found = if exact.is_empty() { parts } else { exact };
        let products = found.iter().any(|row| row.by == By::Product);
        let found: Vec<Row> = found
            .into_iter()
            .filter(|row| row.by != By::Variant || !products)
            .collect();
        Ok(match <[Row; 1]>::try_from(found) {
            Ok([one]) => Match::One(one),
            Err(none) if none.is_empty() => Match::None,
            Err(several) => {
                let labels = several.into_iter().take(NAMED).map(|row| row.label);
                Match::Several(labels.collect())
            }
        })
    }
}

/// `Some(true)` when it is the name, `Some(false)` when the name is a part of it.
fn fits(row: &Row, name: &str) -> Option<bool> {
    let (label, name) = (row.label.to_lowercase(), name.to_lowercase());
    if label == name || row.key.to_lowercase() == name {
        return Some(true);
    }
    match row.by {
        By::Country => (country(&name)? == row.key).then_some(true),
        By::Product | By::Variant => {
            let singular = name.strip_suffix('s').unwrap_or(&name);
            let of_words = |part: &str| {
                label
                    .match_indices(part)
                    .any(|(at, _)| !label[..at].ends_with(char::is_alphanumeric))
            };
            (of_words(&name) || of_words(singular)).then_some(false)
        }
        _ => None,
    }
}

/// The code of a country by one of its names.
fn country(name: &str) -> Option<&'static str> {
    let used = USED.iter().find(|(used, _)| *used == name);
    used.map(|(_, code)| *code).or_else(|| {
        let joined: String = name.split_whitespace().collect();
        let known = celes::Country::from_str(name).or_else(|_| celes::Country::from_str(&joined));
        known.ok().map(|country| country.alpha2)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(by: By, key: &str, label: &str) -> Row {
        Row {
            by,
            split: split(by),
            key: key.to_owned(),
            label: label.to_owned(),
        }
    }

    #[test]
    fn countries_are_found_by_their_names_and_codes() {
        let names = [
            "germany",
            "uk",
            "united kingdom",
            "usa",
            "the netherlands",
            "south korea",
        ];
        let codes = names.map(|name| country(name).unwrap_or("none"));
        assert_eq!(codes, ["DE", "GB", "GB", "US", "NL", "KR"]);
        assert_eq!(country("mug"), None);
        assert_eq!(fits(&row(By::Country, "DE", "DE"), "Germany"), Some(true));
        assert_eq!(fits(&row(By::Country, "DE", "DE"), "France"), None);
    }

    #[test]
    fn products_are_found_by_parts_of_their_names_that_begin_a_word() {
        let mug = row(By::Product, "7", "Blue Enamel Mug");
        assert_eq!(fits(&mug, "blue enamel mug"), Some(true));
        assert_eq!(fits(&mug, "mugs"), Some(false));
        assert_eq!(fits(&mug, "7"), Some(true));
        assert_eq!(fits(&mug, "ug"), None);
        assert_eq!(fits(&mug, "lamp"), None);
    }
}
