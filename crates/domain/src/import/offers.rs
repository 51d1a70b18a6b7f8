//! Rows of supplier catalogues, and what only a person knows of such a file.

use super::cells::Cells;
use super::mapping::{Choice, Layout, Mapping, Question, normalise};
use crate::money::Currency;
use crate::supplier::{OfferRow, Platform, PriceRange, ShipTime, Stock};
use rust_decimal::Decimal;
use std::collections::BTreeSet;

/// Keys of questions.
pub const PLATFORM: &str = "platform";
pub const SNAPSHOT: &str = "snapshot";
pub const CURRENCY: &str = "currency";

/// With a larger share of refused rows a file is read wrongly as a whole.
pub const MOST_REFUSED_PERCENT: u64 = 20;
const MOST_COUNTRIES: usize = 250;
const LONGEST_TEXT: usize = 1_000;
const LONGEST_DESCRIPTION: usize = 20_000;
/// Prices that are asked for most.
const USUAL: [&str; 5] = ["USD", "EUR", "GBP", "CNY", "CAD"];

/// Answers that are true of every file with the same columns.
#[must_use]
pub fn is_lasting(question: &str) -> bool {
    matches!(question, PLATFORM | SNAPSHOT | CURRENCY)
}

#[must_use]
pub fn platform(mapping: &Mapping) -> Option<Platform> {
    Platform::parse(mapping.answer(PLATFORM)?)
}

/// Whether the file was said to name everything that there is.
#[must_use]
pub fn is_whole(mapping: &Mapping) -> bool {
    mapping.answer(SNAPSHOT) == Some("full")
}

fn told_currency(mapping: &Mapping) -> Option<Currency> {
    Currency::parse(mapping.answer(CURRENCY)?).ok()
}

/// What has to be answered before a supplier's file can be read; `own` is the store's currency.
#[must_use]
pub fn offer_questions(layout: &Layout, own: Currency) -> Vec<Question> {
    let mapping = &layout.mapping;
    let mut questions = Vec::new();
    let mut ask = |key: &str, question: &str, choices: Vec<Choice>| {
        questions.push(Question {
            key: key.to_owned(),
            column: None,
            row: None,
            example: None,
            question: question.to_owned(),
            choices,
        });
    };
    if platform(mapping).is_none() {
        let choices = Platform::by_file().map(|p| Choice::new(p.as_str(), p.name()));
        ask(PLATFORM, "Where is this list from?", choices.collect());
    }
    if !matches!(mapping.answer(SNAPSHOT), Some("full" | "part")) {
        let choices = vec![
            Choice::new("part", "A part: what it does not name stays as it is"),
            Choice::new("full", "Everything: what it does not name is out of stock"),
        ];
        let question = "Does the list name everything that is offered there?";
        ask(SNAPSHOT, question, choices);
    }
    let money = ["cost", "sell_price", "shipping_cost", "duties"];
    let has_money = money.iter().any(|field| layout.index(field).is_some());
    if has_money && layout.index("currency").is_none() && told_currency(mapping).is_none() {
        let mut codes = vec![own.to_string()];
        codes.extend(
            USUAL
                .iter()
                .filter(|c| **c != own.code())
                .map(|c| (*c).to_owned()),
        );
        let choices = codes.iter().map(|code| Choice::new(code, code.as_str()));
        let question = "The file names no currency. In which are its prices?";
        ask(CURRENCY, question, choices.collect());
    }
    questions
}

fn price(cells: &mut Cells<'_>, field: &str) -> Option<PriceRange> {
    let text = cells.text(field)?;
    match PriceRange::parse(text, cells.layout.number_style(field)) {
        Ok(range) => Some(range),
        Err(error) => {
            cells.refuse(field, error.to_string());
            None
        }
    }
}

fn days(cells: &mut Cells<'_>, field: &str) -> Option<ShipTime> {
    match ShipTime::parse(cells.text(field)?) {
        Ok(time) => time,
        Err(error) => {
            cells.refuse(field, error.to_string());
            None
        }
    }
}

fn stock(cells: &mut Cells<'_>) -> Option<Stock> {
    let header = cells.layout.header("stock").map(normalise);
    let yes_or_no = matches!(header.as_deref(), Some("instock" | "availability"));
    match Stock::parse(cells.text("stock")?, yes_or_no) {
        Ok(stock) => Some(stock),
        Err(error) => {
            cells.refuse("stock", error.to_string());
            None
        }
    }
}

fn rating(cells: &mut Cells<'_>) -> Option<Decimal> {
    let rating = cells.positive("rating")?;
    if rating > Decimal::from(5) {
        cells.refuse("rating", "is more than 5");
    }
    Some(rating.normalize())
}

