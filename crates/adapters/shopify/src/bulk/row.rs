//! A line of a result file: who it is and under whom it belongs. Knows no fields beyond that.

use serde::Deserialize;
use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};

#[derive(Debug, Deserialize)]
pub(super) struct Head<'a> {
    #[serde(borrow, default)]
    pub id: Option<Cow<'a, str>>,
    #[serde(borrow, default, rename = "__parentId")]
    pub parent: Option<Cow<'a, str>>,
    #[serde(borrow, default, rename = "__typename")]
    pub typename: Option<Cow<'a, str>>,
}

/// `Order` of `gid://shopify/Order/1`.
#[must_use]
pub(super) fn gid_type(gid: &str) -> &str {
    gid.strip_prefix("gid://shopify/")
        .and_then(|rest| rest.split('/').next())
        .unwrap_or_default()
}

/// The number at the end of a global id; of anything else some number, always the same.
#[must_use]
pub(super) fn number(gid: &str) -> u64 {
    let id = gid.rsplit('/').next().and_then(|n| n.parse().ok());
    id.unwrap_or_else(|| hash(0, gid))
}

fn hash(salt: u32, key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (salt, key).hash(&mut hasher);
    hasher.finish()
}

/// Which of `parts` a key belongs to; another `salt` deals the same keys differently.
#[must_use]
pub(super) fn part_of(key: &str, salt: u32, parts: usize) -> usize {
    let parts = parts.max(1) as u64;
    usize::try_from(hash(salt, key) % parts).unwrap_or(0)
}
