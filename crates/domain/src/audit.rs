//! Who did what: entries in a chain of hashes, so that one that was altered, removed or put in by hand is found.
//!
//! The chain is pure: it computes hashes and compares them. Where entries lie, and who signs its ends, is not its affair.

use crate::ids::WorkspaceId;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::fmt;

/// SHA-256.
pub type Hash = [u8; 32];

/// What the first entry of a workspace is chained to.
pub const ORIGIN: Hash = [0; 32];

/// Changes when the canonical form does.
const VERSION: &str = "royal-audit-v1";

/// The longest text of an entry, in characters.
const MAX_TEXT: usize = 500;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    Person,
    Token,
    /// Whoever has a shell on the machine.
    CommandLine,
    /// The program itself.
    System,
    /// Somebody who did not prove who they are.
    Nobody,
}

impl ActorKind {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Token => "token",
            Self::CommandLine => "command_line",
            Self::System => "system",
            Self::Nobody => "nobody",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    pub kind: ActorKind,
    /// The user's id, where there is a user.
    pub id: Option<String>,
    /// As people know them: an address, the name of a token.
    pub name: String,
    /// Where the request came from.
    pub address: Option<String>,
}

impl Actor {
    #[must_use]
    pub fn new(kind: ActorKind, id: Option<String>, name: &str, address: Option<String>) -> Self {
        Self {
            kind,
            id,
            name: text(name),
            address: address.map(|a| text(&a)),
        }
    }

    #[must_use]
    pub fn command_line() -> Self {
        Self::new(ActorKind::CommandLine, None, "command line", None)
    }

    #[must_use]
    pub fn system() -> Self {
        Self::new(ActorKind::System, None, "royal", None)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Done,
    Refused,
    Failed,
}

impl Outcome {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// An entry before it has its place in the chain. Never holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewEntry {
    pub workspace: WorkspaceId,
    /// To the microsecond, as it is stored.
    pub at: DateTime<Utc>,
    pub actor: Actor,
    /// `token.create`, `user.role`: area, dot, what was done.
    pub action: String,
    pub outcome: Outcome,
    pub target_kind: String,
    pub target_id: String,
    /// As people know it.
    pub target_name: String,
    /// JSON texts, as they are hashed.
    pub before: Option<String>,
    pub after: Option<String>,
    pub reason: Option<String>,
}

impl NewEntry {
    /// Something that was done.
    #[must_use]
    pub fn done(
        workspace: WorkspaceId,
        at: DateTime<Utc>,
        actor: Actor,
        action: &str,
        target: (&str, &str, &str),
    ) -> Self {
        let micros = at.timestamp_micros();
        Self {
            workspace,
            at: DateTime::from_timestamp_micros(micros).unwrap_or(at),
            actor,
            action: text(action),
            outcome: Outcome::Done,
            target_kind: text(target.0),
            target_id: text(target.1),
            target_name: text(target.2),
            before: None,
            after: None,
            reason: None,
        }
    }

    #[must_use]
    pub fn outcome(mut self, outcome: Outcome) -> Self {
        self.outcome = outcome;
        self
    }

    #[must_use]
    pub fn before(mut self, value: &Value) -> Self {
        self.before = Some(value.to_string());
        self
    }

    #[must_use]
    pub fn after(mut self, value: &Value) -> Self {
        self.after = Some(value.to_string());
        self
    }

    #[must_use]
    pub fn because(mut self, reason: &str) -> Self {
        self.reason = Some(text(reason));
        self
    }

    /// The entry at its place in the chain.
    #[must_use]
    pub fn chained(self, seq: i64, previous: Hash) -> Entry {
        let hash = hash(&self, seq, &previous);
        Entry {
            seq,
            entry: self,
            previous,
            hash,
        }
    }
}

/// Short, and without what databases store in different ways.
fn text(text: &str) -> String {
    text.chars().filter(|c| *c != '\0').take(MAX_TEXT).collect()
}

/// An entry with its place: 1, 2, 3 … in its workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub seq: i64,
    pub entry: NewEntry,
    pub previous: Hash,
    pub hash: Hash,
}

