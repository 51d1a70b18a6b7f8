//! HashiCorp Vault and AWS Secrets Manager over their real protocols, against servers on loopback that refuse, seal and dawdle.

use std::time::Duration;

use adapter_kit::{Registry, Settings, Url};
use adapter_secrets::chain::{
    AgentToken, AwsCredentials, AwsKeys, AwsSecretsManager, AwsSettings, VaultAuth, VaultKv,
    VaultSettings,
};
use ports::secrets::SecretPlace;
use ports::{Kind, PortResult};
use sandbox::{Options, Running};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use crate::authority::Authority;
use crate::name;

struct Managers {
    running: Running,
    registry: Registry,
}

impl Managers {
    async fn start() -> Self {
        let options = Options {
            orders: 1,
            days: 1,
            ..Options::default()
        };
        let mut settings = Settings::default();
        // What the tests wait for is the answer, not the pause before the next try.
        settings.retry.base_transient = Duration::from_millis(1);
        settings.retry.base_throttle = Duration::from_millis(1);
        Self {
            running: sandbox::start(options).await.unwrap(),
            registry: Registry::new(settings),
        }
    }

    fn url(&self, path: &str) -> Url {
        Url::parse(&format!("{}{path}", self.running.base_url)).unwrap()
    }

    async fn set(&self, change: Value) {
        let answer = reqwest::Client::new()
            .post(self.url("/__secrets"))
            .json(&change)
            .send()
            .await
            .unwrap();
        assert!(answer.status().is_success(), "{answer:?}");
    }

    async fn seen(&self, what: &str) -> u64 {
        let answer = reqwest::get(self.url("/__secrets")).await.unwrap();
        answer.json::<Value>().await.unwrap()[what]
            .as_u64()
            .unwrap()
    }

    fn vault(&self, auth: VaultAuth) -> VaultKv {
        let settings = VaultSettings {
            address: self.url("/vault"),
            auth,
            namespace: None,
            mount: "secret".into(),
            path: "royal".into(),
            authorities: None,
        };
        VaultKv::new(settings, &self.registry).unwrap()
    }

    fn aws(&self, key: &str) -> AwsSecretsManager {
        self.aws_with(AwsCredentials::Given(AwsKeys {
            access_key_id: "sandbox".into(),
            secret_access_key: SecretString::from(key),
            session_token: Some(SecretString::from("a session")),
        }))
    }

    fn aws_with(&self, credentials: AwsCredentials) -> AwsSecretsManager {
        let settings = AwsSettings {
            endpoint: self.url("/aws"),
            region: "eu-central-1".into(),
            credentials,
            secret_id: "royal/secrets".into(),
        };
        AwsSecretsManager::new(settings, &self.registry).unwrap()
    }

    /// With keys from the agent beside a container.
    fn aws_in_container(&self, token: Option<AgentToken>) -> AwsSecretsManager {
        self.aws_with(AwsCredentials::Container {
            url: self.url("/aws/agent/credentials?v=1"),
            token,
        })
    }
}

fn token(text: &str) -> VaultAuth {
    VaultAuth::Token(SecretString::from(text))
}

fn role(secret_id: &str) -> VaultAuth {
    VaultAuth::AppRole {
        role_id: "sandbox".into(),
        secret_id: SecretString::from(secret_id),
    }
}

async fn get(place: &dyn SecretPlace, what: &str) -> PortResult<Option<String>> {
    let found = place.look_up(&name(1, what)).await?;
    Ok(found.map(|v| v.expose_secret().to_owned()))
}

async fn refused(place: &dyn SecretPlace, kind: Kind) -> String {
    let error = get(place, "TOKEN").await.unwrap_err();
    assert_eq!(error.kind, kind, "{error}");
    error.detail
}

#[tokio::test]
async fn vault_gives_the_fields_of_one_entry() {
    let managers = Managers::start().await;
    for auth in [token("sandbox"), role("sandbox")] {
        let vault = managers.vault(auth);
        managers.set(json!({"delete": ["secret/royal"]})).await;
        assert_eq!(
            get(&vault, "TOKEN").await.unwrap(),
            None,
            "deleted: 404 with a body"
        );
        let fields = json!({"TOKEN": "shpat_1", "EMPTY": "", "NONE": null, "NUMBER": 7});
        managers.set(json!({"put": {"secret/royal": fields}})).await;
        assert_eq!(
            get(&vault, "TOKEN").await.unwrap().as_deref(),
            Some("shpat_1")
        );
        for missing in ["EMPTY", "NONE", "OTHER"] {
            assert_eq!(get(&vault, missing).await.unwrap(), None);
        }
        assert_eq!(get(&vault, "NUMBER").await.unwrap_err().kind, Kind::Corrupt);
    }
    assert!(
        managers
            .vault(token("sandbox"))
            .whereabouts()
            .starts_with("secret/royal at http://127")
    );
}

