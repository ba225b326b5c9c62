import { describe, expect, it } from "vitest";
import { changes, LONGEST, rest, wordDiff, wordsOf } from "./word-diff";

const parts = (text: string, ranges: number[]) =>
  ranges.flatMap((from, place) => (place % 2 === 0 ? [text.slice(from, ranges[place + 1])] : []));

const compared = (first: string, second: string, language?: string) => {
  const found = wordDiff(first, second, language);
  if (!found) throw new Error("too long");
  return {
    first: parts(first, found.first),
    second: parts(second, found.second),
    words: [found.firstWords, found.secondWords],
  };
};

describe("words", () => {
  it("are those of the script, without white space", () => {
    const words = wordsOf("It's 3.5 km,\nreally.", "en");
    expect(words.from.map((from, place) => words.text.slice(from, words.to[place]))).toEqual([
      "It's",
      "3.5",
      "km",
      ",",
      "really",
      ".",
    ]);
    const chinese = wordsOf("我喜欢北京的天气。", "zh");
    expect(chinese.from.length).toBeGreaterThan(4);
    expect(chinese.from.length).toBeLessThan(9);
  });

  it("are found also for a language that nobody knows", () => {
    expect(wordsOf("a b", "not a language").from).toEqual([0, 2]);
  });
});

describe("the difference of two texts", () => {
  it("is empty for the same words, whatever the space between them", () => {
    expect(compared("one two\nthree", "one  two three")).toEqual({
      first: [],
      second: [],
      words: [0, 0],
    });
    expect(compared("", "")).toEqual({ first: [], second: [], words: [0, 0] });
  });

  it("names what only one of them has", () => {
    expect(compared("The quick brown fox jumps.", "The quick red fox jumps high.")).toEqual({
      first: ["brown"],
      second: ["red", "high"],
      words: [1, 2],
    });
    expect(compared("", "all of this")).toEqual({
      first: [],
      second: ["all of this"],
      words: [0, 3],
    });
  });

  it("counts words and not signs", () => {
    expect(compared("Yes, it does.", "Yes it does!")).toEqual({
      first: [",", "."],
      second: ["!"],
      words: [0, 0],
    });
  });

  it("works in Chinese, by words", () => {
    const { first, second } = compared("今天北京的天气很好。", "今天上海的天气很好。", "zh");
    expect(first).toEqual(["北京"]);
    expect(second).toEqual(["上海"]);
  });

  it("does not keep islands of small words between large changes", () => {
    const { first } = compared(
      "Use a hash map, because it answers in constant time on average.",
      "Sort everything beforehand, and afterwards search by bisection in every single case.",
    );
    expect(first).toHaveLength(1);
  });

  it("is not looked for in texts that nobody reads side by side", () => {
    expect(wordDiff("x ".repeat(LONGEST / 2), "y")).toBeNull();
    const different = Int32Array.from({ length: 1000 }, (_, place) => place);
    expect(
      changes(
        different,
        different.map((one) => one + 5000),
        10_000,
      ),
    ).toBeNull();
  });
});

describe("a shortest edit script", () => {
  /** By the textbook's table; slow and right. */
  function longestCommon(a: number[], b: number[]): number {
    let row = new Array<number>(b.length + 1).fill(0);
    for (const one of a) {
      const next = [0];
      b.forEach((other, j) => {
        next.push(one === other ? (row[j] ?? 0) + 1 : Math.max(row[j + 1] ?? 0, next[j] ?? 0));
      });
      row = next;
    }
    return row[b.length] ?? 0;
  }

  it("keeps as much as the table of the textbook, and the kept parts are the same", () => {
    let seed = 7;
    const random = (most: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % most;
    };
    for (let round = 0; round < 400; round++) {
      const alphabet = 1 + random(5);
      const make = () => Array.from({ length: random(30) }, () => random(alphabet));
      const [a, b] = [make(), make()];
      const found = changes(Int32Array.from(a), Int32Array.from(b));
      const keptA = a.filter((_, place) => !found?.first[place]);
      const keptB = b.filter((_, place) => !found?.second[place]);
      expect(keptA).toEqual(keptB);
      expect(keptA).toHaveLength(longestCommon(a, b));
    }
  });
});

describe("what lies between ranges", () => {
  it("is everything else", () => {
    expect(rest([2, 4, 6, 8], 10)).toEqual([0, 2, 4, 6, 8, 10]);
    expect(rest([0, 4, 4, 10], 10)).toEqual([]);
    expect(rest([], 3)).toEqual([0, 3]);
    expect(rest([], 0)).toEqual([]);
  });
});
