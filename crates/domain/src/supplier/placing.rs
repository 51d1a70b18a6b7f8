//! One order at a supplier: under which reference it is placed, and what may be done next about it.
//!
//! An order is placed in steps that can each be lost on the way: look up by our reference, create unpaid, compare with what was quoted, pay
//! once approved. [`next_step`] decides each of them by what the supplier shows, never by what we remember of having sent.

use super::Parcel;
use crate::ids::{OrderId, StoreId};
use crate::money::Money;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Our name of an order at a supplier: the same for the same order and part, whoever asks and however often. Store, order and part, each
/// to the base of 36, joined by `-`: at most 44 characters, where suppliers take 50.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OurRef(String);

impl OurRef {
    /// `part` tells apart the orders that one order of the shop needs, one a supplier and origin.
    #[must_use]
    pub fn of(store: StoreId, order: OrderId, part: u16) -> Self {
        let order = u64::from_be_bytes(order.0.to_be_bytes());
        let parts = [store.0.as_u128(), order.into(), part.into()];
        Self(parts.map(base36).join("-"))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn base36(mut number: u128) -> String {
    let mut digits = Vec::new();
    loop {
        let digit = u32::try_from(number % 36).ok();
        digits.extend(digit.and_then(|d| char::from_digit(d, 36)));
        number /= 36;
        if number == 0 {
            return digits.into_iter().rev().collect();
        }
    }
}

/// Where the parcel goes. Shown without the person.
#[derive(Clone, PartialEq, Eq)]
pub struct Recipient {
    pub name: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    pub province: Option<String>,
    /// Of ISO 3166-2 without the country, such as `CA`, where it is told.
    pub province_code: Option<String>,
    pub city: String,
    pub street: String,
    pub postcode: Option<String>,
    pub phone: Option<String>,
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recipient")
            .field("country", &self.country)
            .finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceLine {
    /// The variant as the supplier names it.
    pub variant: String,
    /// Pieces, at least one.
    pub quantity: u32,
}

/// What is asked of a supplier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToPlace {
    pub our_ref: OurRef,
    pub lines: Vec<PlaceLine>,
    /// ISO 3166-1 alpha-2 of the warehouse.
    pub ships_from: String,
    /// The way of shipping, as the supplier named it in its quote.
    pub service: String,
    pub recipient: Recipient,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlacedState {
    Unpaid,
    Paid,
    Shipped,
    Cancelled,
    /// The supplier says something that has no meaning here.
    Unclear,
}

/// An order as the supplier shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    pub our_ref: OurRef,
    pub supplier_ref: String,
    pub state: PlacedState,
    /// Goods and shipping together; `None` where the supplier does not tell it.
    pub total: Option<Money>,
    /// Why the supplier holds it back, in its words.
    pub held: Vec<String>,
    /// Whether it tells here that it holds it back. Some suppliers do so only in the answer to its creation: where that was lost nobody
    /// knows.
    pub holds_told: bool,
    /// What has been sent.
    pub parcels: Vec<Parcel>,
}

/// How much more than quoted an order may cost, in hundredths of a percent of the quote. Less is always taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tolerance(pub u16);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotPayable {
    HeldBySupplier,
    /// Whether it is held back is not known: the answer that told it was lost.
    HoldsUnknown,
    NoTotal,
    OtherCurrency,
    /// A total or a quote of less than nothing.
    Negative,
    DearerThanQuoted,
    /// More than the sum that was approved.
    DearerThanApproved,
    Cancelled,
    Unclear,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    LookUp,
    CreateUnpaid,
    AskApproval,
    Pay,
    /// It is paid.
    Follow,
    /// A person has to look; nothing is paid.
    Stop(NotPayable),
}

/// What a look-up by our reference found.
#[derive(Debug, Clone, Copy)]
pub enum Looked<'a> {
    /// Nobody looked since the last call that may have had an effect.
    NotYet,
    Missing,
    There(&'a Placed),
}

/// `approved` is the sum that a person or a rule let through.
#[must_use]
pub fn next_step(
    looked: Looked<'_>,
    quoted: Money,
    tolerance: Tolerance,
    approved: Option<Money>,
) -> Step {
    let placed = match looked {
        Looked::NotYet => return Step::LookUp,
        Looked::Missing => return Step::CreateUnpaid,
        Looked::There(placed) => placed,
    };
    match placed.state {
        PlacedState::Paid | PlacedState::Shipped => return Step::Follow,
        PlacedState::Cancelled => return Step::Stop(NotPayable::Cancelled),
        PlacedState::Unclear => return Step::Stop(NotPayable::Unclear),
        PlacedState::Unpaid => {}
    }
    let total = match payable(placed, quoted, tolerance) {
        Ok(total) => total,
        Err(why) => return Step::Stop(why),
    };
    match approved {
        None => Step::AskApproval,
        Some(sum) if sum.currency != total.currency => Step::Stop(NotPayable::OtherCurrency),
        Some(sum) if total.minor > sum.minor => Step::Stop(NotPayable::DearerThanApproved),
        Some(_) => Step::Pay,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallOff {
    LookUp,
    /// Only right after a look-up that showed it unpaid.
    Cancel,
    /// It is not there, or was called off.
    Done,
    /// It is paid, or nobody knows what it is: it stays.
    Stop(PlacedState),
}

/// What is done next about an order that is to be called off: by what the supplier shows, so that an answer that was lost costs a look and
/// nothing else.
#[must_use]
pub const fn next_call_off(looked: Looked<'_>) -> CallOff {
    match looked {
        Looked::NotYet => CallOff::LookUp,
        Looked::Missing => CallOff::Done,
        Looked::There(placed) => match placed.state {
            PlacedState::Unpaid => CallOff::Cancel,
            PlacedState::Cancelled => CallOff::Done,
            state => CallOff::Stop(state),
        },
    }
}

fn payable(placed: &Placed, quoted: Money, tolerance: Tolerance) -> Result<Money, NotPayable> {
    if !placed.held.is_empty() {
        return Err(NotPayable::HeldBySupplier);
    }
    if !placed.holds_told {
        return Err(NotPayable::HoldsUnknown);
    }
    let total = placed.total.ok_or(NotPayable::NoTotal)?;
    if total.currency != quoted.currency {
        return Err(NotPayable::OtherCurrency);
    }
    if total.minor < 0 || quoted.minor < 0 {
        return Err(NotPayable::Negative);
    }
    let over = i128::from(total.minor) - i128::from(quoted.minor);
    if over * 10_000 > i128::from(quoted.minor) * i128::from(tolerance.0) {
        return Err(NotPayable::DearerThanQuoted);
    }
    Ok(total)
}

#[cfg(test)]
#[path = "placing_tests.rs"]
mod tests;
