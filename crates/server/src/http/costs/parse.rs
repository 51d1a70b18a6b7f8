//! From what was sent to an input, or to the fields that are wrong with it.

use super::entry::{CadenceBody, Content, PerBody, ToldSource};
use crate::problem::FieldError;
use chrono::NaiveDate;
use domain::calendar::Calendar;
use domain::catalog::{CostSource, UnitCost};
use domain::inputs::{
    AdSpend, Band, Cadence, DefaultCost, FeeRule, FixedCost, Input, LineCost, OrderShipping, Per,
    ShippingRate, VariantCost,
};
use domain::money::{Currency, Money, parse_decimal};
use domain::store::Store;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use std::str::FromStr;

/// No unit costs more; it is a mistake.
const MOST: i64 = 1_000_000_000;
const LONGEST: usize = 200;

/// Reads one thing, and gathers what is wrong with it.
pub(crate) struct Reader<'a> {
    store: &'a Store,
    calendar: Calendar,
    /// Before each field's name: `changes[3].` of a list.
    prefix: String,
    errors: Vec<FieldError>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(store: &'a Store, calendar: Calendar, prefix: String) -> Self {
        Self {
            store,
            calendar,
            prefix,
            errors: Vec::new(),
        }
    }

    fn wrong(&mut self, field: &str, message: impl Into<String>) {
        let field = format!("{}{field}", self.prefix);
        self.errors.push(FieldError::new(&field, message));
    }

    fn currency(&mut self, code: Option<&str>) -> Currency {
        match code.map(Currency::parse) {
            None => self.store.currency,
            Some(Ok(currency)) => currency,
            Some(Err(error)) => {
                self.wrong("currency", error.to_string());
                self.store.currency
            }
        }
    }

    fn money(&mut self, field: &str, text: &str, currency: Currency) -> i64 {
        match Money::parse(text, currency) {
            Ok(money) if money.minor < 0 => self.wrong(field, "cannot be negative"),
            Ok(money) if money.minor > MOST * 1_000 => self.wrong(field, "is too large"),
            Ok(money) => return money.minor,
            Err(error) => self.wrong(field, error.to_string()),
        }
        0
    }

    fn unit(&mut self, text: &str, currency: Currency) -> UnitCost {
        let amount = match parse_decimal(text) {
            Ok(amount) if amount.is_sign_negative() && !amount.is_zero() => {
                self.wrong("amount", "cannot be negative");
                Decimal::ZERO
            }
            Ok(amount) if amount > Decimal::from(MOST) || amount.scale() > 8 => {
                self.wrong("amount", "is too large, or has more than 8 decimals");
                Decimal::ZERO
            }
            Ok(amount) => amount,
            Err(error) => {
                self.wrong("amount", error.to_string());
                Decimal::ZERO
            }
        };
        UnitCost { amount, currency }
    }

    fn percent(&mut self, text: &str) -> i64 {
        let points = parse_decimal(text).ok().map(|p| p * Decimal::from(100));
        match points
            .filter(|p| p.fract().is_zero())
            .and_then(|p| p.to_i64())
        {
            Some(points @ 0..=10_000) => points,
            _ => {
                self.wrong(
                    "percent",
                    "is a number from 0 to 100 with at most two decimals",
                );
                0
            }
        }
    }

    fn day(&mut self, field: &str, day: Option<NaiveDate>) -> Option<NaiveDate> {
        if let Some(day) = day.filter(|d| !self.calendar.has(*d)) {
            let zone = self.calendar.zone_name();
            self.wrong(field, format!("{day} does not exist in {zone}"));
        }
        day
    }

    fn id<T: FromStr>(&mut self, field: &str, text: &str) -> Option<T> {
        let id = text.parse().ok();
        if id.is_none() {
            self.wrong(field, "is not a number of the store");
        }
        id
    }

    fn name(&mut self, field: &str, text: &str) -> String {
        let text = text.trim();
        if text.is_empty() || text.chars().count() > LONGEST {
            self.wrong(
                field,
                format!("is needed, and has at most {LONGEST} letters"),
            );
        }
        text.to_owned()
    }

    fn band(&mut self, field: &str, from: i64, below: Option<i64>) -> Band {
        if from < 0 {
            self.wrong(&format!("min_{field}"), "cannot be negative");
        }
        if below.is_some_and(|below| below <= from) {
            self.wrong(&format!("max_{field}"), "has to be above the lower bound");
        }
        Band { from, below }
    }

    pub(crate) fn read(mut self, content: &Content) -> Result<Input, Vec<FieldError>> {
        let input = self.input(content);
        match input {
            Some(input) if self.errors.is_empty() => Ok(input),
            _ => Err(self.errors),
        }
    }

    fn input(&mut self, content: &Content) -> Option<Input> {
        Some(match content {
            Content::VariantCost {
                variant_id,
                amount,
                currency,
                valid_from,
                source,
            } => {
                let currency = self.currency(currency.as_deref());
                let day = self.day("valid_from", *valid_from);
                Input::VariantCost(VariantCost {
                    cost: amount.as_deref().map(|text| self.unit(text, currency)),
                    variant: self.id("variant_id", variant_id)?,
                    valid_from: day.map(|day| self.calendar.start_of(day)),
                    source: match source {
                        ToldSource::Sheet => CostSource::Sheet,
                        ToldSource::Supplier => CostSource::Supplier,
                    },
                })
            }
            Content::LineCost {
                order_id,
                line_id,
                amount,
                currency,
            } => {
                let currency = self.currency(currency.as_deref());
                let cost = self.unit(amount, currency);
                Input::LineCost(LineCost {
                    order: self.id("order_id", order_id)?,
                    line: self.id("line_id", line_id)?,
                    cost,
                })
            }
            Content::DefaultCost { percent } => Input::DefaultCost(DefaultCost {
                basis_points: self.percent(percent),
            }),
            Content::ShippingRate { .. } => Input::ShippingRate(self.rate(content)?),
            Content::OrderShipping {
                order_id,
                amount,
                currency,
            } => {
                let currency = self.currency(currency.as_deref());
                Input::OrderShipping(OrderShipping {
                    amount: self.money("amount", amount, currency),
                    order: self.id("order_id", order_id)?,
                    currency,
                })
            }
            Content::FeeRule { .. } => Input::FeeRule(self.fee(content)?),
            Content::AdSpend { .. } => Input::AdSpend(self.spend(content)?),
            Content::FixedCost { .. } => Input::FixedCost(self.fixed(content)?),
        })
    }

    fn fee(&mut self, content: &Content) -> Option<FeeRule> {
        let Content::FeeRule {
            gateway,
            percent,
            fixed,
            currency,
            valid_from,
        } = content
        else {
            return None;
        };
        let currency = self.currency(currency.as_deref());
        Some(FeeRule {
            gateway: self.name("gateway", gateway),
            basis_points: self.percent(percent),
            fixed: self.money("fixed", fixed, currency),
            currency,
            valid_from: self.day("valid_from", *valid_from),
        })
    }

    fn spend(&mut self, content: &Content) -> Option<AdSpend> {
        let Content::AdSpend {
            day,
            channel,
            campaign,
            amount,
            currency,
        } = content
        else {
            return None;
        };
        let currency = self.currency(currency.as_deref());
        let campaign = campaign.as_deref().map(str::trim).filter(|c| !c.is_empty());
        Some(AdSpend {
            day: self.day("day", Some(*day))?,
            channel: self.name("channel", channel).to_lowercase(),
            account: None,
            campaign: campaign.map(|c| self.name("campaign", c)),
            amount: self.money("amount", amount, currency),
            currency,
        })
    }

    fn rate(&mut self, content: &Content) -> Option<ShippingRate> {
        let Content::ShippingRate {
            country,
            min_grams,
            max_grams,
            min_value,
            max_value,
            per,
            amount,
            currency,
            valid_from,
        } = content
        else {
            return None;
        };
        let currency = self.currency(currency.as_deref());
        let country = country.as_deref().map(|c| c.trim().to_ascii_uppercase());
        let country = country.filter(|c| !c.is_empty());
        let is_code = |c: &String| c.len() == 2 && c.bytes().all(|b| b.is_ascii_uppercase());
        if country.as_ref().is_some_and(|c| !is_code(c)) {
            self.wrong("country", "is a code of two letters, e.g. DE");
        }
        let mut bound = |field: &str, text: &Option<String>| {
            let text = text.as_deref()?;
            Some(self.money(field, text, currency))
        };
        let (from, below) = (bound("min_value", min_value), bound("max_value", max_value));
        Some(ShippingRate {
            country,
            grams: self.band("grams", min_grams.unwrap_or(0), *max_grams),
            value: self.band("value", from.unwrap_or(0), below),
            per: match per {
                PerBody::Order => Per::Order,
                PerBody::Item => Per::Item,
            },
            amount: self.money("amount", amount, currency),
            currency,
            valid_from: self.day("valid_from", *valid_from),
        })
    }

    fn fixed(&mut self, content: &Content) -> Option<FixedCost> {
        let Content::FixedCost {
            name,
            amount,
            currency,
            cadence,
            from,
            to,
        } = content
        else {
            return None;
        };
        let currency = self.currency(currency.as_deref());
        let cadence = match cadence {
            CadenceBody::Day => Cadence::Day,
            CadenceBody::Week => Cadence::Week,
            CadenceBody::Month => Cadence::Month,
            CadenceBody::Once => Cadence::Once,
        };
        if to.is_some_and(|to| to < *from) {
            self.wrong("to", "is before the first day");
        }
        if cadence == Cadence::Once && to.is_none() {
            self.wrong(
                "to",
                "is needed: the amount is spread over the days up to it",
            );
        }
        Some(FixedCost {
            name: self.name("name", name),
            amount: self.money("amount", amount, currency),
            currency,
            cadence,
            from: self.day("from", Some(*from))?,
            to: self.day("to", *to),
        })
    }
}
