//! One variant as it is shown.

use super::collect::Collected;
use crate::forecasts::{Offer, title};
use chrono::{Days, NaiveDate};
use domain::forecast::{History as Enough, StoredForecast};
use domain::ids::VariantId;
use domain::inventory::InventoryLevel;
use domain::inventory_plan::{
    Abc, Facts, LeadSource, LeadTime, Outlook, Plan, Position, Xyz, bundle_position, plan, xyz,
};
use domain::money::{Currency, round_to_minor};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use std::collections::BTreeMap;

#[derive(Debug, Clone)]
pub struct Place {
    /// `None`: its name was not read yet.
    pub name: Option<String>,
    pub level: InventoryLevel,
}

#[derive(Debug, Clone, Copy)]
pub struct Lead {
    pub time: LeadTime,
    pub source: LeadSource,
    /// From how many own orders it was learned.
    pub orders: usize,
}

#[derive(Debug, Clone)]
pub struct Demand {
    pub per_day: Option<f64>,
    pub next_28: Option<f64>,
    pub sold_7: i64,
    pub sold_28: i64,
    pub sold_90: i64,
    pub lost_28: Option<f64>,
    /// `None`: there is no forecast.
    pub history: Option<Enough>,
}

#[derive(Debug, Clone)]
pub struct Item {
    pub offer: Offer,
    pub title: String,
    pub position: Position,
    pub places: Vec<Place>,
    pub demand: Demand,
    pub plan: Plan,
    pub abc: Option<Abc>,
    pub xyz: Option<Xyz>,
    pub lead: Option<Lead>,
    /// In the store's currency.
    pub unit_cost: Option<Decimal>,
    /// What lies there, at cost, in minor units.
    pub value: Option<i64>,
    pub overstock_value: Option<i64>,
    /// What the proposed quantity costs.
    pub order_cost: Option<i64>,
    pub last_sold_on: Option<NaiveDate>,
    /// Figure → why it is not known.
    pub unknown: BTreeMap<&'static str, String>,
}

impl Item {
    #[must_use]
    pub fn id(&self) -> VariantId {
        self.offer.variant.id
    }
}

impl Collected {
    pub(super) fn item(&self, id: VariantId, offer: &Offer) -> Item {
        let is_bundle = self.settings.bundles.contains_key(&id);
        let places = if is_bundle {
            Vec::new()
        } else {
            self.places(offer)
        };
        let position = self.position(id, offer, &places);
        let (unit_cost, cost_unknown) = self.unit_cost(id);
        let lead = self.lead(id, offer);
        let forecast = self.forecasts.get(&id);
        let plan = self.plan(id, offer, (position, lead, unit_cost), forecast);
        let (demand, lost_unknown) = self.demand(id, forecast);
        let mut unknown = plan.unknown.clone();
        if let Some(why) = cost_unknown {
            for figure in ["value", "unit_cost"] {
                unknown.insert(figure, why.to_owned());
            }
        }
        if let Some(why) = lost_unknown {
            unknown.insert("lost_28", why);
        }
        if is_bundle {
            let why = "what lies there is counted with its components";
            unknown.insert("value", why.to_owned());
        }
        let abc = self.classes.get(&id).copied();
        if abc.is_none() {
            let why = "nothing of it was sold within 90 days, or its cost is not wholly known";
            unknown.insert("abc", why.to_owned());
        }
        let past = self
            .history
            .past(id)
            .map(|p| p.series(String::new()).values);
        let worth = |units: Option<i64>| worth(units?, unit_cost?, self.store.currency);
        Item {
            title: title(offer),
            value: worth(
                position
                    .on_hand
                    .or(position.available)
                    .filter(|_| !is_bundle)
                    .map(|n| n.max(0)),
            ),
            overstock_value: worth(plan.overstock.map(|o| o.units)),
            order_cost: worth(plan.reorder.map(|r| r.quantity)),
            last_sold_on: self.history.last_sold_on(id),
            xyz: past.as_deref().and_then(xyz),
            offer: offer.clone(),
            position,
            places,
            demand,
            plan,
            abc,
            lead,
            unit_cost,
            unknown,
        }
    }

    pub(crate) fn places(&self, offer: &Offer) -> Vec<Place> {
        let item = offer.variant.inventory_item;
        let levels = item.and_then(|item| self.levels.get(&item));
        let place = |level: &InventoryLevel| Place {
            name: self.locations.get(&level.location).cloned(),
            level: level.clone(),
        };
        levels.map_or_else(Vec::new, |levels| levels.iter().map(place).collect())
    }

    pub(crate) fn position(&self, id: VariantId, offer: &Offer, places: &[Place]) -> Position {
        if let Some(parts) = self.parts(id) {
            let parts = parts.iter().map(|p| (p.units, self.part_there(p)));
            return bundle_position(parts);
        }
        let coming = self.coming.get(&id).map_or(&[][..], Vec::as_slice);
        let levels = places.iter().map(|p| &p.level);
        let position = Position {
            on_order: coming.iter().map(|c| c.units).sum(),
            ..counted(offer, &levels.collect::<Vec<_>>())
        };
        Position {
            uncounted: self.uncounted(id, position.there()),
            ..position
        }
    }

