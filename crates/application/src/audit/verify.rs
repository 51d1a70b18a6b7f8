//! Walks the whole chain and compares it with what was signed.

use super::{Audit, AuditError};
use chrono::{DateTime, Utc};
use domain::audit::{Broken, Checkpoint, Fault, Walk};
use domain::ids::WorkspaceId;

/// Entries that are read at once.
pub(super) const BATCH: u32 = 500;

/// What the walk found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Sound entries, from the first on.
    pub entries: i64,
    pub checkpoints: usize,
    /// The newest signed end.
    pub signed_at: Option<DateTime<Utc>>,
    /// Entries after it, which only the chain itself protects.
    pub unsigned: i64,
    /// The first place that does not hold.
    pub broken: Option<Broken>,
}

impl Audit {
    pub async fn verify(&self, workspace: WorkspaceId) -> Result<Verdict, AuditError> {
        let head = self.ports.audit.head(workspace).await?;
        let checkpoints = self.ports.audit.checkpoints(workspace).await?;
        let (sound, forged) = self.sort_checkpoints(workspace, checkpoints).await?;
        let mut walk = Walk::new(sound.iter().map(|c| (c.seq, c.hash)).collect());
        let chain = self.walk(workspace, &mut walk, head).await?;
        // Of several faults the first one is named.
        let signature = forged.map(|seq| Broken {
            seq,
            fault: Fault::BadSignature,
        });
        let broken = [chain, signature]
            .into_iter()
            .flatten()
            .min_by_key(|b| b.seq);
        let last = sound.last();
        Ok(Verdict {
            entries: walk.seq(),
            checkpoints: sound.len(),
            signed_at: last.map(|c| c.at),
            unsigned: (walk.seq() - last.map_or(0, |c| c.seq)).max(0),
            broken,
        })
    }

    /// Those with a genuine signature, and the first place of one without.
    async fn sort_checkpoints(
        &self,
        workspace: WorkspaceId,
        checkpoints: Vec<Checkpoint>,
    ) -> Result<(Vec<Checkpoint>, Option<i64>), AuditError> {
        if checkpoints.is_empty() {
            return Ok((checkpoints, None));
        }
        let key = self.key(workspace).await?.ok_or(AuditError::KeyGone)?;
        let (sound, forged): (Vec<_>, Vec<_>) = checkpoints
            .into_iter()
            .partition(|c| key.is_genuine(workspace, c));
        Ok((sound, forged.first().map(|c| c.seq)))
    }

    async fn walk(
        &self,
        workspace: WorkspaceId,
        walk: &mut Walk,
        head: i64,
    ) -> Result<Option<Broken>, AuditError> {
        loop {
            let entries = self.ports.audit.walk(workspace, walk.seq(), BATCH).await?;
            if entries.is_empty() {
                return Ok(walk.end(head).err());
            }
            for entry in &entries {
                if let Err(broken) = walk.step(entry) {
                    return Ok(Some(broken));
                }
            }
        }
    }
}
