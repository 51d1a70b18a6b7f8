//! A message as incoming webhooks of Slack, Mattermost and others take it: text, and blocks where they are understood.

use domain::notifications::{Notice, Severity};
use ports::notify::Message;
use serde_json::{Value, json};

/// Slack takes 50 blocks, sections of 3 000 characters, and texts of 4 000 that it does not cut.
const MOST_NOTICES: usize = 20;
const LONGEST_SECTION: usize = 2900;
const LONGEST_TEXT: usize = 3000;
const LONGEST_TITLE: usize = 300;

/// Text of others is text, whatever stands in it.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
    }
    out
}

fn cut(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(longest - 1).collect();
    short.push('…');
    short
}

const fn mark(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "🔴",
        Severity::Warning => "🟠",
        Severity::Info => "🔵",
    }
}

fn line(notice: &Notice) -> String {
    let title = escaped(&cut(&notice.title, LONGEST_TITLE));
    let times = match notice.count {
        0 | 1 => String::new(),
        n => format!(" (×{n})"),
    };
    format!("{} {title}{times}", mark(notice.severity))
}

fn section(notice: &Notice, message: &Message<'_>) -> Value {
    let mut text = format!("*{}*", line(notice));
    for fact in &notice.facts {
        let fact = format!("\n{}: {}", escaped(&fact.label), escaped(&fact.value));
        if text.chars().count() + fact.chars().count() > LONGEST_SECTION {
            break;
        }
        text.push_str(&fact);
    }
    if let Some(base) = message.public_url {
        text.push_str(&format!(
            "\n<{base}/command-center{}|Look at it>",
            notice.link
        ));
    }
    json!({ "type": "section", "text": { "type": "mrkdwn", "text": text } })
}

fn headline(message: &Message<'_>) -> String {
    let workspace = escaped(&cut(message.workspace, LONGEST_TITLE));
    match (message.test, message.notices) {
        (true, _) => format!("A test from {workspace}: notices arrive here."),
        (false, [one]) if !message.digest => format!("{workspace}: {}", line(one)),
        (false, [_]) => format!("{workspace}: 1 notice"),
        (false, many) => format!("{workspace}: {} notices", many.len()),
    }
}

pub(crate) fn body(message: &Message<'_>) -> String {
    let headline = cut(&headline(message), LONGEST_TEXT);
    let mut blocks = Vec::new();
    if message.test || message.digest || message.notices.len() > 1 {
        blocks.push(json!({ "type": "section", "text": { "type": "mrkdwn", "text": headline } }));
    }
    let shown = message.notices.iter().take(MOST_NOTICES);
    blocks.extend(shown.map(|notice| section(notice, message)));
    if message.notices.len() > MOST_NOTICES {
        let more = format!("and {} more", message.notices.len() - MOST_NOTICES);
        blocks.push(json!({ "type": "context", "elements": [{ "type": "mrkdwn", "text": more }] }));
    }
    json!({ "text": headline, "blocks": blocks, "unfurl_links": false }).to_string()
}
