//! A network that does what a script says, between a real laptop and a real center.
//!
//! Every connection has a fate: the next of the script, and when that is at its end the standing
//! one. Bytes are not looked at, so it works under TLS; the fates that are about requests and
//! answers ([`Fate::One`], [`Fate::Twice`], [`Fate::Keep`], [`Fate::GiveKept`], [`Fate::Strip`]) need plain HTTP.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::Instant;

/// How much is taken from a connection at once.
const CHUNK_BYTES: usize = 1024;
/// The first byte of a TLS connection.
const TLS_HANDSHAKE: u8 = 22;

/// What becomes of a connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Fate {
    /// Everything passes.
    #[default]
    Pass,
    /// A slow network. Units: milliseconds each way, bytes per second.
    Slow {
        /// How long a piece is on its way. Units: milliseconds.
        delay_ms: u64,
        /// How much passes. Units: bytes per second.
        rate: u64,
    },
    /// The connection ends after so many bytes from the laptop.
    CutUp(usize),
    /// The connection ends after so many bytes from the center.
    CutDown(usize),
    /// Nothing passes after so many bytes from the center, and the connection stays open.
    StopDown(usize),
    /// It is taken and stays open, and nothing passes: a half-open connection.
    Silent,
    /// Nothing from the laptop reaches the center.
    DeafUp,
    /// Nothing from the center reaches the laptop, which acts all the same.
    DeafDown,
    /// It is refused.
    Refused,
    /// One request and its answer pass, then the connection ends: the next request has another.
    One,
    /// The first request reaches the center twice; the second answer comes back.
    Twice,
    /// The center answers the first request; the answer is kept and the connection ends.
    Keep,
    /// Instead of the center's, the kept answer comes back.
    GiveKept,
    /// A header of the first answer is taken away.
    Strip(&'static str),
    /// Somebody else answers: a portal, a gateway, a proxy that wants a log-in.
    Answer(Vec<u8>),
    /// Somebody else stands at the address.
    Elsewhere(SocketAddr),
}

impl Fate {
    /// An answer of the network's own.
    pub fn page(status: &str, headers: &[&str], body: &str) -> Self {
        let mut text = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n", body.len());
        for header in headers {
            text.push_str(header);
            text.push_str("\r\n");
        }
        Self::Answer(format!("{text}\r\n{body}").into_bytes())
    }
}

#[derive(Default)]
struct Plan {
    script: VecDeque<Fate>,
    standing: Fate,
    kept: Option<Vec<u8>>,
    target: Option<SocketAddr>,
    n_connections: usize,
}

