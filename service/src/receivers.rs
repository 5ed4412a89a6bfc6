//! Where events may be sent: addresses on the public internet over HTTPS, or, where the operator says so, any.
//!
//! An address is checked when a webhook is made, by what stands in it. What its name stands for is checked by whoever
//! connects, each time ([`Receivers::allows`]).

use domain::{
    network::is_public,
    problem::{Code, Fault},
};
use std::net::IpAddr;
use url::{Host, Url};

/// The longest address in bytes.
const LONGEST: usize = 2000;

/// Where events may be sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Receivers {
    /// To the public internet, over HTTPS.
    #[default]
    Public,
    /// Everywhere, over HTTP too.
    Any,
}

impl Receivers {
    /// Whether events may be sent to this network address.
    pub fn allows(self, address: IpAddr) -> bool {
        self == Self::Any || is_public(address)
    }

    /// The network address that stands in `url`, where it has one instead of a name.
    pub fn literal(url: &str) -> Option<IpAddr> {
        match Url::parse(url).ok()?.host()? {
            Host::Ipv4(address) => Some(address.into()),
            Host::Ipv6(address) => Some(address.into()),
            Host::Domain(_) => None,
        }
    }

    /// `text` as an address that events may be sent to, in the spelling in which it is sent.
    pub(crate) fn parse(self, text: &str) -> Result<String, Fault> {
        let fault = |code: Code, detail: &str| Err(Fault::at("/url", code, detail));
        if text.len() > LONGEST {
            return fault(Code::TooLong, &format!("at most {LONGEST} characters"));
        }
        let Ok(url) = Url::parse(text.trim()) else {
            return fault(Code::InvalidUrl, "this is not an absolute address");
        };
        match (url.scheme(), self) {
            ("https", _) | ("http", Self::Any) => {}
            ("http", Self::Public) => {
                return fault(
                    Code::InvalidUrl,
                    "must begin with https://; this server sends nothing in clear",
                );
            }
            _ => return fault(Code::InvalidUrl, "must begin with https://"),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return fault(Code::InvalidUrl, "must hold no name and password: it is shown to managers");
        }
        if url.fragment().is_some() {
            return fault(Code::InvalidUrl, "must have no fragment, which is never sent");
        }
        let private = match url.host() {
            Some(Host::Domain(name)) => {
                let name = name.trim_end_matches('.');
                self == Self::Public && (name == "localhost" || name.ends_with(".localhost"))
            }
            Some(Host::Ipv4(address)) => !self.allows(address.into()),
            Some(Host::Ipv6(address)) => !self.allows(address.into()),
            None => return fault(Code::InvalidUrl, "must name a host"),
        };
        if private {
            let detail =
                "this address is not on the public internet; `allow_private_webhooks` would allow it";
            return fault(Code::PrivateAddress, detail);
        }
        Ok(url.into())
    }
}

#[cfg(test)]
mod tests {
    use super::Receivers;
    use domain::problem::Code;
    use rstest::rstest;

    fn code(receivers: Receivers, text: &str) -> Option<Code> {
        receivers.parse(text).err().map(|fault| fault.code)
    }

    #[rstest]
    #[case::no_address("hooks.example.org")]
    #[case::relative("/hooks")]
    #[case::another_scheme("ftp://hooks.example.org/")]
    #[case::file("file:///etc/passwd")]
    #[case::no_host("https:///")]
    #[case::password("https://me:secret@hooks.example.org/")]
    #[case::name("https://me@hooks.example.org/")]
    #[case::fragment("https://hooks.example.org/#a")]
    fn these_are_no_addresses_of_receivers(#[case] text: &str) {
        for receivers in [Receivers::Public, Receivers::Any] {
            assert_eq!(code(receivers, text), Some(Code::InvalidUrl), "{receivers:?}");
        }
    }

    #[rstest]
    #[case("https://127.0.0.1/")]
    #[case::short("https://127.1/")]
    #[case::one_number("https://2130706433/")]
    #[case::hexadecimal("https://0x7f.0.0.1/")]
    #[case::octal("https://0177.0.0.1/")]
    #[case("https://169.254.169.254/latest/meta-data/")]
    #[case("https://10.0.0.8:8443/hook")]
    #[case("https://[::1]/")]
    #[case("https://[::ffff:10.0.0.1]/")]
    #[case("https://localhost/")]
    #[case("https://LOCALHOST./")]
    #[case("https://a.localhost/")]
    fn private_addresses_are_refused_however_they_are_spelt(#[case] text: &str) {
        assert_eq!(code(Receivers::Public, text), Some(Code::PrivateAddress));
        assert_eq!(code(Receivers::Any, text), None);
    }

    #[test]
    fn http_is_for_those_who_allow_private_receivers() {
        assert_eq!(code(Receivers::Public, "http://hooks.example.org/"), Some(Code::InvalidUrl));
        assert_eq!(code(Receivers::Any, "http://hooks.example.org/"), None);
        assert_eq!(
            Receivers::Public.parse(" HTTPS://Hooks.Example.org/a b?c=d "),
            Ok("https://hooks.example.org/a%20b?c=d".to_owned())
        );
    }

    #[test]
    fn an_address_that_is_too_long_is_told_so() {
        let long = format!("https://hooks.example.org/{}", "a".repeat(2000));
        assert_eq!(code(Receivers::Any, &long), Some(Code::TooLong));
    }
}
