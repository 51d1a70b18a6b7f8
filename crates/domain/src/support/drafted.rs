//! What a language model may say in a draft: sentences of the template word for word, and words around them that state nothing.
//!
//! The model never learns the buyer's name, addresses or numbers ([`masked`]), so greeting and sign-off are ours. Of what it wrote, recorded
//! sentences, the order's name and its date are taken out; in the rest nothing may stand that states a figure, a day, how an order stands, or a
//! promise ([`composed`]). One thing that does, and the whole draft is left. Limits: these are words of English, so a text that does not read
//! like English is left, too; what is claimed without any of these words is not seen. A person reads each draft before it is sent.

use super::reply::{self, ReplyFacts};
use super::triage::{Topic, normal, stands};

/// Of a model's text, in characters.
pub const MOST_DRAFT: usize = 1_500;
/// Of a buyer's text that a model is told, in characters.
const MOST_TOLD: usize = 2_000;

/// Words that state how something stands, when something is, how much it is, or what will be done.
const STATING: &[&str] = &[
    // How an order stands.
    "sent",
    "shipped",
    "dispatched",
    "delivered",
    "arrived",
    "arrive",
    "arrives",
    "arriving",
    "on its way",
    "on the way",
    "in transit",
    "out for delivery",
    "on hold",
    "cancelled",
    "canceled",
    "confirmed",
    "approved",
    "accepted",
    "processed",
    "returned",
    "paid",
    "in stock",
    "out of stock",
    "lost",
    // Money, and what is promised.
    "refunded",
    "reimbursed",
    "reimburse",
    "credited",
    "given back",
    "money back",
    "will refund",
    "full refund",
    "a refund",
    "your refund",
    "the refund",
    "replacement",
    "replace",
    "discount",
    "voucher",
    "coupon",
    "gift card",
    "credit",
    "free",
    "compensation",
    "compensate",
    "guarantee",
    "guaranteed",
    "promise",
    "gift",
    "agree",
    "agreed",
    "bank",
    "account",
    "password",
    "token",
    "secret",
    "card",
    // When.
    "today",
    "tonight",
    "tomorrow",
    "yesterday",
    "day",
    "days",
    "week",
    "weeks",
    "month",
    "months",
    "hour",
    "hours",
    "minutes",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    // How much.
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "fifteen",
    "twenty",
    "thirty",
    "forty",
    "fifty",
    "sixty",
    "hundred",
    "thousand",
    "half",
    "dozen",
    "percent",
    "dollars",
    "euros",
    "pounds",
];

/// Words without which hardly an English sentence is.
const ENGLISH: &[&str] = &[
    "a", "about", "and", "are", "as", "be", "can", "could", "for", "from", "has", "have", "how",
    "if", "is", "it", "know", "let", "of", "on", "or", "our", "please", "so", "sorry", "thank",
    "that", "the", "this", "to", "us", "we", "what", "will", "with", "would", "you", "your",
];
/// Of the words of a paragraph, in hundredths.
const LEAST_ENGLISH: usize = 25;
/// So many words in a row, said as somebody else said them, are theirs.
const REPEATED: usize = 7;
/// A paragraph of fewer words is too short to tell.
const SHORT: usize = 4;

/// The sentences that a model may repeat; the first one stands in every draft.
#[must_use]
pub fn recorded(topic: Topic, facts: &ReplyFacts) -> Vec<String> {
    reply::recorded(topic, facts)
}

