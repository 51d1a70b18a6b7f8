//! The profit figures per day, counted from what was sold, given back and paid — never from agreements or totals. Tests
//! compare a product's report with this.
//!
//! Days are the shop's. Test orders and deleted orders do not count. Figures are without tax unless they are tax.
//! `returns` is what goods taken back, cancelled or edited away had brought in, net of their discounts; money given back
//! for no goods stands in `adjustments` (negative). `cost_of_goods` is the cost valid when the goods were sold, less the
//! cost of goods that went back to stock (everything but `NO_RESTOCK`); units without a cost are counted apart.
//! `total_sales` is net sales + adjustments + shipping + taxes + duties + fees_charged, without tips and gift cards sold.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::web::Data;
use chrono::{NaiveDate, TimeZone};
use serde_json::{Value, json};

use crate::app::App;
use crate::http::DayQuery;
use crate::money::{fixed, tax_in};
use crate::store::order::{Line, LineKind, Order, Restock, Returned, StepKind, Taxes};
use crate::store::{Seconds, Store};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Day {
    pub orders: i64,
    /// Units sold less units taken back.
    pub units: i64,
    pub units_sold: i64,
    pub gross_sales: i64,
    pub discounts: i64,
    pub returns: i64,
    pub adjustments: i64,
    pub shipping: i64,
    pub taxes: i64,
    pub fees_charged: i64,
    pub tips: i64,
    pub gift_cards: i64,
    pub cost_of_goods: i64,
    pub net_sales_without_cost: i64,
    pub payment_fees: i64,
    pub payments: i64,
    pub refunds: i64,
}

impl Day {
    pub(crate) fn net_sales(&self) -> i64 {
        self.gross_sales - self.discounts - self.returns
    }

    pub(crate) fn total_sales(&self) -> i64 {
        self.net_sales() + self.adjustments + self.shipping + self.taxes + self.fees_charged
    }

    pub(crate) fn add(&mut self, o: &Self) {
        let pairs = [
            (&mut self.orders, o.orders),
            (&mut self.units, o.units),
            (&mut self.units_sold, o.units_sold),
            (&mut self.gross_sales, o.gross_sales),
            (&mut self.discounts, o.discounts),
            (&mut self.returns, o.returns),
            (&mut self.adjustments, o.adjustments),
            (&mut self.shipping, o.shipping),
            (&mut self.taxes, o.taxes),
            (&mut self.fees_charged, o.fees_charged),
            (&mut self.tips, o.tips),
            (&mut self.gift_cards, o.gift_cards),
            (&mut self.cost_of_goods, o.cost_of_goods),
            (&mut self.net_sales_without_cost, o.net_sales_without_cost),
            (&mut self.payment_fees, o.payment_fees),
            (&mut self.payments, o.payments),
            (&mut self.refunds, o.refunds),
        ];
        for (to, amount) in pairs {
            *to += amount;
        }
    }

    fn to_json(self, exponent: u32) -> Value {
        let money = |minor| fixed(minor, exponent);
        json!({
            "orders": self.orders, "units": self.units, "units_sold": self.units_sold,
            "gross_sales": money(self.gross_sales), "discounts": money(self.discounts), "returns": money(self.returns),
            "net_sales": money(self.net_sales()), "adjustments": money(self.adjustments), "shipping": money(self.shipping),
            "taxes": money(self.taxes), "duties": money(0), "fees_charged": money(self.fees_charged), "tips": money(self.tips),
            "gift_cards": money(self.gift_cards), "total_sales": money(self.total_sales()),
            "net_revenue": money(self.net_sales() + self.adjustments + self.shipping + self.fees_charged + self.tips),
            "cost_of_goods": money(self.cost_of_goods), "net_sales_without_cost": money(self.net_sales_without_cost),
            "payment_fees": money(self.payment_fees), "payments": money(self.payments), "refunds": money(self.refunds),
        })
    }
}

/// All days on which something happened.
pub(crate) fn days(store: &Store) -> BTreeMap<NaiveDate, Day> {
    let mut days = Days {
        store,
        all: BTreeMap::new(),
    };
    for order in store.live_orders().filter(|o| !o.test) {
        days.order(order);
    }
    days.all
}

struct Days<'a> {
    store: &'a Store,
    all: BTreeMap<NaiveDate, Day>,
}

/// What a piece of goods brought in: price and net, both without tax.
struct Worth {
    gross: i64,
    net: i64,
    tax: i64,
}

