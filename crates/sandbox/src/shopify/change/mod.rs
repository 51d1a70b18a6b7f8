//! Changes of the store by clients: prices, stock, tags, holds. Each notes what it did, so that a test can count doubled effects.

mod cancel;
mod discounts;
mod fulfillments;
mod holds;
mod prices;
mod products;
pub(crate) mod refund;
mod stock;
mod tags;
mod writes;

use serde_json::{Value as Json, json};

use discounts::Sort;
pub(crate) use writes::Writes;

use crate::app::{App, Shared, lock};
use crate::faults::WriteFault;
use crate::graphql::errors;
use crate::graphql::plan::{Plan, PlanField};
use crate::graphql::resolve::time;
use crate::graphql::value::{Object, Value};
use crate::shopify::payload;
use crate::shopify::webhooks::publish;
use crate::store::{Store, ids};

/// The mutations that change the store.
const NAMES: [&str; 18] = [
    "discountAutomaticBasicCreate",
    "discountAutomaticDeactivate",
    "discountAutomaticDelete",
    "discountCodeBasicCreate",
    "discountCodeDeactivate",
    "discountCodeDelete",
    "fulfillmentCreate",
    "fulfillmentOrderHold",
    "fulfillmentOrderReleaseHold",
    "fulfillmentTrackingInfoUpdate",
    "inventorySetQuantities",
    "orderCancel",
    "productDelete",
    "productSet",
    "productVariantsBulkUpdate",
    "refundCreate",
    "tagsAdd",
    "tagsRemove",
];

pub(crate) fn is_change(name: &str) -> bool {
    NAMES.contains(&name)
}

/// The payload, and the error beside it where there is none.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) value: Value<'static>,
    pub(crate) error: Option<Json>,
}

/// Whether a fault strikes what comes, when it is a change that would be made.
pub(crate) fn strike(app: &App, plan: Option<&Plan>) -> Option<WriteFault> {
    let mut fields = plan?.fields("Mutation").iter();
    fields
        .any(|f| is_change(&f.name) && !f.denied)
        .then(|| lock(&app.faults).strikes_change())
        .flatten()
}

/// Somebody else changes what was just changed to something else again.
pub(crate) fn overtake(app: &Shared, plan: Option<&Plan>) {
    for field in plan.iter().flat_map(|plan| plan.fields("Mutation")) {
        if field.name == "productVariantsBulkUpdate" {
            prices::overtake(app, field);
        }
    }
}

/// A change while it is made.
struct Change<'a> {
    app: &'a Shared,
    field: &'a PlanField,
    kind: &'static str,
    scopes: &'a [String],
    writes: &'a mut Writes,
    /// Topics with their bodies, sent when the change is made.
    news: Vec<News>,
}

type News = (&'static str, Json, (&'static str, i64));

/// Makes the change; `refused`: it is turned down whatever it is.
pub(crate) fn run(app: &Shared, field: &PlanField, scopes: &[String], refused: bool) -> Outcome {
    let kind = NAMES.into_iter().find(|n| *n == field.name).unwrap_or("");
    // Held to the end: of two copies of a keyed change the second one finds the first one's answer.
    let mut writes = lock(&app.writes);
    let mut change = Change {
        app,
        field,
        kind,
        scopes,
        writes: &mut writes,
        news: Vec::new(),
    };
    let outcome = if refused {
        change.refuse()
    } else {
        match kind {
            "productVariantsBulkUpdate" => prices::update(&mut change),
            "inventorySetQuantities" => stock::set(&mut change),
            "tagsAdd" => tags::change(&mut change, true),
            "tagsRemove" => tags::change(&mut change, false),
            "fulfillmentCreate" => fulfillments::create(&mut change),
            "fulfillmentTrackingInfoUpdate" => fulfillments::update(&mut change),
            "fulfillmentOrderHold" => holds::hold(&mut change),
            "orderCancel" => cancel::cancel(&mut change),
            "refundCreate" => refund::create(&mut change),
            "discountCodeBasicCreate" => discounts::create(&mut change, Sort::Code),
            "discountAutomaticBasicCreate" => discounts::create(&mut change, Sort::Automatic),
            "discountCodeDeactivate" => discounts::end(&mut change, Sort::Code, false),
            "discountAutomaticDeactivate" => discounts::end(&mut change, Sort::Automatic, false),
            "discountCodeDelete" => discounts::end(&mut change, Sort::Code, true),
            "discountAutomaticDelete" => discounts::end(&mut change, Sort::Automatic, true),
            "productSet" => products::set(&mut change),
            "productDelete" => products::delete(&mut change),
            _ => holds::release(&mut change),
        }
    };
    let news = change.news;
    drop(writes);
    for (topic, body, about) in news {
        publish(app, topic, &body, about);
    }
    outcome
}

