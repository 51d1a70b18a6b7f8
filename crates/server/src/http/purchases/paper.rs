//! An order of goods as a PDF: A4, with the letters of its own fonts that it uses.

mod font;

use crate::http::amounts::{optional_amount, unit_amount};
use chrono::NaiveDate;
use domain::purchase::{PurchaseLine, PurchaseOrder};
use font::Font;
use pdf_writer::{Content, Finish as _, Name, Pdf, Rect, Ref, Str};

/// Names of the fonts on a page, by their place among them.
const NAMES: [Name<'_>; 2] = [Name(b"F1"), Name(b"F2")];
const PLAIN: usize = 0;
const BOLD: usize = 1;
const WIDTH: f32 = 595.0;
const HEIGHT: f32 = 842.0;
const LEFT: f32 = 48.0;
const TOP: f32 = HEIGHT - 64.0;
const LEADING: f32 = 16.0;
/// Lines of an order on a page.
const A_PAGE: usize = 36;
/// Where columns begin: quantity, SKU, article, each, cost.
const COLUMNS: [f32; 5] = [LEFT, 96.0, 200.0, 420.0, 490.0];
/// As many letters of a column as fit.
const FITS: [usize; 5] = [9, 18, 40, 12, 14];

/// What is written on a page, from the top down.
struct Sheet<'f> {
    content: Content,
    fonts: &'f mut [Font; 2],
    y: f32,
}

impl<'f> Sheet<'f> {
    fn new(fonts: &'f mut [Font; 2]) -> Self {
        Self {
            content: Content::new(),
            fonts,
            y: TOP,
        }
    }

    fn text(&mut self, (font, size): (usize, f32), x: f32, text: &str) {
        let letters = self.fonts[font].encode(text);
        self.content.begin_text();
        self.content.set_font(NAMES[font], size);
        self.content.next_line(x, self.y);
        self.content.show(Str(&letters));
        self.content.end_text();
    }

    fn down(&mut self, by: f32) {
        self.y -= by;
    }

    fn row(&mut self, font: usize, cells: &[String; 5]) {
        for ((cell, x), fits) in cells.iter().zip(COLUMNS).zip(FITS) {
            self.text((font, 8.5), x, &cut(cell, fits));
        }
        self.down(LEADING);
    }
}

/// `buyer` is who orders; `written_on` is a day of their store.
pub(super) fn write(order: &PurchaseOrder, buyer: &str, written_on: NaiveDate) -> Vec<u8> {
    let mut sheets = Vec::new();
    let mut fonts = [
        Font::new("DejaVuSans", dejavu::sans::regular()),
        Font::new("DejaVuSans-Bold", dejavu::sans::bold()),
    ];
    let pages: Vec<&[PurchaseLine]> = order.lines.chunks(A_PAGE).collect();
    for (at, lines) in pages.iter().enumerate() {
        let mut sheet = Sheet::new(&mut fonts);
        head(&mut sheet, order, buyer, written_on);
        let titles = ["Quantity", "SKU", "Article", "Each", "Cost"];
        sheet.row(BOLD, &titles.map(str::to_owned));
        for line in *lines {
            sheet.row(PLAIN, &cells(line, order));
        }
        if at + 1 == pages.len() {
            foot(&mut sheet, order);
        }
        let page = format!("{} of {}", at + 1, pages.len());
        sheet.y = 36.0;
        sheet.text((PLAIN, 8.0), LEFT, &page);
        sheets.push(sheet.content);
    }
    bind(sheets, &fonts)
}

fn head(sheet: &mut Sheet<'_>, order: &PurchaseOrder, buyer: &str, written_on: NaiveDate) {
    sheet.text(
        (BOLD, 16.0),
        LEFT,
        &format!("Purchase order {}", order.name()),
    );
    sheet.down(24.0);
    let mut said = vec![
        format!("From: {buyer}"),
        format!("To: {}", order.supplier_name),
        format!("Date: {written_on}"),
    ];
    said.extend(order.expected_on.map(|day| format!("Expected on: {day}")));
    for line in said {
        sheet.text((PLAIN, 10.0), LEFT, &line);
        sheet.down(LEADING);
    }
    sheet.down(12.0);
}

