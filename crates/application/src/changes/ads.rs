//! Advertisements as a set changes them: at the platform, by the credentials of the account that is connected here.
//!
//! A platform is first asked whether it would do it, then told to, and looked at again: an answer that says yes is no proof.

use super::Changes;
use super::edits::{Outcome, wrong};
use crate::Ports;
use crate::ads::{margin, way};
use chrono::Days;
use domain::ads::{
    AdAccount, AdLevel, AdStatus, AdSums, Budget, BudgetSpan, PurchaseDefinition, StoredEntity,
    break_even_roas, minor_of_micros, purchases_by,
};
use domain::calendar::DayRange;
use domain::changes::guardrails;
use domain::changes::plan::Wanted;
use domain::changes::{
    Action, AdBudget, AdKey, AdSwitch, AdThing, ChangeSet, Evidence, EvidenceRow, Limits,
    OperationState, Seen, SeenAd,
};
use domain::ids::{AdAccountId, StoreScope};
use domain::money::{Money, format_minor};
use domain::store::Store;
use ports::ad_platforms::{AdChange, AdTarget, AdWriter, Mode};
use ports::{Kind, PortError, PortResult, Retry};
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::Mutex;

/// Days before today that a proposal by hand shows.
const SHOWN_DAYS: u64 = 28;

/// What people want of an advertisement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdEdit {
    pub account: AdAccountId,
    pub level: AdLevel,
    /// The platform's number.
    pub id: String,
    pub wish: AdWish,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AdWish {
    Pause,
    Resume,
    /// Main units of the account's currency, as a plain decimal; over the span that it has.
    Budget(String),
}

/// The way to the platforms, for the accounts of one store.
pub(super) struct AdHands {
    ports: Ports,
    scope: StoreScope,
    /// One for each account, so that a token that was fetched serves the whole set.
    writers: Mutex<BTreeMap<AdAccountId, Arc<dyn AdWriter>>>,
}

impl AdHands {
    pub(super) fn new(ports: Ports, scope: StoreScope) -> Self {
        Self {
            ports,
            scope,
            writers: Mutex::default(),
        }
    }

    /// `None`: the account was taken away, or is another store's.
    pub(super) async fn writer(&self, id: AdAccountId) -> PortResult<Option<Arc<dyn AdWriter>>> {
        let mut writers = self.writers.lock().await;
        if let Some(known) = writers.get(&id) {
            return Ok(Some(known.clone()));
        }
        let Some(account) = account_of(&self.ports, self.scope, id).await? else {
            return Ok(None);
        };
        let way = way(&self.ports, &account).await?;
        let writer = self.ports.ad_platforms.writer(&way)?;
        writers.insert(id, writer.clone());
        Ok(Some(writer))
    }

    pub(super) async fn look(&self, key: &AdKey) -> PortResult<Seen> {
        let Some(writer) = self.writer(key.account).await? else {
            return Ok(Seen::Gone);
        };
        match writer.look(&target(key)).await {
            Ok(state) => Ok(Seen::Ad(SeenAd {
                status: state.status,
                delivery: state.delivery,
                budget: state.budget,
            })),
            Err(error) if error.kind == Kind::NotFound => Ok(Seen::Gone),
            Err(error) => Err(error),
        }
    }

    /// `Rejected` in the platform's own words when it would not.
    pub(super) async fn apply(&self, action: &Action) -> PortResult<()> {
        let Some((key, change)) = change(action) else {
            return Err(gone("this is no change of an advertisement"));
        };
        let Some(writer) = self.writer(key.account).await? else {
            return Err(gone("the ad account is not connected any more"));
        };
        let target = target(&key);
        asked(writer.change(&target, &change, Mode::DryRun).await)?;
        writer.change(&target, &change, Mode::Write).await
    }
}

/// Nothing was done yet: whatever became of the question, asking it again does no harm.
pub(super) fn asked(answer: PortResult<()>) -> PortResult<()> {
    answer.map_err(|error| match error.retry {
        Retry::Reconcile => PortError {
            kind: Kind::Unavailable,
            retry: Retry::After(std::time::Duration::ZERO),
            ..error
        },
        _ => error,
    })
}

pub(super) async fn account_of(
    ports: &Ports,
    scope: StoreScope,
    id: AdAccountId,
) -> PortResult<Option<AdAccount>> {
    let found = ports.ads.ad_account(scope.workspace, id).await?;
    Ok(found.filter(|account| account.scope == scope))
}

