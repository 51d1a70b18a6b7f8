//! What letters say.

use domain::people::{Link, LinkKind};
use ports::mail::Letter;

pub(super) fn letter(link: &Link, url: &str, workspace: &str) -> Letter {
    let until = link.expires_at.format("%-d %B %Y, %H:%M UTC");
    let (subject, lead, action) = match link.kind {
        LinkKind::Invitation => (
            format!("You are invited to {workspace}"),
            format!(
                "You are invited to {workspace} on Royal Equips, as {}. Choose a password to join.",
                link.role
            ),
            "Join",
        ),
        LinkKind::PasswordReset => (
            "Set a new password".to_owned(),
            format!(
                "Somebody asked for a new password for {workspace} on Royal Equips. Until you set one, the old one works."
            ),
            "Set a new password",
        ),
    };
    let end = format!(
        "The link works once, until {until}. If you did not expect this letter, do nothing: without the link nothing happens."
    );
    Letter {
        id: link.id.to_string(),
        to: link.email.clone(),
        text: format!("{lead}\n\n{url}\n\n{end}\n"),
        html: format!(
            "<!doctype html><html lang=\"en\"><body style=\"font-family:sans-serif;line-height:1.5\">\
             <p>{}</p><p><a href=\"{}\">{action}</a></p><p>{}</p></body></html>",
            escaped(&lead),
            escaped(url),
            escaped(&end)
        ),
        subject,
    }
}

/// A workspace's name is text, whatever stands in it.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_says_what_for_and_how_long_and_holds_no_markup_of_others() {
        let link = testkit::builders::invitation(1, 5);
        let made = letter(&link, "https://royal.example/join#s", "<b>Acme</b>");
        assert!(made.text.contains("https://royal.example/join#s"));
        assert!(
            made.text.contains("8 February 2026, 12:00 UTC"),
            "{}",
            made.text
        );
        assert!(made.html.contains("&lt;b&gt;Acme"), "{}", made.html);
        assert!(!made.html.contains("<b>"), "{}", made.html);
    }
}
