//! The desk: pages and an HTTP API over one record, for one person on their own machine.
//!
//! All that the pages do goes through the same functions as the API (`docs/api.md`). It listens on the loopback alone.

mod api;
mod asked;
mod fault;
mod guard;
mod hand;
mod incoming;
mod known;
mod listing;
mod log;
mod lookout;
mod metrics;
mod packed;
mod pages;
mod patient;
mod rows;
mod site;

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::{Next, from_fn_with_state, map_response};
use axum::response::Response;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::limit::RequestBodyLimitLayer;

use self::guard::Secret;
use self::hand::Hand;
use self::incoming::Incoming;
use self::patient::Patient;
use self::site::{Here, Site};
use crate::output::talk;

/// Where the desk is to be, and for whom.
pub(crate) struct Setting<'a> {
    pub(crate) folder: &'a Path,
    pub(crate) address: SocketAddr,
    /// Whether the sources of the record are watched as well.
    pub(crate) watch: bool,
    /// A file of tiles (PMTiles) with streets for the map.
    pub(crate) tiles: Option<&'a Path>,
}

/// Bytes that may be given at a time, files to be collected among them.
const BODY: usize = 256 << 20;

/// Bytes of the head of a request. Browsers send some hundred.
const HEAD: usize = 32 << 10;

/// How long the head of a request may take to arrive.
const PATIENCE: Duration = Duration::from_secs(10);

/// Connections at a time. A browser opens six.
const CONNECTIONS: usize = 64;

/// How long what is being answered may take when the desk is stopped.
const FAREWELL: Duration = Duration::from_secs(5);

/// Opens the desk, and keeps it open until stopped.
pub(crate) fn run(setting: &Setting<'_>) -> anyhow::Result<()> {
    if !setting.address.ip().is_loopback() {
        bail!(
            "{} can be reached from other machines: the desk is for this machine alone, so give 127.0.0.1 or [::1]",
            setting.address.ip()
        );
    }
    if let Some(tiles) = setting.tiles {
        check_tiles(tiles)?;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(open(setting))
}

/// Refuses a file that is no PMTiles of the version that readers know.
fn check_tiles(file: &Path) -> anyhow::Result<()> {
    let mut head = [0; 8];
    let read = std::fs::File::open(file).and_then(|mut file| std::io::Read::read_exact(&mut file, &mut head));
    read.with_context(|| format!("the file of tiles {} cannot be read", file.display()))?;
    if head != *b"PMTiles\x03" {
        bail!("{} is no file of tiles: PMTiles of version 3 is needed", file.display());
    }
    Ok(())
}

async fn open(setting: &Setting<'_>) -> anyhow::Result<()> {
    let listener = TcpListener::bind(setting.address)
        .await
        .with_context(|| format!("cannot listen on {}; --port 0 takes any that is free", setting.address))?;
    let address = listener.local_addr()?;
    Incoming::clear(setting.folder)?;
    let (hand, worker) = Hand::new();
    let (stop, stopped) = watch::channel(false);
    let here =
        Here { folder: setting.folder, port: address.port(), stopped: stopped.clone(), tiles: setting.tiles };
    let site = Arc::new(Site::new(&here, Secret::drawn()?, hand));
    let weak = Arc::downgrade(&site);
    let (watch, folder) = (setting.watch, setting.folder.to_owned());
    let (ready, is_ready) = std::sync::mpsc::channel();
    let writing = std::thread::spawn(move || match watch {
        true => worker.watch(&weak, (&folder, &ready)),
        false => {
            let _ = ready.send(Ok(()));
            worker.run(&weak, None);
        }
    });
    is_ready.recv().context("the thread that writes has ended")??;
    site.hand.catch_up().map_err(|fault| anyhow::anyhow!(fault.message))?;
    let asked_before = AtomicBool::new(false);
    let asked_to_stop = move || {
        if asked_before.swap(true, Ordering::Relaxed) {
            // Asked twice: nothing that was reported is lost.
            std::process::exit(2);
        }
        stop.send_modify(|stopped| *stopped = true);
    };
    ctrlc::set_handler(asked_to_stop).context("cannot listen for the signal to stop")?;
    let looking = Arc::downgrade(&site);
    std::thread::spawn(move || lookout::look_out(&looking));
    tokio::spawn(pages::warm(Arc::clone(&site)));
    talk("the desk is open, for this machine alone: open this link. Ctrl-C closes the desk.");
    writeln!(
        std::io::stdout().lock(),
        "http://{address}{}?secret={}",
        guard::ENTRANCE,
        site.secret.reveal()
    )?;
    serve((listener, router(&site)), stopped).await;
    talk("what was handed over is done to its end; Ctrl-C once more to stop at once");
    site.hand.stop();
    let _ = writing.join();
    site.hand.checked();
    Ok(())
}

fn router(site: &Arc<Site>) -> Router {
    Router::new()
        .merge(api::routes())
        .merge(pages::routes())
        .with_state(Arc::clone(site))
        .layer(RequestBodyLimitLayer::new(BODY))
        .layer(CatchPanicLayer::new())
        .layer(map_response(fault::in_one_form))
        .layer(CompressionLayer::new().gzip(true))
        .layer(from_fn_with_state(Arc::clone(site), guard::guard))
        .layer(from_fn_with_state(Arc::clone(site), count))
}

/// Counts and logs each answer, by its route.
async fn count(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map(|route| route.as_str().to_owned());
    let response = next.run(request).await;
    let (status, took) = (response.status().as_u16(), begun.elapsed());
    site.metrics.count(status, took);
    log::answered((method.as_str(), route.as_deref().unwrap_or("none")), status, took);
    response
}

/// Takes connections until stopped, then lets what is being answered come to its end.
async fn serve((listener, router): (TcpListener, Router), mut stopped: watch::Receiver<bool>) {
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let place = tokio::select! {
            place = Arc::clone(&places).acquire_owned() => place,
            _ = stopped.changed() => break,
        };
        let stream = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopped.changed() => break,
        };
        // A connection that is gone before it is taken is of no more interest.
        let Ok((stream, _)) = stream else { continue };
        let connection = hyper::server::conn::http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(PATIENCE)
            .max_buf_size(HEAD)
            .serve_connection(TokioIo::new(Patient::new(stream)), TowerToHyperService::new(router.clone()));
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // Whoever broke it off knows.
            let _ = connection.await;
            drop(place);
        });
    }
    let _ = tokio::time::timeout(FAREWELL, graceful.shutdown()).await;
}
