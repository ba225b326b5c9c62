import { Accordion, Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import "../charts/charts.css";
import { DataTable } from "../charts/DataTable";
import { useFormats } from "../charts/format";
import type { QuestionAgreement } from "./types";

type Pair = QuestionAgreement["pairs"][number];
const WIDEST = 12;

/** Every two annotators: a matrix of Cohen's kappa where they are few, and a list with all figures. */
export function PairTable({ pairs }: { pairs: Pair[] }) {
  const { t } = useTranslation("agreement");
  const formats = useFormats();
  const names = [...new Set(pairs.flatMap((pair) => pair.annotators))].sort();
  const number = (value: number | null) => (value === null ? "–" : formats.number(value));
  return (
    <Accordion variant="default" chevronPosition="left">
      <Accordion.Item value="pairs">
        <Accordion.Control>{t("pairs.list", { count: pairs.length })}</Accordion.Control>
        <Accordion.Panel>
          {names.length > 2 && names.length <= WIDEST && (
            <>
              <Text size="sm" fw={600}>
                {t("pairs.title")}
              </Text>
              <KappaMatrix pairs={pairs} names={names} title={t("pairs.title")} />
            </>
          )}
          <DataTable
            caption={t("pairs.list", { count: pairs.length })}
            columns={[
              { key: "pair", title: t("pairs.pair") },
              { key: "units", title: t("items"), numeric: true },
              { key: "percent", title: t("measure.percent_agreement.name"), numeric: true },
              { key: "kappa", title: t("pairs.cohen"), numeric: true },
              { key: "weighted", title: t("pairs.weighted"), numeric: true },
            ]}
            rows={pairs.map((pair) => ({
              key: pair.annotators.join("\n"),
              cells: [
                t("pairs.names", { first: pair.annotators[0], second: pair.annotators[1] }),
                formats.count(pair.units),
                pair.percent_agreement === null ? "–" : formats.percent(pair.percent_agreement),
                number(pair.cohen_kappa),
                number(pair.weighted_kappa),
              ],
            }))}
          />
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}

function KappaMatrix({ pairs, names, title }: { pairs: Pair[]; names: string[]; title: string }) {
  const { t } = useTranslation("agreement");
  const formats = useFormats();
  const byNames = new Map<string, Pair>();
  for (const pair of pairs) {
    const [first, second] = pair.annotators;
    byNames.set(`${first}\n${second}`, pair);
    byNames.set(`${second}\n${first}`, pair);
  }
  return (
    <Table.ScrollContainer minWidth={0} type="native">
      <Table w="auto" withRowBorders={false} aria-label={title}>
        <Table.Thead>
          <Table.Tr>
            <Table.Td />
            {names.map((name) => (
              <Table.Th key={name} scope="col" ta="center">
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {names.map((row) => (
            <Table.Tr key={row}>
              <Table.Th scope="row">{row}</Table.Th>
              {names.map((column) => {
                const pair = byNames.get(`${row}\n${column}`);
                const kappa = pair?.cohen_kappa ?? null;
                const depth = Math.round(Math.min(Math.max(kappa ?? 0, 0), 1) * 50);
                return (
                  <Table.Td
                    key={column}
                    ta="center"
                    style={{
                      background: `color-mix(in srgb, var(--chart-main) ${depth}%, transparent)`,
                    }}
                  >
                    {row === column ? "" : kappa === null ? "–" : formats.number(kappa)}
                    {pair && (
                      <Text size="xs" c="inherit">
                        {t("common:figure.n", { n: formats.count(pair.units) })}
                      </Text>
                    )}
                  </Table.Td>
                );
              })}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
