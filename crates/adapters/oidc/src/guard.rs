//! Which addresses are called. The issuer is the operator's word; what the provider names besides must be as safe, and on another
//! host it must not lead into a private network.

use adapter_kit::Url;

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
}
