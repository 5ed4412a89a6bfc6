//! Generated samples: lines of NDJSON of one size, each with a prediction, the same for the same seed.

use std::{
    fmt::Write as _,
    fs::File,
    io::{BufWriter, Write as _},
    path::Path,
};

use anyhow::{Context, Result};
use fastrand::Rng;

const WORDS: &[&str] = &[
    "my",
    "card",
    "has",
    "not",
    "arrived",
    "yet",
    "loan",
    "rate",
    "please",
    "tell",
    "me",
    "when",
    "the",
    "payment",
    "was",
    "sent",
    "to",
    "account",
    "카드가",
    "아직",
    "오지",
    "않았어요",
    "대출",
    "금리",
    "언제",
    "입금",
    "되나요",
];
const CHARACTERS: usize = 200;

fn text(rng: &mut Rng) -> String {
    let mut text = String::with_capacity(CHARACTERS * 2);
    let mut length = 0;
    while length < CHARACTERS {
        let word = WORDS[rng.usize(..WORDS.len())];
        for c in word.chars().chain([' ']).take(CHARACTERS - length) {
            text.push(c);
            length += 1;
        }
    }
    text
}

/// One sample as a line, its end included.
pub fn line(rng: &mut Rng, id: &str) -> String {
    let text = text(rng);
    // In ten-thousandths, so that they add up to exactly one.
    let first = rng.u32(3400..9900);
    let second = (10_000 - first) * rng.u32(50..95) / 100;
    let third = 10_000 - first - second;
    let mut line = String::with_capacity(text.len() + 200);
    let _ = writeln!(
        line,
        r#"{{"id":"{id}","fields":{{"text":"{text}"}},"predictions":[{{"model":"m@1","question":"intent","probs":{{"card":0.{first:04},"loan":0.{second:04},"other":0.{third:04}}}}}]}}"#
    );
    line
}

/// The id of the `n`th sample.
pub fn id(n: usize) -> String {
    format!("s{n:08}")
}

/// Writes so many samples with a label and without a prediction into a file.
pub fn write_labelled(file: &Path, count: usize) -> Result<()> {
    let mut rng = Rng::with_seed(0);
    let mut out =
        BufWriter::new(File::create(file).with_context(|| format!("cannot write {}", file.display()))?);
    for n in 0..count {
        let (id, text) = (id(n), text(&mut rng));
        writeln!(out, r#"{{"id":"{id}","fields":{{"text":"{text}"}},"label":{{"intent":"loan"}}}}"#)?;
    }
    Ok(out.flush()?)
}

/// Writes samples `from..to` into a file.
pub fn write(file: &Path, from: usize, to: usize) -> Result<()> {
    let mut rng = Rng::with_seed(from as u64);
    let mut out =
        BufWriter::new(File::create(file).with_context(|| format!("cannot write {}", file.display()))?);
    for n in from..to {
        out.write_all(line(&mut rng, &id(n)).as_bytes())?;
    }
    Ok(out.flush()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_has_two_hundred_characters_and_probabilities_that_add_up() {
        let mut rng = Rng::with_seed(1);
        for n in 0..500 {
            let line: serde_json::Value = serde_json::from_str(&line(&mut rng, &id(n))).unwrap_or_default();
            assert_eq!(line["fields"]["text"].as_str().map(|text| text.chars().count()), Some(CHARACTERS));
            let probs = line["predictions"][0]["probs"]
                .as_object()
                .map(|probs| probs.values().filter_map(serde_json::Value::as_f64).sum::<f64>());
            assert!(probs.is_some_and(|sum| (sum - 1.0).abs() < 1e-9), "{line}");
        }
    }
}
