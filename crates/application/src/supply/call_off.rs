//! Taking back an order at a supplier that was created and not paid.

use super::{Supply, SupplyError, fault};
use crate::changes::{Edit, NewChangeSet};
use domain::audit::Actor;
use domain::changes::{ChangeSet, ChangeSetStatus};
use domain::ids::SupplierOrderId;
use domain::store::Store;
use domain::supplier::{Capability, SupplierOrderState};

/// Why an order in this state is not called off; `None`: it is.
const fn against(state: SupplierOrderState) -> Option<&'static str> {
    use SupplierOrderState as S;
    match state {
        S::Unpaid => None,
        S::Placing => Some("is still being placed: whether the supplier has it is not known yet"),
        S::Paid | S::Shipped | S::Delivered => {
            Some("is paid: what is paid is called off at the supplier, if at all")
        }
        S::Cancelled => Some("is called off already"),
        S::Unclear => Some("stands at the supplier in a state that is not known here"),
    }
}

impl Supply {
    /// Proposes it: the supplier hears of it once the change-set is approved.
    ///
    /// # Errors
    /// `Invalid` says why it cannot be called off: it is paid, still under way, or its supplier has no way to do so.
    pub async fn call_off(
        &self,
        store: &Store,
        id: SupplierOrderId,
        actor: &Actor,
    ) -> Result<ChangeSet, SupplyError> {
        let workspace = store.scope.workspace;
        let order = self.order(workspace, id).await?;
        if order.scope != store.scope {
            return Err(SupplyError::UnknownSupplierOrder);
        }
        if let Some(why) = against(order.state) {
            return fault("state", why);
        }
        let accounts = &self.ports.supplier_accounts;
        let account = accounts.supplier_account(workspace, order.plan.account);
        let Some(account) = account.await? else {
            return fault("supplier", "is not connected any more");
        };
        if let Err(cannot) = account.platform.by_interface(Capability::CallOff) {
            return fault("supplier", cannot.to_string());
        }
        let placing = self.ports.changes.find(workspace, order.change_set).await?;
        use ChangeSetStatus as S;
        let is_at_it = |s: &ChangeSet| matches!(s.status, S::Approved | S::Applying);
        if placing.is_some_and(|set| is_at_it(&set)) {
            return fault("state", "is still being placed; wait until it has ended");
        }
        let why = order.why.as_deref().unwrap_or("nothing was paid for it");
        let new = NewChangeSet {
            title: Some(format!(
                "Call off {} at {}",
                order.plan.order_name, order.plan.supplier
            )),
            reason: format!("It stands there unpaid: {why}"),
            edits: vec![Edit::CallOffSupply(order.plan)],
            proposed_by: actor.clone(),
        };
        Ok(self.changes.propose(store, new).await?)
    }
}
