import { List, ThemeIcon } from "@mantine/core";
import { IconCheck, IconExclamationMark, IconInfoSmall } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { ModelCard } from "./card-types";
import { useFindingText } from "./card-words";

type Finding = ModelCard["findings"][number];

const SIGNS = {
  good: { color: "teal", Icon: IconCheck },
  bad: { color: "orange", Icon: IconExclamationMark },
  open: { color: "gray", Icon: IconInfoSmall },
};
const toneOf = (good: Finding["good"]) => (good === null ? "open" : good ? "good" : "bad");

/** The few facts to know first. */
export function Findings({ findings }: { findings: readonly Finding[] }) {
  const { t } = useTranslation("card");
  const findingText = useFindingText();
  return (
    <List spacing="xs" size="sm" maw="80ch">
      {findings.map((finding) => {
        const tone = toneOf(finding.good);
        const { color, Icon } = SIGNS[tone];
        return (
          <List.Item
            key={finding.code}
            icon={
              <ThemeIcon
                role="img"
                size={20}
                radius="xl"
                color={color}
                aria-label={t(`findings.${tone}`)}
              >
                <Icon size={14} />
              </ThemeIcon>
            }
          >
            {findingText(finding)}
          </List.Item>
        );
      })}
    </List>
  );
}
