//! What changed since an instant, one page at a time.
//!
//! A page's cursor is Shopify's own, valid for the same `since` only. Deep paging ends at 25 000 rows, so long before that
//! reading starts again at the last row's time; and when more rows share one time than that, they are read by ascending id.

mod kinds;

use crate::client::Client;
use crate::documents::Document;
use crate::notes::Notes;
use crate::times;
use crate::wire::Connection;
use chrono::{DateTime, TimeDelta, Utc};
use domain::sync::FactKind;
use ports::source::{ChangeCursor, ChangePage};
use ports::{Kind, PortError, PortResult, Retry};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

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
