//! Days of customers that are kept or read wrongly.

use super::{caught, saboteur, sound};
use chrono::NaiveDate;
use domain::calendar::DayRange;
use domain::customers::{CustomerDay, CustomerDayRow, CustomerDays, CustomerSettings};
use domain::ids::{CustomerId, StoreScope};
use domain::money::Currency;
use ports::customers::{
    CustomerBook, CustomerDayStore, CustomerQuery, CustomerRow, KeptAnalysis, RangeCounts,
};
use ports::{Page, PageRequest, PortResult};
use std::sync::Arc;
use testkit::Stores;
use testkit::fakes::FakeDatabase;
use testkit::laws::customers;

/// Leaves guests out of the days.
struct WithoutGuests {
    db: Arc<FakeDatabase>,
}

saboteur! {
    CustomerDayStore for WithoutGuests {
        async fn all_days(&self, scope: StoreScope) -> PortResult<CustomerDays> {
            let mut days = self.db.all_days(scope).await?;
            days.retain(|key, _| key.customer.0 != 0);
            Ok(days)
        }
    } else self {
        fn walk_days(
            scope: StoreScope,
            currency: Currency,
            after: Option<(CustomerId, NaiveDate)>,
            limit: u32,
        ) -> Vec<CustomerDayRow>;
        fn replace_days(scope: StoreScope, days: &CustomerDays) -> ();
        fn fill_days(scope: StoreScope) -> bool;
        fn revision(scope: StoreScope) -> i64;
        fn kept_analysis(scope: StoreScope, currency: Currency) -> Option<KeptAnalysis>;
        fn keep_analysis(scope: StoreScope, currency: Currency, kept: &KeptAnalysis) -> ();
    }
}

/// Takes everybody who bought in a range for new.
struct AllNew {
    db: Arc<FakeDatabase>,
}

saboteur! {
    CustomerBook for AllNew {
        async fn counts_in(
            &self,
            scope: StoreScope,
            currency: Currency,
            range: DayRange,
        ) -> PortResult<RangeCounts> {
            let counts = self.db.counts_in(scope, currency, range).await?;
            Ok(RangeCounts { new: counts.customers, ..counts })
        }
    } else self {
        fn find(scope: StoreScope, currency: Currency, id: CustomerId) -> Option<CustomerRow>;
        fn list(
            scope: StoreScope,
            currency: Currency,
            query: &CustomerQuery,
            page: &PageRequest,
        ) -> Page<CustomerRow>;
        fn days_of(
            scope: StoreScope,
            currency: Currency,
            id: CustomerId,
        ) -> Vec<(NaiveDate, CustomerDay)>;
        fn settings(scope: StoreScope) -> CustomerSettings;
        fn save_settings(scope: StoreScope, settings: &CustomerSettings) -> ();
    }
}

#[tokio::test]
async fn days_without_guests_are_caught() {
    let (db, stores) = sound();
    let broken = Stores {
        customer_days: Arc::new(WithoutGuests { db }),
        ..stores
    };
    caught(customers::the_days_of_customers_equal_the_fold_after_any_sequence(broken)).await;
}

#[tokio::test]
async fn calling_everybody_new_is_caught() {
    let (db, stores) = sound();
    let broken = Stores {
        customers: Arc::new(AllNew { db }),
        ..stores
    };
    caught(customers::a_range_counts_who_bought_in_it(broken)).await;
}
