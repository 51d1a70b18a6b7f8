//! Letters over SMTP (RFC 5321), by submission with STARTTLS, over implicit TLS, or in the clear to a relay on this machine.
//!
//! Where STARTTLS is asked for, a relay that does not offer it is told nothing.

mod fault;
mod message;

use async_trait::async_trait;
use fault::{PROVIDER, fault};
use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use ports::mail::{Letter, Mail};
use ports::{Kind, PortError, PortResult, Retry};
use secrecy::{ExposeSecret as _, SecretString};
use std::time::Duration;

/// How the line is kept secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// For a relay on this machine.
    None,
    /// Begins in the clear and must go over to TLS before anything is said.
    StartTls,
    /// TLS from the first byte.
    Implicit,
}

#[derive(Debug, Clone)]
pub struct SmtpSettings {
    pub host: String,
    pub port: u16,
    pub security: Security,
    /// Whom the relay knows; `None`: it asks nobody.
    pub user: Option<String>,
    /// `Royal Equips <royal@example.com>`
    pub from: String,
    pub reply_to: Option<String>,
    /// Of each step, and twice as long of the whole.
    pub timeout: Duration,
    /// As which host we greet; `None`: this machine's name.
    pub hello: Option<String>,
}

pub struct Smtp {
    settings: SmtpSettings,
    from: Mailbox,
    reply_to: Option<Mailbox>,
}

impl Smtp {
    /// # Errors
    /// `Configuration` when a sender's address is none.
    pub fn new(settings: SmtpSettings) -> PortResult<Self> {
        let mailbox = |name: &str, text: &str| {
            text.parse::<Mailbox>().map_err(|e| {
                let detail = format!("{name} is no address such as Royal <royal@example.com>: {e}");
                PortError::new(Kind::Configuration, Retry::Never, PROVIDER, "mail", detail)
            })
        };
        let from = mailbox("SMTP_FROM", &settings.from)?;
        let reply_to = settings.reply_to.as_deref();
        let reply_to = reply_to.map(|text| mailbox("SMTP_REPLY_TO", text));
        Ok(Self {
            from,
            reply_to: reply_to.transpose()?,
            settings,
        })
    }

    /// Made anew for each letter: the password may have changed meanwhile, and letters are rare.
    fn transport(
        &self,
        password: Option<&SecretString>,
    ) -> PortResult<AsyncSmtpTransport<Tokio1Executor>> {
        let SmtpSettings {
            host,
            port,
            security,
            user,
            timeout,
            hello,
            ..
        } = &self.settings;
        let parameters = || TlsParameters::new(host.clone()).map_err(|e| fault(host, &e));
        let tls = match security {
            Security::None => Tls::None,
            Security::StartTls => Tls::Required(parameters()?),
            Security::Implicit => Tls::Wrapper(parameters()?),
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host.clone())
            .port(*port)
            .tls(tls)
            .timeout(Some(*timeout));
        if let Some(hello) = hello {
            builder = builder.hello_name(ClientId::Domain(hello.clone()));
        }
        if let (Some(user), Some(password)) = (user, password) {
            let password = password.expose_secret().to_owned();
            builder = builder.credentials(Credentials::new(user.clone(), password));
        }
        Ok(builder.build())
    }
}

#[async_trait]
impl Mail for Smtp {
    fn sender(&self) -> String {
        self.from.to_string()
    }

    fn needs_password(&self) -> bool {
        self.settings.user.is_some()
    }

    async fn send(&self, letter: &Letter, password: Option<&SecretString>) -> PortResult<()> {
        let host = &self.settings.host;
        let message = message::build(letter, &self.from, self.reply_to.as_ref())?;
        let transport = self.transport(password)?;
        let whole = self.settings.timeout * 2;
        match tokio::time::timeout(whole, transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(fault(host, &error)),
            Err(_) => Err(fault::late(host)),
        }
    }
}
