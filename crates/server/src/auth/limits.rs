//! How often a sign-in may fail, by address and by account, in this process. Nobody is locked out for good.

use super::ClientAddress;
use crate::problem::Problem;
use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

const WINDOW: Duration = Duration::from_secs(60);
const PER_ACCOUNT: usize = 10;
const PER_ADDRESS: usize = 30;
/// Keys remembered at most; the table is swept when it grows over this.
const MAX_KEYS: usize = 10_000;

#[derive(Debug, Default)]
pub(crate) struct LoginLimits {
    accounts: Mutex<Failures<String>>,
    addresses: Mutex<Failures<IpAddr>>,
}

#[derive(Debug)]
struct Failures<K>(HashMap<K, VecDeque<Instant>>);

impl<K> Default for Failures<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl LoginLimits {
    pub(crate) fn check(&self, address: ClientAddress, account: &str) -> Result<(), Problem> {
        let now = Instant::now();
        let by_account = lock(&self.accounts).wait(&account.to_owned(), PER_ACCOUNT, now);
        let by_address = address
            .0
            .and_then(|ip| lock(&self.addresses).wait(&ip, PER_ADDRESS, now));
        match by_account.max(by_address) {
            Some(wait) => Err(Problem::too_many(wait)),
            None => Ok(()),
        }
    }

    pub(crate) fn failed(&self, address: ClientAddress, account: &str) {
        let now = Instant::now();
        lock(&self.accounts).add(account.to_owned(), now);
        if let Some(ip) = address.0 {
            lock(&self.addresses).add(ip, now);
        }
    }

    pub(crate) fn succeeded(&self, account: &str) {
        lock(&self.accounts).0.remove(account);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<K: Hash + Eq> Failures<K> {
    fn add(&mut self, key: K, now: Instant) {
        if self.0.len() >= MAX_KEYS {
            self.0.retain(|_, times| {
                times
                    .back()
                    .is_some_and(|t| now.duration_since(*t) < WINDOW)
            });
        }
        if self.0.len() < MAX_KEYS {
            self.0.entry(key).or_default().push_back(now);
        }
    }

    /// How long until the next try is allowed; `None`: now.
    fn wait(&mut self, key: &K, limit: usize, now: Instant) -> Option<Duration> {
        let times = self.0.get_mut(key)?;
        while times
            .front()
            .is_some_and(|t| now.duration_since(*t) >= WINDOW)
        {
            times.pop_front();
        }
        let first = times.len().checked_sub(limit).and_then(|i| times.get(i))?;
        Some(WINDOW.saturating_sub(now.duration_since(*first)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_that_slides() {
        let mut failures = Failures::default();
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        for second in 0..3 {
            assert_eq!(failures.wait(&1, 3, at(second)), None);
            failures.add(1, at(second));
        }
        assert_eq!(failures.wait(&1, 3, at(10)), Some(Duration::from_secs(50)));
        assert_eq!(
            failures.wait(&2, 3, at(10)),
            None,
            "another key is not affected"
        );
        assert_eq!(
            failures.wait(&1, 3, at(60)),
            None,
            "the first failure is forgotten"
        );
    }
}
