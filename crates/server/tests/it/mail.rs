//! Invitations, reset links and forgotten passwords by mail, over a mail server of the tests.

use crate::support::{EMAIL, PASSWORD, TestServer, server};
use reqwest::StatusCode;
use secrecy::SecretString;
use serde_json::{Value, json};
use std::time::Duration;
use testkit::smtp::{Manner, SmtpServer};

async fn with_mail(relay: &SmtpServer, more: &[(&str, &str)]) -> TestServer {
    let port = relay.port.to_string();
    let mut settings = vec![
        ("SMTP_HOST", "127.0.0.1"),
        ("SMTP_PORT", port.as_str()),
        ("SMTP_TLS", "none"),
        ("SMTP_FROM", "Royal <royal@shop.example>"),
        ("SMTP_TIMEOUT", "1"),
    ];
    settings.extend(more);
    server(&settings).await
}

/// What stands behind `#` in a letter, whose lines may be broken.
fn secret(letter: &str) -> String {
    let whole = letter.replace("=\n", "");
    let (_, rest) = whole.split_once("/join#").unwrap();
    let fits = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    rest.chars().take_while(fits).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_goes_out_by_mail_and_is_not_shown() {
    let relay = SmtpServer::start(Some(("royal", "s3cret"))).await;
    let login = [("SMTP_USER", "royal"), ("SMTP_PASSWORD", "s3cret")];
    let server = with_mail(&relay, &login).await;
    let owner = server.owner().await;
    let wanted = json!({ "email": "bob@example.com", "role": "operator" });
    let answer = owner.post("/v1/invitations", &wanted).await;
    assert_eq!(answer.status(), 201);
    let link: Value = answer.json().await.unwrap();
    assert_eq!(link["mail"], "sent", "{link}");
    assert_eq!(link["url"], Value::Null, "whoever invites does not hold it");
    let letter = relay.letter().await;
    assert!(letter.contains("To: bob@example.com"), "{letter}");
    let accept = json!({ "link": secret(&letter), "password": "a new and quiet sentence" });
    let joined = server.anybody().post("/v1/auth/accept", &accept).await;
    assert_eq!(joined.status(), 201);
    let mail = owner.read("/v1/mail").await;
    assert_eq!(mail["last_failure"], Value::Null);
    let audit = owner.read("/v1/audit?action=mail").await.to_string();
    assert!(audit.contains("bob@example.com") && !audit.contains("s3cret"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_fails_is_told_and_the_link_is_shown() {
    let relay = SmtpServer::start(None).await;
    let server = with_mail(&relay, &[]).await;
    let owner = server.owner().await;
    relay.behave([Manner::Say("550 5.1.1 nobody of that name".to_owned())]);
    let wanted = json!({ "email": "bob@example.com", "role": "viewer" });
    let link: Value = owner
        .post("/v1/invitations", &wanted)
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(link["mail"], "failed", "{link}");
    assert!(link["mail_failure"].as_str().unwrap().contains("550"));
    assert!(link["url"].as_str().unwrap().contains("/join#"));
    let mail = owner.read("/v1/mail").await;
    assert_eq!(mail["last_failure"]["to"], "bob@example.com");
    let people = &server.running.composed().people;
    let password = SecretString::from(PASSWORD);
    let founded = people.found("Other", "eve@example.com", password).await;
    founded.unwrap();
    let body = json!({ "email": "eve@example.com", "password": PASSWORD });
    let mut eve = server.anybody();
    let response = eve.post("/v1/auth/login", &body).await;
    eve.signed_in(response).await;
    let theirs = eve.read("/v1/mail").await;
    assert_eq!(theirs["last_failure"], Value::Null, "another workspace's");
    let audit = owner.read("/v1/audit?action=mail&outcome=failed").await;
    assert_eq!(audit["entries"].as_array().unwrap().len(), 1, "{audit}");
    // A relay that is busy twice is asked again.
    let busy = || Manner::Say("451 4.7.1 come back later".to_owned());
    relay.behave([busy(), busy()]);
    let link: Value = owner
        .post("/v1/invitations", &wanted)
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(link["mail"], "sent", "{link}");
    let mail = owner.read("/v1/mail").await;
    assert_eq!(mail["last_failure"], Value::Null, "it works again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_the_relay_does_not_take_now_is_owed_and_its_secret_is_nowhere_in_the_clear()
{
    let relay = SmtpServer::start(None).await;
    let server = with_mail(&relay, &[]).await;
    let owner = server.owner().await;
    let busy = || Manner::Say("451 4.7.1 come back later".to_owned());
    relay.behave([busy(), busy(), busy()]);
    let wanted = json!({ "email": "bob@example.com", "role": "viewer" });
    let link: Value = owner
        .post("/v1/invitations", &wanted)
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(link["mail"], "later", "{link}");
    assert!(link["mail_failure"].as_str().unwrap().contains("451"));
    let (_, secret) = link["url"].as_str().unwrap().split_once('#').unwrap();
    let mail = owner.read("/v1/mail").await;
    assert_eq!(mail["last_failure"]["to"], "bob@example.com");
    let mut looked = 0;
    for entry in std::fs::read_dir(server.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            let found = bytes.windows(secret.len()).any(|w| w == secret.as_bytes());
            assert!(!found, "{}", path.display());
            looked += 1;
        }
    }
    assert!(looked > 1, "the database and its log");
    let accept = json!({ "link": secret, "password": "a new and quiet sentence" });
    let joined = server.anybody().post("/v1/auth/accept", &accept).await;
    assert_eq!(joined.status(), 201, "handed over meanwhile");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_is_set_by_a_letter_that_nobody_learns_of() {
    let relay = SmtpServer::start(None).await;
    let server = with_mail(&relay, &[]).await;
    server.owner().await;
    let methods = server.anybody().read("/v1/auth/methods").await;
    assert_eq!(methods["forgot_password"], true);
    let ask = async |email: &str| {
        let answer = server
            .anybody()
            .post("/v1/auth/forgot", &json!({ "email": email }))
            .await;
        let (status, headers) = (answer.status(), answer.headers().len());
        (status, headers, answer.text().await.unwrap())
    };
    let known = ask(EMAIL).await;
    assert_eq!(known.0, StatusCode::ACCEPTED);
    for unknown in ["nobody@example.com", "no address"] {
        assert_eq!(ask(unknown).await, known, "{unknown}");
    }
    let letter = relay.letter().await;
    assert_eq!(ask(EMAIL).await, known, "asked again at once");
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(ask(EMAIL).await, known, "asked right before it is set");
    let new = "a new and quiet sentence";
    let accept = json!({ "link": secret(&letter), "password": new });
    let done = server.anybody().post("/v1/auth/accept", &accept).await;
    assert_eq!(done.status(), 201);
    let sign_in = async |password: &str| {
        let body = json!({ "email": EMAIL, "password": password });
        server
            .anybody()
            .post("/v1/auth/login", &body)
            .await
            .status()
    };
    assert_eq!(sign_in(PASSWORD).await, 401);
    assert_eq!(sign_in(new).await, 200);
    // Longer than the worker's turn, which is a second.
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(relay.letters().len(), 1, "one letter for one person");
    for _ in 0..10 {
        ask("somebody@example.com").await;
    }
    assert_eq!(ask("somebody@example.com").await.0, 429);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_relay_links_are_shown_as_ever() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    let wanted = json!({ "email": "bob@example.com", "role": "viewer" });
    let link: Value = owner
        .post("/v1/invitations", &wanted)
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(link["mail"], "not_set_up");
    assert!(link["url"].as_str().unwrap().contains("/join#"));
    let body = json!({ "email": EMAIL });
    let refused = server.anybody().post("/v1/auth/forgot", &body).await;
    assert_eq!(refused.status(), 409);
    let methods = server.anybody().read("/v1/auth/methods").await;
    assert_eq!(methods["forgot_password"], false);
    assert_eq!(methods["elsewhere"], Value::Null);
}
