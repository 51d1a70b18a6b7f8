//! Passkeys whose challenges are answered twice and whose counts go back, and letters that two send.

use super::{caught, let_others_in, saboteur, sound};
use chrono::{DateTime, Utc};
use domain::audit::NewEntry;
use domain::ids::{LetterId, PasskeyId, UserId};
use domain::letter::OwedLetter;
use domain::passkey::Passkey;
use ports::PortResult;
use ports::accounts::SecretHash;
use ports::letters::LetterStore;
use ports::passkeys::{Ceremony, Passkeys};
use std::sync::{Arc, Mutex};
use testkit::Stores;
use testkit::fakes::FakeDatabase;
use testkit::laws::{letters, passkeys};

/// Keeps challenges, believes every count, and asks nobody whose a passkey is.
struct Trusting {
    db: Arc<FakeDatabase>,
    last: Mutex<Option<(SecretHash, Ceremony)>>,
}

saboteur! {
    Passkeys for Trusting {
        async fn take_ceremony(&self, hash: &SecretHash, now: DateTime<Utc>) -> PortResult<Option<Ceremony>> {
            let taken = self.db.take_ceremony(hash, now).await?;
            let mut last = self.last.lock().unwrap();
            if let Some(taken) = taken {
                *last = Some((*hash, taken));
            }
            Ok(last.clone().filter(|(known, _)| known == hash).map(|(_, ceremony)| ceremony))
        }

        async fn use_passkey(&self, id: PasskeyId, before: &[u8], after: &[u8], now: DateTime<Utc>) -> PortResult<bool> {
            self.db.use_passkey(id, before, after, now).await?;
            Ok(true)
        }

        async fn remove_passkey(&self, user: UserId, id: PasskeyId, entry: &NewEntry) -> PortResult<()> {
            let _ = self.db.remove_passkey(user, id, entry).await;
            Ok(())
        }

        /// Looks first and adds later.
        async fn add_passkey(&self, passkey: &Passkey, entry: &NewEntry) -> PortResult<()> {
            let known = self.db.passkey(&passkey.credential).await?;
            let_others_in().await;
            let added = self.db.add_passkey(passkey, entry).await;
            if known.is_none() { Ok(()) } else { added }
        }
    } else self {
        fn passkeys(user: UserId) -> Vec<Passkey>;
        fn passkey(credential: &[u8]) -> Option<Passkey>;
        fn rename_passkey(user: UserId, id: PasskeyId, name: &str, entry: &NewEntry) -> ();
        fn put_ceremony(ceremony: &Ceremony, hash: &SecretHash, now: DateTime<Utc>) -> ();
    }
}

#[tokio::test]
async fn passkeys_that_are_believed_too_much_are_caught() {
    let trusting = || {
        let (db, stores) = sound();
        let last = Mutex::default();
        Stores {
            passkeys: Arc::new(Trusting { db, last }),
            ..stores
        }
    };
    caught(passkeys::a_challenge_is_answered_once_and_in_time(
        trusting(),
    ))
    .await;
    caught(passkeys::a_count_of_uses_never_goes_back(trusting())).await;
    caught(passkeys::a_passkey_is_changed_by_its_person_alone(
        trusting(),
    ))
    .await;
    caught(passkeys::one_credential_is_one_passkey(trusting())).await;
}

/// Gives a letter to whoever asks, as long as it is not done.
struct Generous {
    db: Arc<FakeDatabase>,
}

saboteur! {
    LetterStore for Generous {
        async fn claim_letter(&self, now: DateTime<Utc>, _held_until: DateTime<Utc>) -> PortResult<Option<OwedLetter>> {
            self.db.claim_letter(now, now).await
        }
    } else self {
        fn owe_letter(letter: &OwedLetter, due: DateTime<Utc>) -> ();
        fn put_letter_off(letter: &OwedLetter, due: DateTime<Utc>) -> bool;
        fn letter_done(id: LetterId) -> ();
    }
}

#[tokio::test]
async fn letters_that_two_send_are_caught() {
    let generous = || {
        let (db, stores) = sound();
        Stores {
            letters: Arc::new(Generous { db }),
            ..stores
        }
    };
    caught(letters::a_letter_is_taken_up_when_it_is_due(generous())).await;
    caught(letters::of_many_at_once_one_takes_a_letter_up(generous())).await;
}
