//! What buyers write: tickets by hand and by a signed message, whose each is, a draft of an answer from what is recorded, and replies that go out
//! once a person sends them.
//!
//! Text of buyers is looked at by rules and shown; nothing of it is followed. Orders are linked to a ticket by themselves only where they are of the
//! same customer, so that nobody learns of another one's order from a draft.

mod drafting;
mod receive;
mod reply;

pub use drafting::Drafted;
pub use receive::{Inbound, SIGNATURE_WINDOW, WEBHOOK_SECRET, sign};

use crate::Ports;
use crate::agents::Agents;
use crate::assistant::Models;
use crate::changes::Fault;
use crate::ingest::calendar;
use crate::people::People;
use crate::stores::{StoreError, Stores};
use chrono::{DateTime, Utc};
use domain::agents::support::SPEC;
use domain::audit::{Actor, NewEntry};
use domain::ids::{CustomerId, OrderId, SupportTicketId, WorkspaceId};
use domain::order::Order;
use domain::people::Email;
use domain::store::Store;
use domain::support::{
    Hours, OrderFacts, ReplyFacts, SaidBy, SupportTicket, TicketSource, TicketStatus, draft,
    order_names, triage,
};
use ports::customers::CustomerQuery;
use ports::orders::{OrderQuery, OrderSort, StoredOrder};
use ports::support::TicketFilter;
use ports::{Kind, Page, PageRequest, PortError, PortResult};
use uuid::Uuid;

const LONGEST_SUBJECT: usize = 200;
/// Orders that are shown beside a ticket.
const ORDERS_BESIDE: u32 = 10;

#[derive(Debug, thiserror::Error)]
pub enum SupportError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("there is no such ticket")]
    Unknown,
    #[error("somebody else wrote in this ticket meanwhile; look at it again")]
    ChangedMeanwhile,
    #[error("this cannot be done as it was asked for")]
    Invalid(Vec<Fault>),
    /// A reply of it is on its way, or nobody knows whether it went out.
    #[error("{0}")]
    Undelivered(String),
    #[error(
        "there is no relay for letters: set SMTP_HOST, or answer where it was asked and write that down as a note"
    )]
    NoMail,
    #[error("it is not known whom to answer")]
    NoAddress,
    #[error("the message is not signed as it has to be")]
    NotSigned,
    #[error("there is no secret to check signatures with")]
    NoSecret,
    #[error(transparent)]
    Port(#[from] PortError),
}

/// A ticket by hand.
#[derive(Debug, Clone, Default)]
pub struct NewTicket {
    pub from: Option<String>,
    pub subject: String,
    pub text: String,
    /// As people know it: `#1001`.
    pub order: Option<String>,
}

/// A ticket with what stands beside it.
#[derive(Debug, Clone)]
pub struct Opened {
    pub store: Store,
    pub ticket: SupportTicket,
    /// The customer's latest, the newest first; the one that it is about at least.
    pub orders: Vec<StoredOrder>,
    /// From what is recorded; nobody has approved it.
    pub draft: String,
    /// The model that may be asked for another draft; `None`: none is set.
    pub drafts_by: Option<String>,
    /// Whether a reply can be sent, and else why not.
    pub cannot_send: Option<&'static str>,
}

#[derive(Clone)]
pub struct Support {
    ports: Ports,
    stores: Stores,
    people: People,
    agents: Agents,
    models: Models,
}

impl Support {
    #[must_use]
    pub fn new(ports: Ports, people: People, agents: Agents) -> Self {
        Self {
            stores: Stores::new(ports.clone()),
            ports,
            people,
            agents,
            models: Models::default(),
        }
    }

    /// Has drafts written by language models where somebody asks for one.
    #[must_use]
    pub fn with_models(self, models: Models) -> Self {
        Self { models, ..self }
    }

