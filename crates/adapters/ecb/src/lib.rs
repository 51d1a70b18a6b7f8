//! The European Central Bank's euro foreign exchange reference rates (`eurofxref`), or anything that speaks its format.
//!
//! Three files below one address: the newest day, the last ninety days, all days since 1999. Rates are published on working days of
//! TARGET at about 16:00 Central European Time; weekends and holidays have none. The series is read with the limits of
//! `adapter-kit` and believed whole or not at all.

mod parse;

use adapter_kit::settings::Limits;
use adapter_kit::{Expect, HttpClient, Registry, Request, StatusCode, Url};
use async_trait::async_trait;
use domain::fx::Rate;
use ports::rates::{FeedSpan, RateFeed};
use ports::{Kind, PortError, PortResult, Retry};
use std::time::Duration;

const PROVIDER: &str = "ecb";
const OPERATION: &str = "rates.read";
/// The whole series has some 8 MiB (2026); what is much larger is something else.
const LARGEST: usize = 32 << 20;

pub struct EcbFeed {
    client: HttpClient,
    base: String,
}

impl EcbFeed {
    /// `base` is the folder of the files, for instance `https://www.ecb.europa.eu/stats/eurofxref`.
    ///
    /// # Errors
    /// `Configuration` when the address is none.
    pub fn new(base: &str, registry: &Registry) -> PortResult<Self> {
        let base = base.trim_end_matches('/').to_owned();
        let url = Url::parse(&base).map_err(|e| {
            let detail = format!("RATES_URL is no address: {e}");
            PortError::new(
                Kind::Configuration,
                Retry::Never,
                PROVIDER,
                "connect",
                detail,
            )
        })?;
        let account = url.host_str().unwrap_or_default().to_owned();
        let limits = Limits {
            total: Duration::from_secs(60),
            max_body: LARGEST,
            ..Limits::default()
        };
        let client = HttpClient::builder(PROVIDER, account, url, registry)
            .limits(limits)
            .build()?;
        Ok(Self { client, base })
    }
}

const fn file(span: FeedSpan) -> &'static str {
    match span {
        FeedSpan::Day => "eurofxref-daily.xml",
        FeedSpan::Quarter => "eurofxref-hist-90d.xml",
        FeedSpan::All => "eurofxref-hist.xml",
    }
}

#[async_trait]
impl RateFeed for EcbFeed {
    fn url(&self) -> String {
        self.base.clone()
    }

    fn publisher(&self) -> String {
        "European Central Bank".to_owned()
    }

    async fn read(&self, span: FeedSpan) -> PortResult<Vec<Rate>> {
        let request = Request::get(OPERATION, file(span)).expect(Expect::Anything);
        let answer = self.client.send(&request).await?;
        if answer.status != StatusCode::OK {
            let detail = format!(
                "{}/{} answered {}: check RATES_URL",
                self.base,
                file(span),
                answer.status
            );
            return Err(PortError::new(
                Kind::NotFound,
                Retry::Never,
                PROVIDER,
                OPERATION,
                detail,
            ));
        }
        parse::rates(&answer.body).map_err(|reason| {
            let detail = format!(
                "{}/{} is not a table of reference rates: {reason}. Nothing of it was taken.",
                self.base,
                file(span)
            );
            PortError::new(Kind::Corrupt, Retry::Never, PROVIDER, OPERATION, detail)
        })
    }
}
