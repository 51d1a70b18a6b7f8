//! Orders of a file: whatever their columns say, their ledgers come to their totals, or they are refused.

use domain::calendar::Calendar;
use domain::catalog::CostBook;
use domain::ids::{CustomerId, StoreId};
use domain::import::{
    ImportKind, Layout, Mapping, OrderContext, ReadOrder, Row, RowProblem, Styles, read_order,
};
use domain::ledger::{EntryKind, Ledger, derive};
use domain::money::Currency;
use proptest::prelude::*;

const HEADERS: [&str; 19] = [
    "Name",
    "Financial Status",
    "Currency",
    "Subtotal",
    "Shipping",
    "Taxes",
    "Total",
    "Created at",
    "Lineitem quantity",
    "Lineitem name",
    "Lineitem price",
    "Lineitem sku",
    "Lineitem discount",
    "Lineitem taxable",
    "Lineitem requires shipping",
    "Refunded Amount",
    "Cancelled at",
    "Duties",
    "Outstanding Balance",
];

/// A row by the columns that are not empty.
fn row(number: u64, cells: &[(&str, &str)]) -> Row {
    let value = |header: &str| {
        cells
            .iter()
            .find(|(h, _)| *h == header)
            .map_or("", |(_, v)| *v)
    };
    Row::of(number, &HEADERS.map(value))
}

fn head<'a>(
    subtotal: &'a str,
    shipping: &'a str,
    taxes: &'a str,
    total: &'a str,
) -> Vec<(&'a str, &'a str)> {
    vec![
        ("Name", "#1"),
        ("Financial Status", "paid"),
        ("Currency", "EUR"),
        ("Created at", "2026-01-05 10:00:00 +0100"),
        ("Subtotal", subtotal),
        ("Shipping", shipping),
        ("Taxes", taxes),
        ("Total", total),
    ]
}

fn line<'a>(quantity: &'a str, name: &'a str, price: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("Lineitem quantity", quantity),
        ("Lineitem name", name),
        ("Lineitem price", price),
    ]
}

fn read(rows: &[Row]) -> Result<(ReadOrder, Ledger), Vec<RowProblem>> {
    let headers = HEADERS.map(str::to_owned).to_vec();
    let mapping = Mapping::propose(ImportKind::Orders, &headers);
    let layout = Layout::new(&mapping, &headers, Styles::default());
    let calendar = Calendar::parse("Europe/Berlin").unwrap();
    let context = OrderContext {
        store: StoreId(uuid::Uuid::from_u128(1)),
        currency: Currency::parse("EUR").unwrap(),
        calendar,
        link: &|_, _| (None, None),
        person: &|_| CustomerId(-1),
    };
    let read = read_order(rows, &layout, &context)?;
    let ledger = derive(&read.order, &calendar, &CostBook::default());
    assert_eq!(
        ledger.check(&read.order).map(|c| c.difference()),
        Some(0),
        "{:?}",
        read.order
    );
    Ok((read, ledger))
}

fn one(
    head: Vec<(&str, &str)>,
    line: Vec<(&str, &str)>,
) -> Result<(ReadOrder, Ledger), Vec<RowProblem>> {
    read(&[row(2, &[head, line].concat())])
}

#[track_caller]
fn sums(ledger: &Ledger, expected: &[(EntryKind, i64)]) {
    for (kind, amount) in expected {
        assert_eq!(ledger.sum(|k| k == *kind), *amount, "{kind:?}");
    }
}

#[test]
fn taxes_beside_the_prices_and_taxes_within_them_are_told_apart_by_the_total() {
    let (_, beside) = one(
        head("20.00", "5.00", "3.80", "28.80"),
        line("2", "Mug", "10.00"),
    )
    .unwrap();
    sums(
        &beside,
        &[
            (EntryKind::GrossSale, 2000),
            (EntryKind::Shipping, 500),
            (EntryKind::Tax, 380),
        ],
    );
    let (read, within) = one(
        head("20.00", "5.00", "3.99", "25.00"),
        line("2", "Mug", "10.00"),
    )
    .unwrap();
    assert!(read.order.taxes_included);
    sums(
        &within,
        &[
            (EntryKind::GrossSale, 1681),
            (EntryKind::Shipping, 420),
            (EntryKind::Tax, 399),
        ],
    );
}

#[test]
fn a_discount_is_what_the_subtotal_lacks_and_a_tip_is_no_sale() {
    let tip = [
        line("1", "Tip", "2.00"),
        vec![
            ("Lineitem taxable", "false"),
            ("Lineitem requires shipping", "false"),
        ],
    ]
    .concat();
    let first = row(
        2,
        &[head("15.00", "0", "0", "17.00"), line("2", "Mug", "10.00")].concat(),
    );
    let second = row(3, &[vec![("Name", "#1")], tip].concat());
    let (read, ledger) = read(&[first, second]).unwrap();
    sums(
        &ledger,
        &[
            (EntryKind::GrossSale, 2000),
            (EntryKind::Discount, -500),
            (EntryKind::Tip, 200),
        ],
    );
    assert_eq!(read.order.lines.len(), 1);
}

