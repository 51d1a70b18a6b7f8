//! What a series of weeks comes to.

use super::*;
use crate::ids::{StoreId, WorkspaceId};

/// A Sunday: the week that began six days before is not over.
fn now() -> DateTime<Utc> {
    "2026-11-29T10:00:00Z".parse().unwrap()
}

fn series(about: TrendAbout, weeks: u64, index: impl Fn(u64) -> i64) -> TrendSeries {
    let scope = StoreScope {
        workspace: WorkspaceId(Uuid::nil()),
        store: StoreId(Uuid::from_u128(5)),
    };
    // The last week that is over.
    let last: NaiveDate = "2026-11-16".parse().unwrap();
    let points = (0..weeks).rev().map(|ago| TrendPoint {
        week: last - Days::new(7 * ago),
        index: index(ago),
    });
    TrendSeries {
        scope,
        id: about.id(scope),
        about,
        source: "an export".to_owned(),
        sha256: "00".to_owned(),
        read_at: now(),
        read_by: Actor::system(),
        points: points.collect(),
    }
}

fn lamp() -> TrendAbout {
    TrendAbout::Keyword("Camping lamp".to_owned())
}

#[test]
fn recent_weeks_are_held_against_those_of_the_year_before() {
    // 60 now, 40 a year ago, and 90 in between: a season, and no trend.
    let found = series(lamp(), 104, |ago| match ago {
        0..8 => 6_000,
        52..60 => 4_000,
        _ => 9_000,
    });
    let found = found.found(now()).unwrap();
    assert_eq!(found.growth, 50);
    assert_eq!(found.points, Points::sure(75));
    assert_eq!(found.against, "the same weeks of the year before");
    assert_eq!(found.until, "2026-11-22".parse().unwrap());
    // A short one is held against the weeks before.
    let short = series(lamp(), 30, |ago| if ago < 8 { 3_000 } else { 6_000 });
    let short = short.found(now()).unwrap();
    assert_eq!((short.growth, short.points.value), (-50, 25));
    assert_eq!(short.against, "the 26 weeks before");
}

#[test]
fn weeks_that_jump_are_less_certain() {
    let found = series(lamp(), 104, |ago| match ago {
        0..8 if ago % 2 == 0 => 9_000,
        0..8 => 3_000,
        _ => 4_000,
    });
    let found = found.found(now()).unwrap();
    assert_eq!(found.points.value, 75);
    // Eight weeks of 60 ± 32.07 (n − 1): an error of 11.34 of 40, 14 points.
    assert_eq!((found.points.low, found.points.high), (61, 89));
}

#[test]
fn what_is_old_short_or_nothing_says_nothing() {
    let of = |series: &TrendSeries, now| series.found(now).unwrap_err();
    let fine = series(lamp(), 104, |_| 5_000);
    assert_eq!(fine.found(now()).unwrap().points, Points::sure(50));
    let later = now() + chrono::TimeDelta::days(70);
    assert!(of(&fine, later).contains("ends on 2026-11-22"));
    assert!(of(&series(lamp(), 12, |_| 5_000), now()).contains("neither the year before"));
    assert!(of(&series(lamp(), 4, |_| 5_000), now()).contains("fewer than 6"));
    let new = series(lamp(), 104, |ago| if ago < 8 { 5_000 } else { 0 });
    assert!(of(&new, now()).contains("nothing to compare with"));
    assert!(of(&series(lamp(), 0, |_| 0), now()).contains("no week"));
    let gone = series(lamp(), 104, |ago| if ago < 8 { 0 } else { 5_000 });
    assert_eq!(gone.found(now()).unwrap().points, Points::sure(0));
}

#[test]
fn the_most_exact_series_is_taken() {
    let keyword = |text: &str| series(TrendAbout::Keyword(text.to_owned()), 104, |_| 1);
    let all = [
        keyword("lamp"),
        keyword("camping lamp"),
        keyword("red camping lamp"),
        series(TrendAbout::Category("Tents".to_owned()), 104, |_| 1),
    ];
    let of = |title: &str, category: Option<&str>| {
        series_of(&all, title, category).map(|s| s.about.text().to_owned())
    };
    assert_eq!(
        of("Lamp for Camping, folding", None).as_deref(),
        Some("camping lamp")
    );
    assert_eq!(of("Desk lamp", Some("tents")).as_deref(), Some("lamp"));
    assert_eq!(of("Dome", Some(" TENTS ")).as_deref(), Some("Tents"));
    assert_eq!(of("Lampion", None), None, "a part of a word is no word");
}
