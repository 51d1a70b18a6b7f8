//! Failures of use cases as problems: one exhaustive match each.

use super::{FieldError, Problem};
use actix_web::http::StatusCode;
use application::audit::AuditError;
use application::connections::ConnectError;
use application::costs::CostError;
use application::customers::CustomerError;
use application::imports::ImportError;
use application::inbox::AcceptError;
use application::notifications::NotifyError;
use application::people::{
    CodeError, PasskeyError, PeopleError, SetUpError, SignInError, TokenError,
};
use application::privacy::DisclosureError;
use application::rates::RatesError;
use application::reconciliation::ReconciliationError;
use application::reports::ReportError;
use application::secrets::SecretError;
use application::stores::StoreError;
use application::sync::SyncError;
use domain::customers::SettingsError;
use ports::source::NotificationRefusal;
use ports::{Kind, PortError, Retry};
use std::time::Duration;

impl From<PortError> for Problem {
    fn from(error: PortError) -> Self {
        let provider = error.provider;
        let problem = match error.kind {
            Kind::NotFound => Self::not_found("thing"),
            Kind::Conflict => Self::new(
                StatusCode::CONFLICT,
                "conflict",
                "Changed meanwhile",
                error.detail.clone(),
            ),
            Kind::Rejected => Self::bad_request(error.detail.clone()),
            Kind::Configuration | Kind::Unsupported => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "unprocessable",
                "It cannot work like this",
                error.detail.clone(),
            ),
            Kind::StorageFull => Self::new(
                StatusCode::INSUFFICIENT_STORAGE,
                "storage-full",
                "No room on the disk",
                "make room on the disk of DATA_DIR; nothing that was stored before is lost",
            ),
            Kind::Unauthorized | Kind::Forbidden => Self::new(
                StatusCode::BAD_GATEWAY,
                "provider-refused",
                "The provider refused",
                format!("{provider} refused our credentials or scopes: look at the connection"),
            ),
            Kind::RateLimited | Kind::Unavailable | Kind::CircuitOpen | Kind::Cancelled => {
                // What a database says may name hosts and users; what a provider's adapter says is made for people.
                let ours = matches!(provider, "sqlite" | "postgres");
                Self::unavailable(if ours {
                    format!("{provider} is not available now; try again")
                } else {
                    error.detail.clone()
                })
            }
            _ => Self::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
                "Something is broken here",
                "the log has the cause under this request id",
            ),
        };
        let wait = match error.retry {
            Retry::After(wait) => Some(wait.max(Duration::from_secs(1))),
            Retry::Never | Retry::Reconcile => None,
        };
        let mut problem = problem.caused_by(error);
        problem.extra.retry_after = wait;
        problem
    }
}

impl From<SecretError> for Problem {
    fn from(error: SecretError) -> Self {
        let field = |field, message: String| Self::invalid(vec![FieldError::new(field, message)]);
        match error {
            SecretError::BadName => field("name", error.to_string()),
            SecretError::Empty => field("value", error.to_string()),
            SecretError::Unknown(_) => Self::not_found("secret"),
            SecretError::Port(error) => error.into(),
        }
    }
}

impl From<SetUpError> for Problem {
    fn from(error: SetUpError) -> Self {
        let field = |field, message: String| Self::invalid(vec![FieldError::new(field, message)]);
        match error {
            SetUpError::AlreadyDone => Self::new(
                StatusCode::CONFLICT,
                "setup-done",
                "Already set up",
                error.to_string(),
            ),
            SetUpError::WrongCode => Self::new(
                StatusCode::FORBIDDEN,
                "setup-code-wrong",
                "Wrong set-up code",
                error.to_string(),
            ),
            SetUpError::EmailTaken => Self::new(
                StatusCode::CONFLICT,
                "email-taken",
                "Address taken",
                error.to_string(),
            ),
            SetUpError::Email(error) => field("email", error.to_string()),
            SetUpError::Password(error) => field("password", error.to_string()),
            SetUpError::Port(error) => error.into(),
        }
    }
}

impl From<SignInError> for Problem {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Refused => Self::new(
                StatusCode::UNAUTHORIZED,
                "sign-in-refused",
                "Not signed in",
                error.to_string(),
            ),
            SignInError::Code(error) => error.into(),
            SignInError::Port(error) => error.into(),
        }
    }
}