impl Days<'_> {
    fn on(&mut self, at: Seconds) -> &mut Day {
        let day = self
            .store
            .shop
            .zone
            .timestamp_opt(at, 0)
            .earliest()
            .map(|t| t.date_naive())
            .unwrap_or_default();
        self.all.entry(day).or_default()
    }

    fn worth(&self, o: &Order, gross: i64, discount: i64, taxes: Taxes) -> Worth {
        let tax = taxes.iter().sum();
        if !o.taxes_included {
            return Worth {
                gross,
                net: gross - discount,
                tax,
            };
        }
        let contained: i64 = if tax == 0 {
            0
        } else {
            self.store
                .place(o)
                .rates()
                .iter()
                .map(|r| tax_in(gross, *r))
                .sum()
        };
        Worth {
            gross: gross - contained,
            net: gross - discount - tax,
            tax,
        }
    }

    fn order(&mut self, o: &Order) {
        self.on(o.placed).orders += 1;
        for line in o.lines.iter().filter(|l| !l.only_taken_back()) {
            let at = line
                .added_by
                .map_or(o.placed, |s| o.steps[usize::from(s)].at);
            self.sold(o, line, at);
        }
        if let Some(ship) = &o.ship {
            let worth = self.worth(o, ship.price, ship.discount, ship.taxes);
            let day = self.on(o.placed);
            day.shipping += worth.net;
            day.taxes += worth.tax;
        }
        for step in &o.steps {
            for back in step.returned() {
                self.taken_back(o, back, step.at);
            }
            self.money_back(o, step.at, &step.kind);
        }
        for txn in o.transactions.iter().filter(|t| t.moved()) {
            let day = self.on(txn.at);
            day.payment_fees += txn.fee;
            if txn.step.is_some() {
                day.refunds += txn.amount
            } else {
                day.payments += txn.amount
            }
        }
    }

    fn sold(&mut self, o: &Order, line: &Line, at: Seconds) {
        let worth = self.worth(o, line.gross, line.discount(), line.taxes);
        let cost = line
            .variant()
            .and_then(|v| self.store.variant(v).cost_at(at))
            .map(|c| c * i64::from(line.quantity));
        let day = self.on(at);
        match line.kind {
            LineKind::Tip => day.tips += line.gross,
            LineKind::GiftCard => day.gift_cards += worth.net,
            LineKind::Discount => {
                day.discounts -= line.gross;
                day.net_sales_without_cost += line.gross;
            }
            _ => {
                day.units += i64::from(line.quantity);
                day.units_sold += i64::from(line.quantity);
                day.gross_sales += worth.gross;
                day.discounts += worth.gross - worth.net;
                day.taxes += worth.tax;
                day.cost_of_goods += cost.unwrap_or(0);
                day.net_sales_without_cost += if cost.is_none() { worth.net } else { 0 };
            }
        }
    }

    fn taken_back(&mut self, o: &Order, back: &Returned, at: Seconds) {
        let line = &o.lines[back.line];
        let sold_at = line
            .added_by
            .map_or(o.placed, |s| o.steps[usize::from(s)].at);
        let worth = self.worth(o, back.gross, back.discount, back.taxes);
        let cost = line
            .variant()
            .and_then(|v| self.store.variant(v).cost_at(sold_at))
            .map(|c| c * i64::from(back.quantity));
        let day = self.on(at);
        match line.kind {
            LineKind::Tip => day.tips -= back.gross,
            LineKind::GiftCard => day.gift_cards -= worth.net,
            _ => {
                day.units -= i64::from(back.quantity);
                day.returns += worth.net;
                day.taxes -= worth.tax;
                day.cost_of_goods -= if back.restock == Restock::Nothing {
                    0
                } else {
                    cost.unwrap_or(0)
                };
                day.net_sales_without_cost -= if cost.is_none() { worth.net } else { 0 };
            }
        }
    }

    fn money_back(&mut self, o: &Order, at: Seconds, kind: &StepKind) {
        let day = self.on(at);
        match kind {
            StepKind::Refund {
                shipping,
                shipping_taxes,
                extra,
                ..
            } => {
                let tax: i64 = shipping_taxes.iter().sum();
                day.shipping -= if o.taxes_included {
                    shipping - tax
                } else {
                    *shipping
                };
                day.taxes -= tax;
                day.adjustments -= extra;
            }
            StepKind::Return { shipping, fee, .. } => {
                day.shipping -= shipping;
                day.fees_charged += fee;
            }
            StepKind::Edit { .. } => {}
        }
    }
}

/// `GET /__truth?from=&to=`: both days are included; without them everything.
pub(crate) async fn handle(app: Data<App>, query: DayQuery) -> HttpResponse {
    let store = app.read();
    let mut total = Day::default();
    let mut rows = Vec::new();
    for (date, day) in days(&store) {
        if query.from.is_none_or(|f| date >= f) && query.to.is_none_or(|t| date <= t) {
            total.add(&day);
            let mut row = day.to_json(store.shop.exponent);
            row["date"] = json!(date);
            rows.push(row);
        }
    }
    HttpResponse::Ok().json(json!({
        "currency": store.shop.currency,
        "timezone": store.shop.zone.name(),
        "days": rows,
        "total": total.to_json(store.shop.exponent),
    }))
}
