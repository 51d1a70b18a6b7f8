//! Changing the shop. Shopify has a key only for stock; everything else is read first, written only where it is still as planned, and
//! so does no harm when it is sent again.

mod apply;
mod cancel;
mod discounts;
mod drafts;
mod holds;
mod look;
mod refund;
mod shipping;

use crate::client::Client;
use crate::documents::Document;
use crate::errors::Said;
use crate::wire::{Changed, Payload, UserError};
use async_trait::async_trait;
use domain::changes::{Action, Seen, Target};
use domain::ids::OrderId;
use domain::supplier::Recipient;
use ports::writer::StoreWriter;
use ports::{Kind, PortError, PortResult, Retry};
use serde_json::Value;
use std::sync::Arc;
use uuid::Uuid;

/// One shop under one set of credentials.
pub(crate) struct Writer(pub(crate) Arc<Client>);

#[async_trait]
impl StoreWriter for Writer {
    async fn look(&self, targets: &[Target]) -> PortResult<Vec<Seen>> {
        look::look(&self.0, targets).await
    }

    async fn apply(&self, action: &Action, key: Uuid) -> PortResult<()> {
        apply::apply(&self.0, action, key).await
    }

    async fn recipient(&self, order: OrderId) -> PortResult<Option<Recipient>> {
        shipping::recipient(&self.0, order).await
    }
}

/// The answer to a change, which says what became of it.
async fn send(
    client: &Client,
    document: &Document,
    variables: Value,
    keyed: bool,
) -> PortResult<Payload> {
    let changed: Changed = client.change(document, variables, keyed).await?;
    let payload = changed.payload().filter(|p| p.user_errors.is_some());
    payload.ok_or_else(|| {
        let detail = format!(
            "{} answered a change without saying what became of it.",
            client.shop.domain
        );
        client.error(Kind::Corrupt, Retry::Reconcile, document.operation, detail)
    })
}

/// What the shop refuses by its own rules; nothing was changed then.
async fn mutate(
    client: &Client,
    document: &Document,
    variables: Value,
    keyed: bool,
) -> PortResult<Vec<UserError>> {
    let payload = send(client, document, variables, keyed).await?;
    Ok(payload.user_errors.unwrap_or_default())
}

/// A change that must not be refused.
async fn must(
    client: &Client,
    document: &Document,
    variables: Value,
    keyed: bool,
) -> PortResult<()> {
    let errors = mutate(client, document, variables, keyed).await?;
    errors
        .first()
        .map_or(Ok(()), |error| Err(refused(client, document, error)))
}

fn refused(client: &Client, document: &Document, error: &UserError) -> PortError {
    let field = error.field.clone().unwrap_or_default().join(".");
    let said = Said::User {
        code: error.code.as_deref().unwrap_or_default(),
        message: &error.message,
        field: &field,
    };
    client.said(document.operation, said)
}
