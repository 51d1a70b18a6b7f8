//! What a report is asked about, as it stands in the address.

use crate::problem::{FieldError, Problem};
use application::reports::{CurrencyChoice, ReportQuery, Split, StoreChoice};
use chrono::NaiveDate;
use domain::calendar::{Comparison, Grain};
use domain::ids::{StoreId, WorkspaceId};
use domain::money::Currency;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// Names all stores of the workspace together.
pub(crate) const ALL_STORES: &str = "all";

/// By what the rows are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
#[schema(as = SplitBy)]
pub(crate) enum By {
    #[default]
    Day,
    Week,
    Month,
    Store,
    Product,
    Variant,
    Channel,
    Country,
}

/// With which days the range is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CompareWith)]
pub(crate) enum Compare {
    /// The span of the same length that ends the day before.
    Previous,
    /// The same days one year earlier.
    Year,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ReportFormat)]
pub(crate) enum Format {
    Json,
    Csv,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct RangeQuery {
    /// First day of the store's calendar; the thirty days up to `to` when left out.
    pub(crate) from: Option<NaiveDate>,
    /// Last day, included; today when left out.
    pub(crate) to: Option<NaiveDate>,
    pub(crate) compare: Option<Compare>,
    /// Id of a store, or `all`; the first store when left out.
    pub(crate) store: Option<String>,
    /// The same as `store`.
    pub(crate) store_id: Option<String>,
    /// Code of a currency (ISO 4217), `store` or `workspace`: amounts are converted day by day. When left out, one store is shown in its own
    /// currency and all together in the workspace's.
    pub(crate) currency: Option<String>,
}

impl By {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Store => "store",
            Self::Product => "product",
            Self::Variant => "variant",
            Self::Channel => "channel",
            Self::Country => "country",
        }
    }

    pub(crate) const fn split(self) -> Split {
        match self {
            Self::Day => Split::Period(Grain::Day),
            Self::Week => Split::Period(Grain::Week),
            Self::Month => Split::Period(Grain::Month),
            Self::Store => Split::Store,
            Self::Product => Split::Product,
            Self::Variant => Split::Variant,
            Self::Channel => Split::Channel,
            Self::Country => Split::Country,
        }
    }
}

impl Compare {
    pub(crate) const fn comparison(self) -> Comparison {
        match self {
            Self::Previous => Comparison::Previous,
            Self::Year => Comparison::Year,
        }
    }
}

/// A range without a comparison.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FigureQuery {
    /// First day of the store's calendar; the thirty days up to `to` when left out.
    from: Option<NaiveDate>,
    /// Last day, included; today when left out.
    to: Option<NaiveDate>,
    /// Id of a store, or `all`; the first store when left out.
    store: Option<String>,
    /// The same as `store`.
    store_id: Option<String>,
    /// Code of a currency (ISO 4217), `store` or `workspace`: amounts are converted day by day.
    currency: Option<String>,
}

impl FigureQuery {
    pub(crate) fn range(self) -> RangeQuery {
        RangeQuery {
            from: self.from,
            to: self.to,
            compare: None,
            store: self.store,
            store_id: self.store_id,
            currency: self.currency,
        }
    }
}

impl RangeQuery {
    pub(crate) fn asked(&self, workspace: WorkspaceId) -> Result<ReportQuery, Problem> {
        let store = self.store.as_deref().or(self.store_id.as_deref());
        Ok(ReportQuery {
            workspace,
            store: store_choice(store).ok_or_else(|| {
                invalid("store", "is neither the id of a store nor all")
            })?,
            currency: currency_choice(self.currency.as_deref()).ok_or_else(|| {
                invalid(
                    "currency",
                    "is neither a currency that this version knows (ISO 4217) nor store or workspace",
                )
            })?,
            from: self.from,
            to: self.to,
            compare: self.compare.map(Compare::comparison),
        })
    }
}

fn invalid(field: &'static str, message: &str) -> Problem {
    Problem::invalid(vec![FieldError::new(field, message)])
}

/// `None` for what names no store.
pub(crate) fn store_choice(text: Option<&str>) -> Option<StoreChoice> {
    match text.map(str::trim).filter(|t| !t.is_empty()) {
        None => Some(StoreChoice::First),
        Some(ALL_STORES) => Some(StoreChoice::All),
        Some(id) => id.parse().ok().map(StoreChoice::One),
    }
}

/// `None` for what names no currency.
pub(crate) fn currency_choice(text: Option<&str>) -> Option<CurrencyChoice> {
    match text.map(str::trim).filter(|t| !t.is_empty()) {
        None | Some("store") => Some(CurrencyChoice::Usual),
        Some("workspace") => Some(CurrencyChoice::Workspace),
        Some(code) => Currency::parse(code).ok().map(CurrencyChoice::Of),
    }
}

/// A store of another workspace is simply not found; something that is no id at all is named.
pub(crate) fn store_id(text: Option<&str>) -> Result<Option<StoreId>, Problem> {
    text.filter(|t| !t.is_empty())
        .map(|t| {
            t.parse().map_err(|_| {
                Problem::invalid(vec![FieldError::new(
                    "store_id",
                    "is not the id of a store",
                )])
            })
        })
        .transpose()
}
