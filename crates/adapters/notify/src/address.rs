//! Which addresses may be spoken to.

use crate::fault::PROVIDER;
use domain::notifications::ChannelKind;
use ports::{Kind, PortError, PortResult, Retry};
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use url::{Host, Url};

const SLACK: [&str; 2] = ["hooks.slack.com", "hooks.slack-gov.com"];
const LONGEST: usize = 2000;
pub(crate) const HOW_TO_ALLOW: &str = "an operator can list its host in NOTIFY_ALLOWED_HOSTS";

/// Hosts that the operator trusts.
#[derive(Debug)]
pub(crate) struct Allowed(BTreeSet<String>);

fn refuse(detail: String) -> PortError {
    PortError::new(
        Kind::Rejected,
        Retry::Never,
        PROVIDER,
        "notify.check",
        detail,
    )
}

impl Allowed {
    pub(crate) fn of(hosts: &[String]) -> Self {
        let plain = |host: &String| {
            let host = host.trim().trim_start_matches('[').trim_end_matches(']');
            host.to_lowercase()
        };
        Self(hosts.iter().map(plain).collect())
    }

    pub(crate) fn has(&self, host: &str) -> bool {
        self.0.contains(&host.to_lowercase())
    }

    /// Scheme and host; what the host resolves to is looked at when it is spoken to.
    pub(crate) fn parse(&self, kind: ChannelKind, text: &str) -> PortResult<Url> {
        let text = text.trim();
        if text.len() > LONGEST {
            return Err(refuse(format!(
                "the address has more than {LONGEST} characters"
            )));
        }
        let url = Url::parse(text)
            .map_err(|_| refuse("this is no address: it begins with https://".to_owned()))?;
        let Some(host) = url.host() else {
            return Err(refuse("the address names no host".to_owned()));
        };
        let name = match &host {
            Host::Domain(name) => (*name).to_owned(),
            Host::Ipv4(ip) => ip.to_string(),
            Host::Ipv6(ip) => ip.to_string(),
        };
        let is_listed = self.has(&name);
        match url.scheme() {
            "https" => {}
            "http" if is_listed => {}
            "http" => {
                let detail = format!("the address begins with https://, or {HOW_TO_ALLOW}");
                return Err(refuse(detail));
            }
            _ => return Err(refuse("the address begins with https://".to_owned())),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refuse("the address holds no name and password".to_owned()));
        }
        let ip = match host {
            Host::Domain(_) => None,
            Host::Ipv4(ip) => Some(IpAddr::V4(ip)),
            Host::Ipv6(ip) => Some(IpAddr::V6(ip)),
        };
        if ip.is_some_and(|ip| !is_public(ip)) && !is_listed {
            let detail = format!("{name} is an address inside a network, and {HOW_TO_ALLOW}");
            return Err(refuse(detail));
        }
        if kind == ChannelKind::Slack && !is_listed && !SLACK.contains(&name.as_str()) {
            let detail = format!(
                "{name} is not Slack's: its webhooks begin with https://hooks.slack.com/. For another service {HOW_TO_ALLOW}"
            );
            return Err(refuse(detail));
        }
        Ok(url)
    }
}

/// Whether anybody's machine on the internet may be there. What is special in any way is not (RFC 6890 and its registries).
pub(crate) fn is_public(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let is_special = ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || a == 0
        // Shared by carriers, protocol assignments, 6to4 relays, benchmarks.
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (18..20).contains(&b))
        // Multicast, reserved, broadcast.
        || a >= 224;
    !is_special
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [a, b, ..] = ip.segments();
    // Global unicast alone, without what is documentation or wraps an address of IPv4.
    (0x2000..0x4000).contains(&a)
        && !(a == 0x2001 && (b < 0x200 || b == 0xdb8))
        && a != 0x2002
        && !(a == 0x3fff && b < 0x1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_special_is_not_public() {
        let public = |text: &str| is_public(text.parse().unwrap());
        for ip in [
            "93.184.216.34",
            "8.8.8.8",
            "2606:4700::1111",
            "::ffff:8.8.8.8",
        ] {
            assert!(public(ip), "{ip}");
        }
        for ip in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "192.0.0.8",
            "198.18.0.1",
            "203.0.113.7",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "2001:db8::1",
            "::ffff:10.0.0.1",
            "2002:7f00:1::",
            "64:ff9b::7f00:1",
            "2001::1",
        ] {
            assert!(!public(ip), "{ip}");
        }
    }

    #[test]
    fn addresses_are_looked_at() {
        let allowed = Allowed::of(&["Chat.internal".to_owned(), "[::1]".to_owned()]);
        let fits = |kind, url: &str| allowed.parse(kind, url).is_ok();
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
