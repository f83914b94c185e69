//! The transport over HTTP/1.1: one connection kept open, TLS with the center's key pinned.

use crate::body::BODY_BYTES_MAX;
use crate::link::{Address, CenterLink};
use crate::pin::{Pin, key_of_spki};
use crate::transport::{Offline, Request, Response, Transport};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::Mutex;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::client::danger::{
    HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier,
};
use tokio_rustls::rustls::crypto::{CryptoProvider, ring, verify_tls13_signature};
use tokio_rustls::rustls::server::ParsedCertificate;
use tokio_rustls::rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error as TlsError, SignatureScheme,
    version,
};

/// How long connecting may take, TLS included. Units: milliseconds.
const CONNECT_MS: u64 = 10_000;
/// How long an answer that has begun may pause. Units: milliseconds.
const SILENCE_MS: u64 = 30_000;
/// Room for the headers' and the page head's share of an answer. Units: bytes.
const ANSWER_BYTES_MAX: usize = BODY_BYTES_MAX + 1024 * 1024;

/// A byte stream to the center.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin + 'static {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin + 'static> Stream for S {}

/// Opens byte streams to one center.
pub trait Dial: Send + Sync {
    /// Opens one.
    fn dial(&self) -> impl Future<Output = Result<Box<dyn Stream>, Offline>> + Send;
}

/// HTTP over whatever [`Dial`] opens.
pub struct Http<D = Tcp> {
    dial: D,
    authority: String,
    base: String,
    open: Mutex<Option<SendRequest<Full<Bytes>>>>,
}

impl Http<Tcp> {
    /// To an address, where the center is recognised by its pin.
    pub fn new(address: Address, pin: Pin) -> Self {
        let authority = match address.host.contains(':') {
            true => format!("[{}]:{}", address.host, address.port),
            false => format!("{}:{}", address.host, address.port),
        };
        let base = address.base.clone();
        Self::over(
            Tcp {
                address,
                tls: pinned(pin),
            },
            authority,
            base,
        )
    }

    /// To a laptop's center; `None` when the link is damaged.
    pub fn to(link: &CenterLink) -> Option<Self> {
        Some(Self::new(
            Address::parse(&link.url).ok()?,
            link.recognised_by()?,
        ))
    }
}

/// An answer whose body goes on.
pub struct Flowing {
    /// Its status and headers; no body.
    pub head: Response,
    body: Incoming,
    // The connection ends with it.
    _sender: SendRequest<Full<Bytes>>,
}

impl Flowing {
    /// The next part; `None` at the end. Nothing is lost when it is not waited for to the end.
    ///
    /// # Errors
    /// [`Offline::Broken`].
    pub async fn part(&mut self) -> Result<Option<Bytes>, Offline> {
        loop {
            match self.body.frame().await {
                None => return Ok(None),
                Some(Err(_)) => return Err(Offline::Broken),
                Some(Ok(frame)) => {
                    if let Ok(part) = frame.into_data() {
                        return Ok(Some(part));
                    }
                }
            }
        }
    }

    /// The whole body, for an answer that ends.
    ///
    /// # Errors
    /// [`Offline`].
    pub async fn whole(self) -> Result<Response, Offline> {
        let body = read(self.body).await?;
        Ok(Response { body, ..self.head })
    }
}

fn head_of(parts: hyper::http::response::Parts) -> Response {
    let text = |value: &hyper::http::HeaderValue| value.to_str().unwrap_or("").to_owned();
    let headers = parts
        .headers
        .iter()
        .map(|(n, v)| (n.as_str().to_owned(), text(v)))
        .collect();
    Response {
        status: parts.status.as_u16(),
        headers,
        body: Vec::new(),
    }
}

impl<D: Dial> Http<D> {
    /// Over any byte streams.
    pub fn over(dial: D, authority: String, base: String) -> Self {
        Self {
            dial,
            authority,
            base,
            open: Mutex::new(None),
        }
    }

    async fn connect(&self) -> Result<SendRequest<Full<Bytes>>, Offline> {
        let stream = self.dial.dial().await?;
        let (sender, connection) = handshake(TokioIo::new(stream))
            .await
            .map_err(|_| Offline::Broken)?;
        tokio::spawn(async move {
            // The request that breaks learns of it; nobody else has to.
            let _ = connection.await;
        });
        Ok(sender)
    }

    async fn exchange(&self, request: Request) -> Result<Response, Offline> {
        // Taken out, not held: a long poll and a round do not wait for each other.
        let kept = self.open.lock().await.take();
        if let Some(mut sender) = kept {
            // The other side may have closed it meanwhile; every request may be repeated.
            if sender.ready().await.is_ok()
                && let Ok(response) = self.through(sender, &request).await
            {
                return Ok(response);
            }
        }
        let limit = Duration::from_millis(CONNECT_MS);
        let connected = tokio::time::timeout(limit, self.connect()).await;
        self.through(connected.map_err(|_| Offline::Timeout)??, &request)
            .await
    }

