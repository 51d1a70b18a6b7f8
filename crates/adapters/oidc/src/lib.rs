//! OpenID Connect: discovery, the authorization code flow with PKCE, and ID tokens that are proved before anything in them is believed.
//!
//! Keys are read anew when a token is signed by one that is not known, so that a provider may change them. What the ID token does
//! not say of address and groups is asked for at the UserInfo endpoint, whose answer must be about the same subject.

mod claims;
mod guard;
mod web;

use adapter_kit::{Registry, Url};
use async_trait::async_trait;
use chrono::Utc;
use claims::{Client, Extra, IdToken, Info, Told};
use openidconnect::core::{CoreAuthenticationFlow, CoreJwsSigningAlgorithm, CoreProviderMetadata};
use openidconnect::{
    AccessToken, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken,
    DiscoveryError, IdTokenClaims, IssuerUrl, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope, SubjectIdentifier, TokenResponse as _,
    UserInfoError,
};
use ports::identity::{Departure, Identity, IdentityProvider};
use ports::{Kind, PortError, PortResult, Retry};
use secrecy::{ExposeSecret as _, SecretString};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;
use web::{Call, Web};

pub(crate) const PROVIDER: &str = "oidc";
/// Discovery and keys are read anew after this.
const FRESH: Duration = Duration::from_secs(3600);
/// How far the provider's clock may be ahead of ours.
const SKEW: chrono::Duration = chrono::Duration::seconds(60);

#[derive(Debug, Clone)]
pub struct OidcSettings {
    /// Exactly as the provider writes it.
    pub issuer: String,
    pub client_id: String,
    /// Besides `openid`.
    pub scopes: Vec<String>,
    /// The claim that names a person's groups.
    pub groups_claim: String,
    pub label: String,
}

pub struct Oidc {
    settings: OidcSettings,
    issuer: IssuerUrl,
    web: Arc<Web>,
    known: Mutex<Option<Known>>,
}

struct Known {
    at: Instant,
    metadata: CoreProviderMetadata,
}

pub(crate) fn fault(kind: Kind, operation: &'static str, detail: String) -> PortError {
    PortError::new(kind, Retry::Never, PROVIDER, operation, detail)
}

impl Oidc {
    /// # Errors
    /// `Configuration` when the issuer is no address, or one that is not safe.
    pub fn new(settings: OidcSettings, registry: &Registry) -> PortResult<Self> {
        let refuse = |why: String| {
            let detail = format!("OIDC_ISSUER={}: {why}", settings.issuer);
            fault(Kind::Configuration, "oidc.connect", detail)
        };
        let url = Url::parse(&settings.issuer).map_err(|e| refuse(e.to_string()))?;
        guard::issuer(&url).map_err(|why| refuse(why.to_owned()))?;
        let issuer = IssuerUrl::new(settings.issuer.clone()).map_err(|e| refuse(e.to_string()))?;
        Ok(Self {
            issuer,
            web: Arc::new(Web::new(url, registry.clone())),
            known: Mutex::new(None),
            settings,
        })
    }

    /// What the provider says of itself, not older than `age`.
    async fn metadata(&self, age: Duration) -> PortResult<CoreProviderMetadata> {
        let mut known = self.known.lock().await;
        if let Some(known) = known.as_ref().filter(|k| k.at.elapsed() < age) {
            return Ok(known.metadata.clone());
        }
        self.web.forget();
        let call = Call::new(&self.web, "oidc.discover");
        let found = CoreProviderMetadata::discover_async(self.issuer.clone(), &call).await;
        let metadata = found.map_err(|error| match error {
            DiscoveryError::Request(error) => error,
            other => fault(
                Kind::Configuration,
                "oidc.discover",
                format!(
                    "{} is no OpenID Connect provider: {other}. Check OIDC_ISSUER",
                    self.settings.issuer
                ),
            ),
        })?;
        *known = Some(Known {
            at: Instant::now(),
            metadata: metadata.clone(),
        });
        Ok(metadata)
    }

    fn client(
        &self,
        metadata: CoreProviderMetadata,
        redirect: &str,
        secret: Option<&SecretString>,
    ) -> PortResult<Client> {
        let redirect = RedirectUrl::new(redirect.to_owned()).map_err(|e| {
            let detail = format!("PUBLIC_URL makes no address to come back to: {e}");
            fault(Kind::Configuration, "oidc.connect", detail)
        })?;
        let secret = secret.map(|s| ClientSecret::new(s.expose_secret().to_owned()));
        let id = ClientId::new(self.settings.client_id.clone());
        Ok(Client::from_provider_metadata(metadata, id, secret).set_redirect_uri(redirect))
    }
}

#[async_trait]
impl IdentityProvider for Oidc {
    fn label(&self) -> &str {
        &self.settings.label
    }

