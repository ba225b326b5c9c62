/** Which words of two texts are not in the other: Myers' O(ND) differences over words of any script. */

/** Half-open ranges of a text in UTF-16 code units, flat: from, to, from, to, ... */
export type Ranges = number[];

export interface WordDiff {
  /** What only the first has, and only the second. */
  first: Ranges;
  second: Ranges;
  firstWords: number;
  secondWords: number;
}

interface Words {
  text: string;
  from: number[];
  to: number[];
  /** Whether it is a word, and not punctuation. */
  isWord: boolean[];
}

/** More than this is not compared: nobody reads it side by side, and the time grows with the square. */
export const LONGEST = 400_000; // code units of both texts together
/** Steps of the search for the shortest script; about a second of a slow machine. */
export const MOST_STEPS = 120_000_000;

/** Words and signs in the order of the text, without white space. */
export function wordsOf(text: string, language?: string): Words {
  const words: Words = { text, from: [], to: [], isWord: [] };
  for (const { segment, index, isWordLike } of segmenter(language).segment(text)) {
    if (segment.trim() === "") continue;
    words.from.push(index);
    words.to.push(index + segment.length);
    words.isWord.push(isWordLike ?? false);
  }
  return words;
}

function segmenter(language?: string): Intl.Segmenter {
  try {
    return new Intl.Segmenter(language || undefined, { granularity: "word" });
  } catch {
    return new Intl.Segmenter(undefined, { granularity: "word" }); // a language nobody knows
  }
}

/** The differences of two texts, or null where they are too long for it. */
export function wordDiff(first: string, second: string, language?: string): WordDiff | null {
  if (first.length + second.length > LONGEST) return null;
  const a = wordsOf(first, language);
  const b = wordsOf(second, language);
  const numbers = new Map<string, number>();
  const numbered = (words: Words) =>
    Int32Array.from(words.from, (from, place) => {
      const word = words.text.slice(from, words.to[place]);
      const number = numbers.get(word) ?? numbers.size;
      numbers.set(word, number);
      return number;
    });
  const changed = changes(numbered(a), numbered(b));
  if (changed === null) return null;
  dropIslands(changed, a, b);
  return {
    first: ranges(a, changed.first),
    second: ranges(b, changed.second),
    firstWords: count(a, changed.first),
    secondWords: count(b, changed.second),
  };
}

interface Changes {
  /** 1 where a word has no partner in the other text. */
  first: Uint8Array;
  second: Uint8Array;
}

/** A shortest edit script by divide and conquer (Myers 1986, section 4b): linear memory. */
export function changes(a: Int32Array, b: Int32Array, most = MOST_STEPS): Changes | null {
  const found: Changes = { first: new Uint8Array(a.length), second: new Uint8Array(b.length) };
  const size = a.length + b.length + 3;
  const forward = new Int32Array(2 * size);
  const backward = new Int32Array(2 * size);
  let steps = 0;
  const open: [number, number, number, number][] = [[0, a.length, 0, b.length]];

  for (let part = open.pop(); part; part = open.pop()) {
    let [low, high, left, right] = part;
    while (low < high && left < right && a[low] === b[left]) {
      low++;
      left++;
    }
    while (low < high && left < right && a[high - 1] === b[right - 1]) {
      high--;
      right--;
    }
    if (low === high || left === right) {
      found.first.fill(1, low, high);
      found.second.fill(1, left, right);
      continue;
    }
    const middle = middleOf(low, high, left, right);
    if (middle === null) return null;
    const [x, y] = middle;
    open.push([low, x, left, y], [x, high, y, right]);
  }
  return found;

  /** A point on a shortest path through this part, not one of its two ends. */
  function middleOf(
    low: number,
    high: number,
    left: number,
    right: number,
  ): [number, number] | null {
    const n = high - low;
    const m = right - left;
    const delta = n - m;
    const odd = (delta & 1) !== 0;
    forward[size + 1] = 0;
    backward[size + 1] = 0;
    for (let d = 0; ; d++) {
      steps += 2 * d + 2;
      if (steps > most) return null;
      for (let k = -d; k <= d; k += 2) {
        const down = k === -d || (k !== d && at(forward, k - 1) < at(forward, k + 1));
        let x = down ? at(forward, k + 1) : at(forward, k - 1) + 1;
        let y = x - k;
        const from = x;
        while (x < n && y < m && a[low + x] === b[left + y]) {
          x++;
          y++;
        }
        forward[size + k] = x;
        if (odd && Math.abs(k - delta) < d && x + at(backward, delta - k) >= n) {
          return inside(low, left, n, m, x, y, from);
        }
      }
      for (let k = -d; k <= d; k += 2) {
        const down = k === -d || (k !== d && at(backward, k - 1) < at(backward, k + 1));
        let x = down ? at(backward, k + 1) : at(backward, k - 1) + 1;
        let y = x - k;
        const from = x;
        while (x < n && y < m && a[high - 1 - x] === b[right - 1 - y]) {
          x++;
          y++;
        }
        backward[size + k] = x;
        if (!odd && Math.abs(k - delta) <= d && x + at(forward, delta - k) >= n) {
          return inside(low, left, n, m, n - x, m - y, n - from);
        }
      }
    }
  }

  function at(furthest: Int32Array, diagonal: number): number {
    return furthest[size + diagonal] as number;
  }

  function inside(
    low: number,
    left: number,
    n: number,
    m: number,
    x: number,
    y: number,
    snakeEnd: number,
  ): [number, number] {
    // The end of the snake, unless that is a corner of the part: then its other end.
    if ((x > 0 || y > 0) && (x < n || y < m)) return [low + x, left + y];
    return [low + snakeEnd, left + y - x + snakeEnd];
  }
}

