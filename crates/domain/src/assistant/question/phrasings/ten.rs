//! The ten questions of the command center, word for word.

use super::outcome;

#[test]
fn the_ten_questions_are_understood_word_for_word() {
    let ten = [
        (
            "Did I make money yesterday, today?",
            "net_profit 11-25 vs 2026-11-24..2026-11-24",
        ),
        ("What needs me now?", "waiting"),
        (
            "What did the agents do overnight, and did it work?",
            "agents 11-24..11-25",
        ),
        ("Which ads lose money?", "losing ads"),
        (
            "Which products earn or bleed?",
            "top 5 product net_profit both ends",
        ),
        (
            "What runs out, what must I order, can I afford it?",
            "to order",
        ),
        (
            "Did a supplier change price or stock, or go late?",
            "suppliers",
        ),
        ("Which orders are stuck, risky, refundable?", "stuck orders"),
        ("What should I sell next?", "to sell"),
        ("Is the machine healthy and the data fresh?", "health"),
    ];
    for (text, expected) in ten {
        assert_eq!(outcome(text), expected, "{text}");
    }
}

#[test]
fn near_them_nothing_is_guessed() {
    for text in [
        "which orders go late and which supplier",
        "did it work yesterday for mugs",
        "which products bleed and earn more than mugs",
        "profit yesterday, last week",
        "profit yesterday, today versus last week",
        "did the late supplier change revenue",
    ] {
        assert_eq!(outcome(text), "?", "{text}");
    }
}
