//! An export of a segment, and whom of it may be told.

use super::{Cause, Delivery, OutreachChannel};
use crate::audit::Actor;
use crate::ids::{OutreachExportId, StoreScope};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// That somebody was in an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Told {
    pub cause: Cause,
    pub at: DateTime<Utc>,
}

/// Over all segments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cap {
    pub most: u32,
    /// Exports at this time or later count.
    pub since: DateTime<Utc>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    Granted,
    LeftOut(LeftOut),
}

/// Why somebody of a segment is not in an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftOut {
    /// The shop does not know them any more, or does not show them.
    NotKnown,
    NoAddress,
    NoConsent,
    /// They were told for this cause.
    AlreadyTold,
    /// They were told something else of late.
    TooOften,
    /// They are not in the segment any more when it is sent again.
    NoLonger,
}

impl LeftOut {
    pub const ALL: [Self; 6] = [
        Self::NotKnown,
        Self::NoAddress,
        Self::NoConsent,
        Self::AlreadyTold,
        Self::TooOften,
        Self::NoLonger,
    ];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotKnown => "not_known",
            Self::NoAddress => "no_address",
            Self::NoConsent => "no_consent",
            Self::AlreadyTold => "already_told",
            Self::TooOften => "too_often",
            Self::NoLonger => "no_longer",
        }
    }
}

/// Whether somebody may be told for a cause, given all that they were told.
#[must_use]
pub fn judge(before: &[Told], cause: &Cause, cap: Cap) -> Claim {
    if before.iter().any(|told| told.cause == *cause) {
        return Claim::LeftOut(LeftOut::AlreadyTold);
    }
    let late = before.iter().filter(|told| told.at >= cap.since).count();
    match u32::try_from(late) {
        Ok(late) if late < cap.most => Claim::Granted,
        _ => Claim::LeftOut(LeftOut::TooOften),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportState {
    /// Whom it names counts as told.
    Made,
    /// It did not arrive, and nobody counts as told.
    TakenBack,
}

/// Names nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutreachExport {
    pub id: OutreachExportId,
    pub scope: StoreScope,
    /// The segment's word, with the product where it goes by one.
    pub segment: String,
    pub channel: OutreachChannel,
    /// `csv`, or the name of the channel that it was sent to.
    pub via: String,
    pub by: Actor,
    pub at: DateTime<Utc>,
    pub state: ExportState,
    /// In the segment.
    pub members: u64,
    /// Named by it.
    pub told: u64,
    pub left_out: BTreeMap<LeftOut, u64>,
    /// Of one that is sent; `None`: a file, or it was sent before this was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Delivery>,
}

impl OutreachExport {
    pub fn leave_out(&mut self, why: LeftOut) {
        *self.left_out.entry(why).or_default() += 1;
    }

    /// Counts what became of the claims.
    pub fn count(&mut self, claims: &[Claim]) {
        for claim in claims {
            match claim {
                Claim::Granted => self.told += 1,
                Claim::LeftOut(why) => self.leave_out(*why),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_told_once_for_a_cause_and_not_too_often_for_others() {
        let at = |day: i64| DateTime::from_timestamp(day * 86_400, 0).unwrap();
        let told = |cause: &str, day| Told {
            cause: Cause(cause.into()),
            at: at(day),
        };
        let cap = Cap {
            most: 2,
            since: at(10),
        };
        let ask = |before: &[Told], cause: &str| judge(before, &Cause(cause.into()), cap);
        assert_eq!(ask(&[], "new:1"), Claim::Granted);
        let once = [told("new:1", 1)];
        assert_eq!(ask(&once, "new:1"), Claim::LeftOut(LeftOut::AlreadyTold));
        assert_eq!(ask(&once, "repeat:2"), Claim::Granted);
        let late = [told("a", 10), told("b", 11), told("c", 9)];
        assert_eq!(ask(&late, "d"), Claim::LeftOut(LeftOut::TooOften));
        assert_eq!(ask(&late[1..], "d"), Claim::Granted);
    }
}
