//! What a report is asked about, as it stands in the address.

use crate::problem::{FieldError, Problem};
use application::reports::{ReportQuery, Split};
use chrono::NaiveDate;
use domain::calendar::{Comparison, Grain};
use domain::ids::{StoreId, WorkspaceId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// By what the rows are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
#[schema(as = SplitBy)]
pub(crate) enum By {
    #[default]
    Day,
    Week,
    Month,
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
    /// The first store when left out.
    #[param(value_type = Option<String>, format = "uuid")]
    pub(crate) store_id: Option<String>,
}

impl By {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
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

impl RangeQuery {
    pub(crate) fn asked(&self, workspace: WorkspaceId) -> Result<ReportQuery, Problem> {
        Ok(ReportQuery {
            workspace,
            store: store_id(self.store_id.as_deref())?,
            from: self.from,
            to: self.to,
            compare: self.compare.map(Compare::comparison),
        })
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
