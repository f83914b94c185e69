//! The way to an S3-compatible store: HTTP/1.1 over the TLS that is here already.

use bytes::Bytes;
use futures_util::stream;
use http_body_util::{BodyExt as _, StreamBody};
use hyper::body::Incoming;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{HOST, HeaderValue};
use hyper_util::rt::TokioIo;
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpRequestBody,
    HttpResponse, HttpResponseBody, HttpService,
};
use rustls_pki_types::ServerName;
use std::io;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

/// How long connecting may take, TLS included. Units: milliseconds.
const CONNECT_MS: u64 = 3_000;
/// How long an answer may be waited for, and how long it may pause. Units: milliseconds.
const SILENCE_MS: u64 = 10_000;
/// The slowest way to the store that is given time. Units: bytes per millisecond.
const SLOWEST: u64 = 256;
/// How many connections are kept for the next request.
const IDLE_MAX: usize = 16;

/// Makes connections to one store.
#[derive(Clone)]
pub(crate) struct Way {
    /// How they are closed to others; `None` for `http`.
    pub(crate) tls: Option<TlsConnector>,
}

impl std::fmt::Debug for Way {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Way")
    }
}

impl HttpConnector for Way {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(Client {
            way: self.clone(),
            open: Mutex::default(),
        }))
    }
}

type Sender = SendRequest<HttpRequestBody>;
type Answer<'a> = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'a>>;

#[derive(Debug)]
struct Client {
    way: Way,
    /// Connections whose last answer may still be coming in.
    open: Mutex<Vec<Sender>>,
}

impl HttpService for Client {
    fn call<'a, 'b>(&'a self, request: HttpRequest) -> Answer<'b>
    where
        'a: 'b,
    {
        Box::pin(self.exchange(request))
    }
}

impl Client {
    async fn exchange(&self, mut request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let uri = request.uri().clone();
        let (Some(authority), Some(path)) = (uri.authority(), uri.path_and_query()) else {
            return Err(other(io::Error::from(io::ErrorKind::InvalidInput)));
        };
        let host = HeaderValue::from_str(authority.as_str()).map_err(other)?;
        request.headers_mut().insert(HOST, host);
        *request.uri_mut() = path.as_str().parse().map_err(other)?;
        let mut sender = match self.idle() {
            Some(sender) => sender,
            None => {
                let is_tls = uri.scheme_str() == Some("https");
                let port = authority
                    .port_u16()
                    .unwrap_or(if is_tls { 443 } else { 80 });
                let connecting = self.way.connect((authority.host(), port), is_tls);
                let connected = timeout(Duration::from_millis(CONNECT_MS), connecting).await;
                let connected = connected.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
                let fail = |error| HttpError::new(HttpErrorKind::Connect, error);
                connected.map_err(fail)?
            }
        };
        let limit_ms = SILENCE_MS + request.body().content_length() as u64 / SLOWEST;
        let answer = timeout(
            Duration::from_millis(limit_ms),
            sender.send_request(request),
        );
        let answer = answer
            .await
            .map_err(|passed| HttpError::new(HttpErrorKind::Timeout, passed))?
            // Also a kept connection that the store closed meanwhile: it is tried again.
            .map_err(|error| HttpError::new(HttpErrorKind::Request, error))?;
        self.keep(sender);
        Ok(answer.map(|body| HttpResponseBody::new(StreamBody::new(patient(body)))))
    }

    /// A connection that waits for a request.
    fn idle(&self) -> Option<Sender> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|sender| !sender.is_closed());
        let at = open.iter().position(Sender::is_ready)?;
        Some(open.swap_remove(at))
    }

    fn keep(&self, sender: Sender) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.len() < IDLE_MAX {
            open.push(sender);
        }
    }
}

trait Io: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Io for S {}

impl Way {
    async fn connect(&self, (host, port): (&str, u16), is_tls: bool) -> io::Result<Sender> {
        let host = host.trim_matches(['[', ']']);
        let stream = TcpStream::connect((host, port)).await?;
        stream.set_nodelay(true)?;
        let stream: Box<dyn Io> = match (is_tls, &self.tls) {
            (false, _) => Box::new(stream),
            (true, None) => return Err(io::ErrorKind::Unsupported.into()),
            (true, Some(tls)) => {
                let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
                Box::new(tls.connect(name, stream).await?)
            }
        };
        let shaken = handshake(TokioIo::new(stream)).await;
        let (sender, connection) = shaken.map_err(io::Error::other)?;
        tokio::spawn(async move {
            // The request that breaks learns of it.
            let _ = connection.await;
        });
        Ok(sender)
    }
}

/// An answer's body, given up when it pauses for too long.
fn patient(
    body: Incoming,
) -> impl futures_util::Stream<Item = Result<hyper::body::Frame<Bytes>, HttpError>> + Send + Sync {
    stream::try_unfold(body, |mut body| async move {
        match timeout(Duration::from_millis(SILENCE_MS), body.frame()).await {
            Ok(Some(Ok(frame))) => Ok(Some((frame, body))),
            Ok(Some(Err(error))) => Err(HttpError::new(HttpErrorKind::Interrupted, error)),
            Ok(None) => Ok(None),
            Err(passed) => Err(HttpError::new(HttpErrorKind::Timeout, passed)),
        }
    })
}

fn other(error: impl std::error::Error + Send + Sync + 'static) -> HttpError {
    HttpError::new(HttpErrorKind::Unknown, error)
}
