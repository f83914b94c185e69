//! The center's own key: one Ed25519 key is its identity, signs its answers and carries its
//! certificate, so that pinning the key once covers all of them.

use crate::browser::{BrowserCertificate, Pick};
use data_encoding::BASE64URL_NOPAD;
use ledger::{DeviceKey, PublicKey};
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use sync::Surroundings;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{Error as TlsError, ServerConfig, crypto::ring, version};

pub(crate) const FILE: &str = "center.key";
/// The key that was replaced last.
const OLD_FILE: &str = "center.key.old";
/// PKCS #8 form of an Ed25519 key up to its 32 secret bytes. Source: RFC 8410, section 7.
const PKCS8_PREFIX: [u8; 16] = [
    0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20,
];

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The file cannot be read or written.
    #[error("cannot use the key file {path}")]
    Io {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },
    /// The file is not a key.
    #[error("the key file {0} is damaged; put back the copy from the backup")]
    Damaged(PathBuf),
    /// The certificate cannot be made.
    #[error("cannot make the certificate")]
    Certificate(#[source] rcgen::Error),
    /// The TLS library refuses the certificate for browsers.
    #[error(
        "the key for browsers is not that of the certificate for browsers, or of no use for TLS 1.3"
    )]
    Browsers(#[source] TlsError),
    /// The TLS library refuses the key.
    #[error("cannot set up TLS")]
    Tls(#[source] TlsError),
}

/// The center's key.
pub struct Identity {
    secret: [u8; 32],
    key: DeviceKey,
}

impl Identity {
    /// Takes 32 secret random bytes as the key.
    pub fn from_secret(secret: [u8; 32]) -> Self {
        Self {
            key: DeviceKey::from_secret(&secret),
            secret,
        }
    }

    /// Reads the key from the data folder; makes it the first time.
    ///
    /// # Errors
    /// [`IdentityError`]; a damaged file is never replaced, because laptops know the old key.
    pub fn open(dir: &Path, around: &dyn Surroundings) -> Result<Self, IdentityError> {
        let path = dir.join(FILE);
        let fail = |source| IdentityError::Io {
            path: path.clone(),
            source,
        };
        match fs::read_to_string(&path) {
            Ok(text) => Self::read(&text).ok_or_else(|| IdentityError::Damaged(path.clone())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let mut secret = [0; 32];
                around.random(&mut secret);
                match write_new(dir, &secret) {
                    Ok(()) => Ok(Self::from_secret(secret)),
                    // Another program made it in the same moment.
                    Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {
                        let text = fs::read_to_string(&path).map_err(fail)?;
                        Self::read(&text).ok_or_else(|| IdentityError::Damaged(path.clone()))
                    }
                    Err(error) => Err(fail(error)),
                }
            }
            Err(error) => Err(fail(error)),
        }
    }

    fn read(text: &str) -> Option<Self> {
        let digits = text.trim().strip_prefix("ed25519-secret:")?;
        let secret = BASE64URL_NOPAD.decode(digits.as_bytes()).ok()?;
        Some(Self::from_secret(secret.try_into().ok()?))
    }

    /// The signing key.
    pub fn key(&self) -> &DeviceKey {
        &self.key
    }

    /// The public half, which laptops pin.
    pub fn public(&self) -> PublicKey {
        self.key.public()
    }

    /// Encrypts connections under a self-signed certificate of this key; shows browsers another one
    /// where there is one.
    ///
    /// # Errors
    /// [`IdentityError::Certificate`] and [`IdentityError::Tls`].
    pub fn tls(&self, browsers: Option<BrowserCertificate>) -> Result<TlsAcceptor, IdentityError> {
        let pkcs8 = [PKCS8_PREFIX.as_slice(), &self.secret].concat();
        let der = PrivatePkcs8KeyDer::from(pkcs8);
        let pair = rcgen::KeyPair::from_pkcs8_der_and_sign_algo(&der, &rcgen::PKCS_ED25519)
            .map_err(IdentityError::Certificate)?;
        // The name is of no consequence: laptops look at the key alone.
        let params = rcgen::CertificateParams::new(vec!["pidesk-center".to_owned()])
            .map_err(IdentityError::Certificate)?;
        let certificate = params
            .self_signed(&pair)
            .map_err(IdentityError::Certificate)?;
        let provider = Arc::new(ring::default_provider());
        let chain = vec![certificate.der().clone()];
        let laptops = CertifiedKey::from_der(chain, PrivateKeyDer::from(der), &provider);
        let laptops = Arc::new(laptops.map_err(IdentityError::Tls)?);
        let browsers = match browsers {
            Some(browsers) => {
                let browsers = browsers.certified(&provider);
                Arc::new(browsers.map_err(IdentityError::Browsers)?)
            }
            None => Arc::clone(&laptops),
        };
        let config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&version::TLS13])
            .map_err(IdentityError::Tls)?
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(Pick { laptops, browsers }));
        Ok(TlsAcceptor::from(Arc::new(config)))
    }
}

/// Lays the key beside, where there is one, so that the next start makes another.
pub(crate) fn put_aside(dir: &Path) -> Result<(), IdentityError> {
    let path = dir.join(FILE);
    match fs::rename(&path, dir.join(OLD_FILE)) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            Err(IdentityError::Io { path, source })
        }
        _ => Ok(()),
    }
}

/// Writes the key whole or not at all, readable for the owner alone.
fn write_new(dir: &Path, secret: &[u8; 32]) -> io::Result<()> {
    let draft = dir.join(format!("{FILE}.{}", std::process::id()));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft)?;
    file.write_all(format!("ed25519-secret:{}\n", BASE64URL_NOPAD.encode(secret)).as_bytes())?;
    file.sync_all()?;
    // A hard link fails where the name is taken; a rename would replace it.
    let linked = fs::hard_link(&draft, dir.join(FILE));
    fs::remove_file(&draft)?;
    linked?;
    File::open(dir)?.sync_all()
}
