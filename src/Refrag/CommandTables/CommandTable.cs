namespace Refrag.CommandTables;

/// <summary>A part of a word: letters, or the number of a column whose value stands there.</summary>
/// <param name="Text">The letters; null for a column.</param>
/// <param name="Column">The column's number.</param>
internal readonly record struct TablePiece(string? Text, int Column)
{
    public static TablePiece Of(string text) => new(text, 0);

    public static TablePiece Of(int column) => new(null, column);
}

/// <summary>
/// The commands of all jobs of an array in one: what they share once, what differs by the axes of the sweep. Made from complete commands
/// and turned back into them in each child, by letters alone: nothing is composed there.
/// </summary>
internal sealed record CommandTable
{
    /// <summary>Which job of the sweep each child is.</summary>
    public required JobSet Jobs { get; init; }

    /// <summary>The lengths of the sweep's axes; the last one's place changes fastest.</summary>
    public required IReadOnlyList<int> Shape { get; init; }

    public required IReadOnlyList<TableColumn> Columns { get; init; }

    /// <summary>The command's words, each in pieces.</summary>
    public required IReadOnlyList<IReadOnlyList<TablePiece>> Words { get; init; }

    /// <summary>
    /// The command of a child. Throws <see cref="ArgumentOutOfRangeException"/> for a child that the table does not have.
    /// </summary>
    public IReadOnlyList<string> CommandOf(int child)
    {
        int job = Jobs.At(child);
        string[] values = [.. Columns.Select(column => column.At(column.Axis is { } axis ? PlaceOn(axis, job, Shape) : child))];
        return [.. Words.Select(word => string.Concat(word.Select(piece => piece.Text ?? values[piece.Column])))];
    }

    /// <summary>How many jobs lie between two neighbours on an axis.</summary>
    public static int Stride(int axis, IReadOnlyList<int> shape) => shape.Skip(axis + 1).Aggregate(1, (all, length) => all * length);

    /// <summary>Where a job stands on an axis.</summary>
    public static int PlaceOn(int axis, int job, IReadOnlyList<int> shape) => job / Stride(axis, shape) % shape[axis];
}
