//! Reads what is stored of a store, day by day.

use super::Mirror;
use super::days::{Key, Lease};
use chrono::NaiveDate;
use domain::calendar::DayRange;
use domain::ids::OrderId;
use domain::rollup::Dimension;
use domain::store::Store;
use domain::warehouse::{Content, Row, order_rows, profit_row, spend_row};
use ports::{Kind, PortError, PortResult, Retry};
use std::collections::{BTreeMap, BTreeSet};

/// Orders of one look.
const ORDERS: u32 = 500;
/// Before any ad account was read.
const LONG_AGO: NaiveDate = match NaiveDate::from_ymd_opt(2010, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// What every day holds now; rows of which there is one a day are kept, the others are read again when they are sent.
#[derive(Default)]
pub(super) struct Stored {
    pub contents: BTreeMap<Key, Content>,
    pub lines: BTreeMap<Key, Vec<String>>,
}

impl Mirror {
    async fn orders(
        &self,
        store: &Store,
        lease: &mut Lease,
        mut each: impl FnMut(Row) + Send,
    ) -> PortResult<()> {
        let calendar = store.calendar().map_err(|error| {
            let detail = error.to_string();
            PortError::new(Kind::Corrupt, Retry::Never, "royal", "mirror.read", detail)
        })?;
        let mut after: Option<OrderId> = None;
        loop {
            let found = self.ports.orders.walk(store.scope, after, None, ORDERS);
            let found = found.await?;
            let Some(last) = found.last() else {
                return Ok(());
            };
            after = Some(last.order.id);
            for stored in &found {
                let id = store.scope.store;
                order_rows(id, &stored.order, &stored.ledger, &calendar)
                    .into_iter()
                    .for_each(&mut each);
            }
            self.renew(lease).await?;
        }
    }

    /// All of the store, once.
    pub(super) async fn stored(&self, store: &Store, lease: &mut Lease) -> PortResult<Stored> {
        let mut all = Stored::default();
        let contents = &mut all.contents;
        self.orders(store, lease, |row| {
            contents
                .entry((row.table, row.day))
                .or_default()
                .add(&row.line());
        })
        .await?;
        let mut single = self.profit(store, &all).await?;
        single.extend(self.spend(store).await?);
        for row in single {
            let (key, line) = ((row.table, row.day), row.line());
            all.contents.entry(key).or_default().add(&line);
            all.lines.entry(key).or_default().push(line);
        }
        Ok(all)
    }

    /// Over all days with orders or entries.
    async fn profit(&self, store: &Store, all: &Stored) -> PortResult<Vec<Row>> {
        let days: BTreeSet<NaiveDate> = all.contents.keys().map(|(_, day)| *day).collect();
        let (Some(from), Some(to)) = (days.first(), days.last()) else {
            return Ok(Vec::new());
        };
        let range = DayRange {
            from: *from,
            to: *to,
        };
        let (scope, currency) = (store.scope, store.currency);
        let reports = &self.ports.reports;
        let days = reports
            .by_day(scope, currency, range, Dimension::Total, "")
            .await?;
        let rows = days.iter();
        let rows = rows.map(|row| profit_row(scope.store, currency, row.day, &row.measures));
        Ok(rows.collect())
    }

    async fn spend(&self, store: &Store) -> PortResult<Vec<Row>> {
        let (ads, scope) = (&self.ports.ads, store.scope);
        let mut rows = Vec::new();
        for account in ads.ad_accounts(scope.workspace).await? {
            let Some(to) = account.read_through.filter(|_| account.scope == scope) else {
                continue;
            };
            let range = DayRange {
                from: LONG_AGO.min(to),
                to,
            };
            for (day, micros) in ads.ad_spend(scope, account.id, range).await? {
                if let Some(currency) = account.currency_on(day) {
                    let id = account.id.to_string();
                    let of = (id.as_str(), account.platform.as_str());
                    rows.push(spend_row(scope.store, of, currency, day, micros));
                }
            }
        }
        Ok(rows)
    }

    /// The rows of these days, in an order that is always the same.
    pub(super) async fn lines(
        &self,
        store: &Store,
        lease: &mut Lease,
        all: &Stored,
        wanted: &BTreeSet<Key>,
    ) -> PortResult<BTreeMap<Key, Vec<String>>> {
        let mut lines: BTreeMap<Key, Vec<String>> = wanted
            .iter()
            .map(|key| (*key, all.lines.get(key).cloned().unwrap_or_default()))
            .collect();
        self.orders(store, lease, |row| {
            if let Some(lines) = lines.get_mut(&(row.table, row.day)) {
                lines.push(row.line());
            }
        })
        .await?;
        lines.values_mut().for_each(|lines| lines.sort());
        Ok(lines)
    }
}
