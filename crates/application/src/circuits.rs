//! Circuits that people switch: stopped by hand, and begun anew. What was decided is kept as small values of the installation, so that
//! every process obeys within a second or two, also one that starts later, and whether or not Redis is there.

use crate::Ports;
use chrono::{DateTime, Utc};
use domain::ads::AdPlatform;
use domain::audit::{Actor, NewEntry};
use domain::ids::WorkspaceId;
use ports::circuits::Circuits as Links;
use ports::source::{Budget, LinkState};
use ports::{PortError, PortResult};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// Changes with every decision, so that one value tells whether to look at the others.
const MARK: &str = "circuits";
/// Of a reason, in characters.
const MOST_REASON: usize = 500;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hand {
    /// No call is sent until it is reset.
    ForceOpen,
    /// Closed, and counted anew.
    Reset,
}

impl Hand {
    const fn action(self) -> &'static str {
        match self {
            Self::ForceOpen => "circuit.force_open",
            Self::Reset => "circuit.reset",
        }
    }
}

/// What somebody decided on a circuit last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    pub hand: Hand,
    pub reason: String,
    /// As people know them.
    pub by: String,
    pub at: DateTime<Utc>,
}

impl Decision {
    /// Of one that stopped a circuit.
    #[must_use]
    pub fn told(&self) -> String {
        let at = self.at.format("%Y-%m-%d %H:%M UTC");
        format!("stopped by {} at {at}: {}", self.by, self.reason)
    }
}

#[derive(Debug, thiserror::Error)]
pub enum CircuitError {
    #[error("there is no circuit of this name: it comes with the first call")]
    Unknown,
    #[error("a reason has 1 to 500 characters")]
    BadReason,
    #[error(transparent)]
    Port(#[from] PortError),
}

/// An account of somebody else's that a workspace has, by which its circuits are named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountOf {
    /// `provider/account`: what is before the effect in a circuit's name, and before the part that an account may have besides.
    pub prefix: String,
    /// As people know it.
    pub name: String,
}

impl AccountOf {
    /// Whether the circuit of this name is one of the account's.
    #[must_use]
    pub fn has(&self, circuit: &str) -> bool {
        let rest = circuit.strip_prefix(&self.prefix);
        rest.is_some_and(|rest| rest.starts_with('/'))
    }
}

/// What an account may still ask of its provider, as this process knows it.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountBudget {
    /// `provider/account`, as in the names of its circuits.
    pub account: String,
    pub budget: Option<Budget>,
    /// The provider asked for quiet until then.
    pub paused_until: Option<DateTime<Utc>>,
}

/// Whether the circuit is named by the number of an ad account, which is nobody's who is not signed in.
#[must_use]
pub fn is_of_ads(circuit: &str) -> bool {
    circuit.split('/').next().is_some_and(|provider| {
        let platforms = [AdPlatform::Meta, AdPlatform::GoogleAds];
        platforms.map(ad_provider).contains(&provider)
    })
}

/// Whether the circuit is of some workspace's account, by its id here or its number at the provider; any other is the installation's.
#[must_use]
pub fn is_of_an_account(circuit: &str) -> bool {
    let id = circuit.split('/').nth(1).map(str::parse::<Uuid>);
    is_of_ads(circuit) || id.is_some_and(|id| id.is_ok())
}

/// As whoever speaks to it calls it.
const fn ad_provider(platform: AdPlatform) -> &'static str {
    match platform {
        AdPlatform::Meta => "meta-ads",
        AdPlatform::GoogleAds => "google-ads",
    }
}

/// Cheap to clone; all clones are the same process.
#[derive(Clone)]
pub struct Circuits(Arc<Inner>);

struct Inner {
    ports: Ports,
    links: Arc<dyn Links>,
    started_at: DateTime<Utc>,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    mark: Option<String>,
    /// Circuits that were looked up under that mark.
    names: BTreeSet<String>,
    decisions: BTreeMap<String, Decision>,
}

impl Circuits {
    #[must_use]
    pub fn new(ports: Ports, links: Arc<dyn Links>) -> Self {
        let started_at = ports.clock.now();
        Self(Arc::new(Inner {
            ports,
            links,
            started_at,
            seen: Mutex::default(),
        }))
    }

    fn seen<T>(&self, act: impl FnOnce(&mut Seen) -> T) -> T {
        let mut seen = self.0.seen.lock().unwrap_or_else(PoisonError::into_inner);
        act(&mut seen)
    }

    /// What was decided on this circuit, as far as this process has looked.
    #[must_use]
    pub fn decision(&self, name: &str) -> Option<Decision> {
        self.seen(|seen| seen.decisions.get(name).cloned())
    }

    /// Every circuit that this process has.
    #[must_use]
    pub fn links(&self) -> Vec<LinkState> {
        self.0.links.links()
    }

    /// Of each account whose provider told of a budget or asked for quiet, by name.
    #[must_use]
    pub fn budgets(&self) -> Vec<AccountBudget> {
        let told = self.links().into_iter().filter_map(|link| {
            let told = link.budget.is_some() || link.paused_until.is_some();
            let account = format!("{}/{}", link.provider, link.account);
            let of_account = AccountBudget {
                account: account.clone(),
                budget: link.budget,
                paused_until: link.paused_until,
            };
            told.then_some((account, of_account))
        });
        // Its ways share one.
        told.collect::<BTreeMap<_, _>>().into_values().collect()
    }