/// `US, CA` as countries; none for everywhere.
fn countries(cells: &mut Cells<'_>) -> Vec<String> {
    let Some(text) = cells.text("ship_to") else {
        return Vec::new();
    };
    let lower = text.to_lowercase();
    if matches!(
        lower.as_str(),
        "*" | "all" | "world" | "worldwide" | "everywhere" | "global"
    ) {
        return Vec::new();
    }
    let parts = text.split([',', ';', '|', '/', ' ']);
    let codes: BTreeSet<String> = parts
        .map(str::trim)
        .filter(|c| !c.is_empty())
        .map(str::to_ascii_uppercase)
        .collect();
    let is_code = |c: &String| c.len() == 2 && c.bytes().all(|b| b.is_ascii_alphabetic());
    if codes.len() > MOST_COUNTRIES || !codes.iter().all(is_code) {
        cells.refuse(
            "ship_to",
            "is no list of countries (two letters of ISO 3166 each)",
        );
        return Vec::new();
    }
    codes.into_iter().collect()
}

pub(super) fn offer(cells: &mut Cells<'_>) -> Option<OfferRow> {
    let mapping = &cells.layout.mapping;
    let platform = platform(mapping).unwrap_or(Platform::Other);
    let text = |cells: &Cells<'_>, field: &str, longest: usize| {
        cells
            .text(field)
            .map(|t| t.chars().take(longest).collect::<String>())
    };
    let short = |cells: &Cells<'_>, field: &str| text(cells, field, LONGEST_TEXT);
    let row_currency = match cells.text("currency") {
        None => told_currency(mapping),
        Some(code) => match Currency::parse(code) {
            Ok(currency) => Some(currency),
            Err(_) => {
                cells.refuse("currency", "is no currency (three letters of ISO 4217)");
                None
            }
        },
    };
    let row = OfferRow {
        platform,
        supplier: short(cells, "supplier"),
        external_id: short(cells, "external_id"),
        sku: short(cells, "variant_sku"),
        barcode: short(cells, "barcode"),
        url: short(cells, "source_url"),
        title: short(cells, "title"),
        name: short(cells, "variant_name"),
        ships_from: short(cells, "supplier_region"),
        currency: row_currency,
        cost: price(cells, "cost"),
        sell_price: price(cells, "sell_price"),
        shipping_cost: price(cells, "shipping_cost"),
        duties: cells.positive("duties"),
        stock: stock(cells),
        processing: days(cells, "processing_days"),
        ship_days: days(cells, "ship_days"),
        ship_to: countries(cells),
        rating: rating(cells),
        image: short(cells, "image"),
        category: short(cells, "category"),
        weight: short(cells, "weight"),
        description: text(cells, "description", LONGEST_DESCRIPTION),
    };
    if row.product_key().is_empty() {
        let fields = ["external_id", "variant_sku", "source_url"];
        let there = fields.iter().find(|f| cells.layout.index(f).is_some());
        cells.refuse(
            there.unwrap_or(&fields[0]),
            "is empty, and nothing else names the product",
        );
    }
    let prices = [&row.cost, &row.sell_price, &row.shipping_cost];
    let has_money = prices.iter().any(|p| p.is_some()) || row.duties.is_some();
    if has_money && row.currency.is_none() && cells.text("currency").is_none() {
        cells.refuse(
            "currency",
            "is empty: in which currency the prices are, nobody says",
        );
    }
    Some(row)
}

#[cfg(test)]
mod tests {
    use super::super::{ImportKind, NumberStyle, Row, Styles, TableRow, read_table_row};
    use super::*;
    use crate::supplier::{Confidence, Presence};

    fn headers(text: &str) -> Vec<String> {
        text.split(',').map(str::to_owned).collect()
    }

    fn layout(head: &str, answers: &[(&str, &str)]) -> Layout {
        let headers = headers(head);
        let mut mapping = Mapping::propose(ImportKind::SupplierOffers, &headers);
        for (key, value) in answers {
            mapping
                .answers
                .insert((*key).to_owned(), (*value).to_owned());
        }
        Layout::new(&mapping, &headers, Styles::default())
    }

    fn read(layout: &Layout, cells: &[&str]) -> Result<OfferRow, Vec<String>> {
        let own = "EUR".parse().unwrap();
        match read_table_row(&Row::of(2, cells), layout, own) {
            Ok(TableRow::Offer(row)) => Ok(*row),
            Ok(other) => panic!("{other:?}"),
            Err(problems) => Err(problems
                .into_iter()
                .map(|p| format!("{}: {}", p.column.unwrap_or_default(), p.reason))
                .collect()),
        }
    }

    fn columns(head: &str) -> Vec<String> {
        let mapping = Mapping::propose(ImportKind::SupplierOffers, &headers(head));
        let columns = mapping.columns.into_iter();
        columns
            .map(|(field, header)| format!("{field}={header}"))
            .collect()
    }

    #[test]
    fn headers_are_known_by_their_synonyms_whatever_their_spelling() {
        let found =
            columns("Spocket Product ID,Product Name,You Pay,MSRP,In-Stock,Processing Time");
        assert_eq!(
            found,
            [
                "cost=You Pay",
                "external_id=Spocket Product ID",
                "processing_days=Processing Time",
                "sell_price=MSRP",
                "stock=In-Stock",
                "title=Product Name",
            ]
        );
    }

