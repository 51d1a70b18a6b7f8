//! Money that the store's payment provider sent to the bank.

use crate::ids::PayoutId;
use crate::money::Currency;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payout {
    pub id: PayoutId,
    pub issued_at: DateTime<Utc>,
    /// The provider's own word in lower case.
    pub status: String,
    pub currency: Currency,
    /// Minor units, after fees.
    pub net: i64,
    /// Fees on charges, refunds and adjustments of this payout; `None` when not told.
    pub fees: Option<i64>,
}
