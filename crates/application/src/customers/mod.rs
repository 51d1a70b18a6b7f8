//! What customers are worth: counts, cohorts, lifetime value, segments; and the people themselves, where they may be seen.
//!
//! Reports over all customers are read from one kept analysis, so that they take as long with a million orders as with ten. It is
//! computed anew when something changed: at once when that is quick, else behind the answer, which says as of when it is.

mod analysed;
mod people;

pub use analysed::Analysed;
pub use people::{CustomerDetail, CustomerFilter, Listing, SegmentName, Visibility};

use crate::Ports;
use crate::costs::DayCosts;
use crate::stores::{StoreError, Stores};
use chrono::NaiveDate;
use domain::calendar::{CalendarError, DayRange};
use domain::customers::{CustomerSettings, Payback, SettingsError, payback};
use domain::ids::{StoreId, StoreScope, WorkspaceId};
use domain::store::Store;
use ports::customers::RangeCounts;
use ports::{PortError, PortResult};
use std::collections::HashSet;
use std::sync::{Arc, Mutex};

/// Days that an overview covers when none are named.
const DEFAULT_DAYS: u64 = 30;

#[derive(Debug, thiserror::Error)]
pub enum CustomerError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Range(#[from] CalendarError),
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// Fifths of so few say nothing.
    #[error("there are {customers} customers with an order; quintiles need at least {needed}")]
    TooFew { customers: u64, needed: u64 },
    #[error(transparent)]
    Port(#[from] PortError),
}

#[derive(Clone)]
pub struct Customers {
    ports: Ports,
    stores: Stores,
    /// Stores whose analysis is being computed behind an answer.
    computing: Arc<Mutex<HashSet<StoreScope>>>,
}

/// Who bought in a range, beside what is known of all.
#[derive(Debug, Clone)]
pub struct Overview {
    pub store: Store,
    pub range: DayRange,
    pub counts: RangeCounts,
    pub analysed: Analysed,
    pub visibility: Visibility,
}

/// Lifetime value with what it has to pay for.
#[derive(Debug, Clone)]
pub struct LtvReport {
    pub store: Store,
    pub analysed: Analysed,
    pub acquisition: Acquisition,
    pub payback: Payback,
}

/// What one new customer cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acquisition {
    /// Minor units a new customer, over the range.
    Known {
        cost: i64,
        spend: i64,
        new_customers: u64,
        /// All who ordered.
        customers: u64,
        range: DayRange,
    },
    /// No spend is recorded in the range.
    NoSpend { range: DayRange },
    /// Spend without anybody new.
    NobodyNew { range: DayRange },
}

impl Acquisition {
    /// `spend` in minor units: `None` when none is told in the range.
    #[must_use]
    pub fn of(spend: Option<i64>, counts: &RangeCounts, range: DayRange) -> Self {
        match (spend, i64::try_from(counts.new).unwrap_or(i64::MAX)) {
            (None, _) => Self::NoSpend { range },
            (Some(_), 0) => Self::NobodyNew { range },
            (Some(spend), new) => Self::Known {
                // Half up: spend is never negative.
                cost: spend / new + i64::from(spend % new * 2 >= new),
                spend,
                new_customers: counts.new,
                customers: counts.customers,
                range,
            },
        }
    }
}

impl Customers {
    #[must_use]
    pub fn new(ports: Ports) -> Self {
        Self {
            stores: Stores::new(ports.clone()),
            ports,
            computing: Arc::default(),
        }
    }

    fn today(&self, store: &Store) -> Result<NaiveDate, CalendarError> {
        Ok(store.calendar()?.day_of(self.ports.clock.now()))
    }

    fn range(
        &self,
        store: &Store,
        from: Option<NaiveDate>,
        to: Option<NaiveDate>,
    ) -> Result<DayRange, CalendarError> {
        let today = self.today(store)?;
        let to = to.unwrap_or_else(|| from.map_or(today, |from| from.max(today)));
        let from = from.unwrap_or_else(|| to - chrono::Days::new(DEFAULT_DAYS - 1));
        DayRange::new(from, to)
    }

