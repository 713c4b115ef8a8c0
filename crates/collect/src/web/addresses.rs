use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// A range of addresses: `10.1.2.0/24`, or one alone, `::1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    base: IpAddr,
    prefix: u32,
}

/// The text given is not a range of addresses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a range of addresses: expected one such as 10.1.2.0/24 or ::1")]
pub struct NotANetwork(pub String);

const fn v4(base: [u8; 4], prefix: u32) -> Network {
    let [a, b, c, d] = base;
    Network { base: IpAddr::V4(Ipv4Addr::new(a, b, c, d)), prefix }
}

const fn v6(base: [u16; 8], prefix: u32) -> Network {
    let [a, b, c, d, e, f, g, h] = base;
    Network { base: IpAddr::V6(Ipv6Addr::new(a, b, c, d, e, f, g, h)), prefix }
}

/// Where no public page is, from the IANA registries of special-purpose addresses (RFC 6890).
const SPECIAL: &[(Network, &str)] = &[
    (v4([0, 0, 0, 0], 8), "of this machine"),
    (v4([10, 0, 0, 0], 8), "private"),
    (v4([100, 64, 0, 0], 10), "shared by a provider's customers"),
    (v4([127, 0, 0, 0], 8), "of this machine"),
    // The services that tell machines in a data centre about themselves, secrets among it, are here.
    (v4([169, 254, 0, 0], 16), "link-local"),
    // The same of one provider, though the address looks public.
    (v4([168, 63, 129, 16], 32), "of a data centre's own services"),
    (v4([172, 16, 0, 0], 12), "private"),
    (v4([192, 0, 0, 0], 24), "reserved"),
    (v4([192, 0, 2, 0], 24), "for documentation"),
    (v4([192, 88, 99, 0], 24), "reserved"),
    (v4([192, 168, 0, 0], 16), "private"),
    (v4([198, 18, 0, 0], 15), "for measurements"),
    (v4([198, 51, 100, 0], 24), "for documentation"),
    (v4([203, 0, 113, 0], 24), "for documentation"),
    (v4([224, 0, 0, 0], 4), "for many receivers at once"),
    (v4([240, 0, 0, 0], 4), "reserved"),
    (v6([0, 0, 0, 0, 0, 0, 0, 0], 127), "of this machine"),
    (v6([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10), "link-local"),
    (v6([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7), "private"),
    (v6([0xff00, 0, 0, 0, 0, 0, 0, 0], 8), "for many receivers at once"),
    // Teredo is among these: it hides an address of version 4.
    (v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 23), "reserved"),
    (v6([0x2001, 0x0db8, 0, 0, 0, 0, 0, 0], 32), "for documentation"),
    (v6([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20), "for documentation"),
];

/// All public addresses of version 6 (RFC 4291, 2.4, and what IANA has given out since).
const PUBLIC: Network = v6([0x2000, 0, 0, 0, 0, 0, 0, 0], 3);

impl Network {
    /// Tells whether `address` lies in the range.
    pub fn contains(&self, address: IpAddr) -> bool {
        let (base, address, width) = match (self.base, address) {
            (IpAddr::V4(base), IpAddr::V4(address)) => (base.to_bits().into(), address.to_bits().into(), 32),
            (IpAddr::V6(base), IpAddr::V6(address)) => (base.to_bits(), address.to_bits(), 128),
            _ => return false,
        };
        // A shift by the whole width is none: a prefix of 0 contains everything.
        (base ^ address).checked_shr(width - self.prefix).unwrap_or(0) == 0
    }
}

/// Tells what kind of address it is that nothing may be fetched from; `None` of a public one.
///
/// An address of version 6 that stands for one of version 4 is what that one is.
pub(crate) fn special(address: IpAddr) -> Option<&'static str> {
    let address = address.to_canonical();
    if let Some((_, what)) = SPECIAL.iter().find(|(network, _)| network.contains(address)) {
        return Some(what);
    }
    let IpAddr::V6(long) = address else { return None };
    match embedded(long) {
        Some(short) => special(IpAddr::V4(short)),
        None if PUBLIC.contains(address) => None,
        None => Some("not public"),
    }
}

/// Finds the address of version 4 that translators take out of one of version 6: NAT64 (RFC 6052, 2.1), 6to4
/// (RFC 3056, 2) and ISATAP (RFC 5214, 6.1).
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = address.segments();
    let short = |high: u16, low: u16| Some(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)));
    match (a, b) {
        (0x64, 0xff9b) if (c, d, e, f) == (0, 0, 0, 0) => short(g, h),
        (0x2002, _) => short(b, c),
        _ if matches!(e, 0 | 0x200) && f == 0x5efe && PUBLIC.contains(address.into()) => short(g, h),
        _ => None,
    }
}

/// Ports on which something else than web servers listens, from the list of the Fetch standard: a request sent there
/// could be taken for a command.
const OTHER_PROTOCOLS: [u16; 83] = [
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103,
    104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514,
    515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723,
    2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
];