/// A running proxy; it ends with the value.
pub struct Proxy {
    plan: Arc<Mutex<Plan>>,
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn lock(plan: &Mutex<Plan>) -> std::sync::MutexGuard<'_, Plan> {
    plan.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Proxy {
    /// Listens on a free port in front of a center.
    ///
    /// # Errors
    /// When there is no port.
    pub async fn before(target: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let plan = Arc::new(Mutex::new(Plan {
            target: Some(target),
            ..Plan::default()
        }));
        let task = tokio::spawn(listen(listener, Arc::clone(&plan)));
        Ok(Self {
            plan,
            address,
            task,
        })
    }

    /// Where laptops connect.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What becomes of the next connections, in order; what was left of an earlier script is
    /// forgotten.
    pub fn script(&self, fates: impl IntoIterator<Item = Fate>) {
        lock(&self.plan).script = fates.into_iter().collect();
    }

    /// What becomes of every connection that no script is about.
    pub fn stand(&self, fate: Fate) {
        lock(&self.plan).standing = fate;
    }

    /// The center is at another address from now on.
    pub fn move_to(&self, target: SocketAddr) {
        lock(&self.plan).target = Some(target);
    }

    /// How many connections there were.
    pub fn n_connections(&self) -> usize {
        lock(&self.plan).n_connections
    }
}

async fn listen(listener: TcpListener, plan: Arc<Mutex<Plan>>) {
    // Connections end with the proxy.
    let mut open = tokio::task::JoinSet::new();
    loop {
        let Ok((laptop, _)) = listener.accept().await else {
            return;
        };
        let (fate, target) = {
            let mut plan = lock(&plan);
            plan.n_connections += 1;
            let fate = plan.script.pop_front();
            (fate.unwrap_or_else(|| plan.standing.clone()), plan.target)
        };
        let Some(target) = target else { return };
        let plan = Arc::clone(&plan);
        open.spawn(async move {
            // A connection that breaks is what this is for.
            let _ = live(laptop, fate, target, &plan).await;
        });
    }
}

async fn live(
    mut laptop: TcpStream,
    fate: Fate,
    target: SocketAddr,
    plan: &Mutex<Plan>,
) -> io::Result<()> {
    let _ = laptop.set_nodelay(true);
    match fate {
        Fate::Refused => Ok(()),
        Fate::Silent => std::future::pending().await,
        Fate::Answer(bytes) => {
            // Whoever speaks TLS to it is answered all the same.
            let mut first = [0];
            laptop.peek(&mut first).await?;
            if first != [TLS_HANDSHAKE] {
                read_message(&mut laptop).await?;
            }
            laptop.write_all(&bytes).await?;
            laptop.shutdown().await
        }
        Fate::GiveKept => {
            read_message(&mut laptop).await?;
            let kept = lock(plan).kept.clone().unwrap_or_default();
            laptop.write_all(&kept).await?;
            laptop.shutdown().await
        }
        Fate::Keep => {
            let request = read_message(&mut laptop).await?;
            let answer = ask(target, &request).await?;
            lock(plan).kept = Some(answer);
            Ok(())
        }
        Fate::One => {
            let request = read_message(&mut laptop).await?;
            laptop.write_all(&ask(target, &request).await?).await?;
            laptop.shutdown().await
        }
        Fate::Twice => {
            let request = read_message(&mut laptop).await?;
            ask(target, &request).await?;
            let answer = ask(target, &request).await?;
            laptop.write_all(&answer).await?;
            laptop.shutdown().await
        }
        Fate::Strip(header) => {
            let request = read_message(&mut laptop).await?;
            let answer = without(&ask(target, &request).await?, header);
            laptop.write_all(&answer).await?;
            laptop.shutdown().await
        }
        Fate::Elsewhere(other) => pass(laptop, other, &Fate::Pass).await,
        fate => pass(laptop, target, &fate).await,
    }
}

/// One direction of a connection.
#[derive(Clone, Copy, Default)]
struct Way {
    cut_after: Option<usize>,
    /// Whether the connection stays open after that.
    stays_open: bool,
    is_deaf: bool,
    delay_ms: u64,
    /// Units: bytes per second; 0 for as fast as it goes.
    rate: u64,
}

async fn pass(laptop: TcpStream, target: SocketAddr, fate: &Fate) -> io::Result<()> {
    let center = TcpStream::connect(target).await?;
    let _ = center.set_nodelay(true);
    let (mut up, mut down) = (Way::default(), Way::default());
    match fate {
        Fate::Slow { delay_ms, rate } => {
            let slow = Way {
                delay_ms: *delay_ms,
                rate: *rate,
                ..Way::default()
            };
            (up, down) = (slow, slow);
        }
        Fate::CutUp(n) => up.cut_after = Some(*n),
        Fate::CutDown(n) => down.cut_after = Some(*n),
        Fate::StopDown(n) => (down.cut_after, down.stays_open) = (Some(*n), true),
        Fate::DeafUp => up.is_deaf = true,
        Fate::DeafDown => down.is_deaf = true,
        _ => {}
    }
    let (from_laptop, to_laptop) = laptop.into_split();
    let (from_center, to_center) = center.into_split();
    // Whichever ends first ends both.
    tokio::select! {
        ended = carry(from_laptop, to_center, up) => ended,
        ended = carry(from_center, to_laptop, down) => ended,
    }
}

async fn carry<R, W>(mut from: R, mut to: W, way: Way) -> io::Result<()>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let mut chunk = [0; CHUNK_BYTES];
    let mut left = way.cut_after.unwrap_or(usize::MAX);
    let mut quiet_since = Instant::now();
    loop {
        let n = from.read(&mut chunk).await?;
        if n == 0 {
            return to.shutdown().await;
        }
        if way.is_deaf {
            continue;
        }
        // What follows at once is on the way at the same time.
        let is_first = quiet_since.elapsed().as_millis() >= u128::from(way.delay_ms);
        let delay_ms = if is_first { way.delay_ms } else { 0 };
        let on_the_way = delay_ms + (n as u64 * 1000).checked_div(way.rate).unwrap_or(0);
        if on_the_way > 0 {
            tokio::time::sleep(Duration::from_millis(on_the_way)).await;
        }
        quiet_since = Instant::now();
        let passes = n.min(left);
        to.write_all(&chunk[..passes]).await?;
        left -= passes;
        if left == 0 {
            to.flush().await?;
            if way.stays_open {
                std::future::pending::<()>().await;
            }
            return Ok(());
        }
    }
}

/// Makes a request on a connection of its own.
async fn ask(target: SocketAddr, request: &[u8]) -> io::Result<Vec<u8>> {
    let mut center = TcpStream::connect(target).await?;
    center.write_all(request).await?;
    read_message(&mut center).await
}

/// Reads a request or an answer: its head, and as much of a body as the head says.
async fn read_message(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut chunk = [0; CHUNK_BYTES];
    loop {
        if let Some(end) = head_end(&bytes)
            && bytes.len() >= end + length(&bytes[..end])
        {
            return Ok(bytes);
        }
        match stream.read(&mut chunk).await? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            n => bytes.extend_from_slice(&chunk[..n]),
        }
    }
}

fn head_end(bytes: &[u8]) -> Option<usize> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    Some(end + 4)
}

fn length(head: &[u8]) -> usize {
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let lengths = head
        .lines()
        .filter_map(|line| line.strip_prefix("content-length:"));
    lengths
        .filter_map(|text| text.trim().parse().ok())
        .next()
        .unwrap_or(0)
}

/// A message without one of its headers.
fn without(message: &[u8], header: &str) -> Vec<u8> {
    let Some(end) = head_end(message) else {
        return message.to_vec();
    };
    let head = String::from_utf8_lossy(&message[..end]);
    let is_it = |line: &str| {
        let name = line.split(':').next().unwrap_or_default();
        name.eq_ignore_ascii_case(header)
    };
    let kept: String = head
        .split_inclusive("\r\n")
        .filter(|line| !is_it(line))
        .collect();
    [kept.as_bytes(), &message[end..]].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_ends_where_its_head_says() {
        let message = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nx-a: b\r\n\r\nabc";
        let end = head_end(message).expect("a head");
        assert_eq!((length(&message[..end]), &message[end..]), (3, &b"abc"[..]));
        let text = String::from_utf8(without(message, "X-A")).expect("text");
        assert_eq!(text, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc");
    }
}
