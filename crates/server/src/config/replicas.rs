//! What is set about processes that work together.

use super::ConfigError;
use super::values::Values;
use secrecy::SecretString;

/// What one process does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Role {
    /// Answers requests, and works.
    #[default]
    All,
    /// Answers requests; others work.
    Web,
    /// Works; answers nothing but probes and metrics.
    Worker,
}

#[derive(Clone)]
pub struct ReplicaSettings {
    pub role: Role,
    /// Holds a password.
    pub redis_url: Option<SecretString>,
    pub redis_prefix: String,
}

impl Role {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Web => "web",
            Self::Worker => "worker",
        }
    }

    #[must_use]
    pub const fn works(self) -> bool {
        matches!(self, Self::All | Self::Worker)
    }

    #[must_use]
    pub const fn answers(self) -> bool {
        matches!(self, Self::All | Self::Web)
    }

    fn parse(text: &str) -> Option<Self> {
        let all = [Self::All, Self::Web, Self::Worker];
        all.into_iter()
            .find(|role| role.as_str() == text.to_lowercase())
    }
}

impl ReplicaSettings {
    pub(super) fn parse(values: &Values) -> Result<Self, ConfigError> {
        let redis_url = values.text("REDIS_URL").map(str::to_owned);
        if redis_url.as_deref().is_some_and(|url| !is_redis(url)) {
            // The value may hold a password.
            return Err(ConfigError::Invalid {
                key: "REDIS_URL",
                value: "…".to_owned(),
                place: "the settings".to_owned(),
                expected: "redis://host:port/number, or rediss:// with TLS",
            });
        }
        let prefix = |text: &str| {
            let fits = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
            (!text.is_empty() && text.chars().all(fits)).then(|| text.to_owned())
        };
        Ok(Self {
            role: values
                .parse("ROLE", "all, web or worker", Role::parse)?
                .unwrap_or_default(),
            redis_url: redis_url.map(SecretString::from),
            redis_prefix: values
                .parse("REDIS_PREFIX", "letters, digits, -, _ and .", prefix)?
                .unwrap_or_else(|| "royal".to_owned()),
        })
    }
}

fn is_redis(url: &str) -> bool {
    url::Url::parse(url)
        .is_ok_and(|url| matches!(url.scheme(), "redis" | "rediss") && url.host().is_some())
}
