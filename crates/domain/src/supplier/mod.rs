//! What suppliers offer, as they tell it: products and variants with prices, stock and shipping, each with where it is from.
//!
//! What nobody tells is absent. What a platform cannot do is declared ([`Ability::None`]) and never filled in.

mod ability;
mod placing;
mod price;
mod product;
mod ship;
mod stock;

pub(crate) use price::sides;

pub use ability::{Ability, Capability, Platform};
pub use placing::{
    Looked, NotPayable, OurRef, PlaceLine, Placed, PlacedState, Recipient, Step, ToPlace,
    Tolerance, next_step,
};
pub use price::{Confidence, NotAPrice, Price, PriceRange};
pub use product::{
    Heard, OfferRow, PricePoint, ShippingOffer, SupplierProduct, SupplierVariant, Told,
};
pub use ship::{NotDays, ShipTime};
pub use stock::{NotStock, Presence, Stock};
