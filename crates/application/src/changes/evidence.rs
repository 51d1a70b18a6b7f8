//! What a proposal by hand rests on, and how much could go wrong with it.

use super::Changes;
use super::discount::{Discounted, priced};
use super::edits::Catalogue;
use domain::calendar::DayRange;
use domain::catalog::CostBook;
use domain::changes::Limits;
use domain::changes::guardrails::{Priced, is_above_margin, percent};
use domain::changes::plan::Wanted;
use domain::changes::{Action, Evidence, EvidenceRow, Reversibility, Risk};
use domain::ids::VariantId;
use domain::money::{Currency, format_minor, round_to_minor};
use domain::rollup::Dimension;
use domain::store::Store;
use domain::supplier::SupplyPlan;
use ports::PortResult;
use std::collections::BTreeMap;

/// Sales of so many days are shown.
const SOLD_DAYS: u64 = 30;
/// Of the risk: high, whatever else is said of it.
const IRREVERSIBLE: u32 = 700;

/// In minor units of the store's currency; `None` when unknown, or told in another currency.
pub(super) fn unit_cost(
    book: &CostBook,
    variant: VariantId,
    currency: Currency,
    at: chrono::DateTime<chrono::Utc>,
) -> Option<i64> {
    let (cost, _) = book.cost_at(variant, at)?;
    (cost.currency == currency)
        .then(|| round_to_minor(cost.amount, currency).ok())
        .flatten()
}

impl Changes {
    /// Prices, costs and sales of the variants whose prices are changed.
    pub(super) async fn evidence(
        &self,
        store: &Store,
        wanted: &[Wanted],
        catalogue: &Catalogue,
        costs: &BTreeMap<VariantId, i64>,
    ) -> PortResult<Vec<Evidence>> {
        let mut tables = self.of_variants(store, wanted, catalogue, costs).await?;
        tables.extend(self.of_orders(store, wanted).await?);
        tables.extend(self.of_ads(store, wanted).await?);
        let plans = wanted.iter().filter_map(|w| match &w.action {
            Action::SupplierOrder(plan) | Action::CallOffSupply(plan) => Some(plan),
            _ => None,
        });
        tables.extend(plans.map(|plan| of_supply(plan, store.currency, self.ports.clock.now())));
        Ok(tables)
    }

    /// The orders that are to be cancelled, or of which something is to be given back.
    async fn of_orders(&self, store: &Store, wanted: &[Wanted]) -> PortResult<Vec<Evidence>> {
        let mut tables = Vec::new();
        for action in wanted.iter().map(|w| &w.action) {
            let id = match action {
                Action::CancelOrder(cancellation) => cancellation.order,
                Action::RefundOrder(refund) => refund.what.order,
                _ => continue,
            };
            let Some(found) = self.ports.orders.find(store.scope, id).await? else {
                continue;
            };
            let order = &found.order;
            let money =
                |minor| format!("{} {}", format_minor(minor, order.currency), order.currency);
            let row = |label: &str, value: String| EvidenceRow {
                label: label.to_owned(),
                value,
            };
            let units: i64 = order.lines.iter().map(|l| l.current_quantity).sum();
            tables.push(Evidence {
                title: format!("Order {}", order.name),
                observed_at: found.observed_at,
                rows: vec![
                    row(
                        "Placed",
                        order.processed_at.format("%Y-%m-%d %H:%M UTC").to_string(),
                    ),
                    row("Total", money(order.totals.current_total)),
                    row("Given back", money(order.totals.refunded)),
                    row("Units", units.to_string()),
                    row("Payment", order.financial_status.replace('_', " ")),
                    row("Fulfilment", order.fulfillment_status.replace('_', " ")),
                ],
            });
        }
        Ok(tables)
    }

