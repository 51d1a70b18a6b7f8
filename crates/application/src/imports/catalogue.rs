//! What the store's catalogue knows, ready to be asked for each line of a file.

use crate::Ports;
use domain::ids::{CustomerId, ProductId, StoreId, StoreScope, VariantId};
use domain::import::{stable_id, variant_of_sku};
use hmac::{Hmac, KeyInit as _, Mac as _};
use ports::catalog::ProductQuery;
use ports::secrets::SecretName;
use ports::{PageRequest, PortResult};
use rand::RngExt as _;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;
use std::collections::{HashMap, HashSet};

const PAGE: u32 = 250;
const KEY: &str = "imports/pseudonyms";

pub(super) struct Catalogue {
    store: StoreId,
    skus: HashMap<String, (ProductId, VariantId)>,
    names: HashMap<String, (ProductId, VariantId)>,
    pub variants: HashSet<VariantId>,
    key: String,
}

impl Catalogue {
    pub(super) async fn read(ports: &Ports, scope: StoreScope) -> PortResult<Self> {
        let mut catalogue = Self {
            store: scope.store,
            skus: HashMap::new(),
            names: HashMap::new(),
            variants: HashSet::new(),
            key: pseudonym_key(ports, scope).await?,
        };
        let query = ProductQuery::default();
        let mut page = PageRequest::first(PAGE);
        loop {
            let answer = ports.catalog.list(scope, &query, &page).await?;
            for stored in answer.items {
                catalogue.add(&stored.product);
            }
            match answer.next_cursor {
                Some(cursor) => page.cursor = Some(cursor),
                None => return Ok(catalogue),
            }
        }
    }

    fn add(&mut self, product: &domain::catalog::Product) {
        let single = product.variants.len() == 1;
        for variant in &product.variants {
            let ids = (product.id, variant.id);
            self.variants.insert(variant.id);
            if let Some(sku) = variant.sku.as_deref().filter(|s| !s.is_empty()) {
                self.skus.entry(sku.to_owned()).or_insert(ids);
            }
            self.names
                .entry(format!("{} - {}", product.title, variant.title))
                .or_insert(ids);
            if single {
                self.names.entry(product.title.clone()).or_insert(ids);
            }
        }
    }

    /// By SKU, else by name; what the catalogue does not know gets ids of its own, so that reports can tell it apart.
    pub(super) fn link(
        &self,
        sku: Option<&str>,
        name: &str,
    ) -> (Option<ProductId>, Option<VariantId>) {
        let known = sku
            .and_then(|s| self.skus.get(s))
            .or_else(|| self.names.get(name));
        if let Some((product, variant)) = known {
            return (Some(*product), Some(*variant));
        }
        let variant = match sku {
            Some(sku) => variant_of_sku(self.store, sku),
            None => VariantId(stable_id(self.store, "variant name", name)),
        };
        let product = ProductId(stable_id(self.store, "sold", sku.unwrap_or(name)));
        (Some(product), Some(variant))
    }

    pub(super) fn variant_of_sku(&self, sku: &str) -> Option<VariantId> {
        self.skus.get(sku).map(|(_, variant)| *variant)
    }

    /// The same address is the same person; without the workspace's key nobody finds the address.
    pub(super) fn person(&self, email: &str) -> CustomerId {
        let text = format!("{}\n{}", self.store, email.trim().to_lowercase());
        // HMAC takes keys of any length.
        let digest = Hmac::<Sha256>::new_from_slice(self.key.as_bytes())
            .map(|mut mac| {
                mac.update(text.as_bytes());
                hex::encode(mac.finalize().into_bytes())
            })
            .unwrap_or_default();
        CustomerId(stable_id(self.store, "person", &digest))
    }
}

async fn pseudonym_key(ports: &Ports, scope: StoreScope) -> PortResult<String> {
    let name = SecretName {
        workspace: scope.workspace,
        name: KEY.to_owned(),
    };
    if let Some(key) = ports.vault.get(&name).await? {
        return Ok(key.expose_secret().to_owned());
    }
    let fresh: [u8; 32] = rand::rng().random();
    let key = SecretString::from(hex::encode(fresh));
    ports.vault.put(&name, &key, ports.clock.now()).await?;
    // Another process may have been faster.
    let stored = ports.vault.get(&name).await?;
    Ok(stored.unwrap_or(key).expose_secret().to_owned())
}