/// Tells whether another protocol is spoken on that port.
pub(crate) fn is_of_another_protocol(port: u16) -> bool {
    OTHER_PROTOCOLS.contains(&port)
}

/// Endings of names that only a local network knows (RFC 6761, RFC 6762, RFC 8375, and names in common use).
const LOCAL: [&str; 9] =
    ["localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp", "home.arpa"];

/// Tells whether only a local network knows a name: without a dot, or with one of a few endings.
pub(crate) fn is_local_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    !name.contains('.') || LOCAL.iter().any(|ending| ends_with_label(&name, ending))
}

/// Tells whether a name is one of Tor's, which may not be asked for in the DNS (RFC 7686, 2).
pub(crate) fn is_onion(name: &str) -> bool {
    ends_with_label(&name.trim_end_matches('.').to_ascii_lowercase(), "onion")
}

fn ends_with_label(name: &str, ending: &str) -> bool {
    name.strip_suffix(ending).is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Network, NotANetwork> {
        let not = || NotANetwork(text.to_owned());
        let (base, prefix) = text.split_once('/').map_or((text, None), |(base, prefix)| (base, Some(prefix)));
        let base: IpAddr = base.parse().map_err(|_| not())?;
        let width = if base.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Ok(width), str::parse).map_err(|_| not())?;
        if prefix > width { Err(not()) } else { Ok(Network { base, prefix }) }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.base, self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn special_addresses() {
        for (address, what) in [
            ("0.0.0.0", "of this machine"),
            ("127.8.8.8", "of this machine"),
            ("10.0.0.1", "private"),
            ("172.31.255.255", "private"),
            ("192.168.1.1", "private"),
            ("100.100.100.200", "shared by a provider's customers"),
            ("169.254.169.254", "link-local"),
            ("168.63.129.16", "of a data centre's own services"),
            ("224.0.0.251", "for many receivers at once"),
            ("255.255.255.255", "reserved"),
            ("::", "of this machine"),
            ("::1", "of this machine"),
            ("fd00:ec2::254", "private"),
            ("fe80::1", "link-local"),
            ("ff02::1", "for many receivers at once"),
            ("::ffff:10.0.0.1", "private"),
            ("::10.0.0.1", "not public"),
            ("64:ff9b::a00:1", "private"),
            ("64:ff9b:1::a00:1", "not public"),
            ("2002:a00:1::", "private"),
            ("2a00::5efe:10.0.0.1", "private"),
            ("2001:0:1::1", "reserved"),
            ("2001:db8::1", "for documentation"),
            ("5f00::1", "not public"),
        ] {
            assert_eq!(special(address.parse().unwrap()), Some(what), "{address}");
        }
    }

    #[test]
    fn public_addresses() {
        for address in
            ["1.1.1.1", "172.32.0.1", "100.128.0.1", "223.255.255.255", "2a00:1450::1", "2606:4700::1"]
        {
            assert_eq!(special(address.parse().unwrap()), None, "{address}");
        }
        assert_eq!(special("64:ff9b::101:101".parse().unwrap()), None);
        assert_eq!(special("::ffff:1.1.1.1".parse().unwrap()), None);
    }

    #[test]
    fn ranges() {
        let contains = |network: &str, address: &str| {
            network.parse::<Network>().unwrap().contains(address.parse().unwrap())
        };
        assert!(contains("10.1.2.0/24", "10.1.2.255") && !contains("10.1.2.0/24", "10.1.3.0"));
        assert!(contains("0.0.0.0/0", "255.1.2.3") && !contains("0.0.0.0/0", "::1"));
        assert!(contains("::/0", "fe80::1") && contains("::1", "::1") && !contains("::1", "::"));
        for text in ["", "10.0.0.0/33", "10.0.0/8", "::1/129", "a/8", "10.0.0.0/-1", "010.0.0.1"] {
            assert!(text.parse::<Network>().is_err(), "{text}");
        }
    }

    #[test]
    fn names() {
        for name in
            ["localhost", "LOCALHOST.", "a.localhost", "router.lan", "printer", "metadata.google.internal"]
        {
            assert!(is_local_name(name), "{name}");
        }
        assert!(!is_local_name("quillhaven.example") && !is_local_name("notlocalhost.example"));
        assert!(is_onion("abc.onion.") && !is_onion("onion.example"));
    }

    proptest! {
        #[test]
        fn what_is_mapped_is_what_it_stands_for(bits: u32) {
            let short = Ipv4Addr::from_bits(bits);
            let what = special(short.into());
            prop_assert_eq!(special(short.to_ipv6_mapped().into()), what);
            let nat64 = Ipv6Addr::from_bits(0x64_ff9b << 96 | u128::from(bits));
            prop_assert_eq!(special(nat64.into()), what);
        }
    }
}
