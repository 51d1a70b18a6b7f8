//! From an order to its entries.

use super::costs::{LineCost, Movement, cost_amounts, first_sold, line_costs};
use super::{Basis, EntryKind, EntryReason, Ledger, LedgerEntry};
use crate::calendar::Calendar;
use crate::catalog::CostBook;
use crate::fx::RateTable;
use crate::ids::LineId;
use crate::inputs::OrderInputs;
use crate::money::allocate;
use crate::order::{Agreement, AgreementReason, Order, OrderLine, Sale, SaleAction, SaleKind};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// Grows when the same facts give another ledger than before: then all stored orders are booked again.
pub const DERIVATION: u32 = 3;

/// The entries of an order, in the order of time. A sale counts on the day of `processed_at`; edits, refunds and returns
/// on the day on which they happened; fees on the day of their transaction (all in the shop's zone).
#[must_use]
pub fn derive(order: &Order, calendar: &Calendar, costs: &CostBook) -> Ledger {
    derive_told(
        order,
        calendar,
        costs,
        &OrderInputs::default(),
        &RateTable::empty(),
    )
}

/// As [`derive`], with what is told of this very order, and the rates by which costs in other currencies are converted: of the day
/// of the sale or the payment. Without a rate of the day such a cost is unknown.
#[must_use]
pub fn derive_told(
    order: &Order,
    calendar: &Calendar,
    costs: &CostBook,
    told: &OrderInputs,
    rates: &RateTable,
) -> Ledger {
    let day = calendar.day_of(order.processed_at);
    if order.test {
        return Ledger {
            entries: Vec::new(),
            fees: Basis::Actual,
            shipping: Some(Basis::Actual),
            day,
            counts: false,
        };
    }
    let first_sold = first_sold(order);
    let line_costs = line_costs(order, calendar, (costs, told, rates), &first_sold);
    let booking = Booking {
        order,
        calendar,
        costs,
        told,
        rates,
        line_costs: &line_costs,
    };

    let mut entries = Vec::new();
    for agreement in &order.agreements {
        for sale in &agreement.sales {
            booking.book_sale(agreement, sale, &mut entries);
        }
    }
    booking.book_costs(&mut entries);
    let fees = booking.book_fees(&mut entries);
    let shipping = booking.book_shipping(&mut entries);
    // A stable order of entries whatever the order of the facts.
    entries.sort_by_key(|e| (e.at, e.kind, e.line, e.quantity, e.amount));
    Ledger {
        entries,
        fees,
        shipping: Some(shipping),
        day,
        counts: true,
    }
}

/// An order's own agreement counts when the order was processed, all others when they happened.
pub(super) fn effective_at(order: &Order, agreement: &Agreement) -> DateTime<Utc> {
    match agreement.reason {
        AgreementReason::Order => order.processed_at,
        _ => agreement.happened_at,
    }
}

pub(super) struct Booking<'a> {
    pub order: &'a Order,
    pub calendar: &'a Calendar,
    pub costs: &'a CostBook,
    pub told: &'a OrderInputs,
    pub rates: &'a RateTable,
    pub line_costs: &'a BTreeMap<LineId, LineCost>,
}

