//! The network address that a request comes from, behind proxies too.
//!
//! Anybody can send `X-Forwarded-For`, so it is believed only as far as proxies of ours have written it.

use app::session::Client;
use axum::{
    extract::{ConnectInfo, Request, State},
    middleware::Next,
    response::Response,
};
use http::HeaderMap;
use ipnet::IpNet;
use std::{
    net::{IpAddr, SocketAddr},
    str::FromStr,
};

use crate::state::AppState;

const HEADER: &str = "x-forwarded-for";

/// The addresses of our own proxies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

impl FromStr for TrustedProxies {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        let net = |part: &str| part.parse().ok().or_else(|| part.parse::<IpAddr>().ok().map(IpNet::from));
        parts.map(net).collect::<Option<_>>().map(Self).ok_or(())
    }
}

impl TrustedProxies {
    fn has(&self, address: IpAddr) -> bool {
        self.0.iter().any(|net| net.contains(&address))
    }

    /// Who is behind `peer`: each proxy appends whom it was called by, so the last one that is not a proxy of ours.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let given = headers.get_all(HEADER).iter().filter_map(|value| value.to_str().ok());
        let mut entries: Vec<&str> = given.flat_map(|value| value.split(',')).collect();
        let mut client = peer.to_canonical();
        while self.has(client)
            && let Some(before) = entries.pop().and_then(address)
        {
            client = before;
        }
        client
    }
}

/// An entry of the header; some proxies add the port.
fn address(entry: &str) -> Option<IpAddr> {
    let entry = entry.trim();
    let plain = entry.strip_prefix('[').and_then(|entry| entry.strip_suffix(']')).unwrap_or(entry);
    let with_port = || entry.parse::<SocketAddr>().ok().map(|address| address.ip());
    plain.parse::<IpAddr>().ok().or_else(with_port).map(|address| address.to_canonical())
}

/// Middleware: tells pages and server functions where the request comes from.
pub(crate) async fn layer(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    if let Some(ConnectInfo(peer)) = request.extensions().get::<ConnectInfo<SocketAddr>>() {
        let client = state.options.trusted_proxies.client(peer.ip(), request.headers());
        request.extensions_mut().insert(Client(client));
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::{HEADER, TrustedProxies};
    use http::{HeaderMap, HeaderValue};
    use rstest::rstest;

    #[rstest]
    // Nobody is trusted, or not the one who calls: the header may be anybody's.
    #[case("", "10.0.0.1", &["1.2.3.4"], "10.0.0.1")]
    #[case("10.0.0.0/8", "9.9.9.9", &["1.2.3.4"], "9.9.9.9")]
    #[case("10.0.0.0/8", "10.0.0.1", &[], "10.0.0.1")]
    #[case("10.0.0.0/8", "10.0.0.1", &["1.2.3.4"], "1.2.3.4")]
    // What the client itself has sent stands at the left.
    #[case("10.0.0.0/8", "10.0.0.1", &["6.6.6.6, 1.2.3.4"], "1.2.3.4")]
    #[case("10.0.0.0/8", "10.0.0.1", &["6.6.6.6", "1.2.3.4, 10.0.0.2"], "1.2.3.4")]
    #[case("10.0.0.0/8", "10.0.0.1", &["10.0.0.3, 10.0.0.2"], "10.0.0.3")]
    #[case("10.0.0.0/8", "10.0.0.1", &["1.2.3.4, nonsense"], "10.0.0.1")]
    #[case("10.0.0.0/8", "10.0.0.1", &["1.2.3.4:5555"], "1.2.3.4")]
    #[case("127.0.0.1, ::1", "::1", &["[2001:db8::1]:443"], "2001:db8::1")]
    #[case("127.0.0.1", "::ffff:127.0.0.1", &["::ffff:1.2.3.4"], "1.2.3.4")]
    fn the_client_is_who_called_our_outermost_proxy(
        #[case] trusted: TrustedProxies,
        #[case] peer: &str,
        #[case] headers: &[&'static str],
        #[case] client: &str,
    ) {
        let headers: HeaderMap = headers
            .iter()
            .map(|value| (http::HeaderName::from_static(HEADER), HeaderValue::from_static(value)))
            .fold(HeaderMap::new(), |mut map, (name, value)| {
                map.append(name, value);
                map
            });
        let found = peer.parse().map(|peer| trusted.client(peer, &headers));
        assert_eq!(found, client.parse());
    }

    #[test]
    fn what_is_not_an_address_is_no_setting() {
        assert!("10.0.0.0/33".parse::<TrustedProxies>().is_err());
        assert!("proxy.internal".parse::<TrustedProxies>().is_err());
    }
}
