//! Letters that are owed, over a relay that does as it is told and a clock that is moved by hand.

use crate::world::World;
use application::letters::{Letters, Sent, link_address};
use application::people::{Entered, Origin, People, Principal};
use application::{PortSet, Ports};
use async_trait::async_trait;
use chrono::Duration;
use domain::audit::Actor;
use domain::ids::{LetterId, StoreId, StoreScope};
use domain::letter::{Errand, OwedLetter};
use domain::people::{Email, Role};
use domain::purchase::{PurchaseOrder, PurchaseStatus, SentHow, Signed};
use ports::clock::Clock as _;
use ports::mail::{Letter, Mail};
use ports::{Kind, PortError, PortResult, Retry};
use secrecy::SecretString;
use std::sync::{Arc, Mutex};
use testkit::builders::{audit_entry, purchase};
use uuid::Uuid;

const ORIGIN: &str = "https://royal.example.com";

/// Takes letters, or answers all of them with one fault.
#[derive(Default)]
struct Relay {
    fault: Mutex<Option<(Kind, Retry)>>,
    taken: Mutex<Vec<Letter>>,
    tries: Mutex<u32>,
}

#[async_trait]
impl Mail for Relay {
    fn sender(&self) -> String {
        "royal@shop.example".to_owned()
    }

    fn needs_password(&self) -> bool {
        false
    }

    async fn send(&self, letter: &Letter, _password: Option<&SecretString>) -> PortResult<()> {
        *self.tries.lock().unwrap() += 1;
        if let Some((kind, retry)) = *self.fault.lock().unwrap() {
            let detail = "the relay is not in the mood";
            return Err(PortError::new(kind, retry, "smtp", "mail.send", detail));
        }
        self.taken.lock().unwrap().push(letter.clone());
        Ok(())
    }
}

impl Relay {
    fn behave(&self, fault: Option<(Kind, Retry)>) {
        *self.fault.lock().unwrap() = fault;
    }

    fn taken(&self) -> Vec<Letter> {
        self.taken.lock().unwrap().clone()
    }

    fn tries(&self) -> u32 {
        *self.tries.lock().unwrap()
    }
}

struct Post {
    world: World,
    people: People,
    letters: Letters,
    relay: Arc<Relay>,
    admin: Principal,
}

fn busy() -> Option<(Kind, Retry)> {
    Some((
        Kind::Unavailable,
        Retry::After(std::time::Duration::from_secs(1)),
    ))
}

async fn post() -> Post {
    let mut world = World::new().await;
    let relay = Arc::new(Relay::default());
    world.ports = Ports::from(PortSet {
        mail: Some(relay.clone()),
        ..PortSet::clone(&world.ports)
    });
    let people = People::new(world.ports.clone());
    let password = || SecretString::from("correct horse battery");
    let email = "ada@example.com";
    let added = people.add_user(email, Role::Admin, password(), None).await;
    added.unwrap();
    let origin = Origin::default();
    let entered = people.sign_in(email, password(), None, &origin).await;
    let Entered::SignedIn(session) = entered.unwrap() else {
        panic!("there is no second factor");
    };
    let admin = people.by_session(&session.session_secret, origin).await;
    Post {
        letters: letters(&world, &people),
        admin: admin.unwrap().unwrap(),
        people,
        relay,
        world,
    }
}

/// As after a restart: nothing is remembered but what is stored.
fn letters(world: &World, people: &People) -> Letters {
    let origin = Some(ORIGIN.to_owned());
    Letters::new(world.ports.clone(), people.clone(), origin)
}

impl Post {
    async fn sealed(&self) -> Vec<String> {
        let listed = self.world.ports.vault.list(self.admin.workspace.id).await;
        let names = listed.unwrap().into_iter().map(|entry| entry.name);
        names.filter(|name| name.starts_with("letter/")).collect()
    }

    async fn invite(&self) -> (Sent, String) {
        let invited = self
            .people
            .invite(&self.admin, "bob@example.com", Role::Viewer);
        let new = invited.await.unwrap();
        let url = link_address(Some(ORIGIN), &new.secret);
        (self.letters.send(&new, &url).await.unwrap(), url)
    }

