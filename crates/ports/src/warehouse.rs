//! A warehouse of days outside: each day of a table is loaded as a whole, by a job with a name of our own.

use crate::PortResult;
use crate::source::LinkState;
use async_trait::async_trait;
use chrono::NaiveDate;
use domain::ids::StoreId;
use domain::warehouse::MirrorTable;
use secrecy::SecretString;

/// A day as it is to be there: whatever was there of it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayLoad {
    pub table: MirrorTable,
    /// Every store has tables of its own.
    pub store: StoreId,
    pub day: NaiveDate,
    /// One JSON object a line.
    pub lines: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobState {
    Running,
    Done {
        rows: u64,
    },
    /// It is at its end and nothing was loaded.
    Failed {
        reason: String,
        /// Whether another job may succeed.
        again: bool,
    },
}

/// What a question of a person found out; nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WarehouseCheck {
    /// As the other side writes it.
    pub name: String,
    pub location: String,
}

/// Every call is made with a credential: the JSON of a service account.
#[async_trait]
pub trait Warehouse: Send + Sync {
    /// For people, e.g. `acme.royal at bigquery.googleapis.com`.
    fn place(&self) -> String;
    /// As the table of a store is called there.
    fn table_name(&self, table: MirrorTable, store: StoreId) -> String;
    fn links(&self) -> Vec<LinkState>;
    /// Looks whether the credential, the dataset and its place fit, and whether jobs may be run.
    async fn check(&self, credential: &SecretString) -> PortResult<WarehouseCheck>;
    /// Begins a job of this name. One that is there already is that one, so that it may be sent again.
    async fn load(&self, credential: &SecretString, job: &str, day: &DayLoad) -> PortResult<()>;
    /// `None`: there is no job of this name.
    async fn job(&self, credential: &SecretString, job: &str) -> PortResult<Option<JobState>>;
}
