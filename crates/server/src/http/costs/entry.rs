//! One input as the API reads and writes it: what is answered can be changed and sent back.

use crate::http::amounts::{amount, unit_amount};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::Calendar;
use domain::catalog::CostSource;
use domain::inputs::{Cadence, Input, InputKey, InputRecord, Per, Teller};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ShippingPer)]
pub(crate) enum PerBody {
    Order,
    /// For each unit that is sent.
    Item,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CostCadence)]
pub(crate) enum CadenceBody {
    /// The amount is each day's.
    Day,
    /// The amount is that of seven days, counted from the first one.
    Week,
    /// The amount is a calendar month's, spread over its days.
    Month,
    /// The amount is that of the whole span from `from` to `to`.
    Once,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ToldSource)]
pub(crate) enum ToldSource {
    /// Entered by a person or read from a sheet.
    #[default]
    Sheet,
    Supplier,
}

/// Amounts are decimal strings in `currency`, the store's own when it is left out. Without `valid_from` it holds since ever.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(as = CostEntryContent)]
pub(crate) enum Content {
    /// What a unit of a variant costs; without `amount` this source says nothing from `valid_from` on.
    VariantCost {
        variant_id: String,
        amount: Option<String>,
        currency: Option<String>,
        valid_from: Option<NaiveDate>,
        #[serde(default)]
        source: ToldSource,
    },
    /// What a unit of one line of an order cost.
    LineCost {
        order_id: String,
        line_id: String,
        amount: String,
        currency: Option<String>,
    },
    /// The share of the price that stands in for an unknown cost, e.g. `"40"` or `"37.5"`.
    DefaultCost { percent: String },
    /// A row of the shipping table. Bounds below are part of the band, bounds above are not; without them it has no end.
    ShippingRate {
        /// ISO 3166-1 alpha-2; the rest of the world when left out.
        country: Option<String>,
        min_grams: Option<i64>,
        max_grams: Option<i64>,
        min_value: Option<String>,
        max_value: Option<String>,
        per: PerBody,
        amount: String,
        currency: Option<String>,
        valid_from: Option<NaiveDate>,
    },
    /// What sending one order really cost.
    OrderShipping {
        order_id: String,
        amount: String,
        currency: Option<String>,
    },
    /// What a gateway keeps of a payment, where the provider does not tell it.
    FeeRule {
        gateway: String,
        percent: String,
        fixed: String,
        currency: Option<String>,
        valid_from: Option<NaiveDate>,
    },
    AdSpend {
        day: NaiveDate,
        channel: String,
        campaign: Option<String>,
        amount: String,
        currency: Option<String>,
    },
    FixedCost {
        name: String,
        amount: String,
        currency: Option<String>,
        cadence: CadenceBody,
        from: NaiveDate,
        to: Option<NaiveDate>,
    },
}

/// A stored input.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = CostEntry)]
pub(crate) struct EntryBody {
    /// Names the row in addresses.
    pub(crate) id: String,
    /// Send it back with a change, so that nobody else's change is lost.
    pub(crate) revision: i64,
    /// `store`, `supplier`, `person`, `import` or `ad_platform`.
    pub(crate) told_by: String,
    #[schema(format = "uuid")]
    pub(crate) import_id: Option<String>,
    pub(crate) told_at: DateTime<Utc>,
    #[serde(flatten)]
    pub(crate) content: Content,
}

pub(crate) fn id_of(key: &InputKey) -> String {
    // Two texts: this cannot fail.
    let text = serde_json::to_string(key).unwrap_or_default();
    BASE64_URL_SAFE_NO_PAD.encode(text)
}

pub(crate) fn key_of(id: &str) -> Option<InputKey> {
    let text = BASE64_URL_SAFE_NO_PAD.decode(id).ok()?;
    serde_json::from_slice(&text).ok()
}

