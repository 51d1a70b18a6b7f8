//! The figures of a store by day.

use super::reading::Reading;
use crate::reports::{CurrencyChoice, ReportError, ReportQuery, ReportRow, Split, StoreChoice};
use chrono::NaiveDate;
use domain::agents::analytics::DayFacts;
use domain::analysis::Watched;
use domain::calendar::Grain;
use domain::store::Store;

/// Part ÷ whole in ten-thousandths, rounded to the nearest; `None` of nothing.
pub(super) fn share(part: i64, whole: i64) -> Option<i64> {
    (whole > 0).then(|| {
        let (part, whole) = (i128::from(part) * 20_000, i128::from(whole) * 2);
        let rounded = (part + whole / 2).div_euclid(whole);
        i64::try_from(rounded).unwrap_or(i64::MAX)
    })
}

/// `None` where it is not known of the row.
pub(super) fn value(figure: Watched, row: &ReportRow) -> Option<i64> {
    let (f, m) = (&row.figures, &row.figures.measures);
    if figure == Watched::Orders {
        return Some(m.orders);
    }
    if row.withheld.is_some() {
        return None;
    }
    match figure {
        Watched::NetSales => Some(f.net_sales),
        Watched::Orders => Some(m.orders),
        Watched::RefundRate => share(m.returns, m.gross_sales - m.discounts),
        Watched::Margin => share(f.cm2?, f.net_revenue - f.net_revenue_without_cost),
        Watched::AdSpend => f.ad_spend,
        Watched::Poas => share(f.cm2?, f.ad_spend?),
        // Of sales without a cost nobody knows what their units cost.
        Watched::UnitCost if m.cost_missing == 0 && m.units > 0 => {
            Some((f.cost_of_goods? + m.units / 2).div_euclid(m.units))
        }
        Watched::UnitCost => None,
    }
}

fn is_estimated(row: &ReportRow) -> bool {
    let m = &row.figures.measures;
    [m.cost_estimated, m.fees_estimated, m.shipping_estimated] != [0, 0, 0]
}

pub(super) fn query(store: &Store, from: NaiveDate, to: NaiveDate) -> ReportQuery {
    ReportQuery {
        workspace: store.scope.workspace,
        store: StoreChoice::One(store.scope.store),
        currency: CurrencyChoice::Of(store.currency),
        from: Some(from),
        to: Some(to),
        compare: None,
    }
}

impl Reading {
    /// The figures of these days, from the first with an entry on: before its first order a store has no days.
    pub(crate) async fn days(
        &self,
        store: &Store,
        (from, to): (NaiveDate, NaiveDate),
    ) -> Result<Vec<DayFacts>, ReportError> {
        let query = query(store, from, to);
        let report = self
            .reports
            .profit(&query, Split::Period(Grain::Day))
            .await?;
        let rows = report.rows.iter();
        let rows = rows.filter_map(|row| Some((row.key.parse().ok()?, row)));
        let days = rows
            .skip_while(|(_, row)| row.figures.measures.entries == 0)
            .map(|(day, row)| DayFacts {
                day,
                values: Watched::ALL.map(|figure| value(figure, row)),
                is_estimated: is_estimated(row),
            });
        Ok(days.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::rollup::Measures;

    #[test]
    fn shares_are_rounded_to_the_nearest_and_of_nothing_there_is_none() {
        assert_eq!(share(1, 3), Some(3_333));
        assert_eq!(share(2, 3), Some(6_667));
        assert_eq!(share(-1, 3), Some(-3_333));
        assert_eq!(share(1, 0), None);
    }

    #[test]
    fn what_a_day_does_not_know_is_no_zero() {
        let m = Measures {
            orders: 2,
            units: 3,
            gross_sales: 3_000,
            cost_actual: 2_000,
            cost_missing: 1_000,
            cost_of_goods: 800,
            entries: 4,
            ..Measures::default()
        };
        let row = ReportRow::new("2026-06-01".to_owned(), String::new(), m);
        assert_eq!(value(Watched::UnitCost, &row), None);
        assert_eq!(value(Watched::AdSpend, &row), None);
        assert_eq!(value(Watched::Poas, &row), None);
        assert_eq!(value(Watched::Margin, &row), Some(6_000));
        assert_eq!(value(Watched::RefundRate, &row), Some(0));
        let withheld = ReportRow {
            withheld: Some("no rate".to_owned()),
            ..row
        };
        assert_eq!(value(Watched::NetSales, &withheld), None);
        assert_eq!(value(Watched::Orders, &withheld), Some(2));
    }
}