    async fn through(
        &self,
        mut sender: SendRequest<Full<Bytes>>,
        request: &Request,
    ) -> Result<Response, Offline> {
        let limit = Duration::from_millis(request.timeout_ms);
        let response = tokio::time::timeout(limit, sender.send_request(self.build(request)?));
        let response = response
            .await
            .map_err(|_| Offline::Timeout)?
            .map_err(|_| Offline::Broken)?;
        let (parts, body) = response.into_parts();
        let body = read(body).await?;
        *self.open.lock().await = Some(sender);
        Ok(Response {
            body,
            ..head_of(parts)
        })
    }

    /// Sends a request on a connection of its own and gives the answer while it comes in.
    ///
    /// # Errors
    /// [`Offline`].
    pub async fn flow(&self, request: &Request) -> Result<Flowing, Offline> {
        let limit = Duration::from_millis(CONNECT_MS);
        let connected = tokio::time::timeout(limit, self.connect()).await;
        let mut sender = connected.map_err(|_| Offline::Timeout)??;
        let limit = Duration::from_millis(request.timeout_ms);
        let response = tokio::time::timeout(limit, sender.send_request(self.build(request)?));
        let response = response
            .await
            .map_err(|_| Offline::Timeout)?
            .map_err(|_| Offline::Broken)?;
        let (parts, body) = response.into_parts();
        Ok(Flowing {
            head: head_of(parts),
            body,
            _sender: sender,
        })
    }

    fn build(&self, request: &Request) -> Result<hyper::Request<Full<Bytes>>, Offline> {
        let mut builder = hyper::Request::builder()
            .method(request.method)
            .uri(format!("{}{}", self.base, request.path))
            .header("host", &self.authority);
        for (name, value) in &request.headers {
            builder = builder.header(*name, value);
        }
        let body = Bytes::from(request.body.clone());
        builder
            .body(Full::new(body))
            .map_err(|_| Offline::Unreachable)
    }
}

impl<D: Dial> Transport for Http<D> {
    async fn send(&self, request: Request) -> Result<Response, Offline> {
        self.exchange(request).await
    }
}

/// Reads a body for as long as it goes on: a slow network is no reason to begin again.
async fn read(body: Incoming) -> Result<Vec<u8>, Offline> {
    let mut body = std::pin::pin!(Limited::new(body, ANSWER_BYTES_MAX));
    let mut bytes = Vec::new();
    loop {
        let part = tokio::time::timeout(Duration::from_millis(SILENCE_MS), body.frame()).await;
        match part.map_err(|_| Offline::Timeout)? {
            None => return Ok(bytes),
            Some(Ok(part)) => bytes.extend_from_slice(part.data_ref().map_or(&[], |d| d)),
            Some(Err(e)) if e.is::<LengthLimitError>() => return Err(Offline::TooLarge),
            Some(Err(_)) => return Err(Offline::Broken),
        }
    }
}

/// Opens TCP connections, with TLS where the address says so.
pub struct Tcp {
    address: Address,
    tls: Arc<ClientConfig>,
}

impl Dial for Tcp {
    async fn dial(&self) -> Result<Box<dyn Stream>, Offline> {
        let to = (self.address.host.as_str(), self.address.port);
        let stream = TcpStream::connect(to)
            .await
            .map_err(|_| Offline::Unreachable)?;
        // Requests are small and answered one by one.
        let _ = stream.set_nodelay(true);
        if !self.address.is_tls {
            return Ok(Box::new(stream));
        }
        let name =
            ServerName::try_from(self.address.host.clone()).map_err(|_| Offline::Unreachable)?;
        let connector = TlsConnector::from(Arc::clone(&self.tls));
        match connector.connect(name, stream).await {
            Ok(stream) => Ok(Box::new(stream)),
            Err(error) if is_pin_error(&error) => Err(Offline::Pin),
            Err(_) => Err(Offline::Broken),
        }
    }
}

fn is_pin_error(error: &std::io::Error) -> bool {
    let inner = error.get_ref().and_then(|e| e.downcast_ref::<TlsError>());
    matches!(inner, Some(TlsError::InvalidCertificate(_)))
}

/// TLS 1.3 that believes one key and no certificate authority.
fn pinned(pin: Pin) -> Arc<ClientConfig> {
    let provider = Arc::new(ring::default_provider());
    let verifier = PinVerifier {
        pin,
        provider: Arc::clone(&provider),
    };
    let config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&version::TLS13])
        .expect("the provider has TLS 1.3")
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Arc::new(config)
}

/// Takes a certificate for its key alone: names, dates and issuers say nothing here.
#[derive(Debug)]
struct PinVerifier {
    pin: Pin,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for PinVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        let certificate = ParsedCertificate::try_from(end_entity)?;
        let key = key_of_spki(certificate.subject_public_key_info().as_ref());
        if key.is_some_and(|key| self.pin.fits(&key)) {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(TlsError::InvalidCertificate(
                CertificateError::ApplicationVerificationFailure,
            ))
        }
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        Err(TlsError::General("TLS 1.2 is not offered".to_owned()))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, cert, dss, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ED25519]
    }
}
