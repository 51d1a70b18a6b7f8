//! What is there, how long it lasts and what to order, of every variant of a store.

mod collect;
mod detail;
mod items;
mod list;
mod settings;

pub use detail::{Component, Detail, HistoryDay};
pub use items::{Demand, Item, Lead, Place};
pub use list::{Filter, Listing, Order, Standing, Sums};
pub use settings::SettingsChange;

pub(crate) use collect::{CAME, Collected as Planning, Coming, lead_times};
pub(crate) use items::counted;
pub(crate) use settings::settings;

use crate::Ports;
use crate::changes::Fault;
use crate::events::EventHub;
use crate::forecasts::Forecasts;
use crate::stores::{StoreError, Stores};
use ports::PortError;

#[derive(Debug, thiserror::Error)]
pub enum InventoryError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("this cannot be set")]
    Invalid(Vec<Fault>),
    #[error("somebody else set it meanwhile; look at it again")]
    SetMeanwhile,
    #[error(transparent)]
    Port(#[from] PortError),
}

#[derive(Clone)]
pub struct Inventory {
    ports: Ports,
    hub: EventHub,
    stores: Stores,
    forecasts: Forecasts,
}

impl Inventory {
    #[must_use]
    pub fn new(ports: Ports, hub: EventHub, forecasts: Forecasts) -> Self {
        Self {
            stores: Stores::new(ports.clone()),
            ports,
            hub,
            forecasts,
        }
    }
}
