//! How somebody can be reached, and whether they agreed to it. Read when it is needed, never stored.

use super::LeftOut;
use crate::ids::{CheckoutId, CustomerId};
use crate::money::Currency;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutreachChannel {
    Email,
    Sms,
}

impl OutreachChannel {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "sms",
        }
    }
}

/// What somebody said to being sent marketing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarketingState {
    Subscribed,
    NotSubscribed,
    /// Asked, and not confirmed yet.
    Pending,
    Unsubscribed,
    /// Any other word of the shop, such as an address that does not exist.
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    pub state: MarketingState,
    /// Since when; `None`: the shop does not say.
    pub since: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    pub address: String,
    pub consent: Consent,
}

/// A person as the shop tells them now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    pub customer: CustomerId,
    pub name: Option<String>,
    pub email: Option<Reach>,
    pub phone: Option<Reach>,
}

impl Contact {
    /// The way to them, where they agreed to it.
    ///
    /// # Errors
    /// Why nothing is sent that way: only a clear yes is one.
    pub fn reach(&self, channel: OutreachChannel) -> Result<&Reach, LeftOut> {
        let reach = match channel {
            OutreachChannel::Email => self.email.as_ref(),
            OutreachChannel::Sms => self.phone.as_ref(),
        };
        let reach = reach.filter(|r| !r.address.trim().is_empty());
        let reach = reach.ok_or(LeftOut::NoAddress)?;
        match reach.consent.state {
            MarketingState::Subscribed => Ok(reach),
            _ => Err(LeftOut::NoConsent),
        }
    }
}

/// A cart with which somebody went to the checkout and did not come to the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkout {
    pub id: CheckoutId,
    pub customer: Option<CustomerId>,
    pub created_at: DateTime<Utc>,
    /// When something was last done with it.
    pub updated_at: DateTime<Utc>,
    /// It became an order.
    pub completed_at: Option<DateTime<Utc>>,
    /// What it comes to, in minor units.
    pub total: i64,
    pub currency: Currency,
    /// Where it is gone on with.
    pub url: Option<String>,
}
