//! What a link says below its campaign: which ad set (Google: ad group) and which ad, as far as whoever wrote it lets it say.
//!
//! Meta fills in `{{adset.id}}`, `{{ad.id}}` and their names, Google `{adgroupid}` and `{creative}`, in whatever parameter they are written:
//! the usual ones are read. A link belongs to an ad set by its number, else by its name where one alone of the campaign is, or was, called
//! so; the rest is told apart, with the reason.

use super::{plain, said};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Usual names of the parameter with the number of an ad set.
const AD_SET: [&str; 6] = [
    "adset_id",
    "adsetid",
    "ad_set_id",
    "adgroupid",
    "adgroup_id",
    "ad_group_id",
];
/// Usual names of the parameter with the number of an ad.
const AD: [&str; 4] = ["ad_id", "adid", "creative", "creative_id"];

/// As the link names them; no more of it is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Link {
    /// `utm_content`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// `utm_term`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term: Option<String>,
    /// `utm_id`: of the campaign, by its convention.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The platform's number of an ad set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ad_set: Option<String>,
    /// The platform's number of an ad.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ad: Option<String>,
}

impl Link {
    /// `told`: content and term as the shop tells them, which come before what the first page's parameters say.
    pub(super) fn read(
        (content, term): (Option<&str>, Option<&str>),
        query: &[(String, String)],
    ) -> Self {
        let param = |name: &str| {
            let mut query = query.iter();
            let found = query.find(|(key, _)| key.eq_ignore_ascii_case(name));
            filled(found.map(|(_, value)| value.as_str()))
        };
        let first = |names: &[&str]| names.iter().find_map(|name| param(name));
        Self {
            content: filled(content).or_else(|| param("utm_content")),
            term: filled(term).or_else(|| param("utm_term")),
            id: param("utm_id"),
            ad_set: first(&AD_SET),
            ad: first(&AD),
        }
    }

    /// What may name an ad set.
    fn words(&self) -> impl Iterator<Item = &str> {
        let all = [&self.ad_set, &self.term, &self.content, &self.id];
        all.into_iter().filter_map(Option::as_deref)
    }
}

/// A parameter that the platform was to fill in and did not says nothing.
fn filled(text: Option<&str>) -> Option<String> {
    said(text).filter(|text| !text.starts_with('{'))
}

/// How an ad set may be called.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Called {
    pub number: String,
    /// That it has, or had.
    pub names: BTreeSet<String>,
}

/// Why a sale is no ad set's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotTold {
    /// The visit was stored before this was read of links.
    NotRead,
    /// The link says nothing below its campaign.
    NoWords,
    /// No ad set of the campaign is called as it says.
    NoSuch,
    /// More than one is.
    Several,
}

impl NotTold {
    pub const ALL: [Self; 4] = [Self::NotRead, Self::NoWords, Self::NoSuch, Self::Several];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotRead => "not_read",
            Self::NoWords => "no_words",
            Self::NoSuch => "no_such",
            Self::Several => "several",
        }
    }
}

/// Which of these ad sets of one campaign the link names, by its place. `link`: `None` of a visit that was stored before it was read.
///
/// # Errors
/// Why it names none of them.
pub fn ad_set_of(link: Option<&Link>, sets: &[Called]) -> Result<usize, NotTold> {
    let link = link.ok_or(NotTold::NotRead)?;
    let is_any = |of: &dyn Fn(&Called, &str) -> bool| -> BTreeSet<usize> {
        let of_word = |word| (0..sets.len()).filter(move |at| of(&sets[*at], word));
        link.words().flat_map(of_word).collect()
    };
    let by_number = is_any(&|set, word| set.number == word);
    let by_name = || is_any(&|set, word| set.names.iter().any(|name| plain(name) == plain(word)));
    let named = if by_number.is_empty() {
        by_name()
    } else {
        by_number
    };
    let mut named = named.into_iter();
    match (named.next(), named.next()) {
        (Some(only), None) => Ok(only),
        (Some(_), Some(_)) => Err(NotTold::Several),
        (None, _) if link.words().next().is_none() => Err(NotTold::NoWords),
        (None, _) => Err(NotTold::NoSuch),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(pairs: &[(&str, &str)]) -> Link {
        let pairs = pairs.iter();
        let query: Vec<(String, String)> = pairs
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect();
        Link::read((None, None), &query)
    }

    fn sets() -> Vec<Called> {
        let set = |number: &str, names: &[&str]| Called {
            number: number.to_owned(),
            names: names.iter().map(|name| (*name).to_owned()).collect(),
        };
        vec![
            set("11", &["Broad"]),
            set("12", &["Look alike", "Twins"]),
            set("13", &["Twins"]),
        ]
    }

    #[track_caller]
    fn check(pairs: &[(&str, &str)], told: Result<usize, NotTold>) {
        assert_eq!(ad_set_of(Some(&link(pairs)), &sets()), told);
    }

    #[test]
    fn a_number_says_more_than_a_name_and_a_name_counts_where_one_alone_has_it() {
        check(&[("adset_id", "12"), ("utm_content", "Broad")], Ok(1));
        check(&[("AdGroupId", "13")], Ok(2));
        check(&[("utm_term", "11")], Ok(0));
        check(&[("utm_term", "look+ALIKE")], Ok(1));
        check(&[("utm_content", "video 3"), ("utm_term", "broad")], Ok(0));
        check(&[("utm_content", "twins")], Err(NotTold::Several));
        check(
            &[("utm_term", "11"), ("adset_id", "12")],
            Err(NotTold::Several),
        );
    }

    #[test]
    fn what_is_not_told_says_why() {
        check(&[], Err(NotTold::NoWords));
        check(&[("utm_content", "{{adset.name}}")], Err(NotTold::NoWords));
        check(&[("ad_id", "12")], Err(NotTold::NoWords));
        check(&[("utm_term", "tent")], Err(NotTold::NoSuch));
        check(&[("adset_id", "99")], Err(NotTold::NoSuch));
        assert_eq!(ad_set_of(None, &sets()), Err(NotTold::NotRead));
    }

    #[test]
    fn what_the_shop_tells_comes_before_the_page() {
        let query = [("utm_content".to_owned(), "page".to_owned())];
        let read = Link::read((Some("shop"), None), &query);
        assert_eq!(read.content.as_deref(), Some("shop"));
        let read = Link::read((Some(" "), None), &query);
        assert_eq!(read.content.as_deref(), Some("page"));
    }
}
