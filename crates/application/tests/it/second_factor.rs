//! The second step of a sign-in under a clock that is moved by hand.

use crate::world::World;
use application::people::{
    CodeError, Entered, Origin, People, PeopleError, Principal, SignInError, SignedIn,
};
use chrono::Duration;
use domain::people::Role;
use ports::clock::Clock as _;
use secrecy::SecretString;
use totp_rs::Totp;

const EMAIL: &str = "ada@example.com";

fn password() -> SecretString {
    SecretString::from("correct horse battery")
}

struct Protected {
    world: World,
    people: People,
    who: Principal,
    totp: Totp,
    recovery: Vec<String>,
}

/// Somebody whose authenticator was confirmed just now.
async fn protected() -> Protected {
    let world = World::new().await;
    let people = People::new(world.ports.clone());
    let added = people.add_user(EMAIL, Role::Viewer, password(), None).await;
    added.unwrap();
    let Entered::SignedIn(session) = begin(&people).await.unwrap() else {
        panic!("nothing is enrolled yet");
    };
    let who = principal(&people, &session).await;
    let new = people.enrol_factor(&who, password()).await.unwrap();
    let totp = Totp::from_url(&new.uri).unwrap();
    assert_eq!(totp.secret().to_base32(), new.key);
    let code = totp.generate(seconds(&world)).to_string();
    let recovery = people.confirm_factor(&who, &code).await.unwrap();
    assert_eq!(recovery.len(), 10);
    Protected {
        world,
        people,
        who,
        totp,
        recovery,
    }
}

fn seconds(world: &World) -> u64 {
    u64::try_from(world.clock.now().timestamp()).unwrap()
}

async fn begin(people: &People) -> Result<Entered, SignInError> {
    let origin = Origin::default();
    people.sign_in(EMAIL, password(), None, &origin).await
}

async fn principal(people: &People, session: &SignedIn) -> Principal {
    let found = people.by_session(&session.session_secret, Origin::default());
    found.await.unwrap().unwrap()
}

impl Protected {
    /// The code that an authenticator shows after so many seconds.
    fn code(&self, after: i64) -> String {
        let at = seconds(&self.world).saturating_add_signed(after);
        self.totp.generate(at).to_string()
    }

    async fn pending(&self) -> String {
        match begin(&self.people).await.unwrap() {
            Entered::SecondStep(step) => step.secret,
            Entered::SignedIn(_) => panic!("the password alone let somebody in"),
        }
    }

    async fn finish(&self, pending: &str, code: &str) -> Result<SignedIn, CodeError> {
        let origin = Origin::default();
        self.people.finish_sign_in(pending, code, &origin).await
    }
}

#[tokio::test]
async fn a_code_is_accepted_once_and_for_a_step_either_way() {
    let p = protected().await;
    let pending = p.pending().await;
    let refused = p.finish(&pending, &p.code(0)).await;
    assert!(matches!(refused, Err(CodeError::Wrong)), "it confirmed");
    p.world.clock.advance(Duration::seconds(60));
    for wrong in [p.code(-60), p.code(60)] {
        let refused = p.finish(&pending, &wrong).await;
        assert!(matches!(refused, Err(CodeError::Wrong)), "too far away");
    }
    let spaced = format!(" {} {}", &p.code(-30)[..3], &p.code(-30)[3..]);
    let signed_in = p.finish(&pending, &spaced).await.unwrap();
    assert_eq!(signed_in.user.email.as_str(), EMAIL);
    let again = p.finish(&pending, &p.code(30)).await;
    assert!(matches!(again, Err(CodeError::Spent)), "it ended");
    let next = p.pending().await;
    let replayed = p.finish(&next, &p.code(-30)).await;
    assert!(matches!(replayed, Err(CodeError::Wrong)));
    p.finish(&next, &p.code(30)).await.unwrap();
    // The code of now is older than one that was accepted.
    let origin = Origin::default();
    let stale = p.code(0);
    let at_once = p.people.sign_in(EMAIL, password(), Some(&stale), &origin);
    let refused = at_once.await;
    assert!(matches!(refused, Err(SignInError::Code(CodeError::Wrong))));
}

