//! Importing files: upload, mapping, check, import, undo. The row of the import is the truth; a worker holds it by a lease and goes on from
//! saved places, so that a crash in the middle loses nothing and doubles nothing.
//!
//! What a row replaces is written to a journal before the row itself; rolling back and undoing read it. Knows no HTTP and no file
//! system.

mod catalogue;
mod giving_way;
mod inputs;
mod offers;
mod preview;
mod read;
mod run;
mod sinks;
mod survey;
mod table;
mod tally;
mod things;
mod upload;
mod workbook;
mod worker;

pub(crate) use giving_way::GivingWay;
pub use preview::{Preview, PreviewThing};
pub(crate) use table::table;
pub use upload::{NewImport, Upload};

use crate::Ports;
use crate::costs::Costs;
use crate::events::EventHub;
use crate::ingest::Ingest;
use crate::opportunities::Scoring;
use crate::traces::asked;
use chrono::Duration;
use domain::ids::{ConnectionId, ImportId, StoreId, StoreScope, WorkspaceId};
use domain::import::{
    Import, ImportKind, ImportStatus, Mapping, MappingFault, RowProblem, header_set,
};
use domain::money::Currency;
use domain::store::Store;
use ports::imports::SavedMapping;
use ports::{Kind, Page, PageRequest, PortError, PortResult};
use std::sync::Arc;
use tokio::sync::Notify;
use uuid::Uuid;

const DEFAULT_LEASE: Duration = Duration::seconds(15);
/// Files of imports that nobody went on with.
const KEEP_FILES: Duration = Duration::days(7);
const DEFAULT_CAP: u64 = 1 << 30;

#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// It is no table, or nothing that can be read.
    #[error("{0}")]
    Unreadable(String),
    #[error("the file is larger than {} MB, the most that this server takes (IMPORT_MAX_BYTES): split it", .0 / 1_000_000)]
    TooLarge(u64),
    #[error("there is no such import")]
    UnknownImport,
    #[error("there is no such store in this workspace")]
    UnknownStore,
    /// The columns are not all chosen, or chosen wrongly.
    #[error("the columns are not ready: {}", .0.iter().map(|f| f.message.as_str()).collect::<Vec<_>>().join("; "))]
    NotReady(Vec<MappingFault>),
    /// Its state does not allow that.
    #[error("{0}")]
    NotNow(String),
    #[error("{0} is not a time zone of the IANA database")]
    BadZone(String),
    #[error("a store needs a name")]
    NoName,
    #[error(transparent)]
    Port(#[from] PortError),
}

/// A store that only files fill.
#[derive(Debug, Clone)]
pub struct NewStore {
    pub name: String,
    pub currency: Currency,
    pub timezone: String,
}

#[derive(Clone)]
pub struct Imports {
    ports: Ports,
    hub: EventHub,
    ingest: Ingest,
    costs: Costs,
    scoring: Scoring,
    queued: Arc<Notify>,
    lease: Duration,
    cap: u64,
}

impl Imports {
    #[must_use]
    pub fn new(ports: Ports, hub: EventHub, connections: &crate::connections::Connections) -> Self {
        Self {
            ingest: connections.ingest.clone(),
            costs: Costs::new(ports.clone(), hub.clone(), connections),
            scoring: Scoring::new(ports.clone(), hub.clone()),
            ports,
            hub,
            queued: Arc::default(),
            lease: DEFAULT_LEASE,
            cap: DEFAULT_CAP,
        }
    }

    #[must_use]
    pub fn with_lease(self, lease: Duration) -> Self {
        Self { lease, ..self }
    }

    /// The largest file that is taken, in bytes.
    #[must_use]
    pub fn with_cap(self, cap: u64) -> Self {
        Self { cap, ..self }
    }

    #[must_use]
    pub const fn cap(&self) -> u64 {
        self.cap
    }

