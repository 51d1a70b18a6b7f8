//! Suppliers with an interface: which adapter speaks to which, and where.

use crate::config::Settings;
use adapter_autods::Autods;
use adapter_cjdropshipping::Cj;
use adapter_kit::Registry;
use adapter_pictures::{PictureSettings, SupplierPictures};
use adapter_printful::Printful;
use adapter_supplier_rest::{Places, SupplierRest};
use async_trait::async_trait;
use domain::supplier::{Capability, Platform, RestSample, RestTrial};
use ports::clock::Clock;
use ports::pictures::Pictures;
use ports::secrets::SecretVault;
use ports::supplier_platforms::{LoginBegun, SupplierAccess, SupplierPlatforms, SupplierSettings};
use ports::{Kind, PortError, PortResult, Retry};
use secrecy::SecretString;
use std::sync::Arc;
use std::time::Duration;

/// Of one picture as it comes.
const MOST_PICTURE_BYTES: u64 = 5_000_000;
const PICTURE_TIMEOUT: Duration = Duration::from_secs(10);

pub(super) fn pictures(
    settings: &Settings,
    clock: Arc<dyn Clock>,
) -> PortResult<Arc<dyn Pictures>> {
    let of = PictureSettings {
        folder: settings.data_dir.join("pictures"),
        allowed_hosts: settings.suppliers.image_allowed_hosts.clone(),
        timeout: PICTURE_TIMEOUT,
        most_bytes: MOST_PICTURE_BYTES,
        most_kept: settings.suppliers.image_cache,
    };
    Ok(Arc::new(SupplierPictures::new(&of, clock)?))
}

/// Only AutoDS has no keys to enter.
fn logs_in(platform: Platform) -> PortResult<()> {
    if platform == Platform::Autods {
        return Ok(());
    }
    let detail = format!("{} has keys to enter, and no login", platform.name());
    let (kind, retry) = (Kind::Unsupported, Retry::Never);
    Err(PortError::new(
        kind,
        retry,
        "royal",
        "supplier.login",
        detail,
    ))
}

/// Contracts of the merchant's own: the addresses that the operator names for them.
pub(super) struct Contracts {
    autods: Option<String>,
    spocket: Option<String>,
    places: Places,
}

impl Contracts {
    pub(super) fn of(settings: &Settings) -> Self {
        let (autods, spocket) = (
            settings.suppliers.autods_base_url.clone(),
            settings.suppliers.spocket_base_url.clone(),
        );
        Self {
            places: Places {
                named: autods.iter().chain(&spocket).cloned().collect(),
                sandboxes: settings.sandbox_urls.clone(),
            },
            autods,
            spocket,
        }
    }
}

pub(super) struct Platforms {
    pub(super) autods_mcp_url: String,
    pub(super) cj_base_url: String,
    pub(super) printful_base_url: String,
    pub(super) contracts: Contracts,
    pub(super) registry: Registry,
    /// Where adapters keep what they are given for a key.
    pub(super) vault: Arc<dyn SecretVault>,
    pub(super) clock: Arc<dyn Clock>,
}

impl Platforms {
    fn by_contract(&self, settings: &SupplierSettings) -> PortResult<SupplierRest> {
        SupplierRest::new(settings, &self.contracts.places, &self.registry)
    }
}

#[async_trait]
impl SupplierPlatforms for Platforms {
    async fn begin_login(
        &self,
        platform: Platform,
        base_url: Option<&str>,
    ) -> PortResult<LoginBegun> {
        logs_in(platform)?;
        let base = base_url.unwrap_or(&self.autods_mcp_url);
        let login = adapter_autods::begin(base, &self.registry).await?;
        Ok(LoginBegun {
            address: login.address,
            kept: login.kept,
        })
    }

    async fn finish_login(
        &self,
        platform: Platform,
        kept: &SecretString,
        came_to: &str,
    ) -> PortResult<SecretString> {
        logs_in(platform)?;
        adapter_autods::finish(kept, came_to, &self.registry).await
    }

    async fn try_contract(
        &self,
        settings: &SupplierSettings,
        sample: &RestSample,
    ) -> PortResult<RestTrial> {
        self.by_contract(settings)?.trial(sample).await
    }

    fn contract_base(&self, platform: Platform) -> Option<String> {
        match platform {
            Platform::Autods => self.contracts.autods.clone(),
            Platform::Spocket => self.contracts.spocket.clone(),
            _ => None,
        }
    }

    fn open(&self, settings: &SupplierSettings) -> PortResult<SupplierAccess> {
        if settings.rest.is_some() {
            let rest = Arc::new(self.by_contract(settings)?);
            return Ok(SupplierAccess {
                source: Arc::clone(&rest) as _,
                orders: rest,
            });
        }
        match settings.platform {
            Platform::Cjdropshipping => {
                let (vault, clock) = (Arc::clone(&self.vault), Arc::clone(&self.clock));
                let cj = Arc::new(Cj::new(settings, vault, clock, &self.registry)?);
                Ok(SupplierAccess {
                    source: Arc::clone(&cj) as _,
                    orders: cj,
                })
            }
            Platform::Autods => {
                let (vault, clock) = (Arc::clone(&self.vault), Arc::clone(&self.clock));
                let autods = Arc::new(Autods::new(settings, vault, clock, &self.registry)?);
                Ok(SupplierAccess {
                    source: Arc::clone(&autods) as _,
                    orders: autods,
                })
            }
            Platform::Printful => {
                let (vault, clock) = (Arc::clone(&self.vault), Arc::clone(&self.clock));
                let printful = Printful::new(settings, vault, clock, &self.registry)?;
                let printful = Arc::new(printful);
                Ok(SupplierAccess {
                    source: Arc::clone(&printful) as _,
                    orders: printful,
                })
            }
            platform => {
                let cannot = platform.by_interface(Capability::Discover);
                let detail = cannot.err().map(|c| c.to_string()).unwrap_or_default();
                let (kind, retry) = (Kind::Unsupported, Retry::Never);
                Err(PortError::new(
                    kind,
                    retry,
                    "royal",
                    "supplier.open",
                    detail,
                ))
            }
        }
    }

    fn default_base(&self, platform: Platform) -> Option<String> {
        match platform {
            Platform::Cjdropshipping => Some(self.cj_base_url.clone()),
            Platform::Printful => Some(self.printful_base_url.clone()),
            Platform::Autods => Some(self.autods_mcp_url.clone()),
            Platform::Spocket | Platform::Other => None,
        }
    }
}
