using System.Text.Json;
using System.Text.Json.Serialization;
using Refrag.CodeArchives;

namespace Refrag.Results;

/// <summary>A file or a symbolic link of an attempt, as the store has it.</summary>
public sealed record ResultFile
{
    /// <summary>Its path in the output directory, with slashes.</summary>
    public required string Path { get; init; }

    /// <summary>The attempt that stored it: an earlier one if it has not changed since.</summary>
    public required int Attempt { get; init; }

    /// <summary>The file's size; 0 for a link.</summary>
    public long Bytes { get; init; }

    /// <summary>When it was changed last.</summary>
    public DateTimeOffset Modified { get; init; }

    /// <summary>SHA-256 of its content, in 64 hexadecimal digits; null for a link.</summary>
    public string? Sha256 { get; init; }

    /// <summary>What a link points at, within the directory; null for a file.</summary>
    public string? Link { get; init; }
}

/// <summary>
/// What an attempt has stored. It is written after the files that it names, so that what it names is in the store; a file may be newer than
/// the index says.
/// </summary>
public sealed record ResultIndex
{
    // A newer refrag may write what this one cannot read.
    internal const int ThisVersion = 1;

    /// <summary>The version of this form.</summary>
    public required int Version { get; init; }

    /// <summary>When it was written.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The files, by their paths in ordinal order.</summary>
    public required IReadOnlyList<ResultFile> Files { get; init; }

    /// <summary>
    /// The index of an attempt; null if it has stored nothing. <see cref="InvalidDataException"/> if it is not what refrag writes: it is
    /// data of others, and no path in it may reach out of a folder.
    /// </summary>
    internal static async Task<ResultIndex?> ReadAsync(
        IResultStore store, ResultPlace place, int attempt, CancellationToken cancellationToken)
    {
        string name = place.IndexOf(attempt);
        using var content = new MemoryStream();
        if (!await store.GetAsync(name, content, cancellationToken)) return null;
        try
        {
            ReadOnlySpan<byte> json = content.GetBuffer().AsSpan(0, (int)content.Length);
            ResultIndex? index = JsonSerializer.Deserialize(json, ResultsJson.Default.ResultIndex);
            if (index is { Version: > ThisVersion })
                throw new InvalidDataException($"{store.UrlOf(name)} is of a newer refrag");
            if (index?.Files is not null && index.Files.All(IsSafe) && AreApart(index.Files)) return index;
        }
        catch (JsonException)
        {
            // Said below.
        }
        throw new InvalidDataException($"{store.UrlOf(name)} is not an index that refrag writes");
    }

    /// <summary>Puts it into the store, in place of the earlier one.</summary>
    internal async Task WriteAsync(IResultStore store, ResultPlace place, int attempt, CancellationToken cancellationToken)
    {
        byte[] content = JsonSerializer.SerializeToUtf8Bytes(this, ResultsJson.Default.ResultIndex);
        using var stream = new MemoryStream(content, writable: false);
        await store.PutAsync(place.IndexOf(attempt), stream, content.Length, cancellationToken);
    }

    /// <summary>Whether a path lies below one of these.</summary>
    internal static bool IsBelow(string path, HashSet<string> paths) => Above(path).Any(paths.Contains);

    /// <summary>The folders above a path.</summary>
    internal static IEnumerable<string> Above(string path)
    {
        for (int at = path.IndexOf('/', StringComparison.Ordinal); at >= 0; at = path.IndexOf('/', at + 1)) yield return path[..at];
    }

    // Nothing has two contents, and nothing lies below a file or a link.
    private static bool AreApart(IReadOnlyList<ResultFile> files)
    {
        HashSet<string> paths = new(StringComparer.Ordinal);
        return files.All(file => paths.Add(file.Path)) && !files.Any(file => IsBelow(file.Path, paths));
    }

    private static bool IsSafe(ResultFile file) =>
        file is { Path: not null, Attempt: >= 1, Bytes: >= 0 } && ArchivePaths.IsWithin(file.Path)
        && (file.Link is null
            ? file.Sha256 is { Length: 64 } digest && digest.All(char.IsAsciiHexDigitLower)
            : ArchivePaths.IsWithin(file.Path, file.Link));
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ResultIndex))]
internal sealed partial class ResultsJson : JsonSerializerContext;
