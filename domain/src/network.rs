//! Which network addresses are on the public internet, by the registries of IANA.
//!
//! What is not known to be public is not: a receiver inside the network that the server stands in must not be reached by
//! whoever may name an address.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Networks of IPv4 that are not public, with the length of their prefix.
const NOT_PUBLIC: [(Ipv4Addr, u32); 17] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 31, 196, 0), 24),
    (Ipv4Addr::new(192, 52, 193, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// Whether the address is on the public internet.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let is_in = |(network, length): &(Ipv4Addr, u32)| {
        (address.to_bits() ^ network.to_bits()).leading_zeros() >= *length
    };
    !NOT_PUBLIC.iter().any(is_in)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        // An IPv4 address in another spelling: as such, or for a translator (NAT64).
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            is_public_v4(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)))
        }
        // Protocol assignments with Teredo, documentation, 6to4.
        [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x2002, ..] | [0x3fff, 0..=0xfff, ..] => false,
        // Global unicast; all else is loopback, local, multicast or not assigned.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::is_public;
    use rstest::rstest;
    use std::net::IpAddr;

    #[rstest]
    #[case::unspecified("0.0.0.0")]
    #[case::this_network("0.1.2.3")]
    #[case::loopback("127.0.0.1")]
    #[case::all_of_loopback("127.255.255.254")]
    #[case::private_10("10.1.2.3")]
    #[case::private_172("172.31.255.255")]
    #[case::private_192("192.168.0.1")]
    #[case::carrier("100.64.0.1")]
    #[case::link_local("169.254.1.1")]
    #[case::metadata_of_clouds("169.254.169.254")]
    #[case::benchmarks("198.19.0.1")]
    #[case::documentation("203.0.113.7")]
    #[case::multicast("224.0.0.1")]
    #[case::reserved("250.1.1.1")]
    #[case::broadcast("255.255.255.255")]
    #[case::unspecified_v6("::")]
    #[case::loopback_v6("::1")]
    #[case::unique_local("fd00:ec2::254")]
    #[case::link_local_v6("fe80::1")]
    #[case::site_local("fec0::1")]
    #[case::multicast_v6("ff02::1")]
    #[case::mapped_loopback("::ffff:127.0.0.1")]
    #[case::mapped_private("::ffff:10.0.0.1")]
    #[case::mapped_metadata("::ffff:169.254.169.254")]
    #[case::compatible("::127.0.0.1")]
    #[case::translated_private("64:ff9b::10.0.0.1")]
    #[case::translated_locally("64:ff9b:1::1")]
    #[case::six_to_four("2002:7f00:1::")]
    #[case::teredo("2001:0:53aa:64c::1")]
    #[case::documentation_v6("2001:db8::1")]
    fn these_are_not_public(#[case] address: IpAddr) {
        assert!(!is_public(address));
    }

    #[rstest]
    #[case("1.1.1.1")]
    #[case("9.255.255.255")]
    #[case("11.0.0.0")]
    #[case("100.63.255.255")]
    #[case("100.128.0.0")]
    #[case("172.15.255.255")]
    #[case("172.32.0.0")]
    #[case("223.255.255.255")]
    #[case("2606:4700:4700::1111")]
    #[case("2001:4860:4860::8888")]
    #[case("::ffff:1.1.1.1")]
    #[case("64:ff9b::1.1.1.1")]
    fn these_are_public(#[case] address: IpAddr) {
        assert!(is_public(address));
    }
}
