//! Orders that are written or listed wrongly.

use super::{caught, let_others_in, saboteur, sound};
use chrono::{DateTime, Utc};
use domain::agents::recommendation::Basket;
use domain::calendar::DayRange;
use domain::ids::{OrderId, StoreScope, VariantId};
use domain::money::Currency;
use domain::prices::PaidPrice;
use domain::rollup::{Placement, Rollups, fold};
use ports::orders::{BookedOrder, OrderQuery, OrderSpan, OrderStore, SaveReport, StoredOrder};
use ports::reports::ReportStore as _;
use ports::{Page, PageRequest, PortResult};
use std::sync::{Arc, Mutex};
use testkit::Stores;
use testkit::fakes::FakeDatabase;
use testkit::laws::{
    isolation, order_events, order_filters, order_lists, order_races, order_removals, orders,
    rollups,
};

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    /// An older copy replaces a newer one.
    LastWriteWins,
    /// What a changed order said before stays in the rollups.
    NothingSubtracted,
    /// Rollups are read, others are let in, and then they are written.
    LostUpdate,
    /// The entries of a removed order stay.
    RemovedStillCounts,
    /// Only orders that are there leave a tombstone.
    ForgetsUnknown,
    /// A batch says nothing of what it left alone.
    ForgetsUnchanged,
    /// The first store that was written answers for all.
    OneStore,
    /// Pages are counted, not continued.
    Offsets,
    /// `%` stands for anything.
    Patterns,
    /// Filters beside text are dropped when there is text.
    TextAlone,
}

struct Orders {
    db: Arc<FakeDatabase>,
    flaw: Flaw,
    first: Mutex<Option<StoreScope>>,
}

fn with(flaw: Flaw) -> Stores {
    let (db, stores) = sound();
    let orders = Orders {
        db,
        flaw,
        first: Mutex::new(None),
    };
    Stores {
        orders: Arc::new(orders),
        ..stores
    }
}

fn plus(mut rollups: Rollups, batch: &[BookedOrder]) -> Rollups {
    for booked in batch {
        for (key, measures) in fold(&Placement::of(&booked.order), &booked.ledger) {
            *rollups.entry(key).or_default() += measures;
        }
    }
    rollups
}

impl Orders {
    async fn save_wrongly(
        &self,
        scope: StoreScope,
        batch: &[BookedOrder],
        observed_at: DateTime<Utc>,
    ) -> PortResult<SaveReport> {
        self.first.lock().unwrap().get_or_insert(scope);
        if self.flaw == Flaw::LastWriteWins {
            let ids: Vec<_> = batch.iter().map(|b| b.order.id).collect();
            OrderStore::remove(&*self.db, scope, &ids, DateTime::UNIX_EPOCH).await?;
        }
        let before = self.db.all(scope).await?;
        if self.flaw == Flaw::LostUpdate {
            let_others_in().await;
        }
        let mut report = OrderStore::save(&*self.db, scope, batch, observed_at).await?;
        if matches!(self.flaw, Flaw::NothingSubtracted | Flaw::LostUpdate) {
            self.db.replace_all(scope, &plus(before, batch)).await?;
        }
        if self.flaw == Flaw::ForgetsUnchanged {
            report.unchanged.clear();
        }
        Ok(report)
    }

    async fn remove_wrongly(
        &self,
        scope: StoreScope,
        ids: &[OrderId],
        at: DateTime<Utc>,
    ) -> PortResult<u64> {
        let before = self.db.all(scope).await?;
        let mut known = Vec::new();
        for id in ids {
            let there = OrderStore::find(&*self.db, scope, *id).await?.is_some();
            if there || self.flaw != Flaw::ForgetsUnknown {
                known.push(*id);
            }
        }
        let removed = OrderStore::remove(&*self.db, scope, &known, at).await?;
        if self.flaw == Flaw::RemovedStillCounts {
            self.db.replace_all(scope, &before).await?;
        }
        Ok(removed)
    }

    async fn list_wrongly(
        &self,
        scope: StoreScope,
        query: &OrderQuery,
        page: &PageRequest,
    ) -> PortResult<Page<StoredOrder>> {
        let mut query = query.clone();
        if self.flaw == Flaw::Patterns {
            query.text = query.text.map(|text| text.replace('%', ""));
        }
        if self.flaw == Flaw::TextAlone && query.text.is_some() {
            query.channel = None;
        }
        if self.flaw != Flaw::Offsets {
            return OrderStore::list(&*self.db, scope, &query, page).await;
        }
        let all = OrderStore::list(&*self.db, scope, &query, &PageRequest::first(250)).await?;
        let start: usize = page.cursor.as_deref().map_or(0, |c| c.parse().unwrap_or(0));
        let end = start + page.limit as usize;
        let more = end < all.items.len();
        Ok(Page {
            items: all
                .items
                .into_iter()
                .skip(start)
                .take(page.limit as usize)
                .collect(),
            total: all.total,
            next_cursor: more.then(|| end.to_string()),
        })
    }
}

