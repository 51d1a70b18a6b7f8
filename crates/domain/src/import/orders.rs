//! Shopify's orders export: rows of one order become one [`Order`].
//!
//! Order columns stand on the first row only. `Total` is what the ledger has to come to. What the export does not know is decided here,
//! once: taxes are spread over taxable lines by what they sold for (and over shipping, when prices contain tax); a refund is an
//! adjustment on the day of the cancellation, else of the sale, with its share of the tax; goods of a refund do not count as back.
//! What `Total` has beyond its parts is kept as an unclassified amount, never guessed.

use super::cells::Cells;
use super::mapping::Layout;
use super::order_parts::{
    part, refunds, reversal, sale_agreement, shipping_lines, totals, transactions,
};
use super::row::{Row, RowProblem};
use super::{IMPORTED_AT, stable_id};
use crate::calendar::Calendar;
use crate::ids::{CustomerId, LineId, OrderId, ProductId, StoreId, VariantId};
use crate::money::{Currency, allocate, format_minor};
use crate::order::{Order, OrderLine};
use chrono::{DateTime, Utc};

/// Finds what the catalogue knows under a SKU and a name.
type Link<'a> = &'a dyn Fn(Option<&str>, &str) -> (Option<ProductId>, Option<VariantId>);

pub struct OrderContext<'a> {
    pub store: StoreId,
    pub currency: Currency,
    pub calendar: Calendar,
    pub link: Link<'a>,
    /// A pseudonym for an e-mail address; nothing else of a person is kept.
    pub person: &'a dyn Fn(&str) -> CustomerId,
}

/// An order that can be imported, with what should be known about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadOrder {
    pub order: Order,
    pub notes: Vec<RowProblem>,
    /// The day of its refund is not in the file.
    pub refund_day_unknown: bool,
}

pub(super) struct Head<'a> {
    pub(super) name: &'a str,
    pub(super) id: OrderId,
    pub(super) currency: Currency,
    pub(super) at: DateTime<Utc>,
    pub(super) cancelled_at: Option<DateTime<Utc>>,
    pub(super) paid_at: Option<DateTime<Utc>>,
    pub(super) subtotal: i64,
    pub(super) shipping: i64,
    pub(super) taxes: i64,
    pub(super) duties: i64,
    pub(super) total: i64,
    pub(super) refunded: i64,
    pub(super) outstanding: i64,
    pub(super) financial_status: String,
}

struct Item<'a> {
    title: &'a str,
    sku: Option<&'a str>,
    price: i64,
    quantity: i64,
    discount: i64,
    taxable: bool,
    gift_card: bool,
    tip: bool,
}

impl Item<'_> {
    fn value(&self) -> i64 {
        self.price * self.quantity
    }
}

/// `rows` are all rows of one order, in the order of the file.
pub fn read_order(
    rows: &[Row],
    layout: &Layout,
    context: &OrderContext<'_>,
) -> Result<ReadOrder, Vec<RowProblem>> {
    let Some(first) = rows.first() else {
        return Err(Vec::new());
    };
    let mut cells = Cells::new(first, layout);
    let head = read_head(&mut cells, context);
    let mut problems = cells.problems;
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        if std::ptr::eq(row, first) {
            // Its own values were read as the head's.
        } else if let Some(problem) = contradiction(first, row, layout) {
            problems.push(problem);
        }
        let mut cells = Cells::new(row, layout);
        items.extend(read_item(&mut cells, context.currency));
        problems.extend(cells.problems);
    }
    match head {
        Some(head) if problems.is_empty() => assemble(first, &head, &items, layout, context),
        _ => Err(problems),
    }
}

fn read_head<'a>(cells: &mut Cells<'a>, context: &OrderContext<'_>) -> Option<Head<'a>> {
    let name = cells.needed("name");
    let currency = cells
        .needed("currency")
        .and_then(|_| cells.currency("currency", context.currency));
    if currency.is_some_and(|c| c != context.currency) {
        cells.refuse(
            "currency",
            format!("is not the store's currency ({})", context.currency),
        );
    }
    let currency = currency.unwrap_or(context.currency);
    let mut need = |field: &str| {
        cells
            .needed(field)
            .and_then(|_| cells.amount(field, currency))
    };
    let (subtotal, total) = (need("subtotal"), need("total"));
    let at = cells
        .needed("created_at")
        .and_then(|_| cells.instant("created_at", &context.calendar));
    let id = read_id(cells, context.store);
    let mut or_nothing = |field: &str| cells.amount(field, currency).unwrap_or(0);
    let (shipping, taxes, duties) = (
        or_nothing("shipping"),
        or_nothing("taxes"),
        or_nothing("duties"),
    );
    let (refunded, outstanding) = (
        or_nothing("refunded_amount"),
        or_nothing("outstanding_balance"),
    );
    let total = total?;
    if refunded > total {
        cells.refuse("refunded_amount", "is more than the order's total");
    }
    Some(Head {
        name: name?,
        id: id?,
        currency,
        at: at?,
        cancelled_at: cells.instant("cancelled_at", &context.calendar),
        paid_at: cells.instant("paid_at", &context.calendar),
        subtotal: subtotal?,
        shipping,
        taxes,
        duties,
        total,
        refunded,
        outstanding,
        financial_status: word(cells.text("financial_status")),
    })
}

