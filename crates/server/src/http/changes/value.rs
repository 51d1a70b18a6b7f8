//! States before and after, ready to be shown.

use crate::http::amounts::amount;
use domain::ads::{Budget, BudgetSpan};
use domain::changes::guardrails::percent;
use domain::changes::{Action, AdCampaign, Discount, Purchase};
use domain::money::Currency;
use domain::supplier::SupplyPlan;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
#[schema(as = ChangeValue)]
pub(crate) enum ValueBody {
    Money { amount: String, currency: String },
    Number { value: i64 },
    Tags { tags: Vec<String> },
    Text { text: String },
}

/// Before and after; null is nothing, or what nobody has to know.
pub(crate) fn of(action: &Action, currency: Currency) -> (Option<ValueBody>, Option<ValueBody>) {
    let money = |minor| ValueBody::Money {
        amount: amount(minor, currency),
        currency: currency.to_string(),
    };
    let number = |value| Some(ValueBody::Number { value });
    let tags = |tags: &[String]| {
        Some(ValueBody::Tags {
            tags: tags.to_vec(),
        })
    };
    let text = |text: &str| {
        Some(ValueBody::Text {
            text: text.to_owned(),
        })
    };
    match action {
        Action::Price { before, after, .. } => (Some(money(*before)), Some(money(*after))),
        Action::CompareAtPrice { before, after, .. } => (before.map(money), after.map(money)),
        Action::Inventory { before, after, .. } => (number(*before), number(*after)),
        Action::AddTags { tags: added, .. } => (None, tags(added)),
        Action::RemoveTags { tags: removed, .. } => (tags(removed), None),
        Action::HoldOrder { note, .. } if note.is_empty() => (text("not held"), text("held")),
        Action::HoldOrder { note, .. } => (text("not held"), text(&format!("held: {note}"))),
        Action::ReleaseOrder { .. } => (text("held"), text("released")),
        Action::CancelOrder(_) => (text("open"), text("cancelled")),
        Action::RefundOrder(refund) => (Some(money(0)), Some(money(refund.amount))),
        Action::Discount(discount) => (None, text(&off(discount))),
        Action::EndDiscount(discount) => (text(&off(discount)), text("ended")),
        Action::ProductDraft(_) => (None, text("draft, not published")),
        Action::DeleteDraft(_) => (text("draft"), text("removed")),
        Action::PurchaseOrder(purchase) => (None, text(&ordered(purchase))),
        Action::SupplierOrder(plan) => (None, text(&asked(plan))),
        Action::CallOffSupply(plan) => (text(&asked(plan)), text("called off, nothing paid")),
        Action::Ship(shipment) => (
            text("not sent"),
            text(&format!("sent in {}", parcels(shipment.parcels.len()))),
        ),
        Action::Signal(signal) => (text("not told"), text(&signal.event)),
        Action::CancelPurchase(purchase) => (text(&ordered(purchase)), text("cancelled")),
        Action::AdStatus(switch) => (text(switch.before.as_str()), text(switch.after.as_str())),
        Action::NewCampaign(campaign) => (None, text(&made(campaign))),
        Action::RetireCampaign(campaign) => (text(&made(campaign)), text("removed")),
        Action::AdBudget(change) => {
            let may = |budget: &Budget| text(&spends(budget, change.thing.currency));
            (may(&change.before), may(&change.wanted()))
        }
    }
}

/// `12.00 EUR a day`
fn spends(budget: &Budget, currency: Currency) -> String {
    let sum = amount(budget.minor, currency);
    match budget.span {
        BudgetSpan::Day => format!("{sum} {currency} a day"),
        BudgetSpan::Lifetime => format!("{sum} {currency} in all"),
    }
}

/// `paused, 20.00 EUR a day`
fn made(campaign: &AdCampaign) -> String {
    let sum = amount(campaign.daily_budget, campaign.currency);
    format!("paused, {sum} {} a day", campaign.currency)
}

/// At most so much; less is taken.
fn asked(plan: &SupplyPlan) -> String {
    let most = plan.most();
    let sum = amount(most.minor, most.currency);
    format!("ordered for at most {sum} {}", most.currency)
}

fn parcels(count: usize) -> String {
    match count {
        1 => "one parcel".to_owned(),
        n => format!("{n} parcels"),
    }
}

fn ordered(purchase: &Purchase) -> String {
    let units = match purchase.units() {
        1 => "one unit".to_owned(),
        n => format!("{n} units"),
    };
    match purchase.total() {
        Some(total) => format!(
            "{units} for {} {}",
            amount(total, purchase.currency),
            purchase.currency
        ),
        None => units,
    }
}

fn off(discount: &Discount) -> String {
    format!("{} off", percent(discount.terms.share))
}
