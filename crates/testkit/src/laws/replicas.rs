//! Laws of what replicas share: [`ports::bells`], [`ports::presence`], [`ports::rate_limits`] and [`ports::cost_buckets`], seen from
//! two processes of one installation.

use super::tools::{RACERS, race};
use crate::builders::at;
use ports::bells::{Bell, Listener};
use ports::cost_buckets::{CostBuckets, Level, Turn};
use ports::presence::{Presence, Replica};
use ports::rate_limits::{Quota, RateLimits};
use std::any::Any;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// Long enough for any machine; a law never waits for it to end, but to see that something does not come.
const LONG: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(300);
const HOUR: Duration = Duration::from_secs(3600);

/// One process.
#[derive(Clone)]
pub struct Process {
    pub bell: Arc<dyn Bell>,
    pub presence: Arc<dyn Presence>,
    pub limits: Arc<dyn RateLimits>,
    pub buckets: Arc<dyn CostBuckets>,
}

impl Process {
    pub fn of<T: Bell + Presence + RateLimits + CostBuckets + 'static>(all: T) -> Self {
        let all = Arc::new(all);
        Self {
            bell: Arc::clone(&all) as _,
            presence: Arc::clone(&all) as _,
            limits: Arc::clone(&all) as _,
            buckets: all,
        }
    }
}

/// Two processes over one fresh place.
pub struct Installation {
    pub one: Process,
    pub other: Process,
    /// Lives as long as the law.
    pub keep: Box<dyn Any + Send>,
}

async fn hears(ear: &mut Box<dyn Listener>) -> bool {
    match tokio::time::timeout(SHORT, ear.heard()).await {
        Ok(heard) => {
            heard.expect("listened");
            true
        }
        Err(_) => false,
    }
}

async fn must_hear(ear: &mut Box<dyn Listener>) {
    let heard = tokio::time::timeout(LONG, ear.heard()).await;
    heard.expect("the ring is heard").expect("listened");
}

pub async fn others_hear_a_ring_and_the_ringer_does_not(all: Installation) {
    let mut own = all.one.bell.listen().await.expect("listened");
    let mut other = all.other.bell.listen().await.expect("listened");
    let mut second = all.other.bell.listen().await.expect("listened");
    all.one.bell.ring().await.expect("rung");
    must_hear(&mut other).await;
    must_hear(&mut second).await;
    assert!(!hears(&mut own).await, "nobody rings for himself");
    all.other.bell.ring().await.expect("rung");
    must_hear(&mut own).await;
}

pub async fn rings_while_nobody_waits_are_heard_as_one(all: Installation) {
    all.one.bell.ring().await.expect("rung");
    let mut ear = all.other.bell.listen().await.expect("listened");
    assert!(!hears(&mut ear).await, "before it listened");
    for _ in 0..40 {
        all.one.bell.ring().await.expect("rung");
    }
    must_hear(&mut ear).await;
    assert!(!hears(&mut ear).await, "all of them at once");
}

fn replica(number: u128, minute: u32) -> Replica {
    Replica {
        id: Uuid::from_u128(number),
        name: format!("host-{number}:10000"),
        role: "all".to_owned(),
        version: "0.1.0".to_owned(),
        started_at: at(&format!("2026-02-01T12:{minute:02}:00Z")),
    }
}

async fn present(process: &Process) -> Vec<Replica> {
    process.presence.present().await.expect("asked")
}

pub async fn who_beats_is_there_for_all_and_who_leaves_is_gone(all: Installation) {
    assert_eq!(present(&all.one).await, []);
    let (first, second) = (replica(2, 1), replica(1, 2));
    let beat = |p: &Process, r: &Replica| {
        let (presence, replica) = (p.presence.clone(), r.clone());
        async move { presence.beat(&replica, HOUR).await.expect("told") }
    };
    beat(&all.other, &second).await;
    beat(&all.one, &first).await;
    beat(&all.one, &first).await;
    let both = [first.clone(), second.clone()];
    assert_eq!(present(&all.one).await, both, "oldest start first");
    assert_eq!(present(&all.other).await, both);
    all.one.presence.leave(first.id).await.expect("told");
    all.one.presence.leave(first.id).await.expect("told");
    assert_eq!(present(&all.other).await, [second]);
}

