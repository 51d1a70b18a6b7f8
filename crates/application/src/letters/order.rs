//! Orders of goods on their way to a supplier.

use super::{Letters, MailFailure, PASSWORD, escaped, failure_setting, was_not_taken};
use domain::audit::{Actor, NewEntry, Outcome};
use domain::ids::{PurchaseOrderId, WorkspaceId};
use domain::letter::OwedLetter;
use domain::money::format_minor;
use domain::people::Email;
use domain::purchase::{PurchaseOrder, SentHow};
use ports::mail::{Letter, Mail};
use ports::{PortError, PortResult};
use std::fmt::Write as _;
use std::sync::Arc;

impl Letters {
    /// One try with its end: done, put off, or given up. An order that is not stored as sent by mail has no letter.
    pub(super) async fn send_order(
        &self,
        mail: &Arc<dyn Mail>,
        owed: &OwedLetter,
        (workspace, id): (WorkspaceId, PurchaseOrderId),
        email: &Email,
    ) -> PortResult<()> {
        let order = self.ports.purchases.purchase(workspace, id).await?;
        let by_mail = |o: &PurchaseOrder| matches!(o.sent, Some((_, SentHow::Mail)));
        let Some(order) = order.filter(by_mail) else {
            return self.ports.letters.letter_done(owed.id).await;
        };
        let buyer = self.ports.accounts.workspace(workspace).await?;
        let letter = letter(&order, &buyer.map(|w| w.name).unwrap_or_default(), email);
        let password = if mail.needs_password() {
            self.people.installation_secret(PASSWORD).await?
        } else {
            None
        };
        let sent = mail.send(&letter, password.as_ref()).await;
        let next = owed.next_try(self.ports.clock.now());
        match (&sent, next) {
            (Err(error), Some(next)) if was_not_taken(error) => {
                tracing::warn!(reason = error.detail, "an order did not go out yet");
                self.ports.letters.put_letter_off(owed, next).await?;
                self.order_failed(workspace, email, &error.detail).await
            }
            _ => {
                self.note_order(&order, email, &sent).await?;
                self.ports.letters.letter_done(owed.id).await
            }
        }
    }

    async fn note_order(
        &self,
        order: &PurchaseOrder,
        email: &Email,
        outcome: &Result<(), PortError>,
    ) -> PortResult<()> {
        let (now, id) = (self.ports.clock.now(), order.id.to_string());
        let target = ("purchase_order", id.as_str(), email.as_str());
        let workspace = order.scope.workspace;
        let entry = NewEntry::done(workspace, now, Actor::system(), "mail.send", target);
        match outcome {
            Ok(()) => self.ports.audit.record(&[entry]).await,
            Err(error) => {
                tracing::warn!(reason = error.detail, "an order did not go out");
                let entry = entry.outcome(Outcome::Failed).because(&error.detail);
                self.ports.audit.record(&[entry]).await?;
                self.order_failed(workspace, email, &error.detail).await
            }
        }
    }

    async fn order_failed(
        &self,
        workspace: WorkspaceId,
        email: &Email,
        reason: &str,
    ) -> PortResult<()> {
        let failure = MailFailure {
            at: self.ports.clock.now(),
            to: email.as_str().to_owned(),
            reason: reason.to_owned(),
        };
        // Texts and a time always serialize.
        let text = serde_json::to_string(&failure).unwrap_or_default();
        let setting = failure_setting(workspace);
        self.ports.accounts.set_setting(&setting, Some(&text)).await
    }
}

fn letter(order: &PurchaseOrder, buyer: &str, to: &Email) -> Letter {
    let number = order.name();
    let subject = format!("Purchase order {number} of {buyer}");
    let mut text = format!("{subject}\n\n");
    let mut rows = String::new();
    let money = |minor: Option<i64>| {
        let amount = minor.map(|m| format_minor(m, order.currency));
        amount.map_or_else(String::new, |a| format!("{a} {}", order.currency))
    };
    for line in &order.lines {
        let (cost, sku) = (
            money(line.cost(order.currency)),
            line.sku.as_deref().unwrap_or("-"),
        );
        let (quantity, each) = (line.quantity, line.unit_cost.normalize());
        // Writing to a text cannot fail.
        let _ = writeln!(
            text,
            "{quantity} x {} ({sku}) at {each}: {cost}",
            line.title
        );
        let _ = write!(
            rows,
            "<tr><td>{quantity}</td><td>{}</td><td>{}</td><td>{each}</td><td>{cost}</td></tr>",
            escaped(&line.title),
            escaped(sku)
        );
    }
    let total = money(order.total());
    let _ = writeln!(text, "\nTotal: {total}");
    let mut ends = vec![format!("Total: {total}")];
    if let Some(day) = order.expected_on {
        let _ = writeln!(text, "Expected on {day}");
        ends.push(format!("Expected on {day}"));
    }
    if let Some(note) = &order.note {
        let _ = writeln!(text, "\n{note}");
        ends.push(note.clone());
    }
    let ends: String = ends
        .iter()
        .map(|e| format!("<p>{}</p>", escaped(e)))
        .collect();
    Letter {
        id: order.id.to_string(),
        to: to.clone(),
        html: format!(
            "<!doctype html><html lang=\"en\"><body style=\"font-family:sans-serif;line-height:1.5\">\
             <p>{}</p><table border=\"1\" cellpadding=\"4\" style=\"border-collapse:collapse\">\
             <tr><th>Quantity</th><th>Article</th><th>SKU</th><th>Each</th><th>Cost</th></tr>{rows}</table>{ends}</body></html>",
            escaped(&subject)
        ),
        text,
        subject,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::builders::{purchase, scope};

    #[test]
    fn the_letter_says_what_is_ordered_and_holds_no_markup_of_others() {
        let mut order = purchase(scope(1, 1), 1);
        order.number = 7;
        order.note = Some("<b>Ring twice</b>".to_owned());
        let to = Email::parse("orders@acme.example").unwrap();
        let made = letter(&order, "Royal", &to);
        assert_eq!(made.subject, "Purchase order PO-0007 of Royal");
        assert!(
            made.text.contains("12 x Mug (-) at 4.2: 50.40 USD"),
            "{}",
            made.text
        );
        assert!(made.text.contains("Total: 50.40 USD"), "{}", made.text);
        assert!(made.html.contains("&lt;b&gt;Ring"), "{}", made.html);
        assert!(!made.html.contains("<b>"), "{}", made.html);
    }
}
