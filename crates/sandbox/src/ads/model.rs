//! The accounts and what each day of them is. A row depends on its account, thing and day, on the orders of that day, and on how
//! long ago the day is: conversions come in until the window is over.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;
use serde_json::{Value, json};

use crate::app::{App, lock};
use crate::random::Random;

pub(crate) struct Market {
    pub accounts: [Account; 2],
    /// Changes that were sent, in their order.
    pub writes: Vec<Value>,
    /// Reports that were ordered: their parameters, and how often they were looked at.
    pub reports: Vec<(HashMap<String, String>, u32)>,
    /// Of the report that was read last, with its place among them: made once, and read page by page.
    pub made: Option<(usize, Arc<Vec<Cell>>)>,
    /// Of Google, each good until it is expired.
    pub tokens: Vec<String>,
    pub permissions: Vec<String>,
}

/// A day of a campaign, or of one of its ad sets, by their places.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cell {
    pub campaign: usize,
    pub group: Option<usize>,
    pub day: NaiveDate,
    pub row: Row,
}

impl std::fmt::Debug for Market {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Market").finish_non_exhaustive()
    }
}

pub(crate) struct Account {
    pub platform: &'static str,
    pub number: &'static str,
    pub name: String,
    pub currency: String,
    pub zone: Tz,
    /// Days until a day freezes.
    pub window: i64,
    pub campaigns: Vec<Campaign>,
}

pub(crate) struct Campaign {
    pub position: usize,
    pub id: u64,
    pub name: String,
    pub paused: bool,
    /// Days between which it was paused by somebody, both excluded; the last one may still go on.
    pub pauses: Vec<(NaiveDate, Option<NaiveDate>)>,
    pub deleted: bool,
    /// In the smallest unit that the platform tells.
    pub daily_budget: i64,
    pub shared: bool,
    pub groups: Vec<Group>,
}

pub(crate) struct Group {
    pub id: u64,
    pub name: String,
    pub paused: bool,
}

#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Row {
    /// Smallest units.
    pub spend: i64,
    pub impressions: i64,
    pub clicks: i64,
    pub purchases: i64,
    pub value: i64,
}

/// Orders of the shop by day of an account, and what its day is now.
pub(crate) struct Weights {
    orders: HashMap<NaiveDate, i64>,
    average: i64,
    /// Nothing ran before the shop opened.
    opened: NaiveDate,
    pub today: NaiveDate,
    vanish: f64,
}

const NAMES: [&str; 6] = [
    "Prospecting",
    "Retargeting",
    "Brand",
    "Bestsellers",
    "New arrivals",
    "Seasonal",
];

impl Market {
    pub(crate) fn new(currency: &str, zone: Tz) -> Self {
        let account = |platform, number, name: &str, currency: &str, zone, window| {
            let mut account = Account {
                platform,
                number,
                name: name.to_owned(),
                currency: currency.to_owned(),
                zone,
                window,
                campaigns: Vec::new(),
            };
            account.fill(6, 2);
            account
        };
        Self {
            accounts: [
                account(
                    "meta",
                    super::META_ACCOUNT,
                    "Sandbox on Meta",
                    currency,
                    zone,
                    28,
                ),
                // Another currency and zone than the shop's.
                account(
                    "google_ads",
                    super::GOOGLE_ACCOUNT,
                    "Sandbox on Google",
                    "EUR",
                    Tz::Europe__Berlin,
                    30,
                ),
            ],
            writes: Vec::new(),
            reports: Vec::new(),
            made: None,
            tokens: Vec::new(),
            permissions: ["ads_read", "ads_management"].map(str::to_owned).to_vec(),
        }
    }

    pub(crate) fn account(&self, platform: &str) -> Option<&Account> {
        self.accounts.iter().find(|a| a.platform == platform)
    }

    pub(crate) fn account_mut(&mut self, platform: &str) -> Option<&mut Account> {
        self.accounts.iter_mut().find(|a| a.platform == platform)
    }

    pub(crate) fn to_json(&self) -> Value {
        let accounts = self.accounts.iter().map(|a| {
            let campaigns = a.campaigns.iter().map(|c| {
                json!({ "id": c.id.to_string(), "name": c.name, "paused": c.paused, "deleted": c.deleted, "daily_budget": c.daily_budget,
                    "groups": c.groups.iter().map(|g| json!({ "id": g.id.to_string(), "paused": g.paused })).collect::<Vec<_>>() })
            });
            json!({ "platform": a.platform, "number": a.number, "currency": a.currency, "zone": a.zone.name(), "campaigns": campaigns.collect::<Vec<_>>() })
        });
        json!({ "accounts": accounts.collect::<Vec<_>>(), "writes": self.writes })
    }
}

