//! Where offers come from, and what can be done there.

use serde::{Deserialize, Serialize};

/// Through what a supplier is worked with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Platform {
    Autods,
    Spocket,
    /// A supplier's own list.
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capability {
    Discover,
    Price,
    Stock,
    Shipping,
    PlaceOrder,
    Tracking,
}

/// How something is done, where it can be done at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ability {
    /// By files that people bring.
    File,
    /// By files, and only whether there is any.
    FileYesOrNo,
    /// The platform's own app in the shop does it; nothing of ours does.
    Delegated,
    /// Read off the shop's orders.
    Observed,
    /// It is not supported.
    None,
}

impl Capability {
    pub const ALL: [Self; 6] = [
        Self::Discover,
        Self::Price,
        Self::Stock,
        Self::Shipping,
        Self::PlaceOrder,
        Self::Tracking,
    ];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Discover => "discover",
            Self::Price => "price",
            Self::Stock => "stock",
            Self::Shipping => "shipping",
            Self::PlaceOrder => "place_order",
            Self::Tracking => "tracking",
        }
    }
}

impl Platform {
    pub const ALL: [Self; 3] = [Self::Autods, Self::Spocket, Self::Other];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Autods => "autods",
            Self::Spocket => "spocket",
            Self::Other => "other",
        }
    }

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Autods => "AutoDS",
            Self::Spocket => "Spocket",
            Self::Other => "Another supplier",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.as_str() == text)
    }

    /// Only what is verified; no public interface of either platform places orders.
    #[must_use]
    pub const fn ability(self, capability: Capability) -> Ability {
        match (self, capability) {
            (Self::Spocket, Capability::Stock) => Ability::FileYesOrNo,
            (
                _,
                Capability::Discover | Capability::Price | Capability::Stock | Capability::Shipping,
            ) => Ability::File,
            (Self::Autods | Self::Spocket, Capability::PlaceOrder) => Ability::Delegated,
            (Self::Autods | Self::Spocket, Capability::Tracking) => Ability::Observed,
            (Self::Other, Capability::PlaceOrder | Capability::Tracking) => Ability::None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_platform_has_its_orders_placed_by_us() {
        for platform in Platform::ALL {
            assert_eq!(Platform::parse(platform.as_str()), Some(platform));
            let places = platform.ability(Capability::PlaceOrder);
            assert!(matches!(places, Ability::Delegated | Ability::None));
        }
        let spocket = Platform::Spocket.ability(Capability::Stock);
        assert_eq!(spocket, Ability::FileYesOrNo);
    }
}
