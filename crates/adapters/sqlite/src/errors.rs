//! The only place where a driver's error becomes a port's error.

use ports::{Kind, PortError, Retry};
use std::path::Path;
use std::time::Duration;

pub(crate) const PROVIDER: &str = "sqlite";

/// Another process writes; it is over in a moment.
const BUSY: Retry = Retry::After(Duration::from_millis(200));

/// Primary result codes: <https://www.sqlite.org/rescode.html>; the extended ones carry the primary in the low byte.
fn by_code(code: u32, file: &str) -> (Kind, Retry, String) {
    match code & 0xff {
        5 | 6 => (
            Kind::Unavailable,
            BUSY,
            format!("{file} is in use by another process; try again"),
        ),
        8 => (
            Kind::Configuration,
            Retry::Never,
            format!(
                "{file} cannot be written; give this user write access to the file and its folder"
            ),
        ),
        10 => (
            Kind::Unavailable,
            Retry::Never,
            format!("the disk failed while {file} was used; check the disk and the system log"),
        ),
        11 | 26 => (
            Kind::Corrupt,
            Retry::Never,
            format!("{file} is damaged or is not a database; stop the server and restore a backup"),
        ),
        13 => (
            Kind::StorageFull,
            Retry::Never,
            format!("the disk of {file} is full; free some space and try again"),
        ),
        14 => (
            Kind::Configuration,
            Retry::Never,
            format!(
                "{file} cannot be opened; check that its folder exists and that this user may write there"
            ),
        ),
        19 => (
            Kind::Conflict,
            Retry::Never,
            "it exists already, or what it belongs to is gone".to_owned(),
        ),
        _ => (
            Kind::Unavailable,
            Retry::Never,
            format!("{file} refused the statement; the log has the reason"),
        ),
    }
}

fn describe(source: &sqlx::Error, file: &str) -> (Kind, Retry, String) {
    match source {
        sqlx::Error::Database(e) => {
            let code = e.code().and_then(|code| code.parse().ok()).unwrap_or(1);
            by_code(code, file)
        }
        sqlx::Error::Io(e) if e.kind() == std::io::ErrorKind::StorageFull => by_code(13, file),
        sqlx::Error::PoolTimedOut => (
            Kind::Unavailable,
            BUSY,
            format!("{file} is busy with other work; try again"),
        ),
        sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => (
            Kind::Unavailable,
            Retry::Never,
            format!("{file} is closed; restart the server"),
        ),
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => (
            Kind::Corrupt,
            Retry::Never,
            format!("{file} holds a value that cannot be read; restore a backup"),
        ),
        _ => by_code(1, file),
    }
}

pub(crate) fn port_error(operation: &'static str, source: sqlx::Error, file: &Path) -> PortError {
    let (kind, retry, detail) = describe(&source, &file.display().to_string());
    PortError::new(kind, retry, PROVIDER, operation, detail).with_source(source)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_sqlite_become_kinds_with_a_remedy() {
        for (code, kind) in [
            (5, Kind::Unavailable),
            (261, Kind::Unavailable),
            (8, Kind::Configuration),
            (1032, Kind::Configuration),
            (11, Kind::Corrupt),
            (26, Kind::Corrupt),
            (13, Kind::StorageFull),
            (14, Kind::Configuration),
            (2067, Kind::Conflict),
            (1, Kind::Unavailable),
        ] {
            let (got, _, detail) = by_code(code, "/data/royal.db");
            assert_eq!(got, kind, "{code}: {detail}");
        }
        assert!(by_code(13, "/data/royal.db").2.contains("/data/royal.db"));
    }
}
