//! What a shop puts together from other variants, as it has it now.

use super::Connections;
use domain::ids::VariantId;
use domain::inventory_plan::{Bundles, usable};
use domain::store::Store;
use ports::{Kind, PortError, PortResult, Retry};

/// Bundles that can be used, and what cannot, with the reason.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShopBundles {
    pub bundles: Bundles,
    pub left_out: Vec<(VariantId, &'static str)>,
}

impl Connections {
    /// Asks the shop; nothing is kept of the answer.
    ///
    /// # Errors
    /// `Unsupported` for a store that no connection stands behind; what the provider refuses.
    pub async fn shop_bundles(&self, store: &Store) -> PortResult<ShopBundles> {
        let connections = &self.ports.connections;
        let found = connections
            .find(store.scope.workspace, store.connection)
            .await?;
        let connection = found.ok_or_else(|| {
            let detail = "the store's connection was removed: nobody can be asked for its bundles";
            PortError::new(
                Kind::Unsupported,
                Retry::Never,
                "royal",
                "bundles.read",
                detail,
            )
        })?;
        let source = self.pool.source(&connection).await?;
        let told = source.bundles().await?.into_iter();
        let (bundles, left_out) = usable(told.map(|b| (b.variant, b.components)));
        Ok(ShopBundles { bundles, left_out })
    }
}
