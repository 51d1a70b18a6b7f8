//! An order of goods and the states that it goes through.

use crate::audit::Actor;
use crate::ids::{PurchaseOrderId, StoreScope, SupplierId, VariantId};
use crate::money::{Currency, round_to_minor};
use crate::people::{Email, Role};
use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use thiserror::Error;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PurchaseStatus {
    Draft,
    Approved,
    Sent,
    ReceivedPartly,
    Received,
    Closed,
    Cancelled,
}

impl PurchaseStatus {
    pub const ALL: [Self; 7] = [
        Self::Draft,
        Self::Approved,
        Self::Sent,
        Self::ReceivedPartly,
        Self::Received,
        Self::Closed,
        Self::Cancelled,
    ];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Approved => "approved",
            Self::Sent => "sent",
            Self::ReceivedPartly => "received_partly",
            Self::Received => "received",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Goods are still to come, and money to go.
    pub const UNDER_WAY: [Self; 3] = [Self::Approved, Self::Sent, Self::ReceivedPartly];

    #[must_use]
    pub fn is_under_way(self) -> bool {
        Self::UNDER_WAY.contains(&self)
    }
}

/// What somebody wants of a variant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineDraft {
    pub variant: VariantId,
    pub title: String,
    pub sku: Option<String>,
    pub quantity: i64,
    /// In the order's currency, with as many decimals as told.
    pub unit_cost: Decimal,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurchaseLine {
    pub variant: VariantId,
    pub title: String,
    pub sku: Option<String>,
    pub quantity: i64,
    pub unit_cost: Decimal,
    pub received: i64,
}

impl PurchaseLine {
    /// In minor units; `None` where it is more than can be counted.
    #[must_use]
    pub fn cost(&self, currency: Currency) -> Option<i64> {
        let whole = self.unit_cost.checked_mul(Decimal::from(self.quantity))?;
        round_to_minor(whole, currency).ok()
    }

    #[must_use]
    pub fn to_come(&self) -> i64 {
        (self.quantity - self.received).max(0)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceivedLine {
    /// Its place in the order.
    pub line: usize,
    pub quantity: i64,
    /// Of these, how many cannot be sold; `None`: nobody looked.
    #[serde(default)]
    pub damaged: Option<i64>,
    /// What one was charged at, in the order's currency; `None`: nobody said.
    #[serde(default)]
    pub charged: Option<Decimal>,
    /// What the shop had of it when the receipt was written down, with what it had sold from the day of the receipt on ([`super::Shelf`]).
    #[serde(default)]
    pub shelf: Option<i64>,
    pub note: Option<String>,
}

impl ReceivedLine {
    /// That can be sold, as far as somebody looked.
    #[must_use]
    pub fn sound(&self) -> i64 {
        self.quantity - self.damaged.unwrap_or(0)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    pub at: DateTime<Utc>,
    pub by: Actor,
    pub received_on: NaiveDate,
    pub lines: Vec<ReceivedLine>,
    pub note: Option<String>,
}

/// Who did something, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    pub at: DateTime<Utc>,
    pub by: Actor,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SentHow {
    Mail,
    /// Somebody took the file and sends it otherwise.
    File,
}

/// Minor units of the store's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub approval: i64,
    pub admin: i64,
    pub currency: Currency,
}

/// Whose yes an order needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Needs {
    /// Whoever wrote it may approve it.
    Nothing,
    SomebodyElse,
    /// Who did not write it.
    Admin,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Refusal {
    #[error("the order is not in a state in which this can be done")]
    WrongStatus,
    #[error("orders of this size are approved by somebody else than who wrote them")]
    NeedsSomebodyElse,
    #[error("orders of this size are approved by an admin who did not write them")]
    NeedsAdmin,
    #[error(
        "an order has at least one line, and each at least one unit at a cost that is not negative"
    )]
    Empty,
    #[error("the order is worth more than can be counted")]
    TooLarge,
    #[error(
        "a receipt has at least one line of the order, no more damaged units than came, and no cost below nothing"
    )]
    BadReceipt,
    /// The place of the line in the receipt. A slip of a digit would keep everybody from ordering again until the shop has counted.
    #[error(
        "at most twice what was ordered comes of a line: what was not ordered is an order of its own"
    )]
    TooMuch(usize),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurchaseOrder {
    pub id: PurchaseOrderId,
    pub scope: StoreScope,
    /// Counts up in the workspace.
    pub number: i64,
    pub version: i64,
    pub supplier: SupplierId,
    /// As they were when the order was written last.
    pub supplier_name: String,
    pub supplier_email: Option<Email>,
    pub currency: Currency,
    pub status: PurchaseStatus,
    pub lines: Vec<PurchaseLine>,
    pub receipts: Vec<Receipt>,
    pub expected_on: Option<NaiveDate>,
    pub pay_on: Option<NaiveDate>,
    pub note: Option<String>,
    pub created: Signed,
    /// Who wrote it again while it was a draft, each once.
    #[serde(default)]
    pub rewritten: Vec<Actor>,
    pub approved: Option<Signed>,
    pub sent: Option<(Signed, SentHow)>,
    pub closed: Option<Signed>,
    pub close_reason: Option<String>,
}

