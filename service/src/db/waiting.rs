//! A thread for one future that waits often and briefly.
//!
//! Each statement is run by SQLite's own thread, and takes less time than it takes the system to wake whoever waits for it.
//! So this thread looks for the answer for a moment before it sleeps, and is not one of the runtime's, where it would be
//! woken by way of a queue.

use std::{
    future::Future,
    hint, io,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
    time::{Duration, Instant},
};
use tokio::runtime::Handle;

/// How long the thread looks for an answer before it sleeps: about what waking it would take.
const LOOKING: Duration = Duration::from_micros(50);

/// Runs `future` on a thread of this name, which ends with it. The future may use the runtime of the caller.
pub(super) fn spawn(name: &str, future: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
    let runtime = Handle::current();
    let run = move || {
        let _entered = runtime.enter();
        run(future);
    };
    thread::Builder::new().name(name.to_owned()).spawn(run)?;
    Ok(())
}

fn run(future: impl Future<Output = ()>) {
    let sleeper = Arc::new(Sleeper { thread: thread::current(), woken: AtomicBool::new(false) });
    let waker = Waker::from(Arc::clone(&sleeper));
    let mut future = pin!(future);
    while future.as_mut().poll(&mut Context::from_waker(&waker)) == Poll::Pending {
        sleeper.wait();
    }
}

struct Sleeper {
    thread: Thread,
    woken: AtomicBool,
}

impl Sleeper {
    fn wait(&self) {
        let began = Instant::now();
        while !self.woken.swap(false, Ordering::Acquire) {
            if began.elapsed() < LOOKING { hint::spin_loop() } else { thread::park() }
        }
    }
}

impl Wake for Sleeper {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.woken.store(true, Ordering::Release);
        self.thread.unpark();
    }
}

#[cfg(test)]
mod tests {
    use super::spawn;
    use tokio::{sync::mpsc, task};

    #[tokio::test]
    async fn the_thread_is_woken_each_time_and_ends_with_its_future() -> std::io::Result<()> {
        let ((questions, mut asked), (answers, mut answered)) = (mpsc::channel(1), mpsc::channel(1));
        let work = async move {
            while let Some(number) = asked.recv().await {
                // The runtime of whoever spawned it is there.
                let doubled = task::spawn(async move { 2 * number }).await;
                if answers.send(doubled.ok()).await.is_err() {
                    return;
                }
            }
        };
        spawn("test", work)?;
        for number in 0..1000 {
            assert!(questions.send(number).await.is_ok());
            assert_eq!(answered.recv().await, Some(Some(2 * number)));
        }
        drop(questions);
        assert_eq!(answered.recv().await, None, "nothing is left that could answer");
        Ok(())
    }
}
