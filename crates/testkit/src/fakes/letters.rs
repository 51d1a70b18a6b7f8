//! Letters that are owed.

use super::database::FakeDatabase;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::ids::LetterId;
use domain::letter::OwedLetter;
use ports::PortResult;
use ports::letters::LetterStore;

#[async_trait]
impl LetterStore for FakeDatabase {
    async fn owe_letter(&self, letter: &OwedLetter, due: DateTime<Utc>) -> PortResult<()> {
        let row = (letter.clone(), due);
        self.lock().letters.insert(letter.id, row);
        Ok(())
    }

    async fn claim_letter(
        &self,
        now: DateTime<Utc>,
        held_until: DateTime<Utc>,
    ) -> PortResult<Option<OwedLetter>> {
        let mut state = self.lock();
        let due = state.letters.values_mut().filter(|(_, due)| *due <= now);
        let Some((letter, due)) = due.min_by_key(|(letter, due)| (*due, letter.id)) else {
            return Ok(None);
        };
        letter.attempts = letter.attempts.saturating_add(1);
        *due = held_until;
        Ok(Some(letter.clone()))
    }

    async fn put_letter_off(&self, letter: &OwedLetter, due: DateTime<Utc>) -> PortResult<bool> {
        let mut state = self.lock();
        let row = state.letters.get_mut(&letter.id);
        let held = row.filter(|(known, _)| known.attempts == letter.attempts);
        let Some((_, known)) = held else {
            return Ok(false);
        };
        *known = due;
        Ok(true)
    }

    async fn letter_done(&self, id: LetterId) -> PortResult<()> {
        self.lock().letters.remove(&id);
        Ok(())
    }
}
