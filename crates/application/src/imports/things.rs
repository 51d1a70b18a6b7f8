//! From rows to things: an order, a product, a cost. Rows of one thing stand together; what contradicts is refused.

use super::read::{Rows, Unreadable};
use domain::catalog::Product;
use domain::import::{
    ImportKind, Layout, OrderContext, ProductContext, Row, RowProblem, TableRow, read_order,
    read_product, read_table_row,
};
use domain::money::Currency;
use domain::order::Order;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

/// More rows than this of one order or product are a mistake, and would not fit into bounded memory.
const MAX_ROWS: usize = 5_000;

#[derive(Debug)]
pub(super) enum Thing {
    Order(Box<Order>),
    Product(Box<Product>),
    Row(TableRow),
}

#[derive(Debug)]
pub(super) enum Outcome {
    Good(Thing, Vec<RowProblem>),
    /// The same as an earlier row says.
    Repeated(RowProblem),
    Refused(Vec<RowProblem>),
}

/// One thing of the file.
#[derive(Debug)]
pub(super) struct Found {
    pub outcome: Outcome,
    /// The last row that it takes.
    pub last_row: u64,
    pub rows: u64,
    pub refund_day_unknown: bool,
    pub has_refund: bool,
    pub foreign: Option<(Currency, u64)>,
    pub day: Option<chrono::NaiveDate>,
}

pub(super) struct Context<'a> {
    pub orders: OrderContext<'a>,
    pub products: ProductContext,
}

/// Reads thing by thing.
pub(super) struct Things<'a> {
    rows: Rows,
    layout: &'a Layout,
    context: &'a Context<'a>,
    /// The first row of the next thing.
    ahead: Option<Row>,
    /// Hash of a thing's name or key → its row and the hash of what it said.
    seen: HashMap<u64, (u64, u64)>,
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

impl<'a> Things<'a> {
    pub(super) fn new(rows: Rows, layout: &'a Layout, context: &'a Context<'a>) -> Self {
        Self {
            rows,
            layout,
            context,
            ahead: None,
            seen: HashMap::new(),
        }
    }

    pub(super) fn next(&mut self) -> Result<Option<Found>, Unreadable> {
        let Some(first) = self.next_row()? else {
            return Ok(None);
        };
        match self.layout.mapping.kind {
            ImportKind::Orders => self.group(first, "name").map(Some),
            ImportKind::Products => self.group(first, "handle").map(Some),
            _ => Ok(Some(self.single(&first))),
        }
    }

    fn next_row(&mut self) -> Result<Option<Row>, Unreadable> {
        if let Some(row) = self.ahead.take() {
            return Ok(Some(row));
        }
        loop {
            match self.rows.next().transpose()? {
                Some(row) if row.is_empty() => {}
                row => return Ok(row),
            }
        }
    }

    /// Whether the row has the header's columns and is readable text.
    fn shape(&self, row: &Row) -> Option<RowProblem> {
        let columns = self.layout.columns;
        let surplus = row.cells().skip(columns).any(|c| !c.trim().is_empty());
        if row.len() < columns || surplus {
            let reason = format!("has {} of {columns} columns", row.len());
            return Some(RowProblem::refused(row, None, None, reason));
        }
        if row.cells().any(|c| c.contains(['\0', '\u{FFFD}'])) {
            let reason = "has bytes that are no text in the file's encoding";
            return Some(RowProblem::refused(row, None, None, reason));
        }
        None
    }

    fn key(&self, row: &Row, field: &str) -> String {
        let cell = self.layout.index(field).map(|i| row.cell(i).trim());
        cell.unwrap_or_default().to_owned()
    }

    fn group(&mut self, first: Row, field: &str) -> Result<Found, Unreadable> {
        let name = self.key(&first, field);
        let mut rows = vec![first];
        while let Some(row) = self.next_row()? {
            let own = self.key(&row, field);
            // A row without a name goes on with the thing before it.
            if own == name || (own.is_empty() && !name.is_empty()) {
                if rows.len() < MAX_ROWS {
                    rows.push(row);
                } else {
                    rows[MAX_ROWS - 1] = row;
                }
            } else {
                self.ahead = Some(row);
                break;
            }
        }
        let found = self.judge(&rows, &name, field);
        Ok(found)
    }

    fn judge(&mut self, rows: &[Row], name: &str, field: &str) -> Found {
        let mut found = Found {
            outcome: Outcome::Refused(Vec::new()),
            last_row: rows.last().map_or(0, |r| r.number),
            rows: rows.len() as u64,
            refund_day_unknown: false,
            has_refund: false,
            foreign: None,
            day: None,
        };
        let mut problems: Vec<RowProblem> = rows.iter().filter_map(|r| self.shape(r)).collect();
        let (first, header) = (&rows[0], self.layout.header(field));
        if rows.len() >= MAX_ROWS {
            let reason = format!("has more than {MAX_ROWS} rows");
            problems.push(RowProblem::refused(first, header, Some(name), reason));
        }
        let earlier = self.seen.insert(hash(name), (first.number, 0));
        if let Some((row, _)) = earlier.filter(|_| !name.is_empty()) {
            let reason = format!(
                "stands at row {row} already, with other rows between: its rows have to stand together"
            );
            problems.push(RowProblem::refused(first, header, Some(name), reason));
        }
        if !problems.is_empty() {
            found.outcome = Outcome::Refused(problems);
            return found;
        }
        found.outcome = match self.layout.mapping.kind {
            ImportKind::Orders => match read_order(rows, self.layout, &self.context.orders) {
                Ok(read) => {
                    found.refund_day_unknown = read.refund_day_unknown;
                    found.has_refund = !read.order.refunds.is_empty();
                    found.day = Some(self.context.orders.calendar.day_of(read.order.processed_at));
                    Outcome::Good(Thing::Order(Box::new(read.order)), read.notes)
                }
                Err(problems) => Outcome::Refused(problems),
            },
            _ => match read_product(rows, self.layout, &self.context.products) {
                Ok(read) => Outcome::Good(Thing::Product(Box::new(read.product)), read.notes),
                Err(problems) => Outcome::Refused(problems),
            },
        };
        found
    }

    fn single(&mut self, row: &Row) -> Found {
        let mut found = Found {
            outcome: Outcome::Refused(Vec::new()),
            last_row: row.number,
            rows: 1,
            refund_day_unknown: false,
            has_refund: false,
            foreign: None,
            day: None,
        };
        if let Some(problem) = self.shape(row) {
            found.outcome = Outcome::Refused(vec![problem]);
            return found;
        }
        let currency = self.context.orders.currency;
        match read_table_row(row, self.layout, currency) {
            Err(problems) => found.outcome = Outcome::Refused(problems),
            Ok(read) => {
                found.day = read.day();
                found.foreign = read
                    .currency()
                    .filter(|c| *c != currency)
                    .map(|c| (c, row.number));
                let said = hash(&format!("{read:?}"));
                let earlier = self.seen.get(&hash(&read.key())).copied();
                found.outcome = match earlier {
                    Some((at, same)) if same == said => Outcome::Repeated(RowProblem::noted(
                        row,
                        None,
                        format!("says the same as row {at}: counted once"),
                    )),
                    Some((at, _)) => Outcome::Refused(vec![RowProblem::refused(
                        row,
                        None,
                        None,
                        format!("contradicts row {at}, which speaks of the same thing"),
                    )]),
                    None => {
                        self.seen.insert(hash(&read.key()), (row.number, said));
                        Outcome::Good(Thing::Row(read), Vec::new())
                    }
                };
            }
        }
        found
    }
}
