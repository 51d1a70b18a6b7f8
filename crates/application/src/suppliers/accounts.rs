//! Connecting a supplier, setting what is looked for there, taking it away. The key lies in the vault and is never told.

use super::{SUPPLIERS_CHANGED, SupplierError, Suppliers};
use domain::ads::AccountState;
use domain::audit::{Actor, NewEntry};
use domain::ids::{StoreId, SupplierAccountId, WorkspaceId};
use domain::supplier::{Capability, Platform, SupplierAccount, Watchlist};
use ports::secrets::SecretName;
use ports::supplier_platforms::{Purpose, SupplierAccess, SupplierSettings};
use ports::{Kind, PortError, PortResult, Retry};
use secrecy::SecretString;
use serde_json::json;
use uuid::Uuid;

#[derive(Debug, Clone)]
pub struct NewSupplierAccount {
    pub workspace: WorkspaceId,
    /// `None`: the first store.
    pub store: Option<StoreId>,
    pub platform: Platform,
    /// `None`: as the settings say.
    pub base_url: Option<String>,
    pub api_key: SecretString,
    pub watch: Watchlist,
    pub actor: Actor,
}

/// An account whose key the environment has.
#[derive(Debug, Clone)]
pub struct SupplierEnvironment {
    pub platform: Platform,
    pub api_key: SecretString,
    pub searches: Vec<String>,
}

/// So many products an account of the environment keeps; people may set another number.
const ENVIRONMENT_KEEPS: u32 = 200;

#[derive(Debug, Clone)]
pub struct WatchlistChange {
    /// Of the account that was looked at.
    pub version: i64,
    pub watch: Watchlist,
}

fn key(account: &SupplierAccount) -> SecretName {
    named(account, "api_key")
}

/// Where an adapter keeps what it was given for the key.
fn tokens(account: &SupplierAccount) -> SecretName {
    named(account, "tokens")
}

/// Where an adapter keeps by what it knows the supplier's messages.
fn webhook(account: &SupplierAccount) -> SecretName {
    named(account, "webhook")
}

fn named(account: &SupplierAccount, what: &str) -> SecretName {
    SecretName {
        workspace: account.scope.workspace,
        name: format!("supplier/{}/{what}", account.id),
    }
}

fn settings(
    account: &SupplierAccount,
    api_key: SecretString,
    purpose: Purpose,
) -> SupplierSettings {
    SupplierSettings {
        platform: account.platform,
        account: account.id,
        workspace: account.scope.workspace,
        base_url: Some(account.base_url.clone()),
        api_key,
        per_second: account.per_second,
        purpose,
        designs: account.watch.designs.clone(),
    }
}

fn refused(error: PortError) -> SupplierError {
    match error.kind {
        Kind::Configuration | Kind::NotFound => SupplierError::BadAddress(error.detail),
        Kind::Unauthorized | Kind::Forbidden => SupplierError::BadCredentials(error.detail),
        _ => SupplierError::Port(error),
    }
}

