//! The answers of each pair of annotators to the items that both answered: what Cohen's kappa reads.
//!
//! Each pair numbers the labels that the two gave, so that its table has no cell for others. There are as many
//! entries as pairs of answers to the same item; nothing here is quadratic in labels or annotators.

use super::rows::Rows;
use super::scale::Scale;

/// One item that both of a pair answered, by the pair's own numbers of the labels.
#[derive(Debug, Clone, Copy)]
struct Meeting {
    row: u32,
    a: u32,
    b: u32,
}

/// Where the meetings and the labels of a pair of annotators end; first come the meetings with equal labels.
#[derive(Debug, Clone, Copy)]
struct Pair {
    annotators: (u32, u32),
    agreeing: usize,
    meetings: usize,
    labels: usize,
}

/// Pairs of annotators, in their order, with their meetings.
#[derive(Debug, Default)]
pub(super) struct Meetings {
    pairs: Vec<Pair>,
    meetings: Vec<Meeting>,
    /// Each pair's labels, ascending.
    labels: Vec<u32>,
    /// What is being sorted: second annotator, whether they differ, row, labels.
    sorted: Vec<(u32, bool, u32, u32, u32)>,
    /// The labels of the pair at hand.
    own: Vec<u32>,
}

/// The unweighted, the linear and the quadratic kappa of a pair; none where it is undefined or not asked for.
pub(super) type Kappas = [Option<f64>; 3];

/// A pair of annotators, the items they share, and their kappas.
pub(super) type PairKappas = ((u32, u32), u64, Kappas);

/// The tables of one pair, kept to be used for the next.
#[derive(Debug, Default)]
pub(super) struct Tables {
    /// By label, how often either gave it.
    given: Vec<[u32; 2]>,
}

impl Meetings {
    /// The number of pairs of answers to the same item.
    pub(super) fn len(&self) -> usize {
        self.meetings.len()
    }

    pub(super) fn clear(&mut self) {
        self.pairs.clear();
        self.meetings.clear();
        self.labels.clear();
    }

    /// Adds the pairs of `annotator` with all that come later.
    pub(super) fn push(&mut self, rows: &Rows<'_>, annotator: u32, scale: &Scale) {
        self.sorted.clear();
        for &row in rows.of_annotator(annotator) {
            let answers = rows.answers(row);
            let place = answers.partition_point(|answer| answer.annotator < annotator);
            let own = scale.category(answers[place].label);
            let others = answers[place + 1..].iter();
            self.sorted.extend(others.map(|other| {
                let label = scale.category(other.label);
                (other.annotator, own != label, row, own, label)
            }));
        }
        self.sorted.sort_unstable();
        for shared in self.sorted.chunk_by(|x, y| x.0 == y.0) {
            let start = self.labels.len();
            self.own.clear();
            self.own.extend(shared.iter().flat_map(|(.., a, b)| [*a, *b]));
            self.own.sort_unstable();
            self.own.dedup();
            self.labels.extend_from_slice(&self.own);
            let labels = &self.labels[start..];
            let number = |label: &u32| labels.partition_point(|other| other < label) as u32;
            let agreeing = self.meetings.len() + shared.partition_point(|(_, differ, ..)| !differ);
            let meetings =
                shared.iter().map(|(_, _, row, a, b)| Meeting { row: *row, a: number(a), b: number(b) });
            self.meetings.extend(meetings);
            self.pairs.push(Pair {
                annotators: (annotator, shared[0].0),
                agreeing,
                meetings: self.meetings.len(),
                labels: self.labels.len(),
            });
        }
    }

    /// For each pair: who, on how many items, and the unweighted, linear and quadratic kappa where each row stands
    /// for so many items. Without positions there is only the first.
    pub(super) fn kappas<'a>(
        &'a self,
        items: &'a [u32],
        positions: Option<&'a [f64]>,
        tables: &'a mut Tables,
    ) -> impl Iterator<Item = PairKappas> + 'a {
        let (mut meeting, mut label) = (0, 0);
        self.pairs.iter().map(move |pair| {
            let agreeing = &self.meetings[meeting..pair.agreeing];
            let differing = &self.meetings[pair.agreeing..pair.meetings];
            let labels = &self.labels[label..pair.labels];
            (meeting, label) = (pair.meetings, pair.labels);
            let (shared, kappas) = tables.kappas([agreeing, differing], labels, items, positions);
            (pair.annotators, shared, kappas)
        })
    }
}

impl Tables {
    fn kappas(
        &mut self,
        [agreeing, differing]: [&[Meeting]; 2],
        labels: &[u32],
        items: &[u32],
        positions: Option<&[f64]>,
    ) -> (u64, Kappas) {
        self.given.clear();
        self.given.resize(labels.len(), [0, 0]);
        for meeting in agreeing {
            let times = items[meeting.row as usize];
            let [a, b] = &mut self.given[meeting.a as usize];
            (*a, *b) = (*a + times, *b + times);
        }
        let at = |label: u32| positions.map_or(0.0, |positions| positions[labels[label as usize] as usize]);
        let (mut unequal, mut linear, mut quadratic) = (0_u64, 0.0, 0.0);
        for meeting in differing {
            let times = items[meeting.row as usize];
            self.given[meeting.a as usize][0] += times;
            self.given[meeting.b as usize][1] += times;
            let apart = (at(meeting.a) - at(meeting.b)).abs();
            unequal += u64::from(times);
            linear += f64::from(times) * apart;
            quadratic += f64::from(times) * apart * apart;
        }
        let shared: u64 = self.given.iter().map(|[a, _]| u64::from(*a)).sum();
        let size = shared as f64;

        // In whole numbers, so that "expected agreement is 1" is exact.
        let equal: u64 = self.given.iter().map(|[a, b]| u64::from(*a) * u64::from(*b)).sum();
        let differ = shared * shared - equal;
        if differ == 0 {
            return (shared, [None; 3]);
        }
        let kappa = |observed: f64, expected: f64| (expected > 0.0).then(|| 1.0 - size * observed / expected);
        let nominal = kappa(unequal as f64, differ as f64);
        if positions.is_none() {
            return (shared, [nominal, None, None]);
        }

        let first = at(0);
        let (mut below, mut crossed, mut last) = ([0.0; 2], 0.0, 0.0);
        let (mut sums, mut squares) = ([0.0; 2], 0.0);
        for (label, given) in (0..).zip(&self.given) {
            let from_first = at(label) - first;
            let [a, b] = given.map(f64::from);
            // Each gap between neighbours is crossed by the pairs that lie on both sides of it.
            let [below_a, below_b] = below;
            crossed += (from_first - last) * (below_a * (size - below_b) + below_b * (size - below_a));
            below = [below_a + a, below_b + b];
            last = from_first;
            sums = [sums[0] + a * from_first, sums[1] + b * from_first];
            squares += (a + b) * from_first * from_first;
        }
        let squared = size * squares - 2.0 * sums[0] * sums[1];
        (shared, [nominal, kappa(linear, crossed), kappa(quadratic, squared)])
    }
}
