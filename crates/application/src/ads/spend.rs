//! What an account spent on each day becomes the store's ad spend: one row a day and account, in the account's currency, on the
//! account's day. Reports convert it by that day's rate; without one the amount is left out, by name.

use super::Ads;
use domain::ads::{AdAccount, minor_of_micros};
use domain::calendar::DayRange;
use domain::inputs::{AdSpend, Input, InputChange, InputKind, Origin};
use ports::inputs::{InputQuery, OnMismatch};
use ports::page::MAX_LIMIT;
use ports::{Kind, PageRequest, PortError, PortResult, Retry};
use std::collections::BTreeMap;

impl Ads {
    /// Days without a row are told as nothing from `first` on, the day since which anything ran; what is equal is not written.
    /// Answers how many days changed.
    pub(super) async fn tell_spend(
        &self,
        account: &AdAccount,
        range: DayRange,
        first: Option<chrono::NaiveDate>,
    ) -> PortResult<usize> {
        let told = self
            .ports
            .ads
            .ad_spend(account.scope, account.id, range)
            .await?;
        let mut wanted = BTreeMap::new();
        for day in range.days().filter(|d| first.is_some_and(|f| f <= *d)) {
            wanted.insert(day, 0);
        }
        wanted.extend(told);
        let mut before = self.told_before(account, range).await?;
        let origin = Origin::ad_platform(self.ports.clock.now());
        let mut changes = Vec::new();
        for (day, micros) in wanted {
            let Some(currency) = account.currency_on(day) else {
                continue;
            };
            let amount = minor_of_micros(micros, currency).map_err(|e| {
                let detail = format!("the ad spend of {day} cannot be told: {e}");
                PortError::new(Kind::Corrupt, Retry::Never, "royal", "ads.spend", detail)
            })?;
            let spend = AdSpend {
                day,
                channel: account.platform.channel().to_owned(),
                campaign: None,
                account: Some(account.id),
                amount,
                currency,
            };
            if before.remove(&day).as_ref() != Some(&spend) {
                changes.push(InputChange::put(Input::AdSpend(spend), origin));
            }
        }
        let gone = before.into_values();
        changes.extend(gone.map(|spend| InputChange::remove(Input::AdSpend(spend).key())));
        if !changes.is_empty() {
            let inputs = &self.ports.inputs;
            inputs
                .apply(account.scope, &changes, OnMismatch::Skip, None, None)
                .await?;
        }
        Ok(changes.len())
    }

    async fn told_before(
        &self,
        account: &AdAccount,
        range: DayRange,
    ) -> PortResult<BTreeMap<chrono::NaiveDate, AdSpend>> {
        let query = InputQuery {
            days: Some(range),
            ..InputQuery::of(InputKind::AdSpend)
        };
        let (mut page, mut before) = (PageRequest::first(MAX_LIMIT), BTreeMap::new());
        loop {
            let found = self.ports.inputs.list(account.scope, &query, &page).await?;
            for record in found.items {
                if let Input::AdSpend(spend) = record.input
                    && spend.account == Some(account.id)
                {
                    before.insert(spend.day, spend);
                }
            }
            page.cursor = found.next_cursor;
            if page.cursor.is_none() {
                return Ok(before);
            }
        }
    }
}
