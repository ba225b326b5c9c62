import { Alert, Button, Progress, Stack, Text } from "@mantine/core";
import { IconFlask } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useFormats } from "../../charts/format";
import { FormError } from "../../shared/FormError";
import type { RulesTried } from "./types";
import { SAMPLE } from "./use-try";

/** What the rules together did on the sample, beside the labels there are. */
function Summary({ tried, fitted }: { tried: RulesTried; fitted: boolean }) {
  const { t } = useTranslation("rules");
  const formats = useFormats();
  const { agreement, equal, outputs, sample } = tried;
  if (sample === 0) return <Text size="sm">{t("try.empty")}</Text>;
  const slow = tried.rules.some((rule) => rule.timeouts > 0);
  return (
    <>
      <Text size="sm">
        {t(outputs < sample ? "try.cut" : "try.outputs", {
          count: outputs,
          text: formats.count(outputs),
          sample: formats.count(sample),
        })}
      </Text>
      {fitted ? (
        <Text size="sm">{t("try.fitted")}</Text>
      ) : slow ? (
        <Text size="sm">{t("try.unknown")}</Text>
      ) : typeof agreement.value === "number" ? (
        <>
          <Text size="sm">
            {t("try.agreement", {
              share: formats.percent(agreement.value),
              count: agreement.n ?? 0,
              text: formats.count(agreement.n ?? 0),
            })}
            {agreement.interval &&
              ` ${t("tried.interval", {
                low: formats.percent(agreement.interval[0]),
                high: formats.percent(agreement.interval[1]),
              })}`}
            {equal > 0 && ` ${t("try.equal", { count: equal, text: formats.count(equal) })}`}
          </Text>
          <Text size="sm" fw={600}>
            {t("try.preview")}
          </Text>
        </>
      ) : (
        <Text size="sm">{t("try.undecided")}</Text>
      )}
    </>
  );
}

/** The button that tries rules on a sample, its progress and what came of it. */
export function TrySection({
  onTry,
  pending,
  error,
  tried,
  stale,
  fitted,
}: {
  onTry: () => void;
  pending: boolean;
  error: unknown;
  tried: RulesTried | undefined;
  /** Whether rules were changed since. */
  stale: boolean;
  fitted: boolean;
}) {
  const { t } = useTranslation("rules");
  return (
    <Stack gap="xs">
      <Button
        variant="default"
        leftSection={<IconFlask size={16} />}
        style={{ alignSelf: "start" }}
        onClick={onTry}
        loading={pending}
      >
        {t("try.action")}
      </Button>
      <div role="status">
        {pending && (
          <Stack gap={4}>
            <Text size="sm">{t("try.pending", { n: SAMPLE })}</Text>
            <Progress value={100} animated striped aria-label={t("try.action")} />
          </Stack>
        )}
        {!pending && tried && (
          <Alert variant="light" color="gray" title={t("try.title")}>
            <Stack gap={4}>
              {stale ? (
                <Text size="sm">{t("try.stale")}</Text>
              ) : (
                <Summary tried={tried} fitted={fitted} />
              )}
            </Stack>
          </Alert>
        )}
      </div>
      <FormError error={error} />
    </Stack>
  );
}
