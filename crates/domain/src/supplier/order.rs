//! An order of a buyer's lines at a supplier that sends them itself: what was planned, and what became of it.
//!
//! The plan is what a change-set carries and somebody approves; the row is opened before the supplier hears of it, under a reference that
//! never changes, and holds its lines: no line is in two orders that stand.

use super::{Handed, OurRef, Parcel, Placed, PlacedState, ShipTime, Tolerance};
use crate::ids::{
    ChangeSetId, LineId, OrderId, StoreScope, SupplierAccountId, SupplierOrderId,
    SupplierProductId, VariantId,
};
use crate::money::{Currency, Money};
use chrono::{DateTime, Duration, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A line of the buyer's order as a supplier has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplyLine {
    pub line: LineId,
    /// The store's.
    pub variant: VariantId,
    pub title: String,
    /// Units of the store's variant: all of the line, as it stood when this was planned.
    pub units: i64,
    pub product: SupplierProductId,
    /// By which the supplier's variant is ordered.
    pub external_id: String,
    /// Pieces of the supplier's variant for all units.
    pub pieces: u32,
    /// Of a piece, in the currency of the order.
    pub piece_cost: Decimal,
}

/// What is asked of a supplier, without the buyer's address: that is read from the shop when the order is placed, and not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplyPlan {
    pub id: SupplierOrderId,
    pub our_ref: OurRef,
    pub account: SupplierAccountId,
    pub supplier: String,
    pub order: OrderId,
    /// As the merchant calls it.
    pub order_name: String,
    pub lines: Vec<SupplyLine>,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    pub ships_from: String,
    pub service: String,
    pub days: Option<ShipTime>,
    pub currency: Currency,
    /// Minor units, as quoted.
    pub goods: i64,
    pub shipping: i64,
    /// Hundredths of a percent of the quote by which the order may be dearer.
    pub tolerance: u16,
    /// What the buyer paid for the lines without tax, in minor units of the store's currency.
    pub sold_for: i64,
    /// The most that may be paid, in minor units of the store's currency at the rate of the day on which this was planned.
    pub cost: i64,
    /// Whether it was wanted although it costs more than the lines were sold for.
    pub accepts_loss: bool,
}

impl SupplyPlan {
    /// More is no difference in rounding but another price.
    pub const MOST_TOLERANCE: u16 = 1_000;

    #[must_use]
    pub fn id_of(our_ref: &OurRef, scope: StoreScope) -> SupplierOrderId {
        let name = format!("supplier order\n{}", our_ref.as_str());
        SupplierOrderId(Uuid::new_v5(&scope.store.0, name.as_bytes()))
    }

    #[must_use]
    pub const fn quoted(&self) -> Money {
        Money::new(self.goods.saturating_add(self.shipping), self.currency)
    }

    /// With the tolerance: so much was approved, and not more. Rounded down.
    #[must_use]
    pub fn most(&self) -> Money {
        let quoted = self.quoted();
        let over = i128::from(quoted.minor) * i128::from(self.tolerance) / 10_000;
        let over = i64::try_from(over).unwrap_or(0);
        Money::new(quoted.minor.saturating_add(over), self.currency)
    }

    #[must_use]
    pub const fn tolerance(&self) -> Tolerance {
        Tolerance(self.tolerance)
    }

    /// Whether it costs more than its lines were sold for.
    #[must_use]
    pub const fn loses(&self) -> bool {
        self.cost > self.sold_for
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SupplierOrderState {
    /// It is under way to the supplier: whether it is there is looked up.
    Placing,
    /// It is there, and nothing was paid.
    Unpaid,
    Paid,
    Shipped,
    Delivered,
    /// It is not there, or was called off: its lines are free again.
    Cancelled,
    /// The supplier says something that has no meaning here; somebody has to look.
    Unclear,
}

impl SupplierOrderState {
    pub const ALL: [Self; 7] = [
        Self::Placing,
        Self::Unpaid,
        Self::Paid,
        Self::Shipped,
        Self::Delivered,
        Self::Cancelled,
        Self::Unclear,
    ];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Placing => "placing",
            Self::Unpaid => "unpaid",
            Self::Paid => "paid",
            Self::Shipped => "shipped",
            Self::Delivered => "delivered",
            Self::Cancelled => "cancelled",
            Self::Unclear => "unclear",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == text)
    }

    /// Whether its lines are had by it.
    #[must_use]
    pub const fn holds_lines(self) -> bool {
        !matches!(self, Self::Cancelled)
    }

