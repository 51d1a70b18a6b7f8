//! An authenticator with one passkey, which does as it is told: WebAuthn level 3, ES256, no attestation.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const WITH_KEY: u8 = 0x40;

/// Its fields are what a test lies about.
pub struct Authenticator {
    /// What the browser says that the page's origin is.
    pub origin: String,
    /// Whether it makes sure who holds it.
    pub verifies: bool,
    /// Uses so far; the next one tells one more.
    pub count: u32,
    credential: [u8; 16],
    key: EcdsaKeyPair,
    handle: String,
}

fn text_of(value: &Value) -> &str {
    value.as_str().expect("a text in the options")
}

fn encoded(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Authenticator {
    /// # Panics
    /// When the system gives no random numbers.
    #[must_use]
    pub fn new(origin: &str) -> Self {
        let (random, algorithm) = (SystemRandom::new(), &ECDSA_P256_SHA256_ASN1_SIGNING);
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(algorithm, &random).expect("a key");
        let key = EcdsaKeyPair::from_pkcs8(algorithm, pkcs8.as_ref(), &random);
        Self {
            origin: origin.to_owned(),
            verifies: true,
            count: 0,
            credential: uuid::Uuid::new_v4().into_bytes(),
            key: key.expect("a key of its own"),
            handle: String::new(),
        }
    }

    fn client_data(&self, kind: &str, options: &Value) -> String {
        json!({ "type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": false })
            .to_string()
    }

    fn data(&mut self, rp_id: &str, flags: u8) -> Vec<u8> {
        let verified = if self.verifies { VERIFIED } else { 0 };
        self.count += 1;
        let mut data = digest(&SHA256, rp_id.as_bytes()).as_ref().to_vec();
        data.push(PRESENT | verified | flags);
        data.extend(self.count.to_be_bytes());
        data
    }

    /// Answers `PublicKeyCredentialCreationOptionsJSON`.
    ///
    /// # Panics
    /// When the options are none.
    pub fn make(&mut self, options: &Value) -> Value {
        text_of(&options["user"]["id"]).clone_into(&mut self.handle);
        let client_data = self.client_data("webauthn.create", options);
        let mut data = self.data(text_of(&options["rp"]["id"]), WITH_KEY);
        data.extend([0; 16]);
        data.extend([0, 16]);
        data.extend(self.credential);
        // COSE: an EC2 key for ES256 over P-256.
        let point = self.key.public_key().as_ref();
        data.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend(&point[1..33]);
        data.extend([0x22, 0x58, 0x20]);
        data.extend(&point[33..65]);
        let mut attestation = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        attestation.push(u8::try_from(data.len()).expect("less than 256 bytes"));
        attestation.extend(&data);
        self.answer(&json!({
            "clientDataJSON": encoded(client_data.as_bytes()),
            "attestationObject": encoded(&attestation),
            "transports": ["internal"],
        }))
    }

    /// Answers `PublicKeyCredentialRequestOptionsJSON`.
    ///
    /// # Panics
    /// When the options are none.
    pub fn sign(&mut self, options: &Value) -> Value {
        let client_data = self.client_data("webauthn.get", options);
        let data = self.data(text_of(&options["rpId"]), 0);
        let mut signed = data.clone();
        signed.extend(digest(&SHA256, client_data.as_bytes()).as_ref());
        let signature = self.key.sign(&SystemRandom::new(), &signed);
        self.answer(&json!({
            "clientDataJSON": encoded(client_data.as_bytes()),
            "authenticatorData": encoded(&data),
            "signature": encoded(signature.expect("signed").as_ref()),
            "userHandle": self.handle,
        }))
    }

    fn answer(&self, response: &Value) -> Value {
        let id = encoded(&self.credential);
        json!({
            "id": id, "rawId": id, "type": "public-key", "response": response,
            "clientExtensionResults": {}, "authenticatorAttachment": "platform",
        })
    }
}
