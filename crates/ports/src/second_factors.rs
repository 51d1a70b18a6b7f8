//! Authenticators, their recovery codes, and sign-ins that wait for a code. Keys of authenticators lie elsewhere.

use crate::PortResult;
use crate::accounts::SecretHash;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::audit::NewEntry;
use domain::ids::{EnrolmentId, UserId, WorkspaceId};
use domain::second_factor::{PendingSignIn, SecondFactor};

#[async_trait]
pub trait SecondFactors: Send + Sync {
    /// Confirmed or not.
    async fn second_factor(&self, user: UserId) -> PortResult<Option<SecondFactor>>;
    /// The users of the workspace whose factor is confirmed, in ascending id.
    async fn protected_users(&self, workspace: WorkspaceId) -> PortResult<Vec<UserId>>;
    /// Begins an enrolment, in the place of one that was never confirmed, which it answers. `Conflict` when one is confirmed.
    async fn enrol(
        &self,
        user: UserId,
        enrolment: EnrolmentId,
        now: DateTime<Utc>,
    ) -> PortResult<Option<EnrolmentId>>;
    /// From now on sign-in asks for a code. The step counts as accepted, and the recovery codes are the only ones. `NotFound`
    /// unless exactly this enrolment waits for it.
    async fn confirm_factor(
        &self,
        user: UserId,
        enrolment: EnrolmentId,
        step: i64,
        now: DateTime<Utc>,
        recovery: &[SecretHash],
        entry: &NewEntry,
    ) -> PortResult<()>;
    /// Counts a try before the code is looked at, so that many at once are no way around. Answers when the next one is allowed
    /// instead, if this one is not (see [`domain::second_factor::wait_after`]). `NotFound` without a factor.
    async fn take_try(&self, user: UserId, now: DateTime<Utc>)
    -> PortResult<Option<DateTime<Utc>>>;
    /// Whether the code of this time step is accepted: each step once, and none before an accepted one. Forgets the tries.
    async fn accept_step(
        &self,
        user: UserId,
        enrolment: EnrolmentId,
        step: i64,
    ) -> PortResult<bool>;
    /// Whether the code was there; it is used up, and the entry is stored. Forgets the tries.
    async fn accept_recovery(
        &self,
        user: UserId,
        hash: &SecretHash,
        entry: &NewEntry,
    ) -> PortResult<bool>;
    /// The old codes are worth nothing any more. `NotFound` without a confirmed factor.
    async fn replace_recovery(
        &self,
        user: UserId,
        recovery: &[SecretHash],
        entry: &NewEntry,
    ) -> PortResult<()>;
    /// With its recovery codes and the sign-ins that wait for it; answers whose key is to be deleted. `NotFound` without one.
    async fn remove_factor(&self, user: UserId, entry: &NewEntry) -> PortResult<EnrolmentId>;
    /// Forgets those that expired, too.
    async fn create_pending(
        &self,
        pending: &PendingSignIn,
        hash: &SecretHash,
        now: DateTime<Utc>,
    ) -> PortResult<()>;
    /// Only one that has not expired at `now`.
    async fn pending(
        &self,
        hash: &SecretHash,
        now: DateTime<Utc>,
    ) -> PortResult<Option<PendingSignIn>>;
    /// Whether it was there; of many at once one is told so.
    async fn end_pending(&self, hash: &SecretHash) -> PortResult<bool>;
}
