//! Variants that Shopify puts together from others (fixed bundles): few enough to be read page by page.

use crate::client::Client;
use crate::documents::BUNDLES_PAGE;
use crate::notes::Notes;
use crate::wire::{Connection, Ref};
use domain::ids::VariantId;
use ports::PortResult;
use ports::source::SourceBundle;
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    product_variants: Option<Connection<Bundle>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bundle {
    id: Option<String>,
    requires_components: Option<bool>,
    product_variant_components: Option<Connection<Component>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Component {
    quantity: Option<i64>,
    product_variant: Option<Ref>,
}

pub(crate) async fn bundles(client: &Client) -> PortResult<Vec<SourceBundle>> {
    let mut notes = Notes::default();
    let (mut all, mut after) = (Vec::new(), None::<String>);
    loop {
        let variables = json!({ "after": after });
        let page: Page = client.read(&BUNDLES_PAGE, variables, &mut notes).await?;
        let Some(page) = page.product_variants else {
            return Err(client.not_granted("products.bundles", "products", "read_products"));
        };
        after = page.next();
        // A filter that a version of the API does not know would let everything through.
        let bundles = page.into_nodes().into_iter();
        let bundles = bundles.filter(|b| b.requires_components == Some(true));
        all.extend(bundles.filter_map(bundle));
        if after.is_none() {
            return Ok(all);
        }
    }
}

/// `None` without a number. Of a bundle that is not whole no component is told: half of them would say that more can be sold than can.
fn bundle(wire: Bundle) -> Option<SourceBundle> {
    let parts = wire.product_variant_components;
    let whole = parts.filter(|parts| parts.next().is_none());
    Some(SourceBundle {
        variant: number(wire.id.as_deref())?,
        components: whole.and_then(|parts| {
            let mut components = BTreeMap::new();
            for part in parts.into_nodes() {
                let id = number(part.product_variant?.id.as_deref())?;
                *components.entry(id).or_insert(0) += part.quantity?;
            }
            Some(components)
        }),
    })
}

fn number(gid: Option<&str>) -> Option<VariantId> {
    gid?.rsplit('/').next()?.parse().ok()
}
