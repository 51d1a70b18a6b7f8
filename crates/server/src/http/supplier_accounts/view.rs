//! Supplier accounts, their runs and changes as the API writes them. Keys are never told.

use super::contract::ContractBody;
use super::designs::DesignBody;
use crate::http::ads::view::StateBody;
use crate::http::amounts::amount;
use crate::http::offers::platforms::AbilitiesBody;
use crate::http::offers::view::{PlatformBody, PresenceBody, PriceBody};
use chrono::{DateTime, Utc};
use domain::supplier::{
    OfferChange, OfferNews, Stock, SupplierAccount, SupplierSyncRun, Watchlist,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What of the catalogue is read.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SupplierWatchlist)]
pub(crate) struct WatchBody {
    /// Words that are searched for, each by itself.
    #[schema(min_items = 1, max_items = 20)]
    searches: Vec<String>,
    /// ISO 3166-1 alpha-2: only what lies there.
    ships_from: Option<String>,
    /// So many products are kept, whatever more is found.
    #[schema(minimum = 1, maximum = 5000)]
    most_products: u32,
    /// What is printed on things that are made to order; none where a supplier does not print.
    #[serde(default)]
    #[schema(max_items = 50)]
    designs: Vec<DesignBody>,
}

impl From<&Watchlist> for WatchBody {
    fn from(watch: &Watchlist) -> Self {
        Self {
            searches: watch.texts.clone(),
            ships_from: watch.ships_from.clone(),
            most_products: watch.most_products,
            designs: watch.designs.iter().map(Into::into).collect(),
        }
    }
}

impl From<WatchBody> for Watchlist {
    fn from(body: WatchBody) -> Self {
        Self {
            texts: body.searches,
            ships_from: body.ships_from.filter(|c| !c.trim().is_empty()),
            most_products: body.most_products,
            designs: body.designs.into_iter().map(Into::into).collect(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierSync)]
pub(crate) struct RunBody {
    pub(crate) id: String,
    account_id: String,
    /// `queued`, `running`, `cancelling`, `cancelled`, `succeeded` or `failed`.
    status: String,
    created_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
    products: u64,
    /// Null until it is known.
    products_total: Option<u64>,
    new_products: u64,
    /// Prices, stock, what is gone and what is back.
    changes: u64,
    /// Values that were told and could not be read.
    unread: u64,
    warnings: Vec<String>,
    error: Option<String>,
    remedy: Option<String>,
}

impl RunBody {
    pub(crate) fn of(run: &SupplierSyncRun) -> Self {
        Self {
            id: run.id.to_string(),
            account_id: run.account.to_string(),
            status: run.status.as_str().to_owned(),
            created_at: run.created_at,
            finished_at: run.finished_at,
            products: run.products,
            products_total: run.total,
            new_products: run.new_products,
            changes: run.changes,
            unread: run.unread,
            warnings: run.warnings.iter().map(|w| w.message.clone()).collect(),
            error: run.error.as_ref().map(|e| e.message.clone()),
            remedy: run.error.as_ref().map(|e| e.remedy.clone()),
        }
    }
}

/// In the supplier's own points, as it told them last.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierQuota)]
pub(crate) struct QuotaBody {
    used: u64,
    left: u64,
    total: u64,
    told_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierBalance)]
pub(crate) struct BalanceBody {
    amount: String,
    currency: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierAccount)]
pub(crate) struct AccountBody {
    pub(crate) id: String,
    store_id: String,
    platform: PlatformBody,
    name: &'static str,
    is_sandbox: bool,
    state: StateBody,
    state_reason: Option<String>,
    watch: WatchBody,
    /// A contract of one's own that nobody has verified; null where the platform's interface is used.
    rest: Option<ContractBody>,
    /// What the account does by its interface, or by its contract.
    can: AbilitiesBody,
    /// Null before the first answer that told it.
    quota: Option<QuotaBody>,
    /// What can be paid with; null where the supplier does not tell it.
    balance: Option<BalanceBody>,
    /// What of its interface is not used now, as sentences: it is another one than it was.
    off: Vec<String>,
    /// Calls a second that the account may make.
    calls_per_second: Option<u32>,
    created_at: DateTime<Utc>,
    last_synced_at: Option<DateTime<Utc>>,
    version: i64,
    last_sync: Option<RunBody>,
}

