//! Sends what is due, and notes what became of it.

use super::Notifications;
use super::channels::{SECRET, URL, secret_name};
use super::letter::letter;
use crate::Ports;
use crate::letters::PASSWORD;
use chrono::Duration;
use domain::ids::{ChannelId, DeliveryId, UserId, WorkspaceId};
use domain::notifications::{Channel, ChannelKind, Delivery, Notice, Recipient, back_off};
use ports::notices::{ClaimedDelivery, Fared, Tried};
use ports::notify::{Message, Target};
use ports::{Kind, PortResult, Retry};

/// Messages that are sent side by side.
const AT_ONCE: usize = 4;

/// Why a message was not taken.
pub(super) struct Failed {
    pub error: String,
    /// After how long it may be tried again at the earliest; `None`: trying again cannot help.
    pub again: Option<Duration>,
    /// The other side says that there is nothing any more.
    pub gone: bool,
}

impl Failed {
    fn for_good(error: &str) -> Self {
        Self {
            error: error.to_owned(),
            again: None,
            gone: false,
        }
    }

    /// `Reconcile`: nobody knows whether it was taken. Then it is sent again under the same id: better twice than never.
    fn of(error: &ports::PortError, gone: bool) -> Self {
        let again = match error.retry {
            Retry::Never => None,
            Retry::After(wait) => Some(Duration::from_std(wait).unwrap_or_default()),
            Retry::Reconcile => Some(Duration::zero()),
        };
        Self {
            error: error.detail.clone(),
            again,
            gone,
        }
    }
}

/// What is sent, to whomever.
pub(super) struct Sent<'a> {
    pub id: DeliveryId,
    pub workspace: WorkspaceId,
    pub notices: &'a [Notice],
    pub digest: bool,
    pub test: bool,
}

impl Notifications {
    /// Sends what is due, a few at a time; answers how many were tried.
    pub async fn deliver(&self) -> PortResult<usize> {
        let mut claimed = Vec::new();
        while claimed.len() < AT_ONCE {
            let now = self.ports.clock.now();
            match self
                .ports
                .deliveries
                .claim_delivery(now, self.lease)
                .await?
            {
                Some(claim) => claimed.push(claim),
                None => break,
            }
        }
        let tried = claimed.len();
        let sending = claimed.iter().map(|claim| self.try_one(claim));
        for outcome in futures::future::join_all(sending).await {
            match outcome {
                // Whoever has it now notes what becomes of it.
                Err(error) if error.kind == Kind::Conflict => {}
                other => other?,
            }
        }
        if tried > 0 {
            self.hub.wake();
        }
        Ok(tried)
    }

    async fn try_one(&self, claim: &ClaimedDelivery) -> PortResult<()> {
        let sent = self.send(claim).await?;
        let now = self.ports.clock.now();
        let how = match &sent {
            Ok(()) => Tried::Taken,
            Err(failed) => {
                let wait = back_off(claim.delivery.tries);
                match failed.again.zip(wait) {
                    Some((asked, wait)) => Tried::Again {
                        error: &failed.error,
                        at: now + asked.max(wait),
                    },
                    None => Tried::GivenUp {
                        error: &failed.error,
                    },
                }
            }
        };
        if let Tried::GivenUp { error } = how {
            tracing::warn!(delivery = %claim.delivery.id, error, "a notice could not be delivered");
        }
        self.ports.deliveries.tried(claim, how, now).await
    }

    /// Our own storage's failures leave the lease to run out.
    async fn send(&self, claim: &ClaimedDelivery) -> PortResult<Result<(), Failed>> {
        let Delivery {
            id,
            workspace,
            recipient,
            digest,
            test,
            tries,
            ..
        } = claim.delivery;
        if tries > 1 && back_off(tries - 1).is_none() {
            return Ok(Err(Failed::for_good(
                "whoever sent it died again and again",
            )));
        }
        if claim.notices.is_empty() {
            return Ok(Err(Failed::for_good("what it tells is forgotten")));
        }
        let sent = Sent {
            id,
            workspace,
            notices: &claim.notices,
            digest,
            test,
        };
        match recipient {
            Recipient::Person(user) => self.to_person(&sent, user).await,
            Recipient::Channel(channel) => self.to_channel(&sent, channel).await,
        }
    }

