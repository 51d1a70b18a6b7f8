//! The key of the sandbox's service account: nobody's, and for this sandbox alone. PKCS #8, in base64.

pub(super) const KEY: &str = concat!(
    "MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQDM6nAOxDOwPfZ36iUoFmp3e5+P3/v0+aq4w528u42dBvV8nJaiR4Uw+BJZCO",
    "zoK+OiBuSh3/Zh2qhTVp33JDo1LZWtKrZ3jQswtCNjDI7z3OuLuBodkvr+o5mASN7kEw6TazCG1rtchg6JjBDZcvg4lSSWX+E1zZN/d7xK0oc0",
    "jjeXtcJI6YD+/TXJlKdPXwvH/FaXESFrIlNH/HRuoCsluQ/2Er6qr+lRTVawdWNkmxQHDX0gMUoP2FPMGyUPAZfgVrN9kGNxc7pprod/fwBueK",
    "QMc9AXaA6Dj8HBxiBUF6JyrUYHoxIZeYAy1LeZUqqimRwALkjdr1mst3N2xxU/AgMBAAECggEAXHUC7oa0U7cBeAWbkkTa8OJEkmQbiOMFlqwc",
    "hcWSFeHH7duxU7M1c2zaynVufyseYEL/8dHdlzVTcZbJW3NrGAdjW2jEP5jSDb2Zod1OutVZKgd9MQ7aVP54ChvXBc1bbESW9p/4lbye3ozmJV",
    "bsjIsuoPLN6LrC7GaX/KKVAq7Bz/hJsk1ral3Clw9xaFB/I5fhsRtCoRh1QRIx0645gSSZsU1EfqAt0fwXvT/VT6eg3ffL7c5Vxp4iPvXwdfyY",
    "YoEguu3jhRNG4+c9SdkLIxEYPMd1Ok8LLgFjijpSp+f8TT2w3c48OBDGzE9LfXpxgHEQwL8Hrj7xZzY06hycsQKBgQDnmmyW822V7haeDyM2wn",
    "/0AuVZLiGE4UUQJxz3NtlCW/axrEBywrhZHnqmm1yfTDNZidDTRPGEIV+m7j1s3eqkpr6o/ENWvfPPN726wRBdXg/h+PJ1oa75gFwTeUbz03YQ",
    "rVezw17HgWRNsBQloCy1RcCtGrxoYEOvDLLXwsx86wKBgQDigFdNE1B6S9j+BG3eZdPKfjGpMwJiEC73y6viE/O+mOnFCRcbgxW9O6eBycfmm7",
    "Z9O5c0J0+aQVdNVMho8T2cZhjnnXvznvUWrgSHRG3MHdxgF7K3yfUVG3jtQrb9P45vSU7enLgBnAEw8WkdWd6c4Et64TjNsTigGKdmu/Kj/QKB",
    "gAhHrhArfcR5cZePBPxFMdvgaqColIwynYx5SYDRFi1YKlapyNgRfBO7kjj4nvQW/lL6KVwUP+owY0INjGai/GuMho52DlZAjkHfRUoy8snTvg",
    "+fHdP0xtOmsiQEFvRKoBLyj4setfm9938Lh3zc4BxO9Rd7ODcnEeRlONOb5EGnAoGAH6olikbq903nNgvUeETwCNz/gFH7QU5V4pp8mwyDBOBH",
    "vh35NwVqYpwWXNSit6CJMJTGHKpqPHxqAguaQOGI5XZ4gNjJXVOZm+QUCf0NBH4gMubdO0hmlN7UVwb+ogTimrg66HAsYT04BWmacln//xp0Mu",
    "eNk2P1MJyBuqEH2NkCgYAFI13vYo7S4y6AaiQS+b5532Z2LN/ATMx3B5R+KKhizqBXz+4XIDDrzygDfq5ubUoa/LtHayCs33/rNO7ZTWQqK1Ut",
    "h5thuxbNNeGp1/lYELwlobIa9jYfnNNKW8EG3AiEpSjGW4vAn6EB+DBckHRsYaPL8yONnkxh6e9+FFPHXg==",
);
