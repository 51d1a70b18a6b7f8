//! What runs out, what to order, what will be sold, and what to sell next.

use super::super::say;
use super::super::{Analyst, AnswerError, Shop};
use crate::inventory::{Filter, Item, Listing, Order};
use domain::assistant::answer::{Amount, Answer, Outcome, Source, Table, TableRow};
use domain::money::Currency;
use domain::store::Store;
use ports::PageRequest;
use ports::opportunities::OpportunityFilter;
use rust_decimal::prelude::ToPrimitive as _;

/// Days that are looked ahead when nobody says so.
const USUAL_AHEAD: u32 = 28;
/// Rows of a table.
const SHOWN: usize = 20;
/// Named in a sentence.
const SAID: usize = 3;

impl Analyst {
    async fn listings(&self, shop: &Shop) -> Result<Vec<Listing>, AnswerError> {
        let mut all = Vec::new();
        for store in &shop.stores {
            let filter = Filter::default();
            let id = Some(store.scope.store);
            let inventory = &self.desk.inventory;
            all.push(
                inventory
                    .list(shop.workspace, id, &filter, Order::Urgency)
                    .await?,
            );
        }
        Ok(all)
    }

    pub(in super::super) async fn runs_out(
        &self,
        shop: &Shop,
        within: Option<u32>,
    ) -> Result<Answer, AnswerError> {
        let days = within.unwrap_or(USUAL_AHEAD);
        let (mut rows, mut variants, mut unforecast, mut as_of) = (Vec::new(), 0, 0, None);
        for listing in self.listings(shop).await? {
            let last = listing.today + chrono::Days::new(u64::from(days));
            variants += listing.items.len();
            as_of = as_of.or(listing.standing.made_at);
            for item in &listing.items {
                match &item.plan.cover {
                    None => unforecast += 1,
                    Some(cover) => {
                        if let Some(out) = cover.stock_out.expected.filter(|out| *out <= last) {
                            rows.push((
                                out,
                                row(item, item.plan.cover.as_ref().and_then(|c| c.days)),
                            ));
                        }
                    }
                }
            }
        }
        rows.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.label.cmp(&b.1.label)));
        let count = rows.len();
        let mut text = match &rows[..] {
            [] if unforecast == variants => {
                let text = "Nothing can be told of when stock runs out: no variant has both a count and a forecast yet.";
                return Ok(Answer::of(Outcome::NotKnown, text).link("Inventory", "/inventory"));
            }
            [] => format!("Nothing runs out within {days} days, as far as forecasts tell."),
            some => {
                let said = some.iter().take(SAID);
                let said: Vec<_> = said
                    .map(|(day, row)| format!("{} ({day})", row.label))
                    .collect();
                let noun = if count == 1 {
                    "variant runs"
                } else {
                    "variants run"
                };
                format!(
                    "{count} {noun} out within {days} days. First: {}.",
                    said.join(", ")
                )
            }
        };
        if unforecast > 0 {
            text += &format!(
                " Of {unforecast} of {variants} it is not known: no count or no forecast."
            );
        }
        let mut fact = say::count("Variants that run out", count, "inventory", "/inventory");
        fact.source.as_of = as_of;
        let left_out = count.saturating_sub(SHOWN) as u64;
        let rows: Vec<TableRow> = rows.into_iter().take(SHOWN).map(|(_, row)| row).collect();
        let answer = Answer {
            facts: vec![fact],
            table: (!rows.is_empty()).then(|| Table {
                columns: ["Variant", "Days of cover"].map(str::to_owned).to_vec(),
                rows,
                left_out,
                is_series: false,
            }),
            ..Answer::of(Outcome::Answered, text)
        };
        Ok(answer.link("Inventory", "/inventory"))
    }

    pub(in super::super) async fn to_order(&self, shop: &Shop) -> Result<Answer, AnswerError> {
        let mut answer = Answer::of(Outcome::Answered, "");
        let mut sentences = Vec::new();
        let mut rows = Vec::new();
        for listing in self.listings(shop).await? {
            let currency = listing.store.currency;
            let due: Vec<&Item> = listing.items.iter().filter(|i| quantity(i) > 0).collect();
            let known: Option<i64> = due.iter().map(|i| i.order_cost).sum();
            let part: i64 = due.iter().filter_map(|i| i.order_cost).sum();
            let units: i64 = due.iter().map(|i| quantity(i)).sum();
            let of = self.of(shop, &listing.store);
            sentences.extend(out_soon(&listing));
            if due.is_empty() {
                sentences.push(format!("Nothing has to be ordered now{of}."));
            } else {
                let cost = money(part, currency).words();
                let cost = match known {
                    Some(_) => format!("for {cost} at cost"),
                    None => format!("for {cost} at cost as far as costs are known"),
                };
                let said: Vec<_> = due
                    .iter()
                    .take(SAID)
                    .map(|i| format!("{} × {}", quantity(i), i.title))
                    .collect();
                sentences.push(format!(
                    "{units} units of {} variants have to be ordered{of}, {cost}: {}{}.",
                    due.len(),
                    said.join(", "),
                    if due.len() > SAID { " …" } else { "" }
                ));
            }
            let mut fact = say::count("Variants to order", due.len(), "inventory", "/inventory");
            fact.source.as_of = listing.standing.made_at;
            answer.facts.push(fact);
            let source = Source {
                name: "inventory.order_cost".to_owned(),
                from: None,
                to: None,
                as_of: listing.standing.made_at,
                link: "/inventory".to_owned(),
            };
            let reason = known
                .is_none()
                .then(|| "The cost of some is not known.".to_owned());
            let cost = known.map(|minor| money(minor, currency));
            answer
                .facts
                .push(say::fact("Cost of these orders", cost, reason, source));
            rows.extend(due.iter().map(|item| TableRow {
                label: item.title.clone(),
                values: vec![
                    Some(Amount::Count {
                        count: quantity(item),
                    }),
                    item.order_cost.map(|minor| money(minor, currency)),
                ],
                link: Some(link(item)),
            }));
        }
        sentences.push("Whether there is cash for it nobody told me: the purchase-order page shows what is committed.".to_owned());
        answer.text = sentences.join(" ");
        let left_out = rows.len().saturating_sub(SHOWN) as u64;
        rows.truncate(SHOWN);
        answer.table = (!rows.is_empty()).then(|| Table {
            columns: ["Variant", "Units", "Cost"].map(str::to_owned).to_vec(),
            rows,
            left_out,
            is_series: false,
        });
        Ok(answer
            .link("Inventory", "/inventory")
            .link("Purchase orders", "/purchase-orders"))
    }

    pub(in super::super) async fn demand(
        &self,
        shop: &Shop,
        days: Option<u32>,
    ) -> Result<Answer, AnswerError> {
        if days.is_some_and(|days| days != USUAL_AHEAD) {
            let text = format!(
                "What will be sold I tell for the next {USUAL_AHEAD} days. Other spans stand on the variant's page."
            );
            let suggestion = format!("forecast for the next {USUAL_AHEAD} days");
            return Ok(Answer {
                suggestions: vec![suggestion],
                ..Answer::of(Outcome::AskedBack, text).link("Inventory", "/inventory")
            });
        }
        let (mut units, mut of, mut all, mut as_of, mut rows) = (0.0, 0, 0, None, Vec::new());
        for listing in self.listings(shop).await? {
            as_of = as_of.or(listing.standing.made_at);
            all += listing.items.len();
            for item in &listing.items {
                if let Some(next) = item.demand.next_28 {
                    units += next;
                    of += 1;
                    rows.push((next, row(item, Some(next))));
                }
            }
        }
        if of == 0 {
            let text = "There is no forecast yet: a night has to pass, or have forecasts made on the inventory page.";
            return Ok(Answer::of(Outcome::NotKnown, text).link("Inventory", "/inventory"));
        }
        rows.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.label.cmp(&b.1.label)));
        let left_out = rows.len().saturating_sub(SHOWN) as u64;
        let rows: Vec<TableRow> = rows
            .into_iter()
            .take(SHOWN)
            .map(|(next, row)| TableRow {
                values: vec![Some(count(next))],
                ..row
            })
            .collect();
        let text = format!(
            "About {} units within {USUAL_AHEAD} days, over the {of} of {all} variants that have a forecast.",
            units.round()
        );
        let source = Source {
            name: "forecasts.next_28".to_owned(),
            from: None,
            to: None,
            as_of,
            link: "/inventory".to_owned(),
        };
        let fact = say::fact("Units expected", Some(count(units)), None, source);
        let answer = Answer {
            facts: vec![fact],
            table: Some(Table {
                columns: ["Variant", "Units expected"].map(str::to_owned).to_vec(),
                rows,
                left_out,
                is_series: false,
            }),
            ..Answer::of(Outcome::Answered, text)
        };
        Ok(answer
            .link("Inventory", "/inventory")
            .link("Accuracy", "/accuracy"))
    }

    pub(in super::super) async fn to_sell(&self, shop: &Shop) -> Result<Answer, AnswerError> {
        let (mut rows, mut total) = (Vec::new(), 0);
        for store in &shop.stores {
            let filter = OpportunityFilter {
                watch: Some(Default::default()),
                ..OpportunityFilter::default()
            };
            let page = PageRequest::first(10);
            let page = self.desk.opportunities.list(store, &filter, &page).await?;
            total += page.total.unwrap_or(page.items.len() as u64);
            for found in page.items.into_iter().filter(|w| !w.gone) {
                let o = found.opportunity;
                let price = o.price.value.map(|minor| money(minor, o.currency));
                let margin = o.margin.value.map(|span| Amount::Percent {
                    quotient: rust_decimal::Decimal::new(span.low, 4),
                });
                let score = o.score.map(|score| Amount::Ratio {
                    ratio: rust_decimal::Decimal::new(score, 2),
                });
                rows.push(TableRow {
                    label: o.title,
                    values: vec![score, margin, price],
                    link: Some(format!("/opportunities/{}", o.id)),
                });
            }
        }
        if rows.is_empty() {
            let text = "Nothing is known that could be sold: no supplier's catalogue was imported, or all of it was decided on.";
            return Ok(Answer::of(Outcome::NotKnown, text)
                .link("Opportunities", "/opportunities")
                .link("Imports", "/imports"));
        }
        let said: Vec<_> = rows
            .iter()
            .take(SAID)
            .map(|row| match row.values.first().copied().flatten() {
                Some(score) => format!("{} (score {})", row.label, score.words()),
                None => row.label.clone(),
            })
            .collect();
        let text = format!(
            "{total} opportunities wait. The best: {}. The score's factors and what they rest on stand on the page.",
            said.join(", ")
        );
        let fact = say::count(
            "Opportunities that wait",
            usize::try_from(total).unwrap_or(usize::MAX),
            "opportunities",
            "/opportunities",
        );
        let columns = ["Product", "Score", "Margin, at least", "Price"];
        let answer = Answer {
            facts: vec![fact],
            table: Some(Table {
                columns: columns.map(str::to_owned).to_vec(),
                left_out: total.saturating_sub(rows.len() as u64),
                rows,
                is_series: false,
            }),
            ..Answer::of(Outcome::Answered, text)
        };
        Ok(answer.link("Opportunities", "/opportunities"))
    }

    /// ` of STORE` where there are several.
    pub(in super::super) fn of(&self, shop: &Shop, store: &Store) -> String {
        match shop.stores.len() {
            1 => String::new(),
            _ => format!(" of {}", store.name),
        }
    }
}

