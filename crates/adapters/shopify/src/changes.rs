//! What changed since an instant, one page at a time.
//!
//! A page's cursor is Shopify's own, valid for the same `since` only. Deep paging ends at 25 000 rows, so long before that
//! reading starts again at the last row's time; and when more rows share one time than that, they are read by ascending id.

use crate::client::Client;
use crate::documents::{
    CUSTOMERS_PAGE, DELETIONS, Document, ITEMS_PAGE, LEVELS_PAGE, ORDERS_PAGE, PRODUCTS_PAGE,
};
use crate::fetch;
use crate::map;
use crate::nested;
use crate::notes::Notes;
use crate::stock;
use crate::times;
use crate::wire::{Connection, Customer, ItemRow, Level, Order, Product};
use chrono::{DateTime, TimeDelta, Utc};
use domain::sync::FactKind;
use ports::source::{ChangeCursor, ChangePage, Fact, FactRef, Fetched};
use ports::{Kind, PortError, PortResult, Retry};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Payouts change their state for days after they were issued.
const PAYOUT_LOOKBACK: TimeDelta = TimeDelta::days(14);

/// The place inside a window.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Place {
    part: Part,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<String>,
    /// Rows read since `since`.
    rows: u32,
    /// Reading all rows of the very instant `since`, above this id.
    #[serde(skip_serializing_if = "Option::is_none")]
    above: Option<i64>,
    /// Location whose levels are read.
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<String>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Part {
    #[default]
    Rows,
    /// Inventory items whose costs may have changed without their product changing.
    Costs,
    Deletions,
}

pub(crate) async fn changes(
    client: &Client,
    kind: FactKind,
    cursor: &ChangeCursor,
) -> PortResult<ChangePage> {
    let place: Place = match &cursor.page {
        None => Place::default(),
        Some(text) => serde_json::from_str(text).unwrap_or_default(),
    };
    let mut reader = Reader {
        client,
        since: cursor.since,
        place,
        notes: Notes::default(),
    };
    let mut page = match kind {
        FactKind::Orders => reader.orders().await?,
        FactKind::Products => match reader.place.part {
            Part::Rows => reader.products().await?,
            Part::Costs => reader.costs().await?,
            Part::Deletions => reader.deletions().await?,
        },
        FactKind::Customers => reader.customers().await?,
        FactKind::Inventory => reader.levels().await?,
        FactKind::Locations => reader.locations().await?,
        FactKind::Payouts => reader.payouts().await?,
        FactKind::Shop => ChangePage::default(),
    };
    page.warnings = reader.notes.take();
    Ok(page)
}

/// Whether fewer rows may be what the shop can carry.
#[must_use]
pub(crate) fn too_heavy(e: &PortError) -> bool {
    matches!(e.kind, Kind::Unavailable | Kind::Corrupt) && e.is_transient()
        || e.kind == Kind::Rejected && e.detail.contains("too dear")
}

struct Reader<'a> {
    client: &'a Client,
    since: DateTime<Utc>,
    place: Place,
    notes: Notes,
}

