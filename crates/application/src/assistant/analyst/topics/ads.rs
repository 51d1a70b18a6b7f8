//! Campaigns that lose money: those whose profit on ad spend is below one.

use super::super::say;
use super::super::{Analyst, AnswerError, Shop};
use crate::ads::{Campaigns, CampaignsView};
use domain::assistant::answer::{Amount, Answer, Outcome, Table, TableRow};
use domain::assistant::question::Span;
use domain::passport;
use rust_decimal::Decimal;

/// Rows of a table.
const SHOWN: usize = 20;
const SAID: usize = 3;

impl Analyst {
    pub(in super::super) async fn losing_ads(
        &self,
        shop: &Shop,
        span: &Span,
    ) -> Result<Answer, AnswerError> {
        let mut answer = Answer::of(Outcome::NotKnown, "");
        let (mut sentences, mut rows) = (Vec::new(), Vec::new());
        let days = say::days(span);
        for name in ["ad_spend", "poas", "mer"] {
            let Some(definition) = passport::find(name) else {
                continue;
            };
            let told = self.told(shop, definition, span).await?;
            if let Some(value) = told.value {
                sentences.push(format!("{} {days}: {}.", definition.title, value.words()));
            }
            if name == "ad_spend" {
                sentences.extend(told.note.clone());
            }
            let label = format!("{} {}", definition.title, span.words);
            let fact = say::fact(label, told.value, told.reason, told.source);
            answer.facts.push(fact);
        }
        let mut accounts = 0;
        for store in &shop.stores {
            let asked = Campaigns {
                workspace: shop.workspace,
                store: Some(store.scope.store),
                range: Some(span.range),
            };
            let view = self.desk.ads.campaigns(&asked).await?;
            if view.accounts.is_empty() {
                continue;
            }
            accounts += view.accounts.len();
            let of = self.of(shop, store);
            let (said, losing) = judged(&view, &of, &days);
            sentences.push(said);
            if view.margin.share.is_some() {
                answer.outcome = Outcome::Answered;
            }
            rows.extend(losing);
        }
        if accounts == 0 {
            sentences.push("Which ads lose money is not known: no ad account is connected, so nobody tells spend by campaign.".to_owned());
        }
        answer.text = sentences.join(" ");
        let left_out = rows.len().saturating_sub(SHOWN) as u64;
        rows.truncate(SHOWN);
        answer.table = (!rows.is_empty()).then(|| Table {
            columns: ["Campaign", "POAS", "Spend"].map(str::to_owned).to_vec(),
            rows,
            left_out,
            is_series: false,
        });
        Ok(answer
            .link("Campaigns", "/campaigns")
            .link("Costs", "/costs"))
    }
}

/// What the campaigns of one store come to, and the losing ones, the largest spend first.
fn judged(view: &CampaignsView, of: &str, days: &str) -> (String, Vec<TableRow>) {
    if let Some(reason) = view.margin.reason() {
        let text = format!("Which campaigns{of} lose money {days} is not known: {reason}");
        return (text, Vec::new());
    }
    let losing = view.rows.iter().filter(|row| {
        let poas = row.figures.poas;
        row.spent > 0 && poas.is_some_and(|poas| poas < Decimal::ONE)
    });
    let provisional = losing.clone().filter(|row| row.is_provisional).count();
    let rows: Vec<TableRow> = losing
        .map(|row| TableRow {
            label: row.stored.entity.name.clone(),
            values: vec![
                row.figures.poas.map(|ratio| Amount::Ratio { ratio }),
                Some(Amount::Money {
                    minor: row.spent,
                    currency: row.currency,
                }),
            ],
            link: Some(format!(
                "/campaigns/{}.{}",
                row.account, row.stored.entity.id
            )),
        })
        .collect();
    let said: Vec<&str> = rows.iter().take(SAID).map(|r| r.label.as_str()).collect();
    let mut text = match rows.len() {
        0 => {
            format!("No campaign{of} loses money {days}, by the revenue that the platforms claim.")
        }
        1 => format!("One campaign{of} loses money {days}: {}.", said.join(", ")),
        n => format!(
            "{n} campaigns{of} lose money {days}. Those that spend most: {}.",
            said.join(", ")
        ),
    };
    if provisional > 0 {
        text += &format!(" Days of {provisional} of them may still move.");
    }
    (text, rows)
}
