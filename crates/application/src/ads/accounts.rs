//! Connecting an account, looking at it, taking it away. Credentials lie in the vault and are never told.

use super::{AD_ACCOUNTS_CHANGED, AdError, Ads};
use crate::Ports;
use crate::events::EventHub;
use domain::ads::{AccountState, AdAccount, AdIdentity, AdPlatform};
use domain::audit::{Actor, NewEntry};
use domain::calendar::Calendar;
use domain::ids::{AdAccountId, StoreId, WorkspaceId};
use domain::inputs::{Input, InputChange, InputKind};
use ports::ad_platforms::{AdAuth, AdSettings, AdSource};
use ports::inputs::{InputQuery, OnMismatch};
use ports::page::MAX_LIMIT;
use ports::secrets::SecretName;
use ports::{Kind, PageRequest, PortError, PortResult, Retry};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;
use uuid::Uuid;

#[derive(Debug, Clone)]
pub struct NewAdAccount {
    pub workspace: WorkspaceId,
    /// `None`: the first store.
    pub store: Option<StoreId>,
    pub connect: ConnectAd,
    pub from_environment: bool,
    pub actor: Actor,
}

/// What a person or the environment says about it.
#[derive(Debug, Clone)]
pub struct ConnectAd {
    pub platform: AdPlatform,
    pub external_id: String,
    pub login_account: Option<String>,
    /// `None`: as the settings say.
    pub base_url: Option<String>,
    pub api_version: Option<String>,
    pub auth: AdAuth,
}

/// An account whose settings stand in the environment.
pub type AdEnvironment = ConnectAd;

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum StoredAuth {
    Token {
        token: String,
        app_secret: Option<String>,
    },
    Refresh {
        client_id: String,
        client_secret: String,
        refresh_token: String,
        developer_token: Option<String>,
    },
}

impl StoredAuth {
    fn of(auth: &AdAuth) -> Self {
        let open = |s: &SecretString| s.expose_secret().to_owned();
        match auth {
            AdAuth::Token { token, app_secret } => Self::Token {
                token: open(token),
                app_secret: app_secret.as_ref().map(open),
            },
            AdAuth::Refresh {
                client_id,
                client_secret,
                refresh_token,
                developer_token,
            } => Self::Refresh {
                client_id: client_id.clone(),
                client_secret: open(client_secret),
                refresh_token: open(refresh_token),
                developer_token: developer_token.as_ref().map(open),
            },
        }
    }

    fn auth(self) -> AdAuth {
        match self {
            Self::Token { token, app_secret } => AdAuth::Token {
                token: token.into(),
                app_secret: app_secret.map(Into::into),
            },
            Self::Refresh {
                client_id,
                client_secret,
                refresh_token,
                developer_token,
            } => AdAuth::Refresh {
                client_id,
                client_secret: client_secret.into(),
                refresh_token: refresh_token.into(),
                developer_token: developer_token.map(Into::into),
            },
        }
    }
}

fn secret(account: &AdAccount) -> SecretName {
    SecretName {
        workspace: account.scope.workspace,
        name: format!("ads/{}/auth", account.id),
    }
}

/// What a platform's refusal of a new account means to whoever enters it.
fn refused(error: PortError) -> AdError {
    match error.kind {
        Kind::Configuration | Kind::NotFound => AdError::BadAccount(error.detail),
        Kind::Unauthorized => AdError::BadCredentials(error.detail),
        Kind::Forbidden => AdError::MissingGrant(error.detail),
        _ => AdError::Port(error),
    }
}

/// In use; what is missing or stopped is told as a sentence.
pub(super) fn state_of(told: &AdIdentity) -> (AccountState, Option<String>) {
    if let Some(word) = &told.not_running {
        let reason = format!("the platform says that the account is {word}");
        return (AccountState::Degraded, Some(reason));
    }
    match told.missing.first() {
        Some(missing) => (AccountState::Degraded, Some(missing.costs.clone())),
        None => (AccountState::Ok, None),
    }
}

