//! Every setting by name: what it is for, what it is when nobody says anything, and other names it is known by.

/// One setting.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    pub name: &'static str,
    /// As a person would write it; empty when there is none.
    pub default: &'static str,
    pub about: &'static str,
    pub group: Group,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    Server,
    Data,
    Log,
    Calls,
    Secrets,
    Mail,
    Oidc,
    Shopify,
    /// Known and accepted, so that one environment serves every release; this one does not use them yet.
    Later,
}

impl Group {
    pub const ALL: [Self; 9] = [
        Self::Server,
        Self::Data,
        Self::Log,
        Self::Calls,
        Self::Secrets,
        Self::Mail,
        Self::Oidc,
        Self::Shopify,
        Self::Later,
    ];

    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Server => "Server",
            Self::Data => "Data and keys",
            Self::Log => "Logs and figures",
            Self::Calls => "Calls to providers",
            Self::Secrets => "Where secrets are looked up",
            Self::Mail => "Mail and notices",
            Self::Oidc => "Sign-in elsewhere",
            Self::Shopify => "A Shopify connection from the environment",
            Self::Later => "Accepted, not used by this release",
        }
    }
}

/// Old name → name. Accepted with a warning.
pub const ALIASES: &[(&str, &str)] = &[
    ("FLASK_ENV", "APP_ENV"),
    ("SHOP_NAME", "SHOPIFY_SHOP"),
    ("SHOPIFY_STORE", "SHOPIFY_SHOP"),
    ("SHOPIFY_SHOP_NAME", "SHOPIFY_SHOP"),
    ("SHOPIFY_SHOP_DOMAIN", "SHOPIFY_SHOP"),
    ("AUTO_DS_API_KEY", "AUTODS_API_KEY"),
];

/// Whole families of names that belong to others and are passed on or ignored.
pub const FAMILIES: &[&str] = &["OTEL_", "GOOGLE_ADS_"];

const fn key(group: Group, name: &'static str, default: &'static str, about: &'static str) -> Key {
    Key {
        name,
        default,
        about,
        group,
    }
}

const fn later(name: &'static str) -> Key {
    key(Group::Later, name, "", "")
}

