//! Profit over a range of the store's days: by day, week, month, product, variant, channel or country.

mod pulse;
mod rows;
mod unavailable;

pub use pulse::{Pulse, WeekdayMedian, WithoutCost};
pub use rows::ReportRow;
pub use unavailable::{Excludes, Unavailable};

use crate::Ports;
use crate::stores::{StoreError, Stores};
use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::{CalendarError, Comparison, DayRange, Grain};
use domain::ids::{StoreId, WorkspaceId};
use domain::rollup::{Dimension, Measures};
use domain::store::Store;
use ports::PortError;

/// Days that a report covers when none are named: the last thirty, today included.
const DEFAULT_DAYS: u64 = 30;

/// By what the rows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Split {
    Period(Grain),
    Product,
    Variant,
    Channel,
    Country,
}

#[derive(Debug, Clone)]
pub struct ReportQuery {
    pub workspace: WorkspaceId,
    /// The workspace's first store when `None`.
    pub store: Option<StoreId>,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    pub compare: Option<Comparison>,
}

#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Range(#[from] CalendarError),
    #[error(transparent)]
    Port(#[from] PortError),
}

#[derive(Debug, Clone)]
pub struct ProfitReport {
    pub store: Store,
    pub range: DayRange,
    pub split: Split,
    /// When the newest order behind it was observed; `None` without any.
    pub as_of: Option<DateTime<Utc>>,
    pub rows: Vec<ReportRow>,
    pub total: ReportRow,
    pub unavailable: Unavailable,
    pub excludes: Excludes,
    pub comparison: Option<ComparedReport>,
}

#[derive(Debug, Clone)]
pub struct ComparedReport {
    pub kind: Comparison,
    pub range: DayRange,
    pub rows: Vec<ReportRow>,
    pub total: ReportRow,
}

/// What the range of a question means for one store.
struct Asked {
    store: Store,
    range: DayRange,
}

#[derive(Clone)]
pub struct Reports {
    ports: Ports,
    stores: Stores,
}

impl Reports {
    #[must_use]
    pub fn new(ports: Ports) -> Self {
        Self {
            stores: Stores::new(ports.clone()),
            ports,
        }
    }

    pub async fn profit(
        &self,
        query: &ReportQuery,
        split: Split,
    ) -> Result<ProfitReport, ReportError> {
        let Asked { store, range } = self.asked(query).await?;
        let (rows, total) = self.rows(&store, range, split).await?;
        let comparison = match query.compare {
            Some(kind) => {
                let range = range.compared(kind);
                let (rows, total) = self.rows(&store, range, split).await?;
                Some(ComparedReport {
                    kind,
                    range,
                    rows,
                    total,
                })
            }
            None => None,
        };
        let unavailable = self.unavailable(&store, &total).await?;
        let as_of = self.stores.span(&store).await?.as_of;
        Ok(ProfitReport {
            store,
            range,
            split,
            as_of,
            rows,
            total,
            unavailable,
            excludes: Excludes::now(),
            comparison,
        })
    }

    async fn asked(&self, query: &ReportQuery) -> Result<Asked, ReportError> {
        let store = self.stores.pick(query.workspace, query.store).await?;
        let today = store.calendar()?.day_of(self.ports.clock.now());
        let to = query
            .to
            .unwrap_or_else(|| query.from.map_or(today, |from| from.max(today)));
        let from = query
            .from
            .unwrap_or_else(|| to - chrono::Days::new(DEFAULT_DAYS - 1));
        Ok(Asked {
            store,
            range: DayRange::new(from, to)?,
        })
    }

    async fn rows(
        &self,
        store: &Store,
        range: DayRange,
        split: Split,
    ) -> Result<(Vec<ReportRow>, ReportRow), ReportError> {
        let rows = match split {
            Split::Period(grain) => {
                let days = self
                    .ports
                    .reports
                    .by_day(store.scope, store.currency, range, Dimension::Total, "")
                    .await?;
                rows::periods(range, grain, &days)
            }
            Split::Product => self.keyed(store, range, Dimension::Product).await?,
            Split::Variant => self.keyed(store, range, Dimension::Variant).await?,
            Split::Channel => self.keyed(store, range, Dimension::Channel).await?,
            Split::Country => self.keyed(store, range, Dimension::Country).await?,
        };
        let mut total = Measures::default();
        for row in &rows {
            total += row.figures.measures;
        }
        if matches!(split, Split::Product | Split::Variant) {
            // An order with three products is in three rows: this count does not add up.
            total.orders_containing = 0;
        }
        Ok((
            rows,
            ReportRow::new("total".to_owned(), "Total".to_owned(), total),
        ))
    }

    async fn keyed(
        &self,
        store: &Store,
        range: DayRange,
        dimension: Dimension,
    ) -> Result<Vec<ReportRow>, ReportError> {
        let rows = self
            .ports
            .reports
            .by_key(store.scope, store.currency, range, dimension)
            .await?;
        let keys: Vec<String> = rows.iter().map(|r| r.key.clone()).collect();
        let names = match dimension {
            Dimension::Product | Dimension::Variant => {
                self.ports
                    .reports
                    .labels(store.scope, dimension, &keys)
                    .await?
            }
            _ => std::collections::BTreeMap::new(),
        };
        let mut rows: Vec<_> = rows
            .into_iter()
            .map(|row| {
                let label = rows::label(dimension, &row.key, names.get(&row.key));
                ReportRow::new(row.key, label, row.measures)
            })
            .collect();
        rows.sort_by(|a, b| {
            b.figures
                .net_sales
                .cmp(&a.figures.net_sales)
                .then_with(|| a.key.cmp(&b.key))
        });
        Ok(rows)
    }
}
