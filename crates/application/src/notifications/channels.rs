//! The places that notices go to: made, set, tried and removed by people.

use super::deliver::Sent;
use super::words::fault;
use super::{Notifications, NotifyError};
use domain::audit::{Actor, NewEntry};
use domain::ids::{ChannelId, DeliveryId, WorkspaceId};
use domain::notifications::{
    Channel, ChannelKind, Delivery, DeliveryState, How, Preferences, Recipient,
};
use ports::secrets::SecretName;
use ports::{Kind, PortResult};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use uuid::Uuid;

/// The parts of a channel that lie in the vault.
pub(super) const URL: &str = "url";
pub(super) const SECRET: &str = "secret";

const LONGEST_NAME: usize = 60;
/// More of them are a mistake.
const MOST: usize = 50;

pub(super) fn secret_name(channel: &Channel, part: &str) -> SecretName {
    SecretName {
        workspace: channel.workspace,
        name: format!("channel/{}/{part}", channel.id),
    }
}

/// As somebody wants a channel.
#[derive(Debug, Clone)]
pub struct ChannelDraft {
    pub name: String,
    /// `None`: where it goes stays as it is.
    pub url: Option<SecretString>,
    pub preferences: Preferences,
    pub enabled: bool,
}

/// A channel that was made, with the secret that signs its messages, which is shown now and never again.
#[derive(Debug)]
pub struct NewChannel {
    pub channel: Channel,
    pub secret: Option<SecretString>,
}

impl Notifications {
    pub async fn channels(&self, workspace: WorkspaceId) -> PortResult<Vec<Channel>> {
        self.ports.notice_settings.channels(workspace).await
    }

    pub async fn channel(
        &self,
        workspace: WorkspaceId,
        id: ChannelId,
    ) -> Result<Channel, NotifyError> {
        let found = self.ports.notice_settings.channel(workspace, id).await?;
        found.ok_or(NotifyError::UnknownChannel)
    }

    pub async fn create_channel(
        &self,
        workspace: WorkspaceId,
        kind: ChannelKind,
        draft: ChannelDraft,
        by: &Actor,
    ) -> Result<NewChannel, NotifyError> {
        let Some(url) = draft.url.clone() else {
            return Err(NotifyError::Invalid(fault("url", "is needed")));
        };
        if self.channels(workspace).await?.len() >= MOST {
            let message = format!("there are {MOST} channels already; remove one first");
            return Err(NotifyError::Invalid(fault("name", message)));
        }
        let mut channel = Channel {
            id: ChannelId(Uuid::now_v7()),
            workspace,
            kind,
            name: String::new(),
            address: String::new(),
            preferences: draft.preferences.clone(),
            enabled: draft.enabled,
            off_reason: None,
            failing_since: None,
            last_error: None,
            last_sent_at: None,
            created_at: self.ports.clock.now(),
        };
        self.fill(&mut channel, &draft)?;
        // The secrets first: a channel without any could not be used.
        let secret = match kind {
            ChannelKind::Slack => {
                self.seal(&channel, URL, &url).await?;
                None
            }
            ChannelKind::Webhook => Some(self.new_secret(&channel).await?),
        };
        let entry = self.entry(&channel, by, "channel.create");
        let saved = self
            .ports
            .notice_settings
            .save_channel(&channel, &entry)
            .await;
        if let Err(error) = saved {
            self.forget(&channel).await?;
            return Err(error.into());
        }
        self.hub.wake();
        Ok(NewChannel { channel, secret })
    }

    pub async fn set_channel(
        &self,
        workspace: WorkspaceId,
        id: ChannelId,
        draft: &ChannelDraft,
        by: &Actor,
    ) -> Result<Channel, NotifyError> {
        let mut channel = self.channel(workspace, id).await?;
        channel.preferences = draft.preferences.clone();
        self.fill(&mut channel, draft)?;
        channel.set_enabled(draft.enabled);
        if let (Some(url), ChannelKind::Slack) = (&draft.url, channel.kind) {
            self.seal(&channel, URL, url).await?;
        }
        let entry = self.entry(&channel, by, "channel.set");
        let settings = &self.ports.notice_settings;
        settings.save_channel(&channel, &entry).await?;
        self.hub.wake();
        Ok(channel)
    }

