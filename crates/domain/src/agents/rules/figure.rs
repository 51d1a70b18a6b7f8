//! What conditions can ask for.

use super::document::About;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// What is available over all locations.
    Stock,
    Price,
    CostKnown,
    /// The share of the price that is left after the cost of the unit.
    UnitMargin,
    UnitsSold,
    NetSales,
    /// CM2, where all costs of goods are known.
    Contribution,
    /// Days for which the stock lasts at the pace of the days.
    StockCover,
    DaysWithoutSale,
    DaysListed,
    ProductStatus,
    ProductType,
    Vendor,
    ProductTags,
    Total,
    /// The provider's own assessment.
    Risk,
    AgeHours,
    /// Hours since it was paid in full.
    PaidHours,
    PaymentState,
    FulfillmentState,
    Country,
    BilledElsewhere,
    Ships,
    /// Of the same customer, before.
    EarlierOrders,
    /// Of the same customer, in the 24 hours up to it.
    OrdersInDay,
    OrderTags,
}

/// How the values of a figure are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Count,
    /// Minor units of the store's currency.
    Money,
    /// Ten-thousandths.
    Share,
    Days,
    Hours,
    Flag,
    /// One word of the provider's.
    Word,
    Tags,
}

/// The largest amount that is compared, in minor units.
const MOST_MONEY: i64 = 1_000_000_000_000;

impl Figure {
    pub const ALL: [Self; 26] = [
        Self::Stock,
        Self::Price,
        Self::CostKnown,
        Self::UnitMargin,
        Self::UnitsSold,
        Self::NetSales,
        Self::Contribution,
        Self::StockCover,
        Self::DaysWithoutSale,
        Self::DaysListed,
        Self::ProductStatus,
        Self::ProductType,
        Self::Vendor,
        Self::ProductTags,
        Self::Total,
        Self::Risk,
        Self::AgeHours,
        Self::PaidHours,
        Self::PaymentState,
        Self::FulfillmentState,
        Self::Country,
        Self::BilledElsewhere,
        Self::Ships,
        Self::EarlierOrders,
        Self::OrdersInDay,
        Self::OrderTags,
    ];

    #[must_use]
    pub fn about(self) -> About {
        if self < Self::Total {
            About::Variants
        } else {
            About::Orders
        }
    }

    #[must_use]
    pub const fn kind(self) -> Kind {
        match self {
            Self::Stock | Self::UnitsSold | Self::EarlierOrders | Self::OrdersInDay => Kind::Count,
            Self::Price | Self::NetSales | Self::Contribution | Self::Total => Kind::Money,
            Self::UnitMargin => Kind::Share,
            Self::StockCover | Self::DaysWithoutSale | Self::DaysListed => Kind::Days,
            Self::AgeHours | Self::PaidHours => Kind::Hours,
            Self::CostKnown | Self::BilledElsewhere | Self::Ships => Kind::Flag,
            Self::ProductStatus
            | Self::ProductType
            | Self::Vendor
            | Self::Risk
            | Self::PaymentState
            | Self::FulfillmentState
            | Self::Country => Kind::Word,
            Self::ProductTags | Self::OrderTags => Kind::Tags,
        }
    }

    /// Whether it is counted over the last days.
    #[must_use]
    pub const fn is_over_days(self) -> bool {
        matches!(
            self,
            Self::UnitsSold | Self::NetSales | Self::Contribution | Self::StockCover
        )
    }

    /// Both included; of words, how many there may be.
    #[must_use]
    pub const fn bounds(self) -> (i64, i64) {
        match self {
            Self::Stock => (-1_000_000, 10_000_000),
            Self::Contribution | Self::NetSales => (-MOST_MONEY, MOST_MONEY),
            Self::DaysWithoutSale => (1, 365),
            _ => match self.kind() {
                Kind::Count => (0, 10_000_000),
                Kind::Money => (0, MOST_MONEY),
                Kind::Share => (-100_000, 10_000),
                Kind::Days => (0, 3_650),
                Kind::Hours => (0, 8_760),
                Kind::Flag => (0, 1),
                Kind::Word | Kind::Tags => (1, 50),
            },
        }
    }

    /// In the middle of a sentence.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Stock => "stock",
            Self::Price => "price",
            Self::CostKnown => "unit cost known",
            Self::UnitMargin => "unit margin",
            Self::UnitsSold => "units sold",
            Self::NetSales => "net sales",
            Self::Contribution => "contribution margin",
            Self::StockCover => "stock cover",
            Self::DaysWithoutSale => "days without a sale",
            Self::DaysListed => "days listed",
            Self::ProductStatus => "product status",
            Self::ProductType => "product type",
            Self::Vendor => "vendor",
            Self::ProductTags | Self::OrderTags => "tags",
            Self::Total => "total",
            Self::Risk => "risk",
            Self::AgeHours => "age",
            Self::PaidHours => "time since payment",
            Self::PaymentState => "payment",
            Self::FulfillmentState => "fulfilment",
            Self::Country => "country",
            Self::BilledElsewhere => "billed to another country",
            Self::Ships => "something to send",
            Self::EarlierOrders => "earlier orders of the customer",
            Self::OrdersInDay => "orders of the customer within a day",
        }
    }

    /// Why nobody may know it, as people are told.
    #[must_use]
    pub const fn why_unknown(self) -> &'static str {
        match self {
            Self::Stock => "stock is not counted",
            Self::Price => "nobody had seen its price by then",
            Self::UnitMargin => "the unit cost is not known in the store's currency",
            Self::Contribution => "the cost of some of what was sold is not known",
            Self::StockCover => "stock is not counted, or nothing was sold in these days",
            Self::Total => "the order is in another currency",
            Self::Risk => "the provider says nothing about its risk",
            Self::PaidHours => "it is not paid in full, or nobody says since when",
            Self::Country => "no country is recorded",
            Self::BilledElsewhere => "one of its countries is not recorded",
            Self::EarlierOrders | Self::OrdersInDay => "no customer is recorded",
            _ => "it was not recorded at the time",
        }
    }
}
