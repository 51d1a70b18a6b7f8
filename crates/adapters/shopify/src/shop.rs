//! What a person writes for a shop, and what is meant: the permanent `*.myshopify.com` domain.

use adapter_kit::Url;
use ports::{Kind, PortError, PortResult, Retry};

const PROVIDER: &str = "shopify";
const SUFFIX: &str = ".myshopify.com";

/// A shop's domain and the address at which its API is spoken to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shop {
    /// `acme.myshopify.com`, or the custom domain that a person gave.
    pub domain: String,
    pub base: Url,
}

impl Shop {
    /// Reads `acme`, `acme.myshopify.com`, `https://acme.myshopify.com/admin`, `admin.shopify.com/store/acme` or a domain of
    /// the shop's own.
    ///
    /// # Errors
    /// `Configuration` when it cannot be the name of a shop, or the base URL is none.
    pub fn parse(written: &str, base: Option<&str>) -> PortResult<Self> {
        let domain = domain(written).ok_or_else(|| {
            refused(format!(
                "{written:?} cannot be the name of a Shopify shop. Enter it like acme.myshopify.com: in the shop's admin it stands under Settings → Domains."
            ))
        })?;
        let text = base.map_or_else(|| format!("https://{domain}"), str::to_owned);
        let base = Url::parse(text.trim())
            .ok()
            .filter(|u| matches!(u.scheme(), "http" | "https") && u.host_str().is_some())
            .ok_or_else(|| {
                refused(format!(
                    "{text:?} is not a base URL. It begins with https:// or http:// and names a host."
                ))
            })?;
        Ok(Self { domain, base })
    }

    /// Whether this is Shopify's own host; anything else is a sandbox or a proxy in front of it.
    #[must_use]
    pub fn is_shopify(&self) -> bool {
        let host = self.base.host_str().unwrap_or_default();
        host.ends_with(SUFFIX) || (host == self.domain && !self.is_loopback())
    }

    /// Whether the base URL lies on this machine.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.base)
    }

    /// The base URL as a person would write it.
    #[must_use]
    pub fn base_text(&self) -> String {
        self.base.as_str().trim_end_matches('/').to_owned()
    }
}

/// Whether a URL's host is this machine.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(adapter_host) => {
            let text = adapter_host.to_string();
            let bare = text.trim_start_matches('[').trim_end_matches(']');
            bare == "localhost"
                || bare.ends_with(".localhost")
                || bare
                    .parse::<std::net::IpAddr>()
                    .is_ok_and(|ip| ip.is_loopback() || ip.is_unspecified())
        }
        None => false,
    }
}

fn refused(detail: String) -> PortError {
    PortError::new(
        Kind::Configuration,
        Retry::Never,
        PROVIDER,
        "store.open",
        detail,
    )
}

fn domain(written: &str) -> Option<String> {
    let text = written.trim().to_ascii_lowercase();
    let rest = text.split_once("://").map_or(text.as_str(), |(_, r)| r);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    if host == "admin.shopify.com" {
        let handle = path.strip_prefix("store/")?.split(['/', '?', '#']).next()?;
        return is_handle(handle).then(|| format!("{handle}{SUFFIX}"));
    }
    let host = host.split(['?', '#', ':']).next()?.trim_end_matches('.');
    if let Some(handle) = host.strip_suffix(SUFFIX) {
        return is_handle(handle).then(|| host.to_owned());
    }
    if !host.contains('.') {
        return is_handle(host).then(|| format!("{host}{SUFFIX}"));
    }
    let labels_fit = host.split('.').all(is_handle);
    let foreign = host == "myshopify.com" || host.ends_with("shopify.com");
    (labels_fit && !foreign).then(|| host.to_owned())
}

/// A label as in Shopify's own check of shop names: `^[a-z0-9][a-z0-9-]*$`.
fn is_handle(label: &str) -> bool {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    !label.is_empty() && label.len() <= 63 && !label.starts_with('-') && label.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(written: &str, domain: &str, base: &str) {
        let shop = Shop::parse(written, None).unwrap();
        assert_eq!(
            (shop.domain.as_str(), shop.base_text().as_str()),
            (domain, base)
        );
    }

    #[test]
    fn every_way_to_write_a_shop_means_the_same_domain() {
        let ways = [
            "acme",
            " Acme ",
            "acme.myshopify.com",
            "ACME.myshopify.com/",
            "https://acme.myshopify.com/admin",
            "http://acme.myshopify.com:443/admin/products?x=1",
            "admin.shopify.com/store/acme",
            "https://admin.shopify.com/store/acme/orders?since=1",
        ];
        for way in ways {
            check(way, "acme.myshopify.com", "https://acme.myshopify.com");
        }
        check(
            "shop.example.org",
            "shop.example.org",
            "https://shop.example.org",
        );
    }

    #[test]
    fn what_cannot_be_a_shop_is_refused_with_the_remedy() {
        for wrong in [
            "",
            "  ",
            "acme shop",
            "-acme",
            "https://",
            "admin.shopify.com",
            "admin.shopify.com/store/",
            "myshopify.com",
            "accounts.shopify.com",
            "acme_1",
            "a..b",
        ] {
            let error = Shop::parse(wrong, None).unwrap_err();
            assert_eq!(error.kind, Kind::Configuration, "{wrong}");
            assert!(error.detail.contains("Settings → Domains"), "{error}");
        }
        let error = Shop::parse("acme", Some("ftp://x")).unwrap_err();
        assert!(error.detail.contains("base URL"), "{error}");
    }

    #[test]
    fn a_base_url_elsewhere_is_a_sandbox() {
        let shop = Shop::parse("acme", Some("http://127.0.0.1:4000")).unwrap();
        assert!(shop.is_loopback() && !shop.is_shopify());
        assert!(Shop::parse("acme", None).unwrap().is_shopify());
        for local in ["http://localhost:1", "http://[::1]:2", "http://0.0.0.0"] {
            assert!(is_loopback(&Url::parse(local).unwrap()), "{local}");
        }
        assert!(!is_loopback(
            &Url::parse("https://royal.example.org").unwrap()
        ));
    }
}
