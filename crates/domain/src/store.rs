//! One sales channel account and what belongs to it as a whole.

use crate::calendar::{Calendar, CalendarError};
use crate::ids::{ConnectionId, StoreScope};
use crate::money::Currency;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Store {
    pub scope: StoreScope,
    pub connection: ConnectionId,
    pub name: String,
    /// The provider's permanent name of the shop, e.g. `acme.myshopify.com`.
    pub domain: String,
    pub currency: Currency,
    /// IANA name.
    pub timezone: String,
    pub is_sandbox: bool,
    pub created_at: DateTime<Utc>,
}

impl Store {
    pub fn calendar(&self) -> Result<Calendar, CalendarError> {
        Calendar::parse(&self.timezone)
    }
}
