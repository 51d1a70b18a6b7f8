//! A large file arrives whole or not at all.

use std::time::Duration;

use adapter_kit::{HttpClient, Registry, Request, Settings, StartAt, Url};
use ports::{Kind, PortResult};

use crate::provider::{Act, Provider, Seen, answer, head};

const ETAG: (&str, &str) = ("etag", "\"v1\"");

fn file() -> Vec<u8> {
    (0..40)
        .flat_map(|i| format!("{{\"line\":{i}}}\n").into_bytes())
        .collect()
}

fn start_of(seen: &Seen) -> usize {
    seen.headers
        .get("range")
        .map_or(0, |r| r["bytes=".len()..r.len() - 1].parse().unwrap())
}

/// Serves the rest of the file from where it is asked, and breaks off after `piece` bytes.
fn cut_after(piece: usize) -> impl Fn(&Seen) -> Vec<Act> {
    move |seen| {
        let (file, from) = (file(), start_of(seen));
        let range = format!("bytes {from}-{}/{}", file.len() - 1, file.len());
        let status = if from == 0 { 200 } else { 206 };
        let headers: &[_] = if from == 0 {
            &[ETAG]
        } else {
            &[ETAG, ("content-range", &range)]
        };
        let rest = &file[from..];
        vec![
            Act::Send(head(status, headers, rest.len())),
            Act::Send(rest[..piece.min(rest.len())].to_vec()),
        ]
    }
}

async fn whole(client: &HttpClient, url: &Url, start: StartAt) -> PortResult<Vec<u8>> {
    let mut download = client
        .download(Request::get_url("file.read", url.clone()), start)
        .await?;
    let mut all = Vec::new();
    while let Some(piece) = download.next().await? {
        all.extend_from_slice(&piece);
    }
    assert_eq!(download.total(), Some(download.position()));
    Ok(all)
}

/// Without a circuit, which would otherwise stop a file that is cut ten times.
fn patient(provider: &Provider) -> HttpClient {
    let mut settings = Settings::default();
    settings.breaker.failure_threshold = u32::MAX;
    settings.breaker.min_outcomes = usize::MAX;
    provider.client(&Registry::new(settings))
}

#[tokio::test(start_paused = true)]
async fn a_file_cut_anywhere_is_resumed_to_the_byte() {
    for piece in [1, 7, 13, 14, 100, file().len() - 1, file().len()] {
        let provider = Provider::start(cut_after(piece)).await;
        let bytes = whole(&patient(&provider), &provider.url, StartAt::default())
            .await
            .unwrap();
        assert!(bytes == file(), "cut every {piece} bytes");
        let seen = provider.seen();
        assert_eq!(seen.len(), file().len().div_ceil(piece));
        assert!(
            seen.iter()
                .all(|s| s.headers["accept-encoding"] == "identity")
        );
        assert!(seen[1..].iter().all(|s| s.headers["if-range"] == "\"v1\""));
    }
}

#[tokio::test(start_paused = true)]
async fn lines_are_whole_wherever_it_is_cut() {
    for piece in [1, 5, 12, 13, 64, 1_000_000] {
        let provider = Provider::start(cut_after(piece)).await;
        let request = Request::get_url("file.read", provider.url.clone());
        let mut lines = patient(&provider)
            .download(request, StartAt::default())
            .await
            .unwrap()
            .lines();
        let (mut read, mut at) = (Vec::new(), 0);
        while let Some(line) = lines.next().await.unwrap() {
            at += line.len() as u64 + 1;
            assert_eq!(lines.position(), at);
            read.push(String::from_utf8(line.to_vec()).unwrap());
        }
        let expected: Vec<_> = (0..40).map(|i| format!("{{\"line\":{i}}}")).collect();
        assert_eq!(read, expected, "cut every {piece} bytes");
    }
}

#[tokio::test(start_paused = true)]
async fn another_process_goes_on_after_the_last_whole_line() {
    let provider = Provider::start(cut_after(1_000_000)).await;
    let client = patient(&provider);
    let request = || Request::get_url("file.read", provider.url.clone());
    let mut lines = client
        .download(request(), StartAt::default())
        .await
        .unwrap()
        .lines();
    for _ in 0..17 {
        lines.next().await.unwrap();
    }
    let start = StartAt {
        position: lines.position(),
        validator: lines.validator().map(str::to_owned),
    };
    drop(lines);
    let rest = whole(&client, &provider.url, start.clone()).await.unwrap();
    assert!(rest.starts_with(b"{\"line\":17}\n") && file().ends_with(&rest));

    let changed = StartAt {
        validator: Some("\"v0\"".to_owned()),
        ..start
    };
    let error = whole(&client, &provider.url, changed).await.unwrap_err();
    assert_eq!(error.kind, Kind::Corrupt);
    assert!(
        error.detail.contains("another version of the file"),
        "{}",
        error.detail
    );
}

