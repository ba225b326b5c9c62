import {
  Badge,
  Button,
  Drawer,
  Group,
  Stack,
  Text,
  TextInput,
  UnstyledButton,
} from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useProject } from "../api/projects";
import type { PromptSummary } from "../api/types";
import { Empty, ErrorState, Loading } from "../shared/States";
import { PromptDetails } from "./PromptDetails";
import { usePrompts } from "./prompts";
import classes from "./prompts.module.css";

const TYPING_MS = 300;

function PromptRow({ prompt, onOpen }: { prompt: PromptSummary; onOpen: () => void }) {
  const { t } = useTranslation("data");
  return (
    <li>
      <UnstyledButton className={classes.row} onClick={onOpen}>
        <Text
          lineClamp={2}
          lang={prompt.language || undefined}
          style={{ overflowWrap: "anywhere" }}
        >
          {prompt.excerpt || t("prompt.noText")}
        </Text>
        <Group gap="xs">
          <Text size="xs" c="var(--quiet)" ff="monospace" truncate maw="24ch">
            {prompt.external_id}
          </Text>
          <Text size="xs" c="var(--quiet)">
            {t("prompt.outputs", { count: prompt.completions })} ·{" "}
            {t("prompt.judgments", { count: prompt.judgments })}
          </Text>
          {prompt.language && (
            <Badge variant="light" color="gray" size="xs">
              {prompt.language}
            </Badge>
          )}
        </Group>
      </UnstyledButton>
    </li>
  );
}

export function PromptsTab() {
  const { t } = useTranslation("data");
  const project = useProject();
  const [typed, setTyped] = useState("");
  const [text] = useDebouncedValue(typed.trim(), TYPING_MS);
  const [open, setOpen] = useState<PromptSummary | null>(null);
  const prompts = usePrompts(project.id, text);
  const rows = prompts.data?.pages.flatMap((page) => page.results) ?? [];

  return (
    <Stack gap="md">
      <TextInput
        type="search"
        label={t("prompt.search")}
        placeholder={t("prompt.searchHint")}
        leftSection={<IconSearch size={16} />}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        maw={480}
      />
      {prompts.isPending && <Loading lines={8} />}
      {prompts.isError && <ErrorState error={prompts.error} onRetry={prompts.refetch} />}
      {prompts.isSuccess && rows.length === 0 && (
        <Empty
          title={t(text ? "prompt.nothingFound" : "prompt.emptyTitle")}
          hint={t(text ? "prompt.nothingFoundHint" : "prompt.empty")}
        />
      )}
      {rows.length > 0 && (
        <ul className={classes.list}>
          {rows.map((prompt) => (
            <PromptRow key={prompt.id} prompt={prompt} onOpen={() => setOpen(prompt)} />
          ))}
        </ul>
      )}
      {prompts.hasNextPage && (
        <Button
          variant="default"
          onClick={() => prompts.fetchNextPage()}
          loading={prompts.isFetchingNextPage}
          style={{ alignSelf: "start" }}
        >
          {t("common:action.more")}
        </Button>
      )}
      <Drawer
        opened={open !== null}
        onClose={() => setOpen(null)}
        position="right"
        size="xl"
        title={t("prompt.title", { id: open?.external_id ?? "" })}
        closeButtonProps={{ "aria-label": t("common:action.close") }}
      >
        {open && <PromptDetails id={open.id} />}
      </Drawer>
    </Stack>
  );
}
