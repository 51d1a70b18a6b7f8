//! Laws of [`ports::conversations::Conversations`].

use super::tools::{one_claims, race};
use crate::Stores;
use crate::builders::{at, user};
use chrono::{DateTime, Duration, Utc};
use domain::assistant::answer::{Answer, Outcome};
use domain::assistant::session::{Conversation, Frame, Message, Piece, Role, Turn};
use domain::assistant::spend::Spend;
use domain::ids::{AssistantMessageId, AssistantSessionId, WorkspaceId};
use ports::conversations::Hold;
use ports::{Kind, PageRequest};
use uuid::Uuid;

fn now() -> DateTime<Utc> {
    at("2026-02-01T12:00:00Z")
}

fn session(workspace: u32, person: u32, number: u128) -> Conversation {
    let person = user(workspace, person);
    let began = now() + Duration::seconds(i64::try_from(number).expect("small"));
    Conversation {
        id: AssistantSessionId(Uuid::from_u128(number)),
        workspace: person.workspace,
        user: person.id,
        agent_type: "general".to_owned(),
        title: None,
        created_at: began,
        updated_at: began,
        messages: 0,
    }
}

fn message(of: &Conversation, number: u128, role: Role) -> Message {
    Message {
        id: AssistantMessageId(Uuid::from_u128(number)),
        session: of.id,
        role,
        content: format!("message {number}"),
        answer: None,
        created_at: now() + Duration::seconds(i64::try_from(number).expect("small")),
    }
}

fn delta(text: &str) -> Piece {
    Piece::Delta {
        content: text.to_owned(),
    }
}

async fn claim(stores: &Stores, when: DateTime<Utc>) -> Option<Turn> {
    let until = when + Duration::minutes(1);
    let claimed = stores.conversations.claim_turn(when, until).await;
    claimed.expect("asked")
}

async fn frames(
    stores: &Stores,
    workspace: WorkspaceId,
    of: &Conversation,
    after: i64,
) -> Vec<Frame> {
    let frames = stores
        .conversations
        .frames(workspace, of.id, after, 100)
        .await;
    frames.expect("read")
}

pub async fn what_was_said_is_kept_in_its_order(stores: Stores) {
    let port = &stores.conversations;
    let (one, other) = (session(1, 1, 10), session(1, 2, 11));
    for opened in [&one, &other] {
        port.open_session(opened).await.expect("opened");
    }
    // The ids are against the order on purpose.
    let said = [
        message(&one, 9, Role::User),
        message(&one, 5, Role::Assistant),
        message(&one, 7, Role::User),
    ];
    for message in &said {
        port.say(one.workspace, message, "the first title")
            .await
            .expect("said");
    }
    let known = port.session(one.workspace, one.id).await.expect("read");
    let expected = Conversation {
        title: Some("the first title".to_owned()),
        messages: 3,
        updated_at: said[2].created_at,
        ..one.clone()
    };
    assert_eq!(known.as_ref(), Some(&expected));
    let (mut page, mut read) = (PageRequest::first(2), Vec::new());
    loop {
        let found = port
            .messages(one.workspace, one.id, &page)
            .await
            .expect("read");
        assert_eq!(found.total, Some(3));
        read.extend(found.items);
        match found.next_cursor {
            Some(next) => page.cursor = Some(next),
            None => break,
        }
    }
    assert_eq!(read, said);
    port.name_session(one.workspace, one.id, "another")
        .await
        .expect("named");
    let mine = port
        .sessions(one.workspace, Some(one.user), None, &PageRequest::first(9))
        .await;
    let mine = mine.expect("read");
    assert_eq!(mine.items.len(), 1);
    assert_eq!(mine.items[0].title.as_deref(), Some("another"));
    let all = port
        .sessions(one.workspace, None, None, &PageRequest::first(9))
        .await
        .expect("read");
    let ids: Vec<_> = all.items.iter().map(|s| s.id).collect();
    assert_eq!((ids, all.total), (vec![other.id, one.id], Some(2)));
    assert_eq!(port.conversation_counts().await.expect("counted"), (2, 3));
}

