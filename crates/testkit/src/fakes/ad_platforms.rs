//! An ad platform with one account, whose days a test sets.

use async_trait::async_trait;
use domain::ads::{
    AdEntity, AdIdentity, AdLevel, AdPlatform, AdStatus, Budget, BudgetSpan, InsightDay,
};
use domain::calendar::DayRange;
use domain::money::Currency;
use ports::ad_platforms::{
    AdChange, AdPlatforms, AdSettings, AdSource, AdState, AdTarget, AdWriter, AdsOf, Mode,
    NewCampaign,
};
use ports::{Kind, PortError, PortResult, Retry};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What the account tells now; a test changes it.
pub struct AdsTold {
    pub identity: AdIdentity,
    pub entities: Vec<AdEntity>,
    pub days: Vec<InsightDay>,
    /// Every question fails so.
    pub failing: Option<Kind>,
    /// Ranges of days that were asked for.
    pub asked: Vec<(AdLevel, DayRange)>,
    /// What was asked to be changed, also as a question only.
    pub changes: Vec<(AdTarget, AdChange, Mode)>,
    /// What was asked to be made, also as a question only.
    pub created: Vec<(NewCampaign, Mode)>,
    /// In these words it would not.
    pub refuses: Option<String>,
    /// It says yes and does nothing.
    pub is_silent: bool,
    /// So many answers of writes are lost after they were made.
    pub lost_answers: u32,
}

/// Clones are the same account.
#[derive(Clone)]
pub struct FakeAdPlatforms(Arc<Mutex<AdsTold>>);

impl Default for FakeAdPlatforms {
    fn default() -> Self {
        let identity = AdIdentity {
            external_id: "1001".to_owned(),
            name: "Acme".to_owned(),
            currency: Currency::parse("USD").expect("a currency"),
            zone: "America/New_York".to_owned(),
            not_running: None,
            is_sandbox: true,
            missing: vec![],
        };
        Self(Arc::new(Mutex::new(AdsTold {
            identity,
            entities: vec![],
            days: vec![],
            failing: None,
            asked: vec![],
            changes: vec![],
            created: vec![],
            refuses: None,
            is_silent: false,
            lost_answers: 0,
        })))
    }
}

impl FakeAdPlatforms {
    pub fn told(&self) -> MutexGuard<'_, AdsTold> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn asked(&self) -> PortResult<MutexGuard<'_, AdsTold>> {
        let told = self.told();
        match told.failing {
            None => Ok(told),
            Some(kind) => Err(failure(kind)),
        }
    }
}

fn failure(kind: Kind) -> PortError {
    PortError::new(kind, Retry::Never, "fake", "ads", "it fails")
}

#[async_trait]
impl AdSource for FakeAdPlatforms {
    async fn identify(&self) -> PortResult<AdIdentity> {
        Ok(self.asked()?.identity.clone())
    }

    async fn structure(&self, level: AdLevel) -> PortResult<Vec<AdEntity>> {
        let told = self.asked()?;
        let entities = told.entities.iter().filter(|e| e.level == level);
        Ok(entities.cloned().collect())
    }

    async fn insights(&self, level: AdLevel, range: DayRange) -> PortResult<Vec<InsightDay>> {
        let mut told = self.asked()?;
        told.asked.push((level, range));
        let days = told.days.iter();
        let days = days.filter(|d| d.level == level && range.contains(d.day));
        Ok(days.cloned().collect())
    }

    async fn ads_of(&self, campaign: &str, range: DayRange, most: usize) -> PortResult<AdsOf> {
        let told = self.asked()?;
        let of = |level, parent: &str| {
            let entities = told.entities.iter();
            let is_its =
                move |e: &&AdEntity| e.level == level && e.parent.as_deref() == Some(parent);
            entities.filter(is_its).cloned().collect::<Vec<_>>()
        };
        let mut ads = Vec::new();
        for set in of(AdLevel::AdSet, campaign) {
            ads.extend(of(AdLevel::Ad, &set.id));
        }
        let is_cut = ads.len() > most;
        ads.truncate(most);
        let mut totals = Vec::new();
        for ad in &ads {
            let days = told.days.iter();
            let own =
                days.filter(|d| d.level == AdLevel::Ad && d.id == ad.id && range.contains(d.day));
            totals.extend(own.cloned().reduce(|mut sum, day| {
                sum.spend += day.spend;
                sum.impressions += day.impressions;
                sum.clicks += day.clicks;
                sum.conversions.extend(day.conversions);
                sum
            }));
        }
        for total in &mut totals {
            total.day = range.from;
        }
        Ok(AdsOf {
            ads,
            totals,
            is_cut,
        })
    }
}

