//! A small file as a table in memory, for what is looked at whole and kept nowhere.

use super::upload::blocking;
use super::{read, workbook};
use ports::PortResult;
use std::io::Cursor;

/// Headers, and rows with the line on which each begins.
pub(crate) type Whole = (Vec<String>, Vec<(u64, Vec<String>)>);

/// A CSV file or the first sheet of a workbook; else a sentence about what it is instead, or that it has more rows.
pub(crate) async fn table(bytes: Vec<u8>, most: usize) -> PortResult<Result<Whole, String>> {
    blocking(move || Ok(whole(bytes, most).map_err(|why| why.to_string()))).await
}

fn whole(mut bytes: Vec<u8>, most: usize) -> Result<Whole, read::Unreadable> {
    if workbook::is_workbook(&bytes) {
        bytes = workbook::as_csv(Cursor::new(bytes))?;
    }
    let table = read::open(Box::new(Cursor::new(bytes)))?;
    let mut rows = Vec::new();
    for row in table.rows {
        let row = row?;
        if rows.len() == most {
            return Err(read::Unreadable::Rows(most));
        }
        rows.push((row.line, row.cells().map(str::to_owned).collect()));
    }
    Ok((table.headers, rows))
}
