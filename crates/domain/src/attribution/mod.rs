//! From where buyers came, by the shop's own record of their visits, and which campaign that names.
//!
//! What a platform claims to have sold and what our own orders tell are two accounts of the same sales: they are never added up, and what no
//! visit tells stays unattributed. Names of sources follow the conventions of `utm_*` parameters and of the platforms' click ids: Google's
//! `gclid`, `gbraid`, `wbraid` and `gad_campaignid`; Meta's `fbclid`, which it adds to every link, paid or not.

mod link;

pub use link::{Called, Link, NotTold, ad_set_of};

use crate::ads::AdPlatform;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The longest text that is kept of a parameter, in characters.
const LONGEST: usize = 100;

/// The visits before an order; `first` and `last` are one where there was one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Journey {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<Visit>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Visit>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    pub at: DateTime<Utc>,
    /// `meta`, `google`, `klaviyo`, `direct`, the host of a referrer …; lower case, never empty.
    pub source: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub medium: Option<String>,
    /// As the link names it: a platform's number of a campaign, or a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub campaign: Option<String>,
    /// The path of the first page, without its parameters: these may name people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub landing: Option<String>,
    /// What the link says below the campaign; `None`: it was stored before that was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Link>,
}

/// What the shop tells of a visit.
#[derive(Debug, Clone, Copy, Default)]
pub struct Told<'a> {
    /// The shop's own word, e.g. `direct` or `Google`.
    pub source: &'a str,
    pub referrer_host: Option<&'a str>,
    pub utm_source: Option<&'a str>,
    pub utm_medium: Option<&'a str>,
    pub utm_campaign: Option<&'a str>,
    pub utm_content: Option<&'a str>,
    pub utm_term: Option<&'a str>,
    pub landing: Option<&'a str>,
    /// Parameters of the first page.
    pub query: &'a [(String, String)],
}

/// Which visit has the sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Model {
    First,
    Last,
    /// Half each: only the first and the last visit are known, so that those between have no part.
    Position,
}

impl Model {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Last => "last",
            Self::Position => "position",
        }
    }
}

/// Without a visit, or one that came from nowhere else.
pub const DIRECT: &str = "direct";

fn cut(text: &str) -> String {
    let text = text.trim().replace(['|', '\n', '\r', '\0'], " ");
    text.chars().take(LONGEST).collect()
}

fn said(text: Option<&str>) -> Option<String> {
    text.map(cut).filter(|text| !text.is_empty())
}

/// One name for all that is one platform's.
fn source_name(word: &str) -> String {
    let word = cut(word).to_lowercase();
    let host = word.strip_prefix("www.").unwrap_or(&word);
    let is_of = |names: &[&str]| names.contains(&host);
    if is_of(&[
        "facebook",
        "fb",
        "ig",
        "instagram",
        "meta",
        "facebook.com",
        "m.facebook.com",
        "l.facebook.com",
        "lm.facebook.com",
        "instagram.com",
        "l.instagram.com",
        "facebook_ads",
        "facebookads",
    ]) {
        return "meta".to_owned();
    }
    if is_of(&[
        "adwords",
        "googleads",
        "google_ads",
        "google-ads",
        "youtube",
        "youtube.com",
    ]) || host == "google"
        || host.starts_with("google.")
    {
        return "google".to_owned();
    }
    if is_of(&["tiktok.com", "tiktok_ads", "tt"]) {
        return "tiktok".to_owned();
    }
    host.to_owned()
}

impl Visit {
    /// What the link says comes first, then the platform's own click ids, then from where the browser came.
    #[must_use]
    pub fn read(at: DateTime<Utc>, told: &Told<'_>) -> Self {
        let param = |name: &str| {
            let mut query = told.query.iter();
            let found = query.find(|(key, _)| key.eq_ignore_ascii_case(name));
            said(found.map(|(_, value)| value.as_str()))
        };
        let utm_source = said(told.utm_source).or_else(|| param("utm_source"));
        let medium = said(told.utm_medium).or_else(|| param("utm_medium"));
        let utm_campaign = said(told.utm_campaign).or_else(|| param("utm_campaign"));
        let of_google = ["gclid", "gbraid", "wbraid", "gad_campaignid"];
        let by_click = if of_google.iter().any(|name| param(name).is_some()) {
            Some("google")
        } else if param("fbclid").is_some() {
            Some("meta")
        } else if param("ttclid").is_some() {
            Some("tiktok")
        } else if param("msclkid").is_some() {
            Some("microsoft")
        } else {
            None
        };
        let link = Link::read((told.utm_content, told.utm_term), told.query);
        let own = said(Some(told.source)).filter(|s| !s.eq_ignore_ascii_case("an unknown source"));
        let source = utm_source
            .as_deref()
            .or(by_click)
            .or(told.referrer_host.filter(|host| !host.is_empty()))
            .or(own.as_deref())
            .map(source_name)
            .filter(|source| !source.is_empty());
        Self {
            at,
            campaign: utm_campaign.or_else(|| param("gad_campaignid")),
            medium: medium.map(|m| m.to_lowercase()),
            source: source.unwrap_or_else(|| DIRECT.to_owned()),
            landing: said(told.landing),
            link: Some(link),
        }
    }

    /// By which visits are added up.
    #[must_use]
    pub fn touch(&self) -> Touch {
        Touch {
            source: self.source.clone(),
            campaign: self.campaign.clone(),
        }
    }
}

