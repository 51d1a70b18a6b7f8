//! Who is in a segment now.

use super::{Outreach, OutreachError};
use crate::customers::Customers;
use crate::ingest::calendar;
use chrono::{Days, Duration, NaiveDate};
use domain::customers::FixedSegment;
use domain::ids::{CustomerId, ProductId};
use domain::outreach::{Checkout, Member, SegmentRule, Thresholds};
use domain::store::Store;
use ports::customers::CustomerQuery;
use ports::orders::OrderQuery;
use ports::page::MAX_LIMIT;
use ports::{PageRequest, PortResult};
use std::collections::BTreeMap;

/// A segment with how many people are in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SegmentSize {
    pub rule: SegmentRule,
    /// `None`: it is counted when it is looked at, as the shop or all orders have to be asked.
    pub members: Option<u64>,
}

impl Outreach {
    async fn thresholds(&self, store: &Store) -> PortResult<Thresholds> {
        Ok(Thresholds {
            today: calendar(store)?.day_of(self.ports.clock.now()),
            currency: store.currency,
            customers: self.ports.customers.settings(store.scope).await?,
            limits: self.settings(store).await?.limits,
        })
    }

    /// All but those that go by a product, with what the thresholds are.
    pub async fn segments(
        &self,
        store: &Store,
    ) -> Result<(Vec<SegmentSize>, Thresholds), OutreachError> {
        let by = self.thresholds(store).await?;
        let customers = Customers::new(self.ports.clone());
        let scope = store.scope;
        let (_, analysed) = customers.report(scope.workspace, Some(scope.store)).await?;
        let mut sized = Vec::new();
        for rule in [
            SegmentRule::New,
            SegmentRule::Repeat,
            SegmentRule::Lapsed,
            SegmentRule::HighValue,
            SegmentRule::AbandonedCheckout,
        ] {
            let members = match query(rule, &by) {
                _ if rule == SegmentRule::Repeat => Some(analysed.analysis.repeaters),
                None => None,
                Some(query) => {
                    let page = PageRequest::first(1);
                    let book = &self.ports.customers;
                    let found = book.list(store.scope, store.currency, &query, &page);
                    found.await?.total
                }
            };
            sized.push(SegmentSize { rule, members });
        }
        Ok((sized, by))
    }

    /// Each person once. Who was forgotten is nobody's member.
    pub async fn members(
        &self,
        store: &Store,
        rule: SegmentRule,
    ) -> Result<Vec<Member>, OutreachError> {
        let by = self.thresholds(store).await?;
        match rule {
            SegmentRule::Bought(product) => Ok(self.bought(store, product).await?),
            SegmentRule::AbandonedCheckout => self.left_behind(store, &by).await,
            _ => Ok(self.by_orders(store, rule, &by).await?),
        }
    }

    async fn by_orders(
        &self,
        store: &Store,
        rule: SegmentRule,
        by: &Thresholds,
    ) -> PortResult<Vec<Member>> {
        let query = query(rule, by).unwrap_or_default();
        let (mut page, mut members) = (PageRequest::first(MAX_LIMIT), Vec::new());
        loop {
            let book = &self.ports.customers;
            let found = book
                .list(store.scope, store.currency, &query, &page)
                .await?;
            let there = found.items.into_iter().filter(|row| !row.redacted);
            members.extend(there.filter_map(|row| {
                Some(Member {
                    cause: rule.cause(&row.standing, by)?,
                    customer: row.standing.customer,
                    checkout: None,
                })
            }));
            page.cursor = found.next_cursor;
            if page.cursor.is_none() {
                return Ok(members);
            }
        }
    }