#[test]
fn a_refund_is_an_adjustment_with_its_share_of_the_tax() {
    let refunded = [
        head("10.00", "0", "1.00", "11.00"),
        vec![("Refunded Amount", "5.50")],
    ]
    .concat();
    let (read, ledger) = one(refunded, line("1", "Mug", "10.00")).unwrap();
    sums(&ledger, &[(EntryKind::Return, -500), (EntryKind::Tax, 50)]);
    assert!(read.refund_day_unknown);
}

#[test]
fn an_order_that_was_cancelled_before_it_was_paid_is_worth_nothing() {
    let mut cells = head("10.00", "0", "0", "10.00");
    cells.retain(|(h, _)| *h != "Financial Status");
    cells.extend([
        ("Financial Status", "voided"),
        ("Cancelled at", "2026-01-07 09:00:00 +0100"),
    ]);
    let (read, ledger) = one(cells, line("1", "Mug", "10.00")).unwrap();
    assert_eq!(ledger.sum(EntryKind::is_charged), 0);
    assert_eq!(read.order.transactions, []);
    let days: Vec<String> = ledger.entries.iter().map(|e| e.day.to_string()).collect();
    assert_eq!(days, ["2026-01-05", "2026-01-07"]);
}

#[test]
fn a_little_that_nothing_explains_is_kept_apart_and_much_is_refused() {
    let (read, ledger) = one(head("10.00", "0", "0", "10.05"), line("1", "Mug", "10.00")).unwrap();
    sums(&ledger, &[(EntryKind::Unclassified, 5)]);
    assert_eq!(read.notes.len(), 1);
    let refused = one(head("10.00", "0", "0", "14.00"), line("1", "Mug", "10.00")).unwrap_err();
    assert_eq!(refused[0].column.as_deref(), Some("Total"));
}

#[track_caller]
fn refuses(change: (&'static str, &'static str), reason: &str) {
    let mut cells = [head("10.00", "0", "0", "10.00"), line("1", "Mug", "10.00")].concat();
    cells.retain(|(h, _)| *h != change.0);
    cells.push(change);
    let problems = read(&[row(7, &cells)]).unwrap_err();
    let found = problems
        .iter()
        .find(|p| p.column.as_deref() == Some(change.0));
    let found = found.unwrap_or_else(|| panic!("{change:?}: {problems:?}"));
    assert_eq!((found.row, found.reason.as_str()), (7, reason));
}

#[test]
fn what_is_wrong_is_named_by_row_column_and_reason() {
    refuses(("Lineitem price", "-1.00"), "is negative");
    refuses(("Lineitem quantity", "1.5"), "is not a whole number");
    refuses(("Subtotal", "ten"), "is not a number");
    refuses(("Total", ""), "is empty");
    refuses(
        ("Shipping", "1.005"),
        "has more decimals or digits than EUR has",
    );
    refuses(("Currency", "USD"), "is not the store's currency (EUR)");
    refuses(
        ("Currency", "XBT"),
        "is no currency (three letters of ISO 4217)",
    );
    refuses(("Created at", "2026-02-30"), "is no day of the calendar");
    refuses(
        ("Created at", "2026-03-29 02:30"),
        "does not exist in the store's time zone (Europe/Berlin): the clocks were put forward over it",
    );
    refuses(
        ("Refunded Amount", "11.00"),
        "is more than the order's total",
    );
}

#[test]
fn rows_of_one_order_that_contradict_each_other_are_refused() {
    let first = row(
        2,
        &[head("20.00", "0", "0", "20.00"), line("1", "Mug", "10.00")].concat(),
    );
    let second = row(
        3,
        &[
            vec![("Name", "#1"), ("Total", "30.00")],
            line("1", "Tea", "10.00"),
        ]
        .concat(),
    );
    let problems = read(&[first, second]).unwrap_err();
    assert_eq!(
        problems[0].reason,
        "contradicts row 2 of the same order (\"20.00\")"
    );
}

proptest! {
    /// Any order whose parts add up is read, and its ledger comes to its total (asserted in `read`), with any discount, tax and refund.
    #[test]
    fn every_order_that_adds_up_is_read(
        lines in prop::collection::vec((1_i64..5, 0_i64..20_000, any::<bool>()), 1..6),
        discount_share in 0_i64..=100, shipping in 0_i64..3_000, taxes in 0_i64..5_000, included in any::<bool>(), refund_share in 0_i64..=100,
    ) {
        let gross: i64 = lines.iter().map(|(q, p, _)| q * p).sum();
        let subtotal = gross - gross * discount_share / 100;
        let taxes = if included { taxes.min((subtotal + shipping) / 2) } else { taxes };
        let total = subtotal + shipping + if included { 0 } else { taxes };
        let money = |minor: i64| format!("{}.{:02}", minor / 100, minor % 100);
        let texts = [subtotal, shipping, taxes, total, total * refund_share / 100].map(money);
        let rows: Vec<Row> = lines.iter().enumerate().map(|(i, (quantity, price, taxable))| {
            let (quantity, price) = (quantity.to_string(), money(*price));
            let mut cells = if i == 0 { head(&texts[0], &texts[1], &texts[2], &texts[3]) } else { vec![("Name", "#1")] };
            if i == 0 { cells.push(("Refunded Amount", &texts[4])); }
            cells.extend(line(&quantity, "Mug", &price));
            cells.push(("Lineitem taxable", if *taxable { "true" } else { "false" }));
            row(i as u64 + 2, &cells)
        }).collect();
        prop_assert!(read(&rows).is_ok());
    }
}