fn cells(line: &PurchaseLine, order: &PurchaseOrder) -> [String; 5] {
    let currency = order.currency;
    [
        line.quantity.to_string(),
        line.sku.clone().unwrap_or_default(),
        line.title.clone(),
        unit_amount(line.unit_cost, currency),
        optional_amount(line.cost(currency), currency).unwrap_or_default(),
    ]
}

fn foot(sheet: &mut Sheet<'_>, order: &PurchaseOrder) {
    sheet.down(8.0);
    let total = optional_amount(order.total(), order.currency).unwrap_or_default();
    let total = format!("Total: {total} {}", order.currency);
    sheet.text((BOLD, 11.0), LEFT, &total);
    sheet.down(24.0);
    let note = order.note.iter().flat_map(|note| note.lines());
    // A note is at most a thousand characters; what is past the end of the page is in the CSV and the mail.
    for line in note.take(5) {
        sheet.text((PLAIN, 10.0), LEFT, &cut(line, 100));
        sheet.down(LEADING);
    }
}

/// Pages, their contents and the two fonts.
fn bind(sheets: Vec<Content>, used: &[Font; 2]) -> Vec<u8> {
    let (catalog, tree) = (Ref::new(1), Ref::new(2));
    let mut next = Ref::new(3);
    let mut pages = Vec::with_capacity(sheets.len());
    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(tree);
    let embedded = used.each_ref().map(|font| font.embed(&mut pdf, &mut next));
    for sheet in sheets {
        let (page, content) = (next.bump(), next.bump());
        pages.push(page);
        let mut written = pdf.page(page);
        written.media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT));
        written.parent(tree);
        written.contents(content);
        let mut resources = written.resources();
        let mut fonts = resources.fonts();
        for (name, font) in NAMES.into_iter().zip(embedded) {
            font.into_iter().for_each(|font| {
                fonts.pair(name, font);
            });
        }
        fonts.finish();
        resources.finish();
        written.finish();
        pdf.stream(content, &sheet.finish());
    }
    let count = i32::try_from(pages.len()).unwrap_or(i32::MAX);
    pdf.pages(tree).kids(pages).count(count);
    pdf.finish()
}

