//! Settings of language models.

use super::{Group, Key, key};

pub(super) const MODELS: &[Key] = &[
    key(
        Group::Models,
        "OPENAI_MODEL",
        "",
        "Models that answer the assistant's questions, separated by commas; the first that answers is taken. Each is a name, as the server at OPENAI_BASE_URL knows it, or name@address for another server that wants no key, e.g. qwen3@http://localhost:11434/v1. Without one the built-in analyst answers.",
    ),
    key(
        Group::Models,
        "OPENAI_BASE_URL",
        "https://api.openai.com/v1",
        "Where a server speaks OpenAI's chat completions, with its version, e.g. http://localhost:11434/v1 of Ollama.",
    ),
    key(
        Group::Models,
        "OPENAI_API_KEY",
        "",
        "The key for it; local servers need none. Looked up like every secret.",
    ),
    key(
        Group::Models,
        "OPENAI_PRICES",
        "",
        "What models cost for a million tokens, read and said, as name=1.25/10, separated by commas; all in one currency.",
    ),
    key(
        Group::Models,
        "ASSISTANT_DAILY_TOKENS",
        "500000",
        "Tokens that models may use for a person on a day (UTC); 0 for no limit. Afterwards the built-in analyst answers.",
    ),
    key(
        Group::Models,
        "ASSISTANT_DAILY_COST",
        "",
        "What models may cost for a person on a day (UTC), in the currency of OPENAI_PRICES; every model needs a price then.",
    ),
];
