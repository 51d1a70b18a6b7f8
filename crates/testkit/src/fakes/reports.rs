//! Reading the rollups.

use super::database::{FakeDatabase, StoreData};
use async_trait::async_trait;
use domain::calendar::DayRange;
use domain::ids::{ProductId, StoreScope, VariantId};
use domain::money::Currency;
use domain::order::OrderLine;
use domain::rollup::{Dimension, Measures, Rollups};
use ports::PortResult;
use ports::reports::{DayKeyRow, DayRow, KeyRow, ReportStore};
use std::collections::BTreeMap;

/// What the provider calls the one variant of a product that has no options.
const DEFAULT_VARIANT: &str = "Default Title";

#[async_trait]
impl ReportStore for FakeDatabase {
    async fn by_day(
        &self,
        scope: StoreScope,
        currency: Currency,
        range: DayRange,
        dimension: Dimension,
        key: &str,
    ) -> PortResult<Vec<DayRow>> {
        Ok(self
            .lock()
            .store(scope)
            .rollups
            .iter()
            .filter(|(k, _)| k.currency == currency && k.dimension == dimension && k.key == key)
            .filter(|(k, _)| range.contains(k.day))
            .map(|(k, measures)| DayRow {
                day: k.day,
                measures: *measures,
            })
            .collect())
    }

    async fn by_key(
        &self,
        scope: StoreScope,
        currency: Currency,
        range: DayRange,
        dimension: Dimension,
    ) -> PortResult<Vec<KeyRow>> {
        let mut sums: BTreeMap<String, Measures> = BTreeMap::new();
        for (key, measures) in &self.lock().store(scope).rollups {
            if key.currency == currency && key.dimension == dimension && range.contains(key.day) {
                *sums.entry(key.key.clone()).or_default() += *measures;
            }
        }
        Ok(sums
            .into_iter()
            .map(|(key, measures)| KeyRow { key, measures })
            .collect())
    }

    async fn by_day_and_key(
        &self,
        scope: StoreScope,
        currency: Currency,
        range: DayRange,
        dimension: Dimension,
    ) -> PortResult<Vec<DayKeyRow>> {
        let mut state = self.lock();
        let mut rows: Vec<_> = state
            .store(scope)
            .rollups
            .iter()
            .filter(|(k, _)| k.currency == currency && k.dimension == dimension)
            .filter(|(k, _)| range.contains(k.day))
            .map(|(k, measures)| DayKeyRow {
                day: k.day,
                key: k.key.clone(),
                measures: *measures,
            })
            .collect();
        rows.sort_by(|a, b| (a.day, &a.key).cmp(&(b.day, &b.key)));
        Ok(rows)
    }

    async fn labels(
        &self,
        scope: StoreScope,
        dimension: Dimension,
        keys: &[String],
    ) -> PortResult<BTreeMap<String, String>> {
        let mut state = self.lock();
        let data = state.store(scope);
        let label = |key: &String| {
            let id = key.parse().ok()?;
            let label = match dimension {
                Dimension::Product => data.product_label(ProductId(id)),
                Dimension::Variant => data.variant_label(VariantId(id)),
                Dimension::Total
                | Dimension::Channel
                | Dimension::Country
                | Dimension::FirstTouch
                | Dimension::LastTouch => None,
            };
            Some((key.clone(), label?))
        };
        Ok(keys.iter().filter_map(label).collect())
    }

    async fn other_currencies(
        &self,
        scope: StoreScope,
        currency: Currency,
    ) -> PortResult<BTreeMap<String, i64>> {
        let mut counts = BTreeMap::new();
        for (key, measures) in &self.lock().store(scope).rollups {
            let other = key.dimension == Dimension::Total && key.currency != currency;
            if other && measures.orders != 0 {
                *counts.entry(key.currency.to_string()).or_default() += measures.orders;
            }
        }
        Ok(counts)
    }

    async fn all(&self, scope: StoreScope) -> PortResult<Rollups> {
        Ok(self.lock().store(scope).rollups.clone())
    }

    async fn replace_all(&self, scope: StoreScope, rollups: &Rollups) -> PortResult<()> {
        self.lock().store(scope).rollups = rollups.clone();
        Ok(())
    }
}

impl StoreData {
    fn product_label(&self, id: ProductId) -> Option<String> {
        let known = self.products.get(&id).map(|p| p.product.title.clone());
        known.or_else(|| Some(self.latest_line(|l| l.product == Some(id))?.title.clone()))
    }

    fn variant_label(&self, id: VariantId) -> Option<String> {
        let known = self.products.values().find_map(|stored| {
            let variant = stored.product.variants.iter().find(|v| v.id == id)?;
            Some(variant_name(&stored.product.title, Some(&variant.title)))
        });
        known.or_else(|| {
            let line = self.latest_line(|l| l.variant == Some(id))?;
            Some(variant_name(&line.title, line.variant_title.as_deref()))
        })
    }

    fn latest_line(&self, wanted: impl Fn(&OrderLine) -> bool) -> Option<&OrderLine> {
        let mut orders: Vec<_> = self.orders.values().collect();
        orders.sort_by_key(|o| (o.order.processed_at, o.order.id));
        orders
            .into_iter()
            .rev()
            .find_map(|o| o.order.lines.iter().find(|l| wanted(l)))
    }
}

fn variant_name(product: &str, variant: Option<&str>) -> String {
    match variant {
        Some(variant) if variant != DEFAULT_VARIANT && !variant.is_empty() => {
            format!("{product} · {variant}")
        }
        _ => product.to_owned(),
    }
}
