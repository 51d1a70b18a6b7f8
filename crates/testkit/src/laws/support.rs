//! Laws of [`ports::support::SupportStore`].

use super::tools::connected;
use crate::Stores;
use crate::builders::at;
use chrono::Duration;
use domain::audit::{Actor, ActorKind, NewEntry};
use domain::ids::{CustomerId, StoreScope, SupportTicketId};
use domain::support::{SaidBy, SupportTicket, TicketSource, TicketStatus, triage};
use ports::support::TicketFilter;
use ports::{Kind, PageRequest};
use uuid::Uuid;

fn ticket(scope: StoreScope, number: u128, customer: Option<i64>) -> SupportTicket {
    let hours = i64::try_from(number).expect("small");
    let opened_at = at("2026-07-01T10:00:00Z") + Duration::hours(hours);
    let mut ticket = SupportTicket {
        id: SupportTicketId(Uuid::from_u128(number)),
        scope,
        source: TicketSource::Webhook,
        subject: format!("Question {number}"),
        from: None,
        customer: customer.map(CustomerId),
        order: None,
        triage: triage("", "Where is my order?"),
        status: TicketStatus::Open,
        opened_at,
        updated_at: opened_at,
        due_at: Some(opened_at + Duration::hours(24)),
        messages: Vec::new(),
        version: 0,
    };
    ticket.say(SaidBy::Buyer, "Where is my order?", opened_at);
    ticket
}

fn entry(of: &SupportTicket) -> NewEntry {
    let by = Actor::new(ActorKind::Person, None, "ann", None);
    let target = ("ticket", &*of.id.to_string(), "a ticket");
    NewEntry::done(of.scope.workspace, of.updated_at, by, "ticket.save", target)
}

async fn opened(stores: &Stores, of: &SupportTicket, external: Option<&str>) -> bool {
    let opened = stores.support.open_ticket(of, external, &entry(of)).await;
    opened.expect("asked")
}

async fn listed(stores: &Stores, scope: StoreScope, filter: &TicketFilter) -> Vec<u128> {
    let page = PageRequest::first(9);
    let found = stores.support.tickets(scope, filter, &page).await;
    let found = found.expect("listed");
    assert_eq!(found.total, Some(found.items.len() as u64));
    found.items.iter().map(|t| t.id.0.as_u128()).collect()
}

pub async fn a_message_that_is_known_opens_nothing(stores: Stores) {
    let (scope, other) = (
        connected(&stores, 1, 1).await,
        connected(&stores, 1, 2).await,
    );
    assert!(opened(&stores, &ticket(scope, 1, None), Some("<a@mail>")).await);
    assert!(!opened(&stores, &ticket(scope, 2, None), Some("<a@mail>")).await);
    assert!(opened(&stores, &ticket(scope, 3, None), Some("<b@mail>")).await);
    // Of another store it is another one, and what has no name is never known.
    assert!(opened(&stores, &ticket(other, 4, None), Some("<a@mail>")).await);
    assert!(opened(&stores, &ticket(scope, 5, None), None).await);
    assert!(opened(&stores, &ticket(scope, 6, None), None).await);
    let all = TicketFilter::default();
    assert_eq!(listed(&stores, scope, &all).await, [6, 5, 3, 1]);
    // An answer to one of them is taken once, too.
    let mut one = ticket(scope, 1, None);
    one.version = 1;
    let saved = stores
        .support
        .save_ticket(&one, Some("<b@mail>"), &entry(&one))
        .await;
    assert!(!saved.expect("asked"));
    let saved = stores
        .support
        .save_ticket(&one, Some("<c@mail>"), &entry(&one))
        .await;
    assert!(saved.expect("asked"));
    one.version = 2;
    let saved = stores
        .support
        .save_ticket(&one, Some("<c@mail>"), &entry(&one))
        .await;
    assert!(!saved.expect("asked"));
    assert!(!opened(&stores, &ticket(scope, 7, None), Some("<c@mail>")).await);
}

pub async fn a_ticket_is_saved_over_the_version_that_was_looked_at(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let mut one = ticket(scope, 1, None);
    assert!(opened(&stores, &one, None).await);
    let port = &stores.support;
    one.version = 1;
    one.status = TicketStatus::Solved;
    one.due_at = None;
    let saved = port.save_ticket(&one, None, &entry(&one)).await;
    assert!(saved.expect("saved"));
    for version in [0, 1, 3] {
        let late = SupportTicket {
            version,
            ..one.clone()
        };
        let refused = port
            .save_ticket(&late, Some("<x@mail>"), &entry(&late))
            .await;
        assert_eq!(refused.expect_err("late").kind, Kind::Conflict, "{version}");
    }
    // What was refused took no message.
    assert!(opened(&stores, &ticket(scope, 2, None), Some("<x@mail>")).await);
    let found = port.ticket(scope.workspace, one.id).await.expect("read");
    assert_eq!(found.as_ref(), Some(&one));
    let foreign = crate::builders::scope(2, 1).workspace;
    let found = port.ticket(foreign, one.id).await.expect("read");
    assert_eq!(found, None);
    let theirs = SupportTicket {
        scope: crate::builders::scope(2, 1),
        version: 2,
        ..one.clone()
    };
    let refused = port.save_ticket(&theirs, None, &entry(&theirs)).await;
    assert_eq!(refused.expect_err("foreign").kind, Kind::Conflict);
}

