//! A supplier with a REST interface that is nobody's: made up, and like many, below `/rest-supplier`. Its list comes by number (`/products`), by
//! cursor (`/feed`) and by the address of the next page (`/linked`). It reads only.
//!
//! `GET /__rest_supplier` tells calls and products; `POST /__rest_supplier` changes prices, stock and where things stand in its answers.

use actix_web::web::{self, Data, Json, Path, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

use crate::app::{App, lock};
use crate::random::Random;
use crate::store::Seconds;

/// What every call brings, as `Authorization: Bearer …`.
pub const REST_KEY: &str = "rest_sandbox";
const PRODUCTS: u64 = 70;
const PER_PAGE: usize = 25;
const THINGS: [&str; 7] = [
    "Enamel Mug",
    "Linen Apron",
    "Camping Lantern",
    "Canvas Tote",
    "Beeswax Candle",
    "Ceramic Planter",
    "Wool Blanket",
];
const KINDS: [&str; 5] = ["Plain", "Striped", "Speckled", "Small", "Large"];
const COLOURS: [&str; 3] = ["Sand", "Forest", "Ink"];

#[derive(Debug)]
struct Variant {
    colour: &'static str,
    /// Cents.
    price: i64,
    pieces: u32,
}

#[derive(Debug)]
struct Thing {
    id: String,
    title: String,
    /// Cents of sending it, and days.
    sending: i64,
    days: (i64, i64),
    from: &'static str,
    removed: bool,
    variants: Vec<Variant>,
    strange_price: Option<Value>,
    strange_stock: Option<Value>,
}

#[derive(Debug)]
pub(crate) struct Supplier {
    calls: BTreeMap<String, u64>,
    things: Vec<Thing>,
    /// Fields that stand under another name now.
    renamed: BTreeMap<String, String>,
    random: Random,
    begun: Option<Seconds>,
    days: i64,
}

impl Supplier {
    pub(crate) fn new(seed: u64) -> Self {
        let mut random = Random::new(seed ^ 0x2e57);
        let things = (0..PRODUCTS).map(|n| thing(n, &mut random)).collect();
        Self {
            calls: BTreeMap::new(),
            things,
            renamed: BTreeMap::new(),
            random,
            begun: None,
            days: 0,
        }
    }

    /// Prices and stock drift with the days.
    fn live(&mut self, now: Seconds) {
        let begun = *self.begun.get_or_insert(now);
        while self.days < (now - begun) / 86_400 {
            self.days += 1;
            self.drift();
        }
    }

    fn drift(&mut self) {
        let random = &mut self.random;
        for variant in self.things.iter_mut().flat_map(|t| &mut t.variants) {
            if random.chance(100) {
                let percent = random.within(-8, 8);
                variant.price = (variant.price + variant.price * percent / 100).max(50);
            }
            if random.chance(250) {
                let now = (i64::from(variant.pieces) + random.within(-15, 15)).max(0);
                variant.pieces = u32::try_from(now).unwrap_or(0);
            }
        }
    }
}

fn thing(number: u64, random: &mut Random) -> Thing {
    let index = usize::try_from(number).unwrap_or(0);
    let base = random.within(240, 4_500);
    let colours = 1 + random.index(COLOURS.len());
    let variants = COLOURS.iter().take(colours).enumerate();
    let variants = variants.map(|(at, colour)| Variant {
        colour,
        price: base + 40 * at as i64,
        pieces: u32::try_from(random.within(0, 160)).unwrap_or(0),
    });
    let variants = variants.collect();
    let fastest = random.within(2, 9);
    Thing {
        id: format!("SP-{}", 1_000 + number),
        title: format!(
            "{} {} {number}",
            KINDS[index / THINGS.len() % KINDS.len()],
            THINGS[index % THINGS.len()]
        ),
        sending: random.within(0, 800),
        days: (fastest, fastest + random.within(1, 8)),
        from: if random.chance(600) { "US" } else { "DE" },
        removed: false,
        variants,
        strange_price: None,
        strange_stock: None,
    }
}

fn amount(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// An EAN-13 with its last digit.
fn barcode(number: u64) -> String {
    let bare = format!("400638{number:06}");
    let weighed = bare.bytes().zip([1, 3].into_iter().cycle());
    let sum: u64 = weighed
        .map(|(d, weight)| u64::from(d - b'0') * weight)
        .sum();
    format!("{bare}{}", (10 - sum % 10) % 10)
}

/// What faults make of an answer.
#[derive(Clone, Copy)]
struct Mood {
    range: bool,
    no_currency: bool,
}

fn variant(of: &Thing, at: usize, one: &Variant, mood: Mood) -> Value {
    let number: u64 = of.id.trim_start_matches("SP-").parse().unwrap_or(0);
    let price = match &of.strange_price {
        Some(strange) => strange.clone(),
        None if mood.range => json!(format!("{}-{}", amount(one.price), amount(one.price + 250))),
        None => json!(amount(one.price)),
    };
    let pieces = of.strange_stock.clone().unwrap_or(json!(one.pieces));
    json!({"id": at + 1, "name": one.colour, "sku": format!("{}-{}", of.id, &one.colour[..1]), "barcode": barcode(number * 10 + at as u64),
        "price": price, "inventory": pieces})
}

fn document(of: &Thing, mood: Mood) -> Value {
    let variants = of.variants.iter().enumerate();
    let variants: Vec<_> = variants
        .map(|(at, one)| variant(of, at, one, mood))
        .collect();
    let mut told = json!({"id": of.id, "title": of.title, "link": format!("https://supplier.example/p/{}", of.id),
        "image": format!("https://cdn.example/{}.jpg", of.id), "currency": "USD", "price": variants[0]["price"], "inventory": variants[0]["inventory"],
        "shipping": {"cost": amount(of.sending), "min": of.days.0, "max": of.days.1, "from": of.from}, "variants": variants});
    if mood.no_currency {
        told["currency"] = Value::Null;
    }
    told
}

/// Each field under its name of now, however deep it lies.
fn renamed(value: Value, names: &BTreeMap<String, String>) -> Value {
    match value {
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| {
                let name = names.get(&name).cloned().unwrap_or(name);
                (name, renamed(value, names))
            })
            .collect(),
        Value::Array(all) => all.into_iter().map(|v| renamed(v, names)).collect(),
        value => value,
    }
}

pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .route("/rest-supplier/products", web::get().to(numbered))
        .route("/rest-supplier/feed", web::get().to(by_cursor))
        .route("/rest-supplier/linked", web::get().to(linked))
        .route("/rest-supplier/products/{id}", web::get().to(product))
        .route("/__rest_supplier", web::get().to(show))
        .route("/__rest_supplier", web::post().to(change));
}

