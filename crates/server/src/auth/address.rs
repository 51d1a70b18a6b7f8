//! Who is calling when proxies stand between: `X-Forwarded-For` is believed as far as trusted proxies wrote it, and no further.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// A range of addresses: `10.0.0.0/8`, `::1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no address and no range such as 10.0.0.0/8")]
pub struct NotANetwork(String);

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let wrong = || NotANetwork(text.to_owned());
        let (address, bits) = match text.trim().split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse().map_err(|_| wrong())?)),
            None => (text.trim(), None),
        };
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let all = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(all);
        if bits > all {
            return Err(wrong());
        }
        Ok(Self { address, bits })
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.bits)
    }
}

impl Network {
    fn contains(&self, ip: IpAddr) -> bool {
        let shift = |all: u32| all - self.bits;
        match (self.address, ip.to_canonical()) {
            (IpAddr::V4(net), IpAddr::V4(ip)) => {
                let differ = u32::from(net) ^ u32::from(ip);
                differ.checked_shr(shift(32)).unwrap_or(0) == 0
            }
            (IpAddr::V6(net), IpAddr::V6(ip)) => {
                let differ = u128::from(net) ^ u128::from(ip);
                differ.checked_shr(shift(128)).unwrap_or(0) == 0
            }
            _ => false,
        }
    }
}

/// The first address from the right that no trusted proxy has; the peer's when nobody is trusted.
pub(super) fn client<'a>(
    peer: Option<IpAddr>,
    forwarded: impl Iterator<Item = &'a str>,
    proxies: &[Network],
) -> Option<IpAddr> {
    let trusted = |ip: IpAddr| proxies.iter().any(|n| n.contains(ip));
    let mut client = peer?.to_canonical();
    let hops: Vec<&str> = forwarded.flat_map(|line| line.split(',')).collect();
    for hop in hops.into_iter().rev() {
        if !trusted(client) {
            break;
        }
        // What is no address was not written by a proxy of ours.
        let Ok(ip) = hop.trim().parse::<IpAddr>() else {
            break;
        };
        client = ip.to_canonical();
    }
    Some(client)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(peer: &str, forwarded: &[&str], proxies: &[&str], expected: &str) {
        let proxies: Vec<Network> = proxies.iter().map(|p| p.parse().unwrap()).collect();
        let found = client(
            Some(peer.parse().unwrap()),
            forwarded.iter().copied(),
            &proxies,
        );
        assert_eq!(found, Some(expected.parse().unwrap()));
    }

    #[test]
    fn a_header_is_believed_as_far_as_trusted_proxies_wrote_it() {
        let ours = &["10.0.0.0/8", "::1"];
        check("203.0.113.9", &["1.2.3.4"], &[], "203.0.113.9");
        check("203.0.113.9", &["1.2.3.4"], ours, "203.0.113.9");
        check("10.1.2.3", &["1.2.3.4"], ours, "1.2.3.4");
        check("10.1.2.3", &["6.6.6.6, 1.2.3.4"], ours, "1.2.3.4");
        check(
            "10.1.2.3",
            &["6.6.6.6", "1.2.3.4, 10.9.9.9"],
            ours,
            "1.2.3.4",
        );
        check("10.1.2.3", &["nonsense"], ours, "10.1.2.3");
        check("10.1.2.3", &[], ours, "10.1.2.3");
        check("::ffff:10.1.2.3", &["2001:db8::7"], ours, "2001:db8::7");
        check("::1", &["10.0.0.1"], ours, "10.0.0.1");
    }

    #[test]
    fn ranges_are_parsed_and_compared() {
        for bad in ["", "10.0.0.0/33", "ten", "10.0.0.0/x", "::/129"] {
            assert!(bad.parse::<Network>().is_err(), "{bad}");
        }
        let all: Network = "0.0.0.0/0".parse().unwrap();
        assert!(all.contains("9.9.9.9".parse().unwrap()));
        let net: Network = "192.168.4.0/22".parse().unwrap();
        assert!(net.contains("192.168.7.255".parse().unwrap()));
        assert!(!net.contains("192.168.8.0".parse().unwrap()));
    }
}
