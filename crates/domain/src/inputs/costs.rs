//! What goods cost, told beside the store's own record.

use crate::catalog::{CostSource, UnitCost};
use crate::ids::{LineId, OrderId, VariantId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A unit cost of a variant from an instant on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VariantCost {
    pub variant: VariantId,
    /// The first instant of a local day; `None`: since ever.
    pub valid_from: Option<DateTime<Utc>>,
    /// `None`: from here on this source says nothing, and the next one counts.
    pub cost: Option<UnitCost>,
    /// [`CostSource::Sheet`] or [`CostSource::Supplier`].
    pub source: CostSource,
}

impl VariantCost {
    pub(super) fn key(&self) -> String {
        let from = self.valid_from.map(|at| at.to_rfc3339());
        let source = match self.source {
            CostSource::Supplier => "supplier",
            _ => "sheet",
        };
        format!(
            "{:020}\n{source}\n{}",
            self.variant.0,
            from.unwrap_or_default()
        )
    }
}

/// What a unit of one line of one order cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineCost {
    pub order: OrderId,
    pub line: LineId,
    pub cost: UnitCost,
}

/// The share of the price that goods without any known cost are taken to cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DefaultCost {
    /// Ten-thousandths of the price without tax, 0 to 10 000.
    pub basis_points: i64,
}