#[derive(Debug, Deserialize)]
struct Asked {
    search: Option<String>,
    page: Option<usize>,
    after: Option<String>,
}

/// What comes in place of an answer.
fn struck(app: &App, request: &HttpRequest, call: &str) -> Option<HttpResponse> {
    {
        let mut supplier = lock(&app.rest_supplier);
        supplier.live(app.now());
        *supplier.calls.entry(call.to_owned()).or_default() += 1;
    }
    let key = request.headers().get("authorization");
    let key = key.and_then(|v| v.to_str().ok()).unwrap_or_default();
    if app.strikes("rest_lost") {
        return Some(crate::http::hang_up());
    }
    if key != format!("Bearer {REST_KEY}") || app.strikes("rest_key") {
        return Some(HttpResponse::Unauthorized().json(json!({"error": "unknown key"})));
    }
    if app.strikes("rest_limit") {
        return Some(
            HttpResponse::TooManyRequests()
                .insert_header(("retry-after", "90"))
                .finish(),
        );
    }
    if app.strikes("rest_busy") {
        return Some(HttpResponse::InternalServerError().finish());
    }
    if app.strikes("rest_html") {
        let page = "<html><body><h1>Just a moment</h1></body></html>";
        return Some(HttpResponse::Ok().content_type("text/html").body(page));
    }
    None
}

fn mood(app: &App) -> Mood {
    Mood {
        range: app.strikes("rest_range"),
        no_currency: app.strikes("rest_currency"),
    }
}

/// A page of what is found from `from` on, and whether there is more.
fn found(app: &App, asked: &Asked, from: usize) -> (Vec<Value>, bool) {
    let mood = mood(app);
    let from = if app.strikes("rest_repeat") { 0 } else { from };
    let words = asked.search.as_deref().unwrap_or_default().to_lowercase();
    let supplier = lock(&app.rest_supplier);
    let fits = |t: &&Thing| {
        let title = t.title.to_lowercase();
        !t.removed && words.split(' ').all(|word| title.contains(word))
    };
    let all: Vec<_> = supplier.things.iter().filter(fits).collect();
    let page = all.iter().skip(from).take(PER_PAGE);
    let page = page.map(|t| document(t, mood));
    (page.collect(), all.len() > from + PER_PAGE)
}

fn answer(app: &App, told: Value) -> HttpResponse {
    let names = lock(&app.rest_supplier).renamed.clone();
    HttpResponse::Ok().json(renamed(told, &names))
}

