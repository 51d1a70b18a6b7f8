//! An order of goods as a PDF: A4, in the fonts that every reader has, so that no font is carried along.

use crate::http::amounts::{optional_amount, unit_amount};
use chrono::NaiveDate;
use domain::purchase::{PurchaseLine, PurchaseOrder};
use pdf_writer::{Content, Finish as _, Name, Pdf, Rect, Ref, Str};

const PLAIN: Name<'_> = Name(b"F1");
const BOLD: Name<'_> = Name(b"F2");
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
struct Sheet {
    content: Content,
    y: f32,
}

impl Sheet {
    fn new() -> Self {
        Self {
            content: Content::new(),
            y: TOP,
        }
    }

    fn text(&mut self, (font, size): (Name<'_>, f32), x: f32, text: &str) {
        self.content.begin_text();
        self.content.set_font(font, size);
        self.content.next_line(x, self.y);
        self.content.show(Str(&latin(text)));
        self.content.end_text();
    }

    fn down(&mut self, by: f32) {
        self.y -= by;
    }

    fn row(&mut self, font: Name<'_>, cells: &[String; 5]) {
        for ((cell, x), fits) in cells.iter().zip(COLUMNS).zip(FITS) {
            self.text((font, 9.5), x, &cut(cell, fits));
        }
        self.down(LEADING);
    }
}

/// `buyer` is who orders; `written_on` is a day of their store.
pub(super) fn write(order: &PurchaseOrder, buyer: &str, written_on: NaiveDate) -> Vec<u8> {
    let mut sheets = Vec::new();
    let pages: Vec<&[PurchaseLine]> = order.lines.chunks(A_PAGE).collect();
    for (at, lines) in pages.iter().enumerate() {
        let mut sheet = Sheet::new();
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
    bind(sheets)
}

fn head(sheet: &mut Sheet, order: &PurchaseOrder, buyer: &str, written_on: NaiveDate) {
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

fn foot(sheet: &mut Sheet, order: &PurchaseOrder) {
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
fn bind(sheets: Vec<Content>) -> Vec<u8> {
    let (catalog, tree, plain, bold) = (Ref::new(1), Ref::new(2), Ref::new(3), Ref::new(4));
    let mut next = Ref::new(5);
    let mut pages = Vec::with_capacity(sheets.len());
    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(tree);
    for sheet in sheets {
        let (page, content) = (next.bump(), next.bump());
        pages.push(page);
        let mut written = pdf.page(page);
        written.media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT));
        written.parent(tree);
        written.contents(content);
        let mut resources = written.resources();
        let mut fonts = resources.fonts();
        fonts.pair(PLAIN, plain);
        fonts.pair(BOLD, bold);
        fonts.finish();
        resources.finish();
        written.finish();
        pdf.stream(content, &sheet.finish());
    }
    let count = i32::try_from(pages.len()).unwrap_or(i32::MAX);
    pdf.pages(tree).kids(pages).count(count);
    for (id, name) in [(plain, &b"Helvetica"[..]), (bold, &b"Helvetica-Bold"[..])] {
        let mut font = pdf.type1_font(id);
        font.base_font(Name(name));
        font.encoding_predefined(Name(b"WinAnsiEncoding"));
    }
    pdf.finish()
}

fn cut(text: &str, fits: usize) -> String {
    if text.chars().count() <= fits {
        return text.to_owned();
    }
    let kept: String = text.chars().take(fits.saturating_sub(1)).collect();
    format!("{kept}…")
}

/// In the encoding of the fonts; what they have no letter for is a question mark.
fn latin(text: &str) -> Vec<u8> {
    let byte = |c: char| match c {
        ' '..='~' | '\u{a0}'..='\u{ff}' => u8::try_from(u32::from(c)).unwrap_or(b'?'),
        '€' => 0x80,
        '…' => 0x85,
        '‘' => 0x91,
        '’' => 0x92,
        '“' => 0x93,
        '”' => 0x94,
        '•' => 0x95,
        '–' => 0x96,
        '—' => 0x97,
        'Š' => 0x8a,
        'š' => 0x9a,
        'Ž' => 0x8e,
        'ž' => 0x9e,
        'Œ' => 0x8c,
        'œ' => 0x9c,
        _ => b'?',
    };
    text.chars().map(byte).collect()
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
        let has = |text: &str| {
            let wanted = latin(text);
            bytes.windows(wanted.len()).any(|w| w == wanted)
        };
        assert!(has("PO-0007") && has("Article 0 ") && has("Article 99 "));
        assert!(has("3 of 3") && has("/Count 3"));
        assert!(has("Total: 5040.00 USD"));
    }

    #[test]
    fn letters_that_the_fonts_do_not_have_are_question_marks() {
        assert_eq!(latin("a€ü東"), [b'a', 0x80, 0xfc, b'?']);
        assert_eq!(cut("abcdef", 4), "abc…");
    }
}