impl AccountBody {
    pub(crate) fn of(account: &SupplierAccount, last: Option<&SupplierSyncRun>) -> Self {
        Self {
            id: account.id.to_string(),
            store_id: account.scope.store.to_string(),
            platform: account.platform.into(),
            name: account.platform.name(),
            is_sandbox: account.is_sandbox,
            state: account.state.into(),
            state_reason: account.state_reason.clone(),
            watch: (&account.watch).into(),
            rest: account.rest.as_ref().map(Into::into),
            can: AbilitiesBody::of(|capability| account.ability(capability)),
            off: account.off.clone(),
            quota: account.quota.map(|q| QuotaBody {
                used: q.used,
                left: q.left,
                total: q.total,
                told_at: q.told_at,
            }),
            balance: account.balance.map(|money| BalanceBody {
                amount: amount(money.minor, money.currency),
                currency: money.currency.to_string(),
            }),
            calls_per_second: account.per_second,
            created_at: account.created_at,
            last_synced_at: account.last_synced_at,
            version: account.version,
            last_sync: last.map(RunBody::of),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SupplierChangeKind)]
pub(crate) enum KindBody {
    Price,
    Stock,
    /// It is not sold any more.
    Gone,
    /// It is sold again.
    Back,
}

impl KindBody {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Price => "price",
            Self::Stock => "stock",
            Self::Gone => "gone",
            Self::Back => "back",
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierStock)]
pub(crate) struct StockBody {
    presence: PresenceBody,
    quantity: Option<u32>,
}

impl From<Stock> for StockBody {
    fn from(stock: Stock) -> Self {
        Self {
            presence: stock.presence.into(),
            quantity: stock.quantity,
        }
    }
}

/// One change of what a supplier offers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierChange)]
pub(crate) struct ChangeBody {
    #[schema(format = "uuid")]
    id: String,
    #[schema(format = "uuid")]
    supplier_product_id: String,
    title: Option<String>,
    variant: String,
    variant_name: Option<String>,
    kind: KindBody,
    /// Of a price; null where it was not told.
    price_from: Option<PriceBody>,
    price_to: Option<PriceBody>,
    /// Of stock.
    stock_from: Option<StockBody>,
    stock_to: Option<StockBody>,
    observed_at: DateTime<Utc>,
    /// `api:` and the run, or `file:` and the SHA-256 of the file.
    source: String,
}

impl From<&OfferChange> for ChangeBody {
    fn from(change: &OfferChange) -> Self {
        let mut body = Self {
            id: change.id().to_string(),
            supplier_product_id: change.product.to_string(),
            title: change.title.clone(),
            variant: change.variant.clone(),
            variant_name: change.variant_name.clone(),
            kind: KindBody::Gone,
            price_from: None,
            price_to: None,
            stock_from: None,
            stock_to: None,
            observed_at: change.heard.observed_at,
            source: change.heard.by.source(),
        };
        match &change.news {
            OfferNews::Price { from, to } => {
                body.kind = KindBody::Price;
                body.price_from = from.map(Into::into);
                body.price_to = to.map(Into::into);
            }
            OfferNews::Stock { from, to } => {
                body.kind = KindBody::Stock;
                body.stock_from = Some((*from).into());
                body.stock_to = Some((*to).into());
            }
            OfferNews::Gone => body.kind = KindBody::Gone,
            OfferNews::Back => body.kind = KindBody::Back,
        }
        body
    }
}