saboteur! {
    OrderStore for Orders {
        async fn save(
            &self,
            scope: StoreScope,
            batch: &[BookedOrder],
            observed_at: DateTime<Utc>,
        ) -> PortResult<SaveReport> {
            self.save_wrongly(scope, batch, observed_at).await
        }

        async fn remove(
            &self,
            scope: StoreScope,
            ids: &[OrderId],
            at: DateTime<Utc>,
        ) -> PortResult<u64> {
            self.remove_wrongly(scope, ids, at).await
        }

        async fn find(&self, scope: StoreScope, id: OrderId) -> PortResult<Option<StoredOrder>> {
            let first = self.first.lock().unwrap().unwrap_or(scope);
            let scope = if self.flaw == Flaw::OneStore { first } else { scope };
            OrderStore::find(&*self.db, scope, id).await
        }

        async fn list(
            &self,
            scope: StoreScope,
            query: &OrderQuery,
            page: &PageRequest,
        ) -> PortResult<Page<StoredOrder>> {
            self.list_wrongly(scope, query, page).await
        }
    } else self {
        fn walk(
            scope: StoreScope,
            after: Option<OrderId>,
            variants: Option<&[VariantId]>,
            limit: u32,
        ) -> Vec<StoredOrder>;
        fn span(scope: StoreScope) -> OrderSpan;
        fn count(scope: StoreScope) -> u64;
        fn paid_prices(scope: StoreScope, currency: Currency, range: DayRange) -> Vec<PaidPrice>;
        fn baskets(scope: StoreScope, range: DayRange) -> Vec<Basket>;
        fn as_of(scope: StoreScope) -> Option<DateTime<Utc>>;
    }
}

#[tokio::test]
async fn last_write_wins_is_caught() {
    caught(orders::an_older_copy_is_stale_and_writes_nothing(with(
        Flaw::LastWriteWins,
    )))
    .await;
    caught(rollups::the_same_facts_in_any_order_give_the_same_rollups(
        with(Flaw::LastWriteWins),
    ))
    .await;
}

#[tokio::test]
async fn rollups_without_subtraction_are_caught() {
    let flaw = Flaw::NothingSubtracted;
    caught(orders::a_newer_copy_replaces_and_the_version_grows_by_one(
        with(flaw),
    ))
    .await;
    caught(rollups::rollups_equal_the_fold_after_any_sequence(with(
        flaw,
    )))
    .await;
}

#[tokio::test]
async fn a_lost_update_of_rollups_is_caught() {
    caught(order_races::two_batches_at_once_lose_nothing(with(
        Flaw::LostUpdate,
    )))
    .await;
}

#[tokio::test]
async fn entries_of_removed_orders_are_caught() {
    let flaw = Flaw::RemovedStillCounts;
    caught(order_removals::a_removed_order_is_gone_with_its_entries(
        with(flaw),
    ))
    .await;
}

#[tokio::test]
async fn missing_tombstones_are_caught() {
    let flaw = Flaw::ForgetsUnknown;
    caught(order_removals::an_unknown_deleted_order_is_remembered(
        with(flaw),
    ))
    .await;
}

#[tokio::test]
async fn a_report_with_gaps_is_caught() {
    let flaw = Flaw::ForgetsUnchanged;
    caught(order_events::a_report_names_each_order_in_the_order_of_the_batch(with(flaw))).await;
}

#[tokio::test]
async fn a_store_that_answers_for_another_is_caught() {
    caught(isolation::orders_of_another_store_are_not_seen(with(
        Flaw::OneStore,
    )))
    .await;
}

#[tokio::test]
async fn counted_pages_are_caught() {
    let flaw = Flaw::Offsets;
    caught(order_lists::orders_that_arrive_while_paging_hide_no_other(
        with(flaw),
    ))
    .await;
    caught(order_lists::a_cursor_of_another_list_is_refused(with(flaw))).await;
}

#[tokio::test]
async fn patterns_in_text_are_caught() {
    caught(order_filters::signs_of_patterns_mean_themselves(with(
        Flaw::Patterns,
    )))
    .await;
}

#[tokio::test]
async fn dropped_filters_are_caught() {
    caught(order_filters::filters_are_joined_by_and(with(
        Flaw::TextAlone,
    )))
    .await;
}
