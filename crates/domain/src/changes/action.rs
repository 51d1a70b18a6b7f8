//! What can be changed outside: each kind with its state before and after. A new kind is a variant here; the compiler names
//! every place that has to know it.

use super::ad::{AdBudget, AdKey, AdSwitch, AdThing, SeenAd};
use super::ad_campaign::{AdCampaign, AdName};
use super::cancel::Cancellation;
use super::discount::{Discount, DiscountKey, Terms};
use super::draft::ProductDraft;
use super::purchase::{Purchase, PurchaseTarget, SeenPurchase};
use super::refund::{Refund, RefundTarget, SeenRefund};
use super::signal::{SeenSignal, Signal, SignalTarget};
use super::supply::{SeenShipping, SeenSupply, Shipment, SupplyTarget};
use crate::ids::{InventoryItemId, LocationId, OrderId, ProductId, VariantId};
use crate::supplier::SupplyPlan;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// One change of one thing. Money is minor units of the store's currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Action {
    Price {
        product: ProductId,
        variant: VariantId,
        before: i64,
        after: i64,
    },
    CompareAtPrice {
        product: ProductId,
        variant: VariantId,
        before: Option<i64>,
        after: Option<i64>,
    },
    /// What is available of an item at a location.
    Inventory {
        item: InventoryItemId,
        location: LocationId,
        before: i64,
        after: i64,
    },
    /// Adds to what is there; tags that others put there stay.
    AddTags {
        target: Tagged,
        tags: Vec<String>,
    },
    RemoveTags {
        target: Tagged,
        tags: Vec<String>,
    },
    /// Keeps what is not yet sent of an order from being sent.
    HoldOrder {
        order: OrderId,
        /// Names our hold among those of others, and makes a repeated request harmless. At most 64 characters.
        handle: String,
        reason: HoldReason,
        note: String,
    },
    /// Takes our hold of that handle away again.
    ReleaseOrder {
        order: OrderId,
        handle: String,
        /// What the hold said, so that it can be put back.
        reason: HoldReason,
        note: String,
    },
    CancelOrder(Cancellation),
    /// Gives money back for lines of an order.
    RefundOrder(Refund),
    Discount(Discount),
    /// Removes a discount that nobody used, and ends any other at once.
    EndDiscount(Discount),
    ProductDraft(ProductDraft),
    /// Removes a draft that nobody published and nobody bought.
    DeleteDraft(ProductDraft),
    /// Orders goods: an order in our own books, approved by whoever approves the change.
    PurchaseOrder(Purchase),
    /// Cancels an order that was not sent yet.
    CancelPurchase(Purchase),
    /// Pauses an advertisement, or lets it run again.
    AdStatus(AdSwitch),
    /// What an advertisement may spend.
    AdBudget(AdBudget),
    /// Makes a campaign that does not run.
    NewCampaign(AdCampaign),
    /// Takes a campaign away that is still paused.
    RetireCampaign(AdCampaign),
    /// Has a supplier send lines of a buyer's order, and pays it.
    SupplierOrder(SupplyPlan),
    /// Has a supplier forget an order that was not paid.
    CallOffSupply(SupplyPlan),
    /// Tells the shop what a supplier sent.
    Ship(Shipment),
    /// Tells automations outside of something, once.
    Signal(Signal),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldReason {
    HighRiskOfFraud,
    IncorrectAddress,
    InventoryOutOfStock,
    AwaitingPayment,
    Other,
}

/// What carries tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "type", content = "id", rename_all = "snake_case")]
pub enum Tagged {
    Order(OrderId),
    Product(ProductId),
}

/// What has to be looked at to know whether an action still fits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Price and compare-at price.
    Variant(ProductId, VariantId),
    Stock(InventoryItemId, LocationId),
    Tags(Tagged),
    /// Our holds of an order.
    Holds(OrderId),
    /// Whether an order is cancelled or sent, and what it comes to.
    Order(OrderId),
    Discount(DiscountKey),
    /// The product of a handle.
    Handle(String),
    /// In our own books.
    Purchase(PurchaseTarget),
    /// At a platform that sells advertisements.
    Ad(AdKey),
    /// The campaign of a name, at such a platform.
    NewAd(AdName),
    /// At a supplier, with what the shop shows of the buyer's order.
    Supply(SupplyTarget),
    /// What of an order can be sent.
    Shipping(OrderId),
    /// What the shop would give back of an order, and whether our refund is there.
    Refund(RefundTarget),
    /// Whether a signal can be sent, and whether it went out.
    Signal(SignalTarget),
}

