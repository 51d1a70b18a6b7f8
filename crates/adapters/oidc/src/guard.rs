//! Which addresses are called. The issuer is the operator's word; what the provider names besides must be as safe, and on another
//! host it must not lead into a private network.

use adapter_kit::Url;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// In the clear only on this machine.
pub(crate) fn issuer(url: &Url) -> Result<(), &'static str> {
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(url) => {}
        _ => return Err("it must begin with https://"),
    }
    if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
        return Err("it has no query, no fragment and no user");
    }
    Ok(())
}

/// Whether an address that the provider named may be called; `true` when its host has to be looked at, too.
pub(crate) fn endpoint(url: &Url, issuer: &Url) -> Result<bool, &'static str> {
    if !url.username().is_empty() || url.password().is_some() {
        return Err("an address with a user in it");
    }
    if url.host_str().is_none() {
        return Err("an address without a host");
    }
    let same_host = url.host_str() == issuer.host_str();
    match url.scheme() {
        "https" => Ok(!same_host),
        "http" if same_host && issuer.scheme() == "http" => Ok(false),
        _ => Err("an address that does not begin with https://"),
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// Not of a private, local or special range.
pub(crate) fn is_public(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let shared = a == 100 && (64..128).contains(&b);
    let benchmark = a == 198 && (b == 18 || b == 19);
    let special = a == 192 && b == 0 && c == 0;
    !(ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_multicast()
        || ip.is_broadcast()
        || ip.is_documentation()
        || a == 0
        || a >= 240
        || shared
        || benchmark
        || special)
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [first, second, ..] = ip.segments();
    // Global unicast, without documentation, and without the ways into IPv4 (6to4, Teredo).
    let global = first & 0xe000 == 0x2000;
    let special = first == 0x2002 || (first == 0x2001 && (second == 0 || second == 0x0db8));
    global && !special
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("an address")
    }

    #[test]
    fn an_issuer_is_spoken_to_over_tls() {
        assert!(issuer(&url("https://id.example.com/realms/a")).is_ok());
        assert!(issuer(&url("http://127.0.0.1:9000")).is_ok());
        for bad in [
            "http://id.example.com",
            "http://10.0.0.1",
            "ftp://id.example.com",
            "https://a:b@id.example.com",
            "https://id.example.com/?x=1",
        ] {
            assert!(issuer(&url(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_the_issuer_names_is_no_way_inside() {
        let issuer = url("https://id.example.com/realms/a");
        let check = |text| endpoint(&url(text), &issuer);
        assert_eq!(check("https://id.example.com/token"), Ok(false));
        assert_eq!(check("https://other.example.com/token"), Ok(true));
        assert!(check("http://id.example.com/token").is_err());
        assert!(check("https://a@id.example.com/token").is_err());
        assert!(check("file:///etc/passwd").is_err());
    }

    #[test]
    fn private_ranges_are_known() {
        for private in [
            "10.1.2.3",
            "127.0.0.1",
            "169.254.169.254",
            "192.168.0.1",
            "172.16.0.1",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "fd00::1",
            "fe80::1",
            "::ffff:10.0.0.1",
            "2001:db8::1",
            "2002:a00::1",
        ] {
            assert!(
                !is_public(private.parse().expect("an address")),
                "{private}"
            );
        }
        for public in ["9.9.9.9", "172.32.0.1", "2606:4700::1111"] {
            assert!(is_public(public.parse().expect("an address")), "{public}");
        }
    }
}
