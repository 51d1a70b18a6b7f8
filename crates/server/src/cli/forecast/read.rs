//! Series from CSV: `series_id,date,value[,regressor…]`, rows in any order.

use super::super::Exit;
use chrono::NaiveDate;
use csv::{ByteRecord, ReaderBuilder};
use domain::forecast::{Builder, Event, Findings, Missing, Refused, Series};
use std::collections::HashMap;
use std::io::Read;

/// Beyond this, squares do not fit into a number any more.
const LARGEST: f64 = 1e15;
/// What stands for no figure.
const NO_FIGURE: [&str; 6] = ["", "nan", "na", "null", "none", "-"];

/// What was read.
#[derive(Debug)]
pub(super) struct Input {
    pub(super) series: Vec<Series>,
    pub(super) regressors: Vec<String>,
    pub(super) rows: u64,
    pub(super) findings: Findings,
    /// Series without a single figure.
    pub(super) empty: Vec<String>,
}

struct Columns {
    id: usize,
    date: usize,
    /// The value, then the regressors.
    figures: Vec<usize>,
    names: Vec<String>,
}

impl Columns {
    fn of(header: &ByteRecord) -> Result<Self, Exit> {
        let names: Vec<String> = header
            .iter()
            .map(|n| {
                String::from_utf8_lossy(n)
                    .trim_start_matches('\u{feff}')
                    .trim()
                    .to_owned()
            })
            .collect();
        let find = |wanted: &[&str]| {
            let found = names
                .iter()
                .position(|n| wanted.contains(&n.to_lowercase().as_str()));
            found.ok_or_else(|| {
                Exit::data(format!(
                    "the first row has no column {}: it must be series_id,date,value and, if any, regressors",
                    wanted[0]
                ))
            })
        };
        let id = find(&["series_id", "unique_id"])?;
        let date = find(&["date", "ds"])?;
        let value = find(&["value", "y"])?;
        let others = (0..names.len()).filter(|at| ![id, date, value].contains(at));
        let figures: Vec<usize> = std::iter::once(value).chain(others).collect();
        Ok(Self {
            id,
            date,
            figures,
            names,
        })
    }

    fn regressors(&self) -> Vec<String> {
        let regressors = self.figures.iter().skip(1);
        regressors.map(|at| self.names[*at].clone()).collect()
    }
}

pub(super) fn series(source: impl Read, missing: Missing) -> Result<Input, Exit> {
    let mut reader = ReaderBuilder::new().from_reader(source);
    let header = reader.byte_headers().map_err(broken)?.clone();
    let columns = Columns::of(&header)?;
    let mut places: HashMap<Vec<u8>, usize> = HashMap::new();
    let mut building: Vec<(String, Builder)> = Vec::new();
    let mut row = ByteRecord::new();
    let mut figures = vec![f64::NAN; columns.figures.len()];
    let mut rows = 0;
    let mut last: Option<usize> = None;
    while reader.read_byte_record(&mut row).map_err(broken)? {
        rows += 1;
        let line = row.position().map_or(0, csv::Position::line);
        let id = &row[columns.id];
        let day = day(&row[columns.date]).ok_or_else(|| {
            refused(
                line,
                "date",
                &row[columns.date],
                "is no day: write it as 2026-12-24",
            )
        })?;
        for (figure, at) in figures.iter_mut().zip(&columns.figures) {
            *figure = self::figure(&row[*at]).ok_or_else(|| {
                refused(
                    line,
                    &columns.names[*at],
                    &row[*at],
                    "is no number below 10^15",
                )
            })?;
        }
        // Rows of a series usually lie together.
        let at = match last.filter(|at| building[*at].0.as_bytes() == id) {
            Some(at) => at,
            None => *places.entry(id.to_vec()).or_insert_with(|| {
                let id = String::from_utf8_lossy(id).into_owned();
                building.push((id, Builder::new(day, figures.len())));
                building.len() - 1
            }),
        };
        last = Some(at);
        let (id, builder) = &mut building[at];
        builder
            .add(id, day, &figures)
            .map_err(|e| Exit::data(format!("row {line}: {e}")))?;
    }
    built(building, missing, rows, columns.regressors())
}