pub async fn sessions_are_found_by_what_stands_in_them(stores: Stores) {
    let port = &stores.conversations;
    let (one, two, theirs) = (session(1, 1, 10), session(1, 1, 11), session(1, 2, 12));
    let foreign = session(2, 1, 13);
    for (number, (of, text)) in (20..).zip([
        (&one, "What sold best in 100% cotton?"),
        (&two, "Why did profit fall in M\u{fc}nchen?"),
        (&theirs, "profit by country"),
        (&foreign, "profit of theirs"),
    ]) {
        port.open_session(of).await.expect("opened");
        let said = Message {
            content: text.to_owned(),
            ..message(of, number, Role::User)
        };
        port.say(of.workspace, &said, "A title with_underscore")
            .await
            .expect("said");
    }
    port.name_session(one.workspace, one.id, "Fabrics: PROFIT")
        .await
        .expect("named");
    let find = async |of: Option<&Conversation>, text: &str| -> Vec<AssistantSessionId> {
        let user = of.map(|s| s.user);
        let page = PageRequest::first(9);
        let found = port.sessions(one.workspace, user, Some(text), &page).await;
        let found = found.expect("read");
        assert_eq!(found.total, Some(found.items.len() as u64), "{text}");
        found.items.iter().map(|s| s.id).collect()
    };
    assert_eq!(find(Some(&one), "PROFIT").await, [two.id, one.id]);
    assert_eq!(
        find(None, "profit").await,
        [theirs.id, two.id, one.id],
        "all people's, and nobody's of another workspace"
    );
    assert_eq!(find(Some(&one), "sold BEST").await, [one.id]);
    assert_eq!(find(Some(&one), "in M\u{fc}nchen").await, [two.id]);
    // Nothing is a pattern.
    assert_eq!(find(Some(&one), "100% c").await, [one.id]);
    assert_eq!(find(Some(&one), "0_ c").await, []);
    assert_eq!(find(Some(&one), "%").await, [one.id]);
    assert_eq!(find(Some(&one), "with_under").await, [two.id]);
    assert_eq!(find(Some(&one), "nothing of it").await, []);
    // Pages go on within what was found.
    let first = PageRequest::first(1);
    let page = port
        .sessions(one.workspace, None, Some("profit"), &first)
        .await;
    let page = page.expect("read");
    assert_eq!((page.items[0].id, page.total), (theirs.id, Some(3)));
    let next = PageRequest {
        cursor: page.next_cursor,
        ..first
    };
    let page = port
        .sessions(one.workspace, None, Some("profit"), &next)
        .await;
    assert_eq!(page.expect("read").items[0].id, two.id);
}

pub async fn a_session_is_its_own_workspaces(stores: Stores) {
    let port = &stores.conversations;
    let one = session(1, 1, 10);
    let foreign = user(2, 1).workspace;
    port.open_session(&one).await.expect("opened");
    let question = message(&one, 1, Role::User);
    port.say(one.workspace, &question, "t").await.expect("said");
    let turn = claim(&stores, now() + Duration::minutes(1))
        .await
        .expect("it waits");
    assert!(port.put_pieces(&turn, &[delta("a")]).await.expect("put"));
    assert_eq!(port.session(foreign, one.id).await.expect("read"), None);
    let named = port.name_session(foreign, one.id, "x").await;
    assert_eq!(named.expect_err("foreign").kind, Kind::NotFound);
    let said = port.say(foreign, &message(&one, 2, Role::User), "x").await;
    assert_eq!(said.expect_err("foreign").kind, Kind::NotFound);
    let messages = port
        .messages(foreign, one.id, &PageRequest::first(9))
        .await
        .expect("read");
    assert_eq!((messages.items.len(), messages.total), (0, Some(0)));
    assert_eq!(frames(&stores, foreign, &one, 0).await, []);
    port.forget_session(foreign, one.id).await.expect("nothing");
    assert_eq!(frames(&stores, one.workspace, &one, 0).await.len(), 1);
    port.forget_session(one.workspace, one.id)
        .await
        .expect("gone");
    port.forget_session(one.workspace, one.id)
        .await
        .expect("gone already");
    assert_eq!(
        port.session(one.workspace, one.id).await.expect("read"),
        None
    );
    assert_eq!(frames(&stores, one.workspace, &one, 0).await, []);
    assert_eq!(port.conversation_counts().await.expect("counted"), (0, 0));
    assert!(
        !port.put_pieces(&turn, &[delta("b")]).await.expect("asked"),
        "it is forgotten"
    );
    assert_eq!(claim(&stores, now() + Duration::hours(1)).await, None);
}

