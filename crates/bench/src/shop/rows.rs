//! An order as Shopify tells it: as rows of a bulk file (children by `__parentId`), or nested as a page answers it.

use super::order::{AGREEMENT, LINE, Line, Order, SALE, SHIPPING, TRANSACTION};
use super::{option, title};
use chrono::{DateTime, SecondsFormat, Utc};
use std::fmt::Write;

type Text = String;

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn bag(out: &mut Text, field: &str, minor: i64) {
    let sign = if minor < 0 { "-" } else { "" };
    let (whole, cents) = (minor.abs() / 100, minor.abs() % 100);
    write!(
        out,
        r#","{field}":{{"shopMoney":{{"amount":"{sign}{whole}.{cents:02}","currencyCode":"USD"}}}}"#
    )
    .ok();
}

/// What an agreement is of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Act {
    Order,
    Edit,
    Refund,
}

impl Act {
    const fn word(self) -> (&'static str, &'static str) {
        match self {
            Self::Order => ("OrderAgreement", "ORDER"),
            Self::Edit => ("OrderEditAgreement", "ORDER_EDIT"),
            Self::Refund => ("RefundAgreement", "REFUND"),
        }
    }

    const fn place(self) -> usize {
        match self {
            Self::Order => 0,
            Self::Edit => 1,
            Self::Refund => 2,
        }
    }
}

