//! Orders.

use super::line::LineBuilder;
use super::{at, currency};
use chrono::{DateTime, Utc};
use domain::calendar::Calendar;
use domain::catalog::CostBook;
use domain::ids::{AgreementId, CustomerId, LineId, OrderId, RefundId, SaleId, TransactionId};
use domain::ledger;
use domain::order::{
    Agreement, AgreementReason, Order, OrderTotals, Sale, SaleAction, SaleKind, ShippingLine,
    Transaction, TransactionKind, TransactionStatus,
};
use ports::orders::BookedOrder;

/// An order with its agreements; what is not said is `USD`, sold on the web to the US at noon of 15 January 2026, without lines.
#[derive(Debug, Clone)]
pub struct OrderBuilder {
    pub(super) order: Order,
    next_id: i64,
}

impl OrderBuilder {
    #[must_use]
    pub fn new(id: i64) -> Self {
        let sold_at = at("2026-01-15T12:00:00Z");
        let order = Order {
            id: OrderId(id),
            name: format!("#{id}"),
            currency: currency("USD"),
            taxes_included: false,
            test: false,
            processed_at: sold_at,
            created_at: sold_at,
            updated_at: sold_at,
            cancelled_at: None,
            channel: "web".to_owned(),
            country: Some("US".to_owned()),
            financial_status: "paid".to_owned(),
            fulfillment_status: "unfulfilled".to_owned(),
            customer: None,
            tags: Vec::new(),
            edited: false,
            lines: Vec::new(),
            shipping_lines: Vec::new(),
            agreements: vec![Agreement {
                id: AgreementId(0),
                happened_at: sold_at,
                reason: AgreementReason::Order,
                sales: Vec::new(),
            }],
            transactions: Vec::new(),
            refunds: Vec::new(),
            totals: OrderTotals::default(),
            total_grams: None,
            billing_country: None,
            provider_risk: None,
            journey: Some(domain::attribution::Journey::default()),
        };
        Self { order, next_id: 0 }
    }

    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        self.order.name = name.to_owned();
        self
    }

    /// Call it before amounts are given.
    #[must_use]
    pub fn currency(mut self, code: &str) -> Self {
        self.order.currency = currency(code);
        self
    }

    /// Call it before lines are added.
    #[must_use]
    pub fn taxes_included(mut self) -> Self {
        self.order.taxes_included = true;
        self
    }

    /// When it was sold, created and last updated.
    #[must_use]
    pub fn sold_at(mut self, at: DateTime<Utc>) -> Self {
        self.order.processed_at = at;
        self.order.created_at = at;
        self.order.agreements[0].happened_at = at;
        self.updated_at(at)
    }

    #[must_use]
    pub fn updated_at(mut self, at: DateTime<Utc>) -> Self {
        self.order.updated_at = at;
        self
    }

    #[must_use]
    pub fn channel(mut self, channel: &str) -> Self {
        self.order.channel = channel.to_owned();
        self
    }

    #[must_use]
    pub fn country(mut self, country: Option<&str>) -> Self {
        self.order.country = country.map(ToOwned::to_owned);
        self
    }

    #[must_use]
    pub fn customer(mut self, id: i64) -> Self {
        self.order.customer = Some(CustomerId(id));
        self
    }

    #[must_use]
    pub fn tag(mut self, tag: &str) -> Self {
        self.order.tags.push(tag.to_owned());
        self
    }

    #[must_use]
    pub fn test(mut self) -> Self {
        self.order.test = true;
        self
    }

    #[must_use]
    pub fn financial_status(mut self, status: &str) -> Self {
        self.order.financial_status = status.to_owned();
        self
    }

    #[must_use]
    pub fn fulfillment_status(mut self, status: &str) -> Self {
        self.order.fulfillment_status = status.to_owned();
        self
    }

    /// A line of the order as it was placed.
    #[must_use]
    pub fn line(mut self, line: LineBuilder) -> Self {
        let sale = self.add_line(line, SaleAction::Order);
        self.order.agreements[0].sales.push(sale);
        self
    }

    /// `tax` on top of the price, or part of it when the order's taxes are included.
    #[must_use]
    pub fn shipping(mut self, price: i64, tax: i64) -> Self {
        self.order.shipping_lines.push(ShippingLine {
            title: "Standard".to_owned(),
            price,
            discounted_price: price,
        });
        let amount = if self.order.taxes_included {
            price
        } else {
            price + tax
        };
        self.charge(SaleKind::Shipping, amount, tax)
    }

    #[must_use]
    pub fn tip(self, amount: i64) -> Self {
        self.charge(SaleKind::Tip, amount, 0)
    }

    #[must_use]
    pub fn duty(self, amount: i64) -> Self {
        self.charge(SaleKind::Duty, amount, 0)
    }

    /// An amount of the order as a whole; tax is part of it.
    #[must_use]
    pub fn charge(mut self, kind: SaleKind, amount: i64, tax: i64) -> Self {
        let sale = Sale {
            id: SaleId(self.next()),
            action: SaleAction::Order,
            kind,
            quantity: None,
            line: None,
            amount,
            discount: 0,
            tax,
        };
        self.order.agreements[0].sales.push(sale);
        self
    }

    /// One successful payment of all that was ordered so far; `fee` is what the gateway kept, `None` when unknown.
    #[must_use]
    pub fn paid(self, fee: Option<i64>) -> Self {
        let (amount, at) = (self.ordered(), self.order.processed_at);
        self.transaction(TransactionKind::Sale, amount, fee, at)
    }

    #[must_use]
    pub fn transaction(
        mut self,
        kind: TransactionKind,
        amount: i64,
        fee: Option<i64>,
        at: DateTime<Utc>,
    ) -> Self {
        let transaction = Transaction {
            id: TransactionId(self.next()),
            kind,
            status: TransactionStatus::Success,
            gateway: "shopify_payments".to_owned(),
            amount,
            fee,
            processed_at: at,
            test: self.order.test,
        };
        self.order.transactions.push(transaction);
        self
    }

    /// Changes the newest transaction's gateway.
    #[must_use]
    pub fn through(mut self, gateway: &str) -> Self {
        if let Some(last) = self.order.transactions.last_mut() {
            last.gateway = gateway.to_owned();
        }
        self
    }

    #[must_use]
    pub fn build(mut self) -> Order {
        let ordered = self.ordered();
        let sum = |kind| -> i64 {
            let sales = self.order.agreements[0].sales.iter();
            sales
                .filter(|s| s.kind == kind)
                .map(|s| s.amount - s.tax)
                .sum()
        };
        let tax = self.order.agreements[0].sales.iter().map(|s| s.tax).sum();
        let sales = self.order.agreements.iter().flat_map(|a| &a.sales);
        self.order.totals = OrderTotals {
            subtotal: sum(SaleKind::Product) + sum(SaleKind::GiftCard),
            discounts: self.order.lines.iter().map(|l| l.discount).sum(),
            shipping: sum(SaleKind::Shipping),
            tax,
            duties: sum(SaleKind::Duty),
            tips: sum(SaleKind::Tip),
            total: ordered,
            current_total: sales.map(|s| s.amount).sum(),
            refunded: self.order.refunds.iter().map(|r| r.amount).sum(),
        };
        self.order
    }

    /// With its ledger by the given costs, in UTC days.
    ///
    /// # Panics
    /// Never: UTC is in every version of the time zone database.
    #[must_use]
    pub fn booked(self, costs: &CostBook) -> BookedOrder {
        let calendar = Calendar::parse("UTC").expect("UTC is a zone");
        let order = self.build();
        let ledger = ledger::derive(&order, &calendar, costs);
        BookedOrder { order, ledger }
    }

    /// Ids of what belongs to the order; unique within it.
    pub(super) fn next(&mut self) -> i64 {
        self.next_id += 1;
        self.order.id.0.wrapping_mul(100).wrapping_add(self.next_id)
    }

    pub(super) fn add_line(&mut self, line: LineBuilder, action: SaleAction) -> Sale {
        let mut line = line.0;
        line.id = LineId(self.next());
        let before_tax = line.unit_price * line.quantity - line.discount;
        let (amount, discount) = if self.order.taxes_included {
            // The discount without the tax in it, by the line's own share of tax.
            let share = line.discount * line.tax / before_tax.max(1);
            (before_tax, line.discount - share)
        } else {
            (before_tax + line.tax, line.discount)
        };
        let sale = Sale {
            id: SaleId(self.next()),
            action,
            kind: if line.gift_card {
                SaleKind::GiftCard
            } else {
                SaleKind::Product
            },
            quantity: Some(line.quantity),
            line: Some(line.id),
            amount,
            discount,
            tax: line.tax,
        };
        self.order.lines.push(line);
        sale
    }

    pub(super) fn agree(&mut self, at: DateTime<Utc>, reason: AgreementReason, sales: Vec<Sale>) {
        let id = AgreementId(self.next());
        self.order.agreements.push(Agreement {
            id,
            happened_at: at,
            reason,
            sales,
        });
        self.order.updated_at = self.order.updated_at.max(at);
    }

    pub(super) fn refund_id(&mut self) -> RefundId {
        RefundId(self.next())
    }

    /// With tax, as placed.
    fn ordered(&self) -> i64 {
        self.order.agreements[0]
            .sales
            .iter()
            .map(|s| s.amount)
            .sum()
    }
}
