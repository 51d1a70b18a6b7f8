//! Money of other currencies in a report: day by day, by each day's rate. What has no rate is withheld by name.

use super::{ReportError, Reports, View};
use chrono::{Days, NaiveDate};
use domain::calendar::DayRange;
use domain::fx::{ConvertedSums, DayRate, NoRate, RateSource, RateTable};
use domain::ids::WorkspaceId;
use domain::money::Currency;
use domain::rollup::Measures;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// Which rates stand behind a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateUse {
    pub from: Currency,
    pub to: Currency,
    /// Between the two, where there is no rate of the pair itself.
    pub via: Option<Currency>,
    pub source: RateSource,
    /// Days that were converted by them.
    pub days: usize,
    /// The oldest and the newest rate among them.
    pub oldest: NaiveDate,
    pub newest: NaiveDate,
    /// How old the oldest one was on the day that it was used for.
    pub max_age_days: u32,
    /// The newest one, to look at.
    pub latest: Decimal,
}

/// Days of a pair for which there is no rate.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Missing(BTreeMap<(Currency, Currency), MissingDays>);

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MissingDays {
    pub days: BTreeSet<NaiveDate>,
    pub max_age_days: u32,
}

impl Missing {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn pairs(&self) -> impl Iterator<Item = (Currency, Currency, &MissingDays)> {
        self.0.iter().map(|((from, to), days)| (*from, *to, days))
    }

    pub(super) fn note(&mut self, none: NoRate) {
        let entry = self.0.entry((none.from, none.to)).or_default();
        entry.days.insert(none.day);
        entry.max_age_days = none.max_age_days;
    }

    pub(super) fn extend(&mut self, other: &Self) {
        for (pair, missing) in &other.0 {
            let entry = self.0.entry(*pair).or_default();
            entry.days.extend(&missing.days);
            entry.max_age_days = missing.max_age_days;
        }
    }

    /// A sentence for a person; `None` when nothing is missing.
    #[must_use]
    pub fn reason(&self) -> Option<String> {
        let sentences: Vec<String> = self
            .0
            .iter()
            .filter_map(|((from, to), missing)| {
                let (first, last) = (missing.days.first()?, missing.days.last()?);
                let days = match missing.days.len() {
                    1 => format!("on {first}"),
                    n => format!("on {n} days from {first} to {last}"),
                };
                Some(format!(
                    "No exchange rate from {from} to {to} {days}, nor in the {} days before. Enter one or import a table of rates.",
                    missing.max_age_days
                ))
            })
            .collect();
        (!sentences.is_empty()).then(|| sentences.join(" "))
    }
}

/// From which currency, over which, by whose rates.
type UsedPair = (Currency, Option<Currency>, RateSource);

/// The table of one report, and what was taken from it.
pub(super) struct Converter {
    table: RateTable,
    to: Currency,
    used: BTreeMap<UsedPair, (BTreeSet<NaiveDate>, RateUse)>,
}

impl Converter {
    pub(super) fn rate(&mut self, day: NaiveDate, from: Currency) -> Result<DayRate, NoRate> {
        let rate = self.table.on(day, from, self.to)?;
        if let Some(source) = rate.source {
            let fresh = || RateUse {
                from,
                to: self.to,
                via: rate.via,
                source,
                days: 0,
                oldest: rate.rate_day,
                newest: rate.rate_day,
                max_age_days: 0,
                latest: rate.value(),
            };
            let entry = self.used.entry((from, rate.via, source));
            let (days, used) = entry.or_insert_with(|| (BTreeSet::new(), fresh()));
            days.insert(day);
            used.days = days.len();
            used.oldest = used.oldest.min(rate.rate_day);
            if rate.rate_day >= used.newest {
                (used.newest, used.latest) = (rate.rate_day, rate.value());
            }
            used.max_age_days = used.max_age_days.max(rate.age_days);
        }
        Ok(rate)
    }

    /// One day of one store, rounded: this is the place where converted money is rounded when it is told by day.
    pub(super) fn day(&self, measures: &Measures, rate: &DayRate) -> Result<Measures, ReportError> {
        let mut sum = self.sums();
        sum.add(measures, rate)?;
        Ok(sum.rounded()?)
    }

    pub(super) fn sums(&self) -> ConvertedSums {
        ConvertedSums::new(self.to)
    }

    pub(super) fn used(self) -> Vec<RateUse> {
        self.used.into_values().map(|(_, used)| used).collect()
    }
}

impl Reports {
    /// Rates for all days of the ranges; nothing is read when no money has to be converted.
    pub(super) async fn converter(
        &self,
        workspace: WorkspaceId,
        view: &View,
        ranges: &[DayRange],
    ) -> Result<Converter, ReportError> {
        let mut currencies: Vec<Currency> = view.foreign().map(|s| s.currency).collect();
        let mut table = RateTable::empty();
        if !currencies.is_empty() {
            currencies.push(view.currency);
            let settings = self.ports.rates.money_settings(workspace).await?;
            let earlier = Days::new(u64::from(settings.max_age_days));
            let mut rates = Vec::new();
            for range in ranges {
                let days = DayRange {
                    from: range.from.checked_sub_days(earlier).unwrap_or(range.from),
                    to: range.to,
                };
                let found = self
                    .ports
                    .rates
                    .between(workspace, &currencies, days)
                    .await?;
                rates.extend(found.into_iter().map(|r| r.rate));
            }
            table = RateTable::new(rates, settings.max_age_days);
        }
        Ok(Converter {
            table,
            to: view.currency,
            used: BTreeMap::new(),
        })
    }
}
