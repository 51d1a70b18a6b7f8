use crate::receiver::{Answer, Got, Receiver};
use adapter_notify::{MessengerSettings, WebMessenger};
use domain::ids::DeliveryId;
use domain::notifications::{ChannelKind, Notice};
use ports::notify::{Message, Messenger as _, SendError, Target};
use ports::{Kind, Retry};
use secrecy::SecretString;
use std::time::{Duration, Instant};
use testkit::builders::{at, news, scope};

const SECRET: &str = "whsec_plJ3nmyCDGBKInavdOK15jsl";

fn messenger(allowed: &[&str]) -> WebMessenger {
    let _ = rustls::crypto::ring::default_provider().install_default();
    WebMessenger::new(&MessengerSettings {
        allowed_hosts: allowed.iter().map(|h| (*h).to_owned()).collect(),
        timeout: Duration::from_millis(500),
    })
    .unwrap()
}

fn notices(count: u32) -> Vec<Notice> {
    let of = |n| Notice::first(scope(1, 1).workspace, &news(n, 1));
    (1..=count).map(of).collect()
}

fn message(notices: &[Notice]) -> Message<'_> {
    Message {
        id: DeliveryId(uuid::Uuid::from_u128(7)),
        at: at("2026-02-01T12:00:00Z"),
        workspace: "Acme & <Sons>",
        public_url: Some("https://royal.example"),
        notices,
        digest: notices.len() > 1,
        test: notices.is_empty(),
    }
}

fn target(kind: ChannelKind, port: u16) -> Target {
    let url = format!("http://127.0.0.1:{port}/in/s3cret");
    match kind {
        ChannelKind::Slack => Target::Slack {
            url: SecretString::from(url),
        },
        ChannelKind::Webhook => Target::Webhook {
            url,
            secret: SecretString::from(SECRET),
        },
    }
}

async fn send(
    kind: ChannelKind,
    notices: &[Notice],
    answer: Answer,
) -> (Result<(), SendError>, Got) {
    let receiver = Receiver::start([answer]).await;
    let to = target(kind, receiver.port);
    let sent = messenger(&["127.0.0.1"]).send(&to, &message(notices)).await;
    (sent, receiver.got().pop().unwrap_or_default())
}

const OK: Answer = Answer::Say("200 OK", "", "ok");

#[tokio::test]
async fn a_signed_message_says_what_happened() {
    let (sent, got) = send(ChannelKind::Webhook, &notices(1), OK).await;
    sent.unwrap();
    assert!(
        got.head.starts_with("POST /in/s3cret HTTP/1.1"),
        "{}",
        got.head
    );
    assert_eq!(got.header("content-type"), "application/json");
    assert_eq!(
        got.header("webhook-id"),
        "00000000-0000-0000-0000-000000000007"
    );
    assert_eq!(got.header("webhook-timestamp"), "1769947200");
    assert!(got.header("webhook-signature").starts_with("v1,"));
    let body: serde_json::Value = serde_json::from_str(&got.body).unwrap();
    assert_eq!(
        (body["type"].as_str(), body["version"].as_i64()),
        (Some("notice"), Some(1))
    );
    let told = &body["data"]["notices"][0];
    assert_eq!(told["kind"], "sync_failed");
    assert_eq!(
        told["url"],
        "https://royal.example/command-center/connections"
    );
    assert_eq!(told["facts"][0]["value"], "it does not answer");
}

#[tokio::test]
async fn a_plain_message_is_text_and_blocks_without_markup_of_others() {
    let (sent, got) = send(ChannelKind::Slack, &notices(30), OK).await;
    sent.unwrap();
    assert_eq!(got.header("webhook-signature"), "");
    let body: serde_json::Value = serde_json::from_str(&got.body).unwrap();
    assert_eq!(body["text"], "Acme &amp; &lt;Sons&gt;: 30 notices");
    let blocks = body["blocks"].as_array().unwrap();
    assert_eq!(blocks.len(), 22, "the headline, twenty, and how many more");
    let (sent, got) = send(ChannelKind::Slack, &[], OK).await;
    sent.unwrap();
    assert!(got.body.contains("A test from Acme &amp;"), "{}", got.body);
}

