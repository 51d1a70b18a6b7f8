//! Where offers come from, and what can be done there.

use serde::{Deserialize, Serialize};

/// Through what a supplier is worked with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Platform {
    Autods,
    Spocket,
    Cjdropshipping,
    /// Prints on demand: an order needs a design.
    Printful,
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
    /// An order that was not paid.
    CallOff,
    Tracking,
}

/// How something is done, where it can be done at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ability {
    /// By the supplier's own interface.
    Api,
    /// By the supplier's own interface, and only whether there is any.
    ApiYesOrNo,
    /// By the supplier's own interface, or by files that people bring.
    ApiOrFile,
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

/// What was asked of a supplier that cannot do it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{} does not offer that by an interface: {}", .platform.name(), .capability.told())]
pub struct CannotDo {
    pub platform: Platform,
    pub capability: Capability,
}

impl Ability {
    /// Whether an interface of the supplier is called for it.
    #[must_use]
    pub const fn is_by_interface(self) -> bool {
        matches!(self, Self::Api | Self::ApiYesOrNo | Self::ApiOrFile)
    }
}

impl Capability {
    pub const ALL: [Self; 7] = [
        Self::Discover,
        Self::Price,
        Self::Stock,
        Self::Shipping,
        Self::PlaceOrder,
        Self::CallOff,
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
            Self::CallOff => "call_off",
            Self::Tracking => "tracking",
        }
    }

    /// As a sentence goes on.
    #[must_use]
    pub const fn told(self) -> &'static str {
        match self {
            Self::Discover => "finding products",
            Self::Price => "prices",
            Self::Stock => "stock",
            Self::Shipping => "what sending costs",
            Self::PlaceOrder => "placing orders",
            Self::CallOff => "calling off orders that are not paid",
            Self::Tracking => "tracking parcels",
        }
    }
}

impl Platform {
    pub const ALL: [Self; 5] = [
        Self::Autods,
        Self::Spocket,
        Self::Cjdropshipping,
        Self::Printful,
        Self::Other,
    ];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Autods => "autods",
            Self::Spocket => "spocket",
            Self::Cjdropshipping => "cjdropshipping",
            Self::Printful => "printful",
            Self::Other => "other",
        }
    }

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Autods => "AutoDS",
            Self::Spocket => "Spocket",
            Self::Cjdropshipping => "CJdropshipping",
            Self::Printful => "Printful",
            Self::Other => "Another supplier",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.as_str() == text)
    }

    /// Those whose lists people bring as files.
    pub fn by_file() -> impl Iterator<Item = Self> {
        let by_file = |p: &Self| {
            let how = p.ability(Capability::Discover);
            matches!(how, Ability::File | Ability::ApiOrFile)
        };
        Self::ALL.into_iter().filter(by_file)
    }

    /// Only what is verified; no public interface of AutoDS or Spocket places orders.
    #[must_use]
    pub const fn ability(self, capability: Capability) -> Ability {
        match (self, capability) {
            (Self::Printful, Capability::Stock) => Ability::ApiYesOrNo,
            (Self::Cjdropshipping | Self::Printful, _) => Ability::Api,
            (Self::Spocket, Capability::Stock) => Ability::FileYesOrNo,
            (
                Self::Autods,
                Capability::Discover | Capability::Price | Capability::Stock | Capability::Shipping,
            ) => Ability::ApiOrFile,
            (
                _,
                Capability::Discover | Capability::Price | Capability::Stock | Capability::Shipping,
            ) => Ability::File,
            (Self::Autods | Self::Spocket, Capability::PlaceOrder) => Ability::Delegated,
            (Self::Autods | Self::Spocket, Capability::Tracking) => Ability::Observed,
            (Self::Autods | Self::Spocket, Capability::CallOff)
            | (Self::Other, Capability::PlaceOrder | Capability::CallOff | Capability::Tracking) => {
                Ability::None
            }
        }
    }

    /// Whether every variant of a product costs the same to send, so that none needs a weight to be told apart. Printful's price list has
    /// one rate for a kind of product and a region.
    #[must_use]
    pub const fn sends_variants_alike(self) -> bool {
        matches!(self, Self::Printful)
    }

    /// Whether what sending a variant costs is told beside its price, so that asking for each of them costs nothing.
    #[must_use]
    pub const fn tells_sending_with_the_price(self) -> bool {
        matches!(self, Self::Autods)
    }

    /// Before an interface is called for it.
    ///
    /// # Errors
    /// The platform has no interface that does it.
    pub const fn by_interface(self, capability: Capability) -> Result<(), CannotDo> {
        if self.ability(capability).is_by_interface() {
            return Ok(());
        }
        Err(CannotDo {
            platform: self,
            capability,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_platform_cannot_do_is_refused_by_name() {
        for platform in Platform::ALL {
            assert_eq!(Platform::parse(platform.as_str()), Some(platform));
        }
        for platform in Platform::by_file() {
            let refused = platform.by_interface(Capability::PlaceOrder).unwrap_err();
            let said = refused.to_string();
            assert!(said.contains(platform.name()), "{said}");
            assert!(said.contains("placing orders"), "{said}");
        }
        for capability in Capability::ALL {
            assert_eq!(Platform::Cjdropshipping.by_interface(capability), Ok(()));
            assert_eq!(Platform::Printful.by_interface(capability), Ok(()));
        }
        let spocket = Platform::Spocket.ability(Capability::Stock);
        assert_eq!(spocket, Ability::FileYesOrNo);
        let printful = Platform::Printful.ability(Capability::Stock);
        assert_eq!(printful, Ability::ApiYesOrNo);
    }
}