fn cut(text: &str, fits: usize) -> String {
    if text.chars().count() <= fits {
        return text.to_owned();
    }
    let kept: String = text.chars().take(fits.saturating_sub(1)).collect();
    format!("{kept}…")
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::builders::{purchase, scope};

    #[test]
    fn every_line_is_on_a_page() {
        let mut order = purchase(scope(1, 1), 1);
        order.number = 7;
        let line = order.lines[0].clone();
        order.lines = (0..100)
            .map(|n| PurchaseLine {
                title: format!("Article {n} of it"),
                ..line.clone()
            })
            .collect();
        let bytes = write(&order, "Royal", NaiveDate::default());
        assert!(bytes.starts_with(b"%PDF-"));
        let text = text_of(&bytes);
        let has = |part: &str| text.contains(part);
        assert!(has("PO-0007") && has("Article 0 ") && has("Article 99 "));
        assert!(has("3 of 3") && has("Total: 5040.00 USD"), "{text}");
        let plain = String::from_utf8_lossy(&bytes);
        assert!(plain.contains("/Count 3"));
    }

    #[test]
    fn letters_of_many_languages_are_in_the_file_and_others_are_question_marks() {
        let mut order = purchase(scope(1, 1), 1);
        order.supplier_name = "Zakład Łódź, Αθήνα, Київ".to_owned();
        order.note = Some("€ … ß, 東京, שלום".to_owned());
        let bytes = write(&order, "Žluťoučký kůň", NaiveDate::default());
        let text = text_of(&bytes);
        for part in [
            "Zakład Łódź, Αθήνα, Київ",
            "Žluťoučký kůň",
            "€ … ß, ??, ????",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        let two_fonts = 2 * (dejavu::sans::regular().len() + dejavu::sans::bold().len()) / 10;
        assert!(
            bytes.len() < two_fonts,
            "only what is used: {}",
            bytes.len()
        );
        assert_eq!(cut("abcdef", 4), "abc…");
    }

    /// What a reader would find: the texts by the tables that the file has for each font, one in a line.
    fn text_of(bytes: &[u8]) -> String {
        let plain: Vec<Vec<u8>> = streams(bytes);
        let tables: Vec<_> = plain.iter().filter_map(|s| table(s)).collect();
        let mut found = String::new();
        for content in plain.iter().filter(|s| s.starts_with(b"BT")) {
            let mut font = 0;
            let mut rest = &content[..];
            while let Some((&byte, after)) = rest.split_first() {
                rest = after;
                if byte == b'/' && after.starts_with(b"F") {
                    font = usize::from(after[1] - b'1');
                } else if byte == b'(' || byte == b'<' {
                    let (codes, after) = string(byte, after);
                    for code in codes.chunks(2) {
                        let code = u16::from_be_bytes([code[0], code[1]]);
                        found.push(tables[font][&code]);
                    }
                    found.push('\n');
                    rest = after;
                }
            }
        }
        found
    }

    fn streams(bytes: &[u8]) -> Vec<Vec<u8>> {
        let find = |from: usize, what: &[u8]| {
            let rest = &bytes[from..];
            rest.windows(what.len())
                .position(|w| w == what)
                .map(|at| from + at)
        };
        let (mut all, mut at) = (Vec::new(), 0);
        while let Some(start) = find(at, b"\nstream\n") {
            let end = find(start, b"\nendstream").unwrap();
            all.push(bytes[start + 8..end].to_vec());
            at = end + 10;
        }
        all
    }

    /// `<0001> <0041>` of a table of letters.
    fn table(stream: &[u8]) -> Option<std::collections::BTreeMap<u16, char>> {
        let text = std::str::from_utf8(stream).ok()?;
        let pairs = text.split_once("beginbfchar")?.1;
        let pair = |line: &str| {
            let (code, letter) = line.trim().split_once(' ')?;
            let number = |t: &str| u16::from_str_radix(t.trim_matches(['<', '>']), 16).ok();
            Some((number(code)?, char::from_u32(number(letter)?.into())?))
        };
        Some(pairs.lines().filter_map(pair).collect())
    }

    /// A string of a content stream, from behind its first mark, and what follows it.
    fn string(mark: u8, rest: &[u8]) -> (Vec<u8>, &[u8]) {
        if mark == b'<' {
            let end = rest.iter().position(|b| *b == b'>').unwrap();
            let digits = std::str::from_utf8(&rest[..end]).unwrap();
            return (hex::decode(digits).unwrap(), &rest[end + 1..]);
        }
        let (mut out, mut at, mut depth) = (Vec::new(), 0, 1);
        loop {
            match rest[at] {
                b'\\' => {
                    at += 1;
                    let next = rest[at];
                    if next.is_ascii_digit() {
                        let digits = std::str::from_utf8(&rest[at..at + 3]).unwrap();
                        out.push(u8::from_str_radix(digits, 8).unwrap());
                        at += 2;
                    } else {
                        out.push(match next {
                            b'n' => b'\n',
                            b'r' => b'\r',
                            b't' => b'\t',
                            b'b' => 8,
                            b'f' => 12,
                            other => other,
                        });
                    }
                }
                b'(' => {
                    depth += 1;
                    out.push(b'(');
                }
                b')' => {
                    depth -= 1;
                    if depth == 0 {
                        return (out, &rest[at + 1..]);
                    }
                    out.push(b')');
                }
                other => out.push(other),
            }
            at += 1;
        }
    }
}
