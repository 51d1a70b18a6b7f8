//! What the dry run counts, and what it says of the file as a whole.

use super::survey::Reading;
use super::things::{Found, Outcome, Thing};
use domain::import::{
    CheckReport, Choice, ImportKind, MOST_REFUSED_PERCENT, Question, RowProblem, TableRow, is_whole,
};

/// Whether so much of it cannot be read that the rest cannot be believed; the report says so.
pub(super) fn is_read_wrongly(report: &mut CheckReport) -> bool {
    let is_wrong = report.refused * 100 > report.things * MOST_REFUSED_PERCENT;
    if is_wrong {
        report.notes.push(format!(
            "{} of {} rows cannot be read, which is more than {MOST_REFUSED_PERCENT} %: the columns are \
             probably understood wrongly, and nothing of the file is imported.",
            report.refused, report.things
        ));
    }
    is_wrong
}

fn has_range(thing: &Thing) -> bool {
    let Thing::Row(TableRow::Offer(row)) = thing else {
        return false;
    };
    row.cost.is_some_and(|cost| cost.single().is_none())
}

/// What the dry run counts.
#[derive(Default)]
pub(super) struct Tally {
    /// Problems that were kept.
    pub(super) kept: u64,
    refunds: u64,
    refund_days_unknown: u64,
    foreign: std::collections::BTreeMap<String, (u64, u64)>,
    ranges: u64,
}

impl Tally {
    pub(super) fn count(
        &mut self,
        found: Found,
        report: &mut CheckReport,
        problems: &mut Vec<RowProblem>,
    ) {
        report.things += 1;
        self.refunds += u64::from(found.has_refund);
        self.refund_days_unknown += u64::from(found.refund_day_unknown);
        if let Some((currency, row)) = found.foreign {
            let entry = self.foreign.entry(currency.to_string()).or_insert((0, row));
            entry.0 += 1;
        }
        match found.outcome {
            Outcome::Good(thing, notes) => {
                report.good += 1;
                self.ranges += u64::from(has_range(&thing));
                report.noted += notes.len() as u64;
                if let Some(day) = found.day {
                    report.first_day = Some(report.first_day.map_or(day, |d| d.min(day)));
                    report.last_day = Some(report.last_day.map_or(day, |d| d.max(day)));
                }
                problems.extend(notes);
            }
            Outcome::Repeated(note) => {
                report.good += 1;
                report.noted += 1;
                problems.push(note);
            }
            Outcome::Refused(found) => {
                report.refused += 1;
                report.problems += found.len() as u64;
                problems.extend(found);
            }
        }
    }

    pub(super) fn finish(self, report: &mut CheckReport, reading: &Reading) {
        let mapping = &reading.layout.mapping;
        let own = reading.store.currency;
        for (currency, (rows, first)) in self.foreign {
            let key = format!("currency:{currency}");
            if mapping.answer(&key) != Some("keep") {
                report.questions.push(Question {
                    key,
                    column: reading.layout.header("currency").map(str::to_owned),
                    row: Some(first),
                    question: format!(
                        "{rows} rows are in {currency}, but the store counts in {own}. Import them?"
                    ),
                    example: Some(currency),
                    choices: vec![Choice::new(
                        "keep",
                        "Yes; they count on days for which there is an exchange rate",
                    )],
                });
            }
        }
        let notes = &mut report.notes;
        if self.ranges > 0 {
            notes.push(format!("{} rows tell a range where a price is needed: it is kept as a range, and nothing can be ordered at it.", self.ranges));
        }
        if mapping.kind == ImportKind::SupplierOffers && is_whole(mapping) && report.refused > 0 {
            notes.push("The list was said to be whole, but some of its rows cannot be read: nothing counts as out of stock because it is missing.".to_owned());
        }
        if mapping.kind != ImportKind::Orders || report.good == 0 {
            return;
        }
        notes.push("Payment fees are not in this file: they count as missing until a fee rule or the store's connection tells them.".to_owned());
        if self.refunds > 0 {
            notes.push(format!("{} orders have refunds. The file tells their amount only: each is booked as an adjustment with its share of the tax, and no goods count as put back.", self.refunds));
        }
        if self.refund_days_unknown > 0 {
            notes.push(format!("The day of {} refunds is not in this file: they are booked on the day of the sale.", self.refund_days_unknown));
        }
        if reading.layout.index("email").is_some() {
            notes.push("E-mail addresses are not kept: customers become pseudonyms. Names, addresses and phone numbers are not read.".to_owned());
        }
        if reading.layout.styles.orders_by_name {
            notes.push(
                "Orders are told apart by name, because their ids were shortened by a spreadsheet."
                    .to_owned(),
            );
        }
    }
}
