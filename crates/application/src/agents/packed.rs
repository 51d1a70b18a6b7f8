//! Facts as they are stored: long ones are packed, because a run every other hour over years of sales fills a disk.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use std::io::{self, Read as _, Write as _};

/// Before what is packed; no JSON begins like it.
const PACKED: &str = "gzip:";
/// Shorter ones stay readable.
const SHORT: usize = 4_096;

pub(super) fn pack(text: String) -> io::Result<String> {
    if text.len() < SHORT {
        return Ok(text);
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes())?;
    Ok(format!("{PACKED}{}", STANDARD.encode(encoder.finish()?)))
}

pub(super) fn unpack(stored: String) -> io::Result<String> {
    let Some(packed) = stored.strip_prefix(PACKED) else {
        return Ok(stored);
    };
    let packed = STANDARD.decode(packed).map_err(io::Error::other)?;
    let mut text = String::new();
    GzDecoder::new(packed.as_slice()).read_to_string(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_facts_are_packed_and_come_back_as_they_were() {
        let short = "{\"a\":1}".to_owned();
        assert_eq!(pack(short.clone()).unwrap(), short);
        let long = format!("{{\"sales\":[{}]}}", "{\"units\":3},".repeat(2_000));
        let packed = pack(long.clone()).unwrap();
        assert!(packed.len() * 20 < long.len(), "{}", packed.len());
        assert_eq!(unpack(packed).unwrap(), long);
        assert_eq!(unpack(short.clone()).unwrap(), short);
        assert!(unpack("gzip:AAAA".to_owned()).is_err());
    }
}
