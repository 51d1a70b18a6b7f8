//! What people set for the orders of goods in a store.

use super::bundle::{Bundles, bundle_faults};
use crate::audit::Actor;
use crate::holidays::HolidayCountry;
use crate::ids::{StoreScope, SupplierId, VariantId};
use crate::money::Currency;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How long it takes from an order to its goods.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LeadTime {
    pub mean_days: f64,
    pub sd_days: f64,
}

/// Who said how long it takes; the earlier one is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeadSource {
    Variant,
    /// Learned from own purchase orders.
    Orders,
    Vendor,
    Store,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct VariantSettings {
    pub lead_time: Option<LeadTime>,
    /// It is bought in multiples of this.
    pub pack: Option<i64>,
    /// Never fewer in an order.
    pub minimum: Option<i64>,
    pub supplier: Option<SupplierId>,
}

/// Shares are ten-thousandths, money minor units of the store's currency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanSettings {
    /// How often goods are there until the next ones come.
    pub service_level: i64,
    /// What an order costs, whatever is in it.
    pub order_cost: i64,
    /// What it costs to keep goods for a year, as a share of their cost.
    pub holding_rate: i64,
    /// For how many days is ordered where the cost of a unit is not known.
    pub cover_days: u32,
    /// What lasts longer is too much.
    pub overstock_days: u32,
    /// What has not sold for so long is dead.
    pub dead_days: u32,
    /// Of what nothing else is set for; `None`: nobody said.
    pub lead_time: Option<LeadTime>,
    /// By the vendor's name, as products have it.
    pub vendors: BTreeMap<String, LeadTime>,
    pub variants: BTreeMap<VariantId, VariantSettings>,
    /// What is put together from other variants when it is sold.
    #[serde(default)]
    pub bundles: Bundles,
    /// Whose public holidays forecasts may count; `None`: of the country in which all locations are.
    #[serde(default)]
    pub holidays: Option<HolidayCountry>,
    /// Orders above need somebody else's approval.
    pub approval_limit: i64,
    /// Orders above need an admin's.
    pub admin_limit: i64,
}

/// What is wrong with a setting, by its key.
pub type SettingsFault = (String, &'static str);

impl PlanSettings {
    /// What holds where nobody set anything. How long goods take is nobody's to guess.
    #[must_use]
    pub fn of(currency: Currency) -> Self {
        let major = |amount: i64| amount * 10_i64.pow(currency.exponent());
        Self {
            service_level: 9_500,
            order_cost: major(50),
            holding_rate: 2_500,
            cover_days: 30,
            overstock_days: 180,
            dead_days: 90,
            lead_time: None,
            vendors: BTreeMap::new(),
            variants: BTreeMap::new(),
            bundles: Bundles::new(),
            holidays: None,
            approval_limit: major(5_000),
            admin_limit: major(10_000),
        }
    }

    /// How long goods of a variant take; `learned` is what own orders say.
    #[must_use]
    pub fn lead_time(
        &self,
        variant: VariantId,
        vendor: &str,
        learned: Option<LeadTime>,
    ) -> Option<(LeadTime, LeadSource)> {
        let own = self.variants.get(&variant).and_then(|v| v.lead_time);
        let own = own.map(|lead| (lead, LeadSource::Variant));
        let learned = || learned.map(|lead| (lead, LeadSource::Orders));
        let vendors = || {
            self.vendors
                .get(vendor)
                .map(|lead| (*lead, LeadSource::Vendor))
        };
        let all = || self.lead_time.map(|lead| (lead, LeadSource::Store));
        own.or_else(learned).or_else(vendors).or_else(all)
    }

    #[must_use]
    pub fn variant(&self, variant: VariantId) -> VariantSettings {
        self.variants.get(&variant).copied().unwrap_or_default()
    }

    #[must_use]
    pub fn faults(&self) -> Vec<SettingsFault> {
        let mut faults = Vec::new();
        let mut must = |holds: bool, key: &str, message| {
            if !holds {
                faults.push((key.to_owned(), message));
            }
        };
        must(
            (5_000..=9_990).contains(&self.service_level),
            "service_level",
            "lies from 0.5 to 0.999",
        );
        must(self.order_cost >= 0, "order_cost", "is not negative");
        must(
            (1..=10_000).contains(&self.holding_rate),
            "holding_rate",
            "lies above 0, and is at most 1",
        );
        let days = [
            ("cover_days", self.cover_days),
            ("overstock_days", self.overstock_days),
            ("dead_days", self.dead_days),
        ];
        for (key, days) in days {
            must((1..=730).contains(&days), key, "lies from 1 to 730 days");
        }
        let sound = |lead: &LeadTime| {
            (0.0..=365.0).contains(&lead.mean_days) && (0.0..=365.0).contains(&lead.sd_days)
        };
        const LEAD: &str = "has a mean and a standard deviation from 0 to 365 days";
        must(self.lead_time.as_ref().is_none_or(sound), "lead_time", LEAD);
        for (vendor, lead) in &self.vendors {
            let key = format!("vendors.{vendor}");
            must(sound(lead) && !vendor.trim().is_empty(), &key, LEAD);
        }
        for (variant, set) in &self.variants {
            let key = format!("variants.{variant}");
            must(set.lead_time.as_ref().is_none_or(sound), &key, LEAD);
            let counts = [set.pack, set.minimum];
            let fits = counts.iter().flatten().all(|n| (1..=1_000_000).contains(n));
            must(fits, &key, "has a pack and a minimum from 1 to 1 000 000");
        }
        for (key, why) in bundle_faults(&self.bundles) {
            must(false, &key, why);
        }
        must(
            self.approval_limit >= 0,
            "approval_limit",
            "is not negative",
        );
        must(
            self.admin_limit >= self.approval_limit,
            "admin_limit",
            "is not below what needs somebody else",
        );
        faults
    }
}

/// The settings of one store, in their newest version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InventorySettings {
    pub scope: StoreScope,
    /// 0: nobody set anything.
    pub version: i64,
    pub settings: PlanSettings,
    pub updated_at: DateTime<Utc>,
    pub updated_by: Actor,
}
