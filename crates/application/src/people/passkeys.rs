//! Sign-in by passkey (WebAuthn level 3): made, named and removed by its person, and accepted instead of password and code.
//!
//! The library proves what an authenticator says; we keep what was asked of it, and that each challenge is answered once. User
//! verification is required, so that a passkey is two factors by itself: the device, and what unlocks it.

use super::secrets::hash_secret;
use super::{Origin, PasskeyError, People, Principal, SignedIn, name};
use chrono::Duration;
use domain::audit::{Actor, ActorKind, NewEntry, Outcome};
use domain::ids::{PasskeyId, UserId};
use domain::passkey::{MOST_PASSKEYS, Passkey};
use domain::people::User;
use ports::accounts::SecretHash;
use ports::passkeys::Ceremony;
use ports::{Kind, PortError, PortResult, Retry};
use secrecy::SecretString;
use serde_json::{Value, json};
use url::{Host, Url};
use uuid::Uuid;
use webauthn_rp::bin::{Decode as _, Encode as _};
use webauthn_rp::request::auth::{
    AuthenticationVerificationOptions, DiscoverableCredentialRequestOptions,
};
use webauthn_rp::request::register::{
    CredProtect, Nickname, PublicKeyCredentialCreationOptions, PublicKeyCredentialUserEntity,
    RegistrationVerificationOptions, UserHandle16, Username,
};
use webauthn_rp::request::{
    AsciiDomain, ExtensionInfo, PublicKeyCredentialDescriptor, RpId, TimedCeremony as _,
};
use webauthn_rp::response::auth::DiscoverableAuthentication16;
use webauthn_rp::response::register::{CompressedPubKey, DynamicState, StaticState};
use webauthn_rp::response::{AuthTransports, CredentialId, SentChallenge};
use webauthn_rp::{
    AuthenticatedCredential, DiscoverableAuthenticationServerState, Registration,
    RegistrationServerState,
};

/// As the library gives its challenges.
const TIMEOUT: Duration = Duration::minutes(5);

type PublicKey = CompressedPubKey<[u8; 32], [u8; 32], [u8; 48], Vec<u8>>;

/// To whom passkeys are bound: browsers give them to no other site.
#[derive(Debug, Clone)]
struct RelyingParty {
    id: RpId,
    origin: String,
}

impl RelyingParty {
    /// Browsers want a name (an IP address is none), and TLS unless it is this very machine.
    fn of(public_url: &str) -> Option<Self> {
        let url = Url::parse(public_url).ok()?;
        let Host::Domain(domain) = url.host()? else {
            return None;
        };
        let is_here = domain == "localhost" || domain.ends_with(".localhost");
        if url.scheme() != "https" && !is_here {
            return None;
        }
        let domain = AsciiDomain::try_from(domain.to_owned()).ok()?;
        Some(Self {
            id: RpId::Domain(domain),
            origin: url.origin().ascii_serialization(),
        })
    }
}

/// What a browser hands to an authenticator, and under which hash the answer is waited for.
struct Asked {
    hash: SecretHash,
    state: Vec<u8>,
    options: Value,
}

/// Making, using and removing passkeys.
#[derive(Clone)]
pub struct Passkeys {
    people: People,
    /// `None`: nobody knows under which name browsers reach us, or it is none that takes passkeys.
    place: Option<RelyingParty>,
}

impl Passkeys {
    #[must_use]
    pub fn new(people: People, public_url: Option<&str>) -> Self {
        Self {
            people,
            place: public_url.and_then(RelyingParty::of),
        }
    }

    #[must_use]
    pub fn are_possible(&self) -> bool {
        self.place.is_some()
    }

    fn place(&self) -> Result<&RelyingParty, PasskeyError> {
        self.place.as_ref().ok_or(PasskeyError::NotSetUp)
    }

    /// One's own, oldest first.
    pub async fn list(&self, who: &Principal) -> PortResult<Vec<Passkey>> {
        self.people.ports.passkeys.passkeys(who.user.id).await
    }

    async fn wait_for(&self, user: Option<UserId>, asked: Asked) -> PortResult<Value> {
        let ports = &self.people.ports;
        let now = ports.clock.now();
        let ceremony = Ceremony {
            user,
            state: asked.state,
            expires_at: now + TIMEOUT,
        };
        let passkeys = &ports.passkeys;
        passkeys.put_ceremony(&ceremony, &asked.hash, now).await?;
        Ok(asked.options)
    }

