//! Settings of whom the product speaks to for its people: the mail server, the provider of identities.

use super::ConfigError;
use super::settings::{hosts, http_url, needed, parsed, seconds};
use super::values::Values;
use domain::people::Role;
use std::time::Duration;
use url::Url;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpTls {
    None,
    StartTls,
    Implicit,
}

/// The relay that takes our letters.
#[derive(Debug, Clone)]
pub struct SmtpPlace {
    pub host: String,
    pub port: u16,
    pub tls: SmtpTls,
    /// Its password is looked up when it is needed.
    pub user: Option<String>,
    pub from: String,
    pub reply_to: Option<String>,
    pub timeout: Duration,
    pub hello: Option<String>,
}

/// The provider of identities.
#[derive(Debug, Clone)]
pub struct OidcPlace {
    /// Exactly as the provider writes it.
    pub issuer: String,
    /// Its secret is looked up when it is needed.
    pub client_id: String,
    pub scopes: Vec<String>,
    pub groups_claim: String,
    pub label: String,
    pub roles: Vec<(String, Role)>,
    pub default_role: Option<Role>,
}

pub(super) fn smtp(values: &Values) -> Result<Option<SmtpPlace>, ConfigError> {
    let Some(host) = values.text("SMTP_HOST") else {
        return Ok(None);
    };
    let tls = values
        .parse(
            "SMTP_TLS",
            "starttls, implicit or none",
            |text| match text.to_lowercase().as_str() {
                "starttls" => Some(SmtpTls::StartTls),
                "implicit" => Some(SmtpTls::Implicit),
                "none" => Some(SmtpTls::None),
                _ => None,
            },
        )?
        .unwrap_or(SmtpTls::StartTls);
    let user = values.text("SMTP_USER").map(str::to_owned);
    let is_here = matches!(host, "localhost" | "127.0.0.1" | "::1");
    if tls == SmtpTls::None && user.is_some() && !is_here {
        return Err(ConfigError::Invalid {
            key: "SMTP_TLS",
            value: "none".to_owned(),
            place: "the settings".to_owned(),
            expected: "with SMTP_USER the password would go over the network in the clear: starttls or implicit",
        });
    }
    let usual = match tls {
        SmtpTls::None => 25,
        SmtpTls::StartTls => 587,
        SmtpTls::Implicit => 465,
    };
    let port = values.parse("SMTP_PORT", "a port from 1 to 65535", |text| {
        parsed::<u16>(text).filter(|port| *port > 0)
    })?;
    Ok(Some(SmtpPlace {
        host: host.to_owned(),
        port: port.unwrap_or(usual),
        tls,
        user,
        from: needed(
            values,
            "SMTP_FROM",
            "SMTP_HOST is set: give the sender, e.g. Royal <royal@example.com>",
        )?,
        reply_to: values.text("SMTP_REPLY_TO").map(str::to_owned),
        timeout: seconds(values, "SMTP_TIMEOUT", 10, 1)?,
        hello: values.text("SMTP_HELLO").map(str::to_owned),
    }))
}

/// Where ad platforms are, and the accounts that the environment names; their secrets are looked up when they are needed.
#[derive(Debug, Clone)]
pub struct AdsPlace {
    pub meta_base_url: String,
    pub google_base_url: String,
    pub google_token_url: String,
    pub meta_account: Option<String>,
    pub google_account: Option<String>,
    /// The manager account through which it is reached.
    pub google_login: Option<String>,
    pub google_client_id: Option<String>,
    /// Between two readings of an account.
    pub every: Duration,
}

/// Where suppliers with an interface are.
#[derive(Debug, Clone)]
pub struct SuppliersPlace {
    pub autods_mcp_url: String,
    pub cj_base_url: String,
    pub printful_base_url: String,
    /// Of contracts of the merchant's own; neither platform publishes an interface.
    pub autods_base_url: Option<String>,
    pub spocket_base_url: Option<String>,
    /// Where pictures may be fetched from beside public addresses.
    pub image_allowed_hosts: Vec<String>,
    /// Bytes.
    pub image_cache: u64,
    /// What accounts of the environment look for.
    pub searches: Vec<String>,
    /// Between two readings of an account.
    pub every: Duration,
}

