//! Asking back: what was not understood, and questions that would be.

use domain::assistant::answer::{Answer, Outcome};
use domain::assistant::question::{MAX_CHARS, Unsure, called};
use domain::passport;

/// Each of them is understood: a test asks them all.
pub(super) const EXAMPLES: &[&str] = &[
    "Did I make money yesterday?",
    "Why did profit change last week?",
    "Which products lose money?",
    "What runs out in the next 14 days?",
    "What must I order?",
    "What needs me now?",
    "What did the agents do yesterday?",
    "Which orders are stuck?",
    "What should I sell next?",
    "Sales by country last month",
];

pub(super) fn ask_back(unsure: &Unsure) -> Answer {
    let (text, suggestions) = match unsure {
        Unsure::Empty => ("Ask me something about the store.".to_owned(), examples(4)),
        Unsure::TooLong => {
            let text = format!("That is longer than {MAX_CHARS} characters. Ask it shorter.");
            (text, Vec::new())
        }
        Unsure::Words(words) => {
            let words: Vec<String> = words.iter().map(|w| format!("“{w}”")).collect();
            let text = format!(
                "I do not understand {} in this question, so I do not answer half of it. No model is configured; I read questions about the store's figures, stock, orders, agents and opportunities.",
                words.join(", ")
            );
            (text, examples(4))
        }
        Unsure::About => {
            let text =
                "What is it about? Name a figure, like net profit, sales, orders or refund rate.";
            (text.to_owned(), examples(4))
        }
        Unsure::Several(names) => several(names),
        Unsure::Command => {
            let text = "I read and explain; I change nothing. What you want changed is proposed on its page and goes through the Inbox.";
            (text.to_owned(), vec!["What needs me now?".to_owned()])
        }
        Unsure::Days(days) => {
            let text = format!(
                "“{days}” are no days that I can tell figures of: they are not in the calendar, lie ahead, or are the same as those they would be compared with. What lies ahead I tell of stock and demand."
            );
            let ahead = ["What runs out next week?", "Net profit last month"];
            (text, ahead.map(str::to_owned).to_vec())
        }
    };
    Answer {
        suggestions,
        ..Answer::of(Outcome::AskedBack, text)
    }
}

fn several(names: &[&str]) -> (String, Vec<String>) {
    let figures: Vec<_> = names
        .iter()
        .filter_map(|name| passport::find(name))
        .collect();
    if figures.len() == names.len() {
        let titles: Vec<&str> = figures.iter().map(|d| d.title).collect();
        let text = format!("Which one do you mean: {}?", titles.join(", "));
        let ways = figures.iter().map(|d| called(d.name));
        return (text, ways.collect());
    }
    let text = format!(
        "That asks for {} at once. One after the other, please.",
        names.join(" and ")
    );
    (text, examples(3))
}

pub(super) fn help() -> Answer {
    let text = "Ask about the store in words: any figure over any days (“net profit last week”), by product, variant, country, channel, store, day, week or month, compared with other days; rankings (“top 10 products by revenue”); why profit changed; what a figure means; what runs out and what to order; what waits for you; what the agents did; stuck orders; what to sell next; ads; health. No model is configured: what I do not understand I ask back.";
    Answer {
        suggestions: examples(EXAMPLES.len()),
        ..Answer::of(Outcome::Answered, text)
    }
}

fn examples(count: usize) -> Vec<String> {
    let first = EXAMPLES.iter().take(count);
    first.map(|text| (*text).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::assistant::question::{Reading, read};

    #[test]
    fn what_is_suggested_is_understood() {
        let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 25).unwrap_or_default();
        let several = ["margin", "ltv", "cac", "shipping"].map(|text| match read(text, today) {
            Reading::Unsure(unsure) => ask_back(&unsure).suggestions,
            Reading::Understood(question) => panic!("{text}: {question:?}"),
        });
        let days = ask_back(&Unsure::Days("tomorrow".to_owned())).suggestions;
        let all = several
            .into_iter()
            .flatten()
            .chain(days)
            .chain(examples(99));
        for text in all {
            let reading = read(&text, today);
            assert!(
                matches!(reading, Reading::Understood(_)),
                "{text}: {reading:?}"
            );
        }
    }
}
