//! Counts the truth from the records of orders.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeZone};
use chrono_tz::Tz;

use super::Day;
use crate::generate::people::CHANNELS;
use crate::money::tax_in;
use crate::store::ids::{CUSTOMER, PRODUCT, VARIANT, gid};
use crate::store::order::{Line, LineKind, Order, Restock, Returned, StepKind, Taxes};
use crate::store::{Seconds, Store};

/// What the figures are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum By {
    Day,
    /// The source name of the order.
    Channel,
    /// The ISO code of the buyer's country.
    Country,
    /// The id of the product; what belongs to none (shipping, fees, payments, custom lines, tips) stands under "".
    Product,
    Variant,
    /// The id of the customer; orders without one stand under "".
    Customer,
}

/// The figures of the days `from` to `to`, both included, by key.
pub(crate) fn tally(
    store: &Store,
    by: By,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
) -> BTreeMap<String, Day> {
    let mut tally = Tally {
        store,
        zone: store.shop.zone,
        by,
        from,
        to,
        all: BTreeMap::new(),
        outside: Day::default(),
    };
    for order in store.live_orders().filter(|o| !o.test) {
        tally.order(order);
    }
    tally.all
}

/// One order by day, whether or not it counts; `zone` says whose days they are.
pub(crate) fn of_order(store: &Store, order: &Order, zone: Tz) -> BTreeMap<String, Day> {
    let mut tally = Tally {
        store,
        zone,
        by: By::Day,
        from: None,
        to: None,
        all: BTreeMap::new(),
        outside: Day::default(),
    };
    tally.order(order);
    tally.all
}

struct Tally<'a> {
    store: &'a Store,
    zone: Tz,
    by: By,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    all: BTreeMap<String, Day>,
    /// Takes what happened on other days.
    outside: Day,
}

/// What a piece of goods brought in: price and net, both without tax.
struct Worth {
    gross: i64,
    net: i64,
    tax: i64,
}

impl Tally<'_> {
    fn on(&mut self, at: Seconds, o: &Order, line: Option<&Line>) -> &mut Day {
        let local = self.zone.timestamp_opt(at, 0).earliest();
        let date = local.map(|t| t.date_naive()).unwrap_or_default();
        if self.from.is_some_and(|f| date < f) || self.to.is_some_and(|t| date > t) {
            return &mut self.outside;
        }
        let variant = line.and_then(Line::variant);
        let key = match self.by {
            By::Day => date.to_string(),
            By::Channel => CHANNELS[usize::from(o.channel)].0.to_owned(),
            By::Country => self.store.place(o).country_code.to_owned(),
            By::Customer => o
                .customer
                .map_or_else(String::new, |c| gid("Customer", CUSTOMER + i64::from(c))),
            By::Product => variant.map_or_else(String::new, |v| {
                gid(
                    "Product",
                    PRODUCT + i64::from(self.store.variant(v).product),
                )
            }),
            By::Variant => variant.map_or_else(String::new, |v| {
                gid("ProductVariant", VARIANT + i64::from(v))
            }),
        };
        self.all.entry(key).or_default()
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
        self.on(o.placed, o, None).orders += 1;
        for line in o.lines.iter().filter(|l| !l.only_taken_back()) {
            let at = line
                .added_by
                .map_or(o.placed, |s| o.steps[usize::from(s)].at);
            self.sold(o, line, at);
        }
        if let Some(ship) = &o.ship {
            let worth = self.worth(o, ship.price, ship.discount, ship.taxes);
            let day = self.on(o.placed, o, None);
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
            let day = self.on(txn.at, o, None);
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
        let day = self.on(at, o, Some(line));
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
        let day = self.on(at, o, Some(line));
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
        let day = self.on(at, o, None);
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
