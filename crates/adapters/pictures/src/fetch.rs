//! One picture from wherever it is: redirects followed one by one, no more read than it may have.

use crate::{HOW_TO_ALLOW, error};
use adapter_kit::reach::{Hosts, Plain, is_inside};
use ports::{Kind, PortError, PortResult};
use reqwest::StatusCode;
use reqwest::header::{
    ACCEPT, ETAG, HeaderMap, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION,
};
use serde::{Deserialize, Serialize};
use url::Url;

const MOST_REDIRECTS: usize = 3;
const WANTED: &str = "image/webp,image/jpeg,image/png,image/gif;q=0.8";
/// Of what a host gives to ask with whether it changed.
const LONGEST_MARK: usize = 300;

/// What a host said of the picture that it sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Known {
    pub(crate) etag: Option<String>,
    pub(crate) modified: Option<String>,
}

pub(crate) enum Fetched {
    New {
        bytes: Vec<u8>,
        known: Known,
    },
    /// What is known of it still holds.
    Same,
}

pub(crate) fn parse(hosts: &Hosts, text: &str) -> PortResult<Url> {
    let parsed = hosts.parse(text, Plain::Everywhere);
    parsed.map_err(|why| error(Kind::Rejected, format!("the supplier's picture: {why}")))
}

/// Addresses stay out of what is said: a supplier may have put anything into them.
fn unanswered(failed: reqwest::Error) -> PortError {
    let failed = failed.without_url();
    if is_inside(&failed) {
        let detail = format!("the picture's host has an address inside a network: {HOW_TO_ALLOW}");
        return error(Kind::Rejected, detail);
    }
    let detail = if failed.is_timeout() {
        "the supplier's host did not answer in time"
    } else if failed.is_connect() {
        "the supplier's host cannot be reached"
    } else {
        "the supplier's host broke off"
    };
    error(Kind::Unavailable, detail).with_source(failed)
}

fn header(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let text = headers.get(name)?.to_str().ok()?;
    (text.len() <= LONGEST_MARK).then(|| text.to_owned())
}

fn refused(status: StatusCode) -> PortError {
    let detail = format!("the supplier's host answers {status}");
    match status {
        StatusCode::NOT_FOUND | StatusCode::GONE => error(Kind::NotFound, detail),
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => {
            error(Kind::Unavailable, detail)
        }
        status if status.is_client_error() => error(Kind::Rejected, detail),
        _ => error(Kind::Unavailable, detail),
    }
}

async fn read(mut answer: reqwest::Response, most: u64) -> PortResult<Vec<u8>> {
    let too_large = || {
        let detail = format!("the picture has more than {most} bytes");
        error(Kind::Rejected, detail)
    };
    if answer.content_length().is_some_and(|length| length > most) {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(unanswered)? {
        if (bytes.len() + chunk.len()) as u64 > most {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

pub(crate) async fn fetch(
    http: &reqwest::Client,
    hosts: &Hosts,
    mut url: Url,
    known: &Known,
    most: u64,
) -> PortResult<Fetched> {
    for _ in 0..=MOST_REDIRECTS {
        let mut request = http.get(url.clone()).header(ACCEPT, WANTED);
        if let Some(etag) = &known.etag {
            request = request.header(IF_NONE_MATCH, etag);
        } else if let Some(modified) = &known.modified {
            request = request.header(IF_MODIFIED_SINCE, modified);
        }
        let answer = request.send().await.map_err(unanswered)?;
        let status = answer.status();
        if status == StatusCode::NOT_MODIFIED && !known.is_empty() {
            return Ok(Fetched::Same);
        }
        if status.is_redirection() {
            url = target(hosts, &url, &answer)?;
            continue;
        }
        if status != StatusCode::OK {
            return Err(refused(status));
        }
        let known = Known {
            etag: header(answer.headers(), ETAG),
            modified: header(answer.headers(), LAST_MODIFIED),
        };
        let bytes = read(answer, most).await?;
        return Ok(Fetched::New { bytes, known });
    }
    let detail = format!("the picture's address leads on more than {MOST_REDIRECTS} times");
    Err(error(Kind::Rejected, detail))
}

/// Where a redirect leads, looked at like the first address.
fn target(hosts: &Hosts, from: &Url, answer: &reqwest::Response) -> PortResult<Url> {
    let location = answer.headers().get(LOCATION);
    let location = location.and_then(|to| to.to_str().ok());
    let to = location.and_then(|to| from.join(to).ok());
    let Some(to) = to else {
        let detail = format!(
            "the supplier's host answers {} and says not where",
            answer.status()
        );
        return Err(error(Kind::Rejected, detail));
    };
    parse(hosts, to.as_str())
}
