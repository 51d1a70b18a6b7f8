//! One change, made.

use super::look::{gid, look, tagged_gid};
use super::{cancel, discounts, drafts, holds, must, mutate, refund, refused, shipping};
use crate::client::Client;
use crate::documents::{Document, STOCK_SET, TAGS_ADD, TAGS_REMOVE, VARIANT_PRICES_SET};
use crate::identity;
use crate::notes::Notes;
use domain::changes::{Action, Seen, Tagged, Verdict};
use domain::ids::{InventoryItemId, LocationId, ProductId, VariantId};
use domain::money::format_minor;
use ports::{Kind, PortError, PortResult, Retry};
use serde_json::{Value, json};
use uuid::Uuid;

pub(super) async fn apply(client: &Client, action: &Action, key: Uuid) -> PortResult<()> {
    match action {
        Action::Price {
            product,
            variant,
            after,
            ..
        } => {
            let price = amount(client, Some(*after)).await?;
            set_price(client, action, (*product, *variant), "price", price).await
        }
        Action::CompareAtPrice {
            product,
            variant,
            after,
            ..
        } => {
            let price = amount(client, *after).await?;
            set_price(
                client,
                action,
                (*product, *variant),
                "compareAtPrice",
                price,
            )
            .await
        }
        Action::Inventory {
            item,
            location,
            before,
            after,
        } => set_stock(client, action, (*item, *location), (*before, *after), key).await,
        Action::AddTags { target, tags } => {
            change_tags(client, &TAGS_ADD, action, *target, tags).await
        }
        Action::RemoveTags { target, tags } => {
            change_tags(client, &TAGS_REMOVE, action, *target, tags).await
        }
        Action::HoldOrder {
            order,
            handle,
            reason,
            note,
        } => holds::hold(client, action, *order, (handle, *reason, note)).await,
        Action::ReleaseOrder { order, handle, .. } => {
            holds::release(client, action, *order, handle).await
        }
        Action::CancelOrder(cancellation) => cancel::cancel(client, action, cancellation).await,
        Action::RefundOrder(wish) => refund::refund(client, action, wish, key).await,
        Action::Discount(discount) => discounts::create(client, action, discount).await,
        Action::EndDiscount(discount) => discounts::end(client, action, discount).await,
        Action::ProductDraft(draft) => drafts::create(client, action, draft).await,
        Action::DeleteDraft(draft) => drafts::delete(client, action, &draft.handle).await,
        Action::Ship(shipment) => shipping::ship(client, action, shipment).await,
        Action::PurchaseOrder(_)
        | Action::CancelPurchase(_)
        | Action::AdStatus(_)
        | Action::AdBudget(_)
        | Action::NewCampaign(_)
        | Action::RetireCampaign(_)
        | Action::SupplierOrder(_)
        | Action::CallOffSupply(_)
        | Action::Signal(_) => {
            let detail = "A shop knows nothing of orders of goods, of suppliers, of advertisements and of signals.";
            Err(client.error(Kind::Rejected, Retry::Never, action.kind(), detail))
        }
    }
}

/// In the shop's currency; null takes a price away.
pub(super) async fn amount(client: &Client, minor: Option<i64>) -> PortResult<Value> {
    let Some(minor) = minor else {
        return Ok(Value::Null);
    };
    let currency = identity::currency(client, &mut Notes::default()).await?;
    Ok(format_minor(minor, currency).into())
}

async fn set_price(
    client: &Client,
    action: &Action,
    (product, variant): (ProductId, VariantId),
    field: &str,
    price: Value,
) -> PortResult<()> {
    if !is_ready(client, &VARIANT_PRICES_SET, action).await? {
        return Ok(());
    }
    let row = json!({ "id": gid("ProductVariant", variant), field: price });
    let variables = json!({ "product": gid("Product", product), "variants": [row] });
    must(client, &VARIANT_PRICES_SET, variables, false).await
}

