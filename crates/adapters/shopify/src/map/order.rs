//! Orders: lines, agreements, sums.

use super::amounts::{Amounts, Of};
use super::journey::journey;
use super::{Unreadable, id, maybe_id, payments};
use crate::notes::Notes;
use crate::wire;
use domain::order::{
    Agreement, AgreementReason, Order, OrderLine, OrderTotals, ProviderRisk, Sale, SaleAction,
    SaleKind, ShippingLine,
};

/// # Errors
/// The order, the field and why: an unknown currency, a null where the figures need a value, more decimals than the currency has.
pub fn order(wire: &wire::Order, notes: &mut Notes) -> Result<Order, Unreadable> {
    let of = Of {
        what: "order",
        name: wire.name.as_deref().unwrap_or_default(),
        id: wire.id.as_deref().unwrap_or("without id"),
    };
    let amounts = Amounts {
        of,
        currency: of.currency("currencyCode", wire.currency_code.as_deref())?,
    };
    let created_at = of.need("createdAt", wire.created_at)?;
    let lines = wire.line_items.iter().flat_map(|c| c.iter());
    let shipping = wire.shipping_lines.iter().flat_map(|c| c.iter());
    let agreements = wire.agreements.iter().flat_map(|c| c.iter());
    let transactions = wire.transactions.iter().flatten().flatten();
    let refunds = wire.refunds.iter().flatten().flatten();
    let mut order = Order {
        id: id(&of, "id", wire.id.as_deref())?,
        name: wire.name.clone().unwrap_or_default(),
        currency: amounts.currency,
        taxes_included: of.need("taxesIncluded", wire.taxes_included)?,
        test: wire.test.unwrap_or(false),
        processed_at: wire.processed_at.unwrap_or(created_at),
        created_at,
        updated_at: of.need("updatedAt", wire.updated_at)?,
        cancelled_at: wire.cancelled_at,
        channel: channel(wire),
        country: country(wire),
        financial_status: word(wire.display_financial_status.as_deref()),
        fulfillment_status: word(wire.display_fulfillment_status.as_deref()),
        customer: maybe_id(&of, "customer", wire.customer.as_ref())?,
        tags: wire.tags.clone().unwrap_or_default(),
        edited: wire.edited.unwrap_or(false),
        lines: lines.map(|l| line(l, &amounts)).collect::<Result<_, _>>()?,
        shipping_lines: shipping
            .map(|s| shipping_line(s, &amounts))
            .collect::<Result<_, _>>()?,
        agreements: agreements
            .map(|a| agreement(a, &amounts, notes))
            .collect::<Result<_, _>>()?,
        transactions: transactions
            .map(|t| payments::transaction(t, &amounts, notes))
            .collect::<Result<_, _>>()?,
        refunds: refunds
            .map(|r| payments::refund(r, &amounts, notes))
            .collect::<Result<_, _>>()?,
        totals: totals(wire, &amounts)?,
        total_grams: grams(wire),
        billing_country: billing_country(wire),
        provider_risk: provider_risk(wire),
        journey: journey(wire.customer_journey_summary.as_ref()),
    };
    // However the rows came, the same order is the same fact.
    order.lines.sort_by_key(|l| l.id);
    order.agreements.sort_by_key(|a| (a.happened_at, a.id));
    for agreement in &mut order.agreements {
        agreement.sales.sort_by_key(|s| s.id);
    }
    order.transactions.sort_by_key(|t| (t.processed_at, t.id));
    order.refunds.sort_by_key(|r| (r.at, r.id));
    Ok(order)
}

fn billing_country(wire: &wire::Order) -> Option<String> {
    let code = wire.billing_address.as_ref()?.country_code.as_ref()?;
    Some(code.to_uppercase())
}

/// The worst one counts. `NONE` and `PENDING` say nothing, and nor does a word that this version does not know.
fn provider_risk(wire: &wire::Order) -> Option<ProviderRisk> {
    let assessments = &wire.risk.as_ref()?.assessments;
    let levels = assessments
        .iter()
        .filter_map(|a| match a.risk_level.as_deref() {
            Some("HIGH") => Some(ProviderRisk::High),
            Some("MEDIUM") => Some(ProviderRisk::Medium),
            Some("LOW") => Some(ProviderRisk::Low),
            _ => None,
        });
    levels.max()
}

