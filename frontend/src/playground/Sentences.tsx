import { Text } from "@mantine/core";
import type { CSSProperties } from "react";
import { useTranslation } from "react-i18next";
import type { Explanation } from "../api/types";
import { useFormats } from "../charts/format";
import classes from "./sentences.module.css";

const STRONGEST = 30; // per cent of colour: text stays readable on it, dark or light

/** The output with each sentence coloured by what the reward owes it; the figure stands behind it. */
export function Sentences({
  text,
  sentences,
}: {
  text: string;
  sentences: NonNullable<Explanation["sentences"]>;
}) {
  const { t } = useTranslation("playground");
  const formats = useFormats();
  const points = Array.from(text);
  const most = Math.max(...sentences.map((one) => Math.abs(one.effect)), 1e-9);
  return (
    <figure className={classes.figure}>
      <Text component="figcaption" size="sm" fw={600}>
        {t("sentences.title")}
      </Text>
      <div className={classes.text}>
        {sentences.map((one, index) => (
          <span key={one.start}>
            {points.slice(sentences[index - 1]?.end ?? 0, one.start).join("")}
            <span
              className={classes.sentence}
              data-sign={one.effect < 0 ? "down" : "up"}
              style={
                {
                  "--strength": `${Math.round((Math.abs(one.effect) / most) * STRONGEST)}%`,
                } as CSSProperties
              }
            >
              {points.slice(one.start, one.end).join("")}
              <sup>{formats.signed(one.effect)}</sup>
            </span>
          </span>
        ))}
      </div>
      <Text size="xs" c="var(--quiet)">
        {t("sentences.note")}
      </Text>
    </figure>
  );
}
