//! Connecting a supplier, setting what is looked for there, taking it away. The key lies in the vault and is never told.

use super::{SUPPLIERS_CHANGED, SupplierError, Suppliers};
use domain::ads::AccountState;
use domain::audit::{Actor, NewEntry};
use domain::ids::{StoreId, SupplierAccountId, WorkspaceId};
use domain::supplier::{
    Capability, Platform, RestContract, RestFault, RestSample, RestTrial, SupplierAccount,
    Watchlist,
};
use ports::secrets::SecretName;
use ports::supplier_platforms::{Purpose, SupplierAccess, SupplierSettings};
use ports::{Kind, PortError, PortResult, Retry};
use secrecy::SecretString;
use serde_json::{Value, json};
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
    /// In place of the platform's interface.
    pub rest: Option<RestContract>,
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
    /// In place of the contract that stands, of the same host: its key goes nowhere else.
    pub rest: Option<RestContract>,
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
        rest: account.rest.clone(),
    }
}

fn refused(error: PortError, by_contract: bool) -> SupplierError {
    let fault =
        |field: &str, told: String| SupplierError::Contract(vec![RestFault::new(field, told)]);
    match error.kind {
        Kind::Configuration if by_contract => fault("base_url", error.detail),
        Kind::Corrupt | Kind::Rejected | Kind::NotFound if by_contract => {
            fault("map", error.detail)
        }
        Kind::Configuration | Kind::NotFound => SupplierError::BadAddress(error.detail),
        Kind::Unauthorized | Kind::Forbidden => SupplierError::BadCredentials(error.detail),
        _ => SupplierError::Port(error),
    }
}

/// A sound contract of a platform that may have one.
fn contract(
    platform: Platform,
    rest: Option<RestContract>,
) -> Result<Option<RestContract>, SupplierError> {
    let Some(rest) = rest else {
        return Ok(None);
    };
    if !RestContract::fits(platform) {
        let told = format!("{} has an interface of its own", platform.name());
        return Err(SupplierError::BadAddress(told));
    }
    rest.sound().map(Some).map_err(SupplierError::Contract)
}

/// As the audit keeps it.
fn told(account: &SupplierAccount) -> Value {
    match &account.rest {
        Some(rest) => json!({ "watch": account.watch, "rest": rest }),
        None => json!(account.watch),
    }
}

/// Scheme, host and port.
fn origin(url: &str) -> &str {
    let host = url.find("://").map_or(0, |at| at + 3);
    let ends = url[host..].find(['/', '\\', '?', '#']);
    &url[..ends.map_or(url.len(), |at| host + at)]
}

impl Suppliers {
    /// Tries a contract: one real question, of which nothing is kept.
    pub async fn try_contract(
        &self,
        workspace: WorkspaceId,
        platform: Platform,
        rest: RestContract,
        api_key: SecretString,
        sample: &RestSample,
    ) -> Result<RestTrial, SupplierError> {
        let rest = contract(platform, Some(rest))?;
        let settings = SupplierSettings {
            platform,
            account: SupplierAccountId(Uuid::now_v7()),
            workspace,
            base_url: None,
            api_key,
            per_second: None,
            purpose: Purpose::Catalogue,
            designs: Vec::new(),
            rest,
        };
        let platforms = &self.ports.supplier_platforms;
        let tried = platforms.try_contract(&settings, sample).await;
        tried.map_err(|error| refused(error, true))
    }

    /// Where the settings say that a contract's interface is.
    #[must_use]
    pub fn contract_base(&self, platform: Platform) -> Option<String> {
        self.ports.supplier_platforms.contract_base(platform)
    }

