//! How long a large catalogue of a supplier takes: 100 000 variants from a file, checked, written and scored, on a store with orders of its own,
//! and how fast the page of opportunities is answered over them.

use crate::load;
use crate::measure::{Bench, Figure};
use crate::product::{forget_peak, memory_mb};
use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::time::{Duration, Instant};

pub const IMPORT: &str = "supplier_import_100000_variants_s";
pub const PEAK: &str = "supplier_import_peak_memory_mb";
pub const PAGE: &str = "opportunities_page_p99_ms";
pub const NAMES: [&str; 3] = [IMPORT, PEAK, PAGE];

/// Orders of the store that the catalogue is scored for.
pub const ORDERS: u64 = 10_000;
/// With five variants each.
pub const PRODUCTS: u32 = 20_000;
const VARIANTS_EACH: u32 = 5;
/// As one who reads the page asks: what waits, the best first.
const LIST: &str = "/v1/opportunities?status=proposed&limit=50";
const WORDS: [&str; 24] = [
    "camping",
    "lamp",
    "ceramic",
    "mug",
    "linen",
    "towel",
    "steel",
    "bottle",
    "oak",
    "shelf",
    "cotton",
    "rug",
    "garden",
    "chair",
    "desk",
    "organizer",
    "bamboo",
    "tray",
    "wool",
    "blanket",
    "glass",
    "vase",
    "leather",
    "wallet",
];

/// The file: titles of five words of which no two are the same set, costs from 2 to 62 dollars, some without a rating or a stock.
fn catalogue(products: u32) -> String {
    let mut text = "Product ID,Supplier,Title,Variant SKU,Variant,You Pay,Currency,Stock,Shipping Cost,Shipping Time,Ships To,\
                    Suggested Price,Rating,Category\n"
        .to_owned();
    let words = u32::try_from(WORDS.len()).unwrap_or(1);
    for product in 0..products {
        let mut left = product;
        let mut title = format!("model {product}");
        for _ in 0..3 {
            let word = WORDS[(left % words) as usize];
            let _ = write!(title, " {word}");
            left /= words;
        }
        let supplier = product % 40;
        let category = WORDS[(product % words) as usize];
        let rating = if product % 7 == 0 {
            String::new()
        } else {
            format!("{}.{}", 3 + product % 2, product % 10)
        };
        for variant in 0..VARIANTS_EACH {
            let cents = 200 + (product * 37 + variant * 113) % 6_000;
            let stock = if product % 11 == 0 {
                String::new()
            } else {
                ((product + variant) % 200).to_string()
            };
            let _ = writeln!(
                text,
                "P-{product},Supplier {supplier},{title},S-{product}-{variant},size {variant},{}.{:02},USD,{stock},{}.50,{}-{},US,{}.99,{rating},{category}",
                cents / 100,
                cents % 100,
                1 + product % 6,
                3 + product % 5,
                8 + product % 9,
                10 + cents / 33,
            );
        }
    }
    text
}

impl Bench<'_> {
    /// Waits for the first sync, which is not measured.
    ///
    /// # Errors
    /// Where the file is not imported whole, or nothing of it is scored.
    pub async fn suppliers(&self, products: u32) -> Result<Vec<Figure>> {
        self.sync_ended(None).await?;
        let text = catalogue(products);
        let variants = u64::from(products * VARIANTS_EACH);
        self.say(&format!(
            "a catalogue of {variants} variants, {} MB",
            text.len() >> 20
        ));
        forget_peak(self.target.pid)?;
        let began = Instant::now();
        let headers = [
            ("authorization", format!("Bearer {}", self.target.token)),
            ("idempotency-key", uuid::Uuid::new_v4().to_string()),
        ];
        let path = "/v1/imports?name=catalogue.csv&kind=supplier_offers";
        let request = load::post(self.address(), path, &headers, text.as_bytes());
        let import = self.answer(path, request).await?;
        let id = import["id"]
            .as_str()
            .context("an import without an id")?
            .to_owned();
        let of = |what: &str| format!("/v1/imports/{id}{what}");
        let mut mapping = self.read(&of("/mapping")).await?;
        mapping["answers"] = json!({ "platform": "other", "snapshot": "part" });
        let headers = [("authorization", format!("Bearer {}", self.target.token))];
        let put = load::send(
            "PUT",
            self.address(),
            &of("/mapping"),
            &headers,
            mapping.to_string().as_bytes(),
        );
        self.answer("the mapping", put).await?;
        self.post(&of("/check"), &json!({})).await?;
        let checked = self.import_is(&of(""), "checked").await?;
        self.say(&format!(
            "checked after {:.1} s",
            began.elapsed().as_secs_f64()
        ));
        self.post(&of("/start"), &json!({ "good_rows_only": false }))
            .await
            .with_context(|| checked.to_string())?;
        self.import_is(&of(""), "done").await?;
        let took = began.elapsed().as_secs_f64();
        let peak = memory_mb(self.target.pid, "VmHWM")?;
        let list = self.read(LIST).await?;
        let scored = list["total"].as_u64().unwrap_or(0);
        self.say(&format!(
            "{variants} variants in {took:.1} s, {scored} opportunities, {peak:.0} MB"
        ));
        ensure!(
            scored == u64::from(products),
            "{scored} opportunities: {list}"
        );
        let page = self.asked(LIST).await?;
        Ok(vec![
            self.figure(IMPORT, took, "s"),
            self.figure(PEAK, peak, "MB"),
            self.figure(PAGE, page.p99_ms, "ms"),
        ])
    }

    async fn import_is(&self, path: &str, wanted: &str) -> Result<Value> {
        let mut told = Instant::now();
        loop {
            let import = self.read(path).await?;
            match import["status"].as_str() {
                Some(status) if status == wanted => return Ok(import),
                Some("failed" | "cancelled" | "undone") => bail!("not imported: {import}"),
                _ => {}
            }
            if told.elapsed() > Duration::from_secs(10) {
                told = Instant::now();
                self.say(&format!("{}: {}", import["status"], import["progress"]));
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}
