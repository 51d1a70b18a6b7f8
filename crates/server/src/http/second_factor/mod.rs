//! One's own second factor: an authenticator and recovery codes.

pub(crate) mod confirm;
pub(crate) mod enrol;
mod qr;
pub(crate) mod recovery_codes;
pub(crate) mod remove;
pub(crate) mod reset;
pub(crate) mod state;

use crate::auth::{Caller, ClientAddress};
use crate::problem::Problem;
use crate::state::App;
use application::people::{CodeError, PasskeyError, PeopleError};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What proves that it is the person, and not a browser that was left open.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SecondFactorProof)]
pub(crate) struct Proof {
    /// The password.
    #[schema(value_type = String, format = "password", max_length = 128)]
    current: SecretString,
    /// Of the authenticator, or a recovery code.
    #[schema(max_length = 40)]
    code: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecoveryCodes)]
pub(crate) struct RecoveryCodes {
    /// Each works once, in place of a code. They are shown here and never again.
    recovery_codes: Vec<String>,
}

/// Somebody at a browser that was left open guesses no faster than at the sign-in.
pub(crate) async fn limited<T, E: Guessed>(
    app: &App,
    who: &Caller,
    address: ClientAddress,
    run: impl Future<Output = Result<T, E>>,
) -> Result<T, Problem> {
    let account = who.user.email.as_str();
    app.login_limits.check(address, account)?;
    let done = run.await.inspect_err(|error| {
        if error.is_guess() {
            app.login_limits.failed(address, account);
        }
    });
    done.map_err(Into::into)
}

/// Whether a refusal is one of a wrong guess.
pub(crate) trait Guessed: Into<Problem> {
    fn is_guess(&self) -> bool;
}

impl Guessed for PeopleError {
    fn is_guess(&self) -> bool {
        matches!(
            self,
            Self::WrongPassword | Self::Code(CodeError::Wrong | CodeError::Wait(_))
        )
    }
}

impl Guessed for PasskeyError {
    fn is_guess(&self) -> bool {
        matches!(self, Self::People(error) if error.is_guess())
    }
}