/// The provider's number; or one made from the name, when the file has none or a person said that they are unreadable.
fn read_id(cells: &mut Cells<'_>, store: StoreId) -> Option<OrderId> {
    let by_name = cells.layout.styles.orders_by_name;
    match cells.text("id").filter(|_| !by_name) {
        Some(text) => match text.parse::<OrderId>() {
            Ok(id) if id.0 > 0 => Some(id),
            _ if super::number::is_exponent(text) => {
                cells.refuse("id", super::NotANumber::Exponent.to_string());
                None
            }
            _ => {
                cells.refuse("id", "is no order id (a whole number)");
                None
            }
        },
        None => {
            let name = cells.text("name")?;
            Some(OrderId(stable_id(store, "order", name)))
        }
    }
}

fn word(text: Option<&str>) -> String {
    text.unwrap_or_default().to_lowercase().replace(' ', "_")
}

/// Fields of the order that a later row repeats, and contradicts.
fn contradiction(first: &Row, row: &Row, layout: &Layout) -> Option<RowProblem> {
    [
        "id",
        "total",
        "subtotal",
        "currency",
        "created_at",
        "financial_status",
    ]
    .into_iter()
    .find_map(|field| {
        let index = layout.index(field)?;
        let (ours, theirs) = (first.cell(index).trim(), row.cell(index).trim());
        let differs = !theirs.is_empty() && !ours.is_empty() && ours != theirs;
        differs.then(|| {
            let reason = format!(
                "contradicts row {} of the same order ({ours:?})",
                first.number
            );
            RowProblem::refused(row, layout.header(field), Some(theirs), reason)
        })
    })
}

/// `None` for a row that continues an order without a line of its own.
fn read_item<'a>(cells: &mut Cells<'a>, currency: Currency) -> Option<Item<'a>> {
    if cells.text("line_name").is_none() && cells.text("line_quantity").is_none() {
        return None;
    }
    let title = cells.needed("line_name");
    let quantity = cells
        .needed("line_quantity")
        .and_then(|_| cells.whole("line_quantity"));
    let price = cells
        .needed("line_price")
        .and_then(|_| cells.amount("line_price", currency));
    let discount = cells.amount("line_discount", currency).unwrap_or(0);
    let sku = cells.text("line_sku");
    let taxable = cells.flag("line_taxable").unwrap_or(true);
    let ships = cells.flag("line_requires_shipping").unwrap_or(true);
    let title = title?;
    let lower = title.to_lowercase();
    Some(Item {
        title,
        sku,
        price: price?,
        quantity: quantity?,
        discount,
        taxable,
        gift_card: lower.starts_with("gift card") && !ships && !taxable,
        tip: lower == "tip" && sku.is_none() && !ships && !taxable,
    })
}

/// How `Total` comes about.
pub(super) struct Sums {
    pub(super) taxes_included: bool,
    pub(super) discount: i64,
    pub(super) tip: i64,
    /// What is in `Total` and in none of its parts.
    pub(super) rest: i64,
}

fn sums(
    first: &Row,
    head: &Head<'_>,
    items: &[Item<'_>],
    layout: &Layout,
) -> Result<Sums, Box<RowProblem>> {
    let all: i64 = items.iter().map(Item::value).sum();
    let tips: i64 = items.iter().filter(|i| i.tip).map(Item::value).sum();
    let rest_of = |tip: i64, taxes: i64| {
        head.total - head.subtotal - head.shipping - head.duties - taxes - tip
    };
    // A tip is a line of its own, which the subtotal does not contain.
    let tip = if tips > 0 && (rest_of(tips, head.taxes) == 0 || rest_of(tips, 0) == 0) {
        tips
    } else {
        0
    };
    let discount = all - tip - head.subtotal;
    let money = |minor| format_minor(minor, head.currency);
    let refused = |field: &str, reason: String| {
        Box::new(RowProblem::refused(
            first,
            layout.header(field),
            None,
            reason,
        ))
    };
    if discount < 0 {
        return Err(refused(
            "subtotal",
            format!(
                "is {}, but the lines come to {} only",
                money(head.subtotal),
                money(all - tip)
            ),
        ));
    }
    let (apart, included) = (rest_of(tip, head.taxes), rest_of(tip, 0));
    let taxes_included = apart != 0 && head.taxes > 0 && included.abs() < apart.abs();
    let rest = if taxes_included { included } else { apart };
    if rest.abs() > head.total / 10 {
        return Err(refused(
            "total",
            format!(
                "is {}, but subtotal, shipping, duties and taxes come to {}",
                money(head.total),
                money(head.total - rest)
            ),
        ));
    }
    Ok(Sums {
        taxes_included,
        discount,
        tip,
        rest,
    })
}

/// Discount and tax of each line, and the tax of shipping.
pub(super) struct Shares {
    pub(super) discounts: Vec<i64>,
    pub(super) taxes: Vec<i64>,
    pub(super) shipping_tax: i64,
}

fn shares(head: &Head<'_>, items: &[&Item<'_>], sums: &Sums) -> Shares {
    let values: Vec<i64> = items.iter().map(|i| i.value()).collect();
    let told: Vec<i64> = items.iter().map(|i| i.discount.min(i.value())).collect();
    let told_sum: i64 = told.iter().sum();
    let discounts = if told_sum <= sums.discount {
        let left: Vec<i64> = values.iter().zip(&told).map(|(v, d)| v - d).collect();
        let rest = allocate(sums.discount - told_sum, &left);
        told.iter().zip(rest).map(|(d, r)| d + r).collect()
    } else {
        allocate(sums.discount, &values)
    };
    let net = |i: usize| values[i] - discounts[i];
    let mut weights: Vec<i64> = (0..items.len())
        .map(|i| if items[i].taxable { net(i) } else { 0 })
        .collect();
    if weights.iter().all(|w| *w <= 0) {
        weights = (0..items.len()).map(net).collect();
    }
    let goods = weights.iter().any(|w| *w > 0);
    let on_shipping = if sums.taxes_included || !goods {
        head.shipping
    } else {
        0
    };
    weights.push(on_shipping);
    let mut taxes = allocate(head.taxes, &weights);
    let shipping_tax = taxes.pop().unwrap_or(0);
    Shares {
        discounts,
        taxes,
        shipping_tax,
    }
}

