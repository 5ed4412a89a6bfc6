//! Numbers for names: annotators and labels as small indexes without gaps, for [`Ratings`](super::Ratings).
//!
//! Names are never changed: no trimming, no folding, no normalising.

use std::collections::HashMap;

use super::ratings::RatingsError;

/// The distinct names in order, and for each name given its index among them.
pub(super) fn number<'a>(
    names: impl Iterator<Item = &'a str>,
) -> Result<(Vec<String>, Vec<u32>), RatingsError> {
    let mut first_seen: HashMap<&str, usize> = HashMap::new();
    let seen: Vec<usize> = names
        .map(|name| {
            let next = first_seen.len();
            *first_seen.entry(name).or_insert(next)
        })
        .collect();
    let mut sorted: Vec<(&str, usize)> = first_seen.into_iter().collect();
    sorted.sort_unstable();
    let mut index = vec![0; sorted.len()];
    for (place, (_, seen)) in sorted.iter().enumerate() {
        index[*seen] = u32::try_from(place).map_err(|_| RatingsError::TooMany)?;
    }
    let names = sorted.into_iter().map(|(name, _)| name.to_owned()).collect();
    Ok((names, seen.into_iter().map(|seen| index[seen]).collect()))
}

/// Drops the names that no answer points to and closes the gaps; fails with the index that has no name.
pub(super) fn renumber(
    names: Vec<String>,
    given: &mut [(u32, u32, u32)],
    index: impl Fn(&mut (u32, u32, u32)) -> &mut u32,
) -> Result<Vec<String>, u32> {
    let mut used = vec![None; names.len()];
    for answer in &mut *given {
        let old = *index(answer);
        *used.get_mut(old as usize).ok_or(old)? = Some(0);
    }
    for (next, place) in (0..).zip(used.iter_mut().flatten()) {
        *place = next;
    }
    for answer in given {
        let place = index(answer);
        *place = used[*place as usize].unwrap_or_default();
    }
    Ok(names.into_iter().zip(used).filter_map(|(name, place)| place.map(|_| name)).collect())
}