impl Ads {
    /// Asks the platform first: nothing is kept of an account that does not answer.
    pub async fn connect(&self, new: NewAdAccount) -> Result<AdAccount, AdError> {
        let store = self.stores.pick(new.workspace, new.store).await?;
        let now = self.ports.clock.now();
        let (base, version) = self.ports.ad_platforms.defaults(new.connect.platform);
        let connect = new.connect;
        let mut account = AdAccount {
            id: AdAccountId(Uuid::now_v7()),
            scope: store.scope,
            platform: connect.platform,
            external_id: connect.external_id,
            name: String::new(),
            base_url: connect.base_url.unwrap_or(base),
            api_version: connect.api_version.unwrap_or(version),
            login_account: connect.login_account,
            is_sandbox: false,
            state: AccountState::Ok,
            state_reason: None,
            missing: Vec::new(),
            series: Vec::new(),
            final_through: None,
            read_through: None,
            conversion_kinds: BTreeSet::new(),
            created_at: now,
            last_synced_at: None,
            last_error: None,
            from_environment: new.from_environment,
            version: 1,
        };
        let source = self
            .ports
            .ad_platforms
            .open(&settings(&account, connect.auth.clone()));
        let told = source.map_err(refused)?.identify().await.map_err(refused)?;
        if let Some(missing) = told.missing.iter().find(|m| m.required) {
            return Err(AdError::MissingGrant(missing.scope.clone()));
        }
        account.external_id.clone_from(&told.external_id);
        let zone = Calendar::parse(&told.zone)
            .map_err(|e| AdError::BadAccount(format!("its time zone cannot be read: {e}")))?;
        account.recognise(&told, zone.day_of(now));
        (account.state, account.state_reason) = state_of(&told);
        let id = account.id.to_string();
        let target = ("ad_account", id.as_str(), account.name.as_str());
        let what = json!({ "platform": account.platform, "number": account.external_id });
        let entry =
            NewEntry::done(new.workspace, now, new.actor, "ad_account.create", target).after(&what);
        match self.ports.ads.create_ad_account(&account, &entry).await {
            Err(error) if error.kind == Kind::Conflict => return Err(AdError::AlreadyConnected),
            made => made?,
        }
        self.keep(&account, &connect.auth).await?;
        self.changed(&account).await?;
        Ok(account)
    }

