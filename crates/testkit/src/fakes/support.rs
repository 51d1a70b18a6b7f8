//! Tickets.

use super::database::{FakeDatabase, refuse};
use super::paging;
use async_trait::async_trait;
use domain::audit::NewEntry;
use domain::ids::{CustomerId, StoreScope, SupportTicketId, WorkspaceId};
use domain::support::SupportTicket;
use ports::support::{SupportStore, TicketFilter};
use ports::{Kind, Page, PageRequest, PortResult};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Default)]
pub(super) struct SupportState {
    tickets: BTreeMap<SupportTicketId, SupportTicket>,
    taken: BTreeSet<(StoreScope, String)>,
}

impl SupportState {
    pub(super) fn purge(&mut self, scope: StoreScope) {
        self.tickets.retain(|_, ticket| ticket.scope != scope);
        self.taken.retain(|(of, _)| *of != scope);
    }

    pub(super) fn merge(&mut self, scope: StoreScope, from: CustomerId, into: CustomerId) {
        let own = |t: &&mut SupportTicket| t.scope == scope && t.customer == Some(from);
        for ticket in self.tickets.values_mut().filter(own) {
            ticket.customer = Some(into);
            ticket.version += 1;
        }
    }

    /// `false`: the message was taken before.
    fn take(&mut self, ticket: &SupportTicket, external: Option<&str>) -> bool {
        external.is_none_or(|name| self.taken.insert((ticket.scope, name.to_owned())))
    }
}

#[async_trait]
impl SupportStore for FakeDatabase {
    async fn open_ticket(
        &self,
        ticket: &SupportTicket,
        external: Option<&str>,
        entry: &NewEntry,
    ) -> PortResult<bool> {
        let mut state = self.lock();
        if !state.support.take(ticket, external) {
            return Ok(false);
        }
        state.support.tickets.insert(ticket.id, ticket.clone());
        state.record(std::slice::from_ref(entry));
        Ok(true)
    }

    async fn tickets(
        &self,
        scope: StoreScope,
        filter: &TicketFilter,
        page: &PageRequest,
    ) -> PortResult<Page<SupportTicket>> {
        let state = self.lock();
        let rows = state.support.tickets.values();
        let rows = rows
            .filter(|t| t.scope == scope)
            .filter(|t| filter.status.is_none_or(|s| s == t.status))
            .filter(|t| filter.customer.is_none_or(|c| Some(c) == t.customer))
            .filter(|t| {
                let due = filter.due_before;
                due.is_none_or(|due| t.due_at.is_some_and(|at| at < due))
            })
            .map(|t| ((Reverse(t.opened_at), t.id), t.clone()))
            .collect();
        let list = format!("support {scope:?} {filter:?}");
        paging::page(&list, "support.list", rows, page)
    }

    async fn ticket(
        &self,
        workspace: WorkspaceId,
        id: SupportTicketId,
    ) -> PortResult<Option<SupportTicket>> {
        let state = self.lock();
        let found = state.support.tickets.get(&id);
        Ok(found.filter(|t| t.scope.workspace == workspace).cloned())
    }

    async fn save_ticket(
        &self,
        ticket: &SupportTicket,
        external: Option<&str>,
        entry: &NewEntry,
    ) -> PortResult<bool> {
        let mut state = self.lock();
        let known = |name: &str| {
            state
                .support
                .taken
                .contains(&(ticket.scope, name.to_owned()))
        };
        if external.is_some_and(known) {
            return Ok(false);
        }
        let stored = state.support.tickets.get_mut(&ticket.id);
        let stored = stored.filter(|t| t.scope == ticket.scope && t.version + 1 == ticket.version);
        let Some(stored) = stored else {
            let detail = "somebody else wrote in this ticket meanwhile; look at it again";
            return Err(refuse(Kind::Conflict, "support.save", detail));
        };
        *stored = ticket.clone();
        state.support.take(ticket, external);
        state.record(std::slice::from_ref(entry));
        Ok(true)
    }

    async fn forget_tickets(
        &self,
        scope: StoreScope,
        customers: &[CustomerId],
        tickets: &[SupportTicketId],
    ) -> PortResult<u64> {
        let mut state = self.lock();
        let before = state.support.tickets.len();
        state.support.tickets.retain(|_, ticket| {
            let is_theirs = ticket.customer.is_some_and(|c| customers.contains(&c));
            ticket.scope != scope || !(is_theirs || tickets.contains(&ticket.id))
        });
        Ok((before - state.support.tickets.len()) as u64)
    }
}
