//! Workbooks made by hand, and such that are none.

use super::*;
use std::io::Write as _;
use zip::write::SimpleFileOptions;

const TYPES: &str = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#;
const RELS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &str = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Empty" sheetId="1" r:id="rId1"/><sheet name="Offers" sheetId="2" r:id="rId2"/></sheets></workbook>"#;
const BOOK_RELS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet2.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;
/// The second of the formats is a date.
const STYLES: &str = r#"<?xml version="1.0"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#;

fn sheet_of(rows: &str) -> String {
    format!(
        r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#
    )
}

fn text(cell: &str, value: &str) -> String {
    format!(r#"<c r="{cell}" t="inlineStr"><is><t>{value}</t></is></c>"#)
}

fn number(cell: &str, value: &str) -> String {
    format!(r#"<c r="{cell}"><v>{value}</v></c>"#)
}

fn book(rows: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let (empty, offers) = (sheet_of(""), sheet_of(rows));
    let parts = [
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", RELS.as_bytes()),
        ("xl/workbook.xml", BOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", BOOK_RELS.as_bytes()),
        ("xl/styles.xml", STYLES.as_bytes()),
        ("xl/worksheets/sheet1.xml", empty.as_bytes()),
        ("xl/worksheets/sheet2.xml", offers.as_bytes()),
    ];
    for (name, bytes) in parts.iter().chain(more) {
        archive
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn read(bytes: &[u8]) -> Result<String, String> {
    let text = as_csv(bytes).map_err(|e| e.to_string())?;
    Ok(String::from_utf8(text).unwrap())
}

#[test]
fn the_first_sheet_with_cells_is_read_with_its_gaps_numbers_and_dates() {
    let rows = [
        format!(
            "<row r=\"1\">{}{}{}</row>",
            text("A1", "Title"),
            text("B1", "Cost"),
            text("D1", "Since")
        ),
        format!(
            "<row r=\"2\">{}{}<c r=\"D2\" s=\"1\"><v>45658</v></c></row>",
            text("A2", "Lamp, &quot;oak&quot;"),
            number("B2", "9.5")
        ),
        format!(
            "<row r=\"4\">{}{}</row>",
            number("B4", "12"),
            number("D4", "4006381333931")
        ),
    ];
    let bytes = book(&rows.concat(), &[]);
    assert!(is_workbook(&bytes));
    let expected =
        "Title,Cost,,Since\n\"Lamp, \"\"oak\"\"\",9.5,,2025-01-01\n\n,12,,4006381333931\n";
    assert_eq!(read(&bytes).unwrap(), expected);
}

#[test]
fn what_is_none_or_unpacks_to_too_much_is_refused() {
    assert_eq!(read(&book("", &[])), Err("the file is empty".to_owned()));
    let cut = book(&text("A1", "x"), &[]);
    let told = read(&cut[..cut.len() / 2]).unwrap_err();
    assert!(told.contains("cannot be read as one"), "{told}");
    // Room for so many would be asked of the system, which ends the process.
    let texts = br#"<sst uniqueCount="100000000000000"><si><t>x</t></si></sst>"#;
    let told = read(&book("", &[("xl/sharedStrings.xml", texts)])).unwrap_err();
    assert!(told.contains("more texts than it holds"), "{told}");
    let bomb = vec![0_u8; (MOST_UNPACKED + 1) as usize];
    let told = read(&book("", &[("xl/media/zeros.bin", &bomb)])).unwrap_err();
    assert!(told.contains("unpacks to more than 256 MiB"), "{told}");
    assert!(!is_workbook(b"Title,Cost\n"));
}
