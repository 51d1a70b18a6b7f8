//! When somebody is told of a notice.

use super::notice::Severity;
use super::preferences::{How, Preferences, QuietHours};
use chrono::{DateTime, Days, Duration, LocalResult, NaiveDate, NaiveTime, TimeZone as _, Utc};
use chrono_tz::Tz;

/// A message that is owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planned {
    /// Whether it goes out with others, as one message.
    pub digest: bool,
    pub due_at: DateTime<Utc>,
}

/// `zone` is the one of the store, for whoever named none. `None`: the Inbox is enough.
///
/// What comes in quiet hours waits for their end, unless it is critical. A digest goes out at the next time of its hour: what comes at that very
/// instant is in the next one, so that every notice is in exactly one.
#[must_use]
pub fn plan(
    severity: Severity,
    preferences: &Preferences,
    zone: Tz,
    now: DateTime<Utc>,
) -> Option<Planned> {
    let zone = preferences.zone.unwrap_or(zone);
    let (digest, wanted) = match preferences.how(severity) {
        How::Off => return None,
        How::Now => (false, now),
        How::Digest => (true, next(zone, preferences.digest_at, now)),
    };
    let due_at = match preferences.quiet {
        Some(quiet) if severity < Severity::Critical && quiet.holds(local(zone, wanted)) => {
            end(zone, quiet, wanted)
        }
        _ => wanted,
    };
    Some(Planned { digest, due_at })
}

fn local(zone: Tz, at: DateTime<Utc>) -> NaiveTime {
    at.with_timezone(&zone).time()
}

/// When the clocks of the zone show this time on that day: never where it is skipped, twice where clocks go back.
fn shown(zone: Tz, day: NaiveDate, time: NaiveTime) -> [Option<DateTime<Utc>>; 2] {
    match zone.from_local_datetime(&day.and_time(time)) {
        LocalResult::Single(at) => [Some(at.to_utc()), None],
        LocalResult::Ambiguous(first, second) => [Some(first.to_utc()), Some(second.to_utc())],
        LocalResult::None => [None, None],
    }
}

/// The first minute of the day at which clocks show this time or have passed it.
fn reached(zone: Tz, day: NaiveDate, time: NaiveTime) -> Option<DateTime<Utc>> {
    // No zone ever skipped more than a day.
    (0..24 * 60).find_map(|minutes| {
        let later = day.and_time(time) + Duration::minutes(minutes);
        shown(zone, later.date(), later.time())[0]
    })
}

/// The first of these times after now; once a day, also on one that has it twice. A day that a zone left out has none.
fn next(zone: Tz, time: NaiveTime, now: DateTime<Utc>) -> DateTime<Utc> {
    let of = |day| {
        let at = reached(zone, day, time)?;
        (at.with_timezone(&zone).date_naive() == day).then_some(at)
    };
    days(zone, now)
        .filter_map(of)
        .find(|at| *at > now)
        .unwrap_or(now)
}

/// The first instant after now at which clocks reach the end, whichever of two it is. Where clocks skip all that lies between the end and
/// the next beginning, it is that of the day after.
fn end(zone: Tz, quiet: QuietHours, now: DateTime<Utc>) -> DateTime<Utc> {
    let time = quiet.until;
    days(zone, now)
        .flat_map(|day| {
            let [first, second] = shown(zone, day, time);
            [first.or_else(|| reached(zone, day, time)), second]
        })
        .flatten()
        .filter(|at| *at > now && !quiet.holds(local(zone, *at)))
        .min()
        .unwrap_or(now)
}

/// The day before, the day, and two after it: enough for every time of a day to come once.
fn days(zone: Tz, now: DateTime<Utc>) -> impl Iterator<Item = NaiveDate> {
    let today = now.with_timezone(&zone).date_naive();
    let first = today.checked_sub_days(Days::new(1)).unwrap_or(today);
    first.iter_days().take(4)
}
