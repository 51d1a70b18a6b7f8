//! Budgets, pause and resume, and campaigns that are made paused. Meta has no key that tells two sendings apart: the same value sent twice changes nothing.

use crate::client::MetaAds;
use crate::offset::from_minor;
use crate::read::status;
use crate::wire::{Created, Done, Thing};
use adapter_kit::Effect;
use async_trait::async_trait;
use domain::ads::{AdEntity, AdLevel, AdStatus, BudgetSpan};
use ports::ad_platforms::{
    AdChange, AdSource as _, AdState, AdTarget, AdWriter, Mode, NewCampaign,
};
use ports::{Kind, PortResult, Retry};

#[async_trait]
impl AdWriter for MetaAds {
    async fn look(&self, target: &AdTarget) -> PortResult<AdState> {
        let operation = "ads.look";
        let currency = self.currency(operation).await?;
        let mut fields = "id,name,status,effective_status".to_owned();
        if target.level != AdLevel::Ad {
            fields.push_str(",daily_budget,lifetime_budget");
        }
        let query = [("fields", fields)];
        let thing: Thing = match self.get(operation, &target.id, &query).await? {
            Ok(thing) => thing,
            Err(said) => return Err(self.refused(operation, &said)),
        };
        let budget = self.budget(
            thing.daily_budget.as_deref(),
            thing.lifetime_budget.as_deref(),
            currency,
        )?;
        Ok(AdState {
            status: status(thing.status.as_deref()),
            delivery: thing.effective_status,
            budget,
        })
    }

    async fn change(&self, target: &AdTarget, change: &AdChange, mode: Mode) -> PortResult<()> {
        let operation = "ads.change";
        let refuse =
            |detail: String| Err(self.error(Kind::Rejected, Retry::Never, operation, detail));
        let mut fields = match change {
            AdChange::Status(AdStatus::Active) => vec![("status", "ACTIVE".to_owned())],
            AdChange::Status(AdStatus::Paused) => vec![("status", "PAUSED".to_owned())],
            AdChange::Status(other) => {
                return refuse(format!("nothing is made {} from here", other.as_str()));
            }
            AdChange::Budget(budget) => {
                let currency = self.currency(operation).await?;
                let Some(units) = from_minor(budget.minor, currency) else {
                    return refuse(format!(
                        "Meta knows no smaller part of {currency} than one unit of its own"
                    ));
                };
                let name = match budget.span {
                    BudgetSpan::Day => "daily_budget",
                    BudgetSpan::Lifetime => "lifetime_budget",
                };
                vec![(name, units.to_string())]
            }
        };
        if mode == Mode::DryRun {
            fields.push(("execution_options", "[\"validate_only\"]".to_owned()));
        }
        let effect = Effect::Write { idempotent: true };
        match self
            .post::<Done>(operation, &target.id, &fields, effect)
            .await?
        {
            Ok(done) if done.success => Ok(()),
            Ok(_) => refuse("Meta did not say that it was done".to_owned()),
            Err(said) => Err(self.refused(operation, &said)),
        }
    }

    async fn named(&self, name: &str) -> PortResult<Option<(String, AdState)>> {
        let listed = self.structure(AdLevel::Campaign).await?.into_iter();
        let is_there = |e: &AdEntity| !matches!(e.status, AdStatus::Archived | AdStatus::Deleted);
        let found = listed.filter(is_there).find(|e| e.name == name);
        Ok(found.map(|e| {
            let state = AdState {
                status: e.status,
                delivery: e.delivery,
                budget: e.budget,
            };
            (e.id, state)
        }))
    }

    async fn create(&self, new: &NewCampaign, mode: Mode) -> PortResult<()> {
        let operation = "ads.create";
        let Some(units) = from_minor(new.daily_budget, new.currency) else {
            let detail = format!(
                "Meta knows no smaller part of {} than one unit of its own",
                new.currency
            );
            return Err(self.error(Kind::Rejected, Retry::Never, operation, detail));
        };
        let mut fields = vec![
            ("name", new.name.clone()),
            ("objective", "OUTCOME_SALES".to_owned()),
            ("status", "PAUSED".to_owned()),
            // A list has to be sent, also where none applies.
            ("special_ad_categories", "[]".to_owned()),
            ("daily_budget", units.to_string()),
            ("bid_strategy", "LOWEST_COST_WITHOUT_CAP".to_owned()),
        ];
        if mode == Mode::DryRun {
            fields.push(("execution_options", "[\"validate_only\"]".to_owned()));
        }
        let path = format!("act_{}/campaigns", self.account);
        // Sent twice it makes two.
        let effect = Effect::Write {
            idempotent: mode == Mode::DryRun,
        };
        let answer = self.post::<Created>(operation, &path, &fields, effect);
        match answer.await? {
            Ok(Created { id: Some(_), .. }) => Ok(()),
            Ok(Created { success: true, .. }) if mode == Mode::DryRun => Ok(()),
            Ok(_) => {
                let detail = "Meta did not say what it made";
                Err(self.error(Kind::Unavailable, Retry::Reconcile, operation, detail))
            }
            Err(said) => Err(self.refused(operation, &said)),
        }
    }

    async fn retire(&self, number: &str) -> PortResult<()> {
        let operation = "ads.retire";
        let fields = [("status", "ARCHIVED".to_owned())];
        let effect = Effect::Write { idempotent: true };
        match self
            .post::<Done>(operation, number, &fields, effect)
            .await?
        {
            Ok(done) if done.success => Ok(()),
            Ok(_) => {
                let detail = "Meta did not say that it was done";
                Err(self.error(Kind::Rejected, Retry::Never, operation, detail))
            }
            Err(said) => Err(self.refused(operation, &said)),
        }
    }
}