pub async fn a_question_is_answered_once_and_in_its_turn(stores: Stores) {
    let port = &stores.conversations;
    let one = session(1, 1, 10);
    port.open_session(&one).await.expect("opened");
    let (first, second) = (message(&one, 1, Role::User), message(&one, 2, Role::User));
    for question in [&first, &second] {
        port.say(one.workspace, question, "t").await.expect("said");
    }
    assert_eq!(claim(&stores, now()).await, None, "it was not said yet");
    let then = now() + Duration::seconds(30);
    let turn = claim(&stores, then).await.expect("the first");
    assert_eq!((&turn.question, turn.attempts), (&first, 1));
    assert_eq!(
        claim(&stores, then).await,
        None,
        "the second waits for the first"
    );
    assert!(port.put_pieces(&turn, &[delta("half")]).await.expect("put"));
    let later = then + Duration::minutes(2);
    let again = claim(&stores, later).await.expect("who held it died");
    assert_eq!((&again.question, again.attempts), (&first, 2));
    assert!(
        !port
            .put_pieces(&turn, &[delta("late")])
            .await
            .expect("asked")
    );
    let answer = Message {
        answer: Some(Answer::of(Outcome::Answered, "text")),
        ..message(&one, 3, Role::Assistant)
    };
    let done = [Piece::Done { message: answer.id }];
    assert!(!port.end_turn(&turn, &answer, &done).await.expect("asked"));
    assert!(port.end_turn(&again, &answer, &done).await.expect("ended"));
    assert!(
        !port
            .end_turn(&again, &answer, &done)
            .await
            .expect("it has ended")
    );
    let messages = port
        .messages(one.workspace, one.id, &PageRequest::first(9))
        .await;
    let messages = messages.expect("read").items;
    assert_eq!(messages, [first, second.clone(), answer]);
    let next = claim(&stores, later).await.expect("the second");
    assert_eq!(next.question, second);
    assert_eq!(next.session.messages, 3);
}

pub async fn frames_are_numbered_and_read_after_a_number(stores: Stores) {
    let port = &stores.conversations;
    let one = session(1, 1, 10);
    port.open_session(&one).await.expect("opened");
    port.say(one.workspace, &message(&one, 1, Role::User), "t")
        .await
        .expect("said");
    assert_eq!(port.asked_at(one.workspace, one.id).await.expect("read"), 0);
    let turn = claim(&stores, now() + Duration::seconds(30))
        .await
        .expect("it waits");
    assert!(
        port.put_pieces(&turn, &[delta("a"), delta("b")])
            .await
            .expect("put")
    );
    let answer = message(&one, 2, Role::Assistant);
    let done = Piece::Done { message: answer.id };
    let ended = port
        .end_turn(&turn, &answer, std::slice::from_ref(&done))
        .await;
    assert!(ended.expect("ended"));
    let expected: Vec<Frame> = (1_i64..)
        .zip([delta("a"), delta("b"), done])
        .map(|(no, piece)| Frame { no, piece })
        .collect();
    assert_eq!(frames(&stores, one.workspace, &one, 0).await, expected);
    assert_eq!(frames(&stores, one.workspace, &one, 2).await, expected[2..]);
    let two = port
        .frames(one.workspace, one.id, 0, 2)
        .await
        .expect("read");
    assert_eq!(two, expected[..2]);
    port.say(one.workspace, &message(&one, 3, Role::User), "t")
        .await
        .expect("said");
    assert_eq!(port.asked_at(one.workspace, one.id).await.expect("read"), 3);
}

pub async fn of_many_workers_one_answers(stores: Stores) {
    let port = &stores.conversations;
    let one = session(1, 1, 10);
    port.open_session(&one).await.expect("opened");
    port.say(one.workspace, &message(&one, 1, Role::User), "t")
        .await
        .expect("said");
    let when = now() + Duration::seconds(30);
    let claims = race(|_| {
        let port = port.clone();
        async move { port.claim_turn(when, when + Duration::minutes(1)).await }
    });
    one_claims(&claims.await);
}

