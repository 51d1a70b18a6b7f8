//! How people really ask, and what is understood: on Wednesday, 25 November 2026.

mod asked_back;
mod ten;

use self::asked_back::ASKED_BACK;
use super::{Against, By, Question, Reading, Topic, Unsure, read};
use crate::calendar::Grain;
use chrono::NaiveDate;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 25).unwrap()
}

fn by(by: By) -> &'static str {
    match by {
        By::Period(Grain::Day) => "day",
        By::Period(Grain::Week) => "week",
        By::Period(Grain::Month) => "month",
        By::Store => "store",
        By::Product => "product",
        By::Variant => "variant",
        By::Channel => "channel",
        By::Country => "country",
    }
}

fn against(against: &Against) -> String {
    match against {
        Against::Previous => "previous".to_owned(),
        Against::YearBefore => "year".to_owned(),
        Against::Span(span) => format!("{}..{}", span.range.from, span.range.to),
    }
}

/// A question in one line: what, which days, against which, by what, of what.
fn told(question: &Question) -> String {
    let days = |span: &super::Span| {
        let (from, to) = (
            span.range.from.format("%m-%d"),
            span.range.to.format("%m-%d"),
        );
        match (span.is_usual, span.range.from == span.range.to) {
            (true, _) => String::new(),
            (false, true) => format!(" {from}"),
            (false, false) => format!(" {from}..{to}"),
        }
    };
    match question {
        Question::Figure(q) => {
            let mut line = format!("{}{}", q.figure, days(&q.span));
            if let Some(other) = &q.against {
                line += &format!(" vs {}", against(other));
            }
            if let Some(split) = q.split {
                line += &format!(" by {}", by(split));
            }
            if let Some(named) = &q.of {
                let kind = named.by.map_or("?", by);
                line += &format!(" of {kind}:{}", named.name);
            }
            line
        }
        Question::Ranking(q) => {
            let way = if q.descending { "top" } else { "low" };
            let (limit, rows) = (q.limit, by(q.by));
            let ends = if q.both_ends { " both ends" } else { "" };
            format!("{way} {limit} {rows} {}{}{ends}", q.figure, days(&q.span))
        }
        Question::Why(q) => {
            format!(
                "why {}{} vs {}",
                q.figure,
                days(&q.span),
                against(&q.against)
            )
        }
        Question::Meaning(figure) => format!("meaning {figure}"),
        Question::Topic(topic) => match topic {
            Topic::RunsOut(within) => format!("runs out {within:?}"),
            Topic::ToOrder => "to order".to_owned(),
            Topic::Demand(days) => format!("demand {days:?}"),
            Topic::Waiting => "waiting".to_owned(),
            Topic::AgentWork(span) => format!("agents{}", days(span)),
            Topic::StuckOrders => "stuck orders".to_owned(),
            Topic::ToSell => "to sell".to_owned(),
            Topic::Suppliers => "suppliers".to_owned(),
            Topic::LosingAds(span) => format!("losing ads{}", days(span)),
            Topic::Health => "health".to_owned(),
            Topic::Help => "help".to_owned(),
        },
    }
}

