//! `relabel serve`: binds, says where, answers until it is told to stop.
//!
//! Standard output gets one line, `listening on http://…`; everything else goes to the log.

use axum::Router;
use service::Services;
use std::{io::Write, net::SocketAddr, time::Duration};
use tokio::{net::TcpListener, sync::watch};

use crate::{
    config::Config,
    ops,
    outbox::{self, Sender, SenderError},
    router,
    state::{AppState, HttpOptions},
};

/// How long requests in flight may take after the signal to stop; a supervisor waits 10 s.
const GRACE: Duration = Duration::from_secs(8);

/// How long what no request waits for may take then.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// How often sessions and uploads that nobody uses any more are deleted.
const CLEAN_EVERY: Duration = Duration::from_secs(3600);

/// How often imports that a command or another server left unfinished are looked for.
const RESUME_EVERY: Duration = Duration::from_secs(60);

/// Why the server could not start or go on.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The use cases refused or failed.
    #[error(transparent)]
    Service(#[from] service::Error),
    /// The address cannot be served.
    #[error("cannot serve on {addr}: {source}")]
    Bind {
        /// The address.
        addr: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// There is nothing to send events with.
    #[error("cannot send to webhooks: {0}")]
    Outbox(#[from] SenderError),
    /// Serving ended with an error.
    #[error("serving failed: {0}")]
    Serve(#[from] std::io::Error),
}

/// Opens the data and serves it until SIGTERM or SIGINT.
///
/// # Errors
/// When the database cannot be opened or the address cannot be bound.
pub async fn run(config: &Config) -> Result<(), ServeError> {
    let services = Services::open(&config.service_options()).await?;
    run_on(services, config, |_| {}).await
}

/// As [`run`], on services that are open already. `bound` is told the address before the first request.
pub async fn run_on(
    services: Services,
    config: &Config,
    bound: impl FnOnce(SocketAddr),
) -> Result<(), ServeError> {
    tell_setup_code(&services).await?;
    let options = HttpOptions {
        secure_cookies: config.secure_cookies,
        max_upload_bytes: config.max_upload_bytes,
        trusted_proxies: config.trusted_proxies.clone(),
    };
    let (router, state) = router::build(services.clone(), options);
    let listener = bind(config.addr).await?;
    let addr = listener.local_addr()?;
    let (stop, stopped) = watch::channel(false);
    if let Some(metrics) = config.metrics_addr {
        let listener = bind(metrics).await?;
        tokio::spawn(serve_metrics(listener, state, stopped.clone()));
    }
    let sender = Sender::new(services.receivers(), outbox::PATIENCE)?;
    let sending = tokio::spawn(outbox::run(services.clone(), sender, until(stopped.clone())));
    // They were made by a process that is gone; a restored database may mean something else by their names.
    services.export().forget().await?;
    let cleaning = tokio::spawn(clean(services.clone()));
    let resuming = tokio::spawn(resume_imports(services.clone()));
    let told = told_to_stop()?;
    announce(addr)?;
    bound(addr);
    let imports = services.clone();
    tokio::spawn(async move {
        told.await;
        tracing::info!("stopping");
        imports.stop_imports();
        // Nobody listens only when serving has ended already.
        let _ = stop.send(true);
    });
    let serving = axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(until(stopped.clone()));
    let deadline = async {
        until(stopped).await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        result = serving.into_future() => result?,
        () = deadline => tracing::warn!("requests were still running after the grace period"),
    }
    // It ends by itself soon after the signal.
    if let Err(error) = sending.await {
        tracing::error!(%error, "sending to webhooks failed");
    }
    if tokio::time::timeout(LAST_WORDS, services.finish_background()).await.is_err() {
        tracing::warn!("work beside the requests was still running");
    }
    cleaning.abort();
    resuming.abort();
    tracing::info!("stopped");
    Ok(())
}

async fn bind(addr: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(addr).await.map_err(|source| ServeError::Bind { addr, source })
}

/// The one line on standard output: whoever started the server waits for it.
fn announce(addr: SocketAddr) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "listening on http://{addr}")?;
    out.flush()
}

/// While there is no admin, whoever reads the log may become it.
async fn tell_setup_code(services: &Services) -> Result<(), ServeError> {
    if let Some(code) = services.accounts().issue_setup_code().await? {
        tracing::warn!(
            code,
            "there is no admin yet: open /set-up in the browser and give this one-time code"
        );
    }
    Ok(())
}

async fn serve_metrics(listener: TcpListener, state: AppState, stopped: watch::Receiver<bool>) {
    let page = axum::routing::get(move || async move { ops::metrics_page(&state) });
    let router = Router::new().route("/metrics", page);
    if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(until(stopped)).await {
        tracing::error!(%error, "serving the metrics failed");
    }
}

async fn clean(services: Services) {
    loop {
        if let Err(error) = services.sessions().delete_expired().await {
            tracing::warn!(%error, "expired sessions were not deleted");
        }
        if let Err(error) = services.delete_abandoned_spools().await {
            tracing::warn!(%error, "abandoned uploads were not deleted");
        }
        if let Err(error) = services.export().forget_unused().await {
            tracing::warn!(%error, "unused exports were not deleted");
        }
        tokio::time::sleep(CLEAN_EVERY).await;
    }
}

async fn resume_imports(services: Services) {
    loop {
        if let Err(error) = services.intake().resume().await {
            tracing::warn!(%error, "unfinished imports were not looked for");
        }
        tokio::time::sleep(RESUME_EVERY).await;
    }
}

async fn until(mut stopped: watch::Receiver<bool>) {
    // An error means that the sender is gone, which it is only when all is over.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

/// What ends when the server is told to stop. The signals are heard from the call on, before anybody is told the address.
#[cfg(unix)]
fn told_to_stop() -> std::io::Result<impl Future<Output = ()> + Send> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminated = signal(SignalKind::terminate())?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminated.recv() => {}
            _ = interrupted.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn told_to_stop() -> std::io::Result<impl Future<Output = ()> + Send> {
    Ok(async {
        // An error means that the signal cannot be heard; then only a kill stops the server.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
