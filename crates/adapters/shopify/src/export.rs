//! A stream of facts of one kind: what is common to bulk exports and to kinds that are read page by page.

use crate::bulk::{self, BulkKind};
use crate::client::Client;
use crate::map;
use crate::notes::Notes;
use crate::stock;
use domain::sync::FactKind;
use futures::channel::mpsc;
use futures::{SinkExt as _, StreamExt as _, stream};
use ports::source::{ExportItem, ExportRequest, Fact};
use ports::{Kind, PortError, PortResult, Retry};
use std::sync::Arc;
use tokio::task::JoinHandle;

/// Items that are ready and not yet taken: enough to keep reading while the facts are stored.
const AHEAD: usize = 64;

/// Where an export puts what it finds; waits while nobody takes it.
pub(crate) struct Out {
    sender: mpsc::Sender<PortResult<ExportItem>>,
    pub notes: Notes,
    facts: u64,
}

impl Out {
    pub(crate) async fn item(&mut self, item: ExportItem) -> PortResult<()> {
        self.sender.send(Ok(item)).await.map_err(|_| gone())
    }

    pub(crate) async fn fact(&mut self, fact: Fact) -> PortResult<()> {
        self.facts += 1;
        self.item(ExportItem::Fact(fact)).await
    }

    pub(crate) async fn tell_notes(&mut self) -> PortResult<()> {
        for warning in self.notes.take() {
            self.item(ExportItem::Warning(warning)).await?;
        }
        Ok(())
    }
}

fn gone() -> PortError {
    PortError::new(
        Kind::Cancelled,
        Retry::Never,
        crate::client::PROVIDER,
        "export",
        "Nobody reads the export any more.",
    )
}

/// Starts or goes on with an export. Ends with `End` or with an error.
pub(crate) fn export(
    client: Arc<Client>,
    request: ExportRequest,
    token: Option<String>,
) -> stream::BoxStream<'static, PortResult<ExportItem>> {
    let (sender, receiver) = mpsc::channel(AHEAD);
    let work = async move {
        let mut out = Out {
            sender,
            notes: Notes::default(),
            facts: 0,
        };
        let end = match run(&client, &request, token.as_deref(), &mut out).await {
            Ok(()) => out
                .tell_notes()
                .await
                .map(|()| ExportItem::End { facts: out.facts }),
            Err(e) => {
                let told = out.tell_notes().await;
                told.and(Err(e))
            }
        };
        // Nobody listening is no failure of the export.
        let _ = out.sender.send(end).await;
    };
    // The work goes on while items are stored, and ends with the stream.
    let work = Ending(tokio::spawn(work));
    stream::unfold((receiver, work), |(mut receiver, work)| async move {
        let item = receiver.next().await?;
        Some((item, (receiver, work)))
    })
    .boxed()
}

/// A task that is given up when nobody wants its results any more.
struct Ending(JoinHandle<()>);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn run(
    client: &Client,
    request: &ExportRequest,
    token: Option<&str>,
    out: &mut Out,
) -> PortResult<()> {
    if let Some(kind) = BulkKind::of(request.kind) {
        return bulk::export(client, kind, request, token, out).await;
    }
    match request.kind {
        FactKind::Locations => {
            for location in stock::locations(client, &mut out.notes).await? {
                let fact = map::location(&location)
                    .map_err(|e| client.unreadable("locations.list", &e))?;
                out.fact(Fact::Location(fact)).await?;
            }
        }
        FactKind::Payouts => {
            let mut after = None;
            loop {
                let page =
                    stock::payouts_page(client, None, after.as_deref(), &mut out.notes).await?;
                after = page.next();
                for payout in page.into_nodes() {
                    let fact = map::payout(&payout, &mut out.notes)
                        .map_err(|e| client.unreadable("payouts.list", &e))?;
                    out.fact(Fact::Payout(fact)).await?;
                }
                if after.is_none() {
                    break;
                }
            }
        }
        // The shop's own settings come with `identify`.
        _ => {}
    }
    Ok(())
}