pub async fn who_no_longer_beats_is_gone(all: Installation) {
    let (silent, loud) = (replica(1, 1), replica(2, 2));
    let one = &all.one.presence;
    one.beat(&loud, HOUR).await.expect("told");
    one.beat(&silent, Duration::from_millis(1))
        .await
        .expect("told");
    let gone = async {
        while present(&all.other).await.len() > 1 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(LONG, gone).await.expect("it is gone");
    assert_eq!(present(&all.other).await, [loud]);
}

const QUOTA: Quota = Quota {
    name: "caller",
    requests: 3,
    window: HOUR,
};

pub async fn processes_share_what_a_key_may(all: Installation) {
    let mut left = Vec::new();
    for process in [&all.one, &all.other, &all.one] {
        let taken = process.limits.take(&QUOTA, "a").await.expect("taken");
        assert_eq!(taken.wait, None);
        left.push(taken.remaining);
    }
    assert_eq!(left, [2, 1, 0]);
    for process in [&all.other, &all.one] {
        let taken = process.limits.take(&QUOTA, "a").await.expect("taken");
        let wait = taken.wait.expect("refused");
        assert_eq!(taken.remaining, 0);
        assert!(
            wait <= QUOTA.interval() && wait > QUOTA.interval() / 2,
            "refusals cost nothing: {wait:?}"
        );
    }
}

pub async fn keys_and_quotas_count_apart(all: Installation) {
    let limits = &all.one.limits;
    let other = Quota {
        name: "address",
        requests: 2,
        ..QUOTA
    };
    for (quota, key, left) in [
        (QUOTA, "a", 2),
        (QUOTA, "b", 2),
        (other, "a", 1),
        (QUOTA, "a", 1),
    ] {
        let taken = limits.take(&quota, key).await.expect("taken");
        assert_eq!(taken.remaining, left, "{quota:?} {key}");
    }
}

pub async fn of_a_race_exactly_as_many_are_let_in(all: Installation) {
    const MAY: u32 = RACERS / 2;
    let quota = Quota {
        requests: MAY,
        ..QUOTA
    };
    let taken = race(|n| {
        let process = if n % 2 == 0 { &all.one } else { &all.other };
        let limits = process.limits.clone();
        async move { limits.take(&quota, "a").await.expect("taken") }
    })
    .await;
    let in_ = taken.iter().filter(|t| t.wait.is_none()).count();
    assert_eq!(in_, MAY as usize);
}

pub async fn after_the_wait_there_is_room_for_one(all: Installation) {
    let quota = Quota {
        name: "caller",
        requests: 1,
        window: Duration::from_millis(200),
    };
    let limits = &all.one.limits;
    let mut waited = 0;
    while waited < 3 {
        let Some(wait) = limits.take(&quota, "a").await.expect("taken").wait else {
            continue;
        };
        assert!(wait <= quota.window);
        tokio::time::sleep(wait + Duration::from_millis(2)).await;
        limits.upkeep().await;
        let taken = limits.take(&quota, "a").await.expect("taken");
        assert_eq!(taken.wait, None, "it was told when");
        waited += 1;
    }
}

/// So slow that nothing comes back while a law runs.
fn level(available: f64) -> Level {
    Level {
        capacity: 100.0,
        available,
        restore_rate: 0.001,
    }
}

struct Account<'a>(&'a Process, &'static str);

impl Account<'_> {
    async fn reserve(&self, cost: f64) -> Result<Uuid, Duration> {
        let call = Uuid::new_v4();
        match self
            .0
            .buckets
            .reserve(self.1, call, cost)
            .await
            .expect("answered")
        {
            Turn::Granted => Ok(call),
            Turn::Wait(wait) => Err(wait),
        }
    }

    async fn settle(&self, call: Uuid, spent: Option<f64>) {
        self.0
            .buckets
            .settle(self.1, call, spent)
            .await
            .expect("settled");
    }

    async fn observe(&self, level: Level) {
        self.0
            .buckets
            .observe(self.1, level)
            .await
            .expect("observed");
    }
}

pub async fn a_bucket_is_spent_once_over_all_processes(all: Installation) {
    let (one, other) = (Account(&all.one, "shop/a"), Account(&all.other, "shop/a"));
    for _ in 0..20 {
        one.reserve(50.0)
            .await
            .expect("nobody said how large it is");
    }
    let (one, other, else_) = (
        Account(one.0, "shop/b"),
        Account(other.0, "shop/b"),
        Account(&all.one, "shop/c"),
    );
    one.observe(level(100.0)).await;
    else_.observe(level(100.0)).await;
    one.reserve(60.0).await.expect("there is room");
    let wait = other.reserve(60.0).await.expect_err("40 are left");
    assert!(wait > HOUR, "20 points at 0.001 a second: {wait:?}");
    other.reserve(40.0).await.expect("just as much as is left");
    one.reserve(1.0).await.expect_err("nothing is left");
    else_.reserve(100.0).await.expect("another account's own");
}

