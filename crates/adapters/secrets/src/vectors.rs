//! Known-answer tests from outside: a JSON object a line in, one a line out, bytes in hexadecimal digits. The functions are the
//! ones that the vault uses; keys and blobs live in this value alone.
//!
//! | `op` | takes | answers |
//! |---|---|---|
//! | `open` | `key`, `nonce`, `aad`, `ct` with its tag | `ok`, `pt` |
//! | `seal` | `key`, `nonce`, `aad`, `pt` | `ct` with its tag |
//! | `hmac` | `key`, `msg` | `mac` (HMAC-SHA-256) |
//! | `hkdf` | `ikm`, `salt`, `info`, `size` | `ok`, `okm` (HKDF-SHA-512) |
//! | `wrap` | `name`, `pt` | `blob` |
//! | `unwrap` | `name`, `blob` | `ok`, `pt` |
//! | `rotate` | | `{}`: another key wraps from now on |

use crate::entropy::NoEntropy;
use crate::envelope::{Context, open, seal};
use crate::keyring::{Kek, Keyring};
use crate::primitives::{NONCE, TAG, aes_256_gcm_open, aes_256_gcm_seal, hkdf_sha512};
use adapter_kit::mac::hmac_sha256;
use serde::Deserialize;
use serde_json::{Value, json};

/// Answers line by line.
pub struct Vectors {
    keyring: Keyring,
}

#[derive(Deserialize)]
#[serde(tag = "op", rename_all = "lowercase")]
enum Question {
    Open {
        key: Hex,
        nonce: Hex,
        #[serde(default)]
        aad: Hex,
        ct: Hex,
    },
    Seal {
        key: Hex,
        nonce: Hex,
        #[serde(default)]
        aad: Hex,
        pt: Hex,
    },
    Hmac {
        key: Hex,
        msg: Hex,
    },
    Hkdf {
        ikm: Hex,
        #[serde(default)]
        salt: Hex,
        #[serde(default)]
        info: Hex,
        size: usize,
    },
    Wrap {
        name: String,
        pt: Hex,
    },
    Unwrap {
        name: String,
        blob: Hex,
    },
    Rotate {},
}

#[derive(Default)]
struct Hex(Vec<u8>);

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        hex::decode(&text)
            .map(Self)
            .map_err(|e| serde::de::Error::custom(format!("no hexadecimal digits: {e}")))
    }
}

/// More than HKDF-SHA-512 gives; what is larger is refused before memory is taken for it.
const MOST_SIZE: usize = 255 * 64;

impl Vectors {
    /// # Errors
    /// [`NoEntropy`].
    pub fn new() -> Result<Self, NoEntropy> {
        Ok(Self {
            keyring: Keyring::new(Kek::generate()?, Vec::new()),
        })
    }

    /// A line that is no question is answered with `error`.
    pub fn answer(&mut self, line: &str) -> Value {
        let answered = serde_json::from_str(line)
            .map_err(|e| e.to_string())
            .and_then(|question| self.ask(question));
        answered.unwrap_or_else(|error| json!({ "error": error }))
    }

    fn ask(&mut self, question: Question) -> Result<Value, String> {
        Ok(match question {
            Question::Open {
                key,
                nonce,
                aad,
                ct,
            } => opened(&key.0, &nonce.0, &aad.0, &ct.0)?,
            Question::Seal {
                key,
                nonce,
                aad,
                pt,
            } => {
                let mut text = pt.0;
                let tag = aes_256_gcm_seal(
                    fixed("key", &key.0)?,
                    fixed::<NONCE>("nonce", &nonce.0)?,
                    &aad.0,
                    &mut text,
                );
                text.extend_from_slice(&tag);
                json!({ "ct": hex::encode(text) })
            }
            Question::Hmac { key, msg } => {
                json!({ "mac": hex::encode(hmac_sha256(&key.0, &msg.0)) })
            }
            Question::Hkdf {
                ikm,
                salt,
                info,
                size,
            } => {
                let mut out = vec![0; size.min(MOST_SIZE + 1)];
                match hkdf_sha512(&ikm.0, Some(&salt.0), &info.0, &mut out) {
                    true => json!({ "ok": true, "okm": hex::encode(out) }),
                    false => json!({ "ok": false }),
                }
            }
            Question::Wrap { name, pt } => {
                let blob = seal(self.keyring.primary(), context(&name), &pt.0);
                json!({ "blob": hex::encode(blob.map_err(|e| e.to_string())?) })
            }
            Question::Unwrap { name, blob } => match open(&self.keyring, context(&name), &blob.0) {
                Ok(text) => json!({ "ok": true, "pt": hex::encode(text.as_slice()) }),
                Err(_) => json!({ "ok": false }),
            },
            Question::Rotate {} => {
                let fresh = Kek::generate().map_err(|e| e.to_string())?;
                self.keyring = Keyring::new(fresh, self.keyring.keys().to_vec());
                json!({})
            }
        })
    }
}

