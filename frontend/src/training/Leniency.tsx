import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { components } from "../api/schema";
import { DataTable } from "../charts/DataTable";
import { useFormats } from "../charts/format";

type RatingsRead = components["schemas"]["RatingsRead"];

/** How generous each annotator was found to be with single outputs, and whether that was read. */
export function Leniency({ read }: { read: RatingsRead }) {
  const { t } = useTranslation("leniency");
  const formats = useFormats();
  if (read.fitted.length === 0) return null;
  const scored = read.fitted.some((one) => one.offset !== null);
  const judged = read.fitted.some((one) => one.logit !== null);
  const signed = (value: number | null) => (value === null ? "–" : formats.signed(value));
  return (
    <>
      <Text size="sm" maw="80ch">
        {t(read.used ? "used" : "unused", {
          apart: formats.number(read.losses.by_annotator ?? 0, 4),
          alike: formats.number(read.losses.alike ?? 0, 4),
        })}
      </Text>
      <DataTable
        caption={t("caption")}
        columns={[
          { key: "annotator", title: t("annotator") },
          ...(scored
            ? [
                { key: "ratings", title: t("ratings"), numeric: true },
                { key: "offset", title: t("offset"), numeric: true },
                { key: "scale", title: t("scale"), numeric: true },
              ]
            : []),
          ...(judged
            ? [
                { key: "verdicts", title: t("verdicts"), numeric: true },
                { key: "logit", title: t("logit"), numeric: true },
              ]
            : []),
        ]}
        rows={read.fitted.map((one) => ({
          key: one.annotator,
          cells: [
            one.annotator,
            ...(scored
              ? [
                  formats.count(one.ratings),
                  signed(one.offset),
                  one.scale === null ? "–" : formats.number(one.scale),
                ]
              : []),
            ...(judged ? [formats.count(one.verdicts), signed(one.logit)] : []),
          ],
        }))}
      />
      <Text size="xs" c="var(--quiet)" maw="80ch">
        {t("note")}
      </Text>
    </>
  );
}
