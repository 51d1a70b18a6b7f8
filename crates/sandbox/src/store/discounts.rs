//! Discounts that clients gave. Nobody in the sandbox buys because of one.

use super::Seconds;

#[derive(Debug, Clone)]
pub struct Discount {
    pub title: String,
    /// `None`: it applies by itself.
    pub code: Option<String>,
    pub tags: Vec<String>,
    /// From 0 to 1, as it was told.
    pub percentage: f64,
    pub created: Seconds,
    pub starts: Seconds,
    pub ends: Option<Seconds>,
    /// Positions; `None`: everything.
    pub products: Option<Vec<u32>>,
    pub deleted: bool,
}

impl Discount {
    pub fn status(&self, now: Seconds) -> &'static str {
        if self.ends.is_some_and(|end| end <= now) {
            "EXPIRED"
        } else if self.starts > now {
            "SCHEDULED"
        } else {
            "ACTIVE"
        }
    }

    pub fn has_code(&self, code: &str) -> bool {
        !self.deleted
            && self
                .code
                .as_ref()
                .is_some_and(|c| c.eq_ignore_ascii_case(code))
    }
}