fn context(name: &str) -> Context<'_> {
    Context {
        workspace: &[0; 16],
        name,
        version: 1,
        purpose: "secret",
    }
}

fn fixed<'a, const N: usize>(what: &str, bytes: &'a [u8]) -> Result<&'a [u8; N], String> {
    bytes
        .try_into()
        .map_err(|_| format!("{what} has {} bytes where {N} belong", bytes.len()))
}

/// What does not fit the cipher at all does not open either.
fn opened(key: &[u8], nonce: &[u8], aad: &[u8], sealed: &[u8]) -> Result<Value, String> {
    let key = fixed("key", key)?;
    let fits = <&[u8; NONCE]>::try_from(nonce)
        .ok()
        .zip(sealed.split_last_chunk::<TAG>());
    let text = fits
        .and_then(|(nonce, (ciphertext, tag))| aes_256_gcm_open(key, nonce, aad, ciphertext, tag));
    Ok(match text {
        Some(text) => json!({ "ok": true, "pt": hex::encode(text.as_slice()) }),
        None => json!({ "ok": false }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_are_answered_by_the_functions_of_the_vault() {
        let mut vectors = Vectors::new().unwrap();
        let (key, nonce) = ("00".repeat(32), "00".repeat(12));
        // NIST GCM test case 14: 128 zero bits under a zero key.
        let sealed = vectors.answer(&format!(
            r#"{{"op":"seal","key":"{key}","nonce":"{nonce}","aad":"","pt":"{}"}}"#,
            "00".repeat(16)
        ));
        let ct = "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919";
        assert_eq!(sealed, json!({ "ct": ct }));
        let open = |ct: &str| {
            format!(r#"{{"op":"open","key":"{key}","nonce":"{nonce}","aad":"","ct":"{ct}"}}"#)
        };
        assert_eq!(
            vectors.answer(&open(ct)),
            json!({"ok": true, "pt": "00".repeat(16)})
        );
        assert_eq!(
            vectors.answer(&open(&ct.replace("919", "918"))),
            json!({"ok": false})
        );
        assert_eq!(vectors.answer(&open("00")), json!({"ok": false}));
        // RFC 4231, test case 2.
        let mac = vectors.answer(r#"{"op":"hmac","key":"4a656665","msg":"7768617420646f2079612077616e7420666f72206e6f7468696e673f"}"#);
        assert_eq!(
            mac,
            json!({"mac": "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"})
        );
        let too_large =
            vectors.answer(r#"{"op":"hkdf","ikm":"00","salt":"","info":"","size":16321}"#);
        assert_eq!(too_large, json!({"ok": false}));
        assert!(vectors.answer("{").get("error").is_some());
        assert!(
            vectors
                .answer(r#"{"op":"seal","key":"00","nonce":"","pt":""}"#)
                .get("error")
                .is_some()
        );
    }

    #[test]
    fn what_was_wrapped_before_a_rotation_unwraps_after_it() {
        let mut vectors = Vectors::new().unwrap();
        let wrapped = vectors.answer(r#"{"op":"wrap","name":"a","pt":"0102"}"#);
        let blob = wrapped["blob"].as_str().unwrap();
        let unwrap = |name: &str| format!(r#"{{"op":"unwrap","name":"{name}","blob":"{blob}"}}"#);
        assert_eq!(vectors.answer(r#"{"op":"rotate"}"#), json!({}));
        assert_eq!(
            vectors.answer(&unwrap("a")),
            json!({"ok": true, "pt": "0102"})
        );
        assert_eq!(vectors.answer(&unwrap("b")), json!({"ok": false}));
    }
}