    async fn audited(&self) -> usize {
        let filter = ports::audit::AuditFilter {
            action: Some("mail".to_owned()),
            ..ports::audit::AuditFilter::default()
        };
        let page = ports::PageRequest {
            cursor: None,
            limit: 50,
        };
        let audit = &self.world.ports.audit;
        let found = audit.entries(self.admin.workspace.id, &filter, &page).await;
        found.unwrap().items.len()
    }
}

#[tokio::test(start_paused = true)]
async fn a_letter_that_is_not_taken_goes_out_later_with_the_same_link() {
    let post = post().await;
    post.relay.behave(busy());
    let (sent, url) = post.invite().await;
    assert!(matches!(sent, Sent::Later(_)), "{sent:?}");
    assert_eq!(post.relay.tries(), 3, "somebody waited for it");
    assert_eq!(post.sealed().await.len(), 1);
    let after = letters(&post.world, &post.people);
    after.send_due().await.unwrap();
    assert_eq!(post.relay.tries(), 3, "it is not due yet");
    post.world.clock.advance(Duration::minutes(1));
    after.send_due().await.unwrap();
    assert_eq!(post.relay.tries(), 4);
    post.relay.behave(None);
    post.world.clock.advance(Duration::minutes(2));
    after.send_due().await.unwrap();
    let taken = post.relay.taken();
    assert_eq!(taken.len(), 1);
    assert!(taken[0].text.contains(&url), "{}", taken[0].text);
    assert!(post.sealed().await.is_empty(), "it is owed no more");
    let failure = after.last_failure(post.admin.workspace.id).await;
    assert_eq!(failure.unwrap(), None);
    assert_eq!(post.audited().await, 1, "once, when it is settled");
    post.world.clock.advance(Duration::days(1));
    after.send_due().await.unwrap();
    assert_eq!(post.relay.tries(), 5, "and it is sent once");
}

