//! A day on which a figure was not what its own past says, and what became of it.

use super::brief::FigureKind;
use crate::audit::Actor;
use crate::ids::{AnomalyId, StoreScope};
use crate::money::Currency;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Figures that are watched by day. Money is in minor units of the store, shares and ratios are in ten-thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Watched {
    NetSales,
    Orders,
    /// Returns of the day ÷ (gross sales − discounts) of the day.
    RefundRate,
    /// CM2 ÷ net revenue of known cost.
    Margin,
    AdSpend,
    /// CM2 ÷ ad spend.
    Poas,
    /// Cost of goods ÷ units sold, in minor units.
    UnitCost,
}

/// How the number of a figure is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    Money,
    Count,
    /// Ten-thousandths.
    Share,
}

impl Watched {
    pub const ALL: [Self; 7] = [
        Self::NetSales,
        Self::Orders,
        Self::RefundRate,
        Self::Margin,
        Self::AdSpend,
        Self::Poas,
        Self::UnitCost,
    ];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NetSales => "net_sales",
            Self::Orders => "orders",
            Self::RefundRate => "refund_rate",
            Self::Margin => "margin",
            Self::AdSpend => "ad_spend",
            Self::Poas => "poas",
            Self::UnitCost => "unit_cost",
        }
    }

    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::NetSales => "Net sales",
            Self::Orders => "Orders",
            Self::RefundRate => "Refund rate",
            Self::Margin => "Margin (CM2)",
            Self::AdSpend => "Ad spend",
            Self::Poas => "POAS",
            Self::UnitCost => "Cost per unit",
        }
    }

    #[must_use]
    pub const fn scale(self) -> Scale {
        match self {
            Self::NetSales | Self::AdSpend | Self::UnitCost => Scale::Money,
            Self::Orders => Scale::Count,
            Self::RefundRate | Self::Margin | Self::Poas => Scale::Share,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anomaly {
    pub id: AnomalyId,
    pub scope: StoreScope,
    pub figure: Watched,
    pub day: NaiveDate,
    pub currency: Currency,
    pub value: i64,
    pub expected: i64,
    /// What would have been usual.
    pub low: i64,
    pub high: i64,
    /// Hundredths of robust standard deviations from what was expected.
    pub score: i64,
    /// Two days together say it, neither alone.
    pub over_two_days: bool,
    /// Days of the past that it was held against.
    pub history: u32,
    /// The day's figures are estimated in part, or refunds of it still come.
    pub may_move: bool,
    pub found_at: DateTime<Utc>,
}

impl Anomaly {
    /// One a store, figure and day, whoever finds it.
    #[must_use]
    pub fn id_of(scope: StoreScope, figure: Watched, day: NaiveDate) -> AnomalyId {
        let name = format!("anomaly\n{}\n{day}", figure.as_str());
        AnomalyId(Uuid::new_v5(&scope.store.0, name.as_bytes()))
    }

    /// A number of its figure, as people read it.
    #[must_use]
    pub fn words(&self, number: i64) -> String {
        FigureKind::from(self.figure.scale()).words(number, self.currency)
    }

    #[must_use]
    pub fn title(&self) -> String {
        let figure = self.figure.title();
        let value = self.words(self.value);
        format!("{figure} of {} was unusual: {value}", self.day)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    Open,
    Seen,
    Dismissed,
}

impl Standing {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Seen => "seen",
            Self::Dismissed => "dismissed",
        }
    }
}

/// What somebody said about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    pub standing: Standing,
    pub by: Actor,
    pub at: DateTime<Utc>,
    /// Needed where it is dismissed.
    pub reason: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub anomaly: Anomaly,
    /// 0 until somebody says something.
    pub version: i64,
    pub mark: Option<Mark>,
    /// The day was looked at again and is usual by now: its figures moved.
    pub gone: bool,
}

impl Kept {
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.mark.as_ref().map_or(Standing::Open, |m| m.standing)
    }
}
