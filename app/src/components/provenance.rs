//! Where a label comes from, in one line.

use crate::{
    components::{
        badge::reason_text,
        number::{count, percent},
    },
    i18n::{I18n, tu_string},
};
use domain::provenance::{LabelAuthor, Provenance};

/// Who decided, why it was asked, and how many agreed.
pub fn provenance_line(i18n: I18n, provenance: &Provenance) -> String {
    let author = match provenance.decided_by {
        LabelAuthor::Reviewer => tu_string!(i18n, version.by.reviewer),
        LabelAuthor::Policy => tu_string!(i18n, version.by.policy),
        LabelAuthor::Import => tu_string!(i18n, version.by.import),
        LabelAuthor::Revert => tu_string!(i18n, version.by.revert),
    };
    let mut parts = vec![author.to_owned()];
    if let Some(reason) = provenance.reason {
        parts.push(reason_text(i18n, reason).to_owned());
    }
    if provenance.annotations > 0 {
        let answers = count(i64::from(provenance.annotations));
        parts.push(match provenance.agreement {
            Some(share) => {
                tu_string!(i18n, version.answers_agree, n = answers, share = percent(share)).to_string()
            }
            None => tu_string!(i18n, version.answers, n = answers).to_string(),
        });
    }
    parts.join(" · ")
}
