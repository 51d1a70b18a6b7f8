//! A letter as a message (RFC 5322): text and HTML, marked as written by a program.

use crate::fault::PROVIDER;
use lettre::Message;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use ports::mail::Letter;
use ports::{Kind, PortError, PortResult, Retry};
use std::time::SystemTime;

pub(crate) fn build(
    letter: &Letter,
    from: &Mailbox,
    reply_to: Option<&Mailbox>,
) -> PortResult<Message> {
    let refuse = |what: String| {
        let detail = format!("the letter cannot be written: {what}");
        PortError::new(Kind::Rejected, Retry::Never, PROVIDER, "mail.send", detail)
    };
    let to = letter.to.as_str().parse::<Mailbox>();
    let to = to.map_err(|e| refuse(format!("{} is no address: {e}", letter.to.as_str())))?;
    let domain = from.email.domain();
    // A subject of two lines would be a header of its own.
    let subject: String = letter
        .subject
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let mut builder = Message::builder()
        .from(from.clone())
        .to(to)
        .subject(subject)
        .date(SystemTime::now())
        .message_id(Some(format!("<{}@{domain}>", letter.id)))
        .raw_header(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ));
    if let Some(reply_to) = reply_to {
        builder = builder.reply_to(reply_to.clone());
    }
    let parts = MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone());
    builder.multipart(parts).map_err(|e| refuse(e.to_string()))
}
