//! Excel workbooks (.xlsx) as the text of their first sheet that has cells: turned into CSV once, when the file is taken in, so that everything
//! after it is as for any other file.
//!
//! A workbook is a packed archive, and a small one may unpack to anything: it is unpacked once and counted before it is read. What is too large is
//! refused and nothing of it is kept. Numbers are written as Excel stores them (15 digits), dates as ISO 8601, formulas as their last result.

use super::read::Unreadable;
use calamine::{DataRef, Reader as _, Xlsx};
use std::io::{Cursor, Read as _};

/// Packed, and with all of its parts unpacked.
const MOST_BYTES: usize = 32 << 20;
const MOST_UNPACKED: u64 = 256 << 20;
const MOST_PARTS: usize = 1_000;
/// Of the text.
const MOST_TEXT: usize = 96 << 20;
const MOST_COLUMNS: usize = 500;
/// Looked at for the first one with cells: many may be the same part, read anew each time.
const MOST_SHEETS: usize = 50;
/// Whatever says that it has so many texts has at least so many bytes for each: `<si/>`.
const LEAST_BYTES_OF_A_TEXT: usize = 5;

/// By its first bytes: a ZIP archive with the names that a workbook's parts have.
pub(super) fn is_workbook(head: &[u8]) -> bool {
    let has = |name: &[u8]| head.windows(name.len()).any(|w| w == name);
    head.starts_with(b"PK\x03\x04") && (has(b"xl/") || has(b"[Content_Types].xml"))
}

fn broken(error: impl std::fmt::Display) -> Unreadable {
    Unreadable::Workbook(format!("it cannot be read as one: {error}"))
}

fn too_large(what: &str) -> Unreadable {
    Unreadable::Workbook(format!("{what}; save the sheet as CSV"))
}

/// What its parts unpack to, however large they say they are.
fn count(bytes: &[u8]) -> Result<(), Unreadable> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    if archive.len() > MOST_PARTS {
        return Err(too_large("it has too many parts"));
    }
    let mut left = MOST_UNPACKED;
    for part in 0..archive.len() {
        let mut part = archive.by_index(part).map_err(broken)?;
        let name = part.name().map_err(broken)?.to_ascii_lowercase();
        let is_of_texts = name.ends_with("sharedstrings.xml");
        let mut limited = part.by_ref().take(left + 1);
        let unpacked = if is_of_texts {
            let mut text = Vec::new();
            limited.read_to_end(&mut text).map_err(broken)?;
            if says_too_many(&text) {
                return Err(too_large("it says that it has more texts than it holds"));
            }
            text.len() as u64
        } else {
            std::io::copy(&mut limited, &mut std::io::sink()).map_err(broken)?
        };
        left = left
            .checked_sub(unpacked)
            .ok_or_else(|| too_large("it unpacks to more than 256 MiB"))?;
    }
    Ok(())
}

/// Room for as many texts as the part says is made before one is read, and a process without room ends.
fn says_too_many(part: &[u8]) -> bool {
    const NAME: &[u8] = b"uniqueCount";
    // In UTF-16 the name would not be found.
    if part.contains(&0) {
        return true;
    }
    let said = |at: usize| {
        let rest = part[at + NAME.len()..].iter();
        let digits: String = rest
            .skip_while(|b| b.is_ascii_whitespace() || matches!(b, b'=' | b'"' | b'\''))
            .take_while(|b| b.is_ascii_digit())
            .map(|b| char::from(*b))
            .collect();
        let most = part.len() / LEAST_BYTES_OF_A_TEXT;
        !digits.is_empty() && digits.parse::<usize>().map_or(true, |said| said > most)
    };
    let places = part.windows(NAME.len()).enumerate();
    places
        .filter(|(_, word)| *word == NAME)
        .any(|(at, _)| said(at))
}

pub(super) fn as_csv(mut file: impl std::io::Read) -> Result<Vec<u8>, Unreadable> {
    let mut bytes = Vec::new();
    let read = file
        .by_ref()
        .take(MOST_BYTES as u64 + 1)
        .read_to_end(&mut bytes);
    read.map_err(|e| Unreadable::Io(e.to_string()))?;
    if bytes.len() > MOST_BYTES {
        return Err(too_large("it is larger than 32 MiB"));
    }
    count(&bytes)?;
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    for name in book.sheet_names().into_iter().take(MOST_SHEETS) {
        let text = sheet(&mut book, &name)?;
        if !text.is_empty() {
            return Ok(text);
        }
    }
    Err(Unreadable::Empty)
}

fn sheet(book: &mut Xlsx<Cursor<Vec<u8>>>, name: &str) -> Result<Vec<u8>, Unreadable> {
    let mut cells = book.worksheet_cells_reader(name).map_err(broken)?;
    let mut text = Vec::new();
    // The row that is being written, and how many of its columns are.
    let mut at: Option<(u32, usize)> = None;
    while let Some(cell) = cells.next_cell().map_err(broken)? {
        let value = shown(cell.get_value());
        if value.is_empty() {
            continue;
        }
        let (row, column) = cell.get_position();
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column >= MOST_COLUMNS {
            return Err(too_large("it has more than 500 columns"));
        }
        let written = match at {
            Some((line, written)) if line == row => written,
            // Empty rows stay, so that a row is known by its number; not those above the first.
            Some((line, _)) => {
                let lines = usize::try_from(row.saturating_sub(line)).unwrap_or(1);
                if text.len() + lines > MOST_TEXT {
                    return Err(too_large("its first sheet is too long"));
                }
                text.resize(text.len() + lines.max(1), b'\n');
                0
            }
            None => 0,
        };
        // One before each column but the first of the row.
        let commas = (column + 1).saturating_sub(written.max(1));
        text.resize(text.len() + commas, b',');
        quoted(&mut text, &value);
        if text.len() > MOST_TEXT {
            return Err(too_large("its first sheet is too long"));
        }
        at = Some((row, column + 1));
    }
    if !text.is_empty() {
        text.push(b'\n');
    }
    Ok(text)
}

fn quoted(text: &mut Vec<u8>, value: &str) {
    if !value.contains([',', '"', '\n', '\r', ';', '\t']) {
        text.extend_from_slice(value.as_bytes());
        return;
    }
    text.push(b'"');
    for byte in value.bytes() {
        if byte == b'"' {
            text.push(b'"');
        }
        text.push(byte);
    }
    text.push(b'"');
}

fn shown(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(n) => n.to_string(),
        DataRef::Float(n) => n.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.clone()
        }
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(is) => is.to_string(),
        DataRef::DateTime(at) => match at.as_datetime() {
            Some(at) if at.time() == chrono::NaiveTime::MIN => at.date().to_string(),
            Some(at) => at.format("%Y-%m-%dT%H:%M:%S").to_string(),
            None => at.as_f64().to_string(),
        },
        // Shown as Excel does: whatever has to be a number there is refused with it.
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

#[cfg(test)]
#[path = "workbook_tests.rs"]
mod tests;
