//! Tickets: documents, with what is looked for in columns beside them; and the names of messages that were taken.

use crate::audit::record;
use crate::codec::json;
use crate::cursor::{Key, Paging};
use crate::{Backend, Cells, Database, Session, Sql, Writer};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::audit::NewEntry;
use domain::ids::{CustomerId, StoreScope, SupportTicketId, WorkspaceId};
use domain::support::SupportTicket;
use ports::support::{SupportStore, TicketFilter};
use ports::{Kind, Page, PageRequest, PortResult};

fn of_store(what: &str, scope: StoreScope, filter: &TicketFilter) -> Sql {
    let mut sql = Sql::new(format!(
        "SELECT {what} FROM support_tickets WHERE workspace = "
    ));
    sql.push_arg(scope.workspace)
        .push(" AND store = ")
        .push_arg(scope.store);
    if let Some(status) = filter.status {
        sql.push(" AND status = ").push_arg(status.as_str());
    }
    if let Some(customer) = filter.customer {
        sql.push(" AND customer = ").push_arg(customer);
    }
    if let Some(due) = filter.due_before {
        sql.push(" AND due_at < ").push_arg(due);
    }
    sql
}

/// What the one wrote is the other's: they are the same person.
pub(crate) async fn merge<W: Writer>(
    tx: &mut W,
    scope: StoreScope,
    from: CustomerId,
    into: CustomerId,
) -> PortResult<()> {
    let sql = Sql::new(
        "SELECT document FROM support_tickets WHERE workspace = $1 AND store = $2 AND customer = $3",
    )
    .bind(scope.workspace)
    .bind(scope.store)
    .bind(from);
    let rows = tx.rows(sql).await?;
    let tickets = rows.iter().map(|row| Cells::of(row).json());
    let tickets = tickets.collect::<Result<Vec<SupportTicket>, _>>()?;
    drop(rows);
    for mut ticket in tickets {
        ticket.customer = Some(into);
        ticket.version += 1;
        let sql = Sql::new(
            "UPDATE support_tickets SET customer = $3, version = $4, document = $5 WHERE workspace = $1 AND id = $2",
        )
        .bind(scope.workspace)
        .bind(ticket.id)
        .bind(into)
        .bind(ticket.version)
        .bind(json(&ticket));
        tx.run(sql).await?;
    }
    Ok(())
}

/// `false`: the message was taken before.
async fn take<W: Writer>(
    tx: &mut W,
    ticket: &SupportTicket,
    external: Option<&str>,
    at: DateTime<Utc>,
) -> PortResult<bool> {
    let Some(external) = external else {
        return Ok(true);
    };
    let sql = Sql::new(
        "INSERT INTO support_messages (workspace, store, external, ticket, at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT DO NOTHING",
    )
    .bind(ticket.scope.workspace)
    .bind(ticket.scope.store)
    .bind(external)
    .bind(ticket.id)
    .bind(at);
    Ok(tx.run(sql).await? == 1)
}