    async fn depart(&self, redirect: &str) -> PortResult<Departure> {
        let client = self.client(self.metadata(FRESH).await?, redirect, None)?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let mut request = client.authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            CsrfToken::new_random,
            Nonce::new_random,
        );
        for scope in &self.settings.scopes {
            request = request.add_scope(Scope::new(scope.clone()));
        }
        let (url, state, nonce) = request.set_pkce_challenge(challenge).url();
        Ok(Departure {
            url: url.to_string(),
            state: state.secret().clone(),
            nonce: nonce.secret().clone(),
            verifier: SecretString::from(verifier.secret().clone()),
        })
    }

    async fn arrive(
        &self,
        code: &str,
        redirect: &str,
        nonce: &str,
        verifier: &SecretString,
        client_secret: Option<&SecretString>,
    ) -> PortResult<Identity> {
        let client = self.client(self.metadata(FRESH).await?, redirect, client_secret)?;
        let call = Call::new(&self.web, "oidc.token");
        let request = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|e| {
                let detail = format!("the provider names no token endpoint: {e}");
                fault(Kind::Configuration, "oidc.token", detail)
            })?
            .set_pkce_verifier(PkceCodeVerifier::new(verifier.expose_secret().to_owned()));
        let answer = request.request_async(&call).await.map_err(refused)?;
        let token = answer.id_token().ok_or_else(|| {
            let detail = "the provider sent no ID token: is the scope openid allowed?";
            fault(Kind::Configuration, "oidc.token", detail.to_owned())
        })?;
        let nonce = Nonce::new(nonce.to_owned());
        let proved = match proved(&client, token, &nonce) {
            Err(ClaimsVerificationError::SignatureVerification(_)) => {
                // Its key may be newer than ours: whoever got a token had a code, so nobody asks for this at will.
                let fresh = self.metadata(Duration::ZERO).await?;
                let client = self.client(fresh, redirect, client_secret)?;
                prove(&client, token, &nonce)?
            }
            Err(error) => return Err(unproved(&error)),
            Ok(claims) => claims,
        };
        let groups_claim = &self.settings.groups_claim;
        let told = Told::by(&proved, groups_claim);
        if told.is_whole() || client.user_info_url().is_none() {
            return Ok(told.identity());
        }
        let info = self
            .info(&client, answer.access_token(), proved.subject())
            .await?;
        Ok(told.completed(&info, groups_claim).identity())
    }
}

impl Oidc {
    /// What the provider says of whoever the access token is about, which must be this subject.
    async fn info(
        &self,
        client: &Client,
        token: &AccessToken,
        subject: &SubjectIdentifier,
    ) -> PortResult<Info> {
        let operation = "oidc.user_info";
        let call = Call::new(&self.web, operation);
        let request = client
            .user_info(token.clone(), Some(subject.clone()))
            .map_err(|e| fault(Kind::Configuration, operation, e.to_string()))?;
        let answered = request.request_async(&call).await;
        answered.map_err(|error| match error {
            UserInfoError::Request(error) => error,
            UserInfoError::ClaimsVerification(_) => fault(
                Kind::Unauthorized,
                operation,
                "what came back is not believed: it is about somebody else".to_owned(),
            ),
            UserInfoError::Response(status, ..) => fault(
                Kind::Unauthorized,
                operation,
                format!("the provider does not say more of whoever came: {status}"),
            ),
            // The error's own text may quote what is a person's.
            _ => fault(
                Kind::Corrupt,
                operation,
                "what the provider says of whoever came cannot be read".to_owned(),
            ),
        })
    }
}

type Claims = IdTokenClaims<Extra, openidconnect::core::CoreGenderClaim>;

/// Signature, issuer, audience, times, nonce.
fn proved(
    client: &Client,
    token: &IdToken,
    nonce: &Nonce,
) -> Result<Claims, ClaimsVerificationError> {
    use CoreJwsSigningAlgorithm as Alg;
    // By public keys only: neither `none`, nor a secret that others may know.
    let allowed = [
        Alg::RsaSsaPkcs1V15Sha256,
        Alg::RsaSsaPkcs1V15Sha384,
        Alg::RsaSsaPkcs1V15Sha512,
        Alg::RsaSsaPssSha256,
        Alg::RsaSsaPssSha384,
        Alg::RsaSsaPssSha512,
        Alg::EcdsaP256Sha256,
        Alg::EcdsaP384Sha384,
        Alg::EdDsa,
    ];
    let verifier = client
        .id_token_verifier()
        .set_allowed_algs(allowed)
        .set_issue_time_verifier_fn(|issued| {
            if issued > Utc::now() + SKEW {
                return Err("it is from the future".to_owned());
            }
            Ok(())
        });
    token.claims(&verifier, nonce).cloned()
}

fn prove(client: &Client, token: &IdToken, nonce: &Nonce) -> PortResult<Claims> {
    proved(client, token, nonce).map_err(|error| unproved(&error))
}

fn unproved(error: &ClaimsVerificationError) -> PortError {
    let why = match error {
        ClaimsVerificationError::Expired(_) => "it is too old",
        ClaimsVerificationError::InvalidAudience(_) => "it is meant for somebody else",
        ClaimsVerificationError::InvalidIssuer(_) => "it is another issuer's",
        ClaimsVerificationError::InvalidNonce(_) => "it answers another question",
        ClaimsVerificationError::SignatureVerification(_) => "it is not signed by the provider",
        _ => "it cannot be proved",
    };
    let detail = format!("what came back is not believed: {why}");
    fault(Kind::Unauthorized, "oidc.token", detail)
}

type TokenError = RequestTokenError<
    PortError,
    openidconnect::StandardErrorResponse<openidconnect::core::CoreErrorResponseType>,
>;

fn refused(error: TokenError) -> PortError {
    use openidconnect::core::CoreErrorResponseType as Type;
    match error {
        RequestTokenError::Request(error) => error,
        RequestTokenError::ServerResponse(answer) => match answer.error() {
            Type::InvalidClient | Type::UnauthorizedClient => fault(
                Kind::Configuration,
                "oidc.token",
                "the provider does not accept OIDC_CLIENT_ID and OIDC_CLIENT_SECRET".to_owned(),
            ),
            other => fault(
                Kind::Unauthorized,
                "oidc.token",
                format!("the provider does not accept the code: {}", other.as_ref()),
            ),
        },
        RequestTokenError::Parse(error, _) => fault(
            Kind::Corrupt,
            "oidc.token",
            format!("the provider's answer cannot be read at {}", error.path()),
        ),
        RequestTokenError::Other(what) => fault(Kind::Corrupt, "oidc.token", what),
    }
}