    /// Creates or renews the account that the environment names, for the first store; `None` while there is no store.
    pub async fn ensure_from_environment(
        &self,
        wanted: &AdEnvironment,
    ) -> Result<Option<AdAccount>, AdError> {
        let Some(workspace) = self.ports.accounts.workspaces().await?.into_iter().next() else {
            return Ok(None);
        };
        let digits = |text: &str| {
            text.chars()
                .filter(char::is_ascii_digit)
                .collect::<String>()
        };
        let number = digits(&wanted.external_id);
        let known = self.ports.ads.ad_accounts(workspace.id).await?;
        let same = known
            .into_iter()
            .find(|a| a.platform == wanted.platform && a.external_id == number);
        if let Some(mut account) = same {
            self.keep(&account, &wanted.auth).await?;
            account.login_account.clone_from(&wanted.login_account);
            if account.state == AccountState::Reauthorize {
                account.state = AccountState::Ok;
                account.state_reason = None;
            }
            return Ok(Some(self.ports.ads.update_ad_account(&account).await?));
        }
        let new = NewAdAccount {
            workspace: workspace.id,
            store: None,
            connect: wanted.clone(),
            from_environment: true,
            actor: Actor::system(),
        };
        match self.connect(new).await {
            Ok(account) => Ok(Some(account)),
            Err(AdError::Store(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub async fn account(
        &self,
        workspace: WorkspaceId,
        id: AdAccountId,
    ) -> Result<AdAccount, AdError> {
        let found = self.ports.ads.ad_account(workspace, id).await?;
        found.ok_or(AdError::UnknownAccount)
    }

    /// Oldest first; of one store when given.
    pub async fn accounts(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
    ) -> PortResult<Vec<AdAccount>> {
        let all = self.ports.ads.ad_accounts(workspace).await?.into_iter();
        Ok(all
            .filter(|a| store.is_none_or(|s| a.scope.store == s))
            .collect())
    }

    /// Takes it away with its days, its credentials and what it told of the store's ad spend.
    pub async fn disconnect(
        &self,
        workspace: WorkspaceId,
        id: AdAccountId,
        actor: Actor,
    ) -> Result<(), AdError> {
        let account = self.account(workspace, id).await?;
        let now = self.ports.clock.now();
        let target = account.id.to_string();
        let target = ("ad_account", target.as_str(), account.name.as_str());
        let entry = NewEntry::done(workspace, now, actor, "ad_account.remove", target);
        self.ports
            .ads
            .remove_ad_account(workspace, id, &entry)
            .await?;
        self.forget_spend(&account).await?;
        self.ports.vault.delete(&secret(&account)).await?;
        self.changed(&account).await?;
        Ok(())
    }

    async fn forget_spend(&self, account: &AdAccount) -> PortResult<()> {
        let query = InputQuery::of(InputKind::AdSpend);
        let mut page = PageRequest::first(MAX_LIMIT);
        let mut gone = Vec::new();
        loop {
            let found = self.ports.inputs.list(account.scope, &query, &page).await?;
            gone.extend(found.items.into_iter().filter_map(|r| match &r.input {
                Input::AdSpend(s) if s.account == Some(account.id) => Some(r.input.key()),
                _ => None,
            }));
            page.cursor = found.next_cursor;
            if page.cursor.is_none() {
                break;
            }
        }
        if gone.is_empty() {
            return Ok(());
        }
        let gone: Vec<_> = gone.into_iter().map(InputChange::remove).collect();
        let inputs = &self.ports.inputs;
        inputs
            .apply(account.scope, &gone, OnMismatch::Skip, None, None)
            .await?;
        Ok(())
    }

    pub(super) async fn source(&self, account: &AdAccount) -> PortResult<Arc<dyn AdSource>> {
        let way = way(&self.ports, account).await?;
        self.ports.ad_platforms.open(&way)
    }

    async fn keep(&self, account: &AdAccount, auth: &AdAuth) -> PortResult<()> {
        let text = serde_json::to_string(&StoredAuth::of(auth)).map_err(|_| unreadable())?;
        let text = SecretString::from(text);
        let now = self.ports.clock.now();
        self.ports.vault.put(&secret(account), &text, now).await
    }

    async fn changed(&self, account: &AdAccount) -> PortResult<()> {
        let hub: &EventHub = &self.hub;
        let entity = ("ad_account", account.id.to_string());
        let data = json!({ "account": account.id });
        hub.publish(account.scope.workspace, AD_ACCOUNTS_CHANGED, entity, data)
            .await
    }
}

/// How an account is reached, with its credentials.
pub(crate) async fn way(ports: &Ports, account: &AdAccount) -> PortResult<AdSettings> {
    let text = ports.vault.get(&secret(account)).await?;
    let text = text.ok_or_else(|| {
        let detail = format!(
            "the credentials of the ad account {} are not in the secret store; enter them again",
            account.name
        );
        PortError::new(
            Kind::Unauthorized,
            Retry::Never,
            "royal",
            "ads.credentials",
            detail,
        )
    })?;
    let stored = serde_json::from_str::<StoredAuth>(text.expose_secret());
    let auth = stored.map_err(|_| unreadable())?.auth();
    Ok(settings(account, auth))
}

fn settings(account: &AdAccount, auth: AdAuth) -> AdSettings {
    AdSettings {
        platform: account.platform,
        external_id: account.external_id.clone(),
        login_account: account.login_account.clone(),
        base_url: Some(account.base_url.clone()),
        api_version: Some(account.api_version.clone()),
        auth,
    }
}

/// The error's own text may quote the secret.
fn unreadable() -> PortError {
    let detail = "the stored credentials of an ad account cannot be read";
    PortError::new(
        Kind::Corrupt,
        Retry::Never,
        "royal",
        "ads.credentials",
        detail,
    )
}