/// All of them, in the order of the reference.
pub const KEYS: &[Key] = &[
    key(
        Group::Server,
        "HOST",
        "127.0.0.1",
        "Address to listen on; 0.0.0.0 in a container.",
    ),
    key(
        Group::Server,
        "PORT",
        "10000",
        "Port to listen on; 0 takes a free one.",
    ),
    key(
        Group::Server,
        "PUBLIC_URL",
        "",
        "How browsers and providers reach this server, e.g. https://royal.example.com. On this machine alone it is http://localhost with the port; elsewhere there are neither webhooks nor passkeys without it.",
    ),
    key(
        Group::Server,
        "APP_ENV",
        "development",
        "development, testing or production.",
    ),
    key(
        Group::Server,
        "COMMAND_CENTER_URL",
        "",
        "Where the browser application is, when it is not served from here.",
    ),
    key(
        Group::Server,
        "CORS_ALLOWED_ORIGINS",
        "",
        "Origins of other sites whose pages may call the API with a token, separated by commas.",
    ),
    key(
        Group::Server,
        "TRUSTED_PROXIES",
        "",
        "Addresses or ranges (10.0.0.0/8) of the proxies in front, separated by commas; their X-Forwarded-For tells who is calling.",
    ),
    key(
        Group::Server,
        "SANDBOX_URL",
        "",
        "Where royal-sandbox listens; the first run then offers its store. Several, separated by commas, are several stores.",
    ),
    key(
        Group::Server,
        "SHUTDOWN_GRACE",
        "5 in production, else 0",
        "Seconds for which the server goes on serving after it turned unready.",
    ),
    key(
        Group::Server,
        "RATE_LIMIT_REQUESTS",
        "6000",
        "Requests that one person or token may make in RATE_LIMIT_WINDOW; 0 for no limit. Counted by each process for itself.",
    ),
    key(
        Group::Server,
        "RATE_LIMIT_ANONYMOUS_REQUESTS",
        "600",
        "Requests without valid credentials that one address may make in RATE_LIMIT_WINDOW; 0 for no limit. Pages, probes, webhooks and signing in have limits of their own or none.",
    ),
    key(
        Group::Server,
        "RATE_LIMIT_WINDOW",
        "60",
        "Seconds for which the two limits above hold.",
    ),
    key(
        Group::Data,
        "DATA_DIR",
        "data",
        "Folder of the embedded database, the keyring and the set-up code.",
    ),
    key(
        Group::Data,
        "DATABASE_URL",
        "sqlite in DATA_DIR",
        "postgres://user:password@host/name, or sqlite:path.",
    ),
    key(
        Group::Data,
        "SECRET_KEY",
        "a file in DATA_DIR",
        "Seals the credentials of connections; at least 32 random characters.",
    ),
    key(
        Group::Data,
        "SECRET_KEY_PREVIOUS",
        "",
        "The SECRET_KEY of before, which only opens; until `royal secrets rewrap` has run.",
    ),
    key(
        Group::Data,
        "SECRET_PASSPHRASE",
        "",
        "Words from which the key is made (Argon2id), in place of a file or SECRET_KEY.",
    ),
    key(
        Group::Data,
        "SYNC_INTERVAL",
        "300",
        "Seconds between two looks at what changed in a store.",
    ),
    key(
        Group::Data,
        "RATES_URL",
        "",
        "Folder of exchange rates in the European Central Bank's format, e.g. https://www.ecb.europa.eu/stats/eurofxref; without it no rates are fetched.",
    ),
    key(
        Group::Data,
        "RATES_INTERVAL",
        "21600",
        "Seconds between two looks at RATES_URL.",
    ),
    key(
        Group::Data,
        "WORK_LEASE",
        "15",
        "Seconds after which work is taken up again whose process was killed.",
    ),
    key(
        Group::Data,
        "IMPORT_MAX_BYTES",
        "1073741824",
        "The largest file that can be imported; a larger one is refused while it is uploaded.",
    ),
    key(
        Group::Log,
        "LOG_LEVEL",
        "info",
        "error, warn, info, debug or trace; or filters such as info,server=debug.",
    ),
    key(
        Group::Log,
        "LOG_FORMAT",
        "text",
        "text, or json for one object a line.",
    ),
    key(
        Group::Log,
        "ENABLE_METRICS",
        "true",
        "Whether /metrics answers.",
    ),
    key(
        Group::Log,
        "METRICS_TOKEN",
        "",
        "Opens /metrics to callers that are not on loopback.",
    ),
    key(
        Group::Calls,
        "CIRCUIT_BREAKER_FAILURE_THRESHOLD",
        "5",
        "Failures in a row that open a circuit.",
    ),
    key(
        Group::Calls,
        "CIRCUIT_BREAKER_RECOVERY_TIMEOUT",
        "60",
        "Seconds after which an open circuit has probed several times.",
    ),
    key(
        Group::Secrets,
        "SECRETS_DIR",
        "/run/secrets",
        "Folder with one file a secret, as container platforms mount them.",
    ),
    key(
        Group::Secrets,
        "VAULT_ADDR",
        "",
        "A HashiCorp Vault or OpenBao, e.g. https://vault.example.com:8200.",
    ),
    key(Group::Secrets, "VAULT_TOKEN", "", "Its token."),
    key(
        Group::Secrets,
        "VAULT_ROLE_ID",
        "",
        "AppRole in place of a token.",
    ),
    key(
        Group::Secrets,
        "VAULT_SECRET_ID",
        "",
        "The AppRole's secret id.",
    ),
    key(
        Group::Secrets,
        "VAULT_NAMESPACE",
        "",
        "Namespace of an Enterprise server.",
    ),
    key(
        Group::Secrets,
        "VAULT_KV_MOUNT",
        "secret",
        "Where the KV engine (version 2) is mounted.",
    ),
    key(
        Group::Secrets,
        "VAULT_KV_PATH",
        "royal",
        "The entry whose fields are the secrets.",
    ),
    key(
        Group::Secrets,
        "VAULT_CACERT",
        "the system's",
        "File of certificates in PEM that Vault's own is held against.",
    ),
    key(
        Group::Secrets,
        "AWS_SECRET_NAME",
        "",
        "Name or ARN of a secret in AWS Secrets Manager whose JSON members are the secrets.",
    ),
    key(Group::Secrets, "AWS_REGION", "", "Its region."),
    key(
        Group::Secrets,
        "AWS_ACCESS_KEY_ID",
        "",
        "Access key that may read it.",
    ),
    key(
        Group::Secrets,
        "AWS_SECRET_ACCESS_KEY",
        "",
        "The access key's secret.",
    ),
    key(
        Group::Secrets,
        "AWS_SESSION_TOKEN",
        "",
        "Token of temporary credentials.",
    ),
    key(
        Group::Secrets,
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "",
        "Set by ECS: where its agent lends keys, in place of an access key.",
    ),
    key(
        Group::Secrets,
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "",
        "Set by EKS Pod Identity and others: the whole address of such an agent.",
    ),
    key(
        Group::Secrets,
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
        "",
        "File with the token that the agent wants; read anew each time.",
    ),
    key(
        Group::Secrets,
        "AWS_CONTAINER_AUTHORIZATION_TOKEN",
        "",
        "The token itself.",
    ),
    key(
        Group::Secrets,
        "AWS_ENDPOINT_URL_SECRETS_MANAGER",
        "AWS's own of the region",
        "Where the service is, e.g. of a private endpoint.",
    ),
    key(
        Group::Mail,
        "SMTP_HOST",
        "",
        "Mail server that takes invitations and reset links; without it they are shown, to be handed over by hand.",
    ),
    key(
        Group::Mail,
        "SMTP_PORT",
        "587, 465 or 25, by SMTP_TLS",
        "Its port.",
    ),
    key(
        Group::Mail,
        "SMTP_TLS",
        "starttls",
        "starttls, implicit, or none for a relay on this machine; a server that offers no TLS where it is asked for is told nothing.",
    ),
    key(
        Group::Mail,
        "SMTP_USER",
        "",
        "Whom it knows us as; for SendGrid: apikey.",
    ),
    key(
        Group::Mail,
        "SMTP_PASSWORD",
        "",
        "The password that belongs to the user; a secret, so it may stand wherever secrets are looked up.",
    ),
    key(
        Group::Mail,
        "SMTP_FROM",
        "",
        "Sender, e.g. Royal <royal@example.com>.",
    ),
    key(Group::Mail, "SMTP_REPLY_TO", "", "Where answers go."),
    key(
        Group::Mail,
        "SMTP_TIMEOUT",
        "10",
        "Seconds for each step of a conversation with it.",
    ),
    key(
        Group::Mail,
        "SMTP_HELLO",
        "this machine's name",
        "As which host we greet it.",
    ),
    key(
        Group::Mail,
        "NOTIFY_ALLOWED_HOSTS",
        "",
        "Hosts, with commas between them, that notices may be sent to beside public addresses by https: their addresses may be private and without TLS, and plain webhooks may go there as they may to Slack, e.g. chat.internal.",
    ),
    key(
        Group::Mail,
        "NOTIFY_TIMEOUT",
        "10",
        "Seconds for a message to a webhook.",
    ),
    key(
        Group::Oidc,
        "OIDC_ISSUER",
        "",
        "Provider of identities (OpenID Connect), exactly as it writes itself, e.g. https://id.example.com/realms/shop.",
    ),
    key(
        Group::Oidc,
        "OIDC_CLIENT_ID",
        "",
        "Our id there. The address to come back to is PUBLIC_URL followed by /v1/auth/oidc/callback.",
    ),
    key(
        Group::Oidc,
        "OIDC_CLIENT_SECRET",
        "",
        "The secret that belongs to the id; it may stand wherever secrets are looked up.",
    ),
    key(
        Group::Oidc,
        "OIDC_SCOPES",
        "email profile",
        "Scopes besides openid, e.g. with groups.",
    ),
    key(
        Group::Oidc,
        "OIDC_GROUPS_CLAIM",
        "groups",
        "Claim of the ID token that names the groups; realm_access.roles leads into objects.",
    ),
    key(
        Group::Oidc,
        "OIDC_ROLES",
        "",
        "Which role a group gives, e.g. shop-admins=admin,staff=operator; the highest counts, at each sign-in. Owners are made by owners.",
    ),
    key(
        Group::Oidc,
        "OIDC_DEFAULT_ROLE",
        "",
        "Role of newcomers without any of the groups; without it they stay outside.",
    ),
    key(
        Group::Oidc,
        "OIDC_LABEL",
        "single sign-on",
        "What stands on the button.",
    ),
    key(
        Group::Shopify,
        "SHOPIFY_SHOP",
        "",
        "Name, domain or address of the shop.",
    ),
    key(
        Group::Shopify,
        "SHOPIFY_ACCESS_TOKEN",
        "",
        "Admin API access token.",
    ),
    key(
        Group::Shopify,
        "SHOPIFY_CLIENT_ID",
        "",
        "Client id, in place of an access token.",
    ),
    key(
        Group::Shopify,
        "SHOPIFY_CLIENT_SECRET",
        "",
        "Client secret that belongs to the id; also signs webhooks.",
    ),
    key(
        Group::Shopify,
        "SHOPIFY_API_SECRET",
        "",
        "Signs the shop's webhooks.",
    ),
    key(
        Group::Shopify,
        "SHOPIFY_API_VERSION",
        "2026-10",
        "Version of the Admin API to ask for.",
    ),
    key(
        Group::Shopify,
        "SHOPIFY_BASE_URL",
        "the shop's own host",
        "Where the Admin API is, e.g. of a sandbox.",
    ),
    later("SHOPIFY_API_KEY"),
    later("REDIS_URL"),
    later("ENABLE_STREAMING"),
    later("AUTODS_API_KEY"),
    later("AUTODS_ACCESS_TOKEN"),
    later("AUTODS_MCP_URL"),
    later("SPOCKET_API_KEY"),
    later("SPOCKET_BASE_URL"),
    later("META_ACCESS_TOKEN"),
    later("META_AD_ACCOUNT_ID"),
    later("META_BASE_URL"),
    later("CJ_API_KEY"),
    later("CJ_BASE_URL"),
    later("PRINTFUL_BASE_URL"),
    later("OPENAI_API_KEY"),
    later("OPENAI_MODEL"),
    later("OPENAI_BASE_URL"),
    later("GITHUB_TOKEN"),
    later("GITHUB_BASE_URL"),
    later("BIGQUERY_PROJECT_ID"),
    later("BIGQUERY_DATASET"),
    later("BIGQUERY_BASE_URL"),
];

