import { ScrollArea, Text } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useStepText } from "./words";

const NEAR = 24;
const LINE = /^(\d\d:\d\d:\d\d )(.+)$/gm;

/** The log, with the steps that we know in the reader's language; follows its end unless the reader has scrolled up. */
export function RunLog({ log }: { log: string }) {
  const { t } = useTranslation("training");
  const stepText = useStepText();
  const viewport = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: every change of the log moves the end
  useEffect(() => {
    const element = viewport.current;
    if (element && follows.current) element.scrollTop = element.scrollHeight;
  }, [log]);
  return (
    <ScrollArea.Autosize
      mah={320}
      viewportRef={viewport}
      viewportProps={{ tabIndex: 0 }}
      onScrollPositionChange={({ y }) => {
        const element = viewport.current;
        if (element) follows.current = element.scrollHeight - element.clientHeight - y < NEAR;
      }}
      style={{ background: "var(--sunken)", border: "1px solid var(--rule)" }}
    >
      <Text
        component="pre"
        ff="monospace"
        size="xs"
        m={0}
        p="xs"
        role="log"
        aria-label={t("run.log")}
        style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}
      >
        {log.replace(LINE, (_line, at: string, step: string) => at + stepText(step)) ||
          t("run.noLog")}
      </Text>
    </ScrollArea.Autosize>
  );
}
