//! The profit figures per day, counted from what was sold, given back and paid — never from agreements or totals. Tests
//! compare a product's report with this.
//!
//! Days are the shop's. Test orders and deleted orders do not count. Figures are without tax unless they are tax.
//! `returns` is what goods taken back, cancelled or edited away had brought in, net of their discounts; money given back
//! for no goods stands in `adjustments` (negative). `cost_of_goods` is the cost valid when the goods were sold, less the
//! cost of goods that went back to stock (everything but `NO_RESTOCK`); units without a cost are counted apart.
//! `total_sales` is net sales + adjustments + shipping + taxes + duties + fees_charged, without tips and gift cards sold.

mod report;
mod tally;

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde_json::{Value, json};

use crate::app::App;
use crate::http::TruthQuery;
use crate::money::fixed;
pub(crate) use report::report_of;
pub(crate) use tally::{By, of_order, tally};

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

/// `GET /__truth?from=&to=&by=day|channel|country|product|variant|customer`: both days are included; without them everything.
pub(crate) async fn handle(app: Data<App>, query: TruthQuery) -> HttpResponse {
    let store = app.read();
    let by = query.by.unwrap_or(By::Day);
    let mut total = Day::default();
    let mut rows = Vec::new();
    for (key, day) in tally(&store, by, query.from, query.to) {
        total.add(&day);
        let mut row = day.to_json(store.shop.exponent);
        row[if by == By::Day { "date" } else { "key" }] = json!(key);
        rows.push(row);
    }
    HttpResponse::Ok().json(json!({
        "currency": store.shop.currency,
        "timezone": store.shop.zone.name(),
        if by == By::Day { "days" } else { "rows" }: rows,
        "total": total.to_json(store.shop.exponent),
    }))
}
