//! Rows of a report out of the rollups of its stores.

use super::convert::{Converter, Missing};
use super::{ReportError, ReportRow, Reports, Split, View, rows};
use domain::calendar::DayRange;
use domain::fx::{self, ConvertedSums};
use domain::rollup::{Dimension, Measures};
use domain::store::Store;
use std::collections::BTreeMap;

/// Of splits by something else than days: what rounding each row leaves over against the days, so that every split has the same total.
pub const ROUNDING: &str = "rounding";

/// Sums of one row, and the days of it that could not be converted.
#[derive(Debug, Clone, Default)]
pub(super) struct Cell {
    pub(super) measures: Measures,
    pub(super) missing: Missing,
}

/// Rows by key, and the total of the days.
struct Keyed {
    rows: Vec<ReportRow>,
    total: Cell,
}

impl Reports {
    /// The rows of a split with their total. Each store's day is converted by the rate of that day and rounded; other rows are
    /// rounded once each.
    pub(super) async fn rows(
        &self,
        view: &View,
        range: DayRange,
        split: Split,
        converter: &mut Converter,
    ) -> Result<(Vec<ReportRow>, ReportRow), ReportError> {
        let (rows, total) = match split {
            Split::Period(grain) => {
                let mut days = Vec::new();
                for store in &view.stores {
                    days.extend(self.days(store, range, converter).await?);
                }
                rows::periods(range, grain, &days)
            }
            Split::Store => self.by_store(view, range, converter).await?,
            Split::Product => {
                self.keyed(view, range, Dimension::Product, converter)
                    .await?
            }
            Split::Variant => {
                self.keyed(view, range, Dimension::Variant, converter)
                    .await?
            }
            Split::Channel => {
                self.keyed(view, range, Dimension::Channel, converter)
                    .await?
            }
            Split::Country => {
                self.keyed(view, range, Dimension::Country, converter)
                    .await?
            }
        };
        let total = ReportRow::of("total".to_owned(), "Total".to_owned(), &total);
        self.join_days(view, range, split, rows, total).await
    }

    /// The days of a store, converted where that is needed.
    pub(super) async fn days(
        &self,
        store: &Store,
        range: DayRange,
        converter: &mut Converter,
    ) -> Result<Vec<(chrono::NaiveDate, Cell)>, ReportError> {
        self.days_of(store, range, (Dimension::Total, ""), converter)
            .await
    }

    /// Those of one key.
    pub(super) async fn days_of(
        &self,
        store: &Store,
        range: DayRange,
        (dimension, key): (Dimension, &str),
        converter: &mut Converter,
    ) -> Result<Vec<(chrono::NaiveDate, Cell)>, ReportError> {
        let days = self
            .ports
            .reports
            .by_day(store.scope, store.currency, range, dimension, key)
            .await?;
        let mut cells = Vec::with_capacity(days.len());
        for row in days {
            let cell = match converter.rate(row.day, store.currency) {
                Ok(rate) if rate.source.is_none() => Cell {
                    measures: row.measures,
                    missing: Missing::default(),
                },
                Ok(rate) => Cell {
                    measures: converter.day(&row.measures, &rate)?,
                    missing: Missing::default(),
                },
                Err(none) => {
                    let mut cell = Cell {
                        measures: fx::counts(&row.measures),
                        missing: Missing::default(),
                    };
                    cell.missing.note(none);
                    cell
                }
            };
            cells.push((row.day, cell));
        }
        Ok(cells)
    }

    async fn by_store(
        &self,
        view: &View,
        range: DayRange,
        converter: &mut Converter,
    ) -> Result<(Vec<ReportRow>, Cell), ReportError> {
        let (mut rows, mut total) = (Vec::new(), Cell::default());
        for store in &view.stores {
            let mut sum = Cell::default();
            for (_, cell) in self.days(store, range, converter).await? {
                sum.add(&cell);
            }
            total.add(&sum);
            let row = ReportRow::of(store.scope.store.to_string(), store.name.clone(), &sum);
            rows.push(ReportRow {
                store: Some(store.scope.store),
                ..row
            });
        }
        Ok((rows, total))
    }

