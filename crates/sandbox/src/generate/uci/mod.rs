//! A store from a file of invoices with the columns of the UCI Online Retail data: Invoice, StockCode, Description,
//! Quantity, InvoiceDate, Price, Customer ID, Country. Pounds, Europe/London, untaxed.
//!
//! An invoice is an order, named after it. What each line becomes:
//! - positive quantity: a line that was sold; negative quantity (credit notes `C…`, write-offs): goods taken back by a
//!   return of the same moment, for the file does not say which sale they belong to;
//! - POST, DOT, C2: shipping, or shipping given back; D: a discount on the order;
//! - codes that are no stock code (five digits and letters): custom lines without variant and cost;
//! - invoices `A…` (bad-debt adjustments) are left out.
//!
//! A few prices have three decimals. Amounts are rounded to the penny with the remainder carried to the next such line, so
//! that all amounts together are the exact sum of quantity × price, rounded once.

mod line;

use std::collections::HashMap;
use std::path::Path;

use anyhow::Context as _;
use chrono_tz::Europe::London;

use line::{Row, is_stock_code, moment};

use super::places;
use super::sale::{blank, payment};
use crate::store::totals::totals;
use crate::store::{
    Customer, Line, LineKind, Order, Product, Restock, Returned, Seconds, Ship, Step, StepKind,
    Store, TxnKind, TxnStatus, Variant,
};

/// # Errors
/// Names the line that cannot be read.
pub(crate) fn load(file: &Path, cost_percent: Option<u32>) -> anyhow::Result<Store> {
    let mut reader = csv::Reader::from_path(file)
        .with_context(|| format!("{} cannot be read", file.display()))?;
    let mut import = Import::new();
    let mut record = csv::ByteRecord::new();
    import.columns(reader.byte_headers()?)?;
    let mut row = 1;
    while reader.read_byte_record(&mut record)? {
        row += 1;
        import
            .line(&record)
            .with_context(|| format!("line {row} of {}", file.display()))?;
    }
    Ok(import.finish(cost_percent))
}

struct Import {
    store: Store,
    orders: HashMap<Box<str>, (usize, Box<str>)>,
    codes: HashMap<Box<str>, u32>,
    customers: HashMap<Box<str>, u32>,
    countries: HashMap<&'static str, u16>,
    /// Thousandths that were rounded off so far, from −5 to 4.
    carry: i64,
}

impl Import {
    fn new() -> Self {
        let mut store = super::empty("GBP", London, Seconds::MAX);
        "Online Retail Sandbox".clone_into(&mut store.shop.name);
        store.places = places::countries();
        let countries = (0u16..)
            .zip(&store.places)
            .map(|(n, p)| (p.country, n))
            .collect();
        Self {
            store,
            orders: HashMap::new(),
            codes: HashMap::new(),
            customers: HashMap::new(),
            countries,
            carry: 0,
        }
    }

    fn columns(&self, header: &csv::ByteRecord) -> anyhow::Result<()> {
        let seen: Vec<_> = header
            .iter()
            .map(|h| {
                String::from_utf8_lossy(h)
                    .trim_start_matches('\u{feff}')
                    .to_owned()
            })
            .collect();
        let expected = [
            "Invoice",
            "StockCode",
            "Description",
            "Quantity",
            "InvoiceDate",
            "Price",
            "Customer ID",
            "Country",
        ];
        anyhow::ensure!(
            seen == expected,
            "the columns must be {}, they are {}",
            expected.join(","),
            seen.join(",")
        );
        Ok(())
    }

    fn line(&mut self, record: &csv::ByteRecord) -> anyhow::Result<()> {
        let row = Row::read(record)?;
        if row.invoice.starts_with('A') {
            return Ok(());
        }
        let order = self.order(&row)?;
        self.add(order, &row);
        Ok(())
    }

    fn order(&mut self, row: &Row<'_>) -> anyhow::Result<usize> {
        if let Some((known, date)) = self.orders.get_mut(row.invoice) {
            let known = *known;
            // A few invoices were entered over two minutes: the first one counts.
            if row.date < &**date {
                let at = moment(row.date)?;
                *date = row.date.into();
                self.stamp(known, at);
            }
            return Ok(known);
        }
        let at = moment(row.date)?;
        let index = self.store.orders.len();
        let customer = (!row.customer.is_empty()).then(|| self.customer(row, at));
        self.store.shop.opened = self.store.shop.opened.min(at);
        self.store.orders.push(Order {
            index: u32::try_from(index)?,
            name: row.invoice.into(),
            placed: at,
            updated: at,
            cancelled: None,
            deleted: None,
            customer,
            place: self.countries.get(row.country).copied().unwrap_or(0),
            channel: 0,
            test: false,
            taxes_included: false,
            presentment: None,
            code: None,
            code_share: 0,
            fulfilled: true,
            lines: Vec::new(),
            ship: None,
            steps: Vec::new(),
            transactions: Vec::new(),
        });
        self.orders
            .insert(row.invoice.into(), (index, row.date.into()));
        Ok(index)
    }

    fn stamp(&mut self, order: usize, at: Seconds) {
        let order = &mut self.store.orders[order];
        (order.placed, order.updated) = (at, at);
        for step in &mut order.steps {
            step.at = at;
        }
    }

    fn customer(&mut self, row: &Row<'_>, at: Seconds) -> u32 {
        if let Some(&known) = self.customers.get(row.customer) {
            return known;
        }
        let next = u32::try_from(self.store.customers.len()).unwrap_or(u32::MAX);
        let place = self.countries.get(row.country).copied().unwrap_or(0);
        self.store.customers.push(Customer {
            first: "",
            last: "",
            mail: crate::generate::people::MAIL,
            place,
            created: at,
            updated: at,
            orders: 0,
            spent: 0,
            last_order: None,
            gone: false,
        });
        self.customers.insert(row.customer.into(), next);
        next
    }

