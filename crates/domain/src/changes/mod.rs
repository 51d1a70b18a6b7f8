//! Change-sets: the only way in which anything outside is changed. What is to be done, from which state to which, why, with
//! what expected effect; who decided; what became of it.
//!
//! Must not know: how a provider is spoken to, how sets are stored, what time it is.

mod action;
mod ad;
mod ad_campaign;
pub mod alone;
mod approval;
pub mod budget;
mod cancel;
mod discount;
mod draft;
pub mod guardrails;
mod limits;
pub mod outcome;
pub mod plan;
mod purchase;
mod refund;
mod set;
mod signal;
mod supply;

pub use action::{Action, HoldReason, Reversibility, Seen, Tagged, Target, Verdict};
pub use ad::{AdBudget, AdKey, AdSwitch, AdThing, SeenAd};
pub use ad_campaign::{AdCampaign, AdName};
pub use approval::{Approval, Digest};
pub use cancel::{CancelReason, Cancellation};
pub use discount::{Discount, DiscountKey, DiscountScope, Terms};
pub use draft::{DraftImage, DraftOption, DraftVariant, ProductDraft};
pub use limits::{BOUNDS, Bounds, Guardrails, Hours, Limits};
pub use purchase::{Against, Purchase, PurchaseTarget, PurchaseWish, SeenCost, SeenPurchase};
pub use refund::{LONGEST_REFUND_NOTE, Refund, RefundRestock, RefundTarget, SeenRefund, marking};
pub use set::{
    ChangeSet, ChangeSetStatus, Decision, Effect, Evidence, EvidenceRow, Operation, OperationState,
    Origin, Risk, RiskBand,
};
pub use signal::{LONGEST_SIGNAL, SeenSignal, Signal, SignalTarget};
pub use supply::{SeenShipping, SeenSupply, Shipment, SupplyAgainst, SupplyTarget, Units};