pub(super) fn unknown(notes: &mut Notes, list: &str, word: &str) {
    notes.add(
        "unknown_enum",
        format!("{list} has a member {word} that this version does not know: it is shown apart. Update this program."),
    );
}

/// The provider's own word in lower case; unknown words are kept.
pub(super) fn word(text: Option<&str>) -> String {
    text.unwrap_or_default().to_lowercase()
}

/// The source name; where that is the number of an app, the handle of its channel, or else the app's name.
fn channel(wire: &wire::Order) -> String {
    let source = word(wire.source_name.as_deref());
    let numeric = !source.is_empty() && source.bytes().all(|b| b.is_ascii_digit());
    if !source.is_empty() && !numeric {
        return source;
    }
    let handle = wire.attribution.as_ref().and_then(|a| a.handle.as_deref());
    let app = wire.app.as_ref().and_then(|a| a.name.as_deref());
    handle
        .or(app)
        .map(|name| name.to_lowercase())
        .filter(|name| !name.is_empty())
        .unwrap_or(source)
}

/// A shop that weighs nothing says 0 of everything, which is no weight.
fn grams(wire: &wire::Order) -> Option<i64> {
    let text = wire.total_weight.as_deref()?;
    text.parse().ok().filter(|grams| *grams > 0)
}

fn country(wire: &wire::Order) -> Option<String> {
    let of = |a: &Option<wire::Address>| a.as_ref().and_then(|a| a.country_code.clone());
    of(&wire.shipping_address)
        .or_else(|| of(&wire.billing_address))
        .map(|code| code.to_uppercase())
}

fn totals(wire: &wire::Order, amounts: &Amounts<'_>) -> Result<OrderTotals, Unreadable> {
    Ok(OrderTotals {
        subtotal: amounts.or_zero("subtotalPriceSet", wire.subtotal_price_set.as_ref())?,
        discounts: amounts.or_zero("totalDiscountsSet", wire.total_discounts_set.as_ref())?,
        shipping: amounts.or_zero(
            "totalShippingPriceSet",
            wire.total_shipping_price_set.as_ref(),
        )?,
        tax: amounts.or_zero("totalTaxSet", wire.total_tax_set.as_ref())?,
        duties: amounts.or_zero(
            "originalTotalDutiesSet",
            wire.original_total_duties_set.as_ref(),
        )?,
        tips: amounts.or_zero("totalTipReceivedSet", wire.total_tip_received_set.as_ref())?,
        total: amounts.need("totalPriceSet", wire.total_price_set.as_ref())?,
        current_total: amounts.need(
            "currentTotalPriceSet",
            wire.current_total_price_set.as_ref(),
        )?,
        refunded: amounts.or_zero("totalRefundedSet", wire.total_refunded_set.as_ref())?,
    })
}

fn line(wire: &wire::LineItem, amounts: &Amounts<'_>) -> Result<OrderLine, Unreadable> {
    let of = &amounts.of;
    let quantity = of.need("lineItems.quantity", wire.quantity)?;
    let discounts = wire.discount_allocations.as_deref().unwrap_or_default();
    let taxes = wire.tax_lines.as_deref().unwrap_or_default();
    Ok(OrderLine {
        id: id(of, "lineItems.id", wire.id.as_deref())?,
        product: maybe_id(of, "lineItems.product", wire.product.as_ref())?,
        variant: maybe_id(of, "lineItems.variant", wire.variant.as_ref())?,
        title: wire.title.clone().unwrap_or_default(),
        variant_title: wire.variant_title.clone(),
        sku: wire.sku.clone().filter(|s| !s.is_empty()),
        quantity,
        current_quantity: wire.current_quantity.unwrap_or(quantity),
        unit_price: amounts.need(
            "lineItems.originalUnitPriceSet",
            wire.original_unit_price_set.as_ref(),
        )?,
        discount: amounts.sum(
            "lineItems.discountAllocations",
            discounts.iter().map(|d| d.allocated_amount_set.as_ref()),
        )?,
        tax: amounts.sum(
            "lineItems.taxLines",
            taxes.iter().map(|t| t.price_set.as_ref()),
        )?,
        gift_card: wire.is_gift_card.unwrap_or(false),
        requires_shipping: wire.requires_shipping,
        grams: None,
    })
}

