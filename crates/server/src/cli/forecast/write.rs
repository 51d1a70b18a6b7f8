//! Forecasts as CSV, and what is to be said about them.

use super::read::Input;
use domain::forecast::{Forecast, History, Level, Plan, Series};
use std::io::{self, Write};

/// Digits that count.
const DIGITS: i32 = 6;
/// Series that a note names.
const NAMED: usize = 5;

/// `p10`, `p97.5`.
fn percentile(value: f64) -> String {
    let text = format!("{value:.2}");
    format!("p{}", text.trim_end_matches('0').trim_end_matches('.'))
}

pub(super) fn header(out: &mut impl Write, levels: &[Level]) -> io::Result<()> {
    write!(out, "series_id,date,mean")?;
    for level in levels {
        let (lower, upper) = level.percentiles();
        write!(out, ",{},{}", percentile(lower), percentile(upper))?;
    }
    writeln!(out)
}

/// Rows of one series.
pub(super) fn rows(
    out: &mut impl Write,
    id: &str,
    forecast: &Forecast,
    unbiased: bool,
) -> io::Result<()> {
    let id = quoted(id);
    for (day, step) in forecast.first.iter_days().zip(&forecast.steps) {
        let centre = if unbiased { step.mean } else { step.point };
        write!(out, "{id},{day},{}", number(centre))?;
        for (lower, upper) in &step.bounds {
            write!(out, ",{},{}", number(*lower), number(*upper))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

pub(super) fn details_header(out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "series_id,trained_from,trained_to,mase,wape,coverage,origins,history,model"
    )
}

/// What a forecast carries beside its days.
pub(super) fn details(out: &mut impl Write, id: &str, forecast: &Forecast) -> io::Result<()> {
    let (from, to) = forecast.trained;
    write!(out, "{},{from},{to},", quoted(id))?;
    match forecast.own_past {
        Some(past) => {
            let known = |v: Option<f64>| v.map(number).unwrap_or_default();
            let (mase, wape) = (known(past.mase), known(past.wape));
            write!(
                out,
                "{mase},{wape},{},{},",
                number(past.coverage),
                past.origins
            )?;
        }
        None => write!(out, ",,,0,")?,
    }
    let history = match forecast.history {
        History::Enough => "enough",
        History::TooLittle { .. } => "too little",
    };
    writeln!(out, "{history},{}", forecast.model())
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// Six digits that count, without zeros behind.
fn number(value: f64) -> String {
    if value == 0.0 || !value.is_normal() {
        return "0".to_owned();
    }
    let mut decimals = 0;
    let mut scaled = value.abs();
    while scaled < 10.0_f64.powi(DIGITS - 1) && decimals < 9 {
        scaled *= 10.0;
        decimals += 1;
    }
    let text = format!("{value:.decimals$}");
    if !text.contains('.') {
        return text;
    }
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" {
        "0".to_owned()
    } else {
        text.to_owned()
    }
}

/// What was done to the input, a sentence each.
pub(super) fn notes(input: &Input, plan: &Plan) -> Vec<String> {
    let found = input.findings;
    let counted = [
        (
            found.doubled,
            "rows of a day that had one already: added up",
        ),
        (
            found.out_of_order,
            "rows that came after a later day: put in their place",
        ),
        (
            found.no_figure,
            "rows without a figure: as if they were missing",
        ),
        (
            found.taken_as_zero,
            "days without a row taken as 0 (--missing)",
        ),
        (
            found.bridged,
            "days without a row bridged from the same weekday around them (--missing)",
        ),
        (
            found.negative,
            "days below 0: kept, and forecasts of these series may be below 0 too",
        ),
    ];
    let mut notes: Vec<String> = counted
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    if !input.empty.is_empty() {
        notes.push(format!(
            "left out, for they have no figure: {}",
            some(&input.empty)
        ));
    }
    for season in plan.ignored_seasons() {
        notes.push(format!(
            "season {season} is not used: one below 50 days and one of 50 and more are"
        ));
    }
    for (at, name) in input.regressors.iter().enumerate() {
        let unknown = |s: &&Series| !s.known_ahead(at, plan.horizon());
        let without = input.series.iter().filter(unknown).count();
        if without > 0 {
            notes.push(format!(
                "{name} is not used for {without} series: it needs rows with a figure for each day to come (value empty)"
            ));
        }
    }
    notes
}

/// The first few, and how many more.
pub(super) fn some(names: &[String]) -> String {
    let first = names[..names.len().min(NAMED)].join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_six_digits_that_count() {
        assert_eq!(number(0.0), "0");
        assert_eq!(number(12.0), "12");
        assert_eq!(number(1.0 / 3.0), "0.333333");
        assert_eq!(number(1_234_567.89), "1234568");
        assert_eq!(number(-0.25), "-0.25");
        assert_eq!(number(-1e-12), "0");
    }

    #[test]
    fn columns_are_named_by_percentiles() {
        let mut out = Vec::new();
        let levels = [80.0, 95.0].map(|l| Level::new(l).unwrap());
        header(&mut out, &levels).unwrap();
        assert_eq!(out, b"series_id,date,mean,p10,p90,p2.5,p97.5\n");
    }

    #[test]
    fn names_with_a_comma_are_quoted() {
        assert_eq!(quoted("a,\"b\""), "\"a,\"\"b\"\"\"");
        assert_eq!(quoted("a b"), "a b");
    }

    #[test]
    fn a_note_names_few() {
        let names: Vec<_> = (0..7).map(|i| i.to_string()).collect();
        assert_eq!(some(&names), "0, 1, 2, 3, 4 and 2 more");
        assert_eq!(some(&names[..2]), "0, 1");
    }
}