/// By its position.
pub(crate) fn campaign_id(platform: &str, position: u64) -> u64 {
    let first = match platform {
        "meta" => 120_210_000_000_000_000,
        _ => 700_000_000,
    };
    first + position
}

/// Of the group at `at` of the campaign at `position`.
pub(crate) fn group_id(platform: &str, position: u64, at: u64) -> u64 {
    let first = match platform {
        "meta" => 120_211_000_000_000_000,
        _ => 800_000_000,
    };
    first + position * 1_000 + at
}

/// Before somebody gave it another one.
pub(crate) fn group_name(campaign: &str, at: usize) -> String {
    let kind = ["Broad", "Lookalike", "Interest", "Exact", "Phrase"][at % 5];
    format!("{campaign} / {kind}")
}

/// Of the campaign at a position, before somebody gave it another one.
pub(crate) const fn campaign_name(position: usize) -> &'static str {
    NAMES[position % NAMES.len()]
}

impl Account {
    pub(crate) fn fill(&mut self, count: usize, groups: usize) {
        self.campaigns = (0..count)
            .map(|position| {
                let name = campaign_name(position);
                let round = position / NAMES.len();
                let number = position as u64;
                Campaign {
                    position,
                    id: campaign_id(self.platform, number),
                    name: if round == 0 {
                        name.to_owned()
                    } else {
                        format!("{name} {}", round + 1)
                    },
                    paused: position % 6 == 5,
                    pauses: Vec::new(),
                    deleted: false,
                    daily_budget: 5_000 + 1_000 * (position % 7) as i64,
                    shared: false,
                    groups: (0..groups)
                        .map(|at| Group {
                            id: group_id(self.platform, number, at as u64),
                            name: group_name(name, at),
                            paused: false,
                        })
                        .collect(),
                }
            })
            .collect();
    }

    /// Decimals that the platform tells amounts with.
    pub(crate) fn decimals(&self) -> u32 {
        if matches!(self.currency.as_str(), "JPY" | "KRW" | "HUF" | "CLP") {
            0
        } else {
            2
        }
    }

    /// A number of smallest units as text.
    pub(crate) fn text(&self, units: i64) -> String {
        match self.decimals() {
            0 => units.to_string(),
            _ => format!("{}.{:02}", units / 100, units % 100),
        }
    }

    pub(crate) fn micros(&self, units: i64) -> i64 {
        units * 10_i64.pow(6 - self.decimals())
    }

    /// The two ads of a group over a range, which add up to the group; nothing where it did not run.
    pub(crate) fn ads_between(
        &self,
        campaign: &Campaign,
        at: usize,
        (from, to): (NaiveDate, NaiveDate),
        weights: &Weights,
    ) -> Option<[Row; ADS]> {
        let days = from.iter_days().take_while(|day| *day <= to);
        let rows = days.filter_map(|day| self.group_day(campaign, at, day, weights));
        let all = rows.reduce(Row::and)?;
        let part = |of: i64| of * 3 / 5;
        // One sold everything.
        let first = Row {
            spend: part(all.spend),
            impressions: part(all.impressions),
            clicks: part(all.clicks),
            purchases: all.purchases,
            value: all.value,
        };
        let second = Row {
            spend: all.spend - first.spend,
            impressions: all.impressions - first.impressions,
            clicks: all.clicks - first.clicks,
            purchases: 0,
            value: 0,
        };
        Some([first, second])
    }

    pub(crate) fn campaign_day(
        &self,
        campaign: &Campaign,
        day: NaiveDate,
        weights: &Weights,
    ) -> Option<Row> {
        let rows =
            (0..campaign.groups.len()).filter_map(|at| self.group_day(campaign, at, day, weights));
        rows.reduce(Row::and)
    }