    fn add(&mut self, order: usize, row: &Row<'_>) {
        let amount = self.pennies(i64::from(row.quantity) * row.price);
        let back = row.quantity < 0;
        if matches!(row.code, "POST" | "DOT" | "C2") {
            self.shipping(order, amount, back);
            return;
        }
        let product = is_stock_code(row.code);
        let what = if product {
            self.variant(row)
        } else {
            self.store.text(
                if row.description.is_empty() {
                    row.code
                } else {
                    row.description
                },
                row.code,
            )
        };
        let kind = match (row.code, product, back) {
            ("D", ..) => LineKind::Discount,
            (_, true, false) => LineKind::Product,
            (_, true, true) => LineKind::TakenBack,
            (_, false, false) => LineKind::Custom,
            (_, false, true) => LineKind::CustomTakenBack,
        };
        let quantity = if kind == LineKind::Discount {
            0
        } else {
            row.quantity.saturating_abs()
        };
        let gross = if kind == LineKind::Discount {
            amount
        } else {
            amount.abs()
        };
        let line = self.store.orders[order].lines.len();
        self.store.orders[order].lines.push(Line {
            kind,
            what,
            quantity,
            price: (row.price + 5).div_euclid(10),
            gross,
            ..blank()
        });
        if back && kind != LineKind::Discount {
            let returned = Returned {
                line,
                quantity,
                restock: Restock::Return,
                gross,
                discount: 0,
                taxes: [0, 0],
            };
            if let StepKind::Return { lines, .. } = self.giving_back(order) {
                lines.push(returned);
            }
        }
    }

    fn shipping(&mut self, order: usize, amount: i64, back: bool) {
        let ship = self.store.orders[order].ship.get_or_insert(Ship {
            title: "Postage",
            price: 0,
            discount: 0,
            taxes: [0, 0],
        });
        if !back {
            ship.price += amount;
        } else if let StepKind::Return { shipping, .. } = self.giving_back(order) {
            *shipping -= amount;
        }
    }

    /// The one return of an invoice.
    fn giving_back(&mut self, order: usize) -> &mut StepKind {
        let order = &mut self.store.orders[order];
        if order.steps.is_empty() {
            order.steps.push(Step {
                at: order.placed,
                kind: StepKind::Return {
                    lines: Vec::new(),
                    shipping: 0,
                    fee: 0,
                },
            });
        }
        &mut order.steps[0].kind
    }

    fn variant(&mut self, row: &Row<'_>) -> u32 {
        let price = (row.price + 5).div_euclid(10);
        if let Some(&known) = self.codes.get(row.code) {
            if row.price > 0 && row.quantity > 0 {
                self.store.variants[known as usize].price = price;
            }
            let title = &mut self.store.products[known as usize].title;
            if title == row.code && !row.description.is_empty() && row.price > 0 {
                row.description.clone_into(title);
            }
            return known;
        }
        let next = u32::try_from(self.store.products.len()).unwrap_or(u32::MAX);
        let title = if row.description.is_empty() || row.price == 0 {
            row.code
        } else {
            row.description
        };
        let opened = 1_259_625_600;
        self.store.products.push(Product {
            title: title.to_owned(),
            handle: row.code.to_lowercase(),
            vendor: "Online Retail".to_owned(),
            kind: "Gifts".to_owned(),
            description: String::new(),
            options: Vec::new(),
            tags: Vec::new(),
            status: "ACTIVE",
            gift_card: false,
            created: opened,
            updated: opened,
            deleted: None,
            variants: next..next + 1,
        });
        self.store.variants.push(Variant {
            product: next,
            title: "Default Title".to_owned(),
            sku: row.code.to_owned(),
            price,
            earlier: Vec::new(),
            compare_at: None,
            costs: vec![(Seconds::MIN, None)],
            tracked: true,
            stock: [0, 0],
            updated: opened,
        });
        self.codes.insert(row.code.into(), next);
        next
    }

    /// Rounded half up, with what was rounded off before.
    fn pennies(&mut self, thousandths: i64) -> i64 {
        let (whole, rest) = (thousandths.div_euclid(10), thousandths.rem_euclid(10));
        if rest == 0 {
            return whole;
        }
        self.carry += rest;
        if self.carry >= 5 {
            self.carry -= 10;
            return whole + 1;
        }
        whole
    }

    fn finish(mut self, cost_percent: Option<u32>) -> Store {
        for order in &mut self.store.orders {
            let worth = totals(order).current;
            if worth > 0 {
                order.transactions.push(payment(
                    order.placed,
                    TxnKind::Sale,
                    TxnStatus::Success,
                    "manual",
                    worth,
                ));
            }
            if let Some(customer) = order
                .customer
                .map(|c| &mut self.store.customers[c as usize])
            {
                customer.orders += 1;
                customer.spent += worth;
                customer.updated = customer.updated.max(order.placed);
                customer.last_order = Some(order.index);
            }
        }
        if let Some(percent) = cost_percent {
            for variant in &mut self.store.variants {
                variant.costs = vec![(
                    Seconds::MIN,
                    Some(crate::money::share(variant.price, i64::from(percent), 100)),
                )];
            }
        }
        self.store.popularity = crate::random::cumulative(self.store.variants.iter().map(|_| 1));
        self.store
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounded_amounts_add_up_to_the_rounded_sum() {
        let mut import = Import::new();
        let sum: i64 = (0..14).map(|_| import.pennies(1)).sum();
        assert_eq!(sum, 1, "14 times 0.001 is 0.01");
    }
}
