//! A customer as far as the store lets us see: never more personal data than was granted.

use crate::ids::CustomerId;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    pub id: CustomerId,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// Lifetime orders by the provider's count.
    pub orders_count: Option<i64>,
    pub country: Option<String>,
    /// `None` without access to protected customer data.
    pub display_name: Option<String>,
    pub email: Option<String>,
}
