//! One type per kind of id: mixing a store with a workspace, or an order with a product, does not compile.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

macro_rules! own_ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, uuid::Error> {
                Uuid::parse_str(s).map(Self)
            }
        }
    )+};
}

macro_rules! provider_ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = std::num::ParseIntError;
            /// The bare number, or the last part of a global id (`gid://shopify/Order/450789469`, a query is dropped).
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                let tail = s.rsplit('/').next().unwrap_or(s);
                tail.split('?').next().unwrap_or(tail).parse().map(Self)
            }
        }
    )+};
}

own_ids! {
    /// A run that compares days with the provider's own.
    ReconciliationId,
    /// One business: its people, stores, connections and settings.
    WorkspaceId,
    /// A conversation with the assistant.
    AssistantSessionId,
    /// What was said in one.
    AssistantMessageId,
    /// One sales channel account.
    StoreId,
    /// An account at a provider.
    ConnectionId,
    UserId,
    TokenId,
    /// A one-time link: an invitation, a reset of a password.
    LinkId,
    /// An authenticator on its way into use, or in use.
    EnrolmentId,
    /// A passkey of a person.
    PasskeyId,
    /// A letter that is still owed.
    LetterId,
    /// One run of a synchronisation.
    SyncId,
    /// One file that was imported.
    ImportId,
    /// One run that books orders again after an input of profit changed.
    RecostId,
    /// What a person asked for about their own data.
    PrivacyRequestId,
    /// One execution of an agent.
    RunId,
    /// A list of changes outside that are decided on and undone together.
    ChangeSetId,
    /// Something that people are told.
    NoticeId,
    /// A place that notices are sent to.
    ChannelId,
    /// One message to one recipient, over all its tries.
    DeliveryId,
    /// One night's work on forecasts.
    ForecastRunId,
    /// Whom goods are ordered from.
    SupplierId,
    /// Goods that are ordered from a supplier.
    PurchaseOrderId,
    /// What a supplier offers.
    SupplierProductId,
    /// Which variant of a supplier a variant of the store is.
    SupplierMappingId,
    /// An order that a supplier sends to a buyer.
    SupplierOrderId,
    /// How much is looked for something, week by week.
    TrendSeriesId,
    /// An account at a supplier that is worked with by its interface.
    SupplierAccountId,
    /// One run that reads what a supplier offers.
    SupplierSyncId,
    /// A product that could be sold.
    OpportunityId,
    /// People of a segment that were told to a mail tool at once.
    OutreachExportId,
    /// An account at a platform that sells advertisements.
    AdAccountId,
    /// What a buyer wrote, with its answers.
    SupportTicketId,
    /// A day on which a figure was unusual.
    AnomalyId,
    /// One run that reads an ad account.
    AdSyncId,
}

provider_ids! {
    /// Ids that the store's provider gave; unique within one store. Up to 19 digits: never a float.
    OrderId,
    LineId,
    AgreementId,
    SaleId,
    RefundId,
    TransactionId,
    ProductId,
    /// Products that are shown together.
    CollectionId,
    VariantId,
    /// A cart at the checkout.
    CheckoutId,
    InventoryItemId,
    LocationId,
    CustomerId,
    PayoutId,
}

/// The only key under which data of a store is read or written: repositories cannot be asked without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct StoreScope {
    pub workspace: WorkspaceId,
    pub store: StoreId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn global_ids_and_numbers_name_the_same_thing() {
        let id = OrderId(820_982_911_946_154_508);
        for text in [
            "820982911946154508",
            "gid://shopify/Order/820982911946154508",
            "gid://shopify/Order/820982911946154508?x=1",
        ] {
            assert_eq!(text.parse::<OrderId>(), Ok(id));
        }
        assert!("gid://shopify/Order/abc".parse::<OrderId>().is_err());
    }
}
