//! What is fetched, what is refused, and how often it is asked for.

use crate::host::{Answer, Host};
use adapter_pictures::{PictureSettings, SupplierPictures};
use chrono::TimeDelta;
use ports::Kind;
use ports::pictures::{Picture, Pictures as _};
use std::sync::Arc;
use std::time::Duration;
use testkit::fakes::ManualClock;

struct Set {
    pictures: SupplierPictures,
    clock: ManualClock,
    _dir: tempfile::TempDir,
}

fn set(allowed: &[&str]) -> Set {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let dir = tempfile::tempdir().unwrap();
    let clock = ManualClock::at(chrono::DateTime::UNIX_EPOCH);
    let settings = PictureSettings {
        folder: dir.path().join("pictures"),
        allowed_hosts: allowed.iter().map(|h| (*h).to_owned()).collect(),
        timeout: Duration::from_secs(2),
        most_bytes: 200_000,
        most_kept: 10 << 20,
    };
    Set {
        pictures: SupplierPictures::new(&settings, Arc::new(clock.clone())).unwrap(),
        clock,
        _dir: dir,
    }
}

fn png(red: u8) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(60, 60, |x, y| {
        let shade = u8::try_from((x * 4 + y * 7) % 200).unwrap();
        image::Rgb([red, shade, 255 - shade])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

async fn refused(set: &Set, url: &str, kind: Kind) -> String {
    let failed = set.pictures.picture(url).await.expect_err(url);
    assert_eq!(failed.kind, kind, "{url}: {failed}");
    failed.detail
}

#[tokio::test]
async fn addresses_inside_a_network_are_not_spoken_to() {
    let host = Host::start(|_| Answer::ok(png(1))).await;
    let set = set(&[]);
    for url in [
        host.url("a.png").as_str(),
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.8/a.png",
        "http://[::1]/a.png",
        "http://[::ffff:127.0.0.1]/a.png",
        "http://0x7f000001/a.png",
        "http://2130706433/a.png",
        // Looked at once it is resolved.
        &format!("http://localhost:{}/a.png", host.port),
    ] {
        let why = refused(&set, url, Kind::Rejected).await;
        assert!(why.contains("SUPPLIER_IMAGE_ALLOWED_HOSTS"), "{url}: {why}");
    }
    for url in [
        "file:///etc/passwd",
        "ftp://cdn.example/a.png",
        "data:image/png;base64,AAAA",
        "javascript:alert(1)",
        "/a.png",
        "",
        "https://ada:secret@cdn.example/a.png",
    ] {
        refused(&set, url, Kind::Rejected).await;
    }
    assert_eq!(host.asked().len(), 0, "nothing was asked");
}

#[tokio::test]
async fn each_redirect_is_looked_at_and_few_are_followed() {
    let host = Host::start(|head| {
        let path = head.split(' ').nth(1).unwrap_or_default();
        match path {
            "/inside" => Answer::to("http://169.254.169.254/latest"),
            "/name" => Answer::to("http://localhost/a.png"),
            "/file" => Answer::to("file:///etc/passwd"),
            "/here" => Answer::to("/a.png"),
            "/circle" => Answer::to("/circle"),
            "/nowhere" => Answer {
                status: "302 Found",
                ..Answer::default()
            },
            _ => Answer::ok(png(1)),
        }
    })
    .await;
    let set = set(&["127.0.0.1"]);
    for path in ["inside", "name", "file", "nowhere"] {
        refused(&set, &host.url(path), Kind::Rejected).await;
    }
    let before = host.asked().len();
    refused(&set, &host.url("circle"), Kind::Rejected).await;
    assert_eq!(host.asked().len() - before, 4, "the first, and three more");
    assert!(set.pictures.picture(&host.url("here")).await.is_ok());
}

#[tokio::test]
async fn what_is_no_picture_is_refused_whatever_it_says_it_is() {
    let host = Host::start(|head| {
        let path = head.split(' ').nth(1).unwrap_or_default();
        match path {
            "/html" => Answer::ok("<!doctype html><title>Sorry</title>"),
            "/svg" => Answer::ok("<svg xmlns='http://www.w3.org/2000/svg'/>"),
            "/large" => Answer::ok(vec![0xff; 300_000]),
            "/lying" => Answer {
                says_length: Some(9_000_000_000),
                ..Answer::ok(png(1))
            },
            "/cut" => Answer {
                says_length: Some(100_000),
                ..Answer::ok(png(1))
            },
            "/gone" => Answer {
                status: "404 Not Found",
                ..Answer::default()
            },
            "/slow" => Answer {
                wait: Duration::from_secs(20),
                ..Answer::ok(png(1))
            },
            _ => Answer {
                status: "500 Oh",
                ..Answer::default()
            },
        }
    })
    .await;
    let set = set(&["127.0.0.1"]);
    for path in ["html", "svg", "large", "lying"] {
        refused(&set, &host.url(path), Kind::Rejected).await;
    }
    refused(&set, &host.url("gone"), Kind::NotFound).await;
    for path in ["slow", "cut", "broken"] {
        refused(&set, &host.url(path), Kind::Unavailable).await;
    }
}

#[tokio::test]
async fn a_picture_is_fetched_once_a_day_by_however_many_who_look() {
    let host = Host::start(|head| {
        let has = head.to_lowercase().contains("if-none-match: \"v1\"");
        let mut answer = Answer::ok(png(9));
        if has {
            answer.status = "304 Not Modified";
            answer.body.clear();
        }
        answer.headers.push_str("etag: \"v1\"\r\n");
        answer.wait = Duration::from_millis(30);
        answer
    })
    .await;
    let set = set(&["127.0.0.1"]);
    let url = host.url("a.png");
    let (one, other) = tokio::join!(set.pictures.picture(&url), set.pictures.picture(&url));
    let (one, other): (Picture, Picture) = (one.unwrap(), other.unwrap());
    assert_eq!((one.media_type, &one.mark), ("image/jpeg", &other.mark));
    assert_eq!(host.asked().len(), 1);
    set.clock.advance(TimeDelta::hours(23));
    set.pictures.picture(&url).await.unwrap();
    assert_eq!(host.asked().len(), 1);
    set.clock.advance(TimeDelta::hours(2));
    let again = set.pictures.picture(&url).await.unwrap();
    assert_eq!(again.mark, one.mark);
    assert_eq!(host.asked().len(), 2, "asked whether it changed");
    set.pictures.picture(&url).await.unwrap();
    assert_eq!(host.asked().len(), 2, "and believed for another day");
}

#[tokio::test]
async fn what_failed_is_not_asked_for_again_at_once_and_what_is_kept_stands_in() {
    use std::sync::atomic::{AtomicBool, Ordering};
    let down = Arc::new(AtomicBool::new(false));
    let is_down = Arc::clone(&down);
    let host = Host::start(move |head| {
        let missing = head.starts_with("GET /none");
        match (missing, is_down.load(Ordering::Relaxed)) {
            (true, _) => Answer {
                status: "404 Not Found",
                ..Answer::default()
            },
            (_, true) => Answer {
                status: "503 Busy",
                ..Answer::default()
            },
            _ => Answer::ok(png(3)),
        }
    })
    .await;
    let set = set(&["127.0.0.1"]);
    for _ in 0..3 {
        refused(&set, &host.url("none"), Kind::NotFound).await;
    }
    assert_eq!(host.asked().len(), 1);
    set.clock.advance(TimeDelta::hours(1));
    refused(&set, &host.url("none"), Kind::NotFound).await;
    assert_eq!(host.asked().len(), 2);
    let url = host.url("a.png");
    let seen = set.pictures.picture(&url).await.unwrap();
    down.store(true, Ordering::Relaxed);
    set.clock.advance(TimeDelta::hours(48));
    let kept = set.pictures.picture(&url).await.unwrap();
    assert_eq!(kept.mark, seen.mark);
    set.pictures.picture(&url).await.unwrap();
    assert_eq!(host.asked().len(), 4, "not by each who looks");
}