async fn numbered(app: Data<App>, request: HttpRequest, asked: Query<Asked>) -> HttpResponse {
    if let Some(instead) = struck(&app, &request, "list") {
        return instead;
    }
    let page = asked.page.unwrap_or(1).max(1);
    let (products, more) = found(&app, &asked, (page - 1) * PER_PAGE);
    let next = more.then_some(page + 1);
    answer(
        &app,
        json!({"products": products, "meta": {"page": page, "next": next}}),
    )
}

async fn by_cursor(app: Data<App>, request: HttpRequest, asked: Query<Asked>) -> HttpResponse {
    if let Some(instead) = struck(&app, &request, "list") {
        return instead;
    }
    let from = asked
        .after
        .as_deref()
        .and_then(|c| c.strip_prefix("c")?.parse().ok());
    let from = from.unwrap_or(0);
    let (products, more) = found(&app, &asked, from);
    let ahead = if app.strikes("rest_repeat") {
        from
    } else {
        from + PER_PAGE
    };
    let next = more.then(|| format!("c{ahead}"));
    answer(&app, json!({"products": products, "meta": {"next": next}}))
}

async fn linked(app: Data<App>, request: HttpRequest, asked: Query<Asked>) -> HttpResponse {
    if let Some(instead) = struck(&app, &request, "list") {
        return instead;
    }
    let page = asked.page.unwrap_or(1).max(1);
    let (products, more) = found(&app, &asked, (page - 1) * PER_PAGE);
    let host = if app.strikes("rest_elsewhere") {
        "https://elsewhere.example".to_owned()
    } else {
        app.base().to_owned()
    };
    let words = asked
        .search
        .as_deref()
        .unwrap_or_default()
        .replace(' ', "+");
    let next = format!(
        "{host}/rest-supplier/linked?search={words}&page={}",
        page + 1
    );
    answer(
        &app,
        json!({"products": products, "meta": {"next": more.then_some(next)}}),
    )
}

async fn product(app: Data<App>, request: HttpRequest, id: Path<String>) -> HttpResponse {
    if let Some(instead) = struck(&app, &request, "product") {
        return instead;
    }
    let mood = mood(&app);
    let found = {
        let supplier = lock(&app.rest_supplier);
        let mut there = supplier.things.iter().filter(|t| !t.removed);
        there.find(|t| t.id == *id).map(|t| document(t, mood))
    };
    match found {
        Some(found) => answer(&app, json!({ "product": found })),
        None => HttpResponse::NotFound().json(json!({"error": "no such product"})),
    }
}

async fn show(app: Data<App>) -> HttpResponse {
    HttpResponse::Ok().json(told(&app))
}

pub(crate) fn told(app: &App) -> Value {
    let mut supplier = lock(&app.rest_supplier);
    supplier.live(app.now());
    let calm = Mood {
        range: false,
        no_currency: false,
    };
    let products = supplier.things.iter().take(20).map(|t| document(t, calm));
    json!({"calls": supplier.calls, "products": products.collect::<Vec<_>>()})
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    /// So many steps of drift over the whole catalogue.
    drift: Option<u32>,
    /// A product by its id: what is changed below is changed of it.
    product: Option<String>,
    /// In place of the price of all its variants.
    price: Option<Value>,
    /// In place of what is in stock of each.
    inventory: Option<Value>,
    #[serde(default)]
    remove: bool,
    /// Fields by the name that they have from now on.
    rename: Option<BTreeMap<String, String>>,
}

async fn change(app: Data<App>, body: Json<Value>) -> HttpResponse {
    match apply(&app, &body) {
        Ok(()) => HttpResponse::Ok().json(told(&app)),
        Err(why) => crate::http::refuse(&why),
    }
}

pub(crate) fn apply(app: &App, body: &Value) -> Result<(), String> {
    let change: Change = serde_json::from_value(body.clone()).map_err(|e| e.to_string())?;
    let mut supplier = lock(&app.rest_supplier);
    for _ in 0..change.drift.unwrap_or(0).min(400) {
        supplier.drift();
    }
    if let Some(names) = change.rename {
        supplier.renamed = names;
    }
    let Some(id) = change.product else {
        return Ok(());
    };
    let thing = supplier.things.iter_mut().find(|t| t.id == id);
    let thing = thing.ok_or("no such product")?;
    thing.removed |= change.remove;
    thing.strange_price = change.price.or(thing.strange_price.take());
    thing.strange_stock = change.inventory.or(thing.strange_stock.take());
    Ok(())
}
