//! Reading the file's rows, apart from what is done with them: in a thread that may block, handed over in batches.

use super::catalogue::Catalogue;
use super::read;
use super::things::{Context, Found, Things};
use super::upload::blocking;
use crate::Ports;
use domain::calendar::Calendar;
use domain::ids::ImportId;
use domain::import::{Evidence, Import, Layout, OrderContext, ProductContext};
use domain::store::Store;
use ports::{Kind, PortError, PortResult, Retry};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::mpsc;

/// Orders, products or rows that are written together.
pub(super) const BATCH: usize = 250;

pub(super) fn refused(error: &read::Unreadable) -> PortError {
    PortError::new(
        Kind::Rejected,
        Retry::Never,
        "royal",
        "imports.read",
        error.to_string(),
    )
}

/// Looks at every row without believing any; `seen` counts along.
pub(super) async fn survey(
    ports: &Ports,
    id: ImportId,
    layout: Layout,
    seen: Arc<AtomicU64>,
) -> PortResult<Evidence> {
    let files = Arc::clone(&ports.import_files);
    blocking(move || {
        let table = read::open(files.open(id)?).map_err(|e| refused(&e))?;
        let mut evidence = Evidence::default();
        for row in table.rows {
            let row = row.map_err(|e| refused(&e))?;
            seen.store(row.number, Ordering::Relaxed);
            if !row.is_empty() {
                evidence.look_at(&row, &layout);
            }
        }
        Ok(evidence)
    })
    .await
}

/// What the rows need to become facts.
#[derive(Clone)]
pub(super) struct Reading {
    pub store: Store,
    pub calendar: Calendar,
    pub catalogue: Arc<Catalogue>,
    pub layout: Arc<Layout>,
}

impl Reading {
    pub(super) fn with<T>(&self, work: impl FnOnce(&Context<'_>) -> T) -> T {
        let link = |sku: Option<&str>, name: &str| self.catalogue.link(sku, name);
        let person = |email: &str| self.catalogue.person(email);
        work(&Context {
            orders: OrderContext {
                store: self.store.scope.store,
                currency: self.store.currency,
                calendar: self.calendar,
                link: &link,
                person: &person,
            },
            products: ProductContext {
                store: self.store.scope.store,
                currency: self.store.currency,
            },
        })
    }
}

/// The things of the file in their order, in batches; those up to row `after` are passed over. It stops when the receiver is gone.
pub(super) fn things(
    ports: &Ports,
    import: &Import,
    reading: Reading,
    after: u64,
) -> mpsc::Receiver<PortResult<Vec<Found>>> {
    let (sender, receiver) = mpsc::channel(2);
    let (files, id) = (Arc::clone(&ports.import_files), import.id);
    tokio::task::spawn_blocking(move || {
        let read = || -> PortResult<()> {
            let table = read::open(files.open(id)?).map_err(|e| refused(&e))?;
            reading.with(|context| {
                let mut things = Things::new(table.rows, &reading.layout, context);
                let mut batch = Vec::with_capacity(BATCH);
                while let Some(found) = things.next().map_err(|e| refused(&e))? {
                    if found.last_row <= after {
                        continue;
                    }
                    batch.push(found);
                    if batch.len() == BATCH {
                        let full = std::mem::replace(&mut batch, Vec::with_capacity(BATCH));
                        if sender.blocking_send(Ok(full)).is_err() {
                            return Ok(());
                        }
                    }
                }
                // An empty receiver is a reader that was told to stop.
                let _ = sender.blocking_send(Ok(batch));
                Ok(())
            })
        };
        if let Err(error) = read() {
            let _ = sender.blocking_send(Err(error));
        }
    });
    receiver
}
