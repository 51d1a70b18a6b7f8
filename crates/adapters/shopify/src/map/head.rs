//! Orders without their lines.

use super::amounts::{Amounts, Of, Unreadable};
use super::id;
use crate::wire::OrderHead;
use domain::reconciliation::Head;

/// # Errors
/// Names the field that cannot be understood.
pub fn head(wire: &OrderHead) -> Result<Head, Unreadable> {
    let of = Of {
        what: "order",
        name: wire.name.as_deref().unwrap_or_default(),
        id: wire.id.as_deref().unwrap_or_default(),
    };
    let currency = of.currency("currencyCode", wire.currency_code.as_deref())?;
    let amounts = Amounts { of, currency };
    Ok(Head {
        id: id(&of, "id", wire.id.as_deref())?,
        name: of.need("name", wire.name.clone())?,
        processed_at: of.need("processedAt", wire.processed_at)?,
        updated_at: of.need("updatedAt", wire.updated_at)?,
        cancelled_at: wire.cancelled_at,
        test: of.need("test", wire.test)?,
        currency,
        current_total: amounts.need(
            "currentTotalPriceSet",
            wire.current_total_price_set.as_ref(),
        )?,
    })
}