    async fn of_variants(
        &self,
        store: &Store,
        wanted: &[Wanted],
        catalogue: &Catalogue,
        costs: &BTreeMap<VariantId, i64>,
    ) -> PortResult<Vec<Evidence>> {
        let priced: Vec<VariantId> = wanted
            .iter()
            .filter_map(|w| variant_of(&w.action))
            .collect();
        let known: Vec<_> = catalogue
            .variants
            .values()
            .filter(|k| priced.contains(&k.variant.id))
            .collect();
        let Some(observed_at) = known.iter().map(|k| k.observed_at).min() else {
            return Ok(Vec::new());
        };
        let sold = self.sold(store).await?;
        let money = |minor| format!("{} {}", format_minor(minor, store.currency), store.currency);
        let table = |title: &str, at, value: &dyn Fn(VariantId, i64) -> String| Evidence {
            title: title.to_owned(),
            observed_at: at,
            rows: known
                .iter()
                .map(|k| EvidenceRow {
                    label: k.label.clone(),
                    value: value(k.variant.id, k.variant.price),
                })
                .collect(),
        };
        let now = self.ports.clock.now();
        let as_of = self.stores.as_of(store).await?.unwrap_or(now);
        let cost = |id: VariantId| {
            costs
                .get(&id)
                .map_or_else(|| "unknown".to_owned(), |c| money(*c))
        };
        let units = |id: VariantId| sold.get(&id).copied().unwrap_or_default().to_string();
        Ok(vec![
            table("Price now", observed_at, &|_, price| money(price)),
            table("Cost of a unit", now, &|id, _| cost(id)),
            table("Units sold in the last 30 days", as_of, &|id, _| units(id)),
        ])
    }

    /// Units by variant.
    async fn sold(&self, store: &Store) -> PortResult<BTreeMap<VariantId, i64>> {
        let today = crate::ingest::calendar(store)?.day_of(self.ports.clock.now());
        let range = DayRange {
            from: today - chrono::Days::new(SOLD_DAYS - 1),
            to: today,
        };
        let by = Dimension::Variant;
        let reports = &self.ports.reports;
        let rows = reports.by_key(store.scope, store.currency, range, by);
        let units = rows.await?.into_iter().filter_map(|row| {
            let id = row.key.parse::<VariantId>().ok()?;
            Some((id, row.measures.units))
        });
        Ok(units.collect())
    }

    /// What a unit of each variant costs whose price is changed.
    pub(super) async fn costs(
        &self,
        store: &Store,
        actions: impl Iterator<Item = &Action>,
    ) -> PortResult<BTreeMap<VariantId, i64>> {
        let variants: Vec<VariantId> = actions.filter_map(variant_of).collect();
        if variants.is_empty() {
            return Ok(BTreeMap::new());
        }
        let book = self.ports.catalog.cost_book(store.scope).await?;
        let now = self.ports.clock.now();
        let cost = |id: VariantId| Some((id, unit_cost(&book, id, store.currency, now)?));
        Ok(variants.into_iter().filter_map(cost).collect())
    }
}

/// What a supplier asks, and what is left of what was sold.
fn of_supply(
    plan: &SupplyPlan,
    currency: Currency,
    observed_at: chrono::DateTime<chrono::Utc>,
) -> Evidence {
    let row = |label: &str, value: String| EvidenceRow {
        label: label.to_owned(),
        value,
    };
    let money = |minor, currency| format!("{} {currency}", format_minor(minor, currency));
    let mut rows: Vec<EvidenceRow> = plan
        .lines
        .iter()
        .map(|l| {
            let value = format!("{} × {} {}", l.pieces, l.piece_cost, plan.currency);
            row(&l.title, value)
        })
        .collect();
    rows.push(row("Shipping", money(plan.shipping, plan.currency)));
    rows.push(row("At most", money(plan.most().minor, plan.currency)));
    rows.push(row("At most, here", money(plan.cost, currency)));
    rows.push(row("Sold for, without tax", money(plan.sold_for, currency)));
    let left = plan.sold_for.saturating_sub(plan.cost);
    rows.push(row("Left at least", money(left, currency)));
    let way = format!(
        "{} from {} to {}",
        plan.service, plan.ships_from, plan.country
    );
    rows.push(row("Sent by", way));
    if let Some(days) = plan.days {
        rows.push(row(
            "Days",
            format!("{} to {}", days.min_days, days.max_days),
        ));
    }
    Evidence {
        title: format!("{} at {}", plan.order_name, plan.supplier),
        observed_at,
        rows,
    }
}

const fn variant_of(action: &Action) -> Option<VariantId> {
    match action {
        Action::Price { variant, .. } | Action::CompareAtPrice { variant, .. } => Some(*variant),
        _ => None,
    }
}

