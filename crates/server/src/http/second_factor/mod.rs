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
use application::people::{CodeError, PeopleError};
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
async fn limited<T>(
    app: &App,
    who: &Caller,
    address: ClientAddress,
    run: impl Future<Output = Result<T, PeopleError>>,
) -> Result<T, Problem> {
    let account = who.user.email.as_str();
    app.login_limits.check(address, account)?;
    let done = run.await.inspect_err(|error| {
        let guessed = matches!(
            error,
            PeopleError::WrongPassword | PeopleError::Code(CodeError::Wrong | CodeError::Wait(_))
        );
        if guessed {
            app.login_limits.failed(address, account);
        }
    });
    Ok(done?)
}
