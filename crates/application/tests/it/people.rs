use crate::world::World;
use application::people::{Entered, Origin, People, SetUpError, SignInError, TokenError, Via};
use application::{PortSet, Ports};
use domain::people::Role;
use secrecy::SecretString;
use testkit::Stores;

const PASSWORD: &str = "correct horse battery";

fn password() -> SecretString {
    SecretString::from(PASSWORD)
}

/// An installation that nobody owns yet.
async fn fresh() -> (World, People) {
    let mut world = World::new().await;
    let stores = Stores::fake();
    world.ports = Ports::from(PortSet {
        accounts: stores.accounts,
        credentials: stores.credentials,
        members: stores.members,
        links: stores.links,
        grants: stores.grants,
        audit: stores.audit,
        second_factors: stores.second_factors,
        passkeys: stores.passkeys,
        letters: stores.letters,
        ..PortSet::clone(&world.ports)
    });
    let people = People::new(world.ports.clone());
    (world, people)
}

#[tokio::test]
async fn the_first_owner_needs_the_code_of_the_last_start() {
    let (_world, people) = fresh().await;
    let old = people.ensure_setup_code().await.unwrap().unwrap();
    let code = people.ensure_setup_code().await.unwrap().unwrap();
    for wrong in [old.as_str(), "", "AAAA-AAAA-AAAA"] {
        let refused = people
            .set_up(
                wrong,
                "ada@example.com",
                password(),
                None,
                &Origin::default(),
            )
            .await;
        assert!(matches!(refused, Err(SetUpError::WrongCode)));
    }
    let typed = code.to_lowercase().replace('-', " ");
    let signed_in = people
        .set_up(
            &typed,
            "Ada@Example.com",
            password(),
            Some("Acme"),
            &Origin::default(),
        )
        .await
        .unwrap();
    assert_eq!(
        (signed_in.user.role, signed_in.workspace.name.as_str()),
        (Role::Owner, "Acme")
    );
    let again = people
        .set_up(
            &code,
            "eve@example.com",
            password(),
            None,
            &Origin::default(),
        )
        .await;
    assert!(matches!(again, Err(SetUpError::AlreadyDone)));
    assert_eq!(people.ensure_setup_code().await.unwrap(), None);
}

#[tokio::test]
async fn a_weak_password_or_a_bad_address_does_not_spend_the_code() {
    let (_world, people) = fresh().await;
    let code = people.ensure_setup_code().await.unwrap().unwrap();
    let weak = people
        .set_up(
            &code,
            "ada@example.com",
            SecretString::from("short"),
            None,
            &Origin::default(),
        )
        .await;
    assert!(matches!(weak, Err(SetUpError::Password(_))));
    let bad = people
        .set_up(&code, "ada", password(), None, &Origin::default())
        .await;
    assert!(matches!(bad, Err(SetUpError::Email(_))));
    assert!(
        people
            .set_up(
                &code,
                "ada@example.com",
                password(),
                None,
                &Origin::default()
            )
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn sessions_end_by_sign_out_by_idleness_and_by_age() {
    let (world, people) = fresh().await;
    people
        .add_user("ada@example.com", Role::Viewer, password(), None)
        .await
        .unwrap();
    let sign_in = async || {
        let origin = Origin::default();
        let entered = people.sign_in("ada@example.com", password(), None, &origin);
        match entered.await.unwrap() {
            Entered::SignedIn(signed_in) => signed_in.session_secret,
            Entered::SecondStep(_) => panic!("nobody enrolled"),
        }
    };
    let valid = async |secret: &str| {
        people
            .by_session(secret, Origin::default())
            .await
            .unwrap()
            .is_some()
    };

    let session = sign_in().await;
    assert!(valid(&session).await);
    let who = people.by_session(&session, Origin::default()).await;
    people.sign_out(&who.unwrap().unwrap()).await.unwrap();
    assert!(!valid(&session).await);

    let idle = sign_in().await;
    world.clock.advance(chrono::Duration::days(8));
    assert!(!valid(&idle).await);

    let used = sign_in().await;
    for _ in 0..4 {
        world.clock.advance(chrono::Duration::days(6));
        assert!(valid(&used).await);
    }
    world.clock.advance(chrono::Duration::days(7));
    assert!(!valid(&used).await, "thirty days are the end");
}

#[tokio::test]
async fn unknown_people_and_wrong_passwords_are_refused_alike() {
    let (_world, people) = fresh().await;
    people
        .add_user("ada@example.com", Role::Owner, password(), None)
        .await
        .unwrap();
    for (email, password) in [
        ("ada@example.com", "wrong"),
        ("eve@example.com", PASSWORD),
        ("not an address", PASSWORD),
    ] {
        let refused = people
            .sign_in(
                email,
                SecretString::from(password),
                None,
                &Origin::default(),
            )
            .await;
        assert!(matches!(refused, Err(SignInError::Refused)), "{email}");
    }
}

#[tokio::test]
async fn scripts_make_the_owner_and_tokens_without_a_browser() {
    let (world, people) = fresh().await;
    let (owner, workspace) = people
        .add_user("ada@example.com", Role::Viewer, password(), Some("Acme"))
        .await
        .unwrap();
    assert_eq!((owner.role, workspace.name.as_str()), (Role::Owner, "Acme"));
    let (second, _) = people
        .add_user("bob@example.com", Role::Viewer, password(), None)
        .await
        .unwrap();
    assert_eq!(
        (second.role, second.workspace),
        (Role::Viewer, owner.workspace)
    );
    let taken = people
        .add_user("BOB@example.com", Role::Admin, password(), None)
        .await;
    assert!(matches!(taken, Err(SetUpError::EmailTaken)));

    let hour = chrono::Duration::hours(1);
    let (token, _) = people
        .create_token(
            "bob@example.com",
            "ci",
            vec!["reports:read".into()],
            Some(hour),
        )
        .await
        .unwrap();
    let principal = people
        .by_token(&token, Origin::default())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(principal.user, second);
    assert!(
        matches!(&principal.via, Via::Token { scopes, .. } if scopes == &["reports:read"]),
        "{principal:?}"
    );
    world.clock.advance(hour + chrono::Duration::seconds(1));
    assert_eq!(
        people.by_token(&token, Origin::default()).await.unwrap(),
        None
    );
    let nobody = people
        .create_token("eve@example.com", "ci", vec![], None)
        .await;
    assert!(matches!(nobody, Err(TokenError::UnknownUser(_))));
}
