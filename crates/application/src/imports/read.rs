//! From bytes to rows of text, streamed: a file of any size needs the memory of its longest row.
//!
//! What is no table is recognised by its content and refused by the name of what it is, whatever the file is called.

use domain::import::Row;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::io::{BufRead, BufReader, Read};

/// A row longer than this has a quote that is never closed.
const MAX_ROW: usize = 1 << 20;
const HEAD: usize = 64 * 1024;

/// Why a file is no table, as a sentence for the person who chose it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unreadable {
    #[error("this is {0}, not a CSV file: {1}")]
    Other(&'static str, &'static str),
    #[error("this is an Excel workbook (.xlsx), and {0}")]
    Workbook(String),
    #[error("the file has more than {0} rows")]
    Rows(usize),
    #[error("the file is empty")]
    Empty,
    #[error("the file has a NUL byte at position {0}: it is no text")]
    Nul(usize),
    #[error("row {row} (line {line}) is longer than 1 MiB: a quote is probably never closed")]
    Endless { row: u64, line: u64 },
    #[error("the file could not be read: {0}")]
    Io(String),
}

/// By what their first bytes say.
fn other(head: &[u8]) -> Option<Unreadable> {
    const SAVE: &str = "open it and save the sheet as CSV";
    const UNPACK: &str = "unpack it first";
    const TABLE: &str = "choose the exported table";
    let starts = |magic: &[u8]| head.starts_with(magic);
    let (what, remedy) = if starts(b"PK\x03\x04") || starts(b"PK\x05\x06") {
        let sheet = head.windows(3).any(|w| w == b"xl/") || find(head, b"[Content_Types].xml");
        if sheet {
            ("an Excel workbook (.xlsx)", SAVE)
        } else if find(head, b"opendocument.spreadsheet") {
            ("an OpenDocument sheet (.ods)", SAVE)
        } else {
            ("a ZIP archive", UNPACK)
        }
    } else if starts(b"\xD0\xCF\x11\xE0") {
        ("an old Excel workbook (.xls)", SAVE)
    } else if starts(b"\x1F\x8B") {
        ("a gzip archive", UNPACK)
    } else if starts(b"7z\xBC\xAF\x27\x1C")
        || starts(b"Rar!")
        || starts(b"BZh")
        || starts(b"\xFD7zXZ")
    {
        ("a packed archive", UNPACK)
    } else if starts(b"\x89PNG") {
        ("a PNG image", TABLE)
    } else if starts(b"\xFF\xD8\xFF") {
        ("a JPEG image", TABLE)
    } else if starts(b"GIF8") {
        ("a GIF image", TABLE)
    } else if starts(b"RIFF") && head.get(8..12) == Some(b"WEBP") {
        ("a WebP image", TABLE)
    } else if starts(b"%PDF") {
        ("a PDF document", TABLE)
    } else if starts(b"SQLite format 3") {
        ("a database", TABLE)
    } else {
        let text: Vec<u8> = head
            .iter()
            .skip_while(|b| b.is_ascii_whitespace() || [0xEF, 0xBB, 0xBF].contains(*b))
            .take(256)
            .map(u8::to_ascii_lowercase)
            .collect();
        if text.starts_with(b"<!doctype html") || text.starts_with(b"<html") {
            (
                "a web page (HTML)",
                "download the file itself; you may have to sign in there first",
            )
        } else if text.starts_with(b"<?xml") || text.starts_with(b"<svg") {
            ("an XML document", TABLE)
        } else if text.starts_with(b"{\"") || text.starts_with(b"[{") || text.starts_with(b"{\n") {
            ("a JSON document", TABLE)
        } else {
            return None;
        }
    };
    Some(Unreadable::Other(what, remedy))
}

fn find(hay: &[u8], needle: &[u8]) -> bool {
    hay.windows(needle.len()).any(|w| w == needle)
}

fn encoding(head: &[u8]) -> &'static Encoding {
    if let Some((found, _)) = Encoding::for_bom(head) {
        return found;
    }
    let sample = &head[..head.len().min(1024) & !1];
    let zeros = |odd: usize| {
        sample
            .iter()
            .skip(odd)
            .step_by(2)
            .filter(|b| **b == 0)
            .count()
    };
    let many = sample.len() / 5;
    if sample.len() >= 4 && zeros(1) > many && zeros(0) * 8 < zeros(1) {
        return UTF_16LE;
    }
    if sample.len() >= 4 && zeros(0) > many && zeros(1) * 8 < zeros(0) {
        return UTF_16BE;
    }
    match std::str::from_utf8(head) {
        Ok(_) => UTF_8,
        // A letter that the end of the sample cut is no error.
        Err(error) if error.error_len().is_none() => UTF_8,
        Err(_) => WINDOWS_1252,
    }
}

/// UTF-8 out of any of the encodings; a byte order mark is dropped.
struct Text {
    inner: Box<dyn Read + Send>,
    decoder: encoding_rs::Decoder,
    raw: Vec<u8>,
    from: usize,
    to: usize,
    ended: bool,
    /// The decoder has given its last letter and must not be asked again, though a reader may.
    finished: bool,
}

