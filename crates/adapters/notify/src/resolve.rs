//! Names of hosts as addresses: those inside a network are left out before anything is connected, so that a name that changes what it points to
//! between a check and a call gains nothing.

use crate::address::{Allowed, is_public};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::SocketAddr;
use std::sync::Arc;

/// A host has no public address.
#[derive(Debug)]
pub(crate) struct Inside;

impl std::fmt::Display for Inside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("its address is inside a network")
    }
}

impl std::error::Error for Inside {}

pub(crate) struct Public(Arc<Allowed>);

impl Public {
    pub(crate) fn new(allowed: Arc<Allowed>) -> Self {
        Self(allowed)
    }
}

impl Resolve for Public {
    fn resolve(&self, name: Name) -> Resolving {
        let is_listed = self.0.has(name.as_str());
        Box::pin(async move {
            // The port is the caller's.
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let fit: Vec<SocketAddr> = found.filter(|at| is_listed || is_public(at.ip())).collect();
            if fit.is_empty() {
                return Err(Inside.into());
            }
            Ok(Box::new(fit.into_iter()) as Addrs)
        })
    }
}