    /// The key that the settings have for a contract at the address that they name; it is told to no other.
    pub async fn contract_key(
        &self,
        workspace: WorkspaceId,
        platform: Platform,
        base_url: &str,
    ) -> PortResult<Option<SecretString>> {
        let name = match platform {
            Platform::Autods => "AUTODS_API_KEY",
            Platform::Spocket => "SPOCKET_API_KEY",
            _ => return Ok(None),
        };
        let named = self.ports.supplier_platforms.contract_base(platform);
        if named.is_none_or(|named| origin(&named) != origin(base_url.trim())) {
            return Ok(None);
        }
        let name = SecretName {
            workspace,
            name: name.to_owned(),
        };
        let now = self.ports.clock.now();
        let found = self.ports.resolver.resolve(&name, now).await.found;
        Ok(found.map(|found| found.value))
    }

    /// The next contract of an account: of the same host, and one that answers.
    async fn put_contract(
        &self,
        account: &mut SupplierAccount,
        rest: RestContract,
    ) -> Result<(), SupplierError> {
        let Some(was) = &account.rest else {
            let told = "is not by a contract; disconnect it, and connect it by one";
            return Err(SupplierError::Contract(vec![RestFault::new(
                "base_url", told,
            )]));
        };
        let rest = rest.sound().map_err(SupplierError::Contract)?;
        if origin(&was.base_url) != origin(&rest.base_url) {
            let told = "is on another host, which the key was not entered for; disconnect it, and connect it with its key";
            return Err(SupplierError::Contract(vec![RestFault::new(
                "base_url", told,
            )]));
        }
        if *was == rest {
            return Ok(());
        }
        account.base_url.clone_from(&rest.base_url);
        account.rest = Some(rest);
        let access = self.open(account, Purpose::Catalogue).await;
        let access = access.map_err(|error| refused(error, true))?;
        let told = access.source.identify().await;
        account.recognise(&told.map_err(|error| refused(error, true))?);
        Ok(())
    }

    /// Asks the supplier first: nothing is kept of an account that does not answer.
    pub async fn connect(&self, new: NewSupplierAccount) -> Result<SupplierAccount, SupplierError> {
        let rest = contract(new.platform, new.rest)?;
        if rest.is_none() {
            new.platform.by_interface(Capability::Discover)?;
        }
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
        let by_contract = rest.is_some();
        let base = match &rest {
            Some(rest) => Some(rest.base_url.clone()),
            None => new
                .base_url
                .or_else(|| platforms.default_base(new.platform)),
        };
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
            rest,
            created_at: now,
            last_synced_at: None,
            last_error: None,
            version: 1,
        };
        let opened = platforms.open(&settings(&account, new.api_key.clone(), Purpose::Catalogue));
        let opened = opened.map_err(|error| refused(error, by_contract))?;
        let told = opened.source.identify().await;
        let told = match told {
            Ok(told) => told,
            Err(error) => {
                self.ports.vault.delete(&tokens(&account)).await?;
                return Err(refused(error, by_contract));
            }
        };
        account.recognise(&told);
        self.ports
            .vault
            .put(&key(&account), &new.api_key, now)
            .await?;
        let id = account.id.to_string();
        let target = ("supplier_account", id.as_str(), account.platform.name());
        let what =
            json!({ "platform": account.platform, "watch": account.watch, "rest": account.rest });
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
            rest: None,
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
        let before = told(&account);
        account.watch = change.watch.sound()?;
        if let Some(rest) = change.rest {
            self.put_contract(&mut account, rest).await?;
        }
        let now = self.ports.clock.now();
        let target = account.id.to_string();
        let target = ("supplier_account", target.as_str(), account.platform.name());
        let entry = NewEntry::done(workspace, now, actor, "supplier_account.watch", target)
            .before(&before)
            .after(&told(&account));
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

#[cfg(test)]
mod tests {
    use super::origin;

    #[test]
    fn a_host_is_another_whatever_stands_behind_it() {
        let own = origin("https://api.example.com:8443/v1");
        assert_eq!(own, "https://api.example.com:8443");
        assert_eq!(origin("https://api.example.com:8443?x"), own);
        for other in [
            "https://api.example.com:8443.evil.example/v1",
            "https://api.example.com:8443@evil.example/",
            "http://api.example.com:8443/",
            "https://evil.example/https://api.example.com:8443/",
        ] {
            assert_ne!(origin(other), own, "{other}");
        }
    }
}
