//! A download read line by line (JSONL), in the memory of its longest line.

use bytes::{Bytes, BytesMut};
use ports::PortResult;

use crate::stream::Download;

/// Lines of a download, without their line ends.
pub struct Lines {
    download: Download,
    rest: BytesMut,
    /// Of `rest`: known to hold no line end.
    searched: usize,
    /// Position in the file after the last whole line.
    position: u64,
    cap: usize,
}

impl Lines {
    pub(crate) fn new(download: Download, cap: usize) -> Self {
        let position = download.position();
        Self {
            download,
            rest: BytesMut::new(),
            searched: 0,
            position,
            cap,
        }
    }

    /// The next line; `None` at the end of the file. A last line without a line end is a line.
    ///
    /// # Errors
    /// As [`Download::next`]; `Corrupt` for a line above the cap.
    pub async fn next(&mut self) -> PortResult<Option<Bytes>> {
        loop {
            if let Some(at) = self.rest[self.searched..].iter().position(|b| *b == b'\n') {
                let line = self.rest.split_to(self.searched + at + 1).freeze();
                self.searched = 0;
                self.position += line.len() as u64;
                let end = line.len() - 1;
                let end = if end > 0 && line[end - 1] == b'\r' {
                    end - 1
                } else {
                    end
                };
                return Ok(Some(line.slice(..end)));
            }
            self.searched = self.rest.len();
            if self.searched > self.cap {
                return Err(self
                    .download
                    .corrupt(&format!("sent a line of more than {} bytes", self.cap)));
            }
            match self.download.next().await? {
                Some(piece) => self.rest.extend_from_slice(&piece),
                None if self.rest.is_empty() => return Ok(None),
                None => {
                    self.searched = 0;
                    self.position += self.rest.len() as u64;
                    return Ok(Some(self.rest.split().freeze()));
                }
            }
        }
    }

    /// Bytes of the file up to and with the last line that was returned: where a later [`crate::StartAt`] goes on.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.position
    }

    /// See [`Download::total`].
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.download.total()
    }

    /// See [`Download::validator`].
    #[must_use]
    pub fn validator(&self) -> Option<&str> {
        self.download.validator()
    }
}
