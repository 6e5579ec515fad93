namespace Refrag.Composition.Tree;

/// <summary>Something the user wrote in which a <see cref="Mark"/> points: a file, or an argument of the command line.</summary>
public abstract class ConfigSource
{
    /// <summary>The place of a mark in this source.</summary>
    /// <param name="mark">A mark whose <see cref="Mark.Source"/> is this source.</param>
    public abstract Place PlaceOf(Mark mark);
}

/// <summary>A file of configuration.</summary>
/// <param name="path">The path as the user should see it.</param>
/// <param name="text">The whole text, from which the offending line is cut when it is needed; null if it is not kept.</param>
public sealed class FileSource(string path, string? text = null) : ConfigSource
{
    /// <summary>The path as the user should see it.</summary>
    public string Path => path;

    /// <inheritdoc/>
    public override Place PlaceOf(Mark mark) => new FilePlace(path, mark.Line, mark.Column, LineText(mark.Line), Math.Max(1, mark.Length));

    // Lines are searched only for a message, so that reading a file does not pay for an index of its lines.
    private string? LineText(int line)
    {
        if (text is null) return null;
        int number = 0;
        foreach (ReadOnlySpan<char> found in text.AsSpan().EnumerateLines())
        {
            if (++number == line) return found.TrimStart('\uFEFF').ToString();
        }
        return null;
    }
}

/// <summary>One argument of the command line.</summary>
/// <param name="text">The whole argument.</param>
public sealed class ArgumentSource(string text) : ConfigSource
{
    /// <summary>The whole argument.</summary>
    public string Text => text;

    /// <inheritdoc/>
    public override Place PlaceOf(Mark mark) => new ArgumentPlace(text, mark.Column, Math.Max(1, mark.Length));
}

/// <summary>A position in a source, in sixteen bytes. <see cref="ToPlace"/> makes the form for people.</summary>
public readonly record struct Mark
{
    private readonly ushort _column;
    private readonly ushort _length;

    /// <summary>Makes a mark.</summary>
    /// <param name="source">The file or argument.</param>
    /// <param name="line">The line, from 1; always 1 in an argument.</param>
    /// <param name="column">The column, from 1, in UTF-16 units; beyond 65,535 it is cut to that.</param>
    /// <param name="length">How many units are meant, 0 where unknown; beyond 65,535 it is cut to that.</param>
    public Mark(ConfigSource source, int line, int column, int length = 0)
    {
        (Source, Line) = (source, line);
        _column = (ushort)Math.Clamp(column, 1, ushort.MaxValue);
        _length = (ushort)Math.Clamp(length, 0, ushort.MaxValue);
    }

    /// <summary>The file or argument; null for a mark that points nowhere.</summary>
    public ConfigSource? Source { get; }

    /// <summary>The line, from 1.</summary>
    public int Line { get; }

    /// <summary>The column, from 1.</summary>
    public int Column => _column;

    /// <summary>How many units are meant; 0 where unknown.</summary>
    public int Length => _length;

    /// <summary>The place for people; null if the mark points nowhere.</summary>
    public Place? ToPlace() => Source?.PlaceOf(this);
}