#[async_trait]
impl<B: Backend> SupportStore for Database<B> {
    async fn open_ticket(
        &self,
        ticket: &SupportTicket,
        external: Option<&str>,
        entry: &NewEntry,
    ) -> PortResult<bool> {
        let mut tx = self.0.write("support.open").await?;
        if !take(&mut tx, ticket, external, entry.at).await? {
            tx.undo().await?;
            return Ok(false);
        }
        let sql = Sql::new(
            "INSERT INTO support_tickets (id, workspace, store, customer, status, created_at, due_at, version, document) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(ticket.id)
        .bind(ticket.scope.workspace)
        .bind(ticket.scope.store)
        .bind(ticket.customer.map(|c| c.0))
        .bind(ticket.status.as_str())
        .bind(ticket.opened_at)
        .bind(ticket.due_at)
        .bind(ticket.version)
        .bind(json(ticket));
        tx.run(sql).await?;
        record(&mut tx, std::slice::from_ref(entry)).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn tickets(
        &self,
        scope: StoreScope,
        filter: &TicketFilter,
        page: &PageRequest,
    ) -> PortResult<Page<SupportTicket>> {
        let operation = "support.list";
        let paging = Paging::new::<B>(operation, &format!("{scope:?}{filter:?}"), page)?;
        let mut session = self.0.read(operation).await?;
        let total = match &paging.after {
            Some(cursor) => cursor.total,
            None => {
                let row = session.one(of_store("COUNT(*)", scope, filter)).await?;
                row.map_or(Ok(0), |row| Cells::of(&row).count())?
            }
        };
        let mut sql = of_store("document", scope, filter);
        paging.newest_first(&mut sql);
        let rows = session.rows(sql).await?;
        let items = rows.iter().map(|row| Cells::of(row).json());
        let items = items.collect::<Result<Vec<SupportTicket>, _>>()?;
        Ok(paging.page(items, total, |last| {
            let at = last.opened_at.timestamp_micros();
            (Key::Int(at), Key::Id(last.id.0))
        }))
    }

    async fn ticket(
        &self,
        workspace: WorkspaceId,
        id: SupportTicketId,
    ) -> PortResult<Option<SupportTicket>> {
        let sql = Sql::new("SELECT document FROM support_tickets WHERE id = $1 AND workspace = $2")
            .bind(id)
            .bind(workspace);
        let row = self.0.read("support.find").await?.one(sql).await?;
        Ok(row.map(|row| Cells::of(&row).json()).transpose()?)
    }

    async fn save_ticket(
        &self,
        ticket: &SupportTicket,
        external: Option<&str>,
        entry: &NewEntry,
    ) -> PortResult<bool> {
        let operation = "support.save";
        let mut tx = self.0.write(operation).await?;
        if !take(&mut tx, ticket, external, entry.at).await? {
            tx.undo().await?;
            return Ok(false);
        }
        let sql = Sql::new(
            "UPDATE support_tickets SET customer = $4, status = $5, due_at = $6, version = $7, document = $8 \
             WHERE id = $1 AND workspace = $2 AND store = $3 AND version = $7 - 1",
        )
        .bind(ticket.id)
        .bind(ticket.scope.workspace)
        .bind(ticket.scope.store)
        .bind(ticket.customer.map(|c| c.0))
        .bind(ticket.status.as_str())
        .bind(ticket.due_at)
        .bind(ticket.version)
        .bind(json(ticket));
        if tx.run(sql).await? == 0 {
            tx.undo().await?;
            let detail = "somebody else wrote in this ticket meanwhile; look at it again";
            return Err(Self::refuse(Kind::Conflict, operation, detail));
        }
        record(&mut tx, std::slice::from_ref(entry)).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn forget_tickets(
        &self,
        scope: StoreScope,
        customers: &[CustomerId],
        tickets: &[SupportTicketId],
    ) -> PortResult<u64> {
        let mut tx = self.0.write("support.forget").await?;
        let sql = Sql::new(format!(
            "DELETE FROM support_tickets WHERE workspace = $1 AND store = $2 AND customer {}",
            B::in_list(3)
        ))
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(customers.iter().map(|c| c.0).collect::<Vec<_>>());
        let mut gone = tx.run(sql).await?;
        for ticket in tickets {
            let sql = Sql::new(
                "DELETE FROM support_tickets WHERE workspace = $1 AND store = $2 AND id = $3",
            )
            .bind(scope.workspace)
            .bind(scope.store)
            .bind(*ticket);
            gone += tx.run(sql).await?;
        }
        // Answers that are kept for repeats hold whole tickets.
        let sql = Sql::new(
            "DELETE FROM idempotency_keys WHERE workspace = $1 AND status IS NOT NULL \
             AND route LIKE '%/v1/support/tickets%'",
        )
        .bind(scope.workspace);
        tx.run(sql).await?;
        tx.commit().await?;
        Ok(gone)
    }
}
