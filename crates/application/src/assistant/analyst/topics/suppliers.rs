//! What suppliers changed of late, and which orders of goods are late.

use super::super::say;
use super::super::{Analyst, AnswerError, Shop};
use chrono::Duration;
use domain::assistant::answer::{Amount, Answer, Outcome, Table, TableRow};
use domain::money::round_to_minor;
use domain::purchase::PurchaseStatus;
use domain::supplier::{OfferChange, OfferNews, Presence, Price, Stock};
use ports::PageRequest;
use ports::page::MAX_LIMIT;
use ports::suppliers::{ChangeFilter, OfferFilter};

/// Older changes are no news.
const DAYS: i64 = 7;
/// Rows of a table.
const SHOWN: usize = 20;
/// Named in a sentence.
const SAID: usize = 3;

#[derive(Default)]
struct News {
    prices: u64,
    stock: u64,
    gone: u64,
    back: u64,
    rows: Vec<TableRow>,
}

impl News {
    fn add(&mut self, change: &OfferChange) {
        let title = change.title.as_deref().unwrap_or("without a title");
        let name = match change.variant_name.as_deref() {
            Some(variant) => format!("{title} · {variant}"),
            None => title.to_owned(),
        };
        let (what, now, before) = match &change.news {
            OfferNews::Price { from, to } => {
                self.prices += 1;
                ("price", price(to.as_ref()), price(from.as_ref()))
            }
            OfferNews::Stock { from, to } => {
                self.stock += 1;
                ("stock", pieces(to), pieces(from))
            }
            OfferNews::Gone => {
                self.gone += 1;
                ("not sold any more", None, None)
            }
            OfferNews::Back => {
                self.back += 1;
                ("sold again", None, None)
            }
        };
        self.rows.push(TableRow {
            label: format!("{name}: {what}"),
            values: vec![now, before],
            link: Some("/catalogues".to_owned()),
        });
    }

    fn words(&self) -> String {
        let told = [
            (self.prices, "of a price"),
            (self.stock, "of stock"),
            (self.gone, "to what is not sold any more"),
            (self.back, "to what is sold again"),
        ];
        let told = told.iter().filter(|(n, _)| *n > 0);
        let told: Vec<String> = told.map(|(n, what)| format!("{n} {what}")).collect();
        match told[..] {
            [] => format!("Suppliers changed nothing within {DAYS} days."),
            _ => format!(
                "Changes at suppliers within {DAYS} days: {}.",
                told.join(", ")
            ),
        }
    }
}

impl Analyst {
    pub(in super::super) async fn supplier_changes(
        &self,
        shop: &Shop,
    ) -> Result<Answer, AnswerError> {
        let since = self.ports.clock.now() - Duration::days(DAYS);
        let (mut news, mut has_offers, mut is_part) = (News::default(), false, false);
        for store in &shop.stores {
            let port = &self.ports.suppliers;
            let (any, one) = (OfferFilter::default(), PageRequest::first(1));
            let offers = port.list_offers(store.scope, &any, &one);
            has_offers |= !offers.await?.items.is_empty();
            let (all, page) = (ChangeFilter::default(), PageRequest::first(MAX_LIMIT));
            let changes = port.offer_changes(store.scope, &all, &page);
            let changes = changes.await?;
            let recent = changes.items.iter();
            let recent = recent.take_while(|c| c.heard.observed_at >= since);
            let before = news.rows.len();
            recent.for_each(|change| news.add(change));
            is_part |=
                changes.next_cursor.is_some() && news.rows.len() - before == changes.items.len();
        }
        let late = self.late(shop).await?;
        let mut text = match has_offers {
            true => news.words(),
            false => "No supplier's offers are known, so nobody tells what changed. Import a catalogue, or connect a supplier.".to_owned(),
        };
        if is_part {
            text += " There are more; I looked at the newest only.";
        }
        text += &match &late[..] {
            [] => " No order of goods is past its agreed day.".to_owned(),
            [one] => format!(" One order of goods is late: {one}."),
            several => format!(
                " {} orders of goods are late: {}.",
                several.len(),
                several[..several.len().min(SAID)].join("; ")
            ),
        };
        let mut facts = vec![say::count(
            "Orders of goods that are late",
            late.len(),
            "purchase_orders",
            "/purchase-orders",
        )];
        if has_offers {
            let count = usize::try_from(news.prices + news.stock + news.gone + news.back);
            let count = count.unwrap_or(usize::MAX);
            let changes = "Changes at suppliers";
            facts.insert(
                0,
                say::count(changes, count, "supplier_changes", "/catalogues"),
            );
        }
        let left_out = news.rows.len().saturating_sub(SHOWN) as u64;
        let mut rows = news.rows;
        rows.truncate(SHOWN);
        let outcome = if has_offers || !late.is_empty() {
            Outcome::Answered
        } else {
            Outcome::NotKnown
        };
        let answer = Answer {
            facts,
            table: (!rows.is_empty()).then(|| Table {
                columns: ["Change", "Now", "Before"].map(str::to_owned).to_vec(),
                rows,
                left_out,
                is_series: false,
            }),
            ..Answer::of(outcome, text)
        };
        let answer = match has_offers {
            true => answer.link("Catalogues", "/catalogues"),
            false => answer.link("Imports", "/imports"),
        };
        Ok(answer.link("Purchase orders", "/purchase-orders"))
    }

    /// Of goods that are still to come and whose agreed day is over.
    async fn late(&self, shop: &Shop) -> Result<Vec<String>, AnswerError> {
        let mut late = Vec::new();
        for store in &shop.stores {
            let open = [PurchaseStatus::Sent, PurchaseStatus::ReceivedPartly];
            for order in self
                .ports
                .purchases
                .purchases_in(store.scope, &open)
                .await?
            {
                let due = order.expected_on.filter(|day| *day < shop.today);
                if let Some(day) = due.filter(|_| order.to_come() > 0) {
                    let days = (shop.today - day).num_days();
                    let (name, supplier) = (order.name(), &order.supplier_name);
                    let days = match days {
                        1 => "one day".to_owned(),
                        days => format!("{days} days"),
                    };
                    late.push(format!("{name} of {supplier}, {days} past {day}"));
                }
            }
        }
        Ok(late)
    }
}

/// `None` where it is a range or not told.
fn price(price: Option<&Price>) -> Option<Amount> {
    let Price { range, currency } = price?;
    if range.low != range.high {
        return None;
    }
    let minor = round_to_minor(range.low, *currency).ok()?;
    Some(Amount::Money {
        minor,
        currency: *currency,
    })
}

/// `None` where nobody counts.
fn pieces(stock: &Stock) -> Option<Amount> {
    let count = match (stock.quantity, stock.presence) {
        (Some(count), _) => i64::from(count),
        (None, Presence::Out) => 0,
        (None, _) => return None,
    };
    Some(Amount::Count { count })
}
