//! How often a sign-in may fail, by address and by account, in this process. Nobody is locked out for good.

use super::ClientAddress;
use crate::problem::Problem;
use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

const WINDOW: Duration = Duration::from_secs(60);
/// From one address, so that somebody who guesses does not shut out who sits elsewhere.
const PER_ACCOUNT_AND_ADDRESS: usize = 10;
const PER_ACCOUNT: usize = 100;
const PER_ADDRESS: usize = 30;
/// Keys remembered at most; the table is swept when it grows over this.
const MAX_KEYS: usize = 10_000;

#[derive(Debug, Default)]
pub(crate) struct LoginLimits {
    places: Mutex<Failures<(String, Option<IpAddr>)>>,
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
        let place = (account.to_owned(), address.0);
        let by_place = lock(&self.places).wait(&place, PER_ACCOUNT_AND_ADDRESS, now);
        let by_account = lock(&self.accounts).wait(&place.0, PER_ACCOUNT, now);
        refuse(by_place.max(by_account).max(self.by_address(address, now)))
    }

    /// For secrets that nobody shares: only who guesses waits.
    pub(crate) fn check_address(&self, address: ClientAddress) -> Result<(), Problem> {
        refuse(self.by_address(address, Instant::now()))
    }

    fn by_address(&self, address: ClientAddress, now: Instant) -> Option<Duration> {
        let ip = address.0?;
        lock(&self.addresses).wait(&ip, PER_ADDRESS, now)
    }

    pub(crate) fn failed(&self, address: ClientAddress, account: &str) {
        let now = Instant::now();
        lock(&self.places).add((account.to_owned(), address.0), now);
        lock(&self.accounts).add(account.to_owned(), now);
        if let Some(ip) = address.0 {
            lock(&self.addresses).add(ip, now);
        }
    }

    pub(crate) fn succeeded(&self, address: ClientAddress, account: &str) {
        let place = (account.to_owned(), address.0);
        lock(&self.places).0.remove(&place);
    }
}

fn refuse(wait: Option<Duration>) -> Result<(), Problem> {
    match wait {
        Some(wait) => Err(Problem::too_many(wait)),
        None => Ok(()),
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
