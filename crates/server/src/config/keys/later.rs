//! Settings that are accepted and not used yet.

/// Earlier installations and other parts of a merchant's environment have them.
pub(super) const LATER: &[&str] = &["SHOPIFY_API_KEY", "AUTODS_ACCESS_TOKEN"];
