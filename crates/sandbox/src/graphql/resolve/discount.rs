//! Discounts.

use super::super::argument::Arguments;
use super::super::search::Search;
use super::super::value::{Object, Value};
use super::{Context, id, time};
use crate::store::discounts::Discount;
use crate::store::ids;

pub(crate) const CODE: &str = "DiscountCodeNode";
pub(crate) const AUTOMATIC: &str = "DiscountAutomaticNode";

fn live<'a>(context: &'a Context<'a>) -> impl Iterator<Item = (usize, &'a Discount)> {
    let all = context.store.discounts.iter().enumerate();
    all.filter(|(_, d)| !d.deleted)
}

pub(super) fn by_code<'a>(context: &'a Context<'a>, arguments: &Arguments) -> Value<'a> {
    let code = arguments.text("code").unwrap_or_default();
    let mut found = live(context).filter(|(_, d)| d.has_code(code));
    let found = found.next().map(|(n, _)| n);
    found.map_or(Value::Null, |n| Value::Object(node(context, n)))
}

/// Under the id of its own sort.
pub(super) fn by_id<'a>(context: &'a Context<'a>, kind: &str, n: usize) -> Option<Object<'a>> {
    let mut found = live(context).filter(|(at, d)| *at == n && (kind == CODE) == d.code.is_some());
    found.next().map(|(n, _)| node(context, n))
}

fn node<'a>(context: &'a Context<'a>, n: usize) -> Object<'a> {
    let (kind, field) = match context.store.discounts[n].code {
        Some(_) => (CODE, "codeDiscount"),
        None => (AUTOMATIC, "automaticDiscount"),
    };
    let fields = vec![
        ("id", id(kind, ids::DISCOUNT + n as i64)),
        (field, row(context, n)),
    ];
    Object::Made(kind, std::sync::Arc::new(fields))
}

pub(super) fn all<'a>(context: &'a Context<'a>, arguments: &Arguments) -> Value<'a> {
    const KNOWN: [&str; 7] = ["", "code", "id", "method", "status", "tag", "title"];
    let query = arguments.text("query").unwrap_or_default();
    let search = Search::parse(query);
    let warnings = search.warnings("discountNodes", query, &|f| KNOWN.contains(&f));
    context.warnings.borrow_mut().extend(warnings);
    let found = live(context).filter(|(n, d)| {
        search.matches(&|t| {
            Some(match t.field.as_str() {
                "" => true,
                "code" => d.code.as_deref().is_some_and(|code| t.word(code)),
                "id" => t.number(ids::DISCOUNT + *n as i64),
                "method" if d.code.is_some() => t.word("code"),
                "method" => t.word("automatic"),
                "status" => t.word(d.status(context.now)),
                "tag" => d.tags.iter().any(|tag| t.word(tag)),
                "title" => t.word(&d.title),
                _ => return None,
            })
        })
    });
    Value::connection(found.map(|(n, _)| {
        let fields = vec![
            ("id", id("DiscountNode", ids::DISCOUNT + n as i64)),
            ("discount", row(context, n)),
        ];
        Object::Made("DiscountNode", std::sync::Arc::new(fields))
    }))
}

fn row<'a>(context: &'a Context<'a>, n: usize) -> Value<'a> {
    let d = &context.store.discounts[n];
    let ty = match d.code {
        Some(_) => "DiscountCodeBasic",
        None => "DiscountAutomaticBasic",
    };
    let percentage = vec![("percentage", Value::Raw(d.percentage.to_string()))];
    let items = match &d.products {
        None => Value::made("AllDiscountItems", vec![("allItems", Value::Bool(true))]),
        Some(products) => {
            let products = products.iter().copied().map(Object::Product);
            let fields = vec![
                ("products", Value::connection(products)),
                ("productVariants", Value::connection([])),
            ];
            Value::made("DiscountProducts", fields)
        }
    };
    let gets = vec![
        ("items", items),
        ("value", Value::made("DiscountPercentage", percentage)),
    ];
    let tags = d.tags.iter().map(|t| Value::text(t.as_str())).collect();
    let fields = vec![
        ("asyncUsageCount", Value::Int(context.discounts_used)),
        ("createdAt", Value::text(time(d.created))),
        ("customerGets", Value::made("DiscountCustomerGets", gets)),
        ("endsAt", Value::maybe(d.ends.map(time))),
        ("startsAt", Value::text(time(d.starts))),
        ("status", Value::text(d.status(context.now))),
        ("tags", Value::List(tags)),
        ("title", Value::text(d.title.as_str())),
        ("updatedAt", Value::text(time(d.created))),
    ];
    Value::made(ty, fields)
}
