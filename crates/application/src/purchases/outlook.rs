//! What comes and what goes because of orders under way, day by day.

use super::{PurchaseError, Purchases};
use crate::ingest::calendar;
use chrono::{Days, NaiveDate};
use domain::ids::{PurchaseOrderId, StoreId, WorkspaceId};
use domain::purchase::{PurchaseOrder, PurchaseStatus};
use domain::store::Store;
use std::collections::BTreeMap;

#[derive(Debug, Clone, Default)]
pub struct OutlookDay {
    /// In minor units of the store's currency.
    pub cash_out: i64,
    pub arriving_units: i64,
    pub orders: Vec<PurchaseOrderId>,
}

#[derive(Debug, Clone)]
pub struct Outlook {
    pub store: Store,
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// What was due before counts today.
    pub days: BTreeMap<NaiveDate, OutlookDay>,
    /// Without a day.
    pub undated: OutlookDay,
    /// Of all that is under way.
    pub open_total: i64,
    /// Written in another currency: in no sum.
    pub foreign: Vec<PurchaseOrder>,
}

impl Purchases {
    pub async fn outlook(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        days: u64,
    ) -> Result<Outlook, PurchaseError> {
        let store = self.stores.pick(workspace, store).await?;
        let from = calendar(&store)?.day_of(self.ports.clock.now());
        let to = from + Days::new(days.saturating_sub(1));
        let orders = self
            .ports
            .purchases
            .purchases_in(store.scope, &PurchaseStatus::UNDER_WAY)
            .await?;
        let mut outlook = Outlook {
            from,
            to,
            days: BTreeMap::new(),
            undated: OutlookDay::default(),
            open_total: 0,
            foreign: Vec::new(),
            store,
        };
        for order in orders {
            outlook.add(order);
        }
        Ok(outlook)
    }
}

impl Outlook {
    fn add(&mut self, order: PurchaseOrder) {
        let same = order.currency == self.store.currency;
        let cash = order.total().filter(|_| same);
        let pays = order.pay_on.or(order.expected_on);
        if let Some(cash) = cash {
            self.open_total = self.open_total.saturating_add(cash);
            if let Some(day) = self.on(pays) {
                day.cash_out = day.cash_out.saturating_add(cash);
                day.note(order.id);
            }
        }
        if let Some(day) = self.on(order.expected_on) {
            day.arriving_units += order.to_come();
            day.note(order.id);
        }
        if !same {
            self.foreign.push(order);
        }
    }

    /// `None` after the last day.
    fn on(&mut self, day: Option<NaiveDate>) -> Option<&mut OutlookDay> {
        match day.map(|day| day.max(self.from)) {
            None => Some(&mut self.undated),
            Some(day) if day <= self.to => Some(self.days.entry(day).or_default()),
            Some(_) => None,
        }
    }
}

impl OutlookDay {
    fn note(&mut self, id: PurchaseOrderId) {
        if !self.orders.contains(&id) {
            self.orders.push(id);
        }
    }
}