    /// What was asked, once.
    async fn taken(&self, challenge: SentChallenge) -> Result<Ceremony, PasskeyError> {
        let ports = &self.people.ports;
        let (hash, now) = (hash_challenge(challenge), ports.clock.now());
        let found = ports.passkeys.take_ceremony(&hash, now).await?;
        found.ok_or(PasskeyError::Spent)
    }

    /// The first half of making one. Needs the password, and a code where sign-in asks for one: a browser that was left open is
    /// not enough, and whoever signs in elsewhere makes no way round the provider.
    pub async fn begin(
        &self,
        who: &Principal,
        password: SecretString,
        code: Option<&str>,
    ) -> Result<Value, PasskeyError> {
        let place = self.place()?;
        self.people
            .prove_all(who, password, code, "passkey.add")
            .await?;
        let known = self.list(who).await?;
        if known.len() >= MOST_PASSKEYS {
            return Err(PasskeyError::TooMany);
        }
        let asked = ask_to_make(place, &who.user, &known)?;
        Ok(self.wait_for(Some(who.user.id), asked).await?)
    }

    /// The second half: what the authenticator made.
    pub async fn finish(
        &self,
        who: &Principal,
        called: &str,
        credential: &[u8],
    ) -> Result<Passkey, PasskeyError> {
        let place = self.place()?;
        who.session().ok_or(PasskeyError::NeedsSession)?;
        let called = name(called).ok_or(PasskeyError::BadName)?;
        let answer = Registration::from_json_relaxed(credential).map_err(unproved)?;
        let challenge = answer.challenge_relaxed().map_err(unproved)?;
        let asked = self.taken(challenge).await?;
        if asked.user != Some(who.user.id) {
            return Err(PasskeyError::Spent);
        }
        let state = RegistrationServerState::<16>::decode(&asked.state).map_err(unreadable)?;
        let origins = [place.origin.as_str()];
        let rules = RegistrationVerificationOptions::<&str, &str> {
            allowed_origins: &origins,
            error_on_unsolicited_extensions: false,
            ..RegistrationVerificationOptions::default()
        };
        let made = state.verify(&place.id, &answer, &rules).map_err(unproved)?;
        let ports = &self.people.ports;
        let passkey = Passkey {
            id: PasskeyId(Uuid::now_v7()),
            user: who.user.id,
            name: called.to_owned(),
            credential: made.id().inner().to_vec(),
            key: made.static_state().encode().map_err(|e| broken(&e))?,
            state: made
                .dynamic_state()
                .encode()
                .map_err(|e| broken(&e))?
                .to_vec(),
            created_at: ports.clock.now(),
            last_used_at: None,
        };
        let entry = self.entry(who, "passkey.add", passkey.id, called);
        match ports.passkeys.add_passkey(&passkey, &entry).await {
            Err(error) if error.kind == Kind::Conflict => Err(PasskeyError::Known),
            other => Ok(other.map(|()| passkey)?),
        }
    }

    pub async fn rename(
        &self,
        who: &Principal,
        id: PasskeyId,
        called: &str,
    ) -> Result<Passkey, PasskeyError> {
        let called = name(called).ok_or(PasskeyError::BadName)?;
        let mut passkey = self.own(who, id).await?;
        let entry = self
            .entry(who, "passkey.rename", id, called)
            .before(&json!({ "name": passkey.name }));
        let passkeys = &self.people.ports.passkeys;
        let renamed = passkeys.rename_passkey(who.user.id, id, called, &entry);
        renamed.await.map_err(unknown)?;
        called.clone_into(&mut passkey.name);
        Ok(passkey)
    }

    pub async fn remove(&self, who: &Principal, id: PasskeyId) -> Result<(), PasskeyError> {
        let passkey = self.own(who, id).await?;
        let entry = self.entry(who, "passkey.remove", id, &passkey.name);
        let passkeys = &self.people.ports.passkeys;
        let removed = passkeys.remove_passkey(who.user.id, id, &entry);
        removed.await.map_err(unknown)
    }

    async fn own(&self, who: &Principal, id: PasskeyId) -> Result<Passkey, PasskeyError> {
        let own = self.list(who).await?;
        let found = own.into_iter().find(|p| p.id == id);
        found.ok_or(PasskeyError::Unknown)
    }

    fn entry(&self, who: &Principal, action: &str, id: PasskeyId, called: &str) -> NewEntry {
        self.people
            .entry(who, action, ("passkey", &id.to_string(), called))
    }

