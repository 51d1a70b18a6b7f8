//! Whom the product speaks to for its people: the mail server, the provider of identities.

use super::ComposeError;
use crate::config::{Settings, SmtpTls};
use adapter_kit::Registry;
use adapter_oidc::{Oidc, OidcSettings};
use adapter_smtp::{Security, Smtp, SmtpSettings};
use ports::identity::IdentityProvider;
use ports::mail::Mail;
use std::sync::Arc;

pub(super) fn mail(settings: &Settings) -> Result<Option<Arc<dyn Mail>>, ComposeError> {
    let Some(place) = &settings.smtp else {
        return Ok(None);
    };
    let smtp = Smtp::new(SmtpSettings {
        host: place.host.clone(),
        port: place.port,
        security: match place.tls {
            SmtpTls::None => Security::None,
            SmtpTls::StartTls => Security::StartTls,
            SmtpTls::Implicit => Security::Implicit,
        },
        user: place.user.clone(),
        from: place.from.clone(),
        reply_to: place.reply_to.clone(),
        timeout: place.timeout,
        hello: place.hello.clone(),
    })?;
    Ok(Some(Arc::new(smtp)))
}

pub(super) fn identity(
    settings: &Settings,
    registry: &Registry,
) -> Result<Option<Arc<dyn IdentityProvider>>, ComposeError> {
    let Some(place) = &settings.oidc else {
        return Ok(None);
    };
    let oidc = OidcSettings {
        issuer: place.issuer.clone(),
        client_id: place.client_id.clone(),
        scopes: place.scopes.clone(),
        groups_claim: place.groups_claim.clone(),
        label: place.label.clone(),
    };
    Ok(Some(Arc::new(Oidc::new(oidc, registry)?)))
}
