//! An ad platform with one account, whose days a test sets.

use async_trait::async_trait;
use domain::ads::{AdEntity, AdIdentity, AdLevel, AdPlatform, InsightDay};
use domain::calendar::DayRange;
use domain::money::Currency;
use ports::ad_platforms::{AdPlatforms, AdSettings, AdSource, AdWriter};
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
            Some(kind) => Err(PortError::new(
                kind,
                Retry::Never,
                "fake",
                "ads",
                "it fails",
            )),
        }
    }
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
}

impl AdPlatforms for FakeAdPlatforms {
    fn open(&self, _settings: &AdSettings) -> PortResult<Arc<dyn AdSource>> {
        Ok(Arc::new(self.clone()))
    }

    fn writer(&self, _settings: &AdSettings) -> PortResult<Arc<dyn AdWriter>> {
        let detail = "nothing is changed here";
        Err(PortError::new(
            Kind::Unsupported,
            Retry::Never,
            "fake",
            "ads",
            detail,
        ))
    }

    fn defaults(&self, _platform: AdPlatform) -> (String, String) {
        ("https://ads.example".to_owned(), "v1".to_owned())
    }
}