/// What a unit is sold for after a price or a discount, with what it costs.
fn prices_after(
    action: &Action,
    costs: &BTreeMap<VariantId, i64>,
    discounted: &Discounted,
) -> Vec<(i64, Option<i64>)> {
    match action {
        Action::Price { variant, after, .. } => vec![(*after, costs.get(variant).copied())],
        Action::Discount(discount) => {
            let variants = priced(discounted, discount).into_iter();
            let after = |p: Priced| (discount.terms.price(p.price), p.unit_cost);
            variants.map(after).collect()
        }
        _ => Vec::new(),
    }
}

/// The largest step, the number of steps, what they leave of the margin, and whether they can be taken back.
pub(super) fn risk(
    limits: &Limits,
    wanted: &[Wanted],
    costs: &BTreeMap<VariantId, i64>,
    discounted: &Discounted,
) -> Risk {
    let (mut score, mut reasons) = (0, Vec::new());
    let actions = || wanted.iter().map(|w| &w.action);
    let largest = actions().filter_map(|a| a.relative()).map(i64::abs).max();
    if let Some(largest) = largest {
        score += u32::try_from(largest / 4).unwrap_or(u32::MAX).min(500);
        reasons.push(format!("the largest step is {}", percent(largest)));
    }
    let count = wanted.len();
    score += u32::try_from(count * 3).unwrap_or(u32::MAX).min(300);
    reasons.push(match count {
        1 => "one change".to_owned(),
        n => format!("{n} changes in one set"),
    });
    let (mut below_cost, mut thin, mut unknown) = (0_u32, 0_u32, 0_u32);
    for (after, cost) in actions().flat_map(|a| prices_after(a, costs, discounted)) {
        match cost {
            None => unknown += 1,
            Some(cost) if after < cost => below_cost += 1,
            Some(cost) if !is_above_margin(limits, after, cost) => thin += 1,
            Some(_) => {}
        }
    }
    let margin = percent(limits.margin);
    let warnings = [
        (below_cost, 300, "below the cost of the unit".to_owned()),
        (
            thin,
            150,
            format!("with less than {margin} left after the cost"),
        ),
        (
            unknown,
            100,
            "of something whose cost is unknown".to_owned(),
        ),
    ];
    for (count, weight, what) in warnings.into_iter().filter(|(n, ..)| *n > 0) {
        score += weight;
        let prices = if count == 1 { "price" } else { "prices" };
        reasons.push(format!("{count} {prices} {what}"));
    }
    if actions().any(|a| matches!(a, Action::Discount(d) if d.products().is_none())) {
        score += 200;
        reasons.push("what it leaves of the margin is not known: it names no products".to_owned());
    }
    match actions().map(Action::reversibility).max() {
        Some(Reversibility::Irreversible) => {
            score += IRREVERSIBLE;
            reasons.push("nothing takes it back".to_owned());
        }
        Some(Reversibility::Compensating) => {
            score += 100;
            reasons.push("what happens meanwhile cannot be taken back".to_owned());
        }
        Some(Reversibility::Exact) | None => {}
    }
    Risk {
        score: score.min(1_000),
        reasons,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::changes::RiskBand;
    use domain::ids::ProductId;

    fn price(id: i64, after: i64) -> Wanted {
        Wanted {
            action: Action::Price {
                product: ProductId(1),
                variant: VariantId(id),
                before: 1000,
                after,
            },
            label: "Mug".into(),
        }
    }

    #[test]
    fn risk_grows_with_the_step_the_number_and_a_thin_margin() {
        let limits = Limits::default();
        let costs = BTreeMap::from([(VariantId(1), 400), (VariantId(2), 950)]);
        let small = risk(&limits, &[price(1, 1010)], &costs, &Discounted::new());
        assert_eq!(small.band(), RiskBand::Low);
        assert_eq!(small.reasons, ["the largest step is 1 %", "one change"]);
        let large = risk(
            &limits,
            &[price(1, 800), price(2, 900), price(3, 990)],
            &costs,
            &Discounted::new(),
        );
        assert_eq!(large.band(), RiskBand::High);
        assert_eq!(
            large.reasons,
            [
                "the largest step is 20 %",
                "3 changes in one set",
                "1 price below the cost of the unit",
                "1 price of something whose cost is unknown",
            ]
        );
        let thin = risk(&limits, &[price(2, 1050)], &costs, &Discounted::new());
        assert!(thin.reasons[2].contains("less than 15 %"), "{thin:?}");
    }
}
