//! What an operation says beside its states before and after: all that whoever approves has to have seen.

use crate::http::amounts::amount;
use chrono::{DateTime, Utc};
use domain::ads::AdLevel;
use domain::changes::guardrails::percent;
use domain::changes::{
    Action, AdThing, CancelReason, Cancellation, Discount, DiscountKey, DiscountScope,
    ProductDraft, Purchase, Signal,
};
use domain::money::Currency;
use domain::supplier::SupplyPlan;
use serde::Serialize;
use std::fmt;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChangeDetail)]
pub(crate) struct DetailBody {
    label: String,
    /// As it is shown.
    value: String,
}

pub(crate) fn of(action: &Action, currency: Currency) -> Vec<DetailBody> {
    let rows = match action {
        Action::CancelOrder(cancellation) => of_cancellation(cancellation, currency),
        Action::RefundOrder(refund) => super::refund_details::of(refund, currency),
        Action::Discount(discount) | Action::EndDiscount(discount) => of_discount(discount),
        Action::ProductDraft(draft) | Action::DeleteDraft(draft) => of_draft(draft, currency),
        Action::PurchaseOrder(purchase) | Action::CancelPurchase(purchase) => of_purchase(purchase),
        Action::SupplierOrder(plan) | Action::CallOffSupply(plan) => of_supply(plan, currency),
        Action::Ship(shipment) => {
            let parcels = shipment.parcels.iter();
            let mut rows: Rows = parcels
                .map(|p| {
                    let carrier = p.carrier.as_deref().unwrap_or("carrier not told");
                    ("Parcel", format!("{}, {carrier}", p.number))
                })
                .collect();
            let units: i64 = shipment.units.iter().map(|(_, units)| *units).sum();
            let lines = shipment.units.len();
            let goods = match lines {
                1 => format!("{units} of one line"),
                _ => format!("{units} of {lines} lines"),
            };
            rows.push(("Units", goods));
            let told = if shipment.notify_customer {
                "told by mail"
            } else {
                "not told"
            };
            rows.push(("Customer", told.to_owned()));
            rows
        }
        Action::NewCampaign(campaign) | Action::RetireCampaign(campaign) => {
            let account = format!("{} at {}", campaign.account_name, campaign.platform.name());
            vec![
                ("Account", account),
                ("Name", campaign.name.clone()),
                ("Declared", "no political advertising".to_owned()),
            ]
        }
        Action::Signal(signal) => of_signal(signal),
        Action::AdStatus(switch) => of_ad(&switch.thing),
        Action::AdBudget(change) => {
            let mut rows = of_ad(&change.thing);
            if change.before.is_shared {
                let all = "all campaigns that spend from it";
                rows.push(("Changes", all.to_owned()));
            }
            rows
        }
        _ => Vec::new(),
    };
    let rows = rows.into_iter();
    rows.map(|(label, value)| DetailBody {
        label: label.to_owned(),
        value,
    })
    .collect()
}

impl fmt::Display for DetailBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.label, self.value)
    }
}

