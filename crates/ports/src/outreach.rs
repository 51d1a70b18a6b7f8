//! Whom exports of segments named, and for what: so that nobody is told twice for one cause, nor too often.

use crate::PortResult;
use async_trait::async_trait;
use domain::audit::NewEntry;
use domain::ids::{CustomerId, OutreachExportId, StoreScope};
use domain::outreach::{Cap, Cause, Claim, OutreachExport, OutreachSettings, Told};

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

    /// Judges each person and cause by all that they were told ([`domain::outreach::judge`]), one after the other, and keeps whom it grants
    /// together with the export, counted, and the audit's entry: in one transaction, and one of a store after the other, so that two
    /// exports at once name nobody twice. Answers one claim for each, in their order, and the export as it is kept.
    async fn claim_outreach(
        &self,
        export: &OutreachExport,
        wanted: &[(CustomerId, Cause)],
        cap: Cap,
        entry: &NewEntry,
    ) -> PortResult<(Vec<Claim>, OutreachExport)>;

    /// The export did not arrive: whom it names counts as not told. `false` where it is not known, or was taken back before.
    async fn take_back_outreach(&self, scope: StoreScope, id: OutreachExportId)
    -> PortResult<bool>;

    /// Newest first, at most `most`.
    async fn outreach_exports(
        &self,
        scope: StoreScope,
        most: u32,
    ) -> PortResult<Vec<OutreachExport>>;

    /// What somebody was told, oldest first; goes when they are forgotten ([`crate::privacy::PrivacyStore::forget`]).
    async fn told(&self, scope: StoreScope, customer: CustomerId) -> PortResult<Vec<Told>>;
}