    pub(crate) fn lead(&self, id: VariantId, offer: &Offer) -> Option<Lead> {
        if self.settings.bundles.contains_key(&id) {
            return None;
        }
        let own = self.learned(id);
        let learned = own.map(|(time, _)| time);
        let (time, source) = self
            .settings
            .lead_time(id, &offer.product.vendor, learned)?;
        let orders = match source {
            LeadSource::Orders => own.map_or(0, |(_, orders)| orders),
            LeadSource::Variant | LeadSource::Vendor | LeadSource::Store => 0,
        };
        Some(Lead {
            time,
            source,
            orders,
        })
    }

    fn unit_cost(&self, id: VariantId) -> (Option<Decimal>, Option<&'static str>) {
        match self.costs.cost_at(id, self.now) {
            Some((cost, _)) if cost.currency == self.store.currency => (Some(cost.amount), None),
            Some(_) => (
                None,
                Some("its cost is told in another currency than the store's"),
            ),
            None => (None, Some("its cost is not known")),
        }
    }

    fn plan(
        &self,
        id: VariantId,
        offer: &Offer,
        (position, lead, unit_cost): (Position, Option<Lead>, Option<Decimal>),
        forecast: Option<&StoredForecast>,
    ) -> Plan {
        let set = self.settings.variant(id);
        let arrivals = self.arrivals(id, position.uncounted);
        let major = |minor: i64| {
            let exponent = self.store.currency.exponent();
            Decimal::new(minor, exponent).to_f64().unwrap_or_default()
        };
        let facts = Facts {
            today: self.today,
            tracked: offer.variant.tracked,
            is_bundle: self.settings.bundles.contains_key(&id),
            position,
            arrivals: &arrivals,
            outlook: forecast.and_then(|f| self.outlook(f)),
            lead: lead.map(|l| l.time),
            unit_cost: unit_cost.and_then(|c| c.to_f64()),
            pack: set.pack,
            minimum: set.minimum,
            sold_28: self.history.sold_within(id, 28),
            last_sold_on: self.history.last_sold_on(id),
            offered_since: offer.since,
            order_cost: major(self.settings.order_cost),
        };
        plan(&facts, &self.settings)
    }

    pub(super) fn outlook<'a>(&self, forecast: &'a StoredForecast) -> Option<Outlook<'a>> {
        Outlook::new(self.today, forecast.from(self.today), forecast.spread)
    }

    fn demand(&self, id: VariantId, forecast: Option<&StoredForecast>) -> (Demand, Option<String>) {
        let outlook = forecast.and_then(|f| self.outlook(f));
        let (lost_28, why) = self.lost(id);
        let demand = Demand {
            per_day: outlook.map(|o| o.per_day()),
            next_28: outlook.map(|o| o.total()),
            sold_7: self.history.sold_within(id, 7),
            sold_28: self.history.sold_within(id, 28),
            sold_90: self.history.sold_within(id, 90),
            lost_28,
            history: forecast.map(|f| f.history),
        };
        (demand, why)
    }

    /// Only where stock was written down on all of the last 28 days is known what was lost on them.
    fn lost(&self, id: VariantId) -> (Option<f64>, Option<String>) {
        let from = self.today - Days::new(28);
        let since = self.history.stock.since;
        let Some(since) = since else {
            let why = "stock was not written down yet, so nobody knows when it was out";
            return (None, Some(why.to_owned()));
        };
        if since > from {
            let why = format!("stock is written down since {since}; 28 days are needed");
            return (None, Some(why));
        }
        let past = self.history.past(id);
        (Some(past.map_or(0.0, |past| past.lost(28))), None)
    }
}

/// Over all locations; a location that does not say leaves the sum unknown. Where no level was read, the catalogue's own count stands for what is available.
pub(crate) fn counted(offer: &Offer, levels: &[&InventoryLevel]) -> Position {
    let counts = offer.variant.tracked != Some(false);
    let sum = |of: fn(&InventoryLevel) -> Option<i64>| {
        let counted = levels.iter().map(|l| of(l));
        (counts && !levels.is_empty())
            .then(|| counted.sum::<Option<i64>>())
            .flatten()
    };
    let catalogue = offer.variant.inventory_quantity.filter(|_| counts);
    Position {
        on_hand: sum(|l| l.on_hand),
        available: sum(|l| l.available).or(catalogue),
        committed: sum(|l| l.committed),
        incoming: sum(|l| l.incoming),
        on_order: 0,
        uncounted: 0,
    }
}

fn worth(units: i64, cost: Decimal, currency: Currency) -> Option<i64> {
    let whole = cost.checked_mul(Decimal::from(units))?;
    round_to_minor(whole, currency).ok()
}