    async fn workspace_name(&self, workspace: WorkspaceId) -> PortResult<String> {
        let found = self.ports.accounts.workspace(workspace).await?;
        Ok(found.map(|w| w.name).unwrap_or_default())
    }

    async fn to_person(&self, sent: &Sent<'_>, user: UserId) -> PortResult<Result<(), Failed>> {
        let members = self.ports.members.members(sent.workspace).await?;
        let member = members.into_iter().find(|m| m.user.id == user);
        let Some(member) = member.filter(|m| m.disabled_at.is_none()) else {
            return Ok(Err(Failed::for_good("there is nobody any more to tell")));
        };
        let Some(mail) = &self.ports.mail else {
            return Ok(Err(Failed::for_good("there is no mail server")));
        };
        let password = if mail.needs_password() {
            self.people.installation_secret(PASSWORD).await?
        } else {
            None
        };
        let name = self.workspace_name(sent.workspace).await?;
        let base = self.public_url.as_deref();
        let letter = letter(
            sent.id,
            &member.user.email,
            sent.notices,
            sent.digest,
            &name,
            base,
        );
        let outcome = mail.send(&letter, password.as_ref()).await;
        Ok(outcome.map_err(|error| Failed::of(&error, false)))
    }

    async fn to_channel(&self, sent: &Sent<'_>, id: ChannelId) -> PortResult<Result<(), Failed>> {
        let settings = &self.ports.notice_settings;
        let Some(channel) = settings.channel(sent.workspace, id).await? else {
            return Ok(Err(Failed::for_good("the channel was removed")));
        };
        if !channel.enabled {
            return Ok(Err(Failed::for_good("the channel is switched off")));
        }
        self.over(&channel, sent).await
    }

    /// Over a channel, whether or not it is switched on, noting how it fared.
    pub(super) async fn over(
        &self,
        channel: &Channel,
        sent: &Sent<'_>,
    ) -> PortResult<Result<(), Failed>> {
        let Some(target) = target_of(&self.ports, channel).await? else {
            let error = "its secret is gone: enter the address again, or make a new secret";
            return Ok(Err(Failed::for_good(error)));
        };
        let name = self.workspace_name(sent.workspace).await?;
        let message = Message {
            id: sent.id,
            at: self.ports.clock.now(),
            workspace: &name,
            public_url: self.public_url.as_deref(),
            notices: sent.notices,
            digest: sent.digest,
            test: sent.test,
        };
        let outcome = self.ports.messenger.send(&target, &message).await;
        let outcome = outcome.map_err(|failed| Failed::of(&failed.error, failed.gone));
        let how = match &outcome {
            Ok(()) => Fared::Took,
            Err(failed) => Fared::Failed {
                error: &failed.error,
                gone: failed.gone,
            },
        };
        let (workspace, now) = (channel.workspace, self.ports.clock.now());
        let settings = &self.ports.notice_settings;
        if settings.fared(workspace, channel.id, how, now).await? {
            tracing::warn!(channel = %channel.id, "a channel of notices was switched off");
        }
        Ok(outcome)
    }
}

/// Where it goes, with what is needed to be let in; `None`: the secret is gone.
pub(crate) async fn target_of(ports: &Ports, channel: &Channel) -> PortResult<Option<Target>> {
    let kept = async |part| ports.vault.get(&secret_name(channel, part)).await;
    Ok(match channel.kind {
        ChannelKind::Slack => kept(URL).await?.map(|url| Target::Slack { url }),
        ChannelKind::Webhook => kept(SECRET).await?.map(|secret| Target::Webhook {
            url: channel.address.clone(),
            secret,
        }),
    })
}
