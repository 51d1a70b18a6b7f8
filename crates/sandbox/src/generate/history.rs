//! Eighteen months of trade: growth, weekly and yearly seasons, and what happens to orders afterwards.

use chrono::{Datelike, TimeZone, Utc};

use super::actions::{Refund, cancel, delete, edit, refund, take_return};
use super::sale::place_order;
use super::{Plan, Random, risky};
use crate::store::{Seconds, Store};

/// Share of a day's orders by weekday, Monday first, in percent of the mean.
const WEEK: [u64; 7] = [96, 92, 94, 98, 106, 108, 106];
/// Share by month, January first: a quiet February, a strong November and December.
const YEAR: [u64; 12] = [88, 82, 92, 98, 106, 108, 100, 96, 98, 104, 138, 146];
/// Share by hour of the shop's day.
const HOURS: [u64; 24] = [
    8, 5, 3, 2, 2, 4, 10, 20, 34, 46, 54, 58, 60, 56, 52, 50, 50, 54, 60, 66, 68, 58, 38, 20,
];

pub(crate) fn fill(store: &mut Store, random: &mut Random, plan: &Plan) {
    let mut times = moments(store, random, plan);
    times.sort_unstable();
    let mut suspicion = Random::new(plan.seed ^ 0x005e_c0de);
    for (n, at) in times.iter().enumerate() {
        if risky::among_the_last(n, times.len()) {
            risky::place(store, &mut suspicion, *at);
            continue;
        }
        let order = place_order(store, random, *at);
        happen(store, random, order, plan.now);
    }
}

/// How busy a day and an hour of it are; 1.0 is the mean of all days, and of a day's hours.
pub(crate) fn season(local: &impl Datelike) -> f64 {
    let week = WEEK[local.weekday().num_days_from_monday() as usize] as f64 / mean(&WEEK);
    week * YEAR[local.month0() as usize] as f64 / mean(&YEAR)
}

pub(crate) fn busy(hour: u32) -> f64 {
    HOURS[hour.min(23) as usize] as f64 / mean(&HOURS)
}

fn mean(all: &[u64]) -> f64 {
    all.iter().sum::<u64>() as f64 / all.len().max(1) as f64
}

/// The moments of all orders: exactly as many as planned, none after now.
fn moments(store: &Store, random: &mut Random, plan: &Plan) -> Vec<Seconds> {
    let zone = store.shop.zone;
    let today = zone
        .timestamp_opt(plan.now, 0)
        .earliest()
        .map_or_else(|| Utc::now().date_naive(), |t| t.date_naive());
    let days: Vec<_> = (0..=plan.days)
        .filter_map(|d| {
            today.checked_sub_days(chrono::Days::new(u64::try_from(plan.days - d).ok()?))
        })
        .collect();
    let weights = days.iter().enumerate().map(|(n, day)| {
        let growth = 100 + 70 * n as u64 / days.len().max(1) as u64;
        let noise = 85 + random.bits() % 31;
        let noon = day.and_hms_opt(12, 0, 0).unwrap_or_default().and_utc();
        let priced = (store.attraction(noon.timestamp()) * 1_000.0).round() as u64;
        growth
            * WEEK[day.weekday().num_days_from_monday() as usize]
            * YEAR[day.month0() as usize]
            * noise
            / 10_000
            * priced
    });
    let by_day = crate::random::cumulative(weights.collect::<Vec<_>>());
    let by_hour = crate::random::cumulative(HOURS);
    let mut times = Vec::with_capacity(plan.orders);
    while times.len() < plan.orders {
        let day = days[random.weighted(&by_day).min(days.len() - 1)];
        let hour = u32::try_from(random.weighted(&by_hour)).unwrap_or(12);
        let (minute, second) = (random.bits() % 60, random.bits() % 60);
        let local = day.and_hms_opt(
            hour,
            u32::try_from(minute).unwrap_or(0),
            u32::try_from(second).unwrap_or(0),
        );
        let at = local
            .and_then(|l| zone.from_local_datetime(&l).earliest())
            .map(|t| t.timestamp());
        times.extend(at.filter(|t| *t <= plan.now));
    }
    times
}

/// What became of an order, as far as it has happened by now.
fn happen(store: &mut Store, random: &mut Random, order: usize, now: Seconds) {
    let placed = store.orders[order].placed;
    // Every roll is drawn whatever comes of it, so that a later "now" does not change an order's fate.
    let rolls: Vec<u64> = (0..6).map(|_| random.bits()).collect();
    let mut fate = Random::new(rolls[0]);
    let roll = rolls[1] % 1000;
    let mut later = |low: i64, high: i64| placed + fate.within(low, high);
    let (hours, days) = (later(1_800, 40_000), later(3 * 86_400, 28 * 86_400));
    let second = days + fate.within(2 * 86_400, 12 * 86_400);
    let mut random = Random::new(rolls[2]);
    if hours > now {
        return;
    }
    match roll {
        0..=17 => {
            cancel(store, order, hours);
        }
        18..=30 => {
            edit(store, &mut random, order, hours, true);
        }
        31..=41 => {
            edit(store, &mut random, order, hours, false);
        }
        42..=43 => {
            delete(store, order, hours);
        }
        _ => {}
    }
    if days > now || !(42..=135).contains(&roll) && !(18..=22).contains(&roll) {
        return;
    }
    match roll {
        18..=22 | 44..=78 => {
            refund(store, &mut random, order, days, Refund::Partial);
            if roll.is_multiple_of(8) && second <= now {
                refund(store, &mut random, order, second, Refund::Partial);
            }
        }
        79..=104 => {
            refund(store, &mut random, order, days, Refund::Full);
        }
        105..=114 => {
            refund(store, &mut random, order, days, Refund::AmountOnly);
        }
        115..=126 => {
            take_return(store, &mut random, order, days, false);
        }
        127..=135 => {
            take_return(store, &mut random, order, days, true);
        }
        _ => {}
    }
}
