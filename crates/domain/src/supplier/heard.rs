//! When something was told, and by what: a file that people brought, or a supplier's interface.

use crate::ids::{ImportId, SupplierSyncId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Teller {
    File {
        import: ImportId,
        /// SHA-256 of the file, in hex.
        sha256: String,
    },
    Api {
        sync: SupplierSyncId,
    },
}

impl Teller {
    /// The id of the import or of the run: what was told by the same one is told once.
    #[must_use]
    pub fn id(&self) -> String {
        match self {
            Self::File { import, .. } => import.to_string(),
            Self::Api { sync } => sync.to_string(),
        }
    }

    #[must_use]
    pub const fn import(&self) -> Option<ImportId> {
        match self {
            Self::File { import, .. } => Some(*import),
            Self::Api { .. } => None,
        }
    }

    /// `file:` with the SHA-256 of the file, or `api:` with the run.
    #[must_use]
    pub fn source(&self) -> String {
        match self {
            Self::File { sha256, .. } => format!("file:{sha256}"),
            Self::Api { sync } => format!("api:{sync}"),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    pub observed_at: DateTime<Utc>,
    #[serde(flatten)]
    pub by: Teller,
}

/// A value with where it is from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told<T> {
    pub value: T,
    #[serde(flatten)]
    pub heard: Heard,
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn what_files_told_is_read_as_it_was_written() {
        let old = r#"{"value":5,"observed_at":"1970-01-01T00:00:00Z","import":"00000000-0000-0000-0000-000000000001","sha256":"ab"}"#;
        let told: Told<i64> = serde_json::from_str(old).unwrap();
        let import = ImportId(Uuid::from_u128(1));
        assert_eq!(told.heard.by.import(), Some(import));
        assert_eq!(told.heard.by.source(), "file:ab");
        assert_eq!(serde_json::to_string(&told).unwrap(), old);
        let api = Heard {
            observed_at: told.heard.observed_at,
            by: Teller::Api {
                sync: SupplierSyncId(Uuid::from_u128(2)),
            },
        };
        let text = serde_json::to_string(&api).unwrap();
        assert_eq!(serde_json::from_str::<Heard>(&text).unwrap(), api);
    }
}
