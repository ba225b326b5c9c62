import { Alert, Button, Collapse, Stack, Text } from "@mantine/core";
import { IconClockExclamation } from "@tabler/icons-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "../../charts/format";
import { HitText } from "./HitText";
import classes from "./hits.module.css";
import type { RuleExample, RuleTried } from "./types";

function Example({ example }: { example: RuleExample }) {
  const { t } = useTranslation("rules");
  const formats = useFormats();
  const { before, after, hits, text } = example;
  return (
    <blockquote className={classes.example} data-holds={example.holds}>
      <Text size="xs" c="var(--quiet)" style={{ overflowWrap: "anywhere" }}>
        {t("tried.prompt", { id: example.prompt })}
      </Text>
      {before > 0 && (
        <Text size="xs" c="var(--quiet)">
          {t("tried.before", { count: before, text: formats.count(before) })}
        </Text>
      )}
      {text.trim() === "" ? (
        <Text size="sm" c="var(--quiet)">
          {t("tried.blank")}
        </Text>
      ) : (
        <HitText text={text} hits={hits} />
      )}
      {after > 0 && (
        <Text size="xs" c="var(--quiet)">
          {t("tried.after", { count: after, text: formats.count(after) })}
        </Text>
      )}
    </blockquote>
  );
}

/** What one rule did on the sample, and examples with its hits. */
export function TriedRule({
  tried,
  number,
  fitted,
}: {
  tried: RuleTried;
  number: number;
  fitted: boolean;
}) {
  const { t } = useTranslation("rules");
  const formats = useFormats();
  const [open, setOpen] = useState(false);
  const id = useId();
  const { preferred, examples } = tried;
  return (
    <Stack gap="xs" data-testid="tried-rule">
      {tried.timeouts > 0 && (
        <Alert
          color="orange"
          variant="light"
          icon={<IconClockExclamation />}
          title={t("tried.slow", { count: tried.timeouts, text: formats.count(tried.timeouts) })}
          styles={{ title: { color: "var(--mantine-color-text)" } }}
        >
          {t(tried.stopped ? "tried.stopped" : "tried.cut")}
        </Alert>
      )}
      {tried.share !== null && (
        <Text size="sm">
          {t("tried.holds", {
            share: formats.percent(tried.share),
            held: formats.count(tried.held),
            count: tried.tried,
            text: formats.count(tried.tried),
          })}{" "}
          {!fitted && tried.mean !== null && t("tried.mean", { mean: formats.signed(tried.mean) })}
        </Text>
      )}
      {typeof preferred.value === "number" && (
        <Text size="sm">
          {t("tried.preferred", {
            count: preferred.n ?? 0,
            text: formats.count(preferred.n ?? 0),
            share: formats.percent(preferred.value),
          })}
          {preferred.interval &&
            ` ${t("tried.interval", {
              low: formats.percent(preferred.interval[0]),
              high: formats.percent(preferred.interval[1]),
            })}`}
        </Text>
      )}
      {examples.length > 0 && (
        <>
          <Button
            size="compact-sm"
            variant="default"
            style={{ alignSelf: "start" }}
            aria-expanded={open}
            aria-controls={id}
            onClick={() => setOpen(!open)}
          >
            {t(open ? "tried.hide" : "tried.show", { number })}
          </Button>
          <Collapse expanded={open} id={id}>
            <Stack gap="sm">
              {[true, false].map((holds) => {
                const shown = examples.filter((example) => example.holds === holds);
                return (
                  shown.length > 0 && (
                    <Stack key={String(holds)} gap="xs">
                      <Text size="sm" fw={600}>
                        {t(holds ? "tried.yes" : "tried.no")}
                      </Text>
                      {shown.map((example, place) => (
                        // biome-ignore lint/suspicious/noArrayIndexKey: examples never move
                        <Example key={place} example={example} />
                      ))}
                    </Stack>
                  )
                );
              })}
            </Stack>
          </Collapse>
        </>
      )}
    </Stack>
  );
}
