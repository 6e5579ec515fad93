namespace Refrag.Cli.Terminal;

/// <summary>A column of a table.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Right">Whether its cells stand to the right, as numbers do.</param>
/// <param name="Least">How narrow it may become; 0 for never narrower than its widest cell.</param>
/// <param name="Drop">Left out if there is no room; the highest first, 0 never.</param>
internal sealed record Column(string Title, bool Right = false, int Least = 0, int Drop = 0);

/// <summary>
/// A table that fits the terminal: columns that may become narrow do, and unimportant ones are left out. Without a terminal
/// nothing is cut. The first rows decide the widths, so that a long list can begin before its end is known.
/// </summary>
internal sealed class Table(Terminal terminal, IReadOnlyList<Column> columns, bool toError = false)
{
    private const int Gap = 2;
    private const int RowsThatDecide = 200;

    private readonly List<Cell[]> _waiting = [];
    private int[]? _widths;

    /// <summary>How many rows were given.</summary>
    public int Count { get; private set; }

    public void Add(params Cell[] cells)
    {
        Count++;
        if (terminal.OutputIsTerminal) cells = Visible(cells);
        if (_widths is not null)
        {
            Print(cells);
            return;
        }
        _waiting.Add(cells);
        if (_waiting.Count == RowsThatDecide) Flush();
    }

    /// <summary>Prints what was given so far.</summary>
    public void Flush()
    {
        if (_widths is null)
        {
            _widths = Widths(columns, _waiting, terminal.Width);
            Print([.. columns.Select(c => new Cell(c.Title, Tone.Dim))]);
        }
        foreach (Cell[] row in _waiting) Print(row);
        _waiting.Clear();
    }

    /// <summary>Whether rows have room as they are: no column need be cut or left out.</summary>
    internal static bool Fits(IReadOnlyList<Column> columns, IReadOnlyList<Cell[]> rows, int? room) =>
        room is null || Total(Widths(columns, rows, null)) <= room;

    /// <summary>The width of each column; 0 for one that is left out.</summary>
    internal static int[] Widths(IReadOnlyList<Column> columns, IReadOnlyList<Cell[]> rows, int? room)
    {
        int[] widths = [.. columns.Select((c, i) => Math.Max(c.Title.Length, rows.Count == 0 ? 0 : rows.Max(r => r[i].Text.Length)))];
        if (room is not { } most) return widths;
        while (Total(widths) > most)
        {
            int over = Total(widths) - most;
            int widest = -1;
            for (int i = 0; i < widths.Length; i++)
            {
                if (columns[i].Least > 0 && widths[i] > columns[i].Least && (widest < 0 || widths[i] > widths[widest])) widest = i;
            }
            if (widest >= 0)
            {
                widths[widest] = Math.Max(columns[widest].Least, widths[widest] - over);
                continue;
            }
            int drop = columns.Select((c, i) => (c.Drop, i))
                .Where(c => c.Drop > 0 && widths[c.i] > 0).OrderByDescending(c => c.Drop).Select(c => c.i).FirstOrDefault(-1);
            if (drop < 0)
            {
                // Nothing is left to give up: the widest gives what is missing.
                int wide = Array.IndexOf(widths, widths.Max());
                widths[wide] = Math.Max(columns[wide].Title.Length, widths[wide] - over);
                return widths;
            }
            widths[drop] = 0;
            // Room came free: the narrow ones get it back.
            for (int i = 0; i < widths.Length; i++)
            {
                if (widths[i] > 0) widths[i] = Math.Max(columns[i].Title.Length, rows.Count == 0 ? 0 : rows.Max(r => r[i].Text.Length));
            }
        }
        return widths;
    }

    /// <summary>Cells that have the widths that a terminal gives them.</summary>
    internal static Cell[] Visible(Cell[] cells) => [.. cells.Select(cell => cell with { Text = VisibleText.OfLine(cell.Text) })];

    /// <summary>One row as a line.</summary>
    internal static Cell[] Line(IReadOnlyList<Column> columns, int[] widths, Cell[] cells, bool cut)
    {
        List<Cell> line = [];
        int last = Array.FindLastIndex(widths, w => w > 0);
        for (int i = 0; i < cells.Length; i++)
        {
            if (widths[i] == 0) continue;
            string text = cells[i].Text;
            if (cut && text.Length > widths[i]) text = text[..(widths[i] - 1)] + "…";
            int pad = Math.Max(0, widths[i] - text.Length);
            if (columns[i].Right) line.Add(new string(' ', pad));
            line.Add(cells[i] with { Text = text });
            if (i == last) break;
            line.Add(new string(' ', (columns[i].Right ? 0 : pad) + Gap));
        }
        return [.. line];
    }

    private static int Total(int[] widths) => widths.Where(w => w > 0).Sum(w => w + Gap) - Gap;

    private void Print(Cell[] cells)
    {
        Cell[] line = Line(columns, _widths!, cells, cut: terminal.Width is not null);
        if (toError) terminal.Note(Cell.TextOf(line).TrimEnd());
        else terminal.Output(line);
    }
}
