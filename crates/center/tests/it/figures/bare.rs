//! The least that takes a push: a handler that copies prepared rows into a table, and a client that
//! sends bytes and reads the answer.

use super::place::Place;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::routing::post;
use futures_util::{SinkExt, TryStreamExt};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_postgres::{Client, NoTls};

/// A server with its database and its prepared rows, and a client connected to it.
pub(crate) struct Bare {
    client: Arc<Client>,
    bodies: Vec<Vec<u8>>,
    stream: TcpStream,
}

struct Rows {
    client: Arc<Client>,
    rows: Vec<Bytes>,
}

async fn take(State(rows): State<Arc<Rows>>, Path(n): Path<usize>, body: Bytes) -> &'static str {
    assert!(!body.is_empty());
    let sink = rows
        .client
        .copy_in("COPY bare FROM STDIN BINARY")
        .await
        .unwrap();
    let mut sink = std::pin::pin!(sink);
    sink.send(rows.rows[n].clone()).await.unwrap();
    sink.finish().await.unwrap();
    "taken"
}

impl Bare {
    /// The rows are those that the center wrote for these requests: a body, and the first and last
    /// number of its commits.
    pub(crate) async fn new(place: &Place, requests: Vec<(Vec<u8>, (u64, u64))>) -> Self {
        let connected = tokio_postgres::connect(&place.address, NoTls).await;
        let (client, connection) = connected.unwrap();
        tokio::spawn(connection);
        let sql = "CREATE TABLE bare (LIKE commits INCLUDING ALL)";
        client.batch_execute(sql).await.unwrap();
        let client = Arc::new(client);
        let (mut bodies, mut rows) = (Vec::new(), Vec::new());
        for (body, (first, last)) in requests {
            let sql = format!(
                "COPY (SELECT * FROM commits WHERE sseq BETWEEN {first} AND {last} ORDER BY sseq)
                 TO STDOUT BINARY"
            );
            let parts = client.copy_out(sql.as_str()).await.unwrap();
            let parts: Vec<Bytes> = parts.try_collect().await.unwrap();
            rows.push(Bytes::from(parts.concat()));
            bodies.push(body);
        }
        let state = Arc::new(Rows {
            client: Arc::clone(&client),
            rows,
        });
        let router = Router::new().route("/{n}", post(take)).with_state(state);
        let router = router.layer(axum::extract::DefaultBodyLimit::disable());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self {
            client,
            bodies,
            stream,
        }
    }

    /// Sends everything, one request after the other.
    pub(crate) async fn push(&mut self) -> Duration {
        self.client.batch_execute("TRUNCATE bare").await.unwrap();
        let begun = Instant::now();
        for (n, body) in self.bodies.iter().enumerate() {
            let head = format!(
                "POST /{n} HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n",
                body.len()
            );
            self.stream.write_all(head.as_bytes()).await.unwrap();
            self.stream.write_all(body).await.unwrap();
            let mut answer = Vec::new();
            while !answer.ends_with(b"taken") {
                assert!(self.stream.read_buf(&mut answer).await.unwrap() > 0);
            }
        }
        begun.elapsed()
    }

    /// How many rows there are.
    pub(crate) async fn n_rows(&self) -> i64 {
        let row = self
            .client
            .query_one("SELECT count(*) FROM bare", &[])
            .await;
        row.unwrap().get(0)
    }
}
