//! Budgets, pause and resume, and campaigns that are made paused. The same value written twice changes nothing; a shared budget is never written.

use crate::client::GoogleAds;
use crate::errors::Said;
use crate::query;
use adapter_kit::Effect;
use async_trait::async_trait;
use domain::ads::{AdLevel, AdStatus, Budget, BudgetSpan};
use domain::money::Currency;
use ports::ad_platforms::{
    AdChange, AdSource as _, AdState, AdTarget, AdWriter, Mode, NewCampaign,
};
use ports::{Kind, PortError, PortResult, Retry};
use serde_json::{Value, json};

impl GoogleAds {
    fn reject(&self, detail: impl Into<String>) -> PortError {
        self.error(Kind::Rejected, Retry::Never, "ads.change", detail)
    }

    fn number(&self, target: &AdTarget) -> PortResult<u64> {
        target
            .id
            .parse()
            .map_err(|_| self.reject(format!("{:?} is no number of Google's", target.id)))
    }

    fn status_change(
        &self,
        target: &AdTarget,
        status: AdStatus,
    ) -> PortResult<(&'static str, Value)> {
        let word = match status {
            AdStatus::Active => "ENABLED",
            AdStatus::Paused => "PAUSED",
            other => {
                return Err(self.reject(format!("nothing is made {} from here", other.as_str())));
            }
        };
        let (service, resource) = match target.level {
            AdLevel::Campaign => ("campaigns", "campaigns"),
            AdLevel::AdSet => ("adGroups", "adGroups"),
            AdLevel::Ad => return Err(self.reject("single ads of Google are not paused from here")),
        };
        let name = format!(
            "customers/{}/{resource}/{}",
            self.account,
            self.number(target)?
        );
        Ok((
            service,
            json!({ "updateMask": "status", "update": { "resourceName": name, "status": word } }),
        ))
    }

    fn micros(&self, minor: i64, currency: Currency) -> PortResult<i64> {
        let micros = minor.checked_mul(10_i64.pow(6_u32.saturating_sub(currency.exponent())));
        micros.ok_or_else(|| self.reject("the amount is too large"))
    }

    fn budget_change(
        &self,
        budget: &Budget,
        currency: Currency,
    ) -> PortResult<(&'static str, Value)> {
        let Some(resource) = &budget.resource else {
            return Err(self.reject("it has no budget of its own: its campaign has"));
        };
        if budget.is_shared {
            return Err(self.reject("other campaigns spend from this budget too: change it at Google, or give the campaign one of its own"));
        }
        let micros = self.micros(budget.minor, currency)?;
        let (mask, field) = match budget.span {
            BudgetSpan::Day => ("amount_micros", "amountMicros"),
            BudgetSpan::Lifetime => ("total_amount_micros", "totalAmountMicros"),
        };
        Ok((
            "campaignBudgets",
            json!({ "updateMask": mask, "update": { "resourceName": resource, field: micros.to_string() } }),
        ))
    }
}

#[async_trait]
impl AdWriter for GoogleAds {
    async fn look(&self, target: &AdTarget) -> PortResult<AdState> {
        let operation = "ads.look";
        let currency = self.currency(operation).await?;
        let query = query::one(target.level, self.number(target)?);
        let found = self.rows(operation, &query).await?.into_iter().next();
        let gone = || {
            let said = Said {
                category: String::new(),
                value: "RESOURCE_NOT_FOUND".to_owned(),
                message: String::new(),
                retry_delay: None,
                status: 404,
            };
            self.refused(operation, &said)
        };
        let entity = found.and_then(|row| self.entity(row, target.level, currency));
        let entity = entity.ok_or_else(gone)?;
        Ok(AdState {
            status: entity.status,
            delivery: entity.delivery,
            budget: entity.budget,
        })
    }

    async fn change(&self, target: &AdTarget, change: &AdChange, mode: Mode) -> PortResult<()> {
        let operation = "ads.change";
        let (service, change) = match change {
            AdChange::Status(status) => self.status_change(target, *status)?,
            AdChange::Budget(budget) => {
                let currency = self.currency(operation).await?;
                self.budget_change(budget, currency)?
            }
        };
        let path = format!("customers/{}/{service}:mutate", self.account);
        let body = json!({
            "operations": [change],
            "partialFailure": false,
            "validateOnly": mode == Mode::DryRun,
        });
        let effect = Effect::Write { idempotent: true };
        match self.post(operation, &path, &body, effect).await? {
            Ok(_) => Ok(()),
            Err(said) => Err(self.refused(operation, &said)),
        }
    }

    async fn named(&self, name: &str) -> PortResult<Option<(String, AdState)>> {
        let listed = self.structure(AdLevel::Campaign).await?.into_iter();
        let found = listed
            .filter(|e| e.status != AdStatus::Deleted)
            .find(|e| e.name == name);
        Ok(found.map(|e| {
            let state = AdState {
                status: e.status,
                delivery: e.delivery,
                budget: e.budget,
            };
            (e.id, state)
        }))
    }

    /// Budget and campaign are made together or not at all; the budget takes its campaign's name. A name that is taken is refused.
    async fn create(&self, new: &NewCampaign, mode: Mode) -> PortResult<()> {
        let operation = "ads.create";
        let micros = self.micros(new.daily_budget, new.currency)?;
        // Numbers below zero stand for what is made by the same call.
        let budget = format!("customers/{}/campaignBudgets/-1", self.account);
        let path = format!("customers/{}/googleAds:mutate", self.account);
        let body = json!({
            "mutateOperations": [
                { "campaignBudgetOperation": { "create": {
                    "resourceName": budget,
                    "amountMicros": micros.to_string(),
                    "deliveryMethod": "STANDARD",
                    "explicitlyShared": false,
                } } },
                { "campaignOperation": { "create": {
                    "name": new.name,
                    "status": "PAUSED",
                    "advertisingChannelType": "SEARCH",
                    "campaignBudget": budget,
                    "manualCpc": {},
                    "networkSettings": { "targetGoogleSearch": true, "targetSearchNetwork": false, "targetContentNetwork": false },
                    "containsEuPoliticalAdvertising": "DOES_NOT_CONTAIN_EU_POLITICAL_ADVERTISING",
                } } },
            ],
            "partialFailure": false,
            "validateOnly": mode == Mode::DryRun,
        });
        // Sent twice the second one is refused, as its name is taken; what the first one became is looked for.
        let effect = Effect::Write {
            idempotent: mode == Mode::DryRun,
        };
        match self.post(operation, &path, &body, effect).await? {
            Ok(_) => Ok(()),
            Err(said) => Err(self.refused(operation, &said)),
        }
    }

    async fn retire(&self, number: &str) -> PortResult<()> {
        let operation = "ads.retire";
        let target = AdTarget {
            level: AdLevel::Campaign,
            id: number.to_owned(),
        };
        let name = format!(
            "customers/{}/campaigns/{}",
            self.account,
            self.number(&target)?
        );
        let path = format!("customers/{}/campaigns:mutate", self.account);
        let body = json!({ "operations": [{ "remove": name }], "partialFailure": false, "validateOnly": false });
        let effect = Effect::Write { idempotent: true };
        match self.post(operation, &path, &body, effect).await? {
            Ok(_) => Ok(()),
            Err(said) => Err(self.refused(operation, &said)),
        }
    }
}