type Rows = Vec<(&'static str, String)>;

/// `one product`, `3 products`.
fn counted(count: usize, one: &str) -> String {
    match count {
        1 => format!("one {one}"),
        n => format!("{n} {one}s"),
    }
}

fn of_ad(thing: &AdThing) -> Rows {
    let level = match thing.level {
        AdLevel::Campaign => "campaign",
        AdLevel::AdSet => "ad set",
        AdLevel::Ad => "ad",
    };
    let account = format!("{} at {}", thing.account_name, thing.platform.name());
    vec![
        ("Account", account),
        ("Level", level.to_owned()),
        ("Number", thing.id.clone()),
    ]
}

/// All that leaves the house.
fn of_signal(signal: &Signal) -> Rows {
    vec![
        ("Event", signal.event.clone()),
        ("Told with it", signal.payload.to_string()),
        ("Undo", "nothing takes it back".to_owned()),
    ]
}

/// What is bought and for how much at most, and what is left of the sale.
fn of_supply(plan: &SupplyPlan, currency: Currency) -> Rows {
    let own = plan.currency;
    let mut rows = vec![
        ("Supplier", plan.supplier.clone()),
        ("Their number for it", plan.our_ref.as_str().to_owned()),
    ];
    for line in &plan.lines {
        let cost = line.piece_cost.normalize();
        let text = format!("{} × {} at {cost} {own}", line.pieces, line.title);
        rows.push(("Line", text));
    }
    let (shipping, most) = (amount(plan.shipping, own), amount(plan.most().minor, own));
    rows.push(("Shipping", format!("{shipping} {own}, {}", plan.service)));
    rows.push(("At most", format!("{most} {own}")));
    let (sold, cost) = (amount(plan.sold_for, currency), amount(plan.cost, currency));
    rows.push(("Sold for, without tax", format!("{sold} {currency}")));
    rows.push(("At most, here", format!("{cost} {currency}")));
    rows.push(("Way", format!("{} to {}", plan.ships_from, plan.country)));
    if let Some(days) = plan.days {
        let text = format!("{} to {} days", days.min_days, days.max_days);
        rows.push(("Promised", text));
    }
    if plan.loses() {
        let left = amount(plan.sold_for.saturating_sub(plan.cost), currency);
        rows.push((
            "Loses",
            format!("{left} {currency} at most; it was wanted so"),
        ));
    }
    rows
}

fn of_cancellation(cancellation: &Cancellation, currency: Currency) -> Rows {
    let chosen = |yes: bool, yes_words: &str, no_words: &str| {
        let words = if yes { yes_words } else { no_words };
        words.to_owned()
    };
    let reason = match cancellation.reason {
        CancelReason::Customer => "the customer asked for it",
        CancelReason::Declined => "the payment was declined",
        CancelReason::Fraud => "fraud",
        CancelReason::Inventory => "out of stock",
        CancelReason::Staff => "a mistake of the shop's staff",
        CancelReason::Other => "another one",
    };
    let total = amount(cancellation.total, currency);
    let mut rows = vec![
        ("Order total", format!("{total} {currency}")),
        ("Reason", reason.to_owned()),
        (
            "Payment",
            chosen(cancellation.refund, "given back the way it came", "kept"),
        ),
        (
            "Stock",
            chosen(cancellation.restock, "can be sold again", "stays set aside"),
        ),
        (
            "Customer",
            chosen(cancellation.notify_customer, "told by mail", "not told"),
        ),
    ];
    if !cancellation.note.is_empty() {
        rows.push(("Note for the staff", cancellation.note.clone()));
    }
    rows
}

fn of_discount(discount: &Discount) -> Rows {
    let at = |at: DateTime<Utc>| at.format("%Y-%m-%d %H:%M UTC").to_string();
    let terms = &discount.terms;
    let on = match &terms.on {
        DiscountScope::All => "everything".to_owned(),
        DiscountScope::Products(ids) => counted(ids.len(), "product"),
        DiscountScope::Collections(ids) => counted(ids.len(), "collection"),
    };
    let how = match &discount.key {
        DiscountKey::Code(code) => format!("with the code {code}"),
        DiscountKey::Tag(_) => "by itself, without a code".to_owned(),
    };
    let until = terms
        .ends_at
        .map_or_else(|| "until it is ended".to_owned(), at);
    vec![
        ("Name for buyers", discount.title.clone()),
        ("How", how),
        ("Off the price", percent(terms.share)),
        ("On", on),
        ("From", at(terms.starts_at)),
        ("Until", until),
    ]
}

fn of_draft(draft: &ProductDraft, currency: Currency) -> Rows {
    let money = |minor: i64| format!("{} {currency}", amount(minor, currency));
    let mut rows = vec![("Address", draft.handle.clone())];
    let words = [
        ("Type", &draft.product_type),
        ("Vendor", &draft.vendor),
        ("Description", &draft.description_html),
    ];
    let told = words.into_iter().filter(|(_, text)| !text.is_empty());
    rows.extend(told.map(|(label, text)| (label, text.clone())));
    let options = draft.options.iter();
    rows.extend(options.map(|o| ("Option", format!("{}: {}", o.name, o.values.join(", ")))));
    for variant in &draft.variants {
        let mut parts = vec![money(variant.price)];
        parts.extend(
            variant
                .compare_at
                .map(|p| format!("instead of {}", money(p))),
        );
        parts.push(match variant.unit_cost {
            Some(cost) => format!("costs {}", money(cost)),
            None => "cost not told".to_owned(),
        });
        parts.extend(variant.sku.as_ref().map(|sku| format!("SKU {sku}")));
        let form = variant.values.join(" / ");
        let text = parts.join(", ");
        let text = if form.is_empty() {
            text
        } else {
            format!("{form}: {text}")
        };
        rows.push(("Variant", text));
    }
    rows.extend(draft.images.iter().map(|i| ("Picture", i.url.clone())));
    rows
}

/// Every line, because each is paid for.
fn of_purchase(purchase: &Purchase) -> Rows {
    let currency = purchase.currency;
    let mut rows = vec![("Supplier", purchase.supplier_name.clone())];
    for line in &purchase.lines {
        let sku = line.sku.as_ref().map(|sku| format!(", SKU {sku}"));
        let text = format!(
            "{} × {}{} at {} {currency}",
            line.quantity,
            line.title,
            sku.unwrap_or_default(),
            line.unit_cost.normalize(),
        );
        rows.push(("Line", text));
    }
    if let Some(total) = purchase.total() {
        rows.push(("Total", format!("{} {currency}", amount(total, currency))));
    }
    let expected = purchase.expected_on.map(|day| day.to_string());
    rows.extend(expected.map(|day| ("Expected", day)));
    rows.extend(purchase.note.clone().map(|note| ("Note", note)));
    rows
}
