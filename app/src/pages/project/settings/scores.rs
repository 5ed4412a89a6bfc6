//! The scores that a project may choose, in words: as choices for the settings' form.

use crate::i18n::{I18n, tu_string};
use domain::score::{LabelScore, PredictionScore};

/// Values and what people read of them, and the value that is chosen.
type Choices = (Vec<(String, String)>, &'static str);

/// How the uncertainty of a prediction may be measured.
pub(super) fn prediction_scores(i18n: I18n, chosen: PredictionScore) -> Choices {
    let choices = PredictionScore::ALL.map(|score| {
        let text = match score {
            PredictionScore::Margin => tu_string!(i18n, settings.queue.margin),
            PredictionScore::LeastConfidence => tu_string!(i18n, settings.queue.least_confidence),
            PredictionScore::Entropy => tu_string!(i18n, settings.queue.entropy),
        };
        (score.as_str().to_owned(), text.to_owned())
    });
    (choices.into(), chosen.as_str())
}

/// How the suspicion against a stored label may be measured.
pub(super) fn label_scores(i18n: I18n, chosen: LabelScore) -> Choices {
    let choices = LabelScore::ALL.map(|score| {
        let text = match score {
            LabelScore::SelfConfidence => tu_string!(i18n, settings.queue.self_confidence),
            LabelScore::NormalizedMargin => tu_string!(i18n, settings.queue.normalized_margin),
        };
        (score.as_str().to_owned(), text.to_owned())
    });
    (choices.into(), chosen.as_str())
}