/// An entry of `userErrors`.
struct Problem {
    field: Vec<String>,
    message: String,
    code: Option<&'static str>,
}

impl Problem {
    fn new(field: &[&str], message: &str, code: Option<&'static str>) -> Self {
        Self {
            field: field.iter().map(|f| (*f).to_owned()).collect(),
            message: message.to_owned(),
            code,
        }
    }

    fn value(self, ty: &'static str) -> Value<'static> {
        let field = self.field.into_iter().map(Value::text).collect();
        let fields = vec![
            ("field", Value::List(field)),
            ("message", Value::text(self.message)),
            ("code", self.code.map_or(Value::Null, Value::text)),
            ("extraInfo", Value::Null),
        ];
        Value::made(ty, fields)
    }
}

/// The types of a mutation's payload and of its `userErrors`.
fn types(kind: &str) -> (&'static str, &'static str) {
    match kind {
        "productVariantsBulkUpdate" => (
            "ProductVariantsBulkUpdatePayload",
            "ProductVariantsBulkUpdateUserError",
        ),
        "inventorySetQuantities" => (
            "InventorySetQuantitiesPayload",
            "InventorySetQuantitiesUserError",
        ),
        "orderCancel" => ("OrderCancelPayload", "OrderCancelUserError"),
        "refundCreate" => ("RefundCreatePayload", "UserError"),
        "discountCodeBasicCreate" => ("DiscountCodeBasicCreatePayload", "DiscountUserError"),
        "discountAutomaticBasicCreate" => {
            ("DiscountAutomaticBasicCreatePayload", "DiscountUserError")
        }
        "discountCodeDeactivate" => ("DiscountCodeDeactivatePayload", "DiscountUserError"),
        "discountAutomaticDeactivate" => {
            ("DiscountAutomaticDeactivatePayload", "DiscountUserError")
        }
        "discountCodeDelete" => ("DiscountCodeDeletePayload", "DiscountUserError"),
        "discountAutomaticDelete" => ("DiscountAutomaticDeletePayload", "DiscountUserError"),
        "productSet" => ("ProductSetPayload", "ProductSetUserError"),
        "productDelete" => ("ProductDeletePayload", "UserError"),
        "tagsAdd" => ("TagsAddPayload", "UserError"),
        "tagsRemove" => ("TagsRemovePayload", "UserError"),
        "fulfillmentCreate" => ("FulfillmentCreatePayload", "UserError"),
        "fulfillmentTrackingInfoUpdate" => ("FulfillmentTrackingInfoUpdatePayload", "UserError"),
        "fulfillmentOrderHold" => (
            "FulfillmentOrderHoldPayload",
            "FulfillmentOrderHoldUserError",
        ),
        _ => (
            "FulfillmentOrderReleaseHoldPayload",
            "FulfillmentOrderReleaseHoldUserError",
        ),
    }
}

impl Change<'_> {
    fn outcome(
        &self,
        mut fields: Vec<(&'static str, Value<'static>)>,
        problems: Vec<Problem>,
    ) -> Outcome {
        let (payload, problem) = types(self.kind);
        let problems = problems.into_iter().map(|p| p.value(problem)).collect();
        let name = match self.kind {
            "orderCancel" => "orderCancelUserErrors",
            _ => "userErrors",
        };
        fields.push((name, Value::List(problems)));
        Outcome {
            value: Value::made(payload, fields),
            error: None,
        }
    }