    /// The first half of signing in: the same for everybody, since the authenticator says who somebody is.
    pub async fn ask(&self) -> Result<Value, PasskeyError> {
        let asked = ask_to_sign_in(self.place()?)?;
        Ok(self.wait_for(None, asked).await?)
    }

    /// The second half: a session, by what the authenticator signed. What is refused is recorded.
    pub async fn sign_in(
        &self,
        credential: &[u8],
        origin: &Origin,
    ) -> Result<SignedIn, PasskeyError> {
        let place = self.place()?;
        let answer = DiscoverableAuthentication16::from_json_relaxed(credential);
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => {
                self.refused(None, origin, &error.to_string()).await?;
                return Err(unproved(error));
            }
        };
        let passkeys = &self.people.ports.passkeys;
        let known = passkeys.passkey(answer.raw_id().into_inner()).await?;
        match self.accept(place, &answer, known.as_ref(), origin).await {
            Err(PasskeyError::Port(error)) => Err(error.into()),
            Err(error) => {
                self.refused(known.as_ref(), origin, &error.to_string())
                    .await?;
                Err(error)
            }
            accepted => accepted,
        }
    }

    async fn accept(
        &self,
        place: &RelyingParty,
        answer: &DiscoverableAuthentication16,
        known: Option<&Passkey>,
        origin: &Origin,
    ) -> Result<SignedIn, PasskeyError> {
        let challenge = answer.challenge_relaxed().map_err(unproved)?;
        let asked = self.taken(challenge).await?;
        if asked.user.is_some() {
            return Err(PasskeyError::Spent);
        }
        let known = known.ok_or_else(|| unproved("nobody here has this passkey"))?;
        let after = prove(place, &asked.state, answer, known)?;
        let ports = &self.people.ports;
        // A deactivated person stays outside.
        let found = ports.accounts.user(known.user).await?;
        let (user, workspace) = found.ok_or_else(|| unproved("its person has no access here"))?;
        let now = ports.clock.now();
        let used = ports
            .passkeys
            .use_passkey(known.id, &known.state, &after, now);
        if !used.await? {
            return Err(unproved("it was used or removed at the same moment"));
        }
        let how = format!("by the passkey {}", known.name);
        let people = &self.people;
        let begun = people.start_session_by(user, workspace, origin, Some(&how));
        Ok(begun.await?)
    }

    async fn refused(
        &self,
        passkey: Option<&Passkey>,
        origin: &Origin,
        why: &str,
    ) -> PortResult<()> {
        let ports = &self.people.ports;
        let found = match passkey {
            Some(passkey) => ports.accounts.user(passkey.user).await?,
            None => None,
        };
        let workspace = match &found {
            Some((user, _)) => Some(user.workspace),
            // The first workspace is that of whoever runs the installation.
            None => ports.accounts.workspaces().await?.first().map(|w| w.id),
        };
        let Some(workspace) = workspace else {
            return Ok(());
        };
        let label = found.map_or_else(|| "a passkey".to_owned(), |(user, _)| user.email.into());
        let id = passkey.map(|p| p.id.to_string()).unwrap_or_default();
        let actor = Actor::new(ActorKind::Nobody, None, &label, origin.address.clone());
        let now = ports.clock.now();
        let target = ("passkey", id.as_str(), label.as_str());
        let entry = NewEntry::done(workspace, now, actor, "session.begin", target)
            .outcome(Outcome::Refused)
            .because(why);
        ports.audit.record(&[entry]).await
    }
}

/// Whether the answer is signed by this passkey, for us, now; answers what its state is from then on.
fn prove(
    place: &RelyingParty,
    asked: &[u8],
    answer: &DiscoverableAuthentication16,
    known: &Passkey,
) -> Result<Vec<u8>, PasskeyError> {
    let asked = DiscoverableAuthenticationServerState::decode(asked).map_err(unreadable)?;
    let handle = handle(known.user)?;
    let key = StaticState::<PublicKey>::decode(&known.key).map_err(unreadable)?;
    let state: [u8; 7] = known.state.as_slice().try_into().map_err(unreadable)?;
    let state = DynamicState::decode(state).map_err(unreadable)?;
    let id = CredentialId::<&[u8]>::decode(&known.credential).map_err(unreadable)?;
    let mut credential =
        AuthenticatedCredential::new(id, &handle, key, state).map_err(unreadable)?;
    let origins = [place.origin.as_str()];
    let rules = AuthenticationVerificationOptions::<&str, &str> {
        allowed_origins: &origins,
        error_on_unsolicited_extensions: false,
        ..AuthenticationVerificationOptions::default()
    };
    asked
        .verify(&place.id, answer, &mut credential, &rules)
        .map_err(unproved)?;
    let state = credential.dynamic_state().encode();
    Ok(state.map_err(|e| broken(&e))?.to_vec())
}

