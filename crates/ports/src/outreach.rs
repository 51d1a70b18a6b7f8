//! Whom exports of segments named, and for what: so that nobody is told twice for one cause, nor too often.

use crate::PortResult;
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::audit::NewEntry;
use domain::ids::{CustomerId, OutreachExportId, StoreScope};
use domain::outreach::{Cap, Cause, Claim, OutreachExport, OutreachSettings, Told};

/// The right to send an export until it expires; a later claim makes `fence` larger, and a smaller one writes nothing any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutreachLease {
    pub export: OutreachExport,
    pub fence: i64,
}

/// Longer than it takes to make and send one message.
pub const HELD: Duration = Duration::minutes(2);

/// Of whom an export names, who counts as not told by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Release<'a> {
    Nobody,
    These(&'a [CustomerId]),
    Everybody,
}

#[async_trait]
pub trait OutreachStore: Send + Sync {
    /// `None` until somebody set them.
    async fn outreach_settings(&self, scope: StoreScope) -> PortResult<Option<OutreachSettings>>;

    /// Replaces the version before; `Conflict` when that is not the stored one. With the audit's entry, or neither.
    async fn set_outreach_settings(
        &self,
        settings: &OutreachSettings,
        entry: &NewEntry,
    ) -> PortResult<()>;

    /// The export that is waiting longest, or whose sender died: held for `lease`, by one caller only. What is stored of it stays as it is;
    /// one that was being sent still is.
    async fn claim_sending(
        &self,
        now: DateTime<Utc>,
        lease: Duration,
    ) -> PortResult<Option<OutreachLease>>;

    /// Stores the lease's export, held until `until`, or let go; it is due when its delivery says. `Conflict` when the fence is old.
    async fn advance_sending(
        &self,
        lease: &OutreachLease,
        until: Option<DateTime<Utc>>,
        release: Release<'_>,
    ) -> PortResult<()>;

    /// What a person decided of an export: `Conflict` where its delivery is not the one that they saw. Whoever held it writes nothing any
    /// more. With the audit's entry, or neither.
    async fn decide_sending(
        &self,
        seen: &OutreachExport,
        decided: &OutreachExport,
        release: Release<'_>,
        entry: &NewEntry,
    ) -> PortResult<()>;

    async fn outreach_export(
        &self,
        scope: StoreScope,
        id: OutreachExportId,
    ) -> PortResult<Option<OutreachExport>>;

    /// Whom an export names and for what, by customer; who was forgotten since is not there.
    async fn outreach_people(
        &self,
        scope: StoreScope,
        id: OutreachExportId,
    ) -> PortResult<Vec<(CustomerId, Cause)>>;

    /// Judges each person and cause by all that they were told ([`domain::outreach::judge`]), one after the other, and keeps whom it grants
    /// together with the export, counted, and the audit's entry: in one transaction, and one of a store after the other, so that two
    /// exports at once name nobody twice. One with a delivery is held by its maker for [`HELD`]. Answers one claim for each, in their order, and the export as it is kept.
    async fn claim_outreach(
        &self,
        export: &OutreachExport,
        wanted: &[(CustomerId, Cause)],
        cap: Cap,
        entry: &NewEntry,
    ) -> PortResult<(Vec<Claim>, OutreachExport)>;

    /// Newest first, at most `most`.
    async fn outreach_exports(
        &self,
        scope: StoreScope,
        most: u32,
    ) -> PortResult<Vec<OutreachExport>>;

    /// What somebody was told, oldest first; goes when they are forgotten ([`crate::privacy::PrivacyStore::forget`]).
    async fn told(&self, scope: StoreScope, customer: CustomerId) -> PortResult<Vec<Told>>;
}