    /// Nothing was changed.
    fn refused(&self, problems: Vec<Problem>) -> Outcome {
        const OBJECTS: [&str; 15] = [
            "automaticDiscountNode",
            "codeDiscountNode",
            "deletedAutomaticDiscountId",
            "deletedCodeDiscountId",
            "deletedProductId",
            "fulfillment",
            "fulfillmentHold",
            "fulfillmentOrder",
            "inventoryAdjustmentGroup",
            "job",
            "node",
            "order",
            "product",
            "refund",
            "remainingFulfillmentOrder",
        ];
        let mut fields: Vec<_> = OBJECTS.map(|name| (name, Value::Null)).into();
        fields.push(("productVariants", Value::Null));
        self.outcome(fields, problems)
    }

    fn refuse(&self) -> Outcome {
        let message = "The sandbox was told to refuse this change.";
        self.refused(vec![Problem::new(&["id"], message, None)])
    }

    /// No payload at all.
    fn failed(&self, message: &str, code: &str) -> Outcome {
        Outcome {
            value: Value::Null,
            error: Some(errors::plain(
                message,
                code,
                std::slice::from_ref(&self.field.key),
            )),
        }
    }

    /// Notes what was done to one thing.
    fn note(
        &mut self,
        key: Option<&str>,
        (target, field): (&str, &str),
        before: Json,
        after: Json,
    ) {
        let at = time(self.app.now());
        let detail = json!({"target": target, "field": field, "before": before, "after": after});
        self.app.note(self.kind, key, detail);
        self.writes.made(json!({
            "at": at, "kind": self.kind, "key": key, "target": target, "field": field, "before": before, "after": after,
        }));
    }

    /// The product is newer, and whoever listens hears so.
    fn touch_product(&mut self, store: &mut Store, product: u32) {
        let at = self.app.now();
        let there = &mut store.products[product as usize];
        there.updated = at.max(there.updated + 1);
        let about = ("x-shopify-product-id", ids::PRODUCT + i64::from(product));
        let body = payload::product(store, product);
        self.news.push(("PRODUCTS_UPDATE", body, about));
    }

    /// The order is newer, and whoever listens hears so.
    fn touch_order(&mut self, store: &mut Store, order: usize) {
        let at = self.app.now();
        let there = &mut store.orders[order];
        there.updated = at.max(there.updated + 1);
        let about = ("x-shopify-order-id", ids::ORDER + order as i64);
        let body = payload::order(store, &store.orders[order]);
        self.news.push(("ORDERS_UPDATED", body, about));
    }
}

/// The position of a thing of that kind.
fn position(gid: &str, kind: &str, base: i64, count: usize) -> Option<usize> {
    let (_, number) = ids::parse(gid).filter(|(k, _)| *k == kind)?;
    ids::index(base, number).filter(|n| *n < count)
}

/// The position of an order that can still be read.
fn order_at(store: &Store, gid: &str) -> Option<usize> {
    let at = position(gid, "Order", ids::ORDER, store.orders.len())?;
    store.orders[at].deleted.is_none().then_some(at)
}

/// The position of a product that can still be read.
fn product_at(store: &Store, gid: &str) -> Option<u32> {
    let at = position(gid, "Product", ids::PRODUCT, store.products.len())?;
    let lives = store.products[at].deleted.is_none();
    u32::try_from(at).ok().filter(|_| lives)
}

fn product_object(product: u32) -> Value<'static> {
    Value::Object(Object::Product(product))
}