impl PurchaseOrder {
    /// As people call it.
    #[must_use]
    pub fn name(&self) -> String {
        format!("PO-{:04}", self.number)
    }

    /// In minor units.
    #[must_use]
    pub fn total(&self) -> Option<i64> {
        let costs = self.lines.iter().map(|l| l.cost(self.currency));
        costs
            .into_iter()
            .try_fold(0_i64, |sum, cost| sum.checked_add(cost?))
    }

    /// Units that are still to come.
    #[must_use]
    pub fn to_come(&self) -> i64 {
        self.lines.iter().map(PurchaseLine::to_come).sum()
    }

    /// Whether goods of the same kind are under way by it to the same store.
    #[must_use]
    pub fn rivals(&self, other: &Self) -> bool {
        let mut lines = self.lines.iter();
        self.id != other.id
            && self.scope == other.scope
            && self.status.is_under_way()
            && lines.any(|mine| other.lines.iter().any(|l| l.variant == mine.variant))
    }

    /// Replaces what is ordered; who does so is one of its authors from then on.
    pub fn write(&mut self, lines: Vec<LineDraft>, by: &Actor) -> Result<(), Refusal> {
        if self.status != PurchaseStatus::Draft {
            return Err(Refusal::WrongStatus);
        }
        let sound = |l: &LineDraft| l.quantity > 0 && !l.unit_cost.is_sign_negative();
        if lines.is_empty() || !lines.iter().all(sound) {
            return Err(Refusal::Empty);
        }
        let line = |l: LineDraft| PurchaseLine {
            variant: l.variant,
            title: l.title,
            sku: l.sku,
            quantity: l.quantity,
            unit_cost: l.unit_cost,
            received: 0,
        };
        self.lines = lines.into_iter().map(line).collect();
        if !self.is_author(by) {
            self.rewritten.push(by.clone());
        }
        self.total().map(drop).ok_or(Refusal::TooLarge)
    }

    /// What is written in another currency than the store's needs an admin: nobody can hold it against the limits.
    #[must_use]
    pub fn needs(&self, limits: &Limits) -> Needs {
        match self.total() {
            Some(total) if self.currency == limits.currency => {
                if total > limits.admin {
                    Needs::Admin
                } else if total > limits.approval {
                    Needs::SomebodyElse
                } else {
                    Needs::Nothing
                }
            }
            _ => Needs::Admin,
        }
    }

    /// Whether this person wrote it, or a part of it.
    fn is_author(&self, who: &Actor) -> bool {
        let mut authors = std::iter::once(&self.created.by).chain(&self.rewritten);
        authors.any(|author| who.id.is_some() && who.id == author.id || who == author)
    }

