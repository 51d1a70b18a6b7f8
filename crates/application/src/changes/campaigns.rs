//! A campaign that is made at a platform: asked first whether it would be, always paused, looked for by its name.

use super::Changes;
use super::ads::{AdHands, account_of, asked, gone};
use super::edits::{Outcome, wrong};
use crate::ads::way;
use chrono::{DateTime, Utc};
use domain::ads::{AdEntity, AdLevel, StoredEntity};
use domain::changes::plan::Wanted;
use domain::changes::{Action, AdCampaign, AdName, ChangeSet, OperationState, Seen, SeenAd};
use domain::ids::AdAccountId;
use domain::money::Money;
use domain::store::Store;
use ports::ad_platforms::{AdWriter, Mode, NewCampaign};
use ports::{Kind, PortResult};

/// As long as both platforms take.
const LONGEST_NAME: usize = 128;

/// What people want.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CampaignEdit {
    pub account: AdAccountId,
    pub name: String,
    /// Main units of the account's currency, as a plain decimal.
    pub daily_budget: String,
}

fn new(campaign: &AdCampaign) -> NewCampaign {
    NewCampaign {
        name: campaign.name.clone(),
        daily_budget: campaign.daily_budget,
        currency: campaign.currency,
    }
}

impl AdHands {
    pub(super) async fn named(&self, name: &AdName) -> PortResult<Seen> {
        let Some(writer) = self.writer(name.account).await? else {
            return Ok(Seen::Gone);
        };
        Ok(writer
            .named(&name.name)
            .await?
            .map_or(Seen::Gone, |(_, state)| {
                Seen::Ad(SeenAd {
                    status: state.status,
                    delivery: state.delivery,
                    budget: state.budget,
                })
            }))
    }

    pub(super) async fn create(&self, campaign: &AdCampaign) -> PortResult<()> {
        let writer = self.connected(campaign).await?;
        let new = new(campaign);
        asked(writer.create(&new, Mode::DryRun).await)?;
        writer.create(&new, Mode::Write).await
    }

    pub(super) async fn retire(&self, campaign: &AdCampaign) -> PortResult<()> {
        let writer = self.connected(campaign).await?;
        match writer.named(&campaign.name).await? {
            Some((number, _)) => writer.retire(&number).await,
            None => Ok(()),
        }
    }

    async fn connected(&self, campaign: &AdCampaign) -> PortResult<std::sync::Arc<dyn AdWriter>> {
        let writer = self.writer(campaign.account).await?;
        writer.ok_or_else(|| gone("the ad account is not connected any more"))
    }

    /// As the platform lists it, so that it is shown before the account is read again.
    async fn listed(
        &self,
        campaign: &AdCampaign,
        now: DateTime<Utc>,
    ) -> PortResult<Option<StoredEntity>> {
        let Some(writer) = self.writer(campaign.account).await? else {
            return Ok(None);
        };
        let found = writer.named(&campaign.name).await?;
        Ok(found.map(|(id, state)| {
            let entity = AdEntity {
                level: AdLevel::Campaign,
                id,
                parent: None,
                name: campaign.name.clone(),
                status: state.status,
                delivery: state.delivery,
                objective: None,
                budget: state.budget,
                created_at: Some(now),
            };
            StoredEntity::new(entity, now)
        }))
    }
}

impl Changes {
    /// The platform is asked whether it would, so that what it refuses is not put before anybody.
    pub(super) async fn new_campaign(
        &self,
        store: &Store,
        edit: &CampaignEdit,
    ) -> PortResult<Outcome> {
        let Some(account) = account_of(&self.ports, store.scope, edit.account).await? else {
            return Ok(wrong("account_id", "is no ad account of this store"));
        };
        let Some(currency) = account.current().map(|series| series.currency) else {
            return Ok(wrong("account_id", "was not read yet"));
        };
        let name = edit.name.trim();
        if name.is_empty() || name.chars().count() > LONGEST_NAME || name.contains('\0') {
            let message = format!("has from 1 to {LONGEST_NAME} characters");
            return Ok(wrong("name", message));
        }
        let budget = match Money::parse(&edit.daily_budget, currency) {
            Ok(money) if money.minor > 0 => money.minor,
            Ok(_) => return Ok(wrong("daily_budget", "is more than nothing")),
            Err(error) => return Ok(wrong("daily_budget", error.to_string())),
        };
        let campaign = AdCampaign {
            account: account.id,
            account_name: account.name.clone(),
            platform: account.platform,
            name: name.to_owned(),
            currency,
            daily_budget: budget,
        };
        let way = way(&self.ports, &account).await?;
        let writer = self.ports.ad_platforms.writer(&way)?;
        if writer.named(name).await?.is_some() {
            return Ok(wrong("name", "is that of another campaign of the account"));
        }
        match writer.create(&new(&campaign), Mode::DryRun).await {
            Err(error) if matches!(error.kind, Kind::Rejected | Kind::Forbidden) => {
                let platform = account.platform.name();
                let message = format!("is refused by {platform}: {}", error.detail);
                return Ok(wrong("daily_budget", message));
            }
            // Whether it would is seen again before it is written.
            _ => {}
        }
        Ok(Ok(Wanted {
            action: Action::NewCampaign(campaign),
            label: name.to_owned(),
        }))
    }

    /// Campaigns that were made or taken away are shown so at once.
    pub(super) async fn remember_campaigns(&self, set: &ChangeSet) -> PortResult<()> {
        let now = self.ports.clock.now();
        let ads = &self.ports.ads;
        for operation in &set.operations {
            let (Some(campaign), OperationState::Applied) =
                (operation.action.campaign(), operation.state)
            else {
                continue;
            };
            let known = ads
                .ad_entities(set.scope, campaign.account, AdLevel::Campaign)
                .await?;
            let known = known
                .into_iter()
                .find(|e| e.entity.name == campaign.name && e.vanished_at.is_none());
            let next = match (&operation.action, known) {
                (Action::NewCampaign(_), None) => {
                    let hands = AdHands::new(self.ports.clone(), set.scope);
                    hands.listed(campaign, now).await?
                }
                (Action::RetireCampaign(_), Some(known)) => Some(known.gone(now)),
                _ => None,
            };
            if let Some(next) = next {
                ads.save_ad_entities(set.scope, campaign.account, &[next])
                    .await?;
            }
        }
        Ok(())
    }
}
