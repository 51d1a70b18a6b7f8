use super::*;

fn price(before: i64, after: i64) -> Action {
    Action::Price {
        product: ProductId(1),
        variant: VariantId(2),
        before,
        after,
    }
}

#[test]
fn a_price_fits_what_was_planned_on_or_is_there_already_or_drifted() {
    let seen = |price| Seen::Variant {
        price,
        compare_at: None,
    };
    let action = price(1000, 1100);
    assert_eq!(action.verdict(&seen(1000)), Verdict::Ready);
    assert_eq!(action.verdict(&seen(1100)), Verdict::Done);
    assert_eq!(action.verdict(&seen(1050)), Verdict::Drifted);
    assert_eq!(action.verdict(&Seen::Gone), Verdict::Drifted);
    assert_eq!(
        action.verdict(&Seen::Stock { available: 1000 }),
        Verdict::Drifted
    );
}

#[test]
fn tags_are_compared_as_the_provider_does() {
    let action = Action::AddTags {
        target: Tagged::Order(OrderId(1)),
        tags: vec!["Review".into()],
    };
    let there = |tags: &[&str]| Seen::Tags {
        tags: tags.iter().map(|t| (*t).to_owned()).collect(),
    };
    assert_eq!(action.verdict(&there(&["vip", " review "])), Verdict::Done);
    assert_eq!(action.verdict(&there(&["vip"])), Verdict::Ready);
    let back = action.inverse().unwrap();
    assert_eq!(back.verdict(&there(&["vip"])), Verdict::Done);
    assert_eq!(back.inverse(), Some(action));
}

#[test]
fn what_was_sent_cannot_be_held() {
    let action = Action::HoldOrder {
        order: OrderId(1),
        handle: "h".into(),
        reason: HoldReason::HighRiskOfFraud,
        note: String::new(),
    };
    let seen = |handles: &[&str], can_hold| Seen::Holds {
        handles: handles.iter().map(|h| (*h).to_owned()).collect(),
        can_hold,
    };
    assert_eq!(action.verdict(&seen(&[], true)), Verdict::Ready);
    assert_eq!(action.verdict(&seen(&["h"], false)), Verdict::Done);
    assert_eq!(action.verdict(&seen(&["h"], true)), Verdict::Ready);
    assert_eq!(action.verdict(&seen(&["x"], false)), Verdict::Drifted);
    assert_eq!(
        action.inverse().unwrap().verdict(&seen(&["h"], false)),
        Verdict::Ready
    );
}

#[test]
fn shares_are_of_what_was_before() {
    assert_eq!(price(1000, 1100).relative(), Some(1000));
    assert_eq!(price(1000, 800).relative(), Some(-2000));
    assert_eq!(price(0, 800).relative(), None);
    assert!(!price(5, 5).is_change());
}