fn shipping_line(
    wire: &wire::ShippingLine,
    amounts: &Amounts<'_>,
) -> Result<ShippingLine, Unreadable> {
    Ok(ShippingLine {
        title: wire.title.clone().unwrap_or_default(),
        price: amounts.need(
            "shippingLines.originalPriceSet",
            wire.original_price_set.as_ref(),
        )?,
        discounted_price: amounts.need(
            "shippingLines.discountedPriceSet",
            wire.discounted_price_set.as_ref(),
        )?,
    })
}

fn agreement(
    wire: &wire::Agreement,
    amounts: &Amounts<'_>,
    notes: &mut Notes,
) -> Result<Agreement, Unreadable> {
    let of = &amounts.of;
    let reason = match of.need("agreements.reason", wire.reason.as_deref())? {
        "ORDER" => AgreementReason::Order,
        "ORDER_EDIT" => AgreementReason::OrderEdit,
        "REFUND" => AgreementReason::Refund,
        "RETURN" => AgreementReason::Return,
        other => {
            unknown(notes, "OrderActionType", other);
            AgreementReason::Other
        }
    };
    let sales = wire.sales.iter().flat_map(|c| c.iter());
    Ok(Agreement {
        id: id(of, "agreements.id", wire.id.as_deref())?,
        happened_at: of.need("agreements.happenedAt", wire.happened_at)?,
        reason,
        sales: sales
            .map(|s| sale(s, amounts, notes))
            .collect::<Result<_, _>>()?,
    })
}

fn sale(wire: &wire::Sale, amounts: &Amounts<'_>, notes: &mut Notes) -> Result<Sale, Unreadable> {
    let of = &amounts.of;
    Ok(Sale {
        id: id(of, "sales.id", wire.id.as_deref())?,
        action: action(
            of.need("sales.actionType", wire.action_type.as_deref())?,
            notes,
        ),
        kind: kind(of.need("sales.lineType", wire.line_type.as_deref())?, notes),
        quantity: wire.quantity,
        line: maybe_id(of, "sales.lineItem", wire.line_item.as_ref())?,
        amount: amounts.need("sales.totalAmount", wire.total_amount.as_ref())?,
        discount: amounts.or_zero(
            "sales.totalDiscountAmountBeforeTaxes",
            wire.total_discount_amount_before_taxes.as_ref(),
        )?,
        tax: amounts.or_zero("sales.totalTaxAmount", wire.total_tax_amount.as_ref())?,
    })
}

fn action(word: &str, notes: &mut Notes) -> SaleAction {
    match word {
        "ORDER" => SaleAction::Order,
        "RETURN" => SaleAction::Return,
        "UPDATE" => SaleAction::Update,
        other => {
            unknown(notes, "SaleActionType", other);
            SaleAction::Other
        }
    }
}

fn kind(word: &str, notes: &mut Notes) -> SaleKind {
    match word {
        "PRODUCT" => SaleKind::Product,
        "SHIPPING" => SaleKind::Shipping,
        "TIP" => SaleKind::Tip,
        "GIFT_CARD" => SaleKind::GiftCard,
        "DUTY" => SaleKind::Duty,
        "FEE" => SaleKind::Fee,
        "ADDITIONAL_FEE" => SaleKind::AdditionalFee,
        "ADJUSTMENT" => SaleKind::Adjustment,
        other => {
            unknown(notes, "SaleLineType", other);
            SaleKind::Unknown
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(levels: &[&str], expected: Option<ProviderRisk>) {
        let assessments = levels.iter().map(|level| wire::Assessment {
            risk_level: Some((*level).to_owned()),
        });
        let order = wire::Order {
            risk: Some(wire::Risk {
                assessments: assessments.collect(),
            }),
            ..wire::Order::default()
        };
        assert_eq!(provider_risk(&order), expected, "{levels:?}");
    }

    #[test]
    fn the_worst_assessment_counts_and_what_is_pending_says_nothing() {
        check(&["LOW", "HIGH", "MEDIUM"], Some(ProviderRisk::High));
        check(&["PENDING", "LOW"], Some(ProviderRisk::Low));
        check(&["NONE"], None);
        check(&[], None);
        assert_eq!(provider_risk(&wire::Order::default()), None);
    }
}
