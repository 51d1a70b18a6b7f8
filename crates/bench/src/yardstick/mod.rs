//! How fast this machine loads the very rows that the product stored, when nothing is left to be done with them: into empty tables with
//! the same columns and indexes of the same database.

mod postgres;
mod sqlite;

use crate::product::Place;
use anyhow::Result;
use std::path::Path;
use std::time::Duration;

/// What was loaded and how long only the loading took.
pub(crate) struct Loaded {
    pub rows: u64,
    pub took: Duration,
}

/// Not written by reading orders.
const NOT_OURS: &[&str] = &["_sqlx_migrations", "event_head"];

pub(crate) async fn load(
    place: &Place,
    folder: &Path,
    progress: &(dyn Fn(&str) + Sync),
) -> Result<Loaded> {
    match place {
        Place::Sqlite(file) => sqlite::load(file, folder, progress).await,
        Place::Postgres(url) => postgres::load(url, folder, progress).await,
    }
}