impl From<CodeError> for Problem {
    fn from(error: CodeError) -> Self {
        let said = error.to_string();
        let refuse = |slug| {
            Self::new(
                StatusCode::UNAUTHORIZED,
                slug,
                "Not signed in",
                said.clone(),
            )
        };
        match error {
            CodeError::Wrong => refuse("code-refused"),
            CodeError::Spent => refuse("sign-in-spent"),
            CodeError::Wait(seconds) => {
                let mut problem = Self::too_many(Duration::from_secs(seconds));
                problem.detail = said;
                problem
            }
            CodeError::Port(error) => error.into(),
        }
    }
}

impl From<CostError> for Problem {
    fn from(error: CostError) -> Self {
        let refuse = |error: &CostError| {
            Self::new(
                StatusCode::CONFLICT,
                "conflict",
                "Changed meanwhile",
                error.to_string(),
            )
        };
        match error {
            CostError::Store(error) => error.into(),
            CostError::ChangedMeanwhile | CostError::NotNow(_) => refuse(&error),
            CostError::UnknownRun => Self::not_found("run"),
            CostError::Port(error) => error.into(),
        }
    }
}

impl From<NotifyError> for Problem {
    fn from(error: NotifyError) -> Self {
        match error {
            NotifyError::Invalid(faults) => {
                Self::unprocessable("notifications-refused", FieldError::all(&faults))
            }
            NotifyError::UnknownChannel => Self::not_found("channel"),
            NotifyError::UnknownNotice => Self::not_found("notice"),
            NotifyError::Port(error) => error.into(),
        }
    }
}

impl From<PeopleError> for Problem {
    fn from(error: PeopleError) -> Self {
        let said = error.to_string();
        let field = |field| Self::invalid(vec![FieldError::new(field, said.clone())]);
        let conflict = |slug, title| Self::new(StatusCode::CONFLICT, slug, title, said.clone());
        match error {
            PeopleError::UnknownUser => Self::not_found("user"),
            PeopleError::UnknownSession => Self::not_found("session"),
            PeopleError::UnknownLink => Self::not_found("invitation"),
            PeopleError::SpentLink => {
                Self::new(StatusCode::NOT_FOUND, "link-spent", "Spent link", said)
            }
            PeopleError::AboveOwnRole(_) => Self::forbidden(said),
            PeopleError::LastOwner => conflict("last-owner", "The last owner stays"),
            PeopleError::Yourself => conflict("yourself", "Not oneself"),
            PeopleError::EmailTaken => conflict("email-taken", "Address taken"),
            PeopleError::NeedsSession => conflict("needs-session", "Not for a token"),
            PeopleError::WrongPassword => {
                Self::unprocessable("wrong-password", vec![FieldError::new("current", said)])
            }
            PeopleError::NoFactor => Self::new(
                StatusCode::NOT_FOUND,
                "no-second-factor",
                "No second factor",
                said,
            ),
            PeopleError::HasFactor => conflict("has-second-factor", "One is enough"),
            PeopleError::Code(CodeError::Wrong) => {
                Self::unprocessable("wrong-code", vec![FieldError::new("code", said)])
            }
            PeopleError::Code(error) => error.into(),
            PeopleError::BadName => field("name"),
            PeopleError::Email(_) => field("email"),
            PeopleError::Password(_) => field("password"),
            PeopleError::Port(error) => error.into(),
        }
    }
}

impl From<PasskeyError> for Problem {
    fn from(error: PasskeyError) -> Self {
        let said = error.to_string();
        let conflict = |slug, title| Self::new(StatusCode::CONFLICT, slug, title, said.clone());
        match error {
            PasskeyError::NotSetUp => conflict("passkeys-not-set-up", "No passkeys here"),
            PasskeyError::Spent => conflict("challenge-spent", "Begin again"),
            PasskeyError::Known => conflict("passkey-known", "Known already"),
            PasskeyError::TooMany => conflict("too-many-passkeys", "Enough passkeys"),
            PasskeyError::NeedsSession => conflict("needs-session", "Not for a token"),
            PasskeyError::Unproved(_) => {
                Self::unprocessable("passkey-refused", vec![FieldError::new("credential", said)])
            }
            PasskeyError::Unknown => Self::not_found("passkey"),
            PasskeyError::BadName => Self::invalid(vec![FieldError::new("name", said)]),
            PasskeyError::People(error) => error.into(),
            PasskeyError::Port(error) => error.into(),
        }
    }
}

