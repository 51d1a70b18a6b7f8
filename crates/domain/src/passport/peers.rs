//! How others define a figure of the same or a similar name: only what they have published.

/// One other definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer {
    pub who: &'static str,
    /// Under which name.
    pub calls_it: &'static str,
    /// Its formula there, in our words.
    pub formula: &'static str,
    /// What follows for somebody who compares the two.
    pub so: &'static str,
    /// Where that is published.
    pub source: &'static str,
}

pub(super) const SHOPIFY_GLOSSARY: &str = "Shopify Help Center, sales reports: terms";
pub(super) const TRIPLE_WHALE: &str = "Triple Whale knowledge base, Summary Page Metrics Library";
pub(super) const TRUEPROFIT: &str = "TrueProfit help, Metrics Glossary";
pub(super) const LIFETIMELY: &str = "Lifetimely help, Income Statement: metric definitions";
