//! `royal forecast` as anybody uses it: without a store, a database or settings.

use crate::command_line::{code, error, royal, text};
use std::fmt::Write as _;
use std::process::Output;

/// So many weeks of one series with a weekly pattern.
fn weeks(id: &str, weeks: u32) -> String {
    let first: chrono::NaiveDate = "2026-01-05".parse().unwrap();
    let mut rows = String::new();
    for (at, day) in (0..weeks * 7).zip(first.iter_days()) {
        writeln!(rows, "{id},{day},{}", 10 + at % 7).unwrap();
    }
    rows
}

const HEADER: &str = "series_id,date,value\n";

async fn forecast(args: &[&str], stdin: &str) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let args: Vec<&str> = std::iter::once("forecast")
        .chain(args.iter().copied())
        .collect();
    let output = royal(folder.path(), &[], &args, stdin).await;
    // Nothing was made: no database, no data folder.
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    output
}

#[tokio::test(flavor = "multi_thread")]
async fn a_week_goes_on() {
    let input = format!("{HEADER}{}{}", weeks("a", 20), weeks("b", 20));
    let output = forecast(&["--horizon", "14"], &input).await;
    code(&output, 0);
    let out = text(&output);
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines[0], "series_id,date,mean,p10,p90");
    assert_eq!(lines.len(), 1 + 2 * 14);
    assert_eq!(lines[1], "a,2026-05-25,10,10,10");
    assert_eq!(lines[28], "b,2026-06-07,16,16,16");
    let said = error(&output);
    assert!(said.contains("2 series of 280 rows"), "{said}");
    assert!(said.contains("2 series forecast in"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_levels_events_and_details() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).display().to_string();
    let (input, events, details) = (file("in.csv"), file("events.csv"), file("details.csv"));
    std::fs::write(&input, format!("{HEADER}{}", weeks("a", 20))).unwrap();
    std::fs::write(&events, "date,event\n2026-03-02,sale\n2026-05-26,sale\n").unwrap();
    let args = [
        "forecast",
        "--levels",
        "80,95",
        "--events",
        &events,
        "--details",
        &details,
        &input,
    ];
    let output = royal(folder.path(), &[], &args, "").await;
    code(&output, 0);
    assert!(text(&output).starts_with("series_id,date,mean,p10,p90,p2.5,p97.5\n"));
    assert_eq!(text(&output).lines().count(), 29);
    let details = std::fs::read_to_string(details).unwrap();
    let row = details.lines().nth(1).unwrap();
    assert!(row.starts_with("a,2026-01-05,2026-05-24,"), "{row}");
    assert!(row.contains(",6,enough,"), "{row}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_to_bad_rows_is_said() {
    let mut input = format!("{HEADER}{}", weeks("a", 10));
    input.push_str(
        "a,2026-01-06,5\na,2026-03-20,NaN\na,2026-03-25,-4\nlone,2026-01-01,2\nnone,2026-01-01,\n",
    );
    let output = forecast(&[], &input).await;
    code(&output, 0);
    assert_eq!(text(&output).lines().count(), 1 + 2 * 28);
    let said = error(&output);
    for note in [
        "1 rows of a day that had one already",
        "1 rows that came after a later day",
        "1 rows without a figure",
        "9 days without a row taken as 0",
        "1 days below 0",
        "left out, for they have no figure: none",
        "too little history in 1 series",
    ] {
        assert!(said.contains(note), "{note}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_asked_is_refused() {
    let input = format!("{HEADER}{}", weeks("a", 10));
    for (args, wanted) in [
        (&["--horizon", "0"][..], "between 1 and 730"),
        (&["--horizon", "10000"], "between 1 and 730"),
        (&["--horizon=-3"], "--horizon"),
        (&["--season", "1"], "season"),
        (&["--levels", "100"], "level"),
    ] {
        let output = forecast(args, &input).await;
        code(&output, 64);
        assert!(error(&output).contains(wanted), "{}", error(&output));
        assert_eq!(text(&output), "");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_refused() {
    for (input, wanted) in [
        ("", "no column series_id"),
        (HEADER, "no row with a figure"),
        (
            "series_id,date,value\na,2026-01-01,\n",
            "no row with a figure",
        ),
        ("a;b;c\n", "no column series_id"),
        ("series_id,date,value\na,tomorrow,1\n", "row 2, date"),
        ("series_id,date,value\na,2026-01-01,lots\n", "row 2, value"),
        (
            "series_id,date,value\na,1026-01-01,1\na,2026-01-01,1\n",
            "more than 36600 days",
        ),
    ] {
        let output = forecast(&[], input).await;
        code(&output, 65);
        assert!(error(&output).contains(wanted), "{}", error(&output));
        assert_eq!(text(&output), "");
    }
    let missing = forecast(&["nowhere.csv"], "").await;
    code(&missing, 65);
    assert!(error(&missing).contains("nowhere.csv cannot be read"));
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_thousand_series_are_many_but_no_trouble() {
    let mut input = HEADER.to_owned();
    for id in 0..50_000 {
        writeln!(input, "s{id},2026-01-01,1\ns{id},2026-01-02,{}", id % 5).unwrap();
    }
    let output = forecast(&["--horizon", "1"], &input).await;
    code(&output, 0);
    assert_eq!(text(&output).lines().count(), 50_001);
    assert!(error(&output).contains("too little history in 50000 series"));
}
