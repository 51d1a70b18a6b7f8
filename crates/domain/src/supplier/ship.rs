//! How many days something takes.

use serde::{Deserialize, Serialize};

/// Nothing takes longer; what says so means something else.
const LONGEST: u32 = 365;

/// Days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShipTime {
    pub min_days: u32,
    pub max_days: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotDays {
    #[error("is no number of days, like 13 or 2-5")]
    Words,
    #[error("ends before it begins")]
    Backwards,
    #[error("is longer than a year")]
    TooLong,
}

/// What stands where nobody says anything.
pub(super) fn is_nothing(text: &str) -> bool {
    matches!(
        text.trim().to_ascii_lowercase().as_str(),
        "" | "null" | "none" | "n/a" | "na" | "-" | "unknown"
    )
}

impl ShipTime {
    /// `2-5`, `12-50`, `13`, `7 - 10 days`; `None` where nothing is said.
    pub fn parse(text: &str) -> Result<Option<Self>, NotDays> {
        if is_nothing(text) {
            return Ok(None);
        }
        let lower = text.trim().to_ascii_lowercase();
        let bare = ["days", "day"]
            .iter()
            .find_map(|word| lower.strip_suffix(word))
            .unwrap_or(&lower)
            .trim();
        let number = |text: &str| {
            let text = text.trim();
            let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            let number = digits.then(|| text.parse::<u32>().ok()).flatten();
            number.ok_or(NotDays::Words)
        };
        let (low, high) = match super::price::sides(bare) {
            Some((low, high)) => (number(low)?, number(high)?),
            None => {
                let one = number(bare)?;
                (one, one)
            }
        };
        if low > high {
            return Err(NotDays::Backwards);
        }
        if high > LONGEST {
            return Err(NotDays::TooLong);
        }
        Ok(Some(Self {
            min_days: low,
            max_days: high,
        }))
    }

    /// One after the other.
    #[must_use]
    pub const fn and(self, then: Self) -> Self {
        Self {
            min_days: self.min_days + then.min_days,
            max_days: self.max_days + then.max_days,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_suppliers_write_them() {
        let read = |text| {
            let time = ShipTime::parse(text).unwrap();
            time.map(|t| (t.min_days, t.max_days))
        };
        assert_eq!(read("2-5"), Some((2, 5)));
        assert_eq!(read("12-50"), Some((12, 50)));
        assert_eq!(read("13"), Some((13, 13)));
        assert_eq!(read(" 7 – 10 Days"), Some((7, 10)));
        for nothing in ["", "null", "N/A", " - "] {
            assert_eq!(read(nothing), None, "{nothing:?}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        assert_eq!(ShipTime::parse("5-2"), Err(NotDays::Backwards));
        assert_eq!(ShipTime::parse("400"), Err(NotDays::TooLong));
        // Five of them are seven days, or more.
        assert_eq!(ShipTime::parse("3-5 business days"), Err(NotDays::Words));
        assert_eq!(ShipTime::parse("2.5"), Err(NotDays::Words));
        assert_eq!(ShipTime::parse("soon"), Err(NotDays::Words));
    }

    #[test]
    fn making_it_ready_comes_before_sending_it() {
        let time = |min_days, max_days| ShipTime { min_days, max_days };
        assert_eq!(time(1, 3).and(time(5, 8)), time(6, 11));
    }
}
