//! The places where secrets are looked up.

use super::ComposeError;
use crate::config::{AgentAuthorization, AwsSignIn, SecretPlaces, VaultSignIn};
use adapter_kit::Registry;
use adapter_secrets::chain::{
    AgentToken, AwsCredentials, AwsKeys, AwsSecretsManager, AwsSettings, Chain, Environment,
    MountedFiles, SealedStore, VaultAuth, VaultKv, VaultSettings,
};
use ports::secrets::{SecretPlace, SecretVault};
use secrecy::ExposeSecret as _;
use std::path::Path;
use std::sync::Arc;

/// The places where secrets are looked up, in their order.
pub(super) fn chain(
    settings: &SecretPlaces,
    store: Arc<dyn SecretVault>,
    registry: &Registry,
) -> Result<Chain, ComposeError> {
    let environment = settings.environment.iter();
    let environment =
        environment.map(|(name, value)| (name.clone(), value.expose_secret().to_owned()));
    let mut places: Vec<Arc<dyn SecretPlace>> = vec![
        Arc::new(Environment::new(environment)),
        Arc::new(MountedFiles::new(settings.folder.clone())),
        Arc::new(SealedStore::new(store)),
    ];
    if let Some(vault) = &settings.vault {
        let auth = match &vault.sign_in {
            VaultSignIn::Token(token) => VaultAuth::Token(token.clone()),
            VaultSignIn::AppRole { role_id, secret_id } => VaultAuth::AppRole {
                role_id: role_id.clone(),
                secret_id: secret_id.clone(),
            },
        };
        let vault = VaultSettings {
            address: address("VAULT_ADDR", &vault.address)?,
            auth,
            namespace: vault.namespace.clone(),
            mount: vault.mount.clone(),
            path: vault.path.clone(),
            authorities: vault.ca_file.as_deref().map(certificates).transpose()?,
        };
        places.push(Arc::new(VaultKv::new(vault, registry)?));
    }
    if let Some(aws) = &settings.aws {
        let aws = AwsSettings {
            endpoint: address("AWS_ENDPOINT_URL_SECRETS_MANAGER", &aws.endpoint)?,
            region: aws.region.clone(),
            credentials: aws_credentials(&aws.sign_in),
            secret_id: aws.secret_name.clone(),
        };
        places.push(Arc::new(AwsSecretsManager::new(aws, registry)?));
    }
    Ok(Chain::new(places))
}

/// What stands in `VAULT_CACERT`.
fn certificates(path: &Path) -> Result<Vec<u8>, ComposeError> {
    let refuse = |why: &str| {
        let path = path.display();
        ComposeError::Configuration(format!(
            "VAULT_CACERT={path} {why}: give a file of certificates in PEM that this user may read"
        ))
    };
    let pem = std::fs::read(path).map_err(|e| refuse(&format!("cannot be read ({e})")))?;
    let begins = b"-----BEGIN CERTIFICATE-----";
    if !pem.windows(begins.len()).any(|w| w == begins) {
        return Err(refuse("holds no certificate"));
    }
    Ok(pem)
}

fn aws_credentials(sign_in: &AwsSignIn) -> AwsCredentials {
    match sign_in {
        AwsSignIn::Keys {
            access_key_id,
            secret_access_key,
            session_token,
        } => AwsCredentials::Given(AwsKeys {
            access_key_id: access_key_id.clone(),
            secret_access_key: secret_access_key.clone(),
            session_token: session_token.clone(),
        }),
        AwsSignIn::Container { url, authorization } => AwsCredentials::Container {
            url: url.clone(),
            token: authorization.as_ref().map(|given| match given {
                AgentAuthorization::Token(token) => AgentToken::Given(token.clone()),
                AgentAuthorization::File(path) => AgentToken::File(path.clone()),
            }),
        },
    }
}

fn address(setting: &str, text: &str) -> Result<adapter_kit::Url, ComposeError> {
    text.parse()
        .map_err(|e| ComposeError::Configuration(format!("{setting} is no address: {e}")))
}
