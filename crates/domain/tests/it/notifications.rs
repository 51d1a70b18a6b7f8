//! Laws of when people are told.

use chrono::{DateTime, Duration, NaiveTime, TimeZone as _, Timelike as _, Utc};
use chrono_tz::Tz;
use domain::notifications::{How, Preferences, QuietHours, Severity, plan};
use proptest::prelude::*;

/// One that has no summer time, two that do, one that changes by half an hour, one that skipped a whole day.
const ZONES: [Tz; 5] = [
    Tz::UTC,
    Tz::Europe__Berlin,
    Tz::America__New_York,
    Tz::Australia__Lord_Howe,
    Tz::Pacific__Apia,
];

fn time(minutes: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(minutes / 60, minutes % 60, 0).unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn preferences(how: How, quiet: Option<(u32, u32)>, digest_at: u32, zone: Tz) -> Preferences {
    Preferences {
        info: how,
        warning: how,
        critical: how,
        quiet: quiet.and_then(|(from, until)| QuietHours::new(time(from), time(until))),
        digest_at: time(digest_at),
        zone: Some(zone),
    }
}

prop_compose! {
    /// Between 2011 and 2027, so that Apia's missing day is in it.
    fn instant()(seconds in 1_300_000_000_i64..1_800_000_000) -> DateTime<Utc> {
        Utc.timestamp_opt(seconds, 0).unwrap()
    }
}

/// All that was not quiet, from two o'clock to five to three, was skipped that night.
#[test]
fn an_end_that_clocks_skip_is_that_of_the_day_after() {
    let zone: Tz = "America/New_York".parse().unwrap();
    let wanted = preferences(How::Now, Some((175, 120)), 480, zone);
    let planned = plan(
        Severity::Warning,
        &wanted,
        Tz::UTC,
        at("2019-03-09T07:59:00Z"),
    )
    .unwrap();
    assert_eq!(planned.due_at, at("2019-03-11T06:00:00Z"));
}

proptest! {
    #[test]
    fn quiet_hours_hold_to_their_first_end_and_no_longer(
        zone in prop::sample::select(ZONES.to_vec()), now in instant(), from in 0_u32..1440, until in 0_u32..1440,
    ) {
        let wanted = preferences(How::Now, Some((from, until)), 480, zone);
        let planned = plan(Severity::Warning, &wanted, Tz::UTC, now).unwrap();
        prop_assert!(!planned.digest);
        let is_quiet = |at: DateTime<Utc>| {
            wanted.quiet.is_some_and(|q| q.holds(at.with_timezone(&zone).time()))
        };
        prop_assert!(planned.due_at >= now && planned.due_at - now <= Duration::hours(49));
        prop_assert!(!is_quiet(planned.due_at));
        let mut minute = now;
        while minute < planned.due_at {
            prop_assert!(is_quiet(minute), "{minute} was not quiet, and it was held");
            minute += Duration::minutes(1);
        }
    }

    #[test]
    fn what_is_critical_passes_through_quiet_hours(
        zone in prop::sample::select(ZONES.to_vec()), now in instant(), from in 0_u32..1440, until in 0_u32..1440,
    ) {
        let wanted = preferences(How::Now, Some((from, until)), 480, zone);
        prop_assert_eq!(plan(Severity::Critical, &wanted, Tz::UTC, now).unwrap().due_at, now);
    }

    #[test]
    fn digests_follow_one_another_once_a_day(
        zone in prop::sample::select(ZONES.to_vec()), now in instant(), digest_at in 0_u32..1440,
    ) {
        let wanted = preferences(How::Digest, None, digest_at, zone);
        let next = |at| plan(Severity::Info, &wanted, Tz::UTC, at).unwrap().due_at;
        let mut before = next(now);
        prop_assert!(before > now);
        let day = |at: DateTime<Utc>| at.with_timezone(&zone).date_naive();
        for _ in 0..40 {
            // Whenever it comes between two digests, it is in the later one.
            let then = next(before);
            prop_assert!(then > before);
            let middle = before + (then - before) / 2;
            prop_assert_eq!(next(middle), then);
            prop_assert_eq!(next(then - Duration::seconds(1)), then);
            prop_assert!(day(then) > day(before), "two digests on {}", day(then));
            prop_assert!(then - before <= Duration::hours(26));
            let shown = then.with_timezone(&zone).time();
            let late = shown.num_seconds_from_midnight().abs_diff(digest_at * 60);
            prop_assert!(late <= 3600, "{shown} is not when it was wanted");
            before = then;
        }
    }

    #[test]
    fn a_digest_of_quiet_hours_goes_out_at_their_end(
        zone in prop::sample::select(ZONES.to_vec()), now in instant(), digest_at in 0_u32..1440, from in 0_u32..1440, until in 0_u32..1440,
    ) {
        let wanted = preferences(How::Digest, Some((from, until)), digest_at, zone);
        let planned = plan(Severity::Info, &wanted, Tz::UTC, now).unwrap();
        prop_assert!(planned.digest && planned.due_at > now);
        let quiet = wanted.quiet.is_some_and(|q| q.holds(planned.due_at.with_timezone(&zone).time()));
        prop_assert!(!quiet);
    }
}

#[track_caller]
fn check(now: &str, how: How, quiet: Option<(u32, u32)>, due: &str) {
    let wanted = preferences(how, quiet, 150, Tz::Europe__Berlin);
    let planned = plan(Severity::Warning, &wanted, Tz::UTC, at(now)).unwrap();
    assert_eq!(planned.due_at, at(due));
}

#[test]
fn the_nights_on_which_clocks_change() {
    let night = Some((22 * 60, 7 * 60));
    // 23:30 in winter; 7:00 of the next day is one hour earlier in UTC when summer time begins in between.
    check(
        "2026-01-10T22:30:00Z",
        How::Now,
        night,
        "2026-01-11T06:00:00Z",
    );
    check(
        "2026-03-28T22:30:00Z",
        How::Now,
        night,
        "2026-03-29T05:00:00Z",
    );
    check(
        "2026-10-24T21:30:00Z",
        How::Now,
        night,
        "2026-10-25T06:00:00Z",
    );
    // Quiet until 2:30, which clocks skip in spring and show twice in autumn.
    let to_half_past_two = Some((60, 150));
    check(
        "2026-03-29T00:30:00Z",
        How::Now,
        to_half_past_two,
        "2026-03-29T01:00:00Z",
    );
    check(
        "2026-10-25T00:10:00Z",
        How::Now,
        to_half_past_two,
        "2026-10-25T00:30:00Z",
    );
    check(
        "2026-10-25T01:10:00Z",
        How::Now,
        to_half_past_two,
        "2026-10-25T01:30:00Z",
    );
    // A digest at 2:30: at 3:00 in spring; at the first of the two in autumn, and only there.
    check(
        "2026-03-29T00:00:00Z",
        How::Digest,
        None,
        "2026-03-29T01:00:00Z",
    );
    check(
        "2026-10-25T00:00:00Z",
        How::Digest,
        None,
        "2026-10-25T00:30:00Z",
    );
    check(
        "2026-10-25T00:30:00Z",
        How::Digest,
        None,
        "2026-10-26T01:30:00Z",
    );
}

#[test]
fn nobody_is_told_who_wants_nothing_and_the_store_has_the_clock() {
    let off = preferences(How::Off, None, 480, Tz::UTC);
    let now = at("2026-06-01T12:00:00Z");
    assert_eq!(plan(Severity::Critical, &off, Tz::UTC, now), None);
    let usual = Preferences::OF_PERSON;
    let planned = plan(Severity::Warning, &usual, Tz::America__New_York, now).unwrap();
    assert_eq!(planned.due_at, at("2026-06-02T12:00:00Z"), "8 in New York");
}