const PHRASINGS: &[(&str, &str)] = &[
    // 1: did I make money
    ("Did I make money yesterday?", "net_profit 11-24"),
    ("did we make money today", "net_profit 11-25"),
    ("Did I lose money yesterday?", "net_profit 11-24"),
    ("net profit yesterday", "net_profit 11-24"),
    ("What was my net profit yesterday?", "net_profit 11-24"),
    ("What's my profit today?", "net_profit 11-25"),
    ("profit", "net_profit"),
    ("show me profit for last week", "net_profit 11-16..11-22"),
    (
        "How much profit did we make last month?",
        "net_profit 10-01..10-31",
    ),
    (
        "how much money did we make this week",
        "net_profit 11-23..11-25",
    ),
    ("how much did we earn in October", "net_profit 10-01..10-31"),
    ("how much did we make on black friday", "net_profit 11-28"),
    (
        "what is our bottom line this year",
        "net_profit 01-01..11-25",
    ),
    ("Profit over the last 7 days", "net_profit 11-19..11-25"),
    ("profit last 30 days", "net_profit 10-27..11-25"),
    ("profit for the past two weeks", "net_profit 11-12..11-25"),
    ("profit on Monday", "net_profit 11-23"),
    ("profit last Friday", "net_profit 11-20"),
    ("profit on Wednesday", "net_profit 11-18"),
    ("profit the day before yesterday", "net_profit 11-23"),
    ("profit in September 2025", "net_profit 09-01..09-30"),
    ("profit in december", "net_profit 12-01..12-31"),
    ("profit on October 3", "net_profit 10-03"),
    ("profit on 3rd of October", "net_profit 10-03"),
    ("profit on 2026-10-03", "net_profit 10-03"),
    (
        "profit from 2026-10-01 to 2026-10-15",
        "net_profit 10-01..10-15",
    ),
    (
        "profit between October 1 and October 15",
        "net_profit 10-01..10-15",
    ),
    ("profit since Monday", "net_profit 11-23..11-25"),
    (
        "profit since the beginning of October",
        "net_profit 10-01..11-25",
    ),
    ("profit Q3", "net_profit 07-01..09-30"),
    ("profit in Q1 2026", "net_profit 01-01..03-31"),
    ("profit this quarter", "net_profit 10-01..11-25"),
    ("profit last quarter", "net_profit 07-01..09-30"),
    ("profit in 2025", "net_profit 01-01..12-31"),
    ("profit year to date", "net_profit 01-01..11-25"),
    ("ytd profit", "net_profit 01-01..11-25"),
    ("mtd net profit", "net_profit 11-01..11-25"),
    ("profit so far this month", "net_profit 11-01..11-25"),
    ("profit last weekend", "net_profit 11-21..11-22"),
    ("How are we doing today?", "net_profit 11-25 vs previous"),
    (
        "how is business this week",
        "net_profit 11-23..11-25 vs previous",
    ),
    ("how did we do yesterday", "net_profit 11-24 vs previous"),
    ("how was yesterday", "net_profit 11-24 vs previous"),
    // comparisons
    (
        "profit yesterday vs the day before",
        "net_profit 11-24 vs previous",
    ),
    (
        "profit last week vs the week before",
        "net_profit 11-16..11-22 vs previous",
    ),
    (
        "profit last week compared to the previous period",
        "net_profit 11-16..11-22 vs previous",
    ),
    (
        "Compare net profit of the last 28 days with the 28 days before",
        "net_profit 10-29..11-25 vs previous",
    ),
    (
        "orders last 7 days vs the 30 days before that",
        "orders 11-19..11-25 vs 2026-10-20..2026-11-18",
    ),
    (
        "profit this week vs last week",
        "net_profit 11-23..11-25 vs 2026-11-16..2026-11-22",
    ),
    (
        "sales this month versus last month",
        "net_sales 11-01..11-25 vs 2026-10-01..2026-10-31",
    ),
    (
        "sales this year vs last year",
        "net_sales 01-01..11-25 vs year",
    ),
    (
        "sales in October versus the same month last year",
        "net_sales 10-01..10-31 vs year",
    ),
    (
        "revenue 2025 vs 2024",
        "net_revenue 01-01..12-31 vs 2024-01-01..2024-12-31",
    ),
    (
        "orders last 30 days year over year",
        "orders 10-27..11-25 vs year",
    ),
    (
        "is profit up this week?",
        "net_profit 11-23..11-25 vs previous",
    ),
    ("did sales fall yesterday?", "net_sales 11-24 vs previous"),
    (
        "profit growth this month",
        "net_profit 11-01..11-25 vs previous",
    ),
    (
        "has the refund rate gone up this month?",
        "refund_rate 11-01..11-25 vs previous",
    ),
    (
        "how did sales change last week",
        "net_sales 11-16..11-22 vs previous",
    ),
    ("yesterday's sales vs. last Tuesday", "?"),
    (
        "sales on cyber monday vs black friday",
        "net_sales 12-01 vs 2025-11-28..2025-11-28",
    ),
    // figures
    ("sales today", "net_sales 11-25"),
    (
        "How much did we sell yesterday in total sales?",
        "total_sales 11-24",
    ),
    ("gross sales last month", "gross_sales 10-01..10-31"),
    ("revenue this month", "net_revenue 11-01..11-25"),
    ("How many orders did we get yesterday?", "orders 11-24"),
    ("number of orders last week", "orders 11-16..11-22"),
    ("order count today", "orders 11-25"),
    (
        "How many units did we sell last week?",
        "units 11-16..11-22",
    ),
    ("units sold yesterday", "units 11-24"),
    ("items sold this month", "units 11-01..11-25"),
    (
        "how much discount did we give last month",
        "discounts 10-01..10-31",
    ),
    ("refunds last week", "returns 11-16..11-22"),
    ("how much was refunded in October", "returns 10-01..10-31"),
    ("What's my refund rate?", "refund_rate"),
    ("return rate last 90 days", "refund_rate 08-28..11-25"),
    (
        "average order value this month",
        "average_order_value 11-01..11-25",
    ),
    ("AOV last week", "average_order_value 11-16..11-22"),
    ("gross margin last month", "gross_margin 10-01..10-31"),
    (
        "What is our profit margin this year?",
        "profit_margin 01-01..11-25",
    ),
    ("contribution margin yesterday", "cm3 11-24"),
    ("CM2 last 7 days", "cm2 11-19..11-25"),
    ("cogs last month", "cost_of_goods 10-01..10-31"),
    ("cost of goods sold this week", "cost_of_goods 11-23..11-25"),
    ("payment fees last month", "payment_fees 10-01..10-31"),
    (
        "how much did we pay in transaction fees last month",
        "payment_fees 10-01..10-31",
    ),
    ("shipping costs last month", "shipping_cost 10-01..10-31"),
    (
        "How much did I spend on ads last week?",
        "ad_spend 11-16..11-22",
    ),
    ("ad spend yesterday", "ad_spend 11-24"),
    ("marketing spend this month", "ad_spend 11-01..11-25"),
    ("POAS last month", "poas 10-01..10-31"),
    ("what was our ROAS last week", "roas 11-16..11-22"),
    ("MER this month", "mer 11-01..11-25"),
    ("taxes collected last quarter", "?"),
    ("taxes last quarter", "taxes 07-01..09-30"),
    ("tips yesterday", "tips 11-24"),
    ("overheads last month", "fixed_costs 10-01..10-31"),
    (
        "How many new customers did we get last month?",
        "new_customers 10-01..10-31",
    ),
    ("new customers today", "new_customers 11-25"),
    ("how many customers bought", "?"),
    (
        "returning customers last 30 days",
        "returning_customers 10-27..11-25",
    ),
    (
        "repeat rate this year",
        "returning_customer_rate 01-01..11-25",
    ),
    ("blended CAC last month", "cac 10-01..10-31"),
    ("ncac last month", "ncac 10-01..10-31"),
    ("90 day LTV", "ltv_90"),
    ("payback period", "payback_day"),
    ("gross profit last week", "cm1 11-16..11-22"),
    ("revenue all time", "net_revenue 11-11..11-25"),
    // splits
    (
        "profit by product last month",
        "net_profit 10-01..10-31 by product",
    ),
    (
        "profit per country last month",
        "net_profit 10-01..10-31 by country",
    ),
    (
        "sales by channel this week",
        "net_sales 11-23..11-25 by channel",
    ),
    ("sales broken down by country", "net_sales by country"),
    ("daily profit last week", "net_profit 11-16..11-22 by day"),
    ("profit by day", "net_profit by day"),
    (
        "weekly sales this quarter",
        "net_sales 10-01..11-25 by week",
    ),
    (
        "monthly revenue this year",
        "net_revenue 01-01..11-25 by month",
    ),
    ("orders by store", "orders by store"),
    (
        "profit for each store last month",
        "net_profit 10-01..10-31 by store",
    ),
    ("units by SKU last 7 days", "units 11-19..11-25 by variant"),
    (
        "show me the sales trend for the last 90 days",
        "net_sales 08-28..11-25 by day",
    ),
    ("refund rate by product", "refund_rate by product"),
    (
        "profit month by month this year",
        "net_profit 01-01..11-25 by month",
    ),
    // names
    (
        "profit of \"Blue Mug\" last month",
        "net_profit 10-01..10-31 of ?:Blue Mug",
    ),
    (
        "sales in Germany last month",
        "net_sales 10-01..10-31 of ?:Germany",
    ),
    (
        "orders from France this week",
        "orders 11-23..11-25 of ?:France",
    ),
    (
        "How many mugs did we sell last week?",
        "units 11-16..11-22 of ?:mugs",
    ),
    (
        "units sold of Blue Mug yesterday",
        "units 11-24 of ?:Blue Mug",
    ),
    (
        "profit for product Enamel Mug this month",
        "net_profit 11-01..11-25 of product:Enamel Mug",
    ),
    (
        "units of sku AB-12 last 30 days",
        "units 10-27..11-25 of variant:AB-12",
    ),
    (
        "sales in channel web yesterday",
        "net_sales 11-24 of channel:web",
    ),
    // ranking
    ("Which products earn the most?", "?"),
    (
        "Which products make the most profit?",
        "top 5 product net_profit",
    ),
    ("Which products lose money?", "low 5 product net_profit"),
    (
        "Which products are losing money this month?",
        "low 5 product net_profit 11-01..11-25",
    ),
    (
        "best products last month",
        "top 5 product net_profit 10-01..10-31",
    ),
    ("worst products", "low 5 product net_profit"),
    ("top 10 products by revenue", "top 10 product net_revenue"),
    (
        "top 10 products by units this year",
        "top 10 product units 01-01..11-25",
    ),
    ("What are my best sellers?", "top 5 product units"),
    ("bestsellers last week", "top 5 product units 11-16..11-22"),
    ("what sold best yesterday", "top 5 product units 11-24"),
    (
        "most profitable products this year",
        "top 5 product net_profit 01-01..11-25",
    ),
    ("least profitable products", "low 5 product net_profit"),
    (
        "which country has the highest sales",
        "top 5 country net_sales",
    ),
    (
        "which channel brings the most profit",
        "top 5 channel net_profit",
    ),
    (
        "Which products have the highest refund rate?",
        "top 5 product refund_rate",
    ),
    (
        "products with the lowest gross margin",
        "low 5 product gross_margin",
    ),
    ("top products", "top 5 product net_profit"),
    ("best day this month", "top 5 day net_profit 11-01..11-25"),
    (
        "which day had the most orders last month",
        "top 5 day orders 10-01..10-31",
    ),
    (
        "worst month this year",
        "low 5 month net_profit 01-01..11-25",
    ),
    ("which 3 best products", "top 3 product net_profit"),
    ("the 3 best products", "top 3 product net_profit"),
    ("top three countries by sales", "top 3 country net_sales"),
    ("which skus sell the most", "top 5 variant units"),
    // why
    ("Why did profit fall?", "why net_profit vs previous"),
    (
        "why did profit drop yesterday",
        "why net_profit 11-24 vs previous",
    ),
    (
        "Why is profit down this week?",
        "why net_profit 11-23..11-25 vs previous",
    ),
    ("why are we losing money", "why net_profit vs previous"),
    (
        "what happened to sales last week",
        "why net_sales 11-16..11-22 vs previous",
    ),
    (
        "what drove profit last month",
        "why net_profit 10-01..10-31 vs previous",
    ),
    (
        "why did profit change versus last year",
        "why net_profit vs year",
    ),
    (
        "what changed yesterday?",
        "why net_profit 11-24 vs previous",
    ),
    ("why were sales so low on Monday", "?"),
    // meaning
    ("What does POAS mean?", "meaning poas"),
    ("how is net profit calculated?", "meaning net_profit"),
    ("define CM2", "meaning cm2"),
    (
        "what is the definition of refund rate",
        "meaning refund_rate",
    ),
    ("How do you calculate contribution margin", "meaning cm3"),
    // 2: what needs me
    ("What needs me now?", "waiting"),
    ("what needs my attention", "waiting"),
    ("What do I need to decide today?", "waiting"),
    ("what do I have to approve", "waiting"),
    ("anything waiting for approval?", "?"),
    ("is there anything waiting for me", "?"),
    ("what should I do today", "waiting"),
    ("show my inbox", "waiting"),
    // 3: agents
    ("What did the agents do overnight?", "agents 11-24..11-25"),
    ("what did the agents do yesterday", "agents 11-24"),
    ("what have the agents done this week", "agents 11-23..11-25"),
    // 4: ads
    ("Which ads lose money?", "losing ads"),
    (
        "which ads are losing money this month",
        "losing ads 11-01..11-25",
    ),
    ("Which campaigns lose money?", "losing ads"),
    ("how are my campaigns doing", "losing ads"),
    // 6: stock
    ("What runs out?", "runs out None"),
    ("What runs out next week?", "runs out Some(7)"),
    ("what will run out in the next 14 days", "runs out Some(14)"),
    ("which products are running low", "runs out None"),
    (
        "which SKUs run out of stock within two weeks",
        "runs out Some(14)",
    ),
    ("what is out of stock", "runs out None"),
    ("what's low on stock", "runs out None"),
    ("What must I order?", "to order"),
    ("what should I order today", "to order"),
    (
        "What runs out, what must I order, can I afford it?",
        "to order",
    ),
    ("what do I need to reorder", "to order"),
    ("which products should be reordered", "to order"),
    ("how much will we sell next month", "demand Some(30)"),
    ("how many units will we sell next week", "demand Some(7)"),
    ("forecast for the next 28 days", "demand Some(28)"),
    ("Did a supplier change price?", "suppliers"),
    ("did suppliers change their prices this week", "suppliers"),
    ("Which orders are stuck?", "stuck orders"),
    ("which orders are late", "stuck orders"),
    ("show unfulfilled orders", "stuck orders"),
    ("are there any risky orders", "stuck orders"),
    ("which orders have not been shipped", "stuck orders"),
    ("What should I sell next?", "to sell"),
    ("show me opportunities", "to sell"),
    ("any new product ideas?", "to sell"),
    ("Is the machine healthy?", "health"),
    ("is everything ok", "health"),
    ("is the data fresh?", "health"),
    ("is the machine healthy and the data fresh", "health"),
    ("when was the last sync", "health"),
    ("help", "help"),
    ("What can I ask?", "help"),
    ("hello", "help"),
    ("hi, profit yesterday please", "net_profit 11-24"),
];