pub(super) fn suppliers(values: &Values) -> Result<SuppliersPlace, ConfigError> {
    let place = |name, usual: &str| {
        let url = http_url(values, name)?;
        Ok::<_, ConfigError>(url.unwrap_or_else(|| usual.to_owned()))
    };
    let searches = values.text("SUPPLIER_SEARCHES").unwrap_or_default();
    let searches = searches.split(',').map(|text| text.trim().to_owned());
    Ok(SuppliersPlace {
        autods_mcp_url: place("AUTODS_MCP_URL", "https://mcp.autods.com/mcp")?,
        cj_base_url: place(
            "CJ_BASE_URL",
            "https://developers.cjdropshipping.com/api2.0/v1",
        )?,
        printful_base_url: place("PRINTFUL_BASE_URL", "https://api.printful.com")?,
        autods_base_url: http_url(values, "AUTODS_BASE_URL")?,
        spocket_base_url: http_url(values, "SPOCKET_BASE_URL")?,
        image_allowed_hosts: hosts(values, "SUPPLIER_IMAGE_ALLOWED_HOSTS"),
        image_cache: values
            .parse(
                "SUPPLIER_IMAGE_CACHE_BYTES",
                "a number of bytes from 1000000",
                |text| parsed::<u64>(text).filter(|bytes| *bytes >= 1_000_000),
            )?
            .unwrap_or(256 << 20),
        searches: searches.filter(|text| !text.is_empty()).collect(),
        every: seconds(values, "SUPPLIER_SYNC_INTERVAL", 21_600, 60)?,
    })
}

pub(super) fn ads(values: &Values) -> Result<AdsPlace, ConfigError> {
    let text = |name: &str| values.text(name).map(str::to_owned);
    let place = |name, usual: &str| {
        let url = http_url(values, name)?;
        Ok::<_, ConfigError>(url.unwrap_or_else(|| usual.to_owned()))
    };
    Ok(AdsPlace {
        meta_base_url: place("META_BASE_URL", "https://graph.facebook.com")?,
        google_base_url: place("GOOGLE_ADS_BASE_URL", "https://googleads.googleapis.com")?,
        google_token_url: place(
            "GOOGLE_ADS_TOKEN_URL",
            "https://oauth2.googleapis.com/token",
        )?,
        meta_account: text("META_AD_ACCOUNT_ID"),
        google_account: text("GOOGLE_ADS_CUSTOMER_ID"),
        google_login: text("GOOGLE_ADS_LOGIN_CUSTOMER_ID"),
        google_client_id: text("GOOGLE_ADS_CLIENT_ID"),
        every: seconds(values, "ADS_SYNC_INTERVAL", 3600, 60)?,
    })
}

pub(super) fn oidc(values: &Values) -> Result<Option<OidcPlace>, ConfigError> {
    let issuer = values.parse(
        "OIDC_ISSUER",
        "an address that begins with https://",
        |text| Url::parse(text).ok().map(|_| text.to_owned()),
    )?;
    let Some(issuer) = issuer else {
        return Ok(None);
    };
    let words = |name: &str, default: &str| -> Vec<String> {
        let text = values.text(name).unwrap_or(default);
        text.split([' ', ','])
            .filter(|w| !w.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let roles = values.parse(
        "OIDC_ROLES",
        "groups and roles such as shop-admins=admin,staff=operator; roles are viewer, analyst, operator and admin",
        |text| text.split(',').map(group).collect::<Option<Vec<_>>>(),
    )?;
    let default_role = values.parse(
        "OIDC_DEFAULT_ROLE",
        "viewer, analyst, operator or admin",
        role,
    )?;
    if roles.is_none() && default_role.is_none() {
        return Err(ConfigError::Missing {
            key: "OIDC_ROLES",
            why: "OIDC_ISSUER is set, and nobody could come in: map groups to roles, or give OIDC_DEFAULT_ROLE",
        });
    }
    Ok(Some(OidcPlace {
        issuer,
        client_id: needed(values, "OIDC_CLIENT_ID", "OIDC_ISSUER is set")?,
        scopes: words("OIDC_SCOPES", "email profile"),
        groups_claim: values
            .text("OIDC_GROUPS_CLAIM")
            .unwrap_or("groups")
            .to_owned(),
        label: values
            .text("OIDC_LABEL")
            .unwrap_or("single sign-on")
            .to_owned(),
        roles: roles.unwrap_or_default(),
        default_role,
    }))
}

/// The last `=` counts: names of groups may hold some.
fn group(text: &str) -> Option<(String, Role)> {
    let (group, given) = text.trim().rsplit_once('=')?;
    let group = group.trim();
    (!group.is_empty()).then_some((group.to_owned(), role(given.trim())?))
}

/// Owners are made by owners.
fn role(text: &str) -> Option<Role> {
    text.parse().ok().filter(|role| *role != Role::Owner)
}
