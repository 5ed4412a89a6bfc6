//! The sentences of a card, in English and Korean.

use crate::provenance::VersionSource;
use serde::{Deserialize, Serialize};

/// In which language a card is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// Korean.
    #[serde(rename = "ko")]
    Korean,
}

impl Language {
    /// The language of this code.
    pub fn parse(code: &str) -> Option<Self> {
        match code {
            "en" => Some(Self::English),
            "ko" => Some(Self::Korean),
            _ => None,
        }
    }

    /// Its code.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Korean => "ko",
        }
    }
}

macro_rules! words {
    ($($name:ident: $english:literal, $korean:literal;)+) => {
        $(pub(super) fn $name(language: Language) -> &'static str {
            match language {
                Language::English => $english,
                Language::Korean => $korean,
            }
        })+
    };
}

words! {
    version: "version", "버전";
    what_is_asked: "What is asked", "질문과 라벨 분포";
    answer: "Answer", "답";
    title: "Title", "제목";
    labels: "Labels", "라벨 수";
    share: "Share", "비율";
    other_answers: "other answers", "그 밖의 답";
    no_answers: "No label answers it.", "이 질문에 답한 라벨이 없습니다.";
    origin: "How the labels came about", "라벨이 정해진 방식";
    decided_by: "Decided by", "결정 주체";
    reviewer: "a reviewer", "검수자";
    policy: "the review policy, where all annotations agreed", "검수 정책(답변이 모두 일치한 경우)";
    import: "an import, without review here", "가져오기(이곳에서 검수하지 않음)";
    revert: "a return to an earlier version", "이전 버전으로 되돌리기";
    this_version: "This version", "이 버전";
    digest: "Digest", "다이제스트";
    made: "Made", "만든 시각";
    source: "Made by", "만든 방법";
    message: "Message", "설명";
    changes: "Against the version before", "직전 버전과의 차이";
    licence: "Licence", "라이선스";
    no_licence: "not stated", "명시되지 않음";
    limits: "Known limits", "알려진 한계";
    no_limits: "None is known.", "알려진 한계가 없습니다.";
    no_labels: "It has no labels.", "라벨이 없습니다.";
}

pub(super) fn source_of(source: VersionSource, language: Language) -> &'static str {
    match (source, language) {
        (VersionSource::Cut, Language::English) => "a cut of reviewed decisions",
        (VersionSource::Cut, Language::Korean) => "결정된 라벨로 만든 버전",
        (VersionSource::Import, Language::English) => "an import",
        (VersionSource::Import, Language::Korean) => "가져오기",
        (VersionSource::Revert, Language::English) => "a return to an earlier version",
        (VersionSource::Revert, Language::Korean) => "이전 버전으로 되돌리기",
    }
}

pub(super) fn summary(language: Language, labels: i64, samples: i64) -> String {
    match language {
        Language::English => {
            format!(
                "Labels: {labels}, of {samples} samples. Every label names the text that it was decided on and where it comes from."
            )
        }
        Language::Korean => {
            format!(
                "샘플 {samples}개 중 {labels}개에 라벨이 있습니다. 라벨마다 어떤 내용을 보고 정했는지와 그 출처가 기록되어 있습니다."
            )
        }
    }
}

pub(super) fn agreement(language: Language, mean: Option<f64>, labels: i64) -> String {
    match (language, mean) {
        (Language::English, Some(mean)) => {
            format!("Mean pairwise agreement: {mean:.3} (labels with two or more annotations: {labels}).")
        }
        (Language::Korean, Some(mean)) => {
            format!("두 사람 이상이 답변한 라벨 {labels}개의 평균 답변 일치도(쌍별)는 {mean:.3}입니다.")
        }
        (Language::English, None) => {
            "Agreement is not known: no label has two or more annotations.".to_owned()
        }
        (Language::Korean, None) => {
            "두 사람 이상이 답변한 라벨이 없어 답변 일치도를 알 수 없습니다.".to_owned()
        }
    }
}

pub(super) fn people(language: Language, annotators: i64, simulated: i64, reviewers: i64) -> String {
    match language {
        Language::English => {
            let simulated =
                if simulated > 0 { format!(", {simulated} of them simulated") } else { String::new() };
            format!("Annotators: {annotators}{simulated}. Reviewers: {reviewers}.")
        }
        Language::Korean => {
            let simulated = if simulated > 0 {
                format!("(이 중 시뮬레이션 {simulated}명)")
            } else {
                String::new()
            };
            format!("라벨러 {annotators}명{simulated}, 검수자 {reviewers}명이 참여했습니다.")
        }
    }
}

pub(super) fn revisions(language: Language, guideline: &str, schema: &str) -> String {
    match language {
        Language::English => {
            format!(
                "Decided under guideline revision {guideline}; schema revision {schema} (labels in brackets)."
            )
        }
        Language::Korean => {
            format!("적용된 가이드라인 개정: {guideline}. 스키마 개정: {schema}. 괄호 안은 라벨 수입니다.")
        }
    }
}

pub(super) fn changed(language: Language, [added, changed, removed, confirmed]: [i64; 4]) -> String {
    match language {
        Language::English => {
            format!("added {added}, changed {changed}, removed {removed}, confirmed {confirmed}")
        }
        Language::Korean => {
            format!("추가 {added}, 변경 {changed}, 삭제 {removed}, 유지 확인 {confirmed}")
        }
    }
}

pub(super) fn imported(language: Language, share: &str, labels: i64) -> String {
    match language {
        Language::English => {
            format!("{share} of the labels ({labels}) came with an import and were not reviewed here.")
        }
        Language::Korean => {
            format!("라벨의 {share}({labels}개)는 가져온 그대로이며 이곳에서 검수하지 않았습니다.")
        }
    }
}

pub(super) fn by_one(language: Language, share: &str, labels: i64) -> String {
    match language {
        Language::English => format!("{share} of the labels ({labels}) rest on one annotation."),
        Language::Korean => format!("라벨의 {share}({labels}개)는 한 사람의 답변만 반영되어 있습니다."),
    }
}

pub(super) fn approved(language: Language, share: &str, labels: i64) -> String {
    match language {
        Language::English => {
            format!("{share} of the labels ({labels}) were approved by policy: no reviewer looked at them.")
        }
        Language::Korean => {
            format!("라벨의 {share}({labels}개)는 검수자가 확인하지 않고 검수 정책에 따라 승인되었습니다.")
        }
    }
}

pub(super) fn reverted(language: Language, share: &str, labels: i64) -> String {
    match language {
        Language::English => {
            format!(
                "{share} of the labels ({labels}) came back from an earlier version; who decided them stands there."
            )
        }
        Language::Korean => {
            format!(
                "라벨의 {share}({labels}개)는 이전 버전에서 되돌린 것으로, 결정 과정은 해당 버전에 있습니다."
            )
        }
    }
}

pub(super) fn unlabelled(language: Language, share: &str, samples: i64) -> String {
    match language {
        Language::English => format!("{share} of the samples ({samples}) have no label in this version."),
        Language::Korean => format!("샘플의 {share}({samples}개)는 이 버전에 라벨이 없습니다."),
    }
}

pub(super) fn by_simulation(language: Language, simulated: i64) -> String {
    match language {
        Language::English => {
            format!("Annotations of {simulated} simulated annotators are among those behind the labels.")
        }
        Language::Korean => format!("시뮬레이션 라벨러 {simulated}명의 답변이 포함되어 있습니다."),
    }
}
