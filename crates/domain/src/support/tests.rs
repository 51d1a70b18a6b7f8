use super::*;
use crate::audit::{Actor, ActorKind};
use crate::ids::{StoreId, StoreScope, SupportTicketId, WorkspaceId};
use chrono::{DateTime, Duration, Utc};
use proptest::prelude::*;
use uuid::Uuid;

const HOURS: Hours = Hours {
    urgent: 4,
    normal: 24,
    low: 72,
};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn ticket(subject: &str, text: &str) -> SupportTicket {
    let now = at("2026-07-01T10:00:00Z");
    let triage = triage(subject, text);
    let mut ticket = SupportTicket {
        id: SupportTicketId(Uuid::from_u128(1)),
        scope: StoreScope {
            workspace: WorkspaceId(Uuid::from_u128(2)),
            store: StoreId(Uuid::from_u128(3)),
        },
        source: TicketSource::Hand,
        subject: subject.to_owned(),
        from: None,
        customer: None,
        order: None,
        due_at: Some(now + HOURS.of(triage.priority)),
        triage,
        status: TicketStatus::Open,
        opened_at: now,
        updated_at: now,
        messages: Vec::new(),
        version: 0,
    };
    ticket.say(SaidBy::Buyer, text, now);
    ticket
}

#[track_caller]
fn check(text: &str, topic: Topic, priority: Priority) {
    let found = triage("", text);
    assert_eq!((found.topic, found.priority), (topic, priority), "{text}");
}

#[test]
fn what_is_asked_is_told_apart() {
    use Priority::{Low, Normal, Urgent};
    check(
        "Where is my order? It has not come.",
        Topic::Delivery,
        Normal,
    );
    check(
        "Where’s my parcel, I see no tracking",
        Topic::Delivery,
        Normal,
    );
    check("The mug arrived BROKEN.", Topic::Damaged, Urgent);
    check("Please cancel #1001", Topic::Cancel, Urgent);
    check("I want my money back", Topic::Refund, Normal);
    check("How do I send it back?", Topic::Return, Normal);
    check(
        "Could I get an invoice with our VAT number?",
        Topic::Invoice,
        Normal,
    );
    check("wrong address on my order!!", Topic::Change, Urgent);
    check("I will open a chargeback", Topic::Other, Urgent);
    check("Just wanted to say that I love it", Topic::Other, Low);
    check("Do you have it in blue?", Topic::Other, Normal);
    // Parts of words say nothing.
    check(
        "The fireplace set is unbreakable, as you returned to say",
        Topic::Other,
        Normal,
    );
    check("", Topic::Other, Normal);
}

#[test]
fn orders_are_found_where_they_are_named_as_such() {
    let find = |text: &str| order_names(text).join(" ");
    assert_eq!(
        find("My order #1001, and order 1002. Also Order no. 1003!"),
        "#1001 #1002 #1003"
    );
    assert_eq!(find("#1001 #1001"), "#1001");
    assert_eq!(find("I paid 1999 on 2026 07 01, call 5551234"), "");
    assert_eq!(find("#12 #1234567890123"), "");
}

#[test]
fn a_second_letter_does_not_buy_more_time_and_what_is_urgent_stays_so() {
    let mut of = ticket("Hello", "Where is my order?");
    let due = of.due_at.unwrap();
    let later = of.opened_at + Duration::hours(20);
    assert!(of.hear("It is broken!", later, triage("", "It is broken!"), HOURS));
    assert_eq!(of.due_at, Some(due.min(later + Duration::hours(4))));
    assert_eq!(
        (of.triage.topic, of.triage.priority),
        (Topic::Damaged, Priority::Urgent)
    );
    let again = later + Duration::hours(1);
    assert!(of.hear("Hello?", again, triage("", "Hello?"), HOURS));
    assert_eq!(
        (of.triage.topic, of.triage.priority),
        (Topic::Damaged, Priority::Urgent)
    );
    assert!(of.is_overdue(at("2026-07-03T00:00:00Z")));
}

