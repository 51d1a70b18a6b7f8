//! The XML of `eurofxref`, read strictly: a table that is cut, doubled or holds nonsense is refused as a whole.

use chrono::NaiveDate;
use domain::fx::{Rate, RateSource};
use domain::money::Currency;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use rust_decimal::Decimal;
use std::collections::BTreeSet;

/// Element and attribute names.
const ROOT: &str = "Envelope";
const CUBE: &str = "Cube";

/// Where the reading is.
#[derive(Default)]
struct Place {
    depth: usize,
    root: bool,
    day: Option<Day>,
    seen: BTreeSet<NaiveDate>,
    rates: Vec<Rate>,
}

struct Day {
    on: NaiveDate,
    /// The depth of its element.
    depth: usize,
    quotes: BTreeSet<String>,
}

/// All rates of the table, or what is wrong with it.
pub(crate) fn rates(body: &[u8]) -> Result<Vec<Rate>, String> {
    let text = std::str::from_utf8(body).map_err(|_| "it is not UTF-8".to_owned())?;
    let euro = Currency::parse("EUR").map_err(|e| e.to_string())?;
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let mut place = Place::default();
    loop {
        let event = reader.read_event().map_err(|e| format!("not XML: {e}"))?;
        match event {
            Event::Start(tag) => {
                place.depth += 1;
                place.enter(&tag, euro)?;
            }
            Event::Empty(tag) => {
                place.depth += 1;
                place.enter(&tag, euro)?;
                place.leave()?;
            }
            Event::End(_) => place.leave()?,
            Event::DocType(_) => return Err("it has a document type".to_owned()),
            Event::Eof => break,
            Event::Text(_)
            | Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::GeneralRef(_) => {}
        }
    }
    if place.depth != 0 {
        return Err("it ends in the middle".to_owned());
    }
    if place.seen.is_empty() {
        return Err("it holds no day".to_owned());
    }
    Ok(place.rates)
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Result<Option<String>, String> {
    let found = tag
        .try_get_attribute(name)
        .map_err(|e| format!("not XML: {e}"))?;
    found
        .map(|a| {
            a.normalized_value(XmlVersion::Implicit1_0)
                .map(|v| v.trim().to_owned())
        })
        .transpose()
        .map_err(|e| format!("not XML: {e}"))
}

impl Place {
    fn enter(&mut self, tag: &BytesStart<'_>, euro: Currency) -> Result<(), String> {
        let name = tag.local_name().into_inner().to_owned();
        if self.depth == 1 {
            if name != ROOT || self.root {
                return Err(format!("its root is {name}, not one {ROOT}"));
            }
            self.root = true;
        }
        if name != CUBE {
            return Ok(());
        }
        let (time, currency) = (attribute(tag, "time")?, attribute(tag, "currency")?);
        match (time, currency, &mut self.day) {
            (Some(time), None, None) => self.begin_day(&time),
            (None, Some(currency), Some(day)) => {
                let rate = attribute(tag, "rate")?
                    .ok_or_else(|| format!("{currency} of {} has no rate", day.on))?;
                if !day.quotes.insert(currency.clone()) {
                    return Err(format!("{currency} stands twice on {}", day.on));
                }
                let rate = quoted(day.on, euro, &currency, &rate)?;
                self.rates.extend(rate);
                Ok(())
            }
            (None, None, None) => Ok(()),
            _ => Err("days and rates are not nested as they should be".to_owned()),
        }
    }

    fn begin_day(&mut self, time: &str) -> Result<(), String> {
        let on: NaiveDate = time.parse().map_err(|_| format!("{time:?} is no day"))?;
        if !self.seen.insert(on) {
            return Err(format!("{on} stands twice"));
        }
        self.day = Some(Day {
            on,
            depth: self.depth,
            quotes: BTreeSet::new(),
        });
        Ok(())
    }

    fn leave(&mut self) -> Result<(), String> {
        if let Some(day) = self.day.take_if(|day| day.depth == self.depth)
            && day.quotes.is_empty()
        {
            return Err(format!("{} has no rates", day.on));
        }
        self.depth = self.depth.saturating_sub(1);
        Ok(())
    }
}

/// `None` for a currency that this version does not know: old series hold some that are gone.
fn quoted(
    day: NaiveDate,
    euro: Currency,
    currency: &str,
    rate: &str,
) -> Result<Option<Rate>, String> {
    let well_formed = currency.len() == 3 && currency.bytes().all(|b| b.is_ascii_uppercase());
    if !well_formed {
        return Err(format!("{currency:?} of {day} is no currency"));
    }
    let wrong = |reason: String| format!("{currency} of {day}: {reason}");
    let value =
        Decimal::from_str_exact(rate).map_err(|_| wrong(format!("{rate:?} is no number")))?;
    let Ok(quote) = Currency::parse(currency) else {
        return Ok(None);
    };
    Rate::new(day, euro, quote, value, RateSource::Feed)
        .map(Some)
        .map_err(|e| wrong(e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(cubes: &str) -> String {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <gesmes:Envelope xmlns:gesmes=\"http://www.gesmes.org/xml/2002-08-01\" \
             xmlns=\"http://www.ecb.int/vocabulary/2002-08-01/eurofxref\">\n\
             <gesmes:subject>Reference rates</gesmes:subject>\n\
             <gesmes:Sender><gesmes:name>European Central Bank</gesmes:name></gesmes:Sender>\n\
             <Cube>{cubes}</Cube></gesmes:Envelope>"
        )
    }

    const DAY: &str = "<Cube time='2026-11-26'><Cube currency='USD' rate='1.1657'/>\
                       <Cube currency='JPY' rate='180.95'/><Cube currency='TRL' rate='1'/></Cube>";

    #[test]
    fn a_table_is_read() {
        let two =
            format!("{DAY}<Cube time=\"2026-11-25\"><Cube currency=\"USD\" rate=\"1.16\"/></Cube>");
        let rates = rates(table(&two).as_bytes()).unwrap();
        let shown: Vec<String> = rates
            .iter()
            .map(|r| format!("{} {}/{} {}", r.day, r.base, r.quote, r.value))
            .collect();
        assert_eq!(
            shown,
            [
                "2026-11-26 EUR/USD 1.1657",
                "2026-11-26 EUR/JPY 180.95",
                "2026-11-25 EUR/USD 1.16",
            ]
        );
    }

    #[track_caller]
    fn refused(body: &str, reason: &str) {
        let error = rates(body.as_bytes()).unwrap_err();
        assert!(error.contains(reason), "{error}");
    }

    #[test]
    fn what_is_not_a_whole_table_is_refused_with_the_reason() {
        let whole = table(DAY);
        let cut = whole.split("</Cube>").next().unwrap();
        refused(cut, "ends in the middle");
        refused(
            "<html><body>Service unavailable</body></html>",
            "root is html",
        );
        refused("not xml at all", "no day");
        refused(&table(""), "no day");
        refused(&table("<Cube time='2026-11-26'></Cube>"), "no rates");
        refused(&table(&format!("{DAY}{DAY}")), "2026-11-26 stands twice");
        let twice = DAY.replace("JPY", "USD");
        refused(&table(&twice), "USD stands twice");
        refused(
            &table(&DAY.replace("2026-11-26", "2026-02-30")),
            "is no day",
        );
        refused(&table(&DAY.replace("1.1657", "N/A")), "is no number");
        refused(&table(&DAY.replace("1.1657", "1,1657")), "is no number");
        refused(&table(&DAY.replace("1.1657", "-1")), "above zero");
        refused(&table(&DAY.replace("1.1657", "0")), "above zero");
        refused(&table(&DAY.replace("'USD'", "'usd'")), "is no currency");
        refused(&table(&DAY.replace(" rate='1.1657'", "")), "has no rate");
        refused(&table("<Cube currency='USD' rate='1'/>"), "nested");
        let doctype = whole.replacen("?>", "?><!DOCTYPE x [<!ENTITY a \"b\">]>", 1);
        refused(&doctype, "document type");
    }
}
