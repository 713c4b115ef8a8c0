use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

/// How long somebody may take to read a little of what is sent to them.
const PATIENCE: Duration = Duration::from_secs(60);

/// A connection that ends when the other side has read nothing for a minute of what waits for it: whoever asks for a whole
/// list and never reads it would hold a thread and a place for ever.
pub(super) struct Patient<S> {
    stream: S,
    /// When patience ends, while something waits to be read.
    end: Pin<Box<Sleep>>,
    is_waiting: bool,
    patience: Duration,
}

impl<S> Patient<S> {
    pub(super) fn new(stream: S) -> Patient<S> {
        Patient::waiting(stream, PATIENCE)
    }

    fn waiting(stream: S, patience: Duration) -> Patient<S> {
        Patient { stream, end: Box::pin(sleep(patience)), is_waiting: false, patience }
    }

    /// Passes on what became of a step of sending, and ends the connection if there was none for too long.
    fn passed<T>(&mut self, step: Poll<io::Result<T>>, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        if step.is_ready() {
            self.is_waiting = false;
            return step;
        }
        if !self.is_waiting {
            self.is_waiting = true;
            self.end.as_mut().reset(Instant::now() + self.patience);
        }
        ready!(self.end.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_read(context, into)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let step = Pin::new(&mut this.stream).poll_write(context, bytes);
        this.passed(step, context)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let step = Pin::new(&mut this.stream).poll_write_vectored(context, parts);
        this.passed(step, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let step = Pin::new(&mut this.stream).poll_flush(context);
        this.passed(step, context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

    use super::*;

    fn on_a_runtime(test: impl Future<Output = ()>) {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test);
    }

    #[test]
    fn who_never_reads_is_let_go() {
        on_a_runtime(async {
            let (ours, _theirs) = duplex(16);
            let mut ours = Patient::waiting(ours, Duration::from_millis(20));
            let sent = ours.write_all(&[0; 64]).await;
            assert_eq!(sent.unwrap_err().kind(), io::ErrorKind::TimedOut);
        });
    }

    #[test]
    fn who_reads_slowly_is_not() {
        on_a_runtime(async {
            let (ours, mut theirs) = duplex(16);
            let mut ours = Patient::waiting(ours, Duration::from_millis(200));
            let reading = tokio::spawn(async move {
                let mut bytes = [0; 16];
                for _ in 0..8 {
                    sleep(Duration::from_millis(50)).await;
                    theirs.read_exact(&mut bytes).await.unwrap();
                }
            });
            ours.write_all(&[0; 128]).await.unwrap();
            reading.await.unwrap();
        });
    }
}