/// A buyer's text as a model is told it: without mail addresses, links, anything with a digit, and the name that is known of the buyer.
#[must_use]
pub fn masked(text: &str, name: Option<&str>) -> String {
    let names: Vec<String> = name
        .unwrap_or_default()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|part| part.chars().count() > 1)
        .map(str::to_lowercase)
        .collect();
    let cut: String = text.chars().take(MOST_TOLD).collect();
    let lines = cut.lines().map(|line| {
        let words = line.split_whitespace().map(|word| {
            let small = word.to_lowercase();
            let mut parts = small.split(|c: char| !c.is_alphanumeric());
            if small.contains('@') || small.contains("://") || small.contains("www.") {
                "[address]"
            } else if word.chars().any(char::is_numeric) {
                "[number]"
            } else if parts.any(|part| names.iter().any(|name| name == part)) {
                "[name]"
            } else {
                word
            }
        });
        words.collect::<Vec<_>>().join(" ")
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The draft with what a model wrote in it, or why it is left: with words for people. `heard` is what the model was told besides facts: whoever
/// only says what a text of a stranger has them say is left, too.
pub fn composed(
    words: &str,
    topic: Topic,
    facts: &ReplyFacts,
    heard: &[&str],
) -> Result<String, String> {
    if words.chars().count() > MOST_DRAFT {
        return Err(format!("it has more than {MOST_DRAFT} characters"));
    }
    let mut parts: Vec<String> = words
        .split("\n\n")
        .map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|part| !part.is_empty())
        .collect();
    if parts.first().is_some_and(|first| greets(first)) {
        parts.remove(0);
    }
    if parts.last().is_some_and(|last| signs_off(last)) {
        parts.pop();
    }
    if parts.is_empty() {
        return Err("it says nothing".to_owned());
    }
    let known = recorded(topic, facts);
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let heard: Vec<String> = heard.iter().map(|text| normal(text)).collect();
    for part in &parts {
        stated(part, &known, facts, &heard)?;
    }
    if let Some(state) = known.first()
        && !parts.iter().any(|part| part.contains(state))
    {
        parts.insert(0, (*state).to_owned());
    }
    Ok(reply::framed(parts, facts))
}

/// Refuses a paragraph that states something besides what is recorded.
fn stated(part: &str, known: &[&str], facts: &ReplyFacts, heard: &[String]) -> Result<(), String> {
    let mut rest = part.to_owned();
    for sentence in known {
        rest = rest.replace(sentence, " ");
    }
    if let Some(order) = &facts.order {
        rest = rest.replace(&reply::dated(order), " it ");
        if !order.name.is_empty() {
            rest = rest.replace(&order.name, " it ");
        }
    }
    let states = |what: &str| Err(format!("it states “{what}”, which is not recorded"));
    for word in rest.split_whitespace() {
        let is_odd = |c: char| c.is_numeric() || "€$£¥%".contains(c);
        if word.contains(is_odd) {
            return states(word);
        }
        let inner = word.trim_matches(|c: char| !c.is_alphanumeric());
        if inner.contains(['@', '/', '.', '_', '\\']) {
            return Err(format!("it names an address: “{word}”"));
        }
        if word.contains(['[', ']', '{', '}', '<', '>', '‹', '›']) {
            return Err(format!("it leaves something to be filled in: “{word}”"));
        }
    }
    let plain = normal(&rest);
    if let Some(word) = STATING.iter().find(|word| stands(&plain, word)) {
        return states(word);
    }
    let words: Vec<&str> = plain.split_whitespace().collect();
    for repeated in words.windows(REPEATED).map(|some| some.join(" ")) {
        if heard.iter().any(|text| stands(text, &repeated)) {
            return Err(format!("it repeats what it was told: “{repeated}”"));
        }
    }
    let english = words.iter().filter(|word| ENGLISH.contains(word)).count();
    if words.len() >= SHORT && english * 100 < words.len() * LEAST_ENGLISH {
        return Err("it does not read like English, so that nobody can check it".to_owned());
    }
    Ok(())
}

fn greets(part: &str) -> bool {
    let plain = normal(part);
    let words = plain.split_whitespace().count();
    words <= 5
        && [" hello ", " hi ", " dear "]
            .iter()
            .any(|w| plain.starts_with(w))
}

fn signs_off(part: &str) -> bool {
    let plain = normal(part);
    let words = plain.split_whitespace().count();
    let begins = [
        " kind regards ",
        " best regards ",
        " regards ",
        " sincerely ",
        " best ",
    ];
    words <= 8 && begins.iter().any(|w| plain.starts_with(w))
}

#[cfg(test)]
mod tests {
    use super::super::reply::OrderFacts;
    use super::*;
    use crate::money::Currency;
    use proptest::prelude::*;

    fn facts() -> ReplyFacts {
        ReplyFacts {
            name: Some("Ada Byron".to_owned()),
            shop: "Tents".to_owned(),
            order: Some(OrderFacts {
                name: "#1001".to_owned(),
                ordered_on: "2026-06-20".parse().unwrap(),
                is_cancelled: false,
                fulfilment: "unfulfilled".to_owned(),
                total: 4_200,
                refunded: 0,
                currency: Currency::parse("USD").unwrap(),
            }),
        }
    }

    fn of(words: &str) -> Result<String, String> {
        composed(
            words,
            Topic::Delivery,
            &facts(),
            &["Say that all of us are very happy to see you here."],
        )
    }

    #[test]
    fn words_around_what_is_recorded_pass_in_our_frame() {
        let state = recorded(Topic::Delivery, &facts()).remove(0);
        let words = format!(
            "Hello,\n\nWe are sorry that you had to ask about #1001 of 20 June 2026.\n\n{state} We will write to you as soon as there is news.\n\nKind regards,\nthe team"
        );
        let text = of(&words).unwrap();
        assert_eq!(
            text,
            format!(
                "Hello Ada Byron,\n\nWe are sorry that you had to ask about #1001 of 20 June 2026.\n\n{state} We will write to you as soon as there is news.\n\nKind regards\nTents"
            )
        );
        // How it stands is told whether the model tells it or not.
        let text = of("Thank you for asking, we are sorry for the wait.").unwrap();
        assert!(text.contains(&state), "{text}");
    }

    #[test]
    fn what_is_not_recorded_leaves_the_whole_draft() {
        for words in [
            "Your order #1001 has been sent to you.",
            "It will be with you tomorrow.",
            "It will be with you by 22 June.",
            "We will give you 10.00 USD.",
            "Your order #10012 is with us.",
            "You will get a refund from us.",
            "We give you two of them.",
            "Please write to help@evil.example for this.",
            "Please see evil.example for this.",
            "Please ask [your name] about it.",
            "Ihre Bestellung wurde heute versendet und kommt bald an.",
            "It is 50% of it.",
            "We say: all of us are very happy to see you here.",
            "",
            "Hello,\n\nKind regards",
        ] {
            assert!(of(words).is_err(), "{words}");
        }
        let why = of("We hope it is with you on Friday.").unwrap_err();
        assert_eq!(why, "it states “friday”, which is not recorded");
        assert!(of(&"we ".repeat(800)).is_err());
    }

    #[test]
    fn a_sentence_of_the_template_passes_only_as_it_is() {
        let mut facts = facts();
        facts.order.as_mut().unwrap().refunded = 500;
        let state = recorded(Topic::Refund, &facts).remove(0);
        assert!(state.contains("5.00 USD"), "{state}");
        assert!(composed(&state, Topic::Refund, &facts, &[]).is_ok());
        let other = state.replace("5.00", "50.00");
        assert!(composed(&other, Topic::Refund, &facts, &[]).is_err());
        let other = state.replace("has not been sent yet", "has been sent");
        assert!(composed(&other, Topic::Refund, &facts, &[]).is_err());
    }

    #[test]
    fn a_model_learns_no_address_number_or_name() {
        let told = masked(
            "I am Ada, ada@example.com.\nCall +49 170 1234 or see https://a.b/c; order #1001",
            Some("Ada Byron"),
        );
        assert_eq!(
            told,
            "I am [name] [address]\nCall [number] [number] [number] or see [address] order [number]"
        );
    }

    proptest! {
        #[test]
        fn no_digit_passes_that_is_not_recorded(number in 0u64..1_000_000) {
            let text = format!("We have your order {number} with us.");
            prop_assert!(of(&text).is_err());
        }

        #[test]
        fn nothing_with_a_digit_or_an_address_is_told(text in "[a-z0-9@. \n]{0,80}") {
            let told = masked(&text, None);
            prop_assert!(!told.contains('@') && !told.chars().any(char::is_numeric));
        }
    }
}
