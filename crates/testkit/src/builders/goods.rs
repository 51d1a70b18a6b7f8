//! Forecasts, their runs and scores, stock, settings, suppliers and orders of goods.

use super::{at, audit_entry, currency, day};
use chrono::NaiveDate;
use domain::audit::Actor;
use domain::forecast::score::{Bucket, Cell, DayScores, Sums};
use domain::forecast::stored::HORIZON;
use domain::forecast::{ForecastRun, History, StoredForecast, StoredStep, Target, TargetLevel};
use domain::ids::{
    ForecastRunId, InventoryItemId, LocationId, PurchaseOrderId, StoreScope, SupplierId, VariantId,
    WorkspaceId,
};
use domain::inventory::InventoryLevel;
use domain::inventory_plan::{InventorySettings, PlanSettings};
use domain::purchase::{LineDraft, PurchaseOrder, PurchaseStatus, Signed, Supplier};
use domain::reconciliation::Trigger;
use rust_decimal::Decimal;
use uuid::Uuid;

/// Apart from the numbers of other runs.
fn id(of: Uuid, number: u32) -> Uuid {
    Uuid::from_u128((u128::from(number) | (of.as_u128() << 16)) ^ (9 << 120))
}

/// Queued; a larger number was created later.
#[must_use]
pub fn forecast_run(scope: StoreScope, number: u32) -> ForecastRun {
    let created = at("2026-02-01T08:00:00Z") + chrono::Duration::minutes(i64::from(number));
    let run = ForecastRunId(id(scope.store.0, number));
    ForecastRun::queued(run, scope, day("2026-02-01"), Trigger::Request, created)
}

/// The same on each day.
#[must_use]
pub fn forecast(target: Target, first: NaiveDate, mean: f64) -> StoredForecast {
    let step = StoredStep {
        mean,
        point: mean,
        low: 0.0,
        high: mean * 2.0,
    };
    StoredForecast {
        target,
        first,
        made_at: at("2026-02-01T08:00:00Z"),
        steps: vec![step; HORIZON],
        model: "theta 1.00".to_owned(),
        lead: "theta".to_owned(),
        trained: (day("2025-01-01"), day("2026-01-31")),
        days: 396,
        censored: 0,
        own_past: None,
        history: History::Enough,
        borrowed_from: None,
        scale: Some(0.5),
        spread: 1.0,
    }
}

#[must_use]
pub fn day_scores(on: &str, missed: f64) -> DayScores {
    let cell = Cell {
        level: TargetLevel::Variant,
        bucket: Bucket::Week,
        model: "theta".to_owned(),
    };
    let sums = Sums {
        days: 1,
        missed,
        ..Sums::default()
    };
    DayScores {
        day: day(on),
        cells: vec![(cell, sums)],
    }
}

#[must_use]
pub fn level(item: i64, location: i64, available: i64, updated: &str) -> InventoryLevel {
    InventoryLevel {
        item: InventoryItemId(item),
        location: LocationId(location),
        available: Some(available),
        on_hand: Some(available + 1),
        committed: Some(1),
        incoming: None,
        updated_at: at(updated),
    }
}

#[must_use]
pub fn inventory_settings(scope: StoreScope, version: i64) -> InventorySettings {
    let mut settings = PlanSettings::of(currency("USD"));
    settings.cover_days += u32::try_from(version).unwrap_or(0);
    InventorySettings {
        scope,
        version,
        settings,
        updated_at: audit_entry(scope.workspace, "inventory.set").at,
        updated_by: Actor::system(),
    }
}

#[must_use]
pub fn supplier(workspace: WorkspaceId, number: u32, name: &str) -> Supplier {
    Supplier {
        id: SupplierId(id(workspace.0, number)),
        workspace,
        name: name.to_owned(),
        email: None,
        currency: currency("USD"),
        lead_days: None,
        note: None,
        archived: false,
        created_at: at("2026-02-01T08:00:00Z"),
        updated_at: at("2026-02-01T08:00:00Z"),
    }
}

/// A draft of one line; a larger number was written later.
#[must_use]
pub fn purchase(scope: StoreScope, number: u32) -> PurchaseOrder {
    let created = at("2026-02-01T08:00:00Z") + chrono::Duration::minutes(i64::from(number));
    let mut order = PurchaseOrder {
        id: PurchaseOrderId(id(scope.store.0, number)),
        scope,
        number: 0,
        version: 1,
        supplier: SupplierId(id(scope.workspace.0, 1)),
        supplier_name: "Acme".to_owned(),
        supplier_email: None,
        currency: currency("USD"),
        status: PurchaseStatus::Draft,
        lines: Vec::new(),
        receipts: Vec::new(),
        expected_on: None,
        pay_on: None,
        note: None,
        created: Signed {
            at: created,
            by: Actor::system(),
        },
        rewritten: Vec::new(),
        approved: None,
        sent: None,
        closed: None,
        close_reason: None,
    };
    let line = LineDraft {
        variant: VariantId(1),
        title: "Mug".to_owned(),
        sku: None,
        quantity: 12,
        unit_cost: Decimal::new(420, 2),
    };
    order
        .write(vec![line], &Actor::system())
        .expect("a draft takes lines");
    order
}