#[tokio::test]
async fn vault_refuses_a_wrong_token_a_wrong_role_and_a_forbidden_path() {
    let managers = Managers::start().await;
    managers
        .set(json!({"put": {"secret/royal": {"TOKEN": "v"}}}))
        .await;
    let said = refused(&managers.vault(token("wrong")), Kind::Forbidden).await;
    assert!(
        said.contains("permission denied") && !said.contains("wrong"),
        "{said}"
    );
    let said = refused(&managers.vault(role("wrong-secret-id")), Kind::Unauthorized).await;
    assert!(
        said.contains("invalid role") && !said.contains("wrong-secret-id"),
        "{said}"
    );
    let vault = managers.vault(token("sandbox"));
    managers.set(json!({"forbidden": true})).await;
    refused(&vault, Kind::Forbidden).await;
    // A refusal is no reason to stop asking.
    managers.set(json!({"forbidden": false})).await;
    assert!(get(&vault, "TOKEN").await.unwrap().is_some());
}

#[tokio::test]
async fn vault_sealed_or_slow_is_a_failure_and_never_a_miss() {
    let managers = Managers::start().await;
    managers
        .set(json!({"put": {"secret/royal": {"TOKEN": "v"}}, "sealed": true}))
        .await;
    let vault = managers.vault(token("sandbox"));
    let said = refused(&vault, Kind::Unavailable).await;
    assert!(said.contains("sealed"), "{said}");
    managers.set(json!({"sealed": false, "throttled": 1})).await;
    assert!(
        get(&vault, "TOKEN").await.unwrap().is_some(),
        "asked again after a pause"
    );
}

#[tokio::test]
async fn vault_tokens_are_renewed_and_revoked_ones_replaced() {
    let managers = Managers::start().await;
    managers
        .set(json!({"put": {"secret/royal": {"TOKEN": "v"}}, "token_seconds": 1}))
        .await;
    let vault = managers.vault(role("sandbox"));
    assert!(get(&vault, "TOKEN").await.unwrap().is_some());
    assert_eq!(
        (
            managers.seen("sign_ins").await,
            managers.seen("renewals").await
        ),
        (1, 0)
    );
    // Two thirds of its life later, within it or after: never with a dead token.
    tokio::time::timeout(Duration::from_secs(20), async {
        while managers.seen("renewals").await + managers.seen("sign_ins").await < 2 {
            assert!(get(&vault, "TOKEN").await.unwrap().is_some());
        }
    })
    .await
    .unwrap();
    managers
        .set(json!({"token_seconds": 3600, "revoke_tokens": true}))
        .await;
    assert!(
        get(&vault, "TOKEN").await.unwrap().is_some(),
        "signed in anew"
    );
}

#[tokio::test]
async fn aws_gives_the_members_of_one_secret() {
    let managers = Managers::start().await;
    let aws = managers.aws("sandbox");
    assert_eq!(get(&aws, "TOKEN").await.unwrap(), None, "no such secret");
    managers
        .set(json!({"put": {"royal/secrets": {"TOKEN": "v", "NUMBER": 7}}, "throttled": 1}))
        .await;
    assert_eq!(get(&aws, "TOKEN").await.unwrap().as_deref(), Some("v"));
    assert_eq!(get(&aws, "OTHER").await.unwrap(), None);
    assert_eq!(get(&aws, "NUMBER").await.unwrap_err().kind, Kind::Corrupt);
}

#[tokio::test]
async fn aws_refusals_are_told_apart() {
    let managers = Managers::start().await;
    managers
        .set(json!({"put": {"royal/secrets": {"TOKEN": "v"}}}))
        .await;
    let said = refused(&managers.aws("another-key"), Kind::Unauthorized).await;
    assert!(
        said.contains("InvalidSignature") && !said.contains("another-key"),
        "{said}"
    );
    managers.set(json!({"forbidden": true})).await;
    let said = refused(&managers.aws("sandbox"), Kind::Forbidden).await;
    assert!(said.contains("not authorized"), "{said}");
    managers
        .set(json!({"forbidden": false, "sealed": true}))
        .await;
    refused(&managers.aws("sandbox"), Kind::Unavailable).await;
}