impl Read for Text {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        if self.finished {
            return Ok(0);
        }
        loop {
            if self.from == self.to && !self.ended {
                self.to = self.inner.read(&mut self.raw)?;
                self.from = 0;
                self.ended = self.to == 0;
            }
            let source = &self.raw[self.from..self.to];
            let (result, read, written, _) = self.decoder.decode_to_utf8(source, out, self.ended);
            self.from += read;
            self.finished = self.ended && result == encoding_rs::CoderResult::InputEmpty;
            if written > 0 || self.finished {
                return Ok(written);
            }
        }
    }
}

/// A file whose header is read; the rows follow.
pub(super) struct Table {
    pub encoding: &'static str,
    pub delimiter: char,
    pub headers: Vec<String>,
    pub rows: Rows,
}

pub(super) fn open(mut file: Box<dyn Read + Send>) -> Result<Table, Unreadable> {
    let mut head = Vec::with_capacity(HEAD);
    file.by_ref()
        .take(HEAD as u64)
        .read_to_end(&mut head)
        .map_err(|e| Unreadable::Io(e.to_string()))?;
    if head.is_empty() {
        return Err(Unreadable::Empty);
    }
    if let Some(refusal) = other(&head) {
        return Err(refusal);
    }
    let encoding = encoding(&head);
    if !matches!(encoding.name(), "UTF-16LE" | "UTF-16BE")
        && let Some(at) = head.iter().position(|b| *b == 0)
    {
        return Err(Unreadable::Nul(at));
    }
    let (start, _, _) = encoding.decode(&head);
    let start = start.trim_start_matches('\u{FEFF}');
    let told = told_separator(start);
    let delimiter = told.unwrap_or_else(|| separator(start));
    let ends_crlf = start.contains("\r\n");
    let text = Text {
        inner: Box::new(std::io::Cursor::new(head).chain(file)),
        decoder: encoding.new_decoder_with_bom_removal(),
        raw: vec![0; 64 * 1024],
        from: 0,
        to: 0,
        ended: false,
        finished: false,
    };
    let mut rows = Rows::new(text, delimiter, ends_crlf);
    if told.is_some() {
        rows.next().transpose()?;
        rows.number = 0;
    }
    let header = loop {
        match rows.next().transpose()? {
            None => return Err(Unreadable::Empty),
            Some(row) if row.is_empty() => {}
            Some(row) => break row,
        }
    };
    Ok(Table {
        encoding: encoding.name(),
        delimiter: char::from(delimiter),
        headers: header.cells().map(|c| c.trim().to_owned()).collect(),
        rows,
    })
}

/// `sep=;`, as spreadsheets write and read it.
fn told_separator(start: &str) -> Option<u8> {
    let line = start.lines().next()?.trim().trim_matches('"');
    let rest = line
        .strip_prefix("sep=")
        .or_else(|| line.strip_prefix("SEP="))?;
    match rest {
        "" => Some(b'\t'),
        _ => rest.bytes().next().filter(u8::is_ascii),
    }
}

/// The one that stands most often outside quotes in the first line with text.
fn separator(start: &str) -> u8 {
    let line = start
        .lines()
        .find(|l| !l.trim().is_empty())
        .unwrap_or_default();
    let mut counts = [(b',', 0_u32), (b';', 0), (b'\t', 0), (b'|', 0)];
    let mut quoted = false;
    for byte in line.bytes() {
        if byte == b'"' {
            quoted = !quoted;
        } else if !quoted {
            for (candidate, count) in &mut counts {
                *count += u32::from(*candidate == byte);
            }
        }
    }
    let most = counts.iter().map(|(_, n)| *n).max().unwrap_or(0);
    let best = counts.iter().find(|(_, n)| *n == most && most > 0);
    best.map_or(b',', |(separator, _)| *separator)
}

/// Rows in the order of the file.
pub(super) struct Rows {
    input: BufReader<Text>,
    core: csv_core::Reader,
    out: Vec<u8>,
    ends: Vec<usize>,
    number: u64,
    ends_crlf: bool,
    over: bool,
}

impl Rows {
    fn new(text: Text, delimiter: u8, ends_crlf: bool) -> Self {
        Self {
            input: BufReader::with_capacity(64 * 1024, text),
            core: csv_core::ReaderBuilder::new().delimiter(delimiter).build(),
            out: vec![0; 4096],
            ends: vec![0; 128],
            number: 0,
            ends_crlf,
            over: false,
        }
    }

    fn read(&mut self) -> Result<Option<Row>, Unreadable> {
        use csv_core::ReadRecordResult as R;
        let (mut written, mut fields) = (0, 0);
        let line = self.core.line() + u64::from(self.ends_crlf && self.number > 0);
        loop {
            let input = self
                .input
                .fill_buf()
                .map_err(|e| Unreadable::Io(e.to_string()))?;
            let (result, used, wrote, ended) =
                self.core
                    .read_record(input, &mut self.out[written..], &mut self.ends[fields..]);
            self.input.consume(used);
            written += wrote;
            fields += ended;
            match result {
                R::InputEmpty => {}
                R::OutputFull if self.out.len() < MAX_ROW => {
                    self.out.resize(self.out.len() * 2, 0);
                }
                R::OutputFull => {
                    let row = self.number + 1;
                    return Err(Unreadable::Endless { row, line });
                }
                R::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                R::End => return Ok(None),
                R::Record => {
                    self.number += 1;
                    let text = String::from_utf8_lossy(&self.out[..written]).into_owned();
                    let ends = self.ends[..fields].to_vec();
                    return Ok(Some(Row::new(self.number, line, text, ends)));
                }
            }
        }
    }
}