impl Suppliers {
    /// Asks the supplier first: nothing is kept of an account that does not answer.
    pub async fn connect(&self, new: NewSupplierAccount) -> Result<SupplierAccount, SupplierError> {
        new.platform.by_interface(Capability::Discover)?;
        let store = self.stores.pick(new.workspace, new.store).await?;
        let watch = new.watch.sound()?;
        let known = self
            .accounts(new.workspace, Some(store.scope.store))
            .await?;
        if known.iter().any(|a| a.platform == new.platform) {
            return Err(SupplierError::AlreadyConnected);
        }
        let now = self.ports.clock.now();
        let platforms = &self.ports.supplier_platforms;
        let base = new
            .base_url
            .or_else(|| platforms.default_base(new.platform));
        let mut account = SupplierAccount {
            id: SupplierAccountId(Uuid::now_v7()),
            scope: store.scope,
            platform: new.platform,
            base_url: base.unwrap_or_default(),
            is_sandbox: false,
            state: AccountState::Ok,
            state_reason: None,
            per_second: None,
            balance: None,
            quota: None,
            off: Vec::new(),
            watch,
            created_at: now,
            last_synced_at: None,
            last_error: None,
            version: 1,
        };
        let opened = platforms.open(&settings(&account, new.api_key.clone(), Purpose::Catalogue));
        let told = opened.map_err(refused)?.source.identify().await;
        let told = match told {
            Ok(told) => told,
            Err(error) => {
                self.ports.vault.delete(&tokens(&account)).await?;
                return Err(refused(error));
            }
        };
        account.recognise(&told);
        self.ports
            .vault
            .put(&key(&account), &new.api_key, now)
            .await?;
        let id = account.id.to_string();
        let target = ("supplier_account", id.as_str(), account.platform.name());
        let what = json!({ "platform": account.platform, "watch": account.watch });
        let entry = NewEntry::done(
            new.workspace,
            now,
            new.actor,
            "supplier_account.create",
            target,
        );
        let entry = entry.after(&what);
        let accounts = &self.ports.supplier_accounts;
        if let Err(error) = accounts.create_supplier_account(&account, &entry).await {
            self.forget(&account).await?;
            return Err(match error.kind {
                Kind::Conflict => SupplierError::AlreadyConnected,
                _ => error.into(),
            });
        }
        self.changed(&account).await?;
        Ok(account)
    }