pub(crate) fn teller(teller: Teller) -> &'static str {
    match teller {
        Teller::Store => "store",
        Teller::Supplier => "supplier",
        Teller::Person => "person",
        Teller::Import => "import",
        Teller::AdPlatform => "ad_platform",
    }
}

/// `290` is `"2.9"`.
pub(crate) fn percent(basis_points: i64) -> String {
    Decimal::new(basis_points, 2).normalize().to_string()
}

impl EntryBody {
    pub(crate) fn of(record: &InputRecord, calendar: &Calendar) -> Self {
        Self {
            id: id_of(&record.input.key()),
            revision: record.revision,
            told_by: teller(record.origin.told_by).to_owned(),
            import_id: record.origin.import.map(|i| i.to_string()),
            told_at: record.origin.at,
            content: Content::of(&record.input, calendar),
        }
    }
}

impl Content {
    pub(crate) fn of(input: &Input, calendar: &Calendar) -> Self {
        match input {
            Input::VariantCost(c) => Self::VariantCost {
                variant_id: c.variant.to_string(),
                amount: c.cost.map(|c| unit_amount(c.amount, c.currency)),
                currency: c.cost.map(|c| c.currency.to_string()),
                valid_from: c.valid_from.map(|at| calendar.day_of(at)),
                source: match c.source {
                    CostSource::Supplier => ToldSource::Supplier,
                    _ => ToldSource::Sheet,
                },
            },
            Input::LineCost(c) => Self::LineCost {
                order_id: c.order.to_string(),
                line_id: c.line.to_string(),
                amount: unit_amount(c.cost.amount, c.cost.currency),
                currency: Some(c.cost.currency.to_string()),
            },
            Input::DefaultCost(d) => Self::DefaultCost {
                percent: percent(d.basis_points),
            },
            Input::ShippingRate(r) => Self::ShippingRate {
                country: r.country.clone(),
                min_grams: (r.grams.from != 0).then_some(r.grams.from),
                max_grams: r.grams.below,
                min_value: (r.value.from != 0).then(|| amount(r.value.from, r.currency)),
                max_value: r.value.below.map(|v| amount(v, r.currency)),
                per: match r.per {
                    Per::Order => PerBody::Order,
                    Per::Item => PerBody::Item,
                },
                amount: amount(r.amount, r.currency),
                currency: Some(r.currency.to_string()),
                valid_from: r.valid_from,
            },
            Input::OrderShipping(s) => Self::OrderShipping {
                order_id: s.order.to_string(),
                amount: amount(s.amount, s.currency),
                currency: Some(s.currency.to_string()),
            },
            Input::FeeRule(r) => Self::FeeRule {
                gateway: r.gateway.clone(),
                percent: percent(r.basis_points),
                fixed: amount(r.fixed, r.currency),
                currency: Some(r.currency.to_string()),
                valid_from: r.valid_from,
            },
            Input::AdSpend(s) => Self::AdSpend {
                day: s.day,
                channel: s.channel.clone(),
                campaign: s.campaign.clone(),
                amount: amount(s.amount, s.currency),
                currency: Some(s.currency.to_string()),
            },
            Input::FixedCost(c) => Self::FixedCost {
                name: c.name.clone(),
                amount: amount(c.amount, c.currency),
                currency: Some(c.currency.to_string()),
                cadence: match c.cadence {
                    Cadence::Day => CadenceBody::Day,
                    Cadence::Week => CadenceBody::Week,
                    Cadence::Month => CadenceBody::Month,
                    Cadence::Once => CadenceBody::Once,
                },
                from: c.from,
                to: c.to,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_name_rows_and_percents_are_short() {
        let key = InputKey {
            kind: domain::inputs::InputKind::AdSpend,
            key: "2026-01-02\nmeta\nSpring / sale".to_owned(),
        };
        assert_eq!(key_of(&id_of(&key)), Some(key));
        assert_eq!(key_of("nonsense"), None);
        assert_eq!([percent(290), percent(4000)], ["2.9", "40"]);
    }
}