impl AdPlatforms for FakeAdPlatforms {
    fn open(&self, _settings: &AdSettings) -> PortResult<Arc<dyn AdSource>> {
        Ok(Arc::new(self.clone()))
    }

    fn writer(&self, _settings: &AdSettings) -> PortResult<Arc<dyn AdWriter>> {
        Ok(Arc::new(self.clone()))
    }

    fn defaults(&self, _platform: AdPlatform) -> (String, String) {
        ("https://ads.example".to_owned(), "v1".to_owned())
    }
}

#[async_trait]
impl AdWriter for FakeAdPlatforms {
    async fn look(&self, target: &AdTarget) -> PortResult<AdState> {
        let told = self.told();
        if let Some(kind) = told.failing {
            return Err(failure(kind));
        }
        let is_it = |e: &&AdEntity| e.level == target.level && e.id == target.id;
        let found = told.entities.iter().find(is_it);
        let found = found.ok_or_else(|| failure(Kind::NotFound))?;
        Ok(AdState {
            status: found.status,
            delivery: found.delivery.clone(),
            budget: found.budget.clone(),
        })
    }

    async fn change(&self, target: &AdTarget, change: &AdChange, mode: Mode) -> PortResult<()> {
        let mut told = self.told();
        told.changes.push((target.clone(), change.clone(), mode));
        if let Some(kind) = told.failing {
            return Err(failure(kind));
        }
        if let Some(why) = &told.refuses {
            return Err(PortError::new(
                Kind::Rejected,
                Retry::Never,
                "fake",
                "ads.change",
                why.clone(),
            ));
        }
        if mode == Mode::DryRun || told.is_silent {
            return Ok(());
        }
        let is_it = |e: &&mut AdEntity| e.level == target.level && e.id == target.id;
        let found = told.entities.iter_mut().find(is_it);
        let found = found.ok_or_else(|| failure(Kind::NotFound))?;
        match change {
            AdChange::Status(status) => found.status = *status,
            AdChange::Budget(budget) => found.budget = Some(budget.clone()),
        }
        lost(&mut told, "ads.change")
    }

    async fn named(&self, name: &str) -> PortResult<Option<(String, AdState)>> {
        let told = self.asked()?;
        let is_it = |e: &&AdEntity| {
            e.level == AdLevel::Campaign
                && e.name == name
                && !matches!(e.status, AdStatus::Archived | AdStatus::Deleted)
        };
        let found = told.entities.iter().find(is_it);
        Ok(found.map(|e| {
            let state = AdState {
                status: e.status,
                delivery: e.delivery.clone(),
                budget: e.budget.clone(),
            };
            (e.id.clone(), state)
        }))
    }

    async fn create(&self, new: &NewCampaign, mode: Mode) -> PortResult<()> {
        let mut told = self.asked()?;
        told.created.push((new.clone(), mode));
        if let Some(why) = &told.refuses {
            let why = why.clone();
            return Err(PortError::new(
                Kind::Rejected,
                Retry::Never,
                "fake",
                "ads.create",
                why,
            ));
        }
        if mode == Mode::DryRun || told.is_silent {
            return Ok(());
        }
        let number = 9_000 + told.entities.len();
        told.entities.push(AdEntity {
            level: AdLevel::Campaign,
            id: number.to_string(),
            parent: None,
            name: new.name.clone(),
            status: AdStatus::Paused,
            delivery: None,
            objective: None,
            budget: Some(Budget {
                span: BudgetSpan::Day,
                minor: new.daily_budget,
                resource: None,
                is_shared: false,
            }),
            created_at: None,
        });
        lost(&mut told, "ads.create")
    }

    async fn retire(&self, number: &str) -> PortResult<()> {
        let mut told = self.asked()?;
        let mut entities = told.entities.iter_mut();
        let found = entities.find(|e| e.level == AdLevel::Campaign && e.id == number);
        found.ok_or_else(|| failure(Kind::NotFound))?.status = AdStatus::Archived;
        lost(&mut told, "ads.retire")
    }
}

/// The answer of what was made is lost, where a test wants it so.
fn lost(told: &mut AdsTold, operation: &'static str) -> PortResult<()> {
    if told.lost_answers == 0 {
        return Ok(());
    }
    told.lost_answers -= 1;
    Err(PortError::new(
        Kind::Unavailable,
        Retry::Reconcile,
        "fake",
        operation,
        "the answer was lost",
    ))
}
