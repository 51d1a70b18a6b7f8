//! What suppliers tell by themselves. A message only names what is to be looked at again: nothing that stands in it is believed, and one
//! that comes twice costs a second look and nothing else.

use super::{Supply, SupplyError};
use crate::suppliers::{SupplierError, way};
use domain::ids::SupplierAccountId;
use domain::supplier::{NoticeAbout, SupplierAccount};
use ports::page::MAX_LIMIT;
use ports::supplier_book::SupplierOrderFilter;
use ports::supplier_platforms::Purpose;
use ports::{Kind, PageRequest};

impl Supply {
    /// Of whichever workspace the account is: the signature says whether it is from its supplier.
    pub async fn accept(
        &self,
        account: SupplierAccountId,
        signature: Option<&str>,
        body: &[u8],
    ) -> Result<(), SupplyError> {
        let account = self.account(account).await?;
        let way = way(&self.ports, &account, Purpose::Orders).await?;
        let notice = way.source.notice(signature, body).await;
        let notice = notice.map_err(|error| match error.kind {
            Kind::Unauthorized => SupplyError::NotSigned,
            _ => SupplyError::Port(error),
        })?;
        match notice.about {
            NoticeAbout::Order(named) => self.look_at(&account, &named).await,
            NoticeAbout::Product(_) | NoticeAbout::Variants(_) => {
                let workspace = account.scope.workspace;
                match self.suppliers.start(workspace, account.id).await {
                    Ok(_) | Err(SupplierError::AlreadyRunning(_)) => Ok(()),
                    Err(SupplierError::Port(error)) => Err(error.into()),
                    Err(_) => Ok(()),
                }
            }
            NoticeAbout::Other => Ok(()),
        }
    }

    async fn account(&self, id: SupplierAccountId) -> Result<SupplierAccount, SupplyError> {
        for workspace in self.ports.accounts.workspaces().await? {
            let accounts = &self.ports.supplier_accounts;
            if let Some(found) = accounts.supplier_account(workspace.id, id).await? {
                return Ok(found);
            }
        }
        Err(SupplyError::UnknownAccount)
    }

    /// By our number or the supplier's, among orders that are still followed.
    async fn look_at(&self, account: &SupplierAccount, named: &str) -> Result<(), SupplyError> {
        let filter = SupplierOrderFilter::default();
        let mut page = PageRequest::first(MAX_LIMIT);
        let book = &self.ports.supplier_order_book;
        loop {
            let found = book.supplier_orders(account.scope, &filter, &page).await?;
            let of_it = found.items.iter().find(|o| {
                let theirs = o.supplier_ref.as_deref() == Some(named);
                o.plan.account == account.id && (theirs || o.plan.our_ref.as_str() == named)
            });
            if let Some(order) = of_it {
                self.hurry(account.scope.workspace, order.plan.id).await?;
                return Ok(());
            }
            page.cursor = found.next_cursor;
            if page.cursor.is_none() {
                return Ok(());
            }
        }
    }
}
