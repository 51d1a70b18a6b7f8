//! What pauses, restarts and budgets of advertisements brought, by the platform's own claims and the store's own margin.

use super::Changes;
use super::ads::level_name;
use super::outcomes::Told;
use crate::ads::{daily, margin};
use chrono::{DateTime, NaiveDate, Utc};
use domain::ads::outcome::measure;
use domain::calendar::{Calendar, DayRange};
use domain::changes::{AdThing, ChangeSet, OperationState, outcome};
use domain::store::Store;
use ports::PortResult;

/// Advertisements that the set has, or had, changed.
pub(super) fn switched(set: &ChangeSet) -> impl Iterator<Item = &AdThing> {
    let in_effect = set.operations.iter();
    let in_effect = in_effect.filter(|o| o.state == OperationState::Applied);
    in_effect.filter_map(|o| o.action.ad())
}

impl Changes {
    /// `None`: an account was not read through the last of these days yet.
    pub(super) async fn tell_ads(
        &self,
        store: &Store,
        set: &ChangeSet,
        at: DateTime<Utc>,
        window: u32,
    ) -> PortResult<Option<Told>> {
        let (mut left_before, mut left_after) = (Vec::new(), Vec::new());
        let mut moving = 0_i64;
        for thing in switched(set) {
            let found = self
                .ports
                .ads
                .ad_account(set.scope.workspace, thing.account);
            let Some(account) = found.await? else {
                let why = "the ad account is not connected any more";
                return Ok(Some(Told::not(why.to_owned())));
            };
            // Days are the account's own.
            let zone = account.current().map(|s| Calendar::parse(&s.zone));
            let Some(Ok(zone)) = zone else {
                return Ok(Some(Told::not(
                    "the ad account has no time zone".to_owned(),
                )));
            };
            let Some([before, after]) = outcome::spans(zone.day_of(at), window) else {
                return Ok(None);
            };
            // A day is told whole once a later one was read.
            if account.read_through.is_none_or(|read| read <= after.1) {
                return Ok(None);
            }
            let all = DayRange {
                from: before.0,
                to: after.1,
            };
            let (share, _) = margin(
                &self.ports,
                store,
                DayRange {
                    from: before.0,
                    to: before.1,
                },
            )
            .await?;
            let Some(share_known) = share.share else {
                let why = share.reason().unwrap_or_default().to_owned();
                return Ok(Some(Told::not(why)));
            };
            let of = (thing.level, thing.id.as_str());
            let days = daily(&self.ports, store, &account, of, all, share_known);
            let days = match days.await? {
                Ok(days) => days,
                Err(why) => return Ok(Some(Told::not(why))),
            };
            let told = |span: (NaiveDate, NaiveDate)| -> Vec<i64> {
                let each = span.0.iter_days().take_while(|day| *day <= span.1);
                each.map(|day| days.get(&day).map_or(0, |d| d.left))
                    .collect()
            };
            add(&mut left_before, told(before));
            add(&mut left_after, told(after));
            let still = account
                .final_through
                .map_or(before.0, |day| day.max(before.0));
            moving = moving.max((before.1 - still).num_days());
        }
        let things: Vec<_> = switched(set).map(|t| level_name(t.level)).collect();
        let what = match things.as_slice() {
            [one] => (*one).to_owned(),
            many => format!("{} advertisements", many.len()),
        };
        let still = match moving {
            0 => String::new(),
            n => {
                format!(" The platform may still change what it claims of {n} of the days before.")
            }
        };
        Ok(Some(Told {
            effect: measure(&left_before, &left_after),
            method: format!(
                "what the {what} left by the platform's claims and the store's margin, four weeks before against the days after; nothing \
                 takes out the season, and sales that would have come without it are not known.{still}"
            ),
        }))
    }
}

/// Day by day.
fn add(sums: &mut Vec<i64>, days: Vec<i64>) {
    if sums.is_empty() {
        *sums = days;
        return;
    }
    for (sum, day) in sums.iter_mut().zip(days) {
        *sum = sum.saturating_add(day);
    }
}
