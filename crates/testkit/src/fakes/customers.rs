//! Customers by what they bought.

use super::database::{FakeDatabase, StoreData};
use super::paging;
use async_trait::async_trait;
use chrono::NaiveDate;
use domain::calendar::DayRange;
use domain::customers::{
    CustomerDay, CustomerDayRow, CustomerDays, CustomerSettings, GUEST, Standing,
};
use domain::ids::{CustomerId, StoreScope};
use domain::money::Currency;
use ports::customers::{
    CustomerBook, CustomerDayStore, CustomerQuery, CustomerRow, CustomerSort, KeptAnalysis,
    RangeCounts,
};
use ports::{Page, PageRequest, PortResult};
use std::collections::BTreeMap;

#[async_trait]
impl CustomerDayStore for FakeDatabase {
    async fn walk_days(
        &self,
        scope: StoreScope,
        currency: Currency,
        after: Option<(CustomerId, NaiveDate)>,
        limit: u32,
    ) -> PortResult<Vec<CustomerDayRow>> {
        let mut state = self.lock();
        let days = state.store(scope).days.iter();
        Ok(days
            .filter(|(k, _)| k.currency == currency)
            .filter(|(k, _)| after.is_none_or(|after| (k.customer, k.day) > after))
            .take(limit as usize)
            .map(|(k, sums)| CustomerDayRow {
                customer: k.customer,
                day: k.day,
                sums: *sums,
            })
            .collect())
    }

    async fn all_days(&self, scope: StoreScope) -> PortResult<CustomerDays> {
        Ok(self.lock().store(scope).days.clone())
    }

    async fn replace_days(&self, scope: StoreScope, days: &CustomerDays) -> PortResult<()> {
        let mut state = self.lock();
        let data = state.store(scope);
        data.days.clone_from(days);
        data.days_revision += 1;
        Ok(())
    }

    /// Was never another release.
    async fn fill_days(&self, _scope: StoreScope) -> PortResult<bool> {
        Ok(false)
    }

    async fn revision(&self, scope: StoreScope) -> PortResult<i64> {
        Ok(self.lock().store(scope).days_revision)
    }

    async fn kept_analysis(
        &self,
        scope: StoreScope,
        currency: Currency,
    ) -> PortResult<Option<KeptAnalysis>> {
        Ok(self.lock().store(scope).analyses.get(&currency).cloned())
    }

    async fn keep_analysis(
        &self,
        scope: StoreScope,
        currency: Currency,
        kept: &KeptAnalysis,
    ) -> PortResult<()> {
        let mut state = self.lock();
        let analyses = &mut state.store(scope).analyses;
        let newer = |old: &KeptAnalysis| old.computed_at > kept.computed_at;
        if !analyses.get(&currency).is_some_and(newer) {
            analyses.insert(currency, kept.clone());
        }
        Ok(())
    }
}

impl StoreData {
    /// Customers with an order that counts.
    fn standings(&self, currency: Currency) -> Vec<Standing> {
        let mut by_customer: BTreeMap<CustomerId, Vec<(NaiveDate, CustomerDay)>> = BTreeMap::new();
        for (key, day) in &self.days {
            if key.currency == currency && key.customer != GUEST {
                by_customer
                    .entry(key.customer)
                    .or_default()
                    .push((key.day, *day));
            }
        }
        let standing = |(customer, days): (CustomerId, Vec<(NaiveDate, CustomerDay)>)| {
            let bought = || {
                days.iter()
                    .filter(|(_, d)| d.orders > 0)
                    .map(|(day, _)| *day)
            };
            let sum = |value: fn(&CustomerDay) -> i64| days.iter().map(|(_, d)| value(d)).sum();
            Some(Standing {
                customer,
                first_day: bought().min()?,
                last_day: bought().max()?,
                orders: sum(|d| d.orders),
                net_revenue: sum(|d| d.net_revenue),
                net_revenue_without_cost: sum(|d| d.net_revenue_without_cost),
                cm2: sum(|d| d.cm2),
            })
        };
        by_customer.into_iter().filter_map(standing).collect()
    }

    fn customer_row(&self, standing: Standing) -> CustomerRow {
        let id = standing.customer;
        CustomerRow {
            standing,
            profile: self.customers.get(&id).cloned(),
            redacted: self.forgotten.contains(&id),
        }
    }

