//! Why a cost is unknown, and by which rate one was converted, in words and as data.

use chrono::NaiveDate;
use domain::fx::DayRate;
use domain::ledger::{Conversion, CostPart, CostsKnown, Unknown};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UnknownCost)]
pub(crate) struct UnknownBody {
    /// `no_cost`, `cost_later`, `no_fee_rule`, `no_shipping_table`, `no_shipping_row`, `no_weight`, `no_rate` or `too_large`.
    code: String,
    message: String,
}

/// A cost of an order that nobody knows.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderCostGap)]
pub(crate) struct GapOfOrder {
    /// `cost`, `shipping` or `fees`.
    of: String,
    /// Of a cost of goods.
    line_id: Option<String>,
    /// Of a fee.
    gateway: Option<String>,
    why: UnknownBody,
}

/// A cost of an order that was told in another currency.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderCostConversion)]
pub(crate) struct ConversionOfOrder {
    /// `cost`, `shipping` or `fees`.
    of: String,
    line_id: Option<String>,
    gateway: Option<String>,
    from: String,
    to: String,
    /// Units of `to` for one of `from`.
    rate: String,
    rate_day: NaiveDate,
    /// Between the day of the sale or payment and that of the rate.
    age_days: u32,
    /// `entered`, `imported` or `feed`.
    source: String,
    /// Between the two legs.
    via: Option<String>,
}

impl UnknownBody {
    pub(crate) fn of(why: &Unknown) -> Self {
        let (code, message) = match why {
            Unknown::NoCost => ("no_cost", "No source tells what it costs.".to_owned()),
            Unknown::CostLater => (
                "cost_later",
                "Its cost is told only from a later day on.".to_owned(),
            ),
            Unknown::NoFeeRule => (
                "no_fee_rule",
                "The gateway does not tell its fee, and there is no rule for it.".to_owned(),
            ),
            Unknown::NoTable => (
                "no_shipping_table",
                "There is no shipping table, or none for that day.".to_owned(),
            ),
            Unknown::NoRow => (
                "no_shipping_row",
                "No row of the shipping table is meant for this country, weight or value."
                    .to_owned(),
            ),
            Unknown::NoWeight => (
                "no_weight",
                "The shipping table asks for a weight, and the order tells none.".to_owned(),
            ),
            Unknown::NoRate(none) => {
                let text = none.to_string();
                let (first, rest) = text.split_at(1);
                ("no_rate", format!("{}{rest}.", first.to_uppercase()))
            }
            Unknown::TooLarge => ("too_large", "It is beyond what can be written.".to_owned()),
        };
        Self {
            code: code.to_owned(),
            message,
        }
    }
}

fn part(of: &CostPart) -> (String, Option<String>, Option<String>) {
    match of {
        CostPart::Goods(line) => ("cost".to_owned(), Some(line.to_string()), None),
        CostPart::Shipping => ("shipping".to_owned(), None, None),
        CostPart::Fees(gateway) => ("fees".to_owned(), None, Some(gateway.clone())),
    }
}

impl GapOfOrder {
    pub(crate) fn all(known: &CostsKnown) -> Vec<Self> {
        let of = |gap: &domain::ledger::Gap| {
            let (of, line_id, gateway) = part(&gap.of);
            Self {
                of,
                line_id,
                gateway,
                why: UnknownBody::of(&gap.why),
            }
        };
        known.gaps.iter().map(of).collect()
    }
}

impl ConversionOfOrder {
    pub(crate) fn all(known: &CostsKnown) -> Vec<Self> {
        known.conversions.iter().filter_map(Self::of).collect()
    }

    fn of(conversion: &Conversion) -> Option<Self> {
        let (of, line_id, gateway) = part(&conversion.of);
        let rate: &DayRate = &conversion.rate;
        Some(Self {
            of,
            line_id,
            gateway,
            from: rate.from.to_string(),
            to: rate.to.to_string(),
            rate: rate.value().to_string(),
            rate_day: rate.rate_day,
            age_days: rate.age_days,
            source: rate.source?.as_str().to_owned(),
            via: rate.via.map(|c| c.to_string()),
        })
    }
}
