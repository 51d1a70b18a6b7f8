//! Orders of goods as the API writes them.

use crate::auth::Caller;
use crate::http::amounts::{optional_amount, unit_amount};
use crate::problem::Problem;
use crate::state::App;
use chrono::{DateTime, NaiveDate, Utc};
use domain::money::Currency;
use domain::purchase::{Limits, Needs, PurchaseOrder, PurchaseStatus, Receipt, SentHow, Signed};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! statuses {
    ($($variant:ident),+ $(,)?) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        #[schema(as = PurchaseStatus)]
        pub(crate) enum StatusBody { $($variant),+ }

        impl From<PurchaseStatus> for StatusBody {
            fn from(status: PurchaseStatus) -> Self {
                match status { $(PurchaseStatus::$variant => Self::$variant),+ }
            }
        }

        impl From<StatusBody> for PurchaseStatus {
            fn from(status: StatusBody) -> Self {
                match status { $(StatusBody::$variant => Self::$variant),+ }
            }
        }
    };
}

statuses!(
    Draft,
    Approved,
    Sent,
    ReceivedPartly,
    Received,
    Closed,
    Cancelled
);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PurchaseSentHow)]
pub(crate) enum HowBody {
    /// By our relay, to the supplier's address.
    Mail,
    /// Somebody takes the file and sends it otherwise.
    File,
}

impl From<HowBody> for SentHow {
    fn from(how: HowBody) -> Self {
        match how {
            HowBody::Mail => Self::Mail,
            HowBody::File => Self::File,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PurchaseNeeds)]
pub(crate) enum NeedsBody {
    Nothing,
    /// Who did not write it.
    SomebodyElse,
    /// An admin who did not write it.
    Admin,
}

/// As they were when the order was written last.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PurchaseSupplier)]
pub(crate) struct SupplierBody {
    #[schema(format = "uuid")]
    id: String,
    name: String,
    email: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PurchaseLine)]
pub(crate) struct LineBody {
    /// Its place in the order.
    line: usize,
    variant_id: String,
    title: String,
    sku: Option<String>,
    quantity: i64,
    unit_cost: String,
    cost: Option<String>,
    received: i64,
    /// Received less ordered; null while goods are still to come.
    difference: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PurchaseReceivedLine)]
pub(crate) struct ReceivedBody {
    line: usize,
    quantity: i64,
    /// Null: nobody looked.
    damaged: Option<i64>,
    /// Null: nobody said.
    charged_unit_cost: Option<String>,
    note: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PurchaseReceipt)]
pub(crate) struct ReceiptBody {
    at: DateTime<Utc>,
    by: String,
    received_on: NaiveDate,
    lines: Vec<ReceivedBody>,
    note: Option<String>,
}

impl ReceiptBody {
    fn of(receipt: &Receipt, currency: Currency) -> Self {
        let lines = receipt.lines.iter().map(|l| ReceivedBody {
            line: l.line,
            quantity: l.quantity,
            damaged: l.damaged,
            charged_unit_cost: l.charged.map(|cost| unit_amount(cost, currency)),
            note: l.note.clone(),
        });
        Self {
            at: receipt.at,
            by: receipt.by.name.clone(),
            received_on: receipt.received_on,
            lines: lines.collect(),
            note: receipt.note.clone(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PurchaseOrder)]
pub(crate) struct OrderBody {
    #[schema(format = "uuid")]
    pub(crate) id: String,
    number: String,
    #[schema(format = "uuid")]
    store_id: String,
    supplier: SupplierBody,
    status: StatusBody,
    /// Send it back with a change.
    version: i64,
    currency: String,
    total: Option<String>,
    expected_on: Option<NaiveDate>,
    pay_on: Option<NaiveDate>,
    note: Option<String>,
    lines: Vec<LineBody>,
    receipts: Vec<ReceiptBody>,
    created_at: DateTime<Utc>,
    created_by: String,
    approved_at: Option<DateTime<Utc>>,
    approved_by: Option<String>,
    sent_at: Option<DateTime<Utc>>,
    sent_by: Option<String>,
    sent_how: Option<HowBody>,
    closed_at: Option<DateTime<Utc>>,
    close_reason: Option<String>,
    /// Whose yes a draft needs.
    needs: NeedsBody,
    /// Whether yours is enough.
    may_approve: bool,
    why_not: Option<String>,
}

impl OrderBody {
    /// As the caller sees it: who may approve it depends on who asks.
    pub(crate) async fn of(
        app: &App,
        who: &Caller,
        order: &PurchaseOrder,
    ) -> Result<Self, Problem> {
        let workspace = who.workspace.id;
        let limits = app.purchases.limits(workspace, order.scope.store).await?;
        Ok(Self::within(who, order, &limits))
    }

    pub(crate) fn within(who: &Caller, order: &PurchaseOrder, limits: &Limits) -> Self {
        let may = order.may_approve(&who.actor(), who.user.role, limits);
        let may = may.map_err(|refusal| refusal.to_string());
        let at = |signed: Option<&Signed>| signed.map(|s| s.at);
        let by = |signed: Option<&Signed>| signed.map(|s| s.by.name.clone());
        let sent = order.sent.as_ref().map(|(signed, _)| signed);
        let receipts = order
            .receipts
            .iter()
            .map(|r| ReceiptBody::of(r, order.currency));
        Self {
            id: order.id.to_string(),
            number: order.name(),
            store_id: order.scope.store.to_string(),
            supplier: SupplierBody {
                id: order.supplier.to_string(),
                name: order.supplier_name.clone(),
                email: order.supplier_email.as_ref().map(|e| e.as_str().to_owned()),
            },
            status: order.status.into(),
            version: order.version,
            currency: order.currency.to_string(),
            total: optional_amount(order.total(), order.currency),
            expected_on: order.expected_on,
            pay_on: order.pay_on,
            note: order.note.clone(),
            lines: lines(order),
            receipts: receipts.collect(),
            created_at: order.created.at,
            created_by: order.created.by.name.clone(),
            approved_at: at(order.approved.as_ref()),
            approved_by: by(order.approved.as_ref()),
            sent_at: at(sent),
            sent_by: by(sent),
            sent_how: order.sent.as_ref().map(|(_, how)| match how {
                SentHow::Mail => HowBody::Mail,
                SentHow::File => HowBody::File,
            }),
            closed_at: at(order.closed.as_ref()),
            close_reason: order.close_reason.clone(),
            needs: match order.needs(limits) {
                Needs::Nothing => NeedsBody::Nothing,
                Needs::SomebodyElse => NeedsBody::SomebodyElse,
                Needs::Admin => NeedsBody::Admin,
            },
            may_approve: may.is_ok(),
            why_not: may.err(),
        }
    }
}

fn lines(order: &PurchaseOrder) -> Vec<LineBody> {
    let ended = matches!(
        order.status,
        PurchaseStatus::Received | PurchaseStatus::Closed
    );
    let lines = order.lines.iter().enumerate().map(|(line, l)| LineBody {
        line,
        variant_id: l.variant.to_string(),
        title: l.title.clone(),
        sku: l.sku.clone(),
        quantity: l.quantity,
        unit_cost: unit_amount(l.unit_cost, order.currency),
        cost: optional_amount(l.cost(order.currency), order.currency),
        received: l.received,
        difference: ended.then(|| l.received - l.quantity),
    });
    lines.collect()
}
