//! What is seen of an order of which something is to be given back.

use super::amounts::{Amounts, Of};
use super::{Unreadable, change::of};
use crate::wire::{self, RefundedOrder, SuggestedRefund};
use domain::changes::{SeenRefund, marking};
use domain::money::{Currency, Money};
use uuid::Uuid;

/// Payments that went out, or are on their way.
const GIVEN: [&str; 2] = ["SUCCESS", "PENDING"];

/// What was given back so far, and what by the refund of this mark. `currency`: the shop's.
///
/// # Errors
/// The order, the field and why.
pub fn refunded(
    wire: &RefundedOrder,
    mark: Option<Uuid>,
    currency: Currency,
) -> Result<SeenRefund, Unreadable> {
    let of = of("order", wire.id.as_deref());
    let amounts = Amounts { of, currency };
    let refunds = of.need("refunds", wire.refunds.as_ref())?;
    let mark = mark.map(marking);
    let ours = refunds.iter().find(|refund| {
        let note = refund.note.as_deref().unwrap_or_default();
        mark.as_ref().is_some_and(|mark| note.contains(mark))
    });
    let made = match ours {
        Some(refund) => {
            let payments = of.need("transactions", refund.transactions.as_ref())?;
            if payments.next().is_some() {
                let why = "it was given back in more parts than can be looked at";
                return Err(of.refuse("transactions", why));
            }
            let given = payments.iter().filter(|p| {
                let status = p.status.as_deref().unwrap_or_default();
                p.kind.as_deref() == Some("REFUND") && GIVEN.contains(&status)
            });
            let given = given.map(|p| amounts.need("amountSet", p.amount_set.as_ref()));
            Some(given.sum::<Result<i64, _>>()?)
        }
        None => None,
    };
    Ok(SeenRefund {
        amount: None,
        paid_in: None,
        most: 0,
        refunded: amounts.need("totalRefundedSet", wire.total_refunded_set.as_ref())?,
        made,
    })
}

/// Adds what the shop would give back.
///
/// # Errors
/// As [`refunded`].
pub fn suggested(
    seen: SeenRefund,
    id: Option<&str>,
    wire: &SuggestedRefund,
    currency: Currency,
) -> Result<SeenRefund, Unreadable> {
    let of = of("order", id);
    let amounts = Amounts { of, currency };
    let both = of.need("amountSet", wire.amount_set.as_ref())?;
    let most = wire.maximum_refundable_set.as_ref();
    Ok(SeenRefund {
        amount: Some(amounts.money("amountSet.shopMoney", both.shop_money.as_ref())?),
        paid_in: Some(presented(&of, both.presentment_money.as_ref())?),
        most: amounts.need("maximumRefundableSet", most)?,
        ..seen
    })
}

fn presented(of: &Of<'_>, money: Option<&wire::Money>) -> Result<Money, Unreadable> {
    let field = "presentmentMoney";
    let money = of.need(field, money)?;
    let currency = of.currency(field, money.currency_code.as_deref())?;
    let amount = of.need(field, money.amount.as_deref())?;
    Money::parse(amount, currency).map_err(|e| of.refuse(field, e))
}

/// What goes back on one way, in the buyer's currency.
///
/// # Errors
/// As [`refunded`].
pub fn suggested_payment(
    id: Option<&str>,
    wire: &wire::SuggestedPayment,
) -> Result<Money, Unreadable> {
    let of = of("order", id);
    let both = of.need("amountSet", wire.amount_set.as_ref())?;
    presented(&of, both.presentment_money.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_payments_that_went_out_count_and_only_of_our_refund() {
        let usd = Currency::parse("USD").unwrap();
        let paid = |status: &str, amount: &str| {
            json!({ "kind": "REFUND", "status": status,
                "amountSet": { "shopMoney": { "amount": amount, "currencyCode": "USD" } } })
        };
        let mark = Uuid::from_u128(7);
        let order = json!({
            "id": "gid://shopify/Order/1",
            "totalRefundedSet": { "shopMoney": { "amount": "9.5", "currencyCode": "USD" } },
            "refunds": [
                { "note": null, "transactions": { "nodes": [paid("SUCCESS", "3.0")] } },
                { "note": format!("broken {}", marking(mark)), "transactions": { "nodes": [
                    paid("SUCCESS", "4.0"), paid("PENDING", "2.5"), paid("FAILURE", "1.0"),
                ] } },
            ],
        });
        let order: RefundedOrder = serde_json::from_value(order).unwrap();
        let seen = refunded(&order, Some(mark), usd).unwrap();
        assert_eq!((seen.refunded, seen.made), (950, Some(650)));
        let seen = refunded(&order, Some(Uuid::from_u128(8)), usd).unwrap();
        assert_eq!(seen.made, None);
        assert_eq!(refunded(&order, None, usd).unwrap().made, None);
    }
}
