//! Inputs of profit.

use super::{at, currency, day, scope};
use domain::catalog::{CostSource, UnitCost};
use domain::ids::{ImportId, RecostId, StoreScope, VariantId};
use domain::inputs::{AdSpend, Input, Origin, VariantCost};
use domain::recost::{RecostExtent, RecostRun};
use rust_decimal::Decimal;
use uuid::Uuid;

/// By a person on 1 February 2026.
#[must_use]
pub fn origin() -> Origin {
    Origin::person(None, at("2026-02-01"))
}

/// By an import, by number, on 2 February 2026.
#[must_use]
pub fn imported(number: u128) -> Origin {
    Origin::import(ImportId(Uuid::from_u128(number)), None, at("2026-02-02"))
}

/// A unit cost in `USD` from a sheet; `from` is a day, or nothing for since ever.
///
/// # Panics
/// When the amount is no decimal.
#[must_use]
pub fn variant_cost(variant: i64, amount: &str, from: Option<&str>) -> Input {
    Input::VariantCost(VariantCost {
        variant: VariantId(variant),
        valid_from: from.map(at),
        cost: Some(UnitCost {
            amount: Decimal::from_str_exact(amount).expect("a decimal"),
            currency: currency("USD"),
        }),
        source: CostSource::Sheet,
    })
}

/// In `USD` minor units.
#[must_use]
pub fn ad_spend(on: &str, channel: &str, amount: i64) -> Input {
    Input::AdSpend(AdSpend {
        day: day(on),
        channel: channel.to_owned(),
        campaign: None,
        account: None,
        amount,
        currency: currency("USD"),
    })
}

/// A run over all orders of [`scope`]`(1, 1)`, created in the minute of its number.
#[must_use]
pub fn recost_run(number: u32) -> RecostRun {
    recost_run_of(scope(1, 1), number)
}

#[must_use]
pub fn recost_run_of(scope: StoreScope, number: u32) -> RecostRun {
    RecostRun::new(
        RecostId(Uuid::from_u128(u128::from(number) + 1000)),
        scope,
        RecostExtent::everything(),
        "Costs changed",
        at("2026-02-01") + chrono::Duration::minutes(i64::from(number)),
    )
}