/// What the provider shows of a target now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Seen {
    Variant {
        price: i64,
        compare_at: Option<i64>,
    },
    Stock {
        available: i64,
    },
    Tags {
        tags: Vec<String>,
    },
    Holds {
        /// Handles of holds that are there.
        handles: Vec<String>,
        /// Whether there is anything left that could be held: neither sent nor cancelled, and without a hold of ours.
        can_hold: bool,
    },
    Order {
        is_cancelled: bool,
        /// Whether anything of it was sent, or is on its way.
        is_sent: bool,
        total: i64,
    },
    Discount {
        /// `None`: they are of another sort than we make.
        terms: Option<Terms>,
        has_ended: bool,
        /// Whether an order has it.
        is_used: bool,
    },
    Product {
        product: ProductId,
        is_draft: bool,
        /// Whether buyers could see it at some time.
        was_offered: bool,
        is_sold: bool,
        title: String,
        /// Of its variants, in their order.
        prices: Vec<i64>,
    },
    Purchase(SeenPurchase),
    Ad(SeenAd),
    Supply(SeenSupply),
    Shipping(SeenShipping),
    Refund(SeenRefund),
    Signal(SeenSignal),
    /// The provider does not know it: any more, or not yet.
    Gone,
}

/// How what is seen stands to what was planned on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// As planned on: the change can be made.
    Ready,
    /// As it should become: there is nothing left to do.
    Done,
    /// Something else: whoever planned did not know this.
    Drifted,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reversibility {
    /// The state before comes back exactly.
    Exact,
    /// Something can be done against it that is not the same as never having done it.
    Compensating,
    Irreversible,
}

/// As the provider compares tags: without case and space around.
fn tag_key(tag: &str) -> String {
    tag.trim().to_lowercase()
}

fn keys(tags: &[String]) -> BTreeSet<String> {
    tags.iter().map(|t| tag_key(t)).collect()
}

