import {
  Alert,
  Anchor,
  Button,
  Card,
  Code,
  Group,
  List,
  SegmentedControl,
  Select,
  Stack,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { IconDownload, IconKey } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { apiUrl } from "../api/http";
import type { Project, ScoringToken } from "../api/types";
import { DataTable } from "../charts/DataTable";
import { ConfirmButton } from "../shared/ConfirmButton";
import { CopyButton } from "../shared/CopyButton";
import { RelativeTime } from "../shared/RelativeTime";
import { ErrorState, Loading, useErrorText } from "../shared/States";
import type { Model } from "../training/types";
import { openrlhfSnippet, trlSnippet } from "./snippets";
import { useCreateToken, useRevokeToken, useScoringTokens } from "./use-playground";

const FORMATS = ["trl-preference", "trl-unpaired", "jsonl"] as const;

function Snippet({ title, hint, text }: { title: string; hint: string; text: string }) {
  return (
    <Card withBorder>
      <Stack gap="xs">
        <Group justify="space-between">
          <Title order={2} size="h4">
            {title}
          </Title>
          <CopyButton value={text} />
        </Group>
        <Text size="sm">{hint}</Text>
        <Code block style={{ overflowX: "auto" }}>
          {text}
        </Code>
      </Stack>
    </Card>
  );
}

function NewToken({
  project,
  models,
  onCreated,
}: {
  project: Project;
  models: Model[];
  onCreated: (token: ScoringToken) => void;
}) {
  const { t } = useTranslation(["playground", "training"]);
  const errorText = useErrorText();
  const [name, setName] = useState("");
  const [model, setModel] = useState("champion");
  const create = useCreateToken(project.id);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate(
          { name: name.trim(), model: model === "champion" ? null : model },
          {
            onSuccess: (token) => {
              setName("");
              onCreated(token);
            },
          },
        );
      }}
    >
      <Group align="end" gap="xs">
        <TextInput
          label={t("token.name")}
          placeholder={t("token.placeholder")}
          value={name}
          maxLength={100}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Select
          label={t("token.model")}
          allowDeselect={false}
          value={model}
          onChange={(value) => value && setModel(value)}
          data={[
            { value: "champion", label: t("champion") },
            ...models.map((one) => ({
              value: one.id,
              label: t("training:versionKind", {
                version: one.version,
                kind: t(`training:kind.${one.kind}`),
              }),
            })),
          ]}
        />
        <Button type="submit" disabled={name.trim() === ""} loading={create.isPending}>
          {t("token.create")}
        </Button>
      </Group>
      {create.isError && (
        <Text size="sm" c="red" role="alert" mt="xs">
          {errorText(create.error)}
        </Text>
      )}
    </form>
  );
}

function Tokens({
  project,
  models,
  created,
  onCreated,
}: {
  project: Project;
  models: Model[];
  created: ScoringToken | null;
  onCreated: (token: ScoringToken) => void;
}) {
  const { t } = useTranslation("playground");
  const errorText = useErrorText();
  const tokens = useScoringTokens(project.id, true);
  const revoke = useRevokeToken(project.id);
  const versionOf = (id: string | null) => {
    const model = models.find((one) => one.id === id);
    return model ? t("training:versionShort", { version: model.version }) : t("champion");
  };
  return (
    <Card withBorder>
      <Stack gap="sm">
        <Title order={2} size="h4">
          {t("token.title")}
        </Title>
        <Text size="sm">{t("token.hint")}</Text>
        <NewToken project={project} models={models} onCreated={onCreated} />
        {created?.token && (
          <Alert color="teal" variant="light" icon={<IconKey />} title={t("token.once")}>
            <Stack gap="xs">
              {[created.token, created.url ?? ""].filter(Boolean).map((secret) => (
                <Group key={secret} gap="xs" wrap="nowrap">
                  <Code style={{ overflowWrap: "anywhere" }}>{secret}</Code>
                  <CopyButton value={secret} size="compact-xs" style={{ flexShrink: 0 }} />
                </Group>
              ))}
            </Stack>
          </Alert>
        )}
        {tokens.isPending && <Loading lines={2} />}
        {tokens.isError && <ErrorState error={tokens.error} onRetry={tokens.refetch} />}
        {revoke.isError && (
          <Text size="sm" c="red" role="alert">
            {errorText(revoke.error)}
          </Text>
        )}
        {tokens.data && tokens.data.length > 0 && (
          <DataTable
            caption={t("token.title")}
            columns={[
              { key: "name", title: t("token.name") },
              { key: "prefix", title: t("token.prefix") },
              { key: "model", title: t("model") },
              { key: "created", title: t("token.createdAt") },
              { key: "used", title: t("token.usedAt") },
              { key: "revoke", title: "" },
            ]}
            rows={tokens.data.map((token) => ({
              key: token.id,
              cells: [
                token.name,
                <Code key="prefix">{`${token.prefix}…`}</Code>,
                versionOf(token.model),
                <RelativeTime key="created" at={token.created_at} />,
                <RelativeTime key="used" at={token.last_used_at} />,
                <ConfirmButton
                  key="revoke"
                  question={t("token.revokeAsk", { name: token.name })}
                  confirmLabel={t("token.revoke")}
                  onConfirm={() => revoke.mutate(token.id)}
                >
                  {t("token.revoke")}
                </ConfirmButton>,
              ],
            }))}
          />
        )}
      </Stack>
    </Card>
  );
}

/** The model in a training run of somebody's own: code to copy, keys, and preference files. */
export function UsePanel({ project, models }: { project: Project; models: Model[] }) {
  const { t } = useTranslation("playground");
  const [created, setCreated] = useState<ScoringToken | null>(null);
  const [whose, setWhose] = useState(project.is_demo ? "all" : "human");
  const url = created?.url ?? `${window.location.origin}/api/v1/serve/TOKEN/get_reward`;
  return (
    <Stack gap="md">
      {project.role === "admin" && (
        <Tokens project={project} models={models} created={created} onCreated={setCreated} />
      )}
      <Snippet
        title={t("use.trl")}
        hint={t(created ? "use.trlReady" : "use.trlHint")}
        text={trlSnippet(url)}
      />
      <Snippet title={t("use.openrlhf")} hint={t("use.openrlhfHint")} text={openrlhfSnippet(url)} />
      <Card withBorder>
        <Stack gap="xs">
          <Group justify="space-between">
            <Title order={2} size="h4">
              {t("use.files")}
            </Title>
            <SegmentedControl
              size="xs"
              aria-label={t("use.whose.label")}
              value={whose}
              onChange={setWhose}
              data={["human", "all"].map((value) => ({ value, label: t(`use.whose.${value}`) }))}
            />
          </Group>
          <Text size="sm">{t("use.filesHint")}</Text>
          <List spacing={4} icon={<IconDownload size={16} />} center>
            {FORMATS.map((format) => (
              <List.Item key={format}>
                <Anchor
                  href={apiUrl(`/projects/${project.id}/export/`, {
                    format,
                    annotator_kind: whose,
                  })}
                  download
                  size="sm"
                >
                  {t(`use.file.${format}`)}
                </Anchor>
              </List.Item>
            ))}
          </List>
        </Stack>
      </Card>
    </Stack>
  );
}