/// The shop itself compares with the quantity that was planned on, and knows the key again.
async fn set_stock(
    client: &Client,
    action: &Action,
    (item, location): (InventoryItemId, LocationId),
    (before, after): (i64, i64),
    key: Uuid,
) -> PortResult<()> {
    let row = json!({
        "inventoryItemId": gid("InventoryItem", item),
        "locationId": gid("Location", location),
        "quantity": after,
        "changeFromQuantity": before,
    });
    let input = json!({ "name": "available", "reason": "correction", "quantities": [row] });
    let variables = json!({ "input": input, "key": key });
    let errors = mutate(client, &STOCK_SET, variables, true).await?;
    let Some(error) = errors.first() else {
        return Ok(());
    };
    let error = refused(client, &STOCK_SET, error);
    // Another quantity than planned on may be the one that it should become.
    if error.kind == Kind::Conflict && !is_ready(client, &STOCK_SET, action).await? {
        return Ok(());
    }
    Err(error)
}

async fn change_tags(
    client: &Client,
    document: &Document,
    action: &Action,
    target: Tagged,
    tags: &[String],
) -> PortResult<()> {
    // Shopify would make two of it, and nobody would find the one that was asked for.
    if let Some(tag) = tags.iter().find(|t| t.contains(',') || t.trim().is_empty()) {
        let detail = format!("{tag:?} cannot be a tag: it is empty or has a comma in it.");
        return Err(client.error(Kind::Rejected, Retry::Never, document.operation, detail));
    }
    if !is_ready(client, document, action).await? {
        return Ok(());
    }
    let variables = json!({ "id": tagged_gid(target), "tags": tags });
    must(client, document, variables, false).await
}

/// `false`: it is so already.
pub(super) async fn is_ready(
    client: &Client,
    document: &Document,
    action: &Action,
) -> PortResult<bool> {
    let seen = look(client, &[action.target()]).await?;
    let seen = seen.into_iter().next().unwrap_or(Seen::Gone);
    stands(client, document, action, &seen)
}

/// `false`: it is so already.
///
/// # Errors
/// `Conflict` when it is neither as planned on nor as it should become.
pub(super) fn stands(
    client: &Client,
    document: &Document,
    action: &Action,
    seen: &Seen,
) -> PortResult<bool> {
    match action.verdict(seen) {
        Verdict::Ready => Ok(true),
        Verdict::Done => Ok(false),
        Verdict::Drifted => Err(drifted(client, document, action, seen)),
    }
}

fn drifted(client: &Client, document: &Document, action: &Action, seen: &Seen) -> PortError {
    let money = |minor: i64| match client.memory.currency() {
        Some(currency) => format_minor(minor, currency),
        None => minor.to_string(),
    };
    let now = match (action, seen) {
        (Action::Price { .. }, Seen::Variant { price, .. }) => {
            format!("the price is {} by now", money(*price))
        }
        (_, Seen::Variant { compare_at, .. }) => {
            let price = compare_at.map_or_else(|| "not set".to_owned(), money);
            format!("the compare-at price is {price} by now")
        }
        (_, Seen::Stock { available }) => format!("{available} are available by now"),
        (_, Seen::Tags { .. }) => "the tags are others by now".to_owned(),
        (_, Seen::Holds { .. }) => "nothing is left that could be held".to_owned(),
        (_, Seen::Order { is_sent: true, .. }) => "it was sent, or is on its way".to_owned(),
        (_, Seen::Order { total, .. }) => format!("the order comes to {} by now", money(*total)),
        (_, Seen::Discount { .. }) => "the discount is another one".to_owned(),
        (_, Seen::Product { .. }) => "the product is another one, or no draft any more".to_owned(),
        (_, Seen::Refund(seen)) => match seen.amount {
            Some(amount) => format!(
                "it would give back {}, and gave back {} of the order",
                money(amount),
                money(seen.refunded)
            ),
            None => "it gives nothing back for this".to_owned(),
        },
        (_, Seen::Shipping(_)) => "its lines were sent, refunded or held back meanwhile".to_owned(),
        (_, Seen::Gone | Seen::Purchase(_) | Seen::Ad(_) | Seen::Supply(_) | Seen::Signal(_)) => {
            "it is not there any more".to_owned()
        }
    };
    let detail = format!(
        "{} shows another state than the change was planned on: {now}.",
        client.shop.domain
    );
    client.error(Kind::Conflict, Retry::Never, document.operation, detail)
}
