//! `royal ask "…"`: a question in words, answered as the assistant answers it.

use super::report::workspace;
use super::{Exit, open, print, print_json};
use crate::config::Settings;
use crate::http::assistant::view::AnswerBody;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The question, e.g. "net profit last week by product"
    #[arg(required = true, num_args = 1.., value_name = "WORD")]
    question: Vec<String>,
    /// Print JSON, as the API answers it
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(settings: Settings, args: Args) -> Result<(), Exit> {
    let composed = open(&settings).await?;
    let workspace = workspace(&composed, None).await?;
    let asked = composed.assistant.analyst();
    let answer = asked.ask(workspace, &args.question.join(" ")).await;
    composed.database.close().await;
    let body = AnswerBody::of(answer.map_err(|error| Exit::defect(error.to_string()))?);
    if args.json {
        print_json(&body)
    } else {
        print(&body.in_words())
    }
}
