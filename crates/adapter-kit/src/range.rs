//! What the headers of a partial answer say (RFC 9110 §8.8, §14).

use reqwest::header::{CONTENT_LENGTH, CONTENT_RANGE, ETAG, HeaderMap, HeaderName, LAST_MODIFIED};

fn header<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// Length of an answer's body.
pub(crate) fn length(headers: &HeaderMap) -> Option<u64> {
    header(headers, &CONTENT_LENGTH)?.parse().ok()
}

/// What identifies a version of a file. Only a strong `ETag` promises the same bytes (RFC 9110 §8.8.1).
pub(crate) fn validator(headers: &HeaderMap) -> Option<String> {
    let strong = header(headers, &ETAG).filter(|tag| tag.starts_with('"'));
    strong
        .or_else(|| header(headers, &LAST_MODIFIED))
        .map(str::to_owned)
}

/// Start and whole length of `bytes 5-9/10`.
pub(crate) fn content_range(headers: &HeaderMap) -> Option<(u64, Option<u64>)> {
    let (range, total) = header(headers, &CONTENT_RANGE)?
        .strip_prefix("bytes ")?
        .split_once('/')?;
    let (start, _) = range.split_once('-')?;
    Some((start.parse().ok()?, total.parse().ok()))
}

/// Whole length of `bytes */10`.
pub(crate) fn whole_length(headers: &HeaderMap) -> Option<u64> {
    header(headers, &CONTENT_RANGE)?
        .strip_prefix("bytes */")?
        .parse()
        .ok()
}
