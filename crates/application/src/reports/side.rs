//! A report by product as one side of what a change of profit is made of.

use super::ProfitReport;
use domain::assistant::bridge::{Side, Sold};
use std::collections::BTreeMap;

/// Products with known cost; what is set apart is a cause of its own.
#[must_use]
pub(crate) fn side(report: &ProfitReport) -> Side {
    let mut products: BTreeMap<String, Sold> = BTreeMap::new();
    for row in &report.rows {
        let m = &row.figures.measures;
        products.insert(
            row.key.clone(),
            Sold {
                units: m.units,
                gross_sales: m.gross_sales,
                cost: m.cost_of_goods,
            },
        );
    }
    Side {
        total: report.total.figures,
        products,
    }
}