impl Action {
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Price { .. } => "price",
            Self::CompareAtPrice { .. } => "compare_at_price",
            Self::Inventory { .. } => "inventory",
            Self::AddTags { .. } => "add_tags",
            Self::RemoveTags { .. } => "remove_tags",
            Self::HoldOrder { .. } => "hold_order",
            Self::ReleaseOrder { .. } => "release_order",
            Self::CancelOrder(_) => "cancel_order",
            Self::RefundOrder(_) => "refund_order",
            Self::Discount(_) => "discount",
            Self::EndDiscount(_) => "end_discount",
            Self::ProductDraft(_) => "product_draft",
            Self::DeleteDraft(_) => "delete_draft",
            Self::PurchaseOrder(_) => "purchase_order",
            Self::CancelPurchase(_) => "cancel_purchase",
            Self::AdStatus(_) => "ad_status",
            Self::AdBudget(_) => "ad_budget",
            Self::NewCampaign(_) => "new_campaign",
            Self::RetireCampaign(_) => "retire_campaign",
            Self::SupplierOrder(_) => "supplier_order",
            Self::CallOffSupply(_) => "cancel_supplier_order",
            Self::Ship(_) => "ship",
            Self::Signal(_) => "signal",
        }
    }

    #[must_use]
    pub fn target(&self) -> Target {
        match self {
            Self::Price {
                product, variant, ..
            }
            | Self::CompareAtPrice {
                product, variant, ..
            } => Target::Variant(*product, *variant),
            Self::Inventory { item, location, .. } => Target::Stock(*item, *location),
            Self::AddTags { target, .. } | Self::RemoveTags { target, .. } => Target::Tags(*target),
            Self::HoldOrder { order, .. } | Self::ReleaseOrder { order, .. } => {
                Target::Holds(*order)
            }
            Self::CancelOrder(cancellation) => Target::Order(cancellation.order),
            Self::RefundOrder(refund) => Target::Refund(refund.what.clone()),
            Self::Discount(discount) | Self::EndDiscount(discount) => {
                Target::Discount(discount.key.clone())
            }
            Self::ProductDraft(draft) | Self::DeleteDraft(draft) => {
                Target::Handle(draft.handle.clone())
            }
            Self::PurchaseOrder(purchase) | Self::CancelPurchase(purchase) => {
                Target::Purchase(purchase.target())
            }
            Self::AdStatus(switch) => Target::Ad(switch.thing.key()),
            Self::AdBudget(budget) => Target::Ad(budget.thing.key()),
            Self::NewCampaign(campaign) | Self::RetireCampaign(campaign) => {
                Target::NewAd(campaign.key())
            }
            Self::SupplierOrder(plan) | Self::CallOffSupply(plan) => Target::Supply(plan.target()),
            Self::Ship(shipment) => Target::Shipping(shipment.order),
            Self::Signal(signal) => Target::Signal(signal.target()),
        }
    }

    /// Goods that it orders, or does not order any more.
    #[must_use]
    pub const fn purchase(&self) -> Option<&Purchase> {
        match self {
            Self::PurchaseOrder(purchase) | Self::CancelPurchase(purchase) => Some(purchase),
            _ => None,
        }
    }

    /// The advertisement that it changes.
    #[must_use]
    pub const fn ad(&self) -> Option<&AdThing> {
        match self {
            Self::AdStatus(switch) => Some(&switch.thing),
            Self::AdBudget(budget) => Some(&budget.thing),
            _ => None,
        }
    }

    /// The campaign that it makes, or takes away.
    #[must_use]
    pub const fn campaign(&self) -> Option<&AdCampaign> {
        match self {
            Self::NewCampaign(campaign) | Self::RetireCampaign(campaign) => Some(campaign),
            _ => None,
        }
    }

    /// Whether the shop is asked for it; else it is made in our own books, at a platform that sells advertisements, or is a signal.
    #[must_use]
    pub const fn is_of_the_shop(&self) -> bool {
        self.purchase().is_none()
            && self.ad().is_none()
            && self.campaign().is_none()
            && !matches!(self, Self::Signal(_))
    }

    /// The thing under which limits for one thing count: `variant:42`, `order:7` …
    #[must_use]
    pub fn entity(&self) -> String {
        match self.target() {
            Target::Variant(_, variant) => format!("variant:{variant}"),
            Target::Stock(item, location) => format!("stock:{item}:{location}"),
            Target::Tags(Tagged::Order(order))
            | Target::Holds(order)
            | Target::Order(order)
            | Target::Shipping(order) => {
                format!("order:{order}")
            }
            Target::Supply(target) => format!("order:{}", target.order),
            Target::Refund(target) => format!("order:{}", target.order),
            Target::Tags(Tagged::Product(product)) => format!("product:{product}"),
            Target::Discount(key) => format!("discount:{}", key.as_str()),
            Target::Handle(handle) => format!("handle:{handle}"),
            // Orders of one supplier belong together: an agent leaves it alone for a while.
            Target::Purchase(target) => format!("supplier:{}", target.supplier),
            Target::Ad(key) => key.entity(),
            Target::NewAd(name) => name.entity(),
            Target::Signal(target) => target.entity,
        }
    }

    #[must_use]
    pub const fn reversibility(&self) -> Reversibility {
        match self {
            Self::Price { .. }
            | Self::CompareAtPrice { .. }
            | Self::Inventory { .. }
            | Self::AddTags { .. }
            | Self::RemoveTags { .. }
            | Self::AdStatus(_)
            | Self::AdBudget(_) => Reversibility::Exact,
            // What was not sent meanwhile is late.
            Self::HoldOrder { .. } | Self::ReleaseOrder { .. } => Reversibility::Compensating,
            // Who bought with it keeps it; a new discount or draft is another one.
            Self::Discount(_)
            | Self::EndDiscount(_)
            | Self::ProductDraft(_)
            | Self::DeleteDraft(_)
            | Self::PurchaseOrder(_)
            | Self::CancelPurchase(_)
            | Self::NewCampaign(_)
            | Self::RetireCampaign(_) => Reversibility::Compensating,
            // Another order may be placed; this one is gone.
            Self::CallOffSupply(_)
            | Self::CancelOrder(_)
            | Self::RefundOrder(_)
            | Self::SupplierOrder(_)
            | Self::Ship(_)
            | Self::Signal(_) => Reversibility::Irreversible,
        }
    }

    /// What takes it back; `None`: nothing does.
    #[must_use]
    pub fn inverse(&self) -> Option<Self> {
        Some(match self.clone() {
            Self::Price {
                product,
                variant,
                before,
                after,
            } => Self::Price {
                product,
                variant,
                before: after,
                after: before,
            },
            Self::CompareAtPrice {
                product,
                variant,
                before,
                after,
            } => Self::CompareAtPrice {
                product,
                variant,
                before: after,
                after: before,
            },
            Self::Inventory {
                item,
                location,
                before,
                after,
            } => Self::Inventory {
                item,
                location,
                before: after,
                after: before,
            },
            Self::AddTags { target, tags } => Self::RemoveTags { target, tags },
            Self::RemoveTags { target, tags } => Self::AddTags { target, tags },
            Self::HoldOrder {
                order,
                handle,
                reason,
                note,
            } => Self::ReleaseOrder {
                order,
                handle,
                reason,
                note,
            },
            Self::ReleaseOrder {
                order,
                handle,
                reason,
                note,
            } => Self::HoldOrder {
                order,
                handle,
                reason,
                note,
            },
            Self::Discount(discount) => Self::EndDiscount(discount),
            Self::EndDiscount(discount) => Self::Discount(discount),
            Self::ProductDraft(draft) => Self::DeleteDraft(draft),
            Self::DeleteDraft(draft) => Self::ProductDraft(draft),
            Self::PurchaseOrder(purchase) => Self::CancelPurchase(purchase),
            // A cancelled order stays so; this is another one.
            Self::CancelPurchase(purchase) => Self::PurchaseOrder(Purchase {
                order: None,
                ..purchase
            }),
            Self::AdStatus(switch) => Self::AdStatus(switch.inverse()),
            Self::AdBudget(budget) => Self::AdBudget(budget.inverse()),
            Self::NewCampaign(campaign) => Self::RetireCampaign(campaign),
            Self::RetireCampaign(campaign) => Self::NewCampaign(campaign),
            Self::CancelOrder(_)
            | Self::RefundOrder(_)
            | Self::SupplierOrder(_)
            | Self::CallOffSupply(_)
            | Self::Ship(_)
            | Self::Signal(_) => return None,
        })
    }

    /// Whether it would change anything at all.
    #[must_use]
    pub fn is_change(&self) -> bool {
        match self {
            Self::Price { before, after, .. } | Self::Inventory { before, after, .. } => {
                before != after
            }
            Self::CompareAtPrice { before, after, .. } => before != after,
            Self::AddTags { tags, .. } | Self::RemoveTags { tags, .. } => !tags.is_empty(),
            Self::PurchaseOrder(purchase) => !purchase.lines.is_empty(),
            Self::SupplierOrder(plan) => !plan.lines.is_empty(),
            Self::Ship(shipment) => !shipment.parcels.is_empty(),
            Self::RefundOrder(refund) => refund.amount > 0,
            Self::AdStatus(switch) => switch.before != switch.after,
            Self::AdBudget(budget) => budget.before.minor != budget.after,
            _ => true,
        }
    }

    /// Whether it can change what the store earns; what it is called or whether it is held back does not.
    #[must_use]
    pub const fn moves_money(&self) -> bool {
        match self {
            Self::Price { .. }
            | Self::CompareAtPrice { .. }
            | Self::Inventory { .. }
            | Self::CancelOrder(_)
            | Self::RefundOrder(_)
            | Self::Discount(_)
            | Self::EndDiscount(_)
            | Self::PurchaseOrder(_)
            | Self::CancelPurchase(_)
            | Self::AdStatus(_)
            | Self::AdBudget(_)
            | Self::SupplierOrder(_) => true,
            // Nothing was paid for what is called off.
            Self::Ship(_) | Self::CallOffSupply(_) => false,
            Self::AddTags { .. }
            | Self::RemoveTags { .. }
            | Self::HoldOrder { .. }
            | Self::ReleaseOrder { .. }
            | Self::ProductDraft(_)
            | Self::DeleteDraft(_)
            | Self::NewCampaign(_)
            | Self::RetireCampaign(_)
            | Self::Signal(_) => false,
        }
    }

    /// Compares what was planned on with what is there now.
    #[must_use]
    pub fn verdict(&self, seen: &Seen) -> Verdict {
        let state = |ready: bool, done: bool| match (done, ready) {
            (true, _) => Verdict::Done,
            (false, true) => Verdict::Ready,
            (false, false) => Verdict::Drifted,
        };
        match (self, seen) {
            (Self::Price { before, after, .. }, Seen::Variant { price, .. }) => {
                state(price == before, price == after)
            }
            (Self::CompareAtPrice { before, after, .. }, Seen::Variant { compare_at, .. }) => {
                state(compare_at == before, compare_at == after)
            }
            (Self::Inventory { before, after, .. }, Seen::Stock { available }) => {
                state(available == before, available == after)
            }
            (Self::AddTags { tags, .. }, Seen::Tags { tags: there }) => {
                state(true, keys(tags).is_subset(&keys(there)))
            }
            (Self::RemoveTags { tags, .. }, Seen::Tags { tags: there }) => {
                state(true, keys(tags).is_disjoint(&keys(there)))
            }
            (Self::HoldOrder { handle, .. }, Seen::Holds { handles, can_hold }) => {
                // An order may be sent in parts: as long as one of them is not held, the hold is not whole.
                state(*can_hold, handles.contains(handle) && !can_hold)
            }
            (Self::ReleaseOrder { handle, .. }, Seen::Holds { handles, .. }) => {
                state(true, !handles.contains(handle))
            }
            (Self::CancelOrder(cancellation), seen) => cancellation.verdict(seen),
            (Self::RefundOrder(refund), seen) => refund.verdict(seen),
            (Self::Discount(discount), seen) => discount.verdict(seen),
            (Self::EndDiscount(discount), seen) => discount.verdict_of_end(seen),
            (Self::ProductDraft(draft), seen) => draft.verdict(seen),
            (Self::DeleteDraft(draft), seen) => draft.verdict_of_removal(seen),
            (Self::PurchaseOrder(purchase), seen) => purchase.verdict(seen),
            (Self::CancelPurchase(purchase), seen) => purchase.verdict_of_cancel(seen),
            (Self::AdStatus(switch), seen) => switch.verdict(seen),
            (Self::AdBudget(budget), seen) => budget.verdict(seen),
            (Self::NewCampaign(campaign), seen) => campaign.verdict(seen),
            (Self::RetireCampaign(campaign), seen) => campaign.verdict_of_removal(seen),
            (Self::SupplierOrder(plan), seen) => plan.verdict(seen),
            (Self::CallOffSupply(plan), seen) => plan.verdict_of_call_off(seen),
            (Self::Ship(shipment), seen) => shipment.verdict(seen),
            (Self::Signal(_), seen) => Signal::verdict(seen),
            _ => Verdict::Drifted,
        }
    }

    /// By how much a price, a stock or a budget changes, as a share of what was before in ten-thousandths; `None` for other kinds, and
    /// where there was nothing before.
    #[must_use]
    pub fn relative(&self) -> Option<i64> {
        let (before, after) = match self {
            Self::Price { before, after, .. } | Self::Inventory { before, after, .. } => {
                (*before, *after)
            }
            Self::Discount(discount) => return Some(-discount.terms.share),
            Self::AdBudget(budget) => (budget.before.minor, budget.after),
            _ => return None,
        };
        let share = (i128::from(after) - i128::from(before)) * 10_000;
        (before != 0)
            .then(|| share / i128::from(before))
            .and_then(|share| i64::try_from(share).ok())
    }
}

#[cfg(test)]
mod tests;
