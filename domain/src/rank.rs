//! A steady place of a text between 0 and 1, for choosing a share of things without a random number.

use sha2::{Digest, Sha256};

/// The rank of `text` among all texts of a project, uniform in [0, 1): the first 53 bits of SHA-256 of the salt, a zero
/// byte and the text. Nobody who does not know the salt can choose a text by its rank.
pub fn rank(salt: &str, text: &str) -> f64 {
    let digest = Sha256::new().chain_update(salt).chain_update([0]).chain_update(text).finalize();
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    (u64::from_be_bytes(first) >> 11) as f64 / (1u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::rank;

    #[test]
    fn a_share_of_the_texts_ranks_below_it_and_steadily() {
        let inside = (0..20_000).filter(|n| rank("salt", &format!("s{n}")) < 0.05).count();
        assert!((850..1150).contains(&inside), "{inside} of 20000");
        assert_eq!(rank("salt", "s1").to_bits(), rank("salt", "s1").to_bits());
        assert_ne!(rank("salt", "s1").to_bits(), rank("other", "s1").to_bits());
    }
}
