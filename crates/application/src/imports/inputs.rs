//! Costs, tables, spend: rows of files as inputs of profit, with what each replaced.

use super::Imports;
use super::sinks::{before, replaced};
use super::survey::Reading;
use crate::costs::CostError;
use domain::catalog::{CostSource, UnitCost, Variant};
use domain::import::{Import, ImportCounts, Period, TableRow, stable_id};
use domain::inputs::{
    AdSpend, Band, Cadence, Expect, FeeRule, FixedCost, Input, InputChange, InputKey, InputRecord,
    Origin, Per, ShippingRate, VariantCost,
};
use domain::money::allocate;
use domain::store::Store;
use ports::imports::Replaced;
use ports::{Kind, PortError, PortResult, Retry};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use serde::{Deserialize, Serialize};

pub(super) const INPUT: &str = "input";

/// What stood in an input's place.
#[derive(Serialize, Deserialize)]
struct Stood {
    key: InputKey,
    record: Option<InputRecord>,
}

/// A row as the inputs that it tells; a month of ad spend is one for each of its days.
pub(super) fn inputs_of(row: TableRow, reading: &Reading) -> Vec<Input> {
    match row {
        TableRow::Cost(row) => {
            let sku = row.sku.as_deref();
            let variant = row
                .variant
                .or_else(|| reading.catalogue.link(sku, sku.unwrap_or_default()).1);
            let cost = variant.map(|variant| {
                Input::VariantCost(VariantCost {
                    variant,
                    valid_from: row.valid_from.map(|day| reading.calendar.start_of(day)),
                    cost: Some(UnitCost {
                        amount: row.cost,
                        currency: row.currency,
                    }),
                    source: CostSource::Sheet,
                })
            });
            cost.into_iter().collect()
        }
        TableRow::Shipping(row) => vec![Input::ShippingRate(ShippingRate {
            country: row.country,
            grams: Band {
                from: row.min_weight.unwrap_or(0),
                below: row.max_weight,
            },
            value: Band {
                from: row.min_order.unwrap_or(0),
                below: row.max_order,
            },
            per: Per::Order,
            amount: row.cost,
            currency: row.currency,
            valid_from: row.valid_from,
        })],
        TableRow::Fee(row) => vec![Input::FeeRule(FeeRule {
            gateway: row.gateway,
            basis_points: row
                .percent
                .and_then(|p| (p * Decimal::ONE_HUNDRED).to_i64())
                .unwrap_or(0),
            fixed: row.fixed.unwrap_or(0),
            currency: row.currency,
            valid_from: row.valid_from,
        })],
        TableRow::AdSpend(row) => {
            let days: Vec<_> = days_of(row.period).collect();
            let parts = allocate(row.spend, &vec![1; days.len()]);
            let spend = days.into_iter().zip(parts).map(|(day, amount)| {
                Input::AdSpend(AdSpend {
                    account: None,
                    day,
                    channel: row.channel.to_lowercase(),
                    campaign: row.campaign.clone(),
                    amount,
                    currency: row.currency,
                })
            });
            spend.collect()
        }
        TableRow::FixedCost(row) => vec![Input::FixedCost(FixedCost {
            name: row.name,
            amount: row.amount,
            currency: row.currency,
            cadence: Cadence::Once,
            from: row.period.from,
            to: Some(row.period.to),
        })],
        TableRow::Rate(_) | TableRow::Offer(_) => Vec::new(),
    }
}

fn days_of(period: Period) -> impl Iterator<Item = chrono::NaiveDate> {
    let to = period.to;
    period.from.iter_days().take_while(move |day| *day <= to)
}

/// Takes the cost out of an imported variant.
pub(super) fn told_cost(variant: &mut Variant) -> Option<Input> {
    let cost = variant.unit_cost.take()?;
    Some(Input::VariantCost(VariantCost {
        variant: variant.id,
        valid_from: None,
        cost: Some(cost),
        source: CostSource::Sheet,
    }))
}

fn failed(error: CostError) -> PortError {
    match error {
        CostError::Port(error) => error,
        other => PortError::new(
            Kind::Unavailable,
            Retry::Never,
            "royal",
            "imports.inputs",
            other.to_string(),
        ),
    }
}

impl Imports {
    pub(super) async fn write_inputs(
        &self,
        import: &Import,
        store: &Store,
        inputs: Vec<Input>,
    ) -> PortResult<ImportCounts> {
        let mut counts = ImportCounts::default();
        let (mut journal, mut changes) = (Vec::new(), Vec::new());
        let origin = Origin::import(import.id, None, self.ports.clock.now());
        for input in inputs {
            let key = input.key();
            let stood = self.ports.inputs.find(store.scope, &key).await?;
            match &stood {
                Some(stood) if stood.input == input => counts.unchanged += 1,
                Some(_) => counts.changed += 1,
                None => counts.created += 1,
            }
            let name = format!("{:?}\n{}", key.kind, key.key);
            let id = stable_id(store.scope.store, INPUT, &name);
            let stood = Stood { key, record: stood };
            journal.push(replaced(INPUT, id, Some(&stood))?);
            changes.push(InputChange::put(input, origin));
        }
        if changes.is_empty() {
            return Ok(counts);
        }
        self.ports
            .import_journal
            .record(store.scope, import.id, &journal)
            .await?;
        let summary = format!("Import of {}", import.file.name);
        self.costs
            .apply(store, &changes, &summary, None, None)
            .await
            .map_err(failed)?;
        Ok(counts)
    }

    /// What somebody changed since stays as it is.
    pub(super) async fn take_back_inputs(
        &self,
        import: &Import,
        store: &Store,
        entries: Vec<&Replaced>,
    ) -> PortResult<()> {
        let mut changes = Vec::new();
        for entry in entries {
            let Some(stood) = before::<Stood>(entry)? else {
                continue;
            };
            let now = self.ports.inputs.find(store.scope, &stood.key).await?;
            if let Some(now) = now.filter(|n| n.origin.import == Some(import.id)) {
                changes.push(InputChange {
                    key: stood.key,
                    to: stood.record.map(|r| (r.input, r.origin)),
                    expect: Expect::Revision(now.revision),
                });
            }
        }
        if changes.is_empty() {
            return Ok(());
        }
        let summary = format!("Undo of the import of {}", import.file.name);
        self.costs
            .take_back(store, &changes, &summary, None)
            .await
            .map_err(failed)?;
        Ok(())
    }
}