    fn matches_customer(&self, row: &CustomerRow, query: &CustomerQuery) -> bool {
        let of = &row.standing;
        let text = query.text.as_deref().map(str::trim).unwrap_or_default();
        let text = text.to_ascii_lowercase();
        let has = |part: &Option<String>| {
            part.as_deref()
                .is_some_and(|p| p.to_ascii_lowercase().contains(&text))
        };
        let person = row.profile.as_ref();
        let found = text.is_empty()
            || of.customer.to_string() == text
            || person.is_some_and(|p| has(&p.display_name) || has(&p.email));
        let lives = query.country.as_ref().is_none_or(|country| {
            self.orders.values().any(|o| {
                o.order.customer == Some(of.customer) && o.order.country.as_ref() == Some(country)
            })
        });
        let worth = query.worth.as_ref().is_none_or(|w| {
            let sum = w.frequency.score(of.orders) + w.money.score(of.net_revenue);
            (w.from..=w.to).contains(&sum.div_ceil(2))
        });
        found
            && lives
            && worth
            && query.first_from.is_none_or(|d| of.first_day >= d)
            && query.first_to.is_none_or(|d| of.first_day <= d)
            && query.last_after.is_none_or(|d| of.last_day > d)
            && query.last_until.is_none_or(|d| of.last_day <= d)
            && query.revenue_above.is_none_or(|v| of.net_revenue > v)
            && query.orders.is_none_or(|n| of.orders == n)
    }
}

fn day_number(day: NaiveDate) -> i64 {
    use chrono::Datelike as _;
    i64::from(day.num_days_from_ce())
}

#[async_trait]
impl CustomerBook for FakeDatabase {
    async fn find(
        &self,
        scope: StoreScope,
        currency: Currency,
        id: CustomerId,
    ) -> PortResult<Option<CustomerRow>> {
        let mut state = self.lock();
        let data = state.store(scope);
        let found = data
            .standings(currency)
            .into_iter()
            .find(|s| s.customer == id);
        Ok(found.map(|s| data.customer_row(s)))
    }

    async fn list(
        &self,
        scope: StoreScope,
        currency: Currency,
        query: &CustomerQuery,
        page: &PageRequest,
    ) -> PortResult<Page<CustomerRow>> {
        let mut state = self.lock();
        let data = state.store(scope);
        let rows = data.standings(currency).into_iter();
        let rows = rows
            .map(|s| data.customer_row(s))
            .filter(|row| data.matches_customer(row, query))
            .map(|row| {
                let of = &row.standing;
                let value = match query.sort {
                    CustomerSort::MostRevenue => of.net_revenue,
                    CustomerSort::MostOrders => of.orders,
                    CustomerSort::LatestOrder => day_number(of.last_day),
                    CustomerSort::NewestFirst => day_number(of.first_day),
                };
                ((!value, !of.customer.0), row)
            })
            .collect();
        let list = format!("customers {scope:?} {currency} {}", query.list());
        paging::page(&list, "customers.list", rows, page)
    }

    async fn days_of(
        &self,
        scope: StoreScope,
        currency: Currency,
        id: CustomerId,
    ) -> PortResult<Vec<(NaiveDate, CustomerDay)>> {
        let mut state = self.lock();
        let days = state.store(scope).days.iter();
        Ok(days
            .filter(|(k, _)| k.customer == id && k.currency == currency)
            .map(|(k, day)| (k.day, *day))
            .collect())
    }

    async fn counts_in(
        &self,
        scope: StoreScope,
        currency: Currency,
        range: DayRange,
    ) -> PortResult<RangeCounts> {
        let mut state = self.lock();
        let data = state.store(scope);
        let standings: BTreeMap<CustomerId, Standing> = data
            .standings(currency)
            .into_iter()
            .map(|s| (s.customer, s))
            .collect();
        let mut counts = RangeCounts::default();
        let mut orders_of: BTreeMap<CustomerId, i64> = BTreeMap::new();
        for (key, day) in &data.days {
            if key.currency != currency || !range.contains(key.day) {
                continue;
            }
            if key.customer == GUEST {
                counts.guest_orders += day.orders;
                counts.guest_net_revenue += day.net_revenue;
            } else {
                counts.orders += day.orders;
                counts.net_revenue += day.net_revenue;
                *orders_of.entry(key.customer).or_default() += day.orders;
            }
        }
        for (customer, orders) in orders_of {
            let earlier = standings
                .get(&customer)
                .is_some_and(|s| s.first_day < range.from);
            counts.customers += u64::from(orders > 0);
            counts.new += u64::from(orders > 0 && !earlier);
            counts.returning += u64::from(orders > 1 || (orders == 1 && earlier));
        }
        Ok(counts)
    }

    async fn settings(&self, scope: StoreScope) -> PortResult<CustomerSettings> {
        Ok(self.lock().store(scope).settings.unwrap_or_default())
    }

    async fn save_settings(
        &self,
        scope: StoreScope,
        settings: &CustomerSettings,
    ) -> PortResult<()> {
        let mut state = self.lock();
        let data = state.store(scope);
        data.settings = Some(*settings);
        data.days_revision += 1;
        Ok(())
    }
}
