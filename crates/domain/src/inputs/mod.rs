//! What a person, a file or a supplier tells beside the store's own facts: unit costs, shipping tables, fee rules, ad spend,
//! fixed costs. With the orders they make the ledger ([`crate::ledger`]) or join the reports by day.
//!
//! Each input has a natural key: two that say something about the same thing at the same time are the same row, and the later
//! one replaces the earlier. A change answers its inverse, so that a whole import can be taken back.

mod costs;
mod days;
mod fees;
mod shipping;

pub use costs::{DefaultCost, LineCost, VariantCost};
pub use days::{AdSpend, Cadence, FixedCost};
pub use fees::{FeeRule, FeeRules};
pub use shipping::{Band, NoShippingCost, OrderShipping, Per, ShippingRate, ShippingTable};

use crate::ids::{ImportId, OrderId, UserId, VariantId};
use crate::money::Currency;
use crate::recost::RecostExtent;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Who told it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Teller {
    /// The store's own record.
    Store,
    Supplier,
    Person,
    Import,
    /// The platform that sold the advertisements.
    AdPlatform,
}

/// Where a saved row comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    pub told_by: Teller,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub import: Option<ImportId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
    pub at: DateTime<Utc>,
}

impl Origin {
    #[must_use]
    pub const fn person(user: Option<UserId>, at: DateTime<Utc>) -> Self {
        Self {
            told_by: Teller::Person,
            import: None,
            user,
            at,
        }
    }

    #[must_use]
    pub const fn supplier(at: DateTime<Utc>) -> Self {
        Self {
            told_by: Teller::Supplier,
            import: None,
            user: None,
            at,
        }
    }

    #[must_use]
    pub const fn ad_platform(at: DateTime<Utc>) -> Self {
        Self {
            told_by: Teller::AdPlatform,
            import: None,
            user: None,
            at,
        }
    }

    #[must_use]
    pub const fn import(import: ImportId, user: Option<UserId>, at: DateTime<Utc>) -> Self {
        Self {
            told_by: Teller::Import,
            import: Some(import),
            user,
            at,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Input {
    VariantCost(VariantCost),
    LineCost(LineCost),
    DefaultCost(DefaultCost),
    ShippingRate(ShippingRate),
    OrderShipping(OrderShipping),
    FeeRule(FeeRule),
    AdSpend(AdSpend),
    FixedCost(FixedCost),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InputKind {
    VariantCost,
    LineCost,
    DefaultCost,
    ShippingRate,
    OrderShipping,
    FeeRule,
    AdSpend,
    FixedCost,
}

impl InputKind {
    pub const ALL: [Self; 8] = [
        Self::VariantCost,
        Self::LineCost,
        Self::DefaultCost,
        Self::ShippingRate,
        Self::OrderShipping,
        Self::FeeRule,
        Self::AdSpend,
        Self::FixedCost,
    ];

    /// What speaks of a store as a whole, and is read at once; the others are read for some orders or days.
    pub const OF_THE_BOOK: [Self; 4] = [
        Self::VariantCost,
        Self::DefaultCost,
        Self::ShippingRate,
        Self::FeeRule,
    ];
}

/// What makes a row the same row.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct InputKey {
    pub kind: InputKind,
    pub key: String,
}

/// A day in a key; empty is before all days.
fn day_key(day: Option<NaiveDate>) -> String {
    day.map(|d| d.to_string()).unwrap_or_default()
}

impl Input {
    #[must_use]
    pub const fn kind(&self) -> InputKind {
        match self {
            Self::VariantCost(_) => InputKind::VariantCost,
            Self::LineCost(_) => InputKind::LineCost,
            Self::DefaultCost(_) => InputKind::DefaultCost,
            Self::ShippingRate(_) => InputKind::ShippingRate,
            Self::OrderShipping(_) => InputKind::OrderShipping,
            Self::FeeRule(_) => InputKind::FeeRule,
            Self::AdSpend(_) => InputKind::AdSpend,
            Self::FixedCost(_) => InputKind::FixedCost,
        }
    }

    #[must_use]
    pub fn key(&self) -> InputKey {
        let key = match self {
            Self::VariantCost(c) => c.key(),
            Self::LineCost(c) => c.line.to_string(),
            Self::DefaultCost(_) => String::new(),
            Self::ShippingRate(r) => r.key(),
            Self::OrderShipping(s) => s.order.to_string(),
            Self::FeeRule(r) => format!("{}\n{}", r.gateway, day_key(r.valid_from)),
            Self::AdSpend(s) => s.key(),
            Self::FixedCost(c) => format!("{}\n{}", c.from, c.name.trim().to_lowercase()),
        };
        InputKey {
            kind: self.kind(),
            key,
        }
    }

    /// The variant or order that it speaks of.
    #[must_use]
    pub const fn subject(&self) -> Option<i64> {
        match self {
            Self::VariantCost(c) => Some(c.variant.0),
            Self::LineCost(c) => Some(c.order.0),
            Self::OrderShipping(s) => Some(s.order.0),
            _ => None,
        }
    }

    /// The day of which it speaks; for a fixed cost the first one.
    #[must_use]
    pub const fn day(&self) -> Option<NaiveDate> {
        match self {
            Self::AdSpend(s) => Some(s.day),
            Self::FixedCost(c) => Some(c.from),
            _ => None,
        }
    }

    /// Which orders it may change; `None` when no order's entries hang on it.
    #[must_use]
    pub fn extent(&self) -> Option<RecostExtent> {
        match self {
            Self::VariantCost(c) => Some(RecostExtent::of_variants(vec![c.variant], c.valid_from)),
            Self::LineCost(LineCost { order, .. })
            | Self::OrderShipping(OrderShipping { order, .. }) => {
                Some(RecostExtent::of_orders(vec![*order]))
            }
            Self::DefaultCost(_) => Some(RecostExtent::everything()),
            Self::ShippingRate(ShippingRate { valid_from, .. })
            | Self::FeeRule(FeeRule { valid_from, .. }) => {
                Some(RecostExtent::since_day(*valid_from))
            }
            Self::AdSpend(_) | Self::FixedCost(_) => None,
        }
    }
}

/// A stored input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputRecord {
    pub input: Input,
    pub origin: Origin,
    /// Grows with every change of the store's inputs, and is never given twice.
    pub revision: i64,
}

/// What must stand there for a change to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expect {
    Anything,
    Nothing,
    Revision(i64),
}

/// One change of the inputs: a row put in its place, or taken away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputChange {
    pub key: InputKey,
    /// `None` takes it away.
    pub to: Option<(Input, Origin)>,
    pub expect: Expect,
}

