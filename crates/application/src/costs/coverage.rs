//! What is missing of each kind of cost, the worst first.

use super::{CostError, Costs};
use crate::ingest::calendar;
use crate::reports::label;
use domain::calendar::DayRange;
use domain::ledger::Unknown;
use domain::report::Coverage;
use domain::rollup::{Dimension, Measures};
use domain::store::Store;
use std::collections::BTreeMap;

const DEFAULT_DAYS: u64 = 30;
const MOST_GAPS: usize = 100;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GapKind {
    /// By variant.
    Cost,
    /// By country.
    Shipping,
    /// By channel.
    Fees,
    /// By day.
    Spend,
}

/// Something that nobody told, with the net sales that it concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    pub key: String,
    pub label: String,
    pub net_sales: i64,
    pub orders: i64,
    /// As far as the newest orders that it concerns tell them.
    pub reasons: Vec<Unknown>,
}

#[derive(Debug, Clone)]
pub struct Gaps {
    pub range: DayRange,
    pub coverage: Coverage,
    pub net_sales: i64,
    /// Each kind with its gaps, the worst first, and how many there are.
    pub kinds: Vec<(GapKind, Vec<Gap>, usize)>,
    /// Gateways of the newest orders of the range whose fee nobody tells.
    pub gateways: Vec<String>,
}

impl Costs {
    /// Of the last thirty days when no range is given.
    pub async fn gaps(&self, store: &Store, range: Option<DayRange>) -> Result<Gaps, CostError> {
        let today = calendar(store)?.day_of(self.ports.clock.now());
        let range = range.unwrap_or(DayRange {
            from: today - chrono::Days::new(DEFAULT_DAYS - 1),
            to: today,
        });
        let reports = &self.ports.reports;
        let days = reports
            .by_day(store.scope, store.currency, range, Dimension::Total, "")
            .await?;
        let costs = super::DayCosts::read(&self.ports, store, store.currency, range).await?;
        let mut total = Measures::default();
        let (mut told_days, mut untold) = (0, Vec::new());
        for row in &days {
            total += row.measures;
            if costs.spend.contains_key(&row.day) {
                continue;
            }
            if row.measures.orders > 0 {
                untold.push(Gap {
                    key: row.day.to_string(),
                    label: row.day.to_string(),
                    net_sales: row.measures.net_sales(),
                    orders: row.measures.orders,
                    reasons: Vec::new(),
                });
            }
        }
        told_days += costs.spend.len() as i64;
        let coverage = Coverage::of(&total).with_spend(told_days, untold.len() as i64);
        let cost = self.keyed(store, range, Dimension::Variant, |m| m.cost_missing);
        let shipping = self.keyed(store, range, Dimension::Country, |m| m.shipping_missing);
        let fees = self.keyed(store, range, Dimension::Channel, |m| m.fees_missing);
        let kinds = [
            (GapKind::Cost, cost.await?),
            (GapKind::Shipping, shipping.await?),
            (GapKind::Fees, fees.await?),
            (GapKind::Spend, untold),
        ];
        let mut ranked = kinds.map(|(kind, mut gaps)| {
            let count = gaps.len();
            gaps.sort_by_key(|g| (-g.net_sales, g.key.clone()));
            gaps.truncate(MOST_GAPS);
            (kind, gaps, count)
        });
        let mut gateways = Vec::new();
        if ranked[..3].iter().any(|(_, gaps, _)| !gaps.is_empty()) {
            let reasons = self.reasons(store, range, &ranked[1].1).await?;
            for (kind, gaps, _) in &mut ranked {
                for gap in gaps {
                    gap.reasons = reasons.of(*kind, &gap.key);
                }
            }
            gateways.extend(reasons.gateways);
        }
        Ok(Gaps {
            range,
            coverage,
            net_sales: total.net_sales(),
            kinds: ranked.into(),
            gateways,
        })
    }

    async fn keyed(
        &self,
        store: &Store,
        range: DayRange,
        dimension: Dimension,
        missing: fn(&Measures) -> i64,
    ) -> Result<Vec<Gap>, CostError> {
        let reports = &self.ports.reports;
        let rows = reports
            .by_key(store.scope, store.currency, range, dimension)
            .await?;
        let rows: Vec<_> = rows
            .into_iter()
            .filter(|row| missing(&row.measures) != 0)
            .collect();
        let names = if dimension == Dimension::Variant {
            let keys: Vec<String> = rows.iter().map(|r| r.key.clone()).collect();
            reports.labels(store.scope, dimension, &keys).await?
        } else {
            BTreeMap::new()
        };
        let gap = |row: ports::reports::KeyRow| Gap {
            label: label(dimension, &row.key, names.get(&row.key)),
            net_sales: missing(&row.measures),
            orders: row.measures.orders_containing.max(row.measures.orders),
            key: row.key,
            reasons: Vec::new(),
        };
        Ok(rows.into_iter().map(gap).collect())
    }
}
