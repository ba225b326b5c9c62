import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import "./charts.css";
import { useFormats } from "./format";

export interface Day {
  day: string;
  count: number;
}

const MS = 86_400_000;
const LONGEST = 120;

/** Every day from the first to the last, those without anything as zero; the last `LONGEST` of them. */
export function filledDays(days: readonly Day[]): Day[] {
  const counts = new Map(days.map(({ day, count }) => [day, count]));
  const times = days.map(({ day }) => Date.parse(day));
  if (times.length === 0) return [];
  const last = Math.max(...times);
  const first = Math.max(Math.min(...times), last - (LONGEST - 1) * MS);
  return Array.from({ length: Math.round((last - first) / MS) + 1 }, (_, index) => {
    const day = new Date(first + index * MS).toISOString().slice(0, 10);
    return { day, count: counts.get(day) ?? 0 };
  });
}

/** One bar for each day. */
export function DayBars({ days, name, label }: { days: Day[]; name: string; label: string }) {
  const formats = useFormats();
  const data = filledDays(days);
  const text = { fontSize: 11, fill: "var(--quiet)" };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a chart is no fieldset
    <div role="group" aria-label={label}>
      <ResponsiveContainer width="100%" height={180} minWidth={0}>
        <BarChart data={data} margin={{ top: 18, right: 8, bottom: 0, left: 0 }}>
          <CartesianGrid stroke="var(--chart-grid)" vertical={false} />
          <XAxis
            dataKey="day"
            tickFormatter={formats.day}
            tick={text}
            stroke="var(--chart-quiet)"
            minTickGap={24}
          />
          <YAxis
            allowDecimals={false}
            width={44}
            tickFormatter={formats.count}
            tick={text}
            stroke="var(--chart-quiet)"
          />
          <Tooltip
            isAnimationActive={false}
            cursor={{ fill: "var(--chart-grid)" }}
            labelFormatter={(day) => formats.day(String(day))}
            formatter={(value) => [formats.count(Number(value)), name]}
            contentStyle={{
              background: "var(--mantine-color-body)",
              border: "1px solid var(--rule)",
              fontSize: 12,
            }}
            itemStyle={{ color: "var(--mantine-color-text)" }}
          />
          <Bar
            dataKey="count"
            fill="var(--chart-main)"
            maxBarSize={48}
            isAnimationActive={false}
            label={
              data.length <= 10
                ? { position: "top", ...text, formatter: (value) => formats.count(Number(value)) }
                : undefined
            }
          />
        </BarChart>
      </ResponsiveContainer>
    </div>
  );
}
