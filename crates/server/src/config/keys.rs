//! Every setting by name: what it is for, what it is when nobody says anything, and other names it is known by.

mod connected;
mod known;
mod later;
mod models;
mod suppliers;
mod support;

use std::sync::LazyLock;

/// All settings, in the order of the reference.
pub static KEYS: LazyLock<Vec<Key>> = LazyLock::new(|| {
    let later = later::LATER.iter().map(|name| later(name));
    let suppliers = suppliers::SUPPLIERS.iter().copied();
    let models = models::MODELS.iter().copied();
    let support = support::SUPPORT.iter().copied();
    let connected = connected::CONNECTED.iter().copied();
    known::IN_USE
        .iter()
        .copied()
        .chain(suppliers)
        .chain(models)
        .chain(support)
        .chain(connected)
        .chain(later)
        .collect()
});

/// One setting.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    pub name: &'static str,
    /// As a person would write it; empty when there is none.
    pub default: &'static str,
    pub about: &'static str,
    pub group: Group,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    Server,
    Data,
    Log,
    Calls,
    Secrets,
    Mail,
    Oidc,
    Shopify,
    Ads,
    Suppliers,
    Models,
    Connected,
    /// Known and accepted, so that one environment serves every release; this one does not use them yet.
    Later,
}

impl Group {
    pub const ALL: [Self; 13] = [
        Self::Server,
        Self::Data,
        Self::Log,
        Self::Calls,
        Self::Secrets,
        Self::Mail,
        Self::Oidc,
        Self::Shopify,
        Self::Ads,
        Self::Suppliers,
        Self::Models,
        Self::Connected,
        Self::Later,
    ];

    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Server => "Server",
            Self::Data => "Data and keys",
            Self::Log => "Logs and figures",
            Self::Calls => "Calls to providers",
            Self::Secrets => "Where secrets are looked up",
            Self::Mail => "Mail and notices",
            Self::Oidc => "Sign-in elsewhere",
            Self::Shopify => "A Shopify connection from the environment",
            Self::Ads => "Ad accounts from the environment",
            Self::Suppliers => "Suppliers with an interface",
            Self::Models => "Language models of the assistant",
            Self::Connected => "Optional connections",
            Self::Later => "Accepted, not used by this release",
        }
    }
}

/// Old name → name. Accepted with a warning.
pub const ALIASES: &[(&str, &str)] = &[
    ("FLASK_ENV", "APP_ENV"),
    ("SHOP_NAME", "SHOPIFY_SHOP"),
    ("SHOPIFY_STORE", "SHOPIFY_SHOP"),
    ("SHOPIFY_SHOP_NAME", "SHOPIFY_SHOP"),
    ("SHOPIFY_SHOP_DOMAIN", "SHOPIFY_SHOP"),
    ("AUTO_DS_API_KEY", "AUTODS_API_KEY"),
];

/// Whole families of names that belong to others and are passed on or ignored.
pub const FAMILIES: &[&str] = &["OTEL_", "GOOGLE_ADS_"];

const fn key(group: Group, name: &'static str, default: &'static str, about: &'static str) -> Key {
    Key {
        name,
        default,
        about,
        group,
    }
}

const fn later(name: &'static str) -> Key {
    key(Group::Later, name, "", "")
}

#[must_use]
pub fn is_known(name: &str) -> bool {
    KEYS.iter().any(|k| k.name == name) || FAMILIES.iter().any(|family| name.starts_with(family))
}

/// The name that a mistyped one most likely meant.
#[must_use]
pub fn nearest(name: &str) -> &'static str {
    let names = KEYS
        .iter()
        .map(|k| k.name)
        .chain(ALIASES.iter().map(|(old, _)| *old));
    names
        .min_by_key(|known| distance(name, known))
        .unwrap_or("PORT")
}

/// Levenshtein's distance: insertions, deletions and replacements.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut before = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = before + usize::from(x != *y);
            before = row[j + 1];
            row[j + 1] = replaced.min(before + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typo_finds_its_key() {
        assert_eq!(nearest("DATABSE_URL"), "DATABASE_URL");
        assert_eq!(nearest("PROT"), "PORT");
        assert_eq!(distance("kitten", "sitting"), 3);
    }

    #[test]
    fn names_are_unique_and_aliases_point_at_them() {
        for (i, key) in KEYS.iter().enumerate() {
            assert!(
                KEYS[i + 1..].iter().all(|k| k.name != key.name),
                "{}",
                key.name
            );
        }
        for (old, new) in ALIASES {
            assert!(
                is_known(new) && !KEYS.iter().any(|k| k.name == *old),
                "{old}"
            );
        }
    }
}