#[tokio::test]
async fn answers_say_whether_to_try_again() {
    use ChannelKind::{Slack, Webhook};
    let say = |status, headers| Answer::Say(status, headers, "it says no");
    let soon = Retry::After(Duration::ZERO);
    let later = Retry::After(Duration::from_secs(7));
    let cases = [
        (
            Slack,
            say("429 Too Many Requests", "retry-after: 7\r\n"),
            later,
            false,
        ),
        (
            Webhook,
            say("503 Service Unavailable", "retry-after: 7\r\n"),
            later,
            false,
        ),
        (Webhook, say("500 Internal Server Error", ""), soon, false),
        (Slack, say("500 Internal Server Error", ""), soon, false),
        (Webhook, say("404 Not Found", ""), soon, false),
        (Webhook, say("410 Gone", ""), Retry::Never, true),
        (Slack, say("404 Not Found", ""), Retry::Never, true),
        (Slack, say("400 Bad Request", ""), Retry::Never, false),
        // It left, so it may have arrived.
        (Webhook, Answer::Cut, Retry::Reconcile, false),
        (
            Webhook,
            Answer::Slow(Duration::from_secs(5)),
            Retry::Reconcile,
            false,
        ),
    ];
    for (kind, answer, retry, gone) in cases {
        let began = Instant::now();
        let (sent, got) = send(kind, &notices(1), answer).await;
        let refused = sent.unwrap_err();
        let detail = &refused.error.detail;
        assert_eq!(
            (refused.error.retry, refused.gone),
            (retry, gone),
            "{detail}"
        );
        assert!(
            !detail.contains("s3cret"),
            "the address may be a secret: {detail}"
        );
        assert!(began.elapsed() < Duration::from_secs(2), "{detail}");
        assert!(!got.head.is_empty(), "it was sent");
    }
}

#[tokio::test]
async fn a_wait_is_never_longer_than_an_hour() {
    let answer = Answer::Say("429 Too Many Requests", "retry-after: 999999\r\n", "");
    let (sent, _) = send(ChannelKind::Slack, &notices(1), answer).await;
    let wait = Retry::After(Duration::from_secs(3600));
    assert_eq!(sent.unwrap_err().error.retry, wait);
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let other = Receiver::start([]).await;
    let location: &'static str =
        Box::leak(format!("location: http://127.0.0.1:{}/\r\n", other.port).into_boxed_str());
    for status in [
        "302 Found",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        let answer = Answer::Say(status, location, "");
        let (sent, _) = send(ChannelKind::Webhook, &notices(1), answer).await;
        let refused = sent.unwrap_err().error;
        assert_eq!(
            (refused.kind, refused.retry),
            (Kind::Rejected, Retry::Never)
        );
    }
    assert!(other.got().is_empty());
}

#[tokio::test]
async fn addresses_inside_a_network_are_not_spoken_to() {
    let receiver = Receiver::start([]).await;
    let messenger = messenger(&[]);
    let one = notices(1);
    for host in ["127.0.0.1", "localhost", "[::1]"] {
        let url = format!("https://{host}:{}/in", receiver.port);
        let to = Target::Webhook {
            url,
            secret: SecretString::from(SECRET),
        };
        let refused = messenger.send(&to, &message(&one)).await.unwrap_err().error;
        assert_eq!(
            (refused.kind, refused.retry),
            (Kind::Rejected, Retry::Never),
            "{host}"
        );
        assert!(refused.detail.contains("NOTIFY_ALLOWED_HOSTS"), "{refused}");
    }
    assert!(receiver.got().is_empty(), "not even connected");
}

#[tokio::test]
async fn what_is_shown_of_an_address_is_no_secret() {
    let messenger = messenger(&[]);
    let slack = "https://hooks.slack.com/services/T0/B0/s3cret";
    assert_eq!(
        messenger.check(ChannelKind::Slack, slack).unwrap(),
        "hooks.slack.com"
    );
    let own = "https://example.com/in";
    assert_eq!(messenger.check(ChannelKind::Webhook, own).unwrap(), own);
    let refused = messenger.check(ChannelKind::Slack, own).unwrap_err();
    assert_eq!(refused.kind, Kind::Rejected);
}
