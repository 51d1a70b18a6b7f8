//! What a payment gateway keeps, where the provider does not tell it.

use crate::money::{Currency, round_to_minor};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeRule {
    /// The gateway's handle, e.g. `paypal`.
    pub gateway: String,
    /// Ten-thousandths of the amount.
    pub basis_points: i64,
    /// Minor units of `currency`, for each payment.
    pub fixed: i64,
    pub currency: Currency,
    /// `None`: since ever.
    pub valid_from: Option<NaiveDate>,
}

impl FeeRule {
    /// What is kept of an amount in minor units of its currency, without the fixed part.
    #[must_use]
    pub fn share(&self, amount: i64, currency: Currency) -> Option<i64> {
        let minor = Decimal::from(10_i64.pow(currency.exponent()));
        let share = Decimal::from(amount) / minor * Decimal::new(self.basis_points, 4);
        round_to_minor(share, currency).ok()
    }
}

/// All rules of a store; of a gateway that counts whose valid-from is the latest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeeRules {
    gateways: BTreeMap<String, BTreeMap<Option<NaiveDate>, FeeRule>>,
}

impl FeeRules {
    pub fn insert(&mut self, rule: FeeRule) {
        let dated = self.gateways.entry(rule.gateway.clone()).or_default();
        dated.insert(rule.valid_from, rule);
    }

    #[must_use]
    pub fn on(&self, gateway: &str, day: NaiveDate) -> Option<&FeeRule> {
        let dated = self.gateways.get(gateway)?;
        dated.range(..=Some(day)).next_back().map(|(_, rule)| rule)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fee_is_a_share_and_a_fixed_part_by_the_rule_of_the_day() {
        let currency = Currency::parse("USD").unwrap();
        let rule = |basis_points, valid_from: Option<&str>| FeeRule {
            gateway: "paypal".to_owned(),
            basis_points,
            fixed: 30,
            currency,
            valid_from: valid_from.map(|d| d.parse().unwrap()),
        };
        let mut rules = FeeRules::default();
        rules.insert(rule(349, Some("2026-02-01")));
        rules.insert(rule(290, None));
        let on = |day: &str| {
            let rule = rules.on("paypal", day.parse().unwrap()).unwrap();
            (rule.share(10_050, currency), rule.fixed)
        };
        assert_eq!(on("2026-01-31"), (Some(291), 30));
        assert_eq!(on("2026-02-01"), (Some(351), 30));
        assert!(rules.on("cash", "2026-02-01".parse().unwrap()).is_none());
    }
}