    /// The accounts of a workspace, whether this process has called them or not: shops, suppliers, ads.
    pub async fn accounts(&self, workspace: WorkspaceId) -> PortResult<Vec<AccountOf>> {
        let ports = &self.0.ports;
        let shops = ports.connections.list(Some(workspace)).await?;
        let suppliers = ports.supplier_accounts.supplier_accounts(workspace).await?;
        let ads = ports.ads.ad_accounts(workspace).await?;
        let shops = shops.into_iter().map(|shop| AccountOf {
            prefix: format!("{}/{}", shop.provider.as_str(), shop.id),
            name: shop.name,
        });
        let suppliers = suppliers.into_iter().map(|account| AccountOf {
            prefix: format!("{}/{}", account.platform.as_str(), account.id),
            name: account.platform.name().to_owned(),
        });
        let ads = ads.into_iter().map(|account| {
            let digits = account.external_id.chars().filter(char::is_ascii_digit);
            AccountOf {
                prefix: format!(
                    "{}/{}",
                    ad_provider(account.platform),
                    digits.collect::<String>()
                ),
                name: account.name,
            }
        });
        Ok(shops.chain(suppliers).chain(ads).collect())
    }

    /// What was decided on a circuit that this process may not have, for all processes.
    pub async fn decided(&self, name: &str) -> PortResult<Option<Decision>> {
        let text = self.0.ports.accounts.setting(&key(name)).await?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Decides on a circuit, for all processes; audited. The circuit of a connection, a supplier's account or an ad account belongs to
    /// its workspace, any other to the first one.
    ///
    /// # Errors
    /// [`CircuitError::Unknown`] for one that was not used yet and is no account's, and for another workspace's.
    pub async fn switch(
        &self,
        workspace: WorkspaceId,
        actor: Actor,
        name: &str,
        hand: Hand,
        reason: &str,
    ) -> Result<Decision, CircuitError> {
        let reason = reason.trim();
        if reason.is_empty() || reason.chars().count() > MOST_REASON {
            return Err(CircuitError::BadReason);
        }
        let ports = &self.0.ports;
        if !self.may_switch(workspace, name).await? {
            return Err(CircuitError::Unknown);
        }
        let decision = Decision {
            hand,
            reason: reason.to_owned(),
            by: actor.name.clone(),
            at: ports.clock.now(),
        };
        let target = ("circuit", name, name);
        let mut entry = NewEntry::done(workspace, decision.at, actor, hand.action(), target);
        entry.reason = Some(reason.to_owned());
        // The values have no transaction that an entry could be part of, so it is recorded before what it tells.
        ports.audit.record(&[entry]).await?;
        let text = serde_json::to_string(&decision).ok();
        let accounts = &ports.accounts;
        accounts.set_setting(&key(name), text.as_deref()).await?;
        let mark = Uuid::new_v4().to_string();
        accounts.set_setting(MARK, Some(&mark)).await?;
        self.obey(name, &decision);
        Ok(decision)
    }

    async fn may_switch(&self, workspace: WorkspaceId, name: &str) -> PortResult<bool> {
        let own = self.accounts(workspace).await?;
        if own.iter().any(|account| account.has(name)) {
            // Also of an account that this process has not called itself.
            return Ok(name.ends_with("/read") || name.ends_with("/write"));
        }
        if is_of_an_account(name) {
            return Ok(false);
        }
        let ports = &self.0.ports;
        // What was decided on may be begun anew by a process that has not called the provider itself.
        let is_known = self.0.links.names().iter().any(|known| known == name)
            || self.decided(name).await?.is_some();
        let first = ports.accounts.workspaces().await?.into_iter().next();
        Ok(is_known && first.is_some_and(|first| first.id == workspace))
    }

    fn obey(&self, name: &str, decision: &Decision) {
        let is_here = match decision.hand {
            Hand::ForceOpen => self.0.links.force_open(name),
            Hand::Reset => self.0.links.reset(name),
        };
        self.seen(|seen| {
            // One that is made later is looked up then.
            if is_here {
                seen.names.insert(name.to_owned());
            }
            seen.decisions.insert(name.to_owned(), decision.clone())
        });
    }

    /// Obeys what other processes, or this one before it was started anew, were told. One small read while nothing is new.
    pub async fn follow(&self) -> PortResult<()> {
        let accounts = &self.0.ports.accounts;
        let mark = accounts.setting(MARK).await?;
        let names = self.0.links.names();
        let is_new = self.seen(|seen| {
            if seen.mark != mark {
                seen.mark = mark.clone();
                seen.names.clear();
            }
            names.iter().any(|name| !seen.names.contains(name))
        });
        // Before the first decision there is none to look up.
        if mark.is_none() || !is_new {
            return Ok(());
        }
        for name in names {
            if self.seen(|seen| seen.names.contains(&name)) {
                continue;
            }
            let found = self.decided(&name).await?;
            let known = self.decision(&name);
            match found.filter(|found| Some(found) != known.as_ref()) {
                // A circuit of a process that came later has nothing of before to be reset.
                Some(old)
                    if old.hand == Hand::Reset
                        && old.at < self.0.started_at
                        && known
                            .as_ref()
                            .is_none_or(|known| known.hand != Hand::ForceOpen) =>
                {
                    self.seen(|seen| seen.decisions.insert(name.clone(), old));
                }
                Some(decision) => self.obey(&name, &decision),
                None => {}
            }
            self.seen(|seen| seen.names.insert(name));
        }
        Ok(())
    }
}

fn key(name: &str) -> String {
    format!("circuit/{name}")
}