#[tokio::test(start_paused = true)]
async fn nothing_is_left_when_the_file_was_read_to_its_end() {
    let provider = Provider::start(|_| answer(416, &[("content-range", "bytes */430")], "")).await;
    let start = StartAt {
        position: 430,
        validator: None,
    };
    assert_eq!(
        whole(&patient(&provider), &provider.url, start)
            .await
            .unwrap(),
        b""
    );
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_resumed_for_sure_is_corrupt() {
    let cut = || cut_after(100)(&seen_first());
    let answers: [(&str, Vec<Act>, &str); 6] = [
        (
            "range ignored",
            cut(),
            "cannot go on where the download stopped",
        ),
        (
            "another version",
            answer(
                206,
                &[("etag", "\"v2\""), ("content-range", "bytes 100-429/430")],
                "x",
            ),
            "another version",
        ),
        (
            "another part",
            answer(206, &[ETAG, ("content-range", "bytes 90-429/430")], "x"),
            "another part",
        ),
        (
            "another length",
            answer(206, &[ETAG, ("content-range", "bytes 100-999/1000")], "x"),
            "another length",
        ),
        ("no part named", answer(206, &[ETAG], "x"), "another part"),
        (
            "packed",
            answer(
                206,
                &[
                    ETAG,
                    ("content-encoding", "br"),
                    ("content-range", "bytes 100-429/430"),
                ],
                "x",
            ),
            "packed",
        ),
    ];
    for (name, second, words) in answers {
        let first = cut();
        let provider = Provider::start(move |seen| {
            if seen.number == 1 {
                first.clone()
            } else {
                second.clone()
            }
        })
        .await;
        let error = whole(&patient(&provider), &provider.url, StartAt::default())
            .await
            .unwrap_err();
        assert_eq!(error.kind, Kind::Corrupt, "{name}: {error}");
        assert!(error.detail.contains(words), "{name}: {}", error.detail);
        assert!(error.is_transient(), "{name}: it may be begun again");
    }
}

fn seen_first() -> Seen {
    let now = tokio::time::Instant::now();
    Seen {
        number: 1,
        at: now,
        method: String::new(),
        target: String::new(),
        headers: [].into(),
        body: vec![],
    }
}

#[tokio::test(start_paused = true)]
async fn a_cut_file_of_unknown_length_is_corrupt() {
    let chunked =
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n5\r\nhello\r\n"
            .to_vec();
    let provider = Provider::start(move |_| vec![Act::Send(chunked.clone())]).await;
    let error = whole(&patient(&provider), &provider.url, StartAt::default())
        .await
        .unwrap_err();
    assert_eq!((error.kind, provider.calls()), (Kind::Corrupt, 1));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_makes_no_progress_is_given_up() {
    let provider = Provider::start(|seen| {
        let (from, length) = (start_of(seen), file().len());
        let range = format!("bytes {from}-{}/{length}", length - 1);
        match from {
            0 => vec![
                Act::Send(head(200, &[ETAG], length)),
                Act::Send(b"{".to_vec()),
            ],
            _ => vec![
                Act::Send(head(206, &[ETAG, ("content-range", &range)], length - from)),
                Act::Stall,
            ],
        }
    })
    .await;
    let error = whole(&patient(&provider), &provider.url, StartAt::default())
        .await
        .unwrap_err();
    assert_eq!((error.kind, provider.calls()), (Kind::Corrupt, 3));
    assert!(error.detail.contains("again and again"), "{}", error.detail);
}

#[tokio::test(start_paused = true)]
async fn a_file_that_is_not_there_is_told_and_a_busy_server_waited_for() {
    let provider = Provider::start(|_| answer(404, &[], "")).await;
    let error = whole(&patient(&provider), &provider.url, StartAt::default())
        .await
        .unwrap_err();
    assert_eq!((error.kind, provider.calls()), (Kind::NotFound, 1));

    let busy = answer(503, &[("retry-after", "5")], "");
    let then = cut_after(1_000_000);
    let provider = Provider::start(move |seen| {
        if seen.number == 1 {
            busy.clone()
        } else {
            then(seen)
        }
    })
    .await;
    assert!(
        whole(&patient(&provider), &provider.url, StartAt::default())
            .await
            .unwrap()
            == file()
    );
    let seen = provider.seen();
    assert!(seen[1].at - seen[0].at >= Duration::from_secs(5));
}

#[tokio::test(start_paused = true)]
async fn a_line_without_end_is_refused_before_it_fills_the_memory() {
    let provider = Provider::start(|_| answer(200, &[], "x".repeat(100_000))).await;
    let mut settings = Settings::default();
    settings.limits.max_line = 1_000;
    let client = provider.client(&Registry::new(settings));
    let request = Request::get_url("file.read", provider.url.clone());
    let mut lines = client
        .download(request, StartAt::default())
        .await
        .unwrap()
        .lines();
    assert_eq!(lines.next().await.unwrap_err().kind, Kind::Corrupt);
}