fn target(key: &AdKey) -> AdTarget {
    AdTarget {
        level: key.level,
        id: key.id.clone(),
    }
}

fn change(action: &Action) -> Option<(AdKey, AdChange)> {
    match action {
        Action::AdStatus(switch) => Some((switch.thing.key(), AdChange::Status(switch.after))),
        Action::AdBudget(budget) => Some((budget.thing.key(), AdChange::Budget(budget.wanted()))),
        _ => None,
    }
}

pub(super) fn gone(detail: &str) -> PortError {
    PortError::new(
        Kind::NotFound,
        Retry::Never,
        "royal",
        "changes.ad",
        detail.to_owned(),
    )
}

/// `campaign Spring sale`, as a part of sentences.
pub(crate) const fn level_name(level: AdLevel) -> &'static str {
    match level {
        AdLevel::Campaign => "campaign",
        AdLevel::AdSet => "ad set",
        AdLevel::Ad => "ad",
    }
}

impl Changes {
    /// The platform is asked whether it would, so that what it refuses is not put before anybody.
    pub(super) async fn advertisement(
        &self,
        store: &Store,
        limits: &Limits,
        edit: &AdEdit,
    ) -> PortResult<Outcome> {
        let Some(account) = account_of(&self.ports, store.scope, edit.account).await? else {
            return Ok(wrong("account_id", "is no ad account of this store"));
        };
        let Some(currency) = account.current().map(|series| series.currency) else {
            return Ok(wrong("account_id", "was not read yet"));
        };
        let known = self
            .ports
            .ads
            .ad_entities(account.scope, account.id, edit.level)
            .await?;
        let Some(known) = known.into_iter().find(|e| e.entity.id == edit.id) else {
            return Ok(wrong("ad_id", "is not known in this account"));
        };
        let thing = AdThing {
            account: account.id,
            account_name: account.name.clone(),
            platform: account.platform,
            level: edit.level,
            id: edit.id.clone(),
            currency,
        };
        let action = match wished(&known, thing, &edit.wish) {
            Ok(action) => action,
            Err((field, message)) => return Ok(wrong(field, message)),
        };
        // What can never be applied is not put before anybody, and no platform is asked for it.
        if let Err(sentence) = guardrails::step(limits, &action) {
            return Ok(wrong("after", sentence));
        }
        if let Some((key, change)) = change(&action) {
            let way = way(&self.ports, &account).await?;
            let writer = self.ports.ad_platforms.writer(&way)?;
            let asked = writer.change(&target(&key), &change, Mode::DryRun).await;
            match asked {
                Err(error) if matches!(error.kind, Kind::Rejected | Kind::Forbidden) => {
                    let message = format!(
                        "is refused by {}: {}",
                        account.platform.name(),
                        error.detail
                    );
                    return Ok(wrong("after", message));
                }
                Err(error) if error.kind == Kind::NotFound => {
                    return Ok(wrong("ad_id", "is not there any more"));
                }
                // Whether it would is seen again before it is written.
                _ => {}
            }
        }
        Ok(Ok(Wanted {
            action,
            label: known.entity.name,
        }))
    }

    /// What each advertisement cost and left of late.
    pub(super) async fn of_ads(
        &self,
        store: &Store,
        wanted: &[Wanted],
    ) -> PortResult<Vec<Evidence>> {
        let mut tables = Vec::new();
        for one in wanted {
            let Some(thing) = one.action.ad() else {
                continue;
            };
            let Some(account) = account_of(&self.ports, store.scope, thing.account).await? else {
                continue;
            };
            // The newest day is not over when it is read.
            let Some(to) = account.read_through.and_then(|day| day.pred_opt()) else {
                continue;
            };
            let range = DayRange {
                from: to.checked_sub_days(Days::new(SHOWN_DAYS - 1)).unwrap_or(to),
                to,
            };
            tables.push(
                self.of_ad(store, &account, thing, &one.label, range)
                    .await?,
            );
        }
        Ok(tables)
    }