    #[must_use]
    pub const fn is_paid(self) -> bool {
        matches!(self, Self::Paid | Self::Shipped | Self::Delivered)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplierOrder {
    pub scope: StoreScope,
    /// By which it was approved.
    pub change_set: ChangeSetId,
    pub plan: SupplyPlan,
    pub state: SupplierOrderState,
    /// Why it stands as it does, where somebody has to know.
    pub why: Option<String>,
    /// Why the supplier holds it back, as it was told at its creation; `None`: that answer never arrived.
    #[serde(default)]
    pub held: Option<Vec<String>>,
    /// As the supplier calls it.
    pub supplier_ref: Option<String>,
    /// As the supplier told it last.
    pub total: Option<Money>,
    /// In the order in which they were told first.
    pub parcels: Vec<Parcel>,
    /// Numbers of parcels that were handed on to the shop, each once.
    pub told: Vec<String>,
    /// With which units; empty for orders from before parcels told what they hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub handed: Vec<Handed>,
    /// By which they were.
    pub shipments: Vec<ChangeSetId>,
    /// By which it was called off, or is: what is not there any more was not lost then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub called_off: Option<ChangeSetId>,
    /// Whether its cost stands at the sale.
    pub booked: bool,
    pub created_at: DateTime<Utc>,
    pub paid_at: Option<DateTime<Utc>>,
    pub shipped_at: Option<DateTime<Utc>>,
    pub delivered_at: Option<DateTime<Utc>>,
    pub looked_at: Option<DateTime<Utc>>,
    /// When it is looked at again; `None`: it has ended.
    pub next_look_at: Option<DateTime<Utc>>,
    /// From 1 on.
    pub version: i64,
}

/// How often an order is looked at while something may come of it.
const LOOK_EVERY: Duration = Duration::minutes(15);
/// Once everything was sent.
const LOOK_SENT_EVERY: Duration = Duration::hours(12);
/// A parcel that is not there after so long is not waited for.
const LONGEST_WAIT: Duration = Duration::days(90);

impl SupplierOrder {
    #[must_use]
    pub const fn open(
        scope: StoreScope,
        change_set: ChangeSetId,
        plan: SupplyPlan,
        at: DateTime<Utc>,
    ) -> Self {
        Self {
            scope,
            change_set,
            plan,
            state: SupplierOrderState::Placing,
            why: None,
            held: None,
            supplier_ref: None,
            total: None,
            parcels: Vec::new(),
            told: Vec::new(),
            handed: Vec::new(),
            shipments: Vec::new(),
            called_off: None,
            booked: false,
            created_at: at,
            paid_at: None,
            shipped_at: None,
            delivered_at: None,
            looked_at: None,
            next_look_at: Some(at),
            version: 1,
        }
    }

    /// Takes what the supplier shows. Parcels are added to and never taken away, and what was delivered stays so.
    pub fn see(&mut self, placed: &Placed, now: DateTime<Utc>) {
        self.supplier_ref = Some(placed.supplier_ref.clone());
        self.total = placed.total.or(self.total);
        for parcel in &placed.parcels {
            match self.parcels.iter_mut().find(|p| p.number == parcel.number) {
                Some(known) => {
                    let items = parcel.items.clone().or(known.items.take());
                    *known = Parcel {
                        items,
                        ..parcel.clone()
                    };
                }
                None => self.parcels.push(parcel.clone()),
            }
        }
        if self.state != SupplierOrderState::Delivered {
            self.state = match placed.state {
                PlacedState::Unpaid => SupplierOrderState::Unpaid,
                PlacedState::Paid => SupplierOrderState::Paid,
                PlacedState::Shipped => SupplierOrderState::Shipped,
                PlacedState::Cancelled => SupplierOrderState::Cancelled,
                PlacedState::Unclear => SupplierOrderState::Unclear,
            };
        }
        self.why = self.known(placed).held.into_iter().next();
        if self.state.is_paid() {
            self.paid_at = self.paid_at.or(Some(now));
        }
        if self.state == SupplierOrderState::Shipped {
            self.shipped_at = self.shipped_at.or(Some(now));
        }
        self.looked(now);
    }

    /// What is shown, with what was told at the creation where it is not told any more.
    #[must_use]
    pub fn known(&self, placed: &Placed) -> Placed {
        match &self.held {
            Some(held) if !placed.holds_told => Placed {
                held: held.clone(),
                holds_told: true,
                ..placed.clone()
            },
            _ => placed.clone(),
        }
    }

    /// It never arrived there.
    pub fn lost(&mut self, why: &str, now: DateTime<Utc>) {
        self.state = SupplierOrderState::Cancelled;
        self.why = Some(why.to_owned());
        self.looked(now);
    }

    /// Every parcel is there.
    pub fn arrived(&mut self, now: DateTime<Utc>) {
        self.state = SupplierOrderState::Delivered;
        self.delivered_at = self.delivered_at.or(Some(now));
        self.looked(now);
    }

    /// When it is looked at again, by its state and age.
    pub fn looked(&mut self, now: DateTime<Utc>) {
        use SupplierOrderState as S;
        self.looked_at = Some(now);
        let is_old = now - self.created_at > LONGEST_WAIT;
        let every = match self.state {
            S::Cancelled => None,
            S::Delivered if self.untold().next().is_none() && self.booked => None,
            _ if is_old => None,
            S::Shipped if self.untold().next().is_none() && self.booked => Some(LOOK_SENT_EVERY),
            _ => Some(LOOK_EVERY),
        };
        self.next_look_at = every.map(|every| now + every);
    }

    /// What goods and shipping cost: goods by their quoted price, the rest of the total is shipping. Of a total below the goods all is goods.
    /// `None`: the supplier told no total.
    #[must_use]
    pub fn cost(&self) -> Option<(i64, i64)> {
        let total = self.total.filter(|t| t.currency == self.plan.currency)?;
        let goods = self.plan.goods.min(total.minor);
        Some((goods, total.minor - goods))
    }

    /// Whether it was there when it was promised; `None` while nobody can tell.
    #[must_use]
    pub fn in_time(&self) -> Option<bool> {
        match self.state {
            SupplierOrderState::Cancelled if self.paid_at.is_some() => Some(false),
            SupplierOrderState::Delivered => {
                let promised = self.plan.days?.max_days;
                let took = self.delivered_at? - self.paid_at?;
                Some(took <= Duration::days(i64::from(promised)))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
#[path = "order_tests.rs"]
mod tests;
