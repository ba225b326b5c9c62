import { MantineProvider } from "@mantine/core";
import { render } from "@testing-library/react";
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { beforeAll, expect, it } from "vitest";
import words from "../i18n/en/training.json";
import { ForecastCard } from "./ForecastCard";
import type { FullEvaluation } from "./types";

type Forecast = NonNullable<FullEvaluation["forecast"]>;
const UNKNOWN = { value: null, reason: "needs a learning curve of at least three points" };
const SPENT = { opinions: 3, prompts: 40, labels: 120 };

beforeAll(async () => {
  await i18next.use(initReactI18next).init({
    lng: "en",
    resources: { en: { training: words } },
    interpolation: { escapeValue: false },
  });
});

function said(overlap: Forecast["overlap"]): string {
  const forecast: Forecast = { exponent: UNKNOWN, gains: [], ...(overlap ? { overlap } : {}) };
  return render(
    <MantineProvider>
      <ForecastCard forecast={forecast} />
    </MantineProvider>,
  ).container.textContent;
}

it("says without any gains what to spend labels on", () => {
  const difference = { value: 0.05, interval: [0.01, 0.09] as [number, number], n: 200 };
  const text = said({ ...SPENT, verdict: "prompts", reason: "", difference });
  expect(text).toContain("Spend them on new prompts");
  expect(text).toContain("+5.0 points (95 % interval +1.0 to +9.0)");
});

it("turns the difference where more opinions win", () => {
  const difference = { value: -0.05, interval: [-0.09, -0.01] as [number, number], n: 200 };
  const text = said({ ...SPENT, verdict: "overlap", reason: "", difference });
  expect(text).toContain("Spend them on more opinions");
  expect(text).toContain("+5.0 points (95 % interval +1.0 to +9.0)");
});

it("says why nothing can be told, and nothing where nothing was asked", () => {
  expect(said({ ...SPENT, verdict: null, reason: "little_overlap", difference: null })).toContain(
    "once some 50 prompts",
  );
  expect(said(undefined)).not.toContain("labels");
});
