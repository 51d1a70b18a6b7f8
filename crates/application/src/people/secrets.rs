//! Random secrets, their hashes, and passwords.

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ports::accounts::SecretHash;
use ports::{Kind, PortError, PortResult, Retry};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};

/// OWASP's second recommended setting (2026): 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;

/// Passwords that lists of leaks begin with.
const COMMON: &[&str] = &[
    "12345678",
    "123456789",
    "1234567890",
    "password",
    "password1",
    "password123",
    "qwertyuiop",
    "qwerty123",
    "iloveyou",
    "11111111",
    "00000000",
    "letmein1",
    "welcome1",
    "admin123",
    "administrator",
    "changeme",
    "sunshine",
    "princess",
    "football",
    "baseball",
    "trustno1",
    "superman",
    "abcd1234",
    "1q2w3e4r",
    "passw0rd",
    "p@ssw0rd",
    "royalequips",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    #[error("a password has at least 8 characters")]
    TooShort,
    #[error("a password has at most 128 characters")]
    TooLong,
    #[error("this password is on every attacker's list; choose another one")]
    TooCommon,
}

/// A checked password.
pub(super) fn check_password(password: &SecretString) -> Result<(), PasswordError> {
    let text = password.expose_secret();
    match text.chars().count() {
        0..8 => Err(PasswordError::TooShort),
        129.. => Err(PasswordError::TooLong),
        _ if COMMON.contains(&text.to_lowercase().as_str()) => Err(PasswordError::TooCommon),
        _ => Ok(()),
    }
}

fn argon2() -> PortResult<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(|e| failed(&e.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn failed(what: &str) -> PortError {
    PortError::new(
        Kind::Corrupt,
        Retry::Never,
        "royal",
        "password",
        format!("the password could not be hashed: {what}"),
    )
}

/// A PHC string. Takes tens of milliseconds of a core, so it runs on the blocking pool.
pub(super) async fn hash_password(password: SecretString) -> PortResult<String> {
    tokio::task::spawn_blocking(move || {
        let hash = argon2()?
            .hash_password(password.expose_secret().as_bytes())
            .map_err(|e| failed(&e.to_string()))?;
        Ok(hash.to_string())
    })
    .await
    .map_err(|e| failed(&e.to_string()))?
}

/// Whether the password fits. Without a stored hash the same work is done for nothing, so that time tells nothing.
pub(super) async fn verify_password(
    password: SecretString,
    stored: Option<String>,
) -> PortResult<bool> {
    tokio::task::spawn_blocking(move || {
        // A service account has no password, which is no hash either.
        let hash = stored.as_deref().and_then(|s| PasswordHash::new(s).ok());
        let Some(hash) = hash else {
            let _ = argon2()?.hash_password(password.expose_secret().as_bytes());
            return Ok(false);
        };
        Ok(argon2()?
            .verify_password(password.expose_secret().as_bytes(), &hash)
            .is_ok())
    })
    .await
    .map_err(|e| failed(&e.to_string()))?
}

/// 256 random bits in URL-safe base 64.
pub(super) fn random_secret() -> String {
    let bytes: [u8; 32] = rand::random();
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Twelve characters without look-alikes, in groups: 60 bits.
pub(super) fn random_code() -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let bytes: [u8; 12] = rand::random();
    let letters: Vec<char> = bytes
        .iter()
        .map(|b| char::from(LETTERS[usize::from(b % 32)]))
        .collect();
    letters
        .chunks(4)
        .map(|group| group.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join("-")
}

pub(super) fn hash_secret(secret: &str) -> SecretHash {
    Sha256::digest(secret.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_only_itself() {
        let hash = hash_password(SecretString::from("correct horse"))
            .await
            .unwrap();
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        assert!(
            verify_password(SecretString::from("correct horse"), Some(hash.clone()))
                .await
                .unwrap()
        );
        assert!(
            !verify_password(SecretString::from("correct horsf"), Some(hash))
                .await
                .unwrap()
        );
        assert!(
            !verify_password(SecretString::from("correct horse"), None)
                .await
                .unwrap()
        );
    }

    #[test]
    fn weak_passwords_are_refused_by_reason() {
        let check = |text: &str| check_password(&SecretString::from(text));
        assert_eq!(check("short"), Err(PasswordError::TooShort));
        assert_eq!(check("Password123"), Err(PasswordError::TooCommon));
        assert_eq!(check(&"x".repeat(129)), Err(PasswordError::TooLong));
        assert_eq!(check("pâté au poivre"), Ok(()));
    }

    #[test]
    fn codes_are_typed_by_hand() {
        let code = random_code();
        assert_eq!(code.len(), 14);
        assert!(!code.contains(['0', 'O', '1', 'I']));
        assert_ne!(code, random_code());
    }
}
