//! The one HTTP client for all servers. It notes how the last request of each clip ended, because the errors of the stores
//! are texts, which may contain secrets.

use async_trait::async_trait;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpService, ReqwestConnector,
};
use object_store::{BackoffConfig, ClientOptions, RetryConfig};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How long to wait.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// For a connection.
    pub connect: Duration,
    /// For an answer, with its content.
    pub answer: Duration,
    /// For an answer, with all retries.
    pub retries: Duration,
    /// How often to try again.
    pub max_retries: usize,
}

impl Patience {
    pub const USUAL: Self = Self {
        connect: Duration::from_secs(10),
        answer: Duration::from_secs(60),
        retries: Duration::from_secs(90),
        max_retries: 3,
    };

    /// How stores try again, after 0.1 s, 0.2 s and so on.
    pub fn retry(self) -> RetryConfig {
        RetryConfig { backoff: BackoffConfig::default(), max_retries: self.max_retries, retry_timeout: self.retries }
    }
}

/// How the last request ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The server answered with this status, and perhaps said in which region the bucket is.
    Status(u16, Option<String>),
    /// There was no answer.
    NoAnswer(HttpErrorKind),
}

/// Notes how the last request of a clip ended. It travels with the requests.
#[derive(Clone, Debug, Default)]
pub(super) struct Note(Arc<Mutex<Option<End>>>);

impl Note {
    fn set(&self, end: End) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(end);
    }

    /// Forgets the last request.
    pub fn clear(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    pub fn end(&self) -> Option<End> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The client, and the number of requests that it has sent.
#[derive(Clone, Debug)]
pub(super) struct Transport {
    client: HttpClient,
    requests: Arc<AtomicUsize>,
}

impl Transport {
    /// A new client. The error is a sentence for the user.
    pub fn new(patience: Patience) -> Result<Self, String> {
        // It fails if there is a provider already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let name = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
        let options = ClientOptions::new()
            .with_user_agent(object_store::HeaderValue::from_static(name))
            .with_allow_http(true)
            .with_connect_timeout(patience.connect)
            .with_timeout(patience.answer);
        let client = ReqwestConnector::default().connect(&options);
        let client = client.map_err(|_| "servers can't be asked: this system has no TLS certificates".to_owned())?;
        Ok(Self { client, requests: Arc::default() })
    }

    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }
}

impl HttpConnector for Transport {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.clone()))
    }
}

#[async_trait]
impl HttpService for Transport {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let note = request.extensions().get::<Note>().cloned();
        // Requests for credentials have no note.
        if note.is_some() {
            self.requests.fetch_add(1, Ordering::Relaxed);
        }
        let answer = self.client.execute(request).await;
        if let Some(note) = note {
            note.set(match &answer {
                Ok(response) => {
                    let region = response.headers().get("x-amz-bucket-region");
                    let region = region.and_then(|region| region.to_str().ok()).map(str::to_owned);
                    End::Status(response.status().as_u16(), region)
                }
                Err(error) => End::NoAnswer(error.kind()),
            });
        }
        answer
    }
}