/**
 * Between two changes, a few words that happen to be the same say nothing ("the", a comma): they count as
 * changed too where there is more change than agreement on both sides.
 */
function dropIslands(changed: Changes, a: Words, b: Words): void {
  interface Run {
    equal: boolean;
    a: [number, number];
    b: [number, number];
    size: number;
  }
  const runs: Run[] = [];
  let i = 0;
  let j = 0;
  while (i < a.from.length || j < b.from.length) {
    const [fromA, fromB] = [i, j];
    while (i < a.from.length && changed.first[i]) i++;
    while (j < b.from.length && changed.second[j]) j++;
    if (i > fromA || j > fromB) {
      const size = Math.max(weight(a, fromA, i), weight(b, fromB, j));
      runs.push({ equal: false, a: [fromA, i], b: [fromB, j], size });
    }
    const [evenA, evenB] = [i, j];
    while (i < a.from.length && j < b.from.length && !changed.first[i] && !changed.second[j]) {
      i++;
      j++;
    }
    if (i > evenA) {
      runs.push({ equal: true, a: [evenA, i], b: [evenB, j], size: weight(a, evenA, i) });
    }
  }
  for (let place = 1; place + 1 < runs.length; place++) {
    const [before, run, after] = [runs[place - 1], runs[place], runs[place + 1]];
    if (!before || !run?.equal || !after) continue;
    if (run.size <= 2 && run.size * 2 <= Math.min(before.size, after.size)) {
      changed.first.fill(1, ...run.a);
      changed.second.fill(1, ...run.b);
      after.size += before.size + run.size;
    }
  }
}

/** How many words; signs count nothing. */
function weight(words: Words, from: number, to: number): number {
  let number = 0;
  for (let place = from; place < to; place++) if (words.isWord[place]) number++;
  return number;
}

function count(words: Words, changed: Uint8Array): number {
  let number = 0;
  for (let place = 0; place < changed.length; place++) {
    if (changed[place] && words.isWord[place]) number++;
  }
  return number;
}

/** Changed words as ranges of the text; neighbours are joined over the space between them. */
function ranges(words: Words, changed: Uint8Array): Ranges {
  const found: Ranges = [];
  for (let place = 0; place < changed.length; place++) {
    if (!changed[place]) continue;
    if (place > 0 && changed[place - 1]) found[found.length - 1] = words.to[place] ?? 0;
    else found.push(words.from[place] ?? 0, words.to[place] ?? 0);
  }
  return found;
}

/** What lies between ranges of a text. */
export function rest(found: Ranges, length: number): Ranges {
  return [0, ...found, length]
    .flatMap((from, place, all) => (place % 2 === 0 ? [from, all[place + 1] ?? length] : []))
    .reduce<Ranges>((kept, edge, place, all) => {
      const to = all[place + 1];
      if (place % 2 === 0 && to !== undefined && edge < to) kept.push(edge, to);
      return kept;
    }, []);
}
