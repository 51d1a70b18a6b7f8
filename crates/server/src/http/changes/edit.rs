//! One wish as the API reads it.

use super::draft::DraftBody;
use super::refund::RefundBody;
use crate::problem::FieldError;
use application::changes::{AdEdit, AdWish, CampaignEdit, CancelEdit, DiscountEdit, Edit};
use chrono::{DateTime, Utc};
use domain::ads::AdLevel;
use domain::changes::{CancelReason, DiscountScope, Tagged};
use domain::ids::AdAccountId;
use domain::money::{Currency, Money};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use serde::Deserialize;
use std::collections::BTreeSet;
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
    /// Of an order of which nothing was sent. Nothing takes it back.
    CancelOrder {
        order_id: String,
        reason: CancelReasonBody,
        /// Whether what was set aside for it can be sold again; yes when left out.
        restock: Option<bool>,
        /// Whether what was paid is given back the way it came; yes when left out.
        refund: Option<bool>,
        /// No when left out.
        notify_customer: Option<bool>,
        /// For the shop's staff.
        note: Option<String>,
    },
    RefundOrder(RefundBody),
    /// With a code, or by itself without one; on everything, or on the products or collections that are named.
    Discount {
        /// What buyers see; the code when left out.
        title: Option<String>,
        code: Option<String>,
        /// A decimal number: `12.5` takes an eighth off.
        percent: String,
        /// Now when left out.
        starts_at: Option<DateTime<Utc>>,
        /// Until somebody ends it when left out.
        ends_at: Option<DateTime<Utc>>,
        product_ids: Option<Vec<String>>,
        collection_ids: Option<Vec<String>>,
    },
    /// A product that nobody sees yet.
    ProductDraft(DraftBody),
    /// Pauses a campaign, ad set or ad of a connected account, or lets it run again.
    AdStatus {
        account_id: String,
        level: AdLevelBody,
        /// The platform's number.
        ad_id: String,
        after: AdStatusBody,
    },
    /// What a campaign or ad set may spend over the span of its budget, in the currency of its account.
    AdBudget {
        account_id: String,
        level: AdLevelBody,
        ad_id: String,
        after: String,
    },
    /// A campaign of a connected account, paused and with nothing to show yet.
    NewCampaign {
        account_id: String,
        /// No other campaign of the account has it.
        name: String,
        /// In the currency of the account.
        daily_budget: String,
    },
}

#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ChangeAdLevel)]
pub(crate) enum AdLevelBody {
    Campaign,
    AdSet,
    Ad,
}

#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ChangeAdStatus)]
pub(crate) enum AdStatusBody {
    Active,
    Paused,
}

impl From<AdLevelBody> for AdLevel {
    fn from(body: AdLevelBody) -> Self {
        match body {
            AdLevelBody::Campaign => Self::Campaign,
            AdLevelBody::AdSet => Self::AdSet,
            AdLevelBody::Ad => Self::Ad,
        }
    }
}

#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ChangeCancelReason)]
pub(crate) enum CancelReasonBody {
    Customer,
    /// The payment was declined.
    Declined,
    Fraud,
    Inventory,
    Staff,
    Other,
}

impl From<CancelReasonBody> for CancelReason {
    fn from(body: CancelReasonBody) -> Self {
        match body {
            CancelReasonBody::Customer => Self::Customer,
            CancelReasonBody::Declined => Self::Declined,
            CancelReasonBody::Fraud => Self::Fraud,
            CancelReasonBody::Inventory => Self::Inventory,
            CancelReasonBody::Staff => Self::Staff,
            CancelReasonBody::Other => Self::Other,
        }
    }
}

pub(super) type Wrong = (&'static str, String);

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
        EditBody::CancelOrder {
            order_id,
            reason,
            restock,
            refund,
            notify_customer,
            note: n,
        } => Edit::CancelOrder(CancelEdit {
            order: id("order_id", order_id)?,
            reason: (*reason).into(),
            restock: restock.unwrap_or(true),
            refund: refund.unwrap_or(true),
            notify_customer: notify_customer.unwrap_or(false),
            note: note(n),
        }),
        EditBody::RefundOrder(body) => Edit::RefundOrder(body.read()?),
        EditBody::Discount {
            title,
            code,
            percent,
            starts_at,
            ends_at,
            product_ids,
            collection_ids,
        } => Edit::Discount(DiscountEdit {
            title: title.clone(),
            code: code.clone(),
            share: share(percent)?,
            starts_at: *starts_at,
            ends_at: *ends_at,
            on: scope(product_ids.as_deref(), collection_ids.as_deref())?,
        }),
        EditBody::ProductDraft(body) => Edit::ProductDraft(body.read(currency)?),
        EditBody::AdStatus {
            account_id,
            level,
            ad_id,
            after,
        } => Edit::Ad(AdEdit {
            account: account(account_id)?,
            level: (*level).into(),
            id: ad_id.clone(),
            wish: match after {
                AdStatusBody::Active => AdWish::Resume,
                AdStatusBody::Paused => AdWish::Pause,
            },
        }),
        EditBody::AdBudget {
            account_id,
            level,
            ad_id,
            after,
        } => Edit::Ad(AdEdit {
            account: account(account_id)?,
            level: (*level).into(),
            id: ad_id.clone(),
            wish: AdWish::Budget(after.clone()),
        }),
        EditBody::NewCampaign {
            account_id,
            name,
            daily_budget,
        } => Edit::NewCampaign(CampaignEdit {
            account: account(account_id)?,
            name: name.clone(),
            daily_budget: daily_budget.clone(),
        }),
    })
}

/// `12.5` is 1250 ten-thousandths.
fn share(percent: &str) -> Result<i64, Wrong> {
    let fault = || {
        (
            "percent",
            "is a number with at most two decimals".to_owned(),
        )
    };
    let hundredths = Decimal::from_str(percent.trim()).map_err(|_| fault())?;
    let share = hundredths.checked_mul(Decimal::ONE_HUNDRED);
    let whole = share.filter(Decimal::is_integer).and_then(|s| s.to_i64());
    whole.ok_or_else(fault)
}

fn scope(
    products: Option<&[String]>,
    collections: Option<&[String]>,
) -> Result<DiscountScope, Wrong> {
    Ok(match (products, collections) {
        (None, None) => DiscountScope::All,
        (Some(products), None) => DiscountScope::Products(ids("product_ids", products)?),
        (None, Some(collections)) => {
            DiscountScope::Collections(ids("collection_ids", collections)?)
        }
        (Some(_), Some(_)) => {
            let message = "cannot be named together with `product_ids`";
            return Err(("collection_ids", message.to_owned()));
        }
    })
}

fn ids<Id: FromStr + Ord>(field: &'static str, texts: &[String]) -> Result<BTreeSet<Id>, Wrong> {
    texts.iter().map(|text| id(field, text)).collect()
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

fn account(text: &str) -> Result<AdAccountId, Wrong> {
    text.parse()
        .map_err(|_| ("account_id", "is not an id".to_owned()))
}

pub(super) fn id<Id: FromStr>(field: &'static str, text: &str) -> Result<Id, Wrong> {
    text.parse()
        .map_err(|_| (field, "is not an id of the provider".to_owned()))
}
