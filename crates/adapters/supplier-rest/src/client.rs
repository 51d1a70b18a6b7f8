//! One question by a contract: where, with which key, within which limits. Knows no kind of thing.

use crate::proof::Proof;
use adapter_kit::header::{ACCEPT, HeaderName, HeaderValue};
use adapter_kit::settings::Limits;
use adapter_kit::{Expect, HttpClient, Registry, Request, Url};
use domain::supplier::{CannotDo, Capability, Platform, RestContract};
use ports::supplier_platforms::SupplierSettings;
use ports::{Kind, PortError, PortResult, Retry};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Nobody tells how much may be asked: slowly, and slower where the supplier says so.
const AT_ONCE: f64 = 10.0;
const A_SECOND: f64 = 2.0;
/// A page of a list is smaller.
const MOST_BODY: usize = 8 << 20;

/// Addresses that the operator names, which may lie inside a network and be spoken to without TLS.
#[derive(Debug, Clone, Default)]
pub struct Places {
    pub named: Vec<String>,
    pub sandboxes: Vec<String>,
}

impl Places {
    fn has(all: &[String], url: &Url) -> bool {
        let mut all = all.iter().filter_map(|text| Url::parse(text).ok());
        all.any(|own| own.origin() == url.origin())
    }
}

/// The way to one account by its contract.
pub struct SupplierRest {
    pub(crate) http: HttpClient,
    pub(crate) contract: RestContract,
    pub(crate) platform: Platform,
    pub(crate) base: Url,
    pub(crate) is_sandbox: bool,
    auth: Option<(HeaderName, SecretString)>,
    pub(crate) list: Mutex<crate::pages::Walk>,
    proof: Mutex<Proof>,
    /// A product was found by its path, so that one that is not found is not there.
    answered: AtomicBool,
    /// The product that was read last: its stock stands beside its price.
    pub(crate) last: Mutex<Option<(String, Value)>>,
}