pub async fn tickets_are_listed_by_what_is_owed_and_by_whom_they_are(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    for (number, customer) in [(1, Some(7)), (2, Some(8)), (3, None), (4, Some(7))] {
        assert!(opened(&stores, &ticket(scope, number, customer), None).await);
    }
    let mut solved = ticket(scope, 4, Some(7));
    solved.version = 1;
    solved.status = TicketStatus::Solved;
    solved.due_at = None;
    let saved = stores
        .support
        .save_ticket(&solved, None, &entry(&solved))
        .await;
    assert!(saved.expect("saved"));
    let open = TicketFilter {
        status: Some(TicketStatus::Open),
        ..TicketFilter::default()
    };
    assert_eq!(listed(&stores, scope, &open).await, [3, 2, 1]);
    let of_seven = TicketFilter {
        customer: Some(CustomerId(7)),
        ..TicketFilter::default()
    };
    assert_eq!(listed(&stores, scope, &of_seven).await, [4, 1]);
    let overdue = TicketFilter {
        due_before: Some(at("2026-07-02T12:00:00Z")),
        ..TicketFilter::default()
    };
    assert_eq!(listed(&stores, scope, &overdue).await, [1]);
    let page = PageRequest::first(3);
    let all = TicketFilter::default();
    let first = stores.support.tickets(scope, &all, &page).await;
    let first = first.expect("listed");
    assert_eq!((first.items.len(), first.total), (3, Some(4)));
    let next = PageRequest {
        cursor: first.next_cursor,
        ..page
    };
    let rest = stores.support.tickets(scope, &all, &next).await;
    assert_eq!(rest.expect("listed").items[0].id.0.as_u128(), 1);
}

pub async fn what_a_customer_wrote_is_forgotten_with_them(stores: Stores) {
    let (scope, other) = (
        connected(&stores, 1, 1).await,
        connected(&stores, 1, 2).await,
    );
    for (of, number, customer) in [
        (scope, 1, Some(7)),
        (scope, 2, Some(8)),
        (scope, 3, None),
        (other, 4, Some(7)),
        (scope, 6, None),
    ] {
        let external = format!("<{number}@mail>");
        assert!(opened(&stores, &ticket(of, number, customer), Some(&external)).await);
    }
    let gone = stores
        .support
        .forget_tickets(
            scope,
            &[CustomerId(7)],
            &[ticket(scope, 6, None).id, ticket(other, 4, None).id],
        )
        .await;
    assert_eq!(gone.expect("forgotten"), 2);
    let all = TicketFilter::default();
    assert_eq!(listed(&stores, scope, &all).await, [3, 2]);
    assert_eq!(listed(&stores, other, &all).await, [4]);
    // The same message does not bring it back.
    assert!(!opened(&stores, &ticket(scope, 5, Some(7)), Some("<1@mail>")).await);
    let none = stores.support.forget_tickets(scope, &[], &[]).await;
    assert_eq!(none.expect("forgotten"), 0);
}

pub async fn what_a_merged_customer_wrote_is_the_others(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    for (number, customer) in [(1, Some(7)), (2, Some(8))] {
        assert!(opened(&stores, &ticket(scope, number, customer), None).await);
    }
    let merged = stores.privacy.merge(
        scope,
        CustomerId(7),
        CustomerId(8),
        "2026-03-01T00:00:00Z".parse().expect("a time"),
    );
    merged.await.expect("merged");
    let of = |customer| TicketFilter {
        customer: Some(CustomerId(customer)),
        ..TicketFilter::default()
    };
    assert_eq!(listed(&stores, scope, &of(8)).await, [2, 1]);
    assert!(listed(&stores, scope, &of(7)).await.is_empty());
}

/// Every law of tickets.
#[macro_export]
macro_rules! support_laws {
    ($make:ident) => {
        $crate::laws!(
            support,
            $make,
            [
                a_message_that_is_known_opens_nothing,
                a_ticket_is_saved_over_the_version_that_was_looked_at,
                tickets_are_listed_by_what_is_owed_and_by_whom_they_are,
                what_a_merged_customer_wrote_is_the_others,
                what_a_customer_wrote_is_forgotten_with_them,
            ]
        );
    };
}