impl From<TokenError> for Problem {
    fn from(error: TokenError) -> Self {
        let said = error.to_string();
        let field = |field| Self::invalid(vec![FieldError::new(field, said.clone())]);
        match error {
            TokenError::UnknownUser(_) => Self::not_found("user"),
            TokenError::UnknownToken => Self::not_found("token"),
            TokenError::BadName => field("name"),
            TokenError::BadExpiry => field("expires_in_days"),
            TokenError::NotHeld(_) => Self::forbidden(said),
            TokenError::People(error) => error.into(),
            TokenError::Port(error) => error.into(),
        }
    }
}

impl From<AuditError> for Problem {
    fn from(error: AuditError) -> Self {
        match error {
            AuditError::KeyGone => Self::new(
                StatusCode::CONFLICT,
                "audit-key-gone",
                "The audit's key is gone",
                error.to_string(),
            ),
            AuditError::Port(error) => error.into(),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NoStore => Self::new(
                StatusCode::NOT_FOUND,
                "no-store",
                "No store yet",
                "no store is connected yet: connect one under Connections",
            ),
            StoreError::UnknownStore => Self::not_found("store"),
            StoreError::Port(error) => error.into(),
        }
    }
}

impl From<ReportError> for Problem {
    fn from(error: ReportError) -> Self {
        match error {
            ReportError::Store(error) => error.into(),
            ReportError::Range(error) => {
                Self::invalid(vec![FieldError::new("from", error.to_string())])
            }
            ReportError::Money(error) => {
                Self::invalid(vec![FieldError::new("currency", error.to_string())])
            }
            ReportError::Port(error) => error.into(),
        }
    }
}

impl From<RatesError> for Problem {
    fn from(error: RatesError) -> Self {
        let field =
            |field: &str, message: String| Self::invalid(vec![FieldError::new(field, message)]);
        match error {
            RatesError::Rate(at, error) => field(&format!("rates[{at}].value"), error.to_string()),
            RatesError::TooOld => field("max_rate_age_days", error.to_string()),
            RatesError::NoFeed => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "no-rate-feed",
                "No series is set up",
                error.to_string(),
            ),
            RatesError::Calendar(error) => field("timezone", error.to_string()),
            RatesError::Port(error) => match error.kind {
                Kind::Corrupt | Kind::NotFound if error.provider == "ecb" => Self::new(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "rate-feed-unusable",
                    "The series cannot be used",
                    error.detail.clone(),
                )
                .caused_by(error),
                _ => error.into(),
            },
        }
    }
}

impl From<CustomerError> for Problem {
    fn from(error: CustomerError) -> Self {
        match error {
            CustomerError::Store(error) => error.into(),
            CustomerError::Range(error) => {
                Self::invalid(vec![FieldError::new("from", error.to_string())])
            }
            CustomerError::Settings(error) => {
                let field = match error {
                    SettingsError::VipAbove => "vip_above",
                    SettingsError::AtRiskAfterDays => "at_risk_after_days",
                };
                Self::invalid(vec![FieldError::new(field, error.to_string())])
            }
            CustomerError::TooFew { .. } => Self::new(
                StatusCode::CONFLICT,
                "too-few-customers",
                "Too few customers",
                error.to_string(),
            ),
            CustomerError::Port(error) => error.into(),
        }
    }
}

impl From<DisclosureError> for Problem {
    fn from(error: DisclosureError) -> Self {
        match error {
            DisclosureError::Unknown => Self::not_found("request"),
            DisclosureError::NotADataRequest | DisclosureError::Forgotten => Self::new(
                StatusCode::CONFLICT,
                "nothing-to-tell",
                "Nothing to tell",
                error.to_string(),
            ),
            DisclosureError::Store(error) => error.into(),
            DisclosureError::Port(error) => error.into(),
        }
    }
}

