//! When to order, and how much.

use super::cover::Outlook;
use super::num::{deviations, quantity, units};
use super::{LeadTime, PlanSettings};

/// What an order of a variant depends on, beside its demand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms {
    pub lead: LeadTime,
    /// In the store's currency, not minor units; `None`: unknown.
    pub unit_cost: Option<f64>,
    pub pack: Option<i64>,
    pub minimum: Option<i64>,
    /// What an order costs, in the same unit as `unit_cost`.
    pub order_cost: f64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reorder {
    /// Order when no more is there or under way.
    pub point: f64,
    /// The part of it that is for what nobody can tell.
    pub safety_stock: f64,
    /// √(2DS/H); `None` without the cost of a unit.
    pub economic: Option<f64>,
    /// 0: nothing now.
    pub quantity: i64,
}

/// The point is the demand over the lead time and Z·√(L·σ² + d²·σ_lead²). What is ordered then is the economic quantity (that of the days that are set, where the
/// cost of a unit is not known), and at least what brings the position back to the point, in whole packs.
#[must_use]
pub fn reorder(
    outlook: &Outlook<'_>,
    position: i64,
    terms: &Terms,
    settings: &PlanSettings,
) -> Reorder {
    let wanted = outlook.over(terms.lead.mean_days);
    let per_day = outlook.per_day();
    let z = deviations(units(settings.service_level) / 10_000.0);
    let of_lead = per_day * per_day * terms.lead.sd_days * terms.lead.sd_days;
    let safety_stock = z * (wanted.variance + of_lead).sqrt();
    let safety_stock = if per_day > 0.0 {
        safety_stock.max(0.0)
    } else {
        0.0
    };
    let point = wanted.mean + safety_stock;
    let economic = terms.unit_cost.filter(|cost| *cost > 0.0).map(|cost| {
        let held = cost * units(settings.holding_rate) / 10_000.0;
        (2.0 * 365.0 * per_day * terms.order_cost / held).sqrt()
    });
    let usual = economic.unwrap_or_else(|| outlook.over(f64::from(settings.cover_days)).mean);
    let position = units(position);
    let quantity = if position <= point && per_day > 0.0 {
        whole_packs(usual.max(point - position).max(1.0), terms)
    } else {
        0
    };
    Reorder {
        point,
        safety_stock,
        economic,
        quantity,
    }
}

fn whole_packs(wanted: f64, terms: &Terms) -> i64 {
    let least = terms.minimum.unwrap_or(1).max(1);
    let wanted = quantity(wanted).max(least);
    let pack = terms.pack.unwrap_or(1).max(1);
    wanted
        .div_euclid(pack)
        .saturating_add(i64::from(wanted.rem_euclid(pack) != 0))
        .saturating_mul(pack)
}