    /// Connects the account whose key the environment has. One that is connected gets it only where its own does not hold any more: a key
    /// that works may be of another store there. `None`: there is no workspace or no store yet.
    pub async fn ensure_from_environment(
        &self,
        wanted: &SupplierEnvironment,
    ) -> Result<Option<SupplierAccount>, SupplierError> {
        let Some(workspace) = self.ports.accounts.workspaces().await?.into_iter().next() else {
            return Ok(None);
        };
        let known = self.accounts(workspace.id, None).await?.into_iter();
        let mut known = known.filter(|a| a.platform == wanted.platform && !a.is_sandbox);
        if let Some(mut account) = known.next() {
            if account.state != AccountState::Reauthorize {
                return Ok(Some(account));
            }
            let (now, vault) = (self.ports.clock.now(), &self.ports.vault);
            vault.put(&key(&account), &wanted.api_key, now).await?;
            account.state = AccountState::Ok;
            account.state_reason = None;
            let accounts = &self.ports.supplier_accounts;
            let stored = accounts.update_supplier_account(&account, None).await?;
            return Ok(Some(stored));
        }
        let new = NewSupplierAccount {
            workspace: workspace.id,
            store: None,
            platform: wanted.platform,
            base_url: None,
            api_key: wanted.api_key.clone(),
            watch: Watchlist {
                texts: wanted.searches.clone(),
                ships_from: None,
                most_products: ENVIRONMENT_KEEPS,
                designs: Vec::new(),
            },
            actor: Actor::system(),
        };
        match self.connect(new).await {
            Ok(account) => Ok(Some(account)),
            Err(SupplierError::Store(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Stores the next version of what is looked for.
    pub async fn set_watchlist(
        &self,
        workspace: WorkspaceId,
        id: SupplierAccountId,
        change: WatchlistChange,
        actor: Actor,
    ) -> Result<SupplierAccount, SupplierError> {
        let mut account = self.account(workspace, id).await?;
        if account.version != change.version {
            return Err(SupplierError::ChangedMeanwhile);
        }
        let before = std::mem::replace(&mut account.watch, change.watch.sound()?);
        let now = self.ports.clock.now();
        let target = account.id.to_string();
        let target = ("supplier_account", target.as_str(), account.platform.name());
        let entry = NewEntry::done(workspace, now, actor, "supplier_account.watch", target)
            .before(&json!(before))
            .after(&json!(account.watch));
        let accounts = &self.ports.supplier_accounts;
        let stored = accounts
            .update_supplier_account(&account, Some(&entry))
            .await;
        let stored = stored.map_err(|error| match error.kind {
            Kind::Conflict => SupplierError::ChangedMeanwhile,
            Kind::NotFound => SupplierError::UnknownAccount,
            _ => SupplierError::Port(error),
        })?;
        self.changed(&stored).await?;
        Ok(stored)
    }

    pub async fn account(
        &self,
        workspace: WorkspaceId,
        id: SupplierAccountId,
    ) -> Result<SupplierAccount, SupplierError> {
        let accounts = &self.ports.supplier_accounts;
        let found = accounts.supplier_account(workspace, id).await?;
        found.ok_or(SupplierError::UnknownAccount)
    }

    /// Oldest first; of one store when given.
    pub async fn accounts(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
    ) -> PortResult<Vec<SupplierAccount>> {
        let all = self.ports.supplier_accounts.supplier_accounts(workspace);
        let all = all.await?.into_iter();
        Ok(all
            .filter(|a| store.is_none_or(|s| a.scope.store == s))
            .collect())
    }

    /// Takes it away with its key and its runs. What it told stays, and is told by nobody any more.
    pub async fn disconnect(
        &self,
        workspace: WorkspaceId,
        id: SupplierAccountId,
        actor: Actor,
    ) -> Result<(), SupplierError> {
        let account = self.account(workspace, id).await?;
        let now = self.ports.clock.now();
        let target = account.id.to_string();
        let target = ("supplier_account", target.as_str(), account.platform.name());
        let entry = NewEntry::done(workspace, now, actor, "supplier_account.remove", target);
        let accounts = &self.ports.supplier_accounts;
        accounts
            .remove_supplier_account(workspace, id, &entry)
            .await?;
        self.forget(&account).await?;
        self.changed(&account).await?;
        Ok(())
    }

    async fn forget(&self, account: &SupplierAccount) -> PortResult<()> {
        self.ports.vault.delete(&key(account)).await?;
        self.ports.vault.delete(&webhook(account)).await?;
        self.ports.vault.delete(&tokens(account)).await
    }

    /// Where the supplier's messages arrive; `None` where it cannot reach this installation. Suppliers want https; a sandbox does not.
    pub(super) fn address(&self, account: &SupplierAccount) -> Option<String> {
        let base = self.public_url.as_deref()?.trim_end_matches('/');
        let reached = base.starts_with("https://") || account.is_sandbox;
        let path = format!(
            "{base}/v1/webhooks/{}/{}",
            account.platform.as_str(),
            account.id
        );
        reached.then_some(path)
    }

    pub(super) async fn open(
        &self,
        account: &SupplierAccount,
        purpose: Purpose,
    ) -> PortResult<SupplierAccess> {
        way(&self.ports, account, purpose).await
    }

    async fn changed(&self, account: &SupplierAccount) -> PortResult<()> {
        let entity = ("supplier_account", account.id.to_string());
        let data = json!({ "account": account.id });
        self.hub
            .publish(account.scope.workspace, SUPPLIERS_CHANGED, entity, data)
            .await
    }
}

/// The way to an account, by the key that was entered for it.
pub(crate) async fn way(
    ports: &crate::Ports,
    account: &SupplierAccount,
    purpose: Purpose,
) -> PortResult<SupplierAccess> {
    let kept = ports.vault.get(&key(account)).await?;
    let kept = kept.ok_or_else(|| {
        let detail = format!(
            "the API key of {} is not in the secret store; connect it again",
            account.platform.name()
        );
        let (kind, retry) = (Kind::Unauthorized, Retry::Never);
        PortError::new(kind, retry, "royal", "supplier.credentials", detail)
    })?;
    let settings = settings(account, kept, purpose);
    ports.supplier_platforms.open(&settings)
}