#[tokio::test]
async fn aws_keys_are_lent_by_the_agent_and_replaced_before_they_end() {
    let managers = Managers::start().await;
    managers
        .set(json!({"put": {"royal/secrets": {"TOKEN": "v"}}, "token_seconds": 3600}))
        .await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, "an old one\n").unwrap();
    let aws = managers.aws_in_container(Some(AgentToken::File(file.clone())));
    let said = refused(&aws, Kind::Unauthorized).await;
    assert!(
        said.contains("401") && !said.contains("an old one"),
        "{said}"
    );
    // Others replace the file.
    std::fs::write(&file, "sandbox-agent\n").unwrap();
    for _ in 0..3 {
        assert_eq!(get(&aws, "TOKEN").await.unwrap().as_deref(), Some("v"));
    }
    assert_eq!(managers.seen("lent").await, 1, "kept while they hold");
    // Within five minutes of their end they are asked for each time, and used while the agent is away.
    managers.set(json!({"token_seconds": 60})).await;
    let given = AgentToken::Given(SecretString::from("sandbox-agent"));
    let aws = managers.aws_in_container(Some(given));
    for _ in 0..2 {
        assert!(get(&aws, "TOKEN").await.unwrap().is_some());
    }
    assert_eq!(managers.seen("lent").await, 3);
}

#[tokio::test]
async fn an_agent_that_is_not_there_is_told() {
    let managers = Managers::start().await;
    let missing = AgentToken::File("/nowhere/token".into());
    let said = refused(
        &managers.aws_in_container(Some(missing)),
        Kind::Configuration,
    )
    .await;
    assert!(
        said.contains("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=/nowhere/token"),
        "{said}"
    );
    refused(&managers.aws_in_container(None), Kind::Unauthorized).await;
    managers.set(json!({"sealed": true})).await;
    let given = AgentToken::Given(SecretString::from("sandbox-agent"));
    let aws = managers.aws_in_container(Some(given));
    refused(&aws, Kind::Unavailable).await;
}

/// The managers behind TLS with a certificate of this authority; answers their address.
async fn behind_tls(managers: &Managers, authority: &Authority) -> Url {
    let (listener, port) = authority.listener().await;
    let plain = managers.url("/");
    let to = format!("127.0.0.1:{}", plain.port().unwrap());
    tokio::spawn(async move {
        while let Ok(Some(mut secure)) = listener.next().await {
            let to = to.clone();
            tokio::spawn(async move {
                let mut plain = tokio::net::TcpStream::connect(to).await.unwrap();
                let _ = tokio::io::copy_bidirectional(&mut secure, &mut plain).await;
            });
        }
    });
    Url::parse(&format!("https://localhost:{port}/vault")).unwrap()
}

#[tokio::test]
async fn vault_is_believed_by_the_authority_that_was_given_alone() {
    let managers = Managers::start().await;
    managers
        .set(json!({"put": {"secret/royal": {"TOKEN": "v"}}}))
        .await;
    let (ours, strangers) = (Authority::new(), Authority::new());
    let address = behind_tls(&managers, &ours).await;
    let with = |authorities: Option<String>| VaultSettings {
        address: address.clone(),
        auth: token("sandbox"),
        namespace: None,
        mount: "secret".into(),
        path: "royal".into(),
        authorities: authorities.map(String::into_bytes),
    };
    let vault = |authorities| VaultKv::new(with(authorities), &managers.registry);
    let good = vault(Some(ours.pem())).unwrap();
    assert_eq!(get(&good, "TOKEN").await.unwrap().as_deref(), Some("v"));
    let both = format!("{}{}", strangers.pem(), ours.pem());
    let both = vault(Some(both)).unwrap();
    assert!(get(&both, "TOKEN").await.unwrap().is_some(), "a bundle");
    let strange = vault(Some(strangers.pem())).unwrap();
    assert!(get(&strange, "TOKEN").await.is_err());
    assert!(vault(Some("no certificate".to_owned())).is_err());
}