/// Every part with its length before it, so that no two entries have one form.
fn hash(entry: &NewEntry, seq: i64, previous: &Hash) -> Hash {
    let mut sum = Sha256::new();
    let mut part = |bytes: &[u8]| {
        sum.update((bytes.len() as u64).to_be_bytes());
        sum.update(bytes);
    };
    part(VERSION.as_bytes());
    part(previous);
    part(entry.workspace.0.as_bytes());
    part(&seq.to_be_bytes());
    part(&entry.at.timestamp_micros().to_be_bytes());
    let actor = &entry.actor;
    let texts = [
        actor.kind.as_str(),
        &actor.name,
        &entry.action,
        entry.outcome.as_str(),
        &entry.target_kind,
        &entry.target_id,
        &entry.target_name,
    ];
    for text in texts {
        part(text.as_bytes());
    }
    let optional = [
        &actor.id,
        &actor.address,
        &entry.before,
        &entry.after,
        &entry.reason,
    ];
    for text in optional {
        match text {
            Some(text) => {
                part(&[1]);
                part(text.as_bytes());
            }
            None => part(&[0]),
        }
    }
    sum.finalize().into()
}

/// The end of a chain at some time, signed by whoever keeps the key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    pub seq: i64,
    pub hash: Hash,
    pub at: DateTime<Utc>,
    pub signature: Vec<u8>,
}

impl Checkpoint {
    /// What is signed.
    #[must_use]
    pub fn message(workspace: WorkspaceId, seq: i64, hash: &Hash, at: DateTime<Utc>) -> Vec<u8> {
        let mut message = b"royal-audit-checkpoint-v1".to_vec();
        message.extend(workspace.0.as_bytes());
        message.extend(seq.to_be_bytes());
        message.extend(hash);
        message.extend(at.timestamp_micros().to_be_bytes());
        message
    }
}

/// The first place where a chain does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Broken {
    pub seq: i64,
    pub fault: Fault,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The entry does not have the hash that its content gives.
    Altered,
    /// The entry is not there.
    Missing,
    /// The entry does not follow the one before it.
    Unlinked,
    /// The entry is not the one that the checkpoint signed.
    NotAsSigned,
    /// The checkpoint at this entry is not signed with the key.
    BadSignature,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seq = self.seq;
        match self.fault {
            Fault::Altered => write!(
                f,
                "entry {seq} was altered: its content does not give its hash"
            ),
            Fault::Missing => write!(f, "entry {seq} is missing"),
            Fault::Unlinked => write!(f, "entry {seq} does not follow the one before it"),
            Fault::NotAsSigned => write!(f, "entry {seq} is not the one that was signed"),
            Fault::BadSignature => write!(
                f,
                "the checkpoint at entry {seq} is not signed with the key"
            ),
        }
    }
}

/// Walks along a chain from its first entry.
#[derive(Debug, Clone)]
pub struct Walk {
    seq: i64,
    hash: Hash,
    /// Ascending, signatures checked; each entry that is signed is compared.
    signed: Vec<(i64, Hash)>,
}

impl Walk {
    /// `signed`: places and hashes of checkpoints.
    #[must_use]
    pub fn new(mut signed: Vec<(i64, Hash)>) -> Self {
        signed.sort_unstable();
        signed.reverse();
        Self {
            seq: 0,
            hash: ORIGIN,
            signed,
        }
    }

    /// The last entry that was walked over.
    #[must_use]
    pub fn seq(&self) -> i64 {
        self.seq
    }

    /// The next entry.
    pub fn step(&mut self, entry: &Entry) -> Result<(), Broken> {
        let broken = |seq, fault| Err(Broken { seq, fault });
        let expected = self.seq + 1;
        if entry.seq != expected {
            return broken(expected, Fault::Missing);
        }
        if hash(&entry.entry, entry.seq, &entry.previous) != entry.hash {
            return broken(expected, Fault::Altered);
        }
        if entry.previous != self.hash {
            return broken(expected, Fault::Unlinked);
        }
        while let Some((seq, hash)) = self.signed.last().copied()
            && seq <= expected
        {
            if seq == expected && hash != entry.hash {
                return broken(expected, Fault::NotAsSigned);
            }
            self.signed.pop();
        }
        (self.seq, self.hash) = (entry.seq, entry.hash);
        Ok(())
    }

