//! Orders that are late.

use super::super::say;
use super::super::{Analyst, AnswerError, Shop};
use domain::agents::orders::SPEC;
use domain::assistant::answer::{Amount, Answer, Outcome, Table, TableRow};
use ports::PageRequest;
use ports::orders::{OrderQuery, OrderSort};
use ports::page::MAX_LIMIT;

/// Rows of a table.
const SHOWN: usize = 20;
const SAID: usize = 3;

impl Analyst {
    pub(in super::super) async fn stuck_orders(&self, shop: &Shop) -> Result<Answer, AnswerError> {
        let (mut late, mut sentences, mut facts) = (Vec::new(), Vec::new(), Vec::new());
        let now = self.ports.clock.now();
        for store in &shop.stores {
            let standing = self.desk.agents.standing(store, &SPEC.id).await?;
            let after = SPEC.number(&standing.config.values, "late_after");
            let calendar = store.calendar()?;
            let query = OrderQuery {
                fulfillment_status: Some("unfulfilled".to_owned()),
                to: Some(calendar.day_of(now - chrono::Duration::days(after))),
                sort: OrderSort::OldestFirst,
                ..OrderQuery::default()
            };
            let page = PageRequest::first(MAX_LIMIT);
            let id = Some(store.scope.store);
            let (_, page) = self
                .desk
                .orders
                .list(shop.workspace, id, &query, &page)
                .await?;
            let more = page.next_cursor.is_some();
            let found: Vec<_> = page
                .items
                .into_iter()
                .map(|stored| stored.order)
                .filter(|order| order.cancelled_at.is_none() && !order.test)
                .filter(|order| order.financial_status == "paid")
                .filter(|order| (now - order.processed_at).num_days() >= after)
                .collect();
            let of = self.of(shop, store);
            let least = if more { "at least " } else { "" };
            sentences.push(match found.len() {
                0 => format!("No paid order{of} waits longer than {after} days to be sent."),
                n => {
                    let said: Vec<_> = found.iter().take(SAID).map(|o| o.name.as_str()).collect();
                    let noun = if n == 1 { "order waits" } else { "orders wait" };
                    format!(
                        "{least}{n} paid {noun}{of} longer than {after} days to be sent. The oldest: {}.",
                        said.join(", ")
                    )
                }
            });
            facts.push(say::count("Late orders", found.len(), "orders", "/orders"));
            late.extend(found.into_iter().map(|order| TableRow {
                label: order.name.clone(),
                values: vec![
                    Some(Amount::Days {
                        days: (now - order.processed_at).num_days(),
                    }),
                    Some(Amount::Money {
                        minor: order.totals.current_total,
                        currency: order.currency,
                    }),
                ],
                link: Some(format!("/orders/{}", order.id)),
            }));
        }
        sentences.push(
            "Risk and refunds that are due stand on the orders page and in the order agent's runs."
                .to_owned(),
        );
        let left_out = late.len().saturating_sub(SHOWN) as u64;
        late.truncate(SHOWN);
        let mut text = sentences.join(" ");
        if let Some(first) = text.get(..1) {
            let first = first.to_uppercase();
            text.replace_range(..1, &first);
        }
        let answer = Answer {
            facts,
            table: (!late.is_empty()).then(|| Table {
                columns: ["Order", "Waits since", "Total"]
                    .map(str::to_owned)
                    .to_vec(),
                rows: late,
                left_out,
                is_series: false,
            }),
            ..Answer::of(Outcome::Answered, text)
        };
        Ok(answer.link("Orders", "/orders?fulfillment_status=unfulfilled"))
    }
}
