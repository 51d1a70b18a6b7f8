//! Suppliers with an interface: which adapter speaks to which, and where.

use adapter_cjdropshipping::Cj;
use adapter_kit::Registry;
use adapter_printful::Printful;
use domain::supplier::{Capability, Platform};
use ports::clock::Clock;
use ports::secrets::SecretVault;
use ports::supplier_platforms::{SupplierAccess, SupplierPlatforms, SupplierSettings};
use ports::{Kind, PortError, PortResult, Retry};
use std::sync::Arc;

pub(super) struct Platforms {
    pub(super) cj_base_url: String,
    pub(super) printful_base_url: String,
    pub(super) registry: Registry,
    /// Where adapters keep what they are given for a key.
    pub(super) vault: Arc<dyn SecretVault>,
    pub(super) clock: Arc<dyn Clock>,
}

impl SupplierPlatforms for Platforms {
    fn open(&self, settings: &SupplierSettings) -> PortResult<SupplierAccess> {
        match settings.platform {
            Platform::Cjdropshipping => {
                let (vault, clock) = (Arc::clone(&self.vault), Arc::clone(&self.clock));
                let cj = Arc::new(Cj::new(settings, vault, clock, &self.registry)?);
                Ok(SupplierAccess {
                    source: Arc::clone(&cj) as _,
                    orders: cj,
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
            Platform::Autods | Platform::Spocket | Platform::Other => None,
        }
    }
}
