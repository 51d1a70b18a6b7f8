//! Ad platforms: which adapter speaks to which, and where.

use crate::config::AdsPlace;
use adapter_google_ads::GoogleAds;
use adapter_kit::Registry;
use adapter_meta_ads::{MetaAds, ReportLimits};
use domain::ads::AdPlatform;
use ports::PortResult;
use ports::ad_platforms::{AdPlatforms, AdSettings, AdSource, AdWriter};
use std::sync::Arc;

pub(super) struct Platforms {
    place: AdsPlace,
    registry: Registry,
}

impl Platforms {
    pub(super) fn new(place: &AdsPlace, registry: &Registry) -> Self {
        Self {
            place: place.clone(),
            registry: registry.clone(),
        }
    }

    fn meta(&self, settings: &AdSettings) -> PortResult<Arc<MetaAds>> {
        let meta = MetaAds::new(settings, ReportLimits::default(), &self.registry)?;
        Ok(Arc::new(meta))
    }

    /// A sandbox gives tokens itself, beside its API.
    fn google(&self, settings: &AdSettings) -> PortResult<Arc<GoogleAds>> {
        let base = settings.base_url.as_deref();
        let own = base.is_some_and(|b| b == self.place.google_base_url);
        let beside = base.map(|b| format!("{}/token", b.trim_end_matches('/')));
        let url = match beside {
            Some(beside) if !own => beside,
            _ => self.place.google_token_url.clone(),
        };
        let google = GoogleAds::new(settings, Some(&url), &self.registry)?;
        Ok(Arc::new(google))
    }
}

impl AdPlatforms for Platforms {
    fn open(&self, settings: &AdSettings) -> PortResult<Arc<dyn AdSource>> {
        Ok(match settings.platform {
            AdPlatform::Meta => self.meta(settings)?,
            AdPlatform::GoogleAds => self.google(settings)?,
        })
    }

    fn writer(&self, settings: &AdSettings) -> PortResult<Arc<dyn AdWriter>> {
        Ok(match settings.platform {
            AdPlatform::Meta => self.meta(settings)?,
            AdPlatform::GoogleAds => self.google(settings)?,
        })
    }

    fn defaults(&self, platform: AdPlatform) -> (String, String) {
        match platform {
            AdPlatform::Meta => (
                self.place.meta_base_url.clone(),
                adapter_meta_ads::DEFAULT_VERSION.to_owned(),
            ),
            AdPlatform::GoogleAds => (
                self.place.google_base_url.clone(),
                adapter_google_ads::DEFAULT_VERSION.to_owned(),
            ),
        }
    }
}