impl From<ConnectError> for Problem {
    fn from(error: ConnectError) -> Self {
        let slug = "connection-refused";
        match error {
            ConnectError::BadShop(reason) => {
                Self::unprocessable(slug, vec![FieldError::new("shop", reason)])
            }
            ConnectError::BadCredentials(reason) => {
                Self::unprocessable(slug, vec![FieldError::new("access_token", reason)])
            }
            ConnectError::MissingScopes(missing) => {
                let errors = missing.iter().map(|m| {
                    let message = format!(
                        "{} is not granted: {}. Grant it to the app and try again",
                        m.scope, m.costs
                    );
                    FieldError::new("scopes", message)
                });
                Self::unprocessable(slug, errors.collect())
            }
            ConnectError::AlreadyConnected => Self::new(
                StatusCode::CONFLICT,
                "already-connected",
                "Connected already",
                "this shop is connected already",
            ),
            ConnectError::Port(error) => error.into(),
        }
    }
}

impl From<SyncError> for Problem {
    fn from(error: SyncError) -> Self {
        let conflict = |error: &SyncError| {
            Self::new(
                StatusCode::CONFLICT,
                "sync-conflict",
                "Not possible now",
                error.to_string(),
            )
        };
        match error {
            SyncError::UnknownConnection => Self::not_found("connection"),
            SyncError::UnknownSync => Self::not_found("sync"),
            SyncError::AlreadyRunning(Some(id)) => conflict(&error).with_sync(id),
            SyncError::AlreadyRunning(None) | SyncError::Ended | SyncError::NotResumable => {
                conflict(&error)
            }
            SyncError::Port(error) => error.into(),
        }
    }
}

impl From<AcceptError> for Problem {
    fn from(error: AcceptError) -> Self {
        match error {
            AcceptError::UnknownConnection => Self::not_found("connection"),
            AcceptError::Refused(NotificationRefusal::Unreadable(_)) => {
                Self::bad_request(error.to_string())
            }
            AcceptError::Refused(
                NotificationRefusal::BadSignature | NotificationRefusal::NoSignature,
            ) => Self::new(
                StatusCode::UNAUTHORIZED,
                "bad-signature",
                "Not signed by the provider",
                error.to_string(),
            ),
            // The provider sends it again.
            AcceptError::Port(error) => {
                Self::unavailable("the webhook could not be stored; send it again").caused_by(error)
            }
        }
    }
}

impl From<ImportError> for Problem {
    fn from(error: ImportError) -> Self {
        let field =
            |slug, field, message| Self::unprocessable(slug, vec![FieldError::new(field, message)]);
        match error {
            ImportError::Unreadable(reason) => field("not-a-table", "file", reason),
            ImportError::TooLarge(_) => Self::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too-large",
                "Too large",
                error.to_string(),
            ),
            ImportError::UnknownImport => Self::not_found("import"),
            ImportError::UnknownStore => Self::not_found("store"),
            ImportError::NotReady(faults) => Self::unprocessable(
                "columns-not-ready",
                faults
                    .iter()
                    .map(|f| FieldError::new(&f.field, f.message.clone()))
                    .collect(),
            ),
            ImportError::NotNow(why) => Self::new(
                StatusCode::CONFLICT,
                "import-conflict",
                "Not possible now",
                why,
            ),
            ImportError::BadZone(_) => {
                Self::invalid(vec![FieldError::new("timezone", error.to_string())])
            }
            ImportError::NoName => Self::invalid(vec![FieldError::new("name", "is needed")]),
            ImportError::Port(error) => error.into(),
        }
    }
}

impl From<ReconciliationError> for Problem {
    fn from(error: ReconciliationError) -> Self {
        let text = error.to_string();
        match error {
            ReconciliationError::UnknownRun => Self::not_found("reconciliation"),
            ReconciliationError::NeverChecked => Self::new(
                StatusCode::NOT_FOUND,
                "never-checked",
                "Never checked",
                text,
            ),
            ReconciliationError::AlreadyRunning(_) => Self::new(
                StatusCode::CONFLICT,
                "reconciliation-running",
                "Already under way",
                text,
            ),
            ReconciliationError::Ended => Self::new(
                StatusCode::CONFLICT,
                "reconciliation-ended",
                "It has ended",
                text,
            ),
            ReconciliationError::NothingToCheck => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "nothing-to-check",
                "Nothing to check",
                text,
            ),
            ReconciliationError::NoConnection => {
                Self::new(StatusCode::CONFLICT, "no-connection", "Not connected", text)
            }
            ReconciliationError::Store(error) => error.into(),
            ReconciliationError::Port(error) => error.into(),
        }
    }
}
