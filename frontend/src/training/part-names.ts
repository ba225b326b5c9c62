import { useTranslation } from "react-i18next";

/** The server's names of parts of the held-out pairs, where they are words and no names from the data. */
const NAMES: Record<string, string> = {
  unanimous: "unanimous",
  majority: "majority",
  "single vote": "single",
  "up to 1.1 times": "alike",
  "1.1 to 1.5 times": "little",
  "1.5 to 2 times": "much",
  "over 2 times": "over",
};
const FROM_DATA = new Set(["source", "criterion", "reason", "language"]);

export interface Part {
  by: string;
  name: string;
}

/** What a part is divided by, and what it is called there. */
export function usePartNames(): {
  dimension: (by: string) => string;
  part: (part: Part) => string;
} {
  const { t } = useTranslation("training");
  return {
    dimension: (by) => t(`slices.dimension.${by}`, { defaultValue: by }),
    part: ({ by, name }) =>
      FROM_DATA.has(by) || !NAMES[name] ? name : t(`slices.name.${NAMES[name]}`),
  };
}