/// What runs out within the usual days, in a sentence; `None`: nothing that is forecast.
fn out_soon(listing: &Listing) -> Option<String> {
    let last = listing.today + chrono::Days::new(u64::from(USUAL_AHEAD));
    let outs = listing.items.iter().filter_map(|item| {
        let out = item.plan.cover.as_ref()?.stock_out.expected?;
        (out <= last).then_some((out, item))
    });
    let mut outs: Vec<_> = outs.collect();
    outs.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.title.cmp(&b.1.title)));
    let said = outs.iter().take(SAID);
    let said: Vec<_> = said
        .map(|(out, item)| format!("{} ({out})", item.title))
        .collect();
    let nobody = outs.iter().filter(|(_, item)| item.lead.is_none()).count();
    let mut text = match outs.len() {
        0 => return None,
        1 => format!(
            "One variant runs out within {USUAL_AHEAD} days: {}.",
            said.join(", ")
        ),
        n => format!(
            "{n} variants run out within {USUAL_AHEAD} days. First: {}.",
            said.join(", ")
        ),
    };
    if nobody > 0 {
        text += &format!(
            " Of {nobody} of them nobody told how long goods take, so that nothing is ordered of them."
        );
    }
    Some(text)
}

fn quantity(item: &Item) -> i64 {
    item.plan.reorder.as_ref().map_or(0, |r| r.quantity)
}

fn row(item: &Item, value: Option<f64>) -> TableRow {
    TableRow {
        label: item.title.clone(),
        values: vec![value.map(|days| Amount::Days {
            days: days.floor().to_i64().unwrap_or(i64::MAX),
        })],
        link: Some(link(item)),
    }
}

fn link(item: &Item) -> String {
    format!("/inventory/{}", item.id())
}

fn count(units: f64) -> Amount {
    Amount::Count {
        count: units.round().to_i64().unwrap_or(i64::MAX),
    }
}

fn money(minor: i64, currency: Currency) -> Amount {
    Amount::Money { minor, currency }
}
