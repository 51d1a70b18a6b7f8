//! One wish as the API reads it.

use crate::problem::FieldError;
use application::changes::Edit;
use domain::changes::Tagged;
use domain::money::{Currency, Money};
use serde::Deserialize;
use std::str::FromStr;
use utoipa::ToSchema;

/// Amounts are decimal strings in the store's currency.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = ChangeEdit)]
pub(crate) enum EditBody {
    Price {
        variant_id: String,
        after: String,
    },
    /// Null takes it away.
    CompareAtPrice {
        variant_id: String,
        after: Option<String>,
    },
    /// What is available of an item at a location.
    Inventory {
        item_id: String,
        location_id: String,
        after: i64,
    },
    /// Of an order or of a product.
    AddTags {
        order_id: Option<String>,
        product_id: Option<String>,
        tags: Vec<String>,
    },
    RemoveTags {
        order_id: Option<String>,
        product_id: Option<String>,
        tags: Vec<String>,
    },
    /// Keeps what is not yet sent of an order from being sent.
    HoldOrder {
        order_id: String,
        note: Option<String>,
    },
    ReleaseOrder {
        order_id: String,
        note: Option<String>,
    },
}

type Wrong = (&'static str, String);

/// The edits, or all that is wrong with them.
pub(super) fn read(bodies: &[EditBody], currency: Currency) -> Result<Vec<Edit>, Vec<FieldError>> {
    let (mut edits, mut errors) = (Vec::new(), Vec::new());
    for (place, body) in bodies.iter().enumerate() {
        match one(body, currency) {
            Ok(edit) => edits.push(edit),
            Err((field, message)) => {
                errors.push(FieldError::new(&format!("edits[{place}].{field}"), message));
            }
        }
    }
    if errors.is_empty() {
        Ok(edits)
    } else {
        Err(errors)
    }
}

fn one(body: &EditBody, currency: Currency) -> Result<Edit, Wrong> {
    let money = |text: &str| match Money::parse(text, currency) {
        Ok(money) => Ok(money.minor),
        Err(error) => Err(("after", error.to_string())),
    };
    let note = |note: &Option<String>| note.clone().unwrap_or_default();
    Ok(match body {
        EditBody::Price { variant_id, after } => Edit::Price {
            variant: id("variant_id", variant_id)?,
            after: money(after)?,
        },
        EditBody::CompareAtPrice { variant_id, after } => Edit::CompareAtPrice {
            variant: id("variant_id", variant_id)?,
            after: after.as_deref().map(money).transpose()?,
        },
        EditBody::Inventory {
            item_id,
            location_id,
            after,
        } => Edit::Inventory {
            item: id("item_id", item_id)?,
            location: id("location_id", location_id)?,
            after: *after,
        },
        EditBody::AddTags {
            order_id,
            product_id,
            tags,
        } => Edit::AddTags {
            target: tagged(order_id.as_deref(), product_id.as_deref())?,
            tags: tags.clone(),
        },
        EditBody::RemoveTags {
            order_id,
            product_id,
            tags,
        } => Edit::RemoveTags {
            target: tagged(order_id.as_deref(), product_id.as_deref())?,
            tags: tags.clone(),
        },
        EditBody::HoldOrder { order_id, note: n } => Edit::HoldOrder {
            order: id("order_id", order_id)?,
            note: note(n),
        },
        EditBody::ReleaseOrder { order_id, note: n } => Edit::ReleaseOrder {
            order: id("order_id", order_id)?,
            note: note(n),
        },
    })
}

fn tagged(order: Option<&str>, product: Option<&str>) -> Result<Tagged, Wrong> {
    match (order, product) {
        (Some(order), None) => Ok(Tagged::Order(id("order_id", order)?)),
        (None, Some(product)) => Ok(Tagged::Product(id("product_id", product)?)),
        _ => Err((
            "order_id",
            "is needed, or `product_id`, and not both".to_owned(),
        )),
    }
}

fn id<Id: FromStr>(field: &'static str, text: &str) -> Result<Id, Wrong> {
    text.parse()
        .map_err(|_| (field, "is not an id of the provider".to_owned()))
}
