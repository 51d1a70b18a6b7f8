//! Notices as a letter.

use crate::letters::escaped;
use domain::ids::DeliveryId;
use domain::notifications::{Notice, Severity};
use domain::people::Email;
use ports::mail::Letter;
use std::fmt::Write as _;

const fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "For your information",
        Severity::Warning => "Warning",
        Severity::Critical => "Critical",
    }
}

fn times(notice: &Notice) -> String {
    match notice.count {
        0 | 1 => String::new(),
        n => format!(" ({n} times)"),
    }
}

fn subject(notices: &[Notice], digest: bool, workspace: &str) -> String {
    match notices {
        [one] if !digest => format!("{}: {} — {workspace}", word(one.severity), one.title),
        [_] => format!("1 notice of {workspace}"),
        many => format!("{} notices of {workspace}", many.len()),
    }
}

/// `base` is where the command center is.
pub(super) fn letter(
    id: DeliveryId,
    to: &Email,
    notices: &[Notice],
    digest: bool,
    workspace: &str,
    base: Option<&str>,
) -> Letter {
    let (mut text, mut html) = (String::new(), String::new());
    for notice in notices {
        let head = format!(
            "{}: {}{}",
            word(notice.severity),
            notice.title,
            times(notice)
        );
        // Writing to a text cannot fail.
        let _ = writeln!(text, "{head}");
        let _ = write!(html, "<p><strong>{}</strong>", escaped(&head));
        for fact in &notice.facts {
            let _ = writeln!(text, "{}: {}", fact.label, fact.value);
            let _ = write!(
                html,
                "<br>{}: {}",
                escaped(&fact.label),
                escaped(&fact.value)
            );
        }
        if let Some(base) = base {
            let url = format!("{base}/command-center{}", notice.link);
            let _ = writeln!(text, "{url}");
            let _ = write!(html, "<br><a href=\"{}\">Look at it</a>", escaped(&url));
        }
        text.push('\n');
        html.push_str("</p>");
    }
    let end = "What you are told, and when, is yours to set: Settings, Notifications.";
    Letter {
        id: id.to_string(),
        to: to.clone(),
        subject: subject(notices, digest, workspace),
        text: format!("{text}{end}\n"),
        html: format!(
            "<!doctype html><html lang=\"en\"><body style=\"font-family:sans-serif;line-height:1.5\">{html}<p>{end}</p></body></html>"
        ),
    }
}