impl Reader<'_> {
    fn updated_since(&self) -> String {
        let since = times::text(self.since);
        match self.place.above {
            None => format!("updated_at:>='{since}'"),
            // Shopify's times have whole seconds.
            Some(id) => {
                let next = times::text(self.since + TimeDelta::seconds(1));
                format!("updated_at:>='{since}' AND updated_at:<'{next}' AND id:>{id}")
            }
        }
    }

    fn sort(&self) -> &'static str {
        if self.place.above.is_some() {
            "ID"
        } else {
            "UPDATED_AT"
        }
    }

    /// One page of `root`, smaller when the shop cannot carry it.
    async fn page<T: DeserializeOwned>(
        &mut self,
        document: &Document,
        root: &str,
        usual: u32,
        mut variables: Value,
    ) -> PortResult<Connection<T>> {
        loop {
            let size = self.client.memory.page(document.operation, usual).max(1);
            variables["first"] = json!(size);
            let asked: PortResult<Value> = self
                .client
                .read(document, variables.clone(), &mut self.notes)
                .await;
            match asked {
                Ok(mut data) => {
                    if size < usual {
                        self.client
                            .memory
                            .set_page(document.operation, (size * 2).min(usual));
                    }
                    return self.connection(document, data.pointer_mut(root).map(Value::take));
                }
                Err(e) if size > 1 && too_heavy(&e) => {
                    tracing::info!(document = document.operation, size, error = %e, "asking for a smaller page");
                    self.client.memory.set_page(document.operation, size / 2);
                }
                Err(e) => return Err(e),
            }
        }
    }

    fn connection<T: DeserializeOwned>(
        &self,
        document: &Document,
        found: Option<Value>,
    ) -> PortResult<Connection<T>> {
        let found = found.filter(|v| !v.is_null()).ok_or_else(|| {
            self.client
                .not_granted(document.operation, document.operation, "an access scope")
        })?;
        serde_json::from_value(found).map_err(|e| {
            let detail = format!(
                "{} answered a page of another shape than the schema's.",
                self.client.shop.domain
            );
            self.client
                .error(Kind::Corrupt, Retry::Never, document.operation, detail)
                .with_source(e)
        })
    }

    /// Where the page after this one begins.
    fn next(&self, came: usize, after: Option<String>, last: Option<Last>) -> Option<ChangeCursor> {
        let rows = self.place.rows + u32::try_from(came).unwrap_or(u32::MAX);
        if self.place.above.is_some() {
            return match last.filter(|_| after.is_some()) {
                // Within one instant the id is the cursor; Shopify's own would reach its depth again.
                Some(last) => Some(self.at(
                    self.since,
                    Place {
                        above: Some(last.id),
                        ..Place::default()
                    },
                )),
                None => Some(self.at(self.since + TimeDelta::seconds(1), Place::default())),
            };
        }
        let after = after?;
        let deep = rows >= self.client.config.deep_paging;
        match last.filter(|_| deep) {
            Some(last) if last.updated_at > self.since => {
                Some(self.at(last.updated_at, Place::default()))
            }
            Some(_) => Some(self.at(
                self.since,
                Place {
                    above: Some(0),
                    ..Place::default()
                },
            )),
            None => Some(self.at(
                self.since,
                Place {
                    after: Some(after),
                    rows,
                    ..self.place.clone()
                },
            )),
        }
    }

    fn at(&self, since: DateTime<Utc>, place: Place) -> ChangeCursor {
        let page = (place != Place::default()).then(|| json!(place).to_string());
        ChangeCursor { since, page }
    }

    /// The first page of another part of the same window.
    fn part(&self, part: Part) -> Option<ChangeCursor> {
        Some(self.at(
            self.since,
            Place {
                part,
                ..Place::default()
            },
        ))
    }

    fn variables(&self) -> Value {
        json!({ "after": self.place.after, "query": self.updated_since(), "sort": self.sort() })
    }

    async fn orders(&mut self) -> PortResult<ChangePage> {
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

    async fn products(&mut self) -> PortResult<ChangePage> {
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
    async fn costs(&mut self) -> PortResult<ChangePage> {
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
    async fn deletions(&mut self) -> PortResult<ChangePage> {
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

    async fn customers(&mut self) -> PortResult<ChangePage> {
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

    async fn locations(&mut self) -> PortResult<ChangePage> {
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
    async fn levels(&mut self) -> PortResult<ChangePage> {
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

    async fn payouts(&mut self) -> PortResult<ChangePage> {
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

#[derive(Debug, Clone, Copy)]
struct Last {
    id: i64,
    updated_at: DateTime<Utc>,
}

fn last<'a>(rows: impl Iterator<Item = (Option<&'a str>, Option<DateTime<Utc>>)>) -> Option<Last> {
    let (id, updated_at) = rows.last()?;
    Some(Last {
        id: id?.rsplit('/').next()?.parse().ok()?,
        updated_at: updated_at?,
    })
}
