//! What suppliers offer, as they tell it: products and variants with prices, stock and shipping, each with where it is from.
//!
//! What nobody tells is absent. What a platform cannot do is declared ([`Ability::None`]) and never filled in.

mod ability;
mod account;
mod barcode;
mod design;
mod heard;
mod mapping;
mod offered;
mod order;
mod parcel;
mod picture;
mod placing;
mod price;
mod product;
mod rest;
mod route;
mod run;
mod same;
mod ship;
mod stock;
mod suggest;
mod taken;
mod touched;

pub(crate) use price::sides;

pub use ability::{Ability, CannotDo, Capability, Platform};
pub use account::{SupplierAccount, Watchlist, WatchlistFault};
pub use barcode::gtin;
pub use design::Design;
pub use heard::{Heard, Teller, Told};
pub use mapping::{MappingOrigin, SupplierMapping};
pub use offered::{
    FoundPage, Glimpse, NoticeAbout, Offered, OfferedVariant, ParcelState, Quota, QuoteFor, Search,
    Shelf, ShipQuote, SupplierIdentity, SupplierNotice, Tracked, VariantShelves, cheapest, on_all,
    sent_from,
};
pub use order::{SupplierOrder, SupplierOrderState, SupplyLine, SupplyPlan};
pub use parcel::{Handed, Parcel, ParcelItem};
pub use picture::{
    GRID_HEIGHT, GRID_WIDTH, Grid, NotAHash, PictureHash, PictureNote, PictureSeen, PictureSums,
    is_picture_address,
};
pub use placing::{
    CallOff, Looked, NotPayable, OurRef, PlaceLine, Placed, PlacedState, Recipient, Step, ToPlace,
    Tolerance, next_call_off, next_step,
};
pub use price::{Confidence, NotAPrice, Price, PriceRange};
pub use product::{OfferRow, PricePoint, ShippingOffer, SupplierProduct, SupplierVariant};
pub use rest::{
    RestContract, RestFault, RestField, RestPart, RestPaths, RestRead, RestSample, RestTrial,
};
pub use route::{NoRoute, Route, RouteScore, ServiceScore, rank, service};
pub use run::{SupplierPlace, SupplierSyncRun};
pub use same::{OfferMatch, OfferPair, Verdict};
pub use ship::{NotDays, ShipTime};
pub use stock::{NotStock, Presence, Stock};
pub use suggest::{OwnCodes, Suggestion, Wanted, suggest};
pub use taken::{OfferChange, OfferNews, Taken};
pub use touched::{Alert, Sold, alerts, left, price_for, with_ending};
