import { Tooltip } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Standing } from "../../api/types";
import { useFormats } from "../../charts/format";
import classes from "./standing.module.css";

/** A few words on how one stands, in the status line; nothing where there is nothing to say. */
export function StandingNote({ standing }: { standing: Standing | undefined }) {
  const { t } = useTranslation("label");
  const { percent } = useFormats();
  if (!standing) return null;
  const { status, qualification, score } = standing;
  if (status === "qualifying" && qualification) {
    return (
      <span className={classes.note} data-testid="standing">
        {t("standing.qualifying", { ...qualification })}
      </span>
    );
  }
  const words = score && t("standing.score", { percent: percent(score.value), n: score.n });
  if (status === "warned") {
    return (
      <Tooltip label={t("standing.warned")} multiline maw={320}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the tooltip must open by keyboard too */}
        <span className={classes.note} data-warned data-testid="standing" tabIndex={0}>
          {t("standing.warnedShort")}
          {words && ` · ${words}`}
        </span>
      </Tooltip>
    );
  }
  if (!words) return null;
  return (
    <span className={classes.note} data-testid="standing">
      {words}
    </span>
  );
}
