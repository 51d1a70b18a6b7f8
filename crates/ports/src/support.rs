//! What buyers wrote, and what was answered.

use crate::{Page, PageRequest, PortResult};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::audit::NewEntry;
use domain::ids::{CustomerId, StoreScope, SupportTicketId, WorkspaceId};
use domain::support::{SupportTicket, TicketStatus};

/// Filters are joined by *and*.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TicketFilter {
    pub status: Option<TicketStatus>,
    pub customer: Option<CustomerId>,
    /// An answer was owed before this.
    pub due_before: Option<DateTime<Utc>>,
}

#[async_trait]
pub trait SupportStore: Send + Sync {
    /// Stores a new ticket with the audit's entry. `external` is how whoever brought it names the message: `false`, and nothing is stored, when a
    /// message of that name of the same store is known already, in this ticket or in another.
    async fn open_ticket(
        &self,
        ticket: &SupportTicket,
        external: Option<&str>,
        entry: &NewEntry,
    ) -> PortResult<bool>;
    /// The one that was opened last first.
    async fn tickets(
        &self,
        scope: StoreScope,
        filter: &TicketFilter,
        page: &PageRequest,
    ) -> PortResult<Page<SupportTicket>>;
    async fn ticket(
        &self,
        workspace: WorkspaceId,
        id: SupportTicketId,
    ) -> PortResult<Option<SupportTicket>>;
    /// Stores it as `ticket.version`, which follows the stored one, with the audit's entry, or not at all; `Conflict` when it does not follow.
    /// `external` as with [`Self::open_ticket`]: `false` when that message is known already.
    async fn save_ticket(
        &self,
        ticket: &SupportTicket,
        external: Option<&str>,
        entry: &NewEntry,
    ) -> PortResult<bool>;
    /// Deletes whatever these customers wrote, and these tickets, with what was answered, for good; answers how many there were.
    async fn forget_tickets(
        &self,
        scope: StoreScope,
        customers: &[CustomerId],
        tickets: &[SupportTicketId],
    ) -> PortResult<u64>;
}