    /// From now on messages are signed with a new one.
    pub async fn renew_secret(
        &self,
        workspace: WorkspaceId,
        id: ChannelId,
        by: &Actor,
    ) -> Result<SecretString, NotifyError> {
        let channel = self.channel(workspace, id).await?;
        if channel.kind != ChannelKind::Webhook {
            let message = "is of a channel whose messages are not signed";
            return Err(NotifyError::Invalid(fault("id", message)));
        }
        let entry = self.entry(&channel, by, "channel.secret");
        self.ports.audit.record(&[entry]).await?;
        Ok(self.new_secret(&channel).await?)
    }

    pub async fn remove_channel(
        &self,
        workspace: WorkspaceId,
        id: ChannelId,
        by: &Actor,
    ) -> Result<(), NotifyError> {
        let channel = self.channel(workspace, id).await?;
        let entry = self.entry(&channel, by, "channel.delete");
        let settings = &self.ports.notice_settings;
        let removed = settings.remove_channel(workspace, id, &entry).await;
        removed.map_err(|error| match error.kind {
            Kind::NotFound => NotifyError::UnknownChannel,
            _ => NotifyError::Port(error),
        })?;
        self.forget(&channel).await?;
        self.hub.wake();
        Ok(())
    }

    /// Sends a test at once, and tells what became of it; once, however that goes.
    pub async fn test_channel(
        &self,
        workspace: WorkspaceId,
        id: ChannelId,
    ) -> Result<Delivery, NotifyError> {
        let channel = self.channel(workspace, id).await?;
        let now = self.ports.clock.now();
        let message = DeliveryId(Uuid::now_v7());
        let sent = Sent {
            id: message,
            workspace,
            notices: &[],
            digest: false,
            test: true,
        };
        let outcome = self.over(&channel, &sent).await?;
        let recipient = Recipient::Channel(id);
        let pending = Delivery::pending(message, workspace, recipient, now, now);
        let delivery = Delivery {
            test: true,
            tries: 1,
            state: match outcome {
                Ok(()) => DeliveryState::Sent,
                Err(_) => DeliveryState::Dead,
            },
            last_error: outcome.err().map(|failed| failed.error),
            finished_at: Some(self.ports.clock.now()),
            ..pending
        };
        self.ports.deliveries.note_delivery(&delivery).await?;
        self.hub.wake();
        Ok(delivery)
    }

    /// Name and address, looked at.
    fn fill(&self, channel: &mut Channel, draft: &ChannelDraft) -> Result<(), NotifyError> {
        let name = draft.name.trim();
        if name.is_empty() || name.chars().count() > LONGEST_NAME {
            let message = format!("is needed, with at most {LONGEST_NAME} characters");
            return Err(NotifyError::Invalid(fault("name", message)));
        }
        name.clone_into(&mut channel.name);
        let wanted = &draft.preferences;
        let all = [wanted.info, wanted.warning, wanted.critical];
        let gathers = all.contains(&How::Digest) || wanted.quiet.is_some();
        if channel.kind == ChannelKind::Webhook && gathers {
            let message = "machines are told at once: no digest and no quiet hours";
            return Err(NotifyError::Invalid(fault("preferences", message)));
        }
        if let Some(url) = &draft.url {
            let checked = self
                .ports
                .messenger
                .check(channel.kind, url.expose_secret());
            channel.address = checked.map_err(|error| match error.kind {
                Kind::Rejected => NotifyError::Invalid(fault("url", error.detail)),
                _ => NotifyError::Port(error),
            })?;
        }
        Ok(())
    }

    async fn seal(&self, channel: &Channel, part: &str, value: &SecretString) -> PortResult<()> {
        let (name, now) = (secret_name(channel, part), self.ports.clock.now());
        let value = SecretString::from(value.expose_secret().trim());
        self.ports.vault.put(&name, &value, now).await
    }

    async fn new_secret(&self, channel: &Channel) -> PortResult<SecretString> {
        let secret = self.ports.messenger.new_secret();
        self.seal(channel, SECRET, &secret).await?;
        Ok(secret)
    }

    async fn forget(&self, channel: &Channel) -> PortResult<()> {
        for part in [URL, SECRET] {
            self.ports.vault.delete(&secret_name(channel, part)).await?;
        }
        Ok(())
    }

    fn entry(&self, channel: &Channel, by: &Actor, word: &str) -> NewEntry {
        let (now, id) = (self.ports.clock.now(), channel.id.to_string());
        let target = ("channel", id.as_str(), channel.name.as_str());
        NewEntry::done(channel.workspace, now, by.clone(), word, target).after(&json!({
            "kind": channel.kind, "address": channel.address, "enabled": channel.enabled,
            "preferences": channel.preferences,
        }))
    }
}
