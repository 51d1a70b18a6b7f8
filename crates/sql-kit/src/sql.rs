//! A statement and its arguments, before a driver sees them.

use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::{
    AdAccountId, AdSyncId, AnomalyId, AssistantMessageId, AssistantSessionId, ChangeSetId,
    ChannelId, ConnectionId, CustomerId, DeliveryId, EnrolmentId, ForecastRunId, ImportId,
    InventoryItemId, LetterId, LinkId, LocationId, NoticeId, OpportunityId, OrderId,
    OutreachExportId, PasskeyId, PayoutId, PrivacyRequestId, ProductId, PurchaseOrderId,
    ReconciliationId, RecostId, RunId, StoreId, SupplierAccountId, SupplierId, SupplierSyncId,
    SupportTicketId, SyncId, TokenId, UserId, VariantId, WorkspaceId,
};
use std::borrow::Cow;
use std::fmt::Write;
use uuid::Uuid;

/// A value in the few shapes that both databases store alike; lists are for `in_list` only.
#[derive(Debug, Clone, PartialEq)]
pub enum Arg {
    Int(Option<i64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
    Id(Option<Uuid>),
    Ints(Vec<i64>),
    Texts(Vec<String>),
}

/// Statement text with `$1`, `$2` … and as many arguments. Text never holds a value that came from outside.
#[derive(Debug, Clone, PartialEq)]
pub struct Sql {
    pub text: Cow<'static, str>,
    pub args: Vec<Arg>,
}

impl Sql {
    #[must_use]
    pub fn new(text: impl Into<Cow<'static, str>>) -> Self {
        Self {
            text: text.into(),
            args: Vec::new(),
        }
    }

    /// The argument of the next `$n` of the text.
    #[must_use]
    pub fn bind(mut self, arg: impl Into<Arg>) -> Self {
        self.args.push(arg.into());
        self
    }

    pub fn push(&mut self, text: &str) -> &mut Self {
        self.text.to_mut().push_str(text);
        self
    }

    /// Appends `$n` and its argument.
    pub fn push_arg(&mut self, arg: impl Into<Arg>) -> &mut Self {
        self.args.push(arg.into());
        let n = self.args.len();
        write!(self.text.to_mut(), "${n}").ok();
        self
    }

    /// Adds an argument and answers its number, for texts that a dialect writes.
    pub fn number(&mut self, arg: impl Into<Arg>) -> usize {
        self.args.push(arg.into());
        self.args.len()
    }
}

/// PostgreSQL takes no NUL in text; so that both databases keep the same, neither does.
pub(crate) fn storable(text: String) -> String {
    if text.contains('\0') {
        text.replace('\0', "\u{FFFD}")
    } else {
        text
    }
}

pub(crate) fn micros(at: DateTime<Utc>) -> i64 {
    at.timestamp_micros()
}

impl From<i64> for Arg {
    fn from(v: i64) -> Self {
        Self::Int(Some(v))
    }
}

impl From<Option<i64>> for Arg {
    fn from(v: Option<i64>) -> Self {
        Self::Int(v)
    }
}

impl From<bool> for Arg {
    fn from(v: bool) -> Self {
        Self::Int(Some(i64::from(v)))
    }
}

impl From<u32> for Arg {
    fn from(v: u32) -> Self {
        Self::Int(Some(i64::from(v)))
    }
}

impl From<String> for Arg {
    fn from(v: String) -> Self {
        Self::Text(Some(storable(v)))
    }
}

impl From<&str> for Arg {
    fn from(v: &str) -> Self {
        Self::from(v.to_owned())
    }
}

impl From<Option<String>> for Arg {
    fn from(v: Option<String>) -> Self {
        Self::Text(v.map(storable))
    }
}

impl From<Option<&str>> for Arg {
    fn from(v: Option<&str>) -> Self {
        Self::from(v.map(str::to_owned))
    }
}

impl From<Vec<u8>> for Arg {
    fn from(v: Vec<u8>) -> Self {
        Self::Bytes(Some(v))
    }
}

impl From<&[u8]> for Arg {
    fn from(v: &[u8]) -> Self {
        Self::Bytes(Some(v.to_vec()))
    }
}

impl From<Uuid> for Arg {
    fn from(v: Uuid) -> Self {
        Self::Id(Some(v))
    }
}

impl From<Option<Uuid>> for Arg {
    fn from(v: Option<Uuid>) -> Self {
        Self::Id(v)
    }
}

impl From<DateTime<Utc>> for Arg {
    fn from(v: DateTime<Utc>) -> Self {
        Self::Int(Some(micros(v)))
    }
}

impl From<Option<DateTime<Utc>>> for Arg {
    fn from(v: Option<DateTime<Utc>>) -> Self {
        Self::Int(v.map(micros))
    }
}

impl From<NaiveDate> for Arg {
    fn from(v: NaiveDate) -> Self {
        Self::Text(Some(v.to_string()))
    }
}

impl From<Vec<i64>> for Arg {
    fn from(v: Vec<i64>) -> Self {
        Self::Ints(v)
    }
}

impl From<Vec<String>> for Arg {
    fn from(v: Vec<String>) -> Self {
        Self::Texts(v.into_iter().map(storable).collect())
    }
}

macro_rules! from_ids {
    ($shape:ident: $($id:ty),+) => {$(
        impl From<$id> for Arg {
            fn from(v: $id) -> Self {
                Self::$shape(Some(v.0))
            }
        }
    )+};
}

from_ids!(Id: AnomalyId, SupportTicketId, WorkspaceId, StoreId, ConnectionId, UserId, TokenId, LinkId, EnrolmentId, PasskeyId, LetterId, SyncId, ImportId, RecostId, ReconciliationId, PrivacyRequestId, ChangeSetId, RunId, NoticeId, ChannelId, DeliveryId, ForecastRunId, SupplierId, PurchaseOrderId, OpportunityId, OutreachExportId, AssistantSessionId, AssistantMessageId, AdAccountId, AdSyncId, SupplierAccountId, SupplierSyncId);
from_ids!(Int: OrderId, ProductId, VariantId, CustomerId, LocationId, InventoryItemId, PayoutId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_numbered_in_their_order() {
        let mut sql = Sql::new("SELECT 1 WHERE a = $1").bind(7_i64);
        sql.push(" AND b = ").push_arg("x\0y");
        let n = sql.number(true);
        assert_eq!(sql.text, "SELECT 1 WHERE a = $1 AND b = $2");
        assert_eq!(n, 3);
        assert_eq!(
            sql.args[1..],
            [Arg::Text(Some("x\u{FFFD}y".into())), Arg::Int(Some(1))]
        );
    }
}