#[tokio::test(start_paused = true)]
async fn a_letter_that_nobody_could_use_is_not_sent() {
    let post = post().await;
    post.relay.behave(busy());
    post.invite().await;
    let invitations = post.people.invitations(&post.admin).await.unwrap();
    let revoked = post
        .people
        .revoke_invitation(&post.admin, invitations[0].id);
    revoked.await.unwrap();
    post.relay.behave(None);
    post.world.clock.advance(Duration::hours(1));
    post.letters.send_due().await.unwrap();
    assert!(post.relay.taken().is_empty());
    assert!(post.sealed().await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_may_have_been_taken_is_not_sent_again_and_a_day_is_enough() {
    let post = post().await;
    post.relay
        .behave(Some((Kind::Unavailable, Retry::Reconcile)));
    let (sent, _) = post.invite().await;
    assert!(matches!(sent, Sent::Failed(_)), "{sent:?}");
    assert!(post.sealed().await.is_empty());
    assert_eq!(post.audited().await, 1);
    post.relay.behave(busy());
    post.invite().await;
    for _ in 0..60 {
        post.world.clock.advance(Duration::minutes(30));
        post.letters.send_due().await.unwrap();
    }
    assert!(post.sealed().await.is_empty(), "given up");
    assert_eq!(post.audited().await, 2, "and told");
    let tries = post.relay.tries();
    assert!((20..40).contains(&tries), "{tries}");
}

#[tokio::test(start_paused = true)]
async fn a_forgotten_password_survives_a_restart_and_leaves_the_same_for_everybody() {
    let post = post().await;
    post.relay.behave(busy());
    post.letters.forgot("ada@example.com").await.unwrap();
    post.letters.forgot("nobody@example.com").await.unwrap();
    assert_eq!(post.relay.tries(), 0, "the answer waits for nothing");
    assert!(post.sealed().await.is_empty(), "no link is made yet");
    let after = letters(&post.world, &post.people);
    after.send_due().await.unwrap();
    assert_eq!(post.sealed().await.len(), 1);
    post.letters.forgot("ada@example.com").await.unwrap();
    after.send_due().await.unwrap();
    assert_eq!(post.sealed().await.len(), 1, "one letter in two minutes");
    post.relay.behave(None);
    post.world.clock.advance(Duration::minutes(1));
    after.send_due().await.unwrap();
    let taken = post.relay.taken();
    assert_eq!(taken.len(), 1);
    assert_eq!(taken[0].to.as_str(), "ada@example.com");
    let (_, rest) = taken[0].text.split_once("/join#").unwrap();
    let secret = rest.split_whitespace().next().unwrap();
    let password = SecretString::from("a new and quiet sentence");
    let origin = Origin::default();
    post.letters.forgot("ada@example.com").await.unwrap();
    let accepted = post.people.accept(secret, password, &origin).await;
    accepted.unwrap();
    assert!(post.sealed().await.is_empty());
    after.send_due().await.unwrap();
    let about_what = "what was asked for before the password was set is answered by it";
    assert_eq!(post.relay.taken().len(), 1, "{about_what}");
    post.letters.forgot("ada@example.com").await.unwrap();
    after.send_due().await.unwrap();
    assert_eq!(post.relay.taken().len(), 2, "forgotten again");
}

impl Post {
    fn signed(&self) -> Signed {
        Signed {
            at: self.world.clock.now(),
            by: Actor::system(),
        }
    }

    /// An order whose letter is owed, right before it is stored as sent.
    async fn order(&self, number: u32) -> PurchaseOrder {
        let workspace = self.admin.workspace.id;
        let store = StoreId(Uuid::from_u128(7));
        let mut order = purchase(StoreScope { workspace, store }, number);
        order.status = PurchaseStatus::Approved;
        let entry = audit_entry(workspace, "purchase_order.create");
        let purchases = &self.world.ports.purchases;
        let order = purchases.create_purchase(&order, &entry).await.unwrap();
        let now = self.world.clock.now();
        let owed = OwedLetter {
            id: LetterId(order.id.0),
            errand: Errand::Purchase {
                workspace,
                order: order.id,
                email: Email::parse("orders@acme.example").unwrap(),
            },
            created_at: now,
            attempts: 0,
        };
        let owing = self.world.ports.letters.owe_letter(&owed, now);
        owing.await.unwrap();
        order
    }

    async fn store(&self, mut order: PurchaseOrder) -> PurchaseOrder {
        order.version += 1;
        let entry = audit_entry(order.scope.workspace, "purchase_order.send");
        let saving = self.world.ports.purchases.save_purchase(&order, &entry);
        saving.await.unwrap();
        order
    }

    async fn later(&self, by: Duration) -> u32 {
        self.world.clock.advance(by);
        self.letters.send_due().await.unwrap();
        self.relay.tries()
    }
}

#[tokio::test(start_paused = true)]
async fn an_order_goes_out_once_it_is_stored_as_sent_and_not_when_it_was_called_off() {
    let post = post().await;
    let mut order = post.order(1).await;
    assert_eq!(post.later(Duration::seconds(5)).await, 0, "not stored yet");
    order.send(SentHow::Mail, post.signed()).unwrap();
    let order = post.store(order).await;
    post.relay.behave(busy());
    assert_eq!(post.later(Duration::seconds(5)).await, 1);
    let told = post.letters.last_failure(order.scope.workspace).await;
    assert_eq!(told.unwrap().unwrap().to, "orders@acme.example");
    post.relay.behave(None);
    assert_eq!(post.later(Duration::hours(2)).await, 2);
    let told = post.letters.last_failure(order.scope.workspace).await;
    assert_eq!(told.unwrap(), None, "it went out after all");
    assert_eq!(post.later(Duration::hours(2)).await, 2, "and once");

    let mut order = post.order(2).await;
    order.send(SentHow::Mail, post.signed()).unwrap();
    let mut order = post.store(order).await;
    order.status = PurchaseStatus::Cancelled;
    post.store(order).await;
    assert_eq!(post.later(Duration::hours(2)).await, 2, "called off");

    let order = post.order(3).await;
    assert_eq!(post.later(Duration::hours(2)).await, 2, "never stored");
    post.store(order).await;
    assert_eq!(post.later(Duration::hours(2)).await, 2);
}
