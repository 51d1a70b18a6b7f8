//! How much of its limits an app has used, which Meta tells in headers as percent. Above 75 calls are spread out, at 95 they stop
//! until the time that Meta names.

use adapter_kit::Response;
use serde_json::Value;
use std::time::Duration;

/// Percent from which calls are spread out, and from which none is sent.
const SLOW: f64 = 75.0;
const FULL: f64 = 95.0;
/// When nothing says how long.
const REST: Duration = Duration::from_secs(300);

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Pace {
    Free,
    /// Wait so long before the next call.
    Slow(Duration),
    /// No call for so long.
    Stop(Duration),
}

/// The fullest of all limits that an answer tells.
pub(crate) fn pace(response: &Response) -> Pace {
    let header = |name| {
        let text = response.header(name)?;
        serde_json::from_str::<Value>(text).ok()
    };
    let mut used: f64 = 0.0;
    let mut regain = None;
    let of = |told: &Value, names: &[&str]| {
        let percents = names.iter().filter_map(|n| told.get(n)?.as_f64());
        percents.fold(0.0, f64::max)
    };
    if let Some(told) = header("x-fb-ads-insights-throttle") {
        used = used.max(of(&told, &["app_id_util_pct", "acc_id_util_pct"]));
    }
    if let Some(told) = header("x-ad-account-usage") {
        used = used.max(of(&told, &["acc_id_util_pct"]));
        regain = seconds(&told, "reset_time_duration", 1.0).max(regain);
    }
    if let Some(told) = header("x-app-usage") {
        used = used.max(of(&told, &["call_count", "total_time", "total_cputime"]));
    }
    if let Some(Value::Object(businesses)) = header("x-business-use-case-usage") {
        let cases = businesses.values().filter_map(Value::as_array).flatten();
        for told in cases {
            used = used.max(of(told, &["call_count", "total_time", "total_cputime"]));
            regain = seconds(told, "estimated_time_to_regain_access", 60.0).max(regain);
        }
    }
    if used >= FULL {
        Pace::Stop(regain.filter(|r| !r.is_zero()).unwrap_or(REST))
    } else if used > SLOW {
        Pace::Slow(Duration::from_secs_f64((used - SLOW) / 10.0))
    } else {
        Pace::Free
    }
}

fn seconds(told: &Value, name: &str, each: f64) -> Option<Duration> {
    let number = told.get(name)?.as_f64()?;
    Duration::try_from_secs_f64(number * each).ok()
}
