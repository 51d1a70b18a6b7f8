//! Rows: their keys, their names, their figures.

use super::collect::Cell;
use chrono::NaiveDate;
use domain::calendar::{DayRange, Grain};
use domain::ids::StoreId;
use domain::report::{Coverage, Figures};
use domain::rollup::{CUSTOM_ITEMS, Dimension, Measures, UNKNOWN, WHOLE_ORDER};
use std::collections::BTreeMap;

#[derive(Debug, Clone)]
pub struct ReportRow {
    pub key: String,
    pub label: String,
    pub figures: Figures,
    pub coverage: Coverage,
    /// To which store the row belongs, where rows belong to one.
    pub store: Option<StoreId>,
    /// Why none of its money is known: days without an exchange rate. Its figures hold counts only then.
    pub withheld: Option<String>,
}

impl ReportRow {
    #[must_use]
    pub fn new(key: String, label: String, measures: Measures) -> Self {
        Self {
            key,
            label,
            figures: Figures::of(measures),
            coverage: Coverage::of(&measures),
            store: None,
            withheld: None,
        }
    }

    /// Of what could be converted; all of it is withheld when a part could not be.
    pub(super) fn of(key: String, label: String, cell: &Cell) -> Self {
        match cell.missing.reason() {
            None => Self::new(key, label, cell.measures),
            Some(reason) => Self {
                withheld: Some(reason),
                ..Self::new(key, label, domain::fx::counts(&cell.measures))
            },
        }
    }

    /// Net profit, where it is known and not withheld.
    #[must_use]
    pub fn net_profit(&self) -> Option<i64> {
        self.figures.net_profit.filter(|_| self.withheld.is_none())
    }
}

/// One row for each period of the range, quiet ones included, oldest first; and their total.
pub(super) fn periods(
    range: DayRange,
    grain: Grain,
    days: &[(NaiveDate, Cell)],
) -> (Vec<ReportRow>, Cell) {
    let mut periods: BTreeMap<String, Cell> = range
        .days()
        .map(|day| (grain.key(day), Cell::default()))
        .collect();
    let mut total = Cell::default();
    for (day, cell) in days {
        periods.entry(grain.key(*day)).or_default().add(cell);
        total.add(cell);
    }
    let rows = periods
        .into_iter()
        .map(|(key, cell)| ReportRow::of(key.clone(), key, &cell))
        .collect();
    (rows, total)
}

/// What a person reads; a key that nobody knows a name for is shown as it is.
pub(crate) fn label(dimension: Dimension, key: &str, name: Option<&String>) -> String {
    match (dimension, key) {
        (Dimension::Product | Dimension::Variant, CUSTOM_ITEMS) => "Custom items".to_owned(),
        (Dimension::Product | Dimension::Variant, WHOLE_ORDER) => {
            "Whole orders (shipping, tips, adjustments)".to_owned()
        }
        (Dimension::Product, _) => name
            .cloned()
            .unwrap_or_else(|| format!("Product {key} (deleted)")),
        (Dimension::Variant, _) => name
            .cloned()
            .unwrap_or_else(|| format!("Variant {key} (deleted)")),
        (Dimension::Country, UNKNOWN) => "Unknown country".to_owned(),
        (Dimension::Channel, UNKNOWN) => "Unknown channel".to_owned(),
        _ => key.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_days_are_rows_too_and_weeks_gather_them() {
        let range =
            DayRange::new("2026-01-30".parse().unwrap(), "2026-02-02".parse().unwrap()).unwrap();
        let sold = Measures {
            orders: 1,
            gross_sales: 500,
            cost_actual: 500,
            ..Measures::default()
        };
        let cell = Cell {
            measures: sold,
            ..Cell::default()
        };
        let days = [("2026-02-01".parse().unwrap(), cell)];
        let keys = |grain| {
            periods(range, grain, &days)
                .0
                .into_iter()
                .map(|r| (r.key, r.figures.measures.orders))
                .collect::<Vec<_>>()
        };
        assert_eq!(keys(Grain::Day).len(), 4);
        assert_eq!(
            keys(Grain::Week),
            [("2026-W05".into(), 1), ("2026-W06".into(), 0)]
        );
        assert_eq!(
            keys(Grain::Month),
            [("2026-01".into(), 0), ("2026-02".into(), 1)]
        );
    }

    #[test]
    fn names_fall_back_to_what_is_known() {
        assert_eq!(label(Dimension::Product, "7", None), "Product 7 (deleted)");
        assert_eq!(
            label(Dimension::Product, "7", Some(&"Mug".to_owned())),
            "Mug"
        );
        assert_eq!(
            label(Dimension::Country, "unknown", None),
            "Unknown country"
        );
        assert_eq!(label(Dimension::Channel, "web", None), "web");
    }
}