    pub async fn create_store(
        &self,
        workspace: WorkspaceId,
        new: NewStore,
    ) -> Result<Store, ImportError> {
        let name = new.name.trim();
        if name.is_empty() {
            return Err(ImportError::NoName);
        }
        let store = Store {
            scope: StoreScope {
                workspace,
                store: StoreId(Uuid::now_v7()),
            },
            // There is none; a store outlives its connection, and this one had none to begin with.
            connection: ConnectionId(Uuid::nil()),
            name: name.to_owned(),
            domain: String::new(),
            currency: new.currency,
            timezone: new.timezone.clone(),
            is_sandbox: false,
            created_at: self.ports.clock.now(),
        };
        if store.calendar().is_err() {
            return Err(ImportError::BadZone(new.timezone));
        }
        self.ports.connections.save_store(&store).await?;
        Ok(store)
    }

    pub async fn find(&self, workspace: WorkspaceId, id: ImportId) -> Result<Import, ImportError> {
        let found = self.ports.imports.find(workspace, id).await?;
        found.ok_or(ImportError::UnknownImport)
    }

    pub async fn list(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        page: &PageRequest,
    ) -> PortResult<Page<Import>> {
        self.ports.imports.list(workspace, store, page).await
    }

    pub async fn store_of(&self, import: &Import) -> Result<Store, ImportError> {
        let stores = self
            .ports
            .connections
            .stores(import.scope.workspace)
            .await?;
        let found = stores.into_iter().find(|s| s.scope == import.scope);
        found.ok_or(ImportError::UnknownStore)
    }

    pub async fn problems(
        &self,
        workspace: WorkspaceId,
        id: ImportId,
        page: &PageRequest,
    ) -> Result<Page<RowProblem>, ImportError> {
        self.find(workspace, id).await?;
        Ok(self.ports.import_notes.problems(id, page).await?)
    }

    /// A person's reading of the columns. What was checked with another one is forgotten.
    pub async fn set_mapping(
        &self,
        workspace: WorkspaceId,
        id: ImportId,
        mapping: Mapping,
    ) -> Result<Import, ImportError> {
        let mut import = self.find(workspace, id).await?;
        if !matches!(
            import.status,
            ImportStatus::Mapping
                | ImportStatus::Checked
                | ImportStatus::Refused
                | ImportStatus::Failed
        ) || import.place.row > 0
        {
            return Err(not_now(&import, "its columns can be chosen no more"));
        }
        import.faults = mapping.faults(&import.file.headers);
        import.mapping = Some(mapping);
        import.mapping_reused = false;
        import.status = ImportStatus::Mapping;
        import.report = None;
        import.error = None;
        self.ports.import_notes.clear_problems(id).await?;
        self.replace(&import).await
    }

    /// Proposes the columns of another kind.
    #[must_use]
    pub fn propose(import: &Import, kind: ImportKind) -> Mapping {
        Mapping::propose(kind, &import.file.headers)
    }

    /// Queues the dry run: every row is read, nothing is written but the report. The mapping is kept for files with the same columns.
    pub async fn check(&self, workspace: WorkspaceId, id: ImportId) -> Result<Import, ImportError> {
        let mut import = self.find(workspace, id).await?;
        if !matches!(import.status, ImportStatus::Mapping | ImportStatus::Checked) {
            return Err(not_now(&import, "it cannot be checked"));
        }
        let Some(mapping) = &import.mapping else {
            return Err(ImportError::NotReady(vec![MappingFault {
                field: "kind".to_owned(),
                message: "choose what kind of file this is".to_owned(),
            }]));
        };
        if !import.faults.is_empty() {
            return Err(ImportError::NotReady(import.faults));
        }
        let saved = SavedMapping {
            header_set: header_set(&import.file.headers),
            name: import.file.name.clone(),
            mapping: mapping.clone(),
            saved_at: self.ports.clock.now(),
        };
        self.ports
            .import_notes
            .save_mapping(workspace, &saved)
            .await?;
        import.status = ImportStatus::Checking;
        import.report = None;
        import.error = None;
        self.queue(import).await
    }

