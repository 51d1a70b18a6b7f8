//! Thresholds of the fixed segments.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomerSettings {
    /// Whole units of the store's currency; more net revenue than this over the lifetime is a VIP.
    pub vip_above: i64,
    /// More days than this without an order is at risk.
    pub at_risk_after_days: u32,
}

impl Default for CustomerSettings {
    fn default() -> Self {
        Self {
            vip_above: 1_000,
            at_risk_after_days: 90,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    #[error("must be between 1 and 1 000 000 000")]
    VipAbove,
    #[error("must be between 1 and 3 650 days")]
    AtRiskAfterDays,
}

impl CustomerSettings {
    pub const fn checked(self) -> Result<Self, SettingsError> {
        if self.vip_above < 1 || self.vip_above > 1_000_000_000 {
            return Err(SettingsError::VipAbove);
        }
        if self.at_risk_after_days < 1 || self.at_risk_after_days > 3_650 {
            return Err(SettingsError::AtRiskAfterDays);
        }
        Ok(self)
    }
}
