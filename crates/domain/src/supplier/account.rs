//! An account at a supplier that is worked with by its interface: what is looked for there, and how it stands.

use super::{
    Ability, CannotDo, Capability, Design, Platform, Quota, RestContract, SupplierIdentity,
};
use crate::ads::AccountState;
use crate::ids::{StoreScope, SupplierAccountId};
use crate::money::Money;
use crate::sync::SyncFailure;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What of a supplier's catalogue is read: millions of products are nobody's to read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watchlist {
    /// Words that are searched for, each by itself.
    pub texts: Vec<String>,
    /// ISO 3166-1 alpha-2: only what lies there.
    pub ships_from: Option<String>,
    /// So many products are kept, whatever more is found.
    pub most_products: u32,
    /// What is printed on things that are made to order; found whatever is searched for.
    #[serde(default)]
    pub designs: Vec<Design>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WatchlistFault {
    #[error("needs between 1 and 20 searches")]
    Searches,
    #[error("has a search that is empty or longer than 100 characters")]
    Text,
    #[error("is no country (two letters of ISO 3166)")]
    Country,
    #[error("keeps between 1 and 5000 products")]
    Products,
    #[error(
        "has at most 50 designs, each with a name of its own in small letters, the number of a product and that of its template"
    )]
    Designs,
}

impl WatchlistFault {
    /// The field that it speaks of.
    #[must_use]
    pub const fn field(self) -> &'static str {
        match self {
            Self::Searches | Self::Text => "searches",
            Self::Country => "ships_from",
            Self::Products => "most_products",
            Self::Designs => "designs",
        }
    }
}

impl Watchlist {
    pub const MOST_PRODUCTS: u32 = 5_000;
    const MOST_SEARCHES: usize = 20;
    const LONGEST: usize = 100;

    /// Without what stands there twice, and with countries in capitals.
    ///
    /// # Errors
    /// What of it cannot be looked for.
    pub fn sound(mut self) -> Result<Self, WatchlistFault> {
        let mut texts = Vec::new();
        for text in self.texts {
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            if text.is_empty() || text.chars().count() > Self::LONGEST {
                return Err(WatchlistFault::Text);
            }
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        if texts.is_empty() || texts.len() > Self::MOST_SEARCHES {
            return Err(WatchlistFault::Searches);
        }
        self.texts = texts;
        if let Some(country) = &mut self.ships_from {
            country.make_ascii_uppercase();
            if country.len() != 2 || !country.bytes().all(|b| b.is_ascii_uppercase()) {
                return Err(WatchlistFault::Country);
            }
        }
        let names: BTreeSet<_> = self.designs.iter().map(|d| &d.name).collect();
        let sound = self.designs.iter().all(Design::is_sound);
        if !sound || names.len() != self.designs.len() || names.len() > Design::MOST {
            return Err(WatchlistFault::Designs);
        }
        match self.most_products {
            1..=Self::MOST_PRODUCTS => Ok(self),
            _ => Err(WatchlistFault::Products),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplierAccount {
    pub id: SupplierAccountId,
    pub scope: StoreScope,
    /// One account a platform and store.
    pub platform: Platform,
    pub base_url: String,
    pub is_sandbox: bool,
    pub state: AccountState,
    pub state_reason: Option<String>,
    /// Calls a second that it may make, as it was told.
    pub per_second: Option<u32>,
    /// What can be paid with, as it was told last.
    pub balance: Option<Money>,
    pub quota: Option<Quota>,
    /// What of the supplier's interface is not used now, as sentences.
    #[serde(default)]
    pub off: Vec<String>,
    pub watch: Watchlist,
    /// A contract of one's own in place of the platform's interface; nobody has verified it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rest: Option<RestContract>,
    pub created_at: DateTime<Utc>,
    pub last_synced_at: Option<DateTime<Utc>>,
    pub last_error: Option<SyncFailure>,
    pub version: i64,
}

impl SupplierAccount {
    /// How the account does it: by the platform's interface, or by a contract of its own.
    #[must_use]
    pub fn ability(&self, capability: Capability) -> Ability {
        let by_contract = self.rest.as_ref();
        by_contract.map_or_else(
            || self.platform.ability(capability),
            |rest| rest.ability(self.platform, capability),
        )
    }

    /// Before its interface is called for it.
    ///
    /// # Errors
    /// The account has no interface that does it.
    pub fn by_interface(&self, capability: Capability) -> Result<(), CannotDo> {
        if self.ability(capability).is_by_interface() {
            return Ok(());
        }
        Err(CannotDo {
            platform: self.platform,
            capability,
        })
    }

    /// Takes what the supplier says now.
    pub fn recognise(&mut self, told: &SupplierIdentity) {
        self.is_sandbox = told.is_sandbox;
        self.per_second = told.per_second;
        self.balance = told.balance;
        self.off.clone_from(&told.off);
        self.state = AccountState::Ok;
        self.state_reason = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(texts: &[&str], ships_from: Option<&str>, most_products: u32) -> Watchlist {
        Watchlist {
            texts: texts.iter().map(|t| (*t).to_owned()).collect(),
            ships_from: ships_from.map(str::to_owned),
            most_products,
            designs: Vec::new(),
        }
    }

    #[test]
    fn two_designs_of_a_name_are_refused() {
        let wolf = Design {
            name: "wolf".to_owned(),
            product: "71".to_owned(),
            template: "5".to_owned(),
        };
        let mut watch = list(&["shirt"], None, 10);
        watch.designs = vec![wolf.clone()];
        assert!(watch.clone().sound().is_ok());
        watch.designs.push(wolf);
        assert_eq!(watch.sound().unwrap_err().field(), "designs");
    }

    #[test]
    fn what_cannot_be_looked_for_is_refused_by_its_field() {
        let sound = list(&[" camping  tent", "camping tent", "mug"], Some("us"), 10);
        let sound = sound.sound().unwrap();
        assert_eq!(sound, list(&["camping tent", "mug"], Some("US"), 10));
        let long = "x".repeat(101);
        for (wrong, field) in [
            (list(&[], None, 10), "searches"),
            (list(&[" "], None, 10), "searches"),
            (list(&[&long], None, 10), "searches"),
            (list(&["a"], Some("USA"), 10), "ships_from"),
            (list(&["a"], None, 0), "most_products"),
            (list(&["a"], None, 5_001), "most_products"),
        ] {
            assert_eq!(wrong.sound().unwrap_err().field(), field);
        }
    }
}
