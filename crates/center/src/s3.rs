//! An S3-compatible store as the place of files: what its address says, and its keys.
//!
//! ```text
//! s3://BUCKET/FOLDER?endpoint=https://HOST&ca=FILE&region=NAME&keys=FILE&bucket=host
//! ```

use crate::s3_http::Way;
use object_store::aws::AmazonS3Builder;
use object_store::path::Path as Folder;
use object_store::prefix::PrefixStore;
use object_store::{BackoffConfig, ObjectStore, RetryConfig};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::crypto::ring;

/// What an address of files in a bucket begins with.
pub const SCHEME: &str = "s3://";
/// The names of the keys, in the environment and in a file of keys, as everywhere with such stores.
pub const KEY_VARIABLES: [&str; 2] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];

/// So long a request is tried again; whoever asked waits that long at most. Units: milliseconds.
const TRIED_MS: u64 = 5_000;
/// How often a request is tried again.
const TRIES: usize = 2;

/// Why a bucket cannot be used as the place of files. Nothing that was said is repeated: it may
/// hold a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum S3Error {
    /// It is no such address.
    #[error("the address of files looks like s3://BUCKET/FOLDER?endpoint=https://HOST&ca=FILE")]
    Address,
    /// A key stands in it, where every list of processes shows it.
    #[error(
        "keys stand in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or in keys=FILE, not in the address of files"
    )]
    KeyInAddress,
    /// There are none.
    #[error(
        "the keys of the store of files are missing: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name keys=FILE with two such lines"
    )]
    NoKeys,
    /// Nobody vouches for the store's certificate.
    #[error(
        "ca=FILE must name the authorities (PEM) of the store of files, for public ones /etc/ssl/certs/ca-certificates.crt"
    )]
    Authorities,
}

/// What an address says.
#[derive(Debug, PartialEq, Eq)]
struct Address<'a> {
    bucket: &'a str,
    folder: &'a str,
    endpoint: &'a str,
    region: Option<&'a str>,
    authorities: Option<&'a Path>,
    keys: Option<&'a Path>,
    /// Whether the bucket stands in the name of the host.
    is_bucket_in_host: bool,
}

impl<'a> Address<'a> {
    fn parse(text: &'a str) -> Result<Self, S3Error> {
        let rest = text.strip_prefix(SCHEME).ok_or(S3Error::Address)?;
        let (place, settings) = rest.split_once('?').ok_or(S3Error::Address)?;
        let (bucket, folder) = place.split_once('/').unwrap_or((place, ""));
        if place.contains('@') || settings.contains('@') {
            return Err(S3Error::KeyInAddress);
        }
        let mut address = Self {
            bucket,
            folder,
            endpoint: "",
            region: None,
            authorities: None,
            keys: None,
            is_bucket_in_host: false,
        };
        for setting in settings.split('&') {
            match setting.split_once('=').ok_or(S3Error::Address)? {
                ("endpoint", value) => address.endpoint = value.trim_end_matches('/'),
                ("region", value) => address.region = Some(value),
                ("ca", value) => address.authorities = Some(Path::new(value)),
                ("keys", value) => address.keys = Some(Path::new(value)),
                ("bucket", "host") => address.is_bucket_in_host = true,
                _ => return Err(S3Error::Address),
            }
        }
        let is_http = ["http://", "https://"]
            .iter()
            .any(|scheme| address.endpoint.starts_with(scheme) && address.endpoint != *scheme);
        // Others are written in more than one way, and a signature fits one of them.
        let is_plain = |text: &str| {
            text.bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-_./".contains(&b))
        };
        match is_http && !bucket.is_empty() && is_plain(place) {
            true => Ok(address),
            false => Err(S3Error::Address),
        }
    }

    fn way(&self) -> Result<Way, S3Error> {
        if self.endpoint.starts_with("http://") {
            return Ok(Way { tls: None });
        }
        let roots = self.authorities.and_then(crate::authorities::read);
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|_| S3Error::Authorities)?
            .with_root_certificates(roots.ok_or(S3Error::Authorities)?)
            .with_no_client_auth();
        let tls = Some(TlsConnector::from(Arc::new(config)));
        Ok(Way { tls })
    }

    /// Where requests go: the endpoint, or below it the bucket's own host.
    fn host(&self) -> String {
        match self.endpoint.split_once("://") {
            Some((scheme, host)) if self.is_bucket_in_host => {
                format!("{scheme}://{}.{host}", self.bucket)
            }
            _ => self.endpoint.to_owned(),
        }
    }
}

