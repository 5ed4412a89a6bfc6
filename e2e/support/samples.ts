// The schema and the samples that most tests use: messages to a bank, each with a prediction that is unsure.

import type { Sample } from "./api.ts";

export interface Schema {
  fields: { name: string; kind: string; title?: string }[];
  questions: Record<string, unknown>[];
}

export const bank: Schema = {
  fields: [{ name: "text", kind: "text", title: "Message" }],
  questions: [
    {
      name: "intent",
      kind: "choice",
      title: "What does the customer want?",
      required: true,
      options: [
        { value: "card_arrival", title: "Card arrival" },
        { value: "lost_card", title: "Lost card" },
        { value: "card_fee", title: "Card fee" },
      ],
    },
  ],
};

/** A sample whose prediction is `margin` from a tie; the smaller, the earlier the queue serves it. */
export function unsure(id: string, text: string, margin: number, more: Partial<Sample> = {}): Sample {
  const probs = { card_arrival: (1 + margin) / 2, lost_card: (1 - margin) / 2 };
  return { id, fields: { text }, predictions: [{ model: "tfidf-lr@1", question: "intent", probs }], ...more };
}

/** So many samples, served in this order: `s1`, `s2`, … */
export function unsureSamples(count: number): Sample[] {
  return Array.from({ length: count }, (_, at) => unsure(`s${at + 1}`, `Message number ${at + 1}.`, 0.01 * (at + 1)));
}
