//! One reading of an account: who it is, what runs in it, and its days, newest first.

use super::Ads;
use super::accounts::state_of;
use crate::queue::Progress;
use chrono::Days;
use domain::ads::{AdAccount, AdLevel, AdSyncRun, InsightDay, StoredEntity};
use domain::calendar::{Calendar, DayRange};
use domain::sync::SyncWarning;
use ports::ad_platforms::AdSource;
use ports::{Kind, PortError, PortResult, Retry};
use std::collections::{BTreeMap, BTreeSet};

/// Days that are asked for, held in memory and stored together.
const PART_DAYS: u64 = 14;
const LEVELS: [AdLevel; 2] = [AdLevel::Campaign, AdLevel::AdSet];

pub(super) struct Reading {
    pub(super) service: Ads,
    pub(super) progress: Progress<AdSyncRun>,
}

impl Reading {
    pub(super) async fn work(self) -> PortResult<()> {
        let run = self.progress.now();
        let service = &self.service;
        let account = service.find(&run).await?;
        let source = service.source(&account).await?;
        let told = source.identify().await?;
        let zone = Calendar::parse(&told.zone).map_err(|e| {
            let detail = format!(
                "the time zone of the ad account {} cannot be read: {e}",
                account.name
            );
            PortError::new(Kind::Corrupt, Retry::Never, "royal", "ads.read", detail)
        })?;
        let today = zone.day_of(service.ports.clock.now());
        let mut began = false;
        let account = service
            .update(&run, |account| {
                began = account.recognise(&told, today);
                (account.state, account.state_reason) = state_of(&told);
            })
            .await?;
        if began {
            self.progress.note(|run| {
                run.warnings.push(SyncWarning {
                    code: "series_began".to_owned(),
                    message: format!("The account tells {} in {} now: days before {today} stay as they were told.", told.currency, told.zone),
                });
            });
        }
        for level in LEVELS {
            self.structure(&account, source.as_ref(), level).await?;
        }
        // A reading that goes on keeps the days that it set out to read.
        let range = match run.range {
            Some(range) => Some(range),
            None => account.to_read(today),
        };
        if let Some(range) = range {
            self.progress.note(|run| run.range = Some(range));
            self.days(&account, source.as_ref(), range).await?;
            service
                .update(&run, |account| {
                    account.settled(range.to, service.ports.clock.now());
                })
                .await?;
        }
        Ok(())
    }

    /// What is not listed any more is gone; its days stay.
    async fn structure(
        &self,
        account: &AdAccount,
        source: &dyn AdSource,
        level: AdLevel,
    ) -> PortResult<()> {
        let (ads, now) = (&self.service.ports.ads, self.service.ports.clock.now());
        let told = source.structure(level).await?;
        let count = told.len() as u64;
        let stored = ads.ad_entities(account.scope, account.id, level).await?;
        let mut stored: BTreeMap<String, StoredEntity> = stored
            .into_iter()
            .map(|s| (s.entity.id.clone(), s))
            .collect();
        let mut changed = Vec::new();
        for entity in told {
            match stored.remove(&entity.id) {
                None => changed.push(StoredEntity::new(entity, now)),
                Some(known) => {
                    let next = known.clone().told_again(entity, now);
                    if next != known {
                        changed.push(next);
                    }
                }
            }
        }
        let gone = stored.into_values().filter(|s| s.vanished_at.is_none());
        changed.extend(gone.map(|s| s.gone(now)));
        ads.save_ad_entities(account.scope, account.id, &changed)
            .await?;
        self.progress.note(|run| match level {
            AdLevel::Campaign => run.campaigns = count,
            _ => run.ad_sets = count,
        });
        Ok(())
    }

    /// Newest first, in parts that are stored whole. While one is stored the next is asked for: two are held at once, and no more.
    async fn days(
        &self,
        account: &AdAccount,
        source: &dyn AdSource,
        range: DayRange,
    ) -> PortResult<()> {
        let done_from = self.progress.now().done_from;
        let mut to = match done_from {
            Some(from) => from.pred_opt().unwrap_or(from),
            None => range.to,
        };
        let mut told: Option<Told> = None;
        while to >= range.from {
            let from = to
                .checked_sub_days(Days::new(PART_DAYS - 1))
                .map_or(range.from, |d| d.max(range.from));
            let part = DayRange { from, to };
            for level in LEVELS {
                let store = self.store(account, told.take());
                let (rows, stored) = tokio::join!(source.insights(level, part), store);
                // What was stored counts, whatever became of the next question.
                stored?;
                told = Some(Told {
                    level,
                    part,
                    rows: rows?,
                });
            }
            match from.pred_opt() {
                Some(before) => to = before,
                None => break,
            }
        }
        self.store(account, told).await
    }

    /// A part is done once the last of its levels is stored.
    async fn store(&self, account: &AdAccount, told: Option<Told>) -> PortResult<()> {
        let Some(Told { level, part, rows }) = told else {
            return Ok(());
        };
        let ads = &self.service.ports.ads;
        let kept = ads.replace_ad_days(account.scope, account.id, level, part, &rows);
        let kept = kept.await?;
        self.progress.note(|run| {
            run.rows_written += kept.written;
            run.rows_removed += kept.removed;
        });
        if level == AdLevel::Campaign {
            self.kinds(account, &rows).await?;
            // Since when within the part the account is known to have run. Days before this part may be read only later: whatever ran
            // earlier, a day of which the past is stored is known.
            let first = match account.read_through {
                Some(_) => Some(part.from),
                None => rows.iter().map(|r| r.day).min(),
            };
            self.service.tell_spend(account, part, first).await?;
        }
        if Some(&level) == LEVELS.last() {
            self.progress.note(|run| run.done_from = Some(part.from));
        }
        Ok(())
    }

    async fn kinds(&self, account: &AdAccount, rows: &[InsightDay]) -> PortResult<()> {
        let told = rows.iter().flat_map(|r| &r.conversions);
        let told: BTreeSet<&str> = told.map(|c| c.kind.as_str()).collect();
        if told
            .iter()
            .all(|kind| account.conversion_kinds.contains(*kind))
        {
            return Ok(());
        }
        let run = self.progress.now();
        self.service
            .update(&run, |account| {
                let kinds = told.iter().map(|kind| (*kind).to_owned());
                account.conversion_kinds.extend(kinds);
            })
            .await?;
        Ok(())
    }
}

/// Days of one level that wait to be stored.
struct Told {
    level: AdLevel,
    part: DayRange,
    rows: Vec<InsightDay>,
}