#[must_use]
pub fn is_known(name: &str) -> bool {
    KEYS.iter().any(|k| k.name == name) || FAMILIES.iter().any(|family| name.starts_with(family))
}

/// The name that a mistyped one most likely meant.
#[must_use]
pub fn nearest(name: &str) -> &'static str {
    let names = KEYS
        .iter()
        .map(|k| k.name)
        .chain(ALIASES.iter().map(|(old, _)| *old));
    names
        .min_by_key(|known| distance(name, known))
        .unwrap_or("PORT")
}

/// Levenshtein's distance: insertions, deletions and replacements.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut before = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = before + usize::from(x != *y);
            before = row[j + 1];
            row[j + 1] = replaced.min(before + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typo_finds_its_key() {
        assert_eq!(nearest("DATABSE_URL"), "DATABASE_URL");
        assert_eq!(nearest("PROT"), "PORT");
        assert_eq!(distance("kitten", "sitting"), 3);
    }

    #[test]
    fn names_are_unique_and_aliases_point_at_them() {
        for (i, key) in KEYS.iter().enumerate() {
            assert!(
                KEYS[i + 1..].iter().all(|k| k.name != key.name),
                "{}",
                key.name
            );
        }
        for (old, new) in ALIASES {
            assert!(
                is_known(new) && !KEYS.iter().any(|k| k.name == *old),
                "{old}"
            );
        }
    }
}
