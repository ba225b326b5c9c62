import { Card, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Arms, Project } from "../api/types";
import { ChartFrame } from "../charts/ChartFrame";
import { Curves } from "../charts/Curves";
import { known, useFormats } from "../charts/format";
import { useReason } from "../charts/reasons";
import { gainOf } from "./gain";
import type { Model } from "./types";

const FEWEST = 50;

/** Whether choosing items pays: accuracy by labels that the policy chose and by labels drawn at random. */
export function ArmsCard({ models, project }: { models: Model[]; project: Project }) {
  const newest = [...models]
    .sort((a, b) => b.version - a.version)
    .find(({ evaluation }) => evaluation.arms)?.evaluation.arms;
  if (newest && newest.points.length > 0) return <ArmsChart arms={newest} />;
  if (project.allocation === "fewest-first" && !newest) return null;
  return <NoCurves arms={newest ?? null} />;
}

function NoCurves({ arms }: { arms: Arms | null }) {
  const { t } = useTranslation("queue");
  return (
    <Card withBorder>
      <Stack gap="xs">
        <Title order={2} size="h4">
          {t("arms.title")}
        </Title>
        <Text c="var(--quiet)">
          {arms ? t("arms.tooFew", { least: FEWEST, ...arms.labels }) : t("arms.none")}
        </Text>
      </Stack>
    </Card>
  );
}

function ArmsChart({ arms }: { arms: Arms }) {
  const { t } = useTranslation(["queue", "charts"]);
  const formats = useFormats();
  const reason = useReason();
  const line = (arm: "active" | "random") =>
    arms.points.flatMap((point) => {
      const found = known(point[arm]);
      return found ? [{ x: point.labels, ...found }] : [];
    });
  const [active, random] = [line("active"), line("random")];
  const last = arms.points.at(-1);
  const gain = known(last?.gain);
  if (!last || !gain) return <p>{reason(last?.gain.reason)}</p>;
  const text = (figure: { value: number } | null, write: (value: number) => string) =>
    figure ? write(figure.value) : "–";
  const percent = (value: number) => formats.percent(value, 1);
  const ends = (value: number | null) => (value === null ? "–" : formats.points(value));
  return (
    <Card withBorder>
      <ChartFrame
        order={2}
        title={t("arms.title")}
        sentence={t(`arms.sentence.${gainOf(gain)}`, {
          labels: formats.count(last.labels),
          active: text(known(last.active), percent),
          random: text(known(last.random), percent),
          gain: formats.points(gain.value),
          low: ends(gain.low),
          high: ends(gain.high),
        })}
        columns={[
          { key: "labels", title: t("arms.labels"), numeric: true },
          { key: "active", title: t("arms.active"), numeric: true },
          { key: "random", title: t("arms.random"), numeric: true },
          { key: "gain", title: t("arms.gain"), numeric: true },
          { key: "low", title: t("charts:low"), numeric: true },
          { key: "high", title: t("charts:high"), numeric: true },
        ]}
        rows={arms.points.map((point) => {
          const found = known(point.gain);
          return {
            key: String(point.labels),
            cells: [
              formats.count(point.labels),
              text(known(point.active), percent),
              text(known(point.random), percent),
              text(found, formats.points),
              ends(found?.low ?? null),
              ends(found?.high ?? null),
            ],
          };
        })}
        note={t("arms.note", { n: formats.count(last.random.n ?? 0) })}
      >
        <Curves
          series={[
            { key: "active", label: t("arms.active"), points: active },
            { key: "random", label: t("arms.random"), points: random },
          ]}
          style="percent"
          xLabel={t("arms.labels")}
          xText={formats.count}
          label={t("arms.title")}
        />
      </ChartFrame>
    </Card>
  );
}
