//! Letters over a real connection to a relay that takes them, refuses them, keeps silent and hangs up.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use adapter_smtp::{Security, Smtp, SmtpSettings};
use domain::people::Email;
use ports::mail::{Letter, Mail as _};
use ports::{Kind, PortError, Retry};
use secrecy::SecretString;
use std::time::Duration;
use testkit::smtp::{Manner, SmtpServer};

fn letter() -> Letter {
    Letter {
        id: "0190b2f0".to_owned(),
        to: Email::parse("ada@example.com").unwrap(),
        subject: "Your invitation\r\nBcc: everybody@example.com".to_owned(),
        text: "Open https://royal.example/join#secret\n.\nand choose a password: äöü".to_owned(),
        html: "<p>Open <a href=\"https://royal.example/join#secret\">it</a></p>".to_owned(),
    }
}

fn settings(server: &SmtpServer) -> SmtpSettings {
    SmtpSettings {
        host: "127.0.0.1".to_owned(),
        port: server.port,
        security: Security::None,
        user: None,
        from: "Royal Equips <royal@shop.example>".to_owned(),
        reply_to: Some("help@shop.example".to_owned()),
        timeout: Duration::from_secs(2),
        hello: Some("royal.example".to_owned()),
    }
}

async fn send(settings: SmtpSettings, password: Option<&str>) -> Result<(), PortError> {
    let password = password.map(SecretString::from);
    let smtp = Smtp::new(settings).unwrap();
    smtp.send(&letter(), password.as_ref()).await
}

#[tokio::test]
async fn a_letter_arrives_whole_and_marked() {
    let server = SmtpServer::start(None).await;
    send(settings(&server), None).await.unwrap();
    let got = server.letter().await;
    for line in [
        "From: \"Royal Equips\" <royal@shop.example>",
        "To: ada@example.com",
        "Reply-To: help@shop.example",
        "Message-ID: <0190b2f0@shop.example>",
        "Auto-Submitted: auto-generated",
        "Subject: Your invitation",
    ] {
        assert!(got.contains(line), "{line}\n{got}");
    }
    assert!(got.contains("multipart/alternative") && got.contains("Date: "));
    assert!(!got.contains("\nBcc:"), "no header comes in by a subject");
    assert!(server.commands()[0].contains("royal.example"));
}

#[tokio::test]
async fn a_relay_that_asks_who_we_are_is_told() {
    let server = SmtpServer::start(Some(("royal", "s3cret"))).await;
    let known = SmtpSettings {
        user: Some("royal".to_owned()),
        ..settings(&server)
    };
    send(known.clone(), Some("s3cret")).await.unwrap();
    let wrong = send(known, Some("wrong")).await.unwrap_err();
    assert_eq!(wrong.kind, Kind::Unauthorized, "{wrong}");
    assert!(wrong.detail.contains("SMTP_PASSWORD"), "{wrong}");
    assert!(!wrong.detail.contains("wrong"), "{wrong}");
    let nobody = send(settings(&server), None).await.unwrap_err();
    assert_eq!(nobody.kind, Kind::Unauthorized, "{nobody}");
}

#[tokio::test]
async fn what_may_be_tried_again_is_told_apart() {
    let server = SmtpServer::start(None).await;
    let say = |line: &str| Manner::Say(line.to_owned());
    server.behave([
        say("451 4.7.1 come back later"),
        say("550 5.1.1 nobody of that name"),
        Manner::Silent,
        Manner::Cut,
    ]);
    let expected = [
        (Kind::Unavailable, Retry::After(Duration::from_secs(1))),
        (Kind::Rejected, Retry::Never),
        (Kind::Unavailable, Retry::Reconcile),
        (Kind::Unavailable, Retry::Reconcile),
    ];
    for (kind, retry) in expected {
        let error = send(settings(&server), None).await.unwrap_err();
        assert_eq!((error.kind, error.retry), (kind, retry), "{error}");
        assert!(error.detail.contains("127.0.0.1"), "{error}");
    }
    let port = server.port;
    drop(server);
    tokio::time::sleep(Duration::from_millis(50)).await;
    let gone = SmtpServer::start(None).await;
    let gone = SmtpSettings {
        port,
        ..settings(&gone)
    };
    let error = send(gone, None).await.unwrap_err();
    assert_eq!(error.retry, Retry::After(Duration::from_secs(1)), "{error}");
}

#[tokio::test]
async fn a_relay_without_tls_is_told_nothing_where_tls_is_asked_for() {
    let server = SmtpServer::start(Some(("royal", "s3cret"))).await;
    let careful = SmtpSettings {
        security: Security::StartTls,
        user: Some("royal".to_owned()),
        ..settings(&server)
    };
    let error = send(careful, Some("s3cret")).await.unwrap_err();
    assert_eq!(error.kind, Kind::Configuration, "{error}");
    assert!(server.letters().is_empty());
    let said = server.commands().join("\n");
    assert!(!said.contains("AUTH") && !said.contains("MAIL"), "{said}");
}

#[tokio::test]
async fn a_sender_that_is_no_address_is_refused_at_the_start() {
    let server = SmtpServer::start(None).await;
    let wrong = SmtpSettings {
        from: "Royal".to_owned(),
        ..settings(&server)
    };
    let error = Smtp::new(wrong).err().unwrap();
    assert_eq!(error.kind, Kind::Configuration);
    assert!(error.detail.contains("SMTP_FROM"), "{error}");
}
