//! What whoever approves a refund has to have seen.

use crate::http::amounts::amount;
use domain::changes::{Refund, RefundRestock};
use domain::money::Currency;

/// `currency`: the store's.
pub(super) fn of(refund: &Refund, currency: Currency) -> Vec<(&'static str, String)> {
    let own = |minor: i64| format!("{} {currency}", amount(minor, currency));
    let paid_in = refund.paid_in;
    let mut rows = vec![("Given back", own(refund.amount))];
    if paid_in.currency == currency {
        rows.push(("Buyer's currency", format!("{currency}, the store's own")));
    } else {
        let theirs = amount(paid_in.minor, paid_in.currency);
        rows.push((
            "In the buyer's currency",
            format!("{theirs} {}", paid_in.currency),
        ));
    }
    rows.push(("Given back before", own(refund.refunded)));
    for (title, units) in &refund.titles {
        rows.push(("Line", format!("{units} × {title}")));
    }
    let shipping = match refund.what.shipping {
        true => "what is left of it is given back",
        false => "kept",
    };
    rows.push(("Shipping", shipping.to_owned()));
    let stock = match refund.what.restock {
        RefundRestock::Nothing => "nothing is counted again".to_owned(),
        RefundRestock::Unsent(at) => format!("was never sent, counted again at location {at}"),
        RefundRestock::Returned(at) => format!("came back, counted again at location {at}"),
    };
    rows.push(("Stock", stock));
    let told = match refund.notify_customer {
        true => "told by mail",
        false => "not told",
    };
    rows.push(("Customer", told.to_owned()));
    if !refund.note.is_empty() {
        rows.push(("Note for the staff", refund.note.clone()));
    }
    rows.push(("Undo", "nothing takes it back".to_owned()));
    rows
}