    /// Nothing on days on which it does not run, and on those that have not come.
    pub(crate) fn group_day(
        &self,
        campaign: &Campaign,
        at: usize,
        day: NaiveDate,
        weights: &Weights,
    ) -> Option<Row> {
        let age = (weights.today - day).num_days();
        let position = campaign.position as u64;
        let day_number = u64::try_from((day - NaiveDate::default()).num_days()).ok()?;
        // One in five runs on every other day only.
        if age < 0
            || campaign.rests_on(day)
            || day < weights.opened
            || campaign.position % 5 == 4 && day_number % 2 == 1
        {
            return None;
        }
        let platform = u64::from(self.platform == "meta");
        let mut random =
            Random::new((day_number << 24) ^ (position << 9) ^ ((at as u64) << 1) ^ platform);
        if age <= self.window && random.within(0, 999) < (weights.vanish * 1000.0) as i64 {
            return None;
        }
        let base =
            (2_400 + 900 * (campaign.position % 7) as i64) / campaign.groups.len().max(1) as i64;
        let mut spend = base * weights.of_day(day) / 1000 * random.within(80, 120) / 100;
        if age == 0 {
            spend /= 2;
        }
        // About a cent for each time that it is shown, and some 65 cents for a click.
        let impressions = spend * random.within(8, 14) / 10 + 1;
        let clicks = impressions / random.within(40, 90);
        // One in three loses money, and half of these much.
        let reluctant = match campaign.position % 6 {
            2 => 7,
            5 => 4,
            _ => 1,
        };
        let for_one = random.within(9, 18) * reluctant;
        // Few clicks of one day bring one purchase now and then.
        let purchases = (clicks + random.within(0, for_one - 1)) / for_one;
        let value = purchases * random.within(3_000, 9_000);
        // A tenth comes at once, the rest evenly until the window is over.
        let come = if age >= self.window {
            1000
        } else {
            100 + 900 * age / self.window
        };
        let seen = (purchases * come + 500) / 1000;
        Some(Row {
            spend,
            impressions,
            clicks,
            purchases: seen,
            value: if purchases == 0 {
                0
            } else {
                value / purchases * seen
            },
        })
    }
}

impl Row {
    fn and(self, other: Self) -> Self {
        Self {
            spend: self.spend + other.spend,
            impressions: self.impressions + other.impressions,
            clicks: self.clicks + other.clicks,
            purchases: self.purchases + other.purchases,
            value: self.value + other.value,
        }
    }
}

/// Ads of a group.
pub(crate) const ADS: usize = 2;

impl Group {
    pub(crate) fn ad_id(&self, ad: usize) -> u64 {
        self.id * 10 + ad as u64
    }

    pub(crate) fn ad_name(&self, ad: usize) -> String {
        format!("{} / {}", self.name, ["Video", "Picture"][ad % ADS])
    }
}

impl Campaign {
    /// From now on, as somebody asked for.
    pub(crate) fn switch(&mut self, paused: bool, today: NaiveDate) {
        match (self.paused, paused) {
            (false, true) => self.pauses.push((today, None)),
            (true, false) => {
                if let Some((_, to)) = self.pauses.last_mut() {
                    *to = Some(today);
                }
            }
            _ => {}
        }
        self.paused = paused;
    }

    /// The days on which it is switched are half days, and count as days on which it runs.
    fn rests_on(&self, day: NaiveDate) -> bool {
        let mut pauses = self.pauses.iter();
        pauses.any(|(from, to)| *from < day && to.is_none_or(|to| day < to))
    }
}

impl Weights {
    pub(crate) fn of(app: &App, platform: &str) -> Self {
        let zone = lock(&app.ads).account(platform).map_or(Tz::UTC, |a| a.zone);
        let day = |at: i64| {
            let at = DateTime::from_timestamp(at, 0).unwrap_or_default();
            at.with_timezone(&zone).date_naive()
        };
        let mut orders: HashMap<NaiveDate, i64> = HashMap::new();
        let store = app.read();
        for order in &store.orders {
            *orders.entry(day(order.placed)).or_default() += 1;
        }
        let days = i64::try_from(orders.len()).unwrap_or(1).max(1);
        let average = (orders.values().sum::<i64>() / days).max(1);
        Self {
            orders,
            average,
            opened: day(store.shop.opened),
            today: day(app.now()),
            vanish: app.rate("ads_vanish"),
        }
    }

    /// Thousandths of the usual: as many as the shop has orders, within bounds.
    fn of_day(&self, day: NaiveDate) -> i64 {
        let orders = self.orders.get(&day).copied().unwrap_or(0);
        (orders * 1000 / self.average).clamp(300, 3000)
    }
}