    async fn keyed(
        &self,
        view: &View,
        range: DayRange,
        dimension: Dimension,
        converter: &mut Converter,
    ) -> Result<(Vec<ReportRow>, Cell), ReportError> {
        let of_lines = matches!(dimension, Dimension::Product | Dimension::Variant);
        let several = view.stores.len() > 1;
        let mut total = Cell::default();
        let mut shared: BTreeMap<String, Cell> = BTreeMap::new();
        let mut out = Vec::new();
        let mut is_converted = false;
        for store in &view.stores {
            let keyed = if store.currency == view.currency {
                self.own_keys(store, range, dimension).await?
            } else {
                is_converted = true;
                self.converted_keys(store, range, dimension, converter)
                    .await?
            };
            total.add(&keyed.1);
            if of_lines {
                let name = several.then_some(store.name.as_str());
                out.extend(self.named(store, dimension, name, keyed.0).await?);
            } else {
                for (key, cell) in keyed.0 {
                    shared.entry(key).or_default().add(&cell);
                }
            }
        }
        for (key, cell) in shared {
            let label = rows::label(dimension, &key, None);
            out.push(ReportRow::of(key, label, &cell));
        }
        let mut keyed = Keyed { rows: out, total };
        if of_lines {
            // An order with three products is in three rows: this count does not add up.
            keyed.total.measures.orders_containing = 0;
        }
        if is_converted && keyed.total.missing.is_empty() {
            keyed.settle();
        }
        keyed.sort();
        Ok((keyed.rows, keyed.total))
    }

    /// Sums of a store whose currency is the report's: nothing is rounded.
    async fn own_keys(
        &self,
        store: &Store,
        range: DayRange,
        dimension: Dimension,
    ) -> Result<(BTreeMap<String, Cell>, Cell), ReportError> {
        let found = self
            .ports
            .reports
            .by_key(store.scope, store.currency, range, dimension)
            .await?;
        let (mut cells, mut total) = (BTreeMap::new(), Cell::default());
        for row in found {
            let cell = Cell {
                measures: row.measures,
                missing: Missing::default(),
            };
            total.add(&cell);
            cells.insert(row.key, cell);
        }
        Ok((cells, total))
    }

    /// Each key converted day by day and rounded once; the total is that of the days.
    async fn converted_keys(
        &self,
        store: &Store,
        range: DayRange,
        dimension: Dimension,
        converter: &mut Converter,
    ) -> Result<(BTreeMap<String, Cell>, Cell), ReportError> {
        let found = self
            .ports
            .reports
            .by_day_and_key(store.scope, store.currency, range, dimension)
            .await?;
        let mut sums: BTreeMap<String, (ConvertedSums, Missing)> = BTreeMap::new();
        for row in found {
            let (sum, missing) = sums
                .entry(row.key)
                .or_insert_with(|| (converter.sums(), Missing::default()));
            match converter.rate(row.day, store.currency) {
                Ok(rate) => sum.add(&row.measures, &rate)?,
                Err(none) => {
                    sum.count(&row.measures);
                    missing.note(none);
                }
            }
        }
        let mut cells = BTreeMap::new();
        for (key, (sum, missing)) in sums {
            let measures = sum.rounded()?;
            cells.insert(key, Cell { measures, missing });
        }
        let mut total = Cell::default();
        for (_, cell) in self.days(store, range, converter).await? {
            total.add(&cell);
        }
        Ok((cells, total))
    }

    /// With the names of the catalogue, and the store's own where there are several.
    async fn named(
        &self,
        store: &Store,
        dimension: Dimension,
        store_name: Option<&str>,
        cells: BTreeMap<String, Cell>,
    ) -> Result<Vec<ReportRow>, ReportError> {
        let keys: Vec<String> = cells.keys().cloned().collect();
        let names = self
            .ports
            .reports
            .labels(store.scope, dimension, &keys)
            .await?;
        let row = |(key, cell): (String, Cell)| {
            let mut label = rows::label(dimension, &key, names.get(&key));
            if let Some(store) = store_name {
                label = format!("{label} · {store}");
            }
            ReportRow {
                store: Some(store.scope.store),
                ..ReportRow::of(key, label, &cell)
            }
        };
        Ok(cells.into_iter().map(row).collect())
    }
}

impl Keyed {
    /// Adds the row that makes this split add up to the days.
    fn settle(&mut self) {
        let mut left = self.total.measures;
        for row in &self.rows {
            left -= row.figures.measures;
        }
        left.orders_containing = 0;
        if !left.is_zero() {
            let label = "Rounding of converted amounts".to_owned();
            self.rows
                .push(ReportRow::new(ROUNDING.to_owned(), label, left));
        }
    }

    /// Most net sales first; what is withheld, and what is left of rounding, last.
    fn sort(&mut self) {
        self.rows.sort_by(|a, b| {
            let last = |row: &ReportRow| (row.withheld.is_some(), row.key == ROUNDING);
            last(a)
                .cmp(&last(b))
                .then_with(|| b.figures.net_sales.cmp(&a.figures.net_sales))
                .then_with(|| (&a.key, a.store).cmp(&(&b.key, b.store)))
        });
    }
}

impl Cell {
    pub(super) fn add(&mut self, other: &Self) {
        self.measures += other.measures;
        self.missing.extend(&other.missing);
    }
}