pub(crate) fn held<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether the address may be called: in the clear and inside a network only where the operator names it.
fn checked(base: &str, places: &Places) -> Result<(Url, bool), String> {
    let url = Url::parse(base).map_err(|e| format!("this is no address: {e}"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("the address holds no name and password".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("the address ends before ? and #: paths go on below it".to_owned());
    }
    let is_named = Places::has(&places.named, &url) || Places::has(&places.sandboxes, &url);
    match url.scheme() {
        "https" => {}
        "http" if is_named => {}
        _ => return Err("the address begins with https://".to_owned()),
    }
    Ok((url, is_named))
}

impl SupplierRest {
    /// `settings.rest` is the contract.
    ///
    /// # Errors
    /// `Configuration` where there is none, where its address may not be called, or where the key cannot be sent; `Unauthorized` where it sends a
    /// key and there is none.
    pub fn new(
        settings: &SupplierSettings,
        places: &Places,
        registry: &Registry,
    ) -> PortResult<Self> {
        let provider = settings.platform.as_str();
        let wrong = |kind: Kind, detail: String| {
            PortError::new(kind, Retry::Never, provider, "connect", detail)
        };
        let contract = settings.rest.clone().ok_or_else(|| {
            let detail = format!("{} has no contract of its own", settings.platform.name());
            wrong(Kind::Configuration, detail)
        })?;
        let (base, is_named) =
            checked(&contract.base_url, places).map_err(|why| wrong(Kind::Configuration, why))?;
        let key = settings.api_key.expose_secret().trim();
        let auth = match contract.auth_header.as_str() {
            "" => None,
            _ if key.is_empty() => {
                let detail = format!(
                    "the contract sends a key in {}, and there is none",
                    contract.auth_header
                );
                return Err(wrong(Kind::Unauthorized, detail));
            }
            name => {
                let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| {
                    wrong(
                        Kind::Configuration,
                        format!("{name} is no name of a header"),
                    )
                })?;
                Some((
                    name,
                    SecretString::from(format!("{}{key}", contract.auth_prefix)),
                ))
            }
        };
        let limits = Limits {
            max_body: MOST_BODY,
            ..registry.settings().limits.clone()
        };
        let mut builder = HttpClient::builder(
            provider,
            settings.account.to_string(),
            base.clone(),
            registry,
        )
        .header(ACCEPT, HeaderValue::from_static("application/json"))
        .limits(limits)
        .rate_limit(AT_ONCE, A_SECOND);
        if let Some((name, value)) = &auth {
            builder = builder.secret_header(name.clone(), value);
        }
        if !is_named {
            builder = builder.only_public();
        }
        Ok(Self {
            http: builder.build()?,
            platform: settings.platform,
            is_sandbox: Places::has(&places.sandboxes, &base),
            base,
            contract,
            auth,
            list: Mutex::default(),
            proof: Mutex::default(),
            answered: AtomicBool::new(false),
            last: Mutex::default(),
        })
    }

    pub(crate) fn can(&self, capability: Capability) -> bool {
        let how = self.contract.ability(self.platform, capability);
        how.is_by_interface()
    }

    pub(crate) fn error(
        &self,
        kind: Kind,
        operation: &'static str,
        detail: impl Into<String>,
    ) -> PortError {
        PortError::new(
            kind,
            Retry::Never,
            self.platform.as_str(),
            operation,
            detail,
        )
    }

    pub(crate) fn cannot(&self, operation: &'static str, capability: Capability) -> PortError {
        let platform = self.platform;
        let detail = CannotDo {
            platform,
            capability,
        };
        self.error(Kind::Unsupported, operation, detail.to_string())
    }

    /// The answer is another one than the contract says.
    pub(crate) fn moved(&self, operation: &'static str, why: &str) -> PortError {
        let detail = format!(
            "{}'s answer does not fit the contract: {why}",
            self.platform.name()
        );
        self.error(Kind::Corrupt, operation, detail)
    }

    pub(crate) fn proof(&self) -> MutexGuard<'_, Proof> {
        held(&self.proof)
    }

    /// A page that the list named, on the same host: the key goes with it.
    pub(crate) fn next(&self, operation: &'static str, url: Url) -> Request {
        let request = Request::get_url(operation, url)
            .expect(Expect::Json)
            .header(ACCEPT, HeaderValue::from_static("application/json"));
        match &self.auth {
            Some((name, value)) => request.secret_header(name.clone(), value),
            None => request,
        }
    }

    /// `None`: there is no such thing.
    pub(crate) async fn ask(
        &self,
        operation: &'static str,
        request: &Request,
    ) -> PortResult<Option<Value>> {
        let response = self.http.send(request).await?;
        if response.status.is_success() {
            return response.json().map(Some);
        }
        let status = response.status.as_u16();
        if matches!(status, 404 | 410) {
            return Ok(None);
        }
        let kind = if (300..400).contains(&status) {
            Kind::Configuration
        } else {
            Kind::Rejected
        };
        let detail = format!(
            "{} at {} answered {status}",
            self.platform.name(),
            response.origin
        );
        Err(self.error(kind, operation, detail))
    }

    /// The product at its path; `None` where it is gone, which only a path says that has answered before.
    pub(crate) async fn document(
        &self,
        operation: &'static str,
        path: &str,
        external_id: &str,
    ) -> PortResult<Option<Value>> {
        if external_id.is_empty() || external_id.len() > 200 {
            return Ok(None);
        }
        let request = crate::paths::get(operation, path, &[("id", external_id)]);
        let answer = self.ask(operation, &request).await?;
        let found = answer.as_ref().map(|answer| self.within(operation, answer));
        let Some(product) = found.transpose()?.filter(|p| !p.is_null()) else {
            if self.answered.load(Ordering::Relaxed) {
                return Ok(None);
            }
            let why = format!(
                "it finds nothing under {external_id}, and no product was found by this path before: nothing is called gone by it"
            );
            return Err(self.moved(operation, &why));
        };
        let own = crate::values::text_at(&self.contract, domain::supplier::RestField::Id, product);
        match own {
            Some(own) if own == external_id => {}
            Some(_) => {
                return Err(self.moved(operation, "it is another product than was asked for"));
            }
            None => {
                let why = crate::proof::nothing(&self.contract, domain::supplier::RestField::Id);
                return Err(self.moved(operation, &why));
            }
        }
        self.answered.store(true, Ordering::Relaxed);
        Ok(Some(product.clone()))
    }

    /// The product within the answer about it.
    fn within<'a>(&self, operation: &'static str, answer: &'a Value) -> PortResult<&'a Value> {
        let field = domain::supplier::RestField::Product;
        let Some(pointer) = self.contract.at(field) else {
            return Ok(answer);
        };
        answer.pointer(pointer).ok_or_else(|| {
            let why = crate::proof::nothing(&self.contract, field);
            self.moved(operation, &why)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_public_and_encrypted_unless_the_operator_names_it() {
        let places = Places {
            named: vec!["http://10.0.0.5:8080/v1".to_owned()],
            sandboxes: vec!["http://127.0.0.1:10001".to_owned()],
        };
        let of = |text: &str| checked(text, &places).map(|(_, is_named)| is_named);
        assert_eq!(of("https://api.example.com/v1"), Ok(false));
        assert_eq!(of("http://10.0.0.5:8080/other"), Ok(true));
        assert_eq!(of("http://127.0.0.1:10001/rest-supplier"), Ok(true));
        for bad in [
            "http://api.example.com",
            "http://10.0.0.5:8081/v1",
            "https://a:b@api.example.com",
            "https://api.example.com/?x=1",
            "ftp://api.example.com",
            "api",
        ] {
            assert!(of(bad).is_err(), "{bad}");
        }
    }
}
