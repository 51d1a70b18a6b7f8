//! Rings as entries of a stream: a listener goes on from the last one that it read, over connections that break.

use crate::RedisShared;
use crate::link::{Link, away};
use async_trait::async_trait;
use ports::PortResult;
use ports::bells::{Bell, Listener};
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, RedisResult, Value, cmd};
use std::sync::Arc;
use std::time::Duration;

/// Entries that stay; a listener that is further behind looks at the log anyway.
const KEPT: u32 = 1000;
/// The server answers at least so often, so that a dead connection is noticed.
const BLOCK: Duration = Duration::from_secs(2);
const PATIENCE: Duration = Duration::from_secs(4);
const CONNECT: Duration = Duration::from_secs(2);

/// `(stream, [(id, [field, value …])])` of each stream.
type Read = Option<Vec<(String, Vec<(String, Vec<String>)>)>>;

#[async_trait]
impl Bell for RedisShared {
    async fn ring(&self) -> PortResult<()> {
        let link = &self.0;
        let mut add = cmd("XADD");
        add.arg(link.key("rings")).arg("MAXLEN").arg("~").arg(KEPT);
        add.arg("*").arg("from").arg(link.replica.to_string());
        link.call("bell.ring", |mut to| async move {
            add.exec_async(&mut to).await
        })
        .await
    }

    /// Over a connection of its own: it waits in the server.
    async fn listen(&self) -> PortResult<Box<dyn Listener>> {
        let link = Arc::clone(&self.0);
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECT))
            .set_response_timeout(Some(PATIENCE));
        let failed = |e| away("bell.listen", "Redis cannot be listened to").with_source(e);
        let opened = link
            .client
            .get_multiplexed_async_connection_with_config(&config);
        let mut connection = opened.await.map_err(failed)?;
        let last = newest(&link, &mut connection).await.map_err(failed)?;
        Ok(Box::new(Ear {
            link,
            connection,
            last,
        }))
    }
}

/// The newest entry's id; before all when there is none.
async fn newest(link: &Link, connection: &mut MultiplexedConnection) -> RedisResult<String> {
    let mut look = cmd("XREVRANGE");
    look.arg(link.key("rings"))
        .arg("+")
        .arg("-")
        .arg("COUNT")
        .arg(1);
    let found: Vec<(String, Value)> = look.query_async(connection).await?;
    let id = found.into_iter().next().map(|(id, _)| id);
    Ok(id.unwrap_or_else(|| "0-0".to_owned()))
}

struct Ear {
    link: Arc<Link>,
    connection: MultiplexedConnection,
    last: String,
}

#[async_trait]
impl Listener for Ear {
    async fn heard(&mut self) -> PortResult<()> {
        let me = self.link.replica.to_string();
        loop {
            let mut read = cmd("XREAD");
            read.arg("COUNT")
                .arg(KEPT)
                .arg("BLOCK")
                .arg(BLOCK.as_millis() as u64);
            read.arg("STREAMS")
                .arg(self.link.key("rings"))
                .arg(&self.last);
            let failed = |e| away("bell.heard", "Redis cannot be listened to").with_source(e);
            let read: Read = read
                .query_async(&mut self.connection)
                .await
                .map_err(failed)?;
            let rings = read.into_iter().flatten().flat_map(|(_, rings)| rings);
            let mut others = false;
            for (id, fields) in rings {
                self.last = id;
                others |= fields.get(1).is_none_or(|from| *from != me);
            }
            if others {
                return Ok(());
            }
        }
    }
}
