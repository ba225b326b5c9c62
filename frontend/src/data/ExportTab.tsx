import {
  Button,
  Card,
  Code,
  Collapse,
  Group,
  MultiSelect,
  NumberInput,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  TextInput,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useProject } from "../api/projects";
import { CopyButton } from "../shared/CopyButton";
import { Section } from "../shared/Section";
import {
  curlLine,
  EXPORT_FORMATS,
  type ExportFormat,
  exportName,
  exportUrl,
  type Filters,
  loadSnippet,
  NO_FILTERS,
} from "./export-formats";

const KINDS = ["human", "adjudicated", "model", "simulated"] as const;

function Snippet({ label, code }: { label: string; code: string }) {
  return (
    <Stack gap={4}>
      <Group justify="space-between">
        <Text size="sm" fw={500}>
          {label}
        </Text>
        <CopyButton value={code} size="compact-xs" />
      </Group>
      <Code block style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
        {code}
      </Code>
    </Stack>
  );
}

function FormatCard({ format, filters }: { format: ExportFormat; filters: Filters }) {
  const { t } = useTranslation("data");
  const project = useProject();
  const [open, { toggle }] = useDisclosure(false);
  const url = exportUrl(project.id, format.name, filters);
  const file = exportName(project.id, format);
  return (
    <Card withBorder component="article">
      <Stack gap="sm">
        <div>
          <Text fw={600}>{t(`exportFormat.${format.name}.title`)}</Text>
          <Text size="sm" c="var(--quiet)">
            {t(`exportFormat.${format.name}.hint`)}
          </Text>
        </div>
        <Group gap="xs">
          <Button
            component="a"
            href={url}
            download={file}
            size="xs"
            leftSection={<IconDownload size={14} />}
          >
            {t("export.download")}
          </Button>
          <Button size="xs" variant="subtle" onClick={toggle} aria-expanded={open}>
            {t(open ? "export.hideCode" : "export.showCode")}
          </Button>
        </Group>
        <Collapse expanded={open}>
          <Stack gap="sm">
            <Snippet label={t("export.curl")} code={curlLine(window.location.origin, url, file)} />
            <Snippet label={t("export.load")} code={loadSnippet(format, file)} />
          </Stack>
        </Collapse>
      </Stack>
    </Card>
  );
}

export function ExportTab() {
  const { t } = useTranslation("data");
  const [filters, setFilters] = useState(NO_FILTERS);
  const set = (change: Partial<Filters>) => setFilters({ ...filters, ...change });
  return (
    <Stack gap="md">
      <Section title={t("export.filters")} hint={t("export.filtersHint")}>
        <Group align="start" gap="md">
          <TextInput
            type="date"
            label={t("export.since")}
            value={filters.since}
            onChange={(event) => set({ since: event.currentTarget.value })}
            w={170}
          />
          <MultiSelect
            label={t("export.kinds")}
            placeholder={filters.kinds.length === 0 ? t("export.allKinds") : undefined}
            data={KINDS.map((kind) => ({ value: kind, label: t(`annotatorKind.${kind}`) }))}
            value={filters.kinds}
            onChange={(kinds) => set({ kinds })}
            clearable
            flex="1 1 200px"
            maw={320}
          />
          <NumberInput
            label={t("export.minAgreement")}
            description={t("export.minAgreementHint")}
            inputWrapperOrder={["label", "input", "description", "error"]}
            value={filters.minAgreement === null ? "" : filters.minAgreement * 100}
            onChange={(value) => set({ minAgreement: value === "" ? null : Number(value) / 100 })}
            min={0}
            max={100}
            suffix=" %"
            w={200}
          />
        </Group>
        <Group gap="lg">
          <Switch
            label={t("export.pseudonyms")}
            checked={filters.pseudonyms}
            onChange={(event) => set({ pseudonyms: event.currentTarget.checked })}
          />
          <Switch
            label={t("export.consensus")}
            checked={filters.consensus}
            onChange={(event) => set({ consensus: event.currentTarget.checked })}
          />
        </Group>
      </Section>
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
        {EXPORT_FORMATS.map((format) => (
          <FormatCard key={format.name} format={format} filters={filters} />
        ))}
      </SimpleGrid>
    </Stack>
  );
}