    #[test]
    fn a_price_is_the_cost_only_where_no_column_is_the_selling_price() {
        assert!(columns("SKU,Price").contains(&"cost=Price".to_owned()));
        let both = columns("SKU,Price,Retail Price");
        assert_eq!(both, ["sell_price=Retail Price", "variant_sku=SKU"]);
    }

    #[test]
    fn the_files_of_autods_are_known_by_all_of_their_headers() {
        let untracked = "ProductId,BuyId,Supplier,SupplierRegion,VariantSKU";
        assert!(columns(untracked).contains(&"external_id=BuyId".to_owned()));
        let known = layout(untracked, &[]);
        assert_eq!(platform(&known.mapping), Some(Platform::Autods));
        let bulk = layout("Product URL,Supplier,Warehouse Region", &[]);
        assert_eq!(platform(&bulk.mapping), Some(Platform::Autods));
        let row = read(&bulk, &["https://example.com/1", "walmart", "US"]).unwrap();
        assert_eq!(row.product_key(), "https://example.com/1");
        let more = layout("Product URL,Supplier,Warehouse Region,Cost", &[]);
        assert_eq!(
            platform(&more.mapping),
            None,
            "one column more is another file"
        );
    }

    #[test]
    fn what_only_a_person_knows_is_asked_and_an_answer_settles_it() {
        let own = "EUR".parse().unwrap();
        let keys = |layout: &Layout| {
            let asked = offer_questions(layout, own).into_iter();
            asked.map(|q| q.key).collect::<Vec<_>>()
        };
        let head = "SKU,Cost";
        assert_eq!(keys(&layout(head, &[])), [PLATFORM, SNAPSHOT, CURRENCY]);
        let answers = [(PLATFORM, "spocket"), (SNAPSHOT, "part"), (CURRENCY, "usd")];
        assert_eq!(keys(&layout(head, &answers)), [""; 0]);
        assert_eq!(
            keys(&layout(head, &[(PLATFORM, "nobody"), (SNAPSHOT, "full")])),
            [PLATFORM, CURRENCY]
        );
        let named = layout("SKU,Cost,Currency", &answers[..2]);
        assert_eq!(keys(&named), [""; 0], "each row names its own");
    }

    #[test]
    fn a_currency_that_nobody_names_refuses_the_row() {
        let open = layout("SKU,Cost,Currency", &[]);
        assert_eq!(
            read(&open, &["A", "5", ""]).unwrap_err(),
            ["Currency: is empty: in which currency the prices are, nobody says"]
        );
        assert_eq!(
            read(&open, &["A", "5", "dollars"]).unwrap_err(),
            ["Currency: is no currency (three letters of ISO 4217)"]
        );
        let row = read(&open, &["A", "", ""]).unwrap();
        assert_eq!(
            (row.cost, row.currency),
            (None, None),
            "no price needs none"
        );
        let told = layout("SKU,Cost", &[(CURRENCY, "USD")]);
        let row = read(&told, &["A", "5"]).unwrap();
        assert_eq!(row.currency, Some("USD".parse().unwrap()));
    }

    #[test]
    fn ranges_stock_and_times_are_read_as_they_are_written() {
        let head = "Id,Cost,Currency,In stock,Shipping time,Ships to,Rating";
        let row = read(
            &layout(head, &[]),
            &["7", "1.20-3.50", "USD", "1", "12-50", "us; CA", "4.7"],
        )
        .unwrap();
        let cost = row.cost.unwrap();
        assert_eq!(
            (cost.single(), cost.confidence()),
            (None, Confidence::Range)
        );
        let stock = row.stock.unwrap();
        assert_eq!((stock.presence, stock.quantity), (Presence::In, None));
        assert_eq!(row.ship_days.map(|d| d.max_days), Some(50));
        assert_eq!(row.ship_to, ["CA", "US"]);
        let counted = layout("Id,Quantity", &[]);
        let row = read(&counted, &["7", "1"]).unwrap();
        assert_eq!(row.stock.and_then(|s| s.quantity), Some(1));
    }

    #[test]
    fn every_cell_that_cannot_be_read_is_named() {
        let head = "Id,Cost,Currency,Stock,Shipping time,Ships to,Rating";
        let problems = read(
            &layout(head, &[]),
            &["", "3-1", "USD", "lots", "soon", "Atlantis", "7"],
        )
        .unwrap_err();
        assert_eq!(
            problems,
            [
                "Cost: ends below where it begins",
                "Stock: tells neither how many there are nor whether there are any",
                "Shipping time: is no number of days, like 13 or 2-5",
                "Ships to: is no list of countries (two letters of ISO 3166 each)",
                "Rating: is more than 5",
                "Id: is empty, and nothing else names the product",
            ]
        );
    }

    #[test]
    fn both_sides_of_a_range_tell_how_its_column_writes_decimals() {
        let layout = layout("Id,Cost,Currency", &[]);
        let mut evidence = super::super::Evidence::default();
        evidence.look_at(&Row::of(2, &["7", "1,20-3,50", "EUR"]), &layout);
        let (styles, questions) = evidence.decide(&layout);
        assert_eq!(questions, []);
        assert_eq!(styles.numbers.get("cost"), Some(&NumberStyle::Comma));
    }
}
