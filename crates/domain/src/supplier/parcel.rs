//! Parcels of an order at a supplier, what each holds where the supplier tells it, and what the shop is told of them.
//!
//! A parcel that tells what it holds sends these units and no others. One that does not is taken to hold all that is left, as nobody can
//! tell it apart. A unit of several pieces is sent with the parcel that has its last piece; parcels before it are told along with that one.

use super::{SupplierOrder, SupplierOrderState};
use crate::ids::LineId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Pieces of one line of the order in a parcel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ParcelItem {
    /// The line's place in the order as it was placed, from 0 on.
    pub line: u16,
    pub pieces: u32,
}

/// A parcel under way.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Parcel {
    pub number: String,
    pub carrier: Option<String>,
    pub url: Option<String>,
    /// `None`: the supplier does not tell what it holds. Empty: nothing that was not sent before, as what is sent a second time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items: Option<Vec<ParcelItem>>,
}

/// What the shop was told to be sent in one go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handed {
    pub numbers: Vec<String>,
    /// Units of the store's variants, by line.
    pub units: Vec<(LineId, i64)>,
}

impl SupplierOrder {
    /// Parcels that the shop was not told of.
    pub fn untold(&self) -> impl Iterator<Item = &Parcel> {
        let told = |parcel: &&Parcel| !self.told.contains(&parcel.number);
        self.parcels.iter().filter(told)
    }

    /// What the shop was told so far. Orders from before parcels told what they hold have all of their units in one.
    #[must_use]
    pub fn handed(&self) -> Vec<Handed> {
        if !self.handed.is_empty() || self.told.is_empty() {
            return self.handed.clone();
        }
        vec![Handed {
            numbers: self.told.clone(),
            units: self.plan.units(),
        }]
    }

    /// What the shop is to be told next, all of it at once; `None` where nothing is new, or a unit waits for its other pieces. Where its first
    /// number was told before, numbers are added to what was sent with it; else its units are sent.
    #[must_use]
    pub fn next_to_tell(&self) -> Option<Handed> {
        let handed = self.handed();
        let mut waiting: Vec<&Parcel> = Vec::new();
        for parcel in self.untold() {
            let lines: BTreeSet<LineId> = self.lines_in(parcel).collect();
            let goes_along = |other: &&Parcel| match &parcel.items {
                None => other.items.is_none() && other.number != parcel.number,
                Some(_) => self.lines_in(other).any(|l| lines.contains(&l)),
            };
            let (before, after): (Vec<&Parcel>, Vec<&Parcel>) = match &parcel.items {
                None => (Vec::new(), self.untold().filter(goes_along).collect()),
                Some(_) => (waiting.iter().copied().filter(goes_along).collect(), vec![]),
            };
            let told = before.into_iter().chain([parcel]).chain(after);
            let numbers: Vec<String> = told.map(|p| p.number.clone()).collect();
            let units = self.units_with(&handed, &numbers);
            if !units.is_empty() {
                return Some(Handed { numbers, units });
            }
            let is_sent = |line: &LineId| self.left_of(&handed, *line) == 0;
            if lines.iter().all(is_sent)
                && let Some(with) = with_any(&handed, &lines)
            {
                return Some(more(with, numbers));
            }
            waiting.push(parcel);
        }
        // Nothing more comes of which the rest could wait.
        use SupplierOrderState as S;
        if waiting.is_empty() || !matches!(self.state, S::Shipped | S::Delivered) {
            return None;
        }
        let numbers: Vec<String> = waiting.iter().map(|p| p.number.clone()).collect();
        let lines: BTreeSet<LineId> = waiting.iter().flat_map(|p| self.lines_in(p)).collect();
        let left = lines.into_iter().map(|l| (l, self.left_of(&handed, l)));
        let units: Vec<(LineId, i64)> = left.filter(|(_, n)| *n > 0).collect();
        Some(match handed.last() {
            Some(with) if units.is_empty() => more(with, numbers),
            None if units.is_empty() => Handed {
                numbers,
                units: self.plan.units(),
            },
            _ => Handed { numbers, units },
        })
    }

    /// The shop was told of it.
    pub fn hand_on(&mut self, what: &Handed) {
        let mut handed = self.handed();
        let before = handed.iter_mut().find(|h| is_added_to(h, what));
        match before {
            Some(before) => before.numbers.clone_from(&what.numbers),
            None => handed.push(what.clone()),
        }
        self.handed = handed;
        for number in &what.numbers {
            if !self.told.contains(number) {
                self.told.push(number.clone());
            }
        }
    }

    /// Of the numbers, those that the shop knows: then numbers are added, and no units sent.
    #[must_use]
    pub fn known_of(&self, what: &Handed) -> BTreeSet<String> {
        let handed = self.handed();
        let before = handed.into_iter().find(|h| is_added_to(h, what));
        before.map_or_else(BTreeSet::new, |h| h.numbers.into_iter().collect())
    }

    fn lines_in<'a>(&'a self, parcel: &'a Parcel) -> impl Iterator<Item = LineId> + 'a {
        let items = parcel.items.iter().flatten();
        items.filter_map(|item| Some(self.plan.lines.get(usize::from(item.line))?.line))
    }

    fn left_of(&self, handed: &[Handed], line: LineId) -> i64 {
        let planned = self.plan.lines.iter().filter(|l| l.line == line);
        let planned: i64 = planned.map(|l| l.units).sum();
        (planned - sent(handed, line)).max(0)
    }

    /// Units that are whole with these parcels and were not sent before.
    fn units_with(&self, handed: &[Handed], numbers: &[String]) -> Vec<(LineId, i64)> {
        let is_new = |p: &&Parcel| numbers.contains(&p.number);
        let hides = self
            .parcels
            .iter()
            .filter(is_new)
            .any(|p| p.items.is_none());
        let counts = |p: &&Parcel| is_new(p) || self.told.contains(&p.number);
        let lines = self.plan.lines.iter().enumerate().map(|(at, line)| {
            let left = self.left_of(handed, line.line);
            if hides {
                return (line.line, left);
            }
            let items = self.parcels.iter().filter(counts);
            let items = items.flat_map(|p| p.items.iter().flatten());
            let pieces = items.filter(|i| usize::from(i.line) == at);
            let pieces: i64 = pieces.map(|i| i64::from(i.pieces)).sum();
            let all = i64::from(line.pieces).max(1);
            let whole = pieces.min(all).saturating_mul(line.units) / all;
            let sent = line.units - left;
            (line.line, (whole - sent).max(0))
        });
        lines.filter(|(_, units)| *units > 0).collect()
    }
}

fn sent(handed: &[Handed], line: LineId) -> i64 {
    let units = handed.iter().flat_map(|h| &h.units);
    units.filter(|(l, _)| *l == line).map(|(_, n)| *n).sum()
}

/// The last that had one of the lines; of no lines, the last.
fn with_any<'a>(handed: &'a [Handed], lines: &BTreeSet<LineId>) -> Option<&'a Handed> {
    let has = |h: &&Handed| lines.is_empty() || h.units.iter().any(|(l, _)| lines.contains(l));
    handed.iter().rev().find(has)
}

fn more(with: &Handed, numbers: Vec<String>) -> Handed {
    let mut with = with.clone();
    with.numbers.extend(numbers);
    with
}

fn is_added_to(before: &Handed, what: &Handed) -> bool {
    before.numbers.iter().any(|n| what.numbers.contains(n))
}

#[cfg(test)]
#[path = "parcel_tests.rs"]
mod tests;