impl Booking<'_> {
    pub(super) fn entry(
        &self,
        at: DateTime<Utc>,
        kind: EntryKind,
        reason: EntryReason,
        amount: i64,
        line: Option<LineId>,
    ) -> LedgerEntry {
        let of = line.and_then(|id| self.order.line(id));
        LedgerEntry {
            day: self.calendar.day_of(at),
            at,
            kind,
            reason,
            amount,
            quantity: 0,
            line,
            product: of.and_then(|l| l.product),
            variant: of.and_then(|l| l.variant),
            cost: line
                .and_then(|id| self.line_costs.get(&id))
                .map_or(Basis::Actual, |c| c.basis),
        }
    }

    fn book_sale(&self, agreement: &Agreement, sale: &Sale, entries: &mut Vec<LedgerEntry>) {
        let at = effective_at(self.order, agreement);
        let reason = match agreement.reason {
            AgreementReason::Order => EntryReason::Order,
            AgreementReason::OrderEdit => EntryReason::Edit,
            AgreementReason::Refund => EntryReason::Refund,
            AgreementReason::Return => EntryReason::Return,
            AgreementReason::Other => EntryReason::Other,
        };
        let mut push = |kind, amount, quantity| {
            if amount != 0 || quantity != 0 {
                entries.push(LedgerEntry {
                    quantity,
                    ..self.entry(at, kind, reason, amount, sale.line)
                });
            }
        };
        let net = sale.amount - sale.tax;
        let quantity = sale.quantity.unwrap_or(0);
        match sale.kind {
            SaleKind::Product => {
                if is_discount_change(sale, net) {
                    push(EntryKind::Discount, net, 0);
                } else if takes_back(sale, net) {
                    push(EntryKind::Return, net, quantity);
                } else {
                    // The provider shows discounts with either sign; what was taken off is its size.
                    let discount = sale.discount.abs();
                    push(EntryKind::GrossSale, net + discount, quantity);
                    push(EntryKind::Discount, -discount, 0);
                }
            }
            SaleKind::Adjustment => push(EntryKind::Return, net, 0),
            SaleKind::Shipping => push(EntryKind::Shipping, net, 0),
            SaleKind::Tip => push(EntryKind::Tip, net, 0),
            SaleKind::GiftCard => push(EntryKind::GiftCard, net, 0),
            SaleKind::Duty => push(EntryKind::Duty, net, 0),
            SaleKind::Fee | SaleKind::AdditionalFee => push(EntryKind::ChargedFee, net, 0),
            SaleKind::Unknown => push(EntryKind::Unclassified, net, 0),
        }
        push(EntryKind::Tax, sale.tax, 0);
    }

    /// Goods leave with a sale, come back when an edit removes them, a refund puts them back on the shelf, or a return brings them.
    fn book_costs(&self, entries: &mut Vec<LedgerEntry>) {
        let mut movements = Vec::new();
        for agreement in &self.order.agreements {
            let at = effective_at(self.order, agreement);
            let edit = agreement.reason == AgreementReason::OrderEdit;
            for sale in agreement
                .sales
                .iter()
                .filter(|s| s.kind == SaleKind::Product)
            {
                let (Some(line), units) = (sale.line, sale.quantity.unwrap_or(0)) else {
                    continue;
                };
                let reason = if edit {
                    EntryReason::Edit
                } else {
                    EntryReason::Order
                };
                if units > 0 || edit {
                    movements.push(Movement {
                        at,
                        line,
                        units,
                        reason,
                    });
                }
            }
        }
        movements.extend(self.put_back_by_refunds());
        movements.extend(self.put_back_by_returns());
        for (movement, amount) in cost_amounts(self.order, self.line_costs, movements) {
            let entry = self.entry(
                movement.at,
                EntryKind::CostOfGoods,
                movement.reason,
                amount,
                Some(movement.line),
            );
            entries.push(LedgerEntry {
                quantity: -movement.units,
                ..entry
            });
        }
    }

    fn put_back_by_refunds(&self) -> impl Iterator<Item = Movement> {
        self.order.refunds.iter().flat_map(|refund| {
            let lines = refund.lines.iter().flatten();
            lines
                .filter(|l| l.restock.is_back_in_stock())
                .map(|l| Movement {
                    at: refund.at,
                    line: l.line,
                    units: -l.quantity,
                    reason: EntryReason::Restock,
                })
        })
    }

    /// Goods that came back by a return of which no refund says whether they went to the shelf count as put back: the
    /// customer sent them, and nobody recorded a loss.
    fn put_back_by_returns(&self) -> Vec<Movement> {
        let mut told_by_refunds = self.units_told_by_refunds();
        let mut movements = Vec::new();
        for agreement in self.in_time(AgreementReason::Return) {
            for sale in agreement
                .sales
                .iter()
                .filter(|s| s.kind == SaleKind::Product)
            {
                let (Some(line), Some(quantity)) = (sale.line, sale.quantity.filter(|q| *q < 0))
                else {
                    continue;
                };
                let told = told_by_refunds.entry(line).or_default();
                let known = (*told).clamp(0, -quantity);
                *told -= known;
                let units = quantity + known;
                if units != 0 {
                    movements.push(Movement {
                        at: agreement.happened_at,
                        line,
                        units,
                        reason: EntryReason::Restock,
                    });
                }
            }
        }
        movements
    }

    /// Units in refund lines beyond those that refunds themselves took back: they speak of returns.
    fn units_told_by_refunds(&self) -> BTreeMap<LineId, i64> {
        let mut units: BTreeMap<LineId, i64> = BTreeMap::new();
        for line in self
            .order
            .refunds
            .iter()
            .filter_map(|r| r.lines.as_ref())
            .flatten()
        {
            *units.entry(line.line).or_default() += line.quantity;
        }
        for sale in self
            .in_time(AgreementReason::Refund)
            .iter()
            .flat_map(|a| &a.sales)
        {
            if let (Some(line), Some(quantity)) = (sale.line, sale.quantity.filter(|q| *q < 0)) {
                *units.entry(line).or_default() += quantity;
            }
        }
        units
    }

    fn in_time(&self, reason: AgreementReason) -> Vec<&Agreement> {
        let mut agreements: Vec<_> = self
            .order
            .agreements
            .iter()
            .filter(|a| a.reason == reason)
            .collect();
        agreements.sort_by_key(|a| (a.happened_at, a.id));
        agreements
    }

    /// Spreads a cost over lines by what they sold for, so that a product's profit carries its share; without any such line it
    /// is the order's as a whole.
    pub(super) fn spread(
        &self,
        of: &LedgerEntry,
        lines: impl Fn(&OrderLine) -> bool,
        entries: &mut Vec<LedgerEntry>,
    ) {
        let lines: Vec<_> = self.order.lines.iter().filter(|l| lines(l)).collect();
        let weights: Vec<i64> = lines
            .iter()
            .map(|l| l.unit_price * l.quantity - l.discount)
            .collect();
        let mut book = |amount, line| {
            if amount != 0 {
                entries.push(self.entry(of.at, of.kind, of.reason, amount, line));
            }
        };
        if weights.iter().any(|w| *w > 0) {
            for (part, line) in allocate(of.amount, &weights).into_iter().zip(&lines) {
                book(part, Some(line.id));
            }
        } else {
            book(of.amount, None);
        }
    }
}

/// An update that moves no units and carries a discount of its own size changes the discount, not the goods.
fn is_discount_change(sale: &Sale, net: i64) -> bool {
    let no_units = sale.quantity.unwrap_or(0) == 0;
    sale.action == SaleAction::Update && no_units && net != 0 && sale.discount.abs() >= net.abs()
}

/// Whether a product sale takes value back. An update counts by its sign, because an edit adds as well as removes.
fn takes_back(sale: &Sale, net: i64) -> bool {
    match sale.action {
        SaleAction::Return => true,
        SaleAction::Order => net < 0 || sale.quantity.unwrap_or(0) < 0,
        SaleAction::Update | SaleAction::Other => net < 0 || sale.quantity.unwrap_or(0) < 0,
    }
}