impl Iterator for Rows {
    type Item = Result<Row, Unreadable>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let read = self.read().transpose();
        self.over = !matches!(read, Some(Ok(_)));
        read
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(bytes: &[u8]) -> Result<Table, Unreadable> {
        open(Box::new(std::io::Cursor::new(bytes.to_vec())))
    }

    fn rows(bytes: &[u8]) -> (Vec<String>, Vec<Vec<String>>) {
        let table = table(bytes).unwrap();
        let rows = table
            .rows
            .map(|r| r.unwrap().cells().map(str::to_owned).collect());
        (table.headers, rows.collect())
    }

    fn utf16(text: &str, little: bool, bom: bool) -> Vec<u8> {
        let bom = if bom { "\u{FEFF}" } else { "" };
        let units = format!("{bom}{text}").encode_utf16().collect::<Vec<_>>();
        let bytes = units.iter().flat_map(|u| {
            if little {
                u.to_le_bytes()
            } else {
                u.to_be_bytes()
            }
        });
        bytes.collect()
    }

    #[test]
    fn every_encoding_reads_the_same() {
        let text = "SKU;Größe\nA;5\nB;\"6\n7\"\n";
        let expected = (
            vec!["SKU".to_owned(), "Größe".to_owned()],
            vec![
                vec!["A".to_owned(), "5".to_owned()],
                vec!["B".to_owned(), "6\n7".to_owned()],
            ],
        );
        let mut bom = b"\xEF\xBB\xBF".to_vec();
        bom.extend(text.as_bytes());
        let latin: Vec<u8> = text
            .chars()
            .map(|c| u8::try_from(u32::from(c)).unwrap())
            .collect();
        let mut all = vec![text.as_bytes().to_vec(), bom, latin];
        for little in [true, false] {
            for bom in [true, false] {
                all.push(utf16(text, little, bom));
            }
        }
        for bytes in all {
            assert_eq!(rows(&bytes), expected, "{bytes:02x?}");
        }
    }

    #[test]
    fn the_separator_is_found_or_told() {
        for (text, expected) in [
            ("a,b;c,d\n1,2,3\n", ','),
            ("a;\"b,c,d\";e\n", ';'),
            ("a\tb\n", '\t'),
            ("sep=;\na;b\n", ';'),
            ("sep=|\r\na|b,c,d\r\n", '|'),
            ("a\n1\n", ','),
        ] {
            let table = table(text.as_bytes()).unwrap();
            assert_eq!(table.delimiter, expected, "{text:?}");
            assert_eq!(table.headers[0].chars().next(), Some('a'), "{text:?}");
        }
    }

    #[test]
    fn rows_and_lines_are_counted_as_a_person_counts() {
        let mut table = table(b"a,b\r\n1,\"x\r\ny\"\r\n2,z\r\n").unwrap();
        let first = table.rows.next().unwrap().unwrap();
        let second = table.rows.next().unwrap().unwrap();
        assert_eq!((first.number, first.line), (2, 2));
        assert_eq!((second.number, second.line), (3, 4));
    }

    #[test]
    fn what_is_no_table_is_called_by_its_name() {
        for (bytes, part) in [
            (
                &b"PK\x03\x04....[Content_Types].xml"[..],
                "Excel workbook (.xlsx)",
            ),
            (b"PK\x03\x04........orders.csv", "ZIP archive"),
            (b"\x1F\x8B\x08\x00", "gzip"),
            (b"\x89PNG\r\n\x1a\n", "PNG image"),
            (b"\xFF\xD8\xFF\xE0", "JPEG"),
            (b"%PDF-1.7", "PDF"),
            (b"\xD0\xCF\x11\xE0\xA1\xB1", "old Excel"),
            (b"\n <!DOCTYPE html><html>", "web page"),
            (b"{\"orders\": []}", "JSON"),
            (b"a,b\n1,\x002\n", "NUL byte at position 6"),
        ] {
            let error = table(bytes)
                .err()
                .map(|e| e.to_string())
                .unwrap_or_default();
            assert!(error.contains(part), "{error}");
        }
        assert_eq!(table(b"").err(), Some(Unreadable::Empty));
        assert_eq!(table(b"\n\n").err(), Some(Unreadable::Empty));
    }

    #[test]
    fn a_quote_that_is_never_closed_ends_the_reading_in_bounded_memory() {
        let mut bytes = b"a,b\n1,\"".to_vec();
        bytes.resize(3 << 20, b'x');
        let error = table(&bytes).unwrap().rows.find_map(Result::err);
        assert_eq!(error, Some(Unreadable::Endless { row: 2, line: 2 }));
    }
}