pub async fn of_a_race_for_points_no_more_are_granted_than_there_are(all: Installation) {
    Account(&all.one, "shop").observe(level(100.0)).await;
    let turns = race(|n| {
        let process = if n % 2 == 0 {
            all.one.clone()
        } else {
            all.other.clone()
        };
        async move { Account(&process, "shop").reserve(10.0).await.is_ok() }
    })
    .await;
    assert_eq!(turns.iter().filter(|granted| **granted).count(), 10);
}

pub async fn what_a_call_did_not_use_comes_back(all: Installation) {
    let (one, other) = (Account(&all.one, "shop"), Account(&all.other, "shop"));
    one.observe(level(100.0)).await;
    let cheap = one.reserve(100.0).await.expect("there is room");
    one.settle(cheap, Some(30.0)).await;
    one.settle(cheap, Some(0.0)).await;
    other.reserve(71.0).await.expect_err("70 came back, once");
    let lost = other.reserve(70.0).await.expect("70 came back");
    other.settle(lost, None).await;
    one.reserve(1.0).await.expect_err("it may have run");
    one.settle(Uuid::new_v4(), Some(0.0)).await;
    one.reserve(1.0).await.expect_err("nobody knows that call");
}

pub async fn the_providers_word_counts_less_the_calls_under_way(all: Installation) {
    let (one, other) = (Account(&all.one, "shop"), Account(&all.other, "shop"));
    one.observe(level(100.0)).await;
    let under_way = other.reserve(30.0).await.expect("there is room");
    one.observe(level(80.0)).await;
    one.reserve(51.0).await.expect_err("80 less 30 under way");
    other.settle(under_way, Some(30.0)).await;
    one.observe(level(80.0)).await;
    one.reserve(80.0).await.expect("none is under way");
    for nonsense in [f64::NAN, f64::INFINITY, 0.0, -1.0] {
        let capacity = Level {
            capacity: nonsense,
            ..level(100.0)
        };
        let restore_rate = Level {
            restore_rate: nonsense,
            ..level(100.0)
        };
        one.observe(capacity).await;
        one.observe(restore_rate).await;
    }
    one.reserve(1.0).await.expect_err("no sane word came");
}

pub async fn a_dear_call_waits_for_a_full_bucket(all: Installation) {
    let one = Account(&all.one, "shop");
    one.observe(level(99.0)).await;
    one.reserve(500.0).await.expect_err("not full");
    one.observe(level(100.0)).await;
    one.reserve(500.0)
        .await
        .expect("the provider may refuse it");
}

pub async fn a_pause_holds_everywhere_and_is_never_shortened(all: Installation) {
    let (one, other) = (Account(&all.one, "shop"), Account(&all.other, "shop"));
    one.0.buckets.pause("shop", HOUR).await.expect("paused");
    other
        .0
        .buckets
        .pause("shop", Duration::from_secs(1))
        .await
        .expect("paused");
    for account in [one, other] {
        let wait = account.reserve(0.0).await.expect_err("paused");
        assert!(wait <= HOUR && wait > HOUR / 2, "{wait:?}");
    }
    Account(&all.one, "other")
        .reserve(1.0)
        .await
        .expect("another account");
}

#[macro_export]
macro_rules! replica_laws {
    ($make:ident) => {
        $crate::laws!(
            replicas,
            $make,
            [
                others_hear_a_ring_and_the_ringer_does_not,
                rings_while_nobody_waits_are_heard_as_one,
                who_beats_is_there_for_all_and_who_leaves_is_gone,
                who_no_longer_beats_is_gone,
                processes_share_what_a_key_may,
                keys_and_quotas_count_apart,
                of_a_race_exactly_as_many_are_let_in,
                after_the_wait_there_is_room_for_one,
                a_bucket_is_spent_once_over_all_processes,
                of_a_race_for_points_no_more_are_granted_than_there_are,
                what_a_call_did_not_use_comes_back,
                the_providers_word_counts_less_the_calls_under_way,
                a_dear_call_waits_for_a_full_bucket,
                a_pause_holds_everywhere_and_is_never_shortened,
            ]
        );
    };
}
