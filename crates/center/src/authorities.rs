//! Who may vouch for a server that this program calls: the authorities in a file.

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use std::path::Path;
use tokio_rustls::rustls::RootCertStore;

/// Reads the authorities of a PEM file; `None` when it cannot be read or one of them is none.
pub(crate) fn read(file: &Path) -> Option<RootCertStore> {
    let pem = std::fs::read(file).ok()?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        roots.add(certificate.ok()?).ok()?;
    }
    Some(roots)
}
