//! The wish to give money back, as the API reads it.

use super::edit::{Wrong, id};
use application::changes::{RefundEdit, RestockWish};
use domain::ids::LocationId;
use serde::Deserialize;
use utoipa::ToSchema;

/// Of lines of an order. How much it is the shop computes when it is proposed; with another sum it is not made. Nothing takes it back.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChangeRefund)]
pub(crate) struct RefundBody {
    order_id: String,
    /// Each line once; none where only shipping is given back.
    #[serde(default)]
    lines: Vec<RefundLineBody>,
    /// Nothing is counted again when left out.
    restock: Option<RestockBody>,
    /// Where it is counted again; the store's only place when left out, and only with `unsent` and `returned`.
    location_id: Option<String>,
    /// Whether what is left of the shipping is given back, too; no when left out.
    shipping: Option<bool>,
    /// No when left out.
    notify_customer: Option<bool>,
    /// For the shop's staff; at most 200 characters.
    note: Option<String>,
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChangeRefundLine)]
pub(crate) struct RefundLineBody {
    line_id: String,
    quantity: i64,
}

#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ChangeRestock)]
pub(crate) enum RestockBody {
    Nothing,
    /// They were never sent.
    Unsent,
    /// They came back.
    Returned,
}

impl RefundBody {
    pub(super) fn read(&self) -> Result<RefundEdit, Wrong> {
        let lines = self
            .lines
            .iter()
            .map(|l| Ok((id("lines", &l.line_id)?, l.quantity)));
        let at = self.location_id.as_deref();
        let at: Option<LocationId> = at.map(|at| id("location_id", at)).transpose()?;
        let restock = match self.restock.unwrap_or(RestockBody::Nothing) {
            RestockBody::Nothing if at.is_some() => {
                let message = "is of no use where nothing is counted again".to_owned();
                return Err(("location_id", message));
            }
            RestockBody::Nothing => RestockWish::Nothing,
            RestockBody::Unsent => RestockWish::Unsent(at),
            RestockBody::Returned => RestockWish::Returned(at),
        };
        Ok(RefundEdit {
            order: id("order_id", &self.order_id)?,
            lines: lines.collect::<Result<_, Wrong>>()?,
            restock,
            shipping: self.shipping.unwrap_or(false),
            notify_customer: self.notify_customer.unwrap_or(false),
            note: self.note.clone().unwrap_or_default(),
        })
    }
}
