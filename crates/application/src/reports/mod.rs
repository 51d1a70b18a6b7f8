//! Profit over a range of the stores' days: by day, week, month, store, product, variant, channel or country.

mod collect;
mod convert;
mod customer_figures;
mod day_costs;
mod passport;
mod pulse;
mod rows;
mod side;
mod subject;
mod unavailable;
mod view;

pub use collect::ROUNDING;
pub use convert::{Missing, MissingDays, RateUse};
pub use day_costs::UNALLOCATED;
pub use passport::{FigureImport, FigureInput, FigurePassport, FigureSource, FigureValue};
pub use pulse::{Pulse, WeekdayMedian, WithoutCost};
pub use rows::ReportRow;
pub(crate) use rows::label;
pub(crate) use side::side;
pub use subject::Subject;
pub use unavailable::{Excludes, Unavailable};
pub use view::{CurrencyChoice, StoreChoice, View};

use crate::Ports;
use crate::customers::Customers;
use crate::stores::{StoreError, Stores};
use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::{CalendarError, Comparison, DayRange, Grain};
use domain::ids::WorkspaceId;
use domain::money::MoneyError;
use ports::PortError;

/// By what the rows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Split {
    Period(Grain),
    Store,
    Product,
    Variant,
    Channel,
    Country,
}

#[derive(Debug, Clone)]
pub struct ReportQuery {
    pub workspace: WorkspaceId,
    pub store: StoreChoice,
    pub currency: CurrencyChoice,
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
    /// Amounts beyond what can be written.
    #[error(transparent)]
    Money(#[from] MoneyError),
    #[error(transparent)]
    Port(#[from] PortError),
}

#[derive(Debug, Clone)]
pub struct ProfitReport {
    pub view: View,
    pub split: Split,
    /// When the newest order behind it was observed; of several stores the earliest of these; `None` without any.
    pub as_of: Option<DateTime<Utc>>,
    pub rows: Vec<ReportRow>,
    pub total: ReportRow,
    pub unavailable: Unavailable,
    pub excludes: Excludes,
    /// By which amounts of other currencies were converted.
    pub rates: Vec<RateUse>,
    pub comparison: Option<ComparedReport>,
}

#[derive(Debug, Clone)]
pub struct ComparedReport {
    pub kind: Comparison,
    pub range: DayRange,
    pub rows: Vec<ReportRow>,
    pub total: ReportRow,
}

#[derive(Clone)]
pub struct Reports {
    ports: Ports,
    stores: Stores,
    customers: Customers,
}

impl Reports {
    #[must_use]
    pub fn new(ports: Ports) -> Self {
        Self {
            stores: Stores::new(ports.clone()),
            customers: Customers::new(ports.clone()),
            ports,
        }
    }

    pub async fn profit(
        &self,
        query: &ReportQuery,
        split: Split,
    ) -> Result<ProfitReport, ReportError> {
        let view = self.view(query).await?;
        let range = view.range;
        let compared = query.compare.map(|kind| (kind, range.compared(kind)));
        let ranges: Vec<DayRange> = std::iter::once(range)
            .chain(compared.map(|(_, range)| range))
            .collect();
        let mut converter = self.converter(query.workspace, &view, &ranges).await?;
        let (rows, total) = self.rows(&view, range, split, &mut converter).await?;
        let comparison = match compared {
            Some((kind, range)) => {
                let (rows, total) = self.rows(&view, range, split, &mut converter).await?;
                Some(ComparedReport {
                    kind,
                    range,
                    rows,
                    total,
                })
            }
            None => None,
        };
        let unavailable = self.unavailable(&view, split, &total).await?;
        Ok(ProfitReport {
            as_of: self.as_of(&view).await?,
            split,
            rows,
            excludes: Excludes::of(&total),
            total,
            unavailable,
            rates: converter.used(),
            comparison,
            view,
        })
    }

    async fn as_of(&self, view: &View) -> Result<Option<DateTime<Utc>>, ReportError> {
        let mut earliest = None;
        for store in &view.stores {
            let newest = self.stores.as_of(store).await?;
            earliest = match (earliest, newest) {
                (Some(known), Some(newest)) => Some(std::cmp::min(known, newest)),
                (known, newest) => known.or(newest),
            };
        }
        Ok(earliest)
    }
}