    /// Whether this person's yes is enough.
    pub fn may_approve(&self, by: &Actor, role: Role, limits: &Limits) -> Result<(), Refusal> {
        let same = self.is_author(by);
        match self.needs(limits) {
            _ if self.status != PurchaseStatus::Draft => Err(Refusal::WrongStatus),
            Needs::Nothing => Ok(()),
            Needs::Admin if same || role < Role::Admin => Err(Refusal::NeedsAdmin),
            Needs::SomebodyElse if same => Err(Refusal::NeedsSomebodyElse),
            Needs::SomebodyElse | Needs::Admin => Ok(()),
        }
    }

    pub fn approve(&mut self, by: Signed, role: Role, limits: &Limits) -> Result<(), Refusal> {
        self.may_approve(&by.by, role, limits)?;
        self.status = PurchaseStatus::Approved;
        self.approved = Some(by);
        Ok(())
    }

    pub fn send(&mut self, how: SentHow, by: Signed) -> Result<(), Refusal> {
        if self.status != PurchaseStatus::Approved {
            return Err(Refusal::WrongStatus);
        }
        self.status = PurchaseStatus::Sent;
        self.sent = Some((by, how));
        Ok(())
    }

    /// Goods came. More than was ordered is a difference like less.
    pub fn receive(&mut self, receipt: Receipt) -> Result<(), Refusal> {
        if !matches!(
            self.status,
            PurchaseStatus::Sent | PurchaseStatus::ReceivedPartly
        ) {
            return Err(Refusal::WrongStatus);
        }
        let mut seen = std::collections::BTreeSet::new();
        let sound = |l: &ReceivedLine| {
            l.line < self.lines.len()
                && (0..=1_000_000_000).contains(&l.quantity)
                && l.damaged.is_none_or(|d| (0..=l.quantity).contains(&d))
                && l.charged.is_none_or(|c| !c.is_sign_negative())
        };
        let fits = receipt
            .lines
            .iter()
            .all(|l| sound(l) && seen.insert(l.line));
        if !fits || receipt.lines.iter().all(|l| l.quantity == 0) {
            return Err(Refusal::BadReceipt);
        }
        let too_much = |came: &ReceivedLine| {
            let line = &self.lines[came.line];
            line.received.saturating_add(came.quantity) > line.quantity.saturating_mul(2)
        };
        if let Some(at) = receipt.lines.iter().position(too_much) {
            return Err(Refusal::TooMuch(at));
        }
        for came in &receipt.lines {
            self.lines[came.line].received += came.quantity;
        }
        self.receipts.push(receipt);
        self.status = if self.to_come() == 0 {
            PurchaseStatus::Received
        } else {
            PurchaseStatus::ReceivedPartly
        };
        Ok(())
    }

    /// Nothing more comes; what is missing stays as a difference.
    pub fn close(&mut self, by: Signed, reason: Option<String>) -> Result<(), Refusal> {
        if !matches!(
            self.status,
            PurchaseStatus::ReceivedPartly | PurchaseStatus::Received
        ) {
            return Err(Refusal::WrongStatus);
        }
        self.end(PurchaseStatus::Closed, by, reason);
        Ok(())
    }

    /// Only while nothing came of it.
    pub fn cancel(&mut self, by: Signed, reason: Option<String>) -> Result<(), Refusal> {
        let before = [
            PurchaseStatus::Draft,
            PurchaseStatus::Approved,
            PurchaseStatus::Sent,
        ];
        if !before.contains(&self.status) {
            return Err(Refusal::WrongStatus);
        }
        self.end(PurchaseStatus::Cancelled, by, reason);
        Ok(())
    }

    fn end(&mut self, status: PurchaseStatus, by: Signed, reason: Option<String>) {
        self.status = status;
        self.closed = Some(by);
        self.close_reason = reason;
    }
}
