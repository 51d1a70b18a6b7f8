//! The only place where a driver's error becomes a port's error. A password never gets here: places are named without it.

use ports::{Kind, PortError, Retry};
use std::io::ErrorKind;
use std::time::Duration;

pub(crate) const PROVIDER: &str = "postgres";

const SOON: Retry = Retry::After(Duration::from_millis(200));
const LATER: Retry = Retry::After(Duration::from_secs(1));

/// Where the database is, for messages: host, port, user, name.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub host: String,
    pub user: String,
    pub database: String,
}

/// SQLSTATE codes: <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
fn by_code(code: &str, place: &Place) -> (Kind, Retry, String) {
    let Place {
        host,
        user,
        database,
    } = place;
    match code {
        "28P01" | "28000" => (
            Kind::Unauthorized,
            Retry::Never,
            format!(
                "PostgreSQL at {host} refused user {user}; check user and password in DATABASE_URL"
            ),
        ),
        "3D000" => (
            Kind::Configuration,
            Retry::Never,
            format!(
                "PostgreSQL at {host} has no database {database}; create it, or correct DATABASE_URL"
            ),
        ),
        "42501" => (
            Kind::Configuration,
            Retry::Never,
            format!(
                "user {user} may not do that in database {database}; make it the owner of its schema"
            ),
        ),
        "25006" => (
            Kind::Configuration,
            Retry::Never,
            format!("PostgreSQL at {host} only reads; point DATABASE_URL to the primary"),
        ),
        "42P01" | "42703" | "3F000" => (
            Kind::Configuration,
            Retry::Never,
            format!("database {database} has not the schema of this release; run `royal migrate`"),
        ),
        "53100" => (
            Kind::StorageFull,
            Retry::Never,
            format!("the disk of PostgreSQL at {host} is full; free some space and try again"),
        ),
        "53300" => (
            Kind::Unavailable,
            LATER,
            format!(
                "PostgreSQL at {host} has no connection left; raise max_connections or run fewer replicas"
            ),
        ),
        "40001" | "40P01" | "55P03" => (
            Kind::Unavailable,
            SOON,
            "another transaction was in the way; try again".to_owned(),
        ),
        "57014" => (
            Kind::Unavailable,
            LATER,
            format!("PostgreSQL at {host} took too long and gave up the statement"),
        ),
        "XX001" | "XX002" => (
            Kind::Corrupt,
            Retry::Never,
            format!("database {database} is damaged; stop the server and restore a backup"),
        ),
        _ => by_class(code, place),
    }
}

fn by_class(code: &str, place: &Place) -> (Kind, Retry, String) {
    let host = &place.host;
    match code.get(..2).unwrap_or_default() {
        "23" => (
            Kind::Conflict,
            Retry::Never,
            "it exists already, or what it belongs to is gone".to_owned(),
        ),
        "08" | "57" => (
            Kind::Unavailable,
            LATER,
            format!("PostgreSQL at {host} closed the connection; it is starting or stopping"),
        ),
        "53" => (
            Kind::Unavailable,
            LATER,
            format!("PostgreSQL at {host} is short of resources; look at its log"),
        ),
        _ => (
            Kind::Unavailable,
            Retry::Never,
            format!("PostgreSQL at {host} refused the statement; the log has the reason"),
        ),
    }
}

fn describe(source: &sqlx::Error, place: &Place) -> (Kind, Retry, String) {
    let host = &place.host;
    match source {
        sqlx::Error::Database(e) => by_code(&e.code().unwrap_or_default(), place),
        sqlx::Error::Io(e) => {
            let why = match e.kind() {
                ErrorKind::ConnectionRefused => "the connection was refused",
                ErrorKind::TimedOut => "it does not answer",
                ErrorKind::NotFound => "its host or socket is not known",
                _ => "the connection broke",
            };
            let detail = format!(
                "PostgreSQL at {host} cannot be reached: {why}; check that it runs and that DATABASE_URL is right"
            );
            (Kind::Unavailable, LATER, detail)
        }
        sqlx::Error::Tls(_) => (
            Kind::Configuration,
            Retry::Never,
            format!(
                "PostgreSQL at {host} and this server do not agree on TLS; check sslmode in DATABASE_URL"
            ),
        ),
        sqlx::Error::PoolTimedOut => (
            Kind::Unavailable,
            LATER,
            format!(
                "no connection to PostgreSQL at {host} was free in time; it is down or overloaded"
            ),
        ),
        sqlx::Error::PoolClosed => (
            Kind::Unavailable,
            Retry::Never,
            "the database is closed; restart the server".to_owned(),
        ),
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => (
            Kind::Corrupt,
            Retry::Never,
            format!(
                "database {} holds a value that cannot be read; restore a backup",
                place.database
            ),
        ),
        _ => by_class("", place),
    }
}

pub(crate) fn port_error(operation: &'static str, source: sqlx::Error, place: &Place) -> PortError {
    let (kind, retry, detail) = describe(&source, place);
    PortError::new(kind, retry, PROVIDER, operation, detail).with_source(source)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_postgres_become_kinds_with_a_remedy() {
        let place = Place {
            host: "db:5432".into(),
            user: "royal".into(),
            database: "shop".into(),
        };
        for (code, kind, named) in [
            ("28P01", Kind::Unauthorized, "royal"),
            ("3D000", Kind::Configuration, "shop"),
            ("42P01", Kind::Configuration, "royal migrate"),
            ("53100", Kind::StorageFull, "db:5432"),
            ("23505", Kind::Conflict, "exists"),
            ("57P01", Kind::Unavailable, "db:5432"),
            ("40P01", Kind::Unavailable, "try again"),
            ("XX001", Kind::Corrupt, "shop"),
            ("99999", Kind::Unavailable, "db:5432"),
        ] {
            let (got, _, detail) = by_code(code, &place);
            assert_eq!(got, kind, "{code}: {detail}");
            assert!(detail.contains(named), "{code}: {detail}");
        }
    }
}
