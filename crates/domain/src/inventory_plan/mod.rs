//! What is there, how long it lasts, when to order and how much: from what is counted, forecast and set. Pure.
//!
//! Demand is what a forecast expects; its uncertainty comes from the forecast's own intervals. Whatever nobody told (a lead time, a cost, a count) leaves the
//! figures that need it unknown, by name.

mod bundle;
mod classes;
mod cover;
mod num;
mod plan;
mod reorder;
mod settings;

pub use bundle::{Bundles, bundle_faults, bundle_position, can_be_made, usable};
pub use classes::{Abc, Xyz, abc, xyz};
pub use cover::{Arrival, Cover, DayLeft, LONGEST_COVER, Outlook, StockOut};
pub use num::{quantity, units};
pub use plan::{Facts, Overstock, Plan, Position, State, Urgency, plan, reorder_after};
pub use reorder::{Reorder, Terms, reorder};
pub use settings::{
    InventorySettings, LeadSource, LeadTime, PlanSettings, SettingsFault, VariantSettings,
};

#[cfg(test)]
mod tests;
