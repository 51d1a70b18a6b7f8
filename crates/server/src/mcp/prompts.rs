//! Tasks that an outside assistant can be given by name.

use rmcp::ErrorData;
use rmcp::model::{
    GetPromptRequestParams, GetPromptResponse, GetPromptResult, Prompt, PromptArgument,
    PromptMessage, Role,
};

struct Task {
    name: &'static str,
    description: &'static str,
    /// Name and meaning of the one argument that it takes.
    argument: Option<(&'static str, &'static str)>,
    /// `{}` is the argument.
    text: &'static str,
}

const TASKS: &[Task] = &[
    Task {
        name: "morning_brief",
        description: "What a merchant wants to know at breakfast.",
        argument: None,
        text: "Write a brief of at most ten lines for a merchant. Use the tools figure (net_profit, yesterday, compare previous), explain_change \
(yesterday), waiting_for_decision, stock_running_out (14 days), stuck_orders and health. Name each number with its days. Say what is not known and why. \
What needs a decision comes first. Propose nothing that the tools do not show.",
    },
    Task {
        name: "why_did_it_change",
        description: "Explains a change of profit between days.",
        argument: Some((
            "days",
            "The days in words, e.g. \"last week\"; the last 30 days when left out.",
        )),
        text: "Explain why net profit changed over {}. Use explain_change, then ranking by product for the causes that are largest. Give the \
parts of the change with their amounts; they add up to the whole. Say which costs are not covered.",
    },
];

pub(super) fn all() -> Vec<Prompt> {
    let prompts = TASKS.iter().map(|task| {
        let arguments = task.argument.map(|(name, meaning)| {
            let argument = PromptArgument::new(name);
            vec![argument.with_description(meaning).with_required(false)]
        });
        Prompt::new(task.name, Some(task.description), arguments)
    });
    prompts.collect()
}

pub(super) fn find(request: &GetPromptRequestParams) -> Result<GetPromptResponse, ErrorData> {
    let Some(task) = TASKS.iter().find(|task| task.name == request.name) else {
        let message = format!("there is no prompt {}", request.name);
        return Err(ErrorData::invalid_params(message, None));
    };
    let given = task.argument.and_then(|(name, _)| {
        let arguments = request.arguments.as_ref()?;
        Some(arguments.get(name)?.as_str()?.to_owned())
    });
    let text = task
        .text
        .replace("{}", given.as_deref().unwrap_or("the last 30 days"));
    let message = PromptMessage::new_text(Role::User, text);
    let result = GetPromptResult::new(vec![message]).with_description(task.description);
    Ok(result.into())
}