pub async fn an_answer_that_is_not_wanted_is_known_to_who_works_on_it(stores: Stores) {
    let port = &stores.conversations;
    let (one, other) = (session(1, 1, 10), session(1, 1, 11));
    let foreign = user(2, 1).workspace;
    for opened in [&one, &other] {
        port.open_session(opened).await.expect("opened");
    }
    let cancel = |workspace| port.cancel_turns(workspace, one.id);
    assert!(!cancel(one.workspace).await.expect("nothing waits"));
    port.say(one.workspace, &message(&one, 1, Role::User), "t")
        .await
        .expect("said");
    let then = now() + Duration::seconds(30);
    let turn = claim(&stores, then).await.expect("it waits");
    let later = then + Duration::minutes(5);
    let keep = || port.keep_turn(&turn, later);
    assert_eq!(keep().await.expect("kept"), Hold::Held);
    assert_eq!(
        claim(&stores, then + Duration::minutes(4)).await,
        None,
        "it is held for longer"
    );
    assert!(!cancel(foreign).await.expect("not theirs"));
    assert_eq!(keep().await.expect("kept"), Hold::Held);
    assert!(cancel(one.workspace).await.expect("cancelled"));
    assert!(!cancel(one.workspace).await.expect("it is already"));
    assert_eq!(keep().await.expect("kept"), Hold::Cancelled);
    assert!(
        port.put_pieces(&turn, &[delta("a")]).await.expect("put"),
        "whoever works on it says so"
    );
    let again = claim(&stores, later + Duration::minutes(1))
        .await
        .expect("who held it died");
    assert_eq!(keep().await.expect("asked"), Hold::Lost);
    let kept = port.keep_turn(&again, later + Duration::minutes(9)).await;
    assert_eq!(kept.expect("kept"), Hold::Cancelled);
    let answer = message(&one, 2, Role::Assistant);
    assert!(port.end_turn(&again, &answer, &[]).await.expect("ended"));
    let kept = port.keep_turn(&again, later + Duration::minutes(9)).await;
    assert_eq!(kept.expect("asked"), Hold::Lost, "it has ended");
    port.say(one.workspace, &message(&one, 3, Role::User), "t")
        .await
        .expect("said");
    let next = claim(&stores, later + Duration::hours(1)).await;
    let next = next.expect("a later question");
    let kept = port.keep_turn(&next, later + Duration::hours(2)).await;
    assert_eq!(kept.expect("kept"), Hold::Held);
}

pub async fn only_what_was_allowed_may_propose(stores: Stores) {
    let port = &stores.conversations;
    let one = session(1, 1, 10);
    port.open_session(&one).await.expect("opened");
    let (first, second) = (message(&one, 1, Role::User), message(&one, 2, Role::User));
    port.allow_proposals(one.id, second.id)
        .await
        .expect("allowed");
    for (question, may) in [(&first, false), (&second, true)] {
        port.say(one.workspace, question, "t").await.expect("said");
        let turn = claim(&stores, now() + Duration::minutes(1)).await;
        let turn = turn.expect("it waits");
        assert_eq!(&turn.question, question);
        assert_eq!(port.may_propose(&turn).await.expect("asked"), may);
        let answer = message(&one, question.id.0.as_u128() + 10, Role::Assistant);
        assert!(port.end_turn(&turn, &answer, &[]).await.expect("ended"));
        port.forget_session(user(2, 1).workspace, one.id)
            .await
            .expect("not theirs");
        assert_eq!(port.may_propose(&turn).await.expect("asked"), may);
        if may {
            port.forget_session(one.workspace, one.id)
                .await
                .expect("gone");
            assert!(!port.may_propose(&turn).await.expect("asked"));
        }
    }
}

pub async fn what_models_used_adds_up_by_person_and_day(stores: Stores) {
    let port = &stores.conversations;
    let (one, other) = (user(1, 1), user(1, 2));
    let day = now().date_naive();
    let next = day.succ_opt().expect("a day");
    let used = Spend {
        tokens: 10,
        estimated: 3,
        micros: 7,
    };
    let spent = |person: &domain::people::User, day| port.spent(person.workspace, person.id, day);
    assert_eq!(spent(&one, day).await.expect("read"), Spend::default());
    for more in [day, day, next] {
        port.spend(one.workspace, one.id, more, &used)
            .await
            .expect("added");
    }
    assert_eq!(spent(&one, day).await.expect("read"), used.and(used));
    assert_eq!(spent(&one, next).await.expect("read"), used);
    assert_eq!(spent(&other, day).await.expect("read"), Spend::default());
}

#[macro_export]
macro_rules! conversation_laws {
    ($make:ident) => {
        $crate::laws!(
            conversations,
            $make,
            [
                what_was_said_is_kept_in_its_order,
                sessions_are_found_by_what_stands_in_them,
                a_session_is_its_own_workspaces,
                a_question_is_answered_once_and_in_its_turn,
                frames_are_numbered_and_read_after_a_number,
                of_many_workers_one_answers,
                an_answer_that_is_not_wanted_is_known_to_who_works_on_it,
                only_what_was_allowed_may_propose,
                what_models_used_adds_up_by_person_and_day,
            ]
        );
    };
}