impl Journey {
    /// The visit that the sale is judged by elsewhere, too.
    #[must_use]
    pub fn last_visit(&self) -> Option<&Visit> {
        self.last.as_ref().or(self.first.as_ref())
    }

    #[must_use]
    pub fn first_touch(&self) -> Touch {
        let visit = self.first.as_ref().or(self.last.as_ref());
        visit.map_or_else(Touch::direct, Visit::touch)
    }

    #[must_use]
    pub fn last_touch(&self) -> Touch {
        self.last_visit().map_or_else(Touch::direct, Visit::touch)
    }
}

/// A source, with the campaign that a link named.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Touch {
    pub source: String,
    pub campaign: Option<String>,
}

impl Touch {
    fn direct() -> Self {
        Self {
            source: DIRECT.to_owned(),
            campaign: None,
        }
    }

    /// `google|120`; `direct|` without a campaign.
    #[must_use]
    pub fn key(&self) -> String {
        let campaign = self.campaign.as_deref().unwrap_or_default();
        format!("{}|{campaign}", self.source)
    }

    /// Reads what [`Self::key`] wrote.
    #[must_use]
    pub fn of_key(key: &str) -> Self {
        let (source, campaign) = key.split_once('|').unwrap_or((key, ""));
        Self {
            source: source.to_owned(),
            campaign: Some(campaign.to_owned()).filter(|c| !c.is_empty()),
        }
    }

    /// Whether it names a campaign of the platform: by its number, or by a name that it has or had.
    #[must_use]
    pub fn names<'a>(
        &self,
        platform: AdPlatform,
        number: &str,
        names: impl IntoIterator<Item = &'a str>,
    ) -> bool {
        self.names_in(platform.channel(), number, names)
    }

    /// As [`Self::names`], of any source.
    #[must_use]
    pub fn names_in<'a>(
        &self,
        source: &str,
        number: &str,
        names: impl IntoIterator<Item = &'a str>,
    ) -> bool {
        let Some(campaign) = self.campaign.as_deref() else {
            return false;
        };
        let said = plain(campaign);
        self.source == source
            && (campaign == number || names.into_iter().any(|name| plain(name) == said))
    }
}

/// A campaign's name as links have it: signs for blanks and large letters tell nothing apart.
#[must_use]
pub fn plain(name: &str) -> String {
    name.replace(['+', '_'], " ").trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(told: Told<'_>) -> (String, Option<String>) {
        let visit = Visit::read(DateTime::UNIX_EPOCH, &told);
        (visit.source, visit.campaign)
    }

    #[track_caller]
    fn check(told: Told<'_>, source: &str, campaign: Option<&str>) {
        assert_eq!(read(told), (source.to_owned(), campaign.map(str::to_owned)));
    }

    fn query(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        let pairs = pairs.iter();
        pairs
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect()
    }

    #[test]
    fn a_link_says_more_than_a_click_id_and_that_more_than_a_referrer() {
        let told = Told {
            source: "Facebook",
            ..Told::default()
        };
        check(told, "meta", None);
        let host = Some("l.instagram.com");
        check(
            Told {
                referrer_host: host,
                ..told
            },
            "meta",
            None,
        );
        let click = query(&[("gclid", "abc"), ("gad_campaignid", "77")]);
        check(
            Told {
                query: &click,
                referrer_host: host,
                ..told
            },
            "google",
            Some("77"),
        );
        let link = Told {
            utm_source: Some("Klaviyo"),
            utm_campaign: Some("Spring|Sale"),
            query: &click,
            ..told
        };
        check(link, "klaviyo", Some("Spring Sale"));
        let in_page = query(&[
            ("utm_source", "fb"),
            ("UTM_Campaign", "120"),
            ("fbclid", "x"),
        ]);
        check(
            Told {
                query: &in_page,
                ..Told::default()
            },
            "meta",
            Some("120"),
        );
        check(Told::default(), DIRECT, None);
        check(
            Told {
                source: "an unknown source",
                ..Told::default()
            },
            DIRECT,
            None,
        );
        check(
            Told {
                referrer_host: Some("google.de"),
                ..Told::default()
            },
            "google",
            None,
        );
    }

    #[test]
    fn a_touch_names_a_campaign_by_number_or_name_of_its_own_platform() {
        let touch = Touch::of_key("meta|Spring+Sale");
        assert_eq!(touch.key(), "meta|Spring+Sale");
        assert!(touch.names(AdPlatform::Meta, "1", ["Brand", "spring sale"]));
        assert!(!touch.names(AdPlatform::GoogleAds, "1", ["spring sale"]));
        assert!(Touch::of_key("google|77").names(AdPlatform::GoogleAds, "77", []));
        assert!(!Touch::of_key("google|").names(AdPlatform::GoogleAds, "", [""]));
        assert_eq!(Touch::of_key("direct|"), Touch::direct());
    }

    #[test]
    fn an_order_without_a_visit_came_directly() {
        let none = Journey::default();
        assert_eq!(
            (none.first_touch(), none.last_touch()),
            (Touch::direct(), Touch::direct())
        );
        let visit = Visit::read(
            DateTime::UNIX_EPOCH,
            &Told {
                source: "bing",
                ..Told::default()
            },
        );
        let one = Journey {
            first: None,
            last: Some(visit),
        };
        assert_eq!(one.first_touch().source, "bing");
    }
}
