//! Whom goods are ordered from.

use crate::ids::{SupplierId, WorkspaceId};
use crate::money::Currency;
use crate::people::Email;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Supplier {
    pub id: SupplierId,
    pub workspace: WorkspaceId,
    pub name: String,
    /// Where orders are sent.
    pub email: Option<Email>,
    /// In which they are written.
    pub currency: Currency,
    /// What they say how long goods take.
    pub lead_days: Option<u32>,
    pub note: Option<String>,
    /// Kept for its orders; nothing new is ordered.
    pub archived: bool,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}
