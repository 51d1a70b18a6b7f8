//! How a command ends: codes of `sysexits.h`, and a sentence on stderr.

use crate::compose::ComposeError;
use crate::config::ConfigError;
use crate::serve::StartError;
use application::audit::AuditError;
use application::connections::ConnectError;
use application::imports::ImportError;
use application::people::{PeopleError, SetUpError, TokenError};
use application::reconciliation::ReconciliationError;
use application::reports::ReportError;
use application::secrets::SecretError;
use application::stores::StoreError;
use application::sync::SyncError;
use ports::{Kind, PortError};
use std::process::ExitCode;

/// An end that is not 0.
#[derive(Debug)]
pub struct Exit {
    code: u8,
    message: String,
}

const FOUND: u8 = 1;
pub(super) const USAGE: u8 = 64;
const DATA: u8 = 65;
const UNAVAILABLE: u8 = 69;
const DEFECT: u8 = 70;
const CONFIGURATION: u8 = 78;

impl Exit {
    fn new(code: u8, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }

    /// 1: the command worked, and found what must not be.
    pub(super) fn found(message: impl Into<String>) -> Self {
        Self::new(FOUND, message)
    }

    /// 64: the command was called in a way that cannot be.
    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self::new(USAGE, message)
    }

    /// 65: the data is refused, or is wrong.
    pub(super) fn data(message: impl Into<String>) -> Self {
        Self::new(DATA, message)
    }

    /// 69: something that is needed does not answer.
    pub(super) fn unavailable(message: impl Into<String>) -> Self {
        Self::new(UNAVAILABLE, message)
    }

    /// 70: a defect of this program.
    pub(super) fn defect(message: impl Into<String>) -> Self {
        Self::new(DEFECT, message)
    }

    /// 78: the configuration cannot work.
    pub(super) fn configuration(message: impl Into<String>) -> Self {
        Self::new(CONFIGURATION, message)
    }

    /// Says it on stderr and becomes the process's code.
    pub(super) fn report(self) -> ExitCode {
        eprintln!("royal: {}", self.message);
        ExitCode::from(self.code)
    }
}

impl From<ConfigError> for Exit {
    fn from(error: ConfigError) -> Self {
        Self::configuration(error.to_string())
    }
}

impl From<ComposeError> for Exit {
    fn from(error: ComposeError) -> Self {
        match error {
            ComposeError::Configuration(message) => Self::configuration(message),
            ComposeError::Unavailable(message) => Self::unavailable(message),
        }
    }
}

impl From<StartError> for Exit {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Compose(error) => error.into(),
            StartError::Occupied(_) | StartError::Listen { .. } => {
                Self::configuration(error.to_string())
            }
            StartError::Io(_) => Self::unavailable(error.to_string()),
        }
    }
}

impl From<PortError> for Exit {
    fn from(error: PortError) -> Self {
        let code = match error.kind {
            Kind::NotFound | Kind::Conflict | Kind::Rejected | Kind::Unsupported => DATA,
            Kind::Configuration | Kind::Unauthorized | Kind::Forbidden => CONFIGURATION,
            Kind::RateLimited
            | Kind::Unavailable
            | Kind::CircuitOpen
            | Kind::Cancelled
            | Kind::StorageFull => UNAVAILABLE,
            _ => DEFECT,
        };
        Self::new(code, error.detail)
    }
}

impl From<SetUpError> for Exit {
    fn from(error: SetUpError) -> Self {
        match error {
            SetUpError::Port(error) => error.into(),
            other => Self::data(other.to_string()),
        }
    }
}

impl From<SecretError> for Exit {
    fn from(error: SecretError) -> Self {
        match error {
            SecretError::Port(error) => error.into(),
            SecretError::BadName | SecretError::Empty => Self::usage(error.to_string()),
            SecretError::Unknown(_) => Self::data(error.to_string()),
        }
    }
}

impl From<TokenError> for Exit {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Port(error) => error.into(),
            other => Self::data(other.to_string()),
        }
    }
}

impl From<PeopleError> for Exit {
    fn from(error: PeopleError) -> Self {
        match error {
            PeopleError::Port(error) => error.into(),
            other => Self::data(other.to_string()),
        }
    }
}

impl From<AuditError> for Exit {
    fn from(error: AuditError) -> Self {
        match error {
            AuditError::Port(error) => error.into(),
            AuditError::KeyGone => Self::data(error.to_string()),
        }
    }
}

impl From<StoreError> for Exit {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Port(error) => error.into(),
            other => Self::data(other.to_string()),
        }
    }
}

impl From<ReportError> for Exit {
    fn from(error: ReportError) -> Self {
        match error {
            ReportError::Port(error) => error.into(),
            ReportError::Store(error) => error.into(),
            ReportError::Range(error) => Self::usage(error.to_string()),
            ReportError::Money(error) => Self::data(error.to_string()),
        }
    }
}

impl From<SyncError> for Exit {
    fn from(error: SyncError) -> Self {
        match error {
            SyncError::Port(error) => error.into(),
            other => Self::data(other.to_string()),
        }
    }
}

impl From<ReconciliationError> for Exit {
    fn from(error: ReconciliationError) -> Self {
        match error {
            ReconciliationError::Port(error) => error.into(),
            ReconciliationError::Store(error) => error.into(),
            other => Self::data(other.to_string()),
        }
    }
}

impl From<ConnectError> for Exit {
    fn from(error: ConnectError) -> Self {
        match error {
            ConnectError::Port(error) => error.into(),
            other => Self::configuration(other.to_string()),
        }
    }
}

impl From<ImportError> for Exit {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Port(error) => error.into(),
            ImportError::BadZone(_) | ImportError::NoName => Self::usage(error.to_string()),
            _ => Self::data(error.to_string()),
        }
    }
}
