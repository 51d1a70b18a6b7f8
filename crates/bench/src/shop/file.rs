//! The bulk file of all orders: rows of neighbouring orders mixed, as exports have come since rows are not grouped any more. A window of
//! time is a range of blocks; the blocks that a window cuts are written anew without the orders outside.

use super::order::Order;
use super::{Chance, Shop};
use anyhow::Result;
use bytes::Bytes;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Orders whose rows are mixed with each other.
const BLOCK: u64 = 200;

pub(super) struct BulkFile {
    pub path: PathBuf,
    /// Where each block begins, and how many rows stand before it; one more at the end.
    blocks: Vec<(u64, u64)>,
}

/// What an export of a window consists of.
#[derive(Debug, Clone)]
pub(super) struct Window {
    pub before: Bytes,
    pub range: Range<u64>,
    pub after: Bytes,
    pub rows: u64,
    pub orders: u64,
}

impl Window {
    pub(super) fn len(&self) -> u64 {
        self.before.len() as u64 + (self.range.end - self.range.start) + self.after.len() as u64
    }
}

/// The rows of some orders, mixed; answers how many.
fn write_block(shop: &Shop, orders: Range<u64>, out: &mut impl Write) -> Result<u64> {
    let mut rows = Vec::with_capacity(2_048);
    for number in orders.clone() {
        Order::of(shop, number, None).bulk_rows(|row| rows.push(row));
    }
    let mut chance = Chance::of(orders.start ^ 0xB10C);
    for i in (1..rows.len()).rev() {
        let other = chance.below(i as u64 + 1);
        rows.swap(i, usize::try_from(other).unwrap_or(0));
    }
    for row in &rows {
        out.write_all(row.as_bytes())?;
        out.write_all(b"\n")?;
    }
    Ok(rows.len() as u64)
}

struct Counted<W>(W, u64);

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let n = self.0.write(bytes)?;
        self.1 += n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

impl BulkFile {
    pub(super) fn write(shop: &Shop, path: &Path, progress: impl Fn(u64)) -> Result<Self> {
        let mut out = Counted(BufWriter::with_capacity(1 << 20, File::create(path)?), 0);
        let mut blocks = Vec::new();
        let (mut rows, mut first) = (0, 0);
        while first < shop.orders {
            blocks.push((out.1, rows));
            let end = (first + BLOCK).min(shop.orders);
            rows += write_block(shop, first..end, &mut out)?;
            first = end;
            progress(first);
        }
        blocks.push((out.1, rows));
        out.flush()?;
        Ok(Self {
            path: path.to_owned(),
            blocks,
        })
    }

    pub(super) fn window(&self, shop: &Shop, orders: Range<u64>) -> Result<Window> {
        let whole = orders.start.div_ceil(BLOCK)..orders.end / BLOCK;
        let (mut before, mut after) = (Vec::new(), Vec::new());
        let (range, mut rows);
        if whole.start < whole.end {
            let at = |block: u64| self.blocks[usize::try_from(block).unwrap_or(0)];
            let (from, to) = (at(whole.start), at(whole.end));
            range = from.0..to.0;
            rows = to.1 - from.1;
            rows += write_block(shop, orders.start..whole.start * BLOCK, &mut before)?;
            rows += write_block(shop, whole.end * BLOCK..orders.end, &mut after)?;
        } else {
            range = 0..0;
            rows = write_block(shop, orders.clone(), &mut before)?;
        }
        Ok(Window {
            before: before.into(),
            range,
            after: after.into(),
            rows,
            orders: orders.end - orders.start,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever the window: its rows are those of its orders, each once.
    #[test]
    fn a_window_holds_exactly_its_orders() {
        let shop = Shop {
            orders: 950,
            products: crate::PRODUCTS,
            now: "2026-11-27T12:00:00Z".parse().unwrap(),
        };
        let folder = tempfile::tempdir().unwrap();
        let file = BulkFile::write(&shop, &folder.path().join("all"), |_| ()).unwrap();
        let all = std::fs::read(&file.path).unwrap();
        for orders in [0..950, 0..0, 10..30, 190..410, 200..400, 350..950] {
            let window = file.window(&shop, orders.clone()).unwrap();
            let middle = usize::try_from(window.range.start).unwrap()
                ..usize::try_from(window.range.end).unwrap();
            let text = [&window.before[..], &all[middle], &window.after[..]].concat();
            assert_eq!(text.len() as u64, window.len());
            let text = String::from_utf8(text).unwrap();
            assert_eq!(text.lines().count() as u64, window.rows);
            let roots = text
                .lines()
                .filter(|l| l.starts_with(r#"{"__typename":"Order","#));
            assert_eq!(roots.count() as u64, orders.end - orders.start);
        }
    }
}