#[tokio::test]
async fn who_guesses_waits_and_a_recovery_code_does_not() {
    let p = protected().await;
    p.world.clock.advance(Duration::seconds(60));
    let pending = p.pending().await;
    for _ in 0..5 {
        let refused = p.finish(&pending, "000000").await;
        assert!(matches!(refused, Err(CodeError::Wrong)));
    }
    for _ in 0..20 {
        let refused = p.finish(&pending, &p.code(0)).await;
        assert!(
            matches!(refused, Err(CodeError::Wait(30))),
            "not even the right one"
        );
    }
    p.world.clock.advance(Duration::seconds(30));
    let refused = p.finish(&pending, "000000").await;
    assert!(matches!(refused, Err(CodeError::Wrong)));
    let refused = p.finish(&pending, &p.code(0)).await;
    assert!(matches!(refused, Err(CodeError::Wait(60))));
    let typed = p.recovery[0].to_lowercase().replace('-', " ");
    p.finish(&pending, &typed).await.unwrap();
    let next = p.pending().await;
    let twice = p.finish(&next, &p.recovery[0]).await;
    assert!(matches!(twice, Err(CodeError::Wrong)));
    // The recovery code forgot the tries.
    p.finish(&next, &p.code(0)).await.unwrap();
    let left = p.people.second_factor(&p.who).await.unwrap();
    assert_eq!(left.recovery_codes_left, 9);
}

#[tokio::test]
async fn a_pending_sign_in_is_no_session_and_does_not_last() {
    let p = protected().await;
    let pending = p.pending().await;
    let as_session = p.people.by_session(&pending, Origin::default()).await;
    assert!(as_session.unwrap().is_none());
    p.world.clock.advance(Duration::minutes(5));
    let late = p.finish(&pending, &p.code(0)).await;
    assert!(matches!(late, Err(CodeError::Spent)));
    let unknown = p.finish("never given", &p.code(0)).await;
    assert!(matches!(unknown, Err(CodeError::Spent)));
}

#[tokio::test]
async fn a_reset_of_the_password_still_asks_for_the_code() {
    let p = protected().await;
    let link = p.people.reset_link_by_email(EMAIL).await.unwrap();
    let new = SecretString::from("a new and quiet sentence");
    let origin = Origin::default();
    let accepted = p.people.accept(&link.secret, new, &origin);
    let entered = accepted.await.unwrap();
    assert!(matches!(entered, Entered::SecondStep(_)));
}

#[tokio::test]
async fn it_goes_with_password_and_code_or_by_an_admin() {
    let p = protected().await;
    p.world.clock.advance(Duration::seconds(60));
    let wrong = SecretString::from("wrong horse battery");
    let refused = p.people.remove_factor(&p.who, wrong, &p.code(0)).await;
    assert!(matches!(refused, Err(PeopleError::WrongPassword)));
    let refused = p.people.remove_factor(&p.who, password(), "123456").await;
    assert!(matches!(refused, Err(PeopleError::Code(CodeError::Wrong))));
    let again = p.people.enrol_factor(&p.who, password()).await;
    assert!(matches!(again, Err(PeopleError::HasFactor)));
    let code = p.code(0);
    let renewed = p.people.renew_recovery_codes(&p.who, password(), &code);
    let renewed = renewed.await.unwrap();
    let pending = p.pending().await;
    let old = p.finish(&pending, &p.recovery[5]).await;
    assert!(matches!(old, Err(CodeError::Wrong)));
    let removed = p
        .people
        .remove_factor(&p.who, password(), &renewed[0])
        .await;
    removed.unwrap();
    let spent = p.finish(&pending, &renewed[1]).await;
    assert!(matches!(spent, Err(CodeError::Spent)));
    assert!(matches!(
        begin(&p.people).await.unwrap(),
        Entered::SignedIn(_)
    ));
    let nothing = p.people.reset_factor_by_email(EMAIL).await;
    assert!(matches!(nothing, Err(PeopleError::NoFactor)));
    let secrets = p.world.ports.vault.list(p.who.workspace.id).await.unwrap();
    assert!(secrets.is_empty(), "its key went with it: {secrets:?}");
}
