//! The servers of the storm: each is killed in the middle of its work, and started again.

use std::{
    net::SocketAddr,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

use anyhow::Result;
use fastrand::Rng;

use crate::{place::Place, server::Server};

/// However short the storm is.
const FEWEST_KILLS: u32 = 3;
const BETWEEN_KILLS: Duration = Duration::from_secs(5);

/// Where the servers are now; a killed one keeps its last address until it is back.
#[derive(Clone, Debug)]
pub(crate) struct Addresses(Arc<RwLock<Vec<SocketAddr>>>);

impl Addresses {
    pub fn any(&self, rng: &mut Rng) -> SocketAddr {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        all[rng.usize(..all.len())]
    }

    fn count(&self) -> usize {
        self.0.read().unwrap_or_else(PoisonError::into_inner).len()
    }

    fn set(&self, number: usize, addr: SocketAddr) {
        self.0.write().unwrap_or_else(PoisonError::into_inner)[number] = addr;
    }
}

#[derive(Debug)]
pub(crate) struct Servers {
    running: Vec<Server>,
    pub addresses: Addresses,
}

impl Servers {
    pub async fn start(place: &Place, count: usize) -> Result<Self> {
        let mut running = Vec::new();
        for number in 0..count {
            running.push(place.serve(number).await?);
        }
        let addresses = running.iter().map(|server| server.addr).collect();
        Ok(Self { running, addresses: Addresses(Arc::new(RwLock::new(addresses))) })
    }

    /// Kills one after the other until then; how many times.
    pub async fn kill_until(&mut self, place: &Place, until: Instant, rng: &mut Rng) -> Result<u32> {
        let left = until.saturating_duration_since(Instant::now());
        let kills = (left.as_secs() / BETWEEN_KILLS.as_secs()).max(u64::from(FEWEST_KILLS)) as u32;
        for _ in 0..kills {
            // Not in step with the leases.
            tokio::time::sleep((left / (kills + 1)).mul_f64(0.7 + 0.5 * rng.f64())).await;
            let number = rng.usize(..self.running.len());
            self.running.swap_remove(number).kill().await?;
            let server = place.serve(number).await?;
            self.addresses.set(number, server.addr);
            self.running.push(server);
            let last = self.running.len() - 1;
            self.running.swap(number, last);
        }
        Ok(kills)
    }

    /// Lets every server finish what it was asked, also by those who have hung up, and starts them again.
    pub async fn settle(&mut self, place: &Place) -> Result<()> {
        for server in self.running.drain(..) {
            server.stop().await?;
        }
        for number in 0..self.addresses.count() {
            let server = place.serve(number).await?;
            self.addresses.set(number, server.addr);
            self.running.push(server);
        }
        Ok(())
    }

    pub async fn stop(self) -> Result<()> {
        for server in self.running {
            server.stop().await?;
        }
        Ok(())
    }
}
