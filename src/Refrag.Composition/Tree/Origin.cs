namespace Refrag.Composition;

/// <summary>
/// Where a node was written, in two words: a source that all nodes of a file share, and a position in it. The place is made when someone asks.
/// </summary>
internal readonly record struct Origin(IOriginSource? Source, int Line, int Column)
{
    public Place? Place => Source?.PlaceAt(Line, Column);
}

/// <summary>A file or an argument that nodes come from.</summary>
internal interface IOriginSource
{
    Place PlaceAt(int line, int column);
}

/// <summary>A file, with its text for the line that a problem shows.</summary>
internal sealed class FileOrigin(string path, string text) : IOriginSource
{
    public string Path { get; } = path;

    public Place PlaceAt(int line, int column) => new FilePlace(Path, line, column, Line(line));

    /// <summary>A line of the text, from 1; null beyond its end.</summary>
    public string? Line(int line)
    {
        int start = 0;
        for (int number = 1; number < line; number++)
        {
            int end = text.IndexOf('\n', start);
            if (end < 0) return null;
            start = end + 1;
        }
        int stop = text.IndexOf('\n', start);
        return (stop < 0 ? text[start..] : text[start..stop]).TrimEnd('\r');
    }
}

/// <summary>An argument of the command line; the column is that of the value.</summary>
internal sealed class ArgumentOrigin(ArgumentPlace place) : IOriginSource
{
    public Place PlaceAt(int line, int column) => place;
}
