//! The profit report as a table for spreadsheets: UTF-8 with a mark, and no cell that a spreadsheet would run as a formula.

use super::figures::Row;
use super::profit::ProfitBody;
use std::borrow::Cow;

const COLUMNS: [&str; 29] = [
    "key",
    "label",
    "currency",
    "orders",
    "orders_containing",
    "units",
    "gross_sales",
    "discounts",
    "returns",
    "net_sales",
    "shipping",
    "taxes",
    "duties",
    "fees_charged",
    "tips",
    "total_sales",
    "net_revenue",
    "net_revenue_without_cost",
    "gift_cards",
    "cost_of_goods",
    "cm1",
    "shipping_cost",
    "payment_fees",
    "payment_fees_without_cost",
    "cm2",
    "ad_spend",
    "cm3",
    "fixed_costs",
    "net_profit",
];

/// One line a row, then the total with the key `total`. Unknown cells are empty.
pub(crate) fn write(report: &ProfitBody) -> Vec<u8> {
    // Spreadsheets take a file without the mark for the machine's own character set.
    let mut out = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    let rows = report.rows.iter().chain(std::iter::once(&report.total));
    let lines = rows.map(|row| cells(row, &report.currency).map(|cell| safe(&cell).into_owned()));
    // Writing to memory cannot fail, and all records have the same length.
    let written = out.write_record(COLUMNS).and_then(|()| {
        lines
            .into_iter()
            .try_for_each(|line| out.write_record(line))
    });
    debug_assert!(written.is_ok());
    out.into_inner().unwrap_or_default()
}

fn cells(row: &Row, currency: &str) -> [String; COLUMNS.len()] {
    let known = |value: &Option<String>| value.clone().unwrap_or_default();
    [
        row.key.clone(),
        row.label.clone(),
        currency.to_owned(),
        row.orders.to_string(),
        row.orders_containing
            .map(|n| n.to_string())
            .unwrap_or_default(),
        row.units.to_string(),
        known(&row.gross_sales),
        known(&row.discounts),
        known(&row.returns),
        known(&row.net_sales),
        known(&row.shipping),
        known(&row.taxes),
        known(&row.duties),
        known(&row.fees_charged),
        known(&row.tips),
        known(&row.total_sales),
        known(&row.net_revenue),
        known(&row.net_revenue_without_cost),
        known(&row.gift_cards),
        known(&row.cost_of_goods),
        known(&row.cm1),
        known(&row.shipping_cost),
        known(&row.payment_fees),
        known(&row.payment_fees_without_cost),
        known(&row.cm2),
        known(&row.ad_spend),
        known(&row.cm3),
        known(&row.fixed_costs),
        known(&row.net_profit),
    ]
}

/// A text that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, *CSV injection*); numbers stay numbers.
pub(crate) fn safe(cell: &str) -> Cow<'_, str> {
    let runs = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let is_number = cell
        .strip_prefix('-')
        .is_some_and(|n| !n.is_empty() && n.chars().all(|c| c.is_ascii_digit() || c == '.'));
    if runs && !is_number {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cell: &str, written: &str) {
        assert_eq!(safe(cell), written);
    }

    #[test]
    fn formulas_are_defused_and_numbers_are_not() {
        check("=HYPERLINK(\"x\")", "'=HYPERLINK(\"x\")");
        check("+1", "'+1");
        check("@SUM(A1)", "'@SUM(A1)");
        check("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0");
        check("-12.50", "-12.50");
        check("Mug, \"large\"", "Mug, \"large\"");
    }
}
