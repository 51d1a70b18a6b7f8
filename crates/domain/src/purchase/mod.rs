//! Goods that are ordered: suppliers, orders from draft to receipt, who has to say yes.

mod lead;
mod order;
mod supplier;

pub use lead::learned;
pub use order::{
    Limits, LineDraft, Needs, PurchaseLine, PurchaseOrder, PurchaseStatus, Receipt, ReceivedLine,
    Refusal, SentHow, Signed,
};
pub use supplier::Supplier;

#[cfg(test)]
mod tests;