impl Order {
    /// Each record as a line of its own.
    pub(super) fn bulk_rows(&self, mut row: impl FnMut(String)) {
        let parent = format!(r#","__parentId":"gid://shopify/Order/{}""#, self.id());
        let mut root = String::with_capacity(2_600);
        root.push_str(r#"{"__typename":"Order","#);
        self.root(&mut root, false);
        root.push('}');
        row(root);
        for n in 0..self.lines.len() {
            let mut line = String::from(r#"{"__typename":"LineItem","#);
            self.line(&mut line, n);
            row(line + &parent + "}");
        }
        let mut shipping = String::from(r#"{"__typename":"ShippingLine","#);
        self.shipping_line(&mut shipping);
        row(shipping + &parent + "}");
        for act in self.acts() {
            let (id, at) = self.agreement(act);
            let (kind, reason) = act.word();
            row(format!(
                r#"{{"__typename":"{kind}","id":"gid://shopify/{kind}/{id}","happenedAt":"{}","reason":"{reason}"{parent}}}"#,
                time(at)
            ));
            let parent = format!(r#","__parentId":"gid://shopify/{kind}/{id}""#);
            for sale in self.sales(act) {
                row(format!("{{{sale}{parent}}}"));
            }
        }
    }

    /// One object with its connections inside.
    pub(super) fn nested(&self) -> String {
        const END: &str = r#"],"pageInfo":{"hasNextPage":false,"endCursor":null}}"#;
        let list = |items: Vec<String>| format!("{{\"nodes\":[{}{END}", items.join(","));
        let mut out = String::from("{");
        self.root(&mut out, true);
        let lines = (0..self.lines.len()).map(|n| {
            let mut line = String::from("{");
            self.line(&mut line, n);
            line + "}"
        });
        let mut shipping = String::from("{");
        self.shipping_line(&mut shipping);
        shipping.push('}');
        let agreements = self.acts().map(|act| {
            let (id, at) = self.agreement(act);
            let (kind, reason) = act.word();
            let sales = self.sales(act).into_iter().map(|s| format!("{{{s}}}"));
            format!(
                r#"{{"id":"gid://shopify/{kind}/{id}","happenedAt":"{}","reason":"{reason}","sales":{}}}"#,
                time(at),
                list(sales.collect())
            )
        });
        write!(
            out,
            r#","lineItems":{},"shippingLines":{},"agreements":{}}}"#,
            list(lines.collect()),
            list(vec![shipping]),
            list(agreements.collect())
        )
        .ok();
        out
    }

    /// The lines of its refund.
    pub(super) fn refund_node(&self) -> String {
        let id = self.refund_id();
        format!(
            r#"{{"id":"gid://shopify/Refund/{id}","refundLineItems":{}}}"#,
            self.refund_lines()
        )
    }

    fn refund_lines(&self) -> String {
        let line = &self.lines[0];
        let mut out = format!(
            r#"{{"nodes":[{{"quantity":{},"restockType":"RETURN","lineItem":{{"id":"gid://shopify/LineItem/{}"}}"#,
            line.quantity,
            self.child(LINE, 0)
        );
        bag(&mut out, "subtotalSet", line.net());
        bag(&mut out, "totalTaxSet", line.tax);
        out + r#"}],"pageInfo":{"hasNextPage":false,"endCursor":null}}"#
    }

    fn acts(&self) -> impl Iterator<Item = Act> {
        let edit = self.edited.then_some(Act::Edit);
        let refund = self.refund.as_ref().map(|_| Act::Refund);
        [Some(Act::Order), edit, refund].into_iter().flatten()
    }

    fn agreement(&self, act: Act) -> (i64, DateTime<Utc>) {
        let at = match act {
            Act::Order => self.created,
            Act::Edit => self.edited_at(),
            Act::Refund => self.refund.as_ref().map_or(self.created, |r| r.at),
        };
        (self.child(AGREEMENT, act.place()), at)
    }

    fn root(&self, out: &mut Text, with_refund_lines: bool) {
        let (created, updated) = (time(self.created), time(self.updated));
        let status = if self.refund.is_some() {
            "PARTIALLY_REFUNDED"
        } else {
            "PAID"
        };
        let tags = if self.version > 0 {
            format!(r#""changed-{}""#, self.version)
        } else {
            String::new()
        };
        let customer = self.customer.map_or_else(
            || "null".to_owned(),
            |id| format!(r#"{{"id":"gid://shopify/Customer/{id}"}}"#),
        );
        let (edited, country) = (self.edited, self.country);
        write!(
            out,
            r##""id":"gid://shopify/Order/{}","name":"#{}","currencyCode":"USD","taxesIncluded":false,"test":false,"processedAt":"{created}","createdAt":"{created}","updatedAt":"{updated}","cancelledAt":null,"sourceName":"{}","displayFinancialStatus":"{status}","displayFulfillmentStatus":"FULFILLED","edited":{edited},"tags":[{tags}],"attribution":null,"app":{{"name":"Online Store"}},"customer":{customer},"shippingAddress":{{"countryCodeV2":"{country}"}},"billingAddress":{{"countryCodeV2":"{country}"}}"##,
            self.id(),
            1001 + self.number,
            self.channel
        )
        .ok();
        let sum = |of: fn(&Line) -> i64| self.lines.iter().map(of).sum::<i64>();
        bag(out, "subtotalPriceSet", sum(Line::net));
        bag(out, "totalDiscountsSet", sum(|l| l.discount));
        bag(out, "totalShippingPriceSet", self.shipping);
        bag(out, "totalTaxSet", sum(|l| l.tax));
        out.push_str(r#","originalTotalDutiesSet":null"#);
        bag(out, "totalTipReceivedSet", 0);
        bag(out, "totalPriceSet", self.total());
        bag(out, "currentTotalPriceSet", self.total() - self.refunded());
        bag(out, "totalRefundedSet", self.refunded());
        self.transactions(out);
        out.push_str(r#","refunds":["#);
        if let Some(refund) = &self.refund {
            write!(
                out,
                r#"{{"id":"gid://shopify/Refund/{}","processedAt":"{}""#,
                self.refund_id(),
                time(refund.at)
            )
            .ok();
            bag(out, "totalRefundedSet", self.refunded());
            if with_refund_lines {
                write!(out, r#","refundLineItems":{}"#, self.refund_lines()).ok();
            }
            out.push('}');
        }
        out.push(']');
    }

    fn transactions(&self, out: &mut Text) {
        out.push_str(r#","transactions":["#);
        let edit = if self.edited {
            self.lines.last().map_or(0, Line::total)
        } else {
            0
        };
        self.transaction(out, 0, "SALE", self.total() - edit, self.created);
        if self.edited {
            out.push(',');
            self.transaction(out, 1, "SALE", edit, self.edited_at());
        }
        if let Some(refund) = &self.refund {
            out.push(',');
            self.transaction(out, 2, "REFUND", self.refunded(), refund.at);
        }
        out.push(']');
    }

    fn transaction(&self, out: &mut Text, n: usize, kind: &str, amount: i64, at: DateTime<Utc>) {
        let at = time(at);
        write!(
            out,
            r#"{{"id":"gid://shopify/OrderTransaction/{}","kind":"{kind}","status":"SUCCESS","gateway":"{}","test":false,"processedAt":"{at}","createdAt":"{at}""#,
            self.child(TRANSACTION, n),
            self.gateway
        )
        .ok();
        bag(out, "amountSet", amount);
        if kind == "SALE" && self.gateway == "shopify_payments" {
            let fee = amount * 29 / 1000 + 30;
            write!(
                out,
                r#","fees":[{{"amount":{{"amount":"{}.{:02}","currencyCode":"USD"}},"taxAmount":{{"amount":"0.0","currencyCode":"USD"}}}}]}}"#,
                fee / 100,
                fee % 100
            )
            .ok();
        } else {
            out.push_str(r#","fees":[]}"#);
        }
    }

    fn line(&self, out: &mut Text, n: usize) {
        let line = &self.lines[n];
        let v = &line.variant;
        let back = if n == 0 && self.refund.is_some() {
            line.quantity
        } else {
            0
        };
        write!(
            out,
            r#""id":"gid://shopify/LineItem/{}","title":"{}","variantTitle":"{}","sku":"RE-{:05}","quantity":{},"currentQuantity":{},"isGiftCard":false,"product":{{"id":"gid://shopify/Product/{}"}},"variant":{{"id":"gid://shopify/ProductVariant/{}"}}"#,
            self.child(LINE, n),
            title(v.number / super::VARIANTS_EACH),
            option(v.number),
            v.number,
            line.quantity,
            line.quantity - back,
            v.product,
            v.id
        )
        .ok();
        bag(out, "originalUnitPriceSet", v.price);
        out.push_str(r#","discountAllocations":["#);
        if line.discount != 0 {
            one_of(out, "allocatedAmountSet", line.discount);
        }
        out.push_str(r#"],"taxLines":["#);
        one_of(out, "priceSet", line.tax);
        out.push(']');
    }

    fn shipping_line(&self, out: &mut Text) {
        write!(
            out,
            r#""id":"gid://shopify/ShippingLine/{}","title":"Standard""#,
            self.child(SHIPPING, 0)
        )
        .ok();
        bag(out, "originalPriceSet", self.shipping);
        bag(out, "discountedPriceSet", self.shipping);
    }

    /// The fields of each sale of an agreement.
    fn sales(&self, act: Act) -> Vec<String> {
        let original = self.original_lines();
        let lines = match act {
            Act::Order => 0..original,
            Act::Edit => original..self.lines.len(),
            Act::Refund => 0..1,
        };
        let sign = if act == Act::Refund { -1 } else { 1 };
        let action = if act == Act::Refund {
            "RETURN"
        } else {
            "ORDER"
        };
        let mut sales: Vec<String> = lines
            .map(|n| {
                let line = &self.lines[n];
                let mut out = format!(
                    r#""__typename":"ProductSale","id":"gid://shopify/ProductSale/{}","actionType":"{action}","lineType":"PRODUCT","quantity":{},"lineItem":{{"id":"gid://shopify/LineItem/{}"}}"#,
                    self.child(SALE, act.place() * 16 + n % 16),
                    sign * line.quantity,
                    self.child(LINE, n)
                );
                bag(&mut out, "totalAmount", sign * line.total());
                bag(&mut out, "totalDiscountAmountBeforeTaxes", sign * line.discount);
                bag(&mut out, "totalTaxAmount", sign * line.tax);
                out
            })
            .collect();
        if act == Act::Order && self.shipping != 0 {
            let mut out = format!(
                r#""__typename":"ShippingLineSale","id":"gid://shopify/ShippingLineSale/{}","actionType":"ORDER","lineType":"SHIPPING","quantity":1"#,
                self.child(SALE, 60)
            );
            bag(&mut out, "totalAmount", self.shipping);
            bag(&mut out, "totalDiscountAmountBeforeTaxes", 0);
            bag(&mut out, "totalTaxAmount", 0);
            sales.push(out);
        }
        sales
    }
}

fn one_of(out: &mut Text, field: &str, minor: i64) {
    let mut inner = String::new();
    bag(&mut inner, field, minor);
    write!(out, "{{{}}}", &inner[1..]).ok();
}
