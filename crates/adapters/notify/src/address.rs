//! Which addresses may be spoken to.

use crate::fault::PROVIDER;
use adapter_kit::reach::{Hosts, Plain};
use domain::notifications::ChannelKind;
use ports::{Kind, PortError, PortResult, Retry};
use url::Url;

const SLACK: [&str; 2] = ["hooks.slack.com", "hooks.slack-gov.com"];
pub(crate) const HOW_TO_ALLOW: &str = "an operator can list its host in NOTIFY_ALLOWED_HOSTS";

fn refuse(detail: String) -> PortError {
    PortError::new(
        Kind::Rejected,
        Retry::Never,
        PROVIDER,
        "notify.check",
        detail,
    )
}

/// Scheme and host; what the host resolves to is looked at when it is spoken to.
pub(crate) fn parse(hosts: &Hosts, kind: ChannelKind, text: &str) -> PortResult<Url> {
    let url = hosts.parse(text, Plain::Listed).map_err(refuse)?;
    let name = url.host_str().unwrap_or_default();
    let name = name.trim_start_matches('[').trim_end_matches(']');
    if kind == ChannelKind::Slack && !hosts.has(name) && !SLACK.contains(&name) {
        let detail = format!(
            "{name} is not Slack's: its webhooks begin with https://hooks.slack.com/. For another service {HOW_TO_ALLOW}"
        );
        return Err(refuse(detail));
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_looked_at() {
        let listed = ["Chat.internal".to_owned(), "[::1]".to_owned()];
        let hosts = Hosts::new(&listed, HOW_TO_ALLOW);
        let fits = |kind, url: &str| parse(&hosts, kind, url).is_ok();
        use ChannelKind::{Slack, Webhook};
        assert!(fits(Slack, "https://hooks.slack.com/services/T/B/x"));
        assert!(fits(Slack, "https://chat.internal/hooks/x"));
        assert!(fits(Webhook, "https://example.com/in?x=1"));
        assert!(fits(Webhook, "http://chat.internal:8065/in"));
        assert!(fits(Webhook, "http://[::1]:80/in"));
        assert!(!fits(Slack, "https://example.com/services/T/B/x"));
        assert!(!fits(Slack, "http://hooks.slack.com/services/T/B/x"));
        let long = format!("https://example.com/{}", "x".repeat(2000));
        for bad in [
            "",
            "example.com",
            "http://example.com/",
            "ftp://example.com/",
            "file:///etc/passwd",
            "https://127.0.0.1/",
            "https://0x7f000001/",
            "https://2130706433/",
            "https://[::ffff:127.0.0.1]/",
            "https://169.254.169.254/latest",
            "https://ada:secret@example.com/",
            &long,
        ] {
            assert!(!fits(Webhook, bad), "{bad}");
        }
    }
}