    async fn of_ad(
        &self,
        store: &Store,
        account: &AdAccount,
        thing: &AdThing,
        label: &str,
        range: DayRange,
    ) -> PortResult<Evidence> {
        let definition = PurchaseDefinition::of(account.platform);
        let kind = purchases_by(&definition, &account.conversion_kinds);
        let ads = &self.ports.ads;
        let sums = ads.ad_sums(account.scope, account.id, thing.level, range, kind);
        let sums = sums.await?.into_iter().find(|s| s.id == thing.id);
        let sums = sums.map_or_else(AdSums::default, |s| s.sums);
        let (margin, _) = margin(&self.ports, store, range).await?;
        let figures = sums.figures(margin.share);
        let row = |label: &str, value: String| EvidenceRow {
            label: label.to_owned(),
            value,
        };
        let money = |micros| {
            let minor = minor_of_micros(micros, thing.currency).unwrap_or(i64::MAX);
            format!("{} {}", format_minor(minor, thing.currency), thing.currency)
        };
        let ratio = |of: Option<Decimal>, why: &str| {
            of.map_or_else(|| why.to_owned(), |r| r.round_dp(2).to_string())
        };
        let unknown = margin.reason().unwrap_or("nothing was spent");
        let moves = account.is_provisional(range.to);
        let moves = if moves { ", may still move" } else { "" };
        Ok(Evidence {
            title: format!("{label}, {} to {}{moves}", range.from, range.to),
            observed_at: account
                .last_synced_at
                .unwrap_or_else(|| self.ports.clock.now()),
            rows: vec![
                row("Spent", money(sums.spend)),
                row("Claimed revenue", money(sums.revenue)),
                row(
                    "Claimed purchases",
                    Decimal::new(sums.purchases, 6).normalize().to_string(),
                ),
                row("ROAS", ratio(figures.roas, "nothing was spent")),
                row(
                    "Break-even ROAS",
                    ratio(break_even_roas(margin.share), unknown),
                ),
                row("POAS", ratio(figures.poas, unknown)),
            ],
        })
    }

    /// What was seen at the platform is what is shown here, before the account is read again.
    pub(super) async fn remember_ads(&self, set: &ChangeSet) -> PortResult<()> {
        let now = self.ports.clock.now();
        for operation in &set.operations {
            let (Some(thing), Some(Seen::Ad(seen)), OperationState::Applied) =
                (operation.action.ad(), &operation.seen, operation.state)
            else {
                continue;
            };
            let ads = &self.ports.ads;
            let known = ads
                .ad_entities(set.scope, thing.account, thing.level)
                .await?;
            let Some(known) = known.into_iter().find(|e| e.entity.id == thing.id) else {
                continue;
            };
            let mut told = known.entity.clone();
            told.status = seen.status;
            told.delivery.clone_from(&seen.delivery);
            told.budget.clone_from(&seen.budget);
            let next = known.told_again(told, now);
            ads.save_ad_entities(set.scope, thing.account, &[next])
                .await?;
        }
        Ok(())
    }
}

fn wished(
    known: &StoredEntity,
    thing: AdThing,
    wish: &AdWish,
) -> Result<Action, (&'static str, String)> {
    let entity = &known.entity;
    let told = |field, message: &str| Err((field, message.to_owned()));
    if known.vanished_at.is_some() {
        return told("ad_id", "is not there any more");
    }
    let (from, to) = match wish {
        AdWish::Pause => (AdStatus::Active, AdStatus::Paused),
        AdWish::Resume => (AdStatus::Paused, AdStatus::Active),
        AdWish::Budget(text) => return budget(entity.budget.as_ref(), thing, text),
    };
    if entity.status == to {
        return told("after", "is its state already");
    }
    if entity.status != from {
        let message = format!("cannot be: it is {}", entity.status.as_str());
        return Err(("after", message));
    }
    Ok(Action::AdStatus(AdSwitch {
        thing,
        before: from,
        after: to,
    }))
}

fn budget(
    before: Option<&Budget>,
    thing: AdThing,
    text: &str,
) -> Result<Action, (&'static str, String)> {
    let Some(before) = before else {
        let message = "has no budget of its own: it is held above or below it";
        return Err(("ad_id", message.to_owned()));
    };
    let after = Money::parse(text, thing.currency).map_err(|e| ("after", e.to_string()))?;
    let after = after.minor;
    if after <= 0 {
        let message = "is more than nothing; what should not run is paused";
        return Err(("after", message.to_owned()));
    }
    if after == before.minor {
        return Err(("after", "is the budget already".to_owned()));
    }
    Ok(Action::AdBudget(AdBudget {
        thing,
        before: before.clone(),
        after,
    }))
}

/// `a day`, after an amount.
#[must_use]
pub(crate) const fn span_words(span: BudgetSpan) -> &'static str {
    match span {
        BudgetSpan::Day => "a day",
        BudgetSpan::Lifetime => "in all",
    }
}
