//! Settings of the secret managers: HashiCorp Vault and AWS Secrets Manager.

use super::ConfigError;
use super::settings::{
    AgentAuthorization, AwsPlace, AwsSignIn, VaultPlace, VaultSignIn, http_url, needed, secret,
};
use super::values::Values;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::PathBuf;
use url::{Host, Url};

/// Where ECS has its agent.
const ECS_AGENT: Ipv4Addr = Ipv4Addr::new(169, 254, 170, 2);
const AGENTS_V4: [Ipv4Addr; 2] = [ECS_AGENT, Ipv4Addr::new(169, 254, 170, 23)];
/// Where EKS has its agent.
const AGENT_V6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x23);

pub(super) fn vault(values: &Values) -> Result<Option<VaultPlace>, ConfigError> {
    let Some(address) = http_url(values, "VAULT_ADDR")? else {
        return Ok(None);
    };
    let why = "VAULT_ADDR is set: give VAULT_TOKEN, or VAULT_ROLE_ID with VAULT_SECRET_ID";
    let sign_in = match secret(values, "VAULT_TOKEN") {
        Some(token) => VaultSignIn::Token(token),
        None => VaultSignIn::AppRole {
            role_id: needed(values, "VAULT_ROLE_ID", why)?,
            secret_id: needed(values, "VAULT_SECRET_ID", why)?.into(),
        },
    };
    let or = |name: &str, default: &str| {
        values
            .text(name)
            .unwrap_or(default)
            .trim_matches('/')
            .to_owned()
    };
    Ok(Some(VaultPlace {
        address,
        sign_in,
        namespace: values.text("VAULT_NAMESPACE").map(str::to_owned),
        mount: or("VAULT_KV_MOUNT", "secret"),
        path: or("VAULT_KV_PATH", "royal"),
        ca_file: values.text("VAULT_CACERT").map(PathBuf::from),
    }))
}

pub(super) fn aws(values: &Values) -> Result<Option<AwsPlace>, ConfigError> {
    let Some(secret_name) = values.text("AWS_SECRET_NAME") else {
        return Ok(None);
    };
    let region = needed(values, "AWS_REGION", "AWS_SECRET_NAME is set")?;
    let endpoint = http_url(values, "AWS_ENDPOINT_URL_SECRETS_MANAGER")?;
    Ok(Some(AwsPlace {
        endpoint: endpoint
            .unwrap_or_else(|| format!("https://secretsmanager.{region}.amazonaws.com")),
        region,
        sign_in: aws_sign_in(values)?,
        secret_name: secret_name.to_owned(),
    }))
}

/// Keys that somebody gave come before those that are lent, as in AWS's own tools.
fn aws_sign_in(values: &Values) -> Result<AwsSignIn, ConfigError> {
    let container = match values.text("AWS_ACCESS_KEY_ID") {
        Some(_) => None,
        None => container(values)?,
    };
    if let Some(url) = container {
        let file = values.text("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
        let token = secret(values, "AWS_CONTAINER_AUTHORIZATION_TOKEN");
        let authorization = match file {
            Some(path) => Some(AgentAuthorization::File(PathBuf::from(path))),
            None => token.map(AgentAuthorization::Token),
        };
        return Ok(AwsSignIn::Container { url, authorization });
    }
    let why = "AWS_SECRET_NAME is set: give AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_CONTAINER_CREDENTIALS_FULL_URI";
    Ok(AwsSignIn::Keys {
        access_key_id: needed(values, "AWS_ACCESS_KEY_ID", why)?,
        secret_access_key: needed(values, "AWS_SECRET_ACCESS_KEY", why)?.into(),
        session_token: secret(values, "AWS_SESSION_TOKEN"),
    })
}

/// Where the agent listens.
fn container(values: &Values) -> Result<Option<Url>, ConfigError> {
    let relative = values.parse(
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "a path that begins with /",
        |text| {
            let path = text.starts_with('/').then_some(text)?;
            Url::parse(&format!("http://{ECS_AGENT}{path}")).ok()
        },
    )?;
    if relative.is_some() {
        return Ok(relative);
    }
    values.parse(
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "an address that begins with https://, or with http:// on this machine or of an agent of AWS (169.254.170.2, 169.254.170.23, [fd00:ec2::23])",
        |text| Url::parse(text).ok().filter(may_lend),
    )
}

/// Keys come in the clear only from this machine and from where AWS puts its agents.
fn may_lend(url: &Url) -> bool {
    let is_near = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback() || AGENTS_V4.contains(&ip),
        Some(Host::Ipv6(ip)) => ip.is_loopback() || ip == AGENT_V6,
        None => return false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && is_near)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_in_the_clear_from_near_by_alone() {
        let may = |text: &str| may_lend(&Url::parse(text).unwrap());
        for near in [
            "http://127.0.0.1:1338/latest",
            "http://localhost/x",
            "http://169.254.170.2/v2/credentials/1",
            "http://169.254.170.23/v1/credentials",
            "http://[fd00:ec2::23]/v1/credentials",
            "http://[::1]:80/",
            "https://keys.example.com/x",
        ] {
            assert!(may(near), "{near}");
        }
        for far in [
            "http://169.254.169.254/latest",
            "http://keys.example.com/x",
            "http://10.0.0.1/",
            "file:///etc/passwd",
        ] {
            assert!(!may(far), "{far}");
        }
    }
}
