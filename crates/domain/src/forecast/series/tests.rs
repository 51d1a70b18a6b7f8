use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn built(rows: &[(&str, f64)], missing: Missing) -> (Series, Findings) {
    let mut builder = Builder::new(day(rows[0].0), 1);
    for (on, value) in rows {
        builder.add("a", day(on), &[*value]).unwrap();
    }
    builder
        .build("a".to_owned(), missing, day("2026-01-10"))
        .unwrap()
}

#[test]
fn rows_in_any_order_and_twice_are_one_series() {
    let rows = [
        ("2026-01-03", 3.0),
        ("2026-01-01", 1.0),
        ("2026-01-02", 2.0),
        ("2026-01-03", 0.5),
    ];
    let (series, findings) = built(&rows, Missing::Auto);
    assert_eq!(series.start, day("2026-01-01"));
    assert_eq!(series.values, [1.0, 2.0, 3.5]);
    assert_eq!((findings.doubled, findings.out_of_order), (1, 2));
    assert_eq!(series.day(2), day("2026-01-03"));
}

#[test]
fn a_list_of_sales_has_zeros_where_it_is_silent() {
    let rows = [("2026-01-01", 2.0), ("2026-01-05", 1.0)];
    let (series, findings) = built(&rows, Missing::Auto);
    assert_eq!(series.values, [2.0, 0.0, 0.0, 0.0, 1.0]);
    assert_eq!(findings.taken_as_zero, 3);
}

#[test]
fn a_series_that_tells_its_zeros_is_bridged() {
    let mut rows: Vec<_> = (0..21)
        .map(|i| {
            (
                day("2026-01-01") + Days::new(i),
                f64::from(u32::try_from(i % 7).unwrap()),
            )
        })
        .collect();
    rows.remove(10);
    let mut builder = Builder::new(rows[0].0, 1);
    for (on, value) in rows {
        builder.add("a", on, &[value]).unwrap();
    }
    let (series, findings) = builder
        .build("a".to_owned(), Missing::Auto, day("2026-02-01"))
        .unwrap();
    assert!((series.values[10] - 3.0).abs() < 1e-12);
    assert_eq!(findings.bridged, 1);
}

#[test]
fn zero_reaches_to_the_last_day_of_all() {
    let (series, _) = built(&[("2026-01-08", 2.0)], Missing::Zero);
    assert_eq!(series.values, [2.0, 0.0, 0.0]);
}

#[test]
fn a_row_without_a_figure_is_no_row() {
    let rows = [
        ("2026-01-01", f64::NAN),
        ("2026-01-02", 4.0),
        ("2026-01-03", f64::INFINITY),
    ];
    let (series, findings) = built(&rows, Missing::Unknown);
    assert_eq!(
        (series.start, series.values),
        (day("2026-01-02"), vec![4.0])
    );
    assert_eq!(findings.no_figure, 2);
}

#[test]
fn what_is_left_of_nothing_is_refused() {
    let mut builder = Builder::new(day("2026-01-01"), 1);
    builder.add("a", day("2026-01-01"), &[f64::NAN]).unwrap();
    let refused = builder.build("a".to_owned(), Missing::Auto, day("2026-01-01"));
    assert_eq!(refused.unwrap_err(), Refused::Empty("a".to_owned()));
}

#[test]
fn a_day_of_another_century_is_refused() {
    let mut builder = Builder::new(day("2026-01-01"), 1);
    builder.add("a", day("2026-01-01"), &[1.0]).unwrap();
    let refused = builder.add("a", day("0226-01-01"), &[1.0]);
    assert!(matches!(refused, Err(Refused::TooLong { .. })));
}

#[test]
fn negative_days_stay_and_are_counted() {
    let (series, findings) = built(&[("2026-01-01", -2.0), ("2026-01-02", 1.0)], Missing::Auto);
    assert_eq!(series.values, [-2.0, 1.0]);
    assert_eq!(findings.negative, 1);
}

#[test]
fn what_is_known_of_days_to_come_stays() {
    let mut builder = Builder::new(day("2026-01-01"), 2);
    builder.add("a", day("2026-01-01"), &[5.0, 0.0]).unwrap();
    builder
        .add("a", day("2026-01-02"), &[f64::NAN, 1.0])
        .unwrap();
    let built = builder.build("a".to_owned(), Missing::Auto, day("2026-01-01"));
    let (series, findings) = built.unwrap();
    assert_eq!(series.values, [5.0]);
    assert_eq!(series.regressors, [vec![0.0, 1.0]]);
    assert_eq!(findings.no_figure, 0);
}
