//! Did I make money? One screen's worth: the total, its days, the best and the worst.

use super::{
    ComparedReport, Excludes, ROUNDING, RateUse, ReportError, ReportQuery, ReportRow, Reports,
    Split, Unavailable, View,
};
use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::calendar::{DayRange, Grain};
use domain::ids::WorkspaceId;
use domain::rollup::{CUSTOM_ITEMS, WHOLE_ORDER};

const RANKED: usize = 5;
/// The same weekday of so many weeks before.
const MEDIAN_WEEKS: u64 = 8;

#[derive(Debug, Clone)]
pub struct Pulse {
    pub view: View,
    pub as_of: Option<DateTime<Utc>>,
    pub total: ReportRow,
    /// A row a day, oldest first.
    pub series: Vec<ReportRow>,
    pub comparison: Option<ComparedReport>,
    /// By net profit, best first; only products whose profit is known.
    pub best: Vec<ReportRow>,
    /// By net profit, worst first; never one that is among the best.
    pub worst: Vec<ReportRow>,
    pub weekday_median: Option<WeekdayMedian>,
    pub without_cost: WithoutCost,
    pub unavailable: Unavailable,
    pub excludes: Excludes,
    pub rates: Vec<RateUse>,
}

/// Net profit of the last day's weekday in the weeks before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeekdayMedian {
    pub day: NaiveDate,
    pub day_net_profit: Option<i64>,
    pub median: i64,
    pub samples: usize,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WithoutCost {
    /// Variants sold in the range whose cost is missing.
    pub variants: usize,
    pub net_sales: i64,
}

impl Reports {
    pub async fn pulse(&self, query: &ReportQuery) -> Result<Pulse, ReportError> {
        let days = self.profit(query, Split::Period(Grain::Day)).await?;
        let view = days.view;
        let mut converter = self
            .converter(query.workspace, &view, &[view.range])
            .await?;
        let (products, _) = self
            .rows(&view, view.range, Split::Product, &mut converter)
            .await?;
        let (variants, _) = self
            .rows(&view, view.range, Split::Variant, &mut converter)
            .await?;
        let (best, worst) = ranked(products);
        Ok(Pulse {
            weekday_median: self.weekday_median(query.workspace, &view).await?,
            without_cost: without_cost(&variants),
            view,
            as_of: days.as_of,
            total: days.total,
            series: days.rows,
            comparison: days.comparison,
            best,
            worst,
            unavailable: days.unavailable,
            excludes: days.excludes,
            rates: days.rates,
        })
    }

    /// Speaks of the last whole day of the range: today is not over, where it is earliest.
    async fn weekday_median(
        &self,
        workspace: WorkspaceId,
        view: &View,
    ) -> Result<Option<WeekdayMedian>, ReportError> {
        let today = self.days_today(&view.stores)?.0;
        let day = view.range.to.min(today - Days::new(1));
        let before = DayRange::new(day - Days::new(7 * MEDIAN_WEEKS), day)?;
        let mut converter = self.converter(workspace, view, &[before]).await?;
        let (rows, _) = self
            .rows(view, before, Split::Period(Grain::Day), &mut converter)
            .await?;
        // A day on which nothing happened in any store is no sample, whatever it cost.
        let profit = |wanted: NaiveDate| {
            let key = wanted.to_string();
            let row = rows.iter().find(|r| r.key == key);
            row.filter(|r| r.figures.measures.entries > 0)
                .and_then(ReportRow::net_profit)
        };
        let samples = (1..=MEDIAN_WEEKS)
            .filter_map(|week| profit(day - Days::new(7 * week)))
            .collect::<Vec<_>>();
        Ok(median(&samples).map(|median| WeekdayMedian {
            day,
            day_net_profit: profit(day),
            median,
            samples: samples.len(),
        }))
    }
}

/// The middle one; of two middle ones their mean, rounded down.
fn median(samples: &[i64]) -> Option<i64> {
    let mut sorted = samples.to_vec();
    sorted.sort_unstable();
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        n if n % 2 == 1 => Some(sorted[middle]),
        _ => Some((sorted[middle - 1] + sorted[middle]).div_euclid(2)),
    }
}

/// Gift cards and products whose sales were all of another range earn nothing to rank.
fn ranked(products: Vec<ReportRow>) -> (Vec<ReportRow>, Vec<ReportRow>) {
    let is_ranked = |row: &ReportRow| {
        let measures = &row.figures.measures;
        let traded = measures.gross_sales != 0 || measures.returns != 0;
        traded
            && row.key != CUSTOM_ITEMS
            && row.key != WHOLE_ORDER
            && row.key != ROUNDING
            && row.net_profit().is_some()
    };
    let mut known: Vec<_> = products.into_iter().filter(is_ranked).collect();
    known.sort_by(|a, b| {
        b.figures
            .net_profit
            .cmp(&a.figures.net_profit)
            .then_with(|| a.key.cmp(&b.key))
    });
    let best: Vec<_> = known.iter().take(RANKED).cloned().collect();
    let worst = known.split_off(best.len());
    (best, worst.into_iter().rev().take(RANKED).collect())
}

fn without_cost(variants: &[ReportRow]) -> WithoutCost {
    let missing: Vec<_> = variants
        .iter()
        .filter(|v| v.figures.measures.cost_missing != 0)
        .collect();
    WithoutCost {
        variants: missing.len(),
        net_sales: missing
            .iter()
            .map(|v| v.figures.measures.cost_missing)
            .sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::rollup::Measures;

    fn row(key: &str, profit: i64) -> ReportRow {
        let measures = Measures {
            gross_sales: profit,
            cost_actual: profit,
            ..Measures::default()
        };
        ReportRow::new(key.to_owned(), key.to_owned(), measures)
    }

    #[test]
    fn nothing_is_both_best_and_worst() {
        let rows = (0..7).map(|i| row(&i.to_string(), i * 100 - 300)).collect();
        let (best, worst) = ranked(rows);
        let keys = |rows: &[ReportRow]| rows.iter().map(|r| r.key.clone()).collect::<Vec<_>>();
        assert_eq!(keys(&best), ["6", "5", "4", "2", "1"], "3 sold nothing");
        assert_eq!(keys(&worst), ["0"]);
    }

    #[test]
    fn the_median_of_an_even_number_is_between() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[3, 1, 2]), Some(2));
        assert_eq!(median(&[1, 4]), Some(2));
    }
}
