//! Rows: their keys, their names, their figures.

use domain::calendar::{DayRange, Grain};
use domain::report::{Coverage, Figures};
use domain::rollup::{CUSTOM_ITEMS, Dimension, Measures, UNKNOWN, WHOLE_ORDER};
use ports::reports::DayRow;
use std::collections::BTreeMap;

#[derive(Debug, Clone)]
pub struct ReportRow {
    pub key: String,
    pub label: String,
    pub figures: Figures,
    pub coverage: Coverage,
}

impl ReportRow {
    #[must_use]
    pub fn new(key: String, label: String, measures: Measures) -> Self {
        Self {
            key,
            label,
            figures: Figures::of(measures),
            coverage: Coverage::of(&measures),
        }
    }
}

/// One row for each period of the range, quiet ones included, oldest first.
pub(super) fn periods(range: DayRange, grain: Grain, days: &[DayRow]) -> Vec<ReportRow> {
    let mut periods: BTreeMap<String, Measures> = range
        .days()
        .map(|day| (grain.key(day), Measures::default()))
        .collect();
    for row in days {
        *periods.entry(grain.key(row.day)).or_default() += row.measures;
    }
    periods
        .into_iter()
        .map(|(key, measures)| ReportRow::new(key.clone(), key, measures))
        .collect()
}

/// What a person reads; a key that nobody knows a name for is shown as it is.
pub(super) fn label(dimension: Dimension, key: &str, name: Option<&String>) -> String {
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
        let days = [DayRow {
            day: "2026-02-01".parse().unwrap(),
            measures: sold,
        }];
        let keys = |grain| {
            periods(range, grain, &days)
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
