//! `discountCodeBasicCreate`, `discountAutomaticBasicCreate`, and what ends them.

use chrono::DateTime;
use serde_json::{Value as Json, json};

use super::{Change, Outcome, Problem, product_at};
use crate::graphql::resolve::id;
use crate::graphql::value::Value;
use crate::store::discounts::Discount;
use crate::store::{Seconds, Store, ids};

/// Codes, or those that apply by themselves.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Code,
    Automatic,
}

impl Sort {
    const fn node(self) -> &'static str {
        match self {
            Self::Code => "DiscountCodeNode",
            Self::Automatic => "DiscountAutomaticNode",
        }
    }

    const fn argument(self) -> &'static str {
        match self {
            Self::Code => "basicCodeDiscount",
            Self::Automatic => "automaticBasicDiscount",
        }
    }

    const fn payload(self) -> &'static str {
        match self {
            Self::Code => "codeDiscountNode",
            Self::Automatic => "automaticDiscountNode",
        }
    }
}

pub(super) fn create(change: &mut Change<'_>, sort: Sort) -> Outcome {
    let input = change.field.arguments.get(sort.argument()).cloned();
    let input = input.unwrap_or_default();
    let mut store = change.app.write();
    let now = change.app.now();
    let discount = match read(&store, &input, sort, now) {
        Ok(discount) => discount,
        Err((field, message, code)) => {
            let mut place = vec![sort.argument()];
            place.extend(field);
            return change.refused(vec![Problem::new(&place, message, Some(code))]);
        }
    };
    let n = store.discounts.len();
    let name = discount
        .code
        .clone()
        .unwrap_or_else(|| discount.title.clone());
    let after = json!({ "name": name, "percentage": discount.percentage, "tags": discount.tags });
    store.discounts.push(discount);
    let number = ids::DISCOUNT + n as i64;
    let gid = ids::gid(sort.node(), number);
    change.note(None, (&gid, "discount"), Json::Null, after);
    // A new one is asked for again by its id.
    let made = Value::made(sort.node(), vec![("id", id(sort.node(), number))]);
    change.outcome(vec![(sort.payload(), made)], Vec::new())
}

type Fault = (Vec<&'static str>, &'static str, &'static str);

fn read(store: &Store, input: &Json, sort: Sort, now: Seconds) -> Result<Discount, Fault> {
    let text = |name: &str| input[name].as_str().unwrap_or_default().trim().to_owned();
    let at = |name: &str| {
        let at = input[name].as_str();
        at.and_then(|at| DateTime::parse_from_rfc3339(at).ok())
            .map(|at| at.timestamp())
    };
    if text("title").is_empty() {
        return Err((vec!["title"], "Title can't be blank", "BLANK"));
    }
    let code = (sort == Sort::Code).then(|| text("code"));
    if let Some(code) = &code {
        if code.is_empty() {
            return Err((vec!["code"], "Code can't be blank", "BLANK"));
        }
        if store.discounts.iter().any(|d| d.has_code(code)) {
            let message = "Code must be unique. Please try a different code.";
            return Err((vec!["code"], message, "TAKEN"));
        }
    }
    let Some(starts) = at("startsAt") else {
        return Err((vec!["startsAt"], "Starts at can't be blank", "BLANK"));
    };
    let ends = at("endsAt");
    if ends.is_some_and(|end| end <= starts) {
        let message = "Ends at needs to be after starts_at";
        return Err((vec!["endsAt"], message, "END_DATE_BEFORE_START_DATE"));
    }
    let gets = &input["customerGets"];
    let percentage = gets["value"]["percentage"].as_f64().unwrap_or(0.0);
    if !(percentage > 0.0 && percentage <= 1.0) {
        let place = vec!["customerGets", "value", "percentage"];
        let message = "Value must be between 0.0 and 1.0";
        return Err((place, message, "VALUE_OUTSIDE_RANGE"));
    }
    let tags = input["tags"].as_array().into_iter().flatten();
    Ok(Discount {
        title: text("title"),
        code,
        tags: tags.filter_map(Json::as_str).map(str::to_owned).collect(),
        percentage,
        created: now,
        starts,
        ends,
        products: items(store, &gets["items"])?,
        deleted: false,
    })
}

/// The sandbox's shop has no collections.
fn items(store: &Store, items: &Json) -> Result<Option<Vec<u32>>, Fault> {
    if items["all"] == true {
        return Ok(None);
    }
    let place = |more: &[&'static str]| [&["customerGets", "items"], more].concat();
    let named = |list: &Json| list.as_array().cloned().unwrap_or_default();
    if !named(&items["collections"]["add"]).is_empty() {
        let message = "Collection with id is invalid";
        return Err((place(&["collections", "add"]), message, "INVALID"));
    }
    let mut products = Vec::new();
    for gid in named(&items["products"]["productsToAdd"]) {
        let Some(product) = product_at(store, gid.as_str().unwrap_or_default()) else {
            let message = "Product with id is invalid";
            return Err((place(&["products", "productsToAdd"]), message, "INVALID"));
        };
        products.push(product);
    }
    if products.is_empty() {
        return Err((place(&[]), "Items can't be blank", "BLANK"));
    }
    Ok(Some(products))
}

/// Ends it, or removes it.
pub(super) fn end(change: &mut Change<'_>, sort: Sort, delete: bool) -> Outcome {
    let gid = change
        .field
        .arguments
        .text("id")
        .unwrap_or_default()
        .to_owned();
    let mut store = change.app.write();
    let now = change.app.now();
    let number = ids::parse(&gid).filter(|(kind, _)| *kind == sort.node());
    let n = number.and_then(|(_, number)| ids::index(ids::DISCOUNT, number));
    let found = n.and_then(|n| store.discounts.get_mut(n));
    let is_ours = |d: &&mut Discount| !d.deleted && (sort == Sort::Code) == d.code.is_some();
    let Some(discount) = found.filter(is_ours) else {
        let problem = Problem::new(&["id"], "Discount does not exist.", Some("INVALID"));
        return change.refused(vec![problem]);
    };
    let after = if delete {
        discount.deleted = true;
        json!("deleted")
    } else {
        discount.ends = Some(now);
        json!("ended")
    };
    change.note(None, (&gid, "discount"), json!("there"), after);
    let fields = match (delete, sort) {
        (true, Sort::Code) => ("deletedCodeDiscountId", Value::text(gid)),
        (true, Sort::Automatic) => ("deletedAutomaticDiscountId", Value::text(gid)),
        (false, _) => {
            let node = vec![("id", Value::text(gid))];
            (sort.payload(), Value::made(sort.node(), node))
        }
    };
    change.outcome(vec![fields], Vec::new())
}
