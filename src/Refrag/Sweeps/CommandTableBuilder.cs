using Refrag.CommandTables;

namespace Refrag.Sweeps;

/// <summary>
/// Finds what commands share and which axis of the sweep decides what differs. A word that several axes change is taken apart: JSON at its
/// members, the rest at separators. What no axis decides alone is kept child by child; that is right too, only longer.
/// </summary>
internal sealed class CommandTableBuilder
{
    private readonly IReadOnlyList<int> _jobs;
    private readonly IReadOnlyList<int> _shape;
    private readonly int[][] _places;
    private readonly List<TableColumn> _columns = [];
    private readonly Dictionary<string, int> _known = new(StringComparer.Ordinal);

    private CommandTableBuilder(IReadOnlyList<int> jobs, IReadOnlyList<int> shape)
    {
        (_jobs, _shape) = (jobs, shape);
        _places = [.. Enumerable.Range(0, shape.Count)
            .Select(axis => shape[axis] == 1 ? [] : jobs.Select(job => CommandTable.PlaceOn(axis, job, shape)).ToArray())];
    }

    /// <summary>The table of these jobs.</summary>
    /// <param name="jobs">Their indices in the sweep, ascending.</param>
    /// <param name="commands">Their commands, all of the same number of words.</param>
    /// <param name="shape">The lengths of the sweep's axes.</param>
    public static CommandTable Build(IReadOnlyList<int> jobs, IReadOnlyList<IReadOnlyList<string>> commands, IReadOnlyList<int> shape)
    {
        var builder = new CommandTableBuilder(jobs, shape);
        List<IReadOnlyList<TablePiece>> words = [];
        for (int word = 0; word < commands[0].Count; word++)
        {
            int at = word;
            List<TablePiece> pieces = [];
            builder.Add(pieces, [.. commands.Select(command => command[at])], WordSplitter.All);
            words.Add(Joined(pieces));
        }
        CommandTable table = new() { Jobs = JobSet.Of(jobs), Shape = shape, Columns = builder._columns, Words = words };
        Verify(table, commands);
        return table;
    }

    // What is submitted must be what was composed: a table that says anything else is a bug, and better found here than in a bill.
    private static void Verify(CommandTable table, IReadOnlyList<IReadOnlyList<string>> commands)
    {
        for (int child = 0; child < commands.Count; child++)
        {
            if (!table.CommandOf(child).SequenceEqual(commands[child], StringComparer.Ordinal))
                throw new InvalidOperationException(
                    $"The table of the array's commands is wrong for child {child}: {string.Join(' ', table.CommandOf(child))}");
        }
    }

    private void Add(List<TablePiece> pieces, string[] cells, IReadOnlyList<WordSplitter> splitters)
    {
        if (Array.TrueForAll(cells, cell => cell == cells[0]))
        {
            pieces.Add(TablePiece.Of(cells[0]));
            return;
        }
        if (OneAxis(cells) is { } column)
        {
            pieces.Add(column);
            return;
        }
        for (int i = 0; i < splitters.Count; i++)
        {
            if (splitters[i].Split(cells) is not { } parts) continue;
            foreach (string[] part in parts) Add(pieces, part, [.. splitters.Skip(splitters[i].IsNested ? i : i + 1)]);
            return;
        }
        pieces.Add(Column(CountColumn.Of(null, cells) ?? (TableColumn)new ListColumn(null, cells)));
    }

    private TablePiece? OneAxis(string[] cells)
    {
        for (int axis = 0; axis < _shape.Count; axis++)
        {
            if (_shape[axis] > 1 && ValuesOn(axis, cells) is { } values)
                return Column(CountColumn.Of(axis, values) ?? (TableColumn)new ListColumn(axis, [.. values.Select(value => value ?? "")]));
        }
        return null;
    }

    // The value at each place of the axis; null if the axis alone does not decide.
    private string?[]? ValuesOn(int axis, string[] cells)
    {
        var values = new string?[_shape[axis]];
        for (int child = 0; child < cells.Length; child++)
        {
            ref string? value = ref values[_places[axis][child]];
            value ??= cells[child];
            if (value != cells[child]) return null;
        }
        return values;
    }

    private TablePiece Column(TableColumn column)
    {
        string key = column is CountColumn ? column.ToString() : $"{column.Axis}\n{string.Join('\n', ((ListColumn)column).Values)}";
        if (!_known.TryGetValue(key, out int number))
        {
            _known[key] = number = _columns.Count;
            _columns.Add(column);
        }
        return TablePiece.Of(number);
    }

    private static List<TablePiece> Joined(List<TablePiece> pieces)
    {
        List<TablePiece> joined = [];
        foreach (TablePiece piece in pieces)
        {
            if (piece.Text is { } text && joined is [.., { Text: { } before }]) joined[^1] = TablePiece.Of(before + text);
            else joined.Add(piece);
        }
        return joined;
    }
}
