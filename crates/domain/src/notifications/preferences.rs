//! What a person, or a channel, wants to be told, and when.

use super::notice::Severity;
use chrono::{NaiveTime, Timelike as _};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// Only in the Inbox.
    Off,
    Now,
    /// Gathered, and told once a day.
    Digest,
}

impl How {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Now => "now",
            Self::Digest => "digest",
        }
    }
}

/// From a time of the day to another one, which may lie on the next day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuietHours {
    pub from: NaiveTime,
    pub until: NaiveTime,
}

impl QuietHours {
    /// Whole minutes; `None` when there is nothing between them.
    #[must_use]
    pub fn new(from: NaiveTime, until: NaiveTime) -> Option<Self> {
        let whole = |time: NaiveTime| time.second() == 0 && time.nanosecond() == 0;
        (from != until && whole(from) && whole(until)).then_some(Self { from, until })
    }

    #[must_use]
    pub fn holds(&self, time: NaiveTime) -> bool {
        if self.from < self.until {
            (self.from..self.until).contains(&time)
        } else {
            time >= self.from || time < self.until
        }
    }
}

/// A time zone by its name, e.g. `Europe/Berlin`.
pub type Zone = Tz;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preferences {
    pub info: How,
    pub warning: How,
    pub critical: How,
    pub quiet: Option<QuietHours>,
    /// When the digest goes out.
    pub digest_at: NaiveTime,
    /// Whose clock these times are read off; `None`: the store's.
    pub zone: Option<Zone>,
}

/// Eight in the morning.
const BREAKFAST: NaiveTime = match NaiveTime::from_hms_opt(8, 0, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};

impl Preferences {
    /// Of a person who never said anything.
    pub const OF_PERSON: Self = Self {
        info: How::Off,
        warning: How::Digest,
        critical: How::Now,
        quiet: None,
        digest_at: BREAKFAST,
        zone: None,
    };

    #[must_use]
    pub const fn how(&self, severity: Severity) -> How {
        match severity {
            Severity::Info => self.info,
            Severity::Warning => self.warning,
            Severity::Critical => self.critical,
        }
    }
}