#[test]
fn only_a_reply_that_went_out_owes_nothing_any_more() {
    let mut of = ticket("Hello", "Where is my order?");
    let who = Actor::new(ActorKind::Person, None, "ann", None);
    let when = of.opened_at + Duration::hours(1);
    let us = SaidBy::Us {
        who,
        delivery: Delivery::Sending,
    };
    let no = of.say(us, "It is on its way.", when);
    assert_eq!(of.undelivered().map(|m| m.no), Some(no));
    let failed = Delivery::Failed {
        why: "no relay".to_owned(),
    };
    of.delivered(no, failed, when);
    assert_eq!(of.status, TicketStatus::Open);
    assert!(of.due_at.is_some() && of.undelivered().is_none());
    of.delivered(no, Delivery::Sent, when);
    assert_eq!((of.status, of.due_at), (TicketStatus::Waiting, None));
    // The buyer's answer owes one anew.
    let later = when + Duration::days(3);
    assert!(of.hear("And?", later, triage("", "And?"), HOURS));
    assert_eq!(of.due_at, Some(later + Duration::hours(24)));
    // So does what came while a reply was on its way.
    of.delivered(no, Delivery::Sent, later);
    assert_eq!(of.status, TicketStatus::Open);
    assert_eq!(of.due_at, Some(later + Duration::hours(24)));
}

#[test]
fn a_ticket_takes_so_many_messages_of_such_a_length() {
    let mut of = ticket("Hello", &"a".repeat(MOST_TEXT + 1));
    assert!(of.messages[0].text.ends_with("[the rest was cut off]"));
    let when = of.opened_at;
    let taken = (0..MOST_MESSAGES).filter(|_| of.hear("x", when, triage("", "x"), HOURS));
    assert_eq!(taken.count(), MOST_MESSAGES - 1);
}

fn order(fulfilment: &str) -> OrderFacts {
    OrderFacts {
        name: "#1001".to_owned(),
        ordered_on: "2026-06-03".parse().unwrap(),
        is_cancelled: false,
        fulfilment: fulfilment.to_owned(),
        total: 4_990,
        refunded: 0,
        currency: "USD".parse().unwrap(),
    }
}

#[test]
fn a_draft_says_how_the_order_stands_and_promises_nothing() {
    let facts = ReplyFacts {
        name: Some("Ada".to_owned()),
        shop: "Hearth".to_owned(),
        order: Some(OrderFacts {
            refunded: 1_000,
            ..order("fulfilled")
        }),
    };
    let text = draft(Topic::Cancel, &facts);
    let parts: Vec<_> = text.split("\n\n").collect();
    assert_eq!(parts[0], "Hello Ada,");
    assert_eq!(
        parts[2],
        "We have your order #1001 of 3 June 2026 before us: it has been sent. 10.00 USD of it were given back."
    );
    assert!(parts[3].contains("cannot be cancelled any more"));
    assert_eq!(parts[4], "Kind regards\nHearth");
    let unknown = draft(Topic::Delivery, &ReplyFacts::default());
    assert!(unknown.starts_with("Hello,") && unknown.contains("the number of your order"));
}

proptest! {
    /// Numbers in a draft are those of its facts.
    #[test]
    fn no_number_is_made_up(total in 0_i64..100_000, refunded in 0_i64..100_000, which in 0_usize..8) {
        let topics = [
            Topic::Delivery, Topic::Damaged, Topic::Return, Topic::Refund, Topic::Cancel, Topic::Change, Topic::Invoice, Topic::Other,
        ];
        let of = OrderFacts { total, refunded, ..order("unfulfilled") };
        let told = format!("{} 3 2026 {}", of.name, crate::money::format_minor(refunded, of.currency));
        let facts = ReplyFacts { name: None, shop: "Shop".to_owned(), order: Some(of) };
        let text = draft(topics[which], &facts);
        let numbers = |text: &str| -> Vec<String> {
            let parts = text.split(|c: char| !c.is_ascii_digit());
            parts.filter(|p| !p.is_empty()).map(str::to_owned).collect()
        };
        let known = numbers(&told);
        for number in numbers(&text) {
            prop_assert!(known.contains(&number), "{} in {}", number, text);
        }
    }

    #[test]
    fn whatever_is_written_is_looked_at(text in "\\PC{0,400}") {
        let _ = (triage(&text, &text), order_names(&text));
    }
}