fn assemble(
    first: &Row,
    head: &Head<'_>,
    items: &[Item<'_>],
    layout: &Layout,
    context: &OrderContext<'_>,
) -> Result<ReadOrder, Vec<RowProblem>> {
    let sums = sums(first, head, items, layout).map_err(|problem| vec![*problem])?;
    let goods: Vec<&Item<'_>> = items.iter().filter(|i| !(i.tip && sums.tip > 0)).collect();
    let shares = shares(head, &goods, &sums);
    let cells = Cells::new(first, layout);
    let lines: Vec<OrderLine> = goods
        .iter()
        .enumerate()
        .map(|(i, item)| order_line(head, item, i, &shares, context))
        .collect();
    let mut agreements = vec![sale_agreement(head, &lines, &sums, &shares)];
    agreements.extend(reversal(head, &sums));
    let refunds = refunds(head);
    let mut notes = Vec::new();
    if sums.rest != 0 {
        let rest = format_minor(sums.rest, head.currency);
        notes.push(RowProblem::noted(
            first,
            layout.header("total"),
            format!(
                "has {rest} {} that no column explains: kept apart as unclassified",
                head.currency
            ),
        ));
    }
    let gateway = word(cells.text("payment_method"));
    let order = Order {
        id: head.id,
        name: head.name.to_owned(),
        currency: head.currency,
        taxes_included: sums.taxes_included,
        test: gateway.contains("bogus"),
        processed_at: head.at,
        created_at: head.at,
        updated_at: IMPORTED_AT,
        cancelled_at: head.cancelled_at,
        channel: cells.text("source").unwrap_or_default().to_lowercase(),
        country: country(&cells),
        financial_status: head.financial_status.clone(),
        fulfillment_status: match word(cells.text("fulfillment_status")).as_str() {
            "partial" => "partially_fulfilled".to_owned(),
            other => other.to_owned(),
        },
        customer: cells.text("email").map(context.person),
        tags: split_tags(cells.text("tags")),
        edited: false,
        shipping_lines: shipping_lines(head, &cells),
        transactions: transactions(head, &gateway),
        totals: totals(head, &sums),
        agreements,
        refunds,
        lines,
        total_grams: None,
        billing_country: None,
        provider_risk: None,
        journey: None,
    };
    let refund_day_unknown = head.refunded > 0 && head.cancelled_at.is_none();
    Ok(ReadOrder {
        order,
        notes,
        refund_day_unknown,
    })
}

fn country(cells: &Cells<'_>) -> Option<String> {
    let of = |field| cells.text(field).filter(|c| c.len() == 2 && c.is_ascii());
    of("shipping_country")
        .or_else(|| of("billing_country"))
        .map(str::to_ascii_uppercase)
}

pub(super) fn split_tags(text: Option<&str>) -> Vec<String> {
    text.unwrap_or_default()
        .split(',')
        .map(|t| t.trim().to_owned())
        .filter(|t| !t.is_empty())
        .collect()
}

fn order_line(
    head: &Head<'_>,
    item: &Item<'_>,
    index: usize,
    shares: &Shares,
    context: &OrderContext<'_>,
) -> OrderLine {
    let (product, variant) = if item.gift_card {
        (None, None)
    } else {
        (context.link)(item.sku, item.title)
    };
    OrderLine {
        id: LineId(part(head, "line", index)),
        product,
        variant,
        title: item.title.to_owned(),
        variant_title: None,
        sku: item.sku.map(str::to_owned),
        quantity: item.quantity,
        current_quantity: item.quantity,
        unit_price: item.price,
        discount: shares.discounts[index],
        tax: shares.taxes[index],
        gift_card: item.gift_card,
        requires_shipping: None,
        grams: None,
    }
}
