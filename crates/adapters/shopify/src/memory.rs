//! What is learned about an account and outlives a single source: its token, what it refuses, how large its pages may be.

use crate::auth::TokenCell;
use crate::documents::Gate;
use domain::money::Currency;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

/// What is learned about an account and outlives a single source.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    pub(crate) token: TokenCell,
    closed: Mutex<BTreeSet<Gate>>,
    pages: Mutex<BTreeMap<&'static str, u32>>,
    granted: Mutex<Option<Vec<String>>>,
    currency: Mutex<Option<Currency>>,
    answered: Mutex<Option<String>>,
    /// Ids of discounts that were made here, by their tag: the search index shows them only after a while.
    discounts: Mutex<BTreeMap<String, String>>,
}

impl Memory {
    pub(crate) fn closed(&self) -> BTreeSet<Gate> {
        lock(&self.closed).clone()
    }

    /// `false`: it was closed before.
    pub(crate) fn close(&self, gate: Gate) -> bool {
        lock(&self.closed).insert(gate)
    }

    /// What was refused may be granted by now.
    pub(crate) fn reopen(&self) {
        lock(&self.closed).clear();
    }

    pub(crate) fn page(&self, of: &'static str, usual: u32) -> u32 {
        lock(&self.pages).get(of).copied().unwrap_or(usual)
    }

    pub(crate) fn set_page(&self, of: &'static str, size: u32) {
        lock(&self.pages).insert(of, size);
    }

    /// The version that answered last.
    pub(crate) fn answered(&self) -> Option<String> {
        lock(&self.answered).clone()
    }

    pub(crate) fn set_answered(&self, version: &str) {
        *lock(&self.answered) = Some(version.to_owned());
    }

    pub(crate) fn granted(&self) -> Option<Vec<String>> {
        lock(&self.granted).clone()
    }

    pub(crate) fn set_granted(&self, scopes: Vec<String>) {
        *lock(&self.granted) = Some(scopes);
    }

    pub(crate) fn discount(&self, tag: &str) -> Option<String> {
        lock(&self.discounts).get(tag).cloned()
    }

    pub(crate) fn set_discount(&self, tag: &str, id: &str) {
        lock(&self.discounts).insert(tag.to_owned(), id.to_owned());
    }

    pub(crate) fn currency(&self) -> Option<Currency> {
        *lock(&self.currency)
    }

    pub(crate) fn set_currency(&self, currency: Currency) {
        *lock(&self.currency) = Some(currency);
    }
}

/// A poisoned lock is taken all the same: what it holds is valid after every statement.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
