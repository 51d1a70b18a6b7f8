# One line a recipe: each calls what also works without `just`.

# List the recipes
default:
    @just --list

# Build everything and run the product with a sandbox store beside it
up *ARGS:
    cargo xtask up {{ARGS}}

# All checks and tests
test *ARGS:
    cargo xtask test {{ARGS}}

# Format Rust and front end
fmt:
    cargo fmt --all && npm --prefix frontend run format

# Clippy, warnings denied
clippy:
    cargo xtask test --only clippy

# Write the files that are made from the code
generate:
    cargo xtask generate

# Measure the release build
bench *ARGS:
    cargo xtask bench {{ARGS}}

# Front end with hot reload, against a running product
web:
    npm --prefix frontend run dev

# What the CI runs
ci:
    .ci/run
