//! Values as text: documents, words of enums, what a search looks into.

use serde::Serialize;
use sha2::{Digest, Sha256};

/// A value of ours as JSON.
///
/// # Panics
/// Never for the types of `domain`: maps with string keys, no fallible `Serialize`.
pub(crate) fn json<T: Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).expect("a value of the domain always serializes")
}

/// The word of a unit variant, as serde names it.
pub(crate) fn word<T: Serialize>(value: &T) -> String {
    let json = json(value);
    json.trim_matches('"').to_owned()
}

/// Tells contents apart without reading them back.
pub(crate) fn fingerprint(parts: &[&str]) -> Vec<u8> {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_le_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().to_vec()
}

/// Everything a search looks into, one part a line, so that no match spans two parts.
pub(crate) fn search_text<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut text = String::new();
    for part in parts.into_iter().filter(|p| !p.is_empty()) {
        if !text.is_empty() {
            text.push('\n');
        }
        text.extend(part.chars().map(|c| match c {
            '\n' | '\0' => ' ',
            c => c.to_ascii_lowercase(),
        }));
    }
    text
}

/// What a person typed, as [`search_text`] would store it; `None` for nothing.
pub(crate) fn needle(text: Option<&str>) -> Option<String> {
    let text = text?.trim();
    (!text.is_empty()).then(|| search_text([text]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enums_are_stored_by_their_words() {
        assert_eq!(word(&domain::rollup::Dimension::Country), "country");
        assert_eq!(word(&domain::catalog::CostSource::Store), "store");
    }

    #[test]
    fn parts_are_told_apart() {
        assert_ne!(fingerprint(&["ab", "c"]), fingerprint(&["a", "bc"]));
        assert_eq!(search_text(["#1001", "", "Tea\nPot"]), "#1001\ntea pot");
        assert_eq!(needle(Some("  Pot ")), Some("pot".to_owned()));
        assert_eq!(needle(Some(" ")), None);
    }
}
