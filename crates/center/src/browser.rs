//! The certificate that browsers are shown, which know no Ed25519 ones: the hospital's own, or one
//! that the center makes for itself. Laptops never look at it.

use data_encoding::HEXUPPER;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use sha2::{Digest, Sha256};
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio_rustls::rustls::crypto::CryptoProvider;
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{Error as TlsError, SignatureScheme};

/// The file with the center's own certificate for browsers, and its key.
const FILE: &str = "console.pem";

/// Why there is no certificate for browsers.
#[derive(Debug, thiserror::Error)]
pub enum BrowserError {
    /// A file cannot be read or written.
    #[error("cannot use {path}")]
    Io {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },
    /// A file has no certificate.
    #[error("{0} holds no certificate in PEM form")]
    NoCertificate(PathBuf),
    /// A file has no key.
    #[error("{0} holds no private key in PEM form without a password")]
    NoKey(PathBuf),
    /// One cannot be made.
    #[error("cannot make a certificate for browsers")]
    Make(#[source] rcgen::Error),
}

/// A certificate chain with its key.
pub struct BrowserCertificate {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl BrowserCertificate {
    /// Reads a chain and its key from two PEM files.
    ///
    /// # Errors
    /// [`BrowserError`].
    pub fn read(chain: &Path, key: &Path) -> Result<Self, BrowserError> {
        let load = |path: &Path| {
            fs::read(path).map_err(|source| BrowserError::Io {
                path: path.to_owned(),
                source,
            })
        };
        let (chain_text, key_text) = (load(chain)?, load(key)?);
        let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&chain_text).collect();
        let certificates = certificates.unwrap_or_default();
        if certificates.is_empty() {
            return Err(BrowserError::NoCertificate(chain.to_owned()));
        }
        Ok(Self {
            chain: certificates,
            key: PrivateKeyDer::from_pem_slice(&key_text)
                .map_err(|_| BrowserError::NoKey(key.to_owned()))?,
        })
    }

    /// The center's own, kept in its folder; made the first time, and anew once it was deleted.
    ///
    /// # Errors
    /// [`BrowserError`].
    pub fn own(dir: &Path) -> Result<Self, BrowserError> {
        let path = dir.join(FILE);
        if !path.exists() {
            write_own(&path)?;
        }
        Self::read(&path, &path)
    }

    /// What browsers show as the certificate's SHA-256 fingerprint.
    pub fn fingerprint(&self) -> String {
        let hash = Sha256::digest(self.chain.first().map_or(&[][..], |first| first.as_ref()));
        let bytes = hash.iter().map(|byte| HEXUPPER.encode(&[*byte]));
        bytes.collect::<Vec<_>>().join(":")
    }

    /// Checks that the key is the certificate's.
    pub(crate) fn certified(self, provider: &CryptoProvider) -> Result<CertifiedKey, TlsError> {
        CertifiedKey::from_der(self.chain, self.key, provider)
    }
}

fn write_own(path: &Path) -> Result<(), BrowserError> {
    let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256);
    let pair = pair.map_err(BrowserError::Make)?;
    let mut params = rcgen::CertificateParams::new(vec!["pidesk-center".to_owned()])
        .map_err(BrowserError::Make)?;
    params.distinguished_name = rcgen::DistinguishedName::new();
    let name = "PI Desk center";
    params
        .distinguished_name
        .push(rcgen::DnType::CommonName, name);
    let certificate = params.self_signed(&pair).map_err(BrowserError::Make)?;
    let text = format!("{}{}", pair.serialize_pem(), certificate.pem());
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| {
        file.write_all(text.as_bytes())
            .and_then(|()| file.sync_all())
    });
    written.map_err(|source| BrowserError::Io {
        path: path.to_owned(),
        source,
    })
}

/// Shows laptops the center's key, and browsers what they understand.
#[derive(Debug)]
pub(crate) struct Pick {
    pub(crate) laptops: Arc<CertifiedKey>,
    pub(crate) browsers: Arc<CertifiedKey>,
}

impl ResolvesServerCert for Pick {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let knows = hello
            .signature_schemes()
            .contains(&SignatureScheme::ED25519);
        Some(Arc::clone(if knows {
            &self.laptops
        } else {
            &self.browsers
        }))
    }
}