impl InputChange {
    #[must_use]
    pub fn put(input: Input, origin: Origin) -> Self {
        Self {
            key: input.key(),
            to: Some((input, origin)),
            expect: Expect::Anything,
        }
    }

    #[must_use]
    pub const fn remove(key: InputKey) -> Self {
        Self {
            key,
            to: None,
            expect: Expect::Anything,
        }
    }

    #[must_use]
    pub fn expecting(mut self, expect: Expect) -> Self {
        self.expect = expect;
        self
    }

    /// The change that brings back `before`, as long as what was written under `revision` (or its absence) still stands.
    #[must_use]
    pub fn restore(
        key: &InputKey,
        before: Option<&InputRecord>,
        stands: bool,
        revision: i64,
    ) -> Self {
        Self {
            key: key.clone(),
            to: before.map(|b| (b.input.clone(), b.origin)),
            expect: if stands {
                Expect::Revision(revision)
            } else {
                Expect::Nothing
            },
        }
    }
}

/// What is told of single orders, beside the tables that hold for all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderInputs {
    pub lines: Vec<LineCost>,
    pub shipping: Option<OrderShipping>,
}

impl OrderInputs {
    /// The order that an input speaks of, when it speaks of one.
    #[must_use]
    pub const fn order_of(input: &Input) -> Option<OrderId> {
        match input {
            Input::LineCost(c) => Some(c.order),
            Input::OrderShipping(s) => Some(s.order),
            _ => None,
        }
    }

    /// In which anything of it is told.
    pub fn currencies(&self) -> impl Iterator<Item = Currency> {
        let lines = self.lines.iter().map(|c| c.cost.currency);
        lines.chain(self.shipping.iter().map(|s| s.currency))
    }

    /// As it is after a change; one that is about other orders changes nothing here.
    pub fn change(&mut self, order: OrderId, change: &InputChange) {
        match &change.to {
            Some((input, _)) if Self::order_of(input) == Some(order) => self.insert(input.clone()),
            Some(_) => {}
            None if change.key.kind == InputKind::LineCost => {
                self.lines.retain(|c| c.line.to_string() != change.key.key);
            }
            None if change.key.kind == InputKind::OrderShipping
                && change.key.key == order.to_string() =>
            {
                self.shipping = None;
            }
            None => {}
        }
    }

    pub fn insert(&mut self, input: Input) {
        match input {
            Input::LineCost(cost) => {
                self.lines.retain(|c| c.line != cost.line);
                self.lines.push(cost);
            }
            Input::OrderShipping(shipping) => self.shipping = Some(shipping),
            _ => {}
        }
    }
}

/// Which variants a list of changes speaks of.
#[must_use]
pub fn variants_of<'a>(inputs: impl IntoIterator<Item = &'a Input>) -> Vec<VariantId> {
    let mut variants: Vec<_> = inputs
        .into_iter()
        .filter_map(|input| match input {
            Input::VariantCost(c) => Some(c.variant),
            _ => None,
        })
        .collect();
    variants.sort_unstable();
    variants.dedup();
    variants
}
