//! Tickets over the fakes: whose they are, what a draft may say, what a death while sending leaves behind, and what a redaction takes away.

use crate::world::World;
use application::PortSet;
use application::agents::Agents;
use application::changes::Changes;
use application::people::People;
use application::support::{Inbound, NewTicket, Support, SupportError};
use async_trait::async_trait;
use chrono::Duration;
use domain::audit::{Actor, ActorKind};
use domain::customer::Customer;
use domain::ids::{ConnectionId, CustomerId, OrderId};
use domain::people::Email;
use domain::store::Store;
use domain::support::{Delivery, SaidBy, SupportTicket, TicketStatus};
use ports::mail::{Letter, Mail};
use ports::source::Fact;
use ports::support::TicketFilter;
use ports::{Kind, PageRequest, PortError, PortResult, Retry};
use secrecy::SecretString;
use std::sync::{Arc, Mutex};
use testkit::builders::{LineBuilder, OrderBuilder, at};

/// Takes letters, or does not.
#[derive(Default)]
struct Relay {
    letters: Mutex<Vec<Letter>>,
    fails: Mutex<Option<PortError>>,
}

#[async_trait]
impl Mail for Relay {
    fn sender(&self) -> String {
        "shop@example.com".to_owned()
    }

    fn needs_password(&self) -> bool {
        false
    }

    async fn send(&self, letter: &Letter, _password: Option<&SecretString>) -> PortResult<()> {
        if let Some(error) = self.fails.lock().unwrap().take() {
            return Err(error);
        }
        self.letters.lock().unwrap().push(letter.clone());
        Ok(())
    }
}

pub(crate) struct Desk {
    pub(crate) world: World,
    connection: ConnectionId,
    pub(crate) support: Support,
    relay: Arc<Relay>,
    pub(crate) store: Store,
}

const ADA: CustomerId = CustomerId(7);

pub(crate) fn ann() -> Actor {
    Actor::new(ActorKind::Person, None, "ann", None)
}

impl Desk {
    /// Ada (7) has order #1, Bob (8) order #2.
    pub(crate) async fn new() -> Self {
        let world = World::new().await;
        let when = at("2026-06-20T10:00:00Z");
        for (id, customer) in [(1, 7), (2, 8)] {
            let order = OrderBuilder::new(id).sold_at(when).updated_at(when);
            let order = order.customer(customer).named(&format!("#100{id}"));
            let order = order.line(LineBuilder::new(10, 1, 1_000)).paid(Some(50));
            world.shop.put(Fact::Order(Box::new(order.build())));
        }
        for (id, name) in [(7, "Ada"), (8, "Bob")] {
            let email = format!("{}@example.com", name.to_lowercase());
            world.shop.put(Fact::Customer(Customer {
                id: CustomerId(id),
                created_at: when,
                updated_at: when,
                orders_count: Some(1),
                country: None,
                display_name: Some(name.to_owned()),
                email: Some(email),
            }));
        }
        let connection = world.synced().await.connection;
        let relay = Arc::<Relay>::default();
        let ports: application::Ports = PortSet {
            mail: Some(Arc::clone(&relay) as _),
            ..(*world.ports).clone()
        }
        .into();
        let changes = Changes::new(ports.clone(), world.hub.clone(), world.connections.clone());
        let agents = Agents::new(ports.clone(), world.hub.clone(), changes);
        let people = People::new(ports.clone());
        let store = world.changes.store(world.workspace, None).await.unwrap();
        Self {
            support: Support::new(ports, people, agents),
            world,
            connection,
            relay,
            store,
        }
    }

    pub(crate) async fn heard(&self, id: &str, from: &str, text: &str) -> SupportTicket {
        let inbound = Inbound {
            id: id.to_owned(),
            from: from.to_owned(),
            subject: format!("About {id}"),
            text: text.to_owned(),
        };
        let id = self.support.receive(&self.store, &inbound).await.unwrap();
        let workspace = self.world.workspace;
        let opened = self.support.find(workspace, id.expect("new")).await;
        opened.unwrap().ticket
    }

