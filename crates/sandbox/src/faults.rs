//! Faults on demand. Each has a rate from 0 to 1; the dice are seeded, so that a run can be repeated.

use serde_json::{Map, Value, json};

use crate::random::Random;

/// Names that `--faults` and `POST /__faults` accept.
pub const NAMES: [&str; 116] = [
    "throttle",
    "status",
    "slow",
    "cut",
    "nonsense",
    "lost",
    "unauthorized",
    "null_fields",
    "unknown_enum",
    "bulk_fail",
    "bulk_stall",
    "bulk_cut",
    "webhook_duplicate",
    "webhook_reorder",
    "webhook_drop",
    "webhook_delay",
    "internal",
    "slow_ms",
    "status_code",
    "limit",
    "rates_down",
    "rates_cut",
    "rates_nonsense",
    "rates_gap_days",
    "write_lost",
    "write_unsent",
    "write_refused",
    "write_throttle",
    "write_nth",
    "write_overtaken",
    "discounts_used",
    "ads_throttle",
    "ads_token",
    "ads_revoked",
    "ads_permission",
    "ads_report_stall",
    "ads_report_fail",
    "ads_too_much",
    "ads_usage",
    "ads_vanish",
    "ads_silent_write",
    "cj_qps",
    "cj_busy",
    "cj_token",
    "cj_key",
    "cj_revoked",
    "cj_html",
    "cj_range",
    "cj_lost",
    "cj_unsent",
    "cj_dearer",
    "cj_intercept",
    "cj_undeleted",
    "autods_html",
    "autods_busy",
    "autods_limit",
    "autods_currency",
    "autods_redirect",
    "autods_lost",
    "rest_html",
    "rest_busy",
    "rest_limit",
    "rest_key",
    "rest_lost",
    "rest_repeat",
    "rest_elsewhere",
    "rest_range",
    "rest_currency",
    "pf_html",
    "pf_token",
    "pf_limit",
    "pf_busy",
    "pf_stores",
    "pf_range",
    "pf_currency",
    "pf_lost",
    "pf_unsent",
    "pf_dearer",
    "pf_calculating",
    "pf_late",
    "pf_no_items",
    "pf_poor",
    "openai_loading",
    "openai_down",
    "openai_busy",
    "openai_quota",
    "openai_long",
    "openai_newer",
    "openai_cut",
    "openai_breaks",
    "openai_uncounted",
    "openai_refuses",
    "openai_silent",
    "openai_loops",
    "openai_broken_call",
    "openai_invents",
    "gh_token",
    "gh_status",
    "gh_secondary",
    "gh_wait",
    "gh_denied",
    "gh_unsent",
    "gh_lost",
    "bq_token",
    "bq_status",
    "bq_limit",
    "bq_quota",
    "bq_denied",
    "bq_unsent",
    "bq_lost",
    "bq_job_fail",
    "bq_job_backend",
    "picture_missing",
    "picture_slow",
    "picture_html",
    "picture_huge",
];

/// What becomes of a change of the store that a fault strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteFault {
    /// It is made, and its answer is lost.
    Lost,
    /// It is lost on its way and never made.
    Unsent,
    /// It is made, its answer is lost, and somebody else changes the same thing before anybody looks.
    Overtaken,
    /// It is refused with `userErrors`.
    Refused,
    Throttled,
}

/// Rates by name, and the plain numbers `slow_ms`, `status_code`, `rates_gap_days`, `discounts_used` (how often each discount was used), `write_nth`
/// (only that change from now on is struck by a `write_…` fault), `ads_report_fail` (reports over more days fail), `ads_too_much` (larger pages are
/// refused), `gh_wait` (seconds that GitHub's secondary limit names), `ads_usage` (percent of Meta's limits that are used) and `limit` (how often any fault may still strike).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Faults {
    rates: Vec<(String, f64)>,
    random: Option<u64>,
    /// Changes of the store since `write_nth` was set.
    changes: u64,
}

impl Faults {
    /// `throttle=0.1,slow=0.2,slow_ms=800`.
    ///
    /// # Errors
    /// Names the fault that is unknown or whose rate is no number.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut faults = Self::default();
        for part in text.split(',').map(str::trim).filter(|p| !p.is_empty()) {
            let (name, rate) = part.split_once('=').unwrap_or((part, "1"));
            let rate = rate
                .parse()
                .map_err(|_| format!("the rate of the fault {name} is no number: {rate}"))?;
            faults.set(name, rate)?;
        }
        Ok(faults)
    }

    /// # Errors
    /// Names the fault that is unknown.
    pub fn set(&mut self, name: &str, rate: f64) -> Result<(), String> {
        let name = match name {
            "5xx" => "status",
            "duplicate" => "webhook_duplicate",
            "reorder" => "webhook_reorder",
            other => other,
        };
        if !NAMES.contains(&name) {
            return Err(format!(
                "unknown fault {name}; known are {}",
                NAMES.join(", ")
            ));
        }
        if name == "write_nth" {
            self.changes = 0;
        }
        self.rates.retain(|(n, _)| n != name);
        if rate != 0.0 {
            self.rates.push((name.to_owned(), rate));
        }
        Ok(())
    }

    pub fn rate(&self, name: &str) -> f64 {
        self.rates
            .iter()
            .find(|(n, _)| n == name)
            .map_or(0.0, |(_, r)| *r)
    }

    /// Throws the dice for one fault. Counts down `limit` when it is set.
    pub fn strikes(&mut self, name: &str) -> bool {
        let rate = self.rate(name);
        if rate <= 0.0 || self.rates.iter().any(|(n, r)| n == "limit" && *r < 0.5) {
            return false;
        }
        let mut random = Random::new(self.random.unwrap_or(0x5eed));
        let roll = f64::from(u32::try_from(random.bits() >> 32).unwrap_or(0)) / f64::from(u32::MAX);
        self.random = Some(random.bits());
        let hit = roll < rate;
        if let Some(limit) = self.rates.iter_mut().find(|(n, _)| hit && n == "limit") {
            // One strike less; "none left" stays in the list, for an absent limit means "no limit".
            limit.1 = (limit.1 - 1.0).max(0.1);
        }
        hit
    }

    /// A change of the store has come: what strikes it.
    pub fn strikes_change(&mut self) -> Option<WriteFault> {
        self.changes += 1;
        let nth = self.rate("write_nth");
        if nth > 0.0 && (self.changes as f64 - nth).abs() > 0.5 {
            return None;
        }
        let faults = [
            ("write_throttle", WriteFault::Throttled),
            ("write_unsent", WriteFault::Unsent),
            ("write_refused", WriteFault::Refused),
            ("write_overtaken", WriteFault::Overtaken),
            ("write_lost", WriteFault::Lost),
        ];
        faults
            .into_iter()
            .find_map(|(name, fault)| self.strikes(name).then_some(fault))
    }

    pub fn to_json(&self) -> Value {
        let rates: Map<String, Value> = self
            .rates
            .iter()
            .map(|(n, r)| (n.clone(), json!(r)))
            .collect();
        Value::Object(rates)
    }
}
