//! Goods that are ordered: suppliers, orders from draft to receipt, who has to say yes.

mod lead;
mod order;
mod rating;
mod shelf;
mod supplier;

pub use lead::learned;
pub use order::{
    Limits, LineDraft, Needs, PurchaseLine, PurchaseOrder, PurchaseStatus, Receipt, ReceivedLine,
    Refusal, SentHow, Signed,
};
pub use rating::{RatedFactor, RatingFactor, SupplierRating, rate};
pub use shelf::{KEPT_DAYS, Shelf, shelves};
pub use supplier::Supplier;

#[cfg(test)]
mod rating_tests;
#[cfg(test)]
mod tests;
