//! One page of each kind of change.

use super::{Part, Place, Reader, last};
use crate::documents::{
    CUSTOMERS_PAGE, DELETIONS, ITEMS_PAGE, LEVELS_PAGE, ORDERS_PAGE, PRODUCTS_PAGE,
};
use crate::fetch;
use crate::map;
use crate::nested;
use crate::stock;
use crate::times;
use crate::wire::{Connection, Customer, ItemRow, Level, Order, Product};
use chrono::TimeDelta;
use ports::source::{ChangePage, Fact, FactRef, Fetched};
use ports::{Kind, PortResult};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeSet;

/// Payouts change their state for days after they were issued.
const PAYOUT_LOOKBACK: TimeDelta = TimeDelta::days(14);

impl Reader<'_> {
    pub(super) async fn orders(&mut self) -> PortResult<ChangePage> {
        let usual = self.client.config.orders_page;
        let page: Connection<Order> = self
            .page(&ORDERS_PAGE, "/orders", usual, self.variables())
            .await?;
        let last = last(page.iter().map(|o| (o.id.as_deref(), o.updated_at)));
        let next = self.next(page.count(), page.next(), last);
        let mut facts = Vec::new();
        for mut order in page.into_nodes() {
            nested::rest_of_order(self.client, &mut order, &mut self.notes).await?;
            let order = map::order(&order, &mut self.notes)
                .map_err(|e| self.client.unreadable("orders.changes", &e))?;
            facts.push(Fact::Order(Box::new(order)));
        }
        Ok(ChangePage {
            facts,
            next,
            ..ChangePage::default()
        })
    }

    pub(super) async fn products(&mut self) -> PortResult<ChangePage> {
        let usual = self.client.config.products_page;
        let page: Connection<Product> = self
            .page(&PRODUCTS_PAGE, "/products", usual, self.variables())
            .await?;
        let last = last(page.iter().map(|p| (p.id.as_deref(), p.updated_at)));
        let next = self.next(page.count(), page.next(), last);
        let mut facts = Vec::new();
        for mut product in page.into_nodes() {
            nested::rest_of_product(self.client, &mut product, &mut self.notes).await?;
            facts.push(fetch::product_fact(self.client, &product, &mut self.notes).await?);
        }
        Ok(ChangePage {
            facts,
            next: next.or_else(|| self.part(Part::Costs)),
            ..ChangePage::default()
        })
    }

    /// A cost belongs to the inventory item: it may change while the product stays as it is.
    pub(super) async fn costs(&mut self) -> PortResult<ChangePage> {
        let variables = json!({
            "after": self.place.after,
            "query": format!("updated_at:>='{}'", times::text(self.since)),
        });
        let page = self
            .page::<ItemRow>(&ITEMS_PAGE, "/inventoryItems", 100, variables)
            .await;
        let page = match page {
            Err(e) if e.kind == Kind::Forbidden => Connection::whole(Vec::new()),
            other => other?,
        };
        let next = page.next().map(|after| {
            self.at(
                self.since,
                Place {
                    after: Some(after),
                    part: Part::Costs,
                    ..Place::default()
                },
            )
        });
        let mut wanted = BTreeSet::new();
        for row in page
            .iter()
            .flat_map(|i| i.variants.iter().flat_map(|c| c.iter()))
        {
            let id = row.product.as_ref().and_then(|p| p.id.as_deref());
            wanted.extend(id.and_then(|id| id.parse().ok()).map(FactRef::Product));
        }
        let wanted: Vec<_> = wanted.into_iter().collect();
        let mut result = ChangePage::default();
        for found in fetch::fetch(self.client, &wanted, &mut self.notes).await? {
            match found {
                Fetched::Found(fact) => result.facts.push(fact),
                Fetched::Gone(reference) => result.deleted.push(reference),
            }
        }
        result.next = next.or_else(|| self.part(Part::Deletions));
        Ok(result)
    }

    /// Polling by time of change never shows what is gone; the shop's events do.
    pub(super) async fn deletions(&mut self) -> PortResult<ChangePage> {
        let variables = json!({
            "after": self.place.after,
            "query": format!("action:destroy AND subject_type:PRODUCT AND created_at:>='{}'", times::text(self.since)),
        });
        let page = self
            .page::<Deletion>(&DELETIONS, "/events", 250, variables)
            .await;
        let page = match page {
            Err(e) if e.kind == Kind::Forbidden => {
                self.notes.add(
                    "scope_missing",
                    format!(
                        "{}: deleted products stay visible until the next full run.",
                        self.client.shop.domain
                    ),
                );
                return Ok(ChangePage::default());
            }
            other => other?,
        };
        let next = page.next().map(|after| {
            self.at(
                self.since,
                Place {
                    after: Some(after),
                    part: Part::Deletions,
                    ..Place::default()
                },
            )
        });
        let gone = page
            .iter()
            .filter(|d| d.action.as_deref() == Some("destroy"));
        let ids = gone.filter_map(|d| {
            d.subject_id
                .as_deref()?
                .strip_prefix("gid://shopify/Product/")?
                .parse()
                .ok()
        });
        Ok(ChangePage {
            deleted: ids.map(FactRef::Product).collect(),
            next,
            ..ChangePage::default()
        })
    }

    pub(super) async fn customers(&mut self) -> PortResult<ChangePage> {
        let usual = self.client.config.customers_page;
        let page: Connection<Customer> = self
            .page(&CUSTOMERS_PAGE, "/customers", usual, self.variables())
            .await?;
        let last = last(page.iter().map(|c| (c.id.as_deref(), c.updated_at)));
        let next = self.next(page.count(), page.next(), last);
        let facts: Result<_, _> = page
            .iter()
            .map(|c| map::customer(c).map(Fact::Customer))
            .collect();
        let facts = facts.map_err(|e| self.client.unreadable("customers.changes", &e))?;
        Ok(ChangePage {
            facts,
            next,
            ..ChangePage::default()
        })
    }

    pub(super) async fn locations(&mut self) -> PortResult<ChangePage> {
        let all = stock::locations(self.client, &mut self.notes).await?;
        let facts: Result<_, _> = all
            .iter()
            .map(|l| map::location(l).map(Fact::Location))
            .collect();
        let facts = facts.map_err(|e| self.client.unreadable("locations.list", &e))?;
        Ok(ChangePage {
            facts,
            ..ChangePage::default()
        })
    }

    /// Levels, location by location.
    pub(super) async fn levels(&mut self) -> PortResult<ChangePage> {
        let locations = stock::locations(self.client, &mut self.notes).await?;
        let ids: Vec<_> = locations.into_iter().filter_map(|l| l.id).collect();
        let at = match &self.place.location {
            None => ids.first(),
            Some(place) => ids.iter().find(|id| *id == place),
        };
        let Some(location) = at.cloned() else {
            return Ok(ChangePage::default());
        };
        let variables = json!({
            "location": location,
            "after": self.place.after,
            "query": format!("updated_at:>='{}'", times::text(self.since)),
        });
        let page: Connection<Level> = self
            .page(&LEVELS_PAGE, "/node/inventoryLevels", 100, variables)
            .await?;
        let following = ids.iter().skip_while(|id| **id != location).nth(1);
        let next = match (page.next(), following) {
            (None, None) => None,
            (Some(after), _) => Some(Place {
                after: Some(after),
                location: Some(location),
                ..Place::default()
            }),
            (None, Some(other)) => Some(Place {
                location: Some(other.clone()),
                ..Place::default()
            }),
        };
        let facts: Result<_, _> = page
            .iter()
            .map(|l| map::level(l, None).map(Fact::Level))
            .collect();
        let facts = facts.map_err(|e| self.client.unreadable("inventory.changes", &e))?;
        Ok(ChangePage {
            facts,
            next: next.map(|p| self.at(self.since, p)),
            ..ChangePage::default()
        })
    }

    pub(super) async fn payouts(&mut self) -> PortResult<ChangePage> {
        let day = (self.since - PAYOUT_LOOKBACK).date_naive();
        let filter = format!("issued_at:>='{day}'");
        let after = self.place.after.clone();
        let page = stock::payouts_page(
            self.client,
            Some(&filter),
            after.as_deref(),
            &mut self.notes,
        )
        .await?;
        let next = page.next().map(|after| {
            self.at(
                self.since,
                Place {
                    after: Some(after),
                    ..Place::default()
                },
            )
        });
        let mut facts = Vec::new();
        for payout in page.iter() {
            let payout = map::payout(payout, &mut self.notes)
                .map_err(|e| self.client.unreadable("payouts.list", &e))?;
            facts.push(Fact::Payout(payout));
        }
        Ok(ChangePage {
            facts,
            next,
            ..ChangePage::default()
        })
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Deletion {
    action: Option<String>,
    subject_id: Option<String>,
}