    /// After the last entry. `head` is the place that the log says is its last.
    pub fn end(&self, head: i64) -> Result<(), Broken> {
        let signed = self.signed.iter().map(|(seq, _)| *seq).max();
        if head > self.seq || signed.is_some_and(|seq| seq > self.seq) {
            return Err(Broken {
                seq: self.seq + 1,
                fault: Fault::Missing,
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use uuid::Uuid;

    fn entry(n: i64) -> NewEntry {
        let target = ("token", "7", "nightly");
        let at = DateTime::from_timestamp_micros(n).unwrap();
        let workspace = WorkspaceId(Uuid::from_u128(1));
        NewEntry::done(workspace, at, Actor::command_line(), "token.create", target)
            .after(&json!({ "scopes": ["reports:read"] }))
    }

    fn chain(length: i64) -> Vec<Entry> {
        let mut chain: Vec<Entry> = Vec::new();
        for n in 1..=length {
            let previous = chain.last().map_or(ORIGIN, |e| e.hash);
            chain.push(entry(n).chained(n, previous));
        }
        chain
    }

    fn walk(chain: &[Entry], signed: &[(i64, Hash)], head: i64) -> Result<(), Broken> {
        let mut walk = Walk::new(signed.to_vec());
        chain.iter().try_for_each(|e| walk.step(e))?;
        walk.end(head)
    }

    #[track_caller]
    fn check(chain: &[Entry], signed: &[(i64, Hash)], head: i64, seq: i64, fault: Fault) {
        assert_eq!(walk(chain, signed, head), Err(Broken { seq, fault }));
    }

    #[test]
    fn a_sound_chain_holds() {
        let sound = chain(5);
        let signed = [(2, sound[1].hash), (5, sound[4].hash)];
        assert_eq!(walk(&sound, &signed, 5), Ok(()));
        assert_eq!(walk(&[], &[], 0), Ok(()));
    }

    #[test]
    fn each_field_is_a_part_of_the_hash() {
        let sound = chain(1).remove(0);
        let mut changed = vec![sound.entry.clone(); 11];
        changed[0].actor.name.push('x');
        changed[1].actor.id = Some(String::new());
        changed[2].actor.address = Some("::1".into());
        changed[3].action.push('x');
        changed[4].outcome = Outcome::Refused;
        changed[5].target_id.push('x');
        changed[6].before = Some("null".into());
        changed[7].after = None;
        changed[8].reason = Some("why".into());
        changed[9].at = DateTime::from_timestamp_micros(2).unwrap();
        changed[10].actor.kind = ActorKind::System;
        for other in changed {
            assert_ne!(other.chained(1, ORIGIN).hash, sound.hash);
        }
    }

    #[test]
    fn what_was_done_by_hand_is_found_at_its_first_entry() {
        let sound = chain(5);
        let mut altered = sound.clone();
        altered[2].entry.target_name = "another".into();
        check(&altered, &[], 5, 3, Fault::Altered);

        let mut with_new_hash = altered.clone();
        with_new_hash[2] = with_new_hash[2].entry.clone().chained(3, sound[1].hash);
        check(&with_new_hash, &[], 5, 4, Fault::Unlinked);

        let mut without = sound.clone();
        without.remove(1);
        check(&without, &[], 5, 2, Fault::Missing);
        check(&sound[1..], &[], 5, 1, Fault::Missing);
    }

    #[test]
    fn a_cut_end_is_found_by_the_head_or_the_checkpoint() {
        let sound = chain(5);
        check(&sound[..3], &[], 5, 4, Fault::Missing);
        check(&sound[..3], &[(5, sound[4].hash)], 3, 4, Fault::Missing);
        // Somebody rebuilt the whole chain: only the signature tells.
        let mut forged: Vec<Entry> = Vec::new();
        for n in 1..=5 {
            let previous = forged.last().map_or(ORIGIN, |e| e.hash);
            forged.push(entry(n + 100).chained(n, previous));
        }
        check(&forged, &[(5, sound[4].hash)], 5, 5, Fault::NotAsSigned);
    }
}
