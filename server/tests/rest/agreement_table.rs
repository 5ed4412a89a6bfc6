//! `relabel agreement`: coefficients and consensus of a table, without a database.

use crate::{coded_uploads::gzip, command_line::relabel};
use serde_json::{Value, json};
use std::{fs, path::Path, process::Output};

/// Two people on four items, of which they say the same on three; they use each label as often as the other.
const TABLE: &str = "item,annotator,label\n1,ann,카드\n1,bea,카드\n2,ann,카드\n2,bea,loan\n3,ann,loan\n3,bea,loan\n\
                     4,bea,카드\n4,ann,카드\n";

fn agreement(folder: &Path, table: impl AsRef<[u8]>, more: &[&str]) -> Output {
    let file = folder.join("answers.csv");
    fs::write(&file, table).unwrap();
    let data = folder.join("no-data");
    let output = relabel(&data).arg("agreement").arg(&file).args(more).output().unwrap();
    assert!(!data.exists(), "it needs no data folder");
    output
}

fn found(folder: &Path, table: &str, more: &[&str]) -> Value {
    let output = agreement(folder, table, &[&["--json"], more].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[track_caller]
fn refused(table: impl AsRef<[u8]>, more: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let output = agreement(folder.path(), table, more);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_table_has_every_coefficient_and_every_method() {
    let folder = tempfile::tempdir().unwrap();
    let found = found(folder.path(), TABLE, &[]);
    assert_eq!((&found["items"], &found["annotators"], &found["answers"]), (&json!(4), &json!(2), &json!(8)));
    let value = |key: &str| found[key]["value"].as_f64().unwrap();
    // Ann says 카드 three times of four, Bea twice: chance alone agrees on 3/8 + 1/8.
    assert!((value("percent_agreement") - 0.75).abs() < 1e-12);
    assert!((value("cohen_kappa_mean_pairwise") - 0.5).abs() < 1e-12);
    // 5 of 8 answers are 카드: chance alone agrees on 34/64.
    for key in ["scott_pi", "fleiss_kappa"] {
        assert!((value(key) - 7.0 / 15.0).abs() < 1e-12, "{key}: {}", value(key));
    }
    // Observed 2 of 8 pairs differ; of all 56 pairs of answers 30 do.
    assert!((value("krippendorff_alpha") - (1.0 - 0.25 / (30.0 / 56.0))).abs() < 1e-12);
    assert!(found["gwet_ac1"]["ci95"].is_array());
    let methods: Vec<&String> = found["consensus"].as_object().unwrap().keys().collect();
    assert_eq!(methods, ["dawid_skene", "glad", "mace", "majority", "one_coin", "robust"]);
    assert_eq!(found["consensus"]["majority"]["accuracy"], Value::Null);
}

#[test]
fn a_table_comes_packed_or_on_standard_input_with_columns_in_any_case() {
    let folder = tempfile::tempdir().unwrap();
    let expected = found(folder.path(), TABLE, &[]);
    let shouted = TABLE.replacen("item,annotator,label", "\u{feff}Item, ANNOTATOR ,Label", 1);
    assert_eq!(found(folder.path(), &shouted, &[]), expected);

    let packed = folder.path().join("answers.csv.gz");
    fs::write(&packed, gzip(TABLE)).unwrap();
    let data = folder.path().join("no-data");
    let output = relabel(&data).arg("agreement").arg(&packed).arg("--json").output().unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&output.stdout).unwrap(), expected);
    fs::write(&packed, TABLE).unwrap();
    let output = relabel(&data).arg("agreement").arg(&packed).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("answers.csv.gz"));

    let file = fs::File::open(folder.path().join("answers.csv")).unwrap();
    let mut command = relabel(&data);
    let piped = command.args(["agreement", "-", "--json"]).stdin(file).output().unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&piped.stdout).unwrap(), expected);
    let both = relabel(&data).args(["agreement", "-", "--gold", "-"]).output().unwrap();
    assert_eq!(both.status.code(), Some(2));
}

#[test]
fn the_consensus_is_never_written_over_what_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("answers.csv");
    let output = agreement(folder.path(), TABLE, &["--consensus-out", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(fs::read_to_string(&file).unwrap(), TABLE);
}

#[test]
fn true_labels_tell_how_often_each_method_is_right() {
    let folder = tempfile::tempdir().unwrap();
    let gold = folder.path().join("gold.csv");
    fs::write(&gold, "label,item\nloan,3\n카드,1\nloan,4\nloan,unanswered\n").unwrap();
    let out = folder.path().join("consensus.csv");
    let more = ["--gold", gold.to_str().unwrap(), "--consensus-out", out.to_str().unwrap()];
    let found = found(folder.path(), TABLE, &more);
    let accuracy = found["consensus"]["majority"]["accuracy"].as_f64().unwrap();
    assert!((accuracy - 2.0 / 3.0).abs() < 1e-12);
    let written = fs::read_to_string(&out).unwrap();
    assert!(written.starts_with("item,method,label,posterior\n1,majority,카드,1\n"), "{written}");
    assert_eq!(written.lines().count(), 1 + 4 * 6);
}

#[test]
fn what_cannot_be_computed_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let reason =
        |table: &str, more: &[&str], key: &str| found(folder.path(), table, more)[key]["undefined"].clone();
    let one = "item,annotator,label\n1,ann,a\n2,ann,b\n";
    assert_eq!(reason(one, &[], "krippendorff_alpha"), "single_annotator");
    assert_eq!(reason(TABLE, &["--level", "interval"], "krippendorff_alpha"), "non_numeric_labels");
    let same = "item,annotator,label\n1,ann,a\n1,bea,a\n";
    assert_eq!(reason(same, &[], "fleiss_kappa"), "no_variation");
    let text = String::from_utf8(agreement(folder.path(), one, &[]).stdout).unwrap();
    assert!(text.contains("undefined: single_annotator"), "{text}");
}

#[test]
fn a_table_that_cannot_be_used_says_where_and_why() {
    assert!(refused("", &[]).contains("the table is empty"));
    let other = refused("item;annotator;label\n1;ann;a\n", &[]);
    assert!(other.contains("separated by commas"), "{other}");
    assert!(refused("item,annotator,label\n", &[]).contains("there is no row"));
    assert!(
        refused("item,annotator\n1,ann\n", &[]).contains("there is no column 'label' among: item, annotator")
    );
    let none = refused("a,b\n1,2\n", &[]);
    assert_eq!(none.matches("line 1 /").count(), 3, "every missing column is named: {none}");
    let two = refused("item,annotator,LABEL,Label\n1,ann,a,b\n", &[]);
    assert!(two.contains("columns 3 and 4 are both named 'label'"), "{two}");
    let twice = refused("item,annotator,label\n1,ann,a\n1,bea,a\n1,ann,b\n", &[]);
    assert!(twice.contains("line 4: an answer") && twice.contains("line 2 already"), "{twice}");
    let empty = refused("item,annotator,label\n1,ann,a\n2,,a\n", &[]);
    assert!(empty.contains("line 3 /annotator"), "{empty}");
    let short = refused("item,annotator,label\n1,ann\n", &[]);
    assert!(short.contains("line 2") && short.contains("has 2 cells"), "{short}");
    let other = refused(b"item,annotator,label\n1,ann,\xbd\xc5\n", &[]);
    assert!(other.contains("line 2") && other.contains("not UTF-8"), "{other}");
    assert!(refused(TABLE, &["--gold", "nowhere.csv"]).contains("nowhere.csv"));
}
