use super::*;
use std::io::Write as _;
use std::time::Duration;

fn env(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
        .collect()
}

fn file(text: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::with_suffix(".toml").unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

#[test]
fn the_environment_wins_over_the_file() {
    let file = file("port = 4000\nHOST = \"0.0.0.0\"\nENABLE_METRICS = false\n");
    let loaded = from(
        env(&[("PORT", "5000"), ("HOME", "/root")]),
        Some(file.path()),
    )
    .unwrap();
    let settings = loaded.settings;
    assert_eq!(
        (settings.port, settings.host.to_string().as_str()),
        (5000, "0.0.0.0")
    );
    assert!(!settings.metrics_enabled && !settings.is_loopback());
}

#[test]
fn an_unknown_key_in_the_file_names_the_nearest() {
    let file = file("databse_url = \"x\"\n");
    let error = from(env(&[]), Some(file.path())).err().unwrap().to_string();
    assert!(
        error.contains("databse_url") && error.contains("did you mean DATABASE_URL?"),
        "{error}"
    );
}

#[test]
fn old_names_work_with_a_warning() {
    let loaded = from(
        env(&[
            ("FLASK_ENV", "production"),
            ("SHOP_NAME", "acme"),
            ("SHOPIFY_ACCESS_TOKEN", "t"),
        ]),
        None,
    )
    .unwrap();
    assert_eq!(loaded.settings.app_env, AppEnv::Production);
    assert_eq!(loaded.settings.shutdown_grace, Duration::from_secs(5));
    assert_eq!(loaded.settings.shopify.unwrap().shop, "acme");
    assert_eq!(loaded.warnings.len(), 2);
}

#[test]
fn the_name_outranks_its_old_names() {
    let loaded = from(
        env(&[
            ("SHOPIFY_SHOP", "new"),
            ("SHOP_NAME", "old"),
            ("SHOPIFY_ACCESS_TOKEN", "t"),
        ]),
        None,
    )
    .unwrap();
    assert_eq!(loaded.settings.shopify.unwrap().shop, "new");
}

#[test]
fn a_value_that_cannot_work_is_named_with_its_place() {
    let error = from(env(&[("PORT", "http")]), None)
        .err()
        .unwrap()
        .to_string();
    assert!(
        error.contains("PORT=http") && error.contains("environment"),
        "{error}"
    );
    let error = from(env(&[("DATABASE_URL", "mysql://u:secret@h/d")]), None)
        .err()
        .unwrap()
        .to_string();
    assert!(
        error.contains("DATABASE_URL") && !error.contains("secret"),
        "{error}"
    );
}

#[test]
fn the_database_is_found_by_its_address() {
    let sqlite = |settings: Settings| match settings.database {
        DatabasePlace::Sqlite(path) => path.display().to_string(),
        DatabasePlace::Postgres(_) => "postgres".to_owned(),
    };
    let place = |pairs: &[(&str, &str)]| sqlite(from(env(pairs), None).unwrap().settings);
    assert_eq!(place(&[]), "data/royal.db");
    assert_eq!(place(&[("DATA_DIR", "/d")]), "/d/royal.db");
    assert_eq!(
        place(&[("DATABASE_URL", "sqlite:///x/y.db?mode=rwc")]),
        "/x/y.db"
    );
    assert_eq!(place(&[("DATABASE_URL", "postgresql://h/d")]), "postgres");
}

#[test]
fn every_setting_stands_in_the_reference() {
    let text = markdown();
    for key in keys::KEYS.iter() {
        assert!(text.contains(&format!("`{}`", key.name)), "{}", key.name);
    }
}

#[test]
fn a_role_and_a_redis_are_what_they_can_be() {
    let read = |pairs: &[(&str, &str)]| from(env(pairs), None).map(|l| l.settings.replicas);
    let usual = read(&[]).unwrap();
    assert_eq!(
        (usual.role, usual.redis_prefix.as_str()),
        (Role::All, "royal")
    );
    assert!(usual.redis_url.is_none());
    let given = [
        ("ROLE", "Worker"),
        ("REDIS_URL", "rediss://u:p@redis.example.com:6380/1"),
    ];
    let given = read(&given).unwrap();
    assert_eq!(given.role, Role::Worker);
    assert!(!given.role.answers() && given.role.works() && given.redis_url.is_some());
    for (name, value) in [
        ("ROLE", "boss"),
        ("REDIS_PREFIX", "a b"),
        ("REDIS_URL", "http://u:hunter2@h"),
    ] {
        let error = read(&[(name, value)]).err().unwrap().to_string();
        assert!(
            error.contains(name) && !error.contains("hunter2"),
            "{error}"
        );
    }
}