fn outcome(text: &str) -> String {
    match read(text, today()) {
        Reading::Understood(question) => told(&question),
        Reading::Unsure(_) => "?".to_owned(),
    }
}

#[test]
fn real_phrasings_are_answered_right_and_never_wrong() {
    let (mut right, mut asked, mut wrong) = (0, Vec::new(), Vec::new());
    for (text, expected) in PHRASINGS {
        match outcome(text) {
            got if got == *expected && got != "?" => right += 1,
            got if got == "?" => asked.push(*text),
            got => wrong.push(format!("{text:?}: expected {expected}, got {got}")),
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let all = PHRASINGS.len();
    assert!(all >= 150, "{all}");
    assert!(
        right * 100 >= all * 95,
        "{right} of {all}; asked back: {asked:#?}"
    );
}

#[test]
fn what_is_not_understood_whole_is_asked_back() {
    for text in ASKED_BACK {
        let reading = read(text, today());
        assert!(
            matches!(reading, Reading::Unsure(_)),
            "{text:?}: {reading:?}"
        );
    }
}

#[test]
fn the_reason_is_named() {
    let unsure = |text: &str| match read(text, today()) {
        Reading::Unsure(unsure) => unsure,
        Reading::Understood(question) => panic!("{text}: {question:?}"),
    };
    assert_eq!(unsure("  "), Unsure::Empty);
    assert_eq!(unsure(&"profit ".repeat(800)), Unsure::TooLong);
    assert_eq!(
        unsure("profit without ads"),
        Unsure::Words(vec!["without".to_owned()])
    );
    assert_eq!(unsure("last week"), Unsure::About);
    assert_eq!(
        unsure("margin yesterday"),
        Unsure::Several(vec!["profit_margin", "gross_margin"])
    );
    assert_eq!(unsure("pause all ads"), Unsure::Command);
    assert_eq!(
        unsure("profit on 2026-02-30"),
        Unsure::Days("on 2026-02-30".to_owned())
    );
}