    async fn send(&self, of: &SupportTicket) -> Result<SupportTicket, SupportError> {
        let workspace = self.world.workspace;
        let by = ann();
        self.support
            .send(workspace, of.id, of.version, "Here it is.", &by)
            .await
    }

    pub(crate) fn letters(&self) -> usize {
        self.relay.letters.lock().unwrap().len()
    }
}

#[tokio::test(start_paused = true)]
async fn nobody_learns_of_another_ones_order_from_a_draft() {
    let desk = Desk::new().await;
    let workspace = desk.world.workspace;
    let own = desk
        .heard("1", "ADA@example.com", "Where is order #1001?")
        .await;
    assert_eq!((own.customer, own.order), (Some(ADA), Some(OrderId(1))));
    let opened = desk.support.find(workspace, own.id).await.unwrap();
    assert!(opened.draft.starts_with("Hello Ada,"), "{}", opened.draft);
    assert!(opened.draft.contains("#1001"), "{}", opened.draft);
    let others = desk
        .heard("2", "ada@example.com", "Where is order #1002?")
        .await;
    assert_eq!((others.customer, others.order), (Some(ADA), None));
    let stranger = desk
        .heard("3", "eve@example.com", "Where is order #1001?")
        .await;
    assert_eq!((stranger.customer, stranger.order), (None, None));
    for ticket in [others, stranger] {
        let draft = desk.support.find(workspace, ticket.id).await.unwrap().draft;
        assert!(!draft.contains("#100"), "{draft}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_relay_did_not_take_is_told_and_owed_and_nothing_goes_out_twice() {
    let desk = Desk::new().await;
    let ticket = desk.heard("1", "ada@example.com", "Where is it?").await;
    let away = PortError::new(
        Kind::Unavailable,
        Retry::After(std::time::Duration::from_secs(60)),
        "smtp",
        "send",
        "the relay is away",
    );
    *desk.relay.fails.lock().unwrap() = Some(away);
    let failed = desk.send(&ticket).await.unwrap();
    assert_eq!(failed.status, TicketStatus::Open);
    let last = &failed.messages.last().unwrap().said;
    let is_failed = |d: &Delivery| matches!(d, Delivery::Failed { why } if why.contains("away"));
    assert!(
        matches!(last, SaidBy::Us { delivery, .. } if is_failed(delivery)),
        "{last:?}"
    );
    // Whoever still looks at the first one sends nothing.
    assert!(matches!(
        desk.send(&ticket).await,
        Err(SupportError::ChangedMeanwhile)
    ));
    let sent = desk.send(&failed).await.unwrap();
    assert_eq!((sent.status, desk.letters()), (TicketStatus::Waiting, 1));
    let lost = PortError::new(
        Kind::Unavailable,
        Retry::Reconcile,
        "smtp",
        "send",
        "the line was cut",
    );
    *desk.relay.fails.lock().unwrap() = Some(lost);
    let unsure = desk.send(&sent).await.unwrap();
    let last = &unsure.messages.last().unwrap().said;
    let is_unsure = |d: &Delivery| matches!(d, Delivery::Unknown { .. });
    assert!(
        matches!(last, SaidBy::Us { delivery, .. } if is_unsure(delivery)),
        "{last:?}"
    );
    assert_eq!(desk.letters(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_death_while_sending_is_told_before_anything_is_sent_again() {
    let desk = Desk::new().await;
    let ticket = desk.heard("1", "ada@example.com", "Where is it?").await;
    // As a worker leaves it that died between writing down and the relay's answer.
    let mut left = ticket.clone();
    let us = SaidBy::Us {
        who: ann(),
        delivery: Delivery::Sending,
    };
    left.say(us, "Here it is.", desk.world.now());
    left.version += 1;
    let target = ("ticket", "x", "a ticket");
    let entry = domain::audit::NewEntry::done(
        desk.world.workspace,
        desk.world.now(),
        ann(),
        "ticket.reply",
        target,
    );
    let saved = desk.world.ports.support.save_ticket(&left, None, &entry);
    assert!(saved.await.unwrap());
    let refused = desk.send(&left).await;
    assert!(
        matches!(refused, Err(SupportError::Undelivered(_))),
        "{refused:?}"
    );
    desk.world.clock.advance(Duration::minutes(11));
    let refused = desk.send(&left).await;
    assert!(
        matches!(refused, Err(SupportError::Undelivered(_))),
        "{refused:?}"
    );
    let workspace = desk.world.workspace;
    let now = desk.support.find(workspace, left.id).await.unwrap().ticket;
    let last = &now.messages.last().unwrap().said;
    let is_unsure = |d: &Delivery| matches!(d, Delivery::Unknown { .. });
    assert!(
        matches!(last, SaidBy::Us { delivery, .. } if is_unsure(delivery)),
        "{last:?}"
    );
    assert_eq!(desk.letters(), 0);
    assert_eq!(desk.send(&now).await.unwrap().status, TicketStatus::Waiting);
    assert_eq!(desk.letters(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_ticket_by_hand_is_of_whom_its_order_is() {
    let desk = Desk::new().await;
    let new = |order: &str| NewTicket {
        from: None,
        subject: "A call".to_owned(),
        text: "Please cancel it".to_owned(),
        order: Some(order.to_owned()),
    };
    let opened = desk.support.open(&desk.store, new("1002"), &ann()).await;
    let opened = opened.unwrap();
    assert_eq!(opened.customer, Some(CustomerId(8)));
    assert_eq!(opened.order, Some(OrderId(2)));
    let sent = desk.send(&opened).await;
    assert!(matches!(sent, Err(SupportError::NoAddress)), "{sent:?}");
    let refused = desk.support.open(&desk.store, new("#4711"), &ann()).await;
    let Err(SupportError::Invalid(faults)) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(faults[0].field, "order");
}

#[tokio::test(start_paused = true)]
async fn an_order_whose_buyer_wants_it_cancelled_is_proposed_to_be_held() {
    let desk = Desk::new().await;
    desk.heard("1", "ada@example.com", "Please cancel order #1001")
        .await;
    let agents = &desk.world.agents;
    let nothing = serde_json::json!({});
    let run = agents.start(&desk.store, "customer_support", nothing, ann());
    let run = run.await.unwrap();
    let ended = crate::agents::until_ended(&desk.world, run.id).await;
    assert_eq!(ended.looked_at, 1, "{ended:?}");
    assert_eq!(ended.proposals, 1, "{ended:?}");
    let facts = desk
        .world
        .ports
        .runs
        .facts(desk.world.workspace, run.id)
        .await;
    // Not a word of the buyer is in what the agent writes down.
    assert!(!facts.unwrap().unwrap().contains("Please cancel"));
}

#[tokio::test(start_paused = true)]
async fn what_somebody_wrote_is_gone_with_their_redaction() {
    let desk = Desk::new().await;
    desk.heard("1", "ada@example.com", "Where is it?").await;
    desk.heard("2", "bob@example.com", "Where is it?").await;
    let email = Email::parse("ada@example.com").unwrap();
    let asked = r#"{"kind":"customer_redact","customer":7,"orders":[]}"#;
    crate::privacy::tell(&desk.world, desk.connection, "privacy", asked).await;
    let page = PageRequest::first(9);
    let all = TicketFilter::default();
    let left = desk.support.list(&desk.store, &all, &page).await.unwrap();
    assert_eq!(left.items.len(), 1);
    assert_ne!(left.items[0].from.as_ref(), Some(&email));
}
