//! Laws of the waits and of the retry budget.

use std::time::Duration;

use adapter_kit::retry::{Budget, Why, ceiling, delay};
use adapter_kit::settings::RetrySettings;
use proptest::prelude::*;

fn why() -> impl Strategy<Value = Why> {
    prop_oneof![Just(Why::Transient), Just(Why::Throttled)]
}

proptest! {
    #[test]
    fn a_wait_lies_between_zero_and_its_ceiling(why in why(), retry in 0_u32..1000, u in 0.0..1.0_f64) {
        let settings = RetrySettings::default();
        let wait = delay(&settings, why, retry, None, u);
        prop_assert!(wait <= ceiling(&settings, why, retry) && ceiling(&settings, why, retry) <= Duration::from_secs(20));
    }

    #[test]
    fn a_wait_that_the_provider_names_wins(why in why(), retry in 0_u32..1000, u in 0.0..1.0_f64, named in 0_u64..5000) {
        let named = Duration::from_secs(named);
        prop_assert_eq!(delay(&RetrySettings::default(), why, retry, Some(named), u), named);
    }

    /// However calls end: the tokens stay within 0 and 500, and retries cost what they are said to cost.
    #[test]
    fn the_budget_is_an_account(ops in prop::collection::vec((why(), any::<bool>(), 0_u8..3), 1..300)) {
        let mut budget = Budget::new(RetrySettings::default());
        for (why, comes_through, retries) in ops {
            let mut last = None;
            for _ in 0..retries {
                let (before, cost) = (budget.tokens(), if why == Why::Transient { 14 } else { 5 });
                match budget.take(why) {
                    Some(taken) => {
                        prop_assert_eq!(budget.tokens(), before - cost);
                        last = Some((taken, cost));
                    }
                    None => prop_assert!(before < cost && budget.tokens() == before),
                }
            }
            if comes_through {
                let before = budget.tokens();
                budget.succeed(last.map(|l| l.0));
                prop_assert_eq!(budget.tokens(), (before + last.map_or(1, |l| l.1)).min(500));
            }
        }
    }
}

#[test]
fn ceilings_double_from_the_base_to_twenty_seconds() {
    let settings = RetrySettings::default();
    let ms = |why| {
        (0..6)
            .map(|i| ceiling(&settings, why, i).as_millis())
            .collect::<Vec<_>>()
    };
    assert_eq!(ms(Why::Transient), [50, 100, 200, 400, 800, 1600]);
    assert_eq!(
        ms(Why::Throttled),
        [1_000, 2_000, 4_000, 8_000, 16_000, 20_000]
    );
}

#[test]
fn a_provider_that_never_recovers_gets_thirty_five_retries() {
    let mut budget = Budget::new(RetrySettings::default());
    let retries = (0..1000)
        .filter(|_| budget.take(Why::Transient).is_some())
        .count();
    assert_eq!((retries, budget.tokens()), (35, 10));
}