    /// By the orders that still have it.
    async fn bought(&self, store: &Store, product: ProductId) -> PortResult<Vec<Member>> {
        let query = OrderQuery {
            product: Some(product),
            ..OrderQuery::default()
        };
        let mut last: BTreeMap<CustomerId, NaiveDate> = BTreeMap::new();
        let mut page = PageRequest::first(MAX_LIMIT);
        loop {
            let found = self.ports.orders.list(store.scope, &query, &page).await?;
            for stored in found.items {
                let (order, day) = (stored.order, stored.ledger.day);
                let mut lines = order.lines.iter();
                let has_it = lines.any(|l| l.product == Some(product) && l.current_quantity > 0);
                let counts = stored.ledger.counts && has_it && order.cancelled_at.is_none();
                if let Some(customer) = order.customer.filter(|_| counts) {
                    let newest = last.entry(customer).or_insert(day);
                    *newest = (*newest).max(day);
                }
            }
            page.cursor = found.next_cursor;
            if page.cursor.is_none() {
                break;
            }
        }
        let last = self.as_they_are_now(store, last).await?;
        let members = last.into_iter().map(|(customer, day)| Member {
            customer,
            cause: SegmentRule::bought(product, day),
            checkout: None,
        });
        Ok(members.collect())
    }

    /// Who became somebody else counts as them, with the newest day; who was forgotten is left out.
    async fn as_they_are_now(
        &self,
        store: &Store,
        last: BTreeMap<CustomerId, NaiveDate>,
    ) -> PortResult<BTreeMap<CustomerId, NaiveDate>> {
        let asked: Vec<CustomerId> = last.keys().copied().collect();
        let mut now: BTreeMap<CustomerId, NaiveDate> = BTreeMap::new();
        for part in asked.chunks(MAX_LIMIT as usize) {
            let known = self
                .ports
                .privacy
                .identities(store.scope, part, &[])
                .await?;
            for customer in part {
                let today = known.now(*customer);
                if known.forgotten.contains(&today) || known.forgotten.contains(customer) {
                    continue;
                }
                if let Some(day) = last.get(customer) {
                    let newest = now.entry(today).or_insert(*day);
                    *newest = (*newest).max(*day);
                }
            }
        }
        Ok(now)
    }

    /// The newest checkout of each person.
    async fn left_behind(
        &self,
        store: &Store,
        by: &Thresholds,
    ) -> Result<Vec<Member>, OutreachError> {
        let (now, zone) = (self.ports.clock.now(), calendar(store)?);
        let since = now - Duration::days(i64::from(by.limits.checkout_days));
        let told = self.shop(store).await?.checkouts(since).await?;
        let mut newest: BTreeMap<CustomerId, Checkout> = BTreeMap::new();
        for checkout in told {
            let Some(customer) = checkout.customer else {
                continue;
            };
            let known = newest.get(&customer);
            if known.is_none_or(|known| known.updated_at < checkout.updated_at) {
                newest.insert(customer, checkout);
            }
        }
        let days = newest
            .iter()
            .map(|(id, checkout)| (*id, zone.day_of(checkout.updated_at)));
        let there = self.as_they_are_now(store, days.collect()).await?;
        let mut members = Vec::new();
        for (customer, checkout) in newest {
            let Some(day) = there.get(&customer).copied() else {
                continue;
            };
            let book = &self.ports.customers;
            let row = book.find(store.scope, store.currency, customer).await?;
            let last = row.map(|row| row.standing.last_day);
            if checkout.is_abandoned(now, &by.limits, day, last) {
                members.push(Member {
                    customer,
                    cause: SegmentRule::checkout(checkout.id),
                    checkout: Some(checkout),
                });
            }
        }
        Ok(members)
    }
}

/// As near as the list of customers can be asked; `None`: it does not go by orders as a whole.
fn query(rule: SegmentRule, by: &Thresholds) -> Option<CustomerQuery> {
    let any = CustomerQuery::default();
    Some(match rule {
        SegmentRule::New => CustomerQuery {
            first_from: Some(by.today - Days::new(u64::from(by.limits.new_days)) + Days::new(1)),
            orders: Some(1),
            ..any
        },
        SegmentRule::Repeat => any,
        SegmentRule::Lapsed => CustomerQuery {
            last_until: FixedSegment::lapsed_before(&by.customers, by.today).pred_opt(),
            ..any
        },
        SegmentRule::HighValue => CustomerQuery {
            revenue_above: Some(FixedSegment::vip_above(&by.customers, by.currency)),
            ..any
        },
        SegmentRule::Bought(_) | SegmentRule::AbandonedCheckout => return None,
    })
}
