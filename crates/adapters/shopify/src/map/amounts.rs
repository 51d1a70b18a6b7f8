//! Amounts of one thing, in its own currency; and the error that names the thing.

use crate::wire::{Money, MoneyBag};
use domain::money::{Currency, Money as Exact};

/// Why a fact could not be made: a sentence that names the thing and the field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(pub String);

/// The thing whose fields are read, for messages.
#[derive(Debug, Clone, Copy)]
pub(super) struct Of<'a> {
    /// `order`, `product` …
    pub what: &'static str,
    pub name: &'a str,
    pub id: &'a str,
}

impl Of<'_> {
    pub(super) fn refuse(&self, field: &str, why: impl std::fmt::Display) -> Unreadable {
        let name = if self.name.is_empty() { "" } else { " " };
        Unreadable(format!(
            "{}{name}{} ({}): {field}: {why}",
            self.what, self.name, self.id
        ))
    }

    pub(super) fn missing(&self, field: &str) -> Unreadable {
        self.refuse(
            field,
            "Shopify answered null where a value always was; without it the figures would be wrong",
        )
    }

    pub(super) fn need<T>(&self, field: &'static str, value: Option<T>) -> Result<T, Unreadable> {
        value.ok_or_else(|| self.missing(field))
    }

    pub(super) fn currency(
        &self,
        field: &'static str,
        code: Option<&str>,
    ) -> Result<Currency, Unreadable> {
        let code = self.need(field, code)?;
        Currency::parse(code).map_err(|e| self.refuse(field, e))
    }
}

/// Reads amounts of one thing, all of one currency.
#[derive(Debug, Clone, Copy)]
pub(super) struct Amounts<'a> {
    pub of: Of<'a>,
    pub currency: Currency,
}

impl Amounts<'_> {
    /// Minor units; null is refused.
    pub(super) fn need(
        &self,
        field: &'static str,
        bag: Option<&MoneyBag>,
    ) -> Result<i64, Unreadable> {
        let bag = bag.ok_or_else(|| self.of.missing(field))?;
        self.money(field, bag.shop_money.as_ref())
    }

    /// Minor units; a sum that is not there is nothing.
    pub(super) fn or_zero(
        &self,
        field: &'static str,
        bag: Option<&MoneyBag>,
    ) -> Result<i64, Unreadable> {
        match bag.and_then(|b| b.shop_money.as_ref()) {
            Some(money) => self.money(field, Some(money)),
            None => Ok(0),
        }
    }

    pub(super) fn money(
        &self,
        field: &'static str,
        money: Option<&Money>,
    ) -> Result<i64, Unreadable> {
        let money = money.ok_or_else(|| self.of.missing(field))?;
        // The usual code is not looked up again for each of fifty amounts.
        let code = money.currency_code.as_deref();
        let usual = code.is_some_and(|c| c == self.currency.code());
        let currency = if usual {
            self.currency
        } else {
            self.of.currency(field, code)?
        };
        if currency != self.currency {
            let why = format!(
                "is in {currency}, although the {} is in {}",
                self.of.what, self.currency
            );
            return Err(self.of.refuse(field, why));
        }
        let amount = self.of.need(field, money.amount.as_deref())?;
        self.text(field, amount)
    }

    /// A bare decimal string in this currency.
    pub(super) fn text(&self, field: &'static str, amount: &str) -> Result<i64, Unreadable> {
        Exact::parse(amount, self.currency)
            .map(|m| m.minor)
            .map_err(|e| self.of.refuse(field, e))
    }

    pub(super) fn sum<'b>(
        &self,
        field: &'static str,
        bags: impl Iterator<Item = Option<&'b MoneyBag>>,
    ) -> Result<i64, Unreadable> {
        let mut sum = 0_i64;
        for bag in bags {
            let part = self.need(field, bag)?;
            sum = sum
                .checked_add(part)
                .ok_or_else(|| self.of.refuse(field, "the sum is too large"))?;
        }
        Ok(sum)
    }
}
