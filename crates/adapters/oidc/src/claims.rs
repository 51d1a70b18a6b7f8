//! The claims of the ID token and of the UserInfo endpoint, with whatever else a provider puts into them.

use domain::people::Email;
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreRevocableToken,
    CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AdditionalClaims, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet,
    IdTokenClaims, IdTokenFields, StandardErrorResponse, StandardTokenResponse, UserInfoClaims,
};
use ports::identity::Identity;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Claims that the standard does not name.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Extra {
    #[serde(flatten)]
    claims: Map<String, Value>,
}

impl AdditionalClaims for Extra {}

type Fields = IdTokenFields<
    Extra,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;

pub(crate) type IdToken = openidconnect::IdToken<
    Extra,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;

pub(crate) type Client = openidconnect::Client<
    Extra,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    StandardTokenResponse<Fields, CoreTokenType>,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

pub(crate) type Info = UserInfoClaims<Extra, CoreGenderClaim>;

/// What the ID token says of somebody. What it does not speak of is `None`, and may be asked for.
pub(crate) struct Told {
    issuer: String,
    subject: String,
    /// With whether it is verified: both are one source's word.
    email: Option<(String, bool)>,
    groups: Option<Vec<String>>,
}

impl Told {
    pub(crate) fn by(claims: &IdTokenClaims<Extra, CoreGenderClaim>, groups_claim: &str) -> Self {
        let verified = claims.email_verified().unwrap_or(false);
        Self {
            issuer: claims.issuer().as_str().to_owned(),
            subject: claims.subject().as_str().to_owned(),
            email: claims.email().map(|e| (e.as_str().to_owned(), verified)),
            groups: groups(&claims.additional_claims().claims, groups_claim),
        }
    }

    pub(crate) fn is_whole(&self) -> bool {
        self.email.is_some() && self.groups.is_some()
    }

    /// What the ID token says stands; only what is missing is taken from here.
    pub(crate) fn completed(mut self, info: &Info, groups_claim: &str) -> Self {
        let verified = info.email_verified().unwrap_or(false);
        let email = info.email().map(|e| (e.as_str().to_owned(), verified));
        self.email = self.email.or(email);
        let found = || groups(&info.additional_claims().claims, groups_claim);
        self.groups = self.groups.or_else(found);
        self
    }

    pub(crate) fn identity(self) -> Identity {
        let (email, email_verified) = self.email.unwrap_or_default();
        Identity {
            issuer: self.issuer,
            subject: self.subject,
            email: Email::parse(&email).ok(),
            email_verified,
            groups: self.groups.unwrap_or_default(),
        }
    }
}

/// A list of texts, or one; the name may lead into objects: `realm_access.roles`. A claim of that very name comes first. `None`:
/// there is no such claim.
fn groups(claims: &Map<String, Value>, name: &str) -> Option<Vec<String>> {
    let nested = || {
        let mut parts = name.split('.');
        let first = claims.get(parts.next()?)?;
        parts.try_fold(first, |value, part| value.get(part))
    };
    Some(match claims.get(name).or_else(nested)? {
        Value::String(one) => vec![one.clone()],
        Value::Array(all) => {
            let texts = all.iter().filter_map(Value::as_str);
            texts.map(str::to_owned).collect()
        }
        _ => Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn groups_stand_where_the_provider_puts_them() {
        let claims = json!({
            "groups": ["a", 7, "b"], "role": "c", "realm_access": { "roles": ["d"] },
            "https://shop.example/groups": ["e"],
        });
        let claims = claims.as_object().expect("an object");
        let found = |name: &str| groups(claims, name).map(|g| g.join(" "));
        assert_eq!(found("groups").as_deref(), Some("a b"));
        assert_eq!(found("role").as_deref(), Some("c"));
        assert_eq!(found("realm_access.roles").as_deref(), Some("d"));
        assert_eq!(found("https://shop.example/groups").as_deref(), Some("e"));
        assert_eq!(found("realm_access").as_deref(), Some(""));
        assert_eq!(found("nothing.here"), None);
    }
}
