//! Products that are prepared: made under a handle that no other product has, and removed only while nobody saw or bought them.

use super::apply::{amount, is_ready, stands};
use super::look::gid;
use super::{must, refused, send};
use crate::client::Client;
use crate::documents::{LOOK_HANDLE, LOOK_SOLD, PRODUCT_DELETE, PRODUCT_SET};
use crate::identity;
use crate::map;
use crate::notes::Notes;
use crate::wire::{Connection, HandledProduct, Made};
use domain::changes::{Action, DraftVariant, ProductDraft, Seen};
use ports::PortResult;
use serde::Deserialize;
use serde_json::{Value, json};

const NOT_UNIQUE: &str = "HANDLE_NOT_UNIQUE";
/// So many SKUs in one search.
const SKUS: usize = 20;
/// What the shop calls the only option of a product that has none, and its only value.
const ONLY_OPTION: (&str, &str) = ("Title", "Default Title");

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct OfHandle {
    product_by_identifier: Option<HandledProduct>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Sold {
    orders: Option<Connection<Made>>,
}

/// Without an identifier, so that nothing that is there is written over.
pub(super) async fn create(
    client: &Client,
    action: &Action,
    draft: &ProductDraft,
) -> PortResult<()> {
    if !is_ready(client, &PRODUCT_SET, action).await? {
        return Ok(());
    }
    let variables = json!({ "input": input(client, draft).await? });
    let payload = send(client, &PRODUCT_SET, variables, false).await?;
    let Some(error) = payload.user_errors.iter().flatten().next() else {
        return Ok(());
    };
    // The handle may be that of ours, of a try whose answer was lost.
    let is_taken = error.code.as_deref() == Some(NOT_UNIQUE);
    if is_taken && !is_ready(client, &PRODUCT_SET, action).await? {
        return Ok(());
    }
    Err(refused(client, &PRODUCT_SET, error))
}

pub(super) async fn delete(client: &Client, action: &Action, handle: &str) -> PortResult<()> {
    let seen = look(client, handle).await?;
    if !stands(client, &PRODUCT_DELETE, action, &seen)? {
        return Ok(());
    }
    match seen {
        Seen::Product { product, .. } => {
            let variables = json!({ "id": gid("Product", product) });
            must(client, &PRODUCT_DELETE, variables, false).await
        }
        _ => Ok(()),
    }
}

pub(super) async fn look(client: &Client, handle: &str) -> PortResult<Seen> {
    let variables = json!({ "handle": handle });
    let answer: OfHandle = client.read_whole(&LOOK_HANDLE, variables).await?;
    let found = answer.product_by_identifier.filter(|p| p.id.is_some());
    let Some(product) = found else {
        return Ok(Seen::Gone);
    };
    let currency = identity::currency(client, &mut Notes::default()).await?;
    let is_sold = is_sold(client, &product).await?;
    let seen = map::product_seen(&product, currency, is_sold);
    seen.map_err(|e| client.unreadable(LOOK_HANDLE.operation, &e))
}

/// Staff can sell a draft by hand. Orders are found by SKU; one of another product with the same SKU counts as well.
async fn is_sold(client: &Client, product: &HandledProduct) -> PortResult<bool> {
    let variants = product.variants.iter().flat_map(Connection::iter);
    let skus: Vec<_> = variants
        .filter_map(|v| v.sku.as_deref())
        .filter(|sku| !sku.is_empty())
        .map(|sku| format!("sku:'{}'", sku.replace('\\', "\\\\").replace('\'', "\\'")))
        .collect();
    for some in skus.chunks(SKUS) {
        let variables = json!({ "query": some.join(" OR ") });
        let sold: Sold = client.read_whole(&LOOK_SOLD, variables).await?;
        if sold.orders.is_some_and(|orders| orders.count() > 0) {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn input(client: &Client, draft: &ProductDraft) -> PortResult<Value> {
    let options: Vec<Value> = if draft.options.is_empty() {
        let (name, value) = ONLY_OPTION;
        vec![json!({ "name": name, "values": [{ "name": value }] })]
    } else {
        let options = draft.options.iter();
        options
            .map(|option| {
                let values: Vec<_> = option.values.iter().map(|v| json!({ "name": v })).collect();
                json!({ "name": option.name, "values": values })
            })
            .collect()
    };
    let mut variants = Vec::with_capacity(draft.variants.len());
    for variant in &draft.variants {
        variants.push(of_variant(client, draft, variant).await?);
    }
    let files = draft.images.iter().map(
        |image| json!({ "originalSource": image.url, "alt": image.alt, "contentType": "IMAGE" }),
    );
    Ok(json!({
        "handle": draft.handle,
        "title": draft.title,
        "status": "DRAFT",
        "descriptionHtml": draft.description_html,
        "productType": draft.product_type,
        "vendor": draft.vendor,
        "productOptions": options,
        "variants": variants,
        "files": files.collect::<Vec<_>>(),
    }))
}

async fn of_variant(
    client: &Client,
    draft: &ProductDraft,
    variant: &DraftVariant,
) -> PortResult<Value> {
    let values: Vec<Value> = if draft.options.is_empty() {
        let (option, name) = ONLY_OPTION;
        vec![json!({ "optionName": option, "name": name })]
    } else {
        let pairs = draft.options.iter().zip(&variant.values);
        pairs
            .map(|(option, value)| json!({ "optionName": option.name, "name": value }))
            .collect()
    };
    Ok(json!({
        "optionValues": values,
        "price": amount(client, Some(variant.price)).await?,
        "compareAtPrice": amount(client, variant.compare_at).await?,
        "inventoryItem": {
            "cost": amount(client, variant.unit_cost).await?,
            "sku": variant.sku,
            "tracked": true,
        },
    }))
}
