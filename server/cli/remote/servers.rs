//! The stores and web servers, each with its credentials, and what is known about their health.

use super::location::{Store, Target};
use super::transport::{Patience, Transport};
use object_store::aws::{AmazonS3Builder, AwsCredentialProvider};
use object_store::gcp::{GcpCredentialProvider, GoogleCloudStorageBuilder, GoogleConfigKey};
use object_store::http::HttpBuilder;
use object_store::path::Path;
use object_store::{CredentialProvider, ObjectStore};
use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

/// Machines in a cloud get credentials from a server nearby. Others have no such server, and need not wait for it.
const CREDENTIALS: Duration = Duration::from_secs(5);

/// After so many failures in a row, a server is not asked anymore.
const MAX_FAILURES: usize = 16;

/// A bucket or web server.
#[derive(Debug)]
pub(super) struct Server {
    /// Its name for a person.
    pub name: String,
    /// A bucket with the credentials of the environment, or without any. A web server has none: each location has its own
    /// URL.
    bucket: Option<Arc<dyn ObjectStore>>,
    /// Whether there are no credentials for the bucket.
    pub is_anonymous: bool,
    /// The number of requests without an answer since the last answer.
    failures: Cell<usize>,
    transport: Transport,
    patience: Patience,
}

impl Server {
    /// The store and the path of a location in it. The error is a clause about "it".
    pub fn store(&self, target: &Target) -> Result<(Arc<dyn ObjectStore>, Path), String> {
        match (target, &self.bucket) {
            (Target::Object { name, .. }, Some(bucket)) => Ok((Arc::clone(bucket), name.clone())),
            (Target::Object { .. }, None) => Err("its bucket is unknown".to_owned()),
            (Target::Web(url), _) => {
                let store = HttpBuilder::new()
                    .with_url(url.as_str())
                    .with_http_connector(self.transport.clone())
                    .with_retry(self.patience.retry())
                    .build();
                // The URL is the whole location.
                store.map(|store| (Arc::new(store) as _, Path::ROOT)).map_err(|_| "its URL is malformed".to_owned())
            }
        }
    }

    /// Notes whether the server answered.
    pub fn note(&self, answered: bool) {
        self.failures.set(if answered { 0 } else { self.failures.get() + 1 });
    }

    pub fn is_given_up(&self) -> bool {
        self.failures.get() >= MAX_FAILURES
    }
}

/// Opens servers. All buckets of a store have the same credentials.
#[derive(Debug)]
pub(super) struct Opener {
    transport: Transport,
    patience: Patience,
    /// `None` if not looked for yet; `Some(None)` if there are none that work.
    google: Option<Option<GcpCredentialProvider>>,
    amazon: Option<Option<AwsCredentialProvider>>,
}

impl Opener {
    pub fn new(transport: Transport, patience: Patience) -> Self {
        Self { transport, patience, google: None, amazon: None }
    }

    /// Prepares to ask the server of a location, without credentials if none work, because a bucket may be public. The error
    /// is a clause about the location.
    pub async fn open(&mut self, target: &Target) -> Result<Server, String> {
        let opened = match target {
            Target::Web(_) => Ok((None, false)),
            Target::Object { store: Store::Google, bucket, .. } => {
                self.google(bucket).await.map(|(bucket, is_anonymous)| (Some(bucket), is_anonymous))
            }
            Target::Object { store: Store::Amazon, bucket, .. } => {
                self.amazon(bucket).await.map(|(bucket, is_anonymous)| (Some(bucket), is_anonymous))
            }
        };
        let (bucket, is_anonymous) =
            opened.map_err(|_| "the settings of its store in the environment are not valid".to_owned())?;
        let (transport, patience) = (self.transport.clone(), self.patience);
        Ok(Server { name: target.server(), bucket, is_anonymous, failures: Cell::new(0), transport, patience })
    }

    async fn google(&mut self, bucket: &str) -> object_store::Result<(Arc<dyn ObjectStore>, bool)> {
        let builder = GoogleCloudStorageBuilder::from_env().with_bucket_name(bucket);
        let builder = builder.with_http_connector(self.transport.clone()).with_retry(self.patience.retry());
        if self.google.is_none() {
            // It fails if a file with credentials can't be read.
            let found = match builder.clone().build() {
                Ok(store) => working(store.credentials()).await,
                Err(_) => None,
            };
            self.google = Some(found);
        }
        if let Some(credentials) = self.google.iter().flatten().next() {
            return Ok((Arc::new(builder.with_credentials(Arc::clone(credentials)).build()?), false));
        }
        let mut public = GoogleCloudStorageBuilder::new().with_bearer_token("").with_skip_signature(true);
        if let Some(url) = builder.get_config_value(&GoogleConfigKey::BaseUrl) {
            public = public.with_base_url(&url);
        }
        let public = public.with_bucket_name(bucket).with_http_connector(self.transport.clone());
        Ok((Arc::new(public.with_retry(self.patience.retry()).build()?), true))
    }

    async fn amazon(&mut self, bucket: &str) -> object_store::Result<(Arc<dyn ObjectStore>, bool)> {
        let builder = AmazonS3Builder::from_env().with_bucket_name(bucket);
        let builder = builder.with_http_connector(self.transport.clone()).with_retry(self.patience.retry());
        if self.amazon.is_none() {
            self.amazon = Some(working(builder.clone().build()?.credentials()).await);
        }
        match self.amazon.iter().flatten().next() {
            Some(credentials) => Ok((Arc::new(builder.with_credentials(Arc::clone(credentials)).build()?), false)),
            None => Ok((Arc::new(builder.with_skip_signature(true).build()?), true)),
        }
    }
}

/// These credentials, if there are any.
async fn working<C>(
    credentials: &Arc<dyn CredentialProvider<Credential = C>>,
) -> Option<Arc<dyn CredentialProvider<Credential = C>>> {
    let got = tokio::time::timeout(CREDENTIALS, credentials.get_credential()).await;
    matches!(got, Ok(Ok(_))).then(|| Arc::clone(credentials))
}