    /// Queues the import of what was checked. With refused rows nothing is imported, unless the good ones are chosen; of orders
    /// only whole ones are good.
    pub async fn start(
        &self,
        workspace: WorkspaceId,
        id: ImportId,
        good_rows_only: bool,
    ) -> Result<Import, ImportError> {
        let mut import = self.find(workspace, id).await?;
        let report = match (&import.status, &import.report) {
            (ImportStatus::Checked, Some(report)) => report,
            _ => return Err(not_now(&import, "check it first")),
        };
        if !report.questions.is_empty() {
            return Err(not_now(&import, "answer the questions of the check first"));
        }
        if report.refused > 0 && !good_rows_only {
            let message = format!(
                "{} of {} would be refused: mend the file, or choose to import the good ones only",
                report.refused, report.things
            );
            return Err(ImportError::NotNow(message));
        }
        import.good_rows_only = good_rows_only;
        import.status = ImportStatus::Importing;
        self.queue(import).await
    }

    /// Before anything was written it ends at once; while rows are written they are rolled back.
    pub async fn cancel(
        &self,
        workspace: WorkspaceId,
        id: ImportId,
    ) -> Result<Import, ImportError> {
        loop {
            let mut import = self.find(workspace, id).await?;
            match import.status {
                ImportStatus::Mapping
                | ImportStatus::Checking
                | ImportStatus::Checked
                | ImportStatus::Refused => {
                    import.status = ImportStatus::Cancelled;
                    import.finished_at = Some(self.ports.clock.now());
                }
                ImportStatus::Importing => import.status = ImportStatus::Cancelling,
                ImportStatus::Cancelling => return Ok(import),
                _ => return Err(not_now(&import, "it has ended")),
            }
            match self.ports.imports.replace(&import).await {
                Ok(import) => {
                    if import.status.is_over() {
                        self.ports.import_files.remove(id).await?;
                    }
                    self.announce(&import).await?;
                    self.queued.notify_one();
                    return Ok(import);
                }
                // The worker was faster; look again.
                Err(error) if error.kind == Kind::Conflict => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Queues the undo of a whole import: everything becomes what it was, except what was changed since.
    pub async fn undo(&self, workspace: WorkspaceId, id: ImportId) -> Result<Import, ImportError> {
        let mut import = self.find(workspace, id).await?;
        if import.status != ImportStatus::Done {
            return Err(not_now(&import, "only a finished import can be undone"));
        }
        import.status = ImportStatus::Undoing;
        import.undone = 0;
        self.queue(import).await
    }

    pub async fn mappings(&self, workspace: WorkspaceId) -> PortResult<Vec<SavedMapping>> {
        self.ports.import_notes.mappings(workspace).await
    }

    pub async fn forget_mapping(&self, workspace: WorkspaceId, header_set: &str) -> PortResult<()> {
        self.ports
            .import_notes
            .forget_mapping(workspace, header_set)
            .await
    }

    /// Removes files that nobody needs any more: left behind by a crash, or of imports that nobody went on with.
    pub async fn tidy(&self) -> PortResult<()> {
        let old = self.ports.clock.now() - KEEP_FILES;
        for (id, at) in self.ports.import_files.list().await? {
            if at < old {
                self.ports.import_files.remove(id).await?;
            }
        }
        Ok(())
    }

    async fn queue(&self, mut import: Import) -> Result<Import, ImportError> {
        import.progress.rows_done = 0;
        import.started_at = None;
        import.finished_at = None;
        import.resumed = 0;
        asked(&self.ports, import.scope.workspace, import.id.0).await;
        let import = self.replace(&import).await?;
        self.queued.notify_one();
        Ok(import)
    }

    async fn replace(&self, import: &Import) -> Result<Import, ImportError> {
        match self.ports.imports.replace(import).await {
            Ok(import) => {
                self.announce(&import).await?;
                Ok(import)
            }
            Err(error) if error.kind == Kind::Conflict => Err(ImportError::NotNow(error.detail)),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) async fn announce(&self, import: &Import) -> PortResult<()> {
        let data = serde_json::json!({
            "status": import.status.as_str(),
            "progress": import.share(),
            "store_id": import.scope.store,
        });
        let entity = ("import", import.id.to_string());
        self.hub
            .publish(import.scope.workspace, "import.progress", entity, data)
            .await
    }
}

fn not_now(import: &Import, why: &str) -> ImportError {
    ImportError::NotNow(format!("this import is {}: {why}", import.status.as_str()))
}
