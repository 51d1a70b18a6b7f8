//! Settings of suppliers.

use super::{Group, Key, key};

pub(super) const SUPPLIERS: &[Key] = &[
    key(
        Group::Suppliers,
        "AUTODS_MCP_URL",
        "https://mcp.autods.com/mcp",
        "Where AutoDS's MCP server is, e.g. /autods/mcp of a sandbox.",
    ),
    key(
        Group::Suppliers,
        "AUTODS_BASE_URL",
        "",
        "Where a REST interface of AutoDS's is that you have a contract for; AutoDS publishes none, so without it there is none. The contract itself, its paths and pointers, is entered on the page of suppliers.",
    ),
    key(
        Group::Suppliers,
        "AUTODS_API_KEY",
        "",
        "The key of that contract, where none is entered with it; it is sent to the host of `AUTODS_BASE_URL` alone. Looked up like every secret.",
    ),
    key(
        Group::Suppliers,
        "SPOCKET_BASE_URL",
        "",
        "Where a REST interface of Spocket's is that you have a contract for, e.g. /rest-supplier of a sandbox; Spocket publishes none, so without it there is none. The contract itself, its paths and pointers, is entered on the page of suppliers.",
    ),
    key(
        Group::Suppliers,
        "SPOCKET_API_KEY",
        "",
        "The key of that contract, where none is entered with it; it is sent to the host of `SPOCKET_BASE_URL` alone. Looked up like every secret.",
    ),
    key(
        Group::Suppliers,
        "CJ_BASE_URL",
        "https://developers.cjdropshipping.com/api2.0/v1",
        "Where CJdropshipping's API 2.0 is, e.g. /cj of a sandbox.",
    ),
    key(
        Group::Suppliers,
        "CJ_API_KEY",
        "",
        "A key of CJdropshipping: its account is connected by itself. Looked up like every secret.",
    ),
    key(
        Group::Suppliers,
        "PRINTFUL_BASE_URL",
        "https://api.printful.com",
        "Where Printful's API v2 is, e.g. /printful of a sandbox.",
    ),
    key(
        Group::Suppliers,
        "PRINTFUL_TOKEN",
        "",
        "A private token of one store at Printful, with the right to manage orders and webhooks: its account is connected by itself. Looked up like every secret.",
    ),
    key(
        Group::Suppliers,
        "SUPPLIER_IMAGE_ALLOWED_HOSTS",
        "",
        "Hosts, with commas between them, that pictures of suppliers' products may be fetched from although their addresses are private, e.g. 127.0.0.1 for a sandbox.",
    ),
    key(
        Group::Suppliers,
        "SUPPLIER_IMAGE_CACHE_BYTES",
        "268435456",
        "Bytes that pictures of suppliers' products may take in DATA_DIR; the oldest go first.",
    ),
    key(
        Group::Suppliers,
        "SUPPLIER_SEARCHES",
        "",
        "What is searched for at suppliers whose key stands here, separated by commas; without it none of them is connected.",
    ),
    key(
        Group::Suppliers,
        "SUPPLIER_SYNC_INTERVAL",
        "21600",
        "Seconds between two readings of a connected supplier.",
    ),
];