/// The keys in a file: lines as in the environment.
fn keys_in(file: &Path) -> Option<[String; 2]> {
    let text = std::fs::read_to_string(file).ok()?;
    let find = |name: &str| {
        let mut lines = text.lines().filter_map(|line| line.split_once('='));
        let (_, value) = lines.find(|(n, _)| n.trim() == name)?;
        Some(value.trim().trim_matches('"').to_owned())
    };
    Some([find(KEY_VARIABLES[0])?, find(KEY_VARIABLES[1])?])
}

/// The objects of a bucket. Nothing is asked of the store yet.
pub(crate) fn open(
    address: &str,
    keys: Option<[String; 2]>,
) -> Result<Arc<dyn ObjectStore>, S3Error> {
    let address = Address::parse(address)?;
    let keys = match address.keys {
        Some(file) => keys_in(file),
        None => keys.filter(|keys| keys.iter().all(|key| !key.is_empty())),
    };
    let [id, secret] = keys.ok_or(S3Error::NoKeys)?;
    let retry = RetryConfig {
        backoff: BackoffConfig {
            init_backoff: Duration::from_millis(100),
            ..BackoffConfig::default()
        },
        max_retries: TRIES,
        retry_timeout: Duration::from_millis(TRIED_MS),
    };
    let objects = AmazonS3Builder::new()
        .with_bucket_name(address.bucket)
        .with_endpoint(address.host())
        .with_virtual_hosted_style_request(address.is_bucket_in_host)
        .with_region(address.region.unwrap_or("us-east-1"))
        .with_access_key_id(id)
        .with_secret_access_key(secret)
        .with_retry(retry)
        // One by one: not every such store has an order for many.
        .with_disable_bulk_delete(true)
        .with_http_connector(address.way()?)
        .build()
        .map_err(|_| S3Error::Address)?;
    Ok(match address.folder.trim_matches('/') {
        "" => Arc::new(objects),
        folder => Arc::new(PrefixStore::new(objects, Folder::from(folder))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_where_and_never_holds_a_key() {
        let text = "s3://files/pi/desk?endpoint=https://s3.example:9000/&ca=/ca.pem&region=cn-1&bucket=host&keys=/k";
        let address = Address::parse(text).unwrap();
        assert_eq!((address.bucket, address.folder), ("files", "pi/desk"));
        assert_eq!(address.region, Some("cn-1"));
        assert_eq!(address.authorities, Some(Path::new("/ca.pem")));
        assert_eq!(address.keys, Some(Path::new("/k")));
        assert_eq!(address.host(), "https://files.s3.example:9000");
        let plain = Address::parse("s3://files?endpoint=http://127.0.0.1:1").unwrap();
        assert_eq!(
            (plain.folder, plain.host()),
            ("", "http://127.0.0.1:1".to_owned())
        );
        for bad in [
            "s3://files",
            "s3://?endpoint=http://h",
            "s3://files/pi desk?endpoint=http://h",
            "s3://files/研究?endpoint=http://h",
            "s3://files?endpoint=h",
            "s3://files?endpoint=https://",
            "s3://files?endpoint=http://h&size=1",
            "files?endpoint=http://h",
        ] {
            assert_eq!(Address::parse(bad), Err(S3Error::Address), "{bad}");
        }
        for bad in [
            "s3://ID:KEY@files?endpoint=http://h",
            "s3://files?endpoint=http://ID:KEY@h",
        ] {
            assert_eq!(Address::parse(bad), Err(S3Error::KeyInAddress), "{bad}");
        }
    }

    #[test]
    fn keys_come_from_a_file_or_the_environment_and_an_authority_must_be_named() {
        let dir = tempfile::TempDir::new().unwrap();
        let file = dir.path().join("keys");
        std::fs::write(
            &file,
            "# ours\nAWS_ACCESS_KEY_ID=\"id\"\nAWS_SECRET_ACCESS_KEY = a+b=/c\n",
        )
        .unwrap();
        assert_eq!(keys_in(&file), Some(["id".to_owned(), "a+b=/c".to_owned()]));
        let plain = "s3://files?endpoint=http://h";
        let keys = Some(["id".to_owned(), "secret".to_owned()]);
        let refusal = |address: &str, keys| open(address, keys).err();
        assert_eq!(refusal(plain, keys.clone()), None);
        assert_eq!(refusal(plain, None), Some(S3Error::NoKeys));
        let empty = Some(["id".to_owned(), String::new()]);
        assert_eq!(refusal(plain, empty), Some(S3Error::NoKeys));
        let named = format!("{plain}&keys={}", file.display());
        assert_eq!(refusal(&named, None), None);
        let lost = format!("{plain}&keys=/nowhere/keys");
        assert_eq!(refusal(&lost, keys.clone()), Some(S3Error::NoKeys));
        let closed = "s3://files?endpoint=https://h";
        assert_eq!(refusal(closed, keys), Some(S3Error::Authorities));
    }
}
