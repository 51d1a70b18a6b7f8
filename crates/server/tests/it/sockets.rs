//! The stream over real WebSockets, by a client of its own.

use crate::support::{Client, TestServer, server, until};
use domain::people::Role;
use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

async fn open(
    server: &TestServer,
    client: &Client,
    query: &str,
    more: &[(&'static str, &str)],
) -> Result<Socket, u16> {
    let url = server.running.url().replacen("http", "ws", 1);
    let mut request = format!("{url}/v1/ws{query}").into_client_request().unwrap();
    let cookie = client.cookie.as_deref().map(|c| ("cookie", c.to_owned()));
    let token = client
        .token
        .as_deref()
        .map(|t| ("authorization", format!("Bearer {t}")));
    let more = more.iter().map(|(k, v)| (*k, (*v).to_owned()));
    for (name, value) in cookie.into_iter().chain(token).chain(more) {
        request.headers_mut().insert(name, value.parse().unwrap());
    }
    match connect_async(request).await {
        Ok((socket, _)) => Ok(socket),
        Err(Error::Http(answer)) => Err(answer.status().as_u16()),
        Err(error) => panic!("{error}"),
    }
}

async fn publish(
    server: &TestServer,
    owner: &Client,
    numbers: std::ops::Range<u64>,
    padding: usize,
) {
    let me = owner.read("/v1/auth/me").await;
    let workspace = me["workspace"]["id"].as_str().unwrap().parse().unwrap();
    let hub = &server.running.composed().events;
    for n in numbers {
        let data = json!({ "n": n, "padding": "x".repeat(padding) });
        let told = hub.publish(workspace, "report.changed", ("report", n.to_string()), data);
        told.await.unwrap();
    }
}

async fn next(socket: &mut Socket) -> Message {
    let next = tokio::time::timeout(Duration::from_secs(60), socket.next());
    next.await
        .expect("a message in time")
        .expect("a message")
        .unwrap()
}

/// The next event.
async fn event(socket: &mut Socket) -> Value {
    loop {
        if let Message::Text(text) = next(socket).await {
            return serde_json::from_str(&text).unwrap();
        }
    }
}

async fn closed(socket: &mut Socket) -> CloseCode {
    loop {
        if let Message::Close(reason) = next(socket).await {
            return reason.unwrap().code;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn events_come_as_they_happen_and_go_on_where_they_broke_off() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    let mut socket = open(&server, &owner, "", &[]).await.unwrap();
    publish(&server, &owner, 0..3, 0).await;
    let mut last = 0;
    for n in 0..3 {
        let event = event(&mut socket).await;
        assert_eq!(event["data"]["n"], n);
        assert_eq!(
            (&event["type"], &event["entity"]["kind"]),
            (&json!("report.changed"), &json!("report"))
        );
        assert!(event["at"].is_string());
        let id = event["id"].as_i64().unwrap();
        assert!(id > last);
        last = id;
    }
    drop(socket);
    publish(&server, &owner, 3..6, 0).await;
    let query = format!("?last_event_id={last}");
    let mut socket = open(&server, &owner, &query, &[]).await.unwrap();
    // The same events as over HTTP, under the same numbers.
    let mut stream = owner.get(&format!("/v1/stream{query}")).await;
    let mut text = String::new();
    for n in 3..6 {
        let event = event(&mut socket).await;
        assert_eq!(event["data"]["n"], n);
        let frame = format!("id: {}\n", event["id"]);
        while !text.contains(&frame) {
            text += std::str::from_utf8(&stream.chunk().await.unwrap().unwrap()).unwrap();
        }
    }
    assert_eq!(
        open(&server, &owner, "?last_event_id=abc", &[]).await.err(),
        Some(400)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_may_and_only_our_own_pages() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    assert_eq!(
        open(&server, &server.anybody(), "", &[]).await.err(),
        Some(401)
    );
    let elsewhere = ("origin", "https://evil.example");
    assert_eq!(
        open(&server, &owner, "", &[elsewhere]).await.err(),
        Some(403)
    );
    let cross_site = ("sec-fetch-site", "cross-site");
    assert_eq!(
        open(&server, &owner, "", &[cross_site]).await.err(),
        Some(403)
    );
    let own = ("origin", server.running.url());
    assert!(open(&server, &owner, "", &[own]).await.is_ok());
    // A token is known to nobody but its script.
    let script = server.script(Role::Viewer).await;
    assert!(open(&server, &script, "", &[elsewhere]).await.is_ok());
    let other_scope = server.script_with(Role::Viewer, &["reports:read"]).await;
    assert_eq!(open(&server, &other_scope, "", &[]).await.err(), Some(403));
    // No socket was asked for.
    let plain = owner.get("/v1/ws").await;
    assert_eq!(plain.status(), 426);
    assert_eq!(plain.headers()["content-type"], "application/problem+json");
}

#[tokio::test(flavor = "multi_thread")]
async fn sockets_and_streams_share_the_places_of_a_user() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    let (mut sockets, mut streams) = (Vec::new(), Vec::new());
    for _ in 0..32 {
        sockets.push(open(&server, &owner, "", &[]).await.unwrap());
        streams.push(owner.get("/v1/stream").await);
    }
    assert_eq!(open(&server, &owner, "", &[]).await.err(), Some(429));
    let mut gone = sockets.pop().unwrap();
    gone.close(None).await.unwrap();
    until(|| async { open(&server, &owner, "", &[]).await.ok() }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pings_are_answered_and_talk_is_not_listened_to() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    let mut socket = open(&server, &owner, "", &[]).await.unwrap();
    socket
        .send(Message::Ping("are you there".into()))
        .await
        .unwrap();
    assert_eq!(
        next(&mut socket).await,
        Message::Pong("are you there".into())
    );
    socket
        .send(Message::text("{\"op\":\"subscribe\"}"))
        .await
        .unwrap();
    assert_eq!(closed(&mut socket).await, CloseCode::Unsupported);
    let mut socket = open(&server, &owner, "", &[]).await.unwrap();
    socket
        .send(Message::text("x".repeat(10_000)))
        .await
        .unwrap();
    assert_eq!(closed(&mut socket).await, CloseCode::Protocol);
}

/// A client that takes nothing is let go, and holds nobody else up.
#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_does_not_read_is_given_up() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    let mut slow = Vec::new();
    for _ in 0..64 {
        slow.push(
            open(&server, &owner, "?last_event_id=0", &[])
                .await
                .unwrap(),
        );
    }
    assert_eq!(open(&server, &owner, "", &[]).await.err(), Some(429));
    // More than the buffers of both ends of a connection hold.
    publish(&server, &owner, 0..240, 60_000).await;
    let script = server.script(Role::Viewer).await;
    let mut quick = open(&server, &script, "?last_event_id=0", &[])
        .await
        .unwrap();
    for n in 0..240 {
        assert_eq!(event(&mut quick).await["data"]["n"], n);
    }
    until(|| async { open(&server, &owner, "", &[]).await.ok() }).await;
    drop(slow);
}

#[tokio::test(flavor = "multi_thread")]
async fn sockets_are_told_to_come_back_when_the_server_stops() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    let mut sockets = Vec::new();
    for _ in 0..20 {
        sockets.push(open(&server, &owner, "", &[]).await.unwrap());
    }
    let figures = owner.get("/metrics").await.text().await.unwrap();
    assert!(figures.contains("ws_streams "));
    let stopping = tokio::spawn(server.running.stop());
    for socket in &mut sockets {
        assert_eq!(closed(socket).await, CloseCode::Restart);
    }
    let stopped = tokio::time::timeout(Duration::from_secs(25), stopping);
    stopped.await.expect("in time").unwrap();
}
