//! From the wire to the domain. A value that cannot be understood is refused with the name of the field and of the thing;
//! a word that this version does not know is kept apart and told, never guessed.

mod amounts;
mod catalog;
mod change;
mod discount;
mod head;
mod journey;
mod order;
mod payments;
mod people;
mod refund;
mod sales;
mod shipping;
mod stock;

pub use amounts::Unreadable;
pub use catalog::product;
pub use change::{holds_seen, order_seen, product_seen, stock_seen, tags_seen, variant_seen};
pub use discount::discount_seen;
pub use head::head;
pub use order::order;
pub use people::customer;
pub use refund::{refunded, suggested, suggested_payment};
pub use sales::ReportRow;
pub use shipping::shipping_seen;
pub use stock::{level, location, payout};

use amounts::Of;
use std::str::FromStr;

/// The number at the end of a global id.
fn id<T: FromStr>(of: &Of<'_>, field: &'static str, text: Option<&str>) -> Result<T, Unreadable> {
    let text = text.ok_or_else(|| of.missing(field))?;
    text.parse()
        .map_err(|_| of.refuse(field, format!("{text:?} is not an id")))
}

fn maybe_id<T: FromStr>(
    of: &Of<'_>,
    field: &'static str,
    reference: Option<&crate::wire::Ref>,
) -> Result<Option<T>, Unreadable> {
    match reference.and_then(|r| r.id.as_deref()) {
        Some(text) => id(of, field, Some(text)).map(Some),
        None => Ok(None),
    }
}
