//! Sentences about operations, for people.

use super::ads::span_words;
use super::books::{SENT, against_words};
use super::supply::not_called_off;
use domain::ads::Budget;
use domain::changes::{
    Action, ChangeSet, ChangeSetStatus, OperationState, Refund, Seen, SeenRefund, SupplyAgainst,
};
use domain::money::{Currency, format_minor};

/// What the provider shows instead of what was planned on.
pub(super) fn drifted(action: &Action, seen: &Seen, currency: Currency) -> String {
    let money = |minor: i64| format!("{} {currency}", format_minor(minor, currency));
    let or_none = |minor: Option<i64>| minor.map_or_else(|| "not set".to_owned(), money);
    match (action, seen) {
        (action, Seen::Gone) if action.ad().is_some() => {
            "the platform does not know it any more".to_owned()
        }
        (action, Seen::Gone) if action.campaign().is_some() => {
            "the platform does not list it".to_owned()
        }
        (_, Seen::Gone) => "the shop does not know it any more".to_owned(),
        (Action::Signal(_), Seen::Signal(seen)) => match &seen.why_not {
            Some(why) => why.clone(),
            None => {
                "it is not written down that it went out: look at the runs of the workflows there"
                    .to_owned()
            }
        },
        (Action::Price { before, .. }, Seen::Variant { price, .. }) => {
            let (now, then) = (money(*price), money(*before));
            format!("the price is {now} by now; this was planned on {then}")
        }
        (Action::CompareAtPrice { before, .. }, Seen::Variant { compare_at, .. }) => {
            let (now, then) = (or_none(*compare_at), or_none(*before));
            format!("the compare-at price is {now} by now; this was planned on {then}")
        }
        (Action::Inventory { before, .. }, Seen::Stock { available }) => {
            format!("{available} are available by now; this was planned on {before}")
        }
        (Action::HoldOrder { .. }, Seen::Holds { .. }) => {
            "nothing is left of the order that could be held".to_owned()
        }
        (Action::CancelOrder(_), Seen::Order { is_sent: true, .. }) => {
            "the order was sent meanwhile, or is on its way".to_owned()
        }
        (Action::CancelOrder(cancellation), Seen::Order { total, .. }) => {
            let (now, then) = (money(*total), money(cancellation.total));
            format!("the order comes to {now} by now; this was planned on {then}")
        }
        (Action::RefundOrder(refund), Seen::Refund(seen)) => refunded(refund, seen, currency),
        (Action::Discount(discount), Seen::Discount { .. }) => {
            let name = discount.key.as_str();
            format!("there is another discount {name} already")
        }
        (Action::EndDiscount(_), Seen::Discount { .. }) => {
            "somebody changed the discount meanwhile".to_owned()
        }
        (Action::ProductDraft(draft), Seen::Product { title, .. }) => {
            let handle = &draft.handle;
            format!("there is another product under {handle:?} already: {title}")
        }
        (Action::DeleteDraft(_), Seen::Product { is_sold: true, .. }) => {
            "it was sold meanwhile, so it stays".to_owned()
        }
        (Action::DeleteDraft(_), Seen::Product { .. }) => {
            "it is or was offered to buyers, so it stays".to_owned()
        }
        (Action::PurchaseOrder(purchase), Seen::Purchase(seen)) => {
            let against = purchase.against(seen);
            against.map_or_else(
                || "there is no such order".to_owned(),
                |against| against_words(purchase, against),
            )
        }
        (Action::CancelPurchase(_), Seen::Purchase(seen)) => match seen.status {
            Some(_) => SENT.to_owned(),
            None => "there is no such order".to_owned(),
        },
        (Action::SupplierOrder(plan), Seen::Supply(seen)) => match &seen.against {
            Some(against) => against.told(plan),
            None => "the supplier shows it in another state than was planned on".to_owned(),
        },
        (Action::CallOffSupply(plan), Seen::Supply(seen)) => match (&seen.against, seen.placed) {
            (Some(SupplyAgainst::NotConnected), _) | (_, None) => {
                SupplyAgainst::NotConnected.told(plan)
            }
            (_, Some(state)) => not_called_off(state).to_owned(),
        },
        (Action::Ship(_), Seen::Shipping(seen)) => {
            let why = match (seen.is_cancelled, seen.is_held) {
                (true, _) => "was cancelled",
                (_, true) => "is held back",
                _ => "has nothing left of it to be sent",
            };
            format!("the order {why}")
        }
        (Action::AdStatus(switch), Seen::Ad(seen)) => {
            let (now, then) = (seen.status.as_str(), switch.before.as_str());
            format!("it is {now} by now; this was planned on {then}")
        }
        (Action::AdBudget(change), Seen::Ad(seen)) => {
            let currency = change.thing.currency;
            let told = |b: &Budget| {
                let minor = format_minor(b.minor, currency);
                format!("{minor} {currency} {}", span_words(b.span))
            };
            let now = seen.budget.as_ref();
            let now = now.map_or_else(|| "held elsewhere".to_owned(), told);
            let then = told(&change.before);
            format!("the budget is {now} by now; this was planned on {then}")
        }
        (Action::NewCampaign(campaign), Seen::Ad(seen)) => format!(
            "there is another campaign named {:?} already; it is {}",
            campaign.name,
            seen.status.as_str()
        ),
        (Action::RetireCampaign(_), Seen::Ad(_)) => {
            "somebody lets it run by now, so it stays".to_owned()
        }
        _ => "the shop shows another state than this was planned on".to_owned(),
    }
}

fn refunded(refund: &Refund, seen: &SeenRefund, currency: Currency) -> String {
    let money = |minor: i64| format!("{} {currency}", format_minor(minor, currency));
    let then = money(refund.amount);
    match (seen.made, seen.amount) {
        (Some(given), _) => format!(
            "the refund is there, and {} of {then} are given back or on their way; look at it in the shop's admin",
            money(given)
        ),
        (None, _) if seen.refunded != refund.refunded => format!(
            "{} were given back of the order by now; this was planned on {}",
            money(seen.refunded),
            money(refund.refunded)
        ),
        (None, None) => "the shop gives nothing back for this any more".to_owned(),
        (None, Some(now)) if now != refund.amount => {
            format!(
                "the shop would give back {} by now; this was planned on {then}",
                money(now)
            )
        }
        (None, Some(_)) if seen.paid_in != Some(refund.paid_in) => {
            "it comes to another sum in the buyer's currency by now".to_owned()
        }
        (None, Some(_)) => format!("only {} of the order can be given back", money(seen.most)),
    }
}

/// Why a set is not wholly in effect; `None` when it is.
pub(super) fn outcome(set: &ChangeSet) -> Option<String> {
    if set.status == ChangeSetStatus::Applied {
        return None;
    }
    let wanted = set.operations.iter();
    let wanted: Vec<_> = wanted
        .filter(|o| o.state != OperationState::Rejected)
        .collect();
    let in_effect = wanted
        .iter()
        .filter(|o| matches!(o.state, OperationState::Applied | OperationState::Already));
    let (count, all) = (in_effect.count(), wanted.len());
    let is_cause = |state| {
        use OperationState as S;
        matches!(state, S::Unknown | S::Drifted | S::Refused | S::Failed)
    };
    let cause = wanted.iter().find(|o| is_cause(o.state));
    let cause = cause.and_then(|o| Some(format!("{}: {}", o.label, o.error.as_ref()?)));
    Some(match cause {
        Some(cause) => format!("{count} of {all} changes are in effect. {cause}"),
        None => format!("{count} of {all} changes are in effect"),
    })
}
