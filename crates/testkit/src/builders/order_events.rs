//! What happens to an order after it was placed: refunds, edits, cancellation. Each moves `updated_at` forward.

use super::line::LineBuilder;
use super::order::OrderBuilder;
use chrono::{DateTime, Utc};
use domain::ids::{LineId, SaleId};
use domain::order::{
    AgreementReason, Refund, RefundLine, Restock, Sale, SaleAction, SaleKind, TransactionKind,
};

impl OrderBuilder {
    /// Takes back units of lines (by their place in the order) and gives the money back.
    ///
    /// # Panics
    /// When the order has no such line.
    #[must_use]
    pub fn refund(mut self, at: DateTime<Utc>, lines: &[(usize, i64, Restock)]) -> Self {
        let (mut sales, mut refunded) = (Vec::new(), Vec::new());
        for (index, units, restock) in lines {
            let sale = self.take_back(*index, *units, SaleAction::Return);
            refunded.push(RefundLine {
                line: sale.line.expect("a sale of a line"),
                quantity: *units,
                restock: *restock,
                subtotal: sale.tax - sale.amount,
                tax: -sale.tax,
            });
            sales.push(sale);
        }
        self.give_back(at, sales, Some(refunded))
    }

    /// A refund that belongs to no line.
    #[must_use]
    pub fn refund_amount(mut self, at: DateTime<Utc>, amount: i64) -> Self {
        let sale = Sale {
            id: SaleId(self.next()),
            action: SaleAction::Return,
            kind: SaleKind::Adjustment,
            quantity: None,
            line: None,
            amount: -amount,
            discount: 0,
            tax: 0,
        };
        self.give_back(at, vec![sale], None)
    }

    /// An edit that adds a line.
    #[must_use]
    pub fn edit_add(mut self, at: DateTime<Utc>, line: LineBuilder) -> Self {
        let sale = self.add_line(line, SaleAction::Update);
        self.order.edited = true;
        self.agree(at, AgreementReason::OrderEdit, vec![sale]);
        self
    }

    /// An edit that takes units off a line.
    #[must_use]
    pub fn edit_remove(mut self, at: DateTime<Utc>, line: usize, units: i64) -> Self {
        let sale = self.take_back(line, units, SaleAction::Update);
        self.order.edited = true;
        self.order.lines[line].current_quantity -= units;
        self.agree(at, AgreementReason::OrderEdit, vec![sale]);
        self
    }

    /// Cancelled before anything was shipped: all that is left of its lines is given back and back on the shelf.
    #[must_use]
    pub fn cancelled(mut self, at: DateTime<Utc>) -> Self {
        self.order.cancelled_at = Some(at);
        let left: Vec<_> = (0..self.order.lines.len())
            .map(|index| (index, self.left(index).0, Restock::Cancel))
            .filter(|(_, units, _)| *units > 0)
            .collect();
        self.refund(at, &left)
    }

    /// Units, amount and tax of a line that were not taken back yet.
    fn left(&self, index: usize) -> (i64, i64, i64) {
        let line = self.order.lines[index].id;
        self.sales_of(line)
            .fold((0, 0, 0), |(units, amount, tax), s| {
                (
                    units + s.quantity.unwrap_or(0),
                    amount + s.amount,
                    tax + s.tax,
                )
            })
    }

    fn sales_of(&self, line: LineId) -> impl Iterator<Item = &Sale> {
        let sales = self.order.agreements.iter().flat_map(|a| &a.sales);
        sales.filter(move |s| s.line == Some(line))
    }

    /// The units' share of what is left of the line, so that the last unit takes the rest.
    fn take_back(&mut self, index: usize, units: i64, action: SaleAction) -> Sale {
        let (all, amount, tax) = self.left(index);
        let share = |whole: i64| if all == 0 { 0 } else { whole * units / all };
        let line = &self.order.lines[index];
        let (line, gift_card) = (line.id, line.gift_card);
        Sale {
            id: SaleId(self.next()),
            action,
            kind: if gift_card {
                SaleKind::GiftCard
            } else {
                SaleKind::Product
            },
            quantity: Some(-units),
            line: Some(line),
            amount: -share(amount),
            discount: 0,
            tax: -share(tax),
        }
    }

    fn give_back(
        mut self,
        at: DateTime<Utc>,
        sales: Vec<Sale>,
        lines: Option<Vec<RefundLine>>,
    ) -> Self {
        let amount: i64 = -sales.iter().map(|s| s.amount).sum::<i64>();
        let id = self.refund_id();
        self.order.refunds.push(Refund {
            id,
            at,
            amount,
            lines,
        });
        self.agree(at, AgreementReason::Refund, sales);
        self.order.financial_status = "partially_refunded".to_owned();
        self.transaction(TransactionKind::Refund, amount, None, at)
    }
}