fn ask_to_make(
    place: &RelyingParty,
    user: &User,
    known: &[Passkey],
) -> Result<Asked, PasskeyError> {
    let handle = handle(user.id)?;
    let email = user.email.as_str();
    let entity = PublicKeyCredentialUserEntity {
        // What is no name by RFC 8265 is shown by another one; it is for people alone.
        name: Username::try_from(email)
            .or_else(|_| Username::try_from("account"))
            .map_err(|e| broken(&e))?,
        id: &handle,
        display_name: Nickname::try_from(email).ok(),
    };
    let mut exclude = Vec::new();
    for passkey in known {
        exclude.push(PublicKeyCredentialDescriptor {
            id: CredentialId::<Vec<u8>>::decode(passkey.credential.clone()).map_err(unreadable)?,
            transports: AuthTransports::decode(0).map_err(unreadable)?,
        });
    }
    let mut options = PublicKeyCredentialCreationOptions::passkey(&place.id, entity, exclude);
    // A key that can hides itself from whoever has not unlocked it. Many cannot, and are no worse for us: each answer is verified.
    options.extensions.cred_protect =
        CredProtect::UserVerificationRequired(ExtensionInfo::AllowDontEnforceValue);
    let (server, client) = options.start_ceremony().map_err(|e| broken(&e))?;
    Ok(Asked {
        hash: hash_challenge(server.sent_challenge()),
        state: server.encode().map_err(|e| broken(&e))?,
        options: serde_json::to_value(&client).map_err(|e| broken(&e))?,
    })
}

fn ask_to_sign_in(place: &RelyingParty) -> Result<Asked, PasskeyError> {
    let options = DiscoverableCredentialRequestOptions::passkey(&place.id);
    let (server, client) = options.start_ceremony().map_err(|e| broken(&e))?;
    Ok(Asked {
        hash: hash_challenge(server.sent_challenge()),
        state: server.encode().map_err(|e| broken(&e))?,
        options: serde_json::to_value(&client).map_err(|e| broken(&e))?,
    })
}

/// An authenticator names its person by their id, which says nothing of them.
fn handle(user: UserId) -> Result<UserHandle16, PasskeyError> {
    UserHandle16::decode(user.0.into_bytes()).map_err(|e| broken(&e))
}

fn hash_challenge(challenge: SentChallenge) -> SecretHash {
    hash_secret(&format!("passkey {:032x}", challenge.0))
}

fn unproved(why: impl ToString) -> PasskeyError {
    PasskeyError::Unproved(why.to_string())
}

fn unknown(error: PortError) -> PasskeyError {
    match error.kind {
        Kind::NotFound => PasskeyError::Unknown,
        _ => error.into(),
    }
}

fn unreadable<E>(_: E) -> PasskeyError {
    broken(&"what is stored of it cannot be read")
}

fn broken(what: &dyn std::fmt::Display) -> PasskeyError {
    let detail = format!("the passkey cannot be used: {what}");
    PortError::new(Kind::Corrupt, Retry::Never, "royal", "passkeys", detail).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_want_a_name_and_tls() {
        let of = |url: &str| {
            let place = RelyingParty::of(url)?;
            Some((String::from(place.id), place.origin))
        };
        let some = |id: &str, origin: &str| Some((id.to_owned(), origin.to_owned()));
        assert_eq!(
            of("https://royal.example.com"),
            some("royal.example.com", "https://royal.example.com")
        );
        assert_eq!(
            of("https://Royal.example.com:8443/shop"),
            some("royal.example.com", "https://royal.example.com:8443")
        );
        assert_eq!(
            of("http://localhost:10000"),
            some("localhost", "http://localhost:10000")
        );
        for url in [
            "http://royal.example.com",
            "https://192.0.2.7",
            "https://[2001:db8::1]",
            "http://127.0.0.1:10000",
            "royal.example.com",
        ] {
            assert_eq!(of(url), None, "{url}");
        }
    }
}
