//! Which addresses that somebody else names may be spoken to: public ones, and hosts that the operator lists.
//!
//! An address that a person or a supplier's file gives may point anywhere, this machine included. Scheme and host are looked at before anything is
//! asked, and what a name resolves to before anything is connected, so that a name that changes what it points to in between gains nothing. An
//! address that stands there as a number is never resolved: [`Hosts::parse`] looks at it. Redirects are the caller's: each is parsed again.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::collections::BTreeSet;
use std::error::Error as StdError;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use url::{Host, Url};

/// Characters of an address.
pub const LONGEST: usize = 2000;

/// Where addresses without TLS are fine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plain {
    /// At hosts that the operator lists.
    Listed,
    Everywhere,
}

/// Hosts that the operator trusts: they may have addresses inside a network.
#[derive(Debug)]
pub struct Hosts {
    listed: BTreeSet<String>,
    how_to_allow: &'static str,
}

impl Hosts {
    /// `how_to_allow` is the end of a sentence that names the setting.
    #[must_use]
    pub fn new(hosts: &[String], how_to_allow: &'static str) -> Self {
        let plain = |host: &String| {
            let host = host.trim().trim_start_matches('[').trim_end_matches(']');
            host.to_lowercase()
        };
        Self {
            listed: hosts.iter().map(plain).collect(),
            how_to_allow,
        }
    }

    #[must_use]
    pub fn has(&self, host: &str) -> bool {
        self.listed.contains(&host.to_lowercase())
    }

    #[must_use]
    pub fn how_to_allow(&self) -> &'static str {
        self.how_to_allow
    }

    /// Scheme and host; what the host resolves to is looked at when it is spoken to.
    ///
    /// # Errors
    /// A sentence about the address.
    pub fn parse(&self, text: &str, plain: Plain) -> Result<Url, String> {
        let text = text.trim();
        if text.len() > LONGEST {
            return Err(format!("the address has more than {LONGEST} characters"));
        }
        let url = Url::parse(text)
            .map_err(|_| "this is no address: it begins with https://".to_owned())?;
        self.check(&url, plain)?;
        Ok(url)
    }

    /// As [`Self::parse`], of one that is parsed.
    ///
    /// # Errors
    /// A sentence about the address.
    pub fn check(&self, url: &Url, plain: Plain) -> Result<(), String> {
        let Some(host) = url.host() else {
            return Err("the address names no host".to_owned());
        };
        let name = name(&host);
        let is_listed = self.has(&name);
        match url.scheme() {
            "https" => {}
            "http" if is_listed || plain == Plain::Everywhere => {}
            "http" => {
                let how = self.how_to_allow;
                return Err(format!("the address begins with https://, or {how}"));
            }
            _ => return Err("the address begins with https://".to_owned()),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("the address holds no name and password".to_owned());
        }
        if is_number_inside(url) && !is_listed {
            let how = self.how_to_allow;
            return Err(format!("{name} is an address inside a network, and {how}"));
        }
        Ok(())
    }
}

/// Whether an address names a machine inside a network by its number; a name is looked at when it is called.
pub(crate) fn is_number_inside(url: &Url) -> bool {
    let ip = match url.host() {
        Some(Host::Ipv4(ip)) => IpAddr::V4(ip),
        Some(Host::Ipv6(ip)) => IpAddr::V6(ip),
        _ => return false,
    };
    !is_public(ip)
}

/// As hosts are listed: without brackets.
fn name(host: &Host<&str>) -> String {
    match host {
        Host::Domain(name) => (*name).to_owned(),
        Host::Ipv4(ip) => ip.to_string(),
        Host::Ipv6(ip) => ip.to_string(),
    }
}

/// A host has no public address.
#[derive(Debug)]
pub struct Inside;

impl std::fmt::Display for Inside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("its address is inside a network")
    }
}

impl StdError for Inside {}

/// Whether a call failed because of [`Inside`].
#[must_use]
pub fn is_inside(error: &reqwest::Error) -> bool {
    let first: &(dyn StdError + 'static) = error;
    std::iter::successors(Some(first), |&error| error.source()).any(|e| e.is::<Inside>())
}

/// Names of hosts as addresses: those inside a network are left out before anything is connected, but of hosts that are listed.
pub struct Public(Arc<Hosts>);

impl Public {
    #[must_use]
    pub fn new(hosts: Arc<Hosts>) -> Self {
        Self(hosts)
    }

    /// No host is listed.
    pub(crate) fn alone() -> Self {
        Self(Arc::new(Hosts::new(&[], "")))
    }
}

impl Resolve for Public {
    fn resolve(&self, name: Name) -> Resolving {
        let is_listed = self.0.has(name.as_str());
        Box::pin(async move {
            // The port is the caller's.
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let fit: Vec<SocketAddr> = found.filter(|at| is_listed || is_public(at.ip())).collect();
            if fit.is_empty() {
                return Err(Inside.into());
            }
            Ok(Box::new(fit.into_iter()) as Addrs)
        })
    }
}

/// Whether anybody's machine on the internet may be there. What is special in any way is not (RFC 6890 and its registries).
#[must_use]
pub fn is_public(ip: IpAddr) -> bool {
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
    fn an_address_by_number_is_looked_at_however_it_is_written() {
        let inside = |text: &str| is_number_inside(&Url::parse(text).unwrap());
        for bad in [
            "https://127.0.0.1/",
            "https://0x7f000001/",
            "https://2130706433/",
            "https://[::ffff:127.0.0.1]/",
        ] {
            assert!(inside(bad), "{bad}");
        }
        assert!(!inside("https://9.9.9.9/"));
        assert!(!inside("https://api.example.com/"));
    }

    #[test]
    fn without_tls_only_where_it_is_said_and_inside_only_where_it_is_listed() {
        let hosts = Hosts::new(&["127.0.0.1".to_owned()], "it can be listed");
        let fits = |url: &str, plain| hosts.parse(url, plain).is_ok();
        assert!(fits("http://cdn.example/a.jpg", Plain::Everywhere));
        assert!(!fits("http://cdn.example/a.jpg", Plain::Listed));
        assert!(fits("http://127.0.0.1:81/a.jpg", Plain::Listed));
        for bad in [
            "http://10.0.0.1/a",
            "http://169.254.169.254/a",
            "file:///a",
            "http://[::1]/a",
        ] {
            assert!(!fits(bad, Plain::Everywhere), "{bad}");
        }
    }
}
