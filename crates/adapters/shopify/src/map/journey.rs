//! The visits before an order.

use crate::wire;
use domain::attribution::{Journey, Told, Visit};
use url::Url;

/// `None`: not asked for, or the shop is still working it out.
pub(super) fn journey(wire: Option<&Option<wire::JourneySummary>>) -> Option<Journey> {
    let Some(summary) = wire? else {
        // Asked for, and there is none: sold at a till, or typed in.
        return Some(Journey::default());
    };
    if summary.ready == Some(false) {
        return None;
    }
    Some(Journey {
        first: summary.first_visit.as_ref().and_then(visit),
        last: summary.last_visit.as_ref().and_then(visit),
    })
}

fn visit(wire: &wire::Visit) -> Option<Visit> {
    let page = wire.landing_page.as_deref().and_then(url);
    let query: Vec<(String, String)> = page
        .iter()
        .flat_map(|page| page.query_pairs().into_owned())
        .collect();
    let referrer = wire.referrer_url.as_deref().and_then(url);
    let utm = wire.utm_parameters.as_ref();
    let told = Told {
        source: wire.source.as_deref().unwrap_or_default(),
        referrer_host: referrer.as_ref().and_then(Url::host_str),
        utm_source: utm.and_then(|u| u.source.as_deref()),
        utm_medium: utm.and_then(|u| u.medium.as_deref()),
        utm_campaign: utm.and_then(|u| u.campaign.as_deref()),
        utm_content: utm.and_then(|u| u.content.as_deref()),
        utm_term: utm.and_then(|u| u.term.as_deref()),
        landing: page.as_ref().map(Url::path),
        query: &query,
    };
    Some(Visit::read(wire.occurred_at?, &told))
}

/// The shop tells some pages without their host.
fn url(text: &str) -> Option<Url> {
    Url::parse(text)
        .or_else(|_| Url::parse("https://shop.invalid").and_then(|base| base.join(text)))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Journey> {
        let order: wire::Order = serde_json::from_str(text).unwrap();
        journey(order.customer_journey_summary.as_ref())
    }

    #[test]
    fn what_was_not_asked_for_is_not_the_same_as_none() {
        assert_eq!(read("{}"), None);
        assert_eq!(
            read(r#"{"customerJourneySummary": null}"#),
            Some(Journey::default())
        );
        let soon = r#"{"customerJourneySummary": {"ready": false, "firstVisit": null}}"#;
        assert_eq!(read(soon), None);
    }

    #[test]
    fn parameters_are_read_and_not_kept() {
        let told = read(
            r#"{"customerJourneySummary": {"ready": true, "firstVisit": null, "lastVisit": {
                "occurredAt": "2026-05-01T10:00:00Z", "source": "Facebook", "referrerUrl": "https://l.facebook.com/",
                "landingPage": "/products/tent?utm_campaign=120&utm_source=fb&email=a%40example.com&adset_id=7&utm_term=x",
                "utmParameters": {"source": "fb", "campaign": "120", "content": "Video 3", "term": "Broad"}}}}"#,
        );
        let last = told.unwrap().last.unwrap();
        assert_eq!(
            (last.source.as_str(), last.campaign.as_deref()),
            ("meta", Some("120"))
        );
        assert_eq!(last.landing.as_deref(), Some("/products/tent"));
        let link = last.link.unwrap();
        let words = [&link.content, &link.term, &link.ad_set, &link.ad];
        let words = words.map(Option::as_deref);
        assert_eq!(words, [Some("Video 3"), Some("Broad"), Some("7"), None]);
    }
}
