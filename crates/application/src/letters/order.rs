//! Orders of goods on their way to a supplier.

use super::{Letters, To, escaped, was_not_taken};
use chrono::Duration;
use domain::ids::{PurchaseOrderId, WorkspaceId};
use domain::letter::OwedLetter;
use domain::money::format_minor;
use domain::people::Email;
use domain::purchase::{PurchaseOrder, PurchaseStatus, SentHow};
use ports::PortResult;
use ports::mail::{Letter, Mail};
use std::fmt::Write as _;
use std::sync::Arc;

/// A letter is owed right before its order is stored as sent; one whose order is not stored so within this has none.
const STORED_WITHIN: Duration = Duration::minutes(10);
const LOOKED_AT_AGAIN: Duration = Duration::seconds(2);

impl Letters {
    /// One try with its end: done, put off, or given up. An order that was called off, or is not stored as sent by mail, has no letter.
    pub(super) async fn send_order(
        &self,
        mail: &Arc<dyn Mail>,
        owed: &OwedLetter,
        (workspace, id): (WorkspaceId, PurchaseOrderId),
        email: &Email,
    ) -> PortResult<()> {
        let letters = &self.ports.letters;
        let order = self.ports.purchases.purchase(workspace, id).await?;
        let Some(order) = order.filter(|o| o.status.is_under_way()) else {
            return letters.letter_done(owed.id).await;
        };
        let now = self.ports.clock.now();
        if order.status == PurchaseStatus::Approved && now - owed.created_at < STORED_WITHIN {
            return letters
                .put_letter_off(owed, now + LOOKED_AT_AGAIN)
                .await
                .map(drop);
        }
        if !matches!(order.sent, Some((_, SentHow::Mail))) {
            return letters.letter_done(owed.id).await;
        }
        let buyer = self.ports.accounts.workspace(workspace).await?;
        let letter = letter(&order, &buyer.map(|w| w.name).unwrap_or_default(), email);
        let password = self.password(mail).await?;
        let sent = mail.send(&letter, password.as_ref()).await;
        let to = To {
            workspace,
            what: "purchase_order",
            id: order.id.to_string(),
            email,
        };
        match (&sent, owed.next_try(now)) {
            (Err(error), Some(next)) if was_not_taken(error) => {
                tracing::warn!(reason = error.detail, "an order did not go out yet");
                letters.put_letter_off(owed, next).await?;
                self.tell_failure(&to, &error.detail).await
            }
            _ => {
                self.note(&to, &sent).await?;
                letters.letter_done(owed.id).await
            }
        }
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
