//! Authenticators, recovery codes, sign-ins that wait.

use super::database::{FakeDatabase, refuse};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::audit::NewEntry;
use domain::ids::{EnrolmentId, UserId, WorkspaceId};
use domain::second_factor::{PendingSignIn, SecondFactor, wait_after};
use ports::accounts::SecretHash;
use ports::second_factors::SecondFactors;
use ports::{Kind, PortError, PortResult};
use std::collections::BTreeSet;

pub(super) struct FactorRow {
    pub enrolment: EnrolmentId,
    pub created_at: DateTime<Utc>,
    pub confirmed_at: Option<DateTime<Utc>>,
    pub last_step: i64,
    pub tries: u32,
    pub not_before: Option<DateTime<Utc>>,
    pub recovery: BTreeSet<SecretHash>,
}

impl FactorRow {
    fn forget_tries(&mut self) {
        self.tries = 0;
        self.not_before = None;
    }
}

fn none(operation: &'static str) -> PortError {
    refuse(Kind::NotFound, operation, "there is no second factor")
}

#[async_trait]
impl SecondFactors for FakeDatabase {
    async fn second_factor(&self, user: UserId) -> PortResult<Option<SecondFactor>> {
        let state = self.lock();
        Ok(state.factors.get(&user).map(|row| SecondFactor {
            user,
            enrolment: row.enrolment,
            created_at: row.created_at,
            confirmed_at: row.confirmed_at,
            recovery_codes_left: u32::try_from(row.recovery.len()).unwrap_or(u32::MAX),
        }))
    }

    async fn protected_users(&self, workspace: WorkspaceId) -> PortResult<Vec<UserId>> {
        let state = self.lock();
        let confirmed = state
            .factors
            .iter()
            .filter(|(_, row)| row.confirmed_at.is_some())
            .map(|(user, _)| *user);
        let here = |user: &UserId| {
            let row = state.users.get(user);
            row.is_some_and(|(user, _)| user.workspace == workspace)
        };
        Ok(confirmed.filter(here).collect())
    }

    async fn enrol(
        &self,
        user: UserId,
        enrolment: EnrolmentId,
        now: DateTime<Utc>,
    ) -> PortResult<Option<EnrolmentId>> {
        let mut state = self.lock();
        let known = state.factors.get(&user);
        if known.is_some_and(|row| row.confirmed_at.is_some()) {
            let detail = "there is a second factor already";
            return Err(refuse(Kind::Conflict, "second_factors.enrol", detail));
        }
        let before = known.map(|row| row.enrolment);
        let row = FactorRow {
            enrolment,
            created_at: now,
            confirmed_at: None,
            last_step: 0,
            tries: 0,
            not_before: None,
            recovery: BTreeSet::new(),
        };
        state.factors.insert(user, row);
        Ok(before)
    }

    async fn confirm_factor(
        &self,
        user: UserId,
        enrolment: EnrolmentId,
        step: i64,
        now: DateTime<Utc>,
        recovery: &[SecretHash],
        entry: &NewEntry,
    ) -> PortResult<()> {
        let mut state = self.lock();
        let waiting = state
            .factors
            .get_mut(&user)
            .filter(|row| row.enrolment == enrolment && row.confirmed_at.is_none());
        let row = waiting.ok_or_else(|| none("second_factors.confirm"))?;
        row.confirmed_at = Some(now);
        row.last_step = step;
        row.recovery = recovery.iter().copied().collect();
        row.forget_tries();
        state.record(std::slice::from_ref(entry));
        Ok(())
    }

    async fn take_try(
        &self,
        user: UserId,
        now: DateTime<Utc>,
    ) -> PortResult<Option<DateTime<Utc>>> {
        let mut state = self.lock();
        let row = state.factors.get_mut(&user);
        let row = row.ok_or_else(|| none("second_factors.take_try"))?;
        if let Some(not_before) = row.not_before.filter(|at| *at > now) {
            return Ok(Some(not_before));
        }
        row.tries = row.tries.saturating_add(1);
        row.not_before = wait_after(row.tries).map(|wait| now + wait);
        Ok(None)
    }

    async fn accept_step(
        &self,
        user: UserId,
        enrolment: EnrolmentId,
        step: i64,
    ) -> PortResult<bool> {
        let mut state = self.lock();
        let row = state.factors.get_mut(&user).filter(|row| {
            row.enrolment == enrolment && row.confirmed_at.is_some() && row.last_step < step
        });
        let Some(row) = row else {
            return Ok(false);
        };
        row.last_step = step;
        row.forget_tries();
        Ok(true)
    }

    async fn accept_recovery(
        &self,
        user: UserId,
        hash: &SecretHash,
        entry: &NewEntry,
    ) -> PortResult<bool> {
        let mut state = self.lock();
        let Some(row) = state.factors.get_mut(&user) else {
            return Ok(false);
        };
        if !row.recovery.remove(hash) {
            return Ok(false);
        }
        row.forget_tries();
        state.record(std::slice::from_ref(entry));
        Ok(true)
    }

    async fn replace_recovery(
        &self,
        user: UserId,
        recovery: &[SecretHash],
        entry: &NewEntry,
    ) -> PortResult<()> {
        let mut state = self.lock();
        let row = state
            .factors
            .get_mut(&user)
            .filter(|row| row.confirmed_at.is_some());
        let row = row.ok_or_else(|| none("second_factors.replace_recovery"))?;
        row.recovery = recovery.iter().copied().collect();
        state.record(std::slice::from_ref(entry));
        Ok(())
    }

    async fn remove_factor(&self, user: UserId, entry: &NewEntry) -> PortResult<EnrolmentId> {
        let mut state = self.lock();
        let row = state.factors.remove(&user);
        let row = row.ok_or_else(|| none("second_factors.remove"))?;
        state.pending.retain(|_, pending| pending.user != user);
        state.record(std::slice::from_ref(entry));
        Ok(row.enrolment)
    }

    async fn create_pending(
        &self,
        pending: &PendingSignIn,
        hash: &SecretHash,
        now: DateTime<Utc>,
    ) -> PortResult<()> {
        let mut state = self.lock();
        state.pending.retain(|_, known| known.expires_at > now);
        state.pending.insert(*hash, pending.clone());
        Ok(())
    }

    async fn pending(
        &self,
        hash: &SecretHash,
        now: DateTime<Utc>,
    ) -> PortResult<Option<PendingSignIn>> {
        let found = self.lock().pending.get(hash).cloned();
        Ok(found.filter(|pending| pending.expires_at > now))
    }

    async fn end_pending(&self, hash: &SecretHash) -> PortResult<bool> {
        Ok(self.lock().pending.remove(hash).is_some())
    }
}