    pub async fn overview(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        from: Option<NaiveDate>,
        to: Option<NaiveDate>,
    ) -> Result<Overview, CustomerError> {
        let store = self.stores.pick(workspace, store).await?;
        let range = self.range(&store, from, to)?;
        let counts = self
            .ports
            .customers
            .counts_in(store.scope, store.currency, range)
            .await?;
        Ok(Overview {
            analysed: self.analysed(&store).await?,
            visibility: self.visibility(&store).await?,
            store,
            range,
            counts,
        })
    }

    /// The analysis of a store.
    pub async fn report(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
    ) -> Result<(Store, Analysed), CustomerError> {
        let store = self.stores.pick(workspace, store).await?;
        let analysed = self.analysed(&store).await?;
        Ok((store, analysed))
    }

    pub async fn ltv(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        from: Option<NaiveDate>,
        to: Option<NaiveDate>,
    ) -> Result<LtvReport, CustomerError> {
        let (store, analysed) = self.report(workspace, store).await?;
        let range = match (from, to) {
            // A year of acquisition, unless somebody asks for another one.
            (None, None) => {
                let today = self.today(&store)?;
                DayRange::new(today - chrono::Days::new(364), today)?
            }
            _ => self.range(&store, from, to)?,
        };
        let acquisition = self.acquisition(&store, range).await?;
        let payback = match acquisition {
            Acquisition::Known { cost, .. } => payback(&analysed.analysis.ltv.points, cost),
            _ => Payback::Unknown,
        };
        Ok(LtvReport {
            store,
            analysed,
            acquisition,
            payback,
        })
    }

    /// Between the first and the last day of which a spend is told: the spend of one month says nothing about those who came in
    /// others. A spend in another currency counts by the rate of its day, and not at all without one.
    async fn acquisition(&self, store: &Store, range: DayRange) -> PortResult<Acquisition> {
        let told = DayCosts::read(&self.ports, store, store.currency, range).await?;
        let told = told.spend;
        let (Some((first, _)), Some((last, _))) = (told.first_key_value(), told.last_key_value())
        else {
            return Ok(Acquisition::of(None, &RangeCounts::default(), range));
        };
        let days = DayRange {
            from: *first,
            to: *last,
        };
        let counts = self
            .ports
            .customers
            .counts_in(store.scope, store.currency, days)
            .await?;
        let spend: i64 = told.values().sum();
        Ok(Acquisition::of(Some(spend), &counts, days))
    }

    pub async fn settings(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
    ) -> Result<(Store, CustomerSettings), CustomerError> {
        let store = self.stores.pick(workspace, store).await?;
        let settings = self.ports.customers.settings(store.scope).await?;
        Ok((store, settings))
    }

    pub async fn save_settings(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        settings: CustomerSettings,
    ) -> Result<(Store, CustomerSettings), CustomerError> {
        let settings = settings.checked()?;
        let store = self.stores.pick(workspace, store).await?;
        self.ports
            .customers
            .save_settings(store.scope, &settings)
            .await?;
        Ok((store, settings))
    }

    /// Computes the days of stores whose orders a release without them has stored; answers how many stores there were.
    pub async fn fill(&self) -> Result<u64, PortError> {
        let mut filled = 0;
        for workspace in self.ports.accounts.workspaces().await? {
            for store in self.ports.connections.stores(workspace.id).await? {
                filled += u64::from(self.ports.customer_days.fill_days(store.scope).await?);
            }
        }
        Ok(filled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_customer_costs_the_spend_of_the_same_days() {
        let day = |text: &str| text.parse().expect("a day");
        let range = DayRange {
            from: day("2026-11-01"),
            to: day("2026-11-30"),
        };
        let counts = |new| RangeCounts {
            new,
            ..RangeCounts::default()
        };
        let cost = |spend, new| match Acquisition::of(spend, &counts(new), range) {
            Acquisition::Known { cost, .. } => Some(cost),
            Acquisition::NoSpend { .. } | Acquisition::NobodyNew { .. } => None,
        };
        assert_eq!(cost(Some(1_000), 3), Some(333));
        assert_eq!(cost(Some(1_001), 2), Some(501));
        assert_eq!(cost(Some(0), 5), Some(0), "told to be nothing");
        assert_eq!([cost(Some(5), 0), cost(None, 5)], [None, None]);
    }
}
