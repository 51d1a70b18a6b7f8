//! Signs the end of each chain once a day, with a key that lies among the secrets and not beside the entries.

use super::{Audit, AuditError};
use chrono::Duration;
use domain::audit::{Checkpoint, Fault};
use domain::ids::WorkspaceId;
use hmac::{Hmac, KeyInit as _, Mac as _};
use ports::secrets::SecretName;
use ports::{Kind, PortResult};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;

const NAME: &str = "audit/checkpoint-key";
const EVERY: Duration = Duration::days(1);

pub(super) struct Key(SecretString);

impl Key {
    fn mac(&self, message: &[u8]) -> Hmac<Sha256> {
        // HMAC takes keys of any length.
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.expose_secret().as_bytes())
            .unwrap_or_else(|_| Hmac::new(&hmac::digest::Key::<Hmac<Sha256>>::default()));
        mac.update(message);
        mac
    }

    pub(super) fn is_genuine(&self, workspace: WorkspaceId, c: &Checkpoint) -> bool {
        let message = Checkpoint::message(workspace, c.seq, &c.hash, c.at);
        self.mac(&message).verify_slice(&c.signature).is_ok()
    }
}

impl Audit {
    pub(super) async fn key(&self, workspace: WorkspaceId) -> PortResult<Option<Key>> {
        Ok(self.ports.vault.get(&name(workspace)).await?.map(Key))
    }

    /// Signs the ends that were not signed for a day; answers how many. A chain that does not hold is not signed, and is told
    /// to the log.
    pub async fn sign_due(&self) -> Result<usize, AuditError> {
        let mut signed = 0;
        for workspace in self.workspaces().await? {
            if self.is_due(workspace.id).await? && self.sign(workspace.id).await? {
                signed += 1;
            }
        }
        Ok(signed)
    }

    async fn is_due(&self, workspace: WorkspaceId) -> PortResult<bool> {
        let head = self.ports.audit.head(workspace).await?;
        let checkpoints = self.ports.audit.checkpoints(workspace).await?;
        let now = self.ports.clock.now();
        Ok(match checkpoints.last() {
            Some(last) => head > last.seq && now - last.at >= EVERY,
            None => head > 0,
        })
    }

    /// Whether there was something to sign.
    pub async fn sign(&self, workspace: WorkspaceId) -> Result<bool, AuditError> {
        let verdict = self.verify(workspace).await?;
        if let Some(broken) = verdict.broken {
            tracing::error!(%workspace, entry = broken.seq, "the audit does not hold: {broken}");
            if broken.fault != Fault::BadSignature {
                return Ok(false);
            }
        }
        let last = self.ports.audit.walk(workspace, verdict.entries - 1, 1);
        let Some(last) = last.await?.into_iter().next() else {
            return Ok(false);
        };
        let key = self.key_or_new(workspace).await?;
        let micros = self.ports.clock.now().timestamp_micros();
        let at = chrono::DateTime::from_timestamp_micros(micros).unwrap_or_default();
        let message = Checkpoint::message(workspace, last.seq, &last.hash, at);
        let checkpoint = Checkpoint {
            seq: last.seq,
            hash: last.hash,
            at,
            signature: key.mac(&message).finalize().into_bytes().to_vec(),
        };
        let put = self
            .ports
            .audit
            .put_checkpoint(workspace, &checkpoint)
            .await;
        match put {
            // Another replica was faster.
            Err(error) if error.kind == Kind::Conflict => Ok(false),
            other => Ok(other.map(|()| true)?),
        }
    }

    async fn key_or_new(&self, workspace: WorkspaceId) -> Result<Key, AuditError> {
        if let Some(key) = self.key(workspace).await? {
            return Ok(key);
        }
        let bytes: [u8; 32] = rand::random();
        let value = SecretString::from(hex::encode(bytes));
        let now = self.ports.clock.now();
        match self.ports.vault.put(&name(workspace), &value, now).await {
            Err(error) if error.kind == Kind::Conflict => {}
            other => other?,
        }
        self.key(workspace).await?.ok_or(AuditError::KeyGone)
    }
}

fn name(workspace: WorkspaceId) -> SecretName {
    SecretName {
        workspace,
        name: NAME.to_owned(),
    }
}