    /// The one that was opened last first.
    pub async fn list(
        &self,
        store: &Store,
        filter: &TicketFilter,
        page: &PageRequest,
    ) -> PortResult<Page<SupportTicket>> {
        self.ports.support.tickets(store.scope, filter, page).await
    }

    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.ports.clock.now()
    }

    pub async fn open(
        &self,
        store: &Store,
        new: NewTicket,
        by: &Actor,
    ) -> Result<SupportTicket, SupportError> {
        let mut faults = Vec::new();
        let subject = new.subject.trim();
        if subject.is_empty() || subject.chars().count() > LONGEST_SUBJECT {
            let message = format!("has from 1 to {LONGEST_SUBJECT} characters");
            faults.push(Fault::new("subject", message));
        }
        if new.text.trim().is_empty() {
            faults.push(Fault::new("text", "is needed: what was asked".to_owned()));
        }
        let from = new.from.as_deref().map(str::trim).filter(|f| !f.is_empty());
        let from = match from.map(Email::parse).transpose() {
            Ok(from) => from,
            Err(error) => {
                faults.push(Fault::new("from", error.to_string()));
                None
            }
        };
        let named = new
            .order
            .as_deref()
            .map(str::trim)
            .filter(|o| !o.is_empty());
        let order = match named {
            Some(name) => {
                let found = self.order_named(store, name).await?;
                if found.is_none() {
                    faults.push(Fault::new(
                        "order",
                        "is not an order of this store".to_owned(),
                    ));
                }
                found
            }
            None => None,
        };
        if !faults.is_empty() {
            return Err(SupportError::Invalid(faults));
        }
        // Whoever writes it down knows whose order it is.
        let of_order = order.as_ref().and_then(|o| o.customer);
        let customer = match of_order {
            Some(customer) => Some(customer),
            None => self.customer_of(store, from.as_ref()).await?,
        };
        let mut ticket = self
            .ticket(store, TicketSource::Hand, subject, &new.text)
            .await?;
        ticket.from = from;
        ticket.customer = customer;
        ticket.order = match order {
            Some(order) => Some(order.id),
            None => self.order_of(store, customer, subject, &new.text).await?,
        };
        let entry = self.entry(&ticket, by, "ticket.open");
        self.ports
            .support
            .open_ticket(&ticket, None, &entry)
            .await?;
        Ok(ticket)
    }

    /// A new one, with the buyer's words in it.
    async fn ticket(
        &self,
        store: &Store,
        source: TicketSource,
        subject: &str,
        text: &str,
    ) -> PortResult<SupportTicket> {
        let now = self.ports.clock.now();
        let triage = triage(subject, text);
        let due = now + self.hours(store).await?.of(triage.priority);
        let subject: String = subject.chars().take(LONGEST_SUBJECT).collect();
        let mut ticket = SupportTicket {
            id: SupportTicketId(Uuid::now_v7()),
            scope: store.scope,
            source,
            subject,
            from: None,
            customer: None,
            order: None,
            triage,
            status: TicketStatus::Open,
            opened_at: now,
            updated_at: now,
            due_at: Some(due),
            messages: Vec::new(),
            version: 0,
        };
        ticket.say(SaidBy::Buyer, text, now);
        Ok(ticket)
    }

    /// As the agent over tickets is set.
    async fn hours(&self, store: &Store) -> PortResult<Hours> {
        let values = self.agents.config(store, &SPEC).await?.values;
        Ok(domain::agents::support::hours(&values))
    }

    pub async fn find(
        &self,
        workspace: WorkspaceId,
        id: SupportTicketId,
    ) -> Result<Opened, SupportError> {
        let ticket = self.ticket_of(workspace, id).await?;
        let store = self
            .stores
            .pick(workspace, Some(ticket.scope.store))
            .await?;
        let mut orders = match ticket.customer {
            Some(customer) => self.orders_of(&store, customer).await?,
            None => Vec::new(),
        };
        let about = match ticket.order {
            Some(order) => match orders.iter().find(|o| o.order.id == order) {
                Some(known) => Some(known.clone()),
                None => self.ports.orders.find(store.scope, order).await?,
            },
            None => None,
        };
        if let Some(about) = about
            .iter()
            .find(|a| orders.iter().all(|o| o.order.id != a.order.id))
        {
            orders.insert(0, about.clone());
        }
        let facts = self.facts(&store, &ticket, about.as_ref()).await?;
        Ok(Opened {
            drafts_by: self.models.names().into_iter().next(),
            draft: draft(ticket.triage.topic, &facts),
            cannot_send: match (&self.ports.mail, &ticket.from) {
                (None, _) => Some("there is no relay for letters"),
                (_, None) => Some("it is not known whom to answer"),
                _ => None,
            },
            store,
            ticket,
            orders,
        })
    }

    /// What drafts are made of: the same whoever writes them.
    async fn facts(
        &self,
        store: &Store,
        ticket: &SupportTicket,
        about: Option<&StoredOrder>,
    ) -> PortResult<ReplyFacts> {
        Ok(ReplyFacts {
            name: self.name_of(store, ticket.customer).await?,
            shop: store.name.clone(),
            order: match about {
                Some(stored) => Some(facts_of(store, &stored.order)?),
                None => None,
            },
        })
    }

    pub async fn set_status(
        &self,
        workspace: WorkspaceId,
        id: SupportTicketId,
        version: i64,
        status: TicketStatus,
        by: &Actor,
    ) -> Result<SupportTicket, SupportError> {
        let mut ticket = self.at_version(workspace, id, version).await?;
        let store = self
            .stores
            .pick(workspace, Some(ticket.scope.store))
            .await?;
        let hours = self.hours(&store).await?;
        ticket.set_status(status, self.ports.clock.now(), hours);
        self.save(ticket, by, "ticket.status").await
    }

    /// For ourselves; nobody else reads it.
    pub async fn note(
        &self,
        workspace: WorkspaceId,
        id: SupportTicketId,
        version: i64,
        text: &str,
        by: &Actor,
    ) -> Result<SupportTicket, SupportError> {
        let mut ticket = self.at_version(workspace, id, version).await?;
        worded(text)?;
        let who = by.clone();
        ticket.say(SaidBy::Note { who }, text, self.ports.clock.now());
        self.save(ticket, by, "ticket.note").await
    }

    /// Which order it is about; `None`: none.
    pub async fn link_order(
        &self,
        workspace: WorkspaceId,
        id: SupportTicketId,
        version: i64,
        name: Option<&str>,
        by: &Actor,
    ) -> Result<SupportTicket, SupportError> {
        let mut ticket = self.at_version(workspace, id, version).await?;
        let store = self
            .stores
            .pick(workspace, Some(ticket.scope.store))
            .await?;
        match name.map(str::trim).filter(|n| !n.is_empty()) {
            Some(name) => {
                let found = self.order_named(&store, name).await?;
                let unknown = || {
                    let message = "is not an order of this store".to_owned();
                    SupportError::Invalid(vec![Fault::new("order", message)])
                };
                let found = found.ok_or_else(unknown)?;
                ticket.order = Some(found.id);
                ticket.customer = found.customer;
            }
            None => {
                ticket.order = None;
                ticket.customer = None;
            }
        }
        // The order says whose it is, else the address, as when it was opened: a wrong link is taken back whole.
        if ticket.customer.is_none() {
            ticket.customer = self.customer_of(&store, ticket.from.as_ref()).await?;
        }
        ticket.updated_at = self.ports.clock.now();
        self.save(ticket, by, "ticket.order").await
    }

    async fn ticket_of(
        &self,
        workspace: WorkspaceId,
        id: SupportTicketId,
    ) -> Result<SupportTicket, SupportError> {
        let found = self.ports.support.ticket(workspace, id).await?;
        found.ok_or(SupportError::Unknown)
    }

    async fn at_version(
        &self,
        workspace: WorkspaceId,
        id: SupportTicketId,
        version: i64,
    ) -> Result<SupportTicket, SupportError> {
        let ticket = self.ticket_of(workspace, id).await?;
        if ticket.version == version {
            Ok(ticket)
        } else {
            Err(SupportError::ChangedMeanwhile)
        }
    }

    async fn save(
        &self,
        mut ticket: SupportTicket,
        by: &Actor,
        action: &str,
    ) -> Result<SupportTicket, SupportError> {
        ticket.version += 1;
        let entry = self.entry(&ticket, by, action);
        let saved = self.ports.support.save_ticket(&ticket, None, &entry).await;
        saved.map_err(|error| match error.kind {
            Kind::Conflict => SupportError::ChangedMeanwhile,
            _ => SupportError::Port(error),
        })?;
        Ok(ticket)
    }

    /// Without a word of what was written.
    fn entry(&self, ticket: &SupportTicket, by: &Actor, action: &str) -> NewEntry {
        let (id, name) = (ticket.id.to_string(), ticket.name());
        let target = ("ticket", id.as_str(), name.as_str());
        let now = self.ports.clock.now();
        let told = serde_json::json!({
            "status": ticket.status, "topic": ticket.triage.topic, "version": ticket.version,
        });
        NewEntry::done(ticket.scope.workspace, now, by.clone(), action, target).after(&told)
    }

    /// Who has this address, where addresses may be seen; none when two have it.
    async fn customer_of(
        &self,
        store: &Store,
        from: Option<&Email>,
    ) -> PortResult<Option<CustomerId>> {
        let Some(from) = from else { return Ok(None) };
        let query = CustomerQuery {
            text: Some(from.as_str().to_owned()),
            ..CustomerQuery::default()
        };
        let page = PageRequest::first(10);
        let book = &self.ports.customers;
        let found = book
            .list(store.scope, store.currency, &query, &page)
            .await?;
        let mut same = found.items.iter().filter(|row| {
            let known = row.profile.as_ref().and_then(|p| p.email.as_deref());
            known.is_some_and(|known| known.trim().eq_ignore_ascii_case(from.as_str()))
        });
        let first = same.next().map(|row| row.standing.customer);
        Ok(first.filter(|_| same.next().is_none()))
    }

    async fn name_of(
        &self,
        store: &Store,
        customer: Option<CustomerId>,
    ) -> PortResult<Option<String>> {
        let Some(id) = customer else { return Ok(None) };
        let found = self
            .ports
            .customers
            .find(store.scope, store.currency, id)
            .await?;
        Ok(found.and_then(|row| row.profile?.display_name))
    }

    async fn order_named(&self, store: &Store, name: &str) -> PortResult<Option<Order>> {
        let wanted = name.trim_start_matches('#');
        let query = OrderQuery {
            text: Some(wanted.to_owned()),
            ..OrderQuery::default()
        };
        let page = PageRequest::first(50);
        let found = self.ports.orders.list(store.scope, &query, &page).await?;
        let mut found = found.items.into_iter().map(|o| o.order);
        Ok(found.find(|o| o.name.trim_start_matches('#').eq_ignore_ascii_case(wanted)))
    }

    /// The first order that a text names, if it is this customer's.
    async fn order_of(
        &self,
        store: &Store,
        customer: Option<CustomerId>,
        subject: &str,
        text: &str,
    ) -> PortResult<Option<OrderId>> {
        let Some(customer) = customer else {
            return Ok(None);
        };
        for name in order_names(&format!("{subject}\n{text}")) {
            let found = self.order_named(store, &name).await?;
            if let Some(order) = found.filter(|o| o.customer == Some(customer)) {
                return Ok(Some(order.id));
            }
        }
        Ok(None)
    }

    async fn orders_of(&self, store: &Store, customer: CustomerId) -> PortResult<Vec<StoredOrder>> {
        let query = OrderQuery {
            customer: Some(customer),
            sort: OrderSort::NewestFirst,
            ..OrderQuery::default()
        };
        let page = PageRequest::first(ORDERS_BESIDE);
        Ok(self
            .ports
            .orders
            .list(store.scope, &query, &page)
            .await?
            .items)
    }
}

fn facts_of(store: &Store, order: &Order) -> PortResult<OrderFacts> {
    Ok(OrderFacts {
        name: order.name.clone(),
        ordered_on: calendar(store)?.day_of(order.processed_at),
        is_cancelled: order.cancelled_at.is_some(),
        fulfilment: order.fulfillment_status.clone(),
        total: order.totals.current_total,
        refunded: order.totals.refunded,
        currency: order.currency,
    })
}

fn worded(text: &str) -> Result<(), SupportError> {
    let most = domain::support::MOST_TEXT;
    let message = if text.trim().is_empty() {
        "is needed".to_owned()
    } else if text.chars().count() > most {
        format!("has at most {most} characters")
    } else {
        return Ok(());
    };
    Err(SupportError::Invalid(vec![Fault::new("text", message)]))
}
