//! `royal`
fn main() {
    print!("{}", server::openapi::text());
}
