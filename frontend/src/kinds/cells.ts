/** A cursor over a grid of cells: one row per question, one column per output. */
export interface Cell {
  row: number;
  column: number;
}

/** One step in a direction; stays inside the grid. */
export function stepCell(cell: Cell, rows: number, columns: number, key: string): Cell {
  switch (key) {
    case "ArrowLeft":
      return { ...cell, column: Math.max(0, cell.column - 1) };
    case "ArrowRight":
      return { ...cell, column: Math.min(columns - 1, cell.column + 1) };
    case "ArrowUp":
      return { ...cell, row: Math.max(0, cell.row - 1) };
    case "ArrowDown":
      return { ...cell, row: Math.min(rows - 1, cell.row + 1) };
    default:
      return cell;
  }
}

/** The cell after this one, row by row; the last one stays. */
export function nextCell(cell: Cell, rows: number, columns: number): Cell {
  if (cell.column + 1 < columns) return { ...cell, column: cell.column + 1 };
  return cell.row + 1 < rows ? { row: cell.row + 1, column: 0 } : cell;
}
