//! Stock that is written down wrongly, forecasts of which an older one counts, orders that are numbered or stored twice.

use super::{caught, let_others_in, saboteur, sound};
use chrono::{DateTime, NaiveDate, Utc};
use domain::audit::NewEntry;
use domain::calendar::DayRange;
use domain::forecast::score::DayScores;
use domain::forecast::{StoredForecast, Target, TargetLevel};
use domain::ids::{PurchaseOrderId, StoreScope, SupplierId, WorkspaceId};
use domain::inventory::{InventoryLevel, Location};
use domain::purchase::{PurchaseOrder, PurchaseStatus, Supplier};
use ports::forecasts::ForecastStore;
use ports::purchases::{PurchaseFilter, PurchaseStore};
use ports::stock::{StockBook, StockStore};
use ports::{Page, PageRequest, PortResult};
use std::sync::Arc;
use testkit::Stores;
use testkit::fakes::FakeDatabase;
use testkit::laws::{forecasts, purchases, stock};

/// It answers with the days that were looked at, whatever was asked for.
struct AllDays {
    db: Arc<FakeDatabase>,
}

saboteur! {
    StockStore for AllDays {
        async fn stock_book(&self, scope: StoreScope, range: DayRange) -> PortResult<StockBook> {
            let whole = DayRange { from: NaiveDate::MIN, to: range.to };
            self.db.stock_book(scope, whole).await
        }
    } else self {
        fn locations(scope: StoreScope) -> Vec<Location>;
        fn all_levels(scope: StoreScope) -> Vec<InventoryLevel>;
        fn keep_stock(scope: StoreScope, day: NaiveDate, at: DateTime<Utc>) -> ();
    }
}

#[tokio::test]
async fn days_that_nobody_asked_for_are_caught() {
    let (db, stores) = sound();
    let stores = Stores {
        stock: Arc::new(AllDays { db }),
        ..stores
    };
    caught(stock::only_what_is_another_than_before_is_a_mark(stores)).await;
}

/// The one that was saved last counts, however old it is.
struct LastSaved {
    db: Arc<FakeDatabase>,
    last: std::sync::Mutex<Vec<StoredForecast>>,
}

saboteur! {
    ForecastStore for LastSaved {
        async fn save_forecasts(&self, scope: StoreScope, made: &[StoredForecast]) -> PortResult<()> {
            self.last.lock().unwrap().extend_from_slice(made);
            self.db.save_forecasts(scope, made).await
        }

        async fn newest_forecasts(&self, _scope: StoreScope, level: TargetLevel) -> PortResult<Vec<StoredForecast>> {
            let last = self.last.lock().unwrap();
            let of_level = last.iter().filter(|f| f.target.level() == level);
            let by_target: std::collections::BTreeMap<_, _> = of_level.map(|f| (f.target, f.clone())).collect();
            Ok(by_target.into_values().collect())
        }
    } else self {
        fn newest_forecast(scope: StoreScope, target: Target) -> Option<StoredForecast>;
        fn walk_forecasts(scope: StoreScope, from: NaiveDate, after: Option<(Target, NaiveDate)>, limit: u32) -> Vec<StoredForecast>;
        fn forget_forecasts(scope: StoreScope, before: NaiveDate) -> ();
        fn save_scores(scope: StoreScope, days: &[DayScores]) -> ();
        fn scores(scope: StoreScope, range: DayRange) -> Vec<DayScores>;
    }
}

#[tokio::test]
async fn an_older_forecast_in_the_place_of_the_newest_is_caught() {
    let (db, stores) = sound();
    let last = LastSaved {
        db,
        last: std::sync::Mutex::default(),
    };
    let stores = Stores {
        forecasts: Arc::new(last),
        ..stores
    };
    let law = forecasts::the_newest_of_each_target_is_the_one_that_begins_last(stores);
    caught(law).await;
}

/// It looks at the version first, and stores whatever comes then.
struct LooksFirst {
    db: Arc<FakeDatabase>,
}

saboteur! {
    PurchaseStore for LooksFirst {
        async fn save_purchase(&self, order: &PurchaseOrder, entry: &NewEntry) -> PortResult<()> {
            let stored = self.db.purchase(order.scope.workspace, order.id).await?;
            let follows = stored.is_some_and(|s| s.version + 1 == order.version);
            let_others_in().await;
            let now = self.db.purchase(order.scope.workspace, order.id).await?;
            let mut order = order.clone();
            if let Some(now) = now.filter(|_| follows) {
                order.version = now.version + 1;
            }
            self.db.save_purchase(&order, entry).await
        }

        async fn create_purchase_alone(&self, order: &PurchaseOrder, entry: &NewEntry) -> PortResult<PurchaseOrder> {
            let under_way = PurchaseStatus::UNDER_WAY;
            let others = self.db.purchases_in(order.scope, &under_way).await?;
            let_others_in().await;
            if others.iter().any(|other| other.rivals(order)) {
                return self.db.create_purchase_alone(order, entry).await;
            }
            self.db.create_purchase(order, entry).await
        }
    } else self {
        fn save_supplier(supplier: &Supplier, entry: &NewEntry) -> ();
        fn supplier(workspace: WorkspaceId, id: SupplierId) -> Option<Supplier>;
        fn suppliers(workspace: WorkspaceId) -> Vec<Supplier>;
        fn create_purchase(order: &PurchaseOrder, entry: &NewEntry) -> PurchaseOrder;
        fn purchase(workspace: WorkspaceId, id: PurchaseOrderId) -> Option<PurchaseOrder>;
        fn purchases(workspace: WorkspaceId, filter: &PurchaseFilter, page: &PageRequest) -> Page<PurchaseOrder>;
        fn purchases_in(scope: StoreScope, states: &[PurchaseStatus]) -> Vec<PurchaseOrder>;
    }
}

#[tokio::test]
async fn two_changes_of_one_version_are_caught() {
    let (db, stores) = sound();
    let stores = Stores {
        purchases: Arc::new(LooksFirst { db }),
        ..stores
    };
    let law = purchases::of_many_changes_of_one_version_one_is_stored(stores);
    caught(law).await;
}

#[tokio::test]
async fn a_look_before_the_order_is_written_is_caught() {
    let (db, stores) = sound();
    let stores = Stores {
        purchases: Arc::new(LooksFirst { db }),
        ..stores
    };
    let law = purchases::of_orders_of_the_same_goods_one_is_written_alone(stores);
    caught(law).await;
}