fn built(
    building: Vec<(String, Builder)>,
    missing: Missing,
    rows: u64,
    regressors: Vec<String>,
) -> Result<Input, Exit> {
    let until = building.iter().filter_map(|(_, b)| b.last()).max();
    let Some(until) = until else {
        return Err(Exit::data(
            "there is no row with a figure below the first row: nothing to learn from",
        ));
    };
    let mut input = Input {
        series: Vec::with_capacity(building.len()),
        regressors,
        rows,
        findings: Findings::default(),
        empty: Vec::new(),
    };
    for (id, builder) in building {
        match builder.build(id, missing, until) {
            Ok((series, findings)) => {
                input.findings += findings;
                input.series.push(series);
            }
            Err(Refused::Empty(id)) => input.empty.push(id),
            Err(other) => return Err(Exit::data(other.to_string())),
        }
    }
    Ok(input)
}

fn broken(error: csv::Error) -> Exit {
    Exit::data(format!("the input is no CSV that can be read: {error}"))
}

fn refused(line: u64, column: &str, text: &[u8], why: &str) -> Exit {
    let text = String::from_utf8_lossy(text);
    Exit::data(format!("row {line}, {column}: {text:?} {why}"))
}

/// NaN where there is no figure; `None` where it is no number.
fn figure(text: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(text).ok()?.trim();
    match text.parse::<f64>() {
        Ok(number) if number.abs() < LARGEST => Some(number),
        Ok(number) if number.is_finite() => None,
        // Not a number, or endless: no figure.
        Ok(_) => Some(f64::NAN),
        Err(_) => NO_FIGURE
            .contains(&text.to_lowercase().as_str())
            .then_some(f64::NAN),
    }
}

/// A day, with or without a time behind it.
fn day(text: &[u8]) -> Option<NaiveDate> {
    let text = std::str::from_utf8(text).ok()?.trim();
    let day = text.get(..10).unwrap_or(text);
    let rest = text.get(10..).unwrap_or_default();
    if !(rest.is_empty() || rest.starts_with('T') || rest.starts_with(' ')) {
        return None;
    }
    let [
        b'0'..=b'9',
        b'0'..=b'9',
        b'0'..=b'9',
        b'0'..=b'9',
        b'-',
        b'0'..=b'9',
        b'0'..=b'9',
        b'-',
        b'0'..=b'9',
        b'0'..=b'9',
    ] = day.as_bytes()
    else {
        return None;
    };
    NaiveDate::from_ymd_opt(
        day[..4].parse().ok()?,
        day[5..7].parse().ok()?,
        day[8..].parse().ok()?,
    )
}

/// `date,event[,series_id]`.
pub(super) fn events(source: impl Read) -> Result<Vec<Event>, Exit> {
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(source);
    let header = reader.byte_headers().map_err(broken)?;
    let names: Vec<_> = header
        .iter()
        .map(|n| {
            String::from_utf8_lossy(n)
                .trim_start_matches('\u{feff}')
                .trim()
                .to_lowercase()
        })
        .collect();
    let find = |wanted: &str| names.iter().position(|n| n == wanted);
    let (Some(date), Some(event)) = (find("date"), find("event")) else {
        return Err(Exit::data(
            "the first row of the events must be date,event or date,event,series_id",
        ));
    };
    let series = find("series_id");
    let mut events = Vec::new();
    for record in reader.byte_records() {
        let record = record.map_err(broken)?;
        let line = record.position().map_or(0, csv::Position::line);
        let text = |at: usize| String::from_utf8_lossy(record.get(at).unwrap_or_default());
        let only = series.map(text).unwrap_or_default();
        let event = Event::parse(&text(date), &text(event), &only);
        events.push(event.map_err(|e| Exit::data(format!("events, row {line}: {e}")))?);
    }
    Ok(events)
}

#[cfg(test)]
mod tests;
