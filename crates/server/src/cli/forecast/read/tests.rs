use super::*;

fn read(text: &str) -> Result<Input, Exit> {
    series(text.as_bytes(), Missing::Auto)
}

fn refusal(text: &str) -> String {
    format!("{:?}", read(text).unwrap_err())
}

#[test]
fn rows_of_several_series_may_be_mixed() {
    let input = read(
        "series_id,date,value\na,2026-01-01,1\nb,2026-01-01,5\na,2026-01-02 00:00:00,2\nb,2026-01-02,\nb,2026-01-03,inf\n",
    )
    .unwrap();
    let values: Vec<_> = input
        .series
        .iter()
        .map(|s| (s.id.as_str(), s.values.clone()))
        .collect();
    assert_eq!(values, [("a", vec![1.0, 2.0]), ("b", vec![5.0])]);
    assert_eq!((input.rows, input.findings.no_figure), (5, 2));
}

#[test]
fn columns_go_by_their_names() {
    let input = read("ds,price,y,unique_id\n2026-01-01,9.5,3,a\n").unwrap();
    assert_eq!(input.regressors, ["price"]);
    assert_eq!(input.series[0].values, [3.0]);
    assert_eq!(input.series[0].regressors, [[9.5]]);
}

#[test]
fn what_cannot_be_read_is_refused_with_its_row() {
    assert!(refusal("id,date,value\n").contains("no column series_id"));
    assert!(refusal("series_id,date,value\n").contains("no row with a figure"));
    assert!(refusal("").contains("no column series_id"));
    assert!(refusal("series_id,date,value\na,01/02/2026,1\n").contains("row 2, date"));
    assert!(refusal("series_id,date,value\na,2026-02-30,1\n").contains("row 2, date"));
    assert!(refusal("series_id,date,value\na,2026-01-01,many\n").contains("row 2, value"));
    assert!(refusal("series_id,date,value\na,2026-01-01,1e300\n").contains("row 2, value"));
    assert!(refusal("series_id,date,value\na,2026-01-01\n").contains("no CSV"));
}

#[test]
fn a_series_without_a_figure_does_not_stop_the_others() {
    let input = read("series_id,date,value\na,2026-01-01,NaN\nb,2026-01-01,1\n").unwrap();
    assert_eq!(input.empty, ["a"]);
    assert_eq!(input.series.len(), 1);
}

#[test]
fn events_are_for_all_or_one() {
    let read = events("date,event,series_id\n2026-11-27,sale,\n2026-12-01,sale,a\n".as_bytes());
    let only: Vec<_> = read.unwrap().into_iter().map(|e| e.series).collect();
    assert_eq!(only, [None, Some("a".to_owned())]);
    let refused = events("date,event\nsoon,sale\n".as_bytes()).unwrap_err();
    assert!(format!("{refused:?}").contains("row 2"));
}
